"""Folders of this machine, or of a file system that all machines share."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from tasks.contracts.codes import RejectReason
from tasks.contracts.errors import StoreError
from tasks.storage.folder import FRESH, RefusedFile
from tasks.storage.localversions import LocalVersions
from tasks.storage.versions import Versions


class LocalFolder:
    """A folder by its path."""

    lanes = 1

    def __init__(self, path: Path) -> None:
        self.path: Path = path

    @property
    def address(self) -> str:
        """The path as given."""
        return str(self.path)

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.path.absolute().name

    def absolute(self) -> LocalFolder:
        """The same folder by its absolute path."""
        return LocalFolder(self.path.absolute())

    def child(self, name: str) -> LocalFolder:
        """The folder of that name in it; it need not exist."""
        return LocalFolder(self.path / name)

    def at(self, name: str) -> str:
        """The path of a file in it."""
        return str(self.path / name)

    def loading(self, table: str) -> str:
        """The table's folder, for pandas."""
        return f"pandas.read_parquet('{self.at(table)}')"

    def is_there(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    def exists(self, name: str) -> bool:
        """Whether it has a file of that name."""
        return (self.path / name).exists()

    def read(self, name: str) -> bytes:
        """The file's bytes."""
        return (self.path / name).read_bytes()

    def read_all(self, names: Sequence[str]) -> list[bytes]:
        """The bytes of those files."""
        return [self.read(name) for name in names]

    def write(self, name: str, data: bytes, *, durable: bool = False) -> None:
        """Writes the file whole or not at all: a rename puts it in its place."""
        self.path.mkdir(parents=True, exist_ok=True)
        temporary = self.path / f".{name}.tmp"
        with temporary.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(self.path / name)

    def delete(self, name: str) -> None:
        """Deletes the file, if there is one."""
        (self.path / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """The names of the files in it, sorted."""
        if not self.path.is_dir():
            return []
        return sorted(entry.name for entry in self.path.iterdir() if entry.is_file())

    def clear(self) -> None:
        """Deletes the folder and what is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def walk(self, skip: Callable[[str], bool], *, fresh_ns: int) -> dict[str, str]:
        """Every file below it; links and pipes are listed, never followed or opened."""
        found: dict[str, str] = {}
        _walk(self.path, "", skip, fresh_ns, found)
        return found

    def read_input(self, name: str, *, stamp: str, limit: int) -> bytes:
        """The bytes of a regular file; links are not followed, pipes not waited for.

        A file that was written while it was read is refused, whatever its stamp was when it was listed.
        """
        path = self.path / name
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            raise RefusedFile(
                RejectReason.NOT_REGULAR_FILE, "a link, pipe or device; copy the file itself into the folder"
            )
        if facts.st_size > limit:
            raise RefusedFile(
                RejectReason.TOO_LARGE, f"{facts.st_size:,} bytes; at most {limit:,} (setting max_file_bytes); split it"
            )
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            data = file.read(limit + 1)
            after = os.fstat(handle)
        if len(data) != facts.st_size or after.st_mtime_ns != facts.st_mtime_ns:
            raise RefusedFile(RejectReason.CHANGED_WHILE_READ, "it was being written; the next run reads it again")
        return data

    def versions(self) -> Versions:
        """The versions of tables kept in it."""
        return LocalVersions(self.path)


def _walk(folder: Path, prefix: str, skip: Callable[[str], bool], fresh_ns: int, found: dict[str, str]) -> None:
    folders = []
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # from an open folder no path is followed for each file
        try:
            entries = list(os.scandir(handle))
        except OSError:
            os.close(handle)
            raise
    except OSError as error:
        raise StoreError(f"{folder}: cannot be listed ({error.strerror}); check its permissions") from error
    try:
        for entry in entries:
            name = entry.name
            if skip(name):
                continue
            try:
                facts = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # deleted since the folder was listed
                continue
            if stat.S_ISDIR(facts.st_mode):
                folders.append(name)
                continue
            modified = facts.st_mtime_ns
            stamp = f"{facts.st_size}:{modified}"
            found[prefix + name] = f"{FRESH}{stamp}" if modified > fresh_ns else stamp
    finally:
        os.close(handle)
    for name in folders:
        _walk(folder / name, f"{prefix}{name}/", skip, fresh_ns, found)
