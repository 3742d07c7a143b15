"""Runs whose process ended without a word: marked, so that none stays Running and holds its deployment's slot."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.states import Crashed, StateType

from tasks.contracts.errors import OutputsLocked
from tasks.store import Store

UNFINISHED = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
WORDS = "its process was stopped before it had finished; the next run goes on from its last batch"


def crash_dead_run(run: str | None) -> None:
    """Marks a run as crashed whose process ended without a word, where the server knows it and takes it for running."""
    if run is None:
        return
    log = logging.getLogger("dateline")
    with get_client(sync_client=True) as client:
        try:
            state = client.read_flow_run(UUID(run)).state
            if state is not None and not state.is_final():
                _crash(client, UUID(run))
        except (ObjectNotFound, ValueError):
            return  # recorded by another server
        except (httpx.HTTPError, PrefectException) as error:
            log.info("the run before cannot be marked as crashed: %s", type(error).__name__)


def crash_holder(store: Store) -> None:
    """Marks the last run that held the outputs folder as crashed, where it ended without letting go."""
    try:
        with store.lock() as dead:
            crash_dead_run(dead)
    except OutputsLocked:
        return  # it is alive


def crash_runs_of(deployments: Sequence[str], store: Store) -> None:
    """Marks the unfinished runs of these deployments as crashed, unless some run holds the outputs folder.

    For the start and the end of what runs them: none of them has a process then. A run left behind would have every
    later one cancelled for five minutes, until Prefect itself gives its slot back.
    """
    if store.is_held():
        return
    with get_client(sync_client=True) as client:
        try:
            runs = client.read_flow_runs(
                deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=list(deployments))),
                flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED))),
            )
            for run in runs:
                _crash(client, run.id)
        except (httpx.HTTPError, PrefectException) as error:
            logging.getLogger("dateline").info("unfinished runs cannot be marked: %s", type(error).__name__)


def _crash(client: SyncPrefectClient, run: UUID) -> None:
    client.set_flow_run_state(run, Crashed(message=WORDS), force=True)
    logging.getLogger("dateline").info("the run %s had been stopped: marked as crashed", run)
