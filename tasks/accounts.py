"""The run's accounts: every file that came in has gone out, as articles or as a reject with its reason."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from tasks.contracts.errors import Fault
from tasks.contracts.ledger import LEDGER
from tasks.contracts.tables import ARTICLES, REJECTS
from tasks.scan import Plan
from tasks.storage.folder import Address, open_folder
from tasks.store import Store

SHOWN = 3


class AccountsFault(Fault):
    """Files were lost or counted twice on their way: a fault of the code, never of the input."""


def close_accounts(store: Store, plan: Plan, *, seeds: Address) -> None:
    """Files in = files that gave articles + files that gave rejects alone; each row belongs to a file of the ledger.

    A file deleted between listing and reading is in neither. Raises AccountsFault naming files that do not add up.
    """
    ledger = store.read(LEDGER.name, ["source_path", "articles", "rejects"])
    paths = ledger["source_path"]
    times = pc.value_counts(paths)
    _refuse("twice in the ledger", times.field("values").filter(pc.greater(times.field("counts"), 1)))
    none = pc.and_(pc.equal(ledger["articles"], 0), pc.equal(ledger["rejects"], 0))
    _refuse("neither published nor rejected", paths.filter(none))
    folder = open_folder(seeds)
    planned = pa.array([i.source_path for i in (*plan.new, *plan.changed, *plan.stale, *plan.from_text)], pa.string())
    unheard = planned.filter(pc.invert(pc.is_in(planned, paths)))
    _refuse("lost", pa.array([path for path in unheard.to_pylist() if folder.exists(path)]))
    for table in (ARTICLES, REJECTS):
        found = pc.value_counts(store.read(table.name, ["source_path"])["source_path"])
        files, rows = found.field("values"), found.field("counts")
        counted = pc.fill_null(rows.take(pc.index_in(paths, files)), 0)
        wrong = paths.filter(pc.not_equal(counted, ledger[table.name]))
        _refuse(f"with other {table.name} than counted", wrong)
        _refuse(f"with {table.name} that are in no ledger", files.filter(pc.invert(pc.is_in(files, paths))))


def _refuse(what: str, paths: pa.Array | pa.ChunkedArray) -> None:
    if len(paths):
        some = ", ".join(repr(p) for p in paths.slice(0, SHOWN).to_pylist())
        raise AccountsFault(
            f"the run's accounts do not close: {len(paths):,} files {what} ({some}); a fault of "
            "Dateline, please report it; `dateline run --rebuild` does all again"
        )
