"""The small tables of the lexicon: closed kinds, no double entries."""

import csv
from collections import Counter
from importlib.resources import files

from tasks.contracts.codes import EVENT_TYPES
from tasks.lexicon.abbreviations import ABBREVIATION_KINDS, load_abbreviations


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((files("tasks.lexicon") / name).read_text(encoding="utf-8").splitlines()))


def test_abbreviations_have_a_kind_and_one_row_each() -> None:
    assert set(load_abbreviations().values()) <= ABBREVIATION_KINDS
    assert load_abbreviations()["Gen"] == "title"
    assert max(Counter(row["abbreviation"] for row in rows("abbreviations.csv")).values()) == 1
    assert not any(row["abbreviation"].endswith(".") for row in rows("abbreviations.csv"))


def test_a_word_belongs_to_one_family_of_actions_in_its_type() -> None:
    table = rows("action_families.csv")
    assert {row["type"] for row in table} <= set(EVENT_TYPES)
    words = Counter((row["type"], word) for row in table for word in row["words"].split())
    assert [word for word, count in words.items() if count > 1] == []
