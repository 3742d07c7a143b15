"""The history of runs: one line a run in `runs.jsonl`, the oldest dropped beyond a number to set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from tasks.contracts.report import Tally
from tasks.storage.folder import Address, open_folder

HISTORY = "runs.jsonl"
COMPLETED = "completed"
FAILED = "failed"


def remember_run(folder: Address, facts: Mapping[str, Any], *, started: datetime, state: str, keep: int) -> None:
    """Appends the run to the outputs folder's history and keeps the last `keep` runs of it."""
    times = {"started": started, "ended": datetime.now(UTC)}
    line = {name: t.isoformat(timespec="seconds") for name, t in times.items()} | {"state": state, **facts}
    lines = [*_lines(folder), json.dumps(line, sort_keys=True)][-keep:]
    open_folder(folder).write(HISTORY, "".join(f"{one}\n" for one in lines).encode())


def read_history(folder: Address) -> list[dict[str, Any]]:
    """The runs of the outputs folder, the last one last; a line that cannot be read is left out."""
    runs = []
    for line in _lines(folder):
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


def last_tallies(folder: Address, *, runs: int) -> list[Tally]:
    """The last runs that worked on anything, the last one last."""
    worked = [t for t in map(tally_of, read_history(folder)) if t.articles or t.rejects]
    return worked[-runs:]


def failures_in_a_row(folder: Address) -> int:
    """How many of the last runs failed, one after the other."""
    n = 0
    for run in reversed(read_history(folder)):
        if run.get("state") != FAILED:
            break
        n += 1
    return n


def _lines(folder: Address) -> list[str]:
    try:
        text = open_folder(folder).read(HISTORY).decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()]
