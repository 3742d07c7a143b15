"""Who acts and who undergoes: the arguments of a verb, its own and those that grammar lends it."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.lexicon.reader import Lexicon
from tasks.nlp.parse import Parse

MAX_DEPTH = 8  # how far a subject is sought up the tree; news sentences stay below 5
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_SUBJECT_CONTROL = frozenset({"promise", "threaten", "vow", "offer", "agree"})
_TIME_ENTITIES = frozenset({"DATE", "TIME"})


@dataclass(frozen=True, slots=True)
class Found:
    """Head tokens that fill a role, and the rule that found them."""

    heads: tuple[int, ...]
    rule: str


NOBODY = Found((), "")


def is_passive(parse: Parse, verb: int) -> bool:
    """Whether the verb's surface subject undergoes: "was attacked", "a town captured by rebels"."""
    children = parse.children[verb]
    if any(parse.deps[c] in ("nsubjpass", "auxpass", "csubjpass") for c in children):
        return True
    if parse.tags[verb] != "VBN":
        return False
    if any(
        parse.deps[c] == "aux" and parse.lemmas[c] in ("have", "’ve", "'ve")
        for c in children
    ):
        return False
    dep = parse.deps[verb]
    if dep == "conj" and parse.child(verb, "nsubj", "aux") is None:
        head = parse.heads[verb]
        # "was arrested and taken away": the auxiliary of the first verb serves both
        return parse.tags[head] == "VBN" and is_passive(parse, head)
    return dep in (
        "acl",
        "amod",
        "advcl",
        "prep",
        "relcl",
        "pcomp",
        "xcomp",
        "ccomp",
        "oprd",
        "dep",
    )


def surface_subject(parse: Parse, verb: int, lexicon: Lexicon, depth: int = 0) -> Found:
    """The heads of the verb's grammatical subject, shared, controlled or understood ones included."""
    own = parse.child(verb, "nsubj", "nsubjpass")
    if own is not None:
        antecedent = _antecedent(parse, own, verb)
        if antecedent is not None:
            return Found((antecedent,), "relative clause")
        return Found((own,), "subject")
    if parse.child(verb, "csubj", "csubjpass", "expl") is not None or depth > MAX_DEPTH:
        return NOBODY
    dep, head = parse.deps[verb], parse.heads[verb]
    if dep == "conj":
        if parse.is_verb(head):
            return _renamed(
                surface_subject(parse, head, lexicon, depth + 1), "conjoined verb"
            )
        return NOBODY
    if dep in ("xcomp", "ccomp", "oprd"):
        if dep == "ccomp" and parse.tags[verb] not in ("VB", "VBG", "VBN"):
            return NOBODY
        return _controller(parse, head, lexicon, depth)
    if dep in ("advcl", "dep") and parse.is_verb(head):
        return _renamed(surface_subject(parse, head, lexicon, depth + 1), "adjunct")
    if dep == "amod":
        return Found((head,), "participle before a noun")
    if dep in ("acl", "relcl"):
        if parse.tags[verb] in ("VBN", "VBG") or dep == "relcl":
            return Found((head,), "reduced relative clause")
        return _owner(parse, head, lexicon, depth)
    if dep in ("pcomp", "prep"):
        above = parse.heads[head] if dep == "pcomp" else head
        if parse.is_verb(above):
            return _renamed(
                surface_subject(parse, above, lexicon, depth + 1), "adjunct"
            )
        if dep == "prep" and parse.is_nominal(above):
            return Found((above,), "adjunct")
        return _owner(parse, above, lexicon, depth)
    if dep in ("dobj", "attr", "pobj"):
        above = head if dep != "pobj" else parse.heads[head]
        if parse.is_verb(above):
            return _renamed(surface_subject(parse, above, lexicon, depth + 1), "gerund")
    return NOBODY


def _renamed(found: Found, rule: str) -> Found:
    return Found(found.heads, rule) if found.heads else NOBODY


def _antecedent(parse: Parse, pronoun: int, verb: int) -> int | None:
    """The noun that a relative pronoun stands for: "rebels who seized the town"."""
    if parse.lowers[pronoun] not in _RELATIVE or parse.tags[pronoun] not in (
        "WDT",
        "WP",
        "IN",
        "DT",
        "PRP",
    ):
        return None
    return _clause_noun(parse, verb)


def _clause_noun(parse: Parse, verb: int) -> int | None:
    for _ in range(MAX_DEPTH):
        if parse.deps[verb] == "relcl":
            return parse.heads[verb] if parse.is_nominal(parse.heads[verb]) else None
        if parse.deps[verb] not in ("conj", "ccomp", "xcomp"):
            return None
        verb = parse.heads[verb]
    return None


