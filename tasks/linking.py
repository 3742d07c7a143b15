"""What articles are to each other: who holds a contested key, which copies which.

All of it depends on the set of articles alone, never on the order in which they came: an incremental run ends with
what a run from nothing gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.contracts.codes import RejectReason
from tasks.contracts.ledger import FINGERPRINTS
from tasks.contracts.records import Reject
from tasks.contracts.stages import Finished
from tasks.contracts.tables import ARTICLES
from tasks.store import SEGMENTED, Store, Version, read_ref, rows_where
from tasks.text.copies import SKETCH_SIZE, Fingerprint, fingerprint, link_copies
from tasks.text.copyreach import buckets, related

CLAIM = ["article_key", "source_path"]


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of articles, and block by block the buckets of each, in which its copies are looked for."""

    rows: pa.Table
    buckets: tuple[NDArray[np.uint64], ...]

    @classmethod
    def of(cls, rows: pa.Table) -> Prints:
        """Of rows of the table of fingerprints."""
        return cls(rows, tuple(_buckets(some) for some in rows.to_batches()))

    @classmethod
    def in_force(cls, version: Version | None) -> Prints:
        """Of all articles of the version."""
        return cls.of(FINGERPRINTS.build([]) if version is None else version.read(FINGERPRINTS.name))


def contested_keys(
    finished: Sequence[Finished], store: Store, *, replaced: set[str]
) -> tuple[dict[int, set[str]], set[str]]:
    """Who loses an article_key that two files claim: the file whose path sorts last, whichever came first.

    Gives the keys lost by batch number, and the published files that lose one: their rows go, and the run reads them
    again.
    """
    claims = {f.batch.number: read_ref(f.validated.articles, CLAIM) for f in finished}
    claimed = pc.unique(pa.chunked_array([c for t in claims.values() for c in t["article_key"].chunks], pa.string()))
    published = rows_where(store.read(ARTICLES.name, CLAIM), "article_key", claimed)
    holders: dict[str, tuple[str, int | None]] = {
        key: (path, None) for key, path in _columns(published, *CLAIM) if path not in replaced
    }
    lost: dict[int, set[str]] = {}
    evicted: set[str] = set()
    for number, articles in claims.items():
        for key, path in _columns(articles, *CLAIM):
            claim = (path, number)
            holder = holders.setdefault(key, claim)
            if holder == claim:
                continue
            winner, loser = sorted((holder, claim), key=lambda c: c[0])
            holders[key] = winner
            if loser[1] is None:
                evicted.add(loser[0])
            else:
                lost.setdefault(loser[1], set()).add(key)
    return lost, evicted


def duplicate_key(source_path: str, article_key: str) -> Reject:
    """The reject of an article whose key another file (or an earlier record of the same file) holds."""
    return Reject(
        stage="clean",
        source_path=source_path,
        article_key=article_key,
        reason=RejectReason.DUPLICATE_KEY,
        detail="another article holds this key; give the record an id of its own",
    )


def take_fingerprints(articles: pa.Table) -> pa.Table:
    """The fingerprints of the articles."""
    rows = []
    for key, path, day, text in _columns(articles, "article_key", "source_path", "published", "text"):
        f = fingerprint(text, article_key=key, published=day)
        rows.append((key, path, day, f.digest, f.sketch, list(f.numbers)))
    columns = zip(*rows, strict=True) if rows else ([] for _ in FINGERPRINTS.schema)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, FINGERPRINTS.schema, strict=True)]
    return FINGERPRINTS.sort(pa.Table.from_arrays(arrays, schema=FINGERPRINTS.schema))


def mark_copies(
    added: Mapping[str, pa.Table], store: Store, prints: Prints, *, replaced: set[str]
) -> tuple[dict[str, pa.Table], set[str]]:
    """The added rows with `duplicate_of` set, and with them the published files whose articles' original changes.

    `prints` are those of the version in force. The rows of those files are taken as they stand, but for
    `duplicate_of`: nothing of them is coded again.
    """
    come = Prints.of(added[FINGERPRINTS.name])
    known = pa.concat_tables([prints.rows, come.rows])
    is_added = np.arange(known.num_rows) >= prints.rows.num_rows
    goes = pc.is_in(known["source_path"], pa.array(sorted(replaced), pa.string())).to_numpy() & ~is_added
    near = related([*prints.buckets, *come.buckets], goes | is_added)
    facts = known.filter(pa.array(near & ~goes))
    links = link_copies(map(_fingerprint, facts.to_pylist()))
    published = rows_where(store.read(ARTICLES.name, [*CLAIM, "duplicate_of"]), "article_key", facts["article_key"])
    moved = {
        path
        for key, path, original in _columns(published, *CLAIM, "duplicate_of")
        if path not in replaced and links.get(key) != original
    }
    rows = dict(added)
    if moved:
        again = store.rows_of(sorted(moved), SEGMENTED)
        rows = {name: SEGMENTED[name].join([t, again[name]]) for name, t in rows.items()}
    articles = rows[ARTICLES.name]
    at = ARTICLES.schema.get_field_index("duplicate_of")
    told = set(facts["article_key"].to_pylist())
    originals = [
        links.get(key) if key in told else before for key, before in _columns(articles, "article_key", "duplicate_of")
    ]
    rows[ARTICLES.name] = articles.set_column(at, ARTICLES.schema.field(at), pa.array(originals, pa.string()))
    return rows, moved


def _buckets(fingerprints: pa.RecordBatch) -> NDArray[np.uint64]:
    digest, sketch, numbers = (fingerprints[name] for name in ("digest", "sketch", "numbers"))
    has_sketch = pc.greater(pc.binary_length(sketch), 0)
    words, sketches = _bytes_of(digest.drop_null()), _bytes_of(sketch.filter(has_sketch))
    return buckets(
        digests=words.view(np.uint64).reshape(-1, 4),
        has_digest=digest.is_valid().to_numpy(zero_copy_only=False),
        sketches=sketches.view(np.uint32).reshape(-1, SKETCH_SIZE),
        rows=np.flatnonzero(has_sketch.to_numpy(zero_copy_only=False)),
        numbers=numbers.flatten().to_numpy().astype(np.uint64),
        offsets=np.concatenate([np.zeros(1, np.int64), np.cumsum(pc.list_value_length(numbers).to_numpy())]),
    )


def _bytes_of(values: pa.Array) -> NDArray[np.uint8]:
    """The bytes of all strings, one after the other."""
    _, offsets, data = values.buffers()
    if not len(values):
        return np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)[values.offset : values.offset + len(values) + 1]
    return np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]


def _fingerprint(row: Mapping[str, object]) -> Fingerprint:
    facts = {name: value for name, value in row.items() if name != "source_path"}
    return Fingerprint(**(facts | {"numbers": tuple(row["numbers"])}))


def _columns(table: pa.Table, *names: str) -> Sequence[tuple[Any, ...]]:
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))
