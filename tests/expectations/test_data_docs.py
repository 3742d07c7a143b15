"""Data Docs show what was found, load nothing and run nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sound_corpus as made

from expectations.check import check_table
from expectations.docs import write_docs
from expectations.suite import RuleResult
from tasks.storage.local import LocalFolder

HOSTILE = "<script>alert(1)</script><img src=//evil.example onerror=alert(1)>\"'javascript:alert(1)\u202e"

RESULT = RuleResult(
    table="events",
    rule="trigger is inside its sentence",
    expectation="expect_column_values_to_be_in_set",
    reason="an event is traced to its words",
    severity="critical",
    whole_table=False,
    rows_checked=10,
    rows_failed=0,
    success=True,
)


class Inspector(HTMLParser):
    """What a page could load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "srcset", "data")]

    def handle_data(self, data: str) -> None:
        self.text += data


def inspect(page: Path) -> Inspector:
    inspector = Inspector()
    inspector.feed(page.read_text(encoding="utf-8"))
    inspector.close()
    return inspector


def test_hostile_values_are_inert(tmp_path: Path) -> None:
    rows = made.rows_of(
        "articles", outlet=HOSTILE, title=HOSTILE + "\x1b", language=HOSTILE, source_path=f"../{HOSTILE}"
    )
    checked = check_table("articles", made.build("articles", rows))
    assert len(checked.rejects) == 1
    write_docs(checked.results, folder=LocalFolder(tmp_path), run="v000001")
    pages = sorted(tmp_path.rglob("*.html"))
    assert [p.name for p in pages] == ["index.html", "v000001.html"]
    for page in pages:
        found = inspect(page)
        assert {"script", "img", "iframe", "link", "object", "svg", "form"}.isdisjoint(found.tags)
        assert found.handlers == []
        assert all(a in ("runs/v000001.html", "../index.html") for a in found.addresses)
        assert "\u202e" not in found.text
    assert "<script>alert(1)</script>" in inspect(pages[1]).text  # shown to the reader as it was


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "holds"),
        ({"success": False, "rows_failed": 3}, "rejects"),
        ({"success": False, "rows_failed": 3, "severity": "warning"}, "warns"),
        ({"success": False, "rows_failed": 3, "whole_table": True}, "stops"),
    ],
)
def test_a_page_says_what_a_result_means(changes: dict[str, object], word: str, tmp_path: Path) -> None:
    write_docs([replace(RESULT, **changes)], folder=LocalFolder(tmp_path), run="v1")  # type: ignore[arg-type]
    assert word in inspect(tmp_path / "runs" / "v1.html").text


def test_the_index_lists_runs_last_first_and_forgets_the_oldest(tmp_path: Path) -> None:
    for number in range(1, 5):
        write_docs([RESULT, RESULT], folder=LocalFolder(tmp_path), run=f"v{number}", keep=3)
    links = inspect(tmp_path / "index.html").addresses
    assert links == ["runs/v4.html", "runs/v3.html", "runs/v2.html"]
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == [
        f"v{n}.{ending}" for n in (2, 3, 4) for ending in ("html", "json")
    ]
    stored = json.loads((tmp_path / "runs" / "v4.json").read_text())
    assert [(r["rule"], r["rows_checked"]) for r in stored] == [(RESULT.rule, 20)]


def test_equal_results_give_equal_pages(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_docs([RESULT], folder=LocalFolder(tmp_path / folder), run="v1")
    files = [p.relative_to(tmp_path / "one") for p in sorted((tmp_path / "one").rglob("*")) if p.is_file()]
    assert len(files) == 3
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


def test_a_run_whose_results_are_damaged_is_listed_as_such(tmp_path: Path) -> None:
    write_docs([RESULT], folder=LocalFolder(tmp_path), run="v1")
    (tmp_path / "runs" / "v1.json").write_text('[{"rule": ')
    write_docs([RESULT], folder=LocalFolder(tmp_path), run="v2")
    assert "cannot be read" in inspect(tmp_path / "index.html").text


@pytest.mark.parametrize("name", ["", "../v1", "a/b", ".hidden", "v 1", "<v1>", "x" * 101])
def test_a_run_has_a_plain_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no name for a run"):
        write_docs([RESULT], folder=LocalFolder(tmp_path / "docs"), run=name)
    assert not (tmp_path / "docs").exists()
