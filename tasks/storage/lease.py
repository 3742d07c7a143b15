"""The lock of an outputs folder in an object store: a lease that its holder renews as long as it lives.

The lock is an object; who writes it under the condition that nobody else has is the holder. A holder that dies cannot
take it back, so it counts for LEASE_SECONDS after its last renewal, by the store's own clock, and then is free.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tasks.contracts.errors import OutputsLocked, StoreError
from tasks.storage.s3 import Found, S3Folder

LOCK = "lock.json"
LEASE_SECONDS = 60.0
NO_TAG = '"none"'  # that no object has
RENEWALS = 4  # within that time: three may fail on their way


_HELD: dict[str, Lease] = {}
"""What this process holds, by address: a run takes the lock once and opens its outputs folder several times."""


class Lease:
    """The lock of one outputs folder, as one writer holds it."""

    def __init__(self, folder: S3Folder) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._note: dict[str, Any] = {}
        self._tag: str | None = None

    def is_held(self) -> bool:
        """Whether a writer holds it at this moment."""
        found = self._find()
        return found is not None and _holds(found)

    @contextlib.contextmanager
    def hold(self, run: str | None) -> Iterator[str | None]:
        """Holds the lock; gives the run of a holder that died. Raises OutputsLocked where another writer holds it."""
        dead = self._take(run)
        _HELD[self._folder.address] = self
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(done,), daemon=True, name="dateline-lease")
        heart.start()
        try:
            yield dead
        finally:
            done.set()
            heart.join()
            _HELD.pop(self._folder.address, None)
            self._let_go(None if run is not None else dead)
            self._note = {}

    def confirm(self) -> None:
        """Makes sure that this process still holds the lock, whichever object of it has taken it.

        Raises StoreError where another writer has taken it over.
        """
        (self if self._note else _HELD.get(self._folder.address, self))._renew()

    def _renew(self) -> None:
        with self._guard:
            if self._tag is not None:
                self._note["renewals"] += 1
                self._tag = self._folder.write_if(LOCK, _encoded(self._note), tag=self._tag)
            if self._tag is None:
                raise StoreError(
                    f"{self._folder.address}: this run gave no sign of life for {LEASE_SECONDS:.0f} s and another has "
                    "taken over; what was published stays, the other run or the next one does the rest"
                )

    def _take(self, run: str | None) -> str | None:
        found = self._find()
        if found is not None and _holds(found):
            raise OutputsLocked(
                f"{self._folder.address}: another run is in progress ({_words(found)}); try again later"
            )
        dead = None if found is None else _note_in(found).get("run")
        since = datetime.now(UTC).isoformat(timespec="seconds")
        self._note = {"holder": uuid4().hex, "host": socket.gethostname(), "pid": os.getpid(), "since": since}
        self._note |= {"run": run or dead, "renewals": 0}
        self._tag = self._folder.write_if(LOCK, _encoded(self._note), tag=None if found is None else found.tag)
        if self._tag is None:
            raise OutputsLocked(f"{self._folder.address}: another run has just started; try again later")
        if self._folder.write_if(LOCK, b"{}", tag=NO_TAG) is not None:
            raise StoreError(
                f"{self._folder.address}: this store ignores the condition of a conditional write (If-Match), so that "
                "two runs could overwrite each other; use a store that has them, or a folder"
            )
        return dead

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(LEASE_SECONDS / RENEWALS):
            with contextlib.suppress(StoreError):  # the next renewal, or the commit, finds the same
                self._renew()

    def _let_go(self, dead: str | None) -> None:
        with contextlib.suppress(StoreError), self._guard:  # unreachable: the lease ends by itself
            if self._tag is not None:
                self._folder.write_if(LOCK, _encoded({"holder": None, "run": dead}), tag=self._tag)
                self._tag = None

    def _find(self) -> Found | None:
        try:
            return self._folder.find(LOCK)
        except FileNotFoundError:
            return None


def _encoded(note: dict[str, Any]) -> bytes:
    return json.dumps(note).encode()


def _note_in(found: Found) -> dict[str, Any]:
    try:
        note = json.loads(found.data)
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def _holds(found: Found) -> bool:
    return _note_in(found).get("holder") is not None and found.age < LEASE_SECONDS


def _words(found: Found) -> str:
    note = _note_in(found)
    left = max(0.0, LEASE_SECONDS - found.age)
    return (
        f"pid {note.get('pid')} on {note.get('host')}, since {note.get('since')}; if it has died, its lock is free in "
        f"{left:.0f} s"
    )
