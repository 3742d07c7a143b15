"""Spans of days and the calendar's units: weeks from Monday, months, quarters, years, decades."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A resolved date: first and last day, how exact it is, "explicit" or "relative", and the reasoning in words."""

    first: datetime.date
    last: datetime.date
    precision: str
    source: str = "explicit"
    why: str = ""


def month_of(year: int, month: int, months: int = 1) -> tuple[datetime.date, datetime.date]:
    """First and last day of `months` months from `month` on; `month` may lie outside 1 to 12."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    end = month + months - 1
    last_year, last_month = year + (end - 1) // 12, (end - 1) % 12 + 1
    return datetime.date(year, month, 1), datetime.date(
        last_year, last_month, calendar.monthrange(last_year, last_month)[1]
    )


def unit_around(day: datetime.date, unit: str, shift: int = 0) -> tuple[datetime.date, datetime.date, str]:
    """The unit (day, week from Monday, month, quarter, year, decade) `shift` units from the one that holds `day`."""
    if unit in ("day", "night", "morning", "afternoon", "evening", "hour"):
        moved = day + shift * _DAY
        return moved, moved, "day"
    if unit in ("week", "fortnight"):
        weeks = 2 if unit == "fortnight" else 1
        first = day - day.weekday() * _DAY + 7 * weeks * shift * _DAY
        return first, first + (7 * weeks - 1) * _DAY, "week"
    if unit == "month":
        return *month_of(day.year, day.month + shift), "month"
    if unit == "quarter":
        return *month_of(day.year, (day.month - 1) // 3 * 3 + 1 + 3 * shift, 3), "quarter"
    if unit == "decade":
        year = (day.year // 10 + shift) * 10
        return datetime.date(year, 1, 1), datetime.date(year + 9, 12, 31), "decade"
    return datetime.date(day.year + shift, 1, 1), datetime.date(day.year + shift, 12, 31), "year"


def moved_by(day: datetime.date, unit: str, count: int) -> tuple[datetime.date, datetime.date, str]:
    """What "`count` units from `day`" means: days and weeks to the day, longer units as a whole."""
    if unit == "hour":
        return day, day, "day"
    if unit in ("day", "week", "fortnight"):
        moved = day + count * {"day": 1, "week": 7, "fortnight": 14}[unit] * _DAY
        return moved, moved, "day" if unit == "day" else "week"
    if unit == "decade":
        return *unit_around(day, "year", 10 * count)[:2], "decade"
    return unit_around(day, unit, count)


def part_of(first: datetime.date, last: datetime.date, edge: str | None) -> tuple[datetime.date, datetime.date]:
    """The early, middle or late third of a span."""
    if edge is None:
        return first, last
    third = ((last - first).days + 1) // 3
    if edge == "early":
        return first, first + (third - 1) * _DAY
    if edge == "late":
        return last - (third - 1) * _DAY, last
    return first + third * _DAY, last - third * _DAY


def same_day(day: datetime.date, unit: str, count: int) -> datetime.date:
    """The day of the same number `count` units away; the month's last where it is shorter."""
    if unit in ("hour", "day", "week", "fortnight"):
        return day + count * {"hour": 0, "day": 1, "week": 7, "fortnight": 14}[unit] * _DAY
    months = count * {"month": 1, "year": 12, "decade": 120}[unit]
    first, last = month_of(day.year, day.month + months)
    return min(first + (day.day - 1) * _DAY, last)
