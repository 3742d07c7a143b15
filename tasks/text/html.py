"""HTML to its article: trafilatura first, the pasted-page way on the rendered text where that does poorly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from tasks.contracts.codes import DropReason
from tasks.text.blocks import Layout, content_words, lay_out
from tasks.text.decoding import normalise
from tasks.text.found import FoundArticle
from tasks.text.lines import Line, split_lines
from tasks.text.markers import is_post_signature, mark
from tasks.text.metadata import Stated, read_metadata
from tasks.text.rendering import html_to_text
from tasks.text.stated_days import parse_stated_day

_SHORTEST = 400
_LARGE = 200_000
# Posts of others within the article; the article's own words tell what matters of them.
_EMBEDDED = (
    "//blockquote[contains(@class, 'twitter-') or contains(@class, 'instagram-') or contains(@class, 'tiktok-')]"
)
_INSERTS = frozenset(
    (
        *(DropReason.READ_MORE, DropReason.CAPTION, DropReason.CREDIT, DropReason.SHARE, DropReason.NEWSLETTER),
        *(DropReason.COOKIES, DropReason.ADVERTISEMENT, DropReason.COMMENTS, DropReason.TAGS, DropReason.METADATA),
    )
)
_ARTICLE_TYPES = re.compile(r"(?:news|blog|report|analysis|opinion)?(?:article|posting|newsarticle)", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].{0,10})?\Z")
# htmldate's bounds: its own upper bound is the day of the run, which would make results depend on it.
_DATES: dict[str, Any] = {"original_date": True, "extensive_search": False, "max_date": "2199-12-31"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meta:
    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None


def read_html(markup: str, *, title: str | None = None, day_first: bool = True) -> FoundArticle:
    """The article's text, headline first, with what the markup's metadata state of it.

    Lines of the rendered page that are not in the text are dropped, each with its reason. Markup that no parser can
    read gives an empty text.
    """
    meta = _metadata(markup, day_first=day_first)
    rendered = html_to_text(markup)
    layout = lay_out(split_lines(rendered), title=title or meta.title)
    own = read_metadata(layout)
    headline = title or own.title or meta.title
    extracted, found = _extract(markup)
    pasted = _kept_text(layout)
    text = pasted if _poor(extracted, pasted, headline) else extracted
    text = _with_headline(text, headline)
    kept, dropped = _against(layout, text)
    return FoundArticle(
        text=text,
        stated=Stated(
            title=meta.title or own.title or found.title,
            byline=meta.byline or found.byline or own.byline,
            outlet=meta.outlet or found.outlet or own.outlet,
            url=meta.url or found.url,
        ),
        published=meta.published or found.published,
        language=meta.language,
        lines=rendered.split("\n"),
        kept=kept,
        dropped=dropped,
    )


# --- the text -----------------------------------------------------------------------------------------------------


def _extract(markup: str) -> tuple[str, _Meta]:
    """What trafilatura takes for the article, and its metadata; empty where it finds none."""
    try:
        found = trafilatura.bare_extraction(
            markup,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params=_DATES,
            prune_xpath=_EMBEDDED,
        )
    except Exception:  # whatever its parsers meet in broken markup: the rendered text is read instead
        found = None
    if found is None:
        return "", _Meta()
    document = found if isinstance(found, dict) else found.as_dict()
    return _paragraphs(document.get("text") or ""), _Meta(
        title=_line(document.get("title")),
        byline=_line(document.get("author")),
        outlet=_line(document.get("sitename") or document.get("hostname")),
        url=_line(document.get("url")),
        published=parse_stated_day(document.get("date")),
    )


def _paragraphs(text: str) -> str:
    lines = split_lines("\n\n".join(" ".join(line.split()) for line in normalise(text).split("\n")))
    posts = {i for i, line in enumerate(lines, -1) if is_post_signature(line)}
    posts |= {i + 1 for i in posts}
    return "\n\n".join(line.text for i, line in enumerate(lines) if i not in posts and not _insert(line))


def _insert(line: Line) -> bool:
    """ "Read more: ...", a caption's credit, a newsletter box: what stands within the markup of the article."""
    found = mark(line)
    return found is not None and found[0] in _INSERTS


