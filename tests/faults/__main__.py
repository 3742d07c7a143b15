"""`make faults`: every fault, many times, and one table at the end. Exits with 1 if anything was lost."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults import (
    damage,
    direct,
    fuzz,
    hostile_run,
    isolation,
    kills,
    mutants,
    outlets,
    patterns,
    places,
    repeat,
    search,
    server_faults,
    sweep,
    worker_faults,
)
from tests.faults.sweep import ACTS, Row, Scene

SEQUENCES = 200
MUTATED = 10_000
SEARCH_SECONDS = 20
STEPS = {"kill": 1, **dict.fromkeys(("ENOSPC", "EIO", "EACCES", "EMFILE"), 2), **dict.fromkeys(("EROFS", "EDQUOT"), 20)}
POWER_STEP = 4
EVERY = {1: "every", 2: "every other", 4: "every fourth", 20: "every 20th"}


def rows(root: Path) -> Iterator[Row]:
    """Every part of the harness, one after the other."""
    scene = sweep.prepare(root / "scene")
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
    yield outlets.all_outlets(root / "outlets")
    yield worker_faults.whole_runs(root / "workers")
    yield sweep.in_lanes(fuzz.mutated, range(MUTATED))
    yield search.by_coverage(root / "search", seconds=SEARCH_SECONDS)
    yield repeat.in_steps(root / "steps")
    yield repeat.in_any_world(root / "worlds")
    yield isolation.without_network(_made(root / "isolated"))
    yield server_faults.at_start(_made(root / "start"))
    yield from server_faults.in_mid_run(_made(root / "mid-run"))
    sweep.settings(sweep.SMALL)
    for offset, name in enumerate(ACTS):
        step = STEPS.get(name, POWER_STEP)

        def lane(numbers: list[int], lane: str, name: str = name) -> Row:
            return sweep.sweep(scene, name, numbers, lane=lane)

        row = sweep.in_lanes(lane, range(1 + offset % step, scene.points + 1, step))
        row.fault = f"{name} at {EVERY[step]} point of {scene.points}"
        yield row
    random_kills = kills.Kills(root / "kills")
    yield sweep.in_lanes(random_kills.sequences, range(SEQUENCES))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def main() -> int:
    """Runs all, prints the table; 1 if a row lost anything."""
    direct.warm()
    start = time.monotonic()
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2e9
    root = Path(tempfile.mkdtemp(prefix="dateline-faults-", dir=memory if roomy else None))
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
    print(f"\n{lost} lost in {time.monotonic() - start:,.0f} s")
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
