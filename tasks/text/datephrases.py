"""Finds date phrases in English text: what they say, not yet which day it is.

A lexer gives every token of `datewords` its category; a phrase is a run of categories that a row of GRAMMAR
describes. The longest row wins, so "13 and 14 September 2022" is one phrase and not three. Which day a phrase means is
the business of `dateresolver`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from tasks.text.datewords import VOCABULARY, number_word


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePhrase:
    """A date phrase: characters [start, end) of its text, the row of the grammar, and its words by category.

    `role` says how the phrase bounds what it dates: "at", or "since", "until", "before", "after".
    """

    start: int
    end: int
    text: str
    row: str
    words: dict[str, list[Any]]
    role: str = "at"
    ends: tuple[DatePhrase, DatePhrase] | None = None  # both phrases of "from 3 February to 5 March"

    def first(self, category: str) -> Any:
        """The value of the phrase's first word of this category; None where there is none."""
        values = self.words.get(category)
        return values[0] if values else None


class Row(NamedTuple):
    """A form of date phrase: its name, the categories (or macros) in order, and what may stand before and after.

    `before` lists the categories of which one must precede, `unless` those that must not, `stop` those that must not
    follow, `close` those of which one must follow (the text's end counts).
    """

    name: str
    pattern: str
    example: str
    before: str = ""
    unless: str = ""
    stop: str = ""
    close: str = ""


MACROS = {
    "M": "(MONTH|NAME|MON DOT?)",
    "D": "(DAY|ORD)",
    "WD": "((WEEKDAY|WDAY DOT?) (COMMA|OPEN)?)",
    "Y": "(COMMA? of? YEAR)",
    "N": "(ABOUT|more than|less than|at least)? (A few|A couple of?|several|half A|NUM|A|DAY|COUNT)",
    "U": "(UNIT|UNITS)",
    "REL": "(LAST|THIS|NEXT)",
    "OFYEAR": "((COMMA|of|in)? YEAR|of? REL UNIT|of the UNIT)",
    "DD": "(DAYS|D (COMMA D)? COMMA? (and|or|TO|DASH) the? D)",
    "TURN": "(EDGE DASH?|(EARLIER|LATER) in|the? POINT of)",
}

_CONTEXT = "in of from TO between PREP AFTER BEFORE EDGE LAST THIS NEXT EARLIER LATER"
_OWNED = f"{_CONTEXT} the its their s"
_QUANTITY = "COUNTED MONEY"
_END = "DOT COMMA BREAK CLOSE DASH"

