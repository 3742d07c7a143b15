"""What would help most: frequent actors without a country, verbs without a type, places without coordinates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from tasks.analyst.names import is_name, parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something to add to a vocabulary: which (actors, verbs, places), what, how often, and a sentence that has it."""

    vocabulary: str
    entry: str
    events: int
    example: str


def suggest(events: pa.Table, *, is_known: Callable[[str], bool], most: int) -> list[Suggestion]:
    """The most frequent gaps, up to `most` for each vocabulary, the most frequent first.

    `is_known` says whether the lexicon has this verb or event noun: an event of such a one is OTHER on purpose.
    """
    return [*_actors(events, most), *_verbs(events, is_known, most), *_places(events, most)]


def _actors(events: pa.Table, most: int) -> list[Suggestion]:
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
    return _top("actors", found, first, most)


def _verbs(events: pa.Table, is_known: Callable[[str], bool], most: int) -> list[Suggestion]:
    found: Counter[str] = Counter()
    first: dict[str, str] = {}
    for action, sentence in _pairs(events.filter(pc.equal(events["event_type"], "OTHER")), "action"):
        verb = action.split(" ")[0]
        if not is_known(verb):
            found[verb] += 1
            first.setdefault(verb, sentence)
    return _top("verbs", found, first, most)


def _places(events: pa.Table, most: int) -> list[Suggestion]:
    found: Counter[str] = Counter()
    first: dict[str, str] = {}
    nowhere = pc.and_(pc.is_valid(events["location"]), pc.is_null(events["latitude"]))
    for place, sentence in _pairs(events.filter(nowhere), "location"):
        if is_name(place, sentence=sentence):
            found[place] += 1
            first.setdefault(place, sentence)
    return _top("places", found, first, most)


def _pairs(rows: pa.Table, column: str) -> Iterable[tuple[str, str]]:
    return zip(rows[column].to_pylist(), rows["sentence"].to_pylist(), strict=True)


def _top(vocabulary: str, found: Counter[str], first: dict[str, str], most: int) -> list[Suggestion]:
    chosen = sorted(found, key=lambda name: (-found[name], name))[:most]
    return [Suggestion(vocabulary=vocabulary, entry=n, events=found[n], example=first[n]) for n in chosen]
