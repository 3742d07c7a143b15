"""The outputs folder: versions, segments, references, the lock."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import tasks.storage.parquet
import tasks.store
from tasks.contracts.ledger import FINGERPRINTS, LEDGER, LedgerRow
from tasks.contracts.records import Article
from tasks.contracts.tables import ARTICLES, BY_FILE, TABLES
from tasks.store import Change, OutputsLocked, Store, StoreError, read_ref, write_ref


def rows_for(paths: Iterable[str], text: str = "Troops left.") -> dict[str, pa.Table]:
    """One article and one ledger row for each path; the other tables empty."""
    added = {table.name: table.build([]) for table in BY_FILE}
    paths = list(paths)
    added["articles"] = ARTICLES.build(article(path, text) for path in paths)
    added["fingerprints"] = FINGERPRINTS.build([])
    added["ledger"] = LEDGER.build(
        LedgerRow(
            source_path=path, stamp="1:1", content_hash="", articles=1, rejects=0, clean_logic="c", extract_logic="e"
        )
        for path in paths
    )
    return added


def article(path: str, text: str) -> Article:
    return Article(
        article_key=path,
        source_path=path,
        content_hash="",
        title=None,
        byline=None,
        outlet=None,
        url=None,
        published=datetime.date(2024, 5, 3),
        published_source="text",
        language="en",
        text=text,
    )


def commit(store: Store, added: Iterable[str] = (), removed: Iterable[str] = (), text: str = "Troops left.") -> None:
    store.commit(Change(removed=frozenset(removed), added=rows_for(added, text)), keep=3)


def test_rows_of_some_articles_are_read_with_no_more_than_stands_around_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.storage.parquet, "GROUP_ROWS", 10)
    store = Store(tmp_path)
    store.begin(rebuild=False)
    commit(store, [f"{n:02d}.txt" for n in range(60)])
    version = store.current()
    assert version is not None
    for keys in (["07.txt"], ["10.txt", "19.txt"], ["00.txt", "59.txt"], ["25.txt", "absent.txt"], ["absent.txt"], []):
        found = version.read("articles", keys=keys)["article_key"].to_pylist()
        assert {k for k in keys if k in found} == {k for k in keys if k != "absent.txt"}
        assert len(found) == 10 * len({k[0] for k in keys if k != "absent.txt"})


def texts(store: Store) -> dict[str, str]:
    rows = store.read("articles", ["article_key", "text"])
    return dict(zip(rows["article_key"].to_pylist(), rows["text"].to_pylist(), strict=True))


def test_every_table_of_the_first_version_can_be_loaded_even_where_it_has_no_row(tmp_path: Path) -> None:
    commit(Store(tmp_path), ["a.txt"])
    for name, table in TABLES.items():
        frame = pandas.read_parquet(tmp_path / name)
        assert list(frame.columns) == table.schema.names
    assert len(pandas.read_parquet(tmp_path / "articles")) == 1


def test_a_changed_file_replaces_its_rows_and_a_deleted_one_loses_them(tmp_path: Path) -> None:
    store = Store(tmp_path)
    commit(store, ["a.txt", "b.txt", "c.txt"])
    commit(store, ["b.txt"], removed=["b.txt", "c.txt"], text="Troops returned.")
    assert texts(store) == {"a.txt": "Troops left.", "b.txt": "Troops returned."}


def test_an_incremental_set_has_the_bytes_of_one_made_at_once(tmp_path: Path) -> None:
    once, steps = Store(tmp_path / "once"), Store(tmp_path / "steps")
    commit(once, ["a.txt", "b.txt", "c.txt"])
    for path in ("c.txt", "x.txt", "a.txt"):
        commit(steps, [path])
    commit(steps, ["b.txt"], removed=["x.txt"])
    assert [p.digest for p in once.current().parts] == [p.digest for p in steps.current().parts]


def test_adding_to_a_full_segment_leaves_its_parts_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.store, "SEGMENT_FILES", 2)
    store = Store(tmp_path)
    commit(store, ["a.txt", "b.txt"])
    before = (tmp_path / "articles" / "part-00000.parquet").stat().st_ino
    commit(store, ["c.txt", "d.txt", "e.txt"])
    assert sorted(p.name for p in (tmp_path / "articles").iterdir()) == [f"part-0000{k}.parquet" for k in range(3)]
    assert (tmp_path / "articles" / "part-00000.parquet").stat().st_ino == before
    assert sorted(texts(store)) == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]


def test_where_several_segments_change_their_new_parts_have_new_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that listed the old names must fail loudly, not read half of each version."""
    monkeypatch.setattr(tasks.store, "SEGMENT_FILES", 1)
    store = Store(tmp_path)
    for path in ("a.txt", "b.txt", "c.txt"):
        commit(store, [path])
    commit(store, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text="Troops returned.")
    names = {p.name for p in (tmp_path / "articles").iterdir()}
    assert "part-00002.parquet" in names
    assert not {"part-00000.parquet", "part-00001.parquet"} & names
    assert texts(store) == {"a.txt": "Troops returned.", "b.txt": "Troops returned.", "c.txt": "Troops left."}


def test_descriptions_and_units_travel_in_the_files(tmp_path: Path) -> None:
    commit(Store(tmp_path), ["a.txt"])
    field = pq.read_schema(tmp_path / "events" / "part-00000.parquet").field("latitude")
    assert field.metadata[b"unit"] == b"degree"
    assert b"WGS 84" in field.metadata[b"description"]


def test_old_versions_are_kept_up_to_a_number_and_can_be_restored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for path in ("a.txt", "b.txt", "c.txt", "d.txt"):
        commit(store, [path])
    assert store.numbers() == [2, 3, 4]
    store.restore(2)
    assert sorted(texts(store)) == ["a.txt", "b.txt"]
    with pytest.raises(StoreError, match="000001"):
        store.restore(1)


def test_a_flipped_bit_is_found_and_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    commit(store, ["a.txt"])
    part = tmp_path / "articles" / "part-00000.parquet"
    data = bytearray(part.read_bytes())
    data[60] ^= 1
    part.write_bytes(data)
    with pytest.raises(StoreError, match=r"part-00000\.parquet.*dateline repair"):
        store.read("articles")


def test_a_reference_is_read_only_as_it_was_written(tmp_path: Path) -> None:
    ref = write_ref(ARTICLES, ARTICLES.build([article("a.txt", "Troops left.")]), tmp_path / "x", "articles.parquet")
    assert read_ref(ref).num_rows == 1
    Path(ref.path).write_bytes(b"other")
    with pytest.raises(StoreError, match=r"articles\.parquet"):
        read_ref(ref)


def test_the_lock_names_the_process_that_holds_it_and_is_free_when_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from tasks.store import Store\n"
        "with Store(Path(sys.argv[1])).lock(): print('held', flush=True); time.sleep(60)"
    )
    root = Path(__file__).resolve().parents[1]
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=root)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(OutputsLocked, match=f"pid {holder.pid}"), Store(tmp_path).lock():
        pass
    holder.kill()
    holder.wait()
    with Store(tmp_path).lock():
        assert str(os.getpid()) in (tmp_path / ".lock.json").read_text()
