"""A JSON record of an article, in Dateline's own fields or those of the usual crawlers and news APIs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tasks.text.decoding import normalise
from tasks.text.rendering import html_to_text
from tasks.text.stated_days import parse_stated_day

# The first field of a row that has a value gives it; Dateline's own name stands first. "maintext", "date_publish",
# "title_page", "source_domain": news-please; "authors", "publish_date", "source_url": newspaper4k; "raw_text",
# "hostname", "source-hostname", "source" (an address): trafilatura; "articleBody", "datePublished": schema.org.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "article_id", "_id", "uuid", "article_key"),
    "title": ("title", "headline", "title_page", "title_rss"),
    "text": ("text", "maintext", "content", "body", "articleBody", "article", "article_text", "full_text", "raw_text"),
    "published": (
        *("published", "date_publish", "publish_date", "published_at", "publishedAt", "datePublished"),
        *("date_published", "publication_date", "published_date", "pubDate", "pubdate", "pub_date", "date"),
    ),
    "url": ("url", "link", "canonical_link", "canonical_url", "original_url", "source"),
    "outlet": (
        *("outlet", "source-hostname", "sitename", "site_name", "source_name", "publication", "publisher"),
        *("site", "newspaper", "source_domain", "source_url", "hostname", "domain", "source"),
    ),
    "byline": ("byline", "author", "authors"),
    "language": ("language", "lang", "meta_lang"),
}
_HOLDERS = ("articles", "items", "entries", "records", "results", "documents", "docs", "data", "news")
_MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|ul|ol|li|table|article|section|blockquote)\b[^<>]{0,500}>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/\s?#]{1,253})/?[^\s]*\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].{0,10})?\Z")
_LONGEST_FIELD = 2000


class RecordError(ValueError):
    """The value is no record of an article; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One document of a file: its text or markup and what the file states beside it."""

    kind: str = "record"
    body: str = ""
    id: str | None = None
    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None
    address: str | None = None
    where: str = ""


def unpack(content: Any) -> list[Any]:
    """The records of a JSON document: of an array, of an object that holds an array ("articles": [...]), or itself."""
    if isinstance(content, list):
        return content
    if isinstance(content, dict) and not _first(content, "text"):
        for name in _HOLDERS:
            held = content.get(name)
            if isinstance(held, list) and held and all(isinstance(item, dict) for item in held):
                return held
    return [content]


def read_record(content: Any, *, day_first: bool = True, needs_text: bool = True) -> Record:
    """The record in normalised strings; text in markup is rendered, a field "html" without text is kept as a page.

    Raises RecordError for what is no object, or has no text where it `needs_text`.
    """
    if not isinstance(content, dict):
        raise RecordError("a record must be a JSON object with a title and a text")
    text = _string(_first(content, "text"), longest=None)
    html = content.get("html")
    kind = "record"
    if text and len(_MARKUP.findall(text[:20_000])) >= 2:
        text = html_to_text(text)
    elif not text and isinstance(html, str):
        kind, text = "html", normalise(html)
    if needs_text and not text:
        raise RecordError(f"no text; it must stand in one of the fields {', '.join(FIELDS['text'])}")
    url = next((v for v in _values(content, "url") if isinstance(v, str) and _ADDRESS.match(v)), None)
    published = (parse_stated_day(v, day_first=day_first) for v in _values(content, "published"))
    return Record(
        kind=kind,
        body=text or "",
        id=_identity(_first(content, "id")),
        title=_line(_first(content, "title")),
        byline=_line(_first(content, "byline")),
        outlet=_outlet(content),
        url=_line(url),
        published=next((day for day in published if day), None),
        language=_language(_first(content, "language")),
        address=_line(url),
    )


def _values(content: Mapping[Any, Any], field: str) -> list[Any]:
    return [v for v in (content.get(name) for name in FIELDS[field]) if v not in (None, "", [], {})]


def _first(content: Mapping[Any, Any], field: str) -> Any:
    return next(iter(_values(content, field)), None)


def _identity(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _line(str(value))


def _outlet(content: Mapping[Any, Any]) -> str | None:
    for value in _values(content, "outlet"):
        # News APIs and schema.org: {"name": "The Example Times"}.
        name = _line(value.get("name") if isinstance(value, dict) else value)
        if name and _ADDRESS.match(name):
            host = _HOST.match(name)
            name = host[1] if host else None
        if name:
            return name
    return None


def _language(value: Any) -> str | None:
    found = _LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    return found[1].lower() if found else None


def _line(value: Any) -> str | None:
    """One line of plain text; names of a list (of strings or of {"name": ...}) stand with ", " between."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, Sequence) and not isinstance(value, str):
        names = [v.get("name") if isinstance(v, dict) else v for v in value[:20]]
        value = ", ".join(n for n in names if isinstance(n, str))
    text = _string(value, longest=_LONGEST_FIELD)
    return " ".join(text.split()) or None if text else None


def _string(value: Any, *, longest: int | None) -> str | None:
    if isinstance(value, Sequence) and not isinstance(value, str) and value and all(isinstance(v, str) for v in value):
        value = "\n\n".join(value)  # an article as a list of paragraphs
    if not isinstance(value, str):
        return None
    return normalise(value[:longest]).strip() or None
