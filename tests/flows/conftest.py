"""One temporary Prefect server for all flow tests of a session: it takes seconds to start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.environment import set_environment

set_environment()

OLD = 1_700_000_000_000_000_000
ARTICLES = {
    "bridge.txt": (
        "Rebels seize bridge near Mbali\n\nBy Ada Noll\n4 May 2024\n\n"
        "Rebels seized the bridge over the Mbali river on Friday and killed two soldiers.\n\n"
        "The army said it would send troops to the region. Nobody claimed the attack, officials said.\n"
    ),
    "talks.json": (
        '{"id": "talks-1", "title": "Norway hosts talks", "published": "2024-05-06", "text": "Norway hosted talks '
        "between Sudan and Chad on Monday. Sudan accused Chad of arming militias. The two sides agreed to meet "
        'again in June."}'
    ),
    "sub/strike.txt": (
        "Nurses strike in Leeds\n\n12 March 2024\n\n"
        "Hundreds of nurses went on strike in Leeds on Tuesday and demanded higher pay from the government.\n\n"
        "Ministers rejected the demand and urged the union to return to talks.\n"
    ),
}


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    for name, text in ARTICLES.items():
        drop(folder / name, text)
    return folder


def drop(path: Path, text: str) -> None:
    """Writes a file that looks as if it had been lying there for a while: nothing in it is too fresh to trust."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    age = OLD + len(text) * 1000  # an edit has another time, as it has in life
    os.utime(path, ns=(age, age))
