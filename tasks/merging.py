"""The incidents of a version brought up to date: those that a change of articles can touch, all others stay.

What comes out is what merging all events anew would give (see `tasks.nlp.incidentreach`); what it costs follows the
change and the events of the same types and days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.contracts.records import Event, Incident, IncidentMention
from tasks.contracts.tables import ARTICLES, EVENTS, INCIDENT_MENTIONS, INCIDENTS
from tasks.nlp.incidentmatch import Story
from tasks.nlp.incidentreach import Block, reach
from tasks.nlp.incidents import LEFT_OUT, LONGEST_WINDOW, Reasons, find_incidents, read_stories, tell_incidents
from tasks.store import Derived, Version, pending_of, rows_where, segment_of

REPORT = ["article_key", "source_path", "published", "outlet", "duplicate_of"]
ASSUMED = ("publication", "dateline")  # as in `read_mention`: such an event may have been the day before
TOLD = ["article_key", "event_type", "modality", "date", "date_end", "date_source"]
TOLD_SCHEMA = pa.schema([EVENTS.schema.field(name) for name in TOLD])
TEXTS = [name for name in EVENTS.schema.names if EVENTS.schema.field(name).type == pa.string()]
NONE = -(2**31)


class Telling(NamedTuple):
    """What incidents take from an article."""

    article_key: str
    source_path: str
    published: date | None
    outlet: str | None
    duplicate_of: str | None


def merge_incidents(
    stored: Standing,
    added: Mapping[str, pa.Table],
    *,
    replaced: Collection[str],
    anew: bool = False,
) -> Derived:
    """What becomes of the incidents where the rows of the files `replaced` go and those in `added` come.

    `stored` is the version in force. All is merged anew where that is asked for, where there are no incidents yet and
    where it is not known any more what those that there are rest on, since an earlier wave has replaced files.
    """
    old = stored.version
    after = State(stored, added=added, without=replaced)
    if anew or old is None or not old.rows(INCIDENTS.name):
        return _all_of(after)
    pending = pending_of(old)
    if not all(pending.values()):
        return _all_of(after)
    before = State(stored, added={}, without=pending)
    changed = _changed_articles(stored, added, files={*replaced, *pending})
    reasons: Reasons = {}
    gone = before.stories(changed, {})
    come = after.stories(changed, reasons)
    stories, matches = reach(gone=gone, come=come, load=lambda blocks: after.load(blocks, reasons))
    articles = after.reports({e.article_key for s in stories for e in s.events})
    told = tell_incidents(stories, matches, articles=articles, copies=after.copies(articles), reasons=reasons)
    touched = {e.event_id for s in (*gone, *stories) for e in s.events}
    return _difference(old, touched, *told, homes=articles, replaced={*replaced, *pending})


@dataclass(frozen=True, slots=True)
class Standing:
    """A version with what is read of it once: its articles, and where and when its told events are."""

    version: Version | None
    reports: pa.Table
    index: pa.Table

    @classmethod
    def of(cls, version: Version | None) -> Standing:
        """Of the version in force."""
        segments = [] if version is None else version.segments()
        parts = [_indexed(EVENTS.schema.empty_table(), None)]
        for segment in segments:
            assert version is not None
            told = _told(version.read(EVENTS.name, TOLD, [segment], encoded=TEXTS))
            parts.append(_indexed(told.cast(TOLD_SCHEMA), segment))
        empty = pa.schema([ARTICLES.schema.field(c) for c in REPORT]).empty_table()
        return cls(version, empty if version is None else version.read(ARTICLES.name, REPORT), pa.concat_tables(parts))


class State:
    """The told events of a version, without those of some files and with others, by article and by day."""

    def __init__(self, stored: Standing, *, added: Mapping[str, pa.Table], without: Collection[str]) -> None:
        self._version, self._added, self._without = stored.version, added, without
        hidden = rows_where(stored.reports, "source_path", without)["article_key"]
        self._reports = rows_where(stored.reports, "source_path", without, others=True)
        self._index = rows_where(stored.index, "article_key", hidden, others=True)
        if added:
            self._reports = pa.concat_tables([self._reports, added[ARTICLES.name].select(REPORT)])
            self._index = pa.concat_tables([self._index, _indexed(_told(added[EVENTS.name]), None)])
        self._stories: dict[str, list[Story]] = {}

    def reports(self, keys: Iterable[str]) -> dict[str, Telling]:
        """Those articles, by key."""
        return _tellings(rows_where(self._reports, "article_key", keys))

    def copies(self, keys: Iterable[str]) -> list[Telling]:
        """The articles that copy one of these."""
        return list(_tellings(rows_where(self._reports, "duplicate_of", keys)).values())

    def everything(self) -> tuple[list[Event], dict[str, Telling]]:
        """All told events and all articles."""
        segments = [] if self._version is None else self._version.segments()
        return [e for s in (*segments, None) for e in _events(self._rows(s))], _tellings(self._reports)

    def stories(self, keys: Collection[str], reasons: Reasons) -> list[Story]:
        """What those articles tell; of one article always the same objects."""
        new = set(keys) - self._stories.keys()
        if new:
            found = rows_where(self._index, "article_key", new)
            places: dict[int | None, set[str]] = defaultdict(set)
            for key, segment in zip(found["article_key"].to_pylist(), found["segment"].to_pylist(), strict=True):
                places[segment].add(key)
            events = [e for segment, keys in places.items() for e in _events(self._rows(segment, keys))]
            self._stories |= {key: [] for key in new}
            for story in read_stories(events, self.reports(new), reasons):
                self._stories[story.events[0].article_key].append(story)
        return [story for key in sorted(keys) for story in self._stories[key]]

    def load(self, blocks: Collection[Block], reasons: Reasons) -> list[Story]:
        """What the articles tell that have an event in one of the blocks."""
        return self.stories(self._articles_in(blocks), reasons)

    def _rows(self, segment: int | None, keys: Collection[str] | None = None) -> pa.Table:
        """The told events of a segment, or the added ones: all of them, or those of these articles."""
        if segment is None:
            rows = _told(self._added[EVENTS.name]) if self._added else EVENTS.schema.empty_table()
        else:
            assert self._version is not None
            rows = _told(self._version.read(EVENTS.name, segments=[segment], encoded=TEXTS, keys=keys))
            rows = rows_where(rows.cast(EVENTS.schema), "source_path", self._without, others=True)
        return rows if keys is None else rows_where(rows, "article_key", keys)

    def _articles_in(self, blocks: Collection[Block]) -> set[str]:
        days: dict[str, set[int]] = defaultdict(set)
        ranges: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for kind, when in blocks:
            first, *last = (_number(date.fromisoformat(day)) for day in when.split())
            if last:
                ranges[kind].add((first, *last))
            else:
                days[kind].add(first)
        found: set[str] = set()
        for kind in {*days, *ranges}:
            rows = self._index.filter(pc.equal(self._index["event_type"], kind))
            first, last = (rows[name].to_numpy() for name in ("first", "last"))
            wanted = np.array(sorted(days[kind]), dtype=np.int32)
            hit = np.searchsorted(wanted, last, "right") > np.searchsorted(wanted, first, "left")
            long = last.astype(np.int64) - first >= LONGEST_WINDOW
            hit &= ~long
            for n in np.flatnonzero(long) if ranges[kind] else ():
                hit[n] = (int(first[n]), int(last[n])) in ranges[kind]
            found.update(rows["article_key"].filter(pa.array(hit)).to_pylist())
        return found


def _all_of(state: State) -> Derived:
    events, articles = state.everything()
    incidents, mentions = find_incidents(events, articles)
    return Derived(removed=None, added=_tables(incidents, mentions), homes=_homes(mentions, articles))


def _changed_articles(stored: Standing, added: Mapping[str, pa.Table], *, files: Collection[str]) -> set[str]:
    """The articles that come, go or change, and those that they copy: an incident counts the copies of its reports."""
    changed = pa.concat_tables([rows_where(stored.reports, "source_path", files), added[ARTICLES.name].select(REPORT)])
    named = (key for name in ("article_key", "duplicate_of") for key in changed[name].to_pylist())
    return {key for key in named if key is not None}


def _difference(
    old: Version,
    touched: Collection[str],
    incidents: Sequence[Incident],
    mentions: Sequence[IncidentMention],
    *,
    homes: Mapping[str, Telling],
    replaced: Collection[str],
) -> Derived:
    """What has to go and to come: touched incidents that are as they were stay where they are."""
    by_segment: dict[int, pa.Array] = {}
    wanted = pa.array(sorted(touched), pa.string())
    for part in old.parts_of(INCIDENT_MENTIONS.name):
        segment = segment_of(part.name)
        events = old.read(INCIDENT_MENTIONS.name, ["event_id"], [segment])["event_id"]
        if not pc.any(pc.is_in(events, wanted)).as_py():
            continue  # as in most
        rows = old.read(INCIDENT_MENTIONS.name, ["incident_id", "event_id"], [segment])
        by_segment[segment] = pc.unique(rows_where(rows, "event_id", wanted)["incident_id"])
    come, where = _tables(incidents, mentions), _homes(mentions, homes)
    settled = {i for i, path in where.items() if path not in replaced}
    removed: dict[int, frozenset[str]] = {}
    same: set[str] = set()
    for segment, ids in by_segment.items():
        known = _signed({t: rows_where(old.read(t, segments=[segment]), "incident_id", ids) for t in come})
        now = _signed({t: rows_where(rows, "incident_id", ids) for t, rows in come.items()})
        kept = {i for i, rows in known.items() if i in settled and now.get(i) == rows}
        same |= kept
        removed[segment] = frozenset(known) - kept
    fresh = {t: rows.filter(pc.invert(_is_in(rows["incident_id"], same))) for t, rows in come.items()}
    return Derived(removed={s: ids for s, ids in removed.items() if ids}, added=fresh, homes=where)


def _signed(tables: Mapping[str, pa.Table]) -> dict[str, list[Any]]:
    """The rows of each incident over all tables."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for table in tables.values():
        for row in table.to_pylist():
            rows[row["incident_id"]].append(row)
    return rows


