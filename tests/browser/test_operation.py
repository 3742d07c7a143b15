"""Dateline in operation, as its users see it: dropped articles, the Prefect UI and Data Docs in a browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas
import pytest

from tasks.contracts.report import Tally
from tasks.history import remember_run
from tests.browser.conftest import HOSTILE, Up, wait
from tests.flows.conftest import drop

DOCS = Path(__file__).resolve().parents[2] / "docs"
STAGES = ("ingest", "clean", "split", "extract", "validate", "publish")
pytestmark = pytest.mark.browser


def shot(page: Any, name: str) -> None:
    """Keeps the picture among the docs where DATELINE_SCREENSHOTS asks for it."""
    if os.environ.get("DATELINE_SCREENSHOTS"):
        page.screenshot(path=str(DOCS / name))


def test_a_dropped_article_is_an_event_in_the_tables_within_a_minute(up: Up) -> None:
    (up.seeds / HOSTILE).write_bytes(b"")
    before, start = up.completed(), time.monotonic()
    drop(up.seeds / "new.txt", "Peru recalls envoy\n\n3 June 2024\n\nPeru recalled its envoy from Bolivia on Monday.\n")
    wait(lambda: up.completed() > before, seconds=60, what="a run over the dropped article")
    events = pandas.read_parquet(up.outputs / "events")
    assert "new.txt" in set(events["source_path"])
    runs = wait(
        lambda: [r for r in up.api("flow_runs/filter", sort="START_TIME_DESC") if r["state_type"] == "COMPLETED"],
        seconds=60 - (time.monotonic() - start),
        what="the run in the API",
    )
    assert any("2 new" in r["state"]["message"] for r in runs)
    assert {"dateline", "tables", "hourly"} <= set(runs[0]["tags"])


def test_the_run_page_shows_the_six_stages_as_a_graph_and_names_what_was_rejected(up: Up, page: Any) -> None:
    runs = up.api("flow_runs/filter", sort="START_TIME_ASC")
    run = next(r for r in runs if r["state_type"] == "COMPLETED")
    graph = page.request.get(f"{up.ui}/api/flow_runs/{run['id']}/graph-v2").json()
    nodes = {node["label"].split()[0]: node for _, node in graph["nodes"]}
    assert set(nodes) == set(STAGES)
    parents = {name: {graph_parent["id"] for graph_parent in node["parents"]} for name, node in nodes.items()}
    for earlier, later in pairwise(STAGES):
        assert nodes[earlier]["id"] in parents[later], f"{earlier} -> {later}"
    page.goto(f"{up.ui}/runs/flow-run/{run['id']}")
    page.get_by_text("6 Task runs").wait_for(timeout=20_000)
    page.wait_for_selector("canvas")
    page.get_by_text("Finished in state Completed('").first.wait_for(timeout=20_000)
    page.get_by_text("rejected: misread.json: expectation (killed is in range (killed))").first.wait_for()
    page.wait_for_timeout(1500)  # the graph is drawn on a canvas and moves into place
    shot(page, "prefect-run.png")


def test_the_address_that_is_printed_shows_a_page_that_asks_no_other_machine(up: Up, page: Any) -> None:
    """Prefect's second UI, its own default, loads a session recorder on every page; `page` refuses foreign requests."""
    page.goto(up.ui)
    page.get_by_text("Deployments").first.wait_for(timeout=20_000)
    page.get_by_text("Task Runs").first.wait_for(timeout=20_000)
    assert "/v2" not in page.url
    assert page.get_by_text("Upgrade").count() == 0


def test_a_second_one_on_the_same_folder_is_refused(up: Up) -> None:
    second = [Path(sys.executable).with_name("dateline"), "up", "--seeds", up.seeds, "--outputs", up.outputs]
    done = subprocess.run(second, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"dateline: {up.outputs}: another `dateline up` works on this folder")


def test_a_hostile_file_name_is_text_in_the_ui_and_nothing_else(up: Up, page: Any) -> None:
    run = next(r for r in up.api("flow_runs/filter") if "2 new" in (r["state"]["message"] or ""))
    page.goto(f"{up.ui}/runs/flow-run/{run['id']}")
    page.get_by_text(f"rejected: {HOSTILE}: empty").first.wait_for(timeout=20_000)
    assert page.locator("img[onerror], a[href^='javascript']").count() == 0


def artifact(up: Up, key: str) -> dict[str, Any]:
    found = up.api("artifacts/filter", sort="CREATED_DESC", artifacts={"key": {"any_": [key]}})
    first: dict[str, Any] = found[-1]
    return first


