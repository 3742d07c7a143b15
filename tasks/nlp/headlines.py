"""Headlines whose verb the tagger takes for a plural noun: "Renault plans to close plants"."""

from __future__ import annotations

from tasks.lexicon.reader import Lexicon
from tasks.nlp.arguments import obliques, topic
from tasks.nlp.frames import Frame
from tasks.nlp.parse import Parse
from tasks.nlp.phrases import read_phrase, read_phrases

_BEFORE = frozenset({"compound", "amod", "nmod"})
_AFTER = frozenset({"xcomp", "dobj", "appos", "prep", "acl", "ccomp"})
_OF_NOUNS = frozenset({"of", "between", "in", "by"})


def is_headline_verb(parse: Parse, token: int, lexicon: Lexicon) -> bool:
    """Whether the noun at the root must be a verb: a known one in -s, a name right before it, an object after it."""
    if parse.tags[token] != "NNS" or parse.deps[token] not in ("ROOT", "dep") or token == 0:
        return False
    if parse.pos[token - 1] != "PROPN" or parse.heads[token - 1] != token or parse.deps[token - 1] not in _BEFORE:
        return False
    if not lexicon.verb_rows(parse.lemmas[token]):
        return False
    after = [c for c in parse.children[token] if c > token and parse.deps[c] in _AFTER]
    return any(parse.deps[c] != "prep" or parse.lowers[c] not in _OF_NOUNS for c in after)


def read_headline_frame(parse: Parse, token: int) -> Frame:
    """The frame of the verb behind the noun: the name before it acts, what follows undergoes."""
    objects = [c for c in parse.childs(token, "dobj", "appos") if c > token]
    clauses = parse.childs(token, "xcomp", "ccomp", "acl")
    reached = obliques(parse, token)
    undergoing = objects[:1] or [h for c in clauses for h in topic(parse, c).heads][:1] or [o for _, o in reached][:1]
    return Frame(
        trigger=token,
        kind="verb",
        lemma=parse.lemmas[token],
        actors=(read_phrase(parse, token - 1),),
        targets=tuple(p for head in undergoing for p in read_phrases(parse, head)),
        objects=tuple(objects),
        obliques=tuple(reached),
        complements=tuple(clauses),
        rule="headline verb tagged as a noun",
    )
