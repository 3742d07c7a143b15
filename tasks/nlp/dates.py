"""When an event happened: the date phrase of its clause, resolved against its anchor.

Where the clause has none: the date that governs the paragraph, the story's own date (its dateline, or the day its lead
tells of), the publication date; none for what the text tells as lying before the story.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.attrs import LENGTH, SENT_START, SPACY
from spacy.tokens import Doc, Span, Token

from tasks.nlp.dateclauses import ADVERBIAL, DATING, FRONTED, STEPS, across_quotes, phrase_head, rank_phrase
from tasks.nlp.frames import EventDate, Frame
from tasks.nlp.tenses import is_announcing, is_background, is_reporting, tense
from tasks.text.datelines import top_dates
from tasks.text.datephrases import DatePhrase, find_date_phrases
from tasks.text.dateresolver import SLACK, Anchor, distance, resolve_phrase
from tasks.text.periods import Period

STORY_DAYS = 7  # a lead that tells of an older day tells of background
DATELINE_DAYS = 3  # a dateline lies at most this far before publication
TOP_SENTENCES = 4  # how far down a report dates the story
_SENTENCE_ENDS = frozenset({".", "!", "?", '"', "”", "''", "’"})
# A sentence without one of these has no past perfect and no "previously": the parse need not be asked.
_BACKGROUND = re.compile(r"\b(?:had|previously|formerly|earlier|once|originally)\b|['’]d\b", re.IGNORECASE)
GOVERNED = 8  # sentences that a date at the head of a paragraph is carried on to
MOST_PHRASES = 12  # of a sentence; longer lists are tables and calendars
LEAD_WORDS = 5  # shorter lines that end in a full stop are credits and the like
_FROM_BEFORE = frozenset({"that", "beside", "shifted"})
_FORWARD = frozenset({"planned", "requested", "hypothetical"})
_DURATIONS = frozenset({"in_units"})  # dates of plans, durations of all else


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPhrase:
    """A date phrase and where it stands: tokens [start, end), its sentence, and the date told before it."""

    phrase: DatePhrase
    start: int
    end: int
    sentence: int
    before: Period | None
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDates:
    """The date phrases of an article and its anchors, found once for all its events.

    `day` is the day the article speaks on, `story` the day its events are taken to happen on where they do not say
    (with the phrase that gives it), `background` the sentences that may tell of what lies before the story, `governing`
    the date that a paragraph tells of from a sentence on.
    """

    published: datetime.date | None
    day: datetime.date | None = None
    day_source: str = "none"
    day_first: bool = True
    sentence_starts: tuple[int, ...] = ()
    background: frozenset[int] = frozenset()
    by_sentence: dict[int, tuple[PlacedPhrase, ...]] | None = None
    governing: dict[int, tuple[Period, str]] | None = None
    story: tuple[Period, str] | None = None


def read_dates(doc: Doc, *, published: datetime.date | None, day_first: bool) -> ArticleDates:
    """The article's date phrases and anchors."""
    text = doc.text
    phrases = find_date_phrases(text)
    day, source = published, "publication" if published else "none"
    starts, sentences = _token_starts(doc)
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
    placed = _place_phrases(text, prose, day, day_first=day_first, starts=starts, sentences=sentences)
    dates = ArticleDates(
        published=published,
        day=day,
        day_source=source,
        day_first=day_first,
        sentence_starts=tuple(sentences),
        background=background,
        by_sentence=placed,
    )
    dates = replace(dates, governing=_governing(doc, text, dates))
    return replace(dates, story=_story(doc, dates))


def _token_starts(doc: Doc) -> tuple[list[int], list[int]]:
    """The character each token starts at, and the tokens that start a sentence."""
    table = doc.to_array([LENGTH, SPACY, SENT_START]).astype("int64")
    ends = (table[:, 0] + table[:, 1]).cumsum()
    starts = (table[:, 2] == 1).nonzero()[0].tolist()
    return [0, *ends[:-1].tolist()], starts if starts[:1] == [0] else [0, *starts]


