"""Versions in an object store: whole or not at all, one writer, nothing pulled from under a reader."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import boto3
import duckdb
import pyarrow.parquet as pq
import pytest
from fsspec.implementations.arrow import ArrowFSWrapper

import tasks.storage.lease
import tasks.storage.objectversions
from tasks.contracts.errors import OutputsLocked, UsageFault
from tasks.repair import repair
from tasks.run import logic_for, settings_for
from tasks.scan import list_inputs
from tasks.storage import s3
from tasks.storage.folder import RefusedFile, open_folder
from tasks.store import Store, StoreError
from tests.faults.trials import in_child
from tests.objectstore import BUCKET, keys
from tests.test_store import commit, texts

SOON = 0.2


def published(address: str, *editions: str) -> Store:
    """Tables that were published once for each edition, the same two articles every time."""
    store = Store(address)
    with store.lock():
        for number, text in enumerate(editions):
            commit(store, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"] if number else [], text=text)
    return store


def test_a_version_holds_what_a_folder_would_hold_byte_for_byte(bucket: str, tmp_path: object) -> None:
    far, near = published(f"{bucket}/out", "Troops left."), Store(f"{tmp_path}/out")
    commit(near, ["a.txt", "b.txt"])
    assert [(p.name, p.digest) for p in far.current().parts] == [(p.name, p.digest) for p in near.current().parts]
    assert far.read("articles") == near.read("articles")
    assert far.read("articles", ["text"]) == near.read("articles", ["text"])


def test_unchanged_parts_are_shared_by_the_versions(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.store.SEGMENT_FILES", 2)
    store = published(f"{bucket}/out", "Troops left.")
    before = keys("out/parts/articles")
    with store.lock():
        commit(store, ["c.txt"])
    assert len(before) == 1
    assert len(keys("out/parts/articles")) == 2
    assert sorted(texts(store)) == ["a.txt", "b.txt", "c.txt"]
    assert store.version(1).read("articles").num_rows == 2


class ArrowInDuckDB(ArrowFSWrapper):
    """What DuckDB's httpfs extension is for: the extension has to be downloaded, this is at hand."""

    protocol = "s3"

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path.removeprefix("s3://")


