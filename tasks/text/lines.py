"""The lines of a pasted page, with what can be seen of each without knowing the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CELL = re.compile(r"[^\s]+(?:[ ]{1,3}[^\s]+)*")
_BULLET = re.compile(r"(?:[•·▪●○◦‣►▸»>|*+–—-]|o(?=\s+[A-Z\d$])|\d{1,2}\.(?=\s))(?:\s+|(?=[•·▪●|]))|[•·▪●|]+")
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]*]{0,3}(?:\[\d{1,3}\])?$|[:;]$")
_TRAILING_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|»|>>)\W{0,3}$")
_INNER_END = re.compile(r"[a-z\d)\"”’%][.!?][\"”’)]{0,2}\s+[\"“‘(]?[A-Z]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page, or one cell of it where the line stands across columns. `number` counts from 1."""

    number: int
    column: int
    text: str
    bullet: bool
    words: int
    lower: float
    """Share of the words that start in lower case (or in a script without case)."""
    ends: bool
    """It ends as a sentence does; an ellipsis is a teaser's end, not a sentence's."""
    gap_before: bool
    gap_after: bool

    @property
    def alone(self) -> bool:
        """Blank lines (or nothing) on both sides."""
        return self.gap_before and self.gap_after

    @property
    def prose(self) -> bool:
        """It reads as a sentence of a text, not as a label."""
        if self.text.count(" | ") > 1:
            return False
        if self.words >= PROSE_WORDS and self.ends and self.lower >= PROSE_LOWER:
            return True
        return self.words >= LONG_WORDS and self.lower >= PROSE_LOWER and bool(_INNER_END.search(self.text))


# Of the lines of 8 words and more that end as sentences, with at least 40 % of the words in lower case, 9 in 10 are
# article text; headlines in title case stay under 40 %.
PROSE_WORDS = 8
PROSE_LOWER = 0.4
LONG_WORDS = 25


def split_lines(page: str) -> list[Line]:
    """The non-blank lines of a normalised page; tables that hold the page's columns are read column by column."""
    cells: list[tuple[int, int, str]] = []
    for number, raw in enumerate(page.split("\n"), 1):
        row = raw.replace("\t", "    ").rstrip()
        if row.strip():
            cells += [(number, m.start(), m[0]) for m in _CELL.finditer(row)]
    ordered = _by_columns(cells)
    lines = []
    for i, (number, column, text) in enumerate(ordered):
        before = ordered[i - 1] if i else None
        after = ordered[i + 1] if i + 1 < len(ordered) else None
        gap_before = before is None or not 0 <= number - before[0] <= 1
        gap_after = after is None or not 0 <= after[0] - number <= 1
        lines.append(_measure(number, column, text, gap_before, gap_after))
    return lines


def _measure(number: int, column: int, text: str, gap_before: bool, gap_after: bool) -> Line:
    bare, bullet = text, False
    while (mark := _BULLET.match(bare)) and mark.end():
        bare, bullet = bare[mark.end() :], True
    words = _WORD.findall(bare)
    lower = sum(not w[0].isupper() and not w[0].isdigit() for w in words)
    named = sum(not w[0].isdigit() for w in words)
    ends = bool(_SENTENCE_END.search(bare)) and not _TRAILING_OFF.search(bare)
    return Line(number, column, bare, bullet, len(words), lower / named if named else 0.0, ends, gap_before, gap_after)


def _by_columns(cells: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Cells in reading order: those of a run of rows that share columns, one column after the other."""
    rows: list[list[tuple[int, int, str]]] = []
    for cell in cells:
        if rows and rows[-1][0][0] == cell[0]:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    ordered: list[tuple[int, int, str]] = []
    table: list[list[tuple[int, int, str]]] = []
    starts: set[int] = set()
    waiting: list[list[tuple[int, int, str]]] = []
    for row in rows:
        if len(row) == 1:
            waiting.append(row)
            continue
        row_starts = {column // _SAME_COLUMN for _, column, _ in row[1:]}
        if table and not starts & {near for at in row_starts for near in (at - 1, at, at + 1)}:
            ordered += _read_table(table)
            table, starts = [], set()
        if table:
            table += waiting
        else:
            ordered += [cell for single in waiting for cell in single]
        waiting = []
        table.append(row)
        starts |= row_starts
    return ordered + _read_table(table) + [cell for single in waiting for cell in single]


# Cells of a column start within a few characters of each other: its list items and quotations are indented.
_SAME_COLUMN = 10


def _read_table(table: list[list[tuple[int, int, str]]]) -> list[tuple[int, int, str]]:
    column_of: dict[int, int] = {}
    before = column = 0
    for start in sorted({start for row in table for _, start, _ in row}):
        if start - before > _SAME_COLUMN:
            column += 1
        column_of[start] = column
        before = start
    return sorted((cell for row in table for cell in row), key=lambda cell: (column_of[cell[1]], cell[0]))
