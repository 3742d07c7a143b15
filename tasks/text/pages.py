"""A page to its article: what is article text stays, every other line is listed with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.contracts.codes import DropReason, RejectReason
from tasks.contracts.records import Article, DroppedLine, Page, Reject
from tasks.text.blocks import Layout, lay_out
from tasks.text.html import read_html
from tasks.text.lines import split_lines
from tasks.text.metadata import Stated, read_metadata
from tasks.text.published import infer_published

_BLANK_RUN = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True, slots=True)
class CleanedPage:
    """The article, and the lines of the page that are not in it, in page order."""

    article: Article
    dropped: tuple[DroppedLine, ...]


def clean_page(
    page: Page, *, seen_lines: Mapping[str, int] | None = None, day_first: bool = True
) -> CleanedPage | Reject:
    """The article of a page, its text beginning with the headline where the page has it; a Reject where there is none.

    Paragraphs stand on lines of their own. A record (JSON, feed, Markdown) keeps its text as it is. `seen_lines` counts
    in how many pages of the outlet a line was seen, this one included. Without an article text: NO_ARTICLE_TEXT.
    """
    if page.kind == "record":
        text, dropped, stated, day = page.body.strip("\n"), (), Stated(), page.published
        lines, kept = text.split("\n"), list(range(text.count("\n") + 1))
    elif page.kind == "html":
        found = read_html(page.body, title=page.title, day_first=day_first)
        text, stated, day, lines = found.text, found.stated, page.published or found.published, found.lines
        kept, dropped = found.kept, _dropped(page, found.dropped)
        page_language = page.language or found.language
    else:
        layout = lay_out(split_lines(page.body), title=page.title, seen_lines=seen_lines)
        text, stated, day = article_text(layout), read_metadata(layout), page.published
        lines = page.body.split("\n")
        kept = kept_rows(layout)
        dropped = _dropped(page, dropped_lines(layout))
    if not re.search(r"\w", text):
        detail = "nothing on the page reads as an article; if it holds one, give it as .txt with the text alone"
        return Reject(
            stage="clean",
            source_path=page.source_path,
            article_key=page.article_key,
            reason=RejectReason.NO_ARTICLE_TEXT,
            detail=detail,
        )
    published, source = infer_published(
        lines=lines, article_lines=kept, source_path=page.source_path, stated=day, day_first=day_first
    )
    article = Article(
        article_key=page.article_key,
        source_path=page.source_path,
        content_hash=page.content_hash,
        title=page.title or stated.title,
        byline=page.byline or stated.byline,
        outlet=page.outlet or stated.outlet,
        url=page.url or stated.url,
        published=published,
        published_source=source,
        language=page_language if page.kind == "html" else page.language,
        text=text,
    )
    return CleanedPage(article, dropped)


def article_text(layout: Layout) -> str:
    """The kept lines, one a paragraph: hard-wrapped ones are joined; an empty line between where the page has one."""
    kept = [line for line, reason in zip(layout.lines, layout.reasons, strict=True) if reason is None]
    text = ""
    for i, line in enumerate(kept):
        if i:
            before = kept[i - 1]
            near = 0 <= line.number - before.number - max(len(before.parts), 1) + 1 <= 1
            text += "\n" if near else "\n\n"
        text += line.text
    return text


def kept_rows(layout: Layout) -> list[int]:
    """Indexes, in the page's own lines, of those that the article has."""
    rows: set[int] = set()
    for line, reason in zip(layout.lines, layout.reasons, strict=True):
        if reason is None:
            rows.update(range(line.number - 1, line.number - 1 + max(len(line.parts), 1)))
    return sorted(rows)


def dropped_lines(layout: Layout) -> list[tuple[int, str, DropReason]]:
    """Number, text and reason of each line that is not kept; of a line across columns, the columns that are not."""
    dropped: dict[int, tuple[int, str, DropReason]] = {}
    for line, reason in zip(layout.lines, layout.reasons, strict=True):
        for number, part in enumerate(line.parts or (line.text,), line.number) if reason else ():
            before = dropped.get(number)
            text = f"{before[1]}    {part}" if before else part
            dropped[number] = (number, text, before[2] if before else reason)
    return [dropped[number] for number in sorted(dropped)]


def _dropped(page: Page, rows: Sequence[tuple[int, str, DropReason]]) -> tuple[DroppedLine, ...]:
    return tuple(DroppedLine(article_key=page.article_key, line=n, text=text, reason=why) for n, text, why in rows)
