"""Date phrases as news writes them, each with the day it is read on and the days it means."""

from __future__ import annotations

import datetime
import time

import pytest

from tasks.text.datephrases import find_date_phrases
from tasks.text.dateresolver import Anchor, resolve_phrase
from tasks.text.periods import Period

TUESDAY = "2022-09-13"


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def read(text: str, anchor: Anchor) -> tuple[str, str, str, str]:
    """The only date phrase of the text as (phrase, first day, last day, precision)."""
    phrases = find_date_phrases(text)
    assert len(phrases) == 1, [p.text for p in phrases]
    period = resolve_phrase(phrases[0], anchor)
    assert period is not None, phrases[0]
    return phrases[0].text, str(period.first), str(period.last), period.precision


# phrase in context, the phrase, first day, last day, precision; read on Tuesday 13 September 2022
ABSOLUTE = [
    ("They met on 13 September 2022.", "13 September 2022", "2022-09-13", "2022-09-13", "day"),
    ("They met on September 13, 2022.", "September 13, 2022", "2022-09-13", "2022-09-13", "day"),
    ("They met on September 13 2022 in Vienna.", "September 13 2022", "2022-09-13", "2022-09-13", "day"),
    ("They met on Sept. 12.", "Sept. 12", "2022-09-12", "2022-09-12", "day"),
    ("They met on Sept 12 in Vienna.", "Sept 12", "2022-09-12", "2022-09-12", "day"),
    ("They met on 12 Sep 2021.", "12 Sep 2021", "2021-09-12", "2021-09-12", "day"),
    ("They met on the 2nd of June 2021.", "the 2nd of June 2021", "2021-06-02", "2021-06-02", "day"),
    ("They met on June 1st.", "June 1st", "2022-06-01", "2022-06-01", "day"),
    ("They met on 1 JUNE 2019.", "1 JUNE 2019", "2019-06-01", "2019-06-01", "day"),
    ("They met on Monday, 5 September 2022.", "Monday, 5 September 2022", "2022-09-05", "2022-09-05", "day"),
    ("They met on Monday, Sept. 5, 2022, in Vienna.", "Monday, Sept. 5, 2022", "2022-09-05", "2022-09-05", "day"),
    ("They met on Monday 5 September.", "Monday 5 September", "2022-09-05", "2022-09-05", "day"),
    ("They met on 13/09/2022.", "13/09/2022", "2022-09-13", "2022-09-13", "day"),
    ("They met on 03/04/2022.", "03/04/2022", "2022-04-03", "2022-04-03", "day"),
    ("They met on 09/13/2022.", "09/13/2022", "2022-09-13", "2022-09-13", "day"),
    ("They met on 13.09.2022.", "13.09.2022", "2022-09-13", "2022-09-13", "day"),
    ("They met on 13-09-2022.", "13-09-2022", "2022-09-13", "2022-09-13", "day"),
    ("They met on 13/09/22.", "13/09/22", "2022-09-13", "2022-09-13", "day"),
    ("They met on 13/09/98.", "13/09/98", "1998-09-13", "1998-09-13", "day"),
    ("They met on 2022-09-13.", "2022-09-13", "2022-09-13", "2022-09-13", "day"),
    ("They met on 2022/09/13.", "2022/09/13", "2022-09-13", "2022-09-13", "day"),
    ("Some 200 died between 13 and 14 September.", "between 13 and 14 September", "2022-09-13", "2022-09-14", "day"),
    ("They fought on 3 and 4 September 2020.", "3 and 4 September 2020", "2020-09-03", "2020-09-04", "day"),
    ("They fought on 13-14 September.", "13-14 September", "2022-09-13", "2022-09-14", "day"),
    ("They fought on 13–14 August.", "13–14 August", "2022-08-13", "2022-08-14", "day"),
    ("They fought on August 13-14, 2020.", "August 13-14, 2020", "2020-08-13", "2020-08-14", "day"),
    ("They fought on 1, 2 and 3 May 2020.", "1, 2 and 3 May 2020", "2020-05-01", "2020-05-03", "day"),
    ("They fought from 3 to 5 February.", "from 3 to 5 February", "2022-02-03", "2022-02-05", "day"),
    ("They fought between 3 and 5 February.", "between 3 and 5 February", "2022-02-03", "2022-02-05", "day"),
    ("They fought between February 3 and 5.", "between February 3 and 5", "2022-02-03", "2022-02-05", "day"),
    ("It ran from 3 February to 5 March 2021.", "from 3 February to 5 March 2021", "2021-02-03", "2021-03-05", "day"),
    ("It ran from Dec. 30 to Jan. 2, 2021.", "from Dec. 30 to Jan. 2, 2021", "2020-12-30", "2021-01-02", "day"),
    ("It ran between February 3 and March 5.", "between February 3 and March 5", "2022-02-03", "2022-03-05", "day"),
    ("The town fell on 19 September.", "19 September", "2021-09-19", "2021-09-19", "day"),
    ("The town fell on 14 September.", "14 September", "2022-09-14", "2022-09-14", "day"),
    ("The town fell on 29 February.", "29 February", "2020-02-29", "2020-02-29", "day"),
    ("They met on the 5th.", "the 5th", "2022-09-05", "2022-09-05", "day"),
    ("They met on the 20th, he said.", "the 20th", "2022-08-20", "2022-08-20", "day"),
    ("They met in May 2021.", "May 2021", "2021-05-01", "2021-05-31", "month"),
    ("They met in May of 2021.", "May of 2021", "2021-05-01", "2021-05-31", "month"),
    ("They met in Feb. 2020.", "Feb. 2020", "2020-02-01", "2020-02-29", "month"),
    ("They met in September.", "September", "2022-09-01", "2022-09-30", "month"),
    ("They met in October.", "October", "2021-10-01", "2021-10-31", "month"),
    ("They met last May.", "last May", "2022-05-01", "2022-05-31", "month"),
    ("They met last September.", "last September", "2021-09-01", "2021-09-30", "month"),
    ("They met in June last year.", "June last year", "2021-06-01", "2021-06-30", "month"),
    ("They met in June of last year.", "June of last year", "2021-06-01", "2021-06-30", "month"),
    ("They met in March this year.", "March this year", "2022-03-01", "2022-03-31", "month"),
    ("They met in late May.", "late May", "2022-05-22", "2022-05-31", "month"),
    ("They met in early May 2020.", "early May 2020", "2020-05-01", "2020-05-10", "month"),
    ("They met in mid-June.", "mid-June", "2022-06-11", "2022-06-20", "month"),
    ("They met at the end of June.", "the end of June", "2022-06-21", "2022-06-30", "month"),
    ("They fought in May and June 2021.", "May and June 2021", "2021-05-01", "2021-06-30", "quarter"),
    ("They fought from May 2021 to June 2022.", "from May 2021 to June 2022", "2021-05-01", "2022-06-30", "month"),
    ("It began in 2014.", "2014", "2014-01-01", "2014-12-31", "year"),
    ("It began in early 2020.", "early 2020", "2020-01-01", "2020-05-01", "year"),
    ("It began in late 2020.", "late 2020", "2020-09-01", "2020-12-31", "year"),
    ("It began at the end of 2021.", "the end of 2021", "2021-09-02", "2021-12-31", "year"),
    ("The war (2014) was short.", "2014", "2014-01-01", "2014-12-31", "year"),
    ("The 2020 war was short.", "2020", "2020-01-01", "2020-12-31", "year"),
    ("It has sold arms since 2002.", "2002", "2002-01-01", "2022-09-13", "year"),
    ("It has been closed since Monday.", "Monday", "2022-09-12", "2022-09-13", "day"),
    ("It has been closed since 5 May.", "5 May", "2022-05-05", "2022-09-13", "day"),
    ("They fought from 2014 to 2016.", "from 2014 to 2016", "2014-01-01", "2016-12-31", "year"),
    ("They fought between 2014 and 2016.", "between 2014 and 2016", "2014-01-01", "2016-12-31", "year"),
    ("The war of 1991-94 was long.", "1991-94", "1991-01-01", "1994-12-31", "year"),
    ("The 2014–2016 war was long.", "2014–2016", "2014-01-01", "2016-12-31", "year"),
    ("They grew in Q3 2021.", "Q3 2021", "2021-07-01", "2021-09-30", "quarter"),
    ("They grew in the third quarter of 2021.", "the third quarter of 2021", "2021-07-01", "2021-09-30", "quarter"),
    ("They grew in the third quarter.", "the third quarter", "2021-07-01", "2021-09-30", "quarter"),
    ("They grew in the second quarter.", "the second quarter", "2022-04-01", "2022-06-30", "quarter"),
    ("Their first-quarter result grew.", "first-quarter", "2022-01-01", "2022-03-31", "quarter"),
    ("A first quarter of this year.", "first quarter of this year", "2022-01-01", "2022-03-31", "quarter"),
    ("They grew in the final quarter of 2009.", "the final quarter of 2009", "2009-10-01", "2009-12-31", "quarter"),
    ("Bad: the first three months of 2021.", "the first three months of 2021", "2021-01-01", "2021-03-31", "quarter"),
    ("It grew in the last two weeks of May.", "the last two weeks of May", "2022-05-18", "2022-05-31", "week"),
    ("The October-to-December figure grew.", "October-to-December", "2021-10-01", "2021-12-31", "quarter"),
    ("December's floods took the town.", "December", "2021-12-01", "2021-12-31", "month"),
    ("They met on Wednesday [7 September].", "Wednesday [7 September", "2022-09-07", "2022-09-07", "day"),
    ("They fell in 2001 and 2002.", "2001 and 2002", "2001-01-01", "2002-12-31", "year"),
    ("They grew last quarter.", "last quarter", "2022-04-01", "2022-06-30", "quarter"),
    ("They grew in the first half of 2021.", "the first half of 2021", "2021-01-01", "2021-06-30", "year"),
    ("They fought in the 1990s.", "the 1990s", "1990-01-01", "1999-12-31", "decade"),
    ("They fought in the late 1990s.", "the late 1990s", "1996-09-01", "1999-12-31", "decade"),
    ("They fought in the '90s.", "the '90s", "1990-01-01", "1999-12-31", "decade"),
    ("They met in the summer of 2020.", "the summer of 2020", "2020-06-01", "2020-08-31", "quarter"),
    ("They met in summer 2020.", "summer 2020", "2020-06-01", "2020-08-31", "quarter"),
    ("They met last summer.", "last summer", "2022-06-01", "2022-08-31", "quarter"),
    ("They met this spring.", "this spring", "2022-03-01", "2022-05-31", "quarter"),
    ("They met in the autumn.", "the autumn", "2022-09-01", "2022-11-30", "quarter"),
    ("They met in the fall of 2020.", "the fall of 2020", "2020-09-01", "2020-11-30", "quarter"),
]  # fmt: skip

