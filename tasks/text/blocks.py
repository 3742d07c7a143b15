"""Where in a page the article stands: its stretch of prose, its headline, and what interrupts it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.contracts.codes import DropReason
from tasks.text.lines import Line
from tasks.text.markers import Reach, is_comment_sign, is_post_signature, mark

_KEY = re.compile(r"[^\W_]+")
_STOP_TEXT = """
    the a an of to in on for and at by with from as is are was were be been has have had it its that this will would
    after over says said say new not but who how what why when his her he she they their we our you your i or into up
    out
"""
_STOP = frozenset(_STOP_TEXT.split())


@dataclass(frozen=True, slots=True)
class Layout:
    """The page's lines with what each was taken for: None is the article's, else why it is not; and the headline."""

    lines: tuple[Line, ...]
    reasons: tuple[DropReason | None, ...]
    headline: int | None


def content_words(text: str) -> list[str]:
    """The words of a line that carry meaning, in lower case."""
    return [w for w in _KEY.findall(text.lower()) if len(w) > 1 and w not in _STOP]


def lay_out(lines: Sequence[Line], *, title: str | None = None) -> Layout:
    """What of the page is the article: every line gets None or its reason.

    `title` is the headline where it is known.
    """
    n = len(lines)
    of_text = {line.text: mark(line) for line in {line.text: line for line in lines}.values()}
    signatures = {text for text, line in {line.text: line for line in lines}.items() if is_post_signature(line)}
    marks = [of_text[line.text] for line in lines]
    counts = Counter(line.text for line in lines)
    reasons: list[DropReason | None] = [m[0] if m else None for m in marks]
    for i, line in enumerate(lines):
        if reasons[i] is None and i and line.text == lines[i - 1].text and line.words >= 4:
            # A picture's alternative text above the caption that says the same, a teaser's above its headline.
            reasons[i] = reasons[i - 1] = DropReason.CAPTION
        if reasons[i] is None and i and not line.gap_before and reasons[i - 1] in _BOXES and line.words <= _BOX_LINE:
            reasons[i] = reasons[i - 1]
        if line.text in signatures:
            reasons[max(0, i - 1)] = reasons[i] = DropReason.RELATED
    asides = _asides(lines, marks, reasons)
    first, last = _stretch([_weight(line, r, a, counts) for line, r, a in zip(lines, reasons, asides, strict=True)])
    if last < first:
        return Layout(tuple(lines), tuple(r or DropReason.NOT_ARTICLE for r in reasons), None)
    headline = _headline(lines, reasons, asides, first, last, title)
    start = first if headline is None else headline
    if headline is not None:
        _end_aside_at(asides, headline)
    for i in range(n):
        if i == headline:
            reasons[i] = None
        elif reasons[i] is not None:
            continue
        elif i < start:
            reasons[i] = DropReason.TICKER if _ticker_like(lines[i]) else DropReason.NAVIGATION
        elif i > last:
            reasons[i] = asides[i] or (DropReason.NOT_ARTICLE if lines[i].prose else DropReason.FOOTER)
        elif asides[i]:
            reasons[i] = asides[i]
    _drop_other_columns(lines, reasons, headline)
    _drop_inserts(lines, reasons, start, last, headline)
    _drop_second_copies(lines, reasons, headline)
    return Layout(tuple(lines), tuple(reasons), headline)


# "Become a member and keep the news coming" / "From five euros a month. Join today": the lines of one box.
_BOXES = (DropReason.NEWSLETTER, DropReason.COOKIES, DropReason.ADVERTISEMENT)
_BOX_LINE = 15


def _end_aside_at(asides: list[DropReason | None], headline: int) -> None:
    """The headline ends a list of other stories that began above it."""
    began = asides[headline]
    i = headline
    while began and i < len(asides) and asides[i] is began:
        asides[i] = None
        i += 1


def _ticker_like(line: Line) -> bool:
    return line.words >= 8


# --- asides -----------------------------------------------------------------------------------------------------

# An article of fewer words has no comments yet: the marker is a link above it ("12 comments").
_COMMENTABLE = 60
# A comment seldom has so many paragraphs in a row; an article that goes on below a link "Comments" has.
_LONG_RUN = 4
_SIGN_DISTANCE = 15
_OTHER_COLUMN = 12
# Below a menu "Most popular" that no article stands above, a paragraph of so many words begins one.
_FULL_PARAGRAPH = 25


def _asides(
    lines: Sequence[Line], marks: Sequence[tuple[DropReason, Reach] | None], reasons: Sequence[DropReason | None]
) -> list[DropReason | None]:
    """For each line the section of other matter it stands in ("Related News", comments), or None."""
    asides: list[DropReason | None] = [None] * len(lines)
    aside: DropReason | None = None
    since, final = 0, False
    article = best = 0.0
    signs = _comment_signs(lines)
    for i, line in enumerate(lines):
        found = marks[i]
        if i in signs and best >= _COMMENTABLE:
            aside, since, final = DropReason.COMMENTS, i, True
        if found and found[1] in (Reach.REST, Reach.TAB) and best >= _COMMENTABLE:
            aside, since, final = found[0], i, final or found[1] is Reach.REST
        elif found and found[1] is Reach.ASIDE and aside not in (DropReason.COMMENTS, DropReason.FOOTER):
            aside, since = found[0], i
        elif aside in (DropReason.COMMENTS, DropReason.FOOTER):
            if not final and _long_run(lines, reasons, i):
                aside = None
        elif aside and abs(line.column - lines[since].column) > _OTHER_COLUMN:
            aside = None
        elif aside and _paragraph(lines, reasons, i):
            begins = best < _COMMENTABLE and lines[i].ends and lines[i].words >= _FULL_PARAGRAPH
            if begins or _goes_on(lines, reasons, i, since):
                aside = None
        asides[i] = aside
        article = max(0.0, article + _weight(line, reasons[i], aside, {}))
        best = max(best, article)
    return asides


def _comment_signs(lines: Sequence[Line]) -> frozenset[int]:
    """Where lines that go with a comment come back: at least three, none far from the next."""
    distinct = {line.text: line for line in lines}
    sign = {text for text, line in distinct.items() if is_comment_sign(line)}
    signs = [i for i, line in enumerate(lines) if line.text in sign]
    close = [a for a, b in pairwise(signs) if b - a <= _SIGN_DISTANCE]
    return frozenset(close) if len(close) >= 2 else frozenset()


def _long_run(lines: Sequence[Line], reasons: Sequence[DropReason | None], i: int) -> bool:
    return all(_paragraph(lines, reasons, j) and lines[j].alone for j in range(i, i + _LONG_RUN))


def _paragraph(lines: Sequence[Line], reasons: Sequence[DropReason | None], i: int) -> bool:
    return 0 <= i < len(lines) and reasons[i] is None and lines[i].prose and not lines[i].bullet


# An insert has few lines; below a longer list of other matter the article must go on with three paragraphs.
_LONG_ASIDE = 12


def _goes_on(lines: Sequence[Line], reasons: Sequence[DropReason | None], i: int, since: int) -> bool:
    """The article goes on at paragraph `i`: two in a row, or a lone one close behind the marker."""
    if _paragraph(lines, reasons, i + 1):
        return lines[i].ends and (i - since <= _LONG_ASIDE or _paragraph(lines, reasons, i + 2))
    # The next line that is no marker is a paragraph: "Related news" and its headlines stand between two of the text.
    follower = next((j for j in range(i + 1, min(i + 5, len(lines))) if reasons[j] is None), None)
    return lines[i].ends and i - since <= 4 and follower is not None and _paragraph(lines, reasons, follower)


# --- the stretch of prose -----------------------------------------------------------------------------------------

_LONGEST_CREDIT = 60
_MARK_COST, _LABEL_COST, _BULLET_COST = 6.0, 3.0, 5.0


def _weight(line: Line, reason: DropReason | None, aside: DropReason | None, counts: Mapping[str, int]) -> float:
    """How much a line speaks for (over 0) or against the article's standing here."""
    if aside in (DropReason.COMMENTS, DropReason.FOOTER):
        return -float(max(line.words, 5))
    if reason is DropReason.CAPTION:
        return -1.0
    if reason:
        return -_MARK_COST
    if aside:
        return -4.0
    if line.words < 12 and counts.get(line.text, 0) > 2:
        return -_MARK_COST
    if line.prose:
        credit = float(min(line.words, _LONGEST_CREDIT))
        return credit * (0.3 if line.bullet else 1.0)
    if line.bullet:
        return -_BULLET_COST
    if line.ends and line.words >= 2:
        return min(line.words, 8) * 0.5
    return -_LABEL_COST


