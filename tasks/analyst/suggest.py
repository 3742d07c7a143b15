"""What would help most: frequent actors without a country, verbs without a type, places without coordinates."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from tasks.analyst.names import is_name, parties
from tasks.lexicon.vocabulary import ACTOR_COLUMNS, ACTORS, NAME, PLACE_COLUMNS, PLACES, VERBS

Found = tuple[str, Counter[str], dict[str, str]]  # the file, what it lacks and how often, a sentence of each
EXAMPLE = 80  # characters of the sentence that goes with an entry
COLUMNS = {ACTORS: ACTOR_COLUMNS, PLACES: PLACE_COLUMNS, VERBS: ("verb", "prep", "object", "type", "example")}
TO_FILL_IN = {
    ACTORS: "give each its country, its sectors or both",
    PLACES: "give each its country and coordinates",
    VERBS: "give each its type (OTHER where it has none)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something to add to a vocabulary: which file, what, in how many events, and a sentence that has it."""

    vocabulary: str
    entry: str
    events: int
    example: str


def suggest(events: pa.Table, *, is_known: Callable[[str, str], bool], most: int) -> list[Suggestion]:
    """The most frequent gaps, up to `most` for each vocabulary, the most frequent first.

    `is_known` says whether the vocabulary of that file has the entry already: the verb whose events are OTHER on
    purpose, the actor that the next run will know.
    """
    return [
        suggestion
        for file, found, first in (_actors(events), _places(events), _verbs(events))
        for suggestion in _top(file, {n: k for n, k in found.items() if not is_known(file, n)}, first, most)
    ]


def to_csv(suggestions: Iterable[Suggestion]) -> str:
    """Rows for each file of an analyst's own vocabulary, under its head, with what is left to be filled in."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    for file, found in groupby(suggestions, key=lambda s: s.vocabulary):
        written.write(f"# {NAME}/{file}: {TO_FILL_IN[file]}\n")
        rows.writerow(COLUMNS[file])
        for s in found:
            sentence = " ".join(s.example.split())
            shown = sentence if len(sentence) <= EXAMPLE else f"{sentence[: EXAMPLE - 1]}…"
            blanks = [""] * (len(COLUMNS[file]) - 2)
            rows.writerow([s.entry, *blanks, f"{s.events} {'event' if s.events == 1 else 'events'}: {shown}"])
    return written.getvalue()


def _actors(events: pa.Table) -> Found:
    """Names that stand alone as actor or target and have neither a country nor a sector."""
    found: Counter[str] = Counter()
    first: dict[str, str] = {}
    for role in ("actor", "target"):
        bare = pc.and_(pc.is_null(events[f"{role}_country"]), pc.is_null(events[f"{role}_sector"]))
        rows = events.filter(pc.and_(bare, pc.equal(pc.list_value_length(events[f"{role}s"]), 1)))
        for words, sentence in _pairs(rows, role):
            for name in parties([words]):
                if is_name(name, sentence=sentence):
                    found[name] += 1
                    first.setdefault(name, sentence)
    return ACTORS, found, first


def _verbs(events: pa.Table) -> Found:
    found: Counter[str] = Counter()
    first: dict[str, str] = {}
    for action, sentence in _pairs(events.filter(pc.equal(events["event_type"], "OTHER")), "action"):
        verb = action.split(" ")[0]
        found[verb] += 1
        first.setdefault(verb, sentence)
    return VERBS, found, first


def _places(events: pa.Table) -> Found:
    found: Counter[str] = Counter()
    first: dict[str, str] = {}
    nowhere = pc.and_(pc.is_valid(events["location"]), pc.is_null(events["latitude"]))
    for place, sentence in _pairs(events.filter(nowhere), "location"):
        if is_name(place, sentence=sentence):
            found[place] += 1
            first.setdefault(place, sentence)
    return PLACES, found, first


def _pairs(rows: pa.Table, column: str) -> Iterable[tuple[str, str]]:
    return zip(rows[column].to_pylist(), rows["sentence"].to_pylist(), strict=True)


def _top(vocabulary: str, found: Mapping[str, int], first: Mapping[str, str], most: int) -> list[Suggestion]:
    chosen = sorted(found, key=lambda name: (-found[name], name))[:most]
    return [Suggestion(vocabulary=vocabulary, entry=n, events=found[n], example=first[n]) for n in chosen]
