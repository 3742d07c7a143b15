"""Who can act or undergo: persons, groups, states and organisations, as opposed to things and acts."""

from __future__ import annotations

from functools import lru_cache

from tasks.lexicon.reader import Lexicon
from tasks.lexicon.vocabulary import own_actors_in
from tasks.nlp.frames import Phrase
from tasks.nlp.parse import Parse

_PARTIES = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_THINGS = frozenset({"it", "this", "that", "what", "which", "these", "those"})
# Entity types of proper nouns that name nobody; where the model gives no type, a name is taken for somebody's.
_NO_PARTIES = frozenset(
    {"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL", "WORK_OF_ART", "LAW", "EVENT", "PRODUCT"}
)


def is_party(parse: Parse, head: int, lexicon: Lexicon) -> bool:
    """Whether the phrase names somebody: a person, group, state or organisation, not a thing or an act."""
    if parse.entities[head] in _PARTIES or parse.lemmas[head] in lexicon.roles or parse.lowers[head] in lexicon.roles:
        return True
    if parse.pos[head] == "PROPN" and parse.entities[head] not in _NO_PARTIES:
        return True
    if parse.pos[head] == "PRON":
        return parse.lowers[head] not in _THINGS
    # "Dawn" is a newspaper, "at dawn" a time
    named = parse.lowers[head] in lexicon.organisations or parse.lowers[head] in lexicon.own_actors
    return parse.words[head][0].isupper() and named


def may_have_codes(parse: Parse, phrase: Phrase, lexicon: Lexicon) -> bool:
    """Whether looking for countries and sectors can find any: a name, or a word of some role, stands in the phrase.

    Two of five phrases are things ("the sales", "it"); passing them over takes a third off the time of coding parties.
    """
    if phrase.name is not None:
        return True
    known = _words_of_roles(lexicon)
    for t in range(phrase.start, phrase.end):
        tells = parse.words[t][0].isupper() or parse.lowers[t] in known or parse.lemmas[t] in known
        if tells and parse.pos[t] != "PRON":
            return True
    return any(own_actors_in(phrase.text, lexicon))


@lru_cache(maxsize=1)
def _words_of_roles(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(
        word for names in (lexicon.roles, lexicon.organisations) for name in names for word in name.split()
    )
