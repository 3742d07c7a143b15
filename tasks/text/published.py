"""The publication day of a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def infer_published(
    *, lines: Sequence[str], article_lines: Sequence[int], source_path: str, stated: date | None, day_first: bool
) -> tuple[date | None, str]:
    """The day of publication and where it was read: metadata, text, inferred or none."""
    return (stated, "metadata") if stated else (None, "none")
