"""The days of feasts that news dates events by."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

_FIXED_FEASTS = {"Eve": (12, 24), "Day": (12, 25), "halloween": (10, 31), "boxing": (12, 26), "valentine": (2, 14)}


def easter(year: int) -> datetime.date:
    """Easter Sunday of the western churches (the anonymous Gregorian computus)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return datetime.date(year, month, day + 1)


def feast_day(words: Mapping[str, Sequence[Any]], year: int) -> datetime.date:
    """The day of the feast that these words name, by category, in that year."""
    if "easter" in words or "good" in words:
        weekday = next(iter(words.get("WEEKDAY", ())), None)
        return easter(year) + {None: 0, 6: 0, 0: 1, 4: -2}.get(weekday, 0) * datetime.timedelta(days=1)
    if "thanksgiving" in words:  # the fourth Thursday of November
        first = datetime.date(year, 11, 1)
        return first + ((3 - first.weekday()) % 7 + 21) * datetime.timedelta(days=1)
    if "new" in words:
        return datetime.date(year, 12, 31) if "eve" in words else datetime.date(year, 1, 1)
    for name in ("halloween", "boxing", "valentine"):
        if name in words:
            return datetime.date(year, *_FIXED_FEASTS[name])
    return datetime.date(year, *_FIXED_FEASTS["Eve" if "eve" in words else "Day"])
