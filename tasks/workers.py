"""Worker processes for what costs time: a job that kills, hangs or starves its worker costs itself alone.

The pools at hand lose more: a killed process breaks all items of concurrent.futures' pool, and multiprocessing's
waits for ever. Here jobs are handed out in chunks; a chunk whose worker dies or exceeds its time is halved until
the guilty job stands alone, is tried twice more, and then is lost, with the reason.

A worker never has a second thread, not even one that has ended, and so never imports Arrow, which starts one: with it
the C library's allocator takes locks, and parsing took a tenth longer.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

from tasks.collector import collect_rarely
from tasks.contracts.errors import Fault
from tasks.contracts.settings import Settings
from tasks.workshop import load_tools

CHUNK_JOBS = 32  # spaCy's best batch here; also what a crash costs at most in work done again
LAST_JOBS = 16  # of a chunk when there are too few for all workers; spaCy takes 2 % longer over these
CHUNK_WORDS = 40_000  # about 10 s of parsing and, at 16 kB a token, 0.8 GB
CHARACTERS_A_WORD = 5
START_SECONDS = 120  # to import spaCy and load the model on a busy machine
CHUNK_SECONDS = 30  # and
SECONDS_PER_WORD = 0.0012  # many times the 0.04 ms that a word of the news takes: only a hang exceeds it
BEHIND = 5  # steps of priority: on full cores the flow's own process comes first, since it hands out the work
TRIES_TO_START = 3  # the system may kill a process that loads the model while memory is short
TRIES_ALONE = 3  # a job that fails alone twice may have met passing faults: a system short of memory kills again
LONGEST_REASON = 300  # characters of an error that are told

J = TypeVar("J")
R = TypeVar("R")
Work = Callable[[Sequence[J], Any], list[R]]
"""What is done with a chunk of jobs, a result a job: a function that pickle finds by its name, or a partial of one.

Its second argument is what a worker has made ready before its first chunk.
"""


@dataclass(frozen=True, slots=True)
class Lost:
    """What came of a job that could not be done: why."""

    why: str


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

    work: Work[Any, Any]
    jobs: Sequence[Any]
    words: Sequence[int]
    first: bool
    waiting: deque[list[int]]
    tries: list[int]
    busy: list[_Worker] = field(default_factory=list)
    results: dict[int, Any] = field(default_factory=dict)


class _Death(str):
    """What is said of a worker that ended without a word of its own."""


class Workers:
    """A fixed number of worker processes, each with what `prepare` gives: the model, loaded.

    Several callers (stages of the batches of a run) share them: while one waits for its last chunk, the others' chunks
    keep every worker busy. A worker may take `memory_mb` of address space beyond what `prepare` has taken.
    """

    def __init__(self, count: int, *, prepare: Callable[[], Any], memory_mb: int) -> None:
        self._count = self._free = count
        self._arguments = (prepare, memory_mb)
        self._idle: list[_Worker] = []
        self._changed = threading.Condition()
        self._bells: list[Connection] = []
        self._calls: set[_Call] = set()
        self._pressing: set[_Call] = set()
        self._failed_starts = 0  # in a row

    def do(self, work: Work[J, R], jobs: Sequence[J], *, words: Sequence[int], first: bool = False) -> list[R | Lost]:
        """What came of each job, in their order; `words` is about how long each job's text is.

        Calls that go `first` take the workers before all that do not. Raises WorkerFault where workers cannot even
        start.
        """
        call = _Call(work, jobs, words, first, deque(_chunks(words)), [0] * len(jobs))
        bell, ring = multiprocessing.Pipe(duplex=False)
        with self._changed:
            self._calls.add(call)
        try:
            while call.waiting or call.busy:
                self._hand_out(call, ring)
                for worker, message in _next_messages(call.busy, bell):
                    self._take(call, worker, message)
        finally:
            with self._changed:
                self._calls.discard(call)
                self._pressing.discard(call)
                if ring in self._bells:
                    self._bells.remove(ring)
                self._tell()  # whom this call kept waiting, also where it fails
            for worker in call.busy:
                _end(worker)
                self._release(None)
            bell.close()
            ring.close()
        return [call.results[at] for at in range(len(jobs))]

    def close(self) -> None:
        """Ends the idle processes."""
        while self._idle:
            _end(self._idle.pop())

    def _hand_out(self, call: _Call, ring: Connection) -> None:
        """Gives the call every worker that is free; with none at all it waits for the first, else its bell is hung."""
        while call.waiting:
            with self._changed:
                if call.first:
                    self._pressing.add(call)
                while not (self._free and (call.first or not self._pressing)) and not call.busy:
                    self._changed.wait()
                if not (self._free and (call.first or not self._pressing)):
                    if ring not in self._bells:
                        self._bells.append(ring)
                    return
                self._free -= 1
                idle = self._idle.pop() if self._idle else None
                chunk = self._next_chunk(call)
                if call in self._pressing and not call.waiting:
                    self._pressing.discard(call)
                    self._tell()
            try:
                call.busy.append(self._assign(idle, chunk, call))
            except BaseException:
                self._release(None)
                raise

    def _next_chunk(self, call: _Call) -> list[int]:
        """What a worker is given of the call; near the end half of it, so that no other has nothing to do meanwhile."""
        chunk = call.waiting.popleft()
        left = sum(len(c.waiting) for c in self._calls)
        if left < self._count > 1 and len(chunk) > LAST_JOBS:
            call.waiting.appendleft(chunk[LAST_JOBS:])
            return chunk[:LAST_JOBS]
        return chunk

    def _release(self, worker: _Worker | None) -> None:
        """Makes room for another chunk, by a ready worker or (None) one to be started, and tells the callers."""
        with self._changed:
            self._free += 1
            if worker is not None:
                self._idle.append(worker)
            self._tell()

    def _tell(self) -> None:
        """Lets all that wait look whether a worker is theirs now; to be called with the condition held."""
        self._changed.notify_all()
        while self._bells:
            self._bells.pop().send_bytes(b"!")

    def _take(self, call: _Call, worker: _Worker, message: Any) -> None:
        if message == READY:
            worker.ready = True
            self._failed_starts = 0
            worker.deadline = _deadline(worker.chunk, call.words)
            return
        call.busy.remove(worker)
        if isinstance(message, list):
            call.results.update(zip(worker.chunk, message, strict=True))
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
                call.results[worker.chunk[0]] = Lost(f"{message}, alone and {TRIES_ALONE} times")

    def _start_again(self, message: Any) -> None:
        """Lets a start that was killed from outside be tried again; raises WorkerFault for any other."""
        self._failed_starts += 1
        if not isinstance(message, _Death) or self._failed_starts >= TRIES_TO_START:
            raise WorkerFault(f"a worker process cannot start: {message}")

    def _assign(self, idle: _Worker | None, chunk: list[int], call: _Call) -> _Worker:
        worker = idle or self._start()
        worker.chunk = chunk
        worker.deadline = _deadline(chunk, call.words) if worker.ready else time.monotonic() + START_SECONDS
        with contextlib.suppress(ConnectionError):  # it died while idle: found and blamed as any other death
            worker.pipe.send((call.work, [call.jobs[at] for at in chunk]))
        return worker

    def _start(self) -> _Worker:
        spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        mine, theirs = spawn.Pipe()
        process = spawn.Process(target=_live, args=(theirs, *self._arguments), daemon=True, name="dateline-worker")
        process.start()
        theirs.close()
        return _Worker(process, mine, [], 0.0)


def workers_for(settings: Settings) -> Workers:
    """The process's workers under these settings: started at their first use, ended with the process."""
    return _workers(settings.workers or os.cpu_count() or 1, settings.model, settings.worker_memory_mb)