def _sentence_at(starts: list[int], sentences: list[int], character: int) -> int:
    return bisect_right(sentences, bisect_right(starts, character) - 1) - 1


def _place_phrases(
    text: str,
    phrases: list[DatePhrase],
    day: datetime.date | None,
    *,
    day_first: bool,
    starts: list[int],
    sentences: list[int],
) -> dict[int, tuple[PlacedPhrase, ...]]:
    """The phrases by sentence, each with the date told before it in its paragraph or the one above."""
    by_sentence: dict[int, list[PlacedPhrase]] = {}
    before: Period | None = None
    year: int | None = None
    last_end = 0
    for phrase in phrases:
        first = bisect_right(starts, phrase.start) - 1
        end = bisect_right(starts, phrase.end - 1)
        if "\n" in text[last_end : phrase.start]:
            year = None
        sentence = bisect_right(sentences, first) - 1
        placed = PlacedPhrase(phrase=phrase, start=first, end=end, sentence=sentence, before=before, year=year)
        if len(by_sentence.setdefault(sentence, [])) < MOST_PHRASES:
            by_sentence[sentence].append(placed)
        period = resolve_phrase(phrase, Anchor(day=day, before=before, day_first=day_first, year=year))
        if period is not None and period.precision != "decade":
            before = period
        # "In 2014 ... On 5 May": the year governs the days after it in its paragraph
        if phrase.row in ("year", "month", "day_month") and phrase.first("YEAR") and phrase.role == "at":
            year = phrase.first("YEAR") if day is None or _is_fronted(first, sentences[sentence]) else year
        last_end = phrase.end
    return {k: tuple(v) for k, v in by_sentence.items()}


def _is_fronted(token: int, sentence_start: int) -> bool:
    return token - sentence_start <= 3


def _anchor(dates: ArticleDates, placed: PlacedPhrase, *, forward: bool) -> Anchor:
    return Anchor(day=dates.day, before=placed.before, forward=forward, day_first=dates.day_first, year=placed.year)


def _governing(doc: Doc, text: str, dates: ArticleDates) -> dict[int, tuple[Period, str]]:
    """The date that a sentence hands on to those after it in its paragraph: "In 2020, ... had lost"."""
    governing: dict[int, tuple[Period, str]] = {}
    if not dates.by_sentence:
        return governing
    for sentence in sorted(dates.by_sentence):
        start = dates.sentence_starts[sentence]
        if not _is_fronted(dates.by_sentence[sentence][0].start, start):
            continue
        main = _root_above(doc[start])
        chosen = _choose(_verb_frame(main), doc, dates, sentence)
        if chosen is None or not _is_fronted(chosen[0].start, start):
            continue
        placed, period = chosen
        if period is None or (dates.day and period.last >= dates.day):
            continue
        for following in range(sentence + 1, min(sentence + 1 + GOVERNED, len(dates.sentence_starts))):
            begin = dates.sentence_starts[following]
            if "\n" in text[doc[start].idx : doc[begin].idx + 1].rstrip():
                break
            governing[following] = (period, placed.phrase.text)
    return governing


def _story(doc: Doc, dates: ArticleDates) -> tuple[Period, str] | None:
    """The day that the lead tells of, with its phrase; None where it gives none near publication.

    The lead's main clause gives it; else the first report near the top: "..., the ministry said on Thursday".
    """
    if dates.day is None or not dates.by_sentence:
        return None
    told = 0
    for number, (start, end) in enumerate(pairwise((*dates.sentence_starts, len(doc)))):
        if not _is_prose(doc[start:end]):
            continue
        told += 1
        if told > TOP_SENTENCES:
            return None
        if number not in dates.by_sentence:
            continue
        chosen = None
        for main in _main_verbs(doc[start:end]):
            if told == 1 or is_announcing(main):
                chosen = chosen or _choose(_verb_frame(main), doc, dates, number)
        if chosen is None or chosen[1] is None:
            continue
        period = chosen[1]
        age = (dates.day - period.first).days
        if period.precision == "day" and period.first == period.last and -1 <= age <= STORY_DAYS:
            return period, chosen[0].phrase.text
        if told == 1:
            return None
    return None


