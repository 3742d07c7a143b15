"""Prefect's server gone, silent, failing, slow, of another version, locked; and the profile that closes it.

Real processes throughout: the command as a user types it, and servers on free ports of this machine.
"""

from __future__ import annotations

import contextlib
import http.server
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tasks.store import Store
from tests.faults import corpus, direct
from tests.faults.sweep import Row
from tests.faults.trials import content, fork, leftovers, live

ROOT = Path(__file__).parents[2]
MESSAGE_SECONDS = 10.0  # beyond what the command takes to start, which a busy machine decides
WAIT_SECONDS = 120.0
LOGIN = ("dateline", "a word of this trial")
SETTINGS = {
    "DATELINE_MODEL": direct.STUB,
    "DATELINE_WORKERS": "1",
    "DATELINE_BATCH_ARTICLES": "10",
    "DATELINE_WAVE_BATCHES": "2",
    "DATELINE_KEEP_VERSIONS": "50",
}


def environment(home: Path, **more: str) -> dict[str, str]:
    """A user's environment with a Prefect home of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DATELINE_"))}
    return kept | {"PREFECT_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | SETTINGS | more


def command(seeds: Path, outputs: Path) -> list[str]:
    return [sys.executable, "-m", "flows.cli", "run", "--seeds", str(seeds), "--outputs", str(outputs)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# -- at the start


@contextlib.contextmanager
def _answering(status: int, body: bytes, seconds: float = 0.0) -> Iterator[str]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(seconds)
            with contextlib.suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


@contextlib.contextmanager
def _silent() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/api"


@contextlib.contextmanager
def _nobody() -> Iterator[str]:
    yield f"http://127.0.0.1:{free_port()}/api"


@contextlib.contextmanager
def _database(home: Path, make: Callable[[Path], object]) -> Iterator[str]:
    home.mkdir(parents=True)
    held = make(home / "prefect.db")
    yield ""
    if isinstance(held, sqlite3.Connection):
        held.close()


def _of_revision(revision: str, *, hold: bool = False) -> Callable[[Path], object]:
    def make(path: Path) -> object:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        database.execute("create table alembic_version (version_num varchar)")
        database.execute("insert into alembic_version values (?)", [revision])
        database.execute("begin immediate" if hold else "select 1")
        return database

    return make


def at_start(root: Path) -> Row:
    """Each fault of the server or its database: 1, one plain sentence that names it, within ten seconds."""
    row = Row("Prefect at the start: gone, silent, failing, slow, of another version, locked, damaged")
    seeds = root / "seeds"
    corpus.write(seeds, range(3))

    def home(name: str) -> Path:
        return root / f"home-{name}"

    faults: dict[str, tuple[contextlib.AbstractContextManager[str], str]] = {
        "gone": (_nobody(), "no Prefect server answers"),
        "silent": (_silent(), "no Prefect server answers"),
        "500": (_answering(500, b"{}"), "status 500"),
        "slow": (_answering(200, b"true", 30), "no Prefect server answers"),
        "no Prefect": (_answering(200, b"<html>"), "no Prefect server answers"),
        "older": (_answering(200, b'"2.20.1"'), "is Prefect 2.20.1"),
        "newer": (_answering(200, b'"4.0.0"'), "is Prefect 4.0.0"),
        "locked": (_database(home("locked"), _of_revision("f416ea180ae1", hold=True)), "is locked"),
        "newer database": (_database(home("newer database"), _of_revision("ffffffffffff")), "of another version"),
        "damaged": (_database(home("damaged"), lambda path: path.write_bytes(b"no database" * 400)), "is damaged"),
    }
    start = time.monotonic()
    subprocess.run(command(root / "nowhere", root / "out"), env=environment(home("none")), capture_output=True)
    plain = time.monotonic() - start
    slowest = 0.0

    def attempt(name: str) -> tuple[str, float]:
        server, words = faults[name]
        with server as url:
            start = time.monotonic()
            env = environment(home(name), **({"PREFECT_API_URL": url} if url else {}))
            done = subprocess.run(command(seeds, root / f"out-{name}"), env=env, capture_output=True, text=True)
            seconds = time.monotonic() - start
        said = done.stderr.strip().splitlines()
        good = done.returncode == 1 and len(said) == 1 and words in said[0] and seconds - plain <= MESSAGE_SECONDS
        return "" if good else f"{name}: {done.returncode} after {seconds:.1f} s: {done.stderr[-300:]}", seconds

    with ThreadPoolExecutor(2) as pool:
        for problem, seconds in pool.map(attempt, faults):
            row.tried += 1
            slowest = max(slowest, seconds)
            if problem:
                row.fail(problem)
    row.note = f"told within {slowest:.1f} s, {plain:.1f} of them the command's start"
    return row


# -- in mid-run


class Server:
    """A Prefect server with the shipped profile (`prefect.toml`, read from its working folder) and a password."""

    def __init__(self, root: Path, port: int) -> None:
        self.root, self.port = root, port
        self.url = f"http://127.0.0.1:{port}/api"
        self.env = environment(
            root / "home",
            PREFECT_SERVER_API_PORT=str(port),
            PREFECT_SERVER_API_AUTH_STRING=":".join(LOGIN),
            PREFECT_API_AUTH_STRING=":".join(LOGIN),
            PREFECT_API_URL=self.url,
        )

    def start(self) -> None:
        with (self.root / "server.log").open("ab") as log:
            arguments = [sys.executable, "-m", "prefect", "server", "start"]
            self.process = subprocess.Popen(
                arguments,
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        until(lambda: self.get("/health").is_success, "the server is up")

    def get(self, path: str, **more: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=5, **more)

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        if number == signal.SIGKILL:
            self.process.wait()

    def states(self) -> list[str]:
        """The states of all runs of the flow, the first run first."""
        headers = self._token()
        found = httpx.post(f"{self.url}/flow_runs/filter", json={"sort": "START_TIME_ASC"}, auth=LOGIN, headers=headers)
        return [run["state_type"] for run in found.raise_for_status().json()]

    def _token(self) -> dict[str, str]:
        token = self.get("/csrf-token", params={"client": "trial"}, auth=LOGIN).raise_for_status().json()["token"]
        return {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "trial"}


def until(condition: Callable[[], object], what: str, seconds: float = WAIT_SECONDS) -> float:
    """Waits for the condition and gives the seconds it took."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        with contextlib.suppress(httpx.HTTPError, OSError):
            if condition():
                return time.monotonic() - start
        time.sleep(0.05)
    raise AssertionError(f"in {seconds:.0f} s it was not so that {what}")


