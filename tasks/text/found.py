"""What is found of an article in a page: its text, what the page states of it, and the lines that are not in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tasks.contracts.codes import DropReason
from tasks.text.blocks import Layout
from tasks.text.metadata import Stated

DroppedRow = tuple[int, str, DropReason]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """The article of a page. `lines` are all lines of the (rendered) page, `kept` the indexes of the article's."""

    text: str
    stated: Stated = field(default_factory=Stated)
    published: date | None = None
    language: str | None = None
    lines: list[str] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    dropped: list[DroppedRow] = field(default_factory=list)


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


def dropped_lines(layout: Layout) -> list[DroppedRow]:
    """Number, text and reason of each line that is not kept; of a line across columns, the columns that are not."""
    reasons: dict[int, DropReason] = {}
    parts: dict[int, list[str]] = {}
    for line, reason in zip(layout.lines, layout.reasons, strict=True):
        if reason is None:
            continue
        for number, part in enumerate(line.parts or (line.text,), line.number):
            reasons.setdefault(number, reason)
            parts.setdefault(number, []).append(part)
    return [(number, "    ".join(parts[number]), reasons[number]) for number in sorted(parts)]
