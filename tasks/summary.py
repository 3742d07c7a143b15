"""A run in tables and words for who watches it: every value that came from outside is made harmless for Markdown."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.contracts.report import RunReport

PUNCTUATION = frozenset(string.punctuation)  # what Markdown takes for a sign; after a backslash it is itself
LONGEST = 200  # characters of a value that a page shows


def summary_rows(report: RunReport) -> list[dict[str, Any]]:
    """The run as rows of `about`, `what` and `number`: files, tables, events by type, rejects by reason, seconds."""
    t = report.tally
    groups: dict[str, Mapping[str, float]] = {
        "files": {
            "new": report.new,
            "changed": report.changed,
            "gone": report.gone,
            "coded anew": report.recoded,
            "unchanged": report.unchanged,
        },
        "this run": {
            "articles": t.articles,
            "articles without an event": t.without_events,
            "events": t.events,
            "events without a date": t.undated,
            "failed (rejects)": t.rejects,
        },
        "events by type": t.events_by_type,
        "rejects by reason": t.rejects_by_reason,
        "seconds by stage": t.seconds,
        "tables now": {"articles": report.articles, "events": report.events, "rejects": report.rejects},
    }
    return [
        {"about": about, "what": what, "number": number}
        for about, group in groups.items()
        for what, number in group.items()
    ]


def validation_page(results: Iterable[Mapping[str, Any]], *, docs: str, link: str | None) -> str:
    """The checks' results as Markdown: what does not hold first, with a link to Data Docs where a server shows them."""
    rows = sorted(results, key=lambda r: bool(r["success"]))
    failed = sum(not r["success"] for r in rows)
    where = f"[Data Docs]({link})" if link else f"Data Docs: {inert(docs)}"
    head = f"{len(rows) - failed} of {len(rows)} expectations hold. {where}\n"
    return "\n".join(
        [head, *grid(("table", "expectation", "holds", "rows checked", "rows failed"), map(_verdict, rows))]
    )


def _verdict(result: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        str(result["table"]),
        str(result["rule"]),
        "yes" if result["success"] else "NO",
        f"{result['rows_checked']:,}",
        f"{result['rows_failed']:,}",
    )


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table; cells are plain text and are made inert here."""
    return [_line(head), _line(["---"] * len(head), raw=True), *(_line(row) for row in rows)]


def _line(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(c if raw else inert(c) for c in cells)} |"


def inert(text: str) -> str:
    """The text so that Markdown shows its characters and does nothing: no link, image, code, table or HTML."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    cut = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    return "".join(f"\\{c}" if c in PUNCTUATION else c for c in cut)