def _stretch(weights: Sequence[float]) -> tuple[int, int]:
    """First and last index of the run with the greatest sum (Kadane); (0, -1) where every weight is negative."""
    best, best_span = 0.0, (0, -1)
    total, start = 0.0, 0
    for i, weight in enumerate(weights):
        if total <= 0:
            total, start = 0.0, i
        total += weight
        if total > best:
            best, best_span = total, (start, i)
    return best_span


# --- headline -----------------------------------------------------------------------------------------------------

_LOOK_BACK = 60
_UNMISTAKABLE = 60  # words: no ticker's or teaser's line is so long
_HEADED = 40  # lines below a headline in which its words come back
_MIN_STANDFIRST = 8
_MIN_HEADLINE, _MAX_HEADLINE = 3, 28


def _headline(
    lines: Sequence[Line],
    reasons: Sequence[DropReason | None],
    asides: Sequence[DropReason | None],
    first: int,
    last: int,
    title: str | None,
) -> int | None:
    """The line that heads the article: its words come back in the text, it stands alone and close above the prose."""
    stop = _second_paragraph(lines, reasons, first, last)
    wanted = set(content_words(title or ""))
    best, best_score = None, 0.0
    for i in range(max(0, first - _LOOK_BACK), stop):
        line = lines[i]
        if not _MIN_HEADLINE <= line.words <= _MAX_HEADLINE or (reasons[i] and reasons[i] is not DropReason.REPEATED):
            continue
        if line.bullet and not wanted:
            continue
        words = set(content_words(line.text))
        if not words:
            continue
        score = _overlap(lines, reasons, i, last) * min(len(words), 6)
        if wanted and len(words & wanted) / len(words | wanted) > 0.6:
            score += 20
        score += 1.0 if line.alone else 0.0
        score += 1.5 if _credits_follow(reasons, i) else 0.0
        score -= 0.08 * max(0, first - i)
        score -= 0.0 if not line.text.endswith(".") else 6.0 if line.prose else 1.5
        score -= sum(_cost_above(lines[j]) for j in range(first, i) if _paragraph(lines, reasons, j))
        if score > best_score and score >= 1.5:
            best, best_score = i, score
    if best is None:
        return _label_above(lines, reasons, first)
    return _above_standfirst(lines, reasons, best, last)


