"""What kind of event a frame is: its PLOVER type by the lexicon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tasks.contracts.codes import EVENT_TYPES
from tasks.lexicon.reader import COMPLEMENT, NO_OBJECT, NOUN, SUBJECT, Lexicon, NounRow, VerbRow
from tasks.nlp.frames import Coding, Frame
from tasks.nlp.parse import Parse
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
_CLAUSE_MARKS = ("aux", "mark")
_ARMED = frozenset({"MIL", "REB", "PRM", "UAF", "COP"})
_PEOPLE = frozenset({"PERSON", "NORP"})
_PERSONAL = frozenset({
    "him", "her", "them", "he", "she", "they", "us", "me", "himself", "herself", "themselves", "who",
})  # fmt: skip
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_WILL = frozenset({"will", "would", "wo", "'ll", "shall"})
_SAID_DUTY = frozenset({"must", "should", "ought"})
_OPEN = frozenset({"planned", "hypothetical", "negated"})
_OWN_WORDS = ("sport", "show", "business", "tech")  # topics in which what must be is no order
_NAMING = frozenset({"event", *EVENT_TYPES})
_OF_CLAUSES = ("control", "report")  # kinds whose @TYPE may be that of the clause under the verb
_NOTHING: frozenset[str] = frozenset()
_DEEPEST = 4  # complements of complements: "agreed to try to start to withdraw"


@dataclass(slots=True)
class _Reading:
    """A frame's words as the rows of the lexicon ask for them; what several rows ask for is looked up once."""

    frame: Frame
    parse: Parse
    lexicon: Lexicon
    preps: frozenset[str]
    objects: tuple[int, ...]
    depth: int = 0
    _acting: list[int] | None = None
    _words: frozenset[str] | None = None

    @property
    def topics(self) -> frozenset[str]:
        return article_topics(self.parse, self.lexicon)

    @property
    def acting(self) -> list[int]:
        if self._acting is None:
            self._acting = _acting(self)
        return self._acting

    @property
    def words(self) -> frozenset[str]:
        """The lemmas, also with a modifier, of all that a row can find its object in."""
        if self._words is None:
            self._words = frozenset(_words(self))
        return self._words


def code_frame(frame: Frame, parse: Parse, *, lexicon: Lexicon) -> Coding:
    """The frame's event type and its action as the table shows it; OTHER where the lexicon has no row for it.

    Of the rows that fit the most specific one wins. A promise to cooperate is AGREE, a hostile act announced THREATEN.
    """
    coding = _code_noun(frame, parse, lexicon) if frame.kind == "noun" else _code_verb(_read(frame, parse, lexicon))
    event_type = _by_modality(coding.event_type, frame, parse, lexicon)
    return coding if event_type == coding.event_type else replace(coding, event_type=event_type)


def event_noun_at(parse: Parse, token: int, *, lexicon: Lexicon) -> NounRow | None:
    """The row of the event noun at a token, with its modifier ("hunger strike") and the article's topic; else None."""
    known = _event_nouns(parse, lexicon)
    if token not in known:
        known[token] = _event_noun(parse, token, lexicon)
    return known[token]


@lru_cache(maxsize=1)
def _event_nouns(parse: Parse, lexicon: Lexicon) -> dict[int, NounRow | None]:
    """What was looked up already in the article: many rows of a verb ask of the same noun."""
    return {}


def _event_noun(parse: Parse, token: int, lexicon: Lexicon) -> NounRow | None:
    lemma = parse.lemmas[token]
    row = lexicon.event_noun(lemma, modifiers=_modifiers(parse, token))
    if row is None or row.noun != lemma:
        return row
    for topic in sorted(article_topics(parse, lexicon)):
        special = lexicon.topic_nouns.get((topic, lemma))
        if special is not None:
            return special
    return row


def _modifiers(parse: Parse, noun: int) -> list[str]:
    return [parse.lemmas[c] for c in parse.children[noun] if parse.deps[c] in _MODIFIERS]


def _code_noun(frame: Frame, parse: Parse, lexicon: Lexicon) -> Coding:
    row = event_noun_at(parse, frame.trigger, lexicon=lexicon)
    if row is None:
        return Coding(event_type="OTHER", action=frame.lemma, entry="")
    return Coding(event_type=row.event_type, action=row.noun, entry=row.entry, own=_own_noun(row))


