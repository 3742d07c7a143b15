"""Whom a coded event is done to: the party behind what the action already names."""

from __future__ import annotations

from dataclasses import replace

from tasks.lexicon.reader import Lexicon
from tasks.nlp.frames import Coding, Frame, Phrase
from tasks.nlp.parse import Parse
from tasks.nlp.parties import is_party
from tasks.nlp.phrases import read_phrases

# The prepositions that lead from a thing to the party it concerns, the most telling first.
_TOWARDS = ("against", "on", "with", "to", "from", "at", "of", "between", "for", "in", "over", "by")


def turn_to_party(frame: Frame, coding: Coding, parse: Parse, lexicon: Lexicon) -> Frame:
    """The frame with the party as target where the action names the thing: "imposed sanctions on Mali" is done to Mali.

    A receiver stands before what is given: "gave the rebels arms" is done to the rebels.
    """
    if frame.kind != "verb" or frame.passive or not frame.targets:
        return frame
    parties = tuple(t for t in frame.targets if is_party(parse, t.head, lexicon))
    if parties:
        return replace(frame, targets=parties) if len(parties) < len(frame.targets) else frame
    receiving = lexicon.target_prepositions(frame.lemma)
    for prep, obj in frame.obliques:
        # "fired rockets at the port city's residents", "paid pensions to workers"
        if prep in receiving and is_party(parse, obj, lexicon):
            return replace(frame, targets=read_phrases(parse, obj), rule=f"{frame.rule}, {prep} whom")
    named = set(coding.action.split())
    if not all(parse.lemmas[t.head] in named for t in frame.targets):
        return frame
    acting = {a.head for a in frame.actors}
    found = _beyond(frame, frame.targets[0].head, parse, lexicon)
    found = tuple(p for p in found if p.head not in acting)
    return replace(frame, targets=found, rule=f"{frame.rule} of the object") if found else frame


def _beyond(frame: Frame, thing: int, parse: Parse, lexicon: Lexicon) -> tuple[Phrase, ...]:
    """The party that the verb's or the thing's own prepositional phrases lead to."""
    reached = list(frame.obliques)
    for c in parse.childs(thing, "prep"):
        reached.extend((parse.lowers[c], o) for o in parse.childs(c, "pobj"))
    for wanted in _TOWARDS:
        for prep, obj in reached:
            if prep == wanted and is_party(parse, obj, lexicon):
                return read_phrases(parse, obj)
    return ()
