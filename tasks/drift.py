"""Whether a run's articles differ from those of the last runs by more than chance allows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tasks.contracts.report import Measure, Tally

ODDS = 1e-3
"""A share is out of bounds where chance alone gives one as far off in fewer than one of a thousand runs: with an hourly
schedule, a false alarm in six weeks at most."""
VOLUME_FACTOR = 3.0
"""Weekends and feasts halve the news, a war doubles it: threefold is a changed source or a broken rule."""
MIN_RUNS = 3
"""Of fewer runs nobody can say what is usual."""


def measure(now: Tally, before: Sequence[Tally], *, jump: float) -> list[Measure]:
    """The run's figures beside those of the runs before; none where these are too few or the run did nothing.

    Shares of rejects, of articles without an event, of events without a date and of each event type, and the events
    per day of publication. A share has to be off by `jump` at least, however surely it is off.
    """
    if len(before) < MIN_RUNS or not (now.articles or now.rejects):
        return []
    shares = [
        ("rejects", "of the input rejected", lambda t: (t.rejects, t.articles + t.rejects)),
        ("without_events", "of the articles without an event", lambda t: (t.without_events, t.articles)),
        ("undated", "of the events without a date", lambda t: (t.undated, t.events)),
    ]
    for kind in sorted({k for t in (now, *before) for k in t.events_by_type}):
        shares.append(
            (f"type_{kind}", f"of the events {kind}", lambda t, k=kind: (t.events_by_type.get(k, 0), t.events))
        )
    found = [_share(name, words, count(now), [count(t) for t in before], jump) for name, words, count in shares]
    return [m for m in (*found, _volume(now, before)) if m is not None]


def _share(
    name: str, words: str, now: tuple[int, int], before: Sequence[tuple[int, int]], jump: float
) -> Measure | None:
    hits, total = sum(b[0] for b in before), sum(b[1] for b in before)
    if not now[1] or not total:
        return None
    usual = hits / total
    low, high = share_bounds(hits, total, of=now[1])
    return Measure(
        name=name,
        words=words,
        value=now[0] / now[1],
        usual=usual,
        low=max(0.0, min(low, usual - jump)),
        high=min(1.0, max(high, usual + jump)),
    )


def _volume(now: Tally, before: Sequence[Tally]) -> Measure | None:
    rates = sorted(t.events / t.days for t in before if t.days)
    if not now.days or len(rates) < MIN_RUNS:
        return None
    usual = rates[len(rates) // 2]
    # Of few articles the number of events is chance: two standard deviations of a Poisson count are allowed for.
    noise = 2 * math.sqrt(max(1.0, usual) / now.days)
    return Measure(
        name="volume",
        words="events per day of publication",
        value=now.events / now.days,
        usual=usual,
        low=max(0.0, usual / VOLUME_FACTOR - noise),
        high=usual * VOLUME_FACTOR + noise,
    )


def share_bounds(hits: int, total: int, *, of: int) -> tuple[float, float]:
    """The shares of `of` cases between which the next run's lies but for ODDS at each end.

    The beta-binomial distribution, which allows for how little few earlier cases say: after 3 of 100, one bad case of
    one is nothing, three of three are something.
    """
    a, b = hits + 1, total - hits + 1
    k = np.arange(of, dtype=np.float64)
    steps = np.log((of - k) * (k + a)) - np.log((k + 1) * (of - k - 1 + b))  # from k cases to one more
    chances = np.exp(_log_beta(a, of + b) - _log_beta(a, b) + np.concatenate([[0.0], np.cumsum(steps)]))
    below, above = (min(of, int(np.searchsorted(np.cumsum(c), ODDS))) for c in (chances, chances[::-1]))
    return below / of, (of - above) / of


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
