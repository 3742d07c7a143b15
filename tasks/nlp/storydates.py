"""The dates of an article as a whole: its phrases in order, its anchors, and the day its story is of."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from dataclasses import replace

from spacy.attrs import IS_PUNCT, IS_SPACE

from tasks.nlp.datechoice import ArticleDates, PlacedPhrase, choose_phrase, verb_frame
from tasks.nlp.dateclauses import read_hanging
from tasks.nlp.parse import Parse
from tasks.nlp.tenses import is_announcing
from tasks.text.datelines import top_dates
from tasks.text.datephrases import DatePhrase, find_date_phrases
from tasks.text.dateresolver import Anchor, resolve_phrase, written_day_first
from tasks.text.periods import Period

STORY_DAYS = 7  # a lead that tells of an older day tells of background
DATELINE_DAYS = 3  # a dateline lies at most this far before publication
TOP_SENTENCES = 4  # how far down a report dates the story
_SENTENCE_ENDS = frozenset({".", "!", "?", '"', "”", "''", "’"})
# A sentence without one of these has no past perfect and no "previously": the parse need not be asked.
_BACKGROUND = re.compile(r"\b(?:had|previously|formerly|earlier|once|originally)\b|['’]d\b", re.IGNORECASE)
_QUOTE = re.compile(r"[\"“”«»„]|``|''")
_RELATIVE = frozenset({"WDT", "WP", "WRB", "WP$"})
GOVERNED = 8  # sentences that a date at the head of a paragraph is carried on to
MOST_PHRASES = 12  # of a sentence; longer lists are tables and calendars
LEAD_WORDS = 5  # shorter lines that end in a full stop are credits and the like


def read_dates(parse: Parse, *, published: datetime.date | None, day_first: bool) -> ArticleDates:
    """The article's date phrases and anchors."""
    text = parse.text
    phrases = find_date_phrases(text)
    day, source = published, "publication" if published else "none"
    told = written_day_first(phrases)
    day_first = day_first if told is None else told
    starts, sentences = parse.starts, [start for start, _ in parse.sentences]
    background = frozenset(_sentence_at(starts, sentences, found.start()) for found in _BACKGROUND.finditer(text))
    if not phrases:
        return ArticleDates(
            published=published,
            day=day,
            day_source=source,
            sentence_starts=tuple(sentences),
            background=background,
        )
    top = top_dates(text, phrases)
    for found in top:
        period = resolve_phrase(found.phrase, Anchor(day=published, day_first=day_first))
        if period is None:
            continue
        age = (published - period.first).days if published else 0
        if published is None or 0 < age <= DATELINE_DAYS:
            day, source = period.first, "dateline"
        break
    at_top = {id(t.phrase) for t in top}
    prose = [p for p in phrases if id(p) not in at_top]
    placed = _place_phrases(parse, prose, day, day_first=day_first, sentences=sentences)
    dates = ArticleDates(
        published=published,
        day=day,
        day_source=source,
        day_first=day_first,
        sentence_starts=tuple(sentences),
        background=background,
        quotes=tuple(bisect_right(starts, found.start()) - 1 for found in _QUOTE.finditer(text)),
        by_sentence=placed,
    )
    dates = replace(dates, governing=_governing(parse, dates))
    return replace(dates, story=_story(parse, dates))


def _sentence_at(starts: list[int], sentences: list[int], character: int) -> int:
    return bisect_right(sentences, bisect_right(starts, character) - 1) - 1


def _place_phrases(
    parse: Parse,
    phrases: list[DatePhrase],
    day: datetime.date | None,
    *,
    day_first: bool,
    sentences: list[int],
) -> dict[int, tuple[PlacedPhrase, ...]]:
    """The phrases by sentence, each with the date told before it in its paragraph or the one above."""
    by_sentence: dict[int, list[PlacedPhrase]] = {}
    before: Period | None = None
    year: int | None = None
    last_end = 0
    for phrase in phrases:
        first = bisect_right(parse.starts, phrase.start) - 1
        end = bisect_right(parse.starts, phrase.end - 1)
        if "\n" in parse.text[last_end : phrase.start]:
            year = None
        sentence = bisect_right(sentences, first) - 1
        anchor = Anchor(day=day, before=before, day_first=day_first, year=year)
        period = resolve_phrase(phrase, anchor)
        if len(by_sentence.setdefault(sentence, [])) < MOST_PHRASES:
            coming = resolve_phrase(phrase, replace(anchor, forward=True))
            hanging = read_hanging(parse, first, end)
            by_sentence[sentence].append(PlacedPhrase(phrase=phrase, hanging=hanging, past=period, coming=coming))
        if period is not None and period.precision != "decade":
            before = period
        # "In 2014 ... On 5 May": the year governs the days after it in its paragraph
        if phrase.row in ("year", "month", "day_month") and phrase.first("YEAR") and phrase.role == "at":
            year = phrase.first("YEAR") if day is None or _is_fronted(first, sentences[sentence]) else year
        last_end = phrase.end
    return {k: tuple(v) for k, v in by_sentence.items()}


