"""`make faults`: every fault, many times, and one table at the end. Exits with 1 if anything was lost."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults import damage, direct, hostile_run, kills, mutants, patterns, places, sweep
from tests.faults.sweep import ACTS, Row, Scene

STEP = {"kill": 1}  # every point; the other faults take every fifth, each from another one on
SEQUENCES = 200


def rows(root: Path) -> Iterator[Row]:
    """Every part of the harness, one after the other."""
    scene = sweep.prepare(root / "scene")
    for offset, name in enumerate(ACTS):
        step = STEP.get(name, 5)
        points = range(1 + offset % step, scene.points + 1, step)

        def lane(numbers: list[int], lane: str, name: str = name) -> Row:
            return sweep.sweep(scene, name, numbers, lane=lane)

        row = sweep.in_lanes(lane, points)
        row.fault = f"{name} at {'every' if step == 1 else 'every fifth'} point of {scene.points}"
        yield row
    parts: tuple[Callable[[Scene], Row], ...] = (
        places.several_at_once,
        places.stale_lock,
        places.full_disk,
        places.read_only,
        places.changing_files,
        places.same_size_and_time,
        damage.state_lost,
        damage.repair_damage,
    )
    for part in parts:
        yield part(scene)
    yield damage.find_flipped_bits(scene, each=60)
    yield hostile_run.run_all(root / "hostile")
    yield patterns.find_slow()
    yield mutants.catch(scene)
    random_kills = kills.Kills(root / "kills")
    yield sweep.in_lanes(random_kills.sequences, range(SEQUENCES))


def main() -> int:
    """Runs all, prints the table; 1 if a row lost anything."""
    direct.warm()
    root = Path(tempfile.mkdtemp(prefix="dateline-faults-"))
    lost = 0
    print(f"| {'fault':58} | tried | lost | outcome |\n|{'-' * 60}|------:|-----:|---|", flush=True)
    for row in _timed(rows(root)):
        lost += row.lost
        outcome = "all is as it must be" if not row.lost else "LOST"
        print(
            f"| {row.fault:58} | {row.tried:5,} | {row.lost:4} | {outcome}{row.note and '; ' + row.note} |", flush=True
        )
        for failure in row.failures[:10]:
            print(f"    {failure[:500]}", file=sys.stderr)
    shutil.rmtree(root)
    return 1 if lost else 0


def _timed(found: Iterator[Row]) -> Iterator[Row]:
    start = time.monotonic()
    for row in found:
        seconds = time.monotonic() - start
        row.note = "; ".join(filter(None, (row.note, f"{seconds:.0f} s")))
        yield row
        start = time.monotonic()


if __name__ == "__main__":
    sys.exit(main())