def _kept_text(layout: Layout) -> str:
    return "\n\n".join(line.text for line, reason in zip(layout.lines, layout.reasons, strict=True) if reason is None)


def _poor(extracted: str, pasted: str, headline: str | None) -> bool:
    """Very short beside what the page's lines give, or without the words of the page's own headline."""
    if len(extracted) < _SHORTEST and len(pasted) > 2 * len(extracted):
        return True
    words = set(content_words(headline or ""))
    if len(words) < 3:
        return False
    in_extracted, in_pasted = (len(words & set(content_words(text))) / len(words) for text in (extracted, pasted))
    return in_extracted < 0.3 and in_pasted >= 2 * in_extracted and in_pasted >= 0.6


def _with_headline(text: str, headline: str | None) -> str:
    """The text with the headline as its first paragraph, where it does not stand near the top already."""
    if not headline or not text:
        return text
    wanted = content_words(headline)
    for line in text.split("\n\n")[:4]:
        words = content_words(line)
        if wanted == words or (wanted and len(words) <= len(wanted) + 4 and set(wanted) <= set(words)):
            return text
    return f"{headline}\n\n{text}"


def _against(layout: Layout, text: str) -> tuple[list[int], list[tuple[int, str, DropReason]]]:
    """Which rendered lines (indexes) the text holds, and the others with number, text and reason."""
    paragraphs = {" ".join(paragraph.split()) for paragraph in text.split("\n\n")}
    # A rendered line may be a part of a paragraph (a line break in the markup); on large pages that is not looked for.
    held = " ".join(text.split()) if len(text) <= _LARGE else ""
    kept: dict[int, None] = {}
    dropped: dict[int, tuple[int, str, DropReason]] = {}
    for line, reason in zip(layout.lines, layout.reasons, strict=True):
        plain = " ".join(line.text.split())
        if (plain in paragraphs or plain in held) and (reason is None or line.words >= 4):
            kept[line.number - 1] = None
            continue
        before = dropped.get(line.number)
        joined = f"{before[1]}    {line.text}" if before else line.text
        dropped[line.number] = (line.number, joined, before[2] if before else reason or DropReason.NOT_ARTICLE)
    return sorted(kept), [dropped[number] for number in sorted(dropped)]


# --- the metadata --------------------------------------------------------------------------------------------------


def _metadata(markup: str, *, day_first: bool) -> _Meta:
    """Title, byline, outlet, address, day and language from JSON-LD, then from OpenGraph and its like."""
    try:
        tree = lxml_html.fromstring(markup)
    except (etree.LxmlError, ValueError, AssertionError, TypeError):
        return _Meta()
    linked = next(_linked_articles(tree), {})
    tags = _meta_tags(tree)
    language = _LANGUAGE.match((tree.get("lang") or tags.get("og:locale") or "").strip())
    days = (linked.get("datePublished"), *(tags.get(name) for name in _DAY_TAGS))
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    url = _line(tags.get("og:url")) or _line(canonical)
    return _Meta(
        title=_line(linked.get("headline")) or _line(tags.get("og:title")),
        byline=_names(linked.get("author")) or _line(tags.get("author")),
        outlet=_names(linked.get("publisher")) or _line(tags.get("og:site_name")),
        url=url if url and url.startswith("http") else None,
        published=next((day for day in (parse_stated_day(d, day_first=day_first) for d in days) if day), None),
        language=language[1].lower() if language else None,
    )


_DAY_TAGS = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "date",
)


def _meta_tags(tree: Any) -> dict[str, str]:
    """Content of the meta elements by property, name or itemprop, in lower case; the first of a name counts."""
    tags: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        content = element.get("content")
        if name and content and name not in tags:
            tags[name] = content
    return tags


def _linked_articles(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The articles that the page's JSON-LD describes."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            content = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        waiting = content if isinstance(content, list) else [content]
        for item in waiting:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for node in graph if isinstance(graph, list) else [item]:
                if isinstance(node, dict) and _ARTICLE_TYPES.match(str(node.get("@type", ""))):
                    yield node


def _names(value: Any) -> str | None:
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in items[:20]]
    return _line(", ".join(name for name in names if isinstance(name, str)))


def _line(value: Any) -> str | None:
    return " ".join(normalise(value[:2000]).split()) or None if isinstance(value, str) else None
