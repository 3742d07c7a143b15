"""What an article is about, which decides what its words mean: an attack on a goal is no ASSAULT."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from tasks.lexicon.reader import Lexicon
from tasks.nlp.countries import find_countries
from tasks.nlp.parse import Parse

# Topics that outweigh: an article on the army in a football stadium is about the army.
_OUTWEIGHED_BY = {
    "sport": ("war", "politics"),
    "show": ("war", "politics"),
    "business": ("war", "politics"),
    "tech": ("war", "politics"),
    "labour": ("war",),
    "war": ("sport", "show", "business", "tech"),
}
_FEWEST_WORDS = {"sport": 2, "show": 2, "business": 2, "tech": 2, "labour": 1}
_WORDS_PER_WAR_WORD = 150  # one in this many tokens at least: an article that mentions a bomb once is not on war


@lru_cache(maxsize=1)
def article_topics(parse: Parse, lexicon: Lexicon) -> frozenset[str]:
    """The topics that the article's words speak for: sport, show, business, tech, labour, war; several or none."""
    counts = Counter(map(lexicon.topics.get, parse.lowers))
    fewest = {**_FEWEST_WORDS, "war": 1 + len(parse.words) // _WORDS_PER_WAR_WORD}
    return frozenset(
        topic
        for topic, rivals in _OUTWEIGHED_BY.items()
        if counts[topic] >= fewest[topic] and counts[topic] > sum(counts[rival] for rival in rivals)
    )


@lru_cache(maxsize=1)
def article_countries(parse: Parse) -> tuple[str, ...]:
    """The countries that the article names, in order, each as often as it is named."""
    return tuple(mention.name.alpha3 for mention in find_countries(parse.text))
