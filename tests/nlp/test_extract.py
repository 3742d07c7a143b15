"""Events of an article as records: stable ids, offsets into the text, short names."""

from __future__ import annotations

from tasks.contracts.codes import SentenceOutcome
from tasks.contracts.records import Article, Sentence
from tasks.nlp.extract import Extraction, extract_events, load_knowledge
from tests.nlp.parses import parse_of

ATTACK = "Rebels:rebel/NNS/nsubj/{1} attacked:attack/VBD/ROOT/{1} Lome/NNP/dobj/{1}/GPE ./././{1}"
TIES = "Ties:tie/NNS/nsubj/{1} remain/VBP/ROOT/{1} tense/JJ/acomp/{1} ./././{1}"
FLIGHT = "Miners:miner/NNS/nsubj/{1} fled:flee/VBD/ROOT/{1} Togo/NNP/dobj/{1}/GPE ./././{1}"
TOKENS = 4


def extracted(*sentences: str) -> tuple[Extraction, str]:
    """What an article of these sentences gives, and its text."""
    parts = [s.format(*range(i * TOKENS, (i + 1) * TOKENS)) for i, s in enumerate(sentences)]
    doc = parse_of(" | ".join(parts))
    spans = [(s[0].idx, s[-1].idx + 1) for s in doc.sents]
    article = Article(
        article_key="a", source_path="a.txt", content_hash="", title=None, byline=None, outlet=None, url=None,
        published=None, published_source="none", language="en", text=doc.text,
    )  # fmt: skip
    split = [
        Sentence(article_key="a", sentence_index=i, start=a, end=b, text=doc.text[a:b])
        for i, (a, b) in enumerate(spans)
    ]
    return extract_events(doc, article=article, sentences=split, knowledge=load_knowledge()), doc.text


def test_offsets_cut_sentence_and_trigger_out_of_the_text() -> None:
    found, text = extracted(TIES, ATTACK)
    (event,) = found.events
    assert text[event.sentence_start : event.sentence_end] == event.sentence
    assert text[event.trigger_start : event.trigger_end] == "attacked"
    assert (event.actor, event.action, event.target, event.event_type) == ("Rebels", "attack", "Lome", "ASSAULT")


def test_every_sentence_has_an_outcome() -> None:
    found, _ = extracted(TIES, ATTACK)
    assert found.outcomes == (SentenceOutcome.STATIVE, SentenceOutcome.EVENTS)


def test_an_edit_elsewhere_leaves_the_id() -> None:
    (before,) = extracted(TIES, ATTACK)[0].events
    after = extracted(FLIGHT, ATTACK)[0].events
    assert before.event_id == after[1].event_id
    assert before.event_id != after[0].event_id


def test_equal_sentences_have_ids_of_their_own() -> None:
    events = extracted(ATTACK, ATTACK, ATTACK)[0].events
    assert len({e.event_id for e in events}) == len(events) == 3