def test_the_summary_is_a_table_of_files_types_rejects_and_seconds(up: Up, page: Any) -> None:
    rows = json.loads(artifact(up, "summary-tables")["data"])
    about = {row["about"] for row in rows}
    assert about >= {"files", "this run", "events by type", "rejects by reason", "seconds by stage", "tables now"}
    assert {r["what"] for r in rows if r["about"] == "seconds by stage"} == set(STAGES)
    page.goto(f"{up.ui}/artifacts/artifact/{artifact(up, 'summary-tables')['id']}")
    page.get_by_role("table").wait_for(timeout=20_000)
    page.get_by_text("rejects by reason").first.wait_for()
    shot(page, "prefect-summary.png")


def test_the_checks_link_to_data_docs_and_the_picture_is_drawn(up: Up, page: Any) -> None:
    page.goto(f"{up.ui}/artifacts/artifact/{artifact(up, 'validation-tables')['id']}")
    link = page.get_by_role("link", name="Data Docs")
    link.wait_for(timeout=20_000)
    assert link.get_attribute("href").startswith(f"{up.docs}/runs/")
    page.goto(link.get_attribute("href"))
    page.get_by_role("row", name="killed is in range").wait_for()
    page.goto(f"{up.ui}/artifacts/artifact/{artifact(up, 'events-tables')['id']}")
    picture = page.locator("img[src^='data:image/svg+xml']")
    picture.wait_for(timeout=20_000)
    assert picture.evaluate("i => i.naturalWidth") > 100


def test_the_deployments_show_their_schedules_and_parameters(up: Up, page: Any) -> None:
    found = {d["name"]: d for d in up.api("deployments/filter")}
    assert set(found) == {"hourly-tables", "nightly-tables"}
    assert found["nightly-tables"]["parameters"]["rebuild"] is True
    assert found["hourly-tables"]["parameters"]["outputs"] == str(up.outputs)
    assert all(d["global_concurrency_limit"]["limit"] == 1 for d in found.values())
    page.goto(f"{up.ui}/deployments/deployment/{found['nightly-tables']['id']}")
    page.get_by_text("At 02:37 AM").first.wait_for(timeout=20_000)
    page.wait_for_timeout(1000)  # it fades in
    shot(page, "prefect-schedule.png")


def test_data_docs_show_a_failed_expectation_with_its_values_and_run_nothing(up: Up, page: Any) -> None:
    page.goto(f"{up.docs}/index.html")
    page.get_by_role("heading", name="Checks of all runs").wait_for()
    page.get_by_role("row", name="killed is in range").get_by_role("link").first.click()
    failed = page.get_by_role("row", name="killed is in range")
    assert "1900000000" in failed.inner_text()
    assert failed.locator("span.rejects").count() == 1
    assert page.locator("script").count() == 0
    failed.evaluate("row => scrollTo(0, row.getBoundingClientRect().top + scrollY - 200)")
    shot(page, "data-docs.png")


def test_an_unusual_run_ends_with_a_warning_and_is_posted_to_a_webhook(up: Up) -> None:
    usual = Tally(articles=40, events=160, days=20, rejects=1)
    for day in (1, 2, 3, 4):
        remember_run(
            up.outputs, {"tally": asdict(usual)}, started=datetime(2024, 5, day, tzinfo=UTC), state="completed", keep=99
        )
    with webhook() as (address, posted):
        environment = os.environ | {
            "PREFECT_API_URL": f"{up.ui}/api",
            "PREFECT_HOME": str(up.outputs.parent / "prefect"),
        }
        alert = [Path(sys.executable).with_name("dateline"), "alert", address]
        subprocess.run(alert, env=environment, check=True, timeout=60, capture_output=True)
        for n in range(9):
            drop(up.seeds / f"empty-{n}.txt", "")
        wait(lambda: posted, seconds=60, what="the post to the webhook")
    assert posted[0]["event"] == "dateline.run.unusual"
    assert "% of the input rejected, usually " in posted[0]["message"]
    states = [(r["state_type"], r["state_name"]) for r in up.api("flow_runs/filter")]
    assert ("COMPLETED", "Unusual") in states
    assert "% of the input rejected, usually " in (up.outputs / "data_docs" / "quality.html").read_text()


@contextmanager
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address on this machine, and what was posted to it."""
    posted: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append(json.loads(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook", posted
    finally:
        server.shutdown()
        server.server_close()
