"""Stage 4, extract: sentences to events."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.analyst.corrections import apply_corrections
from tasks.contracts.codes import RejectReason, SentenceOutcome
from tasks.contracts.records import EVENT_FIELDS, Article, Reject, VocabularyFile
from tasks.contracts.refs import Ref
from tasks.contracts.settings import Settings
from tasks.contracts.stages import Batch, Cleaned, Extracted
from tasks.contracts.tables import ARTICLES, EVENTS, REJECTS, SENTENCES
from tasks.handover import hand_on, handed_on
from tasks.rejectlog import log_rejects
from tasks.store import read_ref, rows_where, write_ref
from tasks.workers import Lost, about_words, workers_for
from tasks.workshop import Job, Spans, code_articles

log = logging.getLogger("dateline")
LANGUAGE = "en"
MOST_TOKENS = 45_000  # of one article: what is parsed within 1 GB; longer than any in the news
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclasses.dataclass(frozen=True, slots=True)
class Coding:
    """What coding articles gave: events, an outcome a sentence by article, and the articles that could not be coded."""

    events: pa.Table
    outcomes: dict[str, tuple[SentenceOutcome, ...]]
    rejects: list[Reject]


@task(task_run_name="extract {batch}", cache_policy=NO_CACHE, persist_result=False)
def extract(cleaned: Cleaned, spans: Ref, batch: Batch, *, settings: Settings) -> Extracted:
    """Finds the events of every English article of the batch; other articles keep their sentences and the reason."""
    if (done := handed_on(batch, Extracted)) is not None:
        return done
    came = read_ref(cleaned.articles)
    articles = [Article(**row) for row in came.to_pylist()]
    found = spans_of(read_ref(spans))
    coding = code_all(articles, found, settings=settings, vocabulary=batch.vocabulary)
    corrected = apply_corrections(coding.events, batch.corrections)
    log_rejects(coding.rejects)
    for unused in corrected.unused:
        log.warning("corrections.csv: %s has no event %s (any more)", unused.source_path, unused.event_id)
    sentences = told_sentences(articles, found, coding.outcomes)
    done = Extracted(
        articles=_without(coding.rejects, came, cleaned.articles, batch),
        sentences=write_ref(SENTENCES, sentences, batch.folder, "sentences.parquet"),
        events=write_ref(EVENTS, corrected.events, batch.folder, "events.parquet"),
        rejects=write_ref(
            REJECTS,
            REJECTS.join([REJECTS.build(coding.rejects), corrected.rejects]),
            batch.folder,
            "extract_rejects.parquet",
        ),
    )
    return hand_on(batch, done)


def _without(rejects: Sequence[Reject], came: pa.Table, ref: Ref, batch: Batch) -> Ref:
    """The file of articles as it came where all of them were coded, else the others in a file of their own."""
    if not rejects:
        return ref
    coded = rows_where(came, "article_key", {str(r.article_key) for r in rejects}, others=True)
    return write_ref(ARTICLES, coded, batch.folder, "coded_articles.parquet")


def spans_of(rows: pa.Table) -> dict[str, Spans]:
    """Where the sentences of each article begin and end, by its key."""
    found: dict[str, list[tuple[int, int]]] = {}
    for key, start, end in zip(*(rows[name].to_pylist() for name in ("article_key", "start", "end")), strict=True):
        found.setdefault(key, []).append((start, end))
    return {key: tuple(spans) for key, spans in found.items()}


def told_sentences(
    articles: Sequence[Article], spans: Mapping[str, Spans], outcomes: Mapping[str, Sequence[SentenceOutcome]]
) -> pa.Table:
    """The sentences of the articles that have outcomes, with them."""
    rows = [
        (a.article_key, number, start, end, a.text[start:end], outcome)
        for a in articles
        if a.article_key in outcomes
        for number, ((start, end), outcome) in enumerate(
            zip(spans[a.article_key], outcomes[a.article_key], strict=True)
        )
    ]
    return SENTENCES.build_rows(rows)


def code_all(
    articles: Sequence[Article],
    spans: Mapping[str, Spans],
    *,
    settings: Settings,
    vocabulary: tuple[VocabularyFile, ...] = (),
) -> Coding:
    """The events of the English articles, found by the workers; the sentences of others say that they are not English.

    What cannot be coded is a reject that says why.
    """
    tokens = [len(_TOKEN.findall(a.text)) if a.language in (None, LANGUAGE) else None for a in articles]
    refused = {a.article_key: r for a, n in zip(articles, tokens, strict=True) if (r := _refused(a, n, spans))}
    taken = [(a, n) for a, n in zip(articles, tokens, strict=True) if a.article_key not in refused]
    mine = [(a, n) for a, n in taken if n is not None]
    jobs = [Job(a, spans[a.article_key]) for a, _ in mine]
    words = [max(n, about_words(len(a.text))) for a, n in mine]
    outcomes = {
        a.article_key: tuple(SentenceOutcome.NOT_ENGLISH for _ in spans[a.article_key]) for a, n in taken if n is None
    }
    work = partial(code_articles, vocabulary=vocabulary, day_first=settings.day_first)
    events: dict[str, list[Any]] = {name: [] for name in EVENT_FIELDS}
    for job, coded in zip(jobs, workers_for(settings).do(work, jobs, words=words) if jobs else (), strict=True):
        if isinstance(coded, Lost):
            detail = f"{coded.why}; shorten or mend the article"
            refused[job.article.article_key] = _reject(job.article, RejectReason.EXTRACTION_FAILED, detail)
        else:
            for name, values in zip(EVENT_FIELDS, coded.events, strict=bool(coded.events)):
                events[name] += values
            outcomes[job.article.article_key] = coded.outcomes
    return Coding(EVENTS.build_columns(events), outcomes, list(refused.values()))


def _refused(article: Article, tokens: int | None, spans: Mapping[str, Spans]) -> Reject | None:
    if tokens is not None and tokens > MOST_TOKENS:
        detail = f"about {tokens:,} words and signs; at most {MOST_TOKENS:,} are parsed within 1 GB; split the article"
        return _reject(article, RejectReason.TOO_LARGE, detail)
    if article.article_key not in spans:
        detail = "its sentences could not be told apart; shorten or mend the article"
        return _reject(article, RejectReason.EXTRACTION_FAILED, detail)
    return None


def _reject(article: Article, reason: RejectReason, detail: str) -> Reject:
    return Reject(
        stage="extract",
        source_path=article.source_path,
        article_key=article.article_key,
        reason=reason,
        detail=detail,
    )
