"""RSS and Atom files saved to disk, one record an entry."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import feedparser

from tasks.text.decoding import normalise
from tasks.text.json_records import Record
from tasks.text.rendering import html_to_text
from tasks.text.stated_days import parse_stated_day


def feed_records(data: bytes, *, day_first: bool = True) -> list[Record] | None:
    """The entries of a feed with their content, else their summary; None where the XML is no feed.

    Nothing is fetched. The caller refuses documents that declare entities.
    """
    try:
        # Bytes in a stream: a plain string would be taken for an address and fetched.
        feed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # feedparser's loose parser raises whatever its handlers meet; all of it means: no feed
        return None
    if not feed.get("version") and not feed.entries:
        return None
    outlet = _plain(feed.feed.get("title"))
    language = str(feed.feed.get("language") or "")[:2].lower()
    records = []
    for number, entry in enumerate(feed.entries, 1):
        content = entry.get("content") or []
        bodies = [c.get("value") for c in content] + [entry.get("summary")]
        link = _plain(entry.get("link"))
        records.append(
            Record(
                body=next((text for text in map(_text, bodies) if text), ""),
                title=_plain(entry.get("title")),
                byline=_plain(entry.get("author")),
                outlet=_plain((entry.get("source") or {}).get("title")) or outlet,
                url=link,
                published=parse_stated_day(entry.get("published") or entry.get("updated"), day_first=day_first),
                language=language if len(language) == 2 and language.isalpha() else None,
                address=_plain(entry.get("id")) or link,
                where=f"entry {number}",
            )
        )
    return records


def _text(value: Any) -> str:
    return html_to_text(value) if isinstance(value, str) else ""


def _plain(value: Any) -> str | None:
    return " ".join(normalise(value).split())[:2000] or None if isinstance(value, str) else None
