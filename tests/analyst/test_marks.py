"""The parts of an event found in its sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from flows import reading
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


def test_a_terminal_shows_each_part_in_its_colour(
    outputs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "console_of", lambda: Console(force_terminal=True, color_system="standard", width=120))
    reading.print_record("1b2c3d4e5f607182", outputs=outputs)
    sentence, legend = capsys.readouterr().out.splitlines()[:2]
    blue, reverse, green, yellow = (f"\x1b[1;{code}m{{}}\x1b[0m".format for code in (34, 7, 32, 33))
    assert sentence.startswith(f"{blue('Turkey')} and {blue('Russia')} {reverse('held talks')} in {green('Sochi')} on ")
    assert yellow("3 August 2016") in sentence
    assert legend.startswith(f"{blue('actor')} {reverse('action')} ")
