"""The notebook runs from the sample articles to its three charts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "findings.ipynb"


def outputs_of(book: nbformat.NotebookNode, kind: str) -> list[str]:
    found = [o["data"] for cell in book.cells for o in cell.get("outputs", []) if "data" in o]
    return [data[kind] for data in found if kind in data]


def told(book: nbformat.NotebookNode) -> list[str]:
    """What the cells print and find, in words."""
    printed = [o["text"] for cell in book.cells for o in cell.get("outputs", []) if o.get("name") == "stdout"]
    return printed + outputs_of(book, "text/markdown")


def test_the_notebook_runs_and_has_three_findings_with_a_chart_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    book = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(book, timeout=240, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    assert len(outputs_of(book, "image/png")) == 3
    assert len(outputs_of(book, "text/markdown")) == 3
    assert told(book) == told(nbformat.read(NOTEBOOK, as_version=4)), "commit it as it is run now"
    assert told(book)[0] in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_committed_notebook_was_run() -> None:
    book = nbformat.read(NOTEBOOK, as_version=4)
    assert len(outputs_of(book, "image/png")) == 3
    assert all(cell["execution_count"] for cell in book.cells if cell.cell_type == "code")
