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
_UNABLE = frozenset({"unable", "unwilling", "powerless", "impossible"})
_WISHING = frozenset({"want", "need", "like", "prefer", "wish"})
_NEVER = frozenset({"never", "not", "n't", "n’t", "no", "neither", "nor", "nobody", "none", "nothing"})
CLAIMED = "claimed"
# What a noun of this type makes of the event that it governs.
_BY_TYPE = {"REQUEST": "requested", "THREATEN": "hypothetical", "AGREE": "planned", "REJECT": "negated"}
_IRREALIS = {
    "need": "requested",
    "plan": "planned",
    "intention": "planned",
    "readiness": "planned",
    "willingness": "planned",
    "effort": "planned",
    "attempt": "planned",
    "bid": "planned",
    "end": "negated",
    "halt": "negated",
    "lack": "negated",
    "absence": "negated",
    "failure": "negated",
    "risk": "hypothetical",
    "danger": "hypothetical",
    "possibility": "hypothetical",
    "prospect": "hypothetical",
    "chance": "hypothetical",
    "fear": "hypothetical",
    "hope": "hypothetical",
    "case": "hypothetical",
}
# "in response to the attack": what follows has happened.
_PRESUPPOSING = frozenset({"response", "reaction", "wake", "aftermath", "face", "light", "connection", "retaliation"})
_ADJUNCT = frozenset(
    {"about", "after", "amid", "amidst", "as", "because", "before", "by", "despite", "during", "following", "from",
     "like", "over", "per", "since", "than", "through", "throughout", "under", "until"}
)  # fmt: skip
MAX_DEPTH = 8


def read_modality(parse: Parse, verb: int, lexicon: Lexicon, depth: int = 0) -> str:
    """The verb's modality by its own auxiliaries and particles, else by the verb that governs it."""
    own = _own_modality(parse, verb)
    if own is not None:
        return own
    if depth > MAX_DEPTH:
        return "asserted"
    dep, head = parse.deps[verb], parse.heads[verb]
    if parse.tags[verb] == "VB" and dep in ("ROOT", "ccomp") and _opens_clause(parse, verb):
        # "Lay down your arms!"
        return "requested"
    if dep == "conj" and parse.is_verb(head):
        if _is_ruled_out_too(parse, verb, head):
            return "negated"
        if parse.child(verb, "nsubj", "nsubjpass", "aux") is not None:
            return "asserted"
        # "will meet and sign": the auxiliary serves both; a negation does not ("did not stop and fled")
        shared = read_modality(parse, head, lexicon, depth + 1)
        return shared if shared != "negated" else "asserted"
    if dep in ("xcomp", "ccomp", "acl", "advcl", "pcomp"):
        return _governed(parse, verb, lexicon, depth)
    return "asserted"


def _is_ruled_out_too(parse: Parse, verb: int, first: int) -> bool:
    """Whether "nor" stands before the conjoined verb: "neither confirmed nor denied", "nor did it shell the port"."""
    joined = [c for c in parse.children[first] if c < verb and parse.deps[c] in ("cc", "conj")]
    return bool(joined) and parse.lowers[joined[-1]] == "nor"


def _opens_clause(parse: Parse, verb: int) -> bool:
    """Whether a bare verb begins a sentence, a quotation or what follows a comma: an order to the hearer."""
    if parse.child(verb, "nsubj", "nsubjpass", "aux") is not None:
        return False
    return verb == 0 or parse.pos[verb - 1] in ("PUNCT", "SPACE")


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
                found = "planned" if _is_future_in_past(parse, verb, word) else "hypothetical"
        elif (dep == "mark" and word in _CONDITIONS) or (word == "in" and _is_case(parse, c)):
            found = "hypothetical"
    return found


def _is_case(parse: Parse, preposition: int) -> bool:
    """ "in case they march on the palace", "in the event that"."""
    obj = parse.child(preposition, "pobj")
    clause = parse.heads[preposition]
    return obj is not None and parse.lowers[obj] in ("case", "event") and obj < clause and parse.deps[clause] == "advcl"


def _is_future_in_past(parse: Parse, verb: int, word: str) -> bool:
    """Whether "would" reports a plan: "said it would withdraw", but not "would withdraw if"."""
    if word not in ("would", "'d") or parse.deps[verb] != "ccomp":
        return False
    if any(parse.deps[c] == "advcl" and _has_condition(parse, c) for c in parse.children[verb]):
        return False
    return parse.tags[parse.heads[verb]] in ("VBD", "VBN")


def _has_condition(parse: Parse, verb: int) -> bool:
    return any(parse.deps[c] == "mark" and parse.lowers[c] in _CONDITIONS for c in parse.children[verb])


def _is_empty(parse: Parse, noun: int) -> bool:
    """Whether the phrase denies: "no soldiers", "nobody", "none of them"."""
    if parse.lowers[noun] in ("nobody", "none", "nothing"):
        return True
    return any(parse.lowers[c] in ("no", "neither") for c in parse.childs(noun, "det", "neg"))