def _controller(parse: Parse, governor: int, lexicon: Lexicon, depth: int) -> Found:
    """Who does what an infinitive says: the governor's object ("forced residents to leave"), else its subject."""
    if not parse.is_verb(governor):
        # "is ready to sign": the adjective's verb has the subject
        above = parse.heads[governor]
        if above != governor and parse.is_verb(above):
            return _renamed(
                surface_subject(parse, above, lexicon, depth + 1), "control"
            )
        return NOBODY
    if (
        not is_passive(parse, governor)
        and parse.lemmas[governor] not in _SUBJECT_CONTROL
    ):
        obj = parse.child(governor, "dobj", "dative")
        if obj is not None and parse.is_nominal(obj):
            return Found((obj,), "object control")
    return _renamed(surface_subject(parse, governor, lexicon, depth + 1), "control")


def _owner(parse: Parse, noun: int, lexicon: Lexicon, depth: int) -> Found:
    """Who does what hangs on a noun: "its plan to leave", "they made a decision to leave"."""
    if noun < 0:
        return NOBODY
    owner = parse.child(noun, "poss")
    if owner is not None:
        return Found((owner,), "possessor")
    above, dep = parse.heads[noun], parse.deps[noun]
    for _ in range(3):
        if parse.is_verb(above):
            if dep in ("nsubj", "nsubjpass"):
                return NOBODY
            return _renamed(
                surface_subject(parse, above, lexicon, depth + 1),
                "control through a noun",
            )
        if above == parse.heads[above]:
            return NOBODY
        dep = parse.deps[above]
        above = parse.heads[above]
    return NOBODY


def agents(parse: Parse, verb: int) -> Found:
    """The by-phrase of a passive: "was attacked by rebels"."""
    for c in parse.children[verb]:
        if parse.deps[c] == "agent" or (
            parse.deps[c] == "prep" and parse.lowers[c] == "by"
        ):
            obj = parse.child(c, "pobj")
            if obj is not None and parse.entities[obj] not in _TIME_ENTITIES:
                return Found((obj,), "by-phrase")
    return NOBODY


def direct_objects(parse: Parse, verb: int) -> list[int]:
    """The heads of the verb's direct objects, the noun that a relative clause takes out of it included."""
    found = []
    for c in parse.children[verb]:
        if parse.deps[c] not in ("dobj", "obj"):
            continue
        antecedent = _antecedent(parse, c, verb)
        found.append(c if antecedent is None else antecedent)
    if (
        not found
        and parse.deps[verb] == "conj"
        and parse.tags[verb] in ("VB", "VBD", "VBZ", "VBP", "VBN", "VBG")
    ):
        found = []
    if not found and parse.deps[verb] == "relcl" and not is_passive(parse, verb):
        own = parse.child(verb, "nsubj")
        # "the phone Apple released": the noun is what the clause lacks
        if (
            own is not None
            and _antecedent(parse, own, verb) is None
            and parse.is_nominal(parse.heads[verb])
        ):
            adverbs = [
                c
                for c in parse.children[verb]
                if parse.lowers[c] in ("where", "when", "why")
            ]
            if not adverbs and not _has_relative_oblique(parse, verb):
                found = [parse.heads[verb]]
    return found


def _has_relative_oblique(parse: Parse, verb: int) -> bool:
    for c in parse.children[verb]:
        if parse.deps[c] == "prep":
            obj = parse.child(c, "pobj")
            if obj is not None and parse.lowers[obj] in _RELATIVE:
                return True
    return False


def datives(parse: Parse, verb: int) -> list[int]:
    """Who receives: "gave them an ultimatum", "sold arms to the rebels"."""
    found = []
    for c in parse.children[verb]:
        if parse.deps[c] == "dative":
            obj = parse.child(c, "pobj") if parse.pos[c] == "ADP" else c
            if obj is not None:
                found.append(obj)
    return found


def obliques(parse: Parse, verb: int) -> list[tuple[str, int]]:
    """(preposition, head of its object) for each prepositional phrase of the verb, in order of position."""
    found = []
    for c in parse.children[verb]:
        if parse.deps[c] in ("prep", "agent", "dative", "prt") and parse.pos[c] in (
            "ADP",
            "SCONJ",
            "VERB",
            "ADV",
            "PART",
        ):
            for o in parse.childs(c, "pobj"):
                antecedent = _antecedent(parse, o, verb)
                found.append((parse.lowers[c], o if antecedent is None else antecedent))
            inner = parse.child(c, "prep")
            if inner is not None:
                # "out of the city", "up to the border"
                found.extend(
                    (parse.lowers[inner], o) for o in parse.childs(inner, "pobj")
                )
    return found


def particles(parse: Parse, verb: int) -> tuple[str, ...]:
    """The particles of a phrasal verb: "carry out"."""
    return tuple(
        parse.lowers[c] for c in parse.children[verb] if parse.deps[c] == "prt"
    )


def complements(parse: Parse, verb: int) -> list[int]:
    """Heads of the clauses that the verb takes as complement: "urged X to withdraw", "said that X fled"."""
    return [
        c
        for c in parse.children[verb]
        if parse.deps[c] in ("xcomp", "ccomp") and parse.pos[c] in ("VERB", "AUX")
    ]
