"""Worker processes under real faults: killed, hanging, starved; the guilty article alone is lost, with its reason."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import tasks.workers
from tasks.contracts.codes import RejectReason
from tasks.contracts.records import Article, Reject, Sentence
from tasks.workers import Coded, Job, WorkerFault, Workers
from tests.poison import poison_model

SOUND = "Rebels attacked the town on Friday."


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    os.environ[poison_model.ONCE] = str(tmp_path_factory.mktemp("once") / "died")
    found = Workers(2, model="tests.poison.poison_model", day_first=True, memory_mb=2_000)
    yield found
    found.close()


def job(number: int, text: str = SOUND) -> Job:
    key = f"{number:03d}.txt"
    article = Article(
        article_key=key,
        source_path=key,
        content_hash="",
        title=None,
        byline=None,
        outlet=None,
        url=None,
        published=datetime.date(2024, 5, 3),
        published_source="text",
        language="en",
        text=text,
    )
    return Job(article, (Sentence(article_key=key, sentence_index=0, start=0, end=len(text), text=text),))


def test_every_job_is_answered_in_its_order(workers: Workers) -> None:
    results = workers.code([job(n) for n in range(70)])
    assert [r.events[0].article_key for r in results if isinstance(r, Coded)] == [f"{n:03d}.txt" for n in range(70)]


def test_several_batches_share_the_workers(workers: Workers) -> None:
    batches = [[job(n) for n in range(start, start + 40)] for start in (0, 100, 200)]
    with ThreadPoolExecutor(3) as threads:
        results = list(threads.map(workers.code, batches))
    for batch, coded in zip(batches, results, strict=True):
        keys = [r.events[0].article_key for r in coded if isinstance(r, Coded)]
        assert keys == [j.article.article_key for j in batch]


@pytest.mark.parametrize(
    ("word", "why"),
    [("Killpoison", "signal 9"), ("Memorypoison", "MemoryError"), ("Hangpoison", "too long")],
)
def test_the_guilty_article_alone_is_rejected(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, word: str, why: str
) -> None:
    monkeypatch.setattr(tasks.workers, "CHUNK_SECONDS", 5)
    jobs = [job(n) for n in range(4)]
    jobs[2] = job(2, f"Rebels of {word} attacked the town.")
    results = workers.code(jobs)
    rejects = [r for r in results if isinstance(r, Reject)]
    assert [(r.article_key, r.reason) for r in rejects] == [("002.txt", RejectReason.EXTRACTION_FAILED)]
    assert why in rejects[0].detail
    assert sum(isinstance(r, Coded) for r in results) == 3


def test_a_worker_that_dies_once_costs_nothing(workers: Workers) -> None:
    jobs = [job(n) for n in range(6)]
    jobs[2] = job(2, "Rebels of Oncepoison attacked the town.")
    assert all(isinstance(r, Coded) for r in workers.code(jobs))


def test_a_model_that_is_not_installed_is_named() -> None:
    missing = Workers(1, model="en_core_none", day_first=True, memory_mb=2_000)
    with pytest.raises(WorkerFault, match="en_core_none"):
        missing.code([job(1)])
