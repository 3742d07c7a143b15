"""What kind of event a frame is: its PLOVER type by the lexicon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from tasks.contracts.codes import EVENT_TYPES
from tasks.lexicon.reader import COMPLEMENT, NO_OBJECT, NOUN, SUBJECT, Lexicon, NounRow, VerbRow
from tasks.nlp.frames import Coding, Frame
from tasks.nlp.topics import article_topics

_COOPERATION, _MATERIAL_CONFLICT = (1, 2), 4  # quad classes
_RELATIVE = frozenset({"that", "which", "who"})
# Heads that only measure or group what stands in their of-phrase: "a series of attacks", "tons of food".
_PARTITIVES = frozenset({
    "amount", "barrage", "batch", "bunch", "bulk", "couple", "day", "deal", "dozen", "form", "group", "half", "handful",
    "hundred", "kind", "lot", "majority", "million", "month", "number", "package", "pair", "part", "piece", "quantity",
    "range", "rest", "round", "salvo", "series", "set", "shipment", "sort", "spate", "stage", "string", "thousand",
    "ton", "tonne", "type", "volley", "wave", "week", "worth", "year",
})  # fmt: skip
_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_ADVERBIAL = frozenset({"prep", "prt", "advmod", "npadvmod", "nmod", "compound", "oprd"})
_CLAUSE_MARKS = frozenset({"aux", "mark"})
_ARMED = frozenset({"MIL", "REB", "PRM", "UAF", "COP"})
_PEOPLE = frozenset({"PERSON", "NORP"})
_PERSONAL = frozenset({
    "him", "her", "them", "he", "she", "they", "us", "me", "himself", "herself", "themselves", "who",
})  # fmt: skip
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_WILL = frozenset({"will", "would", "wo", "'ll", "shall"})
_SAID_DUTY = frozenset({"must", "should", "ought"})
_NAMING = frozenset({"event", *EVENT_TYPES})
_OF_CLAUSES = ("control", "report")  # kinds whose @TYPE may be that of the clause under the verb
_DEEPEST = 4  # complements of complements: "agreed to try to start to withdraw"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A frame's words as the rows of the lexicon ask for them, with what is looked up once."""

    frame: Frame
    doc: Doc
    lexicon: Lexicon
    preps: frozenset[str]
    objects: tuple[Token, ...]
    depth: int = 0

    @property
    def topics(self) -> frozenset[str]:
        return article_topics(self.doc, self.lexicon)


def code_frame(frame: Frame, doc: Doc, *, lexicon: Lexicon) -> Coding:
    """The frame's event type and its action as the table shows it; OTHER where the lexicon has no row for it.

    Of the rows that fit the most specific one wins. A promise to cooperate is AGREE, a hostile act announced THREATEN.
    """
    coding = _code_noun(frame, doc, lexicon) if frame.kind == "noun" else _code_verb(_read(frame, doc, lexicon))
    return replace(coding, event_type=_by_modality(coding.event_type, frame, doc, lexicon))


def event_noun_at(token: Token, doc: Doc, *, lexicon: Lexicon) -> NounRow | None:
    """The row of the event noun at a token, with its modifier ("hunger strike") and the article's topic; else None."""
    lemma = token.lemma_.lower()
    row = lexicon.event_noun(lemma, modifiers=_modifiers(token))
    if row is None or row.noun != lemma:
        return row
    for topic in sorted(article_topics(doc, lexicon)):
        special = lexicon.topic_nouns.get((topic, lemma))
        if special is not None:
            return special
    return row


def _modifiers(noun: Token) -> tuple[str, ...]:
    return tuple(child.lemma_.lower() for child in noun.children if child.dep_ in _MODIFIERS)


def _code_noun(frame: Frame, doc: Doc, lexicon: Lexicon) -> Coding:
    row = event_noun_at(doc[frame.trigger], doc, lexicon=lexicon)
    if row is None:
        return Coding(event_type="OTHER", action=frame.lemma, entry="")
    return Coding(event_type=row.event_type, action=row.noun, entry=row.entry, own=_own_noun(row))


