"""The dates that stand before an article's prose: header lines ("March 06, 2008") and datelines ("BAKU, Oct 3 -")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.text.datephrases import DatePhrase

HEADER_LINES = 5  # lines from the top that may be nothing but a date
DATELINE_LINES = 12  # lines from the top that may open with a dateline
LONGEST_DATELINE = 80  # characters up to its dash
_FULL_DAYS = frozenset({"iso", "numeric", "day_month"})
_HEADER_WORDS = re.compile(
    r"(?:published|posted|updated|last updated|date|on|at|by|gmt|utc|est|edt|bst|cet|am|pm|a\.m\.|p\.m\.)\b"
    r"|[\d\s:.,|·•\-–—()+]",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[A-Z][\w.'’-]*(?:[ ,/]{1,3}(?:[A-Z(][\w.'’-]*|of|de|al|and)\)?){0,7} ?[,.]? ?\(?\Z")
_DASH = re.compile(r" ?(?:--|–|—| -) ?[A-Z\"“]")
_AGENCY = re.compile(r"\)?,? ?(?:\([^()\n]{1,40}\))? ?(?:--|-|–|—|:) ?\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class TopDate:
    """A date before the prose and what it is: a "header" line, or the "dateline" of the first paragraph."""

    phrase: DatePhrase
    kind: str


def top_dates(text: str, phrases: Sequence[DatePhrase]) -> list[TopDate]:
    """The article's header and dateline dates, in order. A date within a sentence is none of them."""
    found = []
    header_end, top_end = _end_of_line(text, HEADER_LINES), _end_of_line(text, DATELINE_LINES)
    for phrase in phrases:
        if phrase.start >= top_end:
            break
        start = text.rfind("\n", 0, phrase.start) + 1
        if phrase.row not in _FULL_DAYS or phrase.start - start > LONGEST_DATELINE:
            continue
        limit = phrase.end + LONGEST_DATELINE
        end = text.find("\n", phrase.end, limit)
        before, after = text[start : phrase.start], text[phrase.end : end if end >= 0 else limit]
        ends = end >= 0 or limit > len(text)
        if phrase.start < header_end and ends and not _HEADER_WORDS.sub("", f"{before} {after}"):
            found.append(TopDate(phrase=phrase, kind="header"))
        elif is_dateline(before, after):
            found.append(TopDate(phrase=phrase, kind="dateline"))
    return found


def _end_of_line(text: str, number: int) -> int:
    """Where line `number` (from 1) ends; the text's end where it has fewer lines."""
    at = -1
    for _ in range(number):
        at = text.find("\n", at + 1)
        if at < 0:
            return len(text)
    return at


def is_dateline(before: str, after: str) -> bool:
    """Whether a date with this before and after it in its line is a dateline's: "BAKU, " and " (Reuters) - Armenia"."""
    if not before.strip():  # "16 January 2008 - The council met"
        return bool(_DASH.match(after))
    if len(before) > LONGEST_DATELINE or not _PLACE.match(before):
        return False
    # "Baku, Oct 3 - Armenia": a place in capitals or set off by a comma, then the dash
    return bool(_AGENCY.match(after)) and ("," in before or before.isupper() or "(" in before)
