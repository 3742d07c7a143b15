"""Who says so: the source to which the text attributes an event."""

from __future__ import annotations

from tasks.lexicon.reader import Lexicon
from tasks.nlp.arguments import agents, is_passive, surface_subject
from tasks.nlp.frames import Phrase
from tasks.nlp.parse import Parse
from tasks.nlp.phrases import read_phrases

MAX_DEPTH = 12


def speakers(parse: Parse, token: int, lexicon: Lexicon) -> tuple[Phrase, ...]:
    """Who reports what stands at `token`: the subject of the reporting verb above it, or "according to" whom.

    Empty where the text itself reports it.
    """
    below, at = token, parse.heads[token]
    top = token
    for _ in range(MAX_DEPTH):
        if at == below:
            break
        top = at
        if parse.is_verb(at) and parse.deps[below] in ("ccomp", "xcomp", "pcomp", "acl") and at != token:
            claimant = _speaker(parse, at, lexicon)
            if claimant:
                return claimant
        below, at = at, parse.heads[at]
    for verb in (token, top):
        source = _according_to(parse, verb)
        if source:
            return source
    return ()


def _speaker(parse: Parse, verb: int, lexicon: Lexicon) -> tuple[Phrase, ...]:
    if not lexicon.is_reporting(parse.lemmas[verb]):
        return ()
    found = agents(parse, verb) if is_passive(parse, verb) else surface_subject(parse, verb, lexicon)
    return read_phrases(parse, found.heads[0]) if found.heads else ()


def _according_to(parse: Parse, verb: int) -> tuple[Phrase, ...]:
    for c in parse.children[verb]:
        if parse.lowers[c] == "according":
            for to in parse.children[c]:
                obj = parse.child(to, "pobj")
                if obj is not None:
                    return read_phrases(parse, obj)
    return ()
