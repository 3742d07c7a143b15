"""What a run has to do: the folder against the ledger, without opening a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tasks.contracts.ledger import LEDGER, LedgerRow
from tasks.logic import Logic
from tasks.scan import Plan, list_inputs, make_batches, plan_run
from tasks.storage.local import LocalFolder
from tasks.store import StoreError

NOW = Logic(clean="c2", extract="e2")


def known(path: str, *, stamp: str = "1:1", clean: str = "c2", extract: str = "e2") -> LedgerRow:
    return LedgerRow(
        source_path=path, stamp=stamp, content_hash="", articles=1, rejects=0, clean_logic=clean, extract_logic=extract
    )


def test_each_file_is_new_changed_gone_stale_or_unchanged() -> None:
    ledger = LEDGER.build(
        [
            known("changed.txt", stamp="9:9"),
            known("gone.txt"),
            known("old-cleaning.txt", clean="c1"),
            known("old-rules.txt", extract="e1"),
            known("same.txt"),
        ]
    )
    names = ("changed.txt", "new.txt", "old-cleaning.txt", "old-rules.txt", "same.txt")
    plan = plan_run(dict.fromkeys(names, "1:1"), ledger, logic=NOW)
    assert [i.source_path for i in plan.new] == ["new.txt"]
    assert [i.source_path for i in plan.changed] == ["changed.txt"]
    assert plan.gone == ("gone.txt",)
    assert [i.source_path for i in plan.stale] == ["old-cleaning.txt"]
    assert [i.source_path for i in plan.from_text] == ["old-rules.txt"]
    assert plan.unchanged == 1
    assert not plan.nothing


def test_what_is_no_article_is_not_listed(tmp_path: Path) -> None:
    for name in (".hidden.txt", "copy.txt.part", "draft.txt~", "README.md", "a.txt.meta.json", "a.txt", "sub/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert sorted(list_inputs(tmp_path, settle_seconds=0)) == ["a.txt", "sub/b.txt"]


def test_a_changed_sidecar_changes_its_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    alone = list_inputs(tmp_path, settle_seconds=0)
    (tmp_path / "a.txt.meta.json").write_text("{}")
    beside = list_inputs(tmp_path, settle_seconds=0)
    assert beside.keys() == alone.keys()
    assert beside["a.txt"] != alone["a.txt"]
    os.utime(tmp_path / "a.txt", ns=(10**18, 10**18))
    assert list_inputs(tmp_path, settle_seconds=60)["a.txt"].startswith(f"~1:{10**18};2:")


def test_a_file_too_fresh_to_trust_its_time_is_marked(tmp_path: Path) -> None:
    """Within the file system's time step an edit may leave size and time as they are."""
    (tmp_path / "fresh.txt").write_text("x")
    (tmp_path / "old.txt").write_text("x")
    os.utime(tmp_path / "old.txt", ns=(10**18, 10**18))
    stamps = list_inputs(tmp_path, settle_seconds=60)
    assert stamps["fresh.txt"].startswith("~")
    assert stamps["old.txt"] == f"1:{10**18}"


def test_a_link_is_listed_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("x")
    (tmp_path / "seeds" / "link").symlink_to(tmp_path / "outside")
    assert list(list_inputs(tmp_path / "seeds", settle_seconds=0)) == ["link"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        list_inputs(tmp_path / "none", settle_seconds=0)


def test_batches_cover_the_plan_once_and_stored_texts_come_last(tmp_path: Path) -> None:
    ledger = LEDGER.build([known("d.txt", extract="e1")])
    plan = plan_run(dict.fromkeys(("d.txt", "a.txt", "b.txt", "c.txt"), "1:1"), ledger, logic=NOW)
    batches = make_batches(plan, work=LocalFolder(tmp_path), size=2, logic=NOW)
    assert [[i.source_path for i in b.items] for b in batches] == [["a.txt", "b.txt"], ["c.txt"], ["d.txt"]]
    assert [b.stored for b in batches] == [False, False, True]
    assert str(batches[1]) == "batch 2 of 3"


def test_a_batch_is_found_again_by_what_goes_into_it(tmp_path: Path) -> None:
    plan = plan_run({"a.txt": "1:1"}, LEDGER.build([]), logic=NOW)
    edited = plan_run({"a.txt": "1:2"}, LEDGER.build([]), logic=NOW)

    def folder(plan: Plan, logic: Logic) -> str:
        return make_batches(plan, work=LocalFolder(tmp_path), size=2, logic=logic)[0].folder

    assert folder(plan, NOW) == folder(plan, NOW)
    assert len({folder(plan, NOW), folder(edited, NOW), folder(plan, Logic(clean="c3", extract="e2"))}) == 3


def test_a_name_that_is_no_utf8_is_listed_in_a_form_that_tables_can_hold(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"lat\xe9n.txt")).write_text("Troops left.")
    assert sorted(list_inputs(tmp_path, settle_seconds=0)) == ["lat\\xe9n.txt"]
