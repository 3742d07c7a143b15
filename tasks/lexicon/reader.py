"""Reads and checks the vocabularies of `tasks/lexicon`: verbs, event nouns, agents, organisations, leaders, topics.

A cell with several alternatives separates them by `|`. Lines that start with `#` are comments. Every row is checked:
a wrong one raises LexiconError, which names file and line, what was expected and what to do.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from tasks.contracts.codes import EVENT_TYPES, MODALITIES, SECTORS
from tasks.contracts.errors import UsageFault

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)

FOLDER = Path(__file__).parent
ALPHA3 = 3
SHOWN = 3  # objects of a row that its entry names
NOUN, COMPLEMENT = "noun", "complement"  # types that a verb takes over: its noun's, its clausal complement's
NO_OBJECT = "@none"
SUBJECT = "subject"  # in place of a preposition: the row asks for a subject, "a bomb exploded"
VERB_KINDS = (
    "plain",  # an event of its own: "attack"
    "report",  # gives the claimant of what it reports: "say that"
    "stative",  # no event: "remain tense", "include"
    "light",  # carries a noun, which types it: "launch an attack"
    "occur",  # its subject is the event: "clashes erupted"
    "control",  # its subject is that of its complement: "threatened to strike"
    "object-control",  # its object is the subject of its complement: "forced residents to leave"
    "aspect",  # a phase or an attempt of its complement, which types it: "began shelling", "tried to kill"
)
NOUN_KINDS = ("plain", "stative", "weak")  # weak: an event only where a verb carries it or both parties are named
OBJECT_CLASSES = ("@event", "@person", "@armed", "@place", NO_OBJECT)
COMPLEMENTS = (*MODALITIES, "claimed")


class LexiconError(UsageFault):
    """A row of a vocabulary is wrong; the message names file, line, what was expected and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbRow:
    """What a verb means, with its particle or preposition and its object where the row names them.

    A preposition of several words asks for all of them: "come out against". `objects` holds head lemmas or classes:
    @event (any event noun), @ASSAULT (an event noun of that type), @person, @armed, @place; @none asks that there be
    no object. `complement` is the modality of a clause under the verb ("urged X to leave": requested), `targets` the
    prepositions whose object is the target ("clash with"). `topic`: the row counts in articles of that topic alone;
    `unless`: in none of these.
    """

    line: int
    verb: str
    preps: tuple[str, ...]
    objects: tuple[str, ...]
    topic: str
    event_type: str
    kind: str
    complement: str | None
    targets: tuple[str, ...]
    unless: tuple[str, ...]
    own: bool = False  # of an analyst's own vocabulary
    entry: str = field(init=False, compare=False, repr=False)
    """The row as `dateline explain` shows it: file, line and what it asks for."""
    wordings: tuple[frozenset[str], ...] = field(init=False, compare=False, repr=False)
    """The words of each of its prepositions."""
    preposition_words: frozenset[str] = field(init=False, compare=False, repr=False)
    """The words of all its prepositions."""
    lemmas: frozenset[str] = field(init=False, compare=False, repr=False)
    """Its objects that are head lemmas."""
    classes: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """Its objects that are classes."""

    def __post_init__(self) -> None:
        objects = "|".join(self.objects[:SHOWN]) + ("|..." if len(self.objects) > SHOWN else "")
        asked = " ".join(part for part in (self.verb, "|".join(self.preps), objects) if part)
        read = {
            "entry": f"{_folder(self.own)}verbs.csv:{self.line} {asked}",
            "wordings": tuple(frozenset(prep.split()) for prep in self.preps),
            "preposition_words": frozenset(word for prep in self.preps for word in prep.split()),
            "lemmas": frozenset(word for word in self.objects if word[0] != "@"),
            "classes": tuple(word for word in self.objects if word[0] == "@"),
        }
        for name, value in read.items():
            object.__setattr__(self, name, value)

    @property
    def specificity(self) -> int:
        """How much the row asks for: object by lemma, by class, preposition, topic, in this order."""
        by_object = 0 if not self.objects else 3 if self.objects == ("@event",) else 4
        if any(not o.startswith("@") for o in self.objects):
            by_object = 5
        return 2 * (by_object + 2 * bool(self.preps)) + bool(self.topic)


