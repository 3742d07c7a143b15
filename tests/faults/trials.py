"""One trial: a forked run that something happens to, a reader all the while, a run that puts all right."""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pyarrow.parquet as pq

from tasks.contracts.errors import Fault
from tasks.store import STORED, Store

READ_TABLES = ("events", "articles")
PAUSE = 4.0  # times as long as a look at the tables took: the run that is looked at needs the processor, too


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


@dataclass(frozen=True)
class Forked:
    """A process forked from this one, and the pipe through which it says how it ended."""

    pid: int
    pipe: int

    def wait(self) -> Ended:
        with os.fdopen(self.pipe, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(self.pid, 0)
        answer = json.loads(said) if said else {}
        if "DATELINE_FAULTS_TRACE" in os.environ and answer.get("trace"):
            sys.stderr.write(answer["trace"])
        error = answer.get("error")
        return Ended(os.waitstatus_to_exitcode(status), tuple(error) if error else None, answer.get("value"))


_told = -1  # in a forked process: the pipe to whoever forked it


def fork(*, seconds: float = 120) -> Forked | None:
    """Forks this process; None in the new one, which is killed after so long and ends where `live` ends."""
    global _told
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return Forked(pid, read)
    os.close(read)
    if _told >= 0:
        os.close(_told)
    _told = write
    os.setpgid(0, 0)
    signal.alarm(int(seconds))
    return None


def live(work: Callable[[], Any]) -> NoReturn:
    """The life of a forked process: does the work, says what came of it, ends."""
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
            os.write(_told, json.dumps(answer).encode()[:60_000])
        os._exit(code)


def in_child(work: Callable[[], Any], *, seconds: float = 120) -> Ended:
    """Does the work in a forked process of its own; what it gives comes back as JSON."""
    forked = fork(seconds=seconds)
    if forked is None:
        live(work)
    return forked.wait()


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


IDENTIFYING = ("event_id", "article_key", "content_hash", "duplicate_of")


def frame_digest(frame: pd.DataFrame) -> str:
    """What tells one state of a table from another."""
    values = [frame[c].tolist() for c in IDENTIFYING if c in frame.columns]
    return hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()


_known: dict[bytes, str] = {}  # the digest of a table by that of its files' bytes


def known_digests(outputs: Path) -> dict[str, set[str]]:
    """The digest of each table in every version that stands in the folder."""
    found: dict[str, set[str]] = {name: set() for name in READ_TABLES}
    for folder in (outputs / "versions").glob("[0-9]*"):
        for name in READ_TABLES:
            if (folder / "version.json").exists():
                data = b"".join(p.read_bytes() for p in sorted((folder / name).iterdir()))
                key = hashlib.blake2b(data).digest()
                if key not in _known:
                    _known[key] = frame_digest(pq.read_table(folder / name).to_pandas())
                found[name].add(_known[key])
    return found


class Reader:
    """A process that loads events and articles with pandas again and again, of one outputs folder after the other."""

    def __init__(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._forked = fork(seconds=3_600)
        if self._forked is None:
            self._pipe.close()
            live(lambda: _read_on(theirs))
        theirs.close()

    def begin(self, outputs: Path) -> None:
        """Reads there from now on."""
        self.outputs = outputs
        self._pipe.send(outputs)

    def look(self) -> None:
        """Waits until both tables were read once more from their beginning."""
        self._pipe.send("look")
        self._pipe.recv()

    def end(self) -> list[str]:
        """Reads no more; gives errors, and tables that were seen in a state that no version holds."""
        self.look()
        self._pipe.send("end")
        errors, seen = self._pipe.recv()
        problems = [f"reader: {e}" for e in errors]
        try:
            known = known_digests(self.outputs)
        except Exception as error:
            return [*problems, f"a version cannot be read: {error}"]
        return problems + [f"mixed: {name}" for name in READ_TABLES if seen[name] - known[name]]

    def close(self) -> None:
        self._pipe.close()
        assert self._forked is not None
        assert self._forked.wait().error is None, "the reader itself failed"


def _read_on(pipe: Connection) -> None:
    while True:
        try:
            outputs = pipe.recv()
        except EOFError:
            return
        errors: list[str] = []
        seen: dict[str, set[str]] = {name: set() for name in READ_TABLES}
        order = None
        while order != "end":
            start = time.monotonic()
            for name in READ_TABLES:
                if not (outputs / name).exists():
                    continue
                try:
                    seen[name].add(frame_digest(pd.read_parquet(outputs / name)))
                except Exception as error:
                    errors.append(f"{name}: {type(error).__name__}: {error}"[:300])
            if order == "look":
                pipe.send(None)
            pause = PAUSE * (time.monotonic() - start)
            order = pipe.recv() if pipe.poll(pause) else None
        pipe.send((errors[:5], seen))


def copy_state(source: str | Path, target: str | Path) -> None:
    """An outputs folder like `source`: folders, links and files; a file's time is of no account there."""
    if os.path.exists(target):
        shutil.rmtree(target)
    os.mkdir(target)
    for entry in os.scandir(source):
        place = f"{target}/{entry.name}"
        if entry.is_symlink():
            os.symlink(os.readlink(entry), place)
        elif entry.is_dir():
            copy_state(entry.path, place)
        else:
            shutil.copyfile(entry, place)
