"""The pure code from files or texts to events, as the measurements drive it: no flow, no tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tasks.contracts.records import Article, Event, Page, Sentence
from tasks.contracts.settings import Settings
from tasks.nlp.extract import extract_events, load_knowledge
from tasks.nlp.model import load_model, parse_articles
from tasks.scan import SIDECAR, list_inputs
from tasks.text.copies import fingerprint, link_copies
from tasks.text.inputs import read_pages
from tasks.text.language import detect_language
from tasks.text.pages import clean_page
from tasks.text.sentences import split_sentences
from tasks.workshop import sentences_of

SETTINGS = Settings()
ENGLISH = (None, "en")


@dataclass(frozen=True, slots=True)
class Coded:
    """An article with its sentences and events."""

    article: Article
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...]


def read_articles(folder: Path) -> list[Article]:
    """The articles of a folder of pages, in the order of their paths, copies told; what is rejected is left out."""
    articles: list[Article] = []
    for name in sorted(list_inputs(folder, settle_seconds=0)):
        path = folder / name
        sidecar = path.with_name(path.name + SIDECAR)
        articles += read_file(name, path.read_bytes(), sidecar=sidecar.read_bytes() if sidecar.exists() else None)
    links = link_copies(fingerprint(a.text, article_key=a.article_key, published=a.published) for a in articles)
    return [replace(a, duplicate_of=links.get(a.article_key)) for a in articles]


def read_records(records: Iterable[Mapping[str, Any]]) -> list[Article]:
    """The articles of records with id, text and published, as if they came in a file with one a line."""
    lines = (json.dumps({"id": r["id"], "title": "", "text": r["text"], "published": r["published"]}) for r in records)
    return read_file("records.jsonl", "\n".join(lines).encode(), sidecar=None)


def read_file(source_path: str, data: bytes, *, sidecar: bytes | None = None) -> list[Article]:
    """The articles of one file; what is rejected is left out."""
    pages = read_pages(
        data,
        source_path=source_path,
        sidecar=sidecar,
        max_bytes=max(SETTINGS.max_file_bytes, len(data)),
        day_first=SETTINGS.day_first,
    )
    return [a for p in pages if isinstance(p, Page) and (a := clean(p))]


def clean(page: Page) -> Article | None:
    """The page's article with its language, None where it has none."""
    cleaned = clean_page(page, day_first=SETTINGS.day_first)
    article = getattr(cleaned, "article", None)
    return article and replace(article, language=article.language or detect_language(article.text))


def split(article: Article) -> tuple[Sentence, ...]:
    """The article's sentences."""
    return sentences_of(article, split_sentences(article.text))


def code(articles: Iterable[Article]) -> list[Coded]:
    """Every article with its events, in order; articles in other languages have none."""
    every = [(a, split(a)) for a in articles]
    english = [(a, s) for a, s in every if a.language in ENGLISH]
    nlp, knowledge = load_model(SETTINGS.model), load_knowledge()
    docs = parse_articles(nlp, ((a.text, s) for a, s in english))
    events = {
        id(a): extract_events(doc, article=a, sentences=s, knowledge=knowledge).events
        for (a, s), doc in zip(english, docs, strict=True)
    }
    return [Coded(a, s, events.get(id(a), ())) for a, s in every]


def event_rows(coded: Sequence[Coded]) -> list[dict[str, Any]]:
    """The events as the rows of their table, for scorers that read tables."""
    fields = Event.__dataclass_fields__
    return [{name: getattr(e, name) for name in fields} for c in coded for e in c.events]