class Run:
    """`dateline run` in a process of its own, what it says in a file."""

    def __init__(self, root: Path, name: str, env: dict[str, str]) -> None:
        self.said = root / f"{name}.log"
        with self.said.open("wb") as log:
            arguments = command(root / "seeds", root / "out")
            self.process = subprocess.Popen(
                arguments, env=env, cwd=root, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def says(self, words: str) -> bool:
        return words in self.said.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, words: str) -> float:
        def there() -> bool:
            if not self.says(words) and self.process.poll() is not None:
                raise AssertionError(f"it ended without {words!r}: {self.said.read_text()[-500:]}")
            return self.says(words)

        return until(there, f"it says {words!r}")


def in_mid_run(root: Path) -> Iterator[Row]:
    """A server's bad day: frozen, its run killed, its database locked, killed; and at last the right tables."""
    corpus.write(root / "seeds", range(240))
    outputs = root / "out"

    def once() -> None:
        os.environ.update(SETTINGS)
        direct.run(root / "seeds", root / "once")

    forked = fork()
    if forked is None:
        live(once)
    server = Server(root, free_port())
    server.start()
    ended = forked.wait()
    wanted = content(root / "once")
    yield closed(server)
    row = Row("Prefect in mid-run: frozen, locked, killed; the run killed with -9", tried=4)
    if ended.error is not None:
        row.fail(f"{ended.error}")
    told = []
    try:
        first = Run(root, "first", server.env)
        first.wait_for("wave 1 of")
        server.signal(signal.SIGSTOP)
        told.append(first.wait_for("does not answer"))
        server.signal(signal.SIGCONT)
        first.wait_for("wave 4 of")
        first.process.kill()
        first.process.wait()
        second = Run(root, "second", server.env)
        second.wait_for("batch 3 of")
        if server.states()[0] != "CRASHED":
            row.fail(f"the killed run is {server.states()[0]}")
        with contextlib.closing(sqlite3.connect(root / "home" / "prefect.db", isolation_level=None)) as database:
            until(lambda: _locks(database), "the database can be locked")
            told.append(second.wait_for("does not answer"))
        version = Store(outputs).numbers()[-1]
        until(lambda: Store(outputs).numbers()[-1] > version, "it goes on when the lock is gone")
        server.signal(signal.SIGKILL)
        told.append(second.wait_for("has been gone for"))
        if second.process.wait(5) != 1 or second.says("Traceback"):
            row.fail(f"the server killed: {second.process.returncode}: {second.said.read_text()[-500:]}")
        content(outputs)  # what was published is whole
        server.start()
        third = Run(root, "third", server.env)
        if third.process.wait(WAIT_SECONDS) != 0:
            row.fail(f"the last run: {third.said.read_text()[-500:]}")
        if server.states() != ["CRASHED", "CRASHED", "COMPLETED"]:
            row.fail(f"the runs are {server.states()}")
        if content(outputs) != wanted:
            row.fail("the tables differ")
        row.failures += [f"left behind: {name}" for name in leftovers(outputs)]
    except Exception as error:
        row.fail(f"{type(error).__name__}: {error}")
    finally:
        server.signal(signal.SIGCONT)
        server.signal(signal.SIGKILL)
    if told and max(told) > MESSAGE_SECONDS:
        row.fail(f"it took {max(told):.1f} s until the user was told")
    row.note = f"told within {max(told, default=0):.1f} s"
    yield row