@dataclass(frozen=True, slots=True, kw_only=True)
class NounRow:
    """An event noun: its type, and the prepositions that introduce who acts and who undergoes.

    "the attack by A on B": actors ("by",), targets ("on", "against"). A row with a topic counts in articles of that
    topic alone, before the row without one: a strike is an ASSAULT, among workers a PROTEST.
    """

    line: int
    noun: str
    topic: str
    event_type: str
    kind: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    own: bool = False  # of an analyst's own vocabulary

    @property
    def entry(self) -> str:
        """The row as `dateline explain` shows it."""
        return f"{_folder(self.own)}nouns.csv:{self.line} {self.noun}" + (f" ({self.topic})" if self.topic else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """A role noun ("soldier"), an organisation ("NATO") or a leader: its sectors and, where it has one, its country.

    A weak role gives way to the words before it: a "leader" alone is GOV, a "rebel leader" REB.
    """

    line: int
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    country: str | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class VerbSummary:
    """What all rows of a verb say together.

    `complements` are the modalities of clauses under it with the prepositions they ask for, in the order of the rows.
    """

    kinds: frozenset[str] = frozenset()
    is_light: bool = False
    is_stative: bool = False
    complements: tuple[tuple[tuple[str, ...], str], ...] = ()
    targets: tuple[str, ...] = ()


UNKNOWN = VerbSummary()


def _summary(rows: Sequence[VerbRow]) -> VerbSummary:
    return VerbSummary(
        kinds=frozenset(row.kind for row in rows),
        is_light=any(row.event_type == NOUN for row in rows),
        is_stative=not rows[-1].specificity and rows[-1].kind == "stative",
        complements=tuple((row.preps, row.complement) for row in rows if row.complement and not row.objects),
        targets=tuple(dict.fromkeys(prep for row in rows for prep in row.targets)),
    )


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Every vocabulary, indexed for look-up by lower-case lemma or name.

    `own_actors` are an analyst's: by the words of their names, with the name as it was written and its row.
    """

    verbs: Mapping[str, tuple[VerbRow, ...]]
    nouns: Mapping[str, NounRow]
    topic_nouns: Mapping[tuple[str, str], NounRow]
    roles: Mapping[str, AgentRow]
    organisations: Mapping[str, AgentRow]
    leaders: Mapping[str, AgentRow]
    topics: Mapping[str, str]
    own_actors: Mapping[str, tuple[str, AgentRow]] = field(default_factory=dict)

    def verb_rows(self, lemma: str) -> tuple[VerbRow, ...]:
        """The verb's rows, the most specific first; empty where the lexicon does not know it.

        A lemma that lost its e is found too: lemmatizers make "stag" of "staged".
        """
        return self.verbs.get(lemma) or self.verbs.get(f"{lemma}e", ())

    @cached_property
    def _summaries(self) -> Mapping[str, VerbSummary]:
        return {verb: _summary(rows) for verb, rows in self.verbs.items() if rows}

    def _verb(self, lemma: str) -> VerbSummary:
        known = self._summaries
        return known.get(lemma) or known.get(f"{lemma}e", UNKNOWN)

    def event_noun(self, lemma: str, *, modifiers: Sequence[str] = ()) -> NounRow | None:
        """The event noun, with a modifier first ("hunger strike" before "strike"); None where it names no event."""
        for modifier in modifiers:
            row = self.nouns.get(f"{modifier} {lemma}")
            if row is not None:
                return row
        return self.nouns.get(lemma)

    def is_stative(self, lemma: str) -> bool:
        """Whether the verb on its own describes a state: "include", "remain"."""
        return self._verb(lemma).is_stative

    def is_reporting(self, lemma: str) -> bool:
        """Whether the verb reports what somebody says: "say", "claim"."""
        return "report" in self._verb(lemma).kinds

    def is_light(self, lemma: str) -> bool:
        """Whether the verb can carry a noun that types it: "launch an attack", "hold talks"."""
        return self._verb(lemma).is_light

    def is_control(self, lemma: str) -> bool:
        """Whether the verb's subject is that of its infinitive: "agree to host", "threaten to strike"."""
        return not self._verb(lemma).kinds.isdisjoint(("control", "aspect"))

    def is_object_control(self, lemma: str) -> bool:
        """Whether the verb's object is the subject of its infinitive: "forced residents to leave"."""
        return "object-control" in self._verb(lemma).kinds

    def is_aspect(self, lemma: str) -> bool:
        """Whether the verb is a phase or attempt of its complement: "began shelling", "tried to kill"."""
        return "aspect" in self._verb(lemma).kinds

    def is_occurrence(self, lemma: str) -> bool:
        """Whether the verb's subject is the event: "clashes erupted", "talks took place"."""
        return "occur" in self._verb(lemma).kinds

    def complement_modality(self, lemma: str, *, prep: str | None = None) -> str | None:
        """The modality of a clause under the verb ("urged X to leave": requested); None where it adds none.

        "claimed": the clause is an allegation ("accused B of striking C"). `prep` is the preposition before the clause.
        """
        for preps, modality in self._verb(lemma).complements:
            if not preps or prep in preps:
                return modality
        return None

    def target_prepositions(self, lemma: str) -> tuple[str, ...]:
        """The prepositions whose object undergoes the verb: "clash with", "fire at"; empty where there is none."""
        return self._verb(lemma).targets


@cache
def load_lexicon() -> Lexicon:
    """The project's vocabularies, read once per process."""
    return read_lexicon(FOLDER)


def read_lexicon(folder: Path) -> Lexicon:
    """The vocabularies of a folder. Raises LexiconError at the first wrong row."""
    verbs: dict[str, list[VerbRow]] = {}
    for row in _read(folder / "verbs.csv", VERB_COLUMNS, verb_row, verb_keys):
        verbs.setdefault(row.verb, []).append(row)
    nouns = _read(folder / "nouns.csv", NOUN_COLUMNS, noun_row, lambda row: [(row.noun, row.topic)])
    happenings = _read(folder / "happenings.csv", NOUN_COLUMNS, noun_row, lambda row: [row.noun])
    topics = _read(folder / "topics.csv", TOPIC_COLUMNS, _topic_row, lambda row: [row[0]])
    return Lexicon(
        verbs={verb: tuple(sorted(rows, key=lambda r: (-r.specificity, r.line))) for verb, rows in verbs.items()},
        nouns={row.noun: row for row in (*happenings, *nouns) if not row.topic},
        topic_nouns={(row.topic, row.noun): row for row in nouns if row.topic},
        roles=_by_name(_read(folder / "agents.csv", ROLE_COLUMNS, _role_row, lambda r: list(r.names))),
        organisations=_by_name(_read(folder / "organisations.csv", NAME_COLUMNS, name_row, lambda r: list(r.names))),
        leaders=_by_name(_read(folder / "leaders.csv", NAME_COLUMNS, name_row, lambda r: list(r.names))),
        topics=dict(topics),
    )


VERB_COLUMNS = ("verb", "prep", "object", "topic", "unless", "type", "kind", "complement", "target", "example")
NOUN_COLUMNS = ("noun", "topic", "type", "kind", "actor", "target", "example")
ROLE_COLUMNS = ("role", "sectors", "kind")
NAME_COLUMNS = ("name", "aliases", "sectors", "country")
TOPIC_COLUMNS = ("word", "topic")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a CSV file with its place, and the checks of its cells."""

    file: str
    number: int
    cells: Mapping[str, str]

    def error(self, message: str) -> LexiconError:
        return LexiconError(f"{self.file}, line {self.number}: {message}")

    def words(self, column: str) -> tuple[str, ...]:
        """The alternatives of a cell, in order."""
        return tuple(part.strip() for part in self.cells[column].split("|") if part.strip())

    def needed(self, column: str) -> str:
        """The cell's text, which must not be empty."""
        text = self.cells[column].strip()
        if not text:
            raise self.error(f"column {column} is empty; write its word or delete the line")
        return text

    def one_of(self, column: str, allowed: Sequence[str], *, default: str = "") -> str:
        """The cell's text, one of the allowed ones."""
        text = self.cells[column].strip() or default
        if text not in allowed:
            raise self.error(f"column {column} holds {text!r}; expected one of {', '.join(allowed)}")
        return text

    def all_of(self, column: str, allowed: Collection[str]) -> tuple[str, ...]:
        """The alternatives of the cell, each of them one of the allowed ones."""
        for word in self.words(column):
            if word not in allowed:
                raise self.error(f"column {column} holds {word!r}; expected one of {', '.join(sorted(allowed))}")
        return self.words(column)


def _read(
    path: Path, columns: Sequence[str], build: Callable[[Line], Row], keys: Callable[[Row], list[Key]]
) -> list[Row]:
    """The rows of a file of the project, which has all its columns."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LexiconError(f"{path.name} cannot be read ({error.strerror}); put it back into {path.parent}") from error
    return read_rows(text, file=path.name, columns=columns, needed=columns, build=build, keys=keys)


def read_rows(
    text: str,
    *,
    file: str,
    columns: Sequence[str],
    needed: Collection[str],
    build: Callable[[Line], Row],
    keys: Callable[[Row], list[Key]],
) -> list[Row]:
    """The rows of a file's text; a column that is not needed may be left out, and is empty then.

    Raises LexiconError at the first wrong row and where two rows have the same key.
    """
    seen: dict[Key, int] = {}
    rows: list[Row] = []
    for line in _lines(text, file, columns, needed):
        row = build(line)
        for key in keys(row):
            if key in seen:
                raise line.error(f"double entry {key!r}, also in line {seen[key]}; keep one of the two")
            seen[key] = line.number
        rows.append(row)
    return rows


def _lines(text: str, file: str, columns: Sequence[str], needed: Collection[str]) -> Iterator[Line]:
    header: list[str] | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip(" ,") or raw.startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([raw]))]
        if header is None:
            header = cells
            if not set(needed) <= set(header) <= set(columns) or len(set(header)) < len(header):
                short = "" if len(needed) == len(columns) else f"; {' and '.join(needed)} are needed"
                raise LexiconError(f"{file}, line {number}: expected the header {','.join(columns)}{short}")
            continue
        if len(cells) != len(header):
            raise LexiconError(
                f"{file}, line {number}: {len(cells)} cells, expected {len(header)} ({','.join(header)}); "
                "quote a cell that holds a comma"
            )
        yield Line(file, number, dict.fromkeys(columns, "") | dict(zip(header, cells, strict=True)))


def verb_row(line: Line) -> VerbRow:
    """The verb of a line."""
    objects = line.words("object")
    for word in objects:
        if word.startswith("@") and word not in OBJECT_CLASSES and word[1:] not in EVENT_TYPES:
            raise line.error(f"column object holds {word!r}; expected a lemma, {', '.join(OBJECT_CLASSES)} or @TYPE")
    complement = line.cells["complement"].strip()
    return VerbRow(
        line=line.number,
        verb=line.needed("verb"),
        preps=line.words("prep"),
        objects=objects,
        topic=line.cells["topic"].strip(),
        event_type=line.one_of("type", (*EVENT_TYPES, NOUN, COMPLEMENT)),
        kind=line.one_of("kind", VERB_KINDS, default="plain"),
        complement=line.one_of("complement", COMPLEMENTS) if complement else None,
        targets=line.words("target"),
        unless=line.words("unless"),
    )


def verb_keys(row: VerbRow) -> list[tuple[str, str, str, str]]:
    """What a row asks for: of two rows that ask for the same, one is too many."""
    return [(row.verb, prep, noun, row.topic) for prep in row.preps or ("",) for noun in row.objects or ("",)]


def noun_row(line: Line) -> NounRow:
    """The event noun of a line."""
    return NounRow(
        line=line.number,
        noun=line.needed("noun"),
        topic=line.cells["topic"].strip(),
        event_type=line.one_of("type", tuple(EVENT_TYPES)),
        kind=line.one_of("kind", NOUN_KINDS, default="plain"),
        actors=line.words("actor"),
        targets=line.words("target"),
    )


def _role_row(line: Line) -> AgentRow:
    return AgentRow(
        line=line.number,
        names=(line.needed("role"),),
        sectors=line.all_of("sectors", SECTORS),
        weak=line.one_of("kind", ("plain", "weak"), default="plain") == "weak",
    )


def name_row(line: Line) -> AgentRow:
    """The organisation, leader or other actor of a line."""
    country = line.cells["country"].strip()
    if country and not (len(country) == ALPHA3 and country.isascii() and country.isupper()):
        raise line.error(f"column country holds {country!r}; expected an ISO 3166 alpha-3 code such as ARM, or nothing")
    return AgentRow(
        line=line.number,
        names=(line.needed("name").lower(), *(alias.lower() for alias in line.words("aliases"))),
        sectors=line.all_of("sectors", SECTORS),
        country=country or None,
    )


def _topic_row(line: Line) -> tuple[str, str]:
    return line.needed("word"), line.needed("topic")


def _by_name(rows: list[AgentRow]) -> dict[str, AgentRow]:
    return {name: row for row in rows for name in row.names}


def _folder(own: bool) -> str:
    return "vocabulary/" if own else ""
