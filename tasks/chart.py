"""Small pictures as SVG, drawn here: no script, no address, every text escaped."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import accumulate

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 240, 44, 28, 30
BARS = 90  # more would be thinner than a reader can tell apart
COLOURS = ("#2a6f97", "#d0702c", "#52796f", "#9d4edd", "#b7791f", "#c1121f")


def events_over_time(days: Mapping[datetime.date, int], *, title: str) -> str:
    """Bars of the number of events, given by day; by week, month or year where there would be too many bars.

    The earliest and latest hundredth are left out where they are far off: articles tell of old wars, too.
    """
    if not days:
        return _svg(title, '<text x="60" y="120">no event has a date</text>')
    total = sum(days.values())
    ordered = sorted(days)
    first, last = (_passing(total // 100, order, days) for order in (ordered, ordered[::-1]))
    name, length = next((n, days) for n, days in _PERIODS.items() if (last - first).days / days < BARS - 1)
    counts: Counter[datetime.date] = Counter()
    for day in ordered:
        if first <= day <= last:
            counts[_start(day, name)] += days[day]
    bars: dict[datetime.date, int] = {}
    day = _start(first, name)
    while day <= last:
        bars[day] = counts[day]
        day = _start(day + datetime.timedelta(days=round(length * 1.5) if length > 7 else length), name)
    left = total - counts.total()
    return _bars(bars, title=f"{title}, by {name}" + (f"; {left:,} earlier or later" if left else ""))


def _passing(number: int, order: Sequence[datetime.date], days: Mapping[datetime.date, int]) -> datetime.date:
    """The day on which more than so many events have been passed."""
    passed = accumulate(days[day] for day in order)
    return next(day for day, n in zip(order, passed, strict=True) if n > number)


# Days at most in a period, so that half as much more again falls into the next one.
_PERIODS = {"day": 1, "week": 7, "month": 31, "year": 366, "century": 36_525}


def _start(day: datetime.date, period: str) -> datetime.date:
    if period == "day":
        return day
    if period == "week":
        return day - datetime.timedelta(days=min(day.weekday(), day.toordinal() - 1))
    if period == "month":
        return day.replace(day=1)
    return day.replace(year=day.year if period == "year" else max(1, day.year // 100 * 100), month=1, day=1)


def lines(series: Mapping[str, Sequence[float | None]], *, title: str, labels: Sequence[str]) -> str:
    """A line for each series over the same runs; None is a gap. `labels` name the first and the last run."""
    values = [v for s in series.values() for v in s if v is not None]
    if not values:
        return _svg(title, '<text x="60" y="120">nothing measured yet</text>')
    top = max(values) or 1.0
    most = max(2, max(map(len, series.values())))
    parts = [_frame(top)]
    for k, (name, points) in enumerate(series.items()):
        colour = COLOURS[k % len(COLOURS)]
        at = [(_x(n, most), _y(v, top)) for n, v in enumerate(points) if v is not None]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in at]
        parts.append(f'<text x="{LEFT + 6 + 150 * k}" y="{TOP + 4}" fill="{colour}">{escape(name)}</text>')
    parts += _ends(labels)
    return _svg(title, "".join(parts))


def _bars(counts: Mapping[datetime.date, int], *, title: str) -> str:
    top = max(counts.values())
    step = (WIDTH - LEFT - 10) / len(counts)
    wide = min(40.0, step)
    parts = [_frame(top)]
    for k, (day, n) in enumerate(counts.items()):
        y = _y(n, top)
        parts.append(
            f'<rect x="{LEFT + 4 + k * step:.1f}" y="{y:.1f}" width="{max(1.0, wide - 1):.1f}" '
            f'height="{HEIGHT - BOTTOM - y:.1f}" fill="{COLOURS[0]}"><title>{day}: {n:,}</title></rect>'
        )
    return _svg(title, "".join([*parts, *_ends([str(day) for day in counts])]))


def _frame(top: float) -> str:
    foot = HEIGHT - BOTTOM
    most = f"{top:,.0f}" if top >= 10 else f"{top:.2g}"
    return (
        f'<line x1="{LEFT}" y1="{foot}" x2="{WIDTH - 6}" y2="{foot}" stroke="#888"/>'
        f'<text x="{LEFT - 6}" y="{foot}" text-anchor="end">0</text>'
        f'<text x="{LEFT - 6}" y="{TOP + 18}" text-anchor="end">{most}</text>'
    )


def _ends(labels: Sequence[str]) -> list[str]:
    if not labels:
        return []
    first = f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(labels[0])}</text>'
    if len(labels) == 1:
        return [first]
    return [first, f'<text x="{WIDTH - 8}" y="{HEIGHT - 8}" text-anchor="end">{escape(labels[-1])}</text>']


def _x(n: int, most: int) -> float:
    return LEFT + 8 + n * (WIDTH - LEFT - 24) / (most - 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP - 14)


def _svg(title: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" font-family="system-ui, sans-serif" font-size="12" fill="#555">'
        f'<path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="#fff"/>'
        f'<text x="{LEFT}" y="14" font-size="14">{escape(title)}</text>{body}</svg>'
    )
