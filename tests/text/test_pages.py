"""Pasted pages: the article stays, all of it and nothing else, and every other line is listed with its reason."""

from __future__ import annotations

import time

import pytest

from tasks.contracts.codes import DropReason, RejectReason
from tasks.contracts.records import Page, Reject
from tasks.text.blocks import Layout
from tasks.text.found import dropped_lines
from tasks.text.lines import split_lines
from tasks.text.markers import Reach, is_comment_sign, mark
from tasks.text.pages import CleanedPage, clean_page

LEAD = "The army of Northland pulled its last troops out of the Sola valley on Monday, the defence ministry said."
SECOND = '"We have kept our word," General Ida Moss told reporters in the town of Brek, adding that mines were cleared.'
THIRD = "Residents of three villages returned to their homes in the afternoon, a spokesman for the district said."
FOURTH = "Southland closed its embassy in protest last year after a mortar attack that killed two of its soldiers."
HEADLINE = "Northland pulls last troops out of Sola valley"
BODY = (LEAD, SECOND, THIRD, FOURTH)
MENU = ("  • News", "    • Politics", "    • Economy", "  • Sports", "  • Opinion", "  • Videos")


def page(*lines: str, kind: str = "text", title: str | None = None) -> Page:
    return Page(article_key="k", source_path="a.txt", content_hash="h", kind=kind, body="\n".join(lines), title=title)


def paragraphs(*texts: str) -> list[str]:
    """Each text with an empty line behind it, as pasting gives paragraphs."""
    return [line for text in texts for line in (text, "")]


def cleaned(*lines: str, **more: object) -> CleanedPage:
    found = clean_page(page(*lines), **more)  # type: ignore[arg-type]
    assert isinstance(found, CleanedPage), found
    return found


def kept(*lines: str) -> list[str]:
    return [line for line in cleaned(*lines).article.text.split("\n") if line]


def reasons(found: CleanedPage) -> dict[str, DropReason]:
    return {line.text: line.reason for line in found.dropped}


def test_a_page_with_everything_around_its_article() -> None:
    found = cleaned(
        "The Sola Courier",
        *MENU,
        "BREAKING",
        "Minister: We will not let the border be closed again under any circumstances",
        "Two people were injured in a road accident near the port of Lund this morning.",
        "Polls show that 52% of voters oppose the new tax on fuel",
        "",
        *paragraphs(HEADLINE),
        "  • By Ann Example",
        "  • 15 Jun 2023 10:17",
        "3 Min Read",
        "",
        *paragraphs(LEAD),
        "  • Soldiers board a train in Brek, Northland, June 12, 2023. (AP)",
        "    Soldiers board a train in Brek, Northland, June 12, 2023 (AP)",
        "",
        *paragraphs(SECOND, "Related News", "Floods hit the capital again", "Court frees editor after two years"),
        *paragraphs(THIRD, FOURTH, "Read more: What the Sola accord says"),
        "  • Northland",
        "  • Sola valley",
        "",
        *paragraphs("Most Read", "Voters line up in the rain outside a school in Lund on Sunday. (Photo: Courier)"),
        *paragraphs("Turnout in Lund highest in a decade", "Politics", "28 Jul 2023"),
        "© 2023 The Sola Courier. All rights reserved.",
        "Privacy Policy",
    )
    assert found.article.text == "\n\n".join([HEADLINE, *BODY])
    assert (found.article.title, found.article.byline) == (HEADLINE, "Ann Example")
    assert found.article.outlet == "The Sola Courier"
    why = reasons(found)
    assert why["Polls show that 52% of voters oppose the new tax on fuel"] == DropReason.TICKER
    assert why["Soldiers board a train in Brek, Northland, June 12, 2023. (AP)"] == DropReason.CAPTION
    assert why["Floods hit the capital again"] == DropReason.RELATED
    assert why["Read more: What the Sola accord says"] == DropReason.READ_MORE
    assert why["3 Min Read"] == DropReason.METADATA
    assert why["Privacy Policy"] == DropReason.FOOTER


def test_every_line_of_the_page_is_kept_or_dropped() -> None:
    lines = [*MENU, "", *paragraphs(HEADLINE, *BODY), "Most Read", "Court frees editor"]
    found = cleaned(*lines)
    dropped = {line.line for line in found.dropped}
    for number, line in enumerate(lines, 1):
        assert not line.strip() or (number in dropped) != (line in found.article.text.split("\n"))


