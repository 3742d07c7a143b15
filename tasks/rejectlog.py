"""Says in a run's log which articles were rejected and why."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from prefect.logging import get_run_logger

from tasks.contracts.records import Reject

NAMED = 20  # a batch that is all wrong is one fault, and the table of rejects has every one
LONGEST = 300


def log_rejects(rejects: Sequence[Reject]) -> None:
    """A line for each of the first rejects, and how many more there are; for use in a task."""
    log = get_run_logger()
    for reject in rejects[:NAMED]:
        log.warning("rejected: %s: %s (%s)", one_line(reject.source_path), reject.reason, one_line(reject.detail or ""))
    if len(rejects) > NAMED:
        log.warning("%d more were rejected: see the table of rejects", len(rejects) - NAMED)


def one_line(text: str) -> str:
    """The text on one line and cut: no file name can forge a line of the log."""
    plain = "".join("?" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
