"""What a page shows of a run: complete, and inert whatever the input was named."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tasks.chart import events_over_time, lines
from tasks.contracts.report import RunReport, Tally
from tasks.contracts.settings import Settings
from tasks.history import read_history, remember_run
from tasks.quality import add_up
from tasks.qualitypage import document_quality
from tasks.rejectlog import one_line
from tasks.summary import inert, summary_rows, validation_page

HOSTILE = "<img src=x onerror=alert(1)>|`x` [l](javascript:alert(2)) ![p](http://evil.example)\n# h"


def test_the_summary_has_files_rows_types_reasons_and_seconds() -> None:
    tally = Tally(articles=2, events=3, rejects=1, events_by_type={"AID": 3}, rejects_by_reason={"empty": 1},
                  seconds={"clean": 0.5})  # fmt: skip
    rows = summary_rows(RunReport(outputs="out", version=1, new=3, tally=tally))
    found = {(r["about"], r["what"]): r["number"] for r in rows}
    assert found["files", "new"] == 3
    assert found["events by type", "AID"] == 3
    assert found["rejects by reason", "empty"] == 1
    assert found["seconds by stage", "clean"] == 0.5


def test_markdown_signs_are_characters() -> None:
    text = inert(HOSTILE)
    assert "\n" not in text
    assert not re.search(r"(?<!\\)[<>\[\]()`|!#]", text)
    assert len(inert("x" * 1000)) == 200
    assert one_line("a\nERROR forged\x1b[31m") == "a?ERROR forged?[31m"


def test_failed_expectations_stand_first_and_link_to_their_page() -> None:
    rows = [
        {"table": "events", "rule": "holds", "success": True, "rows_checked": 9, "rows_failed": 0},
        {"table": "events", "rule": HOSTILE, "success": False, "rows_checked": 9, "rows_failed": 2},
    ]
    page = validation_page(rows, docs="out/data_docs", link="http://127.0.0.1:4201/index.html")
    assert page.startswith("1 of 2 expectations hold. [Data Docs](http://127.0.0.1:4201/index.html)")
    assert [line.split(" | ")[2] for line in page.splitlines()[-2:]] == ["NO", "yes"]


def test_the_checks_of_several_waves_are_one_row_a_rule_and_name_the_page_that_fails() -> None:
    facts = {"table": "events", "rule": "few", "expectation": "e", "reason": "r", "severity": "warning"}
    waves = [
        facts | {"whole_table": True, "rows_checked": 9, "rows_failed": n, "success": not n, "samples": [], "run": run}
        for run, n in (("a-1", 0), ("a-2", 3))
    ]
    (row,) = add_up(waves)
    assert (row["rows_checked"], row["rows_failed"], row["success"], row["run"]) == (18, 3, False, "a-2")


@pytest.mark.parametrize(
    ("step", "period", "bars"),
    [(1, "day", 85), (7, "week", 85), (20, "month", 56), (300, "year", 70), (6000, "century", 15)],
)
def test_a_picture_has_a_bar_a_period_and_no_more_than_an_eye_can_tell_apart(step: int, period: str, bars: int) -> None:
    first = datetime.date(600 if period == "century" else 1950, 1, 2)
    picture = events_over_time({first + datetime.timedelta(days=step * n): 1 for n in range(85)}, title=HOSTILE)
    root = ElementTree.fromstring(picture)
    assert f"by {period}" in "".join(root.itertext())
    assert len(root.findall("{*}rect")) == pytest.approx(bars, abs=1)


def test_a_picture_leaves_out_the_wars_of_long_ago() -> None:
    days = {datetime.date(2024, 5, 1 + n): 7 for n in range(30)}
    picture = events_over_time({datetime.date(1453, 5, 29): 1, **days}, title="Events")
    assert "by day; 1 earlier" in picture
    assert "nothing measured" in lines({}, title="none", labels=[])
    assert "no event" in events_over_time({}, title="Events")


def test_the_page_of_quality_shows_the_runs_and_runs_nothing(tmp_path: Path) -> None:
    started = datetime.datetime(2024, 5, 6, tzinfo=datetime.UTC)
    assert document_quality(tmp_path, docs=tmp_path / "docs", settings=Settings()) is None
    for n in range(5):
        tally = {"articles": 9, "events": 30 + n, "days": 3, "events_by_type": {HOSTILE: 1}}
        remember_run(tmp_path, {"tally": tally, "drift": [HOSTILE]}, started=started, state="completed", keep=4)
    assert len(read_history(tmp_path)) == 4
    page = document_quality(tmp_path, docs=tmp_path / "docs", settings=Settings())
    assert page is not None
    text = Path(page).read_text()
    assert text.count("<svg") == 6
    assert "<img" not in text
    assert "<script" not in text