@cache
def _workers(count: int, model: str, memory_mb: int) -> Workers:
    workers = Workers(count, prepare=partial(load_tools, model), memory_mb=memory_mb)
    atexit.register(workers.close)
    return workers


def about_words(characters: int) -> int:
    """About how many words a text of so many characters has."""
    return 1 + characters // CHARACTERS_A_WORD


READY = "ready"


def _live(pipe: Connection, prepare: Callable[[], Any], memory_mb: int) -> None:
    """A worker's life: make ready, work on chunk after chunk, end with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    os.nice(BEHIND)
    try:
        tools = prepare()
    except Fault as fault:
        pipe.send(str(fault))
        return
    _limit_memory(memory_mb)
    collect_rarely()
    with contextlib.suppress(EOFError, ConnectionError):  # the parent is gone
        pipe.send(READY)
        while True:
            work, jobs = pipe.recv()
            try:
                pipe.send(work(jobs, tools))
            except ConnectionError:
                raise
            except Exception as error:  # one job's fault must not cost the others theirs
                pipe.send(f"{type(error).__name__}: {error}"[:LONGEST_REASON])
                return  # what an error left behind in the model is unknown


def _limit_memory(megabytes: int) -> None:
    """What the process may take beyond what the model and the libraries hold already."""
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    limit = held + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _chunks(words: Sequence[int]) -> Iterator[list[int]]:
    """The positions of jobs of these lengths in chunks; one that is longer than a chunk may be stands alone."""
    chunk: list[int] = []
    held = 0
    for at, size in enumerate(words):
        if chunk and (len(chunk) == CHUNK_JOBS or held + size > CHUNK_WORDS):
            yield chunk
            chunk, held = [], 0
        chunk.append(at)
        held += size
    if chunk:
        yield chunk


def _next_messages(busy: Sequence[_Worker], bell: Connection) -> Iterator[tuple[_Worker, Any]]:
    """What the next workers say: READY, a chunk's result, or in words why they will say nothing more.

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


def _deadline(chunk: Sequence[int], words: Sequence[int]) -> float:
    return time.monotonic() + CHUNK_SECONDS + SECONDS_PER_WORD * sum(words[at] for at in chunk)


def _blame(chunk: Sequence[int], tries: list[int]) -> list[list[int]]:
    """What to do with a failed chunk: its halves again, the job alone again, or (an empty list) to give it up."""
    if len(chunk) > 1:
        middle = len(chunk) // 2
        return [list(chunk[middle:]), list(chunk[:middle])]
    tries[chunk[0]] += 1
    return [list(chunk)] if tries[chunk[0]] < TRIES_ALONE else [[]]


def _end(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join(5)
    worker.pipe.close()