def _read(frame: Frame, parse: Parse, lexicon: Lexicon, depth: int = 0) -> _Reading:
    trigger = frame.trigger
    preps = {SUBJECT, *frame.particles, *(prep for prep, _ in frame.obliques)}
    # What the frame leaves out: "is committed to opening the economy", "stepped down after weeks", "test-fired",
    # "held the army responsible"
    preps.update(
        parse.lowers[c] for c in parse.children[trigger] if parse.deps[c] in _ADVERBIAL or parse.pos[c] == "ADJ"
    )
    for complement in frame.complements:
        # "told the militia to leave", "charged that he lied": the mark of the clause counts as a preposition.
        marks = (parse.lowers[c] for c in parse.childs(complement, *_CLAUSE_MARKS))
        preps.update(mark for mark in marks if mark in ("to", "that"))
    heads = frame.objects or _undergoing(parse, trigger, frame.complements, passive=frame.passive)
    return _Reading(frame, parse, lexicon, frozenset(preps), tuple(_unfold(parse, heads)), depth)


def _undergoing(parse: Parse, verb: int, complements: tuple[int, ...], *, passive: bool) -> Sequence[int]:
    """What stands for the object of a verb that has none.

    The subject of its passive, the noun that its participle modifies ("sanctions imposed by the EU"), or the subject
    of its complement ("allowed the inspectors to enter").
    """
    if not passive:
        return [c for i in complements for c in parse.childs(i, "nsubj")]
    subject = parse.child(verb, "nsubjpass")
    if subject is not None:
        return [subject]
    return [parse.heads[verb]] if parse.deps[verb] in ("acl", "relcl") else []


def _unfold(parse: Parse, heads: Sequence[int]) -> Iterator[int]:
    """The heads, and what stands in the of-phrase of those that only measure: "a series of attacks"."""
    for head in heads:
        yield head
        if parse.lemmas[head] in _PARTITIVES or parse.pos[head] in ("NUM", "PRON"):
            yield from parse.of_objects(head)


def _code_verb(reading: _Reading) -> Coding:
    frame = reading.frame
    for row in reading.lexicon.verb_rows(frame.lemma):
        if (row.preps and not _asked(row, reading)) or (row.topic and row.topic not in reading.topics):
            continue
        if row.lemmas and not row.classes and row.lemmas.isdisjoint(reading.words):
            continue
        carried: int | None = None
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
    if reading.preps.isdisjoint(row.preposition_words):
        return _NOTHING
    return _NOTHING.union(*(words for words in row.wordings if words <= reading.preps))


def _carried(row: VerbRow, reading: _Reading) -> int | None:
    """The object that the row asks for, None where the frame has none such."""
    parse = reading.parse
    heads = list(reading.objects)
    if SUBJECT in row.preps:
        # "a first batch of troops arrived": whatever the troops come in
        heads = reading.acting + _inside(parse, reading.acting)
    if row.preps:
        asked = _asked(row, reading)
        obliques = [i for prep, i in reading.frame.obliques if prep in asked]
        heads = list(_unfold(parse, obliques)) + heads
    if row.kind == "occur":
        heads = reading.acting + heads
    return next((head for head in heads if _object_fits(head, row, reading)), None)


def _words(reading: _Reading) -> Iterator[str]:
    parse = reading.parse
    heads = {*reading.objects, *reading.acting, *_unfold(parse, [i for _, i in reading.frame.obliques])}
    heads.update(_inside(parse, reading.acting))
    for head in heads:
        yield parse.lemmas[head]
        for modifier in _modifiers(parse, head):
            yield f"{modifier} {parse.lemmas[head]}"


def _inside(parse: Parse, heads: Sequence[int]) -> list[int]:
    """What stands in the of-phrases of the heads."""
    prepositions = (p for head in heads for p in parse.children[head] if parse.lowers[p] == "of")
    return [o for p in prepositions for o in parse.children[p]]


