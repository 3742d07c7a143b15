"""Phrases that name the calendar: days, months, seasons, quarters, years, feasts; a missing year is the nearest."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from tasks.text.dateanchors import SLACK, Anchor, clip_to_now, edge_of, month_number, shift_of, year_of
from tasks.text.datephrases import DatePhrase
from tasks.text.datewords import FIRST_YEAR, LAST_YEAR, as_date
from tasks.text.feasts import feast_day
from tasks.text.periods import Period, month_of, part_of, unit_around

SEASON_MONTHS, QUARTER_MONTHS, HALF_MONTHS = 3, 3, 6
_DAY = datetime.timedelta(days=1)


def _days(phrase: DatePhrase) -> list[int]:
    pair = phrase.first("DAYS")
    return list(pair) if pair else [*phrase.words.get("DAY", []), *phrase.words.get("ORD", [])]


def read_numeric(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    a, b, year = phrase.first("NUMERIC")
    day, month = (a, b) if anchor.day_first else (b, a)
    if month > 12 >= day:  # 09/13/2022 can only be one of the two
        day, month = month, day
    found = as_date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    return Period(first=found, last=found, precision="day") if found else None


def written_day_first(phrases: Iterable[DatePhrase]) -> bool | None:
    """Whether numeric dates put the day first, by those that can be read in one way only; None if none tells."""
    told = set()
    for phrase in phrases:
        a, b, _ = phrase.first("NUMERIC") or (0, 0, 0)
        if (a > 12) != (b > 12):
            told.add(a > 12)
    return told.pop() if len(told) == 1 else None


def read_iso(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    day = phrase.first("ISO")
    return Period(first=day, last=day, precision="day")


def nearest_year(month: int, day: int, anchor: Anchor) -> int | None:
    """The year of a day named without one: the last one up to now, for plans the next; None without an anchor."""
    if anchor.year is not None:
        return anchor.year
    if anchor.day is None:
        return None
    now = anchor.day
    years = range(now.year - 4, now.year + 5)  # 29 February comes every four years
    days = [d for d in (as_date(year, month, day) for year in years) if d]
    if anchor.forward:
        return next((d.year for d in days if d >= now), None)
    return next((d.year for d in reversed(days) if d <= now + SLACK), None)


def read_days_of_month(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    days, month = _days(phrase), month_number(phrase)
    year, why = year_of(phrase), "as written"
    if year is None:
        year = nearest_year(month, days[0], anchor)
        why = f"the year from {anchor.day}"
    if year is None:
        return None
    first, last = as_date(year, month, days[0]), as_date(year, month, days[-1])
    return Period(first=first, last=last, precision="day", why=why) if first and last else None


def read_nth(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "on the 13th": of this month, or of the one before (after, for plans)."""
    if anchor.day is None:
        return None
    number = phrase.first("ORD")
    for shift in (0, 1, 2) if anchor.forward else (0, -1, -2):
        first, _ = month_of(anchor.day.year, anchor.day.month + shift)
        day = as_date(first.year, first.month, number)
        if day and (day >= anchor.day if anchor.forward else day <= anchor.day):
            return Period(first=day, last=day, precision="day", source="relative")
    return None


def _span_year(phrase: DatePhrase, month: int, months: int, anchor: Anchor) -> int | None:
    """The year of a month or season: written, "last year", "last May", or the nearest."""
    if (year := year_of(phrase)) is not None:
        return year
    now = anchor.day
    if now is None:
        return anchor.year
    shift = shift_of(phrase)
    if "UNIT" in phrase.words:  # "in June last year", "of the year"
        return now.year + (shift or 0)
    if anchor.year is not None and shift is None:
        return anchor.year
    starts = [month_of(year, month, months) for year in range(now.year - 2, now.year + 3)]
    if shift == -1:
        return next(first.year for first, last in reversed(starts) if last < now)
    if shift == 1 or anchor.forward:
        return next(first.year for first, last in starts if (first > now if shift == 1 else last >= now))
    if shift == 0:
        return now.year
    return next(first.year for first, _ in reversed(starts) if first <= now + SLACK)


