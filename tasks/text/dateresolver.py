"""Which days a date phrase means, seen from the day the article speaks on.

Every row of the grammar has its function here. A phrase that cannot be placed - its anchor is missing, the calendar
has no such day, or it is vague ("years ago") - gives None: a date is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tasks.text.calendardates import (
    read_days_of_month,
    read_decade,
    read_feast,
    read_half,
    read_iso,
    read_listed_years,
    read_months,
    read_nth,
    read_numeric,
    read_quarter,
    read_season,
    read_year,
    read_years,
    written_day_first,
)
from tasks.text.dateanchors import SLACK, Anchor, year_of
from tasks.text.datephrases import DatePhrase
from tasks.text.periods import Period
from tasks.text.relativedates import (
    distance,
    read_ago,
    read_beside,
    read_calendar_unit,
    read_day_beside,
    read_day_word,
    read_edge_units,
    read_in_units,
    read_last_night,
    read_shifted,
    read_that,
    read_vague,
    read_weekday,
    read_weekend,
    read_window,
)

__all__ = ["SLACK", "Anchor", "distance", "resolve_phrase", "written_day_first"]


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


def _range(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """From the left phrase's first day to the right one's last; the left takes a missing year from the right."""
    if phrase.ends is None:
        return None
    left_end, right_end = (replace(end, role="at") for end in phrase.ends)
    left, right = resolve_phrase(left_end, anchor), resolve_phrase(right_end, anchor)
    if right is None:
        return None
    if year_of(right_end) and not year_of(left_end):
        left = resolve_phrase(left_end, replace(anchor, year=right.first.year))
        if left and left.first > right.last:  # "from December to March 2021"
            left = resolve_phrase(left_end, replace(anchor, year=right.first.year - 1))
    elif left and left.first > right.last:  # "from Friday to Monday", published on a Tuesday
        left = resolve_phrase(left_end, replace(anchor, day=right.last, forward=False))
    if left is None or left.first > right.last:
        return None
    return replace(right, first=left.first, why=left.why if left.why == right.why else f"{left.why}; {right.why}")


_RESOLVERS: dict[str, Callable[[DatePhrase, Anchor], Period | None]] = {
    "iso": read_iso,
    "numeric": read_numeric,
    "day_month": read_days_of_month,
    "days_month": read_days_of_month,
    "nth": read_nth,
    "month": read_months,
    "months": read_months,
    "season": read_season,
    "quarter": read_quarter,
    "half": read_half,
    "year": read_year,
    "years": read_years,
    "list": read_listed_years,
    "decade": read_decade,
    "day": read_day_word,
    "last_night": read_last_night,
    "day_beside": read_day_beside,
    "weekday": read_weekday,
    "weekend": read_weekend,
    "ago": read_ago,
    "vague": read_vague,
    "in_units": read_in_units,
    "window": read_window,
    "edge_units": read_edge_units,
    "unit": read_calendar_unit,
    "that": read_that,
    "beside": read_beside,
    "shifted": read_shifted,
    "distance": read_vague,
    "feast": read_feast,
    "range": _range,
}
