"""A page to its article: what is article text stays, every other line is listed with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasks.contracts.codes import RejectReason
from tasks.contracts.records import Article, DroppedLine, Page, Reject
from tasks.text.blocks import lay_out
from tasks.text.found import FoundArticle, article_text, dropped_lines, kept_rows
from tasks.text.html import read_html
from tasks.text.lines import split_lines
from tasks.text.metadata import read_metadata
from tasks.text.published import infer_published


@dataclass(frozen=True, slots=True)
class CleanedPage:
    """The article, and the lines of the page that are not in it, in page order."""

    article: Article
    dropped: tuple[DroppedLine, ...]


def clean_page(page: Page, *, day_first: bool = True) -> CleanedPage | Reject:
    """The article of a page, its text beginning with the headline where the page has it; a Reject where there is none.

    Paragraphs stand on lines of their own. A record (JSON, feed, Markdown) keeps its text as it is.
    What a page gives depends on that page alone, so that no other page's coming or going changes it.
    Without an article text: NO_ARTICLE_TEXT.
    """
    found = _found(page, day_first=day_first)
    if not re.search(r"\w", found.text):
        detail = "nothing on the page reads as an article; if it holds one, give it as .txt with the text alone"
        return Reject(
            stage="clean",
            source_path=page.source_path,
            article_key=page.article_key,
            reason=RejectReason.NO_ARTICLE_TEXT,
            detail=detail,
        )
    published, source = infer_published(
        lines=found.lines,
        article_lines=found.kept,
        source_path=page.source_path,
        stated=page.published or found.published,
        day_first=day_first,
    )
    article = Article(
        article_key=page.article_key,
        source_path=page.source_path,
        content_hash=page.content_hash,
        title=page.title or found.stated.title,
        byline=page.byline or found.stated.byline,
        outlet=page.outlet or found.stated.outlet,
        url=page.url or found.stated.url,
        published=published,
        published_source=source,
        language=page.language or found.language,
        text=found.text,
    )
    dropped = (DroppedLine(article_key=page.article_key, line=n, text=t, reason=why) for n, t, why in found.dropped)
    return CleanedPage(article, tuple(dropped))


def _found(page: Page, *, day_first: bool) -> FoundArticle:
    if page.kind == "html":
        return read_html(page.body, title=page.title, day_first=day_first)
    if page.kind == "record":
        text = page.body.strip("\n")
        lines = text.split("\n")
        return FoundArticle(text=text, lines=lines, kept=list(range(len(lines))))
    layout = lay_out(split_lines(page.body), title=page.title)
    return FoundArticle(
        text=article_text(layout),
        stated=read_metadata(layout),
        lines=page.body.split("\n"),
        kept=kept_rows(layout),
        dropped=dropped_lines(layout),
    )
