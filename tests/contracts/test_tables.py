"""Tables: however rows come, equal rows make equal bytes."""

from __future__ import annotations

import pytest

from tasks.contracts.records import EVENT_FIELDS, columns_of
from tasks.contracts.tables import EVENTS, ContractError
from tasks.storage.parquet import decode, encode
from tests.analyst import sample

TOLD = [sample.talks(), sample.shelling(), sample.warning()]


def test_events_by_column_make_the_table_that_events_make() -> None:
    by_column = dict(zip(EVENT_FIELDS, columns_of(TOLD), strict=True))
    assert EVENTS.build_columns(by_column).equals(EVENTS.build(TOLD))
    assert columns_of([]) == ()


def test_a_missing_column_is_named() -> None:
    by_column = dict(zip(EVENT_FIELDS, columns_of(TOLD), strict=True))
    del by_column["rule"]
    with pytest.raises(ContractError, match="events: no values for rule"):
        EVENTS.build_columns(by_column)
    with pytest.raises(ContractError, match="events: a record lacks a column"):
        EVENTS.build([object()])


def test_the_same_rows_joined_from_other_pieces_give_the_same_bytes() -> None:
    whole = EVENTS.build(TOLD)
    stored = decode(encode(whole), name="events")
    pieces = [whole.slice(2), whole.slice(0, 2)]
    nothing = EVENTS.build([])
    for tables in ([whole], [stored], [nothing, stored], pieces, [stored.slice(0, 1), stored.slice(1)]):
        assert encode(EVENTS.join(tables)) == encode(whole)
    assert encode(EVENTS.join([])) == encode(EVENTS.join([nothing]))
