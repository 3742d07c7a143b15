"""The only reader and writer of Parquet, of the ledger and of versions.

Where versions lie, how one is put in force and who holds the lock is `tasks.storage`'s. This is what is in them:

Rows live in segments: segment k holds the rows of up to SEGMENT_FILES input files, one part a table, so that a commit
rewrites the segments it touches and keeps the others. A commit changes the content of at most one part name a table,
or adds names only; a reader that listed a folder before the switch and opens its parts after it therefore reads
the whole old or the whole new set. Where several segments have to change at once, the new parts get new names: such a
reader then fails loudly (file not found) and reads again, and never mixes two versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.contracts.errors import OutputsLocked as OutputsLocked
from tasks.contracts.errors import StoreError as StoreError
from tasks.contracts.ledger import FINGERPRINTS, LEDGER, PENDING
from tasks.contracts.refs import Ref
from tasks.contracts.tables import BY_FILE, DERIVED, Table
from tasks.storage.folder import Address, Folder, in_lanes, open_folder, read_at
from tasks.storage.parquet import damaged, decode, digest_of, encode
from tasks.storage.versions import Draft, Listing, Part, Versions

SEGMENT_FILES = 2_000  # about 20 MB of Parquet over all tables: rewritten in 0.3 s, 50 parts a table at 100,000 files
SEGMENTED: dict[str, Table] = {t.name: t for t in (*BY_FILE, LEDGER, FINGERPRINTS)}
STORED: dict[str, Table] = SEGMENTED | {t.name: t for t in (*DERIVED, PENDING)}
PENDING_PART = f"{PENDING.name}/part-00000.parquet"
ENCODED = pa.dictionary(pa.int32(), pa.string())
WORK = ".work"


@dataclass(frozen=True, slots=True)
class Version:
    """A published set of tables."""

    listing: Listing
    kept: Versions
    folder: Folder

    @property
    def number(self) -> int:
        """Its number; a later version has a higher one."""
        return self.listing.number

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its parts, in the order of their names."""
        return self.listing.parts

    def parts_of(self, table: str) -> list[Part]:
        """The table's parts, in the order of its segments."""
        return [part for part in self.parts if part.name.startswith(f"{table}/")]

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        segments: Iterable[int] | None = None,
        *,
        encoded: Sequence[str] = (),
        keys: Iterable[str] | None = None,
    ) -> pa.Table:
        """The table's rows in the order of its segments, all or those of the segments given.

        Columns of texts that are `encoded` come as dictionaries, in a third of the time: it pays where few rows stay.
        With `keys` (and without `columns`) no more comes than is stored together with rows of these articles: theirs
        and some others'.
        Raises StoreError naming the part that is not what was written. With `columns`, pages are checked against
        their checksums; without, the whole file against its digest, which its headers are covered by, too.
        """
        schema = STORED[table].schema
        fields = [schema.field(c) for c in (schema.names if columns is None else columns)]
        fields = [f.with_type(ENCODED) if f.name in encoded else f for f in fields]
        schema = pa.schema(fields).with_metadata(schema.metadata)
        wanted = None if segments is None else set(segments)
        ordered = None if keys is None else sorted(keys)
        parts = [p for p in self.parts_of(table) if wanted is None or segment_of(p.name) in wanted]

        def rows_in(part: Part) -> pa.Table:
            rows = self._whole(part, encoded, ordered) if columns is None else self._columns(part, columns, encoded)
            return rows.cast(schema)

        found = in_lanes(self.folder, rows_in, parts)
        return pa.concat_tables(found) if found else schema.empty_table()  # to make an empty one imports pandas

    def _whole(self, part: Part, encoded: Sequence[str], keys: Sequence[str] | None) -> pa.Table:
        name = self.address(part)
        try:
            data = self.kept.fetch(self.number, part)
        except OSError as error:
            raise damaged(name, error) from error
        if digest_of(data) != part.digest:
            raise damaged(name, "it is not as it was written")
        return decode(data, name=name, encoded=encoded, keys=keys)

    def _columns(self, part: Part, columns: Sequence[str], encoded: Sequence[str]) -> pa.Table:
        files, path = self.kept.arrow_path(self.number, part)
        try:
            with files.open_input_file(path) as file:
                return decode(file, name=self.address(part), columns=columns, encoded=encoded)
        except OSError as error:
            raise damaged(self.address(part), error) from error

    def dataset(self, table: str) -> pa.dataset.Dataset:
        """The table's parts as they are in this version, read when asked for and no more of them than needed.

        Every page that is read is checked against its checksum.
        """
        import pyarrow.dataset as ds  # a quarter of a second, and most commands need none

        places = [self.kept.arrow_path(self.number, part) for part in self.parts_of(table)]
        checked = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
        return ds.dataset(
            [path for _, path in places],
            schema=STORED[table].schema,
            format=ds.ParquetFileFormat(default_fragment_scan_options=checked),
            filesystem=places[0][0],
        )

    def address(self, part: Part) -> str:
        """The path or URL of a part."""
        return self.kept.address(self.number, part)

    def intact(self, part: Part) -> bool:
        """Whether the part is byte for byte what was written."""
        try:
            return digest_of(self.kept.fetch(self.number, part)) == part.digest
        except OSError:
            return False

    def segments(self) -> list[int]:
        """The numbers of its segments, ascending."""
        return sorted({segment_of(p.name) for p in self.parts_of(LEDGER.name)})

    def rows(self, table: str) -> int:
        """How many rows the table has."""
        return sum(p.rows for p in self.parts_of(table))


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What becomes of the derived tables: the incidents in `removed` go, by segment, those in `added` come.

    `removed` is None where all go. `homes` has the file of each incident that comes: its rows lie in that segment.
    """

    removed: Mapping[int, frozenset[str]] | None
    added: Mapping[str, pa.Table]
    homes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a commit does: the rows of the files in `removed` go, the rows in `added` come (table name: rows).

    `derived` is what becomes of the tables made from the others; None leaves them as they are, and what they lack is
    noted as pending.
    """

    removed: frozenset[str]
    added: Mapping[str, pa.Table]
    derived: Derived | None = None


