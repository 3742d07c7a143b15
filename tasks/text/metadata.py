"""Title, byline, outlet and address of a pasted page, from the lines where they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.text.blocks import Layout, content_words
from tasks.text.lines import Line

_BYLINE = re.compile(
    r"(?:by|author|authors|written by|posted by|story by|words by|reported by)\b\s?:?\s?(?P<name>[^\d|•]{3,80}?)"
    r"(?:\s?[|•,–-]\s?(?:in|on|at|updated|published|staff|bbc|the|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b.{0,80}"
    r"|\s[|•]\s.{0,120}|\s(?:in|on)\s.{0,60}|[\s,|]{0,3}\d.{0,80})?\Z",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"']{4,500}", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:copyright|©|\(c\)|&copy;)[\s©]{0,4}(?:\(c\)\s?)?(?:(?:19|20)\d\d\s?(?:[-–]\s?(?:19|20)\d\d)?,?\s)?(?:by\s)?"
    r"(?P<name>[^.|,©\d]{3,60})",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(r",? (?:Ltd|Limited|Inc|LLC|LLP|Plc|PLC|GmbH|AG|S\.?A|Pty)\.?\Z")
# "RIFT VALLEY HERALD", "El Faro del Puerto": a name, each word of it capitalised but the small ones
_MASTHEAD = re.compile(r"[A-Z][\w'’&.-]{0,20}(?: (?:[A-Z][\w'’&.-]{0,20}|of|the|and|de|del|la|le)){1,4}")
_SECTIONS = frozenset(
    ("news", "media", "press", "radio", "tv", "today", "daily", "weekly", "online", "english", "mail", "network")
)
_NO_NAME = re.compile(r"(?:all rights|reserved|material|terms|privacy|the publisher|respective)", re.IGNORECASE)
_OUTLET_WORDS = re.compile(
    r"\b(?:news|times|post|herald|tribune|gazette|guardian|telegraph|media|press|radio|tv|today|daily|weekly|journal|mail|star|sun"
    r"|observer|chronicle|standard|reuters|bbc|cnn|dw|agency|broadcasting|network|online|english|mirror|courier|examiner|independent)\b",
    re.IGNORECASE,
)
_PAPER_WORDS = re.compile(
    r"\b(?:ledger|wire|dispatch|bulletin|review|monitor|argus|echo|express|globe|record|register|sentinel|voice|diario|faro|gaceta"
    r"|jornal|journal|nachrichten|zeitung|correo|prensa|noticias)\b",
    re.IGNORECASE,
)
_SKIP = re.compile(r"(?:skip|jump) to\b|(?:subscribe|sign in|log in|menu|search|home)\b", re.IGNORECASE)
_NAME = r"((?:[A-Z][\w.&’']{0,20})(?: [A-Z][\w.&’']{0,20}){0,3})"
_OWN_NAME = re.compile(
    rf"\b[Ss]tories from {_NAME}$"
    rf"|\b[Bb]ecome an? (?:member of )?{_NAME} (?:[Mm]ember|[Ss]ubscriber|[Ss]upporter|[Pp]atron)"
)
_LONGEST = 300
_NEAR = 8
_HEADER = 12
_FOOTER = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a page's own lines state of its article; None where they do not."""

    title: str | None = None
    byline: str | None = None
    outlet: str | None = None
    url: str | None = None


def read_metadata(layout: Layout) -> Stated:
    """Title (the headline), byline, outlet and address as the page's lines state them."""
    lines, headline = layout.lines, layout.headline
    body = (i for i, reason in enumerate(layout.reasons) if reason is None)
    at = headline if headline is not None else next(body, 0)
    near = lines[max(0, at - _NEAR) : at + _NEAR]
    return Stated(
        title=lines[headline].text if headline is not None else None,
        byline=_byline(near),
        outlet=_outlet(layout),
        url=next((found[0] for line in near if line.words <= 12 and (found := _URL.search(line.text))), None),
    )


def _byline(near: Sequence[Line]) -> str | None:
    for line in near:
        found = _BYLINE.match(line.text) if line.words <= 16 and not line.prose else None
        if found:
            return found["name"].strip(" ,|-–:") or None
    return None


def _outlet(layout: Layout) -> str | None:
    """Who holds the copyright; else a name that heads the page and comes back below the article."""
    lines = layout.lines
    tail = [line for line, reason in zip(lines, layout.reasons, strict=True) if reason is not None][-_FOOTER:]
    for line in reversed(tail):
        found = _COPYRIGHT.search(line.text) if len(line.text) <= _LONGEST else None
        if found and not _NO_NAME.search(found["name"]):
            name = _LEGAL_FORM.sub("", found["name"].strip(" -–:"))
            if 1 <= len(name.split()) <= 6:
                return name
    heads = [line for line in lines[:_HEADER] if not line.bullet and 1 <= line.words <= 5]
    counts = Counter(line.text for line in lines)
    for line in heads:
        # The name in the page's head, again above its menu or in its footer.
        named = any(word not in _SECTIONS for word in content_words(line.text))
        if counts[line.text] >= 2 and named and _OUTLET_WORDS.search(line.text):
            return line.text
    others = [line for line, reason in zip(lines, layout.reasons, strict=True) if reason is not None]
    return _named_by_others(others) or _masthead(layout)


def _masthead(layout: Layout) -> str | None:
    """The name at the very top of the page, where its word is one for a paper or the page's menu follows it."""
    lines = layout.lines
    first = next((i for i, line in enumerate(lines) if not line.bullet and not _SKIP.match(line.text)), None)
    if first is None or first == layout.headline or layout.reasons[first] is None:
        return None
    name = lines[first].text.split(" | ")[0].strip()
    if not _MASTHEAD.fullmatch(name):
        return None
    follows = lines[first + 1].text if first + 1 < len(lines) else ""
    return name if _OUTLET_WORDS.search(name) or _PAPER_WORDS.search(name) or follows.count(" | ") > 1 else None


def _named_by_others(lines: Sequence[Line]) -> str | None:
    """The name that the page's own links give: "More stories from NAME", "Become a NAME member"."""
    names = Counter(
        (found[1] or found[2])
        for line in lines
        if len(line.text) <= _LONGEST and (found := _OWN_NAME.search(line.text))
    )
    return min(names, key=lambda name: (-names[name], name)) if names else None