def read_months(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    numbers = [n for category in ("MONTH", "NAME", "MON") for n in phrase.words.get(category, ())]
    length = (numbers[-1] - numbers[0]) % 12 + 1
    year = _span_year(phrase, numbers[0], length, anchor)
    if year is None:
        return None
    first, last = part_of(*month_of(year, numbers[0], length), edge_of(phrase))
    why = "as written" if year_of(phrase) else f"the year from {anchor.day}"
    return Period(first=first, last=last, precision="month" if length == 1 else "quarter", why=why)


def read_season(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """Seasons of the northern half of the world, by whole months; winter is named after the year it begins in."""
    month = int(phrase.first("SEASON") or phrase.first("FALL"))
    year = _span_year(phrase, month, SEASON_MONTHS, anchor)
    if year is None:
        return None
    first, last = part_of(*month_of(year, month, SEASON_MONTHS), edge_of(phrase))
    if anchor.day:
        first, last = clip_to_now(first, last, phrase, anchor.day)
    return Period(first=first, last=last, precision="quarter", source="explicit" if year_of(phrase) else "relative")


def read_year(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    year = phrase.first("YEAR")
    first, last = part_of(datetime.date(year, 1, 1), datetime.date(year, 12, 31), edge_of(phrase))
    if anchor.day:
        first, last = clip_to_now(first, last, phrase, anchor.day)
    return Period(first=first, last=last, precision="year")


def read_years(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    first, last = phrase.first("YEARS") or phrase.words["YEAR"]
    return Period(first=datetime.date(first, 1, 1), last=datetime.date(last, 12, 31), precision="year")


def read_listed_years(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "in 2001 and 2002" is a span; "in 1991 and 2020" are two days apart, of which none can be chosen."""
    years = phrase.words["YEAR"]
    if years != list(range(years[0], years[0] + len(years))):
        return None
    return Period(first=datetime.date(years[0], 1, 1), last=datetime.date(years[-1], 12, 31), precision="year")


def read_decade(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    year = phrase.first("DECADE") or phrase.first("TENS")
    first, last = part_of(datetime.date(year, 1, 1), datetime.date(year + 9, 12, 31), edge_of(phrase))
    return Period(first=first, last=last, precision="decade")


def _fraction_of_year(phrase: DatePhrase, anchor: Anchor, number: int, months: int) -> Period | None:
    year = _span_year(phrase, (number - 1) * months + 1, months, anchor)
    if year is None:
        return None
    first, last = month_of(year, (number - 1) * months + 1, months)
    source = "explicit" if year_of(phrase) else "relative"
    return Period(first=first, last=last, precision="quarter" if months == QUARTER_MONTHS else "year", source=source)


def read_quarter(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    number = phrase.first("QUARTER") or phrase.first("NTH")
    if number is None and "UNIT" in phrase.words:  # "the last quarter of the year"
        number = 4
    if number is None and (shift := shift_of(phrase)) is not None and anchor.day:
        first, last, precision = unit_around(anchor.day, "quarter", shift)
        return Period(first=first, last=last, precision=precision, source="relative")
    if number is None and "YEAR" in phrase.words:
        number = 4
    if number is None:
        return None
    if year_of(phrase) is None and "UNIT" not in phrase.words and not anchor.forward and anchor.day:
        # A quarter is spoken of once it is over: "the third quarter" in September is last year's.
        ended = anchor.day.replace(day=1) - _DAY
        year = ended.year if month_of(ended.year, number * 3)[1] <= anchor.day else ended.year - 1
        first, last = month_of(year, number * 3 - 2, QUARTER_MONTHS)
        return Period(first=first, last=last, precision="quarter", source="relative")
    return _fraction_of_year(phrase, anchor, number, QUARTER_MONTHS)


def read_half(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    number = phrase.first("NTH")
    return _fraction_of_year(phrase, anchor, number, HALF_MONTHS) if number in (1, 2) else None


def read_feast(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    now = anchor.day
    if now is None:
        return None
    days = [feast_day(phrase.words, year) for year in range(now.year - 2, now.year + 3)]
    shift = shift_of(phrase)
    if shift == 1 or anchor.forward:
        day = next(d for d in days if d >= now)
    elif shift == -1:
        day = next(d for d in reversed(days) if d < now)
    else:
        day = next(d for d in reversed(days) if d <= now)
    return Period(first=day, last=day, precision="day", source="relative")
