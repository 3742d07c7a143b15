"""The flow: ingest, clean, split, extract, validate, publish."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow
from prefect.futures import PrefectFuture
from prefect.states import Completed, State
from prefect.task_runners import ThreadPoolTaskRunner

from tasks.clean import clean, recall
from tasks.contracts.settings import Settings
from tasks.contracts.stages import Batch, Finished
from tasks.extract import extract
from tasks.ingest import ingest
from tasks.logic import current_logic
from tasks.publish import publish
from tasks.run import clear_work, load_finished, make_plan, remember_run, report_run, save_finished, settings_for
from tasks.scan import make_batches
from tasks.split import split
from tasks.store import Store
from tasks.validate import validate

PASSES = 3  # a file that loses its key to a new one is read again in a second pass; a third finds nothing


@flow(
    name="extract-events",
    flow_run_name="extract events from {seeds}",
    task_runner=ThreadPoolTaskRunner(max_workers=1),
    persist_result=False,
)
def extract_events(seeds: str = "seeds", outputs: str = "outputs", rebuild: bool = False) -> State:
    """Brings the tables in `outputs` up to date with the articles in `seeds`, doing only what changed."""
    started = datetime.now(UTC)
    log = logging.getLogger("dateline")
    settings = settings_for(Path(seeds))
    store = Store(Path(outputs))
    with store.lock():
        store.begin(rebuild=rebuild)
        logic = current_logic(settings)
        first = plan = make_plan(Path(seeds), store, logic=logic, settings=settings, rebuild=rebuild)
        for _ in range(PASSES):
            if plan.nothing and store.current() is not None:
                break
            batches = make_batches(plan, work=store.work, size=settings.batch_articles, logic=logic)
            waves = [batches[k : k + settings.wave_batches] for k in range(0, len(batches), settings.wave_batches)] or [
                []
            ]
            for number, wave in enumerate(waves, 1):
                work = [
                    load_finished(batch) or start_batch(batch, seeds=seeds, outputs=outputs, settings=settings)
                    for batch in wave
                ]
                for finished in work:
                    save_finished(wait_for(finished))
                    log.info("%s done", finished.batch)
                version = publish(
                    work,
                    wave=f"{number} of {len(waves)}",
                    last=number == len(waves),
                    run=f"{started:%Y%m%dT%H%M%S}-{number:04d}",
                    outputs=outputs,
                    gone=plan.gone if number == 1 else (),
                    logic=logic,
                    settings=settings,
                )
                log.info("wave %d of %d published as version %d", number, len(waves), version.number)
            plan = make_plan(Path(seeds), store, logic=logic, settings=settings)
        clear_work(store)
        report = report_run(store, first, outputs=outputs)
        remember_run(store, report, started=started, state="completed")
    return Completed(message=report.sentence(), data=report.as_dict())


def start_batch(batch: Batch, *, seeds: str, outputs: str, settings: Settings) -> Finished:
    """Submits the stages of one batch, each a task run; what they hand each other are references (futures here)."""
    if batch.stored:
        ingested, cleaned = recall.submit(batch, outputs=outputs).result()
    else:
        ingested = ingest.submit(batch, seeds=seeds, settings=settings)
        cleaned = clean.submit(ingested, batch, settings=settings)
    spans = split.submit(cleaned, batch)
    extracted = extract.submit(cleaned, spans, batch, settings=settings)
    validated = validate.submit(extracted, batch)
    return Finished(batch=batch, ingested=ingested, cleaned=cleaned, extracted=extracted, validated=validated)


def wait_for(finished: Finished) -> Finished:
    """The batch with its stages' results, awaited in their order, so that the first to fail raises its own error."""
    stages = ("ingested", "cleaned", "extracted", "validated")
    results = {name: getattr(finished, name) for name in stages}
    done = {name: r.result() if isinstance(r, PrefectFuture) else r for name, r in results.items()}
    return replace(finished, **done)
