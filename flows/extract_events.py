"""The flow: ingest, clean, split, extract, validate, publish."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from prefect import flow, runtime
from prefect.futures import PrefectFuture
from prefect.states import Completed, State
from prefect.task_runners import ThreadPoolTaskRunner

from flows.artifacts import final_state, show_progress, show_report, start_progress, tell_failures
from flows.deadruns import crash_dead_run
from tasks.accounts import close_accounts
from tasks.clean import clean, recall
from tasks.collector import rarely_collected
from tasks.contracts.report import RunReport
from tasks.contracts.settings import Settings
from tasks.contracts.stages import Batch, Finished, Worked
from tasks.extract import extract
from tasks.history import COMPLETED, FAILED, failures_in_a_row, remember_run
from tasks.ingest import ingest
from tasks.publish import DOCS, look_up, publish
from tasks.quality import check_drift, compare, read_checks, warnings_of
from tasks.qualitypage import document_quality
from tasks.run import (
    clear_work,
    load_finished,
    logic_for,
    make_backfill,
    make_plan,
    report_run,
    settings_for,
)
from tasks.scan import make_batches
from tasks.split import split
from tasks.storage.folder import FRESH, open_folder
from tasks.store import OutputsLocked, Store
from tasks.tally import StageClock, add_up
from tasks.validate import validate

T = TypeVar("T")
THREADS = 3  # two batches in extraction and one before it
AHEAD = 3  # batches left of a wave when the next one is started
PASSES = 3  # a second one reads files that lost a key or were still being written; a third finds nothing
CHECKS = "expectations.check"  # Great Expectations takes seconds to import, which workers need to load the model
ALARM = 3  # failures in a row that are told as an event: one may be a passing fault


def run_name() -> str:
    """What the run is about, by the names of its folders: what a reader looks for in a list of runs."""
    p = runtime.flow_run.parameters
    folders = f"{open_folder(p['seeds']).name} to {open_folder(p['outputs']).name}"
    if p.get("first") or p.get("last"):
        return f"code {p.get('first') or 'the first'} to {p.get('last') or 'the last'} again, {folders}"
    return f"rebuild {folders}" if p.get("rebuild") else f"extract events, {folders}"


@flow(
    name="extract-events",
    flow_run_name=run_name,
    task_runner=ThreadPoolTaskRunner(max_workers=THREADS),
    persist_result=False,
)
def extract_events(
    seeds: str = "seeds",
    outputs: str = "outputs",
    rebuild: bool = False,
    first: date | None = None,
    last: date | None = None,
) -> State:
    """Brings the tables in `outputs` up to date with the articles in `seeds`, doing only what changed.

    `rebuild` does everything again. `first` and `last` do again what was published between these days, and no more.
    """
    started = datetime.now(UTC)
    settings = settings_for(seeds)
    store = Store(outputs)
    logging.getLogger("dateline").setLevel(logging.INFO)  # else a served run's lines do not reach the UI
    try:
        with rarely_collected(), store.lock(run=runtime.flow_run.id) as dead:
            crash_dead_run(dead)
            try:
                report = bring_up_to_date(
                    store, seeds, outputs, settings=settings, started=started, rebuild=rebuild, first=first, last=last
                )
            except Exception as error:
                facts = {"error": f"{type(error).__name__}: {error}"[:500]}
                try:
                    remember_run(store.folder, facts, started=started, state=FAILED, keep=settings.keep_runs)
                    times = failures_in_a_row(store.folder)
                except OSError:  # a full disk: none can be counted, so that each is told
                    times = ALARM
                if times >= ALARM:
                    tell_failures(outputs, times=times, message=facts["error"])
                raise
            remember_run(store.folder, report.as_dict(), started=started, state=COMPLETED, keep=settings.keep_runs)
            document_quality(store.folder, docs=store.folder.child(DOCS), settings=settings)
    except OutputsLocked as locked:
        if runtime.deployment.id is None:
            raise
        return Completed(name="Skipped", message=str(locked))  # a scheduled run; the next one does what is left
    return final_state(report)


def bring_up_to_date(
    store: Store,
    seeds: str,
    outputs: str,
    *,
    settings: Settings,
    started: datetime,
    rebuild: bool,
    first: date | None,
    last: date | None,
) -> RunReport:
    """Works off the plan in batches and waves, with the outputs folder held; shows what was done."""
    log = logging.getLogger("dateline")
    clock = StageClock()
    run = f"{started:%Y%m%dT%H%M%S}"
    store.begin(rebuild=rebuild)
    logic = logic_for(seeds, settings)
    facts: dict[str, Any] = {"logic": logic, "settings": settings}
    days = (first or date.min, last or date.max) if first or last else None
    if days:
        planned = plan = make_backfill(seeds, store, first=days[0], last=days[1], **facts)
    else:
        planned = plan = make_plan(seeds, store, rebuild=rebuild, **facts)
    everything: list[Finished] = []
    for turn in range(1, PASSES + 1):
        if plan.nothing and store.is_whole():
            break
        batches = make_batches(plan, work=store.work, size=settings.batch_articles, logic=logic)
        waves = [batches[k : k + settings.wave_batches] for k in range(0, len(batches), settings.wave_batches)] or [[]]
        bar = start_progress(len(batches))
        upcoming = iter(waves)

        def start_wave(upcoming: Iterator[list[Batch]] = upcoming) -> list[Worked]:
            return [
                load_finished(batch) or start_batch(batch, seeds=seeds, outputs=outputs, settings=settings, clock=clock)
                for batch in next(upcoming, [])
            ]

        evicted: set[str] = set()
        if batches:
            ahead(import_module, CHECKS)
        known = ahead(look_up, outputs, last=len(waves) == 1)
        following = start_wave()
        for number in range(1, len(waves) + 1):
            work = following
            wave = f"{number} of {len(waves)}"
            for position, worked in enumerate(work):
                if position == max(0, len(work) - AHEAD):  # so that no worker waits for validation or publication
                    following = start_wave()
                work[position] = wait_for(worked)
                show_progress(bar, worked.batch.number, len(batches))
                log.info("%s done", worked.batch)
            done = finish(work, wave=wave)
            clock.close(validate.name)
            version, lost = publish(
                done,
                known.result(),
                wave=wave,
                run=f"{run}-{turn}-{number:04d}",
                outputs=outputs,
                gone=plan.gone if number == 1 else (),
                logic=logic,
                settings=settings,
            )
            clock.close(publish.name)
            if number < len(waves):
                known = ahead(look_up, outputs, last=number + 1 == len(waves))
            evicted |= lost
            everything += done
            log.info("wave %d of %d published as version %d", number, len(waves), version.number)
        if days or not (evicted or any(i.stamp.startswith(FRESH) for b in batches for i in b.items)):
            break
        plan = make_plan(seeds, store, **facts)
    close_accounts(store, planned, seeds=seeds)
    tally = add_up(everything, seconds=clock.seconds)
    measures = compare(store.folder, tally, settings=settings)
    unusual, drift = warnings_of(measures)
    docs = store.folder.child(DOCS)
    check_drift(measures, docs=docs, run=run, keep=settings.keep_checks)
    clear_work(store)
    report = replace(report_run(store, planned, outputs=outputs, tally=tally), unusual=unusual, drift=drift)
    show_report(report, store, checks=read_checks(docs, run=run), run=run)
    return report


def ahead(work: Callable[..., T], *args: Any, **kwargs: Any) -> Future[T]:
    """Has the work done while the batches are; its result or error waits for who asks for it."""
    lane = ThreadPoolExecutor(1, thread_name_prefix="ahead")
    future = lane.submit(work, *args, **kwargs)
    lane.shutdown(wait=False)  # takes no more; this is done
    return future


def start_batch(batch: Batch, *, seeds: str, outputs: str, settings: Settings, clock: StageClock) -> Worked:
    """Submits the stages of one batch, each a task run; what they hand each other are references (futures here)."""
    futures: dict[str, PrefectFuture[Any]] = {}
    if batch.stored:
        ingested, cleaned = recall.submit(batch, outputs=outputs).result()
        clock.close(recall.name)
    else:
        ingested = futures[ingest.name] = ingest.submit(batch, seeds=seeds, settings=settings)
        cleaned = futures[clean.name] = clean.submit(ingested, batch, settings=settings)
    spans = futures[split.name] = split.submit(cleaned, batch, settings=settings)
    extracted = futures[extract.name] = extract.submit(cleaned, spans, batch, settings=settings)
    for name, future in futures.items():
        future.add_done_callback(partial(_ended, clock, name))
    return Worked(batch=batch, ingested=ingested, cleaned=cleaned, extracted=extracted)


def _ended(clock: StageClock, stage: str, _: object) -> None:
    clock.close(stage)


def wait_for(worked: Worked) -> Worked:
    """The batch with its stages' results, awaited in their order, so that the first to fail raises its own error."""
    stages = ("ingested", "cleaned", "extracted")
    results = {name: getattr(worked, name) for name in stages}
    done = {name: r.result() if isinstance(r, PrefectFuture) else r for name, r in results.items()}
    return replace(worked, **done)


def finish(work: Sequence[Worked], *, wave: str) -> list[Finished]:
    """The batches of a wave, checked together; those that an interrupted run has finished stay as they are."""
    unchecked = [w for w in work if not isinstance(w, Finished)]
    checked = validate([w.extracted for w in unchecked], [w.batch for w in unchecked], wave=wave) if unchecked else []
    validated = iter(checked)
    return [
        w
        if isinstance(w, Finished)
        else Finished(**{f.name: getattr(w, f.name) for f in fields(Worked)}, validated=next(validated))
        for w in work
    ]
