"""The vocabulary of date phrases: which word or number belongs to which category, and its value.

The categories are the letters of the grammar in `datephrases`. Surface forms are exact: "May" is a month, "may" is
none; "Sun" is a weekday only where the grammar sees a date behind it.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any, NamedTuple


class Word(NamedTuple):
    """A token that date phrases know: its category and its value (a number, a name, or None)."""

    category: str
    value: Any = None


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ALSO_NAMES = ("April", "May", "June")  # "May's deal" is the minister's
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
UNITS = ("day", "week", "fortnight", "month", "year", "decade")
FIRST_YEAR, LAST_YEAR = 1000, 2199  # a bare number outside is a quantity
PIVOT = 70  # two-digit years: 69 is 2069, 70 is 1970, as POSIX has it

# Words of one category each. The values: shifts of a unit, names of parts, counts.
_WORDS: dict[str, dict[str, Any]] = {
    "A": {"a": 1, "an": 1, "one": 1},
    "NUM": {word: number for number, word in enumerate(NUMBERS, 2)} | {"thirty": 30, "forty": 40, "fifty": 50},
    "UNIT": {unit: unit for unit in UNITS},
    "UNITS": {f"{unit}s": unit for unit in UNITS},
    "HOURS": dict.fromkeys(("hour", "hours", "minute", "minutes", "hr", "hrs", "min", "mins", "seconds"), "hour"),
    "PART": {part: part for part in ("morning", "afternoon", "evening", "night", "midnight", "noon", "dawn", "midday")},
    "SEASON": {"spring": 3, "summer": 6, "autumn": 9, "winter": 12},
    "FALL": {"fall": 9},
    "EDGE": {"early": "early", "late": "late", "mid": "mid"},
    "POINT": {"end": "late", "close": "late", "start": "early", "beginning": "early", "middle": "mid", "turn": "early"},
    "NTH": {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4},
    "ABOUT": dict.fromkeys(
        ("about", "around", "almost", "nearly", "some", "over", "just", "only", "roughly", "approximately", "exactly")
    ),
    "LAST": {"last": -1, "past": -1},
    "THIS": {"this": 0, "current": 0},
    "NEXT": {"next": 1, "coming": 1, "upcoming": 1},
    "PREVIOUS": {"previous": -1, "preceding": -1, "prior": -1},
    "FOLLOWING": {"following": 1, "subsequent": 1},
    "THAT": {"that": 0, "same": 0},
    "EARLIER": {"earlier": -1, "previously": -1, "beforehand": -1},
    "LATER": {"later": 1, "afterwards": 1, "afterward": 1},
    "AFTER": {"after": 1, "since": 1},
    "BEFORE": {"before": -1},
    "TODAY": {"today": 0, "tonight": 0},
    "YESTERDAY": {"yesterday": -1},
    "TOMORROW": {"tomorrow": 1},
    "TO": dict.fromkeys(("to", "until", "till", "through")),
    "VAGUE": dict.fromkeys(("recently", "lately")),
    # What may stand before a bare month or year: without one of these "April" is a name and "2014" a number.
    "PREP": dict.fromkeys(("by", "during", "throughout", "circa", "dated", "fiscal", "till", "within")),
    # What makes the number before it a quantity.
    "COUNTED": dict.fromkeys(
        (
            "people", "persons", "men", "women", "children", "cases", "percent", "km", "kilometres", "kilometers",
            "miles", "metres", "meters", "feet", "dollars", "euros", "pounds", "troops", "soldiers", "votes", "points",
            "shares", "homes", "houses", "jobs", "tonnes", "tons", "million", "billion", "hundred", "thousand",
            "thousands", "refugees", "civilians", "prisoners", "places", "seats", "GMT", "UTC", "EST", "EDT", "local",
            "members", "times", "police", "deaths", "injuries", "workers", "students", "units", "per", "am", "pm",
        )
    ),
    # "The Sunday Times" is a newspaper.
    "PAPER": dict.fromkeys(("Times", "Telegraph", "Mail", "Herald", "Express", "Mirror", "Post", "People", "World")),
    # "Black Friday", "Bloody Sunday": the name of a day, not a weekday near publication.
    "NAMED": dict.fromkeys(("Black", "Bloody", "Ash", "Palm", "Super", "Cyber", "Holy", "Maundy", "Giving", "Fat")),
}  # fmt: skip
# Words that the grammar names by themselves.
_LITERALS = (
    "ago", "and", "as", "or", "at", "between", "couple", "few", "several", "from", "half", "in", "least", "less",
    "long", "more", "of", "on", "quarter", "recent", "than", "the", "time", "weekend", "its", "their", "for",
    "Christmas", "Easter", "Good", "New", "Year", "Day", "Eve", "Boxing", "Thanksgiving", "Halloween", "Valentine", "s",
)  # fmt: skip
_MARKS = {",": "COMMA", ".": "DOT", "\n": "BREAK", "'": "APOS", "’": "APOS", "$": "MONEY"}
_MARKS |= {"(": "OPEN", "[": "OPEN", ")": "CLOSE", "]": "CLOSE"}
_MARKS |= dict.fromkeys(("-", "–", "—", "‑"), "DASH") | dict.fromkeys(("£", "€"), "MONEY") | {"%": "COUNTED"}


def _vocabulary() -> dict[str, Word]:
    words = {mark: Word(category) for mark, category in _MARKS.items()}
    words |= {literal: Word(literal.lower()) for literal in _LITERALS}
    for category, members in _WORDS.items():
        for surface, value in members.items():
            words[surface] = Word(category, value)
    # Sentences and headlines begin with capitals: "Last night", "Two months ago", "IN 2014".
    for surface in [s for s in words if s.islower() and s != "s"]:
        words.setdefault(surface.capitalize(), words[surface])
    for number, name in enumerate(MONTHS, 1):
        words[name] = words[name.upper()] = Word("NAME" if name in ALSO_NAMES else "MONTH", number)
        if name != "May":
            for short in (name[:3], *(("Sept",) if number == 9 else ())):
                words[short] = words[short.upper()] = Word("MON", number)
    for number, name in enumerate(WEEKDAYS):
        words[name] = words[name.upper()] = Word("WEEKDAY", number)
        for length in (3, 4, 5):
            words[name[:length]] = Word("WDAY", number)
    for quarter in (1, 2, 3, 4):
        words[f"Q{quarter}"] = words[f"{quarter}Q"] = words[f"q{quarter}"] = Word("QUARTER", quarter)
    return words


VOCABULARY = _vocabulary()

_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:T\d.*)?\Z")
_SPAN = re.compile(r"(\d{1,4})[-–](\d{1,4})\Z")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)\Z", re.IGNORECASE)
_DECADE = re.compile(r"(\d{4}|\d0)s\Z")


def full_year(digits: str) -> int:
    """The year that two or four digits mean."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < PIVOT else 1900)


