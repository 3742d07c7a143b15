"""Versions of the tables: sets of parts that are never changed again, one of which is in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.fs

from tasks.storage.parquet import digest_of


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a version: its name within the version ('events/part-00000.parquet'), rows and digest."""

    name: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A version's number and its parts, in the order of their names.

    `tag` tells one writing of the list from another, where the storage has such a thing.
    """

    number: int
    parts: tuple[Part, ...]
    tag: str = ""


class Draft(Protocol):
    """A version in the making."""

    number: int

    def write(self, name: str, rows: pa.Table) -> Part:
        """Adds a new part, durably."""

    def keep(self, part: Part) -> Part:
        """Adds a part of the version in force as it is; its bytes are not copied where they need not be."""


class Versions(Protocol):
    """The versions kept in an outputs folder, its lock, and which version is in force.

    All but reading is for the holder of the lock.
    """

    def numbers(self) -> list[int]:
        """The numbers of the versions kept, ascending."""

    def current(self) -> Listing | None:
        """The version in force, None where there is none. Raises StoreError where it cannot be told which it is."""

    def load(self, number: int) -> Listing:
        """A version. Raises StoreError where it is not kept or its list of parts is damaged."""

    def address(self, number: int, part: Part) -> str:
        """The path or URL of a part."""

    def fetch(self, number: int, part: Part) -> bytes:
        """A part's bytes. Raises OSError where it is missing or cannot be read."""

    def arrow_path(self, number: int, part: Part) -> tuple[pyarrow.fs.FileSystem, str]:
        """Where Arrow reads columns of a part."""

    def make(self, write: Callable[[Draft], Sequence[Part]], *, base: Listing | None) -> int:
        """Makes a version of the parts that `write` adds and puts it in force, by one atomic step, or changes nothing.

        `base` is the version in force; its parts may be kept. Gives the new version's number.
        """

    def publish(self, number: int) -> None:
        """Puts a version that is kept in force."""

    def forget(self) -> None:
        """Puts no version in force; those kept stay."""

    def prune(self, keep: int) -> None:
        """Deletes the oldest versions beyond `keep`, never the one in force."""

    def sweep(self) -> None:
        """Clears what an interrupted writer left behind."""

    def is_held(self) -> bool:
        """Whether a writer holds the lock at this moment."""

    def lock(self, run: str | None) -> AbstractContextManager[str | None]:
        """See `Store.lock`."""


def manifest(parts: Sequence[Part]) -> bytes:
    """A version's list of parts with a digest of its own: a flipped bit in it is found, too."""
    listed = [asdict(part) for part in parts]
    return json.dumps({"parts": listed, "digest": _digest(listed)}, indent=1).encode()


def read_manifest(data: bytes) -> tuple[Part, ...]:
    """The parts that a manifest lists. Raises ValueError, KeyError or TypeError where it is not as it was written."""
    facts = json.loads(data)
    if facts["digest"] != _digest(facts["parts"]):
        raise ValueError("it is not as it was written")
    return parts_in(facts)


def parts_in(facts: Mapping[str, Any]) -> tuple[Part, ...]:
    """The `parts` of these facts. Raises KeyError or TypeError where there are none."""
    return tuple(Part(p["name"], p["rows"], p["digest"]) for p in facts["parts"])


def _digest(listed: Sequence[Mapping[str, Any]]) -> str:
    return digest_of(json.dumps(listed).encode())
