"""A coverage-guided search (atheris, libFuzzer) for what breaks page cleaning or the reading of date phrases."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults import fuzz
from tests.faults.sweep import Row

ROOT = Path(__file__).parents[2]
TARGETS = ("pages", "dates")


def by_coverage(root: Path, *, seconds: int) -> Row:
    """Both targets side by side for so long; what breaks one is shown as the bytes that did it."""
    row = Row("coverage-guided search over page cleaning and date phrases (atheris)")

    def attempt(target: str) -> str:
        folder = root / target
        folder.mkdir(parents=True)
        for number, (suffix, data) in enumerate(fuzz.articles()):
            (folder / f"{number}").write_bytes((b"!" if suffix == ".html" else b"a") + data)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.faults.coverage_fuzz", target, str(folder)),
                *(f"-max_total_time={seconds}", "-max_len=2000", "-timeout=10", "-rss_limit_mb=1500", "-seed=7"),
            ],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            errors="replace",
        )
        tries = re.search(r"Done (\d+) runs", done.stderr)
        if done.returncode or not tries:
            row.fail(f"{target}: {done.stderr[-1500:]}")
            return ""
        row.tried += int(tries[1])
        branches = re.findall(r"cov: (\d+)", done.stderr)
        return f"{target}: {branches[-1] if branches else 0} branches"

    with ThreadPoolExecutor(len(TARGETS)) as pool:
        row.note = ", ".join(pool.map(attempt, TARGETS))
    return row
