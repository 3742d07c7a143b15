"""The sweep: kill, fail or lose power at every point of a run, run again, compare."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from tests.faults import corpus, direct
from tests.faults.points import watch
from tests.faults.stepping import Stepped
from tests.faults.trials import Reader, content, copy_state, in_child, leftovers

SMALL = {"DATELINE_BATCH_ARTICLES": "6", "DATELINE_WAVE_BATCHES": "1", "DATELINE_KEEP_VERSIONS": "4"}


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
    seeds, before, once, count = root / "seeds", root / "before", root / "once", root / "count"
    corpus.write(seeds, range(12))
    direct.run(seeds, before)
    corpus.write(seeds, (1, 4, 7), edition=1)
    corpus.write(seeds, range(12, 20))
    for number in (2, 5):
        next(seeds.rglob(f"{number:05d}.txt")).unlink()
    direct.run(seeds, once)
    wanted = content(once)
    copy_state(before, count)
    direct.run(seeds, count)  # here, so that all forks know what it has to know
    assert content(count) == wanted, "an incremental run differs from one at once"
    copy_state(before, count)
    counted = in_child(lambda: _count(seeds, count))
    assert counted.error is None, counted.error
    return Scene(root, seeds, before, wanted, counted.value)


def _count(seeds: Path, outputs: Path) -> int:
    seen = watch(outputs)
    direct.run(seeds, outputs)
    return len(seen.points)


def sweep(scene: Scene, wanted: Mapping[str, Collection[int]], *, lane: str = "0") -> list[Row]:
    """Each fault at its points; `lost` counts trials after which the tables are not what they must be."""
    rows = {name: Row(name) for name in wanted}
    outputs = scene.root / f"out-{lane}"
    copy_state(scene.before, outputs)
    numbers = sorted(set().union(*wanted.values()))
    reader = Reader()
    run = Stepped(outputs, lambda: direct.run(scene.seeds, outputs) and None)
    for number in numbers:
        for name in (n for n in wanted if number in wanted[n]):
            rows[name].tried += 1
            run.until(number)
            with _as_it_is(outputs):
                for problem in _trial(scene, outputs, run, name, reader):
                    rows[name].fail(f"{name} at point {number}: {problem}")
    run.end()
    reader.close()
    return list(rows.values())


@contextmanager
def _as_it_is(outputs: Path) -> Iterator[None]:
    """Puts a copy of the folder into its place for a while."""
    aside = outputs.with_name(f"aside-{outputs.name}")
    outputs.rename(aside)
    copy_state(aside, outputs)
    yield
    shutil.rmtree(outputs)
    aside.rename(outputs)


def _trial(scene: Scene, outputs: Path, run: Stepped, name: str, reader: Reader) -> list[str]:
    """What is wrong after the fault at the point where the run is, and another run; nothing, if all is right."""
    reader.begin(outputs)
    hurt = run.hurt(name)
    reader.look()
    again = in_child(lambda: direct.run(scene.seeds, outputs) and None)
    problems = reader.end()
    if hurt.unforeseen:
        problems.append(f"unforeseen: {hurt.error}")
    if hurt.error is not None and str(outputs) not in hurt.error[1]:
        problems.append(f"no path is named: {hurt.error}")
    if again.error is not None or again.killed:
        return [*problems, f"the next run fails: {again}"]
    try:
        if content(outputs) != scene.wanted:
            problems.append("the tables differ")
    except Exception as error:
        problems.append(f"the tables cannot be read: {error}")
    return problems + [f"left behind: {name}" for name in leftovers(outputs)]


def in_lanes(work: Callable[[list[int], str], list[Row]], numbers: Sequence[int], lanes: int = 2) -> list[Row]:
    """The numbers spread over forked processes, and what all of them found."""
    found: dict[str, Row] = {}
    for row in side_by_side([partial(work, list(numbers[n::lanes]), str(n)) for n in range(lanes)]):
        if row.fault in found:
            found[row.fault].add(row)
        else:
            found[row.fault] = row
    return list(found.values())


def side_by_side(works: Iterable[Callable[[], list[Row]]]) -> list[Row]:
    """Each in a forked process of its own, and what all of them found, in their order."""
    gc.collect()
    gc.freeze()  # else each fork copies all that there is, just to look through it
    pipes = []
    for number, work in enumerate(works):
        read, write = os.pipe()
        if os.fork() == 0:
            try:
                rows = work()
            except BaseException as error:
                rows = [Row("a part of the harness")]
                rows[0].fail(f"lane {number} failed: {type(error).__name__}: {error}")
            with os.fdopen(write, "wb") as pipe:
                pipe.write(json.dumps([asdict(row) for row in rows]).encode())
            os._exit(0)
        os.close(write)
        pipes.append(os.fdopen(read, "rb"))
    found: list[Row] = []
    for pipe in pipes:
        with pipe:
            found += [Row(**row) for row in json.loads(pipe.read())]
        os.wait()
    return found