def _acting(reading: _Reading) -> list[int]:
    """The head of the active subject, or of the agent of a passive."""
    parse, verb = reading.parse, reading.frame.trigger
    found = parse.childs(verb, "nsubj")
    if parse.deps[verb] == "relcl" and any(parse.lowers[c] in _RELATIVE for c in found):
        return [parse.heads[verb]]  # "the wave that killed 12"
    found += [o for c in parse.childs(verb, "agent") for o in parse.childs(c, "pobj")]
    if not found and parse.deps[verb] in ("acl", "relcl") and parse.tags[verb] != "VBN":
        return [parse.heads[verb]]
    if not found and not reading.frame.passive:
        # "the troops began to leave": its subject stands with another verb
        return [phrase.head for phrase in reading.frame.actors if phrase.name is None]
    return found


def _object_fits(head: int, row: VerbRow, reading: _Reading) -> bool:
    lemma = reading.parse.lemmas[head]
    if row.lemmas and (
        lemma in row.lemmas or any(f"{modifier} {lemma}" in row.lemmas for modifier in _modifiers(reading.parse, head))
    ):
        return True
    return any(_in_class(head, wanted, reading) for wanted in row.classes)


def _in_class(head: int, wanted: str, reading: _Reading) -> bool:
    parse, roles = reading.parse, reading.lexicon.roles
    if wanted == "@place":
        return parse.entities[head] in _PLACES
    if wanted in ("@person", "@armed"):
        role = roles.get(parse.lemmas[head]) or roles.get(parse.lowers[head])
        sectors = role.sectors if role else ()
        if wanted == "@armed":
            return not _ARMED.isdisjoint(sectors)
        if sectors or parse.entities[head] in _PEOPLE:
            return True
        return parse.pos[head] == "PRON" and parse.lowers[head] in _PERSONAL
    if parse.pos[head] == "PRON":
        return False
    noun = event_noun_at(parse, head, lexicon=reading.lexicon)
    return noun is not None and (wanted == "@event" or noun.event_type == wanted[1:])


def _complement_fits(row: VerbRow, reading: _Reading) -> bool:
    """Whether the clause under the verb is of a type that the row asks for: "vowed to strike back"."""
    wanted = {name[1:] for name in row.classes if name[1:] in EVENT_TYPES}
    return bool(wanted) and _complement_type(reading) in wanted


def _complement_type(reading: _Reading) -> str | None:
    coding = _complement(reading)
    return coding.event_type if coding else None


def _complement(reading: _Reading) -> Coding | None:
    if reading.depth >= _DEEPEST:
        return None
    for verb in reading.frame.complements:
        if reading.parse.pos[verb] == "VERB":
            bare = _bare_frame(reading.parse, verb)
            return _code_verb(_read(bare, reading.parse, reading.lexicon, reading.depth + 1))
    return None


def _own_part(row: VerbRow, carried: int | None, reading: _Reading) -> str:
    """What an analyst's own vocabulary has of the coding: the row, the noun that it carries or the clause under it."""
    if row.own:
        return f"verb {row.verb}"
    noun = event_noun_at(reading.parse, carried, lexicon=reading.lexicon) if carried is not None else None
    if noun is not None and noun.own:
        return _own_noun(noun)
    under = _complement(reading) if row.event_type == COMPLEMENT else None
    return under.own if under else ""


def _own_noun(row: NounRow) -> str:
    return f"noun {row.noun}" if row.own else ""


def _complement_negated(reading: _Reading) -> bool:
    parse = reading.parse
    bare = (verb for verb in reading.frame.complements if parse.deps[verb] == "xcomp")
    return any(parse.child(verb, "neg") is not None for verb in bare)


def _bare_frame(parse: Parse, verb: int) -> Frame:
    """The frame of a verb under another one, as far as its type needs it."""
    return Frame(
        trigger=verb,
        kind="verb",
        lemma=parse.lemmas[verb],
        particles=tuple(parse.lowers[c] for c in parse.childs(verb, "prt")),
        objects=tuple(parse.childs(verb, "dobj")),
        obliques=tuple((parse.lowers[c], o) for c in parse.childs(verb, "prep") for o in parse.childs(c, "pobj")),
        complements=tuple(parse.childs(verb, "xcomp", "ccomp")),
        passive=parse.child(verb, "nsubjpass", "auxpass") is not None,
    )


def _type_of(row: VerbRow, carried: int | None, reading: _Reading) -> str | None:
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
        carried = next(iter(reading.acting), None)
    noun = event_noun_at(reading.parse, carried, lexicon=reading.lexicon) if carried is not None else None
    return noun.event_type if noun else None


