"""Stage 6, publish: the finished batches become a new version of all tables, or nothing changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.errors import Fault
from tasks.contracts.ledger import FINGERPRINTS, LEDGER
from tasks.contracts.settings import Settings
from tasks.contracts.stages import Finished
from tasks.contracts.tables import ARTICLES, EVENTS, REJECTS, SENTENCES
from tasks.linking import CLAIM, Prints, contested_keys, duplicate_key, mark_copies, take_fingerprints
from tasks.logic import Logic
from tasks.merging import Standing, merge_incidents
from tasks.storage.folder import Folder, read_at
from tasks.store import SEGMENTED, Change, Store, Version, read_ref, rows_where

DOCS = "data_docs"


class Published(NamedTuple):
    """What a publication leaves: the new version, and the files that lost a key and wait to be read again."""

    version: Version
    evicted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What a publication has to know of the version in force, whatever it adds: its last one that of incidents too."""

    prints: Prints
    standing: Standing | None


class PublicationStopped(Fault):
    """A whole table is so wrong that the last version stays as it is."""


def look_up(outputs: str, *, last: bool) -> Known:
    """Reads what the next publication has to know, the `last` one of a run or another.

    It can be read while the articles to be published are still being coded. Raises StoreError where a part is damaged.
    """
    version = Store(outputs).current()
    return Known(Prints.in_force(version), Standing.of(version) if last else None)


@task(task_run_name="publish wave {wave}", cache_policy=NO_CACHE, persist_result=False)
def publish(
    finished: Sequence[Finished],
    known: Known,
    *,
    wave: str,
    run: str,
    outputs: str,
    gone: Sequence[str],
    logic: Logic,
    settings: Settings,
) -> Published:
    """Replaces the rows of every file of the wave, removes those of files that are gone, switches the tables.

    `known` is what `look_up` has read of the version in force. Incidents are brought up to date with the last wave of
    a run.
    """
    store = Store(outputs)
    document(finished, folder=store.folder.child(DOCS), run=run, keep=settings.keep_checks)
    stops = [f.validated.stop for f in finished if f.validated.stop]
    if stops:
        raise PublicationStopped(
            f"nothing was published: critical expectations of a whole table failed ({'; '.join(stops)}); "
            f"see {store.folder.at(DOCS)}, mend the input or the rule, and run again"
        )
    files = {i.source_path for f in finished for i in f.batch.items} | set(gone)
    lost, evicted = contested_keys(finished, store, replaced=files)
    added = gather(finished, lost)
    added[LEDGER.name] = close_ledger(added, logic.knowing([added[ARTICLES.name].select(["source_path", "text"])]))
    added[FINGERPRINTS.name] = take_fingerprints(added[ARTICLES.name])
    added, relinked = mark_copies(added, store, known.prints, replaced=files | evicted)
    removed = files | evicted | relinked
    derived = merge_incidents(known.standing, added, replaced=removed) if known.standing else None
    change = Change(removed=frozenset(removed), added=added, derived=derived)
    return Published(store.commit(change, keep=settings.keep_versions), frozenset(evicted))


def document(finished: Sequence[Finished], *, folder: Folder, run: str, keep: int) -> None:
    """Writes the pages that say what was checked and what failed."""
    from expectations.docs import write_docs
    from expectations.suite import RuleResult

    rows = [row for f in finished for row in json.loads(read_at(f.validated.results))]
    results = [RuleResult(**(row | {"samples": tuple(row["samples"])})) for row in rows]
    write_docs(results, folder=folder, run=run, keep=keep)


def gather(finished: Sequence[Finished], lost: Mapping[int, set[str]]) -> dict[str, pa.Table]:
    """The rows of all finished batches, by table, without the articles whose key another file holds.

    Each article is told how many sentences and events it has.
    """
    rows: dict[str, list[pa.Table]] = {name: [] for name in SEGMENTED}
    for f in finished:
        keys = lost.get(f.batch.number, set())
        v = f.validated
        for ref in (v.articles, v.sentences, v.events, f.cleaned.dropped_lines):
            rows[ref.table].append(_without_keys(read_ref(ref), keys))
        for ref in (f.ingested.rejects, f.cleaned.rejects, f.extracted.rejects, v.rejects):
            rows[REJECTS.name].append(read_ref(ref))
        if keys:
            losers = [a for a in read_ref(v.articles, CLAIM).to_pylist() if a["article_key"] in keys]
            rows[REJECTS.name].append(REJECTS.build(duplicate_key(**a) for a in losers))
        rows[LEDGER.name].append(read_ref(f.ingested.ledger))
    gathered = {name: SEGMENTED[name].join(tables) for name, tables in rows.items()}
    return gathered | {ARTICLES.name: _counted(gathered)}


def _counted(gathered: Mapping[str, pa.Table]) -> pa.Table:
    articles = gathered[ARTICLES.name]
    keys = articles["article_key"].to_pylist()
    for column, table in (("n_sentences", SENTENCES), ("n_events", EVENTS)):
        at = ARTICLES.schema.get_field_index(column)
        counts = _counts(gathered[table.name], "article_key", keys)
        articles = articles.set_column(at, ARTICLES.schema.field(at), counts)
    return articles


def close_ledger(added: Mapping[str, pa.Table], logic: Logic) -> pa.Table:
    """The ledger rows with their counts and the logic in force."""
    ledger = added[LEDGER.name]
    paths = ledger["source_path"].to_pylist()
    columns = {
        "articles": _counts(added[ARTICLES.name], "source_path", paths),
        "rejects": _counts(added[REJECTS.name], "source_path", paths),
        "clean_logic": pa.array([logic.clean] * len(paths), pa.string()),
        "extract_logic": pa.array([logic.extract_of(p) for p in paths], pa.string()),
    }
    for name, column in columns.items():
        at = LEDGER.schema.get_field_index(name)
        ledger = ledger.set_column(at, LEDGER.schema.field(at), column)
    return ledger


def _counts(rows: pa.Table, column: str, values: Sequence[str]) -> pa.Array:
    """How many rows have each of the values in the column."""
    n = Counter(rows[column].to_pylist())
    return pa.array([n[v] for v in values], pa.int32())


def _without_keys(rows: pa.Table, keys: Collection[str]) -> pa.Table:
    return rows_where(rows, "article_key", keys, others=True) if keys else rows
