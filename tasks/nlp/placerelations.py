"""How a place phrase and an event stand to each other in the parse: the event's own place, or one that it shares."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.nlp.parse import Parse
from tasks.nlp.placewords import PlaceWords

# Ranks of relations, the nearest first
OWN, COORDINATED, PART, CONJUNCT, SUBJECT, MAIN, MEANWHILE, SUBJECT_CLAUSE = range(8)
_MAX_STEPS = 12  # up the tree from a phrase to its event
_MAX_CLAUSES = 2  # between the event and the clause whose place it shares
_MEANS = frozenset({"by", "while", "in", "after", "when"})  # "began by storming X", "killed after entering X"
_SIMULTANEOUS = frozenset({"as", "while", "when"})  # marks of clauses of the same time and place as theirs
_OWN_PATHS = {
    "": (OWN, "clause"),  # "killed three in Goma"
    "dobj": (OWN, "object"),  # "attacked a convoy near Goma"
    "conj/dobj": (COORDINATED, "object"),  # "attacked a convoy and a camp near Goma"
    "nsubj": (SUBJECT, "subject"),  # "rebels in Goma attacked"
}


def related_verbs(parse: Parse, trigger: int, *, words: PlaceWords) -> Iterator[tuple[int, int]]:
    """The event's own verb, then those whose place it shares, with their ranks: "stormed X, killing 39"."""
    yield trigger, OWN
    at = trigger
    for _ in range(_MAX_CLAUSES):
        is_participle = parse.deps[at] == "advcl" and parse.tags[at] == "VBG"
        if parse.deps[at] != "conj" and not is_participle:
            break
        at = parse.heads[at]
        yield at, MAIN
    for c in parse.children[trigger]:
        if parse.deps[c] == "xcomp" and parse.lemmas[trigger] in words.aspect:
            yield c, PART
        elif parse.deps[c] == "prep" and parse.lowers[c] == "by":
            for verb in parse.childs(c, "pcomp"):
                yield verb, PART
        elif parse.deps[c] == "conj" and parse.is_verb(c) and not _has_subject(parse, c):
            yield c, CONJUNCT


def relation(parse: Parse, anchor: int, trigger: int, *, words: PlaceWords) -> tuple[int, str] | None:
    """How near a phrase that modifies `anchor` stands to the event: rank and name; None where it is another's."""
    up = _ancestors(parse, anchor)
    clauses: list[int] = []
    meeting = trigger
    while meeting not in up:
        clauses.append(meeting)
        meeting = parse.heads[meeting]
        if len(clauses) > _MAX_CLAUSES or meeting == clauses[-1]:
            return None
    links = _without_nested(parse, up[: up.index(meeting)])
    path = "/".join(parse.deps[t] for t in links)
    if not clauses:
        return _OWN_PATHS.get(path) or _lower_clause(parse, links, path, trigger, words)
    if path in ("", "dobj") and all(_shares(parse, t) for t in clauses):
        return MAIN, "main clause"
    # "Soldiers in Bangui killed six and wounded many"
    if path == "nsubj" and [parse.deps[t] for t in clauses] == ["conj"] and not _has_subject(parse, trigger):
        return MEANWHILE, "shared subject"
    return None


def _lower_clause(parse: Parse, links: list[int], path: str, trigger: int, words: PlaceWords) -> tuple[int, str] | None:
    """The relation of a phrase in a clause below the event's."""
    clause = path.removeprefix("dobj/")
    if clause == "advcl" and _is_simultaneous(parse, links[-1]):
        return MEANWHILE, "meanwhile"
    if clause == "conj":
        # "shot and killed two gunmen in Buinaksk": verbs of one subject share their place
        return (CONJUNCT if _has_subject(parse, links[-1]) else OWN), "conjunct"
    if clause == "pcomp/prep" and parse.lowers[links[-1]] in _MEANS:
        return PART, "means"
    if clause == "xcomp" and parse.lemmas[trigger] in words.aspect:
        return PART, "aspect"
    # "a man travelling through Goma was shot"
    if path in ("acl/nsubj", "acl/nsubjpass") and parse.tags[links[0]] == "VBG":
        return SUBJECT_CLAUSE, "subject's clause"
    return None


def _ancestors(parse: Parse, token: int) -> list[int]:
    found = [token]
    while parse.heads[found[-1]] != found[-1] and len(found) < _MAX_STEPS:
        found.append(parse.heads[found[-1]])
    return found


def _without_nested(parse: Parse, links: list[int]) -> list[int]:
    """The path without phrases in phrases: "killed [by men [in X]]", "in clashes [with the army [in X]]"."""
    while True:
        deps = [parse.deps[t] for t in links]
        skipped = 1 if deps[:1] == ["conj"] and "pobj" in deps else 0
        if deps[skipped : skipped + 1] != ["pobj"] or deps[skipped + 1 : skipped + 2] not in (["prep"], ["agent"]):
            return links
        links = links[skipped + 2 :]


def _shares(parse: Parse, verb: int) -> bool:
    """Whether a clause happens where its main clause does: "attacked X, killing 39", "hit while leaving X"."""
    if parse.deps[verb] == "conj":
        return not _has_subject(parse, verb)
    if parse.deps[verb] == "advcl":
        return (parse.tags[verb] == "VBG" and parse.child(verb, "mark") is None) or _is_simultaneous(parse, verb)
    return False


def _has_subject(parse: Parse, verb: int) -> bool:
    return parse.child(verb, "nsubj", "nsubjpass") is not None


def _is_simultaneous(parse: Parse, verb: int) -> bool:
    return any(parse.lowers[c] in _SIMULTANEOUS for c in parse.childs(verb, "mark", "advmod"))
