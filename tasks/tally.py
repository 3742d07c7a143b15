"""What a run's batches gave, counted; and how long its stages took."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow.compute as pc

from tasks.contracts.report import Tally
from tasks.contracts.stages import Finished
from tasks.store import read_ref


@dataclass(frozen=True, slots=True)
class StageClock:
    """Adds up the seconds of each stage's task runs; it is a hook that Prefect calls at a task run's end."""

    seconds: Counter[str] = field(default_factory=Counter)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, task: Any, task_run: Any, state: Any) -> None:
        """Takes the time from the task run's start to its final state."""
        if task_run.start_time is not None:
            with self.guard:
                self.seconds[task.name] += (state.timestamp - task_run.start_time).total_seconds()


def add_up(finished: Sequence[Finished], *, seconds: dict[str, float]) -> Tally:
    """The articles, events and rejects of the batches, counted."""
    articles = without = events = undated = 0
    days: set[Any] = set()
    reasons: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for f in finished:
        rows = read_ref(f.validated.articles).select(["published", "n_events"])
        articles += rows.num_rows
        without += pc.sum(pc.equal(rows["n_events"], 0)).as_py() or 0
        days.update(d for d in rows["published"].to_pylist() if d is not None)
        found = read_ref(f.validated.events).select(["date", "event_type"])
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
