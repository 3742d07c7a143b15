"""Sentences of an article: paragraphs first, then their sentences, by rules that look at both sides of a full stop."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tasks.lexicon.abbreviations import load_abbreviations

LONGEST_CHARS = 2000  # the longest sentence of 2,225 news articles has 1,100; the parser's memory grows with length
LONGEST_WORDS = 300
WIDEST_WRAP = 110  # characters; lines of hard-wrapped text are shorter, paragraphs of pasted pages longer
NARROWEST_WRAP = 40
LONGEST_DATELINE = 80  # characters up to the dash
CONTEXT = 40  # characters looked at on either side of a stop: bounds the work per stop

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
# Possessive, and not after another stop: one attempt per run, however long the run.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]»]*+(?=\s|$)")
_SPACE = re.compile(r"\s++")
_SPACED_CLOSER = re.compile(r"\s(?:''|[)\]”’»]|-RRB-|[:;=]-?[)(DP])(?=\s|$)")
_SPACED_QUOTE = re.compile(r"\s\"(?=\s|$)")
_OPENERS = "\"'“‘([«`„"
_MARKER = re.compile(r"\W{0,3}(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,5})")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.){1,6}[A-Za-z]")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_NAME_THEN_SPEECH = re.compile(
    r"(?:[A-Z][\w.'’-]{0,20}\s){1,4}(?:said|says|asked|asks|wrote|writes|added|replied|shouted|tweeted)\b"
)
_RULE = re.compile(r"(?<=\s)(?:\*{3,}+|_{3,}+|={3,}+|-{4,}+|~{3,}+|#{3,}+)(?=\s)")
# "Ann Lee 08/16/2000 12:05 PM Dear all": the stamp of a message or a comment
_STAMP = re.compile(r"(?<=\s)\d{1,2}/\d{1,2}/\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?+(?=\s|$)")
_ADDRESS = re.compile(r"(?<=[\w\"])>(?=\s+[A-Z])")
# "The bridge is closed.The mayor": a lost space, not "www.Example.com" nor "One.Tel"
_GLUED = re.compile(r"(?<=[a-z]{3})[.!?][\"”]?(?=[\"“]?[A-Z][a-z]{0,20}[\s,’'])")
_BULLET = re.compile(r"(?<=\s)[•▪●◦⁃‣]")
_LIST_START = re.compile(r"(\(?)(\d{1,2}|[a-z])(\.\)|\.|\))\s")
_DATELINE_WORD = re.compile(r"[A-Z(/][\w.'’/()-]*,?|\d{1,4}[.,]?|of|and|the|de|el|al|for|via")
_DASHES = frozenset({"-", "--", "–", "—"})
_CLAUSE_MARK = re.compile(r"[;:,–—](?=\s)|\s-(?=\s)")

# Words that begin sentences far more often than they continue a name: "in the U.S. He left" but "the U.S. Army".
STARTERS = frozenset(
    """
    A About According After Again Against All Also Although Among And Another Any Are As At Because Before Besides
    Both But By Can Could Despite Did Does During Each Earlier Either Even Every Everyone Few Finally First Following
    For From Further Furthermore Had Has Have He Her Here His How However I If In Instead Into Is It Its Just Last
    Later Like Many Meanwhile Moreover More Most Much My Neither Nevertheless Next No Nobody None Nor Not Nothing Now
    Of On Once One Only Or Other Others Our Over People Perhaps Please Quite Rather Recently She Should Since So Some
    Someone Soon Still Such Than That The Their Then There These They This Those Though Three Through Throughout Thus
    To Today Tomorrow Too Two Under Unfortunately Unless Unlike Until Upon Was We Were What When Where Whether Which
    While Who Whoever Whose Why With Within Without Would Yes Yesterday Yet You Your
    """.split()
)
_CLOCK_FOLLOWERS = frozenset(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December GMT EST EDT CST CDT MST MDT PST PDT UTC BST CET CEST IST JST ET CT PT Eastern
    Central Pacific Moscow
    """.split()
)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Character spans [start, end) of the sentences of `text`, in order, without surrounding white space.

    Paragraph and line breaks are boundaries, unless a line visibly runs on in the next one (hard-wrapped text). A
    dateline ("BAKU, Oct 3 (Reuters) -") is a sentence of its own. Sentences longer than 300 words or 2,000 characters
    are cut at a clause mark, else at a space. Text with spaces before its full stops (tokenised text) works as well.
    Time is linear in the length of the text.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        at = start
        cuts = _cuts(text, start, end)
        # a quotation mark alone at the end belongs to the last sentence
        if cuts and not text[cuts[-1] : end].strip(" \"'”’)]»."):
            cuts.pop()
        for cut in [*cuts, end]:
            if cut > at:
                spans.extend(_trimmed(text, at, cut))
                at = cut
    return spans


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without its outer white space, in pieces that the parser can bear; nothing where it is empty."""
    for a, b in _shortened(text, start, end):
        piece = text[a:b]
        bare = piece.strip()
        if bare:
            lead = len(piece) - len(piece.lstrip())
            yield a + lead, a + lead + len(bare)


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span cut so that no piece has more than LONGEST_CHARS characters or LONGEST_WORDS words."""
    while True:
        if end - start < 2 * LONGEST_WORDS:  # too short for so many words and the spaces between them
            yield start, end
            return
        limit = min(end, start + LONGEST_CHARS)
        spaces = [m.start() for m in _SPACE.finditer(text, start, limit)]
        if len(spaces) >= LONGEST_WORDS:
            limit = spaces[LONGEST_WORDS - 1]
        if limit == end:
            yield start, end
            return
        half = start + (limit - start) // 2
        marks = [m.end() for m in _CLAUSE_MARK.finditer(text, half, limit)]
        cut = marks[-1] if marks else next((s for s in reversed(spaces) if half < s <= limit), limit)
        yield start, cut
        start = cut


