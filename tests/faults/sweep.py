"""The sweep: kill, fail or lose power at every point of a run, run again, compare."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.faults import corpus, direct
from tests.faults.points import ERRORS, Act, cut_power, kill, raise_error, watch
from tests.faults.trials import Reader, content, copy_state, in_child, leftovers

SMALL = {"DATELINE_BATCH_ARTICLES": "6", "DATELINE_WAVE_BATCHES": "1", "DATELINE_KEEP_VERSIONS": "4"}
ACTS: dict[str, Act] = {
    "kill": kill,
    **{name: raise_error(name) for name in ERRORS},
    "power lost: data": cut_power(entries=False),
    "power lost: data and names": cut_power(entries=True),
}


@dataclass
class Row:
    """A line of the table: how often a fault was tried, what was lost, what else went wrong."""

    fault: str
    tried: int = 0
    lost: int = 0
    failures: list[str] = field(default_factory=list)
    note: str = ""

    def fail(self, words: str) -> None:
        self.lost += 1
        self.failures.append(words)

    def add(self, other: Row) -> None:
        self.tried += other.tried
        self.lost += other.lost
        self.failures += other.failures


@dataclass(frozen=True)
class Scene:
    """A folder of articles that has changed since its tables were published; `wanted` is what a run must make of it."""

    root: Path
    seeds: Path
    before: Path
    wanted: dict[str, list[str]]
    points: int


def settings(values: dict[str, str]) -> None:
    """Settings for this process and its children."""
    os.environ.update(values)


def prepare(root: Path) -> Scene:
    """Twelve articles published; then three edited, two deleted, eight new, one of them unreadable."""
    settings(SMALL)
    shutil.rmtree(root, ignore_errors=True)
    seeds, before, once = root / "seeds", root / "before", root / "once"
    corpus.write(seeds, range(12))
    direct.run(seeds, before)
    corpus.write(seeds, (1, 4, 7), edition=1)
    corpus.write(seeds, range(12, 20))
    for number in (2, 5):
        next(seeds.rglob(f"{number:05d}.txt")).unlink()
    ended = in_child(lambda: direct.run(seeds, once))
    assert ended.error is None, ended.error
    copy_state(before, root / "count")
    count = in_child(lambda: _run(seeds, root / "count", None, kill))
    assert count.value == "done", count
    wanted = content(once)
    assert content(root / "count") == wanted, "an incremental run differs from one at once"
    return Scene(root, seeds, before, wanted, _count(seeds, root))


def _run(seeds: Path, outputs: Path, at: int | None, act: Act, reads: bool = False) -> str:
    watch(outputs, at=at, act=act, reads=reads)
    direct.run(seeds, outputs)
    return "done"


def _count(seeds: Path, root: Path) -> int:
    copy_state(root / "before", root / "count")

    def count() -> int:
        seen = watch(root / "count")
        direct.run(seeds, root / "count")
        return len(seen.points)

    return int(in_child(count).value)


def sweep(scene: Scene, name: str, numbers: Iterable[int], *, lane: str = "0", reads: bool = False) -> Row:
    """The fault at each of those points; `lost` counts trials after which the tables are not what they must be."""
    row = Row(name)
    outputs = scene.root / f"out-{lane}"
    for number in numbers:
        row.tried += 1
        for problem in trial(scene, outputs, ACTS[name], number, reads=reads):
            row.fail(f"{name} at point {number}: {problem}")
    return row


def trial(scene: Scene, outputs: Path, act: Act, number: int, *, reads: bool = False) -> list[str]:
    """What is wrong after the fault at that point and another run; nothing, if all is right."""
    copy_state(scene.before, outputs)
    reader = Reader(outputs)
    reader.start()
    hurt = in_child(lambda: _run(scene.seeds, outputs, number, act, reads))
    again = in_child(lambda: _run(scene.seeds, outputs, None, act))
    reader.end()
    problems = []
    if hurt.unforeseen:
        problems.append(f"unforeseen: {hurt.error}")
    if hurt.error is not None and str(outputs) not in hurt.error[1]:
        problems.append(f"no path is named: {hurt.error}")
    if again.error is not None:
        problems.append(f"the next run fails: {again.error}")
        return problems
    problems += [f"reader: {e}" for e in reader.errors]
    problems += [f"mixed: {name}" for name in reader.mixtures()]
    try:
        if content(outputs) != scene.wanted:
            problems.append("the tables differ")
    except Exception as error:
        problems.append(f"the tables cannot be read: {error}")
    problems += [f"left behind: {name}" for name in leftovers(outputs)]
    return problems


def in_lanes(work: Any, numbers: Sequence[int], lanes: int = 2) -> Row:
    """The numbers spread over forked processes, and what all of them found."""
    pipes = []
    for lane in range(lanes):
        read, write = os.pipe()
        if os.fork() == 0:
            row = Row("")
            try:
                row = work(numbers[lane::lanes], str(lane))
            except BaseException as error:
                row.fail(f"the harness failed: {type(error).__name__}: {error}")
            with os.fdopen(write, "wb") as pipe:
                pipe.write(json.dumps(asdict(row)).encode())
            os._exit(0)
        os.close(write)
        pipes.append(os.fdopen(read, "rb"))
    total = Row("")
    for pipe in pipes:
        with pipe:
            row = Row(**json.loads(pipe.read()))
        total.fault, total.note = row.fault or total.fault, row.note or total.note
        total.add(row)
        os.wait()
    return total
