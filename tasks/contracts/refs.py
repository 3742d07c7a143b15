"""References: what tasks hand each other instead of rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """A Parquet file of one table: `path` (absolute, or a URL), its rows and the digest of its bytes."""

    table: str
    path: str
    rows: int
    digest: str
