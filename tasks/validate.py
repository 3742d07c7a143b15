"""Stage 5, validate: what breaks an expectation becomes a reject with the expectation's name; the rest goes on."""

from __future__ import annotations

import dataclasses
import json

import pyarrow as pa
import pyarrow.compute as pc
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.stages import Batch, Extracted, Validated
from tasks.contracts.tables import ARTICLES, EVENTS, REJECTS, SENTENCES
from tasks.handover import hand_on, handed_on
from tasks.rejectlog import log_rejects
from tasks.storage.folder import open_folder
from tasks.store import read_ref, write_ref

RESULTS = "results.json"


@task(task_run_name="validate {batch}", cache_policy=NO_CACHE, persist_result=False)
def validate(extracted: Extracted, batch: Batch) -> Validated:
    """Checks the batch's articles, then sentences and events against them."""
    if (done := handed_on(batch, Validated)) is not None:
        return done
    from expectations.check import check_table  # Great Expectations takes seconds to import

    articles = check_table("articles", read_ref(extracted.articles), articles=None, sentences=None)
    sentences = check_table("sentences", read_ref(extracted.sentences), articles=articles.kept, sentences=None)
    events = check_table("events", read_ref(extracted.events), articles=articles.kept, sentences=sentences.kept)
    checked = (articles, sentences, events)
    rejects = [r for c in checked for r in c.rejects]
    log_rejects(rejects)
    results = json.dumps([dataclasses.asdict(r) for c in checked for r in c.results])
    folder = open_folder(batch.folder)
    folder.write(RESULTS, results.encode())
    broken = [r.rule for c in checked for r in c.results if r.whole_table and r.critical and not r.success]
    done = Validated(
        articles=write_ref(ARTICLES, count_events(articles.kept, events.kept), batch.folder, "valid_articles.parquet"),
        sentences=write_ref(SENTENCES, sentences.kept, batch.folder, "valid_sentences.parquet"),
        events=write_ref(EVENTS, events.kept, batch.folder, "valid_events.parquet"),
        rejects=write_ref(REJECTS, REJECTS.build(rejects), batch.folder, "validate_rejects.parquet"),
        results=folder.at(RESULTS),
        stop=", ".join(broken) or None,
    )
    return hand_on(batch, done)


def count_events(articles: pa.Table, events: pa.Table) -> pa.Table:
    """The articles with n_events as the events that were kept."""
    counted = pc.value_counts(events["article_key"])
    n = dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))
    column = pa.array([n.get(key, 0) for key in articles["article_key"].to_pylist()], pa.int32())
    at = ARTICLES.schema.get_field_index("n_events")
    return articles.set_column(at, ARTICLES.schema.field(at), column)
