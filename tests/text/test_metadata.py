"""What a pasted page states of its article: title, byline, outlet and address, from the lines where they stand."""

from __future__ import annotations

import pytest

from tasks.text.blocks import lay_out
from tasks.text.lines import split_lines
from tasks.text.metadata import Stated, read_metadata

HEADLINE = "Northland pulls last troops out of Sola valley"
BODY = (
    "The army of Northland pulled its last troops out of the Sola valley on Monday, the defence ministry said.",
    '"We have kept our word," General Ida Moss told reporters in the town of Brek, adding that mines were cleared.',
    "Residents of three villages returned to their homes in the afternoon, a spokesman for the district said.",
)


def stated(*lines: str, above: tuple[str, ...] = (), below: tuple[str, ...] = ()) -> Stated:
    page = [*above, HEADLINE, *lines, *BODY, *below]
    return read_metadata(lay_out(split_lines("\n\n".join(page))))


def test_the_title_is_the_headline() -> None:
    assert stated().title == HEADLINE
    assert read_metadata(lay_out(split_lines("\n\n".join(BODY)))).title is None


def test_a_headline_whose_words_do_not_come_back() -> None:
    layout = lay_out(split_lines("\n\n".join(("No pain, no gain", *BODY))))
    assert read_metadata(layout).title == "No pain, no gain"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ann Example", "Ann Example"),
        ("BY ANN EXAMPLE AND BEN SAMPLE", "ANN EXAMPLE AND BEN SAMPLE"),
        ("By Ann Example | 15 June 2023", "Ann Example"),
        ("by Ann Example on January 31, 2011", "Ann Example"),
        ("By Ann Example, Monday 15 June 2023", "Ann Example"),
        ("Written by: Ann Example", "Ann Example"),
        ("Written by Ann Example | New Delhi | Updated: 10 May, 2025 23:15 IST", "Ann Example"),
        ("By Ann Example in Brussels", "Ann Example"),
        ("15 June 2023", None),
    ],
)
def test_the_byline_near_the_headline(line: str, name: str | None) -> None:
    assert stated(line).byline == name


@pytest.mark.parametrize(
    ("above", "below", "name"),
    [
        ((), ("© 2023 Sola Media Group. All rights reserved.",), "Sola Media Group"),
        ((), ("Copyright 2019-2023 The Sola Courier | Terms",), "The Sola Courier"),
        (("The Sola Courier", "• News", "• Sports"), ("The Sola Courier", "About us"), "The Sola Courier"),
        (("Become a Sola Watch Member",), ("Join today",), "Sola Watch"),
        ((), ("More stories from SW", "Voters line up in the rain"), "SW"),
        (("SOLA VALLEY HERALD", "Menu"), (), "SOLA VALLEY HERALD"),
        (("Highland Rail", "Home | World | Sports | About"), (), "Highland Rail"),
        (("Highland Rail", "Menu"), (), None),
        ((), ("© 2023 The Sola Courier Ltd. All rights reserved.",), "The Sola Courier"),
        (("News", "Sports"), ("News", "Sports", "All rights reserved."), None),
    ],
)
def test_the_outlet_by_copyright_heading_or_its_own_links(
    above: tuple[str, ...], below: tuple[str, ...], name: str | None
) -> None:
    assert stated(above=above, below=below).outlet == name


def test_the_address_near_the_headline() -> None:
    assert stated("https://p.courier.example/4JB").url == "https://p.courier.example/4JB"
    assert stated(below=("x",) * 9 + ("https://other.example/a",)).url is None