def _is_prose(sentence: Span) -> bool:
    """Headlines and header lines have no full stop."""
    words = [t for t in sentence if not t.is_space and not t.is_punct]
    last = next((t for t in reversed(sentence) if not t.is_space), None)
    return len(words) >= LEAD_WORDS and last is not None and last.text in _SENTENCE_ENDS


def _root_above(token: Token) -> Token:
    while token.head.i != token.i:
        token = token.head
    return token


def _verb_frame(verb: Token) -> Frame:
    return Frame(trigger=verb.i, kind="verb", lemma=verb.lemma_)


def _main_verbs(sentence: Span) -> list[Token]:
    """The verbs that tell the sentence's news, the root first: "A filed on Thursday, however a deal went through"."""
    root = sentence.root
    return [root, *(t for t in sentence if t.pos_ == "VERB" and t.i != root.i and _tells_news(t, root))]


def _tells_news(verb: Token, root: Token) -> bool:
    if verb.dep_ in ("conj", "parataxis"):
        return bool(verb.head.i == root.i)
    if verb.dep_ == "ccomp":
        return bool(verb.head.i == root.i and verb.i < root.i)
    # "The company Example filed on Thursday, however ...": the parser takes a main clause for a relative one
    bare = not any(c.tag_ in ("WDT", "WP", "WRB", "WP$") or c.dep_ == "mark" for c in verb.children)
    return bool(verb.dep_ == "relcl" and verb.tag_ == "VBD" and verb.head.head.i == root.i and bare)


def _choose(frame: Frame, doc: Doc, dates: ArticleDates, sentence: int) -> tuple[PlacedPhrase, Period | None] | None:
    """The phrase of the sentence that dates the frame, and what it means; the closest, then the most exact one."""
    trigger_tense = tense(doc[frame.trigger]) if frame.kind == "verb" else ""
    forward = frame.modality in _FORWARD or _is_scheduled(doc[frame.trigger], trigger_tense)
    ranked = []
    for placed in (dates.by_sentence or {}).get(sentence, ()):
        if placed.phrase.row in _DURATIONS and not forward:
            continue
        if placed.phrase.row == "distance":
            continue
        rank = rank_phrase(doc, placed.start, placed.end, frame)
        if rank is None:
            rank = _rank_fronted(doc, placed, frame, dates.sentence_starts[sentence])
        if rank is None or (placed.phrase.row == "vague" and rank > ADVERBIAL):
            continue
        period = _resolve(placed, dates, forward=forward, nearest=trigger_tense == "bare")
        if period and _contradicts(period, placed, dates, forward=forward, told=trigger_tense):
            continue
        width = (period.last - period.first).days if period else 0
        ranked.append(((period is None, rank, width, abs(placed.start - frame.trigger)), placed, period))
    if not ranked:
        return None
    ranked.sort(key=lambda r: r[0])
    return ranked[0][1], ranked[0][2]


def _rank_fronted(doc: Doc, placed: PlacedPhrase, frame: Frame, sentence_start: int) -> int | None:
    """ "In a meeting at 16:15 UTC, June 1st, ...": what opens a sentence dates its main clause."""
    if doc[frame.trigger].dep_ != "ROOT" or placed.end >= len(doc) or doc[placed.end].text != ",":
        return None
    if placed.phrase.role not in ("at", "since") or placed.end > frame.trigger:
        return None
    opening = doc[sentence_start : placed.start]
    prepositions = [t for t in opening if t.pos_ == "ADP"]
    told = [c for c in doc[frame.trigger].children if c.dep_ == "ccomp" and c.left_edge.i <= placed.start < c.i]
    if (
        told
        or any(t.pos_ in ("VERB", "AUX") for t in opening)
        or any(t.lower_ not in DATING for t in prepositions[-1:])
    ):
        return None
    return FRONTED if prepositions or not len(opening) else None


