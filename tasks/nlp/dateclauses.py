"""Which event a date phrase dates: the way from the phrase up the parse to the event's trigger.

Ranks say how close a phrase is to an event, the lowest wins: it stands beside the trigger, it is an adverbial of its
clause, it is one of a participant or of a clause that shares its time. None: the phrase dates something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tasks.nlp.frames import Frame
from tasks.nlp.parse import Parse
from tasks.nlp.tenses import is_reporting, tense

BESIDE, ADVERBIAL, PARTICIPANT, FRONTED, SHARED, SHARED_BACK = range(6)
STEPS = 12  # the longest way from a phrase to its event

# A date after one of these dates what stands before it; after "from", "of", "than", "to" it measures or compares.
DATING = frozenset((
    "in", "on", "at", "during", "since", "by", "over", "throughout", "around", "within", "late", "early", "between",
    "this", "after", "before", "until", "till", "amid",
))  # fmt: skip
_BETWEEN = frozenset({"on", "late", "early", "in", "at", "during"})  # a verb and its date
_RANKING = frozenset({"first", "second", "only", "last"})
_AT = frozenset({"in", "at", "near", "on"})
BOUNDING = frozenset({"after", "before", "until", "till"})
_NOUN_MODIFIERS = frozenset({"poss", "compound", "nummod", "nmod", "amod"})
_MODIFIERS = frozenset({"compound", "nummod", "poss", "nmod", "amod", "appos", "npadvmod", "advmod", "det"})
# "hold talks on Monday", "open fire": verbs whose time is that of the noun they carry
CARRYING = frozenset((
    "hold", "make", "take", "give", "launch", "open", "stage", "mount", "conduct", "carry", "start", "begin", "end",
    "conclude", "sign", "announce", "continue", "resume", "attend", "host", "join", "commit", "win", "lose", "issue",
    "deliver", "undergo",
))  # fmt: skip
# "managed to seize it on Monday", "made an attempt to land on Monday": the attempt's time is the deed's
_IMPLYING = frozenset((
    "manage", "begin", "start", "continue", "help", "try", "attempt", "fail", "seek", "make", "move", "go",
))  # fmt: skip
_HAPPENING = frozenset((
    "take", "occur", "happen", "begin", "start", "end", "come", "follow", "break", "resume", "continue", "be", "last",
    "erupt", "open", "conclude",
))  # fmt: skip
# "posted a profit in May": the noun's time is the verb's, though "posted its 2009 profit" is not of 2009
_SHOWING = frozenset({"post", "report", "have", "see", "suffer", "record", "face", "do", "lead"})
_HAPPENED_IN = frozenset({"in", "during", "at", "amid", "by", "with", "through", "on"})
# "while introducing it, he said": marks of clauses that happen at the same time
_SAME_TIME = frozenset({"while", "as", "when", "whilst"})
_OTHER_TIME = frozenset({"after", "before", "since", "until", "if", "despite", "without"})


@dataclass(frozen=True, slots=True)
class Hanging:
    """A date phrase in the parse: tokens [start, end), and `head`, the one of them that hangs outside the phrase.

    `beside` is the verb right before the phrase, `governor` the verb or noun that the phrase dates by itself; None
    where there is none.
    """

    start: int
    end: int
    head: int
    beside: int | None
    governor: int | None


def read_hanging(parse: Parse, start: int, end: int) -> Hanging:
    """Where the date phrase at tokens [start, end) hangs."""
    head = _phrase_head(parse, start, end)
    return Hanging(start, end, head, _verb_beside(parse, start, end, head), _governor(parse, start, head))


def _phrase_head(parse: Parse, start: int, end: int) -> int:
    """The token of [start, end) that hangs outside it: the first, where a wrong parse gives several."""
    for token in range(start, end):
        head = parse.heads[token]
        if not start <= head < end or head == token:
            return token
    return start


def _verb_beside(parse: Parse, start: int, end: int, head: int) -> int | None:
    """The verb that stands right before the phrase ("said Monday", "said late on Monday"); None where none does."""
    above = parse.heads[head]
    if parse.deps[head] in _NOUN_MODIFIERS and above >= end and parse.pos[above] in ("NOUN", "PROPN"):
        return None  # "condemned Monday's attack"
    at = start - 1
    while at >= 0 and parse.lowers[at] in _BETWEEN:
        at -= 1
    is_verb = at >= 0 and parse.pos[at] == "VERB" and parse.deps[at] not in ("amod", "compound")
    return at if is_verb and parse.tags[at] != "VBG" else None


def _path(parse: Parse, head: int) -> list[int]:
    """From the phrase's head up to the root of its sentence."""
    path = [head]
    while parse.heads[path[-1]] != path[-1] and len(path) < STEPS:
        path.append(parse.heads[path[-1]])
    return path


