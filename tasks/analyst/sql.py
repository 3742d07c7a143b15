"""SQL over the tables: one statement, every table a view, nothing else in reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from tasks.contracts.errors import UsageFault


def query(statement: str, *, tables: Mapping[str, Any]) -> pa.Table:
    """The statement's rows. `tables`: Arrow tables or data sets by the name of their view.

    The database lives in memory and reaches neither files nor network, so that nothing outside can be read or changed.
    Raises UsageFault with the engine's own words where the statement is wrong or asks for more.
    """
    import duckdb

    with duckdb.connect(":memory:", config={"python_enable_replacements": "false"}) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            found = connection.sql(statement)
            if found is None:
                raise UsageFault("only questions are answered: begin with SELECT, FROM, DESCRIBE or SUMMARIZE")
            result: pa.Table = found.to_arrow_table()
        except duckdb.Error as error:
            raise UsageFault(f"{error}") from None
    return result
