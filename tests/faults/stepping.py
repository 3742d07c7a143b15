"""A run that waits at its points, where it can be forked: all faults at a point for the price of one way there."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.faults.points import ACTS, Watch, watch
from tests.faults.trials import Ended, Forked, fork, live


class Stepped:
    """A run, watched in its outputs folder, that goes on from point to point as it is told.

    A fork of it changes the folder; before the run itself goes on, the folder has to be what it was.
    """

    def __init__(self, outputs: Path, run: Callable[[], Any]) -> None:
        self._outputs, self._run = outputs, run
        self._forked: Forked | None = None
        self._at = 0

    def until(self, number: int) -> None:
        """Lets it go on to that point; one that has ended starts anew."""
        if self._forked is None:
            self._pipe, theirs = multiprocessing.Pipe()
            self._forked = fork(seconds=3_600)
            if self._forked is None:
                self._pipe.close()
                watch(self._outputs, at=number, act=lambda seen: _take_orders(seen, theirs))
                live(self._run)
            theirs.close()
        elif number == self._at:
            return
        else:
            self._pipe.send(number)
        try:
            self._can_be_forked = self._pipe.recv()
        except EOFError:
            raise AssertionError(f"the run ended before its point {number}: {self._forked.wait()}") from None
        self._at = number

    def hurt(self, act: str) -> Ended:
        """How a fork of it ends to which that happens at the point where it waits, or it itself if it must."""
        self._pipe.send(act)
        if self._can_be_forked:
            ended: Ended = self._pipe.recv()
            return ended
        return self._ended()

    def end(self) -> None:
        """Ends it where it waits."""
        if self._forked is not None:
            os.kill(self._forked.pid, signal.SIGKILL)
            self._ended()

    def _ended(self) -> Ended:
        assert self._forked is not None
        ended = self._forked.wait()
        self._pipe.close()
        self._forked = None
        return ended


def _take_orders(seen: Watch, pipe: Connection) -> None:
    # a lock that is just being taken knows that it was forked and refuses; the note is written when it is held
    can_be_forked = any(point.endswith("/.lock.json") for point in seen.points)
    _check_handles(seen)
    pipe.send(can_be_forked)
    while True:
        try:
            order = pipe.recv()
        except EOFError:  # nobody is there any more
            os._exit(1)
        if isinstance(order, int):
            seen.at = order
            return
        forked = fork() if can_be_forked else None
        if forked is None:
            seen.at = None
            ACTS[order](seen)
            return
        pipe.send(forked.wait())


def _check_handles(seen: Watch) -> None:
    """Forks work on a copy of the folder: what the run holds open must be nothing that it goes on to use."""
    handles = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
    held = {os.readlink(handle) for handle in handles if os.path.lexists(handle)}  # that of the listing is gone
    mine = {path for path in held if path.startswith(seen.folder)}
    point = seen.folder + seen.points[-1].split(" ", 1)[1]
    assert mine <= {point, f"{seen.folder}/.lock"}, f"held open at {point}: {mine}"