def test_teasers_with_paragraphs_below_the_article_are_not_the_article() -> None:
    teaser = (
        "Video shared online appears to show houses on fire in the village of Arn after the shelling on Friday night."
    )
    other = "In this week's episode our reporters talk about the elections and what they mean for the neighbours"
    page_end = ["Related Articles", "A still from the video.", "Sola conflict", "Footage shows burning village", teaser]
    page_end += ["The valley in autumn.", "Sola conflict", "Podcast: after the vote", other, "Most Popular"]
    assert kept(*paragraphs(HEADLINE, *BODY, *page_end)) == [HEADLINE, *BODY]


def test_subheads_and_a_short_lead_stay() -> None:
    lines = [
        HEADLINE,
        "Withdrawal ends a year of talks between the neighbours",
        LEAD,
        SECOND,
        "Two wars",
        THIRD,
        FOURTH,
    ]
    assert kept(*paragraphs(*lines)) == lines


def test_boxes_and_labels_within_the_text_go() -> None:
    lines = paragraphs(HEADLINE, "AGENCY REPORT", LEAD, SECOND)
    lines += ["Become a member and keep the news coming", "From five euros a month. Join today", ""]
    lines += paragraphs(THIRD, "POLL", "Should the army go back to the valley one day?", "Yes", "No", FOURTH, LEAD)
    assert kept(*lines) == [HEADLINE, *BODY]


def test_a_post_shown_within_the_article_goes_with_its_signature() -> None:
    post = ["Flight 1342 to Brek is cancelled until further notice.", "— Brek Airport (@brekairport) May 20, 2023"]
    assert kept(*paragraphs(HEADLINE, LEAD, SECOND, *post, THIRD, FOURTH)) == [HEADLINE, *BODY]


def test_comments_are_cut_off_wherever_they_are_long() -> None:
    comment = "This is what we have all been waiting for, and I hope that it lasts longer than it did the last time."
    thread = [line for n in range(4) for line in (f"Reader {n} says:", f"June {n + 1}, 2023 at 10:0{n} am", comment)]
    assert kept(*paragraphs(HEADLINE, *BODY, "12 comments", *thread)) == [HEADLINE, *BODY]
    assert kept(*paragraphs(HEADLINE, *BODY, *thread))[:5] == [HEADLINE, *BODY]


def test_a_link_to_the_comments_above_the_text_ends_nothing() -> None:
    assert kept(*paragraphs(HEADLINE, "12 comments", *BODY)) == [HEADLINE, *BODY]
    assert kept(*paragraphs(HEADLINE, LEAD, "Comments", SECOND, THIRD, FOURTH, LEAD + " Again.")) == [
        HEADLINE,
        *BODY,
        LEAD + " Again.",
    ]


def test_text_without_headline_or_blank_lines() -> None:
    found = cleaned(*BODY, "Source link")
    assert found.article.text == "\n".join(BODY)
    assert found.article.title is None
    assert [line.reason for line in found.dropped] == [DropReason.FOOTER]


def test_hard_wrapped_paragraphs_are_joined_and_menus_are_not() -> None:
    wrapped = [
        "The army of Northland pulled its last troops out of the Sola valley on",
        "Monday, the defence ministry said, and the district's spokesman told the",
        "agency that residents of three villages had returned to their homes.",
    ]
    found = cleaned(HEADLINE, "", *wrapped, "", SECOND)
    assert found.article.text == "\n\n".join([HEADLINE, " ".join(wrapped), SECOND])
    assert not found.dropped


def test_columns_side_by_side_are_read_one_after_the_other() -> None:
    rows = [
        f"{LEAD:<130}Don't miss",
        f"{SECOND:<130}Homes to let in Lund",
        f"{THIRD:<130}A chef's five favourite soups",
    ]
    found = cleaned(HEADLINE, "", *rows)
    assert [line for line in found.article.text.split("\n") if line] == [HEADLINE, LEAD, SECOND, THIRD]
    assert {line.line for line in found.dropped} == {3, 4, 5}


def test_a_record_keeps_its_text_and_a_page_without_text_is_a_reject() -> None:
    text = "Menu\n\nShort.\n\n" + LEAD
    found = clean_page(page(text, kind="record", title=HEADLINE))
    assert isinstance(found, CleanedPage)
    assert (found.article.text, found.article.title, found.dropped) == (text, HEADLINE, ())
    for body, kind in (("Home\nNews\nSports", "text"), ("***", "record"), ("<p></p>", "html")):
        nothing = clean_page(page(body, kind=kind))
        assert isinstance(nothing, Reject)
        assert nothing.reason == RejectReason.NO_ARTICLE_TEXT