def segment_of(part_name: str) -> int:
    """The segment number in a part's name: 'events/part-00003.parquet' or 'events/part-00003-000017.parquet'."""
    return int(PurePosixPath(part_name).stem.split("-")[1])


def rows_where(rows: pa.Table, column: str, values: Iterable[Any], *, others: bool = False) -> pa.Table:
    """The rows that have one of the values in the column, or all the others."""
    if not isinstance(values, pa.Array | pa.ChunkedArray):
        values = pa.array(sorted(values), pa.string())
    found = pc.is_in(rows[column], values)
    return rows.filter(pc.invert(found) if others else found)


def write_ref(table: Table, rows: pa.Table, folder: Address, name: str) -> Ref:
    """Writes rows of `table` where the next stage reads them, whole or not at all, durably."""
    data = encode(table.check(rows))
    place = open_folder(folder)
    place.write(name, data, durable=True)
    return Ref(table=table.name, path=place.at(name), rows=rows.num_rows, digest=digest_of(data))


def read_ref(ref: Ref, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows that a reference points to, whole or these columns; StoreError where they are not what was written."""
    try:
        data = read_at(ref.path)
    except FileNotFoundError:
        data = b""
    if digest_of(data) != ref.digest:
        raise StoreError(f"{ref.path}: not the file that the stage before has written; run again")
    return decode(data, name=ref.path, columns=columns)


class Store:
    """An outputs folder: its versions, its lock and its place for work in hand."""

    def __init__(self, folder: Address) -> None:
        self.folder = open_folder(folder).absolute()
        self.work = self.folder.child(WORK)
        self._kept = self.folder.versions()

    # -- reading

    def current(self) -> Version | None:
        """The published version, None where nothing was published yet.

        Raises StoreError where it cannot be told which it is or its list of parts is damaged.
        """
        listing = self._kept.current()
        return None if listing is None else Version(listing, self._kept, self.folder)

    def version(self, number: int) -> Version:
        """The version of that number; StoreError where it is not kept (any more) or its list of parts is damaged."""
        return Version(self._kept.load(number), self._kept, self.folder)

    def numbers(self) -> list[int]:
        """The numbers of the versions kept, ascending."""
        return self._kept.numbers()

    def read(self, table: str, columns: Sequence[str] | None = None, segments: Iterable[int] | None = None) -> pa.Table:
        """The table's rows in the current version, in the order of its parts; empty where nothing was published."""
        version = self.current()
        if version is None:
            schema = STORED[table].schema
            return pa.schema([schema.field(c) for c in (schema.names if columns is None else columns)]).empty_table()
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

    def is_whole(self) -> bool:
        """Whether there is a version whose derived tables take all others into account."""
        version = self.current()
        return version is not None and not version.rows(PENDING.name)

    # -- writing

    def is_held(self) -> bool:
        """Whether a writer holds the outputs folder at this moment."""
        return self._kept.is_held()

    @contextmanager
    def lock(self, *, run: str | None = None) -> Iterator[str | None]:
        """Holds the outputs folder for one writer; it is freed when its process ends, however it ends.

        Gives the `run` of a writer before that ended without letting go, None where there was none; it stays on record
        until a writer with a `run` of its own has been told.
        Raises OutputsLocked within a second where another run holds it, StoreError where the folder cannot be written,
        then or by what is done with the lock held.
        """
        with self._kept.lock(run) as dead:
            yield dead

    def begin(self, *, rebuild: bool) -> None:
        """Clears what an interrupted commit left behind; to be called with the lock held.

        A rebuild takes nothing from a version that is damaged.
        """
        if rebuild and self._damaged():
            self.forget()
        self._kept.sweep()

    def _damaged(self) -> bool:
        try:
            version = self.current()
            return version is not None and not all(version.intact(p) for p in version.parts)
        except (StoreError, OSError, ValueError):
            return True

    def commit(self, change: Change, *, keep: int) -> Version:
        """Publishes a new version: the old one without the removed files' rows and with the added ones.

        Everything is written before one atomic step switches to it. Old versions beyond `keep` are deleted.
        """
        old = self.current()

        def write(draft: Draft) -> list[Part]:
            ledgers = {} if old is None else {s: old.read(LEDGER.name, ["source_path"], [s]) for s in old.segments()}
            groups = _assign(change, ledgers)
            return [
                *_write_segments(draft, old, change, groups),
                *_write_derived(draft, old, change, ledgers, groups),
                _write_pending(draft, old, change, ledgers),
            ]

        return self._switch_to(write, old, keep=keep)

    def drop_segments(self, segments: Iterable[int], *, keep: int) -> Version:
        """Publishes a version without the rows of those segments; the derived tables are empty until the next commit.

        The files of those segments are in no ledger any more: a run processes them as new.
        """
        old = self.current()
        gone = set(segments)

        def write(draft: Draft) -> list[Part]:
            kept = [] if old is None else [p for p in old.parts if p.name.split("/")[0] in SEGMENTED]
            parts = [draft.keep(p) for p in kept if segment_of(p.name) not in gone]
            if not parts:
                parts = [
                    _write_part(draft, t, f"{n}/part-00000.parquet", t.schema.empty_table())
                    for n, t in SEGMENTED.items()
                ]
            empty = [_write_part(draft, t, f"{t.name}/part-00000.parquet", t.schema.empty_table()) for t in DERIVED]
            return [*parts, *empty, _write_part(draft, PENDING, PENDING_PART, PENDING.schema.empty_table())]

        return self._switch_to(write, old, keep=keep)

    def _switch_to(self, write: Callable[[Draft], list[Part]], old: Version | None, *, keep: int) -> Version:
        number = self._kept.make(write, base=None if old is None else old.listing)
        self._kept.prune(keep)
        return self.version(number)

    def forget(self) -> None:
        """Takes the published version away: the next run starts from nothing. It stays among the versions."""
        self._kept.forget()

    def restore(self, number: int) -> Version:
        """Makes a kept version the current one again; StoreError where a part of it is not as it was written."""
        version = self.version(number)
        for part in version.parts:
            if not version.intact(part):
                raise StoreError(f"{version.address(part)}: damaged or missing; restore another version")
        self._kept.publish(number)
        return version


def _write_segments(
    draft: Draft, old: Version | None, change: Change, groups: Mapping[int, Mapping[str, pa.Table]]
) -> list[Part]:
    known: dict[int, list[Part]] = defaultdict(list)
    for stored in () if old is None else old.parts:
        if stored.name.split("/")[0] in SEGMENTED:
            known[segment_of(stored.name)].append(stored)
    changing = groups.keys() & known.keys()
    suffix = _suffix(draft, changing)
    parts = []
    for segment in sorted({*known, *groups}):
        if segment not in groups:
            parts += [draft.keep(p) for p in known[segment]]
            continue
        kept = {} if old is None or segment not in known else _without(old, segment, change.removed)
        for name, table in SEGMENTED.items():
            rows = [t for t in (kept.get(name), groups[segment].get(name)) if t is not None]
            merged = table.join(rows)
            part = f"{name}/part-{segment:05d}{suffix if segment in changing else ''}.parquet"
            parts.append(_write_part(draft, table, part, merged))
    return parts


def _suffix(draft: Draft, changing: Collection[int]) -> str:
    """What sets the names of new parts apart where several replace old ones."""
    return f"-{draft.number:06d}" if len(changing) > 1 else ""


def _write_derived(
    draft: Draft,
    old: Version | None,
    change: Change,
    ledgers: Mapping[int, pa.Table],
    groups: Mapping[int, Mapping[str, pa.Table]],
) -> list[Part]:
    """The parts of the derived tables: kept from the old version, without what goes and with what comes."""
    derived = change.derived
    if derived is None and old is not None:
        return [draft.keep(p) for table in DERIVED for p in old.parts_of(table.name)]
    parts = []
    homes = {} if derived is None else _segments_of(derived.homes, change, ledgers, groups)
    for table in DERIVED:
        known = {} if old is None else {segment_of(p.name): p for p in old.parts_of(table.name)}
        come = {} if derived is None else _by_segment(derived.added[table.name], homes)
        gone = {} if derived is None else derived.removed
        changing = known.keys() & ((come.keys() | gone.keys()) if gone is not None else known.keys())
        suffix = _suffix(draft, changing)
        for segment in sorted({0, *known, *come}):
            if segment in known and segment not in changing:
                parts.append(draft.keep(known[segment]))
                continue
            rows = [come[segment]] if segment in come else []
            if old is not None and segment in known and gone is not None:
                stored = old.read(table.name, segments=[segment])
                rows.append(rows_where(stored, "incident_id", gone.get(segment, ()), others=True))
            merged = table.join(rows)
            part = f"{table.name}/part-{segment:05d}{suffix if segment in changing else ''}.parquet"
            if merged.num_rows or segment == 0 or segment in come:
                parts.append(_write_part(draft, table, part, merged))
    return parts


def _segments_of(
    homes: Mapping[str, str],
    change: Change,
    ledgers: Mapping[int, pa.Table],
    groups: Mapping[int, Mapping[str, pa.Table]],
) -> dict[str, int]:
    """The segment of each incident's home file: where the change puts it, else where it is."""
    files = set(homes.values())
    places: dict[str, int] = {}
    for segment, rows in [*ledgers.items(), *((s, g[LEDGER.name]) for s, g in groups.items() if LEDGER.name in g)]:
        places |= dict.fromkeys(_paths_in(rows, files), segment)
    return {incident: places[path] for incident, path in homes.items()}


def _by_segment(rows: pa.Table, homes: Mapping[str, int]) -> dict[int, pa.Table]:
    """The rows of incidents by the segment of their homes."""
    by_segment: dict[int, list[int]] = defaultdict(list)
    for n, incident in enumerate(_column(rows, "incident_id")):
        by_segment[homes[incident]].append(n)
    return {segment: rows.take(numbers) for segment, numbers in by_segment.items()}


def _write_pending(draft: Draft, old: Version | None, change: Change, ledgers: Mapping[int, pa.Table]) -> Part:
    """Which files the derived tables lack: none, or those before and those of the change."""
    if change.derived is not None:
        return _write_part(draft, PENDING, PENDING_PART, PENDING.schema.empty_table())
    before = {} if old is None else pending_of(old)
    come = set(_column(change.added[LEDGER.name], "source_path"))
    files = change.removed | come
    known = {path for rows in ledgers.values() for path in _paths_in(rows, files)}
    is_new = {path: before.get(path, path not in known) for path in files}
    now = before | is_new
    now = {path: new for path, new in now.items() if path in come or path not in files or not new}
    columns = {"source_path": list(now), "is_new": list(now.values())}
    return _write_part(draft, PENDING, PENDING_PART, PENDING.sort(pa.table(columns, schema=PENDING.schema)))


def pending_of(version: Version) -> dict[str, bool]:
    """The files that the derived tables of the version lack, and whether no edition of them is in these."""
    rows = version.read(PENDING.name)
    return dict(zip(_column(rows, "source_path"), _column(rows, "is_new"), strict=True))


def _paths_in(ledger: pa.Table, files: Iterable[str]) -> list[str]:
    return _column(rows_where(ledger, "source_path", files), "source_path")


def _column(rows: pa.Table, name: str) -> list[Any]:
    values: list[Any] = rows[name].to_pylist()
    return values


def _write_part(draft: Draft, table: Table, name: str, rows: pa.Table) -> Part:
    return draft.write(name, table.check(rows))


def _assign(change: Change, ledgers: Mapping[int, pa.Table]) -> dict[int, dict[str, pa.Table]]:
    """Which rows are added to which segment; every segment that has to be written anew is a key."""
    touched = {s for s, rows in ledgers.items() if _holds(rows, change.removed)}
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
    if len(files) <= SEGMENT_FILES:  # all rows are theirs
        return groups | {last + 1: dict(change.added)}
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
