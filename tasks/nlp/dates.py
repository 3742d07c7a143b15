"""When an event happened: the date phrase of its clause, resolved against its anchor."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from spacy.tokens import Doc

from tasks.nlp.frames import EventDate, Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDates:
    """The date phrases of an article and its anchors, found once for all its events."""

    published: datetime.date | None


def read_dates(doc: Doc, *, published: datetime.date | None, day_first: bool) -> ArticleDates:
    """The article's date phrases and anchors."""
    return ArticleDates(published=published)


def date_event(frame: Frame, doc: Doc, *, dates: ArticleDates) -> EventDate:
    """The event's date, its phrase and source; null and "none" where it cannot be known."""
    day = dates.published
    if day is None:
        return EventDate(date=None, date_end=None, precision=None, text=None, source="none", why="no anchor")
    return EventDate(date=day, date_end=day, precision="day", text=None, source="publication", why="assumed")