def _is_fronted(token: int, sentence_start: int) -> bool:
    return token - sentence_start <= 3


def _governing(parse: Parse, dates: ArticleDates) -> dict[int, tuple[Period, str]]:
    """The date that a sentence hands on to those after it in its paragraph: "In 2020, ... had lost"."""
    governing: dict[int, tuple[Period, str]] = {}
    if not dates.by_sentence:
        return governing
    for sentence in sorted(dates.by_sentence):
        start = dates.sentence_starts[sentence]
        if not _is_fronted(dates.by_sentence[sentence][0].hanging.start, start):
            continue
        main = _root_above(parse, start)
        chosen = choose_phrase(verb_frame(parse, main), parse, dates, sentence)
        if chosen is None or not _is_fronted(chosen[0].hanging.start, start):
            continue
        placed, period = chosen
        if period is None or (dates.day and period.last >= dates.day):
            continue
        for following in range(sentence + 1, min(sentence + 1 + GOVERNED, len(dates.sentence_starts))):
            begin = dates.sentence_starts[following]
            if "\n" in parse.text[parse.starts[start] : parse.starts[begin] + 1].rstrip():
                break
            governing[following] = (period, placed.phrase.text)
    return governing


def _story(parse: Parse, dates: ArticleDates) -> tuple[Period, str] | None:
    """The day that the lead tells of, with its phrase; None where it gives none near publication.

    The lead's main clause gives it; else the first report near the top: "..., the ministry said on Thursday".
    """
    if dates.day is None or not dates.by_sentence:
        return None
    told = 0
    for number, (start, end) in enumerate(parse.sentences):
        if not _is_prose(parse, start, end):
            continue
        told += 1
        if told > TOP_SENTENCES:
            return None
        if number not in dates.by_sentence:
            continue
        chosen = None
        for main in _main_verbs(parse, start, end):
            if told == 1 or is_announcing(parse, main):
                chosen = chosen or choose_phrase(verb_frame(parse, main), parse, dates, number)
        if chosen is None or chosen[1] is None:
            continue
        period = chosen[1]
        age = (dates.day - period.first).days
        if period.precision == "day" and period.first == period.last and -1 <= age <= STORY_DAYS:
            return period, chosen[0].phrase.text
        if told == 1:
            return None
    return None


def _is_prose(parse: Parse, start: int, end: int) -> bool:
    """Headlines and header lines have no full stop."""
    flags = parse.doc[start:end].to_array([IS_SPACE, IS_PUNCT])
    written = (flags[:, 0] == 0).nonzero()[0]
    words = int((flags.sum(axis=1) == 0).sum())
    return words >= LEAD_WORDS and parse.words[start + int(written[-1])] in _SENTENCE_ENDS


def _root_above(parse: Parse, token: int) -> int:
    while parse.heads[token] != token:
        token = parse.heads[token]
    return token


def _main_verbs(parse: Parse, start: int, end: int) -> list[int]:
    """The verbs that tell the sentence's news, the root first: "A filed on Thursday, however a deal went through"."""
    root = next((t for t in range(start, end) if parse.heads[t] == t), start)
    verbs = (t for t in range(start, end) if parse.pos[t] == "VERB" and t != root)
    return [root, *(t for t in verbs if _tells_news(parse, t, root))]


def _tells_news(parse: Parse, verb: int, root: int) -> bool:
    dep, head = parse.deps[verb], parse.heads[verb]
    if dep in ("conj", "parataxis"):
        return head == root
    if dep == "ccomp":
        return head == root and verb < root
    if dep != "relcl" or parse.tags[verb] != "VBD" or parse.heads[head] != root:
        return False
    # "The company Example filed on Thursday, however ...": the parser takes a main clause for a relative one
    return not any(parse.tags[c] in _RELATIVE or parse.deps[c] == "mark" for c in parse.children[verb])