GRAMMAR = (
    # Days with their month.
    Row("iso", "WD? ISO", "2022-09-13"),
    Row("numeric", "WD? NUMERIC", "13/09/2022"),
    Row("day_month", "WD? the? D of? M Y?", "Tuesday, 13 September 2022", unless="MONEY"),
    Row("day_month", "WD? D DASH M DASH YEAR", "13-Sep-2022"),
    Row("day_month", "WD? M the? D Y?", "Sept. 13, 2022", stop=_QUANTITY),
    Row("days_month", "(between|from)? the? DD of? M Y?", "13 and 14 September"),
    Row("days_month", "(between|from)? M the? DD Y?", "September 13-14, 2022"),
    Row("nth", "the ORD", "the 13th", before="on TO", close=_END),
    # Months, seasons, quarters, years.
    Row("month", "TURN? M Y", "in late May 2021"),
    Row("month", "TURN? M", "in May", before=_OWNED),
    Row("month", "TURN M", "late May"),
    Row("month", "MONTH", "December's floods", close="APOS"),
    Row("month", "TURN? M of? REL UNIT", "June last year"),
    Row("month", "REL M", "last May"),
    Row("months", "TURN? M (and|or|TO|DASH (TO DASH)?) M (Y|of? REL UNIT)?", "May and June 2021", before=_OWNED),
    Row("year", "TURN? YEAR", "in 2014", before=f"{_OWNED} A", stop=_QUANTITY),
    Row("year", "YEAR", "2004's floods", close="APOS"),
    Row("year", "TURN YEAR", "early 2020", stop=_QUANTITY),
    Row("year", "YEAR", "(2014)", before="OPEN", close="CLOSE"),
    Row("years", "(between|from)? the? YEARS", "1991-94", before=f"{_CONTEXT} the OPEN"),
    Row("years", "between YEAR and YEAR", "between 2014 and 2016"),
    Row("list", "YEAR (COMMA YEAR)? COMMA? (and|or) YEAR", "in 1991 and 2020", before="in PREP DASH"),
    Row("decade", "the? TURN? DECADE", "the 1990s"),
    Row("decade", "the TURN? APOS? TENS", "the '90s"),
    Row("season", "the? TURN? (SEASON|FALL) Y", "the summer of 2020"),
    Row("season", "(EARLIER|LATER)? REL (SEASON|FALL)", "last summer"),
    Row("season", "the? TURN? SEASON", "in the spring", before="in PREP AFTER", stop="of"),
    Row("season", "TURN SEASON", "late summer"),
    Row("season", "SEASON REL UNIT", "in spring this year"),
    Row("quarter", "the? (NTH|LAST) DASH? quarter OFYEAR", "the third quarter of 2022"),
    Row("quarter", "NTH DASH quarter", "third-quarter results"),
    Row("quarter", "the NTH quarter", "in the third quarter", before="in of from PREP AFTER BEFORE for"),
    Row("quarter", "QUARTER OFYEAR?", "Q3 2022"),
    Row("quarter", "REL quarter", "last quarter"),
    Row("beside", "the? (PREVIOUS|FOLLOWING) quarter", "the previous quarter"),
    Row("half", "the? NTH half OFYEAR", "the first half of 2021"),
    # Days told from publication.
    Row("day", "(EARLIER|LATER|EDGE)? (TODAY|YESTERDAY|TOMORROW) PART?", "earlier today"),
    Row("day", "(EARLIER|LATER)? THIS PART", "this morning"),
    Row("last_night", "(EDGE)? LAST PART", "last night"),
    Row("day_beside", "the UNIT BEFORE YESTERDAY", "the day before yesterday"),
    Row("day_beside", "the UNIT AFTER TOMORROW", "the day after tomorrow"),
    Row(
        "weekday",
        "(EDGE on?)? (REL|the? PREVIOUS|the? FOLLOWING)? WEEKDAY PART? (of? REL UNIT)?",
        "late on Sunday",
        unless="NAMED",
        stop="PAPER",
    ),
    Row("weekday", "WDAY DOT? PART?", "on Tues. night", before="on"),
    Row("weekend", "(REL|PREVIOUS|FOLLOWING|THAT|the) (LAST|NEXT)? weekend", "over the weekend"),
    # Spans told from publication.
    Row("ago", "N (U|HOURS) ago", "three weeks ago"),
    Row("vague", "(U|long) ago", "years ago"),
    Row("vague", "(LAST|the LAST)? recent U", "in recent months", before="in PREP ABOUT"),
    Row("vague", "VAGUE", "recently", stop="as"),
    Row("vague", "(the|in) NEXT UNITS", "in the coming months"),
    Row("in_units", "in N U (APOS time)?", "in two weeks"),
    Row("window", "(the|its|their) LAST N? (U|HOURS)", "in the past two years", stop="of"),
    Row("edge_units", "the (NTH|LAST) (NUM|DAY) UNITS of (YEAR|M Y?|the UNIT|REL UNIT)", "the last two weeks of May"),
    Row("window", "(the|its|their) NEXT N (U|HOURS)", "over the next three days"),
    Row("window", "(LAST|NEXT) (NUM|DAY|few|several) (UNITS|HOURS)", "last two weeks"),
    Row("unit", "TURN? REL UNIT", "last week"),
    Row("unit", "TURN the UNIT", "the end of the year"),
    Row("unit", "(EARLIER|LATER) REL UNIT", "earlier this month"),
    # Told from the date before it in the text.
    Row("that", "(on|in)? (THAT|the THAT) (UNIT|PART)", "the same day"),
    Row("that", "(EARLIER|LATER) (in the|THAT) UNIT", "later that year"),
    Row("beside", "the? (NEXT|FOLLOWING|PREVIOUS) (UNIT|PART)", "the next day"),
    Row("beside", "the UNIT (BEFORE|AFTER)", "the day before", close=_END),
    Row("shifted", "N U (EARLIER|LATER)", "a week earlier", stop="than"),
    Row("shifted", "N U (BEFORE|AFTER)", "two days before", close=_END),
    Row("distance", "(N|the) (U|HOURS) (BEFORE|AFTER|FOLLOWING|PREVIOUS TO)", "two days after"),
    # Feasts.
    Row("feast", "(LAST|THIS|NEXT)? (Christmas|New Year APOS s) (Day|Eve)", "New Year's Eve"),
    Row("feast", "(Boxing|Valentine APOS s) Day", "Boxing Day"),
    Row("feast", "(REL)? (Good WEEKDAY|Easter WEEKDAY)", "Good Friday"),
    Row("feast", "REL (Christmas|Easter|Thanksgiving|Halloween)", "last Easter"),
    Row("feast", "(Christmas|Easter|Thanksgiving|Halloween)", "at Christmas", before="at on PREP BEFORE AFTER"),
)

