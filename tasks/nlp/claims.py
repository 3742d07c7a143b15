"""Who says so: the source to which the text attributes an event."""

from __future__ import annotations

from tasks.lexicon.reader import Lexicon
from tasks.nlp.arguments import agents, is_passive, surface_subject
from tasks.nlp.frames import Phrase
from tasks.nlp.modality import CLAIMED
from tasks.nlp.parse import Parse
from tasks.nlp.phrases import read_phrases

MAX_DEPTH = 12
_COMPLEMENTS = frozenset({"ccomp", "xcomp", "pcomp"})


def speakers(parse: Parse, token: int, lexicon: Lexicon) -> tuple[Phrase, ...]:
    """Who reports what stands at `token`: the subject of the reporting verb above it, or "according to" whom.

    Empty where the text itself reports it.
    """
    below, at = token, parse.heads[token]
    clause = parse.deps[token]
    for _ in range(MAX_DEPTH):
        if at == below:
            break
        if parse.is_verb(at) and clause in _COMPLEMENTS:
            prep = parse.lowers[below] if clause == "pcomp" else None
            claimants = _speaker(parse, at, lexicon, prep)
            if claimants:
                return claimants
        below, at = at, parse.heads[at]
        if parse.deps[below] != "prep":
            clause = parse.deps[below]
    for verb in (token, at) if at != token else (token,):
        source = _according_to(parse, verb) or _inserted(parse, verb, lexicon)
        if source:
            return source
    return ()


def _speaker(parse: Parse, verb: int, lexicon: Lexicon, prep: str | None) -> tuple[Phrase, ...]:
    lemma = parse.lemmas[verb]
    # "accused B of striking C": what B is accused of is a claim
    if not lexicon.is_reporting(lemma) and lexicon.complement_modality(lemma, prep=prep) != CLAIMED:
        return ()
    found = agents(parse, verb) if is_passive(parse, verb) else surface_subject(parse, verb, lexicon)
    return read_phrases(parse, found.heads[0]) if found.heads else ()


def _inserted(parse: Parse, verb: int, lexicon: Lexicon) -> tuple[Phrase, ...]:
    """Who speaks in an inserted clause: "The army, she said, had left"."""
    for c in parse.childs(verb, "parataxis"):
        if lexicon.is_reporting(parse.lemmas[c]):
            return _speaker(parse, c, lexicon, None)
    return ()


def _according_to(parse: Parse, verb: int) -> tuple[Phrase, ...]:
    for c in parse.children[verb]:
        if parse.lowers[c] == "according":
            for to in parse.children[c]:
                obj = parse.child(to, "pobj")
                if obj is not None:
                    return read_phrases(parse, obj)
    return ()
