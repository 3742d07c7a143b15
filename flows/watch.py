"""Watches a seeds folder: what is dropped, changed or removed there becomes one run for each burst."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import watchfiles
from prefect.events import emit_event
from prefect.settings import get_current_settings

from flows.artifacts import DROPPED, resource
from flows.deadruns import crash_holder
from flows.server import check_api
from flows.start import show_progress
from tasks.contracts.errors import Fault, UsageFault
from tasks.contracts.settings import Settings
from tasks.history import COMPLETED, read_history
from tasks.run import logic_for, make_plan, settings_for
from tasks.scan import Plan, list_inputs, no_seeds
from tasks.storage.folder import FRESH, Address, open_folder, path_of
from tasks.store import Store

LOOK_SECONDS = 0.5
GATHER_SECONDS = 60  # a folder that never comes to rest is worked off all the same: what is unfinished waits
RETRY_SECONDS = 30.0  # until an event that nobody took, or a run that failed, is followed by another
LONGEST_RETRY_SECONDS = 3600.0


def watch(seeds: Address, outputs: Address, *, stop: threading.Event | None = None) -> None:
    """Starts a run whenever the folder differs from the tables and has come to rest; returns when `stop` is set.

    With a server set up a run is an event, which the deployment of `dateline serve` takes; without, it is a
    `dateline run` of its own.
    """
    seeds = path_of(seeds, what="watching for articles")
    if not seeds.is_dir():
        raise no_seeds(open_folder(seeds))
    show_progress()
    log = logging.getLogger("dateline")
    server = has_server()
    if server:
        check_api()
    start = emit_dropped if server else run_once
    log.info("watching %s; %s", seeds, "events go to the server" if server else "runs are started here")
    store, settings = Store(outputs), settings_for(seeds)
    dirty_since: float | None = time.monotonic()  # what came before the watcher counts, too
    not_before, retry, seen = 0.0, RETRY_SECONDS, -1
    for changes in watchfiles.watch(
        seeds, stop_event=stop, step=50, debounce=400, rust_timeout=int(LOOK_SECONDS * 1000), yield_on_timeout=True
    ):
        now = time.monotonic()
        if changes and dirty_since is None:
            dirty_since = now
        if dirty_since is None or not (at_rest(seeds, settings) or now - dirty_since > GATHER_SECONDS):
            continue
        if completed(store) > seen:  # a run has ended since: what is left is new, and need not wait
            not_before, retry = min(not_before, now), RETRY_SECONDS
        if now < not_before or store.is_held():
            continue
        try:
            plan = make_plan(seeds, store, logic=logic_for(seeds, settings), settings=settings)
        except UsageFault as fault:  # of corrections.csv: whoever mends it changes the folder
            log.warning("%s", fault)
            dirty_since = None
            continue
        if plan.nothing and store.current() is not None:
            dirty_since = None
            continue
        log.info("%s: starting a run", words(plan))
        seen = completed(store)
        if server:
            crash_holder(store)  # a run that was killed would have this one cancelled
        start(seeds, outputs, plan)
        not_before, retry = time.monotonic() + retry, min(2 * retry, LONGEST_RETRY_SECONDS)


def has_server() -> bool:
    """Whether a Prefect server is set up, which takes events."""
    return bool(get_current_settings().api.url)


def at_rest(seeds: Path, settings: Settings) -> bool:
    """Whether no file has changed for `settle_seconds`: nothing is being written any more."""
    return not any(s.startswith(FRESH) for s in list_inputs(seeds, settle_seconds=settings.settle_seconds).values())


def completed(store: Store) -> int:
    """A number that grows with each run that completed; a failed one does not count."""
    runs = read_history(store.folder)
    return sum(r.get("state") == COMPLETED for r in runs)


def words(plan: Plan) -> str:
    """What the plan holds, in words."""
    again = len(plan.stale) + len(plan.from_text)
    return f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.gone)} gone, {again} to code anew"


def emit_dropped(seeds: Path, outputs: Address, plan: Plan) -> None:
    """Tells the server; the run itself looks into the folder, so that the event holds numbers only.

    A server that is away, to be started again, is said to be so, and told the next time.
    """
    try:
        check_api()
    except Fault as fault:
        logging.getLogger("dateline").warning("%s", fault)
        return
    counts = {"new": len(plan.new), "changed": len(plan.changed), "gone": len(plan.gone)}
    emit_event(DROPPED, resource=resource(outputs), payload=counts)


def run_once(seeds: Path, outputs: Address, plan: Plan) -> None:
    """A run in a process of its own, which gives all memory back."""
    folders = ["--seeds", str(seeds), "--outputs", open_folder(outputs).address]
    command = [sys.executable, "-P", "-m", "flows.cli", "run", *folders]
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
