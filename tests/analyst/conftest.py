"""A small outputs folder with two versions, made once; tests only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.store import Store, Version
from tests.analyst import sample


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analyst") / "outputs"
    sample.publish(folder)
    return folder


@pytest.fixture(scope="session")
def version(outputs: Path) -> Version:
    found = Store(outputs).current()
    assert found is not None
    return found
