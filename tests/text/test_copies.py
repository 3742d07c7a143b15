"""Copies: equal words, edited words, other numbers, and an order of arrival that must not show."""

import random
import time
from dataclasses import replace
from datetime import date

import pytest

from tasks.text.copies import Fingerprint, fingerprint, link_copies

STORY = (
    "Dock workers in Mombasa walked out on Tuesday after talks with the port authority broke down. The union said that "
    "4,200 members had stopped work at the two container terminals and would stay away until the authority withdrew "
    "its plan to lease berths 11 to 14 to a private company. Managers called the strike illegal and went to court. "
    "Ships waited outside the harbour on Wednesday, and hauliers warned that fuel could run short in Kampala and "
    "Kigali within 6 days. A mediator named by the labour ministry is to meet both sides on Friday."
)
PRICES = (
    "Grain prices at the Rostov exchange for the week ending {day} June: milling wheat closed at {a} dollars a tonne, "
    "feed wheat at {b} dollars and barley at {c} dollars, the exchange said in its weekly note. Traders said that "
    "demand from Egypt and Turkey remained the main driver of the market and that freight rates had not changed "
    "since the start of the season, while farmers held back grain in the hope of better prices in the autumn."
)


def of(text: str, key: str, day: int | None = None) -> Fingerprint:
    return fingerprint(text, article_key=key, published=date(2024, 6, day) if day else None)


def words_changed(text: str, every: int) -> str:
    return " ".join("other" if i % every == every - 1 else w for i, w in enumerate(text.split()))


def test_equal_words_are_a_copy_of_the_earliest() -> None:
    shouted = STORY.upper().replace(". ", "!\n\n")
    items = [of(STORY, "b", 3), of(shouted, "a", 4), of(f"  {STORY} ", "c", 2), of(STORY, "0")]
    assert link_copies(items) == {"b": "c", "a": "c", "0": "c"}


def test_a_lightly_edited_story_is_a_copy_and_another_story_is_not() -> None:
    edited = STORY.replace("walked out", "went on strike").replace(" A mediator named", " A go-between named")
    assert link_copies([of(STORY, "a", 1), of(edited, "b", 2)]) == {"b": "a"}
    assert link_copies([of(STORY, "a", 1), of(words_changed(STORY, 6), "b", 2)]) == {}


def test_one_template_with_other_numbers_is_no_copy() -> None:
    weeks = [PRICES.format(day=day, a=a, b=b, c=c) for day, a, b, c in [(7, 212.4, 198, 171), (14, 209.9, 197, 170)]]
    assert link_copies([of(text, str(i), i + 1) for i, text in enumerate(weeks)]) == {}
    assert link_copies([of(weeks[0], "a", 1), of(weeks[0].replace("said in", "wrote in"), "b", 2)]) == {"b": "a"}


def test_short_texts_are_copies_only_where_they_are_equal() -> None:
    brief = "A bus fell into a ravine near Pokhara on Sunday. Three people died."
    assert link_copies([of(brief, "a", 1), of(brief.lower(), "b", 2)]) == {"b": "a"}
    assert link_copies([of(brief, "a", 1), of(brief.replace("Three", "Five"), "b", 2)]) == {}
    assert link_copies([of("", "a", 1), of(" \n", "b", 2), of("...", "c", 3)]) == {}


def test_the_order_of_arrival_does_not_show() -> None:
    texts = [
        STORY,
        STORY.replace("broke down", "failed"),
        STORY.upper(),
        words_changed(STORY, 6),
        PRICES,
        PRICES + " x",
    ]
    items = [of(text, f"{k}-{i}", k + 1 if k else None) for i, text in enumerate(texts) for k in range(3)]
    expected = link_copies(items)
    assert len(expected) == 15
    for seed in range(5):
        random.Random(seed).shuffle(items)
        assert link_copies(items) == expected


def test_an_earlier_original_that_arrives_late_takes_over() -> None:
    known = [of(STORY, "b", 5), of(STORY, "c", 6)]
    assert link_copies(known) == {"c": "b"}
    assert link_copies([*known, of(STORY, "a", 4)]) == {"b": "a", "c": "a"}
    assert link_copies(known[1:]) == {}


def test_a_copy_resembles_its_original_not_another_copy() -> None:
    steps = [STORY]
    for word in ("Managers", "Ships", "hauliers", "union", "Dock", "mediator"):
        steps.append(steps[-1].replace(word, "Somebody else quite different"))
    items = [of(text, str(i), i + 1) for i, text in enumerate(steps)]
    links = link_copies(items)
    assert links["1"] == "0"
    assert all(original not in links for original in links.values())


@pytest.mark.parametrize("edit", ["", " same"])
def test_a_family_of_thousands_costs_no_more_than_its_size(edit: str) -> None:
    base = of(PRICES, "0", 1)
    family = [of(PRICES.format(day=i, a=i * 7, b=i * 3, c=i * 5) + edit * (i % 2), f"{i:05}", 1) for i in range(1, 800)]
    copies = [replace(f, article_key=f"z{f.article_key}", published=date(2024, 7, 1)) for f in family]
    start = time.process_time()
    links = link_copies([base, *family, *copies])
    assert time.process_time() - start < 3
    assert all(links[f"z{f.article_key}"] for f in family)
