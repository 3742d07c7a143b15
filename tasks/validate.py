"""Stage 5, validate: what breaks an expectation becomes a reject with the expectation's name; the rest goes on.

The batches of a wave are checked together: Great Expectations takes a second to go through its suites, whether over a
hundred articles or two thousand.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.records import Reject
from tasks.contracts.refs import Ref
from tasks.contracts.stages import Batch, Extracted, Validated
from tasks.contracts.tables import ARTICLES, EVENTS, REJECTS, SENTENCES, Table
from tasks.handover import hand_on
from tasks.rejectlog import log_rejects
from tasks.storage.folder import open_folder
from tasks.store import read_ref, rows_where, write_ref

RESULTS = "results.json"


@task(task_run_name="validate wave {wave}", cache_policy=NO_CACHE, persist_result=False)
def validate(extracted: Sequence[Extracted], batches: Sequence[Batch], *, wave: str) -> list[Validated]:
    """Checks the batches' articles, then sentences and events against them; what each batch keeps, in their order."""
    came = [{r.table: read_ref(r) for r in (e.articles, e.sentences, e.events)} for e in extracted]
    keys = [frozenset(rows[ARTICLES.name]["article_key"].to_pylist()) for rows in came]
    done: dict[int, Validated] = {}
    for group in without_shared_keys(keys):
        checked = check_together(
            [extracted[n] for n in group],
            [batches[n] for n in group],
            [came[n] for n in group],
            [keys[n] for n in group],
        )
        done.update(zip(group, checked, strict=True))
    return [done[n] for n in range(len(batches))]


def without_shared_keys(keys: Sequence[frozenset[str]]) -> list[list[int]]:
    """The numbers of the batches in groups within which no two have an article's key in common.

    Which file a key belongs to is decided at publication; until then rows are told apart by their keys alone.
    """
    groups: list[tuple[set[str], list[int]]] = []
    for number, own in enumerate(keys):
        held, group = next((g for g in groups if g[0].isdisjoint(own)), (None, None))
        if held is None or group is None:
            held, group = set(), []
            groups.append((held, group))
        held |= own
        group.append(number)
    return [group for _, group in groups]


def check_together(
    extracted: Sequence[Extracted],
    batches: Sequence[Batch],
    came: Sequence[Mapping[str, pa.Table]],
    keys: Sequence[frozenset[str]],
) -> list[Validated]:
    """What each batch keeps of the rows that came, checked as one; no two have a key in common."""
    from expectations.check import check_table  # Great Expectations takes seconds to import

    whole = {t.name: pa.concat_tables([rows[t.name] for rows in came]) for t in (ARTICLES, SENTENCES, EVENTS)}
    articles = check_table("articles", whole["articles"], articles=None, sentences=None)
    sentences = check_table("sentences", whole["sentences"], articles=articles.kept, sentences=None)
    events = check_table("events", whole["events"], articles=articles.kept, sentences=sentences.kept)
    checked = (articles, sentences, events)
    rejects = [r for c in checked for r in c.rejects]
    log_rejects(rejects)
    results = [dataclasses.asdict(r) for c in checked for r in c.results]
    broken = [r.rule for c in checked for r in c.results if r.whole_table and r.critical and not r.success]
    kept = {"articles": articles.kept, "sentences": sentences.kept, "events": events.kept}
    shrunk = {name for name, table in kept.items() if table.num_rows < whole[name].num_rows}
    done = []
    for n, (batch, own, before) in enumerate(zip(batches, keys, came, strict=True)):
        first = n == 0
        folder = open_folder(batch.folder)
        folder.write(RESULTS, json.dumps(results if first else []).encode())
        refs = {name: getattr(extracted[n], name) for name in kept}
        for table in (t for t in (ARTICLES, SENTENCES, EVENTS) if t.name in shrunk):
            mine = rows_where(kept[table.name], "article_key", own)
            refs[table.name] = hand_over(table, mine, before[table.name], refs[table.name], batch)
        losses = [r for r in rejects if r.article_key in own or (first and not_told(r, keys))]
        done.append(
            Validated(
                **refs,
                rejects=write_ref(REJECTS, REJECTS.build(losses), batch.folder, "validate_rejects.parquet"),
                results=folder.at(RESULTS),
                stop=(", ".join(broken) or None) if first else None,
            )
        )
    return [hand_on(batch, validated) for batch, validated in zip(batches, done, strict=True)]


def not_told(reject: Reject, keys: Iterable[frozenset[str]]) -> bool:
    """Whether the row has no key of any batch: one that lost its key."""
    return not any(reject.article_key in own for own in keys)


def hand_over(table: Table, kept: pa.Table, came: pa.Table, ref: Ref, batch: Batch) -> Ref:
    """The file as it came where all of it is kept, else what is kept in a file of its own."""
    if kept.equals(came):
        return ref
    return write_ref(table, kept, batch.folder, f"valid_{table.name}.parquet")
