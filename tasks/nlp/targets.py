"""Whom a coded event is done to: the party behind what the action already names."""

from __future__ import annotations

from dataclasses import replace

from tasks.lexicon.reader import Lexicon
from tasks.nlp.frames import Coding, Frame
from tasks.nlp.parse import Parse
from tasks.nlp.parties import is_party
from tasks.nlp.phrases import read_phrases

# The prepositions that lead from a thing to the party it concerns, the most telling first.
# Types that are done to somebody; what is praised or condemned is mostly an act, and its own party another one.
_AIMED = frozenset(
    {"AGREE", "CONCEDE", "AID", "COOPERATE", "RETREAT", "REQUEST", "REJECT", "THREATEN", "SANCTION", "COERCE"}
)
# Types whose place is also whom they hit: "imposed a curfew in Gaza".
_TERRITORIAL = frozenset({"COERCE", "SANCTION", "CONCEDE", "RETREAT", "THREATEN"})
_MOVING = frozenset({"MOBILIZE", "RETREAT", "AGREE", "THREATEN"})  # with the announcements of either
_MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "ASSAULT"})
_TOWARDS = ("against", "on", "with", "to", "from", "at", "of", "between", "for", "by")
DEEPEST = 3  # prepositions within prepositions; deeper ones concern something else


def turn_to_party(frame: Frame, coding: Coding, parse: Parse, lexicon: Lexicon) -> Frame:
    """The frame with the party as target where the action names the thing: "imposed sanctions on Mali" is done to Mali.

    A receiver stands before what is given: "gave the rebels arms" is done to the rebels.
    """
    if frame.kind != "verb" or frame.passive:
        return frame
    if not any(is_party(parse, t.head, lexicon) for t in frame.targets) and _is_mutual(frame, coding, parse, lexicon):
        return _face_each_other(frame, coding, parse)
    if coding.event_type == "PROTEST" and not any(is_party(parse, t.head, lexicon) for t in frame.targets):
        return _demanded_of(frame, parse, lexicon)
    if not frame.targets or _is_asked(frame, coding, parse):
        return frame
    own = _beyond_own_forces(frame, coding, parse, lexicon)
    if own is not None:
        return replace(frame, targets=read_phrases(parse, own), rule=f"{frame.rule}, against whom")
    parties = tuple(t for t in frame.targets if is_party(parse, t.head, lexicon))
    if parties:
        return replace(frame, targets=parties) if len(parties) < len(frame.targets) else frame
    receiving = _row_targets(frame, coding, lexicon)
    for prep, obj in frame.obliques:
        # "fired rockets at the port city's residents", "paid pensions to workers"
        if prep in receiving and is_party(parse, obj, lexicon) and (prep != "in" or coding.event_type in _TERRITORIAL):
            return replace(frame, targets=read_phrases(parse, obj), rule=f"{frame.rule}, {prep} whom")
    thing = frame.targets[0].head
    named = parse.lemmas[thing] in coding.action.split()
    if named and coding.event_type not in _MUTUAL:
        about = _about(frame, thing, parse)
        if about is not None:
            return replace(frame, targets=read_phrases(parse, about), rule=f"{frame.rule}, about what")
    if not named and coding.event_type not in _AIMED:
        return frame
    acting = {a.head for a in frame.actors}
    towards = (*_TOWARDS, "in") if coding.event_type in _TERRITORIAL else _TOWARDS
    for head in (thing, *(o for p, o in frame.obliques if p in towards), *frame.complements):
        found = _party_below(parse, head, lexicon, towards, 0 if coding.event_type in _AIMED else DEEPEST)
        if found is not None and found not in acting:
            return replace(frame, targets=read_phrases(parse, found), rule=f"{frame.rule}, of whom")
    return frame


def _is_asked(frame: Frame, coding: Coding, parse: Parse) -> bool:
    """Whether the object is whoever is to do what is asked: "urged the country's rivals to form a government"."""
    return (
        coding.event_type == "REQUEST"
        and bool(frame.objects)
        and any(parse.deps[c] == "xcomp" and c > frame.objects[0] for c in frame.complements)
    )


