"""Damaged tables: every flipped bit, cut or missing part is found and named; repair makes them what they were."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from tasks.repair import repair
from tasks.store import Store
from tests.faults import direct
from tests.faults.sweep import Row, Scene
from tests.faults.trials import content, copy_state, in_child


def _flip(path: Path, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)


def find_flipped_bits(scene: Scene, *, each: int) -> Row:
    """So many bits of every part and of the list of parts, one at a time."""
    row = Row("a bit flipped in a part or the list of parts")
    outputs = scene.root / "flipped"
    copy_state(scene.root / "once", outputs)
    store = Store(outputs)
    version = store.current()
    assert version is not None
    chance = random.Random(1)
    for name in [*(p.name for p in version.parts), "version.json"]:
        path = outputs / "current" / name
        whole = path.read_bytes()
        for bit in chance.sample(range(len(whole) * 8), min(each, len(whole) * 8)):
            _flip(path, bit)
            row.tried += 1
            try:
                damaged = [p.name for p in store.version(version.number).parts if not version.intact(p)]
            except Exception as error:
                damaged = [str(error)]
            if not any(name in words for words in damaged):
                row.fail(f"{name}: bit {bit} was not found ({damaged})")
            path.write_bytes(whole)
    return row


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "flipped": lambda path: _flip(path, path.stat().st_size * 4),
    "cut in half": _cut,
    "emptied": lambda path: path.write_bytes(b"") and None,
    "deleted": Path.unlink,
    "random bytes": lambda path: path.write_bytes(random.Random(2).randbytes(4_000)) and None,
}


def repair_damage(scene: Scene) -> Row:
    """Each damage to each part: `repair` names it, the run after it makes the tables what they were."""
    row = Row("a part or the list of parts damaged, then `dateline repair`")
    outputs = scene.root / "damaged"
    for number, (kind, damage) in enumerate(DAMAGES.items()):
        version = Store(scene.root / "once").current()
        assert version is not None
        names = [*(p.name for p in version.parts), "version.json"]
        for name in names[number % 2 :: 2]:
            row.tried += 1
            copy_state(scene.root / "once", outputs)
            damage(outputs / "current" / name)

            def mend() -> list[str]:
                store = Store(outputs)
                with store.lock():
                    store.begin(rebuild=False)
                    found = repair(store, keep=10)
                direct.run(scene.seeds, outputs)
                return list(found.damaged)

            ended = in_child(mend)
            if ended.error is not None or not any(name in words for words in ended.value):
                row.fail(f"{name} {kind}: {ended}")
            elif content(outputs) != scene.wanted:
                row.fail(f"{name} {kind}: the tables differ")
    return row


def _break_checks(outputs: Path) -> None:
    for path in (outputs / "data_docs" / "runs").glob("*.json"):
        path.write_bytes(b"\xff{")


def state_lost(scene: Scene) -> Row:
    """Links, lock and work that are gone, foreign or broken: the next run, or repair and a run, puts all right."""
    row = Row("links, lock, work or history of the outputs lost or foreign")

    def foreign_link(outputs: Path) -> None:
        (outputs / "events").unlink()
        (outputs / "events").symlink_to("/etc")

    cases: dict[str, Callable[[Path], object]] = {
        "no current": lambda o: (o / "current").unlink(),
        "no link events": lambda o: (o / "events").unlink(),
        "foreign link events": foreign_link,
        "current points nowhere": lambda o: ((o / "current").unlink(), (o / "current").symlink_to("versions/000099")),
        "current points outside": lambda o: ((o / "current").unlink(), (o / "current").symlink_to("/etc")),
        "no versions": lambda o: shutil.rmtree(o / "versions"),
        "no outputs": lambda o: shutil.rmtree(o),
        "history broken": lambda o: (o / "runs.jsonl").write_bytes(b"\xff{]\n"),
        "checks broken": _break_checks,
        "lock note broken": lambda o: (o / ".lock.json").write_bytes(b"\xff{"),
        "foreign folder in versions": lambda o: (o / "versions" / "notes").mkdir(),
        "foreign file in work": lambda o: ((o / ".work").mkdir(), (o / ".work" / "x").write_text("x")),
    }
    outputs = scene.root / "lost"
    for name, lose in cases.items():
        row.tried += 1
        copy_state(scene.before, outputs)
        lose(outputs)

        def mend() -> str:
            store = Store(outputs)
            with store.lock():
                store.begin(rebuild=False)
                repair(store, keep=10)
            direct.run(scene.seeds, outputs)
            return "done"

        ended = in_child(mend)
        if ended.error is not None:
            row.fail(f"{name}: {ended.error}")
        elif content(outputs) != scene.wanted:
            row.fail(f"{name}: the tables differ")
        elif not (outputs / "events").resolve().is_relative_to(outputs):
            row.fail(f"{name}: outputs/events leads elsewhere")
    return row
