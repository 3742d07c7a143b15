"""The harness is tried itself: faults planted in the code, each of which it has to catch."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tasks.ingest
import tasks.publish
import tasks.scan
import tasks.storage.localversions
from tasks.nlp import model as nlp_model
from tasks.storage.localversions import LocalVersions
from tasks.store import Change, Store, Version
from tests.faults import damage, direct, places, points
from tests.faults.sweep import Row, Scene, in_lanes, sweep
from tests.faults.trials import content, copy_state, in_child

MUST_BE_CAUGHT = 9
TOGETHER = 8  # points to which one run leads


def catch(scene: Scene) -> Row:
    """`lost` is 0 where at least nine of ten planted faults are caught."""

    def lane(numbers: list[int], _: str) -> list[Row]:
        row = Row("faults planted in the code (must be caught)")
        for name in (list(MUTANTS)[n] for n in numbers):
            row.tried += 1
            if not _caught(scene, *MUTANTS[name]):
                row.fail(name)
        return [row]

    [row] = in_lanes(lane, range(len(MUTANTS)))
    missed, row.failures = row.failures, []
    row.note = f"{row.tried - row.lost} of {row.tried} caught" + (f", missed: {', '.join(missed)}" if missed else "")
    row.lost = 0
    if row.tried - len(missed) < MUST_BE_CAUGHT:
        row.fail(row.note)
    return row


def _caught(scene: Scene, plant: Plant, seek: Seek) -> bool:
    def attempt() -> bool:
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            return seek(scene)

    ended = in_child(attempt, seconds=300)
    return ended.error is not None or bool(ended.value)


Plant = Callable[[pytest.MonkeyPatch], None]
Seek = Callable[[Scene], bool]


def _sweep(name: str) -> Seek:
    """Backwards from the end, where the switch is, a few points at a time, until one shows the fault."""

    def seek(scene: Scene) -> bool:
        ends = range(scene.points, 0, -TOGETHER)
        lane = f"mutant-{os.getpid()}"
        found = (sweep(scene, {name: range(max(1, end - TOGETHER + 1), end + 1)}, lane=lane) for end in ends)
        return any(row.lost for rows in found for row in rows)

    return seek


def _once(scene: Scene) -> bool:
    """Whether a plain incremental run already goes wrong."""
    outputs = scene.root / f"mutant-{os.getpid()}"
    copy_state(scene.before, outputs)
    ended = in_child(lambda: direct.run(scene.seeds, outputs) and None)
    return ended.error is not None or content(outputs) != scene.wanted


def switch_first(patch: pytest.MonkeyPatch) -> None:
    whole = LocalVersions.make

    def make(self: LocalVersions, write: Any, *, base: Any) -> int:
        self.publish(1 + max([0, *self.numbers()]))
        return whole(self, write, base=base)

    patch.setattr(LocalVersions, "current", lambda self: self.load(self.numbers()[-1]) if self.numbers() else None)
    patch.setattr(LocalVersions, "make", make)


def no_sync(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(points, "SYNCS_COUNT", False)


def no_rename(patch: pytest.MonkeyPatch) -> None:
    def replace(link: Path, target: str) -> None:
        link.unlink(missing_ok=True)
        link.symlink_to(target)

    patch.setattr(tasks.storage.localversions, "_replace_link", replace)


def no_lock(patch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def lock(self: Store, *, run: str | None = None) -> Iterator[None]:
        Path(self.folder.address).mkdir(parents=True, exist_ok=True)
        yield None

    patch.setattr(Store, "lock", lock)


def trust_stat(patch: pytest.MonkeyPatch) -> None:
    whole = tasks.scan.list_inputs
    patch.setattr("tasks.run.list_inputs", lambda seeds, **_: whole(seeds, settle_seconds=-1e6))


def no_checksums(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Version, "intact", lambda self, part: True)


def swallow_rejects(patch: pytest.MonkeyPatch) -> None:
    whole = tasks.ingest.read_all

    def read(*args: Any, **kwargs: Any) -> Any:
        found = whole(*args, **kwargs)
        return [f and ([d for d in f[0] if isinstance(d, tasks.ingest.Page)], f[1]) for f in found]

    patch.setattr(tasks.ingest, "read_all", read)


def add_again(patch: pytest.MonkeyPatch) -> None:
    whole = Store.commit

    def commit(self: Store, change: Change, *, keep: int) -> Version:
        return whole(self, Change(removed=frozenset(), added=change.added, derived=change.derived), keep=keep)

    patch.setattr(Store, "commit", commit)


def forget_gone(patch: pytest.MonkeyPatch) -> None:
    whole = tasks.scan.plan_run
    import dataclasses

    patch.setattr("tasks.run.plan_run", lambda *a, **k: dataclasses.replace(whole(*a, **k), gone=()))


def no_guard(patch: pytest.MonkeyPatch) -> None:
    import re

    patch.setattr(nlp_model, "_RUN", re.compile(r"(?!)"))


def _slow_tokens(_: Scene) -> bool:
    import time

    from tasks.contracts.records import Sentence

    text = "(" * 16_000
    sentence = Sentence(article_key="a", sentence_index=0, start=0, end=len(text), text=text)
    nlp = nlp_model.load_model(direct.STUB)
    start = time.process_time()
    nlp_model.tokenize(nlp, text, [sentence])
    return time.process_time() - start > 10 * len(text) / 1e6


MUTANTS: dict[str, tuple[Plant, Seek]] = {
    "the switch before the tables": (switch_first, _sweep("kill")),
    "no fsync": (no_sync, _sweep("power lost: data")),
    "no rename": (no_rename, _sweep("kill")),
    "no lock": (no_lock, lambda scene: places.several_at_once(scene, times=4).lost > 0),
    "size and time trusted": (trust_stat, lambda scene: places.same_size_and_time(scene).lost > 0),
    "no checksums": (no_checksums, lambda scene: damage.find_flipped_bits(scene, each=2).lost > 0),
    "rejects swallowed": (swallow_rejects, _once),
    "rows added again": (add_again, _once),
    "deleted files forgotten": (forget_gone, _once),
    "no guard before the tokenizer": (no_guard, _slow_tokens),
}
