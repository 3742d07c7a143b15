"""A day stated in a metadata field: ISO, numeric, written out, RFC 2822, Unix time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d{3})(?=T|\s|\d{0,6}Z?$)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s.,-]{1,3}(?:of\s)?([A-Za-z]{3,9})[\s.,-]{1,3}(\d{4})(?!\d)"
)
_MONTH_DAY = re.compile(r"(?<![A-Za-z])([A-Za-z]{3,9})[\s.]{1,2}(\d{1,2})(?:st|nd|rd|th)?[\s.,]{1,3}(\d{4})(?!\d)")
_UNIX = re.compile(r"\d{9,13}(?:\.\d{1,9})?\Z")
_YEARS = range(1600, 2200)
_LONGEST = 100


def parse_stated_day(value: Any, *, day_first: bool = True) -> date | None:
    """The day that a field's value states, as written (no time zone is applied); None where it states none.

    "2023-06-15T10:17:00Z", "20230615", "03-02-2009" (3 February where `day_first`; a number over 12 decides), "15 Jun
    2023", "June 15, 2023", "Thu, 15 Jun 2023 10:17:00 +0000", 1686824220 (seconds or milliseconds, UTC). Two-digit
    years are of 1970 to 2069. A month or a year alone is no day.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()[:_LONGEST]
    if _UNIX.match(text):
        return _unix(float(text))
    if found := _ISO.search(text) or _COMPACT.match(text):
        return _day(found[1], found[2], found[3])
    if found := _NUMERIC.search(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if len(found[4]) == 2:
            year += 2000 if year < 70 else 1900
        # A dot is written between day and month alone: 03.02.2009 is 3 February everywhere.
        as_day_first = second <= 12 and (first > 12 or day_first or found[2] == ".")
        return _day(year, second, first) if as_day_first else _day(year, first, second)
    if found := _DAY_MONTH.search(text):
        return _named(found[3], found[2], found[1])
    if found := _MONTH_DAY.search(text):
        return _named(found[3], found[1], found[2])
    return None


def _named(year: str, month: str, day: str) -> date | None:
    name = month[:3].lower()
    return _day(year, _MONTHS.index(name) + 1, day) if name in _MONTHS else None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _unix(seconds: float) -> date | None:
    if seconds >= 1e11:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC).date()