def as_date(year: int, month: int, day: int) -> datetime.date | None:
    """The day, or None where the calendar has none (31 February)."""
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def number_word(token: str) -> Word:
    """The category of a token that starts with a digit: DAY, ORD, YEAR, ISO, NUMERIC, DAYS, YEARS, DECADE, COUNT."""
    if token.isdigit() and token.isascii():
        if len(token) <= 2 and 1 <= int(token) <= 31:
            return Word("DAY", int(token))
        if len(token) == 4 and FIRST_YEAR <= int(token) <= LAST_YEAR:
            return Word("YEAR", int(token))
        return Word("COUNT", int(token) if len(token) <= 4 else None)
    if (ordinal := _ORDINAL.match(token)) and 1 <= int(ordinal[1]) <= 31:
        return Word("ORD", int(ordinal[1]))
    if decade := _DECADE.match(token):
        year = int(decade[1]) if len(decade[1]) == 4 else 1900 + int(decade[1])
        if year % 10 == 0 and FIRST_YEAR <= year <= LAST_YEAR:
            return Word("DECADE" if len(decade[1]) == 4 else "TENS", year)
    if span := _SPAN.match(token):
        return _span_word(span[1], span[2])
    if date := _DATE.match(token):
        return _date_word(date[1], date[2], date[3], date[4])
    if token in VOCABULARY:  # "3Q"
        return VOCABULARY[token]
    return Word("COUNT")


def _span_word(left: str, right: str) -> Word:
    """ "13-14" is days, "2014-2016" and "2019-20" are years; else a number."""
    a, b = int(left), int(right)
    if len(left) <= 2 and 1 <= a < b <= 31:
        return Word("DAYS", (a, b))
    if len(left) == 4 and FIRST_YEAR <= a <= LAST_YEAR:
        b = b if len(right) == 4 else a // 100 * 100 + b
        if len(right) in (2, 4) and a < b <= LAST_YEAR:
            return Word("YEARS", (a, b))
    return Word("COUNT")


def _date_word(left: str, mark: str, middle: str, right: str) -> Word:
    """ "2022-09-13" is a date whatever the outlet's order; "13/09/2022" and "13/09/22" wait for it."""
    if len(left) == 4 and len(right) <= 2:
        day = as_date(int(left), int(middle), int(right))
        return Word("ISO", day) if day and FIRST_YEAR <= day.year <= LAST_YEAR else Word("COUNT")
    # "10.5.22" is as likely a version number: a dotted date shows four digits of its year.
    if len(left) <= 2 and (len(right) == 4 or (len(right) == 2 and mark == "/")):
        return Word("NUMERIC", (int(left), int(middle), full_year(right)))
    return Word("COUNT")