def _locks(database: sqlite3.Connection) -> bool:
    with contextlib.suppress(sqlite3.OperationalError):
        database.execute("begin immediate")
        return True
    return False


# -- the closed profile

EVIL = {"Origin": "http://evil.example"}


def closed(server: Server) -> Row:
    """The shipped profile: loopback only, nothing for other sites' pages, nothing without the password."""
    row = Row("the shipped Prefect profile: addresses, CORS, CSRF, password")
    target = f"{server.url}/flow_runs/filter"

    def check(what: str, holds: bool) -> None:
        row.tried += 1
        if not holds:
            row.fail(what)

    listening = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=True).stdout.splitlines()
    addresses = [line.split()[3] for line in listening if line.split()[3].endswith(f":{server.port}")]
    check(f"it listens on {addresses}", addresses == [f"127.0.0.1:{server.port}"])
    check("a read without the password", server.get("/admin/version").status_code == 401)
    check("a write without the password", httpx.post(target, json={}).status_code in (401, 403))
    asked = {**EVIL, "Access-Control-Request-Method": "POST"}
    allowed = httpx.options(target, headers=asked).headers.get("access-control-allow-origin")
    check(f"another site's page is allowed: {allowed}", allowed is None)
    headers = server.get("/admin/version", headers=EVIL, auth=LOGIN).headers
    check("another site's page can read", "access-control-allow-origin" not in headers)
    forged = httpx.post(target, content=b"{}", headers={**EVIL, "Content-Type": "text/plain"}, auth=LOGIN)
    check(f"another site's page can write: {forged.status_code}", forged.status_code == 403)
    return row
