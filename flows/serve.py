"""Serves the flow on a schedule and on dropped articles, with no work pool: for one machine."""

from __future__ import annotations

import warnings

import prefect
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.flows import EntrypointType

from flows.artifacts import DROPPED, resource, slug
from flows.extract_events import extract_events
from flows.start import check_api
from tasks.contracts.errors import Fault
from tasks.run import settings_for
from tasks.scan import no_seeds
from tasks.storage.folder import Address, open_folder


def deployments(seeds: Address, outputs: Address, *, hourly: str, nightly: str) -> list[RunnerDeployment]:
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
    chosen = [("hourly", hourly, {}, [dropped]), ("nightly", nightly, {"rebuild": True}, [])]
    return [
        extract_events.to_deployment(
            name=f"{label}-{name}",
            cron=cron,
            parameters=folders | extra,
            concurrency_limit=one,
            tags=["dateline", name, label],
            triggers=triggers,
            description=f"{label}: {folders['seeds']} to {folders['outputs']}",
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for label, cron, extra, triggers in chosen
    ]


def serve_folders(seeds: Address, outputs: Address, *, hourly: str, nightly: str) -> None:
    """Registers both deployments with the server that is set up and runs what is due until it is stopped."""
    if not open_folder(seeds).is_there():
        raise no_seeds(open_folder(seeds))
    settings_for(seeds)
    if not prefect.settings.PREFECT_API_URL.value():
        raise Fault("PREFECT_API_URL is not set: schedules need a server; `dateline up` starts one with all the rest")
    check_api()
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop'", category=RuntimeWarning)  # at its stop
    served = deployments(seeds, outputs, hourly=hourly, nightly=nightly)
    prefect.serve(*served, pause_on_shutdown=False, print_starting_message=False, limit=2)
