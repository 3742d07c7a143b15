"""The command as a user types it: its own process, its own Prefect home."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

from flows.start import show_progress
from tasks.store import Store

COMMAND = Path(sys.executable).with_name("dateline")


def dateline(*arguments: object, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.run(
        [str(COMMAND), *map(str, arguments)],
        env=env | {"PREFECT_HOME": str(home), "COLUMNS": "120"} | environment,
        capture_output=True,
        text=True,
        timeout=240,
        cwd=home.parent,
    )


def test_a_run_on_a_temporary_server_is_quiet_and_every_task_run_is_recorded(seeds: Path, tmp_path: Path) -> None:
    """With default settings the server's recorder prints a traceback as it stops and loses task runs."""
    done = dateline("run", "--seeds", seeds, "--outputs", tmp_path / "out", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    noise = [line for line in done.stderr.splitlines() if "Traceback" in line or "WARN" in line or "Error" in line]
    assert noise == []
    assert "articles 3" in done.stdout
    assert len(pandas.read_parquet(tmp_path / "out" / "events")) > 3
    with sqlite3.connect(tmp_path / "home" / "prefect.db") as database:
        runs = database.execute("select name, state_type from task_run order by name").fetchall()
    names = [f"{stage} batch 1 of 1" for stage in ("clean", "extract", "ingest", "split")]
    names += [f"{stage} wave 1 of 1" for stage in ("publish", "validate")]
    assert runs == [(name, "COMPLETED") for name in sorted(names)]


def test_another_run_in_progress_is_named_and_ends_with_3(seeds: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "out").lock():
        refused = dateline("run", "--seeds", seeds, "--outputs", tmp_path / "out", home=tmp_path / "home")
    assert refused.returncode == 3
    assert f"pid {os.getpid()}" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "said"),
    [
        (["run", "--seeds", "nowhere"], {}, 1, "nowhere: no such folder"),
        (["run", "--sedes", "x"], {}, 2, "No such option"),
        (["run", "--seeds", "."], {"DATELINE_BATCH_ARTICLES": "0"}, 2, "DATELINE_BATCH_ARTICLES"),
        (["run", "--seeds", "."], {"PREFECT_API_URL": "http://127.0.0.1:9/api"}, 1, "no Prefect server answers"),
        (["up", "--seeds", ".", "--hourly", "often"], {}, 2, "--hourly 'often': no cron line"),
        (["alert", "chat.example.org"], {}, 2, "no web address"),
        (["show", "nothing"], {}, 1, "no tables yet"),
        (["explain", "Rebels left.", "--published", "31 Feb"], {}, 2, "2022-09-13"),
    ],
)
def test_a_foreseeable_fault_is_one_sentence_and_an_exit_code(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], code: int, said: str
) -> None:
    (tmp_path / "home").mkdir()
    done = dateline(*arguments, home=tmp_path / "home", **environment)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_progress_is_told_once_however_often_it_is_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    show_progress()
    show_progress()
    logging.getLogger("dateline").info("batch 1 of 1 done")
    assert capsys.readouterr().err == "batch 1 of 1 done\n"
