"""The parse as lists: what the columns hold, and how phrases and subtrees are read off them."""

from __future__ import annotations

import pytest

from tasks.nlp.parse import Parse, read_parse
from tests.nlp.parses import parse_of


@pytest.fixture(scope="module")
def parse() -> Parse:
    return read_parse(
        parse_of(
            "Hold:Hold/NNP/compound/1 Bank:Bank/NNP/nsubj/2/ORG lent:lend/VBD/ROOT/2 money/NN/dobj/2 to/IN/prep/2 "
            "the/DT/det/6 miners:miner/NNS/pobj/4 ././punct/2 | It:it/PRP/nsubj/9 left:leave/VBD/ROOT/9 ././punct/9"
        )
    )


def test_columns(parse: Parse) -> None:
    assert parse.text.split()[:3] == parse.words[:3] == ["Hold", "Bank", "lent"]
    assert [parse.text[at : at + len(word)] for at, word in zip(parse.starts, parse.words, strict=True)] == parse.words
    assert (parse.lemmas[0], parse.model_lemmas[0], parse.lowers[1]) == ("hold", "Hold", "bank")
    assert (parse.heads[4], parse.children[2], parse.children[4]) == (2, [1, 3, 4, 7], [6])
    assert (parse.entities[1], parse.entities[2]) == ("ORG", "")


def test_sentences(parse: Parse) -> None:
    assert parse.sentences == [(0, 8), (8, 11)]
    assert [parse.sentence_of(token) for token in (0, 7, 8, 10)] == [0, 0, 1, 1]


def test_a_subtree_is_read_from_left_to_right(parse: Parse) -> None:
    assert parse.subtree(2) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert parse.subtree(4) == [4, 5, 6]
    assert parse.subtree(3) == [3]


def test_what_depends_on_a_token(parse: Parse) -> None:
    assert parse.child(2, "dobj", "nsubj") == 1
    assert parse.childs(2, "dobj", "prep") == [3, 4]
    assert parse.child(3, "det") is None


def test_what_stands_after_of() -> None:
    parse = read_parse(parse_of("arrest/NN/ROOT/0 of/IN/prep/0 two/CD/nummod/3 miners:miner/NNS/pobj/1"))
    assert (parse.of_objects(0), parse.of_objects(3)) == ([3], [])


def test_a_phrase_is_as_it_is_written(parse: Parse) -> None:
    assert parse.phrase(5, 7) == "the miners"
    assert not parse.is_tight(5)