# --- paragraphs -----------------------------------------------------------------------------------------------------


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the paragraphs: lines, and runs of lines that were wrapped."""
    run: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        if text[start:end].isspace():
            yield from _unwrapped(text, run)
            run = []
        elif run and text[run[-1][1] : start].replace("\r\n", "\n") not in {"\n", "\r"}:
            yield from _unwrapped(text, run)
            run = [(start, end)]
        else:
            run.append((start, end))
    yield from _unwrapped(text, run)


def _unwrapped(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring lines joined where one runs on in the next."""
    width = max((end - start for start, end in lines), default=0)
    pairs = [(text[a:b].strip(), text[c:d].strip()) for (a, b), (c, d) in pairwise(lines)]
    runs_on = [_runs_on(first, second) for first, second in pairs]
    is_wrapped_text = len(lines) > 2 and NARROWEST_WRAP <= width <= WIDEST_WRAP and any(runs_on)
    start = lines[0][0] if lines else 0
    for i, (_, end) in enumerate(lines):
        if i + 1 < len(lines):
            first, second = pairs[i]
            # A line ends where the next word did not fit: "... said President" / "Aliyev on Monday ..."
            is_full = len(first) + 1 + len(second.split(maxsplit=1)[0]) > width
            if runs_on[i] or (is_wrapped_text and is_full):
                continue
        yield start, end
        if i + 1 < len(lines):
            start = lines[i + 1][0]


def _runs_on(first: str, second: str) -> bool:
    """Whether "It was a cold" continues in "night in the city.": no stop at the line's end, then a small letter."""
    if not second[0].islower() or first[-1] in '.!?…:;"”’)' or first[0].islower():
        return False
    return len(first.split(maxsplit=2)) > 2


