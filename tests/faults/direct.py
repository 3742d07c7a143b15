"""The flow's own body without Prefect's engine: the same stages in the same order, called directly.

What Prefect adds is tested where it is the subject; here thousands of runs have to fit into minutes.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from flows.environment import set_environment

set_environment()

import pyarrow as pa  # noqa: E402
import pytest  # noqa: E402
from prefect.logging import disable_run_logger  # noqa: E402

import expectations.check  # noqa: E402
import flows.extract_events as flow_module  # noqa: E402
import tasks.clean  # noqa: E402
import tasks.extract  # noqa: E402
import tasks.ingest  # noqa: E402
import tasks.linking  # noqa: E402
import tasks.merging  # noqa: E402
import tasks.run  # noqa: E402
import tasks.split  # noqa: E402
import tasks.storage.localversions  # noqa: E402
import tasks.store  # noqa: E402
import tasks.workers  # noqa: E402
import tasks.workshop  # noqa: E402
from expectations.suite import Checked  # noqa: E402
from tasks.contracts.stages import Finished  # noqa: E402
from tasks.logic import current_logic  # noqa: E402
from tasks.nlp.incidents import find_incidents  # noqa: E402
from tasks.storage.parquet import decode, encode  # noqa: E402
from tasks.text.copies import fingerprint  # noqa: E402
from tasks.text.language import detect_language  # noqa: E402
from tasks.text.pages import clean_page  # noqa: E402
from tasks.text.sentences import split_sentences  # noqa: E402
from tasks.workers import Workers  # noqa: E402
from tasks.workshop import Coded, Job, load_tools  # noqa: E402

STUB = "tests.faults.stub_model"
STAGES = ("ingest", "clean", "recall", "split", "extract", "validate", "publish")
SHOWN_BY_PREFECT = ("crash_dead_run", "show_progress", "show_report", "start_progress", "tell_failures", "check_drift")


class Answer:
    """A future whose work was done when it was submitted."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def result(self) -> Any:
        return self._value

    def add_done_callback(self, tell: Callable[[Any], None]) -> None:
        tell(self)


class Stage:
    """A stage as the flow sees it, its work done at once in this process."""

    def __init__(self, task: Any) -> None:
        self.fn, self.name = task.fn, task.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.fn(*(_resolved(a) for a in args), **{k: _resolved(v) for k, v in kwargs.items()})

    def submit(self, *args: Any, **kwargs: Any) -> Answer:
        return Answer(self(*args, **kwargs))


def _resolved(value: Any) -> Any:
    if isinstance(value, Answer):
        return value.result()
    if isinstance(value, list):
        return [_resolved(v) for v in value]
    if isinstance(value, Finished):
        return Finished(**{f.name: _resolved(getattr(value, f.name)) for f in fields(value)})
    return value


class HereWorkers:
    """Does the work in this process: for faults that are not the workers'."""

    def do(self, work: Callable[..., Any], jobs: Sequence[Any], **_: Any) -> Any:
        return work(jobs, load_tools(STUB))


KNOWN: dict[Any, Any] = {}  # answers of pure functions: what trials ask was asked before in the parent of them all
_code = tasks.workshop.code_articles


def code_once(jobs: Sequence[Job], nlp: Any, **settings: Any) -> list[Coded]:
    """What the stub model and the rules make of the jobs, remembered."""
    new = [job for job in jobs if job not in KNOWN]
    KNOWN.update(zip(new, _code(new, nlp, **settings), strict=True))
    return [KNOWN[job] for job in jobs]


def _remembering(work: Callable[..., Any]) -> Callable[..., Any]:
    def remember(*args: Any, **kwargs: Any) -> Any:
        key = (work, _key(args), _key(kwargs))
        if key not in KNOWN:
            KNOWN[key] = work(*args, **kwargs)
        return KNOWN[key]

    return remember


def _key(value: Any) -> Any:
    if isinstance(value, pa.Table):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.schema) as stream:
            stream.write_table(value)
        return sink.getvalue().to_pybytes()
    if isinstance(value, list | tuple):
        return tuple(_key(v) for v in value)
    return tuple((k, _key(v)) for k, v in value.items()) if isinstance(value, dict) else value


def _decode(source: bytes | pa.NativeFile, **more: Any) -> pa.Table:
    return DECODE_ONCE(source if isinstance(source, bytes) else source.read(), **more)


