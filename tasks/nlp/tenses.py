"""The tense of a verb, and what it says of when the text places it."""

from __future__ import annotations

from spacy.tokens import Token

_REPORTING = frozenset((
    "say", "tell", "add", "note", "explain", "state", "comment", "remark", "write", "claim", "insist", "argue",
    "stress", "describe", "report", "warn", "believe", "think",
))  # fmt: skip
_ANNOUNCING = frozenset({"announce", "confirm", "reveal", "release", "publish", "disclose"})
_BEFORE_NOW = frozenset({"previously", "formerly", "earlier", "once", "originally"})


def is_reporting(verb: Token) -> bool:
    """ "say", "tell", "add": the verb only carries what somebody said."""
    return verb.lemma_ in _REPORTING


def is_announcing(verb: Token) -> bool:
    """ "announce", "confirm", "say": what was made known by it is news of that day."""
    return verb.lemma_ in _REPORTING or verb.lemma_ in _ANNOUNCING


def tense(verb: Token) -> str:
    """One of "past", "present", "perfect" (has done), "pluperfect" (had done), "future", "bare".

    A conjunct without auxiliaries has those of the first: "was seized and burnt".
    """
    auxiliaries = _auxiliaries(verb)
    at = verb
    while not auxiliaries and at.dep_ == "conj" and at.head.tag_ == at.tag_ and at.tag_ in ("VBN", "VBG", "VB"):
        at = at.head
        auxiliaries = _auxiliaries(at)
    words = {a.lower_: a.tag_ for a in auxiliaries}
    if any(tag == "MD" for tag in words.values()):
        return "future"
    if words.keys() & {"had", "'d", "’d"}:
        return "pluperfect" if verb.tag_ != "VB" else "past"
    if words.keys() & {"has", "have", "'s", "'ve", "’ve"} and verb.tag_ == "VBN":
        return "perfect"
    if "VBD" in words.values() or verb.tag_ == "VBD":
        return "past"
    if words or verb.tag_ in ("VBZ", "VBP"):
        return "present" if "to" not in words else "bare"
    return "past" if verb.tag_ == "VBN" else "bare"


def is_background(token: Token) -> bool:
    """Told as lying before the story: in the past perfect, or "previously".

    A past perfect under a past reporting verb ("said it had lost") is the report's own tense and none.
    """
    if any(c.dep_ == "advmod" and c.lower_ in _BEFORE_NOW for c in token.children):
        return True
    return tense(token) == "pluperfect" and not (token.dep_ == "ccomp" and tense(token.head) in ("past", "pluperfect"))


def _auxiliaries(verb: Token) -> list[Token]:
    return [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
