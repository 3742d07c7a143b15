"""What a stage has handed on is not done again, unless it is no longer what was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from prefect.logging import disable_run_logger

from tasks.contracts.settings import Settings
from tasks.contracts.stages import Batch, FileItem, Ingested
from tasks.handover import handed_on
from tasks.ingest import ingest
from tasks.scan import list_inputs
from tasks.store import read_ref


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text("Troops left the town on Friday, the ministry said in a statement.")
    items = tuple(FileItem(*item) for item in list_inputs(seeds, settle_seconds=0).items())
    return Batch(number=1, of=1, stored=False, folder=str(tmp_path / "batch"), items=items)


def ingested(batch: Batch, seeds: Path) -> Ingested:
    with disable_run_logger():
        return ingest.fn(batch, seeds=str(seeds), settings=Settings())


def test_a_stage_whose_worker_died_after_it_is_not_done_again(batch: Batch, tmp_path: Path) -> None:
    assert handed_on(batch, Ingested) is None
    first = ingested(batch, tmp_path / "seeds")
    (tmp_path / "seeds" / "a.txt").unlink()
    assert ingested(batch, tmp_path / "seeds") == first == handed_on(batch, Ingested)


@pytest.mark.parametrize("lost", ["pages.parquet", "ingested.json"])
def test_a_stage_whose_files_were_lost_is_done_again(lost: str, batch: Batch, tmp_path: Path) -> None:
    first = ingested(batch, tmp_path / "seeds")
    (tmp_path / "batch" / lost).write_bytes(b"")
    assert handed_on(batch, Ingested) is None
    assert ingested(batch, tmp_path / "seeds") == first
    assert read_ref(first.pages).num_rows == 1
