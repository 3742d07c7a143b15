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
    ledger = store.read(LEDGER.name, ["source_path", "articles", "rejects"])
    paths: list[str] = ledger["source_path"].to_pylist()
    known = Counter(paths)
    _refuse("twice in the ledger", [path for path, times in known.items() if times > 1])
    told = {table.name: ledger[table.name].to_pylist() for table in (ARTICLES, REJECTS)}
    none = [path for path, counts in zip(paths, zip(*told.values(), strict=True), strict=True) if not any(counts)]
    _refuse("neither published nor rejected", none)
    folder = open_folder(seeds)
    planned = {i.source_path for i in (*plan.new, *plan.changed, *plan.stale, *plan.from_text)}
    _refuse("lost", [path for path in sorted(planned - known.keys()) if folder.exists(path)])
    for name, counts in told.items():
        found = Counter(store.read(name, ["source_path"])["source_path"].to_pylist())
        wrong = [path for path, count in zip(paths, counts, strict=True) if found[path] != count]
        _refuse(f"with other {name} than counted", wrong)
        _refuse(f"with {name} that are in no ledger", sorted(found.keys() - known.keys()))


def _refuse(what: str, paths: Sequence[str]) -> None:
    if paths:
        some = ", ".join(map(repr, paths[:SHOWN]))
        raise AccountsFault(
            f"the run's accounts do not close: {len(paths):,} files {what} ({some}); a fault of "
            "Dateline, please report it; `dateline run --rebuild` does all again"
        )
