"""Where tasks run does not show in the tables, nor does a worker that dies on its way."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.runners import choose_runner
from tasks.contracts.errors import UsageFault
from tasks.contracts.report import RunReport
from tasks.contracts.tables import TABLES
from tasks.storage.folder import open_folder
from tasks.store import Store
from tests.flows.conftest import ARTICLES, drop

# Four batches of one article: enough for two workers to be in the middle of something.
NEWS = ARTICLES | {"later.txt": ARTICLES["bridge.txt"].replace("Mbali", "Lobaye").replace("4 May", "9 May")}


def test_a_wrong_runner_or_address_is_named() -> None:
    with pytest.raises(UsageFault, match="must be one of threads, processes, dask, ray"):
        choose_runner("spark", None)
    with pytest.raises(UsageFault, match="only a dask or ray runner"):
        choose_runner("threads", "tcp://10.0.0.1:8786")
    no_server = temporary_settings(restore_defaults={PREFECT_API_URL})
    with no_server, pytest.raises(UsageFault, match="set PREFECT_API_URL"):
        choose_runner("dask", "tcp://10.0.0.1:8786")


@pytest.mark.parametrize(("kind", "module"), [("dask", "prefect_dask"), ("ray", "prefect_ray")])
def test_an_extra_that_is_missing_is_named(kind: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setenv("DATELINE_WORKERS", "1")
    with pytest.raises(UsageFault, match=rf"pip install -e '\.\[{kind}\]'"):
        choose_runner(kind, None)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster") / "seeds"
    for name, text in NEWS.items():
        drop(folder / name, text)
    return folder


@pytest.fixture(scope="module")
def wanted(articles: Path, prefect_server: None) -> dict[str, str]:
    """What one process makes of the articles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_WORKERS", "1")
        run(articles, articles.parent / "threads")
    return digests(articles.parent / "threads")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_WORKERS", "1")
    monkeypatch.setenv("DATELINE_BATCH_ARTICLES", "1")


def run(seeds: Path | str, outputs: Path | str, **where: str) -> RunReport:
    from flows.start import run_flow

    return run_flow(seeds=seeds, outputs=outputs, **where)


def digests(outputs: Path | str) -> dict[str, str]:
    version = Store(outputs).current()
    assert version is not None
    return {p.name: p.digest for p in version.parts if p.name.split("/")[0] in TABLES}


def test_processes_give_the_same_bytes(articles: Path, tmp_path: Path, wanted: dict[str, str]) -> None:
    run(articles, tmp_path / "out", runner="processes")
    assert digests(tmp_path / "out") == wanted


def test_a_dask_cluster_that_loses_a_worker_gives_the_same_bytes_in_an_object_store(
    articles: Path, bucket: str, wanted: dict[str, str]
) -> None:
    import dask
    from distributed import Client, LocalCluster

    for path in articles.rglob("*.*"):
        open_folder(f"{bucket}/seeds").write(str(path.relative_to(articles)), path.read_bytes())
    dask.config.set({"distributed.worker.daemon": False})
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:

        def extracting() -> list[int]:
            pids = {worker.worker_address: worker.pid for worker in cluster.workers.values()}
            busy = [address for address, tasks in client.processing().items() if tasks and "extract" in tasks[0]]
            return [pids[address] for address in busy if address in pids]

        with one_of_them_killed(extracting, work=f"{bucket}/out/.work"):
            run(f"{bucket}/seeds", f"{bucket}/out", runner="dask", address=cluster.scheduler_address)
    assert digests(f"{bucket}/out") == wanted


def test_ray_that_loses_a_worker_gives_the_same_bytes(articles: Path, tmp_path: Path, wanted: dict[str, str]) -> None:
    def extracting() -> list[int]:
        return [p.pid for p in psutil.Process().children(recursive=True) if is_named(p, "ray::extract")]

    with one_of_them_killed(extracting, work=tmp_path / "out" / ".work"):
        run(articles, tmp_path / "out", runner="ray")
    assert digests(tmp_path / "out") == wanted


def is_named(process: psutil.Process, name: str) -> bool:
    try:
        return process.cmdline()[:1] == [name]
    except psutil.Error:
        return False


@contextmanager
def one_of_them_killed(extracting: Callable[[], list[int]], *, work: Path | str) -> Iterator[None]:
    """Kills one of the processes that extract as soon as a batch is done and another one is in the middle of it."""
    killed: list[int] = []
    done = threading.Event()
    folder = open_folder(work)

    def kill() -> None:
        while not done.wait(0.05):
            started = folder.is_there() and any(
                name.endswith("extracted.json") for name in folder.walk(lambda _: False, fresh_ns=0)
            )
            if started and (pids := extracting()):
                os.kill(pids[0], signal.SIGKILL)
                killed.append(pids[0])
                return

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        done.set()
        killer.join()
    assert killed, "no worker was killed"
