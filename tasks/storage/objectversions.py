"""Versions in an object store, which has neither links nor renames but writes an object whole, and on a condition:

    current.json                    the version in force: its number, its parts, and every table's URLs for who loads it
    versions/000012.json            the same of each version kept
    parts/events/5f2c....parquet    the parts, named by their content, never changed again, shared by versions
    lock.json                       who writes (see lease.py)

One write of `current.json` publishes, on the condition that it still is what the writer has seen: of two writers one
wins, and whoever reads it gets the whole old or the whole new list. A reader goes on with the parts on its list, so
those that no version needs any more are kept for GRACE_SECONDS.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import pyarrow as pa
import pyarrow.fs

from tasks.contracts.errors import StoreError
from tasks.storage.folder import in_lanes
from tasks.storage.lease import Lease
from tasks.storage.parquet import damaged, digest_of, encode
from tasks.storage.s3 import S3Folder, arrow_files
from tasks.storage.versions import Draft, Listing, Part, parts_in

CURRENT = "current.json"
GRACE_SECONDS = 86_400.0  # longer than anybody reads a version that is no longer in force


class ObjectVersions:
    """The versions under a prefix."""

    def __init__(self, folder: S3Folder) -> None:
        self._folder = folder
        self._kept = folder.child("versions")
        self._parts = folder.child("parts")
        self._lease = Lease(folder)

    # -- reading

    def numbers(self) -> list[int]:
        """The numbers of the versions kept, ascending."""
        names = (name.removesuffix(".json") for name in self._kept.names())
        return sorted(int(name) for name in names if name.isdecimal())

    def current(self) -> Listing | None:
        """The version that `current.json` lists."""
        try:
            found = self._folder.find(CURRENT)
        except FileNotFoundError:
            return None
        if found.data == NONE:
            return None
        return _listing(found.data, name=self._folder.at(CURRENT), tag=found.tag)

    def load(self, number: int) -> Listing:
        """The version of that number."""
        name = _name(number)
        try:
            data = self._kept.read(name)
        except FileNotFoundError as error:
            raise damaged(self._kept.at(name), "no such version is kept") from error
        return _listing(data, name=self._kept.at(name), tag="")

    def address(self, number: int, part: Part) -> str:
        """The part's URL."""
        return self._parts.at(_key(part))

    def fetch(self, number: int, part: Part) -> bytes:
        """The part's bytes."""
        return self._parts.read(_key(part))

    def arrow_path(self, number: int, part: Part) -> tuple[pyarrow.fs.FileSystem, str]:
        """The part's bucket and key."""
        return arrow_files(), f"{self._parts.bucket}/{self._parts.key(_key(part))}"

    # -- writing

    def make(self, write: Callable[[Draft], Sequence[Part]], *, base: Listing | None) -> int:
        """Writes the parts, then the list of them, then `current.json` if that is still `base`."""
        tag = self._tag_of_none() if base is None else base.tag
        number = 1 + max([0, *self.numbers()])
        parts = sorted(write(ObjectDraft(number, self._parts)), key=lambda p: p.name)
        self._lease.confirm()
        data = self._manifest(number, parts)
        if self._kept.write_if(_name(number), data, tag=None) is None:
            raise self._outrun()
        if base is not None:  # its age counts from when it was replaced
            self._kept.write(_name(base.number), self._manifest(base.number, base.parts))
        try:
            self._put_in_force(data, tag)
        except StoreError:
            self._kept.delete(_name(number))
            raise
        return number

    def publish(self, number: int) -> None:
        """Writes the version's list as `current.json`."""
        data = self._kept.read(_name(number))
        self._lease.confirm()
        self._put_in_force(data, self._tag())

    def forget(self) -> None:
        """Writes that no version is in force."""
        self._lease.confirm()
        self._put_in_force(NONE, self._tag())

    def prune(self, keep: int) -> None:
        """Deletes the lists of the oldest versions beyond `keep`, but of none that was in force a while ago."""
        current = self.current()
        in_force = None if current is None else current.number
        old = [_name(n) for n in self.numbers()[:-keep] if n != in_force]
        self._kept.delete_all(self._past_grace(self._kept, old))

    def sweep(self) -> None:
        """Deletes the parts that no list names: of versions pruned and of writers that did not come to an end."""
        try:
            listings = [self.current(), *in_lanes(self._folder, self.load, self.numbers())]
        except StoreError:  # a list that is damaged may name any of them
            return
        needed = {_key(part) for listing in listings if listing is not None for part in listing.parts}
        self._lease.confirm()
        self._parts.delete_all(self._past_grace(self._parts, set(self._parts.objects()) - needed))

    def _past_grace(self, folder: S3Folder, names: Sequence[str] | set[str]) -> list[str]:
        if not names:
            return []
        end = int((time.time() - GRACE_SECONDS) * 1e9)
        return sorted(n for n, listed in folder.objects().items() if n in names and listed.modified_ns < end)

    def _manifest(self, number: int, parts: Sequence[Part]) -> bytes:
        tables: dict[str, list[str]] = {}
        for part in parts:
            tables.setdefault(part.name.split("/")[0], []).append(self.address(number, part))
        listed = [asdict(part) for part in parts]
        facts = {"version": number, "digest": _digest(number, parts), "tables": tables, "parts": listed}
        return json.dumps(facts, indent=1).encode()

    def _put_in_force(self, data: bytes, tag: str | None) -> None:
        if self._folder.write_if(CURRENT, data, tag=tag) is None:
            raise self._outrun()

    def _tag(self) -> str | None:
        try:
            return self._folder.find(CURRENT).tag
        except FileNotFoundError:
            return None

    def _tag_of_none(self) -> str | None:
        try:
            found = self._folder.find(CURRENT)
        except FileNotFoundError:
            return None
        if found.data != NONE:
            raise self._outrun()
        return found.tag

    def _outrun(self) -> StoreError:
        return StoreError(
            f"{self._folder.at(CURRENT)}: another run has published meanwhile; nothing was published by this one: "
            "run again"
        )

    # -- the lock

    def is_held(self) -> bool:
        """Whether a writer holds the lease."""
        return self._lease.is_held()

    @contextlib.contextmanager
    def lock(self, run: str | None) -> Iterator[str | None]:
        """Holds the lease and renews it until the context ends."""
        with self._lease.hold(run) as dead:
            yield dead


