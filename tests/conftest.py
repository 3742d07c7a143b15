"""An object store for the tests of every folder: it starts where one asks for a bucket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def object_server() -> Iterator[dict[str, str]]:
    from tests.objectstore import object_store

    with object_store() as environment:
        yield environment


@pytest.fixture
def bucket(object_server: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a bucket with nothing in it."""
    from tests.objectstore import empty_bucket

    for name, value in object_server.items():
        monkeypatch.setenv(name, value)
    return empty_bucket()
