"""What a run did, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came out of the articles that this run worked on; the tables may hold many more.

    `days` counts their days of publication, `undated` the events without a date, `seconds` the time of each stage.
    """

    articles: int = 0
    without_events: int = 0
    events: int = 0
    undated: int = 0
    days: int = 0
    rejects: int = 0
    rejects_by_reason: dict[str, int] = field(default_factory=dict)
    events_by_type: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure of a run beside what the last runs lead one to expect; `low` and `high` are included."""

    name: str
    words: str
    value: float
    usual: float
    low: float
    high: float

    @property
    def is_usual(self) -> bool:
        """Whether the figure lies within its bounds."""
        return self.low <= self.value <= self.high

    def sentence(self) -> str:
        """The figure and what is usual, in words."""
        if self.name == "volume":
            return f"{self.value:.1f} {self.words}, usually {self.usual:.1f}"
        return f"{self.value:.0%} {self.words}, usually {self.usual:.0%}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """Files by what was done with them, rows of the published tables, and where they are.

    `unusual` and `drift` say in words what differs from the last runs: the former ends the run with a warning.
    """

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
    tally: Tally = field(default_factory=Tally)
    unusual: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)

    @property
    def worked(self) -> int:
        """How many files the run did anything about."""
        return self.new + self.changed + self.gone + self.recoded

    def sentence(self) -> str:
        """The run in words, for a log line or a flow's final state."""
        done = (
            f"{self.new} new, {self.changed} changed, {self.gone} gone, "
            f"{self.recoded} coded anew, {self.unchanged} unchanged"
        )
        words = f"{self.articles:,} articles, {self.events:,} events, {self.rejects:,} rejects; files: {done}"
        return "; ".join([*self.unusual, words])

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RunReport:
        """The report that `as_dict` gave."""
        return cls(**{**values, "tally": Tally(**values["tally"])})
