"""Starts the flow from the command line: checks the API, shows progress, turns a failed state into a plain fault."""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from datetime import date

from prefect import tags
from prefect.exceptions import FailedRun, UnfinishedRun
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.server import find_server, watched
from tasks.contracts.errors import Fault, UsageFault
from tasks.contracts.report import RunReport
from tasks.run import settings_for
from tasks.scan import no_seeds
from tasks.storage.folder import Address, open_folder
from tasks.store import Store

PROGRESS = "dateline progress"  # of the handler that shows it


def run_flow(
    *,
    seeds: Address,
    outputs: Address,
    rebuild: bool = False,
    first: date | None = None,
    last: date | None = None,
    runner: str = "threads",
    address: str | None = None,
) -> RunReport:
    """Runs the flow in this process, recorded by the server that is set up or by a temporary one.

    Its tasks run where `runner` and `address` say (see flows/runners.py).
    Raises Fault where the server does not answer, the folders cannot be used or the run failed.
    """
    articles, tables = open_folder(seeds), open_folder(outputs)
    if not articles.is_there():
        raise no_seeds(articles)
    settings_for(seeds)  # a wrong setting is named before a server is started
    with Store(outputs).lock():  # refuses at once, before a server is started
        pass
    show_progress()
    server = find_server()
    from flows.artifacts import slug
    from flows.extract_events import extract_events
    from flows.runners import choose_runner

    task_runner = choose_runner(runner, address)
    flow = extract_events if task_runner is None else extract_events.with_options(task_runner=task_runner)
    if task_runner is not None:
        articles, tables = articles.absolute(), tables.absolute()  # other processes have other working folders
    with watched(server), tags("dateline", slug(outputs)), without_heartbeats():
        state = flow(
            seeds=articles.address, outputs=tables.address, rebuild=rebuild, first=first, last=last, return_state=True
        )
    try:
        data = state.result(_sync=True)
    except Fault:
        raise
    except (FailedRun, UnfinishedRun) as error:
        raise Fault(f"the run did not finish ({error}); nothing was published by it") from error
    return RunReport.from_dict(data)


def without_heartbeats() -> AbstractContextManager[object]:
    """Has runs send Prefect no heartbeats, unless the user has set how often.

    At a run's end Prefect waits for the thread that sends them, which sleeps a second at a time. A run that dies here
    is seen by who started it, and marked as crashed by the next one (flows/deadruns.py).
    """
    return temporary_settings(set_defaults={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def run_backfill(first: str, last: str, *, seeds: Address, outputs: Address) -> RunReport:
    """Codes the articles published from `first` to `last` again. Raises UsageFault for what is no day or no range."""
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise UsageFault(f"--from {first} --to {last}: write days as 2022-09-13") from None
    if days[0] > days[1]:
        raise UsageFault(f"--from {first} --to {last}: the first day is after the last")
    return run_flow(seeds=seeds, outputs=outputs, first=days[0], last=days[1])


def show_progress() -> None:
    """Sends Dateline's own log lines to standard error, bare and each once, however often it is called."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what is wrong with a page is in `rejects`
    log = logging.getLogger("dateline")
    log.setLevel(logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.name = PROGRESS
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers = [h for h in log.handlers if h.name != PROGRESS] + [handler]
