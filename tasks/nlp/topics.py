"""What an article is about, as far as it decides what its words mean: an attack on a goal is no ASSAULT."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from spacy.attrs import LOWER
from spacy.tokens import Doc

from tasks.lexicon.reader import Lexicon

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
def article_topics(doc: Doc, lexicon: Lexicon) -> frozenset[str]:
    """The topics that the article's words speak for: sport, show, business, tech, labour, war; several or none."""
    counts: Counter[str] = Counter()
    for word, times in Counter(doc.to_array(LOWER).tolist()).items():
        topic = lexicon.topics.get(doc.vocab.strings[word])
        if topic is not None:
            counts[topic] += times
    fewest = {**_FEWEST_WORDS, "war": 1 + len(doc) // _WORDS_PER_WAR_WORD}
    return frozenset(
        topic
        for topic, rivals in _OUTWEIGHED_BY.items()
        if counts[topic] >= fewest[topic] and counts[topic] > sum(counts[rival] for rival in rivals)
    )
