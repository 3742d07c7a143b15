"""When an event happened: the date phrase of its clause, resolved against its anchor.

Where the clause has none: the date that governs the paragraph, the story's own date (its dateline, or the day its lead
tells of), the publication date; none for what the text tells as lying before the story.
"""

from __future__ import annotations

from bisect import bisect_right

from spacy.tokens import Doc, Token

from tasks.nlp.datechoice import FORWARD, ArticleDates, PlacedPhrase, across_quotes, choose_phrase, verb_frame
from tasks.nlp.dateclauses import STEPS, phrase_head
from tasks.nlp.frames import EventDate, Frame
from tasks.nlp.storydates import STORY_DAYS, read_dates
from tasks.nlp.tenses import is_background, is_reporting, tense
from tasks.text.dateresolver import distance
from tasks.text.periods import Period

__all__ = ["ArticleDates", "date_event", "read_dates"]


def date_event(frame: Frame, doc: Doc, *, dates: ArticleDates) -> EventDate:
    """The event's date, its phrase and source; null and "none" where it cannot be known.

    The phrase of its clause comes first. An unresolvable one ("years ago", a weekday without publication date) leaves
    the date null with the phrase kept.
    """
    sentence = bisect_right(dates.sentence_starts, frame.trigger) - 1
    if dates.by_sentence and sentence in dates.by_sentence:
        chosen = choose_phrase(frame, doc, dates, sentence)
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
    older = None if frame.modality in FORWARD else _within_older_clause(trigger, doc, dates, sentence)
    if older is not None:
        return _undated(f"within what is told of {older!r}", None)
    if dates.story and frame.modality not in FORWARD:
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
        chosen = choose_phrase(verb_frame(token), doc, dates, sentence)
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
            and not across_quotes(dates, placed.start, main.i)
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
    chosen = choose_phrase(verb_frame(main), doc, dates, sentence)
    if chosen is not None:
        return chosen[1]
    if not _is_news_verb(main) or dates.day is None:
        return None
    if dates.story:
        return dates.story[0]
    return Period(first=dates.day, last=dates.day, precision="day")
