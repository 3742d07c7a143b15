"""Folders: files by name under one address, wherever that is. The only place that tells one kind from another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from tasks.contracts.codes import RejectReason
from tasks.contracts.errors import UsageFault
from tasks.storage.versions import Versions

T = TypeVar("T")
R = TypeVar("R")


FRESH = "~"  # first character of a stamp that may hide an edit within the file system's own time step


class RefusedFile(Exception):
    """An input that is not read, and why."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class Folder(Protocol):
    """Files under one address. Names are relative, with '/' between their parts.

    What the system or the network refuses is an OSError that names the path (files) or a StoreError (objects).
    """

    lanes: int
    """How many files are worth asking for at once."""

    @property
    def path(self) -> Path | None:
        """Its path, where other programs of this machine can open it."""

    @property
    def address(self) -> str:
        """The path as given, or the URL."""

    @property
    def name(self) -> str:
        """The last part of the address."""

    def absolute(self) -> Folder:
        """The same folder, for processes with another working folder."""

    def child(self, name: str) -> Folder:
        """The folder of that name in it; it need not exist."""

    def at(self, name: str) -> str:
        """The address of a file in it."""

    def loading(self, table: str) -> str:
        """What to enter to load a table kept in it."""

    def is_there(self) -> bool:
        """Whether it exists; a prefix of an object store does as soon as something lies under it."""

    def exists(self, name: str) -> bool:
        """Whether it has a file of that name."""

    def read(self, name: str) -> bytes:
        """The file's bytes. Raises FileNotFoundError where there is none."""

    def read_all(self, names: Sequence[str]) -> list[bytes]:
        """The bytes of those files."""

    def write(self, name: str, data: bytes, *, durable: bool = False) -> None:
        """Writes the file whole or not at all; with `durable` its bytes outlive a loss of power."""

    def delete(self, name: str) -> None:
        """Deletes the file, if there is one."""

    def names(self) -> list[str]:
        """The names of the files that lie directly in it, sorted; none where it does not exist."""

    def clear(self) -> None:
        """Deletes everything in it."""

    def walk(self, skip: Callable[[str], bool], *, fresh_ns: int) -> dict[str, str]:
        """Every file below it with its stamp, links and pipes included, but for what `skip` says of a name.

        A stamp differs after an edit; it has FRESH before it where the file was modified after `fresh_ns`
        (nanoseconds since 1970) and an edit may go unseen.
        """

    def read_input(self, name: str, *, stamp: str, limit: int) -> bytes:
        """The bytes of a file as it was listed with that stamp.

        Raises RefusedFile where it is no plain file, has more than `limit` bytes or was changed since, and
        FileNotFoundError where it is gone.
        """

    def versions(self) -> Versions:
        """The versions of tables kept in it."""


Address = str | Path | Folder
"""What names a folder: a path, a URL, or the folder itself."""


def open_folder(address: Address) -> Folder:
    """The folder at a path or URL. Raises UsageFault for a URL of a kind that is not known."""
    if not isinstance(address, str | Path):
        return address
    scheme, separator, _ = str(address).partition("://")
    if not separator:
        from tasks.storage.local import LocalFolder

        return LocalFolder(Path(address))
    if scheme == "s3":
        from tasks.storage.s3 import S3Folder  # its library is an extra

        return S3Folder.of(str(address))
    raise UsageFault(f"{address}: write a folder as a path or as s3://bucket/prefix; {scheme}:// is not known")


def path_of(address: Address, *, what: str) -> Path:
    """The folder's path. Raises UsageFault, saying `what` needs one, where it is not on this machine."""
    folder = open_folder(address)
    if folder.path is None:
        raise UsageFault(f"{folder.address}: {what} needs a folder on this machine")
    return folder.path


def read_at(address: str) -> bytes:
    """The bytes of a file by its own address. Raises FileNotFoundError where there is none."""
    folder, _, name = address.rpartition("/")
    return open_folder(folder).read(name)


def in_lanes(folder: Folder, call: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What `call` gives for each item, in order; several at once where the folder is far away."""
    if folder.lanes == 1:
        yield from map(call, items)
        return
    with ThreadPoolExecutor(folder.lanes) as pool:
        yield from pool.map(call, items)
