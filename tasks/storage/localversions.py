"""Versions in a folder of this machine:

    versions/000012/events/part-00000.parquet ...   a whole set of tables, the ledger among them; never changed again
    current -> versions/000012                      one rename of this link publishes a version
    events -> current/events                        what analysts load
    .lock, .lock.json                               held by the run that writes, and who that is

Parts that stay are hard-linked into the new version. Everything is written and synced before the link is switched.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import pyarrow as pa
import pyarrow.fs

from tasks.contracts.errors import OutputsLocked, StoreError
from tasks.contracts.tables import TABLES
from tasks.storage.parquet import damaged, digest_of, encode
from tasks.storage.versions import Draft, Listing, Part, manifest, read_manifest

LINK = "current"
MANIFEST = "version.json"
LOCK_SECONDS = 0.5  # who only looks whether the lock is held holds it for a moment


class LocalVersions:
    """The versions in the folder at a path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = folder / "versions"

    # -- reading

    def numbers(self) -> list[int]:
        """The numbers of the versions kept, ascending."""
        if not self.kept.is_dir():
            return []
        return sorted(int(f.name) for f in self.kept.iterdir() if f.name.isdecimal())

    def current(self) -> Listing | None:
        """The version that the link leads to."""
        link = self.folder / LINK
        if not link.is_symlink():
            return None
        target = link.readlink()
        if target.parent.name != self.kept.name or not target.name.isdecimal():
            raise StoreError(f"{link}: leads to {target}, no version of these tables; run `dateline repair`")
        return self.load(int(target.name))

    def load(self, number: int) -> Listing:
        """The version of that number."""
        path = self._folder(number) / MANIFEST
        try:
            parts = read_manifest(path.read_bytes())
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged(str(path), error) from error
        return Listing(number, parts)

    def address(self, number: int, part: Part) -> str:
        """The part's path."""
        return str(self._folder(number) / part.name)

    def fetch(self, number: int, part: Part) -> bytes:
        """The part's bytes."""
        return (self._folder(number) / part.name).read_bytes()

    def arrow_path(self, number: int, part: Part) -> tuple[pyarrow.fs.FileSystem, str]:
        """The part's path on this machine."""
        return pyarrow.fs.LocalFileSystem(), self.address(number, part)

    # -- writing

    def make(self, write: Callable[[Draft], Sequence[Part]], *, base: Listing | None) -> int:
        """Makes a version in a hidden folder, gives that its name, switches the link."""
        number = 1 + max([0, *self.numbers()])
        folder = self.kept / f".{number:06d}"
        draft = LocalDraft(number, folder, base=None if base is None else self._folder(base.number))
        parts = sorted(write(draft), key=lambda p: p.name)
        _write_synced(folder / MANIFEST, manifest(parts))
        for name in sorted({p.name.split("/")[0] for p in parts}):
            _sync_folder(folder / name)
        _sync_folder(folder)
        folder.rename(self._folder(number))
        _sync_folder(self.kept)
        _sync_folder(self.folder)
        self.publish(number)
        return number

    def publish(self, number: int) -> None:
        """Switches the link to the version; links that analysts load and that are gone are made anew."""
        _replace_link(self.folder / LINK, f"versions/{number:06d}")
        for name in TABLES:
            link = self.folder / name
            if not link.is_symlink() or str(link.readlink()) != f"{LINK}/{name}":
                _replace_link(link, f"{LINK}/{name}")
        _sync_folder(self.folder)

    def forget(self) -> None:
        """Takes the link away."""
        (self.folder / LINK).unlink(missing_ok=True)

    def prune(self, keep: int) -> None:
        """Deletes the oldest versions beyond `keep`; a reader that has opened a part can read it to its end."""
        current = self.current()
        for number in self.numbers()[:-keep]:
            if current is None or number != current.number:
                hidden = self.kept / f".{number:06d}"  # one rename: a version is never half there
                shutil.rmtree(self._folder(number).rename(hidden))

    def sweep(self) -> None:
        """Removes hidden folders and links of an interrupted commit."""
        for left in [*self.kept.glob(".*"), *self.folder.glob(f".{LINK}*")]:
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()

    def _folder(self, number: int) -> Path:
        return self.kept / f"{number:06d}"

    # -- the lock

    def is_held(self) -> bool:
        """Whether a process holds the lock file."""
        if not self.folder.is_dir():
            return False
        try:
            with filelock.FileLock(self.folder / ".lock", timeout=0):
                return False
        except filelock.Timeout:
            return True

    @contextlib.contextmanager
    def lock(self, run: str | None) -> Iterator[str | None]:
        """Holds the lock file, which the system frees when this process ends, however it ends."""
        holder = self.folder / ".lock.json"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.folder / ".lock", timeout=LOCK_SECONDS)
            with lock:
                dead = left_by(holder)
                since = datetime.now(UTC).isoformat(timespec="seconds")
                note = {"pid": os.getpid(), "since": since, "run": run or dead}
                holder.write_text(json.dumps(note), encoding="utf-8")
                try:
                    yield dead
                finally:
                    if run is not None or dead is None:
                        holder.unlink(missing_ok=True)
        except filelock.Timeout:
            raise OutputsLocked(
                f"{self.folder}: another run is in progress ({_holder(holder)}); try again later"
            ) from None
        except (ConnectionError, TimeoutError):
            raise  # of a server, not of a file
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> StoreError:
        """What the system says, about which path, and how much room there is: a full disk is the commonest cause."""
        path = self.folder if error.filename is None else error.filename
        room = "the folder is gone"
        with contextlib.suppress(OSError):
            room = f"{shutil.disk_usage(self.folder).free / 1e6:,.1f} MB free"
        return StoreError(
            f"{path}: {error.strerror or error} ({room} in {self.folder}); what was published stays: make room or "
            "mend the permissions, or choose another --outputs, and run again"
        )


class LocalDraft:
    """A version in the making, in a folder of its own; parts of the version at `base` are linked into it."""

    def __init__(self, number: int, folder: Path, *, base: Path | None) -> None:
        self.number, self._folder, self._base = number, folder, base

    def write(self, name: str, rows: pa.Table) -> Part:
        """Writes a part and syncs it."""
        data = encode(rows)
        _write_synced(self._place(name), data)
        return Part(name, rows.num_rows, digest_of(data))

    def keep(self, part: Part) -> Part:
        """Links a part of the version before, or copies it where the file system has no hard links."""
        if self._base is None:
            raise ValueError("there is no version before to keep a part of")
        source, place = self._base / part.name, self._place(part.name)
        try:
            os.link(source, place)
        except OSError:
            shutil.copy2(source, place)
        return part

    def _place(self, name: str) -> Path:
        place = self._folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


def left_by(path: Path) -> str | None:
    """The run that a lock's note names, None where there is no note or it names none."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))["run"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return run if isinstance(run, str) else None


def _holder(path: Path) -> str:
    for _ in range(5):  # the holder writes this file just after it has taken the lock
        with contextlib.suppress(OSError, ValueError):
            facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return f"pid {facts['pid']}, since {facts['since']}"
        time.sleep(0.05)
    return "its process is starting or ending"


def _replace_link(link: Path, target: str) -> None:
    temporary = link.with_name(f".{link.name}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