def _label_above(lines: Sequence[Line], reasons: Sequence[DropReason | None], first: int) -> int | None:
    """The label that stands alone right above the text, though none of its words come back: "No pain, no gain?"."""
    i = first - 1
    while i > 0 and reasons[i] in (DropReason.METADATA, DropReason.CAPTION, DropReason.CREDIT):
        i -= 1
    if i < 0 or (reasons[i] is not None and not (i == 0 and reasons[i] is DropReason.READ_MORE)):
        return None
    line = lines[i]
    is_label = line.alone and not line.bullet and _MIN_HEADLINE <= line.words <= _MAX_HEADLINE
    return i if is_label and not line.text.endswith(".") else None


def _overlap(lines: Sequence[Line], reasons: Sequence[DropReason | None], i: int, last: int) -> float:
    """The share of the line's content words that come back in the paragraphs below it."""
    words = set(content_words(lines[i].text))
    body: set[str] = set()
    for j in range(i + 1, min(last + 1, i + _HEADED)):
        if _paragraph(lines, reasons, j):
            body.update(content_words(lines[j].text))
    return len(words & body) / len(words) if words else 0.0


def _above_standfirst(
    lines: Sequence[Line], reasons: Sequence[DropReason | None], best: int | None, last: int
) -> int | None:
    """The line above, where the one found is the standfirst between headline and text."""
    if best is None or best == 0 or reasons[best - 1] is not None:
        return best
    above, line = lines[best - 1], lines[best]
    is_standfirst = line.words > _MIN_STANDFIRST and line.lower >= 0.6 and line.alone
    is_headline = above.alone and not above.bullet and 4 <= above.words <= 16
    return best - 1 if is_standfirst and is_headline and _overlap(lines, reasons, best - 1, last) >= 0.6 else best


