"""Every point at which a process touches an outputs folder, and what can be made to happen there.

Python's audit events name each open, rename, link, mkdir and removal before it is done; `os.fsync` is patched for
itself. A point is counted where its path lies in the folder watched; the N-th can be made to kill the process, to
raise an error of the system, or to take the power away: then what was not synced is gone as well.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHANGES = {"os.rename": 1, "os.link": 1, "os.symlink": 1, "os.mkdir": 0, "os.remove": 0, "os.rmdir": 0}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ERRORS = ("ENOSPC", "EIO", "EACCES", "EMFILE", "EROFS", "EDQUOT")
Act = Callable[["Watch"], None]


@dataclass
class Watch:
    """What was done in the folder so far; `act` is called before the point number `at` takes place."""

    folder: str
    at: int | None
    act: Act
    points: list[str] = field(default_factory=list)
    unsynced: set[str] = field(default_factory=set)  # files whose bytes may be lost
    unlisted: dict[str, str] = field(default_factory=dict)  # new entries whose folder was not synced: path, kind

    def see(self, kind: str, path: str) -> None:
        """Counts a point and acts if it is the one."""
        self.points.append(f"{kind} {path[len(self.folder) :]}")
        if len(self.points) == self.at:
            self.act(self)


def watch(folder: Path, *, at: int | None = None, act: Act = lambda _: None) -> Watch:
    """Watches from now on, for the rest of the process's life: for a child that was forked for one trial."""
    seen = Watch(str(folder), at, act)
    shutil._use_fd_functions = False  # type: ignore[attr-defined]  # removals by path, which the events then name

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            writing = isinstance(flags, int) and flags & WRITING
            if writing and isinstance(path, str | os.PathLike) and _within(seen, path):
                seen.see("open", os.fspath(path))
                seen.unsynced.add(os.fspath(path))
                if not os.path.lexists(path):
                    seen.unlisted[os.fspath(path)] = "file"
        elif event in CHANGES:
            path = os.fspath(args[CHANGES[event]])
            if _within(seen, path):
                seen.see(event, path)
                _note(seen, event, os.fspath(args[0]), path)

    really_sync = os.fsync

    def fsync(handle: int) -> None:
        path = os.readlink(f"/proc/self/fd/{handle}")
        if path.startswith(seen.folder):
            seen.see("fsync", path)
            if SYNCS_COUNT:
                seen.unsynced.discard(path)
                for entry in [e for e in seen.unlisted if os.path.dirname(e) == path]:
                    del seen.unlisted[entry]
        really_sync(handle) if SYNCS_REACH_THE_DISK else None

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(hook)
    return seen


SYNCS_COUNT = True  # False: the harness is tried against code that does not sync
SYNCS_REACH_THE_DISK = False  # the trials' own disk loses no power; counting is enough, and faster


def kill(_: Watch) -> None:
    """SIGKILL, as the system does it."""
    os.kill(os.getpid(), signal.SIGKILL)


def raise_error(name: str) -> Act:
    """An error of the system at this point, once."""

    def act(seen: Watch) -> None:
        code = getattr(errno, name)
        raise OSError(code, os.strerror(code), seen.folder + seen.points[-1].split(" ", 1)[1])

    return act


def cut_power(*, entries: bool) -> Act:
    """The process ends and unsynced bytes are gone; with `entries` also new names whose folder was not synced."""

    def act(seen: Watch) -> None:
        pid = os.fork()  # the hook is inherited; its next points are past `at`
        if pid == 0:
            return_code = 0
            try:
                for path in seen.unsynced:
                    if os.path.isfile(path) and not os.path.islink(path):
                        os.truncate(path, 0)
                for path, kind in reversed(list(seen.unlisted.items())) if entries else ():
                    if not os.path.lexists(path):
                        continue
                    if kind == "folder":
                        shutil.rmtree(path)
                    else:
                        os.unlink(path)
            except BaseException:
                return_code = 1
            os._exit(return_code)
        _, status = os.waitpid(pid, 0)
        assert status == 0, "the harness could not take the power away"
        kill(seen)

    return act


ACTS: dict[str, Act] = {
    "kill": kill,
    **{name: raise_error(name) for name in ERRORS},
    "power lost: data": cut_power(entries=False),
    "power lost: data and names": cut_power(entries=True),
}


def _within(seen: Watch, path: Any) -> bool:
    name = os.fspath(path)
    return isinstance(name, str) and name.startswith(seen.folder)


def _note(seen: Watch, event: str, source: str, path: str) -> None:
    if event == "os.rename":
        for pending in (seen.unsynced, seen.unlisted):
            for entry in [e for e in pending if e == source or e.startswith(f"{source}/")]:
                moved = path + entry[len(source) :]
                if isinstance(pending, set):
                    pending.discard(entry)
                    pending.add(moved)
                else:
                    kind = pending.pop(entry)
                    if entry != source:
                        pending[moved] = kind
        if not os.path.lexists(path):
            seen.unlisted[path] = "folder" if os.path.isdir(source) else "file"
    elif event in ("os.link", "os.symlink"):
        seen.unlisted[path] = "file"
    elif event == "os.mkdir":
        if os.path.lexists(path):
            return
        seen.unlisted[path] = "folder"
    else:
        seen.unsynced.discard(path)
        seen.unlisted.pop(path, None)
