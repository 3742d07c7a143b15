"""What a stage hands on, noted beside its files: after a kill of the run or of a worker no stage is done twice."""

from __future__ import annotations

import dataclasses
import json
from typing import TypeVar

from tasks.contracts.errors import StoreError
from tasks.contracts.refs import Ref
from tasks.contracts.stages import Batch, Cleaned, Extracted, Ingested, Validated
from tasks.storage.folder import open_folder, read_at
from tasks.store import read_ref

Stage = TypeVar("Stage", Ingested, Cleaned, Extracted, Validated)


def hand_on(batch: Batch, done: Stage) -> Stage:
    """Notes what the stage has done, as its last act; gives it back."""
    open_folder(batch.folder).write(_note(type(done)), json.dumps(dataclasses.asdict(done)).encode())
    return done


def handed_on(batch: Batch, kind: type[Stage]) -> Stage | None:
    """What that stage has done of the batch before, if every file of it is as it was written."""
    try:
        values = json.loads(open_folder(batch.folder).read(_note(kind)))
        done = kind(**{name: Ref(**v) if isinstance(v, dict) else v for name, v in values.items()})
        for field in dataclasses.fields(done):
            value = getattr(done, field.name)
            if isinstance(value, Ref):
                read_ref(value)
        if isinstance(done, Validated):
            json.loads(read_at(done.results))  # not synced: may be empty now
    except (OSError, ValueError, KeyError, TypeError, StoreError):
        return None
    return done


def _note(kind: type[Stage]) -> str:
    return f"{kind.__name__.lower()}.json"
