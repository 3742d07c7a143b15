"""The documentation does what it says: each command and each piece of Python in it is run, its output compared."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas
import polars
import pytest
from typer.testing import CliRunner

from flows.analysis import dictionary
from flows.cli import app
from tasks.analyst.corrections import FIELDS, apply_corrections, read_corrections
from tasks.analyst.dictionary import MEASURES, NULL_MEANS, TYPES, describe, example_rows, to_markdown
from tasks.contracts.tables import EVENTS, TABLES
from tests.analyst import sample

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"^```csv (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LOADING, CORRECTIONS = (
    FENCE.findall((DOCS / name).read_text(encoding="utf-8")) for name in ("loading.md", "corrections.md")
)


def commands() -> Iterator[tuple[str, str]]:
    for kind, block in LOADING + CORRECTIONS:
        if kind == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield command, output


def programs() -> Iterator[tuple[str, str]]:
    for (kind, block), (_, output) in pairwise(LOADING):
        if kind == "python":
            yield block, output


def programs_in_r() -> Iterator[tuple[str, str]]:
    for (kind, block), (then, output) in pairwise(LOADING):
        if kind == "r":
            yield block, output if then == "text" else ""


@pytest.fixture
def desk(outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of the user's, with outputs in it and the vocabulary that the page shows."""
    shutil.copytree(outputs, tmp_path / "outputs", symlinks=True)
    (tmp_path / "seeds" / "vocabulary").mkdir(parents=True)
    for name, rows in NAMED.findall((DOCS / "corrections.md").read_text(encoding="utf-8")):
        (tmp_path / "seeds" / name).write_text(rows, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("command", "output"), list(commands()))
def test_commands_print_what_the_page_shows(command: str, output: str) -> None:
    done = CliRunner().invoke(app, shlex.split(command)[1:])
    assert done.exit_code == 0, done.output
    assert lines(done.output) == lines(output)


@pytest.mark.usefixtures("desk")
def test_the_record_that_is_shown_is_what_the_export_writes() -> None:
    (record,) = (block for kind, block in LOADING if kind == "json")
    (command,) = (c for c, _ in commands() if "--format jsonl --actor" in c)
    CliRunner().invoke(app, shlex.split(command)[1:])
    assert Path(command.split()[-1]).read_text(encoding="utf-8") == record


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("program", "output"), list(programs()))
def test_python_prints_what_the_page_shows(program: str, output: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    assert lines(printed.getvalue()) == lines(output)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("program", "output"), list(programs_in_r()))
def test_r_prints_what_the_page_shows(program: str, output: str) -> None:
    run = shutil.which("Rscript")
    if run is None:
        pytest.skip("R is not installed (Debian: apt-get install r-base-core)")
    for package in re.findall(r"library\((\w+)\)", program):
        if subprocess.run([run, "-e", f"library({package})"], capture_output=True).returncode:
            pytest.skip(f"R has no package {package}: install.packages('{package}')")
    CliRunner().invoke(app, ["export", "--format", "csv", "--out", "events.csv"])
    done = subprocess.run([run, "-e", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not output or lines(done.stdout) == lines(output)


def test_the_corrections_shown_do_what_the_page_says() -> None:
    (text,) = (block for kind, block in CORRECTIONS if kind == "csv")
    events = EVENTS.build([sample.shelling(), sample.talks()])
    done = apply_corrections(events, read_corrections(text, name="corrections.csv"))
    (left,) = done.events.to_pylist()
    assert (left["killed"], left["actors"]) == (4, ["Militia", "Police"])
    assert left["rule"].endswith("corrected: actor, killed")
    assert [r["reason"] for r in done.rejects.to_pylist()] == ["rejected by a correction"]
    assert ", ".join(FIELDS) in " ".join((DOCS / "corrections.md").read_text(encoding="utf-8").split())


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_the_dictionary_is_in_step_with_the_schema() -> None:
    page = (DOCS / "tables.md").read_text(encoding="utf-8")
    assert page == dictionary(), "write it anew: dateline schema --markdown > docs/tables.md"


def test_the_dictionary_says_of_every_column_what_null_means_and_shows_a_row() -> None:
    nullable = {c.name for t in TABLES.values() for c in t.columns if c.nullable}
    assert nullable <= set(NULL_MEANS)
    for table in TABLES.values():
        row = example_rows()[table.name]
        assert set(row) <= {c.name for c in table.columns}
        assert all(c.name in row for c in table.columns if not c.nullable)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_each_reader_sees_the_types_that_the_dictionary_names(outputs: Path, table: object) -> None:
    name = table.name  # type: ignore[attr-defined]
    path = str(outputs / name / "*.parquet")
    in_pandas = pandas.read_parquet(outputs / name)
    in_polars = polars.read_parquet(path)
    in_duckdb = dict(row[:2] for row in duckdb.sql(f"describe select * from '{path}'").fetchall())
    for facts in describe(TABLES[name]):
        assert in_duckdb[facts.name] == facts.types.duckdb
        assert str(in_polars.schema[facts.name]) == facts.types.polars
        if in_pandas[facts.name].notna().all() and facts.null == "never":
            assert str(in_pandas[facts.name].dtype) in (facts.types.pandas, "object")


def test_measured_figures_stand_beside_their_field() -> None:
    figures = {"own sentences": {"actor": 0.982}, "meantime": {"actor_f1": 0.861}}
    facts = {f.name: f.quality for f in describe(EVENTS, figures=figures)}
    assert facts["actor"] == "0.98 own sentences, 0.86 meantime"
    assert facts["rule"] == ""
    assert all(set(of_table) <= {c.name for c in TABLES[name].columns} for name, of_table in MEASURES.items())
    page = to_markdown([EVENTS], examples={}, figures=figures, measured="2024-05-06, logic 00ff")
    assert "Measured 2024-05-06, logic 00ff." in page


def test_every_arrow_type_of_the_tables_is_known_to_the_dictionary() -> None:
    assert {c.type for t in TABLES.values() for c in t.columns} <= set(TYPES)
