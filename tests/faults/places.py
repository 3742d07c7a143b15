"""Several runs at once, a disk that is full, folders that vanish, files that change under the reader's eyes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tasks.contracts.tables import TABLES
from tasks.store import Store
from tests.faults import corpus, direct
from tests.faults.sweep import Row, Scene
from tests.faults.trials import Ended, content, copy_state, in_child


def _finish(row: Row, scene: Scene, outputs: Path, what: str) -> None:
    ended = in_child(lambda: direct.run(scene.seeds, outputs) and None)
    if ended.error is not None:
        row.fail(f"{what}: the next run fails: {ended.error}")
    elif content(outputs) != scene.wanted:
        row.fail(f"{what}: the tables differ")


def several_at_once(scene: Scene, *, times: int = 4) -> Row:
    """Two and five runs started together: one works, the others end with the lock's message, nothing is doubled."""
    row = Row("two and five runs at once")
    outputs = scene.root / "several"
    for number in range(times):
        row.tried += 1
        copy_state(scene.before, outputs)
        pids = []
        for _ in range(5 if number % 2 else 2):
            pid = os.fork()
            if pid == 0:
                ended = in_child(lambda: direct.run(scene.seeds, outputs) and None)
                refused = ended.error is not None and ended.error[0] == "OutputsLocked"
                os._exit(0 if ended.error is None else 3 if refused else 1)
            pids.append(pid)
        codes = sorted(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids)
        if codes[0] != 0 or 1 in codes:
            row.fail(f"exit codes {codes}")
        _finish(row, scene, outputs, "several at once")
    return row


def stale_lock(scene: Scene) -> Row:
    """A holder is named to whoever comes; when it is killed its lock is free at once."""
    row = Row("lock held, then its holder killed", tried=1)
    outputs = scene.root / "locked"
    copy_state(scene.before, outputs)
    ready, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        with Store(outputs).lock(run="held"):
            os.write(tell, b"x")
            time.sleep(600)
    os.read(ready, 1)
    start = time.monotonic()
    refused = in_child(lambda: direct.run(scene.seeds, outputs) and None)
    seconds = time.monotonic() - start
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    if refused.error is None or f"pid {pid}" not in refused.error[1] or seconds > 2:
        row.fail(f"the holder was not named within 2 s: {refused} after {seconds:.1f} s")
    _finish(row, scene, outputs, "stale lock")
    row.note = f"refused in {seconds:.1f} s"
    return row


def full_disk(scene: Scene) -> Row:
    """A disk of too few kilobytes: a message that names the path and the room; with more room all is done."""
    row = Row("full disk (tmpfs)")
    disk = scene.root / "disk"
    disk.mkdir(exist_ok=True)
    for kilobytes in (64, 200, 350):
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", disk], check=False).returncode:
            row.note = "no right to mount; ENOSPC is injected at every point all the same"
            return row
        try:
            row.tried += 1
            hurt = in_child(lambda: direct.run(scene.seeds, disk / "out") and None)
            if not _told(hurt, "free in"):
                row.fail(f"{kilobytes} kB: {hurt}")
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            _finish(row, scene, disk / "out", f"{kilobytes} kB, then room")
        finally:
            subprocess.run(["umount", disk], check=True)
    return row


def _told(ended: Ended, words: str) -> bool:
    return ended.error is not None and ended.error[2] and words in ended.error[1]


def read_only(scene: Scene) -> Row:
    """Outputs on a read-only disk, as a file, below a file: one sentence, at once."""
    row = Row("outputs read-only, a file, or gone in mid-run")
    disk = scene.root / "readonly"
    disk.mkdir(exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", disk], check=False).returncode == 0:
        row.tried += 1
        try:
            hurt = in_child(lambda: direct.run(scene.seeds, disk / "out") and None)
        finally:
            subprocess.run(["umount", disk], check=True)
        if not _told(hurt, str(disk)):
            row.fail(f"read-only: {hurt}")
    file = scene.root / "a-file"
    file.write_text("x")
    for outputs in (file, file / "below"):
        row.tried += 1
        hurt = in_child(lambda outputs=outputs: direct.run(scene.seeds, outputs) and None)
        if not _told(hurt, str(file)):
            row.fail(f"{outputs}: {hurt}")
    for moment in (0.05, 0.2, 0.5):
        row.tried += 1
        outputs = scene.root / "vanishing"
        copy_state(scene.before, outputs)
        pid = os.fork()
        if pid == 0:
            time.sleep(moment)
            shutil.rmtree(outputs, ignore_errors=True)
            os._exit(0)
        hurt = in_child(lambda outputs=outputs: direct.run(scene.seeds, outputs) and None)
        os.waitpid(pid, 0)
        if hurt.unforeseen:
            row.fail(f"gone in mid-run: {hurt.error}")
        shutil.rmtree(outputs, ignore_errors=True)
        _finish(row, scene, outputs, "gone in mid-run")
    return row


def changing_files(scene: Scene, *, times: int = 6) -> Row:
    """Files are rewritten, deleted and brought back while a run reads them; the run after it has the last state."""
    row = Row("files changed while they are read")
    for number in range(times):
        row.tried += 1
        root = scene.root / f"changing-{number}"
        shutil.rmtree(root, ignore_errors=True)
        corpus.write(root / "seeds", range(40))
        pid = os.fork()
        if pid == 0:
            signal.alarm(60)
            edition = 2
            while True:
                corpus.write(root / "seeds", range(number, 40, 7), edition=edition)
                for path in list((root / "seeds").rglob("*1.txt")):
                    path.unlink()
                edition += 1
                time.sleep(0.005)  # the run has to come to its end beside it
        hurt = in_child(lambda root=root: direct.run(root / "seeds", root / "out") and None)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        corpus.write(root / "seeds", range(40), edition=1)
        after = in_child(lambda root=root: direct.run(root / "seeds", root / "out") and None)
        once = in_child(lambda root=root: direct.run(root / "seeds", root / "once") and None)
        if hurt.unforeseen or after.error or once.error:
            row.fail(f"{hurt.error} {after.error} {once.error}")
        elif _tables(root / "out") != _tables(root / "once"):  # the ledger keeps the time of unchanged bytes
            row.fail("the tables differ from those of the last state")
        shutil.rmtree(root)
    return row


def _tables(outputs: Path) -> dict[str, list[str]]:
    return {name: parts for name, parts in content(outputs).items() if name in TABLES}


def same_size_and_time(scene: Scene) -> Row:
    """An edit that leaves size and time as they were, made right after a run: found by the file's freshness."""
    row = Row("edit with the same size and time, right after a run", tried=1)
    root = scene.root / "racy"
    shutil.rmtree(root, ignore_errors=True)
    path = root / "seeds" / "a.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(corpus.article(1))
    stamp = path.stat().st_mtime_ns
    in_child(lambda: direct.run(root / "seeds", root / "out") and None)
    path.write_bytes(corpus.article(1).replace(b"Edition0", b"Edition9"))
    os.utime(path, ns=(stamp, stamp))
    in_child(lambda: direct.run(root / "seeds", root / "out") and None)
    if "Edition9" not in Store(root / "out").read("articles")["text"][0].as_py():
        row.fail("the edit was not seen")
    return row
