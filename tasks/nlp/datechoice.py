"""The date phrase that dates an event, among those of its sentence, and what it means there."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from dataclasses import dataclass

from tasks.nlp.dateclauses import ADVERBIAL, DATING, FRONTED, Hanging, rank_phrase
from tasks.nlp.frames import Frame
from tasks.nlp.parse import Parse
from tasks.nlp.tenses import tense
from tasks.text.datephrases import DatePhrase
from tasks.text.dateresolver import SLACK
from tasks.text.periods import Period

FORWARD = frozenset({"planned", "requested", "hypothetical"})
_DURATIONS = frozenset({"in_units"})  # dates of plans, durations of all else


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPhrase:
    """A date phrase, where it stands, and what it means where it is told as past and where it is still to come."""

    phrase: DatePhrase
    hanging: Hanging
    past: Period | None
    coming: Period | None


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


def verb_frame(parse: Parse, verb: int) -> Frame:
    return Frame(trigger=verb, kind="verb", lemma=parse.model_lemmas[verb])


def choose_phrase(
    frame: Frame, parse: Parse, dates: ArticleDates, sentence: int
) -> tuple[PlacedPhrase, Period | None] | None:
    """The phrase of the sentence that dates the frame, and what it means; the closest, then the most exact one."""
    trigger = frame.trigger
    trigger_tense = tense(parse, trigger) if frame.kind == "verb" else ""
    forward = frame.modality in FORWARD or _is_scheduled(parse, trigger, trigger_tense)
    ranked = []
    for placed in (dates.by_sentence or {}).get(sentence, ()):
        row, hanging = placed.phrase.row, placed.hanging
        if (row in _DURATIONS and not forward) or row == "distance":
            continue
        if across_quotes(dates, hanging.start, trigger):
            continue
        rank = rank_phrase(parse, hanging, frame)
        if rank is None:
            rank = _rank_fronted(parse, placed, trigger, dates.sentence_starts[sentence])
        if rank is None or (row == "vague" and rank > ADVERBIAL):
            continue
        period = _meaning(placed, dates, forward=forward, nearest=trigger_tense == "bare")
        if period and _contradicts(period, placed, dates, forward=forward, told=trigger_tense):
            continue
        width = (period.last - period.first).days if period else 0
        ranked.append(((period is None, rank, width, abs(hanging.start - trigger)), placed, period))
    if not ranked:
        return None
    _, placed, period = min(ranked, key=lambda r: r[0])
    return placed, period


def across_quotes(dates: ArticleDates, one: int, other: int) -> bool:
    """ "He said, "two days after ..." ": what is quoted does not date the quoting, nor the other way round."""
    return (bisect_right(dates.quotes, one) - bisect_right(dates.quotes, other)) % 2 == 1


def _rank_fronted(parse: Parse, placed: PlacedPhrase, trigger: int, sentence_start: int) -> int | None:
    """ "In a meeting at 16:15 UTC, June 1st, ...": what opens a sentence dates its main clause."""
    start, end = placed.hanging.start, placed.hanging.end
    if parse.deps[trigger] != "ROOT" or end >= len(parse.words) or parse.words[end] != ",":
        return None
    if placed.phrase.role not in ("at", "since") or end > trigger:
        return None
    opening = range(sentence_start, start)
    if any(parse.is_verb(t) for t in opening):
        return None
    prepositions = [t for t in opening if parse.pos[t] == "ADP"]
    if prepositions and parse.lowers[prepositions[-1]] not in DATING:
        return None
    if any(start < c and min(parse.subtree(c)) <= start for c in parse.childs(trigger, "ccomp")):
        return None
    return FRONTED if prepositions or not opening else None


def _is_scheduled(parse: Parse, trigger: int, trigger_tense: str) -> bool:
    """ "Ministers are meeting on Thursday", "are expected to meet on Thursday": with a date these are plans."""
    tag, head = parse.tags[trigger], parse.heads[trigger]
    if (
        tag == "VB"
        and parse.deps[trigger] == "xcomp"
        and (parse.model_lemmas[head] == "be" or parse.tags[head] == "VBN")
    ):
        return tense(parse, head) == "present"
    return trigger_tense == "present" and tag == "VBG"


def _meaning(placed: PlacedPhrase, dates: ArticleDates, *, forward: bool, nearest: bool) -> Period | None:
    """What the phrase means here; where the form of the verb leaves it open ("to meet in May"), the nearer of both."""
    period, past = placed.coming if forward else placed.past, placed.past
    if not (forward and nearest and period and dates.day):
        return period
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
