"""The Prefect server of a run: asked before it starts, watched while it runs; a user never waits in silence.

Prefect's own client tries for more than two minutes to reach a server that is gone, without a word.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import prefect
from prefect.client.orchestration import get_client
from prefect.settings import get_current_settings

from tasks.contracts.errors import Fault

ANSWER_SECONDS = 4  # a server that does not answer its health check in this time does not carry a run
LOCK_SECONDS = 3
LOOK_SECONDS = 1.0
GONE_SECONDS = 5.0  # that nothing listens, before the run is given up
SLOW_SECONDS = 5.0  # without an answer, before the user is told
DEAD_SECONDS = 60.0  # without an answer, before the run is given up: a busy server may take its time
KEPT = "what was published stays, the next run goes on from the last finished batch"


def find_server() -> str:
    """The address of the API that records the run: the one that is set up, or of a temporary server, started here.

    Raises Fault within seconds where it does not answer, is of another version or has a database it cannot use.
    """
    check_api()
    if url := get_current_settings().api.url:
        return url.rstrip("/")
    check_database()
    try:
        with get_client(sync_client=True) as client:
            return str(client.api_url).rstrip("/")
    except RuntimeError as error:
        home = get_current_settings().home
        raise Fault(
            f"the temporary Prefect server did not start ({error}); see its messages above, name another folder by "
            f"PREFECT_HOME (now {home}) or a running server by PREFECT_API_URL"
        ) from error


def check_api() -> None:
    """Raises Fault where a server is set up but does not answer in seconds or is of another version."""
    url = get_current_settings().api.url
    if not url:
        return
    try:
        httpx.get(f"{url.rstrip('/')}/health", timeout=ANSWER_SECONDS).raise_for_status()
        answer = httpx.get(f"{url.rstrip('/')}/admin/version", timeout=ANSWER_SECONDS, auth=login())
        answer.raise_for_status()
        theirs = str(answer.json())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Fault(
            f"PREFECT_API_URL: no Prefect server answers at {url} ({_why(error)}); "
            "start it by `prefect server start` or unset PREFECT_API_URL"
        ) from error
    if theirs.split(".")[:2] != prefect.__version__.split(".")[:2]:
        raise Fault(
            f"PREFECT_API_URL: the server at {url} is Prefect {theirs}, this is {prefect.__version__}; "
            "use the same on both sides or unset PREFECT_API_URL"
        )


def login() -> tuple[str, str] | None:
    """User and password for the server that is set up, None where there are none (PREFECT_API_AUTH_STRING)."""
    secret = get_current_settings().api.auth_string
    name, _, word = (secret.get_secret_value() if secret else "").partition(":")
    return (name, word) if name else None


def _why(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"status {error.response.status_code}" + (
            ": set PREFECT_API_AUTH_STRING" if error.response.status_code == httpx.codes.UNAUTHORIZED else ""
        )
    return type(error).__name__


def check_database() -> None:
    """Raises Fault where the temporary server's SQLite file is locked, damaged or of a newer Prefect."""
    address = get_current_settings().server.database.connection_url
    scheme, _, name = (address.get_secret_value() if address else "").partition(":///")
    path = Path(name.partition("?")[0])
    if not scheme.startswith("sqlite") or not path.is_file():
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)) as database:
            database.execute("begin immediate")
            rows = database.execute("select version_num from alembic_version").fetchall()
            database.execute("rollback")
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):  # it is new
            return
        raise Fault(
            f"{path}: Prefect's database cannot be used ({error}); end the program that holds it "
            "or name another folder by PREFECT_HOME"
        ) from error
    except sqlite3.DatabaseError as error:
        raise Fault(f"{path}: Prefect's database is damaged ({error}); move the file away and run again") from error
    if unknown := [row[0] for row in rows if row[0] not in known_revisions()]:
        raise Fault(
            f"{path}: Prefect's database is of another version (revision {unknown[0]}, unknown to "
            f"{prefect.__version__}); name another folder by PREFECT_HOME or install that version"
        )


def known_revisions() -> set[str]:
    """The states of a database that this version of Prefect can bring up to date."""
    folder = prefect.__module_path__ / "server" / "database" / "_migrations" / "versions" / "sqlite"
    return {part for path in folder.glob("*.py") for part in path.stem.split("_") if len(part) == 12}


@contextlib.contextmanager
def watched(url: str) -> Iterator[None]:
    """Looks after the server while the run goes on; where it is gone, says so and ends the process with 1."""
    done = threading.Event()
    watcher = threading.Thread(target=_look_after, args=(url, done), name="dateline-server-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _look_after(url: str, done: threading.Event) -> None:
    answered, told = time.monotonic(), False
    asked = {"client": f"dateline-{os.getpid()}"}  # a token is the one thing to ask for that writes to the database
    user = login()
    while not done.wait(LOOK_SECONDS):
        try:
            answer = httpx.get(f"{url}/csrf-token", params=asked, auth=user, timeout=ANSWER_SECONDS)
            if not answer.is_server_error:
                answered, told = time.monotonic(), False
                continue
            patience = DEAD_SECONDS
        except httpx.ConnectError:
            patience = GONE_SECONDS
        except httpx.HTTPError:
            patience = DEAD_SECONDS
        silent = time.monotonic() - answered
        if done.is_set():
            return
        if silent > patience:
            end_now(f"the Prefect server at {url} has been gone for {silent:.0f} s; {KEPT}")
        if silent > SLOW_SECONDS and not told:
            told = True
            tell(
                f"the Prefect server at {url} does not answer or its database is locked; "
                f"the run waits for it up to {DEAD_SECONDS:.0f} s"
            )


def tell(words: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"dateline: {words}\n")
    sys.stderr.flush()


def end_now(words: str) -> None:
    """Ends the process with a line and 1: waiting for its threads would be waiting for the server.

    Nothing is lost by it: a run may be killed at any point.
    """
    from prefect.server.api.server import SubprocessASGIServer

    tell(words)
    for child in multiprocessing.active_children():
        child.kill()
    for server in SubprocessASGIServer._instances.values():
        if server.server_process is not None:
            server.server_process.kill()
    os._exit(1)
