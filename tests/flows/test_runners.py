"""Where tasks run does not show in the tables: the same bytes from threads, Dask's processes and local Ray."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from flows.runners import RUNNERS, choose_runner
from tasks.contracts.errors import UsageFault
from tasks.contracts.tables import TABLES
from tasks.store import Store

EXTRAS = {"dask": "prefect_dask", "ray": "prefect_ray"}


def test_a_wrong_runner_or_address_is_named() -> None:
    with pytest.raises(UsageFault, match="must be one of threads, processes, dask, ray"):
        choose_runner("spark", None)
    with pytest.raises(UsageFault, match="only a dask or ray runner"):
        choose_runner("threads", "tcp://10.0.0.1:8786")


@pytest.mark.parametrize("kind", [k for k in RUNNERS if k in EXTRAS])
def test_an_extra_that_is_missing_is_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if find_spec(EXTRAS[kind]):
        pytest.skip(f"{EXTRAS[kind]} is installed")
    monkeypatch.setenv("DATELINE_WORKERS", "1")
    with pytest.raises(UsageFault, match=rf"pip install 'dateline\[{kind}\]'"):
        choose_runner(kind, None)


@pytest.mark.parametrize("kind", ["processes", "dask", "ray"])
@pytest.mark.usefixtures("prefect_server")
def test_every_runner_gives_the_same_bytes(
    kind: str, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind in EXTRAS and not find_spec(EXTRAS[kind]):
        pytest.skip(f"{EXTRAS[kind]} is not installed: pip install -e '.[{kind}]'")
    from flows.start import run_flow

    monkeypatch.setenv("DATELINE_WORKERS", "1")
    monkeypatch.setenv("DATELINE_BATCH_ARTICLES", "1")
    run_flow(seeds=seeds, outputs=tmp_path / "threads")
    run_flow(seeds=seeds, outputs=tmp_path / kind, runner=kind)
    assert digests(tmp_path / kind) == digests(tmp_path / "threads")


def digests(outputs: Path) -> dict[str, str]:
    version = Store(outputs).current()
    assert version is not None
    return {p.name: p.digest for p in version.parts if p.name.split("/")[0] in TABLES}