DECODE_ONCE = _remembering(decode)
PURE: dict[Any, dict[str, Callable[..., Any]]] = {
    tasks.store: {"encode": _remembering(encode), "decode": _decode},
    tasks.storage.localversions: {"encode": _remembering(encode)},
    tasks.workshop: {
        "clean_page": _remembering(clean_page),
        "detect_language": _remembering(detect_language),
        "split_sentences": _remembering(split_sentences),
    },
    tasks.linking: {"fingerprint": _remembering(fingerprint)},
    tasks.merging: {"find_incidents": _remembering(find_incidents)},
    tasks.run: {"current_logic": _remembering(current_logic)},
}


def keep_all(name: str, table: pa.Table, **_: Any) -> Checked:
    """A check that finds nothing, in no time."""
    return Checked(table, (), (), stop=False)


Code = Callable[..., list[Coded]]
TOLD: dict[str, Code] = {"code": code_once}  # how articles are coded now; forked workers know


def as_told(jobs: Sequence[Job], nlp: Any, **settings: Any) -> list[Coded]:
    """What workers are asked for by its name."""
    return TOLD["code"](jobs, nlp, **settings)


@contextlib.contextmanager
def without_engine(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The flow's module without Prefect, for the process: real workers, real checks."""
    for name in STAGES:
        patch.setattr(flow_module, name, Stage(getattr(flow_module, name)))
    patch.setattr(flow_module, "PrefectFuture", Answer)
    patch.setattr(flow_module, "ahead", lambda work, *args, **kwargs: Answer(work(*args, **kwargs)))  # no thread: forks
    for name in SHOWN_BY_PREFECT:
        patch.setattr(flow_module, name, lambda *_, **__: None)
    with disable_run_logger():
        yield


@contextlib.contextmanager
def with_stub(patch: pytest.MonkeyPatch, workers: int, code: Code) -> Iterator[None]:
    """The stub model, no checks, pure functions that remember; 0 workers: work is done here, else in forked ones."""
    patch.setattr(expectations.check, "check_table", keep_all)
    patch.setitem(TOLD, "code", code)
    patch.setattr(tasks.extract, "code_articles", as_told)
    for module, functions in PURE.items():
        for name, function in functions.items():
            patch.setattr(module, name, function)
    here: Any = HereWorkers()
    if workers:
        here = Workers(workers, prepare=partial(load_tools, STUB), memory_mb=4_000)
        here._start = lambda: _forked(here)
    for stage in (tasks.ingest, tasks.clean, tasks.split, tasks.extract):
        patch.setattr(stage, "workers_for", lambda _: here)
    try:
        yield
    finally:
        if workers:
            here.close()


def run(seeds: Path, outputs: Path, *, rebuild: bool = False, workers: int = 0, code: Code = code_once) -> Any:
    """One run of the flow's body with the stub model; gives its report as a dict or raises what the flow raises."""
    with pytest.MonkeyPatch.context() as patch, without_engine(patch), with_stub(patch, workers, code):
        state = flow_module.extract_events.fn(seeds=str(seeds), outputs=str(outputs), rebuild=rebuild)
    return state.data


def run_whole(seeds: Path, outputs: Path) -> Any:
    """One run of the flow's body with everything real but Prefect's engine."""
    with pytest.MonkeyPatch.context() as patch, without_engine(patch):
        return flow_module.extract_events.fn(seeds=str(seeds), outputs=str(outputs)).data


def warm() -> None:
    """Imports and loads what a run needs, so that forked runs start at once, without threads to be started in each."""
    pa.set_cpu_count(1)
    load_tools(STUB)


def _forked(workers: Workers) -> Any:
    """A real worker process, forked (all is loaded already) instead of spawned; it ends with its parent."""
    fork = multiprocessing.get_context("fork")
    mine, theirs = fork.Pipe()
    process = fork.Process(target=_work, args=(mine, theirs, workers._arguments), daemon=True)
    process.start()
    theirs.close()
    return tasks.workers._Worker(process, mine, [], 0.0)


def _work(mine: Any, theirs: Any, arguments: Any) -> None:
    mine.close()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() == 1:
        os._exit(1)
    tasks.workers._live(theirs, *arguments)
