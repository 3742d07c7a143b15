"""`dateline up` on a PostgreSQL of its own: one option, the same behaviour."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import free_ports, started, wait
from tests.needs import missing

pytestmark = pytest.mark.postgres


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs: Debian keeps them off the path."""
    found = [p.parent for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
    beside = shutil.which("initdb")
    return found[-1] if found else Path(beside).parent if beside else None


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database on this machine alone, made for the test and gone after it."""
    bin_folder = programs()
    if bin_folder is None:
        missing("PostgreSQL", "postgresql")
    home, port = tmp_path_factory.mktemp("postgres"), free_ports()
    if os.geteuid() == 0:  # it refuses to run as root
        for folder in (home, *home.parents[:2]):
            folder.chmod(0o755)
        shutil.chown(home, "postgres")
        run_as = ["runuser", "-u", "postgres", "--"]
    else:
        run_as = []

    def call(program: str, *arguments: object) -> None:
        command = [*run_as, str(bin_folder / program), *map(str, arguments)]
        with (home.parent / "postgres.log").open("a") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, timeout=60, cwd="/")

    cluster = home / "cluster"
    call("initdb", "--pgdata", cluster, "--auth", "trust", "--username", "dateline", "--no-sync")
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off"
    call("pg_ctl", "start", "--pgdata", cluster, "--wait", "--log", home / "log", "--options", settings)
    try:
        call("createdb", "--host", "127.0.0.1", "--port", port, "--username", "dateline", "dateline")
        yield f"postgresql://dateline@127.0.0.1:{port}/dateline"
    finally:
        call("pg_ctl", "stop", "--pgdata", cluster, "--mode", "immediate")


def test_a_run_is_recorded_in_postgresql(database: str, tmp_path: Path) -> None:
    with started(tmp_path, DATELINE_DATABASE=database) as up:
        wait(up.completed, seconds=120, what="the first run")
        runs = wait(
            lambda: [r for r in up.api("flow_runs/filter") if r["state_type"] == "COMPLETED"],
            seconds=20,
            what="the run in the API",
        )
    assert not (tmp_path / "prefect" / "prefect.db").exists()
    psql = [programs() / "psql", "--tuples-only", "--no-align", "--command", "select id from flow_run", database]  # type: ignore[operator]
    stored = subprocess.run(psql, check=True, capture_output=True, text=True).stdout.split()
    assert runs[0]["id"] in stored
