"""Stage 2, clean: documents to articles, every removed line with its reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.codes import RejectReason
from tasks.contracts.ledger import LEDGER
from tasks.contracts.records import Article, DroppedLine, Page, Reject
from tasks.contracts.settings import Settings
from tasks.contracts.stages import PAGES, Batch, Cleaned, Ingested
from tasks.contracts.tables import ARTICLES, DROPPED_LINES, REJECTS
from tasks.handover import hand_on, handed_on
from tasks.linking import duplicate_key
from tasks.rejectlog import log_rejects
from tasks.scan import modified_ns
from tasks.store import Store, read_ref, write_ref
from tasks.text.pages import CleanedPage
from tasks.workers import Lost, about_words, workers_for
from tasks.workshop import clean_pages


@task(task_run_name="clean {batch}", cache_policy=NO_CACHE, persist_result=False)
def clean(ingested: Ingested, batch: Batch, *, settings: Settings) -> Cleaned:
    """Keeps of every page its article, and says of every other line why it went."""
    if (done := handed_on(batch, Cleaned)) is not None:
        return done
    articles: list[Article] = []
    dropped: list[DroppedLine] = []
    rejects: list[Reject] = []
    keys: set[str] = set()
    days = _file_days(ingested) if settings.published_from_file_time else {}
    pages = [Page(**row) for row in read_ref(ingested.pages).to_pylist()]
    for page, cleaned in zip(pages, clean_all(pages, settings=settings), strict=True):
        if page.article_key in keys:
            rejects.append(duplicate_key(page.source_path, page.article_key))
        elif isinstance(cleaned, Reject):
            rejects.append(cleaned)
        elif isinstance(cleaned, Lost):
            rejects.append(_guilty(page, cleaned))
        else:
            keys.add(page.article_key)
            articles.append(_dated(cleaned.article, days))
            dropped += cleaned.dropped
    log_rejects(rejects)
    done = Cleaned(
        articles=write_ref(ARTICLES, ARTICLES.build(articles), batch.folder, "articles.parquet"),
        dropped_lines=write_ref(DROPPED_LINES, DROPPED_LINES.build(dropped), batch.folder, "dropped_lines.parquet"),
        rejects=write_ref(REJECTS, REJECTS.build(rejects), batch.folder, "clean_rejects.parquet"),
    )
    return hand_on(batch, done)


def clean_all(pages: Sequence[Page], *, settings: Settings) -> list[CleanedPage | Reject | Lost]:
    """Each page's article, or why there is none, found by the workers."""
    work = partial(clean_pages, day_first=settings.day_first)
    words = [about_words(len(page.body)) for page in pages]
    return workers_for(settings).do(work, pages, words=words, first=True)


def _guilty(page: Page, lost: Lost) -> Reject:
    return Reject(
        stage="clean",
        source_path=page.source_path,
        article_key=page.article_key,
        reason=RejectReason.CLEANING_FAILED,
        detail=f"{lost.why}; give the article as .txt with its text alone",
    )


def _file_days(ingested: Ingested) -> dict[str, date]:
    """The day (UTC) of each file's last modification, from the stamp it was listed with."""
    ledger = read_ref(ingested.ledger)
    stamps = zip(ledger["source_path"].to_pylist(), ledger["stamp"].to_pylist(), strict=True)
    return {path: datetime.fromtimestamp(modified_ns(stamp) / 1e9, UTC).date() for path, stamp in stamps}


def _dated(article: Article, days: dict[str, date]) -> Article:
    day = days.get(article.source_path)
    if article.published is not None or day is None:
        return article
    return dataclasses.replace(article, published=day, published_source="file")


@task(task_run_name="recall {batch}", cache_policy=NO_CACHE, persist_result=False)
def recall(batch: Batch, *, outputs: str) -> tuple[Ingested, Cleaned]:
    """Takes the batch's articles from the published version: their texts are right, only later logic has changed."""
    names = (LEDGER.name, ARTICLES.name, DROPPED_LINES.name, REJECTS.name)
    rows = Store(outputs).rows_of([i.source_path for i in batch.items], names)
    earlier = rows[REJECTS.name].filter(pc.is_in(rows[REJECTS.name]["stage"], pa.array(["ingest", "clean"])))
    ingested = Ingested(
        pages=write_ref(PAGES, PAGES.build([]), batch.folder, "pages.parquet"),
        ledger=write_ref(LEDGER, rows[LEDGER.name], batch.folder, "ledger.parquet"),
        rejects=write_ref(REJECTS, earlier, batch.folder, "ingest_rejects.parquet"),
    )
    cleaned = Cleaned(
        articles=write_ref(ARTICLES, rows[ARTICLES.name], batch.folder, "articles.parquet"),
        dropped_lines=write_ref(DROPPED_LINES, rows[DROPPED_LINES.name], batch.folder, "dropped_lines.parquet"),
        rejects=write_ref(REJECTS, REJECTS.build([]), batch.folder, "clean_rejects.parquet"),
    )
    return hand_on(batch, ingested), hand_on(batch, cleaned)
