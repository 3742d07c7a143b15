"""How the data of the last runs differ: on the terminal and as a page among the Data Docs."""

from __future__ import annotations

from rich.table import Table as Grid
from rich.text import Text

from flows.reading import console_of, printable
from tasks.history import read_history, tally_of
from tasks.publish import DOCS
from tasks.quality import failed_by_run, read_checks
from tasks.qualitypage import FIGURES, document_quality
from tasks.run import settings_for
from tasks.storage.folder import Address, open_folder
from tasks.store import StoreError


def print_quality(outputs: Address, *, runs: int) -> None:
    """The last runs' figures, what was out of bounds, and the rules that failed; a page with the same as pictures."""
    worked = [r for r in read_history(outputs) if tally_of(r).articles or tally_of(r).rejects]
    if not worked:
        raise StoreError(f"{outputs}: no run with articles yet; run `dateline run` first")
    console = console_of()
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("run", "articles", "events", *FIGURES, "what differs from the runs before"):
        grid.add_column(name, overflow="fold")
    for run in worked[-runs:]:
        t = tally_of(run)
        figures = [words(t) for _, words in FIGURES.values()]
        differs = Text(printable("; ".join(run.get("drift", []))), style="yellow")
        grid.add_row(str(run.get("ended", "")), f"{t.articles:,}", f"{t.events:,}", *figures, differs)
    console.print(grid)
    docs = open_folder(outputs).child(DOCS)
    checks = read_checks(docs)
    for name, failed in list(failed_by_run(checks).items())[-runs:]:
        for rule in failed:
            console.print(printable(f"{name}: {rule}"), markup=False, soft_wrap=True)
    page = document_quality(outputs, docs=docs, settings=settings_for("."))
    console.print(f"pictures in {printable(str(page))}", markup=False, soft_wrap=True)
