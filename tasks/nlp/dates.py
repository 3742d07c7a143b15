"""When an event happened: the date phrase of its clause, resolved against its anchor.

Where the clause has none: the date that governs the paragraph, the story's own date (its dateline, or the day its lead
tells of), the publication date; none for what the text tells as lying before the story.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from functools import lru_cache

from tasks.nlp.datechoice import FORWARD, ArticleDates, PlacedPhrase, across_quotes, choose_phrase, verb_frame
from tasks.nlp.dateclauses import STEPS
from tasks.nlp.frames import EventDate, Frame
from tasks.nlp.parse import Parse
from tasks.nlp.storydates import STORY_DAYS, read_dates
from tasks.nlp.tenses import is_background, is_reporting, tense
from tasks.text.dateresolver import distance
from tasks.text.periods import Period

__all__ = ["ArticleDates", "date_event", "read_dates"]

_NEWS = frozenset({"come", "be", "follow", "happen", "occur"})


def date_event(frame: Frame, parse: Parse, *, dates: ArticleDates) -> EventDate:
    """The event's date, its phrase and source; null and "none" where it cannot be known.

    The phrase of its clause comes first. An unresolvable one ("years ago", a weekday without publication date) leaves
    the date null with the phrase kept.
    """
    sentence = bisect_right(dates.sentence_starts, frame.trigger) - 1
    if dates.by_sentence and sentence in dates.by_sentence:
        chosen = choose_phrase(frame, parse, dates, sentence)
        if chosen is not None:
            placed, period = chosen
            if period is None:
                return _undated(f"{placed.phrase.text!r} gives no day", placed.phrase.text)
            return _dated(period, placed.phrase.text, period.source, period.why)
        apart = _from_distance(frame, parse, dates, sentence)
        if apart is not None:
            return apart
    trigger = frame.trigger
    background = sentence in dates.background and is_background(
        parse, _clause_verb(parse, trigger) if frame.kind == "noun" else trigger
    )
    dated_otherwise = bool(dates.by_sentence) and sentence in (dates.by_sentence or {})
    governing = None if dated_otherwise else (dates.governing or {}).get(sentence)
    if governing and (background or _goes_on(parse, trigger, governing[0], dates)):
        period, text = governing
        return _dated(period, text, period.source, f"governs the paragraph, {period.why}")
    if background:
        return _undated("told as lying before the story", None)
    older = None if frame.modality in FORWARD else _within_older_clause(trigger, parse, dates, sentence)
    if older is not None:
        return _undated(f"within what is told of {older!r}", None)
    if dates.story and frame.modality not in FORWARD:
        period, text = dates.story
        if period.first != dates.published:
            return _dated(period, text, "dateline", f"the lead's day, {period.why}")
    if dates.day is None:
        return _UNKNOWN
    return _assumed(dates.day, dates.day_source)


def _goes_on(parse: Parse, trigger: int, governing: Period, dates: ArticleDates) -> bool:
    """ "In 2019 it took the town. It lost it again": the telling goes on in the past tense.

    A reporting verb does so only near publication: "Last month sales fell. 'We are worried,' he said".
    """
    if parse.tags[trigger] != "VBD":
        return False
    if not is_reporting(parse, trigger) or dates.day is None:
        return not is_reporting(parse, trigger)
    return (dates.day - governing.last).days <= STORY_DAYS


def _clause_verb(parse: Parse, noun: int) -> int:
    token = noun
    while not parse.is_verb(token) and parse.heads[token] != token:
        token = parse.heads[token]
    return token


def _within_older_clause(trigger: int, parse: Parse, dates: ArticleDates, sentence: int) -> str | None:
    """ "In 2006 it printed cartoons that first appeared in a daily": the appearance is not today's, nor of 2006.

    The phrase of the nearest verb above where it lies before the story; None where the clause is not within such a one.
    """
    if dates.day is None or not dates.by_sentence or sentence not in dates.by_sentence:
        return None
    if parse.pos[trigger] == "VERB" and tense(parse, trigger) in ("present", "perfect", "future"):
        return None
    token = trigger
    for _ in range(STEPS):
        if parse.heads[token] == token:
            break
        token = parse.heads[token]
        if parse.pos[token] != "VERB":
            continue
        chosen = choose_phrase(verb_frame(parse, token), parse, dates, sentence)
        if chosen is not None:
            period = chosen[1]
            old = period is not None and (dates.day - period.last).days > STORY_DAYS
            return chosen[0].phrase.text if old else None
    return None


def _dated(period: Period, text: str | None, source: str, why: str) -> EventDate:
    return EventDate(
        date=period.first, date_end=period.last, precision=period.precision, text=text, source=source, why=why
    )


@lru_cache(maxsize=1)
def _assumed(day: datetime.date, source: str) -> EventDate:
    """The date of the many events of an article that is the article's own."""
    return _dated(Period(first=day, last=day, precision="day"), None, source, "assumed")


