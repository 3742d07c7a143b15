"""The date phrase that dates an event, among those of its sentence, and what it means there."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from tasks.nlp.dateclauses import ADVERBIAL, DATING, FRONTED, rank_phrase
from tasks.nlp.frames import Frame
from tasks.nlp.tenses import tense
from tasks.text.datephrases import DatePhrase
from tasks.text.dateresolver import SLACK, Anchor, resolve_phrase
from tasks.text.periods import Period

FORWARD = frozenset({"planned", "requested", "hypothetical"})
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
    (with the phrase that gives it), `background` the sentences that may tell of what lies before the story, `quotes`
    the tokens that open or close a quotation, `governing` the date that a paragraph tells of from a sentence on.
    """

    published: datetime.date | None
    day: datetime.date | None = None
    day_source: str = "none"
    day_first: bool = True
    sentence_starts: tuple[int, ...] = ()
    background: frozenset[int] = frozenset()
    quotes: tuple[int, ...] = ()
    by_sentence: dict[int, tuple[PlacedPhrase, ...]] | None = None
    governing: dict[int, tuple[Period, str]] | None = None
    story: tuple[Period, str] | None = None


def anchor_of(dates: ArticleDates, placed: PlacedPhrase, *, forward: bool) -> Anchor:
    return Anchor(day=dates.day, before=placed.before, forward=forward, day_first=dates.day_first, year=placed.year)


def verb_frame(verb: Token) -> Frame:
    return Frame(trigger=verb.i, kind="verb", lemma=verb.lemma_)


def choose_phrase(
    frame: Frame, doc: Doc, dates: ArticleDates, sentence: int
) -> tuple[PlacedPhrase, Period | None] | None:
    """The phrase of the sentence that dates the frame, and what it means; the closest, then the most exact one."""
    trigger_tense = tense(doc[frame.trigger]) if frame.kind == "verb" else ""
    forward = frame.modality in FORWARD or _is_scheduled(doc[frame.trigger], trigger_tense)
    ranked = []
    for placed in (dates.by_sentence or {}).get(sentence, ()):
        if placed.phrase.row in _DURATIONS and not forward:
            continue
        if placed.phrase.row == "distance":
            continue
        if across_quotes(dates, placed.start, frame.trigger):
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


def across_quotes(dates: ArticleDates, one: int, other: int) -> bool:
    """ "He said, "two days after ..." ": what is quoted does not date the quoting, nor the other way round."""
    return (bisect_right(dates.quotes, one) - bisect_right(dates.quotes, other)) % 2 == 1


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
    """ "Ministers are meeting on Thursday", "are expected to meet on Thursday": with a date these are plans."""
    if trigger.tag_ == "VB" and trigger.dep_ == "xcomp" and (trigger.head.lemma_ == "be" or trigger.head.tag_ == "VBN"):
        return tense(trigger.head) == "present"
    return trigger_tense == "present" and bool(trigger.tag_ == "VBG")


def _resolve(placed: PlacedPhrase, dates: ArticleDates, *, forward: bool, nearest: bool) -> Period | None:
    """What the phrase means here; where the form of the verb leaves it open ("to meet in May"), the nearer of both."""
    period = resolve_phrase(placed.phrase, anchor_of(dates, placed, forward=forward))
    if not (forward and nearest and period and dates.day):
        return period
    past = resolve_phrase(placed.phrase, anchor_of(dates, placed, forward=False))
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
