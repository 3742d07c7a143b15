"""Runs in operation: repeated, killed, backfilled, pruned; what differs from the last ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import tasks.extract
from tasks.contracts.report import Tally
from tasks.drift import measure, share_bounds
from tasks.history import failures_in_a_row, last_tallies, read_history
from tasks.store import Store
from tests.flows.conftest import drop
from tests.flows.test_extract_events import digests, run

served = pytest.mark.usefixtures("prefect_server")
AID = {"AID": 12}
USUAL = [
    Tally(articles=50, without_events=2, events=200, undated=20, days=25, rejects=1, events_by_type={"AID": 20})
] * 3


def like(**counts: Any) -> Tally:
    """A usual run but for these counts."""
    usual = {"articles": 30, "without_events": 1, "events": 120, "undated": 12, "days": 15, "events_by_type": AID}
    return Tally(**usual | counts)


def measured(now: Tally, before: list[Tally] = USUAL) -> dict[str, bool]:
    return {m.name: m.is_usual for m in measure(now, before, jump=0.1)}


@pytest.mark.parametrize(
    ("now", "unusual"),
    [
        (like(), set()),
        (like(without_events=3, undated=20, rejects=2), set()),
        (Tally(articles=1, without_events=1, days=1), set()),  # one article without an event: chance
        (Tally(rejects=1), set()),  # one bad file alone is no trend
        (Tally(rejects=4), {"rejects"}),
        (like(without_events=15), {"without_events"}),
        (like(undated=70), {"undated"}),
        (like(events_by_type={"AID": 80}), {"type_AID"}),
        (like(events=450, undated=45, events_by_type={"AID": 45}), {"volume"}),
    ],
)
def test_a_run_is_unusual_where_chance_does_not_explain_it(now: Tally, unusual: set[str]) -> None:
    assert {name for name, usual in measured(now).items() if not usual} == unusual


def test_of_too_few_runs_nothing_is_said() -> None:
    assert measured(Tally(articles=9, rejects=9), USUAL[:2]) == {}


def test_bounds_close_in_as_more_is_known() -> None:
    assert share_bounds(0, 0, of=3) == (0.0, 1.0)
    little, much = share_bounds(2, 100, of=100), share_bounds(200, 10_000, of=100)
    assert little[1] > much[1] > 0.02


@served
def test_a_backfill_codes_the_days_asked_for_again_and_no_others(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeds, tmp_path / "out")
    before, coded = digests(tmp_path / "out"), []
    whole = tasks.extract.code_all
    monkeypatch.setattr(
        tasks.extract,
        "code_all",
        lambda articles, *a, **k: whole(coded.extend(x.article_key for x in articles) or articles, *a, **k),
    )
    drop(seeds / "later.txt", "Peru recalls envoy\n\n5 May 2024\n\nPeru recalled its envoy from Bolivia on Friday.\n")
    report = run(seeds, tmp_path / "out", first="2024-05-01", last="2024-05-31")
    assert sorted(coded) == ["bridge.txt", "talks-1"]
    assert (report["recoded"], report["unchanged"], report["new"]) == (2, 1, 0)
    assert digests(tmp_path / "out") == before


@served
def test_a_run_that_was_killed_is_marked_as_crashed_by_the_next(seeds: Path, tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.states import Running

    from flows.extract_events import extract_events

    (tmp_path / "out").mkdir()
    with get_client(sync_client=True) as client:
        killed = client.create_flow_run(extract_events, state=Running())
        # What kill -9 leaves: the note of the lock, and no lock.
        note = {"pid": 4_000_000, "since": "2024-05-06T00:00:00+00:00", "run": str(killed.id)}
        (tmp_path / "out" / ".lock.json").write_text(json.dumps(note))
        with Store(tmp_path / "out").lock():
            pass  # a look at the lock, as the watcher takes it, does not lose the note
        run(seeds, tmp_path / "out")
        state = client.read_flow_run(UUID(str(killed.id))).state
    assert state is not None and state.is_crashed()
    assert not (tmp_path / "out" / ".lock.json").exists()


@served
def test_a_run_that_was_stopped_does_not_have_later_ones_cancelled(seeds: Path, tmp_path: Path) -> None:
    """A slot of a deployment stays taken for five minutes when the process that held it is gone."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.responses import SetStateStatus
    from prefect.states import Pending, Running

    from flows.deadruns import crash_runs_of
    from flows.schedule import names, schedules
    from flows.serve import deployments

    store = Store(tmp_path / "out")
    hourly = deployments(seeds, tmp_path / "out", when=schedules("7 * * * *", "37 2 * * *", "UTC"))[0].apply()
    with get_client(sync_client=True) as client:

        def begin() -> tuple[UUID, str]:
            started = client.create_flow_run_from_deployment(hourly).id
            if client.set_flow_run_state(started, Pending()).status is SetStateStatus.ACCEPT:
                client.set_flow_run_state(started, Running())
            state = client.read_flow_run(started).state
            assert state is not None
            return started, state.type.value

        stopped, state = begin()
        assert state == "RUNNING"
        with store.lock():
            crash_runs_of(names(tmp_path / "out"), store)  # it may be the one that holds the folder
        assert begin()[1] == "CANCELLED"
        crash_runs_of(names(tmp_path / "out"), store)
        state_now = client.read_flow_run(stopped).state
        assert state_now is not None and state_now.is_crashed()
        assert begin()[1] == "RUNNING"
        crash_runs_of(names(tmp_path / "out"), store)


@served
def test_failed_runs_are_remembered_and_what_is_kept_is_bounded(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    (seeds / "dateline.toml").write_text("keep_runs = 3\nkeep_checks = 2\nkeep_versions = 2\n")
    for n in range(3):
        drop(seeds / "more.txt", f"Peru recalled {10**n} envoys from Bolivia on Monday.")
        run(seeds, out)
    assert len(list((out / "data_docs" / "runs").glob("*.json"))) == 2
    assert len(Store(out).numbers()) == 2
    with monkeypatch.context() as broken:
        broken.setattr(tasks.extract, "code_all", None)  # whoever calls it fails
        for _ in range(2):
            with pytest.raises(TypeError):
                run(seeds, out, rebuild=True)
    assert [r["state"] for r in read_history(out)] == ["completed", "failed", "failed"]
    assert failures_in_a_row(out) == 2
    assert len(last_tallies(out, runs=10)) == 1
    report: dict[str, Any] = run(seeds, out)
    assert (report["unchanged"], failures_in_a_row(out)) == (4, 0)
