"""Server, schedule, watcher and Data Docs of one machine, started and stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import filelock
import httpx
import typer
from prefect.settings import get_current_settings

from flows.artifacts import DOCS_URL
from flows.database import asynchronous, check_database
from flows.schedule import names, schedules
from flows.server import login
from tasks.contracts.errors import Fault
from tasks.pageserver import HOST, show_pages
from tasks.publish import DOCS
from tasks.run import settings_for
from tasks.scan import no_seeds
from tasks.storage.folder import Address, open_folder, path_of

PYTHON = (sys.executable, "-P", "-m")  # -P: a folder `flows` where the command is started is not taken for ours
DATELINE = (*PYTHON, "flows.cli")
START_SECONDS = 180  # a new database takes half a minute of migrations on a busy machine
STOP_SECONDS = 20  # what a part has to end by itself before it is killed
DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
VACUUM = "PREFECT_SERVER_SERVICES_DB_VACUUM"
DAY = 86_400  # seconds


def up(
    seeds: Address, outputs: Address, *, port: int, database: str | None, hourly: str, nightly: str, timezone: str
) -> None:
    """Starts everything, says where it is, and waits until it is stopped (Ctrl-C, SIGTERM) or a part ends.

    Raises Fault where a port is taken, another one works for the folder, the server does not come up or a part ends by
    itself; what was started is stopped in any case, and nothing else.
    """
    seeds, outputs = path_of(seeds, what="dateline up"), path_of(outputs, what="dateline up")
    if not seeds.is_dir():
        raise no_seeds(open_folder(seeds))
    settings = settings_for(seeds)
    schedules(hourly, nightly, timezone)
    if database:
        check_database(database)
    environment = environment_for(port, database, keep_days=settings.keep_server_days)
    folders = ["--seeds", str(seeds.absolute()), "--outputs", str(outputs.absolute())]
    schedule = ["--hourly", hourly, "--nightly", nightly, "--timezone", timezone]
    stopped = threading.Event()
    with only_one(outputs, records=DATABASE not in environment), on_stop(stopped):
        for number in (port, port + 1):
            refuse_taken(number)
        with show_pages(outputs / DOCS, port + 1), parts(environment) as start:
            server = start([*PYTHON, "prefect", "server", "start"])
            wait_until_up(f"http://{HOST}:{port}/api/health", "the server", server, stopped)
            if stopped.is_set():
                return
            running = {"server": server, "schedule": start([*DATELINE, "serve", *folders, *schedule])}
            # An event that comes before the deployment that takes it is lost.
            deployment = f"http://{HOST}:{port}/api/deployments/name/extract-events/{names(outputs)[0]}"
            wait_until_up(deployment, "the schedule", running["schedule"], stopped)
            running["watcher"] = start([*DATELINE, "watch", *folders])
            typer.echo(f"Prefect UI   http://{HOST}:{port}")
            typer.echo(f"Data Docs    http://{HOST}:{port + 1}")
            typer.echo(f"drop articles into {seeds}; tables come in {outputs}; Ctrl-C stops all")
            while not stopped.wait(0.5):
                for name, part in running.items():
                    if part.poll() is not None:
                        raise Fault(f"the {name} ended by itself with {part.returncode}; see its messages above")


@contextlib.contextmanager
def only_one(outputs: Path, *, records: bool) -> Iterator[None]:
    """Raises Fault where another `dateline up` works on the folder or, with `records`, keeps its own in this SQLite.

    Two schedules on one folder would run everything twice; two servers on one SQLite file lock each other out.
    """
    home = get_current_settings().home
    busy = {outputs: f"{outputs}: another `dateline up` works on this folder; stop that one first"}
    if records:
        busy[home] = (
            f"{home}: another `dateline up` keeps its server's records here; for a second folder, start "
            "`dateline serve` and `dateline watch` with its PREFECT_API_URL, or set PREFECT_HOME to another folder"
        )
    with contextlib.ExitStack() as held:
        for folder, words in busy.items():
            folder.mkdir(parents=True, exist_ok=True)
            try:
                held.enter_context(filelock.FileLock(folder / ".up.lock", timeout=0))
            except filelock.Timeout:
                raise Fault(words) from None
        yield


def environment_for(port: int, database: str | None, *, keep_days: int) -> dict[str, str]:
    """What the parts are started with: one server on this machine alone, its UI, and where Data Docs are shown."""
    api = f"http://{HOST}:{port}/api"
    chosen = {
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_API_URL": api,
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://{HOST}:{port}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",  # seconds; Prefect's own 10 are most of the wait for a dropped article
        DOCS_URL: f"http://{HOST}:{port + 1}",
        "PYTHONUNBUFFERED": "1",
    }
    if database:
        chosen[DATABASE] = asynchronous(database)
    kept = {f"{VACUUM}_ENABLED": "events,flow_runs", f"{VACUUM}_RETENTION_PERIOD": str(keep_days * DAY)}
    return {**kept, **os.environ, **chosen}


def refuse_taken(port: int) -> None:
    """Raises Fault where something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Fault(f"port {port} of {HOST}: {error.strerror}; choose another by --port") from None


def wait_until_up(address: str, name: str, part: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    """Returns when the address is there or `stopped` is set; raises Fault where the part ends or takes too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and not stopped.is_set():
        if part.poll() is not None:
            raise Fault(f"{name} ended at its start with {part.returncode}; see its messages above")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(address, timeout=2, auth=login()).is_success:
                return
        stopped.wait(0.3)
    if not stopped.is_set():
        raise Fault(f"{address} was not there within {START_SECONDS} s; see the messages above")


@contextlib.contextmanager
def parts(environment: Mapping[str, str]) -> Iterator[Any]:
    """A way to start a part; at the end they are stopped in the reverse order, those that do not end are killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str]) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches this process alone, which then stops them in order.
        part = subprocess.Popen(
            [*PYTHON, "flows.part", str(os.getpid()), *command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(part)
        return part

    try:
        yield start
    finally:
        for part in reversed(started):
            end_group(part)


def end_group(part: subprocess.Popen[bytes]) -> None:
    """Ends the part, and whatever it started and left behind in its session."""
    with contextlib.suppress(ProcessLookupError):
        part.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        part.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(part.pid, signal.SIGKILL)  # the number of a group is not given anew while one of it lives
    part.wait()


@contextlib.contextmanager
def on_stop(stopped: threading.Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C set `stopped`."""

    def note(_: int, __: FrameType | None) -> None:
        stopped.set()

    before = {s: signal.signal(s, note) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
