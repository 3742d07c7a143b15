"""The report as a browser reads it: what it holds, and that no text of an article can become more than text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tasks.analyst.figures import figures, render
from tasks.analyst.report import MEANINGS, News, ReportTables, report_data, shown, to_html, world_outlines
from tasks.contracts.codes import EVENT_TYPES
from tasks.contracts.tables import EVENTS
from tasks.store import Version
from tests.analyst import sample

BROWSER = shutil.which("chromium")


class Page(HTMLParser):
    """The elements of a page, and the texts of its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.texts[self.cdata_elem][-1] += data


@pytest.fixture(scope="module")
def tables(version: Version) -> ReportTables:
    return ReportTables(
        version=2,
        events=version.read("events"),
        articles=version.read("articles"),
        sentences=version.read("sentences"),
        rejects=version.read("rejects"),
        mentions=version.read("incident_mentions"),
        news=News(since=1, causes=[("came", "new file", 1)], ids=["3d4e5f60718293a4"]),
    )


@pytest.fixture(scope="module")
def page(tables: ReportTables) -> str:
    return to_html(tables)


def test_the_page_asks_for_no_address_and_runs_one_script(page: str) -> None:
    read = Page(page)
    assert [facts.get("type") for tag, facts in read.elements if tag == "script"] == ["application/json", None]
    assert not any(
        name in facts for _, facts in read.elements for name in ("src", "href") if facts.get(name) != "#events"
    )
    assert not any(name.startswith("on") for _, facts in read.elements for name in facts)
    assert "eval(" not in page
    assert "innerHTML" not in page


def test_the_policy_names_the_page_s_own_script_and_style_alone(page: str) -> None:
    read = Page(page)
    policy = next(f["content"] for t, f in read.elements if t == "meta" and "Content" in (f.get("http-equiv") or ""))
    assert policy is not None
    for kind, text in (("script", read.texts["script"][1]), ("style", read.texts["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_hostile_texts_are_data_and_addresses_of_other_kinds_are_gone(page: str) -> None:
    block = Page(page).texts["script"][0]
    assert not set("<>&\u2028") & set(block)
    data = json.loads(block)
    assert sample.EVIL_NAME in data["events"]["actor"]["values"]
    assert "javascript:" not in block


def test_triggers_are_counted_as_the_browser_counts(tables: ReportTables) -> None:
    data = report_data(tables)["events"]
    k = data["id"].index("3d4e5f60718293a4")
    units = sample.HOSTILE.encode("utf-16-le")
    start, end = data["triggerStart"][k], data["triggerEnd"][k]
    assert units[2 * start : 2 * end].decode("utf-16-le") == "attacked"


def test_of_too_many_events_the_coded_and_newest_are_in_the_page() -> None:
    events = EVENTS.build([sample.shelling(event_type="OTHER"), sample.talks(), sample.hostile(), sample.warning()])
    assert shown(events, most=4).equals(events)
    assert shown(events, most=2)["event_id"].to_pylist() == ["1b2c3d4e5f607182", "2c3d4e5f60718293"]
    assert shown(events, most=3).num_rows == 3


def test_equal_tables_give_equal_pages(tables: ReportTables, page: str) -> None:
    assert to_html(tables) == page


def test_a_report_of_no_events_is_a_page(tables: ReportTables) -> None:
    empty = ReportTables(
        version=1,
        events=tables.events.slice(0, 0),
        articles=tables.articles.slice(0, 0),
        sentences=tables.sentences.slice(0, 0),
        rejects=tables.rejects.slice(0, 0),
        mentions=tables.mentions.slice(0, 0),
        news=None,
    )
    assert report_data(empty)["events"]["id"] == []


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_browser_draws_it_and_runs_nothing_of_the_texts(page: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
               "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]  # fmt: skip
    done = subprocess.run(
        [str(BROWSER), *options, "--dump-dom", (tmp_path / "report.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    drawn = Page(done.stdout)
    assert any(tag == "html" and facts.get("data-ready") for tag, facts in drawn.elements)
    assert sum(tag == "script" for tag, _ in drawn.elements) == 2
    assert "3 events from 3 articles" in done.stdout
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in done.stdout


def test_every_type_says_what_it_means() -> None:
    assert list(MEANINGS) == list(EVENT_TYPES)


def test_no_outline_crosses_the_date_line() -> None:
    for rings in world_outlines().values():
        for ring in rings:
            assert len(ring) % 2 == 0
            assert max(abs(b - a) for a, b in zip(ring[::2], ring[2::2], strict=False)) < 180


def test_the_style_has_dark_mode_print_and_phones(page: str) -> None:
    style = Page(page).texts["style"][0]
    for query in ("prefers-color-scheme: dark", "@media print", r"max-width: 600px"):
        assert re.search(re.escape(query), style)


def test_figures_are_files_of_their_kind(tables: ReportTables) -> None:
    made = figures(tables.events)
    assert set(made) == {"over-time", "types", "map", "who-whom"}
    files = render(made["types"])
    assert files["png"].startswith(b"\x89PNG")
    assert files["svg"].startswith(b"<svg")
    assert figures(tables.events.slice(0, 0)) == {}