# --- sentences of a paragraph ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stop:
    """A run of stop marks: what stands before it and after it."""

    marks: str
    closers: str
    word: str  # the word before, without opening punctuation
    is_spaced: bool  # "the end ." of tokenised text
    is_marker: bool  # nothing but a list marker stands between the last boundary and this stop
    opener: str  # opening punctuation of what follows
    following: str  # what follows, without opening punctuation
    length: int  # words of the sentence so far, CONTEXT + 1 where there are more
    ellipsis: int  # spaced dots just before this one
    is_last: bool  # nothing but dots and closing quotes follows


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Positions within the paragraph where one sentence ends and the next begins."""
    dateline = _dateline_end(text, start, end)
    marks = _marked_cuts(text, dateline, end)
    cuts = [dateline] if dateline > start else []
    at = dateline
    quotes, counted = 0, start
    for match in _STOP.finditer(text, dateline, end):
        while marks and marks[0] <= match.start():
            at = marks.popleft()
            cuts.append(at)
        stop_end = match.end()
        closer = _SPACED_CLOSER.match(text, stop_end, end)
        while closer:
            stop_end = closer.end()
            closer = _SPACED_CLOSER.match(text, stop_end, end)
        quote = _SPACED_QUOTE.match(text, stop_end, end)
        quotes += text.count('"', counted, stop_end)
        counted = stop_end
        if quote and quotes % 2:
            stop_end = quote.end()
        gap = _SPACE.match(text, stop_end, end)
        if gap is None or gap.end() == end:
            break
        if _is_boundary(_look(text, at, match, stop_end, gap.end(), end)):
            cuts.append(stop_end)
            at = stop_end
    return [*cuts, *marks]


def _marked_cuts(text: str, start: int, end: int) -> deque[int]:
    """Boundaries that layout marks, in order: around rules and stamps, before list items, where a space is lost."""
    cuts = set(_list_cuts(text, start, end))
    cuts.update(p for m in _RULE.finditer(text, start, end) for p in m.span())
    for stamp in _STAMP.finditer(text, start, end):
        # "annotations made on 04/25/01 12:42:55"
        if not text.endswith(("on ", "at "), start, stamp.start()):
            cuts.add(stamp.start())
        cuts.add(stamp.end())
    cuts.update(m.end() for m in _ADDRESS.finditer(text, start, end))
    for glued in _GLUED.finditer(text, start, end):
        word = text[max(start, glued.start() - CONTEXT) : glued.start()].split()[-1]
        if word.isalpha() and word.islower():
            cuts.add(glued.end())
    cuts.update(m.start() for m in _BULLET.finditer(text, start, end))
    return deque(sorted(cuts))


def _look(text: str, at: int, match: re.Match[str], stop_end: int, next_start: int, end: int) -> _Stop:
    run = match[0]
    marks = run.rstrip("\"'”’)]»")
    before = text[max(at, match.start() - CONTEXT) : match.start()]
    is_spaced = before[-1:].isspace()
    words = before.split()
    after = text[next_start : min(end, next_start + 2 * CONTEXT)]
    following = after.lstrip(_OPENERS)
    opener = after[: len(after) - len(following)]
    is_near = match.start() - at <= CONTEXT
    return _Stop(
        marks=marks,
        closers=text[match.start() + len(marks) : stop_end],
        word=words[-1].lstrip(_OPENERS) if words else "",
        is_spaced=is_spaced,
        is_marker=is_near and _MARKER.fullmatch(before.strip()) is not None,
        opener=opener,
        following=following.lstrip() if opener else following,
        length=len(words) if is_near else CONTEXT + 1,
        ellipsis=_trailing_dots(words),
        is_last=not after.strip(" .\"'”’)]"),
    )


def _trailing_dots(words: list[str]) -> int:
    count = 0
    while count < len(words) and words[-1 - count] == ".":
        count += 1
    return count


def _is_boundary(stop: _Stop) -> bool:
    first = stop.following[:1]
    if stop.marks.startswith("..") or "…" in stop.marks:
        return _ellipsis_ends(stop)
    if stop.is_marker:
        # "1. The first item": the number belongs to what follows
        return False
    if first.islower():
        return _ends_before_small_letter(stop)
    if "." not in stop.marks:
        # '"Is it over?" Mr Smith asked.': the question is part of the sentence
        is_quoted = any(mark in stop.closers for mark in "\"'”’")
        return not (is_quoted and _NAME_THEN_SPEECH.match(stop.following))
    if stop.is_spaced:
        # "what I mean . . . well": the dots of a spaced ellipsis are no stops, but for the fourth
        return first != "." and stop.ellipsis in {0, 3}
    if first == "." and not stop.opener:
        # "compounds. . . . The practice": the omission opens the next sentence
        return not stop.is_last
    if first in {":", ",", ";", ")"} and not stop.opener:
        return False
    return _full_stop_ends(stop)


def _ellipsis_ends(stop: _Stop) -> bool:
    first = stop.following[:1]
    if stop.word == "" and ("]" in stop.closers or ")" in stop.closers):
        # "the analogy [...] holds"
        return False
    word = _FIRST_WORD.match(stop.following)
    # "Nice people... I hear": "I" says nothing about a new sentence
    return not first.islower() and not (word and word[0] == "I" and len(stop.marks) == 3)


def _ends_before_small_letter(stop: _Stop) -> bool:
    """Careless writing ("i called. they came"): only after a plain word, and not out of a quotation or bracket."""
    if stop.closers:
        return False
    if "." not in stop.marks:
        # "the musical Mamma Mia! which", "a report by Which? magazine": part of a name
        is_name = stop.word[:1].isupper() and not stop.word.isupper() and stop.length > 1
        return not is_name and load_abbreviations().get(stop.word) != "name"
    if stop.is_spaced:
        return stop.word != "."
    word = stop.word
    if _kind(word) or _ACRONYM.fullmatch(word) or len(word) < 2:
        return False
    # "Sgt. of the guard", "mfg. plant": no vowel, so an abbreviation that no list has
    is_abbreviation = word.isalpha() and not word.isupper() and not re.search(r"[aeiouy]", word.lower())
    return not is_abbreviation


def _full_stop_ends(stop: _Stop) -> bool:
    """A full stop before anything but a small letter: an end, unless it closes an abbreviation."""
    word, kind = stop.word, _kind(stop.word)
    match = _FIRST_WORD.match(stop.following)
    following = match[0] if match else ""
    has_starter = following in STARTERS
    is_digit = stop.following[:1].isdigit()
    if kind in {"title", "never"}:
        return False
    if kind == "number":
        # "No. 5", "p. (iv)"; but "He said no. Then he left"
        return not (is_digit or "(" in stop.opener or (len(following) < 5 and following.isupper() and not has_starter))
    if kind == "month":
        return not is_digit
    if kind == "end":
        # "At 5 a.m. Mr. Smith", "at 6 p.m. Tuesday", "10 a.m. (CDT)"
        is_symbol = not following and not stop.opener
        return not (following in _CLOCK_FOLLOWERS or "(" in stop.opener or stop.length <= 3 or is_symbol)
    if kind in {"prefix", "suffix"} or len(word) == 1 or _ACRONYM.fullmatch(word):
        # "the U.S. Army", "Apple Inc. Chief Executive", "Jonas E. Smith"; but "in the U.S. He left"
        if len(word) == 1 and not word.isalpha():
            return True
        is_quotation = bool(stop.opener) and "(" not in stop.opener
        return stop.length > 1 and (has_starter or is_quotation)
    return True


def _kind(word: str) -> str | None:
    kinds = load_abbreviations()
    return kinds.get(word) or (kinds.get(word.capitalize()) if word.isupper() and len(word) > 1 else None)


def _list_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """For "1) First thing 2) Second thing": before each marker that continues the list which opens the paragraph."""
    lead = start
    while lead < end and text[lead].isspace():
        lead += 1
    match = _LIST_START.match(text, lead, end)
    if match is None:
        return
    opening, label, closing = match.groups()
    at = match.end()
    while at < end:
        label = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
        at = text.find(f" {opening}{label}{closing} ", at, end)
        if at < 0:
            return
        yield at
        at += 1


def _dateline_end(text: str, start: int, end: int) -> int:
    """Where the paragraph's dateline ends, after its dash: "BAKU, Oct 3 (Reuters) - Troops"; `start` without one."""
    words: list[str] = []
    for match in re.finditer(r"\S+", text[start : min(end, start + LONGEST_DATELINE)]):
        word = match[0]
        if word in _DASHES:
            is_place = bool(words) and len(words[0].strip(",.")) > 2 and words[0].isupper()
            is_agency = bool(words) and words[-1].endswith((")", "/"))
            # "NATO - the alliance of 32 states - agreed": after a dateline a sentence begins
            following = text[start + match.end() : start + match.end() + CONTEXT].lstrip(f" {_OPENERS}")
            is_dateline = (is_place or is_agency) and not following[:1].islower()
            return start + match.end() if is_dateline else start
        if not _DATELINE_WORD.fullmatch(word):
            return start
        words.append(word)
    return start