RELATIVE = [
    ("They met today.", "today", "2022-09-13", "2022-09-13", "day"),
    ("They met earlier today.", "earlier today", "2022-09-13", "2022-09-13", "day"),
    ("Tonight they met.", "Tonight", "2022-09-13", "2022-09-13", "day"),
    ("They met this morning.", "this morning", "2022-09-13", "2022-09-13", "day"),
    ("Earlier this evening they met.", "Earlier this evening", "2022-09-13", "2022-09-13", "day"),
    ("They met yesterday.", "yesterday", "2022-09-12", "2022-09-12", "day"),
    ("They met yesterday evening.", "yesterday evening", "2022-09-12", "2022-09-12", "day"),
    ("Last night, they met.", "Last night", "2022-09-12", "2022-09-12", "day"),
    ("They met late last night.", "late last night", "2022-09-12", "2022-09-12", "day"),
    ("They met the day before yesterday.", "the day before yesterday", "2022-09-11", "2022-09-11", "day"),
    ("They met two days ago.", "two days ago", "2022-09-11", "2022-09-11", "day"),
    ("They met 10 days ago.", "10 days ago", "2022-09-03", "2022-09-03", "day"),
    ("A week ago, they met.", "A week ago", "2022-09-06", "2022-09-06", "week"),
    ("They met about three weeks ago.", "about three weeks ago", "2022-08-23", "2022-08-23", "week"),
    ("They met a couple of weeks ago.", "a couple of weeks ago", "2022-08-30", "2022-08-30", "week"),
    ("Two months ago they met.", "Two months ago", "2022-07-01", "2022-07-31", "month"),
    ("They met a year ago.", "a year ago", "2021-01-01", "2021-12-31", "year"),
    ("They met more than 20 years ago.", "more than 20 years ago", "2002-01-01", "2002-12-31", "year"),
    ("They met a decade ago.", "a decade ago", "2012-01-01", "2012-12-31", "decade"),
    ("They met three hours ago.", "three hours ago", "2022-09-13", "2022-09-13", "day"),
    ("They met last week.", "last week", "2022-09-05", "2022-09-11", "week"),
    ("They met last month.", "last month", "2022-08-01", "2022-08-31", "month"),
    ("They met last year.", "last year", "2021-01-01", "2021-12-31", "year"),
    ("They met early last year.", "early last year", "2021-01-01", "2021-05-01", "year"),
    ("They met at the end of last month.", "the end of last month", "2022-08-22", "2022-08-31", "month"),
    ("They met this week.", "this week", "2022-09-12", "2022-09-13", "week"),
    ("They met earlier this week.", "earlier this week", "2022-09-12", "2022-09-13", "week"),
    ("They met earlier this month.", "earlier this month", "2022-09-01", "2022-09-13", "month"),
    ("They met earlier this year.", "earlier this year", "2022-01-01", "2022-09-13", "year"),
    ("They met earlier this summer.", "earlier this summer", "2022-06-01", "2022-08-31", "quarter"),
    ("They met at the weekend.", "the weekend", "2022-09-10", "2022-09-11", "day"),
    ("They met last weekend.", "last weekend", "2022-09-10", "2022-09-11", "day"),
    ("It fell in the past year.", "the past year", "2021-09-13", "2022-09-13", "year"),
    ("It fell over the last three weeks.", "the last three weeks", "2022-08-23", "2022-09-13", "week"),
    ("It fell in the past 24 hours.", "the past 24 hours", "2022-09-13", "2022-09-13", "day"),
    ("It fell in the last two months.", "the last two months", "2022-07-13", "2022-09-13", "month"),
    ("They met on Tuesday.", "Tuesday", "2022-09-13", "2022-09-13", "day"),
    ("They met on Monday.", "Monday", "2022-09-12", "2022-09-12", "day"),
    ("They met on Wednesday.", "Wednesday", "2022-09-07", "2022-09-07", "day"),
    ("They met on Sunday morning.", "Sunday morning", "2022-09-11", "2022-09-11", "day"),
    ("They met late on Sunday.", "late on Sunday", "2022-09-11", "2022-09-11", "day"),
    ("They met early Monday.", "early Monday", "2022-09-12", "2022-09-12", "day"),
    ("They met last Tuesday.", "last Tuesday", "2022-09-06", "2022-09-06", "day"),
    ("They met on Tuesday last week.", "Tuesday last week", "2022-09-06", "2022-09-06", "day"),
    ("They met on Thursday of last week.", "Thursday of last week", "2022-09-08", "2022-09-08", "day"),
    ("It began at 05:00 GMT on Tuesday.", "Tuesday", "2022-09-13", "2022-09-13", "day"),
    ("It began at 12:00 UTC Monday, he said.", "Monday", "2022-09-12", "2022-09-12", "day"),
    ("They marched from Friday to Monday.", "from Friday to Monday", "2022-09-09", "2022-09-12", "day"),
    ("They met on Good Friday.", "Good Friday", "2022-04-15", "2022-04-15", "day"),
    ("They met on Christmas Day.", "Christmas Day", "2021-12-25", "2021-12-25", "day"),
    ("They met on New Year's Eve.", "New Year's Eve", "2021-12-31", "2021-12-31", "day"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "phrase", "first", "last", "precision"), ABSOLUTE + RELATIVE)
