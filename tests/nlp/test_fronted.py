"""Dates that open a sentence without a comma."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from tasks.contracts.records import Sentence
from tasks.nlp.fronted import mark_fronted, take_marks
from tasks.nlp.model import tokenize


def read(*texts: str) -> tuple[Doc, list[Sentence]]:
    sentences = []
    at = 0
    for index, text in enumerate(texts):
        sentences.append(Sentence(article_key="a", sentence_index=index, start=at, end=at + len(text), text=text))
        at += len(text) + 1
    return tokenize(spacy.blank("en"), " ".join(texts), sentences), sentences


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("On May 7 India bombed camps.", "On May 7, India bombed camps."),
        ("On 1 August protesters marched.", "On 1 August, protesters marched."),
        ("On Monday night police arrested two men.", "On Monday night, police arrested two men."),
        ("In 1991 Iraq left.", "In 1991, Iraq left."),
        ("Last December Petro announced a truce.", "Last December, Petro announced a truce."),
        ("Two days later Iran denied it.", "Two days later, Iran denied it."),
        ("On Monday, Chad closed the border.", None),
        ("On Monday the army left.", None),
        ("Last week was quiet.", None),
        ("In May or June elections follow.", None),
        ("In 2022 alone they met twice.", None),
        ("Police came on Monday night.", None),
    ],
)
def test_the_parser_reads_a_comma_before_the_subject(text: str, marked: str | None) -> None:
    doc, sentences = read(text)
    read_as = mark_fronted(doc, sentences)
    assert read_as.text == (marked or text)
    assert (read_as is doc) == (marked is None)


def test_the_comma_leaves_the_parse_again() -> None:
    doc, sentences = read("It rained.", "On May 7 India bombed camps.")
    marked = mark_fronted(doc, sentences)
    words = [t.text for t in marked]
    bombed = words.index("bombed")
    for token, head in zip(marked, [1, 1, 1, bombed, 3, 4, bombed, bombed, bombed, bombed, bombed], strict=True):
        token.head = marked[head]
        token.dep_ = "ROOT" if token.i == head else "dep"
        token.tag_ = "NN"
    bare = take_marks(marked)
    assert bare.text == doc.text
    assert [t.text for t in bare if t.head.text == "bombed"] == ["On", "India", "bombed", "camps", "."]
    assert [s.text for s in bare.sents] == ["It rained.", "On May 7 India bombed camps."]
    assert {t.tag_ for t in bare} == {"NN"}
    assert take_marks(doc) is doc
