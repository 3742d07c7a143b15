"""Whether an event is reported as a fact: asserted, negated, planned, requested or hypothetical."""

from __future__ import annotations

from tasks.lexicon.reader import Lexicon
from tasks.nlp.parse import Parse

_PLANNED = frozenset({"will", "shall", "'ll", "’ll", "wo", "sha"})
_HYPOTHETICAL = frozenset(
    {
        "may",
        "might",
        "could",
        "would",
        "can",
        "should",
        "must",
        "'d",
        "’d",
        "ca",
        "ought",
    }
)
_CONDITIONS = frozenset({"if", "unless", "whether", "lest"})
_NEVER = frozenset({"never", "not", "n't", "n’t", "no", "neither", "nor", "nobody", "none", "nothing"})
_CLAIMED = "claimed"
MAX_DEPTH = 8


def read_modality(parse: Parse, verb: int, lexicon: Lexicon, depth: int = 0) -> str:
    """The verb's modality by its own auxiliaries and particles, else by the verb that governs it."""
    own = _own_modality(parse, verb)
    if own is not None:
        return own
    if depth > MAX_DEPTH:
        return "asserted"
    dep, head = parse.deps[verb], parse.heads[verb]
    if dep == "conj" and parse.is_verb(head):
        if parse.child(verb, "nsubj", "nsubjpass", "aux") is not None:
            return "asserted"
        # "will meet and sign": the auxiliary serves both; a negation does not ("did not stop and fled")
        shared = read_modality(parse, head, lexicon, depth + 1)
        return shared if shared != "negated" else "asserted"
    if dep in ("xcomp", "ccomp", "acl", "advcl", "pcomp"):
        return _governed(parse, verb, lexicon, depth)
    return "asserted"


def _own_modality(parse: Parse, verb: int) -> str | None:
    found: str | None = None
    for c in parse.children[verb]:
        word, dep = parse.lowers[c], parse.deps[c]
        if dep == "neg" or (dep in ("advmod", "preconj") and word in _NEVER):
            return "negated"
        if dep in ("nsubj", "nsubjpass", "dobj") and _is_empty(parse, c):
            return "negated"
        if dep == "aux":
            if word in _PLANNED:
                found = "planned"
            elif word in _HYPOTHETICAL:
                found = "hypothetical"
        elif dep == "mark" and word in _CONDITIONS:
            found = "hypothetical"
    return found


def _is_empty(parse: Parse, noun: int) -> bool:
    """Whether the phrase denies: "no soldiers", "nobody", "none of them"."""
    if parse.lowers[noun] in ("nobody", "none", "nothing"):
        return True
    return any(parse.deps[c] in ("det", "neg") and parse.lowers[c] in ("no", "neither") for c in parse.children[noun])


def _governed(parse: Parse, verb: int, lexicon: Lexicon, depth: int) -> str:
    """What the governing verb makes of its complement: "urged X to leave" requests it, "said that" leaves it."""
    dep, head = parse.deps[verb], parse.heads[verb]
    if dep == "pcomp":
        head = parse.heads[head]
    infinitive = any(parse.deps[c] == "aux" and parse.lowers[c] == "to" for c in parse.children[verb])
    if dep in ("advcl", "pcomp"):
        return "planned" if infinitive and dep == "advcl" else "asserted"
    if dep == "acl":
        return "planned" if infinitive else "asserted"
    row = lexicon.base_row(parse.lemmas[head]) if parse.is_verb(head) else None
    if row is not None and row.complement is not None:
        if row.complement == _CLAIMED or (row.kind == "report" and not infinitive):
            return "asserted"
        above = read_modality(parse, head, lexicon, depth + 1)
        if row.complement == "asserted":
            return above
        return row.complement
    if dep == "xcomp" and infinitive:
        if not parse.is_verb(head):
            return "planned"
        return read_modality(parse, head, lexicon, depth + 1)
    if dep == "xcomp":
        return read_modality(parse, head, lexicon, depth + 1)
    return "asserted"