def test_a_phrase_is_read_on_the_day_of_publication(
    text: str, phrase: str, first: str, last: str, precision: str
) -> None:
    assert read(text, Anchor(day=day(TUESDAY))) == (phrase, first, last, precision)


# the same phrases, spoken of a plan
PLANS = [
    ("They will meet on Monday.", "Monday", "2022-09-19", "2022-09-19", "day"),
    ("They will meet on Tuesday.", "Tuesday", "2022-09-13", "2022-09-13", "day"),
    ("They will meet next Tuesday.", "next Tuesday", "2022-09-20", "2022-09-20", "day"),
    ("They will meet next Monday.", "next Monday", "2022-09-19", "2022-09-19", "day"),
    ("They will meet on 19 September.", "19 September", "2022-09-19", "2022-09-19", "day"),
    ("They will meet on 5 May.", "5 May", "2023-05-05", "2023-05-05", "day"),
    ("They will meet in June.", "June", "2023-06-01", "2023-06-30", "month"),
    ("They will meet in late September.", "late September", "2022-09-21", "2022-09-30", "month"),
    ("They will meet tomorrow.", "tomorrow", "2022-09-14", "2022-09-14", "day"),
    ("They will meet tomorrow morning.", "tomorrow morning", "2022-09-14", "2022-09-14", "day"),
    ("They will meet the day after tomorrow.", "the day after tomorrow", "2022-09-15", "2022-09-15", "day"),
    ("They will meet next week.", "next week", "2022-09-19", "2022-09-25", "week"),
    ("They will meet this week.", "this week", "2022-09-12", "2022-09-18", "week"),
    ("They will meet later this month.", "later this month", "2022-09-13", "2022-09-30", "month"),
    ("They will meet next year.", "next year", "2023-01-01", "2023-12-31", "year"),
    ("They will meet in two weeks.", "in two weeks", "2022-09-27", "2022-09-27", "week"),
    ("They will meet next month.", "next month", "2022-10-01", "2022-10-31", "month"),
    ("They will meet at the weekend.", "the weekend", "2022-09-17", "2022-09-18", "day"),
    ("They will meet over the next three days.", "the next three days", "2022-09-13", "2022-09-16", "day"),
    ("They will meet on the 20th.", "the 20th", "2022-09-20", "2022-09-20", "day"),
]


