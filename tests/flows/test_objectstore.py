"""Seeds and outputs in an object store: the same tables, and only what changed is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.start import run_flow
from tasks.contracts.tables import TABLES
from tasks.storage.folder import open_folder
from tasks.store import Store
from tests.flows.conftest import ARTICLES
from tests.objectstore import keys

pytestmark = pytest.mark.usefixtures("prefect_server")


def dateline(*arguments: str) -> str:
    """What the command prints; it must end well."""
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def upload(address: str) -> None:
    """The sample articles, as objects."""
    for name, text in ARTICLES.items():
        open_folder(address).write(name, text.encode())


def digests(outputs: str | Path) -> dict[str, str]:
    version = Store(outputs).current()
    assert version is not None
    return {p.name: p.digest for p in version.parts if p.name.split("/")[0] in TABLES}


def test_a_run_in_an_object_store_gives_the_tables_of_a_run_in_folders_and_then_does_what_changed(
    bucket: str, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folders = ["--seeds", f"{bucket}/seeds", "--outputs", f"{bucket}/out"]
    upload(f"{bucket}/seeds")
    printed = dateline("run", *folders)
    assert "3 new, 0 changed, 0 gone" in printed
    assert f"dateline tables events --outputs {bucket}/out" in printed
    run_flow(seeds=seeds, outputs=tmp_path / "out")
    assert digests(f"{bucket}/out") == digests(tmp_path / "out")
    assert keys("out/.work") == []

    assert "unchanged    3" in dateline("status", *folders)
    open_folder(f"{bucket}/seeds").write("talks.json", ARTICLES["talks.json"].replace("Norway", "Sweden").encode())
    open_folder(f"{bucket}/seeds").delete("sub/strike.txt")
    assert "0 new, 1 changed, 1 gone, 0 coded anew, 1 unchanged" in dateline("run", *folders)
    assert "0 new, 0 changed, 0 gone, 0 coded anew, 2 unchanged" in dateline("run", *folders)
    reads_tables(f"{bucket}/out", tmp_path)


def reads_tables(outputs: str, tmp_path: Path) -> None:
    """Every command that reads tables reads those in the store."""
    there = ["--outputs", outputs]
    files = dateline("tables", "events", *there).split()
    assert files == [Store(outputs).current().address(p) for p in Store(outputs).current().parts_of("events")]
    assert "Sweden" in dateline("sql", "select sentence from events", *there)
    assert "Norway" not in dateline("sql", "select sentence from events", *there)
    assert "talks-1" in dateline("show", "talks-1", *there)
    assert re.search(r"2 .*current", dateline("versions", *there))
    assert "file gone" in dateline("diff", *there)
    dateline("export", "--out", str(tmp_path / "events.csv"), *there)
    dateline("report", "--out", str(tmp_path / "report.html"), *there)
    assert "parts verified" in dateline("repair", "--seeds", outputs.replace("/out", "/seeds"), *there)
    assert "pictures in s3://" in dateline("quality", *there)
    assert "version 1 is the current one" in dateline("restore", "1", *there)
    assert "Sweden" not in dateline("sql", "select sentence from events", *there)


@pytest.mark.parametrize("command", ["watch", "up"])
def test_what_needs_a_folder_on_this_machine_says_so(command: str, bucket: str) -> None:
    result = CliRunner().invoke(app, [command, "--seeds", f"{bucket}/seeds", "--outputs", f"{bucket}/out"])
    assert result.exit_code == 2
    assert "needs a folder on this machine" in result.output
