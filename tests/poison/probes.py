"""What tests have workers do; imports next to nothing, since a worker imports it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def slow_answer(numbers: Sequence[int], _: Any) -> list[float]:
    """When the chunk was done, for each of its numbers."""
    time.sleep(0.2)
    return [time.monotonic()] * len(numbers)


def threads(numbers: Sequence[int], _: Any) -> list[int]:
    """How many threads the worker has; fails where it has imported Arrow, which starts one."""
    assert "pyarrow" not in sys.modules
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return [int(status.partition("Threads:")[2].split()[0])] * len(numbers)
