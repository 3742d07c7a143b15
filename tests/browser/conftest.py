"""`dateline up` once for all tests that look at it: its server, its schedule, its watcher, in a home of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tasks.history import read_history
from tests.flows.conftest import ARTICLES, drop
from tests.needs import missing

CHROMIUM = Path("/usr/bin/chromium")
# As root in a closed network: no sandbox of its own, and no looking up of hosts that it asks for by itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HOSTILE = "<img src=x onerror=alert(1)>|`x`[l](javascript:alert(2))![p](http:evil.example).txt"

MISREAD = """{"id": "misread", "published": "2024-05-06", "text": "Rebels killed 1,900,000,000 soldiers on Friday."}"""


@dataclass(frozen=True)
class Up:
    """A running `dateline up` with its folders, and what it answers."""

    seeds: Path
    outputs: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def ui(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def docs(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    def api(self, path: str, **body: Any) -> Any:
        token = httpx.get(f"{self.ui}/api/csrf-token", params={"client": "test"}, timeout=20).raise_for_status().json()
        headers = {"Prefect-Csrf-Token": token["token"], "Prefect-Csrf-Client": "test"}
        return httpx.post(f"{self.ui}/api/{path}", json=body, headers=headers, timeout=20).raise_for_status().json()

    def completed(self) -> int:
        return sum(r["state"] == "completed" for r in read_history(self.outputs))


def wait(condition: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """What the condition gives once it gives anything; fails naming `what` after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.3)
    pytest.fail(f"{what}: not within {seconds:.0f} s")


def free_ports() -> int:
    """A port that is free, as the next one is."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@contextmanager
def started(home: Path, *options: str, **environment: str) -> Iterator[Up]:
    """A `dateline up` over fresh folders under `home`, stopped as a service manager does it."""
    seeds, outputs, port = home / "articles", home / "tables", free_ports()
    seeds.mkdir(parents=True)
    for name, text in ARTICLES.items():
        drop(seeds / name, text)
    drop(seeds / "misread.json", MISREAD)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DATELINE_"))}
    env |= {"PREFECT_HOME": str(home / "prefect"), "DATELINE_SETTLE_SECONDS": "0.5"} | environment
    command = [Path(sys.executable).with_name("dateline"), "up", "--port", str(port), *options]
    command += ["--seeds", seeds, "--outputs", outputs]
    said = (home / "said.txt").open("w+")
    process = subprocess.Popen(command, env=env, cwd=home, text=True, stdout=said, stderr=subprocess.STDOUT)
    try:
        wait(
            lambda: process.poll() is not None or "Ctrl-C stops all" in (home / "said.txt").read_text(),
            seconds=180,
            what="dateline up",
        )
        assert process.poll() is None, (home / "said.txt").read_text()
        yield Up(seeds, outputs, port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        finally:
            process.kill()
            said.close()


@pytest.fixture(scope="package")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A running `dateline up` that has worked off the articles it found."""
    with started(tmp_path_factory.mktemp("up")) as running:
        wait(running.completed, seconds=120, what="the first run")
        yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Any]:
    """The distribution's Chromium, headless. Playwright keeps an event loop running: other tests must not meet it."""
    if not CHROMIUM.exists():
        missing(str(CHROMIUM), "chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that must not be made to run anything: a dialog or a request elsewhere fails the test."""
    strange: list[str] = []
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.on("dialog", lambda dialog: (strange.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: strange.append(request.url))
    yield page
    page.close()
    assert [s for s in strange if not s.startswith(("http://127.0.0.1:", "file:", "data:", "blob:"))] == []
