"""The rows that stages hand on, one frozen dataclass a table. A field's meaning stands in `tables.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from tasks.contracts.codes import DropReason, RejectReason, SentenceOutcome

Day = date  # where a field is named date


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One document as it came: the undecoded question of what in it is the article is still open.

    `body` is text (kind "text": a pasted page), markup ("html") or an article's own text ("record": JSON, feeds).
    What the input states outside its text (JSON fields, a sidecar) is in the metadata fields.
    """

    article_key: str
    source_path: str
    content_hash: str
    kind: str
    body: str
    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: date | None = None
    published_source: str = "none"
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The article of a page: what is left when everything around it is gone."""

    article_key: str
    source_path: str
    content_hash: str
    title: str | None
    byline: str | None
    outlet: str | None
    url: str | None
    published: date | None
    published_source: str
    language: str | None
    text: str
    n_sentences: int = 0
    n_events: int = 0
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedLine:
    """A line of the page that is not the article; `line` counts from 1."""

    article_key: str
    line: int
    text: str
    reason: DropReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article: `articles.text[start:end] == text`."""

    article_key: str
    sentence_index: int
    start: int
    end: int
    text: str
    outcome: SentenceOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event mention: who did what to whom, when and where, and where it stands in the text."""

    event_id: str
    article_key: str
    source_path: str
    date: Day | None
    date_end: Day | None
    date_precision: str | None
    date_text: str | None
    date_source: str
    actor: str | None
    action: str
    target: str | None
    location: str | None
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    actor_country: str | None
    target_country: str | None
    actor_sector: str | None
    target_sector: str | None
    event_type: str
    quad_class: int | None
    goldstein: float | None
    modality: str
    claimant: str | None
    place_name: str | None
    place_country: str | None
    latitude: float | None
    longitude: float | None
    geonameid: int | None
    place_precision: str | None
    place_source: str | None
    killed: int | None
    injured: int | None
    arrested: int | None
    sentence: str
    sentence_index: int
    sentence_start: int
    sentence_end: int
    trigger_start: int
    trigger_end: int
    rule: str


EVENT_FIELDS = tuple(Event.__dataclass_fields__)
_values_of = attrgetter(*EVENT_FIELDS)

Columns = tuple[tuple[Any, ...], ...]
"""The values of some events by field, in the order of EVENT_FIELDS; nothing at all where there is no event."""


def columns_of(events: Iterable[Event]) -> Columns:
    """The events as workers hand them on, by field: as objects they take the parent four times as long."""
    return tuple(zip(*map(_values_of, events), strict=True))


@dataclass(frozen=True, slots=True)
class VocabularyFile:
    """A file of an analyst's own vocabulary, as it was when the run began."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """An input or a row that is not in the tables, and why. `row` is the rejected row as JSON."""

    stage: str
    source_path: str
    article_key: str | None
    reason: RejectReason
    detail: str
    row: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One real-world event, however many articles tell it; each field is the one best supported by its mentions."""

    incident_id: str
    event_type: str
    quad_class: int | None
    goldstein: float | None
    action: str
    date: Day | None
    date_end: Day | None
    date_precision: str | None
    date_source: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    actor_country: str | None
    target_country: str | None
    actor_sector: str | None
    target_sector: str | None
    location: str | None
    place_name: str | None
    place_country: str | None
    latitude: float | None
    longitude: float | None
    geonameid: int | None
    place_precision: str | None
    killed: int | None
    injured: int | None
    arrested: int | None
    first_report: Day | None
    last_report: Day | None
    n_mentions: int
    n_articles: int
    n_reports: int
    n_outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMention:
    """An event mention as evidence for an incident: what it agrees in, and with which other mention."""

    incident_id: str
    event_id: str
    article_key: str
    reason: str
    matched_event_id: str | None
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an analyst puts right in one event: `field` is 'reject' or a column, `value` what it gets (None: null)."""

    source_path: str
    event_id: str
    field: str
    value: Any = None
    note: str = ""
