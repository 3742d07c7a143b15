"""Truths about rows that need more than one column or table, computed for all rows at once.

Every function gives one boolean a row. They stand in for expectations with parameters, which Great Expectations
evaluates ten times more slowly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute  # its type stubs know single arrays and scalars only, not columns of tables

Column: TypeAlias = "pa.ChunkedArray[Any]"
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]


def flags(values: Any, *, null: bool = True) -> Flags:
    """An Arrow boolean column as one flag a row; a null stands for `null` (most rules leave absence alone)."""
    filled = pc.fill_null(values, null)
    array = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=bool)


def every(conditions: Iterable[Flags]) -> Flags:
    """True where all conditions are."""
    return reduce(np.logical_and, conditions)


def required_given(table: pa.Table, columns: Iterable[str]) -> Flags:
    """No null in any of these columns."""
    found = np.ones(table.num_rows, dtype=bool)
    for name in columns:
        if table.column(name).null_count:
            found &= flags(pc.is_valid(table.column(name)))
    return found


def no_empty_text(table: pa.Table, columns: Iterable[str]) -> Flags:
    """No text, and no text of a list, is "": absence is null."""
    found = np.ones(table.num_rows, dtype=bool)
    for name in columns:
        column = table.column(name)
        if pa.types.is_list(column.type):
            parents = pc.list_parent_indices(column)
            found[parents.filter(pc.equal(pc.list_flatten(column), "")).to_numpy()] = False
        else:
            found &= flags(pc.not_equal(pc.binary_length(column), 0))
    return found


def true_of_distinct(column: Column, holds: Callable[[str], bool]) -> Flags:
    """Whether `holds` is true of each value, asked once per distinct value; true of null."""
    encoded: Any = column.combine_chunks().dictionary_encode()
    answers = pa.array([holds(value) for value in encoded.dictionary.to_pylist()], type=pa.bool_())
    return flags(answers.take(encoded.indices))


def first_of_key(*parts: Integers) -> Flags:
    """True of the first row of each key, so that of rows with one key one stays; parts are coded key columns."""
    order = np.lexsort(parts[::-1])  # stable: rows of one key stay in the order of the table
    same = every([part[order][1:] == part[order][:-1] for part in parts])
    found = np.ones(len(order), dtype=bool)
    found[order[1:]] = ~same
    return found


def codes(column: Column) -> Integers:
    """A number for each distinct value; null is -1."""
    indices = column.combine_chunks().dictionary_encode().indices
    return np.asarray(pc.fill_null(indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def positions(column: Column, among: Column) -> Integers:
    """For each value the row in `among` that has it; -1 where none has."""
    found = pc.index_in(column, value_set=among.combine_chunks(), skip_nulls=True)
    return integers(found, null=-1)


def integers(column: Column, *, null: int = -1) -> Integers:
    """A column of whole numbers or days (days since 1970) as int64; `null` where there is none."""
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    array = pc.fill_null(column, null)
    combined = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return np.asarray(combined.to_numpy(zero_copy_only=False), dtype=np.int64)


def given(column: Column) -> Flags:
    """Where the column is not null."""
    return flags(pc.is_valid(column))


def take(column: Column, rows: Integers) -> Any:
    """The values at these rows; null for row -1."""
    return pc.take(column.combine_chunks(), pa.array(rows, mask=rows < 0))


def cuts_out(
    texts: Column,
    rows: Integers,
    start: Column,
    end: Column,
    cut: Column,
) -> Flags:
    """Whether characters [start, end) of the text at each row are `cut`; true for row -1 (another rule's business)."""
    whole = texts.to_pylist()
    pieces = zip(rows.tolist(), start.to_pylist(), end.to_pylist(), cut.to_pylist(), strict=True)
    return np.array([row < 0 or s is None or whole[row][s:e] == piece for row, s, e, piece in pieces], dtype=bool)