class ObjectDraft:
    """A version in the making: nobody sees its parts before a list names them."""

    def __init__(self, number: int, parts: S3Folder) -> None:
        self.number, self._parts = number, parts

    def write(self, name: str, rows: pa.Table) -> Part:
        """Writes a part, also where one of this content exists: its age then counts from now."""
        data = encode(rows)
        part = Part(name, rows.num_rows, digest_of(data))
        self._parts.write(_key(part), data)
        return part

    def keep(self, part: Part) -> Part:
        """Lists a part that is there."""
        return part


NONE = json.dumps({"version": None, "tables": {}}).encode()
"""What `current.json` holds where no version is in force any more."""


def _name(number: int) -> str:
    return f"{number:06d}.json"


def _key(part: Part) -> str:
    return f"{part.name.split('/')[0]}/{part.digest}.parquet"


def _digest(number: int, parts: Sequence[Part]) -> str:
    return digest_of(json.dumps([number, [asdict(part) for part in parts]]).encode())


def _listing(data: bytes, *, name: str, tag: str) -> Listing:
    """What a list of parts says. Raises StoreError where it is not as it was written."""
    try:
        facts = json.loads(data)
        parts = parts_in(facts)
        if facts["digest"] != _digest(facts["version"], parts):
            raise ValueError("it is not as it was written")
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(name, error) from error
    return Listing(facts["version"], parts, tag)