_OTHER = "\x00"  # a token outside the vocabulary; no row names it
_TOKEN = re.compile(r"[A-PR-Za-pr-z][^\W\d_]*|[Qq][1-4]\b|\d+(?:[-–/.:,T]\d+)*[^\W_]*|[^\W\d_]+|\n|[^\w\s]")
# A stretch of known words without one of these holds no date.
_CORE = (
    "ISO", "NUMERIC", "DAYS", "YEARS", "YEAR", "MONTH", "NAME", "MON", "WEEKDAY", "WDAY", "ORD", "DECADE", "TENS",
    "SEASON", "FALL", "QUARTER", "quarter", "half", "TODAY", "YESTERDAY", "TOMORROW", "PART", "weekend", "ago",
    "recent", "VAGUE", "UNIT", "UNITS", "HOURS", "christmas", "easter", "thanksgiving", "halloween", "year", "day",
)  # fmt: skip
_NUMBER_CATEGORIES = ("DAY", "ORD", "COUNT", "YEAR", "YEARS", "DAYS", "ISO", "NUMERIC", "DECADE", "TENS")
# "from Tuesday" opens a span as "since Tuesday" does
_ROLES = {"after": "after", "before": "before", "until": "until", "till": "until", "since": "since", "from": "since"}


class _Fragment(NamedTuple):
    """A piece of a row as a regular expression over letters, the letters it can start with, whether it can be empty."""

    expression: str
    starts: frozenset[str]
    empty: bool


class _Compiled(NamedTuple):
    """The grammar over one letter a token."""

    letters: dict[str, str]
    words: dict[str, str]  # the letter of each word of the vocabulary
    rows: dict[str, tuple[tuple[Row, re.Pattern[str]], ...]]  # by the letter they start with
    stretches: re.Pattern[str]


def _name(word: str) -> str:
    return word if word.isupper() else word.lower()


def _parse_row(pattern: str, letters: dict[str, str]) -> _Fragment:
    """The row's words, groups, alternatives and "?" as one expression; KeyError for a word outside the vocabulary."""
    parts = re.findall(r"\w+|[()|?]", pattern)
    at = 0

    def alternatives() -> _Fragment:
        nonlocal at
        branches = [sequence()]
        while at < len(parts) and parts[at] == "|":
            at += 1
            branches.append(sequence())
        expression = "|".join(b.expression for b in branches)
        starts = frozenset().union(*(b.starts for b in branches))
        return _Fragment(f"(?:{expression})", starts, any(b.empty for b in branches))

    def sequence() -> _Fragment:
        nonlocal at
        expression, starts, empty = "", frozenset[str](), True
        while at < len(parts) and parts[at] not in "|)":
            part = parts[at]
            at += 1
            if part == "(":
                piece = alternatives()
                at += 1
            elif part in MACROS:
                piece = _parse_row(MACROS[part], letters)
            else:
                letter = letters[_name(part)]
                piece = _Fragment(letter, frozenset(letter), False)
            if at < len(parts) and parts[at] == "?":
                at += 1
                piece = _Fragment(f"(?:{piece.expression})?", piece.starts, True)
            expression += piece.expression
            starts, empty = (starts | piece.starts if empty else starts), empty and piece.empty
        return _Fragment(expression, starts, empty)

    return alternatives()


@cache
def _compiled() -> _Compiled:
    """GRAMMAR ready to match: built once a process, since VOCABULARY is fixed."""
    categories = sorted({word.category for word in VOCABULARY.values()} | set(_NUMBER_CATEGORIES))
    letters = {name: chr(0x100 + i) for i, name in enumerate(categories)}

    def some(names: str) -> str:
        return "[" + "".join(letters[_name(name)] for name in names.split()) + "]"

    rows: dict[str, list[tuple[Row, re.Pattern[str]]]] = {}
    for row in GRAMMAR:
        body = _parse_row(row.pattern, letters)
        before = f"(?<={some(row.before)})" if row.before else ""
        unless = f"(?<!{some(row.unless)})" if row.unless else ""
        stop = f"(?!{some(row.stop)})" if row.stop else ""
        close = f"(?={some(row.close)}|\\Z)" if row.close else ""
        expression = re.compile(f"{before}{unless}{body.expression}{stop}{close}")
        for letter in sorted(body.starts):
            rows.setdefault(letter, []).append((row, expression))
    core = some(" ".join(_CORE))
    stretches = re.compile(f"{core}[^{_OTHER}]*")
    words = {word: letters[known.category] for word, known in VOCABULARY.items()}
    return _Compiled(letters, words, {k: tuple(v) for k, v in rows.items()}, stretches)


