"""Records as processes hand them to each other."""

from __future__ import annotations

import dataclasses
import pickle
from datetime import date
from typing import Any

import pytest

from tasks.contracts.records import Event


def test_an_event_comes_out_of_another_process_as_it_went_in() -> None:
    facts: dict[str, Any] = {f.name: None for f in dataclasses.fields(Event)}
    sent = Event(**facts | {"event_id": "0", "actors": ("Rebels",), "date": date(2024, 5, 3), "latitude": 6.13})
    received = pickle.loads(pickle.dumps(sent))
    assert received == sent
    with pytest.raises(dataclasses.FrozenInstanceError):
        received.killed = 1