@pytest.mark.parametrize(("text", "phrase", "first", "last", "precision"), PLANS)
def test_a_plan_looks_forward(text: str, phrase: str, first: str, last: str, precision: str) -> None:
    assert read(text, Anchor(day=day(TUESDAY), forward=True)) == (phrase, first, last, precision)


# phrases told from the date before them, here Friday 5 August 2022
FROM_BEFORE = [
    ("They met the next day.", "the next day", "2022-08-06", "2022-08-06", "day"),
    ("They met the following day.", "the following day", "2022-08-06", "2022-08-06", "day"),
    ("They met the following morning.", "the following morning", "2022-08-06", "2022-08-06", "day"),
    ("They met the day after.", "the day after", "2022-08-06", "2022-08-06", "day"),
    ("They met the day before, he said.", "the day before", "2022-08-04", "2022-08-04", "day"),
    ("They met the previous day.", "the previous day", "2022-08-04", "2022-08-04", "day"),
    ("They met two days later.", "two days later", "2022-08-07", "2022-08-07", "day"),
    ("They met a week earlier.", "a week earlier", "2022-07-29", "2022-07-29", "week"),
    ("They met two weeks before.", "two weeks before", "2022-07-22", "2022-07-22", "week"),
    ("They met the following month.", "the following month", "2022-09-01", "2022-09-30", "month"),
    ("They met the year before.", "the year before", "2021-01-01", "2021-12-31", "year"),
    ("They met three years later.", "three years later", "2025-01-01", "2025-12-31", "year"),
    ("They met that day.", "that day", "2022-08-05", "2022-08-05", "day"),
    ("They met on the same day.", "on the same day", "2022-08-05", "2022-08-05", "day"),
    ("They met later that month.", "later that month", "2022-08-05", "2022-08-31", "month"),
    ("It grew in the previous quarter.", "the previous quarter", "2022-04-01", "2022-06-30", "quarter"),
    ("They met the following Monday.", "the following Monday", "2022-08-08", "2022-08-08", "day"),
]


