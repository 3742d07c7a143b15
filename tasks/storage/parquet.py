"""Tables as Parquet bytes and back."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.contracts.errors import StoreError

GROUP_ROWS = 16_384  # a row group; in smaller ones files grow, of larger ones more is read than is wanted


def encode(table: pa.Table) -> bytes:
    """The table as a Parquet file's bytes, with page checksums: equal tables give equal bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", compression_level=3, row_group_size=GROUP_ROWS, write_page_checksum=True
    )
    data: bytes = sink.getvalue().to_pybytes()
    return data


def decode(
    source: bytes | pa.NativeFile,
    *,
    name: str,
    columns: Sequence[str] | None = None,
    encoded: Sequence[str] = (),
    keys: Sequence[str] | None = None,
) -> pa.Table:
    """The rows of a Parquet file, every page checked against its checksum. `name` is the file's, for the message.

    `encoded` are columns to come as dictionaries. With `keys`, sorted article keys, row groups that have no row of
    these articles are left out.
    Raises StoreError where the file is missing, truncated or damaged.
    """
    try:
        file = pa.BufferReader(source) if isinstance(source, bytes) else source
        opened = pq.ParquetFile(file, read_dictionary=list(encoded), page_checksum_verification=True)
        groups = range(opened.num_row_groups) if keys is None else _groups_with(keys, opened.metadata)
        table: pa.Table = opened.read_row_groups(list(groups), columns=None if columns is None else list(columns))
    except (OSError, pa.ArrowException) as error:
        raise damaged(name, error) from error
    return table


def _groups_with(keys: Sequence[str], metadata: pq.FileMetaData) -> Iterator[int]:
    """The row groups that may have one of the article keys, by the least and the greatest that they have."""
    at = metadata.schema.names.index("article_key")
    for number in range(metadata.num_row_groups):
        found = metadata.row_group(number).column(at).statistics
        if found is None or not found.has_min_max:
            yield number
            continue
        least, greatest = str(found.min), str(found.max)
        if bisect_left(keys, least) < bisect_right(keys, greatest):
            yield number


def damaged(name: str, error: object) -> StoreError:
    """What is said of a file of the tables that is not what was written."""
    return StoreError(f"{name}: damaged or missing ({error}); run `dateline repair`")


def digest_of(data: bytes) -> str:
    """BLAKE2b of the bytes, 32 hex characters."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
