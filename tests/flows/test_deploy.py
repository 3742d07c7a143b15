"""What is written for schedulers, service managers and containers fits the code beside it."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.needs import missing

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_deployments_name_the_flow_its_parameters_and_the_watchers_event() -> None:
    from flows.artifacts import DROPPED
    from flows.cli import serve
    from flows.extract_events import extract_events

    known = set(inspect.signature(extract_events.fn).parameters)
    deployed = {d["name"]: d for d in read("prefect.yaml")["deployments"]}
    assert set(deployed) == {"hourly", "nightly"}
    assert deployed["hourly"]["triggers"][0]["expect"] == [DROPPED]
    for name, deployment in deployed.items():
        assert deployment["entrypoint"] == "flows/extract_events.py:extract_events"
        assert set(deployment["parameters"]) <= known
        assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
        assert deployment["schedules"][0]["cron"] == inspect.signature(serve).parameters[name].default


def test_the_image_is_made_by_the_makefiles_own_commands() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(BIN)", ".venv/bin")
    (install,) = re.findall(r"^INSTALL := (.*)", makefile, re.MULTILINE)
    rule = makefile.split("$(READY): requirements.lock", 1)[1].split("\n\n", 1)[0]  # what a run needs, no more
    commands = [f"{install} {options}" for options in re.findall(r"@\$\(INSTALL\) (.*)", rule)]
    assert len(commands) == 2
    for command in commands:
        assert command in dockerfile


def test_the_containers_show_themselves_to_this_machine_alone_and_ask_for_a_password() -> None:
    compose = read("deploy/compose.yaml")
    services = compose["services"]
    assert set(services) == {"database", "server", "worker", "watcher"}
    assert services["server"]["ports"] == ["127.0.0.1:4200:4200"]
    assert "PREFECT_SERVER_API_AUTH_STRING" in services["server"]["environment"]
    assert "ports" not in services["database"]
    assert (ROOT / "deploy" / services["worker"]["build"]["dockerfile"].removeprefix("deploy/")).exists()
    wanted = set(re.findall(r"\$\{(\w+):\?", (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")))
    given = dict(line.split("=") for line in (ROOT / "deploy" / "compose.env.example").read_text().splitlines())
    assert set(given) == wanted


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze", "systemd")
    unit = (ROOT / "deploy" / "dateline.service").read_text(encoding="utf-8")
    (tmp_path / "dateline.service").write_text(unit.replace("/opt/dateline/.venv/bin/dateline", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "dateline.service"], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "dateline.service" in line] == []
    assert done.returncode == 0, done.stderr
