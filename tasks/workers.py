"""Worker processes that parse and extract: an article that kills, hangs or starves its worker costs itself alone.

The pools at hand lose more: a killed process breaks all items of concurrent.futures' pool, and multiprocessing's
waits for ever. Here a batch is handed out in chunks; a chunk whose worker dies or exceeds its time is halved until
the guilty article stands alone, is tried once more, and then becomes a reject with its reason.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import re
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from tasks.collector import collect_rarely
from tasks.contracts.codes import RejectReason, SentenceOutcome
from tasks.contracts.errors import Fault
from tasks.contracts.records import Article, Event, Reject, Sentence, VocabularyFile

CHUNK_ARTICLES = 32  # spaCy's best batch here; also what a crash costs at most in work done again
CHUNK_TOKENS = 40_000  # about 10 s of parsing and, at 16 kB a token, 0.8 GB
MOST_TOKENS = 45_000  # of one article, for the same reason; longer than any in the news
_TOKEN = re.compile(r"\w+|[^\w\s]")
START_SECONDS = 120  # to import spaCy and load the model on a busy machine
CHUNK_SECONDS = 30  # and
SECONDS_PER_MB = 240  # many times the 8 s that a megabyte of news takes: only a hang exceeds it
TRIES_TO_START = 3  # the system may kill a process that loads the model while memory is short
TRIES_ALONE = 2  # an article that fails alone once may have met a passing fault


@dataclass(frozen=True, slots=True)
class Job:
    """An article to code, with its sentences and an analyst's own vocabulary."""

    article: Article
    sentences: tuple[Sentence, ...]
    vocabulary: tuple[VocabularyFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """What coding an article gave: its events, and an outcome a sentence."""

    events: tuple[Event, ...]
    outcomes: tuple[SentenceOutcome, ...]


class WorkerFault(Fault):
    """No worker process can be started; the message says why."""


@dataclass(slots=True)
class _Worker:
    """A running process, what it works on (positions of jobs) and until when."""

    process: Any
    pipe: Connection
    chunk: list[int]
    deadline: float
    ready: bool = False


@dataclass(slots=True, eq=False)
class _Call:
    """One caller's jobs: what waits and what is in hand of them, and what came of each."""

    jobs: Sequence[Job]
    waiting: deque[list[int]]
    results: list[Coded | Reject | None]
    tries: list[int]
    busy: list[_Worker] = field(default_factory=list)


class _Death(str):
    """What is said of a worker that ended without a word of its own."""


class Workers:
    """A fixed number of worker processes with the model loaded.

    Several callers (batches of a run) share them: while one waits for its last chunk, the others' chunks keep every
    worker busy.
    """

    def __init__(self, count: int, *, model: str, day_first: bool, memory_mb: int) -> None:
        self._free = count
        self._arguments = (model, day_first, memory_mb)
        self._idle: list[_Worker] = []
        self._changed = threading.Condition()
        self._bells: list[Connection] = []
        self._failed_starts = 0  # in a row

    def code(self, jobs: Sequence[Job]) -> list[Coded | Reject]:
        """What each job gave, in order. Raises WorkerFault where workers cannot even start."""
        sizes = [_tokens(job.article.text) for job in jobs]
        refused = [_too_long(job.article, size) for job, size in zip(jobs, sizes, strict=True)]
        call = _Call(jobs, deque(_chunks(sizes)), [*refused], [0] * len(jobs))
        bell, ring = multiprocessing.Pipe(duplex=False)
        try:
            while call.waiting or call.busy:
                self._hand_out(call, ring)
                for worker, message in _next_messages(call.busy, bell):
                    self._take(call, worker, message)
        finally:
            with self._changed:
                if ring in self._bells:
                    self._bells.remove(ring)
            for worker in call.busy:
                _end(worker)
                self._release(None)
            bell.close()
            ring.close()
        return [r for r in call.results if r is not None]

    def close(self) -> None:
        """Ends the idle processes."""
        while self._idle:
            _end(self._idle.pop())

    def _hand_out(self, call: _Call, ring: Connection) -> None:
        """Gives the call every worker that is free; with none at all it waits for the first, else its bell is hung."""
        while call.waiting:
            with self._changed:
                while not self._free and not call.busy:
                    self._changed.wait()
                if not self._free:
                    if ring not in self._bells:
                        self._bells.append(ring)
                    return
                self._free -= 1
                idle = self._idle.pop() if self._idle else None
            try:
                call.busy.append(self._assign(idle, call.waiting.popleft(), call.jobs))
            except BaseException:
                self._release(None)
                raise

    def _release(self, worker: _Worker | None) -> None:
        """Makes room for another chunk, by a ready worker or (None) one to be started, and tells the callers."""
        with self._changed:
            self._free += 1
            if worker is not None:
                self._idle.append(worker)
            self._changed.notify_all()
            while self._bells:
                self._bells.pop().send_bytes(b"!")

    def _take(self, call: _Call, worker: _Worker, message: Any) -> None:
        if message == READY:
            worker.ready = True
            self._failed_starts = 0
            worker.deadline = _deadline(worker.chunk, call.jobs)
            return
        call.busy.remove(worker)
        if isinstance(message, list):
            for at, coded in zip(worker.chunk, message, strict=True):
                call.results[at] = coded
            self._release(worker)
            return
        _end(worker)
        self._release(None)
        if not worker.ready:
            self._start_again(message)
            call.waiting.appendleft(worker.chunk)
            return
        for part in _blame(worker.chunk, call.tries):
            if part:
                call.waiting.appendleft(part)
            else:
                call.results[worker.chunk[0]] = _guilty(call.jobs[worker.chunk[0]].article, str(message))

    def _start_again(self, message: Any) -> None:
        """Lets a start that was killed from outside be tried again; raises WorkerFault for any other."""
        self._failed_starts += 1
        if not isinstance(message, _Death) or self._failed_starts >= TRIES_TO_START:
            raise WorkerFault(f"a worker process cannot start: {message}")

    def _assign(self, idle: _Worker | None, chunk: list[int], jobs: Sequence[Job]) -> _Worker:
        worker = idle or self._start()
        worker.chunk = chunk
        worker.deadline = _deadline(chunk, jobs) if worker.ready else time.monotonic() + START_SECONDS
        with contextlib.suppress(ConnectionError):  # it died while idle: found and blamed as any other death
            worker.pipe.send([jobs[at] for at in chunk])
        return worker

    def _start(self) -> _Worker:
        spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        mine, theirs = spawn.Pipe()
        process = spawn.Process(target=_work, args=(theirs, *self._arguments), daemon=True, name="dateline-worker")
        process.start()
        theirs.close()
        return _Worker(process, mine, [], 0.0)


@cache
def workers_for(count: int, *, model: str, day_first: bool, memory_mb: int) -> Workers:
    """The process's workers with these settings: started at their first use, ended with the process."""
    workers = Workers(count or os.cpu_count() or 1, model=model, day_first=day_first, memory_mb=memory_mb)
    atexit.register(workers.close)
    return workers


READY = "ready"
LONGEST_REASON = 300  # characters of an error that a reject keeps


def _work(pipe: Connection, model: str, day_first: bool, memory_mb: int) -> None:
    """A worker's life: load the model, code chunk after chunk, end with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    from tasks.nlp.extract import load_knowledge
    from tasks.nlp.model import load_model

    try:
        nlp = load_model(model)
        load_knowledge()
    except Fault as fault:
        pipe.send(str(fault))
        return
    _limit_memory(memory_mb)
    collect_rarely()
    with contextlib.suppress(EOFError, ConnectionError):  # the parent is gone
        pipe.send(READY)
        while True:
            jobs: list[Job] = pipe.recv()
            try:
                pipe.send(_code(jobs, nlp, day_first))
            except ConnectionError:
                raise
            except Exception as error:  # one article's fault must not cost the others theirs
                pipe.send(f"{type(error).__name__}: {error}"[:LONGEST_REASON])
                return  # what an error left behind in the model is unknown


def _code(jobs: Sequence[Job], nlp: Any, day_first: bool) -> list[Coded]:
    from tasks.nlp.extract import extract_events, load_knowledge
    from tasks.nlp.model import parsed

    coded = []
    with parsed(nlp, ((j.article.text, j.sentences) for j in jobs)) as docs:
        for job, doc in zip(jobs, docs, strict=True):
            found = extract_events(
                doc,
                article=job.article,
                sentences=job.sentences,
                knowledge=load_knowledge(job.vocabulary),
                day_first=day_first,
            )
            coded.append(Coded(found.events, found.outcomes))
    return coded


def _limit_memory(megabytes: int) -> None:
    """What the process may take beyond what the model and the libraries hold already."""
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    limit = held + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _tokens(text: str) -> int:
    """About how many tokens the text has: its words and signs."""
    return len(_TOKEN.findall(text))


def _too_long(article: Article, tokens: int) -> Reject | None:
    if tokens <= MOST_TOKENS:
        return None
    return Reject(
        stage="extract",
        source_path=article.source_path,
        article_key=article.article_key,
        reason=RejectReason.TOO_LARGE,
        detail=f"about {tokens:,} words and signs; at most {MOST_TOKENS:,} are parsed within 1 GB; split the article",
    )


def _chunks(sizes: Sequence[int]) -> Iterator[list[int]]:
    """The positions of the articles of these sizes in chunks, without those that are too long."""
    chunk: list[int] = []
    held = 0
    for at, size in enumerate(sizes):
        if size > MOST_TOKENS:
            continue
        if chunk and (len(chunk) == CHUNK_ARTICLES or held + size > CHUNK_TOKENS):
            yield chunk
            chunk, held = [], 0
        chunk.append(at)
        held += size
    if chunk:
        yield chunk


def _next_messages(busy: Sequence[_Worker], bell: Connection) -> Iterator[tuple[_Worker, Any]]:
    """What the next workers say: READY, a chunk's results, or in words why they will say nothing more.

    Nothing at all where the bell tells that a worker of another caller is free.
    """
    by_pipe = {worker.pipe: worker for worker in busy}
    patience = max(0.0, min(w.deadline for w in busy) - time.monotonic())
    for pipe in wait([*by_pipe, bell], timeout=patience):
        if pipe is bell:
            bell.recv_bytes()
            continue
        worker = by_pipe[pipe]  # type: ignore[index]
        try:
            yield worker, worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join(5)
            yield worker, _Death(f"its worker process ended ({_exit(worker.process.exitcode)})")
    now = time.monotonic()
    for worker in list(busy):
        if worker.deadline <= now and not worker.pipe.poll():
            yield worker, "it took too long"


def _exit(code: int | None) -> str:
    if code is None:
        return "without a word"
    return f"signal {-code}" if code < 0 else f"exit code {code}, often too little memory"


def _deadline(chunk: Sequence[int], jobs: Sequence[Job]) -> float:
    characters = sum(len(jobs[at].article.text) for at in chunk)
    return time.monotonic() + CHUNK_SECONDS + SECONDS_PER_MB * characters / 1e6


def _blame(chunk: Sequence[int], tries: list[int]) -> list[list[int]]:
    """What to do with a failed chunk: its halves again, the article alone again, or (an empty list) its reject."""
    if len(chunk) > 1:
        middle = len(chunk) // 2
        return [list(chunk[middle:]), list(chunk[:middle])]
    tries[chunk[0]] += 1
    return [list(chunk)] if tries[chunk[0]] < TRIES_ALONE else [[]]


def _guilty(article: Article, why: str) -> Reject:
    return Reject(
        stage="extract",
        source_path=article.source_path,
        article_key=article.article_key,
        reason=RejectReason.EXTRACTION_FAILED,
        detail=f"{why}, alone and {TRIES_ALONE} times; shorten or mend the article",
    )


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join(5)
    worker.pipe.close()
