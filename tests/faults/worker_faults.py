"""Workers that are killed, hang or run out of memory in the midst of a whole run: one article is lost, and says why."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import tasks.workers
from tasks.contracts.codes import RejectReason
from tasks.store import Store
from tasks.workshop import Coded, Job
from tests.faults import corpus, direct
from tests.faults.sweep import Row, settings
from tests.faults.trials import content, in_child

ARTICLES = 60
GUILTY = {11: "Killpoison", 23: "Hangpoison", 38: "Memorypoison"}
HANG_SECONDS = 1  # beyond which the guilty one is blamed in these trials
SETTINGS = {"DATELINE_BATCH_ARTICLES": "20", "DATELINE_WAVE_BATCHES": "2", "DATELINE_KEEP_VERSIONS": "10"}


def poisoned(jobs: Sequence[Job], nlp: Any, **settings: Any) -> list[Coded]:
    """Codes as the stub does, but for words that kill, hang or starve its process, or kill it once."""
    for job in jobs:
        if "Killpoison" in job.article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "Hangpoison" in job.article.text:
            time.sleep(600)
        if "Memorypoison" in job.article.text:
            bytearray(40_000_000_000)
        if "Oncepoison" in job.article.text:
            mark = Path(os.environ["POISON_ONCE"]) / job.article.article_key.replace("/", "-")
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
    return direct.code_once(jobs, nlp, **settings)


def whole_runs(root: Path) -> Row:
    """Each poison alone, all of them together, deaths that do not come again, and workers killed from outside."""
    row = Row("workers killed, hanging, out of memory in a whole run")
    settings(SETTINGS)
    clean = root / "clean"
    corpus.write(root / "seeds", range(ARTICLES))
    in_child(lambda: direct.run(root / "seeds", clean) and None)
    for number, word in GUILTY.items():
        _try(row, root, word, {number: word}, clean)
    _try(row, root, "all at once", GUILTY, clean)
    _try(row, root, "once each", dict.fromkeys((3, 22, 40), "Oncepoison"), clean, lost=())
    for turn in range(3):
        _try(row, root, f"from outside {turn}", {}, clean, killer=random.Random(turn))
    return row


def _try(
    row: Row,
    root: Path,
    name: str,
    poison: dict[int, str],
    clean: Path,
    *,
    lost: Sequence[int] | None = None,
    killer: random.Random | None = None,
) -> None:
    row.tried += 1
    seeds, outputs = root / f"seeds {name}", root / f"out {name}"
    corpus.write(seeds, range(ARTICLES))
    for number, word in poison.items():
        text = corpus.article(number).decode().replace("Troops left", f"Troops of {word} left")
        corpus.drop(_path(seeds, number), text.encode())
    (root / "once").mkdir(exist_ok=True)

    def work() -> None:
        os.environ["POISON_ONCE"] = str(root / "once")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tasks.workers, "CHUNK_SECONDS", HANG_SECONDS)
            if killer is not None:
                threading.Thread(target=_kill_workers, args=(killer,), daemon=True).start()
            direct.run(seeds, outputs, workers=2, code=poisoned if killer is None else _slowly)

    ended = in_child(work)
    if ended.error is not None:
        row.fail(f"{name}: {ended.error}")
        return
    guilty = {_path(seeds, n).relative_to(seeds).as_posix() for n in (poison if lost is None else lost)}
    rejects = Store(outputs).read("rejects", ["source_path", "reason", "detail"]).to_pylist()
    failed = {r["source_path"] for r in rejects if r["reason"] == RejectReason.EXTRACTION_FAILED}
    if failed != guilty:
        row.fail(f"{name}: rejected {sorted(failed)}, guilty are {sorted(guilty)}")
    poisoned_paths = {_path(seeds, n).relative_to(seeds).as_posix() for n in poison}
    for table in ("articles", "events"):
        if _others(outputs, table, poisoned_paths) != _others(clean, table, poisoned_paths):
            row.fail(f"{name}: {table} of other articles differ")
    if not poison and content(outputs) != content(clean):
        row.fail(f"{name}: the tables differ")


def _slowly(jobs: Sequence[Job], nlp: Any, **settings: Any) -> list[Coded]:
    time.sleep(0.3)  # so that there is a worker to be killed
    return direct.code_once(jobs, nlp, **settings)


def _kill_workers(chance: random.Random) -> None:
    for _ in range(4):
        time.sleep(chance.uniform(0.1, 0.6))
        if children := multiprocessing.active_children():
            chance.choice(children).kill()


def _others(outputs: Path, table: str, left_out: set[str]) -> list[dict[str, Any]]:
    return [r for r in Store(outputs).read(table).to_pylist() if r["source_path"] not in left_out]


def _path(seeds: Path, number: int) -> Path:
    return seeds / f"{number % 3}" / f"{number:05d}.txt"
