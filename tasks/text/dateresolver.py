"""Which days a date phrase means, seen from the day the article speaks on.

Every row of the grammar has its function here. A phrase that cannot be placed - its anchor is missing, the calendar
has no such day, or it is vague ("years ago") - gives None: a date is never guessed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tasks.text.datephrases import DatePhrase
from tasks.text.datewords import FIRST_YEAR, LAST_YEAR, as_date
from tasks.text.feasts import feast_day
from tasks.text.periods import Period, month_of, moved_by, part_of, same_day, unit_around

SLACK = datetime.timedelta(days=1)  # an article of the 13th may tell of the 14th: it was written in another time zone
SEASON_MONTHS, QUARTER_MONTHS, HALF_MONTHS, YEAR_MONTHS = 3, 3, 6, 12
_DAY = datetime.timedelta(days=1)


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


def resolve_phrase(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """The days that a phrase means; None where its anchor is missing, its day does not exist or its words are vague."""
    try:
        period = _RESOLVERS[phrase.row](phrase, anchor)
    except (OverflowError, ValueError):  # "5,000 years ago" lies before the calendar
        return None
    if period is None or period.last < period.first:
        return None
    if phrase.role == "since" and anchor.day and period.first < anchor.day:
        # "since 2002" lasts until now
        period = replace(period, last=anchor.day)
    return period if period.why else replace(period, why=_reason(period, anchor))


def _reason(period: Period, anchor: Anchor) -> str:
    if period.source == "relative":
        return f"from {anchor.day}"
    return "as written"


def _edge(phrase: DatePhrase) -> str | None:
    edge: str | None = phrase.first("EDGE") or phrase.first("POINT")
    return edge


def _count(phrase: DatePhrase) -> int | None:
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


def _unit(phrase: DatePhrase) -> str:
    return phrase.first("UNIT") or phrase.first("UNITS") or phrase.first("HOURS") or "day"


def _shift(phrase: DatePhrase) -> int | None:
    for category in ("LAST", "THIS", "NEXT"):
        if category in phrase.words:
            return int(phrase.words[category][0])
    return None


def _clip(
    first: datetime.date, last: datetime.date, phrase: DatePhrase, day: datetime.date
) -> tuple[datetime.date, datetime.date]:
    """ "earlier this week" ends today, "later this month" begins today."""
    if "EARLIER" in phrase.words and first <= day:
        return first, min(last, day)
    if "LATER" in phrase.words and last >= day:
        return max(first, day), last
    return first, last


# Days with their month --------------------------------------------------------------------------------------------


def _year_of(phrase: DatePhrase) -> int | None:
    year: int | None = phrase.first("YEAR")
    return year


def _month_number(phrase: DatePhrase) -> int:
    return int(phrase.first("MONTH") or phrase.first("NAME") or phrase.first("MON"))


def _days(phrase: DatePhrase) -> list[int]:
    pair = phrase.first("DAYS")
    return list(pair) if pair else [*phrase.words.get("DAY", []), *phrase.words.get("ORD", [])]


def _numeric(phrase: DatePhrase, anchor: Anchor) -> Period | None:
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


def _iso(phrase: DatePhrase, anchor: Anchor) -> Period | None:
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


def _days_of_month(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    days, month = _days(phrase), _month_number(phrase)
    year, why = _year_of(phrase), "as written"
    if year is None:
        year = nearest_year(month, days[0], anchor)
        why = f"the year from {anchor.day}"
    if year is None:
        return None
    first, last = as_date(year, month, days[0]), as_date(year, month, days[-1])
    return Period(first=first, last=last, precision="day", why=why) if first and last else None


def _nth(phrase: DatePhrase, anchor: Anchor) -> Period | None:
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


# Months, seasons, quarters, years ---------------------------------------------------------------------------------


def _span_year(phrase: DatePhrase, month: int, months: int, anchor: Anchor) -> int | None:
    """The year of a month or season: written, "last year", "last May", or the nearest."""
    if (year := _year_of(phrase)) is not None:
        return year
    now = anchor.day
    if now is None:
        return anchor.year
    shift = _shift(phrase)
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


def _months(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    numbers = [n for category in ("MONTH", "NAME", "MON") for n in phrase.words.get(category, ())]
    length = (numbers[-1] - numbers[0]) % 12 + 1
    year = _span_year(phrase, numbers[0], length, anchor)
    if year is None:
        return None
    first, last = part_of(*month_of(year, numbers[0], length), _edge(phrase))
    why = "as written" if _year_of(phrase) else f"the year from {anchor.day}"
    return Period(first=first, last=last, precision="month" if length == 1 else "quarter", why=why)


def _season(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """Seasons of the northern half of the world, by whole months; winter is named after the year it begins in."""
    month = int(phrase.first("SEASON") or phrase.first("FALL"))
    year = _span_year(phrase, month, SEASON_MONTHS, anchor)
    if year is None:
        return None
    first, last = part_of(*month_of(year, month, SEASON_MONTHS), _edge(phrase))
    if anchor.day:
        first, last = _clip(first, last, phrase, anchor.day)
    return Period(first=first, last=last, precision="quarter", source="explicit" if _year_of(phrase) else "relative")


def _year(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    year = phrase.first("YEAR")
    first, last = part_of(datetime.date(year, 1, 1), datetime.date(year, 12, 31), _edge(phrase))
    if anchor.day:
        first, last = _clip(first, last, phrase, anchor.day)
    return Period(first=first, last=last, precision="year")


def _years(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    first, last = phrase.first("YEARS") or phrase.words["YEAR"]
    return Period(first=datetime.date(first, 1, 1), last=datetime.date(last, 12, 31), precision="year")


def _listed_years(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "in 2001 and 2002" is a span; "in 1991 and 2020" are two days apart, of which none can be chosen."""
    years = phrase.words["YEAR"]
    if years != list(range(years[0], years[0] + len(years))):
        return None
    return Period(first=datetime.date(years[0], 1, 1), last=datetime.date(years[-1], 12, 31), precision="year")


