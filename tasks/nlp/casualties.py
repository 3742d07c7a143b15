"""How many were killed, injured and arrested in an event."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from tasks.nlp.counts import count_people, read_number
from tasks.nlp.frames import Casualties, Frame

_KILLED = frozenset({
    "kill", "murder", "massacre", "slaughter", "execute", "assassinate", "slay", "behead", "lynch", "butcher", "hang",
    "decapitate", "gun", "exterminate", "electrocute",
})  # fmt: skip
_INJURED = frozenset({"injure", "wound", "hurt", "maim", "stab", "scald", "burn", "mutilate"})
_ARRESTED = frozenset({"arrest", "detain", "jail", "imprison", "apprehend", "incarcerate", "nab", "round", "intern"})
_DYING = frozenset({"die", "perish"})  # their subject is the victim
_OUTCOMES = (("killed", _KILLED | _DYING), ("injured", _INJURED), ("arrested", _ARRESTED))
_LOSSES = {
    "death": "killed", "fatality": "killed", "killing": "killed", "murder": "killed", "execution": "killed",
    "massacre": "killed", "assassination": "killed", "beheading": "killed", "injury": "injured", "arrest": "arrested",
    "detention": "arrested",
}  # fmt: skip
_LEFT = {"dead": "killed", "injured": "injured", "wounded": "injured", "hurt": "injured"}
_FARTHEST_NUMBER = 3  # words before "dead" that may hold its number: "left two dozen people dead"
_LIVES_LOST = frozenset({"claim", "take", "cost", "lose"})


MOST_PEOPLE = 2**31 - 1  # what the columns hold; the expectations reject what no event in history has cost


def count_casualties(frame: Frame, doc: Doc) -> Casualties:
    """The numbers that the sentence gives for this event, None where it gives none.

    "at least 14" is 14, "two dozen" 24, "a soldier and two civilians" 3; "hundreds" and "several" are no numbers. A
    number belongs to the one event that states it: in "attacked the camp, killing 12" to the killing, so that sums
    over events count nobody twice.
    """
    if frame.modality == "negated":
        return Casualties()
    trigger = doc[frame.trigger]
    counts = _own_counts(frame, trigger, doc)
    return Casualties(**{outcome: number for outcome, number in counts.items() if number <= MOST_PEOPLE})


def _own_counts(frame: Frame, trigger: Token, doc: Doc) -> dict[str, int]:
    """The count of a verb or noun that itself means killing, injuring or arresting."""
    lemma = frame.lemma
    if frame.kind == "noun":
        outcome = _LOSSES.get(lemma)
        if outcome is None:
            return {}
        # "207 deaths", "the arrest of 12 men"
        counted = any(c.dep_ == "nummod" for c in trigger.children)
        number = count_people([trigger]) if counted else None
        return _kept(outcome, number or count_people(_of_phrase(trigger)))
    if lemma == "leave":
        return _left_behind(trigger)
    outcome = _outcome(trigger)
    if outcome is None or _is_left(trigger):
        return {}
    phrases = frame.actors if lemma in _DYING else frame.targets
    found = count_people(_victims(trigger)) or count_people([doc[p.head] for p in phrases])
    return _kept(outcome, found)


def _outcome(verb: Token) -> str | None:
    lemma = verb.lemma_.lower()
    if lemma in _LIVES_LOST:
        return "killed" if any(c.dep_ == "dobj" and c.lemma_.lower() == "life" for c in verb.children) else None
    # "gunned down", "shot dead", "rounded up": the particle makes the outcome
    if lemma == "shoot":
        near = (t for c in verb.children for t in (c, *c.children))
        return "killed" if any(t.lower_ == "dead" for t in near) else None
    if lemma in ("gun", "round") and not any(c.dep_ == "prt" for c in verb.children):
        return None
    return next((outcome for outcome, verbs in _OUTCOMES if lemma in verbs), None)


def _victims(verb: Token) -> list[Token]:
    """Object of the verb, subject of its passive, of "die"; the noun that a bare participle follows."""
    lemma = verb.lemma_.lower()
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)
    wanted = ("nsubj",) if lemma in _DYING or lemma == "lose" else ("nsubjpass",) if passive else ("dobj",)
    heads = [c for c in verb.children if c.dep_ in wanted]
    if not heads and verb.dep_ == "acl" and verb.tag_ == "VBN":
        heads = [verb.head]
    return [token for head in heads for token in (head, *head.conjuncts) if token.i < verb.i or head.dep_ == "dobj"]


def _of_phrase(noun: Token) -> list[Token]:
    heads = [o for p in noun.children if p.lower_ == "of" for o in p.children if o.dep_ == "pobj"]
    return [token for head in heads for token in (head, *head.conjuncts)]


def _left_behind(verb: Token) -> dict[str, int]:
    """What an attack left: "leaving 12 dead and 40 wounded"."""
    counts: dict[str, int] = {}
    for state in verb.subtree:
        outcome = _LEFT.get(state.lower_)
        if outcome is None or state.i <= verb.i:
            continue
        first = max(verb.i + 1, state.i - _FARTHEST_NUMBER)
        number = read_number([t.lower_ for t in verb.doc[first : state.i] if t.pos_ == "NUM" or t.lower_ == "dozen"])
        if number is not None:
            counts.setdefault(outcome, number)
    return counts


def _is_left(state: Token) -> bool:
    """Whether "leave" counts them already: "left seven dead and three wounded"."""
    return state.dep_ in ("amod", "acl", "oprd") and any(t.lemma_.lower() == "leave" for t in state.ancestors)


def _kept(outcome: str, number: int | None) -> dict[str, int]:
    return {} if number is None else {outcome: number}