def _governor(parse: Parse, start: int, head: int) -> int | None:
    """The verb or noun that the phrase dates by itself; None where its preposition measures or bounds."""
    if _compares(parse, start):
        return None
    for below, token in pairwise(_path(parse, head)):
        if parse.deps[token] == "prep" or parse.pos[token] in ("ADP", "SCONJ"):
            if parse.lowers[token] not in DATING:
                return None
            if parse.lowers[token] in BOUNDING and below == head:
                return None
            continue
        if parse.pos[token] in ("VERB", "AUX", "NOUN", "PROPN"):
            return token
    return None


def _compares(parse: Parse, start: int) -> bool:
    """ "its first loss since 1992", "the worst drought since 2002": the date measures how rare the event is."""
    since = start - 1
    if since < 0 or parse.lowers[since] != "since":
        return False
    before = range(max(0, since - 6), since)
    return any(parse.tags[t] in ("JJS", "RBS") or parse.lowers[t] in _RANKING for t in before)


def rank_phrase(parse: Parse, phrase: Hanging, frame: Frame) -> int | None:
    """How close the date phrase is to the frame's event; None where it dates another."""
    trigger, verb = frame.trigger, phrase.beside
    if phrase.start <= trigger < phrase.end:
        return None
    if verb is not None and verb != trigger:
        # "announced Monday it has settled": Monday stands beside "announced", whatever the parse makes of it
        return _rank_from_verb(parse, verb, trigger, phrase.start)
    if verb == trigger:
        return BESIDE
    if frame.kind == "noun":
        return _rank_for_noun(parse, phrase, trigger)
    return _rank_for_verb(parse, phrase, trigger)


def _rank_for_verb(parse: Parse, phrase: Hanging, verb: int) -> int | None:
    dated = phrase.governor
    if dated is None:
        return None
    if parse.is_verb(dated):
        return ADVERBIAL if dated == verb else _rank_from_verb(parse, dated, verb, phrase.start)
    return _rank_from_noun(parse, dated, phrase, verb)


def _rank_from_noun(parse: Parse, noun: int, phrase: Hanging, verb: int) -> int | None:
    """Whether what dates a noun of the clause dates its verb as well."""
    heads, deps, start = parse.heads, parse.deps, phrase.start
    role = noun
    while deps[role] in ("conj", "compound", "appos") and heads[role] != role and _is_noun(parse, heads[role]):
        role = heads[role]
    above = heads[role]
    modifies = heads[phrase.head] == noun and deps[phrase.head] in _MODIFIERS
    if deps[role] == "pobj":
        # "in a Wednesday media event, it released": the adverbial's time is the verb's
        if modifies and parse.lowers[above] not in _HAPPENED_IN:
            return None
        return _rank_from_verb_or_self(parse, heads[above], verb, start, PARTICIPANT)
    if deps[role] in ("dobj", "attr", "nsubjpass", "oprd"):
        # "cancelled the 2016 agreement" dates the agreement; "held talks on Monday" both
        is_adverb = deps[phrase.head] in ("npadvmod", "advmod", "tmod")
        if modifies and not is_adverb and parse.model_lemmas[above] not in CARRYING:
            return None
        return _rank_from_verb_or_self(parse, above, verb, start, PARTICIPANT)
    if deps[role] == "nsubj":
        if modifies and parse.model_lemmas[above] not in _HAPPENING:
            return None
        return _rank_from_verb_or_self(parse, above, verb, start, PARTICIPANT)
    if deps[role] in ("npadvmod", "dep"):
        return _rank_from_verb_or_self(parse, above, verb, start, ADVERBIAL)
    return None


def _is_noun(parse: Parse, token: int) -> bool:
    return parse.pos[token] in ("NOUN", "PROPN")


def _rank_from_verb_or_self(parse: Parse, dated: int, verb: int, start: int, rank: int) -> int | None:
    if dated == verb:
        return rank
    return _rank_from_verb(parse, dated, verb, start) if parse.is_verb(dated) else None


def _rank_from_verb(parse: Parse, dated: int, event: int, start: int) -> int | None:
    """Whether the time of the verb `dated` is also that of `event`: conjoined, simultaneous, or carried by it."""
    if not parse.is_verb(event):
        return _carried(parse, dated, event)
    if _shares_time(parse, event, dated, start):
        return SHARED
    dep = parse.deps[dated]
    if parse.heads[dated] == event and dep in ("conj", "ccomp", "parataxis"):
        same_tense = tense(parse, dated) == tense(parse, event)
        # "A attacked X and bombed Y on Tuesday": the last conjunct's date serves the first
        if dep == "conj" and same_tense and parse.child(dated, "nsubj", "nsubjpass") is None:
            return SHARED_BACK
        # "Shares fell on Tuesday; the index lost 2 %"
        if dep != "conj" and same_tense and dated < event and not is_reporting(parse, event):
            return SHARED_BACK
    return _rank_from_infinitive(parse, dated, event)


