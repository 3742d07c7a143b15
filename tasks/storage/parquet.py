"""Tables as Parquet bytes and back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.contracts.errors import StoreError


def encode(table: pa.Table) -> bytes:
    """The table as a Parquet file's bytes, with page checksums: equal tables give equal bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", compression_level=3, row_group_size=131_072, write_page_checksum=True
    )
    data: bytes = sink.getvalue().to_pybytes()
    return data


def decode(
    source: bytes | pa.NativeFile, *, name: str, columns: Sequence[str] | None = None, encoded: Sequence[str] = ()
) -> pa.Table:
    """The rows of a Parquet file, every page checked against its checksum. `name` is the file's, for the message.

    `encoded` are columns to come as dictionaries.
    Raises StoreError where the file is missing, truncated or damaged.
    """
    try:
        file = pa.BufferReader(source) if isinstance(source, bytes) else source
        opened = pq.ParquetFile(file, read_dictionary=list(encoded), page_checksum_verification=True)
        table: pa.Table = opened.read(columns=list(columns) if columns is not None else None)
    except (OSError, pa.ArrowException) as error:
        raise damaged(name, error) from error
    return table


def damaged(name: str, error: object) -> StoreError:
    """What is said of a file of the tables that is not what was written."""
    return StoreError(f"{name}: damaged or missing ({error}); run `dateline repair`")


def digest_of(data: bytes) -> str:
    """BLAKE2b of the bytes, 32 hex characters."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
