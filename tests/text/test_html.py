"""HTML pages: the article by trafilatura or by the rendered text, metadata by what the markup states."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tasks.contracts.codes import DropReason
from tasks.contracts.records import Page
from tasks.text.html import read_html
from tasks.text.pages import CleanedPage, clean_page
from tasks.text.rendering import html_to_text

HEADLINE = "Northland pulls last troops out of Sola valley"
PARAGRAPHS = (
    "The army of Northland pulled its last troops out of the Sola valley on Monday, the defence ministry said.",
    '"We have kept our word," General Ida Moss told reporters in the town of Brek, adding that mines were cleared.',
    "Residents of three villages returned to their homes in the afternoon, a spokesman for the district said.",
    "Southland closed its embassy in protest last year after a mortar attack that killed two of its soldiers.",
)
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "The Sola Courier"},
        {
            "@type": "NewsArticle",
            "headline": HEADLINE,
            "datePublished": "2023-06-15T10:17:00+02:00",
            "author": [{"@type": "Person", "name": "Ann Example"}, {"@type": "Person", "name": "Ben Sample"}],
            "publisher": {"@type": "Organization", "name": "The Sola Courier"},
        },
    ],
}


def markup(head: str = "", *, body: str | None = None) -> str:
    text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    menu = "<nav><ul><li><a href='/'>News</a></li><li><a href='/s'>Sports</a></li></ul></nav>"
    aside = "<aside><h2>Most read</h2><ul><li><a href='/x'>Court frees editor after two years</a></li></ul></aside>"
    body = body or f"{menu}<article><h1>{HEADLINE}</h1>{text}</article>{aside}<footer>© 2023 The Sola Courier</footer>"
    return f"<!DOCTYPE html><html lang='en-GB'><head>{head}</head><body>{body}</body></html>"


def cleaned(text: str) -> CleanedPage:
    found = clean_page(Page(article_key="k", source_path="a.html", content_hash="h", kind="html", body=text))
    assert isinstance(found, CleanedPage), found
    return found


def test_the_article_with_its_headline_first_and_the_rest_listed() -> None:
    found = cleaned(markup())
    assert found.article.text == "\n\n".join([HEADLINE, *PARAGRAPHS])
    assert found.article.language == "en"
    dropped = {line.text: line.reason for line in found.dropped}
    assert dropped["Court frees editor after two years"] == DropReason.RELATED
    assert not set(dropped) & set(PARAGRAPHS)


def test_metadata_of_json_ld_come_first() -> None:
    linked = f"<script type='application/ld+json'>{json.dumps(LINKED)}</script>"
    found = read_html(markup(linked + "<meta property='og:title' content='Another title | Courier'>"))
    assert (found.stated.title, found.stated.byline) == (HEADLINE, "Ann Example, Ben Sample")
    assert (found.stated.outlet, found.published) == ("The Sola Courier", date(2023, 6, 15))


def test_metadata_of_opengraph() -> None:
    head = (
        f"<meta property='og:title' content='{HEADLINE}'><meta property='og:site_name' content='Courier'>"
        "<meta property='article:published_time' content='2023-06-15T23:30:00Z'>"
        "<meta name='author' content='Ann Example'>"
        "<link rel='canonical' href='https://courier.example/1'>"
    )
    found = read_html(markup(head))
    assert (found.stated.title, found.stated.outlet, found.stated.byline) == (HEADLINE, "Courier", "Ann Example")
    assert (found.stated.url, found.published) == ("https://courier.example/1", date(2023, 6, 15))


@pytest.mark.parametrize("script", ["{broken", "[1, null]", '{"@graph": 7}', '{"@type": ["NewsArticle"]}', "[" * 9000])
def test_broken_json_ld_is_passed_over(script: str) -> None:
    found = read_html(markup(f"<script type='application/ld+json'>{script}</script>"))
    assert found.text.startswith(HEADLINE)


def test_the_rendered_text_is_read_where_the_extractor_finds_too_little() -> None:
    # A page of bare cells: no extractor of markup takes it for an article.
    rows = "".join(f"<div><span><a href='/{n}'>{p}</a></span></div>" for n, p in enumerate(PARAGRAPHS))
    found = read_html(markup(body=f"<div>{HEADLINE}</div>{rows}"))
    assert all(p in found.text for p in PARAGRAPHS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<",
        "plain words",
        "<html>",
        "<p>" * 3000 + "deep",
        "<div>" * 5000 + "deep",
        "<table><td>" * 400,
        "\x00<p>a</p>",
    ],
)
def test_broken_markup_is_never_an_error(text: str) -> None:
    read_html(text)


def test_entities_are_characters_of_the_text() -> None:
    assert html_to_text("<p>caf&eacute;&nbsp;&amp; bar&#8203;</p><p>two</p>") == "café & bar\n\ntwo"
