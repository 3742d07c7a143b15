"""Who can act or undergo: persons, groups, states and organisations, as opposed to things and acts."""

from __future__ import annotations

from tasks.lexicon.reader import Lexicon
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
    return parse.lowers[head] in lexicon.organisations
