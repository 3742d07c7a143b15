"""Repair: what is damaged goes, and the next run makes it anew from the files it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.contracts.ledger import LEDGER
from tasks.merging import Standing, merge_incidents
from tasks.store import SEGMENTED, Change, Store, StoreError, segment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What was found: how many parts were verified, which were damaged, how many files have to be processed again.

    `files` is None where even the list of files was lost.
    """

    parts: int
    damaged: Sequence[str]
    files: int | None


def repair(store: Store, *, keep: int) -> Repaired:
    """Verifies every part of the current version by its digest and publishes a version of what is sound.

    The files of a damaged segment are unknown to that version, so that a run processes them again. To be called with
    the lock held.
    """
    try:
        version = store.current()
    except StoreError as fault:
        store.forget()
        return Repaired(parts=0, damaged=(str(fault).split(":")[0],), files=None)
    if version is None:
        return Repaired(parts=0, damaged=(), files=0)
    damaged = [p.name for p in version.parts if not version.intact(p)]
    if not damaged:
        return Repaired(parts=len(version.parts), damaged=(), files=0)
    segments = {segment_of(name) for name in damaged if name.split("/")[0] in SEGMENTED}
    ledgers = [p for p in version.parts if p.name.startswith(f"{LEDGER.name}/") and segment_of(p.name) in segments]
    store.drop_segments(segments, keep=keep)
    nothing = {name: table.build([]) for name, table in SEGMENTED.items()}
    derived = merge_incidents(Standing.of(store.current()), nothing, replaced=frozenset(), anew=True)
    store.commit(Change(removed=frozenset(), added=nothing, derived=derived), keep=keep)
    return Repaired(parts=len(version.parts), damaged=damaged, files=sum(p.rows for p in ledgers))
