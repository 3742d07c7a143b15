"""Choosing events by day, type, country and actor: the filters that exports share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which events to take; what is left out (None, empty) does not restrict.

    `first` and `last` are days, both included; an event counts where its range meets them, one without a date never.
    `countries` are alpha-3 codes of an actor, a target or the place; `actor` is part of an actor's or a target's name,
    in any case.
    """

    first: date | None = None
    last: date | None = None
    types: Sequence[str] = ()
    countries: Sequence[str] = ()
    actor: str | None = None


def choose(events: pa.Table, *, choice: Choice) -> pa.Table:
    """The rows of `events` that the choice takes, in their order."""
    keep = pa.array([True] * events.num_rows, pa.bool_())
    if choice.first is not None:
        keep = pc.and_(keep, pc.greater_equal(events["date_end"], pa.scalar(choice.first, pa.date32())))
    if choice.last is not None:
        keep = pc.and_(keep, pc.less_equal(events["date"], pa.scalar(choice.last, pa.date32())))
    if choice.types:
        keep = pc.and_(keep, pc.is_in(events["event_type"], pa.array(list(choice.types), pa.string())))
    if choice.countries:
        keep = pc.and_(keep, _has_any(events, ("actor_country", "target_country", "place_country"), choice.countries))
    if choice.actor:
        keep = pc.and_(keep, _names(events, choice.actor))
    return events.filter(keep)  # null counts as no


def _has_any(events: pa.Table, columns: Sequence[str], codes: Sequence[str]) -> pa.ChunkedArray:
    """Whether one of the columns, codes with ';' between several, holds one of the codes."""
    found = [
        pc.match_substring(pc.binary_join_element_wise("", events[c], "", ";"), f";{code};")
        for c in columns
        for code in codes
    ]
    return _any(found)


def _names(events: pa.Table, name: str) -> pa.ChunkedArray:
    return _any([pc.match_substring(events[c], name, ignore_case=True) for c in ("actor", "target")])


def _any(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    result = pc.fill_null(columns[0], False)
    for column in columns[1:]:
        result = pc.or_(result, pc.fill_null(column, False))
    return result