def test_the_ways_to_load_that_are_shown_give_a_whole_version(bucket: str) -> None:
    published(f"{bucket}/tables", "Troops left.", "Troops returned.")
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")
    statements, program = re.findall(r"^```(?:sql|python)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(program.replace('"events"', '"articles"'), "scale.md", "exec"), names)
    assert set(names["events"]["text"]) == {"Troops returned."}
    with duckdb.connect() as connection:
        connection.register_filesystem(ArrowInDuckDB(s3.arrow_files()))
        choose, ask = statements.replace("tables.events", "tables.articles").strip().split(";\n")
        connection.sql(choose)
        assert connection.sql(ask.replace("event_type", "text")).fetchall() == [("Troops returned.", 2)]


def test_a_reader_that_looks_all_the_while_sees_whole_versions_only(bucket: str) -> None:
    store = published(f"{bucket}/out", "Edition 0.")
    seen: list[set[str]] = []
    done = threading.Event()
    client = boto3.client("s3")

    def load(url: str, column: str) -> list[str]:
        body = client.get_object(Bucket=BUCKET, Key=url.removeprefix(f"{bucket}/"))["Body"].read()
        return pq.read_table(io.BytesIO(body))[column].to_pylist()

    def look() -> None:
        while not done.is_set():
            tables = json.loads(client.get_object(Bucket=BUCKET, Key="out/current.json")["Body"].read())["tables"]
            found = {text for url in tables["articles"] for text in load(url, "text")}
            time.sleep(0.02)  # long enough for the version to be replaced
            files = [path for url in tables["ledger"] for path in load(url, "source_path")]
            seen.append(found if files == ["a.txt", "b.txt"] else {"other files"})

    reader = threading.Thread(target=look)
    reader.start()
    with store.lock():
        store.begin(rebuild=False)
        for number in range(1, 9):
            commit(store, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text=f"Edition {number}.")
    done.set()
    reader.join()
    assert len(seen) > 8
    assert {len(texts) for texts in seen} == {1}
    assert len(set.union(*seen)) > 2, "the reader saw but one version"


def test_a_writer_killed_at_any_request_leaves_the_old_version_or_the_new_one(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.storage.lease, "_holds", lambda _: False)  # as if the dead writer's lease had ended
    spare = s3.client()  # never used by this process, so that every fork has it without a connection
    s3._made.clear()
    counted = published(f"{bucket}/counted", "Edition 0.")
    requests = in_child(lambda: writer_killed_at(f"{bucket}/counted", 10_000, spare)).value
    wanted = [(p.name, p.digest) for p in counted.current().parts]
    assert requests > 20
    for number in range(3, requests + 1, 4):  # the first two look whether the lock is free, and take it
        address = f"{bucket}/out-{number}"
        store = published(address, "Edition 0.")
        assert in_child(lambda: writer_killed_at(address, number, spare)).killed  # noqa: B023
        assert set(texts(store).values()) in ({"Edition 0."}, {"Edition 1."})
        with store.lock(run="next") as dead:
            assert dead == "killed"
            store.begin(rebuild=False)
            commit(store, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text="Edition 1.")
        assert [(p.name, p.digest) for p in store.current().parts] == wanted


def writer_killed_at(address: str, number: int, client: Any) -> int:
    """Publishes an edition in this process, which is killed before its request of that number; gives how many."""
    s3._made["client"] = client
    asked = 0

    def count(**_: object) -> None:
        nonlocal asked
        asked += 1
        if asked == number:
            os.kill(os.getpid(), signal.SIGKILL)

    client.meta.events.register("before-send.s3", count)
    store = Store(address)
    with store.lock(run="killed"):
        commit(store, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text="Edition 1.")
    return asked


def test_a_second_writer_is_refused_and_told_who_writes(bucket: str) -> None:
    store = Store(f"{bucket}/out")
    with store.lock():
        assert store.is_held()
        with pytest.raises(OutputsLocked, match=rf"pid {os.getpid()} on .*free in"), Store(f"{bucket}/out").lock():
            pass
    assert not store.is_held()
    with Store(f"{bucket}/out").lock() as dead:
        assert dead is None


def test_the_lock_lasts_as_long_as_its_holder_lives_and_is_free_soon_after(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.storage.lease, "LEASE_SECONDS", 2.0)
    ready, tell = os.pipe()
    holder = os.fork()
    if holder == 0:
        s3._made.clear()
        signal.alarm(30)
        with Store(f"{bucket}/out").lock(run="long"):
            os.write(tell, b"x")
            signal.pause()
    os.read(ready, 1)
    time.sleep(3.5)
    with pytest.raises(OutputsLocked, match=f"pid {holder}"), Store(f"{bucket}/out").lock():
        pass
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    end = time.monotonic() + 10
    while Store(f"{bucket}/out").is_held() and time.monotonic() < end:
        time.sleep(SOON)
    with Store(f"{bucket}/out").lock(run="next") as dead:
        assert dead == "long"


def test_a_writer_that_was_taken_for_dead_publishes_nothing(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, other = published(f"{bucket}/out", "Edition 0."), Store(f"{bucket}/out")
    with slow.lock():
        with monkeypatch.context() as patch:
            patch.setattr(tasks.storage.lease, "_holds", lambda _: False)
            with other.lock():
                commit(other, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text="Of the other.")
        with pytest.raises(StoreError, match="another has taken over"):
            commit(slow, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text="Of the slow one.")
    assert set(texts(slow).values()) == {"Of the other."}


def test_of_two_that_publish_at_once_one_wins_and_the_other_is_told(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race that no lease can exclude: between the last look at it and the write."""
    monkeypatch.setattr(tasks.storage.lease.Lease, "confirm", lambda _: None)
    first, second = published(f"{bucket}/out", "Edition 0."), Store(f"{bucket}/out")
    seen = first._kept.current()

    def parts(draft: object) -> list[object]:
        with second.lock():
            commit(second, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text="Of the second.")
        return list(seen.parts)

    with pytest.raises(StoreError, match="another run has published meanwhile"):
        first._kept.make(parts, base=seen)
    assert set(texts(second).values()) == {"Of the second."}
    assert second.numbers() == [1, 2]


def test_a_store_that_ignores_conditions_is_refused(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_condition(request: object, **_: object) -> None:
        for name in ("If-Match", "If-None-Match"):
            del request.headers[name]  # type: ignore[attr-defined]

    s3.client().meta.events.register("before-sign.s3.PutObject", without_condition)
    with pytest.raises(StoreError, match="ignores the condition"), Store(f"{bucket}/out").lock():
        pass


def test_parts_that_no_version_needs_stay_for_their_readers_and_go_later(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = published(f"{bucket}/out", *(f"Edition {n}." for n in range(6)))
    boto3.client("s3").put_object(Bucket=BUCKET, Key="out/parts/articles/left-by-a-killed-writer.parquet", Body=b"x")
    with store.lock():
        store.begin(rebuild=False)
    assert len(keys("out/versions")) == 6
    assert len(keys("out/parts/articles")) == 7
    monkeypatch.setattr(tasks.storage.objectversions, "GRACE_SECONDS", -5.0)
    with store.lock():
        commit(store, ["a.txt", "b.txt"], removed=["a.txt", "b.txt"], text="Edition 6.")
        assert store.numbers() == [5, 6, 7]
        store.begin(rebuild=False)
    assert len(keys("out/parts/articles")) == 3
    assert set(texts(store).values()) == {"Edition 6."}


def test_an_older_version_can_be_put_in_force_again(bucket: str) -> None:
    store = published(f"{bucket}/out", "Edition 0.", "Edition 1.")
    with store.lock():
        store.restore(1)
    assert set(texts(store).values()) == {"Edition 0."}
    with store.lock():
        commit(store, ["c.txt"])
    assert store.numbers() == [1, 2, 3]


@pytest.mark.parametrize("lost", ["out/parts/articles/", "out/current.json"])
def test_damage_is_named_and_repaired(bucket: str, lost: str) -> None:
    store = published(f"{bucket}/out", "Edition 0.", "Edition 1.")
    part = next(p for p in store.current().parts if p.name.startswith("articles/"))
    key = lost if lost.endswith(".json") else f"{lost}{part.digest}.parquet"
    body = boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=body.replace(b"0", b"1"))
    with pytest.raises(StoreError, match=rf"s3://{BUCKET}/{key}: damaged or missing.*dateline repair"):
        store.read("articles")
    with store.lock():
        store.begin(rebuild=False)
        found = repair(store, keep=10)
        assert len(found.damaged) == 1
        commit(store, ["a.txt", "b.txt"], text="Edition 1.")
    assert set(texts(store).values()) == {"Edition 1."}


def test_inputs_are_told_apart_by_their_listing_and_read_as_they_were_listed(bucket: str) -> None:
    folder = open_folder(f"{bucket}/seeds")
    for name in ("a.txt", "sub/b.txt", ".hidden/c.txt", "README.md", "a.meta.json"):
        folder.write(name, b"Troops left.")
    listed = list_inputs(folder, settle_seconds=60)
    assert sorted(listed) == ["a.txt", "sub/b.txt"]
    first, second = listed["a.txt"], listed["sub/b.txt"]
    assert not first.startswith("~"), "no stamp of an object is too fresh to trust"
    folder.write("sub/b.txt", b"Troops fell.")  # the same size, the same second
    assert list_inputs(folder, settle_seconds=0)["sub/b.txt"] != second
    with pytest.raises(RefusedFile, match="replaced since it was listed"):
        folder.read_input("sub/b.txt", stamp=second, limit=100)
    with pytest.raises(RefusedFile, match="at most 5"):
        folder.read_input("a.txt", stamp=first.split(";")[0], limit=5)
    assert folder.read_input("a.txt", stamp=first.split(";")[0], limit=100) == b"Troops left."


def test_settings_and_corrections_may_lie_among_the_articles(bucket: str) -> None:
    folder = open_folder(f"{bucket}/seeds")
    folder.write("dateline.toml", b"batch_articles = 7")
    folder.write("corrections.csv", b"source_path,event_id,field,value,note\na.txt,0a1b2c3d4e5f6071,killed,3,\n")
    settings = settings_for(folder.address)
    assert settings.batch_articles == 7
    assert logic_for(folder.address, settings).extract_of("a.txt") != logic_for(folder.address, settings).extract
    folder.write("dateline.toml", b"batch_article = 7")
    with pytest.raises(UsageFault, match=r"s3://news/seeds/dateline\.toml: unknown setting"):
        settings_for(folder.address)


def test_what_cannot_be_reached_is_told_in_one_sentence(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=r"s3://elsewhere/seeds: .*bucket"):
        open_folder("s3://elsewhere/seeds").is_there()
    with pytest.raises(StoreError, match=r"s3://news/none: no such folder"):
        list_inputs(f"{bucket}/none", settle_seconds=0)
    with pytest.raises(UsageFault, match="names no bucket"):
        open_folder("s3:///x")
    with pytest.raises(UsageFault, match="gs:// is not known"):
        open_folder("gs://news/x")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3._made.clear()
    with pytest.raises(StoreError, match=r"s3://news/x: .*AWS_ENDPOINT_URL"):
        open_folder(f"{bucket}/x").is_there()


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "tasks.storage.s3")
    with pytest.raises(UsageFault, match=r"pip install -e '\.\[s3\]'"):
        open_folder("s3://news/x")
