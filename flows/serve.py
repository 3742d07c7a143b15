"""Serves the flow on a schedule and on dropped articles, with no work pool: for one machine."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import prefect
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.flows import EntrypointType
from prefect.schedules import Schedule

from flows.artifacts import DROPPED, resource, slug
from flows.deadruns import crash_runs_of
from flows.extract_events import extract_events
from flows.schedule import LABELS, names, schedules
from flows.server import check_api
from flows.start import show_progress
from tasks.contracts.errors import Fault
from tasks.run import settings_for
from tasks.scan import no_seeds
from tasks.storage.folder import Address, open_folder
from tasks.store import Store


def deployments(seeds: Address, outputs: Address, *, when: Sequence[Schedule]) -> list[RunnerDeployment]:
    """An hourly deployment, which also starts when articles are dropped, and a nightly one, which does all again.

    At most one run of each: another that is due meanwhile is cancelled. Runs of both on one outputs folder are kept
    apart by the folder's lock.
    """
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    folders = {"seeds": open_folder(seeds).absolute().address, "outputs": open_folder(outputs).absolute().address}
    name = slug(outputs)
    dropped = DeploymentEventTrigger(
        name=f"articles dropped for {name}",
        match={"prefect.resource.id": resource(outputs)["prefect.resource.id"]},
        expect={DROPPED},
        parameters=folders,
    )
    extras: list[dict[str, bool]] = [{}, {"rebuild": True}]
    triggers = [[dropped], []]
    return [
        extract_events.to_deployment(
            name=called,
            schedule=schedule,
            parameters=folders | extra,
            concurrency_limit=one,
            tags=["dateline", name, label],
            triggers=trigger,
            description=f"{label}: {folders['seeds']} to {folders['outputs']}",
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for label, called, schedule, extra, trigger in zip(LABELS, names(outputs), when, extras, triggers, strict=True)
    ]


def serve_folders(seeds: Address, outputs: Address, *, hourly: str, nightly: str, timezone: str) -> None:
    """Registers both deployments with the server that is set up and runs what is due until it is stopped.

    Raises UsageFault for a wrong cron line or time zone, Fault where no server is set up or answers.
    """
    when = schedules(hourly, nightly, timezone)
    if not open_folder(seeds).is_there():
        raise no_seeds(open_folder(seeds))
    settings_for(seeds)
    if not prefect.settings.PREFECT_API_URL.value():
        raise Fault("PREFECT_API_URL is not set: schedules need a server; `dateline up` starts one with all the rest")
    check_api()
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop'", category=RuntimeWarning)  # at its stop
    show_progress()
    crash_runs_of(names(outputs), Store(outputs))  # of one that was killed
    served = deployments(seeds, outputs, when=when)
    try:
        prefect.serve(*served, pause_on_shutdown=False, print_starting_message=False, limit=2)
    finally:
        crash_runs_of(names(outputs), Store(outputs))  # they were stopped with it
