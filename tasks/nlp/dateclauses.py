"""Which event a date phrase dates: the way from the phrase up the parse to the event's trigger.

Ranks say how close a phrase is to an event, the lowest wins: it stands beside the trigger, it is an adverbial of its
clause, it is one of a participant or of a clause that shares its time. None: the phrase dates something else.
"""

from __future__ import annotations

from itertools import pairwise

from spacy.tokens import Doc, Token

from tasks.nlp.frames import Frame
from tasks.nlp.tenses import is_reporting, tense

BESIDE, ADVERBIAL, PARTICIPANT, FRONTED, SHARED, SHARED_BACK = range(6)
STEPS = 12  # the longest way from a phrase to its event

# A date after one of these dates what stands before it; after "from", "of", "than", "to" it measures or compares.
DATING = frozenset((
    "in", "on", "at", "during", "since", "by", "over", "throughout", "around", "within", "late", "early", "between",
    "this", "after", "before", "until", "till", "amid",
))  # fmt: skip
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


def phrase_head(doc: Doc, start: int, end: int) -> Token:
    """The token of [start, end) that hangs outside it: the first, where a wrong parse gives several."""
    for token in doc[start:end]:
        if not start <= token.head.i < end or token.head.i == token.i:
            return token
    return doc[start]


def rank_phrase(doc: Doc, start: int, end: int, frame: Frame) -> int | None:
    """How close the date phrase at tokens [start, end) is to the frame's event; None where it dates another."""
    trigger = doc[frame.trigger]
    if start <= frame.trigger < end:
        return None
    verb = verb_beside(doc, start, end)
    if verb is not None and verb != frame.trigger:
        # "announced Monday it has settled": Monday stands beside "announced", whatever the parse makes of it
        return _rank_from_verb(doc[verb], trigger, start) if doc[verb].pos_ == "VERB" else None
    if verb == frame.trigger:
        return BESIDE
    if frame.kind == "noun":
        return _rank_for_noun(doc, start, end, trigger)
    return _rank_for_verb(doc, start, end, trigger)


def verb_beside(doc: Doc, start: int, end: int) -> int | None:
    """The verb that stands right before the phrase ("said Monday", "said late on Monday"); None where none does."""
    head = phrase_head(doc, start, end)
    if head.dep_ in _NOUN_MODIFIERS and head.head.i >= end and head.head.pos_ in ("NOUN", "PROPN"):
        return None  # "condemned Monday's attack"
    at = start - 1
    while at >= 0 and doc[at].lower_ in ("on", "late", "early", "in", "at", "during"):
        at -= 1
    if at >= 0 and doc[at].pos_ == "VERB" and doc[at].dep_ not in ("amod", "compound") and doc[at].tag_ != "VBG":
        return at
    return None


def _path(doc: Doc, start: int, end: int) -> list[Token]:
    """From the phrase's head up to the root of its sentence."""
    token = phrase_head(doc, start, end)
    path = [token]
    while token.head.i != token.i and len(path) < STEPS:
        token = token.head
        path.append(token)
    return path


def governor(doc: Doc, start: int, end: int) -> Token | None:
    """The verb or noun that the phrase dates by itself; None where its preposition measures or bounds."""
    path = _path(doc, start, end)
    if _compares(doc, start):
        return None
    for below, token in pairwise(path):
        if token.dep_ == "prep" or token.pos_ in ("ADP", "SCONJ"):
            if token.lower_ not in DATING:
                return None
            if token.lower_ in BOUNDING and below.i == path[0].i:
                return None
            continue
        if token.pos_ in ("VERB", "AUX", "NOUN", "PROPN"):
            return token
    return None


def _compares(doc: Doc, start: int) -> bool:
    """ "its first loss since 1992", "the worst drought since 2002": the date measures how rare the event is."""
    if start == 0 or doc[start - 1].lower_ != "since":
        return False
    since = doc[start - 1]
    before = doc[max(0, since.i - 6) : since.i]
    return any(t.tag_ in ("JJS", "RBS") or t.lower_ in ("first", "second", "only", "last") for t in before)


def _rank_for_verb(doc: Doc, start: int, end: int, verb: Token) -> int | None:
    dated = governor(doc, start, end)
    if dated is None:
        return None
    if dated.pos_ in ("VERB", "AUX"):
        if dated.i == verb.i:
            return ADVERBIAL
        return _rank_from_verb(dated, verb, start)
    return _rank_from_noun(dated, phrase_head(doc, start, end), verb, start)


def _rank_from_noun(noun: Token, phrase: Token, verb: Token, start: int) -> int | None:
    """Whether what dates a noun of the clause dates its verb as well."""
    role = noun
    while role.dep_ in ("conj", "compound", "appos") and role.head.i != role.i and role.head.pos_ in ("NOUN", "PROPN"):
        role = role.head
    above = role.head
    modifies = phrase.head.i == noun.i and phrase.dep_ in _MODIFIERS
    if role.dep_ == "pobj":
        # "in a Wednesday media event, it released": the adverbial's time is the verb's
        preposition = role.head
        if preposition.lower_ not in _HAPPENED_IN:
            return None if modifies else _rank_from_verb_or_self(preposition.head, verb, start, PARTICIPANT)
        return _rank_from_verb_or_self(preposition.head, verb, start, PARTICIPANT)
    if role.dep_ in ("dobj", "attr", "nsubjpass", "oprd"):
        # "cancelled the 2016 agreement" dates the agreement; "held talks on Monday" both
        if modifies and phrase.dep_ not in ("npadvmod", "advmod", "tmod") and above.lemma_ not in CARRYING:
            return None
        return _rank_from_verb_or_self(above, verb, start, PARTICIPANT)
    if role.dep_ == "nsubj":
        if modifies and above.lemma_ not in _HAPPENING:
            return None
        return _rank_from_verb_or_self(above, verb, start, PARTICIPANT)
    if role.dep_ in ("npadvmod", "dep"):
        return _rank_from_verb_or_self(above, verb, start, ADVERBIAL)
    return None


