"""The only reader and writer of Parquet, of the ledger and of versions.

The outputs folder:

    versions/000012/events/part-00000.parquet ...   a whole set of tables, the ledger among them; never changed again
    current -> versions/000012                      one rename of this link publishes a version
    events -> current/events                        what analysts load
    .work/                                          what the stages of a run hand each other
    .lock, .lock.json                               held by the run that writes, and who that is

Rows live in segments: segment k holds the rows of up to SEGMENT_FILES input files, one part a table, so that a commit
rewrites the segments it touches and links the others. A commit changes the content of at most one part name a table,
or adds names only; a reader that listed a folder before the switch and opens its parts after it therefore reads
the whole old or the whole new set. Where several segments have to change at once, the new parts get new names: such a
reader then fails loudly (file not found) and reads again, and never mixes two versions.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.contracts.errors import Fault
from tasks.contracts.ledger import FINGERPRINTS, LEDGER
from tasks.contracts.refs import Ref
from tasks.contracts.tables import BY_FILE, DERIVED, TABLES, Table

SEGMENT_FILES = 2_000  # about 20 MB of Parquet over all tables: rewritten in 0.3 s, 50 parts a table at 100,000 files
SEGMENTED: dict[str, Table] = {t.name: t for t in (*BY_FILE, LEDGER, FINGERPRINTS)}
STORED: dict[str, Table] = SEGMENTED | {t.name: t for t in DERIVED}
LINK = "current"
LOCK_SECONDS = 0.5  # who only looks whether the lock is held holds it for a moment


class StoreError(Fault):
    """The outputs folder cannot be used as it is; the message names the path, what is wrong and what to do."""


class OutputsLocked(StoreError):
    """Another run writes into the outputs folder at this moment."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a version: its name within the version ('events/part-00000.parquet'), rows and digest."""

    name: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Version:
    """A published set of tables."""

    number: int
    folder: Path
    parts: tuple[Part, ...]
    digest: str

    def read(self, table: str, columns: Sequence[str] | None = None, segments: Iterable[int] | None = None) -> pa.Table:
        """The table's rows in the order of its segments, all or those of the segments given.

        Raises StoreError naming the part that is not what was written. With `columns`, pages are checked against
        their checksums; without, the whole file against its digest, which its headers are covered by, too.
        """
        schema = STORED[table].schema
        if columns is not None:
            schema = pa.schema([schema.field(c) for c in columns])
        wanted = None if segments is None else set(segments)
        tables = [schema.empty_table()]
        for part in self.parts:
            if part.name.startswith(f"{table}/") and (wanted is None or segment_of(part.name) in wanted):
                if columns is None and not self.intact(part):
                    raise StoreError(f"{self.folder / part.name}: damaged or missing; run `dateline repair`")
                tables.append(read_parquet(self.folder / part.name, columns).cast(schema))
        return pa.concat_tables(tables)

    def intact(self, part: Part) -> bool:
        """Whether the part is byte for byte what was written."""
        try:
            return digest_of(self.folder / part.name) == part.digest
        except OSError:
            return False

    def segments(self) -> list[int]:
        """The numbers of its segments, ascending."""
        return sorted({segment_of(p.name) for p in self.parts if p.name.startswith(f"{LEDGER.name}/")})

    def rows(self, table: str) -> int:
        """How many rows the table has."""
        return sum(p.rows for p in self.parts if p.name.startswith(f"{table}/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a commit does: the rows of the files in `removed` go, the rows in `added` come (table name: rows).

    `derived` are the tables made from all the others; None leaves them as they are.
    """

    removed: frozenset[str]
    added: Mapping[str, pa.Table]
    derived: Mapping[str, pa.Table] | None = None


def segment_of(part_name: str) -> int:
    """The segment number in a part's name: 'events/part-00003.parquet' or 'events/part-00003-000017.parquet'."""
    return int(Path(part_name).stem.split("-")[1])


def digest_of(path: Path) -> str:
    """BLAKE2b of the file's bytes, 32 hex characters."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def write_parquet(table: pa.Table, path: Path) -> None:
    """Writes the table durably: when this returns, the bytes are on disk; page checksums are on."""
    with path.open("wb") as file:
        pq.write_table(
            table, file, compression="zstd", compression_level=3, row_group_size=131_072, write_page_checksum=True
        )
        file.flush()
        os.fsync(file.fileno())


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """The file's rows, every page checked against its checksum.

    Raises StoreError naming the file where it is missing, truncated or damaged.
    """
    try:
        table: pa.Table = pq.ParquetFile(path, page_checksum_verification=True).read(
            columns=list(columns) if columns is not None else None
        )
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path}: damaged or missing ({error}); run `dateline repair`") from error
    return table


def write_ref(table: Table, rows: pa.Table, path: Path) -> Ref:
    """Writes rows of `table` where the next stage reads them, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    write_parquet(table.check(rows), temporary)
    ref = Ref(table=table.name, path=str(path), rows=rows.num_rows, digest=digest_of(temporary))
    temporary.replace(path)
    return ref


def read_ref(ref: Ref) -> pa.Table:
    """The rows that a reference points to; StoreError where they are not what was written."""
    path = Path(ref.path)
    if not path.exists() or digest_of(path) != ref.digest:
        raise StoreError(f"{path}: not the file that the stage before has written; run again")
    return read_parquet(path)


class Store:
    """An outputs folder: its versions, its lock and its place for work in hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.versions = self.folder / "versions"
        self.work = self.folder / ".work"

    # -- reading

    def current(self) -> Version | None:
        """The published version, None where nothing was published yet.

        Raises StoreError where the link or the version's list of parts is damaged.
        """
        link = self.folder / LINK
        if not link.is_symlink():
            return None
        target = link.readlink()
        if target.parent.name != self.versions.name or not target.name.isdecimal():
            raise StoreError(f"{link}: leads to {target}, no version of these tables; run `dateline repair`")
        return self.version(int(target.name))

    def version(self, number: int) -> Version:
        """The version of that number; StoreError where it is not kept (any more) or its list of parts is damaged."""
        folder = self.versions / f"{number:06d}"
        manifest = folder / "version.json"
        try:
            data = manifest.read_bytes()
            parts = tuple(Part(p["name"], p["rows"], p["digest"]) for p in json.loads(data)["parts"])
            if data != _manifest(parts):
                raise ValueError("it is not as it was written")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{manifest}: damaged or missing ({error}); run `dateline repair`") from error
        return Version(number, folder, parts, hashlib.blake2b(data, digest_size=16).hexdigest())

    def numbers(self) -> list[int]:
        """The numbers of the versions kept, ascending."""
        if not self.versions.is_dir():
            return []
        return sorted(int(f.name) for f in self.versions.iterdir() if f.name.isdecimal())

    def read(self, table: str, columns: Sequence[str] | None = None, segments: Iterable[int] | None = None) -> pa.Table:
        """The table's rows in the current version, in the order of its parts; empty where nothing was published."""
        version = self.current()
        if version is None:
            schema = STORED[table].schema
            return pa.schema([schema.field(c) for c in columns or schema.names]).empty_table()
        return version.read(table, columns, segments)

    def rows_of(self, files: Sequence[str], tables: Iterable[str]) -> dict[str, pa.Table]:
        """The rows of those input files in the current version, by table."""
        version = self.current()
        if version is None:
            return {name: STORED[name].schema.empty_table() for name in tables}
        wanted = set(files)
        mine = [s for s in version.segments() if _holds(version.read(LEDGER.name, segments=[s]), wanted)]
        whole = {name: self.read(name, segments=mine) for name in {*tables, "articles"}}
        found = _rows_of(whole, wanted)
        return {name: found[name].combine_chunks() for name in tables}

    # -- writing

    def is_held(self) -> bool:
        """Whether a writer holds the outputs folder at this moment."""
        if not self.folder.is_dir():
            return False
        try:
            with filelock.FileLock(self.folder / ".lock", timeout=0):
                return False
        except filelock.Timeout:
            return True

    @contextlib.contextmanager
    def lock(self, *, run: str | None = None) -> Iterator[str | None]:
        """Holds the outputs folder for one writer; freed by the system when its process ends, however it ends.

        Gives the `run` of a writer before that ended without letting go, None where there was none; it stays on record
        until a writer with a `run` of its own has been told.
        Raises OutputsLocked within a second where another run holds it, StoreError where the folder cannot be written,
        then or by what is done with the lock held: any OSError becomes one that names the path and the room left.
        """
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

    def begin(self, *, rebuild: bool) -> None:
        """Clears what an interrupted commit left behind; to be called with the lock held.

        A rebuild takes nothing from a version that is damaged.
        """
        if rebuild and self._damaged():
            self.forget()
        for left in [*self.versions.glob(".*"), *self.folder.glob(f".{LINK}*")]:
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()

    def _damaged(self) -> bool:
        try:
            version = self.current()
            return version is not None and not all(version.intact(p) for p in version.parts)
        except (StoreError, OSError, ValueError):
            return True

    def commit(self, change: Change, *, keep: int) -> Version:
        """Publishes a new version: the old one without the removed files' rows and with the added ones.

        Everything is written and synced before one rename switches `current`. Old versions beyond `keep` are deleted.
        """
        old = self.current()

        def write(folder: Path, number: int) -> list[Part]:
            return [*self._write_segments(folder, number, old, change), *_write_derived(folder, old, change)]

        return self._switch_to(write, keep=keep)

    def drop_segments(self, segments: Iterable[int], *, keep: int) -> Version:
        """Publishes a version without the rows of those segments; the derived tables are empty until the next commit.

        The files of those segments are in no ledger any more: a run processes them as new.
        """
        old = self.current()
        gone = set(segments)

        def write(folder: Path, _: int) -> list[Part]:
            kept = [] if old is None else [p for p in old.parts if p.name.split("/")[0] in SEGMENTED]
            parts = [_link(old, p, folder) for p in kept if old and segment_of(p.name) not in gone]
            if not parts:
                parts = [
                    _write_part(folder, t, f"{n}/part-00000.parquet", t.schema.empty_table())
                    for n, t in SEGMENTED.items()
                ]
            return [*parts, *_write_derived(folder, None, Change(removed=frozenset(), added={}))]

        return self._switch_to(write, keep=keep)

    def forget(self) -> None:
        """Takes the published version away: the next run starts from nothing. Its folder stays among the versions."""
        (self.folder / LINK).unlink(missing_ok=True)

    def _switch_to(self, write: Callable[[Path, int], list[Part]], *, keep: int) -> Version:
        number = 1 + max([0, *self.numbers()])
        folder = self.versions / f".{number:06d}"
        for name in STORED:
            (folder / name).mkdir(parents=True)
        parts = sorted(write(folder, number), key=lambda p: p.name)
        _write_synced(folder / "version.json", _manifest(parts))
        for name in STORED:
            _sync_folder(folder / name)
        _sync_folder(folder)
        final = self.versions / f"{number:06d}"
        folder.rename(final)
        _sync_folder(self.versions)
        _sync_folder(self.folder)
        self._publish(number)
        self._prune(keep)
        return self.version(number)

    def restore(self, number: int) -> Version:
        """Makes a kept version the current one again; StoreError where a part of it is not as it was written."""
        version = self.version(number)
        for part in version.parts:
            if not version.intact(part):
                raise StoreError(f"{version.folder / part.name}: damaged or missing; restore another version")
        self._publish(number)
        return version

    def _publish(self, number: int) -> None:
        _replace_link(self.folder / LINK, f"versions/{number:06d}")
        for name in TABLES:
            link = self.folder / name
            if not link.is_symlink() or str(link.readlink()) != f"{LINK}/{name}":
                _replace_link(link, f"{LINK}/{name}")
        _sync_folder(self.folder)

    def _prune(self, keep: int) -> None:
        current = self.current()
        for number in self.numbers()[:-keep]:
            if current is None or number != current.number:
                hidden = self.versions / f".{number:06d}"  # one rename: a version is never half there
                shutil.rmtree((self.versions / f"{number:06d}").rename(hidden))

    def _write_segments(self, folder: Path, number: int, old: Version | None, change: Change) -> list[Part]:
        ledgers = {} if old is None else {s: old.read(LEDGER.name, segments=[s]) for s in old.segments()}
        touched = {s for s, rows in ledgers.items() if _holds(rows, change.removed)}
        groups = _assign(change, ledgers, touched)
        changing = {s for s in groups if s in ledgers}
        suffix = f"-{number:06d}" if len(changing) > 1 else ""
        parts = []
        for segment in sorted(set(ledgers) | set(groups)):
            if segment not in groups and old is not None:
                parts += [_link(old, p, folder) for p in old.parts if _is_of(p, segment)]
                continue
            kept = {} if old is None or segment not in ledgers else _without(old, segment, change.removed)
            for name, table in SEGMENTED.items():
                rows = [t for t in (kept.get(name), groups[segment].get(name)) if t is not None]
                merged = table.sort(pa.concat_tables([table.schema.empty_table(), *rows]).combine_chunks())
                part = f"{name}/part-{segment:05d}{suffix if segment in changing else ''}.parquet"
                parts.append(_write_part(folder, table, part, merged))
        return parts


def _write_derived(folder: Path, old: Version | None, change: Change) -> list[Part]:
    """The parts of the derived tables: written anew, linked from the old version, or empty in the first one."""
    if change.derived is None and old is not None:
        return [_link(old, p, folder) for p in old.parts if p.name.split("/")[0] not in SEGMENTED]
    parts = []
    for table in DERIVED:
        rows = table.schema.empty_table() if change.derived is None else change.derived[table.name]
        name = f"{table.name}/part-00000.parquet"
        parts.append(_write_part(folder, table, name, rows))
    return parts


def _write_part(folder: Path, table: Table, name: str, rows: pa.Table) -> Part:
    write_parquet(table.check(rows), folder / name)
    return Part(name, rows.num_rows, digest_of(folder / name))


def _is_of(part: Part, segment: int) -> bool:
    return part.name.split("/")[0] in SEGMENTED and segment_of(part.name) == segment


def _assign(change: Change, ledgers: Mapping[int, pa.Table], touched: set[int]) -> dict[int, dict[str, pa.Table]]:
    """Which rows are added to which segment; every segment that has to be written anew is a key."""
    groups: dict[int, dict[str, pa.Table]] = {s: {} for s in touched}
    files: list[str] = change.added[LEDGER.name]["source_path"].to_pylist()  # type: ignore[assignment]
    if not files:
        return groups or ({} if ledgers else {0: dict(change.added)})
    last = max(ledgers, default=-1)
    sizes = {s: rows.num_rows for s, rows in ledgers.items()}
    only = touched or ({last} if last >= 0 else set())
    if (
        len(only) == 1
        and sizes[home := next(iter(only))] - _count(ledgers[home], change.removed) + len(files) <= SEGMENT_FILES
    ):
        return {home: dict(change.added)}
    for k in range(0, len(files), SEGMENT_FILES):
        groups[last + 1 + k // SEGMENT_FILES] = _rows_of(change.added, set(files[k : k + SEGMENT_FILES]))
    return groups


def _rows_of(tables: Mapping[str, pa.Table], files: set[str]) -> dict[str, pa.Table]:
    keys = _articles_of(tables["articles"], files)
    return {name: rows.filter(_belongs(rows, files, keys)) for name, rows in tables.items()}


def _without(version: Version, segment: int, removed: frozenset[str]) -> dict[str, pa.Table]:
    """A segment's rows without those of the removed files."""
    keys = _articles_of(version.read("articles", segments=[segment]), removed)
    rows = {name: version.read(name, segments=[segment]) for name in SEGMENTED}
    return {name: t.filter(pc.invert(_belongs(t, removed, keys))) for name, t in rows.items()}


def _belongs(rows: pa.Table, files: Iterable[str], keys: Iterable[str]) -> Any:
    by_path = "source_path" in rows.column_names
    values = rows["source_path" if by_path else "article_key"]
    return pc.is_in(values, pa.array(sorted(files if by_path else keys), pa.string()))


def _articles_of(articles: pa.Table, files: Iterable[str]) -> set[str]:
    mine = pc.is_in(articles["source_path"], pa.array(sorted(files), pa.string()))
    return {str(key) for key in articles["article_key"].filter(mine).to_pylist()}


def _holds(ledger: pa.Table, files: Iterable[str]) -> bool:
    return _count(ledger, files) > 0


def _count(ledger: pa.Table, files: Iterable[str]) -> int:
    return ledger.filter(pc.is_in(ledger["source_path"], pa.array(sorted(files), pa.string()))).num_rows


def _link(old: Version, part: Part, folder: Path) -> Part:
    try:
        os.link(old.folder / part.name, folder / part.name)
    except OSError:  # a file system without hard links
        shutil.copy2(old.folder / part.name, folder / part.name)
    return part


def _manifest(parts: Sequence[Part]) -> bytes:
    """A version's list of parts with a digest of its own: a flipped bit in it is found, too."""
    listed = [asdict(part) for part in parts]
    digest = hashlib.blake2b(json.dumps(listed).encode(), digest_size=16).hexdigest()
    return json.dumps({"parts": listed, "digest": digest}, indent=1).encode()


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
