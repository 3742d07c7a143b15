"""`make faults`: every fault, many times, and one table at the end. Exits with 1 if anything was lost."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
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
from tests.faults.points import ACTS, ERRORS
from tests.faults.sweep import Row, Scene

SEQUENCES = 200
MUTATED = 10_000
SEARCH_SECONDS = 20
STEPS = dict.fromkeys(ACTS, 4) | dict.fromkeys(("kill", *ERRORS), 1) | dict.fromkeys(("EROFS", "EDQUOT"), 20)
EVERY = {1: "every", 4: "every fourth", 20: "every 20th"}


def rows(root: Path) -> Iterator[Row]:
    """Every part of the harness, one after the other."""
    scene = sweep.prepare(root / "scene")
    parts: tuple[Callable[[Scene], Row], ...] = (
        places.several_at_once,
        places.stale_lock,
        places.full_disk,
        places.read_only,
        places.same_size_and_time,
        damage.state_lost,
    )
    for part in parts:
        yield part(scene)
    yield damage.find_flipped_bits(scene, each=60)
    wanted = {name: range(1 + n % step, scene.points + 1, step) for n, (name, step) in enumerate(STEPS.items())}

    def lane(numbers: list[int], lane: str) -> list[Row]:
        mine = set(numbers)
        return sweep.sweep(scene, {name: mine.intersection(points) for name, points in wanted.items()}, lane=lane)

    for row in sweep.in_lanes(lane, range(1, scene.points + 1)):
        row.fault = f"{row.fault} at {EVERY[STEPS[row.fault]]} point of {scene.points}"
        yield row
    yield patterns.find_slow()
    yield mutants.catch(scene)
    yield from sweep.side_by_side([lambda: [outlets.all_outlets(root / "outlets")]])  # DuckDB speaks at its exit
    yield from sweep.in_lanes(lambda numbers, lane: [fuzz.mutated(numbers, lane)], range(MUTATED))
    yield search.by_coverage(root / "search", seconds=SEARCH_SECONDS)
    yield repeat.in_any_world(root / "worlds")
    yield from sweep.side_by_side((partial(_with_waits, root), partial(_on_one_core, scene, root)))
    yield server_faults.at_start(_made(root / "start"))  # these tell seconds: nothing else runs beside them
    yield from server_faults.in_mid_run(_made(root / "mid-run"))
    yield from sweep.in_lanes(kills.Kills(root / "kills").sequences, range(SEQUENCES))


def _with_waits(root: Path) -> list[Row]:
    return [
        isolation.without_network(_made(root / "isolated"), with_network=root / "worlds" / repeat.PLAIN / "out"),
        worker_faults.whole_runs(root / "workers"),
    ]


def _on_one_core(scene: Scene, root: Path) -> list[Row]:
    return [
        places.changing_files(scene),
        damage.repair_damage(scene),
        repeat.in_steps(root / "steps"),
        hostile_run.run_all(root / "hostile"),
        kills.work_again(root / "again"),
    ]


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
    print(f"\n{lost} lost in {time.monotonic() - start:,.0f} s, {_processor():,.0f} s of processors")
    return 1 if lost else 0


def _timed(found: Iterator[Row]) -> Iterator[Row]:
    start, before = time.monotonic(), _processor()
    for row in found:
        seconds, processor = time.monotonic() - start, _processor() - before
        if seconds >= 0.5:  # rows that were found together come at once: the first tells the time of all
            row.note = "; ".join(filter(None, (row.note, f"{seconds:.0f} s, {processor:.0f} s of processors")))
        yield row
        start, before = time.monotonic(), _processor()


def _processor() -> float:
    return sum(os.times()[:4])  # of this process and of those that it has waited for


if __name__ == "__main__":
    sys.exit(main())