def _rank_from_verb_or_self(dated: Token, verb: Token, start: int, rank: int) -> int | None:
    if dated.i == verb.i:
        return rank
    return _rank_from_verb(dated, verb, start) if dated.pos_ in ("VERB", "AUX") else None


def _rank_from_verb(dated: Token, event: Token, start: int) -> int | None:
    """Whether the time of the verb `dated` is also that of `event`: conjoined, simultaneous, or carried by it."""
    if event.pos_ not in ("VERB", "AUX"):
        return _carried(dated, event)
    if _shares_time(event, dated, start):
        return SHARED
    same_tense = tense(dated) == tense(event)
    own_subject = any(c.dep_ in ("nsubj", "nsubjpass") for c in dated.children)
    if dated.head.i == event.i and same_tense:
        # "A attacked X and bombed Y on Tuesday": the last conjunct's date serves the first
        if dated.dep_ == "conj" and not own_subject:
            return SHARED_BACK
        # "Shares fell on Tuesday; the index lost 2 %"
        if dated.dep_ in ("ccomp", "parataxis") and dated.i < event.i and not is_reporting(event):
            return SHARED_BACK
    return _rank_from_infinitive(dated, event)


def _shares_time(event: Token, dated: Token, start: int) -> bool:
    """Up from the event to the dated verb, by conjuncts and clauses that happen at the same time."""
    at = event
    for _ in range(STEPS):
        if at.i == dated.i:
            return True
        # "On Tuesday A attacked X and bombed Y": conjuncts share what stands before the second
        conjoined = at.dep_ == "conj" and at.head.pos_ in ("VERB", "AUX") and start < at.i
        # "They released it on Monday, saying ...", "It happened in 2005 when the ship ran aground"
        simultaneous = at.dep_ == "advcl" and _same_time(at)
        if at.dep_ == "relcl" and any(c.lower_ == "when" for c in at.children):
            # "It was bombed during the war of 1991, when the troops were ousted"
            at, simultaneous = _clause_of(at.head), True
            if at.i == dated.i:
                return True
        if not simultaneous and not (conjoined and tense(at) == tense(at.head)):
            return False
        at = at.head
    return False


def _clause_of(noun: Token) -> Token:
    """The verb whose clause a noun stands in; the root where there is no verb above it."""
    at = noun
    while at.head.i != at.i and at.pos_ not in ("VERB", "AUX"):
        at = at.head
    return at


def _rank_from_infinitive(dated: Token, event: Token) -> int | None:
    """ "managed to seize it on Monday", "made progress to normalise ties in May", "changed it to allow this in 1983".

    The parser hangs the sentence's last phrase on its last verb; what is done to an end has the end's date or none.
    """
    if dated.tag_ != "VB" or tense(event) not in ("past", "perfect"):
        return None
    if dated.dep_ == "xcomp" and dated.head.i == event.i and event.lemma_ in _IMPLYING:
        return SHARED
    above = dated.head if dated.dep_ in ("acl", "relcl") and dated.head.dep_ == "dobj" else dated
    if above.head.i == event.i and (above.i != dated.i or dated.dep_ == "advcl"):
        return SHARED_BACK
    return None


def _same_time(clause: Token) -> bool:
    marks: set[str] = {c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod", "prep") and c.i < clause.i}
    if clause.tag_ == "VBG":
        return not marks & _OTHER_TIME
    return bool(marks & _SAME_TIME and tense(clause) == tense(clause.head))


def _carried(dated: Token, noun: Token) -> int | None:
    """ "talks were held on Monday", "killed in an attack on Monday": the verb's time is the noun's."""
    role = noun
    while role.dep_ in ("conj", "compound") and role.head.pos_ in ("NOUN", "PROPN"):
        role = role.head
    if role.dep_ == "pobj" and role.head.lower_ in _HAPPENED_IN:
        above = role.head.head
        if above.i == dated.i:
            return PARTICIPANT
        # "hold a meeting for talks on Monday"
        return _carried(dated, above) if above.pos_ in ("NOUN", "PROPN") and above.i != noun.i else None
    if role.head.i != dated.i:
        return None
    if role.dep_ in ("dobj", "nsubjpass", "attr") and (dated.lemma_ in CARRYING or dated.lemma_ in _SHOWING):
        return PARTICIPANT
    if role.dep_ == "nsubj" and dated.lemma_ in _HAPPENING:
        return PARTICIPANT
    return None


def _rank_for_noun(doc: Doc, start: int, end: int, noun: Token) -> int | None:
    dated = governor(doc, start, end)
    if dated is None:
        # "after Monday's attack", "the attack of 5 May": the noun's own modifier, whatever preposition precedes it
        return ADVERBIAL if _modifies(doc, start, end, noun) else None
    if dated.i == noun.i:
        return ADVERBIAL
    if dated.pos_ in ("VERB", "AUX"):
        return _carried(dated, noun)
    if dated.dep_ == "pobj" and dated.head.head.i == noun.i and dated.head.lower_ in ("in", "at", "near", "on"):
        return PARTICIPANT  # "an attack in Baku on Monday"
    return None


def _modifies(doc: Doc, start: int, end: int, noun: Token) -> bool:
    head = phrase_head(doc, start, end)
    if head.dep_ == "pobj" and head.head.lower_ in ("of", "from"):
        return bool(head.head.head.i == noun.i)
    return bool(head.head.i == noun.i and head.dep_ in _MODIFIERS)