@pytest.mark.parametrize(("text", "phrase", "first", "last", "precision"), FROM_BEFORE)
def test_a_phrase_is_told_from_the_date_before_it(
    text: str, phrase: str, first: str, last: str, precision: str
) -> None:
    friday = datetime.date(2022, 8, 5)
    before = Period(first=friday, last=friday, precision="day")
    assert read(text, Anchor(day=day(TUESDAY), before=before)) == (phrase, first, last, precision)


@pytest.mark.parametrize(
    "text",
    [
        "It rose in 2,020 cases.",
        "Some 1,990 people fled.",
        "It fled with 2014 people.",
        "It was seen in 2014 cases.",
        "They fought for two days.",
        "It took six weeks of fighting.",
        "A two-day war.",
        "He may march on 12 cities.",
        "March on the capital, they cried.",
        "April said she would go.",
        "They won 24/7 cover and 9 of 11 seats.",
        "Version 10.5.22 came out.",
        "They met at 1400 GMT.",
        "It cost $2022.",
        "The Sunday Times said so.",
        "They protest on Sundays.",
        "On Bloody Sunday troops shot them.",
        "It is the 13th floor.",
        "The ceasefire was at 05:00 GMT.",
        "They took the town in two-thirds of the time.",
    ],
)
def test_quantities_durations_and_names_are_no_dates(text: str) -> None:
    assert find_date_phrases(text) == []