def _undated(why: str, text: str | None) -> EventDate:
    return EventDate(date=None, date_end=None, precision=None, text=text, source="none", why=why)


_UNKNOWN = _undated("no publication date", None)


def _from_distance(frame: Frame, parse: Parse, dates: ArticleDates, sentence: int) -> EventDate | None:
    """ "The talks come a week after a summit": the summit lies a week before the talks.

    "Two days after the fighting ended, she came": the visit cannot be dated. None where no distance concerns the event.
    """
    for placed in (dates.by_sentence or {}).get(sentence, ()):
        if placed.phrase.row != "distance":
            continue
        other = _other_end(parse, placed)
        if other is None:
            continue
        main = _main_of(parse, placed, other)
        if _belongs(parse, frame.trigger, other):
            start = _date_of_main(main, parse, dates, sentence)
            period = distance(placed.phrase, start) if start else None
            if period is None:
                return _undated(f"{placed.phrase.text!r} another event", placed.phrase.text)
            return _dated(period, placed.phrase.text, period.source, period.why)
        if (
            main is not None
            and main == frame.trigger
            and not _is_news_verb(parse, main)
            and not across_quotes(dates, placed.hanging.start, main)
        ):
            return _undated(f"{placed.phrase.text!r} another event", placed.phrase.text)
    return None


def _other_end(parse: Parse, placed: PlacedPhrase) -> int | None:
    """The event on the far side of "a week after": the object of the preposition or the verb it marks."""
    end = placed.hanging.end
    link = end - 1
    for child in parse.childs(link, "pobj", "pcomp"):
        if child >= end:
            return child
    if parse.deps[link] == "mark" and parse.heads[link] >= end:
        return parse.heads[link]
    return None


def _main_of(parse: Parse, placed: PlacedPhrase, other: int) -> int | None:
    if parse.deps[other] == "advcl":
        return parse.heads[other]
    token = placed.hanging.head
    while parse.heads[token] != token and not parse.is_verb(parse.heads[token]):
        token = parse.heads[token]
    main = parse.heads[token]
    return main if parse.is_verb(main) else None


def _belongs(parse: Parse, event: int, other: int) -> bool:
    """The event is what "after" names, or a participle of it: "after a summit hosted by the president"."""
    if event == other:
        return True
    return parse.heads[event] == other and parse.deps[event] in ("acl", "relcl", "conj", "compound")


def _is_news_verb(parse: Parse, main: int) -> bool:
    """ "The move comes a day after ...": today's news, measured from an older event."""
    return parse.model_lemmas[main] in _NEWS or parse.tags[main] in ("VBZ", "VBP")


def _date_of_main(main: int | None, parse: Parse, dates: ArticleDates, sentence: int) -> Period | None:
    if main is None:
        return None
    chosen = choose_phrase(verb_frame(parse, main), parse, dates, sentence)
    if chosen is not None:
        return chosen[1]
    if not _is_news_verb(parse, main) or dates.day is None:
        return None
    if dates.story:
        return dates.story[0]
    return Period(first=dates.day, last=dates.day, precision="day")
