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
from types import FrameType
from typing import Any

import httpx
import typer

from flows.artifacts import DOCS_URL, slug
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


def up(seeds: Address, outputs: Address, *, port: int, database: str | None, hourly: str, nightly: str) -> None:
    """Starts everything, says where it is, and waits until it is stopped (Ctrl-C, SIGTERM) or a part ends.

    Raises Fault where a port is taken, the server does not come up or a part ends by itself; what was started is
    stopped in any case, and nothing else.
    """
    seeds, outputs = path_of(seeds, what="dateline up"), path_of(outputs, what="dateline up")
    if not seeds.is_dir():
        raise no_seeds(open_folder(seeds))
    settings_for(seeds)
    for number in (port, port + 1):
        refuse_taken(number)
    environment = environment_for(port, database)
    folders = ["--seeds", str(seeds.absolute()), "--outputs", str(outputs.absolute())]
    schedule = ["--hourly", hourly, "--nightly", nightly]
    stopped = threading.Event()
    with on_stop(stopped), show_pages(outputs / DOCS, port + 1), parts(environment) as start:
        server = start([*PYTHON, "prefect", "server", "start"])
        wait_until_up(f"http://{HOST}:{port}/api/health", server, stopped)
        if stopped.is_set():
            return
        running = {"server": server, "schedule": start([*DATELINE, "serve", *folders, *schedule])}
        # An event that comes before the deployment that takes it is lost.
        deployment = f"http://{HOST}:{port}/api/deployments/name/extract-events/hourly-{slug(outputs)}"
        wait_until_up(deployment, running["schedule"], stopped)
        running["watcher"] = start([*DATELINE, "watch", *folders])
        typer.echo(f"Prefect UI   http://{HOST}:{port}")
        typer.echo(f"Data Docs    http://{HOST}:{port + 1}")
        typer.echo(f"drop articles into {seeds}; tables come in {outputs}; Ctrl-C stops all")
        while not stopped.wait(0.5):
            for name, part in running.items():
                if part.poll() is not None:
                    raise Fault(f"the {name} ended by itself with {part.returncode}; see its messages above")


def environment_for(port: int, database: str | None) -> dict[str, str]:
    """What the parts are started with: one server on this machine alone, its UI, and where Data Docs are shown."""
    api = f"http://{HOST}:{port}/api"
    chosen = {
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",  # seconds; Prefect's own 10 are most of the wait for a dropped article
        DOCS_URL: f"http://{HOST}:{port + 1}",
        "PYTHONUNBUFFERED": "1",
    }
    if database:
        chosen[DATABASE] = asynchronous(database)
    return {**os.environ, **chosen}


def asynchronous(database: str) -> str:
    """The database's address as Prefect wants it: PostgreSQL by its asynchronous driver. Raises Fault for others."""
    scheme, separator, rest = database.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+asyncpg") and separator:
        return f"postgresql+asyncpg://{rest}"
    if scheme == "sqlite+aiosqlite" and separator:
        return database
    raise Fault("--database: write it as postgresql://user:password@host/name; without it, SQLite is used")


def refuse_taken(port: int) -> None:
    """Raises Fault where something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Fault(f"port {port} of {HOST}: {error.strerror}; choose another by --port") from None


def wait_until_up(address: str, part: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    """Returns when the address is there or `stopped` is set; raises Fault where the part ends or takes too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and not stopped.is_set():
        if part.poll() is not None:
            raise Fault(f"{part.args[3]} ended at its start with {part.returncode}; see its messages above")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(address, timeout=2).is_success:
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
            command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
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
