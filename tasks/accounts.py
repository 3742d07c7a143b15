"""The run's accounts: every file that came in has gone out, as articles or as a reject with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

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
    ledger = store.read(LEDGER.name, ["source_path", "articles", "rejects"]).to_pylist()
    told = {row["source_path"]: (row["articles"], row["rejects"]) for row in ledger}
    _refuse("twice in the ledger", [path for path, n in Counter(row["source_path"] for row in ledger).items() if n > 1])
    _refuse("neither published nor rejected", [path for path, counts in told.items() if counts == (0, 0)])
    folder = open_folder(seeds)
    unheard = [path for path in _planned(plan) if path not in told]
    _refuse("lost", [path for path in unheard if folder.exists(path)])
    for at, table in enumerate((ARTICLES, REJECTS)):
        rows = Counter(store.read(table.name, ["source_path"])["source_path"].to_pylist())
        wrong = [path for path in sorted({*rows, *told}) if rows[path] != told.get(path, (0, 0))[at]]
        _refuse(f"with other {table.name} than counted", wrong)


def _planned(plan: Plan) -> list[str]:
    return [item.source_path for item in (*plan.new, *plan.changed, *plan.stale, *plan.from_text)]


def _refuse(what: str, paths: Sequence[str]) -> None:
    if paths:
        some = ", ".join(repr(p) for p in paths[:SHOWN])
        raise AccountsFault(
            f"the run's accounts do not close: {len(paths):,} files {what} ({some}); a fault of "
            "Dateline, please report it; `dateline run --rebuild` does all again"
        )
