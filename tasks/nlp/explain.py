"""What is extracted from a sentence and why, on its parse, as text for the terminal."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from spacy.tokens import Doc

from tasks.contracts.records import Article, Event, Sentence, VocabularyFile
from tasks.contracts.settings import Settings
from tasks.nlp.extract import Extraction, Note, extract_events, load_knowledge
from tasks.nlp.frames import EventPlace
from tasks.nlp.model import load_model, parse_articles
from tasks.text.sentences import split_sentences

_FACTS = ("actor", "action", "target", "location", "event_type", "modality", "claimant", "actor_country",
          "target_country", "actor_sector", "target_sector", "killed", "injured", "arrested")  # fmt: skip


def explain_sentence(
    text: str,
    *,
    published: datetime.date | None = None,
    settings: Settings | None = None,
    vocabulary: tuple[VocabularyFile, ...] = (),
) -> str:
    """The sentence's parse, its events with the rules behind every field, and why other verbs and nouns gave none.

    `published` is the day on which relative dates are read; None leaves them open. Several sentences are explained in
    order, as one article. `vocabulary` is an analyst's own. Raises ModelError where the settings name a model that is
    not installed, LexiconError naming a wrong row of the vocabulary.
    """
    settings = settings or Settings()
    knowledge = load_knowledge(vocabulary)
    article = Article(
        article_key="sentence", source_path="", content_hash="", title=None, byline=None, outlet=None, url=None,
        published=published, published_source="metadata" if published else "none", language="en", text=text,
    )  # fmt: skip
    sentences = [
        Sentence(article_key=article.article_key, sentence_index=i, start=start, end=end, text=text[start:end])
        for i, (start, end) in enumerate(split_sentences(text))
    ]
    doc = next(iter(parse_articles(load_model(settings.model), [(text, sentences)])))
    found = extract_events(doc, article=article, sentences=sentences, knowledge=knowledge, day_first=settings.day_first)
    return "\n".join(
        [*_parse_lines(doc), "", *_event_lines(found, doc), *_silence_lines(found, sentences, doc)]
    ).rstrip("\n")


def _parse_lines(doc: Doc) -> Iterable[str]:
    rows = [("", "word", "lemma", "tag", "relation", "head", "entity")]
    for t in doc:
        if not t.is_space:
            rows.append((str(t.i), t.text, t.lemma_, t.tag_, t.dep_, t.head.text, t.ent_type_))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _event_lines(found: Extraction, doc: Doc) -> list[str]:
    lines: list[str] = []
    for number, (event, note) in enumerate(zip(found.events, found.notes, strict=True), 1):
        lines.append(f"event {number}: {doc[note.frame.trigger].text!r}")
        lines += [f"  {name:15} {value}" for name, value in _facts(event, note)]
        lines.append("")
    return lines


def _facts(event: Event, note: Note) -> Iterable[tuple[str, str]]:
    for name in _FACTS:
        value = getattr(event, name)
        if value is not None:
            yield name, str(value)
    yield "rule", event.rule
    yield "lexicon", note.coding.entry or "no row: an event of no type"
    yield "date", _span(event) + (f" ({note.date.why})" if note.date.why else "")
    yield "place", _place(note.place)


def _span(event: Event) -> str:
    if event.date is None:
        return "unknown"
    days = f"{event.date}" if event.date == event.date_end else f"{event.date} to {event.date_end}"
    phrase = f" from {event.date_text!r}" if event.date_text else ""
    return f"{days}{phrase}, {event.date_source}"


def _place(place: EventPlace) -> str:
    name = f"{place.name}, {place.country} ({place.latitude}, {place.longitude})" if place.name else "none"
    return name + (f" ({place.why})" if place.why else "")


def _silence_lines(found: Extraction, sentences: list[Sentence], doc: Doc) -> list[str]:
    lines = [f"no event from {doc[s.token].text!r}: {s.reason}" for s in found.skipped]
    for sentence, outcome in zip(sentences, found.outcomes, strict=True):
        if outcome != outcome.EVENTS:
            lines.append(f"no event in {sentence.text!r}: {outcome}")
    return lines
