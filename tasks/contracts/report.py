"""What a run did, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """Files by what was done with them, rows of the published tables, and where they are."""

    outputs: str
    version: int
    new: int = 0
    changed: int = 0
    gone: int = 0
    recoded: int = 0
    unchanged: int = 0
    articles: int = 0
    sentences: int = 0
    events: int = 0
    rejects: int = 0
    rejects_by_reason: dict[str, int] = field(default_factory=dict)

    def sentence(self) -> str:
        """The run in words, for a log line or a flow's final state."""
        done = (
            f"{self.new} new, {self.changed} changed, {self.gone} gone, "
            f"{self.recoded} coded anew, {self.unchanged} unchanged"
        )
        return f"{self.articles:,} articles, {self.events:,} events, {self.rejects:,} rejects; files: {done}"

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return asdict(self)