def _cost_above(line: Line) -> float:
    """What a paragraph above the headline costs: little within a block without gaps, as a ticker's lines stand."""
    return line.words * (0.1 if line.gap_before or line.gap_after else 0.04)


def _second_paragraph(lines: Sequence[Line], reasons: Sequence[DropReason | None], first: int, last: int) -> int:
    """Where the text is surely under way: the second of two paragraphs that stand apart in a row."""
    words = 0
    for i in range(first, last):
        if not _paragraph(lines, reasons, i):
            continue
        words += lines[i].words if lines[i].alone else 0
        if (_paragraph(lines, reasons, i + 1) and lines[i].gap_after) or max(words, lines[i].words) >= _UNMISTAKABLE:
            return i + 1
    return last + 1


def _credits_follow(reasons: Sequence[DropReason | None], i: int) -> bool:
    return DropReason.METADATA in reasons[i + 1 : i + 5]


_STANDFIRST = 4
# Characters: wider than the indent of a quotation, narrower than a column of text.
_FAR = 36


def _drop_other_columns(lines: Sequence[Line], reasons: list[DropReason | None], headline: int | None) -> None:
    """Marks what stands beside the article, in another column of the same rows."""
    words: Counter[int] = Counter()
    for i, line in enumerate(lines):
        if reasons[i] is None and line.prose:
            words[line.column] += line.words
    if not words:
        return
    main = min(words, key=lambda column: (-words[column], column))
    rows = [line.number for i, line in enumerate(lines) if reasons[i] is None and line.column == main]
    for i, line in enumerate(lines):
        beside = (
            line.column - main > _FAR
            and 2 * words[line.column] < words[main]
            and min(rows) - 1 <= line.number <= max(rows)
        )
        if reasons[i] is None and i != headline and beside:
            reasons[i] = DropReason.RELATED


# --- inserts ------------------------------------------------------------------------------------------------------


def _drop_inserts(
    lines: Sequence[Line], reasons: list[DropReason | None], start: int, last: int, headline: int | None
) -> None:
    """Marks labels between the paragraphs that are no subheads: runs of teasers, loose list items, section names."""
    inside = [i for i in range(start, last + 1) if reasons[i] is None and i != headline]
    label = {i for i in inside if not lines[i].prose and not (lines[i].ends and lines[i].words >= 2)}
    first = next((i for i in inside if lines[i].prose), start)
    for i in inside:
        if i not in label:
            continue
        line = lines[i]
        run = (i - 1 in label) or (i + 1 in label)
        near_next = i + 1 <= last and reasons[i + 1] is None and lines[i + 1].prose
        long_enough = line.words >= 12 and line.lower >= 0.5
        if line.bullet:
            if line.words < 6 or line.lower < 0.4:
                reasons[i] = DropReason.NAVIGATION
        elif headline is not None and i - headline <= _STANDFIRST and line.words >= 6 and line.lower >= 0.4:
            continue  # a standfirst below the headline, without a full stop
        elif i < first and line.words < 6:
            reasons[i] = DropReason.METADATA  # "AGENCY REPORT", a name: no subhead stands above the first paragraph
        elif (run and not long_enough) or (not near_next and not long_enough):
            reasons[i] = DropReason.RELATED


def _drop_second_copies(lines: Sequence[Line], reasons: list[DropReason | None], headline: int | None) -> None:
    seen: set[str] = set()
    if headline is not None:
        seen.add(lines[headline].text)
    for i, line in enumerate(lines):
        if reasons[i] is not None or i == headline:
            continue
        if line.words >= 4 and line.text in seen:
            reasons[i] = DropReason.REPEATED
        seen.add(line.text)
