"""What articles are to each other: who holds a contested key, which copies which, which tell of one incident.

All of it depends on the set of articles alone, never on the order in which they came: an incremental run ends with
what a run from nothing gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.contracts.codes import RejectReason
from tasks.contracts.ledger import FINGERPRINTS
from tasks.contracts.records import Article, Event, Reject
from tasks.contracts.stages import Finished
from tasks.contracts.tables import ARTICLES, EVENTS, INCIDENT_MENTIONS, INCIDENTS, Table
from tasks.nlp.incidents import find_incidents
from tasks.store import SEGMENTED, Store, read_ref
from tasks.text.copies import Fingerprint, fingerprint, link_copies


def contested_keys(
    finished: Sequence[Finished], store: Store, *, replaced: set[str]
) -> tuple[dict[int, set[str]], set[str]]:
    """Who loses an article_key that two files claim: the file whose path sorts last, whichever came first.

    Gives the keys lost by batch number, and the published files that lose one: their rows go, and the run reads them
    again.
    """
    holders: dict[str, tuple[str, int | None]] = {}
    published = store.read(ARTICLES.name, ["article_key", "source_path"])
    for key, path in zip(published["article_key"].to_pylist(), published["source_path"].to_pylist(), strict=True):
        if path not in replaced:
            holders[key] = (path, None)
    lost: dict[int, set[str]] = {}
    evicted: set[str] = set()
    for f in finished:
        articles = read_ref(f.validated.articles)
        for key, path in zip(articles["article_key"].to_pylist(), articles["source_path"].to_pylist(), strict=True):
            claim = (path, f.batch.number)
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
    added: Mapping[str, pa.Table], store: Store, *, replaced: set[str]
) -> tuple[dict[str, pa.Table], set[str]]:
    """The added rows with `duplicate_of` set, and with them the published files whose articles' original changes.

    The rows of those files are taken as they stand, but for `duplicate_of`: nothing of them is coded again.
    """
    links = link_copies(
        [*_fingerprints(store, without=replaced), *(_fingerprint(row) for row in added[FINGERPRINTS.name].to_pylist())]
    )
    published = store.read(ARTICLES.name, ["article_key", "source_path", "duplicate_of"])
    moved = {
        path
        for key, path, original in _columns(published, "article_key", "source_path", "duplicate_of")
        if path not in replaced and links.get(key) != original
    }
    rows = dict(added)
    if moved:
        again = store.rows_of(sorted(moved), SEGMENTED)
        rows = {
            name: SEGMENTED[name].sort(pa.concat_tables([t, again[name]]).combine_chunks()) for name, t in rows.items()
        }
    articles = rows[ARTICLES.name]
    at = ARTICLES.schema.get_field_index("duplicate_of")
    originals = pa.array([links.get(key) for key in articles["article_key"].to_pylist()], pa.string())
    rows[ARTICLES.name] = articles.set_column(at, ARTICLES.schema.field(at), originals)
    return rows, moved


def _fingerprints(store: Store, *, without: set[str]) -> list[Fingerprint]:
    rows = store.read(FINGERPRINTS.name).to_pylist()
    return [_fingerprint(row) for row in rows if row["source_path"] not in without]


def _fingerprint(row: Mapping[str, object]) -> Fingerprint:
    facts = {name: value for name, value in row.items() if name != "source_path"}
    return Fingerprint(**(facts | {"numbers": tuple(row["numbers"])}))


def _columns(table: pa.Table, *names: str) -> Sequence[tuple[Any, ...]]:
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))


def merge_incidents(added: Mapping[str, pa.Table], store: Store, *, replaced: set[str]) -> dict[str, pa.Table]:
    """The incidents that all events tell of, the added ones and those that stay, and the mentions each rests on."""
    events = _all_rows(EVENTS, added, store, replaced=replaced)
    typed = pc.invert(pc.is_in(events["event_type"], pa.array(["STATEMENT", "OTHER"])))
    told = events.filter(pc.and_(typed, pc.equal(events["modality"], "asserted")))
    articles = _all_rows(ARTICLES, added, store, replaced=replaced)
    by_key = {row["article_key"]: Article(**row) for row in articles.to_pylist()}
    incidents, mentions = find_incidents((_event(row) for row in told.to_pylist()), by_key)
    return {INCIDENTS.name: INCIDENTS.build(incidents), INCIDENT_MENTIONS.name: INCIDENT_MENTIONS.build(mentions)}


def _all_rows(table: Table, added: Mapping[str, pa.Table], store: Store, *, replaced: set[str]) -> pa.Table:
    stored = store.read(table.name)
    stays = pc.invert(pc.is_in(stored["source_path"], pa.array(sorted(replaced), pa.string())))
    return table.sort(pa.concat_tables([stored.filter(stays), added[table.name]]).combine_chunks())


def _event(row: Mapping[str, Any]) -> Event:
    return Event(**{**row, "actors": tuple(row["actors"]), "targets": tuple(row["targets"])})
