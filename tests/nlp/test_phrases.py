"""Short noun phrases: what names the party, without clauses, never over twelve words."""

from __future__ import annotations

import pytest

from tasks.nlp.parse import read_parse
from tasks.nlp.phrases import LONGEST, read_phrase, read_phrases
from tests.nlp.parses import parse_of

PHRASES = {
    "titles and names stay": (
        "US/NNP/compound/3/GPE Foreign/NNP/compound/2 Secretary/NNP/compound/3 Blinken/NNP/ROOT/3/PERSON",
        3,
        "US Foreign Secretary Blinken",
    ),
    "articles go": ("the/DT/det/1 army/NN/ROOT/1", 1, "army"),
    "an of-phrase identifies": (
        "the/DT/det/1 president/NN/ROOT/1 of/IN/prep/1 Chile/NNP/pobj/2/GPE",
        1,
        "president of Chile",
    ),
    "a relative clause goes": (
        "rebels:rebel/NNS/ROOT/0 who/WP/nsubj/2 fled:flee/VBD/relcl/0",
        0,
        "rebels",
    ),
    "an apposition in names takes over": (
        "the/DT/det/1 mayor/NN/ROOT/1 ,/,/punct/1 Ana/NNP/compound/4/PERSON Torres/NNP/appos/1/PERSON",
        1,
        "Ana Torres",
    ),
    "a number after the name belongs to it": (
        "Apollo/NNP/ROOT/0 11/CD/nummod/0",
        0,
        "Apollo 11",
    ),
}


@pytest.mark.parametrize(("text", "head", "expected"), PHRASES.values(), ids=list(PHRASES))
def test_phrase(text: str, head: int, expected: str) -> None:
    assert read_phrase(read_parse(parse_of(text)), head).text == expected


def test_coordinated_nouns_are_phrases_of_their_own() -> None:
    parse = read_parse(
        parse_of("Peru/NNP/ROOT/0/GPE ,/,/punct/0 Chile/NNP/conj/0/GPE and/CC/cc/2 Bolivia/NNP/conj/2/GPE")
    )
    assert [p.text for p in read_phrases(parse, 0)] == ["Peru", "Chile", "Bolivia"]


def test_a_phrase_is_never_over_twelve_words() -> None:
    words = [f"word{i}/NN/compound/20" for i in range(20)] + ["head/NN/ROOT/20"]
    assert len(read_phrase(read_parse(parse_of(" ".join(words))), 20).text.split()) <= LONGEST