def _is_scheduled(trigger: Token, trigger_tense: str) -> bool:
    """ "Ministers are meeting on Thursday", "are to meet on Thursday": with a date these are plans."""
    if trigger.tag_ == "VB" and trigger.dep_ == "xcomp" and trigger.head.lemma_ == "be":
        return tense(trigger.head) == "present"
    return trigger_tense == "present" and bool(trigger.tag_ == "VBG")


def _resolve(placed: PlacedPhrase, dates: ArticleDates, *, forward: bool, nearest: bool) -> Period | None:
    """What the phrase means here; where the form of the verb leaves it open ("to meet in May"), the nearer of both."""
    period = resolve_phrase(placed.phrase, _anchor(dates, placed, forward=forward))
    if not (forward and nearest and period and dates.day):
        return period
    past = resolve_phrase(placed.phrase, _anchor(dates, placed, forward=False))
    if past and past.precision == "month" and dates.day - past.last < period.first - dates.day:
        return past
    return period


def _contradicts(period: Period, placed: PlacedPhrase, dates: ArticleDates, *, forward: bool, told: str) -> bool:
    """The verb's tense rules the date out.

    "estimated that by 2050 ...": what is told as past does not lie in the future. "A, elected president in January, has
    urged B": the present perfect takes no date of a past month or year.
    """
    if dates.day is None:
        return False
    if not forward and period.first > dates.day + SLACK:
        return True
    over = period.last < dates.day and period.precision in ("month", "quarter", "year", "decade")
    return told == "perfect" and over and placed.phrase.role != "since"


def date_event(frame: Frame, doc: Doc, *, dates: ArticleDates) -> EventDate:
    """The event's date, its phrase and source; null and "none" where it cannot be known.

    The phrase of its clause comes first. An unresolvable one ("years ago", a weekday without publication date) leaves
    the date null with the phrase kept.
    """
    sentence = bisect_right(dates.sentence_starts, frame.trigger) - 1
    if dates.by_sentence and sentence in dates.by_sentence:
        chosen = _choose(frame, doc, dates, sentence)
        if chosen is not None:
            placed, period = chosen
            if period is None:
                return _undated(f"{placed.phrase.text!r} gives no day", placed.phrase.text)
            return _dated(period, placed.phrase.text, period.source, period.why)
        apart = _from_distance(frame, doc, dates, sentence)
        if apart is not None:
            return apart
    trigger = doc[frame.trigger]
    background = sentence in dates.background and is_background(
        _clause_verb(trigger) if frame.kind == "noun" else trigger
    )
    dated_otherwise = bool(dates.by_sentence) and sentence in (dates.by_sentence or {})
    governing = None if dated_otherwise else (dates.governing or {}).get(sentence)
    if governing and (background or _goes_on(trigger, governing[0], dates)):
        period, text = governing
        return _dated(period, text, period.source, f"governs the paragraph, {period.why}")
    if background:
        return _undated("told as lying before the story", None)
    older = None if frame.modality in _FORWARD else _within_older_clause(trigger, doc, dates, sentence)
    if older is not None:
        return _undated(f"within what is told of {older!r}", None)
    if dates.story and frame.modality not in _FORWARD:
        period, text = dates.story
        if period.first != dates.published:
            return _dated(period, text, "dateline", f"the lead's day, {period.why}")
    if dates.day is None:
        return _undated("no publication date", None)
    day = Period(first=dates.day, last=dates.day, precision="day")
    return _dated(day, None, dates.day_source, "assumed")


def _goes_on(trigger: Token, governing: Period, dates: ArticleDates) -> bool:
    """ "In 2019 it took the town. It lost it again": the telling goes on in the past tense.

    A reporting verb does so only near publication: "Last month sales fell. 'We are worried,' he said".
    """
    if trigger.tag_ != "VBD":
        return False
    if not is_reporting(trigger) or dates.day is None:
        return not is_reporting(trigger)
    return (dates.day - governing.last).days <= STORY_DAYS


def _clause_verb(noun: Token) -> Token:
    token = noun
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


