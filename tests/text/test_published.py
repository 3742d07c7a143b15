"""When a page was published: what it states, what stands in its header, and what must not be taken for either."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.text.published import day_in_path, header_days, infer_published

HEADLINE = "Ministers of both shores meet in Geneva"
PROSE = [
    "The ministers of both shores met on Monday for the first talks since the war of 2014, officials in Geneva said.",
    "Their last meeting, on 4 March 2019, had ended without any result that either side was willing to name.",
]


def published(
    header: list[str],
    *,
    below: list[str] | None = None,
    above: list[str] | None = None,
    path: str = "page.txt",
    stated: date | None = None,
    prose: list[str] | None = None,
) -> tuple[date | None, str]:
    """What is inferred for a page with these lines around its article."""
    start, body = [*(above or []), HEADLINE, *header], prose or PROSE
    lines = [*start, *body, *(below or [])]
    article = [len(above or []), *range(len(start), len(start) + len(body))]
    return infer_published(lines=lines, article_lines=article, source_path=path, stated=stated, day_first=True)


@pytest.mark.parametrize(
    "header",
    [
        "15 Jun 2023 10:17",
        "  • 15 Jun 2023 10:17",
        "Published 15 June 2023",
        "Published: June 15, 2023 at 10:17 AM EDT",
        "By Jane Roe | June 15, 2023",
        "By Jane Roe and John Doe, Example News, 15 June 2023 — 4 min read",
        "Thursday, June 15, 2023",
        "Thu 15 Jun 2023 10.17 BST",
        "2023-06-15T10:17:00Z",
        "15/06/2023 - 10:17",
        "15.06.2023",
        "PoliticsJune 15, 202310:17",
        "Published 15 June 2023, updated 17 June 2023",
        "Updated 17 June 2023, first published 15 June 2023",
        "World News · Updated 15 Jun 2023",
        "Posted : Thu, 15 Jun 2023 03:47:03 GMT          Storm on its way          1 May 2020 Old news here",
        "www.example.com 2023-06-15 16:23:08    Print",
        "Published on June 15, 2023 in Peace talks and other stories of the day. Tags: peace, war, shores",
        "POSTED: 7:54 am EST June 15, 2023",
        "15-Jun-2023 11:48 AM",
    ],
)
def test_a_header_line_gives_the_day(header: str) -> None:
    assert published([header]) == (date(2023, 6, 15), "text")


def test_a_publication_line_goes_before_an_update_line() -> None:
    assert published(["Updated: 17 June 2023", "Published: 15 June 2023"]) == (date(2023, 6, 15), "text")


def test_an_update_is_better_than_nothing() -> None:
    assert published(["Last updated: 17 June 2023"]) == (date(2023, 6, 17), "text")


def test_the_day_may_stand_above_the_headline_or_below_the_article() -> None:
    assert published([], above=["World", "15 June 2023"]) == (date(2023, 6, 15), "text")
    assert published([], below=["Published on 15 June 2023"]) == (date(2023, 6, 15), "text")


def test_a_publication_line_may_stand_above_bars_of_links() -> None:
    links = ["Share", "Print", "Mail", "Top stories", "World", "Business", "Sport", "Science", "Weather"]
    assert published([], above=["Published: 15 June 2023", *links]) == (date(2023, 6, 15), "text")
    assert published([], above=["15 June 2023", *links]) == (None, "none")  # today's date heads many a page


def test_the_page_tells_the_order_of_its_numeric_dates() -> None:
    assert published(["Published 06/05/2023"]) == (date(2023, 5, 6), "text")
    assert published(["Published 06/05/2023"], below=["Harvest fails 05/28/2023"]) == (date(2023, 6, 5), "text")


def test_the_prose_may_open_with_its_day() -> None:
    prose = ["15 June 2023 – The ministers of both shores met for talks here, officials in Geneva said."]
    assert published([], prose=prose) == (date(2023, 6, 15), "text")


def test_what_the_input_states_goes_before_the_text() -> None:
    assert published(["15 June 2023"], stated=date(2023, 6, 14)) == (date(2023, 6, 14), "metadata")


def test_a_dateline_with_a_year_gives_the_day() -> None:
    prose = ["GENEVA, June 15, 2023 (Example) - The ministers of both shores met for talks here, officials said."]
    assert published([], prose=prose) == (date(2023, 6, 15), "text")


TEASERS = [
    "Most read",
    "A storm is on its way",
    "PoliticsJune 13, 202300:43 min",
    "Harvest fails",
    "Climate15 June 2023",
]


def test_a_relative_header_is_told_by_the_pages_newest_date() -> None:
    assert published(["14 minutes ago"], below=TEASERS) == (date(2023, 6, 15), "inferred")
    assert published(["Published 4 hours ago"], below=TEASERS) == (date(2023, 6, 15), "inferred")
    assert published(["2 days ago"], below=TEASERS) == (date(2023, 6, 13), "inferred")


def test_a_relative_header_alone_tells_nothing() -> None:
    assert published(["14 minutes ago"]) == (None, "none")
    assert published(["14 minutes ago"], below=["Harvest fails", "Politics3 hours ago"]) == (None, "none")


def test_the_dates_of_other_stories_and_of_the_prose_are_not_the_articles() -> None:
    assert published([], below=[*PROSE[:1], "", "", "Most read", "", "Storm", "", *TEASERS]) == (None, "none")
    assert published(["Soldiers on parade in the capital, December 10, 2020 (Example/Jane Roe)"]) == (None, "none")
    assert published(["The bridge fell on 4 March 2019."]) == (None, "none")
    assert published(["2022 Elections"]) == (None, "none")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2023-06-15-talks-in-geneva.txt", date(2023, 6, 15)),
        ("crawl/2023/06/15/x.html", date(2023, 6, 15)),
        ("crawl/2023/jun/15/x.html", date(2023, 6, 15)),
        ("20230615_x.txt", date(2023, 6, 15)),
        ("a_2023_6_5.txt", date(2023, 6, 5)),
        ("2023-06.txt", None),
        ("x-2023-13-40.txt", None),
        ("2023-02-30.txt", None),
        ("000_20230615b8b2ac7.txt", None),
        ("12023-06-155.txt", None),
    ],
)
def test_the_path_is_the_last_to_be_asked(path: str, day: date | None) -> None:
    assert day_in_path(path) == day
    assert published([], path=path) == ((day, "file") if day else (None, "none"))
    assert published(["1 May 2020"], path=path) == (date(2020, 5, 1), "text")


def test_numbers_that_are_no_days_are_survived() -> None:
    assert header_days("31/02/2023", day_first=True) == []
    assert header_days("00/00/0000", day_first=True) == []
    assert published([]) == (None, "none")
    assert infer_published(lines=[], article_lines=[], source_path="", stated=None, day_first=True) == (None, "none")