MARKED: list[tuple[str, DropReason, Reach]] = [
    ("Related stories", DropReason.RELATED, Reach.ASIDE),
    ("MOST READ", DropReason.RELATED, Reach.ASIDE),
    ("More stories from the Courier", DropReason.RELATED, Reach.ASIDE),
    ("You may also like", DropReason.RELATED, Reach.ASIDE),
    ("Comments", DropReason.COMMENTS, Reach.TAB),
    ("14 comments", DropReason.COMMENTS, Reach.REST),
    ("Leave a reply", DropReason.COMMENTS, Reach.REST),
    ("5 min read · Listen · Save · Share", DropReason.NAVIGATION, Reach.LINE),
    ("About the author", DropReason.RELATED, Reach.ASIDE),
    ("Are you on strike? Text us at 313-555-0100", DropReason.NEWSLETTER, Reach.LINE),
    ("Delegates shake hands after the talks. PHOTO | COURTESY", DropReason.CAPTION, Reach.LINE),
    ("Share this article", DropReason.SHARE, Reach.LINE),
    ("Facebook Twitter WhatsApp Email", DropReason.SHARE, Reach.LINE),
    ("Sign up for our daily newsletter", DropReason.NEWSLETTER, Reach.LINE),
    ("We use cookies to give you the best experience.", DropReason.COOKIES, Reach.LINE),
    ("Advertisement", DropReason.ADVERTISEMENT, Reach.LINE),
    ("[Read more: Who holds the valley]", DropReason.READ_MORE, Reach.LINE),
    ("Tags: Northland, Sola", DropReason.TAGS, Reach.LINE),
    ("Published: 15 June 2023, 10:17", DropReason.METADATA, Reach.LINE),
    ("14 minutes ago", DropReason.METADATA, Reach.LINE),
    ("By Ann Example and Ben Sample", DropReason.METADATA, Reach.LINE),
    ("https://courier.example/1", DropReason.METADATA, Reach.LINE),
    ("Photo: Ann Example/Courier", DropReason.CREDIT, Reach.LINE),
    ("Soldiers board a train in Brek on Monday. (Reuters)", DropReason.CAPTION, Reach.LINE),
    ("Skip to main content", DropReason.NAVIGATION, Reach.LINE),
    ("|", DropReason.NAVIGATION, Reach.LINE),
    ("© 2023 Courier Media", DropReason.FOOTER, Reach.TAB),
]


@pytest.mark.parametrize(("text", "reason", "reach"), MARKED, ids=[m[0] for m in MARKED])
def test_lines_that_say_what_they_are(text: str, reason: DropReason, reach: Reach) -> None:
    (line,) = split_lines(text)
    assert mark(line) == (reason, reach)


@pytest.mark.parametrize(
    "text",
    [
        HEADLINE,
        "By-election victory for the opposition in Lund",
        "Editor jailed in Northland after secret trial",
        "Response to the floods falls short, auditors find",
        "May 9 parade called off in the capital of Northland",
        "Comment on border deal costs minister his post",
        "BREK (AP) - The troops left the valley on Monday, two officials said.",
        "He said that more in the city would be killed if the shelling went on.",
        LEAD,
    ],
)
def test_lines_of_an_article_that_only_look_like_labels(text: str) -> None:
    (line,) = split_lines(text)
    assert mark(line) is None


def test_signs_of_a_comment() -> None:
    signs = ["Reply", "Ann says:", "by Ben on May 23, 2011 at 12:12 am. Reply #", "Cem 07.16.12 at 21:35"]
    assert all(is_comment_sign(line) for sign in signs for line in split_lines(sign))
    assert not any(is_comment_sign(line) for text in (HEADLINE, LEAD, SECOND) for line in split_lines(text))


@pytest.mark.parametrize("unit", ["(", "by a", "1:", "© ", "more ", "May 1 ", "a. B", "| ", "photo: ", "\u0301", "• "])
@pytest.mark.parametrize("end", ["", "\n"])
def test_hostile_pages_take_linear_time(unit: str, end: str) -> None:
    body = (unit + end) * (20_000 // len(unit))
    start = time.perf_counter()
    clean_page(page(body))
    assert time.perf_counter() - start < 4


def test_a_line_of_very_many_columns_is_dropped_in_linear_time() -> None:
    (line,) = split_lines("cell" * 25)
    start = time.process_time()
    found = dropped_lines(Layout(lines=(line,) * 40_000, reasons=(DropReason.NAVIGATION,) * 40_000, headline=None))
    assert time.process_time() - start < 2  # copied anew with each cell it is 80 GB
    assert found == [(1, "    ".join([line.text] * 40_000), DropReason.NAVIGATION)]