@pytest.mark.parametrize(
    "text",
    ["In recent months it fell.", "It fell years ago.", "It recently fell.", "They fell a few weeks ago.",
     "Two days following the end, she came.", "It came less than a week after the war.", "It fell on 31 February 2020.",
     "They fought two wars in 1991 and 2020.", "It fell on 31/12/9999.", "It fell on 01/01/0000.",
     "It fell 5,000 years ago.", "It fell 9999 years ago.", "They met the next day.", "They met the previous month."],
)  # fmt: skip
def test_vague_and_impossible_phrases_are_found_but_give_no_day(text: str) -> None:
    (phrase,) = find_date_phrases(text)
    assert resolve_phrase(phrase, Anchor(day=day(TUESDAY))) is None


@pytest.mark.parametrize("day", [datetime.date.min, datetime.date.max])
@pytest.mark.parametrize("text", [row[0] for row in RELATIVE])
def test_the_ends_of_the_calendar_are_survived(text: str, day: datetime.date) -> None:
    for phrase in find_date_phrases(text):
        resolve_phrase(phrase, Anchor(day=day))
        resolve_phrase(phrase, Anchor(day=day, forward=True))


@pytest.mark.parametrize("text", ["on Tuesday", "yesterday", "last week", "on 13 September", "in June", "the next day"])
def test_without_publication_only_full_dates_resolve(text: str) -> None:
    (phrase,) = find_date_phrases(text)
    assert resolve_phrase(phrase, Anchor(day=None)) is None


def test_a_governing_year_goes_before_nearness() -> None:
    (phrase,) = find_date_phrases("On 5 May he fled.")
    period = resolve_phrase(phrase, Anchor(day=day(TUESDAY), year=2014))
    assert period is not None and str(period.first) == "2014-05-05"


def test_the_outlets_order_decides_between_days_and_months() -> None:
    (phrase,) = find_date_phrases("on 03/04/2022")
    period = resolve_phrase(phrase, Anchor(day=None, day_first=False))
    assert period is not None and str(period.first) == "2022-03-04"


@pytest.mark.parametrize(
    "text",
    ["1 " * 50_000, "May " * 50_000, "3-4" * 50_000, "in 2014, " * 30_000, "on Monday to " * 30_000, "(" * 100_000],
)
def test_time_is_linear_in_the_length_of_hostile_text(text: str) -> None:
    started = time.perf_counter()
    find_date_phrases(text)
    assert time.perf_counter() - started < 5  # 0.1 to 0.5 s on a free core; a quadratic scan takes minutes
