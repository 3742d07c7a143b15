"""Stage 4, extract: sentences to events."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator, Sequence

import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.analyst.corrections import apply_corrections
from tasks.contracts.codes import SentenceOutcome
from tasks.contracts.records import Article, Event, Reject, Sentence, VocabularyFile
from tasks.contracts.refs import Ref
from tasks.contracts.settings import Settings
from tasks.contracts.stages import Batch, Cleaned, Extracted
from tasks.contracts.tables import ARTICLES, EVENTS, REJECTS, SENTENCES
from tasks.handover import hand_on, handed_on
from tasks.rejectlog import log_rejects
from tasks.store import read_ref, write_ref
from tasks.workers import Coded, Job, workers_for

log = logging.getLogger("dateline")
LANGUAGE = "en"


@task(task_run_name="extract {batch}", cache_policy=NO_CACHE, persist_result=False)
def extract(cleaned: Cleaned, spans: Ref, batch: Batch, *, settings: Settings) -> Extracted:
    """Finds the events of every English article of the batch; other articles keep their sentences and the reason."""
    if (done := handed_on(batch, Extracted)) is not None:
        return done
    articles = [Article(**row) for row in read_ref(cleaned.articles).to_pylist()]
    sentences = sentences_of(articles, read_ref(spans))
    kept: list[Article] = []
    coded: list[Sentence] = []
    events: list[Event] = []
    rejects: list[Reject] = []
    for article, outcome in extract_articles(articles, sentences, settings=settings, vocabulary=batch.vocabulary):
        own = sentences.get(article.article_key, [])
        if isinstance(outcome, Reject):
            rejects.append(outcome)
            continue
        kept.append(dataclasses.replace(article, n_sentences=len(own), n_events=len(outcome.events)))
        coded += [dataclasses.replace(s, outcome=o) for s, o in zip(own, outcome.outcomes, strict=True)]
        events += outcome.events
    corrected = apply_corrections(EVENTS.build(events), batch.corrections)
    log_rejects(rejects)
    for unused in corrected.unused:
        log.warning("corrections.csv: %s has no event %s (any more)", unused.source_path, unused.event_id)
    done = Extracted(
        articles=write_ref(ARTICLES, ARTICLES.build(kept), batch.folder, "coded_articles.parquet"),
        sentences=write_ref(SENTENCES, SENTENCES.build(coded), batch.folder, "sentences.parquet"),
        events=write_ref(EVENTS, corrected.events, batch.folder, "events.parquet"),
        rejects=write_ref(
            REJECTS,
            REJECTS.sort(pa.concat_tables([REJECTS.build(rejects), corrected.rejects]).combine_chunks()),
            batch.folder,
            "extract_rejects.parquet",
        ),
    )
    return hand_on(batch, done)


def sentences_of(articles: Sequence[Article], spans: pa.Table) -> dict[str, list[Sentence]]:
    """The sentences of each article, by its key, cut out of its text."""
    texts = {a.article_key: a.text for a in articles}
    columns = (spans[name].to_pylist() for name in ("article_key", "sentence_index", "start", "end"))
    sentences: dict[str, list[Sentence]] = {}
    for key, number, start, end in zip(*columns, strict=True):
        sentence = Sentence(article_key=key, sentence_index=number, start=start, end=end, text=texts[key][start:end])
        sentences.setdefault(key, []).append(sentence)
    return sentences


def extract_articles(
    articles: Sequence[Article],
    sentences: dict[str, list[Sentence]],
    *,
    settings: Settings,
    vocabulary: tuple[VocabularyFile, ...] = (),
) -> Iterator[tuple[Article, Coded | Reject]]:
    """Each article with its events, or with the reject that says why it could not be coded."""
    english = [a for a in articles if a.language in (None, LANGUAGE)]
    for article in articles:
        if article.language not in (None, LANGUAGE):
            outcomes = tuple(SentenceOutcome.NOT_ENGLISH for _ in sentences.get(article.article_key, []))
            yield article, Coded(events=(), outcomes=outcomes)
    if english:
        workers = workers_for(
            settings.workers, model=settings.model, day_first=settings.day_first, memory_mb=settings.worker_memory_mb
        )
        jobs = [Job(a, tuple(sentences.get(a.article_key, ())), vocabulary) for a in english]
        yield from zip(english, workers.code(jobs), strict=True)
