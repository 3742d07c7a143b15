"""What workers do: files to pages, pages to articles, texts to sentences, sentences to events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tasks.contracts.codes import SentenceOutcome
from tasks.contracts.records import Article, Columns, Page, Reject, Sentence, VocabularyFile, columns_of
from tasks.text.inputs import read_pages
from tasks.text.language import detect_language
from tasks.text.pages import CleanedPage, clean_page
from tasks.text.sentences import split_sentences

Spans = Sequence[tuple[int, int]]
"""Where the sentences of a text begin and end, in characters."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """An input file's bytes, with those of its sidecar."""

    source_path: str
    data: bytes
    sidecar: bytes | None


@dataclass(frozen=True, slots=True)
class Job:
    """An article to code, with where its sentences begin and end."""

    article: Article
    spans: Spans


@dataclass(frozen=True, slots=True)
class Coded:
    """What coding an article gave: its events by column, and an outcome a sentence."""

    events: Columns
    outcomes: tuple[SentenceOutcome, ...]


def load_tools(model: str) -> Any:
    """What all the work needs, loaded and built: gives the spaCy pipeline, raises Fault where it cannot be used."""
    from tasks.nlp.extract import load_knowledge  # spaCy takes a second to import, and only workers need it
    from tasks.nlp.model import load_model

    nlp = load_model(model)
    load_knowledge()
    return nlp


def read_files(files: Sequence[RawFile], _: Any, *, max_bytes: int, day_first: bool) -> list[list[Page | Reject]]:
    """Each file's pages, and why others of it are none."""
    return [
        read_pages(f.data, source_path=f.source_path, sidecar=f.sidecar, max_bytes=max_bytes, day_first=day_first)
        for f in files
    ]


def clean_pages(pages: Sequence[Page], _: Any, *, day_first: bool) -> list[CleanedPage | Reject]:
    """Each page's article with its language, or why there is none."""
    cleaned = (clean_page(page, day_first=day_first) for page in pages)
    return [c if isinstance(c, Reject) else replace(c, article=with_language(c.article)) for c in cleaned]


def with_language(article: Article) -> Article:
    """The article with the language that its text is told to be in; where it cannot be told, the stated one."""
    return replace(article, language=detect_language(article.text) or article.language)


def split_texts(texts: Sequence[str], _: Any) -> list[Spans]:
    """Where each text's sentences begin and end."""
    return [split_sentences(text) for text in texts]


def sentences_of(article: Article, spans: Spans) -> tuple[Sentence, ...]:
    """The sentences that begin and end there, cut out of the article's text."""
    return tuple(
        Sentence(article_key=article.article_key, sentence_index=i, start=a, end=b, text=article.text[a:b])
        for i, (a, b) in enumerate(spans)
    )


def code_articles(
    jobs: Sequence[Job], nlp: Any, *, vocabulary: tuple[VocabularyFile, ...] = (), day_first: bool = True
) -> list[Coded]:
    """What each article gives, parsed together by the loaded pipeline."""
    from tasks.nlp.extract import extract_events, load_knowledge
    from tasks.nlp.model import parsed

    coded = []
    sentences = [sentences_of(job.article, job.spans) for job in jobs]
    with parsed(nlp, zip((job.article.text for job in jobs), sentences, strict=True)) as docs:
        for job, mine, doc in zip(jobs, sentences, docs, strict=True):
            found = extract_events(
                doc,
                article=job.article,
                sentences=mine,
                knowledge=load_knowledge(vocabulary),
                day_first=day_first,
            )
            coded.append(Coded(columns_of(found.events), found.outcomes))
    return coded
