"""Where task runs take place: threads of this process, processes, or the workers of a Dask or Ray cluster.

Tasks hand each other references to files, so every worker has to reach seeds and outputs under the same addresses.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from prefect.settings import get_current_settings

from tasks.contracts.errors import UsageFault

HERE = ("127.0.0.1", "localhost", "::1")
RUNNERS = ("threads", "processes", "dask", "ray")


def choose_runner(kind: str, address: str | None) -> Any:
    """The task runner of that kind; None for threads, the flow's own. `address` is a running cluster's.

    Away from threads each process codes in one worker of its own (setting `workers`), since there are many of them.
    Raises UsageFault for an unknown kind, an address that the kind has no use for, or an extra that is not installed.
    """
    if kind not in RUNNERS:
        raise UsageFault(f"--runner {kind}: must be one of {', '.join(RUNNERS)}")
    if address and kind not in ("dask", "ray"):
        raise UsageFault(
            f"--address {address}: only a dask or ray runner has one; leave it out or choose --runner dask"
        )
    if kind == "threads":
        return None
    if address and urlsplit(address).hostname not in HERE and not get_current_settings().api.url:
        raise UsageFault(
            f"--address {address}: workers elsewhere report to a Prefect server; start one that they reach and set "
            "PREFECT_API_URL to it, here and there"
        )
    os.environ.setdefault("DATELINE_WORKERS", "1")
    try:
        return {"processes": _processes, "dask": _dask, "ray": _ray}[kind](address)
    except ImportError as error:
        raise UsageFault(f"--runner {kind}: {error.name} is not installed; pip install -e '.[{kind}]'") from error


def _processes(address: str | None) -> Any:
    from prefect.task_runners import ProcessPoolTaskRunner

    return ProcessPoolTaskRunner(max_workers=os.cpu_count())


def _dask(address: str | None) -> Any:
    import dask
    from prefect_dask import DaskTaskRunner

    # Dask's worker processes may otherwise not start any of their own: "daemonic processes are not allowed to"
    dask.config.set({"distributed.worker.daemon": False})
    if address:
        return DaskTaskRunner(address=address)
    return DaskTaskRunner(
        cluster_kwargs={"n_workers": os.cpu_count(), "threads_per_worker": 1, "dashboard_address": None}
    )


def _ray(address: str | None) -> Any:
    from prefect_ray import RayTaskRunner

    if address:
        return RayTaskRunner(address=address)
    return RayTaskRunner(init_kwargs={"num_cpus": os.cpu_count(), "include_dashboard": False})