def _governed(parse: Parse, verb: int, lexicon: Lexicon, depth: int) -> str:
    """What the governing verb makes of its complement: "urged X to leave" requests it, "said that" leaves it."""
    dep, head = parse.deps[verb], parse.heads[verb]
    infinitive = any(parse.deps[c] == "aux" and parse.lowers[c] == "to" for c in parse.children[verb])
    if dep == "advcl":
        return "planned" if infinitive else "asserted"
    if dep == "acl":
        if not infinitive:
            return "asserted"
        return _of_noun(parse, head, lexicon) or "planned"
    prep: str | None = None
    if dep == "pcomp":
        prep, head = parse.lowers[head], parse.heads[head]
        if parse.is_nominal(head):
            # "calls for ending the siege", "a plan for ending it"
            return _of_noun(parse, head, lexicon) or "asserted"
    if not parse.is_verb(head):
        # "ready to sign", "unable to reach them"
        if not infinitive:
            return "asserted"
        return "negated" if parse.lowers[head] in _UNABLE else "planned"
    if infinitive and dep == "xcomp" and (_is_arranged(parse, head) or _is_prospective(parse, head)):
        own = read_modality(parse, head, lexicon, depth + 1)
        return "planned" if own == "asserted" else own
    if dep == "ccomp" and verb < head and parse.child(verb, "mark") is None:
        # "The army left, she said; the rebels denied it": a sentence of its own
        return "asserted"
    made = complement_modality(parse, head, lexicon, prep=prep)
    if made == CLAIMED or (dep == "pcomp" and made is None):
        return "asserted"
    if dep == "ccomp" and not infinitive and (made is None or lexicon.is_reporting(parse.lemmas[head])):
        return "asserted"
    if made == "planned" and infinitive and parse.lemmas[head] in _WISHING and _has_own_subject(parse, verb):
        # "Honduras wants Mexico to close the frontier", as against "wants to close the frontier"
        return "requested"
    if made is not None and made != "asserted":
        return made
    return read_modality(parse, head, lexicon, depth + 1)


def _is_arranged(parse: Parse, verb: int) -> bool:
    """Whether "be" tells what is arranged: "is to visit Oslo", "the plan is to leave"."""
    return parse.lemmas[verb] == "be" and parse.child(verb, "acomp", "attr", "prep", "advmod") is None


def _is_prospective(parse: Parse, verb: int) -> bool:
    """Whether "go" only makes a future: "is going to leave", as against "is going to Paris to talk"."""
    if parse.lowers[verb] not in ("going", "gon") or parse.child(verb, "prep", "advmod", "prt", "dobj") is not None:
        return False
    infinitive = parse.child(verb, "xcomp")
    return infinitive is not None and parse.child(infinitive, "aux") is not None


def _has_own_subject(parse: Parse, verb: int) -> bool:
    return parse.child(verb, "nsubj", "nsubjpass") is not None


def complement_modality(parse: Parse, verb: int, lexicon: Lexicon, *, prep: str | None = None) -> str | None:
    """What the lexicon says the verb makes of what depends on it; for "called on X to stop" by the preposition."""
    lemma = parse.lemmas[verb]
    made = lexicon.complement_modality(lemma, prep=prep)
    if made is None and prep is None:
        for c in parse.childs(verb, "prep", "prt"):
            made = lexicon.complement_modality(lemma, prep=parse.lowers[c])
            if made is not None:
                break
    return made


def read_noun_modality(parse: Parse, noun: int, lexicon: Lexicon, depth: int = 0) -> str:
    """An event noun's modality: that which its governor gives it ("called for a ceasefire", "no attack")."""
    if _is_empty(parse, noun):
        return "negated"
    if depth > MAX_DEPTH:
        return "asserted"
    dep, head = parse.deps[noun], parse.heads[noun]
    prep: str | None = None
    if dep == "pobj":
        prep, dep = parse.lowers[head], parse.deps[head]
        if prep == "without":
            return "negated"
        head = parse.heads[head]
        if prep in _ADJUNCT and parse.is_verb(head):
            # "will pay after the attack": what an adjunct names has happened, whatever the clause plans
            return "asserted"
    elif dep in ("conj", "appos"):
        return read_noun_modality(parse, head, lexicon, depth + 1)
    if head == noun or dep not in ("dobj", "prep", "nsubj", "nsubjpass", "compound", "agent", "dative", "prt"):
        return "asserted"
    if parse.is_verb(head):
        if dep != "nsubj":
            made = complement_modality(parse, head, lexicon, prep=prep)
            if made not in (None, CLAIMED, "asserted"):
                return str(made)
        return read_modality(parse, head, lexicon, depth + 1)
    if not parse.is_nominal(head) or parse.lemmas[head] in _PRESUPPOSING:
        return "asserted"
    made = _of_noun(parse, head, lexicon) if dep == "prep" else None
    return made or read_noun_modality(parse, head, lexicon, depth + 1)


def _of_noun(parse: Parse, noun: int, lexicon: Lexicon) -> str | None:
    """What a noun makes of what it governs: "calls for talks", "the threat of war", "an agreement to withdraw"."""
    lemma = parse.lemmas[noun]
    if lemma in _IRREALIS:
        return _IRREALIS[lemma]
    row = lexicon.event_noun(lemma)
    return None if row is None else _BY_TYPE.get(row.event_type)
