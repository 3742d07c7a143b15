"""What a run's batches gave, counted; and how long its stages took."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.contracts.report import Tally
from tasks.contracts.stages import Finished
from tasks.store import read_ref


@dataclass(slots=True)
class StageClock:
    """Shares the time that passes out among the stages: each end of a task run closes the time since the one before.

    Task runs of one flow run follow each other, so that this is how long each took.
    """

    seconds: Counter[str] = field(default_factory=Counter)
    since: float = field(default_factory=time.monotonic)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def close(self, stage: str) -> None:
        """The time since the last end was this stage's."""
        with self.guard:
            now = time.monotonic()
            self.seconds[stage] += now - self.since
            self.since = now


def add_up(finished: Sequence[Finished], *, seconds: Mapping[str, float]) -> Tally:
    """The articles, events and rejects of the batches, counted."""
    articles = without = events = undated = 0
    days: set[Any] = set()
    reasons: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for f in finished:
        rows = read_ref(f.validated.articles, ["article_key", "published"])
        articles += rows.num_rows
        days.update(d for d in rows["published"].to_pylist() if d is not None)
        found = read_ref(f.validated.events, ["article_key", "date", "event_type"])
        without += len(set(rows["article_key"].to_pylist()) - set(found["article_key"].to_pylist()))
        events += found.num_rows
        undated += found["date"].null_count
        types.update(found["event_type"].to_pylist())
        for ref in (f.ingested.rejects, f.cleaned.rejects, f.extracted.rejects, f.validated.rejects):
            reasons.update(read_ref(ref)["reason"].to_pylist())
    return Tally(
        articles=articles,
        without_events=without,
        events=events,
        undated=undated,
        days=len(days),
        rejects=sum(reasons.values()),
        rejects_by_reason=dict(sorted(reasons.items())),
        events_by_type=dict(sorted(types.items())),
        seconds={name: round(s, 2) for name, s in seconds.items()},
    )
