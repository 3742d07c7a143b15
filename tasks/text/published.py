"""The publication day of a page: stated, in its header lines, told by its other stories, or in its file's name.

A date inside the prose, a caption or a teaser of another story is never the article's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from tasks.text.datelines import is_dateline
from tasks.text.datephrases import DatePhrase, find_date_phrases
from tasks.text.dateresolver import Anchor, resolve_phrase, written_day_first
from tasks.text.datewords import as_date
from tasks.text.foreignmonths import days_in_english

LONGEST_HEADER = 160  # characters of a line that says when and by whom
HEADER_WORDS = 6  # words beside date and header vocabulary: a name, an outlet, a section
LINES_ABOVE, LINES_BELOW, LINES_AFTER = 6, 6, 6  # non-blank lines around headline, first paragraph and article's end
LINES_FAR_ABOVE = 16  # lines that say "published" or "updated" may stand above bars of links
PROSE_WORDS = 8
EARLIEST, LATEST = 1800, 2199

_FULL_DAYS = frozenset({"iso", "numeric", "day_month"})
_WRITTEN = re.compile(r"\b(?:published|posted|issued|created|date|first published)\b", re.IGNORECASE)
_OPENING = re.compile(r"\W{0,4}(?:first )?(?:published|posted|created)\W{0,3}(?:on)?\W{0,3}\Z", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?:updated|modified|edited|revised)\b", re.IGNORECASE)
_VOCABULARY = re.compile(
    r"\b(?:first|last|published|posted|issued|created|updated|modified|edited|revised|date|on|at|by|in|of|the|and|from|gmt|utc|est"
    r"|edt|et|bst|ist|cet|cest|am|pm|a\.m|p\.m|min|mins|minute|minutes|read|comments?|views?|share|source|agencies|hrs?|news|staff|print|release|released|launched|article"
    r"|writer|reporter|correspondent|editor|local|time)\b",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"\b[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}\b")
_COLUMNS = re.compile(r"\t| {3,}")
_SLASHED = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?…][\"”’)]*\s*\Z")
_AGO = re.compile(
    r"(?:\b(?P<count>\d{1,3}|an?|one|two|three|four|five|six)\s{1,2}(?P<unit>second|sec|minute|min|hour|hr|day|week)s?\s{1,2}ago\b"
    r"|\b(?P<now>just now|today|yesterday)\b)",
    re.IGNORECASE,
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_STOPS = (".", "!", "?", "…")
_DAYS_OF = {"day": 1, "week": 7}
# "PoliticsNovember 5, 202200:43 min": columns that lost the space between them
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=(?:19|20)\d\d)(?=\d\d:\d\d)")
_FILE_DAY = re.compile(r"(?<![^\W_])((?:18|19|20|21)\d\d)([-_./]?)(\d{1,2}|[A-Za-z]{3})\2(\d{1,2})(?![^\W_])")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def infer_published(
    *, lines: Sequence[str], article_lines: Sequence[int], source_path: str, stated: date | None, day_first: bool
) -> tuple[date | None, str]:
    """The day of publication and where it was read: metadata, text, inferred, file or none.

    `lines` are all lines of the page, `article_lines` the indexes (from 0) of those kept as its article. A header that
    only says "14 minutes ago" is resolved by the newest date among the page's other stories, as "inferred".
    """
    if stated is not None:
        return stated, "metadata"
    if article_lines:
        told = written_day_first(p for line in lines if _SLASHED.search(line) for p in find_date_phrases(line))
        day_first = day_first if told is None else told
        near = list(_header_lines(lines, article_lines))
        if day := _written_day(near, day_first=day_first):
            return day, "text"
        after = _non_blank(lines, range(article_lines[-1] + 1, len(lines)), LINES_AFTER)
        if day := _written_day((line for line in after if _WRITTEN.search(line)), day_first=day_first):
            return day, "text"
        if day := _dateline_day(lines, article_lines, day_first=day_first):
            return day, "text"
        if day := _crawl_day(near, lines, set(article_lines), day_first=day_first):
            return day, "inferred"
    if day := day_in_path(source_path):
        return day, "file"
    return None, "none"


def _header_lines(lines: Sequence[str], article_lines: Sequence[int]) -> Iterator[str]:
    """The lines between headline and prose, then those right below the prose's start, then those above the headline."""
    headline = article_lines[0]
    prose = next((i for i in article_lines if is_prose(lines[i])), headline)
    yield from (lines[i] for i in range(headline, prose + 1) if lines[i].strip())
    yield from _non_blank(lines, range(prose + 1, article_lines[-1] + 1), LINES_BELOW)
    yield from _non_blank(lines, range(headline - 1, -1, -1), LINES_ABOVE)
    far = _non_blank(lines, range(headline - 1, -1, -1), LINES_FAR_ABOVE)
    yield from (line for line in far if _WRITTEN.search(line) or _CHANGED.search(line))


