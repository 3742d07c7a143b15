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
    parts: tuple[str, ...] = ()
    """The physical lines of a hard-wrapped paragraph, from `number` on; empty for a line that stands as it is."""

    prose: bool = False
    """It reads as a sentence of a text, not as a label."""

    @property
    def alone(self) -> bool:
        """Blank lines (or nothing) on both sides."""
        return self.gap_before and self.gap_after


# Of the lines of 8 words and more that end as sentences, with at least 40 % of the words in lower case, 9 in 10 are
# article text; headlines in title case stay under 40 %.
PROSE_WORDS = 8
PROSE_LOWER = 0.4
LONG_WORDS = 25
_ENDING = 16  # characters: a sentence's stop with quotes, brackets and a footnote's number


def split_lines(page: str) -> list[Line]:
    """The non-blank lines of a normalised page; tables that hold the page's columns are read column by column."""
    cells: list[tuple[int, int, str]] = []
    for number, raw in enumerate(page.split("\n"), 1):
        row = raw.replace("\t", "    ").rstrip()
        if row.strip():
            cells += [(number, m.start(), m[0]) for m in _CELL.finditer(row)]
    ordered = _unwrap(_by_columns(cells))
    lines = []
    measured: dict[str, _Measures] = {}
    for i, (number, column, parts) in enumerate(ordered):
        before = ordered[i - 1] if i else None
        after = ordered[i + 1] if i + 1 < len(ordered) else None
        text = " ".join(parts)
        m = measured[text] = measured.get(text) or _measure(text)
        lines.append(
            Line(
                number=number,
                column=column,
                text=m.text,
                bullet=m.bullet,
                words=m.words,
                lower=m.lower,
                ends=m.ends,
                gap_before=before is None or not 0 <= number - before[0] - len(before[2]) + 1 <= 1,
                gap_after=after is None or not 0 <= after[0] - number - len(parts) + 1 <= 1,
                parts=parts if len(parts) > 1 else (),
                prose=m.prose,
            )
        )
    return lines


# Text broken at a fixed width has lines of 50 to 100 characters that break within the sentence. 0.4: shares of breaks
# before a lower-case letter in English prose are near 0.8, between the items of a menu or a ticker under 0.1.
_WRAP_WIDTH = range(45, 111)
_WRAP_RAGGED = 24
_WRAP_LOWER = 0.4


def _unwrap(cells: list[tuple[int, int, str]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Cells with the lines of each hard-wrapped paragraph together."""
    blocks: list[list[tuple[int, int, str]]] = []
    for cell in cells:
        before = blocks[-1][-1] if blocks else None
        joins = before and cell[0] == before[0] + 1 and abs(cell[1] - before[1]) <= 4 and len(before[2]) in _WRAP_WIDTH
        if joins and not _BULLET.match(cell[2]):
            blocks[-1].append(cell)
        else:
            blocks.append([cell])
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for block in blocks:
        if _is_wrapped([text for _, _, text in block]):
            found.append((block[0][0], block[0][1], tuple(text for _, _, text in block)))
        else:
            found += [(number, column, (text,)) for number, column, text in block]
    return found


def _is_wrapped(texts: list[str]) -> bool:
    if len(texts) < 2:
        return False
    widths = [len(text) for text in texts[:-1]]
    lower = sum(text[0].islower() for text in texts[1:])
    return max(widths) - min(widths) <= _WRAP_RAGGED and lower >= _WRAP_LOWER * len(widths)


@dataclass(frozen=True, slots=True)
class _Measures:
    """What a line's text alone tells."""

    text: str
    bullet: bool
    words: int
    lower: float
    ends: bool
    prose: bool


def _measure(text: str) -> _Measures:
    bullet = False
    while (mark := _BULLET.match(text)) and mark.end():
        text, bullet = text[mark.end() :], True
    words = _WORD.findall(text)
    lower = sum(not w[0].isupper() and not w[0].isdigit() for w in words)
    named = sum(not w[0].isdigit() for w in words)
    share = lower / named if named else 0.0
    ends = bool(_SENTENCE_END.search(text, max(0, len(text) - _ENDING))) and not _TRAILING_OFF.search(text[-_ENDING:])
    return _Measures(text, bullet, len(words), share, ends, _is_prose(text, len(words), share, ends))


def _is_prose(text: str, words: int, lower: float, ends: bool) -> bool:
    bars = text.count(" | ")
    if lower < PROSE_LOWER or (bars > 1 and words < 15 * bars):
        return False
    return (words >= PROSE_WORDS and ends) or (words >= LONG_WORDS and bool(_INNER_END.search(text)))


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


# Characters: a cell of running text; menus and teasers are shorter.
_TEXT_CELL = 60


def _read_table(table: list[list[tuple[int, int, str]]]) -> list[tuple[int, int, str]]:
    column_of: dict[int, int] = {}
    before = column = 0
    for start in sorted({start for row in table for _, start, _ in row}):
        if start - before > _SAME_COLUMN:
            column += 1
        column_of[start] = column
        before = start
    text_at: dict[int, int] = {}
    for row in table:
        for _, start, text in row if len(row) > 1 else ():
            if len(text) >= _TEXT_CELL:
                text_at[start] = text_at.get(start, 0) + len(text)
    main = min(text_at, key=lambda start: (-text_at[start], start)) if text_at else 0
    # Pasting may lose the blanks before a row's only cell: running text then goes with the column of running text.
    cells = [
        (number, main if len(row) == 1 and start == 0 and len(text) >= _TEXT_CELL else start, text)
        for row in table
        for number, start, text in row
    ]
    return sorted(cells, key=lambda cell: (column_of[cell[1]], cell[0]))