def _tables(incidents: Iterable[Incident], mentions: Iterable[IncidentMention]) -> dict[str, pa.Table]:
    return {INCIDENTS.name: INCIDENTS.build(incidents), INCIDENT_MENTIONS.name: INCIDENT_MENTIONS.build(mentions)}


def _homes(mentions: Iterable[IncidentMention], articles: Mapping[str, Telling]) -> dict[str, str]:
    """The file of each incident's first mention."""
    return {m.incident_id: articles[m.article_key].source_path for m in mentions if m.matched_event_id is None}


def _told(events: pa.Table) -> pa.Table:
    """The rows that incidents are made of."""
    typed = pc.invert(_is_in(events["event_type"], LEFT_OUT))
    return events.filter(pc.and_(typed, _is_in(events["modality"], ["asserted"])))


def _indexed(told: pa.Table, segment: int | None) -> pa.Table:
    """Where and when each event is told: first and last day as numbers, NONE and one less where there is none."""
    is_assumed = _is_in(told["date_source"], ASSUMED)
    first = pc.subtract(told["date"].cast(pa.int32()), pc.if_else(is_assumed, 1, 0).cast(pa.int32()))
    last = pc.coalesce(told["date_end"], told["date"]).cast(pa.int32())
    return pa.table(
        {
            "article_key": told["article_key"],
            "event_type": told["event_type"],
            "first": pc.fill_null(first, NONE + 1),
            "last": pc.fill_null(last, NONE),
            "segment": pa.array([segment] * told.num_rows, pa.int32()),
        }
    )


def _events(rows: pa.Table) -> list[Event]:
    return [
        Event(**{**row, "actors": tuple(row["actors"]), "targets": tuple(row["targets"])}) for row in rows.to_pylist()
    ]


def _tellings(rows: pa.Table) -> dict[str, Telling]:
    return {row[0]: Telling(*row) for row in zip(*(rows[name].to_pylist() for name in REPORT), strict=True)}


def _is_in(column: pa.ChunkedArray, values: Collection[str]) -> pa.ChunkedArray:
    wanted = pa.array(sorted(values), pa.string())
    if pa.types.is_dictionary(column.type):
        return pa.chunked_array([pc.is_in(c.dictionary, wanted).take(c.indices) for c in column.chunks], pa.bool_())
    return pc.is_in(column, wanted)


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
