"""What the extractor's parts hand each other: phrases, frames, dates and places of events, codes.

All positions are token indices of one article's Doc, unless a name says `char`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A short noun phrase that fills a role: tokens [start, end) with its head token.

    `text` is what the table shows; `name` is the fuller name found elsewhere in the article (a pronoun's, a group's,
    a surname's), None where the phrase stands for itself.
    """

    text: str
    start: int
    end: int
    head: int
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One event as the parse shows it, before it is coded.

    `objects` are head tokens of direct objects, `obliques` (preposition lemma, head token of its object) pairs,
    `complements` head tokens of clausal complements (xcomp, ccomp), `claimants` those to whom the text attributes it.
    """

    trigger: int
    kind: str  # "verb" or "noun"
    lemma: str
    particles: tuple[str, ...] = ()
    actors: tuple[Phrase, ...] = ()
    targets: tuple[Phrase, ...] = ()
    objects: tuple[int, ...] = ()
    obliques: tuple[tuple[str, int], ...] = ()
    complements: tuple[int, ...] = ()
    passive: bool = False
    modality: str = "asserted"
    claimants: tuple[Phrase, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What the lexicon says of a frame: its PLOVER type and the action as the table shows it."""

    event_type: str
    action: str
    entry: str  # the lexicon row that decided, for `dateline explain`; "" for OTHER
    own: str = ""  # what of an analyst's own vocabulary decided: "verb shell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who a phrase stands for: ISO 3166 alpha-3 countries and Dateline sectors, both sorted, possibly empty."""

    countries: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    own: tuple[str, ...] = ()  # the names of an analyst's own vocabulary that said so


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDate:
    """When an event happened: first and last day, precision, the phrase, where it comes from and why."""

    date: datetime.date | None
    date_end: datetime.date | None
    precision: str | None
    text: str | None
    source: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlace:
    """Where an event happened: the phrase as written and what the gazetteer makes of it (None where unknown)."""

    location: str | None = None
    name: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonameid: int | None = None
    precision: str | None = None
    source: str | None = None
    why: str = ""
    own: bool = False  # by an analyst's own vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualties:
    """People killed, injured and arrested in this event, None where the sentence gives no number."""

    killed: int | None = None
    injured: int | None = None
    arrested: int | None = None