def _said_duty(row: VerbRow, reading: _Reading) -> str | None:
    """ "Russia said that Sudan must return it" asks: a REQUEST, where the speaker is not the one who must."""
    complements = reading.frame.complements
    if row.event_type != "STATEMENT" or not complements or not reading.topics.isdisjoint(_OWN_WORDS):
        return None
    parse = reading.parse
    speakers = {phrase.text for phrase in reading.frame.actors}
    for verb in complements:
        subject = parse.child(verb, "nsubj", "nsubjpass")
        if subject is None or parse.pos[subject] not in ("NOUN", "PROPN"):
            continue
        children = parse.children[verb]
        # "insisted that he step down": a bare verb after "that" is wished for
        bare = parse.tags[verb] == "VB" and any(parse.lowers[c] == "that" for c in children)
        duty = any(parse.lowers[c] in _SAID_DUTY for c in parse.childs(verb, "aux")) or (
            bare and parse.child(verb, "aux", "auxpass") is None
        )
        if duty and parse.words[subject] not in speakers:
            return "REQUEST"
    return None


def _action(row: VerbRow | None, carried: int | None, reading: _Reading) -> str:
    """Lemma, particles, carried object and the row's preposition: "break off relation", "call for", "hold talk"."""
    frame, parse = reading.frame, reading.parse
    asked = _asked(row, reading) if row else frozenset()
    adverbs = (parse.lowers[c] for c in parse.childs(frame.trigger, "advmod") if parse.lowers[c] in asked)
    words = [row.verb if row else frame.lemma, *(frame.particles or adverbs)]
    prep = next((p for p, _ in frame.obliques if p in asked and p not in frame.particles), None)
    own = {i for p, i in frame.obliques if p == prep}
    named = carried is not None and row is not None and _is_named(parse, carried, row)
    if carried is not None and named and carried not in own:
        words.append(parse.lemmas[carried])
    if prep is not None:
        words.append(prep)
    if carried is not None and named and carried in own:
        words.append(parse.lemmas[carried])
    return " ".join(words)


def _is_named(parse: Parse, carried: int, row: VerbRow) -> bool:
    """Whether the object belongs to the action: "launch attack", but "shoot" where any person would do."""
    return SUBJECT not in row.preps and (
        parse.lemmas[carried] in row.lemmas or any(wanted[1:] in _NAMING for wanted in row.objects)
    )


def _by_modality(event_type: str, frame: Frame, parse: Parse, lexicon: Lexicon) -> str:
    """What an act still to come, or refused, amounts to.

    "will provide aid": AGREE; "would boycott the vote": THREATEN; "will not accept refugees": REJECT.
    """
    verb, modality = frame.trigger, frame.modality
    if frame.kind != "verb" or modality not in _OPEN or not frame.actors or _is_for_others(parse, verb, lexicon):
        return event_type
    quad = EVENT_TYPES[event_type].quad_class
    if modality == "planned" or (modality == "hypothetical" and _said_would(parse, verb, lexicon)):
        if quad in _COOPERATION:
            return "AGREE"
        if quad == _MATERIAL_CONFLICT:
            return "THREATEN"
    if modality == "negated" and quad in _COOPERATION and _will(parse, verb):
        return "REJECT"
    return event_type


def _said_would(parse: Parse, verb: int, lexicon: Lexicon) -> bool:
    """Whether the act is announced on a condition: "said they would strike if wages were not raised"."""
    above = parse.heads[verb]
    return parse.deps[verb] == "ccomp" and _will(parse, verb) and lexicon.is_reporting(parse.lemmas[above])


def _is_for_others(parse: Parse, verb: int, lexicon: Lexicon) -> bool:
    """Whether the act is no promise of its actor: a purpose ("came to help"), another's will ("forced to leave")."""
    if _will(parse, verb):
        return False
    dep = parse.deps[verb]
    return dep in ("advcl", "acl", "relcl") or (
        dep in ("xcomp", "ccomp") and lexicon.is_object_control(parse.lemmas[parse.heads[verb]])
    )


def _will(parse: Parse, verb: int) -> bool:
    return any(parse.lowers[c] in _WILL for c in parse.childs(verb, "aux"))
