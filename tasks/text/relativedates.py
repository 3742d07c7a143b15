"""Phrases told from another day: publication ("yesterday", "last week") or the date before them ("the next day")."""

from __future__ import annotations

import datetime
from dataclasses import replace

from tasks.text.calendardates import read_months, read_year
from tasks.text.dateanchors import Anchor, clip_to_now, count_of, edge_of, from_now, is_reachable, shift_of, unit_of
from tasks.text.datephrases import DatePhrase
from tasks.text.periods import Period, moved_by, part_of, same_day, unit_around

_DAY = datetime.timedelta(days=1)


def read_day_word(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if anchor.day is None:
        return None
    shift = sum(phrase.words[c][0] for c in ("YESTERDAY", "TOMORROW") if c in phrase.words)
    return from_now(unit_around(anchor.day, "day", shift))


def read_last_night(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    return from_now(unit_around(anchor.day, "day", -1)) if anchor.day else None


def read_day_beside(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if anchor.day is None:
        return None
    return from_now(unit_around(anchor.day, "day", -2 if "YESTERDAY" in phrase.words else 2))


def read_weekday(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """The last one on or before the anchor, for plans the next; "last" and "next" leave the anchor's own day out."""
    wanted = phrase.first("WEEKDAY")
    wanted = phrase.first("WDAY") if wanted is None else wanted
    if "FOLLOWING" in phrase.words or "PREVIOUS" in phrase.words:
        if anchor.before is None:
            return None
        if "FOLLOWING" in phrase.words:
            ahead = (wanted - anchor.before.last.weekday() - 1) % 7 + 1
            day = anchor.before.last + ahead * _DAY
        else:
            day = anchor.before.first - ((anchor.before.first.weekday() - wanted - 1) % 7 + 1) * _DAY
        return Period(first=day, last=day, precision="day", source="relative", why=f"from {anchor.before.first}")
    now = anchor.day
    if now is None:
        return None
    shift = shift_of(phrase)
    back, ahead = (now.weekday() - wanted) % 7, (wanted - now.weekday()) % 7
    if "UNIT" in phrase.words:  # "Tuesday last week"
        first, _, _ = unit_around(now, "week", shift or 0)
        day = first + wanted * _DAY
    elif shift == -1:
        day = now - (back or 7) * _DAY
    elif shift == 1:
        day = now + (ahead or 7) * _DAY
    elif anchor.forward:
        day = now + ahead * _DAY
    else:
        day = now - back * _DAY
    return Period(first=day, last=day, precision="day", source="relative")


def read_weekend(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    now = anchor.day
    if now is None or {"THAT", "PREVIOUS", "FOLLOWING"} & set(phrase.words):
        return None
    saturday = now - ((now.weekday() - 5) % 7) * _DAY  # the last Saturday up to now
    shift = shift_of(phrase)
    if shift == 1 or (anchor.forward and shift != -1) or (shift == 0 and now.weekday() < 5 and anchor.forward):
        saturday += 7 * _DAY if now.weekday() < 5 or shift == 1 else 0 * _DAY
    elif shift == -1 and now.weekday() >= 5:
        saturday -= 7 * _DAY
    return Period(first=saturday, last=saturday + _DAY, precision="day", source="relative")


def read_ago(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    count = count_of(phrase)
    if "HOURS" in phrase.words and anchor.day:
        return from_now((anchor.day, anchor.day, "day"))
    if anchor.day is None or count is None:
        return None
    return from_now(moved_by(anchor.day, unit_of(phrase), -count)) if is_reachable(anchor.day, phrase, count) else None


def read_in_units(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "in two weeks" is when for a plan; told of the past it is how long ("took the town in two weeks")."""
    count = count_of(phrase)
    if anchor.day is None or count is None or not anchor.forward or not is_reachable(anchor.day, phrase, count):
        return None
    return from_now(moved_by(anchor.day, unit_of(phrase), count))


def read_window(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "in the past two years": from that long ago until now; "in the next three days": the other way."""
    now = anchor.day
    words = phrase.words
    count = 1 if not {"NUM", "DAY", "COUNT", "A", "few", "several", "couple"} & set(words) else count_of(phrase)
    if now is None or count is None or not is_reachable(now, phrase, count):
        return None
    unit = unit_of(phrase)
    ahead = "NEXT" in words
    edge = same_day(now, unit, count if ahead else -count)
    precision = "day" if unit in ("day", "hour") else "week" if unit == "fortnight" else unit
    return Period(first=min(now, edge), last=max(now, edge), precision=precision, source="relative")


def read_edge_units(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "the first three months of 2021", "the last two weeks of May"."""
    count = int(phrase.first("NUM") or phrase.first("DAY"))
    unit = phrase.words["UNITS"][0]
    if {"MONTH", "NAME", "MON"} & set(phrase.words):
        whole = read_months(phrase, anchor)
    else:
        whole = read_year(phrase, anchor) if "YEAR" in phrase.words else read_calendar_unit(phrase, anchor)
    if whole is None:
        return None
    if "LAST" in phrase.words or phrase.first("NTH") == 4:
        first = same_day(whole.last + _DAY, unit, -count)
        first, last = max(first, whole.first), whole.last
    else:
        first, last = whole.first, min(same_day(whole.first, unit, count) - _DAY, whole.last)
    precision = "quarter" if (unit, count) == ("month", 3) else "week" if unit == "fortnight" else unit
    return replace(whole, first=first, last=last, precision=precision)


def read_calendar_unit(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if anchor.day is None:
        return None
    first, last, precision = unit_around(anchor.day, unit_of(phrase), shift_of(phrase) or 0)
    first, last = clip_to_now(*part_of(first, last, edge_of(phrase)), phrase, anchor.day)
    if not anchor.forward and shift_of(phrase) == 0 and first <= anchor.day and edge_of(phrase) is None:
        last = min(last, anchor.day)  # what has happened this week happened up to now
    return Period(first=first, last=last, precision=precision, source="relative")


def read_from_before(span: tuple[datetime.date, datetime.date, str], anchor: Anchor) -> Period:
    origin = anchor.before.first if anchor.before else anchor.day
    return Period(first=span[0], last=span[1], precision=span[2], source="relative", why=f"from {origin}")


def read_that(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    if "in" in phrase.words and "the" in phrase.words and "THAT" not in phrase.words:  # "earlier in the week"
        return read_calendar_unit(phrase, anchor)
    if anchor.before is None:
        return None
    first, last, precision = unit_around(anchor.before.first, phrase.first("UNIT") or "day")
    first, last = clip_to_now(first, last, phrase, anchor.before.last)
    return read_from_before((first, last, precision), anchor)


def read_beside(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "the next day", "the previous month", "the year before"."""
    words = phrase.words
    back = "PREVIOUS" in words or "BEFORE" in words
    unit = "quarter" if "quarter" in words else phrase.first("UNIT") or "day"
    if "NEXT" in words and anchor.forward:  # "in the next week" of a plan: from publication
        return from_now(unit_around(anchor.day, unit, 1)) if anchor.day else None
    if anchor.before is None:
        return None
    start = anchor.before.first if back else anchor.before.last
    return read_from_before(unit_around(start, unit, -1 if back else 1), anchor)


def read_shifted(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    """ "a week earlier", "two days later": from the date before; earlier ones also from publication."""
    count = count_of(phrase)
    back = "EARLIER" in phrase.words or "BEFORE" in phrase.words
    start = anchor.before.first if anchor.before else anchor.day if back else None
    if start is None or count is None or not is_reachable(start, phrase, count):
        return None
    return read_from_before(moved_by(start, unit_of(phrase), -count if back else count), anchor)


def distance(phrase: DatePhrase, start: Period) -> Period | None:
    """Where the other end of "a week after the summit" lies, seen from `start`; None where it is vague."""
    count = count_of(phrase)
    if count is None or {"more", "less", "least"} & set(phrase.words) or not is_reachable(start.first, phrase, count):
        return None
    back = {"AFTER", "FOLLOWING"} & set(phrase.words)
    first, last, precision = moved_by(start.first, unit_of(phrase), -count if back else count)
    return Period(first=first, last=last, precision=precision, source="relative", why=f"{phrase.text} {start.first}")


def read_vague(phrase: DatePhrase, anchor: Anchor) -> Period | None:
    return None