def _read(frame: Frame, doc: Doc, lexicon: Lexicon, depth: int = 0) -> _Reading:
    preps = {SUBJECT, *frame.particles, *(prep for prep, _ in frame.obliques)}
    # What the frame leaves out: "is committed to opening the economy", "stepped down after weeks", "test-fired",
    # "held the army responsible"
    preps.update(c.lower_ for c in doc[frame.trigger].children if c.dep_ in _ADVERBIAL or c.pos_ == "ADJ")
    for complement in frame.complements:
        # "told the militia to leave", "charged that he lied": the mark of the clause counts as a preposition.
        marks = (c.lower_ for c in doc[complement].children if c.dep_ in _CLAUSE_MARKS and c.lower_ in ("to", "that"))
        preps.update(marks)
    trigger = doc[frame.trigger]
    heads = [doc[i] for i in frame.objects] or list(_undergoing(trigger, frame.complements, passive=frame.passive))
    return _Reading(frame, doc, lexicon, frozenset(preps), tuple(_unfold(heads)), depth)


def _undergoing(verb: Token, complements: tuple[int, ...], *, passive: bool) -> Iterator[Token]:
    """What stands for the object of a verb that has none.

    The subject of its passive, the noun that its participle modifies ("sanctions imposed by the EU"), or the subject
    of its complement ("allowed the inspectors to enter").
    """
    if not passive:
        yield from (c for i in complements for c in verb.doc[i].children if c.dep_ == "nsubj")
        return
    subjects = [child for child in verb.children if child.dep_ == "nsubjpass"]
    if subjects:
        yield subjects[0]
    elif verb.dep_ in ("acl", "relcl"):
        yield verb.head


def _unfold(heads: list[Token]) -> Iterator[Token]:
    """The heads, and what stands in the of-phrase of those that only measure: "a series of attacks"."""
    for head in heads:
        yield head
        if head.lemma_.lower() in _PARTITIVES or head.pos_ in ("NUM", "PRON"):
            for prep in head.children:
                if prep.lower_ == "of":
                    yield from (c for c in prep.children if c.dep_ == "pobj")


def _code_verb(reading: _Reading) -> Coding:
    frame = reading.frame
    for row in reading.lexicon.verb_rows(frame.lemma):
        if (row.preps and not _asked(row, reading)) or (row.topic and row.topic not in reading.topics):
            continue
        carried: Token | None = None
        if row.objects:
            carried = None if row.objects == (NO_OBJECT,) else _carried(row, reading)
            if row.objects == (NO_OBJECT,):
                if reading.objects:
                    continue
            elif carried is None and (row.kind not in _OF_CLAUSES or not _complement_fits(row, reading)):
                continue
        event_type = _type_of(row, carried, reading)
        if event_type == "AGREE" and row.kind == "control" and _complement_negated(reading):
            event_type = "REJECT"  # "vowed not to return the land"
        if event_type is None or (row.unless and reading.topics.intersection(row.unless)):
            continue
        return Coding(
            event_type=event_type,
            action=_action(row, carried, reading),
            entry=row.entry,
            own=_own_part(row, carried, reading),
        )
    return Coding(event_type="OTHER", action=_action(None, None, reading), entry="")


def _asked(row: VerbRow, reading: _Reading) -> frozenset[str]:
    """The row's prepositions that the frame has, each with all its words ("out", "against"); empty where none is."""
    found = (words for words in map(str.split, row.preps) if reading.preps.issuperset(words))
    return frozenset(word for words in found for word in words)


def _carried(row: VerbRow, reading: _Reading) -> Token | None:
    """The object that the row asks for, None where the frame has none such."""
    heads = list(reading.objects)
    if SUBJECT in row.preps:
        # "a first batch of troops arrived": whatever the troops come in
        acting = _acting(reading)
        heads = acting + [o for a in acting for p in a.children if p.lower_ == "of" for o in p.children]
    if row.preps:
        asked = _asked(row, reading)
        obliques = [reading.doc[i] for prep, i in reading.frame.obliques if prep in asked]
        heads = list(_unfold(obliques)) + heads
    if row.kind == "occur":
        heads = _acting(reading) + heads
    return next((head for head in heads if _object_fits(head, row, reading)), None)


def _acting(reading: _Reading) -> list[Token]:
    """The head of the active subject, or of the agent of a passive."""
    verb = reading.doc[reading.frame.trigger]
    found = [c for c in verb.children if c.dep_ == "nsubj"]
    if verb.dep_ == "relcl" and any(c.lower_ in _RELATIVE for c in found):
        return [verb.head]  # "the wave that killed 12"
    found += [o for c in verb.children if c.dep_ == "agent" for o in c.children if o.dep_ == "pobj"]
    if not found and verb.dep_ in ("acl", "relcl") and verb.tag_ != "VBN":
        return [verb.head]
    if not found and not reading.frame.passive:
        # "the troops began to leave": its subject stands with another verb
        return [reading.doc[phrase.head] for phrase in reading.frame.actors if phrase.name is None]
    return found


