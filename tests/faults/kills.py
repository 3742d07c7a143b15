"""Random kills: 300 articles, one and two workers, one to three kills in a row at any moment, then a run to its end."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasks.workshop import Coded, Job
from tests.faults import corpus, direct
from tests.faults.sweep import Row, settings
from tests.faults.trials import Ended, Reader, content, fork, in_child, leftovers, live

LARGE = {"DATELINE_BATCH_ARTICLES": "50", "DATELINE_WAVE_BATCHES": "2", "DATELINE_KEEP_VERSIONS": "30"}
ARTICLES = 300
BATCH = 100  # as it is by default
CODING_SECONDS = 0.003  # an article, so that a kill falls into the coding of a batch
LONGEST_WAIT = 120  # seconds for a run to come to the moment of its kill


class Kills:
    """The folder of articles and what an undisturbed run makes of it."""

    def __init__(self, root: Path) -> None:
        settings(LARGE)
        self.root, self.seeds = root, root / "seeds"
        corpus.write(self.seeds, range(ARTICLES))
        direct.run(self.seeds, root / "once")  # also teaches this process, the parent of all trials, the events
        start = time.monotonic()
        direct.run(self.seeds, root / "again")
        self.seconds = time.monotonic() - start
        self.wanted = content(root / "once")

    def sequences(self, numbers: list[int], lane: str) -> list[Row]:
        """Those sequences, each with a chance of its own."""
        row = Row("SIGKILL at random moments, 300 articles")
        reader = Reader()
        for number in numbers:
            row.tried += 1
            for problem in self._sequence(number, self.root / f"kills-{lane}-{number}", reader):
                row.fail(f"sequence {number}: {problem}")
        reader.close()
        return [row]

    def _sequence(self, number: int, outputs: Path, reader: Reader) -> list[str]:
        chance = random.Random(number)
        workers = 1 + number % 2
        problems = []
        outputs.mkdir(parents=True)
        reader.begin(outputs)
        for _ in range(chance.randint(1, 3)):
            moment = chance.uniform(0.02, self.seconds)

            def until_killed(after: float = moment) -> None:
                threading.Timer(after, os.kill, (os.getpid(), signal.SIGKILL)).start()
                direct.run(self.seeds, outputs, workers=workers)

            ended = in_child(until_killed)
            if ended.error is not None:
                problems.append(f"failed before it was killed: {ended.error}")
        last = in_child(lambda: direct.run(self.seeds, outputs, workers=workers) and None)
        problems += reader.end()
        if last.error is not None or last.killed:
            return [*problems, f"the last run: {last}"]
        if content(outputs) != self.wanted:
            problems.append("the tables differ")
        problems += [f"left behind: {name}" for name in leftovers(outputs)]
        if not problems:
            shutil.rmtree(outputs)
        return problems


def work_again(root: Path, *, times: int = 6) -> Row:
    """Killed when so many articles were coded: the next run codes no more of them again than a batch has."""
    row = Row("SIGKILL in the midst of coding: no more than a batch is coded again")
    settings(LARGE | {"DATELINE_BATCH_ARTICLES": f"{BATCH}"})
    corpus.write(root / "seeds", range(ARTICLES))
    needed = sum(number % 10 != 9 for number in range(ARTICLES))  # the others are no articles
    most = 0
    for number in range(times):
        row.tried += 1
        moment = needed * (2 * number + 1) // (2 * times)
        hurt, last, coded = _killed_when_coded(root, number, moment)
        most = max(most, coded - needed)
        if not hurt.killed or last.error is not None or coded - needed > BATCH:
            row.fail(f"killed after {moment} of {needed} articles: {hurt}, {last}, {coded} articles coded in all")
    row.note = f"at most {most} articles again, {BATCH} in a batch"
    return row


def _killed_when_coded(root: Path, number: int, moment: int) -> tuple[Ended, Ended, int]:
    """How a run killed at that moment and the run after it end, and how many articles both have coded."""
    coded = root / f"coded-{number}"
    coded.touch()

    def run() -> None:
        direct.run(root / "seeds", root / f"out-{number}", workers=1 + number % 2, code=_counting(coded))

    forked = fork()
    if forked is None:
        live(run)
    given_up = time.monotonic() + LONGEST_WAIT
    while coded.stat().st_size < moment and time.monotonic() < given_up:
        time.sleep(0.001)
    os.kill(forked.pid, signal.SIGKILL)
    return forked.wait(), in_child(run), coded.stat().st_size


def _counting(path: Path) -> direct.Code:
    def code(jobs: Sequence[Job], nlp: Any, **settings: Any) -> list[Coded]:
        found = []
        for job in jobs:
            with path.open("ab") as file:
                file.write(b".")
            time.sleep(CODING_SECONDS)
            found += direct.code_once([job], nlp, **settings)
        return found

    return code