def _shares_time(parse: Parse, event: int, dated: int, start: int) -> bool:
    """Up from the event to the dated verb, by conjuncts and clauses that happen at the same time."""
    at = event
    for _ in range(STEPS):
        if at == dated:
            return True
        dep, above = parse.deps[at], parse.heads[at]
        # "On Tuesday A attacked X and bombed Y": conjuncts share what stands before the second
        conjoined = dep == "conj" and parse.is_verb(above) and start < at
        # "They released it on Monday, saying ...", "It happened in 2005 when the ship ran aground"
        simultaneous = dep == "advcl" and _same_time(parse, at)
        if dep == "relcl" and any(parse.lowers[c] == "when" for c in parse.children[at]):
            # "It was bombed during the war of 1991, when the troops were ousted"
            at, simultaneous = _clause_of(parse, above), True
            if at == dated:
                return True
        if not simultaneous and not (conjoined and tense(parse, at) == tense(parse, above)):
            return False
        at = parse.heads[at]
    return False


def _clause_of(parse: Parse, noun: int) -> int:
    """The verb whose clause a noun stands in; the root where there is no verb above it."""
    at = noun
    while parse.heads[at] != at and not parse.is_verb(at):
        at = parse.heads[at]
    return at


def _rank_from_infinitive(parse: Parse, dated: int, event: int) -> int | None:
    """ "managed to seize it on Monday", "made progress to normalise ties in May", "changed it to allow this in 1983".

    The parser hangs the sentence's last phrase on its last verb; what is done to an end has the end's date or none.
    """
    if parse.tags[dated] != "VB" or tense(parse, event) not in ("past", "perfect"):
        return None
    dep, head = parse.deps[dated], parse.heads[dated]
    if dep == "xcomp" and head == event and parse.model_lemmas[event] in _IMPLYING:
        return SHARED
    above = head if dep in ("acl", "relcl") and parse.deps[head] == "dobj" else dated
    if parse.heads[above] == event and (above != dated or dep == "advcl"):
        return SHARED_BACK
    return None


def _same_time(parse: Parse, clause: int) -> bool:
    marks = {parse.lowers[c] for c in parse.childs(clause, "mark", "advmod", "prep") if c < clause}
    if parse.tags[clause] == "VBG":
        return not marks & _OTHER_TIME
    return bool(marks & _SAME_TIME) and tense(parse, clause) == tense(parse, parse.heads[clause])


def _carried(parse: Parse, dated: int, noun: int) -> int | None:
    """ "talks were held on Monday", "killed in an attack on Monday": the verb's time is the noun's."""
    heads, deps = parse.heads, parse.deps
    role = noun
    while deps[role] in ("conj", "compound") and _is_noun(parse, heads[role]):
        role = heads[role]
    head = heads[role]
    if deps[role] == "pobj" and parse.lowers[head] in _HAPPENED_IN:
        above = heads[head]
        if above == dated:
            return PARTICIPANT
        # "hold a meeting for talks on Monday"
        return _carried(parse, dated, above) if _is_noun(parse, above) and above != noun else None
    if head != dated:
        return None
    lemma = parse.model_lemmas[dated]
    if deps[role] in ("dobj", "nsubjpass", "attr") and (lemma in CARRYING or lemma in _SHOWING):
        return PARTICIPANT
    if deps[role] == "nsubj" and lemma in _HAPPENING:
        return PARTICIPANT
    return None


def _rank_for_noun(parse: Parse, phrase: Hanging, noun: int) -> int | None:
    dated = phrase.governor
    if dated is None:
        # "after Monday's attack", "the attack of 5 May": the noun's own modifier, whatever preposition precedes it
        return ADVERBIAL if _modifies(parse, phrase.head, noun) else None
    if dated == noun:
        return ADVERBIAL
    if parse.is_verb(dated):
        return _carried(parse, dated, noun)
    preposition = parse.heads[dated]
    if parse.deps[dated] == "pobj" and parse.heads[preposition] == noun and parse.lowers[preposition] in _AT:
        return PARTICIPANT  # "an attack in Baku on Monday"
    return None


def _modifies(parse: Parse, phrase: int, noun: int) -> bool:
    above = parse.heads[phrase]
    if parse.deps[phrase] == "pobj" and parse.lowers[above] in ("of", "from"):
        return parse.heads[above] == noun
    return above == noun and parse.deps[phrase] in _MODIFIERS