def _within_older_clause(trigger: Token, doc: Doc, dates: ArticleDates, sentence: int) -> str | None:
    """ "In 2006 it printed cartoons that first appeared in a daily": the appearance is not today's, nor of 2006.

    The phrase of the nearest verb above where it lies before the story; None where the clause is not within such a one.
    """
    if dates.day is None or not dates.by_sentence or sentence not in dates.by_sentence:
        return None
    if trigger.pos_ == "VERB" and tense(trigger) in ("present", "perfect", "future"):
        return None
    token = trigger
    for _ in range(STEPS):
        if token.head.i == token.i:
            break
        token = token.head
        if token.pos_ != "VERB":
            continue
        chosen = _choose(_verb_frame(token), doc, dates, sentence)
        if chosen is not None:
            period = chosen[1]
            old = period is not None and (dates.day - period.last).days > STORY_DAYS
            return chosen[0].phrase.text if old else None
    return None


def _dated(period: Period, text: str | None, source: str, why: str) -> EventDate:
    return EventDate(
        date=period.first, date_end=period.last, precision=period.precision, text=text, source=source, why=why
    )


def _undated(why: str, text: str | None) -> EventDate:
    return EventDate(date=None, date_end=None, precision=None, text=text, source="none", why=why)


def _from_distance(frame: Frame, doc: Doc, dates: ArticleDates, sentence: int) -> EventDate | None:
    """ "The talks come a week after a summit": the summit lies a week before the talks.

    "Two days after the fighting ended, she came": the visit cannot be dated. None where no distance concerns the event.
    """
    for placed in (dates.by_sentence or {}).get(sentence, ()):
        if placed.phrase.row != "distance":
            continue
        other = _other_end(doc, placed)
        if other is None:
            continue
        main = _main_of(doc, placed, other)
        if _belongs(doc[frame.trigger], other):
            start = _date_of_main(main, doc, dates, sentence)
            period = distance(placed.phrase, start) if start else None
            if period is None:
                return _undated(f"{placed.phrase.text!r} another event", placed.phrase.text)
            return _dated(period, placed.phrase.text, period.source, period.why)
        if (
            main is not None
            and main.i == frame.trigger
            and not _is_news_verb(main)
            and not across_quotes(doc, placed.start, main.i)
        ):
            return _undated(f"{placed.phrase.text!r} another event", placed.phrase.text)
    return None


def _other_end(doc: Doc, placed: PlacedPhrase) -> Token | None:
    """The event on the far side of "a week after": the object of the preposition or the verb it marks."""
    link = doc[placed.end - 1]
    for child in link.children:
        if child.dep_ in ("pobj", "pcomp") and child.i >= placed.end:
            return child
    if link.dep_ == "mark" and link.head.i >= placed.end:
        return link.head
    return None


def _main_of(doc: Doc, placed: PlacedPhrase, other: Token) -> Token | None:
    token = phrase_head(doc, placed.start, placed.end)
    if other.dep_ == "advcl":
        return other.head
    while token.head.i != token.i and token.head.pos_ not in ("VERB", "AUX"):
        token = token.head
    main = token.head
    return main if main.pos_ in ("VERB", "AUX") else None


def _belongs(event: Token, other: Token) -> bool:
    """The event is what "after" names, or a participle of it: "after a summit hosted by the president"."""
    return event.i == other.i or (event.head.i == other.i and event.dep_ in ("acl", "relcl", "conj", "compound"))


def _is_news_verb(main: Token) -> bool:
    """ "The move comes a day after ...": today's news, measured from an older event."""
    return main.lemma_ in ("come", "be", "follow", "happen", "occur") or main.tag_ in ("VBZ", "VBP")


def _date_of_main(main: Token | None, doc: Doc, dates: ArticleDates, sentence: int) -> Period | None:
    if main is None:
        return None
    chosen = _choose(_verb_frame(main), doc, dates, sentence)
    if chosen is not None:
        return chosen[1]
    if not _is_news_verb(main) or dates.day is None:
        return None
    if dates.story:
        return dates.story[0]
    return Period(first=dates.day, last=dates.day, precision="day")