def find_date_phrases(text: str) -> list[DatePhrase]:
    """The date phrases of a text, in order, none overlapping another.

    A phrase does not cross a line break. Durations ("for two days"), quantities ("2,020 cases"), bare month names and
    bare four-digit numbers are none.
    """
    grammar = _compiled()
    tokens = _TOKEN.findall(text)
    known, letters = grammar.words, grammar.letters
    line = "".join([letters[number_word(t).category] if t[0].isdigit() else known.get(t, _OTHER) for t in tokens])
    hits = list(_match_rows(line, grammar))
    starts = _token_starts(text, tokens[: hits[-1][2]]) if hits else []
    return _join_ranges([_phrase(text, row, tokens, starts, first, end) for row, first, end in hits], text)


def _match_rows(line: str, grammar: _Compiled) -> Iterator[tuple[Row, int, int]]:
    """The rows that match the letters of a text, from left to right, each with its tokens [first, end)."""
    at = 0
    for stretch in grammar.stretches.finditer(line):
        # The stretch begins with its first core word; the words before it may belong to the phrase.
        start = line.rfind(_OTHER, at, stretch.start()) + 1 or at
        at = max(at, start)
        while at < stretch.end():
            best, best_end = None, at
            for row, expression in grammar.rows.get(line[at], ()):
                if (hit := expression.match(line, at)) and hit.end() > best_end:
                    best, best_end = row, hit.end()
            if best is None:
                at += 1
                continue
            yield best, at, best_end
            at = best_end


def _token_starts(text: str, tokens: Sequence[str]) -> list[int]:
    """The character each token starts at: only blanks and underscores, which begin none, stand between tokens."""
    starts = []
    at = 0
    for token in tokens:
        at = text.index(token, at)
        starts.append(at)
        at += len(token)
    return starts


def _phrase(text: str, row: Row, tokens: Sequence[str], starts: Sequence[int], first: int, end: int) -> DatePhrase:
    words: dict[str, list[Any]] = {}
    for token in tokens[first:end]:
        word = number_word(token) if token[0].isdigit() else VOCABULARY[token]
        words.setdefault(word.category, []).append(word.value)
    role = _ROLES.get(tokens[first - 1].lower(), "at") if first else "at"
    start, stop = starts[first], starts[end - 1] + len(tokens[end - 1])
    return DatePhrase(start=start, end=stop, text=text[start:stop], row=row.name, words=words, role=role)


_JOIN = re.compile(r"\s*(?:to|until|till|through|and|-|–|—)\s*(?:the\s+)?\Z", re.IGNORECASE)
_OPENING = re.compile(r"\b(between|from)\s+(?:the\s+)?\Z", re.IGNORECASE)
_DASHES = ("-", "–", "—")
_ENDS = frozenset({"iso", "numeric", "day_month", "month", "year", "weekday", "nth"})


def _join_ranges(phrases: list[DatePhrase], text: str) -> list[DatePhrase]:
    """ "from 3 February to 5 March", "between 2014 and 2016", "Monday to Friday": two phrases become one range."""
    joined: list[DatePhrase] = []
    for phrase in phrases:
        last = joined[-1] if joined else None
        if last and last.ends is None and last.row in _ENDS and phrase.row in _ENDS and _is_range(last, phrase, text):
            opening = _OPENING.search(text, max(0, last.start - 14), last.start)
            start = opening.start(1) if opening else last.start
            joined[-1] = DatePhrase(
                start=start, end=phrase.end, text=text[start : phrase.end], row="range", words={}, ends=(last, phrase)
            )
            continue
        joined.append(phrase)
    return joined


def _is_range(left: DatePhrase, right: DatePhrase, text: str) -> bool:
    between = text[left.end : right.start]
    if len(between) > 12 or not _JOIN.match(between):
        return False
    if between.strip().lower().startswith("and"):
        opening = _OPENING.search(text, max(0, left.start - 14), left.start)
        return opening is not None and opening[1].lower() == "between"
    return between.strip() in _DASHES or _grade(left) == _grade(right)


def _grade(phrase: DatePhrase) -> str:
    return "day" if phrase.row in ("iso", "numeric", "day_month", "nth") else phrase.row
