"""The figures of a run beside those of the last ones, and the checks that were kept."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tasks.contracts.report import Measure, Tally
from tasks.contracts.settings import Settings
from tasks.drift import measure
from tasks.history import last_tallies
from tasks.storage.folder import Address, open_folder

RUNS = "runs"  # within the Data Docs: a page and its results as JSON for each wave of a run
WARNED_OF = ("rejects", "without_events")
"""What ends a run as unusual, and only upwards: fewer rejects are no cause for alarm. The rest is shown as drift."""


def compare(folder: Address, tally: Tally, *, settings: Settings) -> list[Measure]:
    """The run's figures beside those of the last runs of the outputs folder."""
    return measure(tally, last_tallies(folder, runs=settings.unusual_runs), jump=settings.unusual_jump)


def warnings_of(measures: Sequence[Measure]) -> tuple[list[str], list[str]]:
    """What is unusual enough to end the run with a warning, and what has drifted."""
    unusual = [m.sentence() for m in measures if m.name in WARNED_OF and m.value > m.high]
    return unusual, [m.sentence() for m in measures if not m.is_usual]


def check_drift(measures: Sequence[Measure], *, docs: Address, run: str, keep: int) -> None:
    """Puts the verdicts on the figures beside the other checks of the run."""
    from expectations.docs import write_docs
    from expectations.drift import check_drift as verdicts  # Great Expectations takes seconds to import

    if measures:
        write_docs(verdicts(measures), folder=open_folder(docs), run=f"{run}-drift", keep=keep)


def read_checks(docs: Address, *, run: str = "") -> list[dict[str, Any]]:
    """The kept results of the runs whose name starts with `run`, in the order of the names."""
    rows: list[dict[str, Any]] = []
    folder = open_folder(docs).child(RUNS)
    kept = [name for name in folder.names() if name.startswith(run) and name.endswith(".json")]
    for name, data in zip(kept, folder.read_all(kept), strict=True):
        with contextlib.suppress(ValueError, TypeError):  # its page says that it cannot be read
            rows += [row | {"run": name.removesuffix(".json")} for row in json.loads(data)]
    return rows


def add_up(checks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row a table and rule, the waves of a run added up; `run` is the first page on which it fails, or stands."""
    from expectations.suite import RuleResult, merge_results

    first: dict[tuple[str, str], str] = {}
    for row in sorted(checks, key=lambda row: bool(row["success"])):
        first.setdefault((row["table"], row["rule"]), row["run"])
    results = [RuleResult(**{k: v for k, v in row.items() if k != "run"}) for row in checks]
    return [asdict(r) | {"run": first[r.table, r.rule]} for r in merge_results(results)]


def failed_by_run(checks: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """For each run of the kept results the rules that did not hold, with their tables and how often."""
    failed: dict[str, list[str]] = {}
    for row in checks:
        rules = failed.setdefault(str(row["run"]), [])
        if not row["success"]:
            rules.append(f"{row['table']}: {row['rule']} ({row['rows_failed']:,} of {row['rows_checked']:,})")
    return failed
