"""The parts of an event found in its sentence."""

from __future__ import annotations

from typing import Any

import pytest

from tasks.analyst.marks import mark

BASE: dict[str, Any] = {"actors": [], "targets": [], "location": None, "date_text": None, "sentence_start": 100}


def marked(sentence: str, trigger: str, **fields: Any) -> list[tuple[str, str]]:
    at = 100 + sentence.index(trigger)
    event = BASE | {"sentence": sentence, "trigger_start": at, "trigger_end": at + len(trigger)} | fields
    return [(sentence[m.start : m.end], m.role) for m in mark(event)]


def test_every_part_is_marked_in_the_order_of_the_sentence() -> None:
    found = marked(
        "On Monday rebels shelled Aleppo.", "shelled", actors=["rebels"], targets=["Aleppo"], date_text="Monday"
    )
    assert found == [("Monday", "date"), ("rebels", "actor"), ("shelled", "action"), ("Aleppo", "target")]


@pytest.mark.parametrize(
    ("sentence", "fields", "found"),
    [
        ("The US said us troops left Austria.", {"actors": ["US"]}, [("us", "actor")]),  # the nearest, whole words
        ("They left.", {"actors": ["Mr Brown (they)"]}, [("They", "actor")]),
        ("They left.", {"actors": ["Mr Brown"], "date_text": "", "location": "Oslo"}, []),
        ("Oslo men left Oslo.", {"targets": ["Oslo"], "location": "Oslo"}, [("Oslo", "target"), ("Oslo", "place")]),
        ("İzmir police left İzmir.", {"location": "İzmir"}, [("İzmir", "place")]),
    ],
)  # fmt: skip
def test_words_are_found_where_they_stand(sentence: str, fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert sorted(m for m in marked(sentence, "left", **fields) if m[1] != "action") == sorted(found)
