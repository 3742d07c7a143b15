"""Equal input gives equal bytes: whatever the time zone, language, hash seed, workers, batches, order, clock."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults import corpus, direct
from tests.faults.one_run import CLOCK
from tests.faults.sweep import Row
from tests.faults.trials import content, in_child

ROOT = Path(__file__).parents[2]
YEAR = 366 * 86_400
PLAIN = "as it is"
VARIANTS: dict[str, dict[str, str]] = {
    PLAIN: {},
    "another time zone, hash seed, one worker": {
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "1",
        "DATELINE_WORKERS": "1",
    },
    "language C, small batches": {"LC_ALL": "C", "LANG": "C", "TZ": "America/St_Johns", "DATELINE_BATCH_ARTICLES": "3"},
    "Turkish, small waves": {
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "2",
        "DATELINE_BATCH_ARTICLES": "7",
        "DATELINE_WAVE_BATCHES": "1",
    },
    "files made in another order, three workers": {"FAULTS_ORDER": "1", "DATELINE_WORKERS": "3"},
    "a year ahead, one worker": {CLOCK: f"{YEAR}", "DATELINE_WORKERS": "1"},
    "a year back, no time zone, one worker": {CLOCK: f"{-YEAR}", "TZ": "", "DATELINE_WORKERS": "1"},
}


def in_any_world(root: Path, *, names: tuple[str, ...] = tuple(VARIANTS)) -> Row:
    """The project's sample articles by the real model, each time in a fresh interpreter; every digest is the same."""
    row = Row("other time zone, language, hash seed, workers, batches, order of files, clock: the same bytes")

    def attempt(name: str) -> tuple[str, str]:
        seeds = root / name / "seeds"
        copy_samples(seeds, backwards="FAULTS_ORDER" in VARIANTS[name])
        env = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")} | VARIANTS[name]
        arguments = [sys.executable, "-m", "tests.faults.one_run", str(seeds), str(root / name / "out")]
        done = subprocess.run(arguments, env=env, cwd=ROOT, capture_output=True, text=True)
        return done.stdout, done.stderr

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(attempt, names))
    first = results[0][0]
    for name, (found, said) in zip(names, results, strict=True):
        row.tried += 1
        if not found:
            row.fail(f"{name}: {said[-400:]}")
        elif found != first:
            mine, base = json.loads(found), json.loads(first)
            row.fail(f"{name}: other bytes in {[t for t in base if mine[t] != base[t]]}")
    return row


def copy_samples(seeds: Path, *, backwards: bool = False) -> None:
    """The project's sample articles, as if they had been lying there for long."""
    files = sorted((p for p in (ROOT / "seeds").rglob("*") if p.is_file()), reverse=backwards)
    for path in files:
        corpus.drop(seeds / path.relative_to(ROOT / "seeds"), path.read_bytes())


def in_steps(root: Path) -> Row:
    """Articles that come in so many steps, in any order, with edits and deletions between: the tables of one run."""
    row = Row("articles in 2, 5, 20 steps in any order: the tables of one run")
    numbers = list(range(40))
    corpus.write(root / "all", numbers)
    in_child(lambda: direct.run(root / "all", root / "once") and None)
    wanted = content(root / "once")
    for steps in (2, 5, 20):
        row.tried += 1
        chance = random.Random(steps)
        seeds, outputs = root / f"steps-{steps}", root / f"out-{steps}"
        order = chance.sample(numbers, len(numbers))
        size = len(order) // steps

        def grow(order: list[int] = order, size: int = size, seeds: Path = seeds, outputs: Path = outputs) -> None:
            for at in range(0, len(order), size):
                if at:  # what came before is another edition, or gone, until its own turn comes again
                    corpus.write(seeds, order[at - size : at : 2], edition=3)
                corpus.write(seeds, order[at : at + size])
                direct.run(seeds, outputs)
                corpus.write(seeds, order[max(0, at - size) : at])
            shutil.rmtree(seeds)
            corpus.write(seeds, order[::2])
            direct.run(seeds, outputs)
            corpus.write(seeds, order)
            direct.run(seeds, outputs)

        ended = in_child(grow)
        if ended.error is not None:
            row.fail(f"{steps} steps: {ended.error}")
        elif content(outputs) != wanted:
            row.fail(f"{steps} steps: the tables differ")
    return row
