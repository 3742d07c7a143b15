"""Random kills: 300 articles, one and two workers, one to three kills in a row at any moment, then a run to its end."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
from pathlib import Path

from tests.faults import corpus, direct
from tests.faults.sweep import Row, settings
from tests.faults.trials import Reader, content, in_child, leftovers

LARGE = {"DATELINE_BATCH_ARTICLES": "50", "DATELINE_WAVE_BATCHES": "2", "DATELINE_KEEP_VERSIONS": "30"}
ARTICLES = 300


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
