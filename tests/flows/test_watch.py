"""The watcher, without a server: it starts a run of its own when the folder differs from the tables and is at rest."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import flows.watch
from flows.watch import at_rest, watch
from tasks.contracts.settings import Settings
from tasks.scan import Plan
from tasks.store import Store
from tests.flows.conftest import drop


@pytest.fixture
def watching(seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Plan]]:
    """A watcher over the seeds whose runs are only noted; what it starts with counts as done."""
    started: list[Plan] = []
    done: set[str] = set()

    def plan(folder: Path, store: Store, **_: Any) -> Plan:
        names = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
        return Plan(new=tuple(sorted(names - done)), changed=(), gone=tuple(sorted(done - names)),
                    stale=(), from_text=(), unchanged=len(names & done))  # type: ignore[arg-type]  # fmt: skip

    def run(folder: Path, _: Path, found: Plan) -> None:
        started.append(found)
        done.clear()
        done.update(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())

    monkeypatch.setattr(flows.watch, "make_plan", plan)
    monkeypatch.setattr(flows.watch, "run_once", run)
    monkeypatch.setattr(flows.watch, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(flows.watch, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(Store, "current", lambda _: object())
    monkeypatch.setenv("DATELINE_SETTLE_SECONDS", "0.6")
    monkeypatch.setattr(flows.watch, "has_server", lambda: False)
    done.update(str(p.relative_to(seeds)) for p in seeds.rglob("*") if p.is_file())
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(seeds, tmp_path / "out"), kwargs={"stop": stop})
    thread.start()
    time.sleep(0.5)
    yield started
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def test_a_burst_is_one_run_and_a_removed_file_another(seeds: Path, watching: list[Plan]) -> None:
    for n in range(30):
        drop(seeds / f"burst-{n:02}.txt", "Peru recalled its envoy from Bolivia on Monday.")
    until(lambda: watching)
    time.sleep(0.5)
    assert [len(plan.new) for plan in watching] == [30]
    (seeds / "burst-00.txt").unlink()
    until(lambda: len(watching) == 2)
    assert watching[1].gone == ("burst-00.txt",)


def test_a_file_that_is_still_written_is_waited_for(seeds: Path, watching: list[Plan]) -> None:
    with (seeds / "slow.txt").open("w") as file:
        for _ in range(8):
            file.write("Peru recalled its envoy from Bolivia on Monday. ")
            file.flush()
            time.sleep(0.2)
            assert watching == []
    until(lambda: watching)
    assert len(watching) == 1


def test_rest_and_work_are_told_apart(seeds: Path, tmp_path: Path) -> None:
    assert at_rest(seeds, Settings())
    os.utime(seeds / "bridge.txt")
    assert not at_rest(seeds, Settings())
    store = Store(tmp_path / "out")
    assert not store.is_held()
    held = threading.Event()

    def hold() -> None:
        with store.lock():
            held.set()
            time.sleep(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    assert store.is_held()
    thread.join()
