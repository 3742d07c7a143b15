"""Which files an own vocabulary touches: never too few, and not those without the word."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tasks.contracts.records import VocabularyFile
from tasks.contracts.settings import Settings
from tasks.lexicon.vocabulary import read_vocabulary
from tasks.logic import Logic
from tasks.touching import clues, touched_files

MODEL = Settings().model
HEADS = {
    "actors": "name,sectors",
    "places": "name,latitude,longitude",
    "verbs": "verb,type",
    "nouns": "noun,type",
}
REST = {"actors": "REB", "places": "3,7", "verbs": "ASSAULT", "nouns": "ASSAULT"}


def files(kind: str, *names: str) -> tuple[VocabularyFile, ...]:
    rows = "".join(f"{name},{REST[kind]}\n" for name in names)
    return (VocabularyFile(f"{kind}.csv", f"{HEADS[kind]}\n{rows}"),)


def touched(kind: str, name: str, text: str, *, model: str = MODEL) -> bool:
    articles = pa.table({"source_path": ["a.txt", "b.txt"], "text": [text, "Nothing of it."]})
    found = touched_files(articles, clues(read_vocabulary(files(kind, name)), model=model))
    assert "b.txt" not in found or model != MODEL
    return "a.txt" in found


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("verbs", "seek", "They sought it."),
        ("verbs", "carry", "It was carried off."),
        ("verbs", "besiege", "Besieging the town"),
        ("verbs", "ban", "banned"),
        ("nouns", "frogman", "two frogmen came"),
        ("nouns", "hunger strike", "a strike, out of hunger"),
        ("actors", "Lord's Resistance Army", "the Lord\u2019s\nResistance Army"),
        ("actors", "Wagner", "Wagner-linked fighters"),
        ("actors", "Wagner", "WAGNER's men"),
        ("actors", "Leigh's 1950s drama", "Leigh 1950s drama"),
        ("places", "Sana'a", "in Sanaa"),
        ("places", "Sanaa", "in Sana\u2019a."),
        ("places", "Goristan", "in G\u00f3rist\u00e1n"),
        ("places", "\u0141\u00f3d\u017a", "in \u0141\u00f3d\u017a"),
        ("places", "St George's", "at St Georges"),
    ],
)
def test_every_way_to_write_it_is_found(kind: str, name: str, text: str) -> None:
    assert touched(kind, name, text)


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("verbs", "seek", "They looked for it."),
        ("actors", "Ado Front", "shadow fronts and ado"),
        ("places", "Ado", "much shadow"),
        ("nouns", "hunger strike", "a strike"),
    ],
)
def test_what_does_not_hold_it_is_left_alone(kind: str, name: str, text: str) -> None:
    assert not touched(kind, name, text)


def test_with_a_model_whose_forms_are_unknown_a_verb_touches_every_text() -> None:
    assert touched("verbs", "seek", "They looked for it.", model="json")


def test_a_digest_holds_what_touches_the_file_and_neither_lines_nor_other_rows() -> None:
    texts = pa.table({"source_path": ["a.txt", "b.txt"], "text": ["They seek peace.", "They keep peace."]})

    def digests(*vocabulary: VocabularyFile) -> tuple[str, str]:
        logic = Logic(clean="c", extract="e", vocabulary=vocabulary, model=MODEL).knowing([texts])
        return logic.extract_of("a.txt"), logic.extract_of("b.txt")

    one = digests(*files("verbs", "seek"))
    assert one[1] == "e" != one[0]
    assert digests(VocabularyFile("verbs.csv", "# of mine\nverb,type\nfly,OTHER\nseek,ASSAULT\n"))[0] == one[0]
    assert digests(VocabularyFile("verbs.csv", "verb,type\nseek,OTHER\n"))[0] != one[0]
    assert digests() == ("e", "e")