def _non_blank(lines: Sequence[str], indexes: Iterable[int], limit: int) -> Iterator[str]:
    for i in indexes:
        if limit <= 0:
            return
        if lines[i].strip():
            limit -= 1
            yield lines[i]


def is_prose(line: str) -> bool:
    """A sentence of a text, not a headline or a label."""
    return len(line.split()) >= PROSE_WORDS and bool(_SENTENCE_END.search(line))


def header_days(line: str, *, day_first: bool) -> list[date]:
    """The full dates of a line that says when and by whom and nothing else; empty for every other line.

    A line across the page's columns is read column by column.
    """
    return [day for cell in _COLUMNS.split(line.strip()) for day in _cell_days(cell, day_first=day_first)]


def _cell_days(line: str, *, day_first: bool) -> list[date]:
    if len(line) > LONGEST_HEADER or not any(c.isdigit() for c in line):
        return []
    line = _GLUED.sub(" ", line)
    phrases = [p for p in find_date_phrases(line) if p.row in _FULL_DAYS]
    if not phrases:
        return []
    rest, at = "", 0
    for phrase in phrases:
        rest, at = f"{rest}{line[at : phrase.start]} ", phrase.end
    rest += line[at:]
    if _OPENING.match(line[: phrases[0].start]):  # "Published on 15 June 2023 in Tools and more tools"
        return [day for p in phrases[:1] if (day := _full_day(p, day_first=day_first))]
    words = _WORD.findall(_VOCABULARY.sub(" ", _DOMAIN.sub(" ", rest)))
    # Names, outlets and sections are capitalised; a caption is not.
    if (
        len(words) > HEADER_WORDS
        or sum(w[0].islower() for w in words) > 1
        or (words and line.rstrip().endswith(_STOPS))
    ):
        return []
    return [day for p in phrases if (day := _full_day(p, day_first=day_first))]


def _full_day(phrase: DatePhrase, *, day_first: bool) -> date | None:
    period = resolve_phrase(phrase, Anchor(day=None, day_first=day_first))
    if period is None or period.first != period.last or not EARLIEST <= period.first.year <= LATEST:
        return None
    return period.first


def _written_day(lines: Iterable[str], *, day_first: bool) -> date | None:
    """The first header date; one that only tells of an update gives way to any other."""
    updated = None
    for line in map(days_in_english, lines):
        days = header_days(line, day_first=day_first)
        if not days:
            continue
        if _CHANGED.search(line) and not _WRITTEN.search(line):
            updated = updated or days[0]
            continue
        # "Updated 7 June 2023, published 5 June 2023"
        first = _WRITTEN.search(line)
        changed = _CHANGED.search(line)
        return min(days) if first and changed else days[0]
    return updated


def _dateline_day(lines: Sequence[str], article_lines: Sequence[int], *, day_first: bool) -> date | None:
    """ "BAKU, Oct 3, 2023 (Reuters) - ...": the dateline of the first paragraph, where it names the year."""
    prose = next((lines[i] for i in article_lines if is_prose(lines[i])), "").strip()
    for phrase in find_date_phrases(prose[:LONGEST_HEADER]):
        if phrase.row in _FULL_DAYS and is_dateline(prose[: phrase.start], prose[phrase.end :]):
            return _full_day(phrase, day_first=day_first)
    return None


def _crawl_day(near: Iterable[str], lines: Sequence[str], article: set[int], *, day_first: bool) -> date | None:
    """The day that "3 hours ago" beside the headline means: the newest of the page's other dates is today's."""
    back = next((days for line in near if (days := _days_back(line)) is not None), None)
    if back is None:
        return None
    others = [day for i, line in enumerate(lines) if i not in article for day in header_days(line, day_first=day_first)]
    return max(others) - timedelta(days=back) if others else None


def _days_back(line: str) -> int | None:
    """How many days ago a relative header line says; None for a line that says more than that."""
    if len(line) > LONGEST_HEADER:
        return None
    found = _AGO.search(line)
    if (
        not found
        or len(_WORD.findall(_VOCABULARY.sub(" ", line[: found.start()] + line[found.end() :]))) > HEADER_WORDS
    ):
        return None
    if is_prose(line):
        return None
    if found["now"]:
        return 1 if found["now"].lower() == "yesterday" else 0
    count = _COUNTS.get(found["count"].lower()) or int(found["count"])
    return count * _DAYS_OF.get(found["unit"].lower(), 0)


def day_in_path(source_path: str) -> date | None:
    """The day in a folder or file name: 2023-06-15-title.txt, 2023/06/15/x.html, 20230615_x.txt, 2023/jun/15/x."""
    for found in _FILE_DAY.finditer(source_path):
        middle = found[3].lower()
        month = int(middle) if middle.isdigit() else _MONTHS.index(middle) + 1 if middle in _MONTHS else 0
        compact = not found[2] and (len(found[3]) != 2 or len(found[4]) != 2)
        if not compact and (day := as_date(int(found[1]), month, int(found[4]))):
            return day
    return None
