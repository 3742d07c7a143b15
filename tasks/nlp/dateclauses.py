"""Which event a date phrase dates: the way from the phrase up the parse to the event's trigger.

Ranks say how close a phrase is to an event, the lowest wins: it stands beside the trigger, it is an adverbial of its
clause, it is one of a participant or of a clause that shares its time. None: the phrase dates something else.
"""

from __future__ import annotations

from spacy.tokens import Doc, Token

from tasks.nlp.frames import Frame

BESIDE, ADVERBIAL, PARTICIPANT, FRONTED, SHARED, SHARED_BACK = range(6)
STEPS = 12  # the longest way from a phrase to its event

# A date after one of these dates what stands before it; after "from", "of", "than", "to" it measures or compares.
DATING = frozenset(
    "in on at during since by over throughout around within late early between this after before until till amid".split()
)
BOUNDING = frozenset({"after", "before", "until", "till"})
_MODIFIERS = frozenset({"compound", "nummod", "poss", "nmod", "amod", "appos", "npadvmod", "advmod", "tmod", "det"})
_CLAUSES = frozenset({"acl", "relcl", "advcl", "ccomp", "csubj", "csubjpass", "parataxis", "pcomp"})
# "hold talks on Monday", "open fire": verbs whose time is that of the noun they carry
CARRYING = frozenset(
    "hold have make take give launch open stage mount conduct carry start begin end conclude sign announce begin "
    "continue resume attend host join commit lead win lose issue deliver stage undergo face do post report".split()
)
_HAPPENING = frozenset("take occur happen begin start end come follow break resume continue be last erupt open conclude".split())
_HAPPENED_IN = frozenset({"in", "during", "at", "amid", "by", "with", "through", "on"})
# "while introducing it, he said": marks of clauses that happen at the same time
_SAME_TIME = frozenset({"while", "as", "when", "whilst"})


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
    verb = verb_beside(doc, start)
    if verb is not None and verb != frame.trigger:
        # "announced Monday it has settled": Monday stands beside "announced", whatever the parse makes of it
        return _rank_from_verb(doc[verb], trigger, start) if doc[verb].pos_ == "VERB" else None
    if verb == frame.trigger:
        return BESIDE
    if frame.kind == "noun":
        return _rank_for_noun(doc, start, end, trigger)
    return _rank_for_verb(doc, start, end, trigger)


def verb_beside(doc: Doc, start: int) -> int | None:
    """The verb that stands right before the phrase ("said Monday", "said late on Monday"); None where none does."""
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
    for below, token in zip(path, path[1:], strict=False):
        if token.dep_ == "prep" or token.pos_ in ("ADP", "SCONJ"):
            if token.lower_ not in DATING:
                return None
            if token.lower_ in BOUNDING and below.i == path[0].i:
                return None
            continue
        if token.pos_ in ("VERB", "AUX", "NOUN", "PROPN"):
            return token
    return None


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
    # "On Tuesday A attacked X and bombed Y": conjuncts share what stands before the first
    at, steps = event, 0
    while at.i != dated.i and steps < STEPS:
        if at.dep_ == "conj" and at.head.pos_ in ("VERB", "AUX"):
            if start > at.left_edge.i and start > at.i:
                return None
            at = at.head
        elif at.dep_ == "advcl" and at.tag_ == "VBG" and _same_time(at):
            # "Apple released it on Monday, saying ...", "While introducing it on Monday, he said"
            at = at.head
        elif at.dep_ == "xcomp" and at.tag_ in ("VBG", "VB") and at.head.lemma_ in CARRYING:
            at = at.head
        else:
            break
        steps += 1
    if at.i == dated.i:
        return SHARED
    # "A attacked X and bombed Y on Tuesday": the last conjunct's date serves the first where they share the subject
    if dated.dep_ == "conj" and dated.head.i == event.i and not any(c.dep_ in ("nsubj", "nsubjpass") for c in dated.children):
        return SHARED_BACK
    return None


def _same_time(clause: Token) -> bool:
    marks = [c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod", "prep") and c.i < clause.i]
    return all(mark in _SAME_TIME for mark in marks if mark in ("after", "before", "since", "until", "if", *_SAME_TIME))


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
    if role.dep_ in ("dobj", "nsubjpass", "attr") and dated.lemma_ in CARRYING:
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
        return head.head.head.i == noun.i
    return head.head.i == noun.i and head.dep_ in _MODIFIERS


def is_background(token: Token) -> bool:
    """Told as lying before the story: in the past perfect, or "previously".

    A past perfect under a past reporting verb ("said it had lost") is the report's own tense and none.
    """
    if any(c.dep_ == "advmod" and c.lower_ in ("previously", "formerly", "earlier", "once") for c in token.children):
        return True
    verb = token
    while verb.dep_ == "conj" and verb.tag_ == "VBN" and not _auxiliaries(verb) and verb.head.pos_ == "VERB":
        verb = verb.head
    if verb.tag_ != "VBN" or not any(a.lower_ in ("had", "'d") for a in _auxiliaries(verb)):
        return False
    return not (verb.dep_ == "ccomp" and verb.head.tag_ in ("VBD", "VBN"))


def _auxiliaries(verb: Token) -> list[Token]:
    return [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
