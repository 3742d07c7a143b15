"""Python's collector of unreachable objects, told to leave alone what stays.

Looking through the model, the lexicons and Prefect again and again took a tenth of extraction and of a run's own work.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG_OBJECTS = 10_000  # made before the collector looks at them; Python's 700 is for smaller heaps


def collect_rarely() -> None:
    """What exists now is not looked at again, what comes is less often."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """The same for a while."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
