"""The report in a real browser: each chart filters the list, an event opens to its sentence, paper has all of it."""

from __future__ import annotations

from typing import Any

import pytest

from flows.analysis import write_report
from tests.analyst import sample

pytestmark = pytest.mark.browser

SHELLED = ["2016-08-01", "ASSAULT", "Rebels", "shell", "Aleppo", "Aleppo"]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The addresses of the reports of the sample's first and second version."""
    addresses = []
    for versions in (1, 2):
        folder = tmp_path_factory.mktemp("report")
        sample.publish(folder / "outputs", versions=versions)
        write_report(folder / "report.html", outputs=folder / "outputs")
        addresses.append((folder / "report.html").as_uri())
    return addresses


@pytest.fixture
def opened(page: Any, reports: list[str]) -> Any:
    return open_page(page, reports[1])


def open_page(page: Any, address: str) -> Any:
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page


def rows(page: Any) -> list[list[str]]:
    return [row.locator("span").all_inner_texts() for row in page.locator("#list .row").all()]


@pytest.mark.parametrize(
    ("chart", "key"),
    [
        ("#types button:has-text('ASSAULT')", "Enter"),
        ("#map [aria-label^='Aleppo']", "Enter"),
        ("#matrix button[title^='Syria on Syria']", " "),
        ("#news button", "Enter"),
        ("#nulls button:has-text('target')", "Enter"),
    ],
)
def test_each_chart_filters_the_list_by_keyboard_and_a_second_time_takes_it_away(
    opened: Any, chart: str, key: str
) -> None:
    assert len(rows(opened)) == 3
    opened.focus(chart)
    opened.keyboard.press(key)
    assert len(rows(opened)) < 3
    assert opened.locator("#chips button").count() == 1
    opened.keyboard.press(key)
    assert len(rows(opened)) == 3


def test_days_are_chosen_by_arrow_keys(opened: Any) -> None:
    opened.focus("#time svg")
    opened.keyboard.press("End")
    for _ in range(100):
        opened.keyboard.press("ArrowRight")
    opened.keyboard.press("Enter")
    assert [row[:2] for row in rows(opened)] == [["2016-08-03", "CONSULT"]]


def test_an_event_opens_by_keyboard_to_its_marked_sentence_and_its_article(opened: Any) -> None:
    opened.fill("#search", "shelled")
    opened.wait_for_selector("#count:text-is('1 event')")
    assert rows(opened) == [SHELLED]
    opened.focus("#list")
    opened.keyboard.press("Enter")
    marks = [(m.get_attribute("data-role"), m.inner_text()) for m in opened.locator("dialog mark").all()]
    assert marks == [("actor", "Rebels"), ("action", "shelled"), ("target", "Aleppo"), ("date", "Monday")]
    assert opened.get_attribute("dialog a", "href") == "https://news.example/aleppo.txt"
    assert "Other mentions of the incident: 1" in opened.inner_text("dialog")
    opened.keyboard.press("Escape")
    assert opened.evaluate("document.activeElement.id") == "list"


def test_the_next_event_opens_from_its_top_with_the_focus_where_it_was(opened: Any) -> None:
    opened.set_viewport_size({"width": 390, "height": 400})
    opened.focus("#list")
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.getElementById('dialog').scrollTop") == 0
    opened.click("dialog button:has-text('Next')")
    assert opened.evaluate("document.activeElement.textContent") == "Next"
    assert opened.evaluate("document.getElementById('dialog').scrollTop") == 0


def test_intensity_is_told_of_either_or_one_of_two_countries_and_filters_the_list(
    page: Any, reports: list[str]
) -> None:
    opened = open_page(page, reports[0])  # where Russia warned Turkey
    assert opened.inner_text("#intensity p") == "Russia on Turkey: 1 event; Turkey on Russia: 0 events."
    bar = opened.locator("#intensity [role=button]")
    assert bar.get_attribute("aria-label") == "2016-08-02: 1 event, cooperation 0.0, conflict -6.0"
    bar.press("Enter")
    assert [row[1:5] for row in rows(opened)] == [["THREATEN", "Russia", "warn", "Turkey"]]
    opened.select_option("#way", "Turkey")
    assert opened.inner_text("#intensity p") == "No event between the two."


def test_paper_has_a_table_of_the_events_and_no_hints_for_hands(opened: Any) -> None:
    opened.emulate_media(media="print")
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("#printed tbody tr").count() == 3
    assert opened.locator("#printed th").all_inner_texts() == ["Date", "Type", "Actor", "Action", "Target", "Place"]
    assert not any(hint.is_visible() for hint in opened.locator(".act").all())
    opened.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert opened.locator("#printed tr").count() == 0
