"""One trial: a forked run that something happens to, a reader all the while, a run that puts all right."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from tasks.contracts.errors import Fault
from tasks.store import STORED, Store

READ_TABLES = ("events", "articles")
PAUSE_SECONDS = 0.01  # between two looks: the run that is looked at needs the processor, too


@dataclass(frozen=True)
class Ended:
    """How a child ended: its signal or exit code, what it raised (type, words, foreseen), what it gave."""

    status: int
    error: tuple[str, str, bool] | None
    value: Any

    @property
    def killed(self) -> bool:
        return self.status < 0

    @property
    def unforeseen(self) -> bool:
        """Whether it ended by an error that no message was written for."""
        return self.error is not None and not self.error[2]


def in_child(work: Callable[[], Any], *, seconds: float = 120) -> Ended:
    """Does the work in a forked process of its own; what it gives comes back as JSON."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        os.setpgid(0, 0)
        signal.alarm(int(seconds))
        answer: dict[str, Any] = {}
        code = 0
        try:
            answer["value"] = work()
        except BaseException as error:
            code = 1
            answer["error"] = (type(error).__name__, str(error), isinstance(error, Fault))
            answer["trace"] = traceback.format_exc()
        finally:
            with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
                os.write(write, json.dumps(answer).encode()[:60_000])
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    answer = json.loads(said) if said else {}
    if "DATELINE_FAULTS_TRACE" in os.environ and answer.get("trace"):
        sys.stderr.write(answer["trace"])
    error = answer.get("error")
    return Ended(os.waitstatus_to_exitcode(status), tuple(error) if error else None, answer.get("value"))


def content(outputs: Path) -> dict[str, list[str]]:
    """The digests of every part of the current version, by table: equal content, equal bytes."""
    version = Store(outputs).current()
    assert version is not None, "nothing is published"
    damaged = [p.name for p in version.parts if not version.intact(p)]
    assert not damaged, f"damaged: {damaged}"
    return {name: sorted(p.digest for p in version.parts if p.name.startswith(f"{name}/")) for name in STORED}


def leftovers(outputs: Path) -> list[str]:
    """What a finished run must not leave behind."""
    hidden = [p.name for p in outputs.glob(".*") if p.name != ".lock"]
    return [*hidden, *(p.name for p in (outputs / "versions").glob(".*"))]


def frame_digest(frame: pd.DataFrame) -> str:
    """What tells one state of a table from another."""
    columns = [c for c in ("event_id", "article_key", "content_hash", "duplicate_of") if c in frame.columns]
    return hashlib.blake2b(frame[columns].to_csv(index=False).encode(), digest_size=8).hexdigest()


def known_digests(outputs: Path) -> dict[str, set[str]]:
    """The digest of each table in every version that stands in the folder; the empty state before the first too."""
    found: dict[str, set[str]] = {name: set() for name in READ_TABLES}
    for folder in (outputs / "versions").glob("[0-9]*"):
        for name in READ_TABLES:
            if (folder / "version.json").exists():
                found[name].add(frame_digest(pq.read_table(folder / name).to_pandas()))
    return found


@dataclass
class Reader:
    """A process that loads events and articles with pandas again and again."""

    outputs: Path
    pid: int = 0
    pipe: int = 0
    errors: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)
    reads: int = 0

    def start(self) -> None:
        self.pipe, write = os.pipe()
        stop_read, self.stop = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(write)
            os.close(stop_read)
            return
        os.close(self.pipe)
        os.close(self.stop)
        os.set_blocking(stop_read, False)
        errors: list[str] = []
        seen: dict[str, set[str]] = {name: set() for name in READ_TABLES}
        reads = 0
        while True:
            for name in READ_TABLES:
                if not (self.outputs / name).exists():
                    continue
                try:
                    seen[name].add(frame_digest(pd.read_parquet(self.outputs / name)))
                    reads += 1
                except Exception as error:
                    errors.append(f"{name}: {type(error).__name__}: {error}"[:300])
            try:
                if os.read(stop_read, 1) == b"":
                    break
            except BlockingIOError:
                time.sleep(PAUSE_SECONDS)
        answer = {"errors": errors[:5], "seen": {k: sorted(v) for k, v in seen.items()}, "reads": reads}
        os.write(write, json.dumps(answer).encode()[:60_000])
        os._exit(0)

    def end(self) -> None:
        os.close(self.stop)
        with os.fdopen(self.pipe, "rb") as pipe:
            answer = json.loads(pipe.read())
        os.waitpid(self.pid, 0)
        self.errors, self.reads = answer["errors"], answer["reads"]
        self.seen = {k: set(v) for k, v in answer["seen"].items()}

    def mixtures(self) -> list[str]:
        """Tables that were seen in a state that no version holds."""
        known = known_digests(self.outputs)
        return [name for name in READ_TABLES if self.seen[name] - known[name]]


def copy_state(source: Path, target: Path) -> None:
    """An outputs folder like `source`: links for what is never changed again."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True, copy_function=shutil.copy2)
