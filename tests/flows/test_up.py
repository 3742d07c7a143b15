"""What `dateline up` is made of, without a server: its schedules, its database, its parts and how they end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from prefect.settings import PREFECT_HOME, temporary_settings

from flows.database import check_database
from flows.schedule import schedules
from flows.up import VACUUM, environment_for, only_one
from tasks.contracts.errors import Fault, UsageFault

HOURLY, NIGHTLY = "7 * * * *", "37 2 * * *"


def test_a_schedule_has_its_time_zone() -> None:
    assert [(s.cron, s.timezone) for s in schedules(HOURLY, NIGHTLY, "Europe/Paris")] == [
        (HOURLY, "Europe/Paris"),
        (NIGHTLY, "Europe/Paris"),
    ]


@pytest.mark.parametrize(
    ("hourly", "timezone", "said"),
    [("often", "UTC", "--hourly 'often': no cron line"), (HOURLY, "Mars", "--timezone 'Mars': no time zone")],
)
def test_a_wrong_schedule_is_named(hourly: str, timezone: str, said: str) -> None:
    with pytest.raises(UsageFault, match=said):
        schedules(hourly, NIGHTLY, timezone)


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(Fault, match=r"postgresql://reader:\*\*\*@127\.0\.0\.1:9/events: .*Connect call failed"):
        check_database("postgresql://reader:secret@127.0.0.1:9/events")
    with pytest.raises(UsageFault, match="write it as postgresql://"):
        check_database("mysql://reader:secret@127.0.0.1/events")


def test_one_folder_has_one_schedule_and_one_home_one_server(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"

    def refused(folder: Path, *, records: bool) -> str:
        with pytest.raises(Fault) as fault, only_one(folder, records=records):
            pytest.fail("a second one works")
        return str(fault.value)

    with temporary_settings({PREFECT_HOME: tmp_path / "home"}), only_one(one, records=True):
        assert refused(one, records=False).startswith(f"{one}: another `dateline up` works on this folder")
        assert "set PREFECT_HOME to another folder" in refused(other, records=True)
        with only_one(other, records=False):
            pass


def test_the_server_deletes_old_runs_but_where_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment_for(4200, None, keep_days=30)[f"{VACUUM}_RETENTION_PERIOD"] == "2592000"
    monkeypatch.setenv(f"{VACUUM}_ENABLED", "events")
    assert environment_for(4200, None, keep_days=30)[f"{VACUUM}_ENABLED"] == "events"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_part_ends_with_the_process_that_started_it_however_that_ends() -> None:
    starter = (
        "import os, subprocess, sys; "
        "part = subprocess.Popen([sys.executable, '-m', 'flows.part', str(os.getpid()), '/bin/sleep', '60']); "
        "print(part.pid, flush=True); "
        "import time; time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        part = int(process.stdout.readline())
        command = Path(f"/proc/{part}/cmdline")
        until(lambda: command.read_bytes().startswith(b"/bin/sleep"))
        process.kill()
    until(lambda: not command.exists() or not command.read_bytes())


def until(condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