def _decade(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    year = phrase.first("DECADE") or phrase.first("TENS")
    first, last = part_of(datetime.date(year, 1, 1), datetime.date(year + 9, 12, 31), _edge(phrase))
    return Period(first=first, last=last, precision="decade")


def _fraction_of_year(phrase: DatePhrase, anchor: Anchor, number: int, months: int) -> Period | None:
    year = _span_year(phrase, (number - 1) * months + 1, months, anchor)
    if year is None:
        return None
    first, last = month_of(year, (number - 1) * months + 1, months)
    source = "explicit" if _year_of(phrase) else "relative"
    return Period(first=first, last=last, precision="quarter" if months == QUARTER_MONTHS else "year", source=source)


def _quarter(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    number = phrase.first("QUARTER") or phrase.first("NTH")
    if number is None and "UNIT" in phrase.words:  # "the last quarter of the year"
        number = 4
    if number is None and (shift := _shift(phrase)) is not None and anchor.day:
        first, last, precision = unit_around(anchor.day, "quarter", shift)
        return Period(first=first, last=last, precision=precision, source="relative")
    if number is None and "YEAR" in phrase.words:
        number = 4
    if number is None:
        return _beside(phrase, anchor)
    if _year_of(phrase) is None and "UNIT" not in phrase.words and not anchor.forward and anchor.day:
        # A quarter is spoken of once it is over: "the third quarter" in September is last year's.
        ended = anchor.day.replace(day=1) - _DAY
        year = ended.year if month_of(ended.year, number * 3)[1] <= anchor.day else ended.year - 1
        first, last = month_of(year, number * 3 - 2, QUARTER_MONTHS)
        return Period(first=first, last=last, precision="quarter", source="relative")
    return _fraction_of_year(phrase, anchor, number, QUARTER_MONTHS)


def _half(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    number = phrase.first("NTH")
    return _fraction_of_year(phrase, anchor, number, HALF_MONTHS) if number in (1, 2) else None


# Told from publication --------------------------------------------------------------------------------------------


def _from_now(span: tuple[datetime.date, datetime.date, str]) -> Period:
    return Period(first=span[0], last=span[1], precision=span[2], source="relative")


def _day_word(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if anchor.day is None:
        return None
    shift = sum(phrase.words[c][0] for c in ("YESTERDAY", "TOMORROW") if c in phrase.words)
    return _from_now(unit_around(anchor.day, "day", shift))


def _last_night(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    return _from_now(unit_around(anchor.day, "day", -1)) if anchor.day else None


def _day_beside(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if anchor.day is None:
        return None
    return _from_now(unit_around(anchor.day, "day", -2 if "YESTERDAY" in phrase.words else 2))


def _weekday(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """The last one on or before the anchor, for plans the next; "last" and "next" leave the anchor's own day out."""
    wanted = phrase.first("WEEKDAY")
    wanted = phrase.first("WDAY") if wanted is None else wanted
    if "FOLLOWING" in phrase.words or "PREVIOUS" in phrase.words:
        if anchor.before is None:
            return None
        if "FOLLOWING" in phrase.words:
            ahead = (wanted - anchor.before.last.weekday() - 1) % 7 + 1
            day = anchor.before.last + ahead * _DAY
        else:
            day = anchor.before.first - ((anchor.before.first.weekday() - wanted - 1) % 7 + 1) * _DAY
        return Period(first=day, last=day, precision="day", source="relative", why=f"from {anchor.before.first}")
    now = anchor.day
    if now is None:
        return None
    shift = _shift(phrase)
    back, ahead = (now.weekday() - wanted) % 7, (wanted - now.weekday()) % 7
    if "UNIT" in phrase.words:  # "Tuesday last week"
        first, _, _ = unit_around(now, "week", shift or 0)
        day = first + wanted * _DAY
    elif shift == -1:
        day = now - (back or 7) * _DAY
    elif shift == 1:
        day = now + (ahead or 7) * _DAY
    elif anchor.forward:
        day = now + ahead * _DAY
    else:
        day = now - back * _DAY
    return Period(first=day, last=day, precision="day", source="relative")


def _weekend(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    now = anchor.day
    if now is None or {"THAT", "PREVIOUS", "FOLLOWING"} & set(phrase.words):
        return None
    saturday = now - ((now.weekday() - 5) % 7) * _DAY  # the last Saturday up to now
    shift = _shift(phrase)
    if shift == 1 or (anchor.forward and shift != -1) or (shift == 0 and now.weekday() < 5 and anchor.forward):
        saturday += 7 * _DAY if now.weekday() < 5 or shift == 1 else 0 * _DAY
    elif shift == -1 and now.weekday() >= 5:
        saturday -= 7 * _DAY
    return Period(first=saturday, last=saturday + _DAY, precision="day", source="relative")


def _ago(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    count = _count(phrase)
    if "HOURS" in phrase.words and anchor.day:
        return _from_now((anchor.day, anchor.day, "day"))
    if anchor.day is None or count is None:
        return None
    return _from_now(moved_by(anchor.day, _unit(phrase), -count)) if _reachable(anchor.day, phrase, count) else None


def _reachable(day: datetime.date, phrase: DatePhrase, count: int) -> bool:
    years = {"year": 1, "decade": 10}.get(_unit(phrase), 0)
    return abs(count) * years < day.year - 1 and abs(count) < 100_000


def _in_units(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "in two weeks" is when for a plan; told of the past it is how long ("took the town in two weeks")."""
    count = _count(phrase)
    if anchor.day is None or count is None or not anchor.forward or not _reachable(anchor.day, phrase, count):
        return None
    return _from_now(moved_by(anchor.day, _unit(phrase), count))


def _window(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "in the past two years": from that long ago until now; "in the next three days": the other way."""
    now = anchor.day
    words = phrase.words
    count = 1 if not {"NUM", "DAY", "COUNT", "A", "few", "several", "couple"} & set(words) else _count(phrase)
    if now is None or count is None or not _reachable(now, phrase, count):
        return None
    unit = _unit(phrase)
    ahead = "NEXT" in words
    edge = same_day(now, unit, count if ahead else -count)
    precision = "day" if unit in ("day", "hour") else "week" if unit == "fortnight" else unit
    return Period(first=min(now, edge), last=max(now, edge), precision=precision, source="relative")


def _edge_units(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "the first three months of 2021", "the last two weeks of May"."""
    count = int(phrase.first("NUM") or phrase.first("DAY"))
    unit = phrase.words["UNITS"][0]
    if {"MONTH", "NAME", "MON"} & set(phrase.words):
        whole = _months(phrase, anchor)
    else:
        whole = _year(phrase, anchor) if "YEAR" in phrase.words else _calendar_unit(phrase, anchor)
    if whole is None:
        return None
    if "LAST" in phrase.words or phrase.first("NTH") == 4:
        first = same_day(whole.last + _DAY, unit, -count)
        first, last = max(first, whole.first), whole.last
    else:
        first, last = whole.first, min(same_day(whole.first, unit, count) - _DAY, whole.last)
    precision = "quarter" if (unit, count) == ("month", 3) else "week" if unit == "fortnight" else unit
    return replace(whole, first=first, last=last, precision=precision)


def _calendar_unit(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if anchor.day is None:
        return None
    first, last, precision = unit_around(anchor.day, _unit(phrase), _shift(phrase) or 0)
    first, last = _clip(*part_of(first, last, _edge(phrase)), phrase, anchor.day)
    if not anchor.forward and _shift(phrase) == 0 and first <= anchor.day and _edge(phrase) is None:
        last = min(last, anchor.day)  # what has happened this week happened up to now
    return Period(first=first, last=last, precision=precision, source="relative")


# Told from the date before ----------------------------------------------------------------------------------------


def _from_before(span: tuple[datetime.date, datetime.date, str], anchor: Anchor) -> Period:
    origin = anchor.before.first if anchor.before else anchor.day
    return Period(first=span[0], last=span[1], precision=span[2], source="relative", why=f"from {origin}")


def _that(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if "in" in phrase.words and "the" in phrase.words and "THAT" not in phrase.words:  # "earlier in the week"
        return _calendar_unit(phrase, anchor)
    if anchor.before is None:
        return None
    first, last, precision = unit_around(anchor.before.first, phrase.first("UNIT") or "day")
    first, last = _clip(first, last, phrase, anchor.before.last)
    return _from_before((first, last, precision), anchor)


def _beside(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "the next day", "the previous month", "the year before"."""
    words = phrase.words
    back = "PREVIOUS" in words or "BEFORE" in words
    unit = "quarter" if "quarter" in words else phrase.first("UNIT") or "day"
    if "NEXT" in words and anchor.forward:  # "in the next week" of a plan: from publication
        return _from_now(unit_around(anchor.day, unit, 1)) if anchor.day else None
    if anchor.before is None:
        return None
    start = anchor.before.first if back else anchor.before.last
    return _from_before(unit_around(start, unit, -1 if back else 1), anchor)


def _shifted(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "a week earlier", "two days later": from the date before; earlier ones also from publication."""
    count = _count(phrase)
    back = "EARLIER" in phrase.words or "BEFORE" in phrase.words
    start = anchor.before.first if anchor.before else anchor.day if back else None
    if start is None or count is None or not _reachable(start, phrase, count):
        return None
    return _from_before(moved_by(start, _unit(phrase), -count if back else count), anchor)


def distance(phrase: DatePhrase, start: Period) -> Period | None:
    """Where the other end of "a week after the summit" lies, seen from `start`; None where it is vague."""
    count = _count(phrase)
    if count is None or {"more", "less", "least"} & set(phrase.words) or not _reachable(start.first, phrase, count):
        return None
    back = {"AFTER", "FOLLOWING"} & set(phrase.words)
    first, last, precision = moved_by(start.first, _unit(phrase), -count if back else count)
    return Period(first=first, last=last, precision=precision, source="relative", why=f"{phrase.text} {start.first}")


def _vague(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    return None


# Feasts and ranges ------------------------------------------------------------------------------------------------


def _feast(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    now = anchor.day
    if now is None:
        return None
    days = [feast_day(phrase.words, year) for year in range(now.year - 2, now.year + 3)]
    shift = _shift(phrase)
    if shift == 1 or anchor.forward:
        day = next(d for d in days if d >= now)
    elif shift == -1:
        day = next(d for d in reversed(days) if d < now)
    else:
        day = next(d for d in reversed(days) if d <= now)
    return Period(first=day, last=day, precision="day", source="relative")


def _range(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """From the left phrase's first day to the right one's last; the left takes a missing year from the right."""
    if phrase.ends is None:
        return None
    left_end, right_end = (replace(end, role="at") for end in phrase.ends)
    left, right = resolve_phrase(left_end, anchor), resolve_phrase(right_end, anchor)
    if right is None:
        return None
    if _year_of(right_end) and not _year_of(left_end):
        left = resolve_phrase(left_end, replace(anchor, year=right.first.year))
        if left and left.first > right.last:  # "from December to March 2021"
            left = resolve_phrase(left_end, replace(anchor, year=right.first.year - 1))
    elif left and left.first > right.last:  # "from Friday to Monday", published on a Tuesday
        left = resolve_phrase(left_end, replace(anchor, day=right.last, forward=False))
    if left is None or left.first > right.last:
        return None
    return replace(right, first=left.first, why=left.why if left.why == right.why else f"{left.why}; {right.why}")


_RESOLVERS: dict[str, Callable[[DatePhrase, Anchor], Period | None]] = {
    "iso": _iso,
    "numeric": _numeric,
    "day_month": _days_of_month,
    "days_month": _days_of_month,
    "nth": _nth,
    "month": _months,
    "months": _months,
    "season": _season,
    "quarter": _quarter,
    "half": _half,
    "year": _year,
    "years": _years,
    "list": _listed_years,
    "decade": _decade,
    "day": _day_word,
    "last_night": _last_night,
    "day_beside": _day_beside,
    "weekday": _weekday,
    "weekend": _weekend,
    "ago": _ago,
    "vague": _vague,
    "in_units": _in_units,
    "window": _window,
    "edge_units": _edge_units,
    "unit": _calendar_unit,
    "that": _that,
    "beside": _beside,
    "shifted": _shifted,
    "distance": _vague,
    "feast": _feast,
    "range": _range,
}
