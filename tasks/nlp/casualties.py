"""How many were killed, injured and arrested in an event."""

from __future__ import annotations

from tasks.nlp.counts import count_people, read_number
from tasks.nlp.frames import Casualties, Frame
from tasks.nlp.parse import Parse

_KILLED = frozenset({
    "kill", "murder", "massacre", "slaughter", "execute", "assassinate", "slay", "behead", "lynch", "butcher", "hang",
    "decapitate", "gun", "exterminate", "electrocute",
})  # fmt: skip
_INJURED = frozenset({"injure", "wound", "hurt", "maim", "stab", "scald", "burn", "mutilate"})
_ARRESTED = frozenset({"arrest", "detain", "jail", "imprison", "apprehend", "incarcerate", "nab", "round", "intern"})
_DYING = frozenset({"die", "perish"})  # their subject is the victim
_OUTCOMES = {
    **dict.fromkeys(_KILLED | _DYING, "killed"),
    **dict.fromkeys(_INJURED, "injured"),
    **dict.fromkeys(_ARRESTED, "arrested"),
}
_LOSSES = {
    "death": "killed", "fatality": "killed", "killing": "killed", "murder": "killed", "execution": "killed",
    "massacre": "killed", "assassination": "killed", "beheading": "killed", "injury": "injured", "arrest": "arrested",
    "detention": "arrested",
}  # fmt: skip
_LEFT = {"dead": "killed", "injured": "injured", "wounded": "injured", "hurt": "injured"}
_FARTHEST_NUMBER = 3  # words before "dead" that may hold its number: "left two dozen people dead"
_LIVES_LOST = frozenset({"claim", "take", "cost", "lose"})
_NO_NUMBER = Casualties()

MOST_PEOPLE = 2**31 - 1  # what the columns hold; the expectations reject what no event in history has cost


def count_casualties(frame: Frame, parse: Parse) -> Casualties:
    """The numbers that the sentence gives for this event, None where it gives none.

    "at least 14" is 14, "two dozen" 24, "a soldier and two civilians" 3; "hundreds" and "several" are no numbers. A
    number belongs to the one event that states it: in "attacked the camp, killing 12" to the killing, so that sums
    over events count nobody twice.
    """
    counts = {} if frame.modality == "negated" else _own_counts(frame, parse)
    if not counts:
        return _NO_NUMBER
    return Casualties(**{outcome: number for outcome, number in counts.items() if number <= MOST_PEOPLE})


def _own_counts(frame: Frame, parse: Parse) -> dict[str, int]:
    """The count of a verb or noun that itself means killing, injuring or arresting."""
    lemma, trigger = frame.lemma, frame.trigger
    if frame.kind == "noun":
        outcome = _LOSSES.get(lemma)
        if outcome is None:
            return {}
        # "207 deaths", "the arrest of 12 men"
        counted = parse.child(trigger, "nummod") is not None
        number = count_people(parse, [trigger]) if counted else None
        return _kept(outcome, number or count_people(parse, _of_phrase(parse, trigger)))
    if lemma == "leave":
        return _left_behind(parse, trigger)
    outcome = _outcome(parse, trigger)
    if outcome is None or _is_left(parse, trigger):
        return {}
    phrases = frame.actors if lemma in _DYING else frame.targets
    found = count_people(parse, _victims(parse, trigger)) or count_people(parse, [p.head for p in phrases])
    return _kept(outcome, found)


def _outcome(parse: Parse, verb: int) -> str | None:
    lemma = parse.lemmas[verb]
    if lemma in _LIVES_LOST:
        return "killed" if any(parse.lemmas[c] == "life" for c in parse.childs(verb, "dobj")) else None
    # "gunned down", "shot dead", "rounded up": the particle makes the outcome
    if lemma == "shoot":
        near = (t for c in parse.children[verb] for t in (c, *parse.children[c]))
        return "killed" if any(parse.lowers[t] == "dead" for t in near) else None
    if lemma in ("gun", "round") and parse.child(verb, "prt") is None:
        return None
    return _OUTCOMES.get(lemma)


def _victims(parse: Parse, verb: int) -> list[int]:
    """Object of the verb, subject of its passive, of "die"; the noun that a bare participle follows."""
    lemma = parse.lemmas[verb]
    passive = parse.child(verb, "nsubjpass", "auxpass") is not None
    wanted = "nsubj" if lemma in _DYING or lemma == "lose" else "nsubjpass" if passive else "dobj"
    heads = parse.childs(verb, wanted)
    if not heads and parse.deps[verb] == "acl" and parse.tags[verb] == "VBN":
        heads = [parse.heads[verb]]
    return [t for h in heads for t in (h, *_conjuncts(parse, h)) if t < verb or parse.deps[h] == "dobj"]


def _conjuncts(parse: Parse, token: int) -> list[int]:
    """All that is coordinated with the token, whichever of them comes first."""
    first = token
    while parse.deps[first] == "conj" and parse.heads[first] != first:
        first = parse.heads[first]
    found = [first]
    for t in found:
        found.extend(c for c in parse.childs(t, "conj") if c > t)
    return [t for t in found if t != token]


def _of_phrase(parse: Parse, noun: int) -> list[int]:
    return [t for h in parse.of_objects(noun) for t in (h, *_conjuncts(parse, h))]


def _left_behind(parse: Parse, verb: int) -> dict[str, int]:
    """What an attack left: "leaving 12 dead and 40 wounded"."""
    counts: dict[str, int] = {}
    lowers = parse.lowers
    for state in parse.subtree(verb):
        outcome = _LEFT.get(lowers[state])
        if outcome is None or state <= verb:
            continue
        first = max(verb + 1, state - _FARTHEST_NUMBER)
        number = read_number([lowers[t] for t in range(first, state) if parse.pos[t] == "NUM" or lowers[t] == "dozen"])
        if number is not None:
            counts.setdefault(outcome, number)
    return counts


def _is_left(parse: Parse, state: int) -> bool:
    """Whether "leave" counts them already: "left seven dead and three wounded"."""
    if parse.deps[state] not in ("amod", "acl", "oprd"):
        return False
    at = state
    while parse.heads[at] != at:
        at = parse.heads[at]
        if parse.lemmas[at] == "leave":
            return True
    return False


def _kept(outcome: str, number: int | None) -> dict[str, int]:
    return {} if number is None else {outcome: number}
