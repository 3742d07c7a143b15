"""What some tests need of the machine beside the environment."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

STRICT = "DATELINE_TESTS_SKIP_NOTHING"  # CI sets it: there a skip that nobody notices is a fault


def missing(program: str, package: str) -> NoReturn:
    """Skips the test, naming the package to install; fails it where nothing may be skipped."""
    words = f"{program} is missing: apt-get install {package}"
    if os.environ.get(STRICT):
        pytest.fail(words)
    pytest.skip(words)