def _demanded_of(frame: Frame, parse: Parse, lexicon: Lexicon) -> Frame:
    """The frame with the party that protesters address: "marched to demand reforms by the king"."""
    acting = {a.head for a in frame.actors}
    clauses = [c for c in parse.childs(frame.trigger, "advcl", "xcomp") if parse.tags[c] in ("VB", "VBG")]
    for head in (*frame.objects, *(o for p, o in frame.obliques if p in _TOWARDS), *clauses):
        found = _party_below(parse, head, lexicon, _TOWARDS, 0)
        if found is not None and found not in acting:
            return replace(frame, targets=read_phrases(parse, found), rule=f"{frame.rule}, of whom")
    return frame


def _beyond_own_forces(frame: Frame, coding: Coding, parse: Parse, lexicon: Lexicon) -> int | None:
    """The party that one's own troops are sent to or taken from: "withdrew its troops from Lebanon"."""
    if coding.event_type not in _MOVING or not frame.objects:
        return None
    force = frame.objects[0]
    owner = parse.child(force, "poss")
    role = lexicon.roles.get(parse.lemmas[force])
    armed = role is not None and bool({"MIL", "COP"} & set(role.sectors))
    if not armed and (owner is None or parse.pos[owner] != "PRON"):
        return None
    inner = [(parse.lowers[c], o) for c in parse.childs(force, "prep") for o in parse.childs(c, "pobj")]
    for wanted in ("against", "from", "to", "into", "for", "in"):
        for prep, obj in (*frame.obliques, *inner):
            found = _party_below(parse, obj, lexicon, _TOWARDS, DEEPEST - 1) if prep == wanted else None
            if found is not None:
                return found
    return None


def _row_targets(frame: Frame, coding: Coding, lexicon: Lexicon) -> tuple[str, ...]:
    """The prepositions that lead to the target by the row that typed the event."""
    return next((row.targets for row in lexicon.verb_rows(frame.lemma) if row.entry == coding.entry), ())


def _is_mutual(frame: Frame, coding: Coding, parse: Parse, lexicon: Lexicon) -> bool:
    """Whether the actors do it to each other: "Chad and Libya clashed", "the minister and the envoy held talks"."""
    if len(frame.actors) < 2 or coding.event_type not in _MUTUAL:
        return False
    if any(prep in ("with", "against", "by") for prep, _ in frame.obliques):
        return False
    if not frame.objects:
        return "with" in lexicon.target_prepositions(frame.lemma)
    noun = lexicon.event_noun(parse.lemmas[frame.objects[0]])
    return (
        noun is not None and bool({"with", "between"} & {*noun.targets, *noun.actors}) and lexicon.is_light(frame.lemma)
    )


def _face_each_other(frame: Frame, coding: Coding, parse: Parse) -> Frame:
    named = set(coding.action.split())
    others = (*frame.actors[1:], *(t for t in frame.targets if parse.lemmas[t.head] not in named))
    return replace(frame, actors=frame.actors[:1], targets=others, rule=f"{frame.rule}, each other")


def _about(frame: Frame, thing: int, parse: Parse) -> int | None:
    """What is spoken of: "expressed concern about the situation"."""
    inner = [(parse.lowers[c], o) for c in parse.childs(thing, "prep") for o in parse.childs(c, "pobj", "pcomp")]
    return next((obj for prep, obj in (*inner, *frame.obliques) if prep in ("about", "over", "regarding")), None)


def _party_below(parse: Parse, head: int, lexicon: Lexicon, towards: tuple[str, ...], depth: int) -> int | None:
    """The party that a thing concerns: "a suspension of air links with Serbia", "its demand that Israel stop"."""
    if is_party(parse, head, lexicon) or any(
        # "Palestinian lorries", "the Taliban faction": named after somebody
        (parse.pos[c] == "PROPN" and is_party(parse, c, lexicon)) or parse.entities[c] == "NORP"
        for c in parse.childs(head, "compound", "amod", "nmod")
        if parse.is_nominal(head) and depth
    ):
        return head
    if depth > DEEPEST:
        return None
    for wanted in towards:
        for c in parse.childs(head, "prep"):
            if parse.lowers[c] != wanted:
                continue
            for obj in parse.childs(c, "pobj"):
                found = _party_below(parse, obj, lexicon, towards, depth + 1)
                if found is not None:
                    return found
    for c in parse.childs(head, "dobj", "acl"):
        if parse.deps[c] == "acl":
            subject = parse.child(c, "nsubj")
            if subject is not None and is_party(parse, subject, lexicon) and parse.child(c, "mark") is not None:
                return subject
        else:
            return _party_below(parse, c, lexicon, towards, depth + 1)
    return None
