"""The history of runs: one line a run in `runs.jsonl`, the oldest dropped beyond a number to set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.contracts.report import Tally

HISTORY = "runs.jsonl"
COMPLETED = "completed"
FAILED = "failed"


def remember_run(folder: Path, facts: Mapping[str, Any], *, started: datetime, state: str, keep: int) -> None:
    """Appends the run to the outputs folder's history and keeps the last `keep` runs of it."""
    times = {"started": started, "ended": datetime.now(UTC)}
    line = {name: t.isoformat(timespec="seconds") for name, t in times.items()} | {"state": state, **facts}
    path = folder / HISTORY
    lines = [*_lines(path), json.dumps(line, sort_keys=True)][-keep:]
    part = path.with_name(f".{HISTORY}.part")
    part.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
    part.replace(path)


def read_history(folder: Path) -> list[dict[str, Any]]:
    """The runs of the outputs folder, the last one last; a line that cannot be read is left out."""
    runs = []
    for line in _lines(folder / HISTORY):
        try:
            run = json.loads(line)
        except ValueError:
            continue
        if isinstance(run, dict):
            runs.append(run)
    return runs


def tally_of(run: Mapping[str, Any]) -> Tally:
    """What that run worked on; nothing where it failed before, or is of an older release that did not count."""
    known = {f.name for f in fields(Tally)}
    return Tally(**{name: value for name, value in (run.get("tally") or {}).items() if name in known})


def last_tallies(folder: Path, *, runs: int) -> list[Tally]:
    """The last runs that worked on anything, the last one last."""
    worked = [t for t in map(tally_of, read_history(folder)) if t.articles or t.rejects]
    return worked[-runs:]


def failures_in_a_row(folder: Path) -> int:
    """How many of the last runs failed, one after the other."""
    n = 0
    for run in reversed(read_history(folder)):
        if run.get("state") != FAILED:
            break
        n += 1
    return n


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
