"""What date phrases are resolved against, and the words of a phrase as numbers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from tasks.text.datephrases import DatePhrase
from tasks.text.periods import Period

SLACK = datetime.timedelta(days=1)  # an article of the 13th may tell of the 14th: it was written in another time zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What a phrase is resolved against.

    `day`: the day the article speaks on, None where it is unknown. `before`: the date told before the phrase ("the next
    day"). `forward`: plans look into the future, all else into the past. `day_first`: 03/04/2023 is 3 April. `year`:
    the year that governs the passage ("In 2014, ... On 5 May"), which goes before nearness.
    """

    day: datetime.date | None
    before: Period | None = None
    forward: bool = False
    day_first: bool = True
    year: int | None = None


def edge_of(phrase: DatePhrase) -> str | None:
    edge: str | None = phrase.first("EDGE") or phrase.first("POINT")
    return edge


def count_of(phrase: DatePhrase) -> int | None:
    """The number of "two weeks", "a couple of weeks", "a week"; None for "a few weeks", "several weeks"."""
    words = phrase.words
    if "few" in words or "several" in words or "half" in words:
        return None
    if "couple" in words:
        return 2
    for category in ("NUM", "DAY", "COUNT", "A", "the"):
        if category in words:
            return 1 if category == "the" else words[category][0]
    return None


def unit_of(phrase: DatePhrase) -> str:
    return phrase.first("UNIT") or phrase.first("UNITS") or phrase.first("HOURS") or "day"


def shift_of(phrase: DatePhrase) -> int | None:
    for category in ("LAST", "THIS", "NEXT"):
        if category in phrase.words:
            return int(phrase.words[category][0])
    return None


def clip_to_now(
    first: datetime.date, last: datetime.date, phrase: DatePhrase, day: datetime.date
) -> tuple[datetime.date, datetime.date]:
    """ "earlier this week" ends today, "later this month" begins today."""
    if "EARLIER" in phrase.words and first <= day:
        return first, min(last, day)
    if "LATER" in phrase.words and last >= day:
        return max(first, day), last
    return first, last


def year_of(phrase: DatePhrase) -> int | None:
    year: int | None = phrase.first("YEAR")
    return year


def month_number(phrase: DatePhrase) -> int:
    return int(phrase.first("MONTH") or phrase.first("NAME") or phrase.first("MON"))


def is_reachable(day: datetime.date, phrase: DatePhrase, count: int) -> bool:
    years = {"year": 1, "decade": 10}.get(unit_of(phrase), 0)
    return abs(count) * years < day.year - 1 and abs(count) < 100_000


def from_now(span: tuple[datetime.date, datetime.date, str]) -> Period:
    return Period(first=span[0], last=span[1], precision=span[2], source="relative")
