"""The accounts of a run close, or name the files that do not add up."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from tasks.accounts import AccountsFault, close_accounts
from tasks.contracts.ledger import LEDGER
from tasks.contracts.stages import FileItem
from tasks.contracts.tables import ARTICLES
from tasks.scan import Plan
from tasks.store import Change, Store
from tests.test_merging import rows_of, tell

Rows = dict[str, pa.Table]


def counted(rows: Rows, articles: int) -> Rows:
    """The ledger says of every file that it gave so many articles."""
    column = pa.array([articles] * rows[LEDGER.name].num_rows, pa.int32())
    at = LEDGER.schema.get_field_index("articles")
    return rows | {LEDGER.name: rows[LEDGER.name].set_column(at, LEDGER.schema.field(at), column)}


def doubled(rows: Rows) -> Rows:
    return rows | {LEDGER.name: LEDGER.sort(pa.concat_tables([rows[LEDGER.name]] * 2))}


def shorter(table: str) -> Callable[[Rows], Rows]:
    return lambda rows: rows | {table: rows[table].slice(1)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows, None),
        (doubled, "3 files twice in the ledger ('a.txt', 'b.txt', 'c.txt')"),
        (lambda rows: counted(rows, 0), "3 files neither published nor rejected"),
        (lambda rows: counted(rows, 2), "3 files with other articles than counted"),
        (shorter(ARTICLES.name), "1 files with other articles than counted ('a.txt')"),
        (shorter(LEDGER.name), "1 files lost ('a.txt')"),
    ],
)
def test_files_that_do_not_add_up_are_named(change: Callable[[Rows], Rows], said: str | None, tmp_path: Path) -> None:
    seeds, store = tmp_path / "seeds", Store(tmp_path / "outputs")
    seeds.mkdir()
    keys = ("a", "b", "c")
    for key in keys:
        (seeds / f"{key}.txt").touch()
    chance = random.Random(0)
    rows = change(rows_of({k: tell(chance, k) for k in keys}, keys))
    store.begin(rebuild=False)
    store.commit(Change(removed=frozenset(), added=rows), keep=1)
    new = tuple(FileItem(f"{k}.txt", "") for k in keys)
    plan = Plan(new=new, changed=(), gone=(), stale=(), from_text=(), unchanged=0)
    if said is None:
        close_accounts(store, plan, seeds=seeds)
        return
    with pytest.raises(AccountsFault) as refusal:
        close_accounts(store, plan, seeds=seeds)
    assert said in str(refusal.value)


def test_a_row_of_a_file_that_is_in_no_ledger_is_told_and_a_deleted_file_is_not_lost(tmp_path: Path) -> None:
    store = Store(tmp_path / "outputs")
    chance = random.Random(0)
    rows = shorter(LEDGER.name)(rows_of({"a": tell(chance, "a")}, "a"))
    store.begin(rebuild=False)
    store.commit(Change(removed=frozenset(), added=rows), keep=1)
    plan = Plan(new=(FileItem("a.txt", ""),), changed=(), gone=(), stale=(), from_text=(), unchanged=0)
    with pytest.raises(AccountsFault, match=r"1 files with articles that are in no ledger \('a.txt'\)"):
        close_accounts(store, plan, seeds=tmp_path)