def _object_fits(head: Token, row: VerbRow, reading: _Reading) -> bool:
    lemma = head.lemma_.lower()
    if lemma in row.objects or any(f"{modifier} {lemma}" in row.objects for modifier in _modifiers(head)):
        return True
    return any(wanted[0] == "@" and _in_class(head, wanted, reading) for wanted in row.objects)


def _in_class(head: Token, wanted: str, reading: _Reading) -> bool:
    if wanted == "@place":
        return head.ent_type_ in _PLACES
    if wanted in ("@person", "@armed"):
        role = reading.lexicon.roles.get(head.lemma_.lower()) or reading.lexicon.roles.get(head.lower_)
        sectors = role.sectors if role else ()
        if wanted == "@armed":
            return not _ARMED.isdisjoint(sectors)
        return bool(sectors) or head.ent_type_ in _PEOPLE or (head.pos_ == "PRON" and head.lower_ in _PERSONAL)
    if head.pos_ == "PRON":
        return False
    noun = event_noun_at(head, reading.doc, lexicon=reading.lexicon)
    return noun is not None and (wanted == "@event" or noun.event_type == wanted[1:])


_PERSONAL = frozenset(
    {"him", "her", "them", "he", "she", "they", "us", "me", "himself", "herself", "themselves", "who"}
)


def _complement_fits(row: VerbRow, reading: _Reading) -> bool:
    """Whether the clause under the verb is of a type that the row asks for: "vowed to strike back"."""
    wanted = {name[1:] for name in row.objects if name[0] == "@" and name[1:] in EVENT_TYPES}
    return bool(wanted) and _complement_type(reading) in wanted


def _complement_type(reading: _Reading) -> str | None:
    coding = _complement(reading)
    return coding.event_type if coding else None


def _complement(reading: _Reading) -> Coding | None:
    if reading.depth >= _DEEPEST:
        return None
    for index in reading.frame.complements:
        verb = reading.doc[index]
        if verb.pos_ == "VERB":
            return _code_verb(_read(_bare_frame(verb), reading.doc, reading.lexicon, reading.depth + 1))
    return None


def _own_part(row: VerbRow, carried: Token | None, reading: _Reading) -> str:
    """What an analyst's own vocabulary has of the coding: the row, the noun that it carries or the clause under it."""
    if row.own:
        return f"verb {row.verb}"
    noun = event_noun_at(carried, reading.doc, lexicon=reading.lexicon) if carried is not None else None
    if noun is not None and noun.own:
        return _own_noun(noun)
    under = _complement(reading) if row.event_type == COMPLEMENT else None
    return under.own if under else ""


def _own_noun(row: NounRow) -> str:
    return f"noun {row.noun}" if row.own else ""


def _complement_negated(reading: _Reading) -> bool:
    bare = (reading.doc[index] for index in reading.frame.complements if reading.doc[index].dep_ == "xcomp")
    return any(c.dep_ == "neg" for verb in bare for c in verb.children)


def _bare_frame(verb: Token) -> Frame:
    """The frame of a verb under another one, as far as its type needs it."""
    children = list(verb.children)
    return Frame(
        trigger=verb.i,
        kind="verb",
        lemma=verb.lemma_.lower(),
        particles=tuple(c.lower_ for c in children if c.dep_ == "prt"),
        objects=tuple(c.i for c in children if c.dep_ == "dobj"),
        obliques=tuple((c.lower_, o.i) for c in children if c.dep_ == "prep" for o in c.children if o.dep_ == "pobj"),
        complements=tuple(c.i for c in children if c.dep_ in ("xcomp", "ccomp")),
        passive=any(c.dep_ in ("nsubjpass", "auxpass") for c in children),
    )


