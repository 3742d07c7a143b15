"""The tense of a verb, and what it says of when the text places it."""

from __future__ import annotations

from tasks.nlp.parse import Parse

_REPORTING = frozenset((
    "say", "tell", "add", "note", "explain", "state", "comment", "remark", "write", "claim", "insist", "argue",
    "stress", "describe", "report", "warn", "believe", "think",
))  # fmt: skip
_ANNOUNCING = frozenset({"announce", "confirm", "reveal", "release", "publish", "disclose"})
_NON_FINITE = frozenset({"VBN", "VBG", "VB"})
_HAD = frozenset({"had", "'d", "’d"})
_HAS = frozenset({"has", "have", "'s", "'ve", "’ve"})
_BEFORE_NOW = frozenset({"previously", "formerly", "earlier", "once", "originally"})


def is_reporting(parse: Parse, verb: int) -> bool:
    """ "say", "tell", "add": the verb only carries what somebody said."""
    return parse.model_lemmas[verb] in _REPORTING


def is_announcing(parse: Parse, verb: int) -> bool:
    """ "announce", "confirm", "say": what was made known by it is news of that day."""
    return parse.model_lemmas[verb] in _REPORTING or parse.model_lemmas[verb] in _ANNOUNCING


def tense(parse: Parse, verb: int) -> str:
    """One of "past", "present", "perfect" (has done), "pluperfect" (had done), "future", "bare".

    A conjunct without auxiliaries has those of the first: "was seized and burnt".
    """
    tags, deps, heads = parse.tags, parse.deps, parse.heads
    tag = tags[verb]
    auxiliaries = parse.childs(verb, "aux", "auxpass")
    at = verb
    while not auxiliaries and deps[at] == "conj" and tags[heads[at]] == tags[at] and tags[at] in _NON_FINITE:
        at = heads[at]
        auxiliaries = parse.childs(at, "aux", "auxpass")
    words = {parse.lowers[a]: tags[a] for a in auxiliaries}
    if "MD" in words.values():
        return "future"
    if not _HAD.isdisjoint(words):
        return "pluperfect" if tag != "VB" else "past"
    if tag == "VBN" and not _HAS.isdisjoint(words):
        return "perfect"
    if tag == "VBD" or "VBD" in words.values():
        return "past"
    if words or tag in ("VBZ", "VBP"):
        return "present" if "to" not in words else "bare"
    return "past" if tag == "VBN" else "bare"


def is_background(parse: Parse, token: int) -> bool:
    """Told as lying before the story: in the past perfect, or "previously".

    A past perfect under a past reporting verb ("said it had lost") is the report's own tense and none.
    """
    if any(parse.lowers[c] in _BEFORE_NOW for c in parse.childs(token, "advmod")):
        return True
    return tense(parse, token) == "pluperfect" and not (
        parse.deps[token] == "ccomp" and tense(parse, parse.heads[token]) in ("past", "pluperfect")
    )
