"""Worker processes under real faults: killed, hanging, starved; the guilty article alone is lost, with its reason."""

from __future__ import annotations

import dataclasses
import datetime
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

import tasks.clean
import tasks.extract
import tasks.workers
from tasks.clean import clean_all
from tasks.contracts.codes import RejectReason
from tasks.contracts.records import Article, Page
from tasks.contracts.settings import Settings
from tasks.extract import Coding, code_all
from tasks.text.pages import CleanedPage
from tasks.workers import Lost, WorkerFault, Workers
from tasks.workshop import load_tools
from tests.poison import poison_model, probes

SOUND = "Rebels attacked the town on Friday."


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(poison_model.ONCE, str(tmp_path_factory.mktemp("once") / "died"))
        patch.setenv("OPENBLAS_NUM_THREADS", "1")  # as flows/environment.py sets it
        found = Workers(2, prepare=partial(load_tools, "tests.poison.poison_model"), memory_mb=2_000)
        yield found
        found.close()


@pytest.fixture
def settings(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for stage in (tasks.clean, tasks.extract):
        monkeypatch.setattr(stage, "workers_for", lambda _: workers)
    return Settings()


def article(number: int, text: str = SOUND) -> Article:
    key = f"{number:03d}.txt"
    return Article(
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


def coded(articles: list[Article], settings: Settings) -> Coding:
    return code_all(articles, {a.article_key: ((0, len(a.text)),) for a in articles}, settings=settings)


def page(number: int, body: str) -> Page:
    return Page(article_key=f"{number}.txt", source_path=f"{number}.txt", content_hash="", kind="text", body=body)


def test_every_article_is_answered(settings: Settings) -> None:
    keys = [f"{n:03d}.txt" for n in range(70)]
    found = coded([article(n) for n in range(70)], settings)
    assert found.events["article_key"].to_pylist() == keys
    assert sorted(found.outcomes) == keys


def test_several_batches_share_the_workers(settings: Settings) -> None:
    batches = [[article(n) for n in range(start, start + 40)] for start in (0, 100, 200)]
    with ThreadPoolExecutor(3) as threads:
        results = list(threads.map(lambda batch: coded(batch, settings), batches))
    for batch, result in zip(batches, results, strict=True):
        assert result.events["article_key"].to_pylist() == [a.article_key for a in batch]


@pytest.mark.parametrize(
    ("word", "why"),
    [("Killpoison", "signal 9"), ("Memorypoison", "MemoryError"), ("Hangpoison", "too long")],
)
def test_the_guilty_article_alone_is_rejected(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, word: str, why: str
) -> None:
    monkeypatch.setattr(tasks.workers, "CHUNK_SECONDS", 5)
    articles = [article(n) for n in range(4)]
    articles[2] = article(2, f"Rebels of {word} attacked the town.")
    found = coded(articles, settings)
    assert [(r.article_key, r.reason) for r in found.rejects] == [("002.txt", RejectReason.EXTRACTION_FAILED)]
    assert why in found.rejects[0].detail
    assert len(found.outcomes) == 3


def test_an_article_that_could_not_be_split_is_rejected_in_any_language() -> None:
    unsplit = [article(1), dataclasses.replace(article(2), language="fr")]
    found = code_all(unsplit, {}, settings=Settings())
    assert {r.article_key: r.reason for r in found.rejects} == dict.fromkeys(
        ("001.txt", "002.txt"), RejectReason.EXTRACTION_FAILED
    )
    assert found.outcomes == {}


def test_a_worker_that_dies_once_costs_nothing(settings: Settings) -> None:
    articles = [article(n) for n in range(6)]
    articles[2] = article(2, "Rebels of Oncepoison attacked the town.")
    assert not coded(articles, settings).rejects


def test_a_page_that_cannot_be_cleaned_costs_itself_alone(settings: Settings) -> None:
    pages = [page(0, SOUND), page(1, SOUND), page(2, SOUND)]
    pages[1] = dataclasses.replace(pages[1], title=12)  # type: ignore[arg-type]
    first, guilty, last = clean_all(pages, settings=settings)
    assert isinstance(first, CleanedPage)
    assert isinstance(last, CleanedPage)
    assert isinstance(guilty, Lost)


def test_what_others_wait_for_goes_first(workers: Workers) -> None:
    """Many chunks of one call are at work and wait; a call of another stage need not wait for all of them."""
    with ThreadPoolExecutor(2) as threads:
        many = threads.submit(workers.do, probes.slow_answer, range(320), words=[1] * 320)
        time.sleep(0.1)
        few = threads.submit(workers.do, probes.slow_answer, range(64), words=[1] * 64, first=True)
        ended = [max(t for t in f.result() if isinstance(t, float)) for f in (few, many)]
    assert ended[0] < ended[1] - 0.3
    assert len(many.result()) == 320


def test_a_call_that_fails_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failing call has more chunks than one, goes first and holds the only worker while another call waits."""
    one = Workers(1, prepare=dict, memory_mb=2_000)
    assign, release = Workers._assign, Workers._release

    def failing(self: Workers, idle: Any, chunk: list[int], call: Any) -> Any:
        if call.first:
            time.sleep(0.5)  # until the other call waits
            raise OSError("no process can be started")
        return assign(self, idle, chunk, call)

    def releasing(self: Workers, worker: Any) -> None:
        release(self, worker)
        time.sleep(0.2)  # until the other call has looked whether it may go on

    monkeypatch.setattr(Workers, "_assign", failing)
    monkeypatch.setattr(Workers, "_release", releasing)
    with ThreadPoolExecutor(2) as threads:
        pressing = threads.submit(one.do, probes.slow_answer, range(64), words=[1] * 64, first=True)
        time.sleep(0.1)
        other = threads.submit(one.do, probes.slow_answer, [1], words=[1])
        with pytest.raises(OSError, match="no process"):
            pressing.result(30)
        assert len(other.result(30)) == 1
    one.close()


def test_a_worker_has_one_thread_and_no_arrow(workers: Workers) -> None:
    assert workers.do(probes.threads, [1], words=[1]) == [1]


def test_a_model_that_is_not_installed_is_named() -> None:
    missing = Workers(1, prepare=partial(load_tools, "en_core_none"), memory_mb=2_000)
    with pytest.raises(WorkerFault, match="en_core_none"):
        missing.do(probes.slow_answer, [1], words=[1])