def _type_of(row: VerbRow, carried: Token | None, reading: _Reading) -> str | None:
    """The row's type, that of the noun it carries or of the clause under it; None where there is no such."""
    if row.event_type == COMPLEMENT:
        event_type = _complement_type(reading)
        if row.complement != "negated" or event_type is None:
            return event_type
        # "failed to reach them", "avoided a meeting": cooperation refused, and no event where it is anything else
        return "REJECT" if EVENT_TYPES[event_type].quad_class in _COOPERATION else "OTHER"
    if row.event_type != NOUN:
        return _said_duty(row, reading) or row.event_type
    if carried is None and row.kind == "occur":
        carried = next(iter(_acting(reading)), None)
    noun = event_noun_at(carried, reading.doc, lexicon=reading.lexicon) if carried is not None else None
    return noun.event_type if noun else None


def _said_duty(row: VerbRow, reading: _Reading) -> str | None:
    """ "Russia said that Sudan must return it" asks: a REQUEST, where the speaker is not the one who must."""
    if row.event_type != "STATEMENT" or reading.topics.intersection(("sport", "show", "business", "tech")):
        return None
    speakers = {phrase.text for phrase in reading.frame.actors}
    for index in reading.frame.complements:
        children = list(reading.doc[index].children)
        subject = next((c for c in children if c.dep_ in ("nsubj", "nsubjpass")), None)
        # "insisted that he step down": a bare verb after "that" is wished for
        bare = reading.doc[index].tag_ == "VB" and any(c.lower_ == "that" for c in children)
        duty = any(c.dep_ == "aux" and c.lower_ in _SAID_DUTY for c in children) or (
            bare and all(c.dep_ not in ("aux", "auxpass") for c in children)
        )
        if duty and subject is not None and subject.pos_ in ("NOUN", "PROPN") and subject.text not in speakers:
            return "REQUEST"
    return None


def _action(row: VerbRow | None, carried: Token | None, reading: _Reading) -> str:
    """Lemma, particles, carried object and the row's preposition: "break off relation", "call for", "hold talk"."""
    frame = reading.frame
    asked = _asked(row, reading) if row else frozenset()
    adverbs = (c.lower_ for c in reading.doc[frame.trigger].children if c.dep_ == "advmod" and c.lower_ in asked)
    words = [row.verb if row else frame.lemma, *(frame.particles or adverbs)]
    prep = next((p for p, _ in frame.obliques if p in asked and p not in frame.particles), None)
    own = {i for p, i in frame.obliques if p == prep}
    named = carried is not None and row is not None and _is_named(carried, row)
    if carried is not None and named and carried.i not in own:
        words.append(carried.lemma_.lower())
    if prep is not None:
        words.append(prep)
    if carried is not None and named and carried.i in own:
        words.append(carried.lemma_.lower())
    return " ".join(words)


def _is_named(carried: Token, row: VerbRow) -> bool:
    """Whether the object belongs to the action: "launch attack", but "shoot" where any person would do."""
    return SUBJECT not in row.preps and (
        carried.lemma_.lower() in row.objects or any(wanted[1:] in _NAMING for wanted in row.objects)
    )


def _by_modality(event_type: str, frame: Frame, doc: Doc, lexicon: Lexicon) -> str:
    """What an act still to come, or refused, amounts to.

    "will provide aid": AGREE; "would boycott the vote": THREATEN; "will not accept refugees": REJECT.
    """
    quad = EVENT_TYPES[event_type].quad_class
    if frame.kind != "verb" or not frame.actors or _is_for_others(doc[frame.trigger], lexicon):
        return event_type
    cooperative = quad in _COOPERATION
    if frame.modality == "planned" or (frame.modality == "hypothetical" and _said_would(doc[frame.trigger], lexicon)):
        if cooperative:
            return "AGREE"
        if quad == _MATERIAL_CONFLICT:
            return "THREATEN"
    if frame.modality == "negated" and quad in _COOPERATION and _will(doc[frame.trigger]):
        return "REJECT"
    return event_type


def _said_would(verb: Token, lexicon: Lexicon) -> bool:
    """Whether the act is announced on a condition: "said they would strike if wages were not raised"."""
    return verb.dep_ == "ccomp" and _will(verb) and lexicon.is_reporting(verb.head.lemma_.lower())


def _is_for_others(verb: Token, lexicon: Lexicon) -> bool:
    """Whether the act is no promise of its actor: a purpose ("came to help"), another's will ("forced to leave")."""
    if _will(verb):
        return False
    return verb.dep_ in ("advcl", "acl", "relcl") or (
        verb.dep_ in ("xcomp", "ccomp") and lexicon.is_object_control(verb.head.lemma_.lower())
    )


def _will(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ in _WILL for c in verb.children)
