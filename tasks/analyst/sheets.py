"""Events for spreadsheets: CSV, and XLSX with the dictionary as a second sheet. No cell is ever a formula."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from tasks.contracts.errors import UsageFault
from tasks.contracts.tables import EVENTS

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CELL_CHARS = 32_767  # what a cell of a workbook holds
SHEET_ROWS = 1_048_575  # what a sheet holds, less the head
COLUMNS = tuple(c.name for c in EVENTS.columns if c.name not in ("actors", "targets"))  # actor and target say the same
MADE = datetime.datetime(2000, 1, 1)  # the workbook's creation date: equal tables give equal bytes


def safe(value: Any) -> Any:
    """The value as a cell: a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def to_csv(events: pa.Table) -> Iterator[str]:
    """The lines of the CSV file, the head first; null is an empty cell."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(events):
        writer.writerow([safe(v) for v in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def to_xlsx(events: pa.Table, out: BinaryIO) -> None:
    """Writes a workbook: the events with filters, and what each column means.

    Raises UsageFault where the events are more than a sheet holds. Texts beyond 32,767 characters are cut.
    """
    if events.num_rows > SHEET_ROWS:
        raise UsageFault(f"{events.num_rows:,} events are more than a sheet's {SHEET_ROWS:,} rows; filter, or take csv")
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": MADE, "title": EVENTS.description})
        head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("events")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, COLUMNS, head)
        n = 0
        for n, row in enumerate(_rows(events), start=1):
            for column, value in enumerate(row):
                _write(sheet, n, column, value, day)
        sheet.autofilter(0, 0, n, len(COLUMNS) - 1)
        meanings = book.add_worksheet("columns")
        meanings.write_row(0, 0, ("column", "unit", "meaning"), head)
        for k, c in enumerate((c for c in EVENTS.columns if c.name in COLUMNS), start=1):
            meanings.write_row(k, 0, (c.name, c.unit, c.description))


def _rows(events: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in events.select(COLUMNS).to_batches(max_chunksize=10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime(value.year, value.month, value.day), day)
    elif isinstance(value, str):
        sheet.write_string(row, column, safe(value)[:CELL_CHARS])
    elif value is not None:
        sheet.write_number(row, column, value)
