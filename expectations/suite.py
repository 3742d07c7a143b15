"""The vocabulary of the suites: rules, what they give, and short ways to write the common ones.

A row that breaks a critical rule is rejected; a row that breaks a warning is kept and counted. A critical rule of the
whole table that does not hold stops the publication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pyarrow as pa

from tasks.contracts.records import Reject

Severity = Literal["critical", "warning"]
Cause = Literal["code", "input"]

SAMPLES = 5  # failing rows shown per rule: enough to see a pattern, few enough to read
MIN_BROKEN_ROWS = 20
"""So many broken rows never stop a publication: a share says nothing of a run over two articles."""
MAX_BROKEN_SHARE = 0.2
"""Above this share of rows with a fault of the code, the code is wrong and not the rows. A sound run has none."""


class ExpectationFault(RuntimeError):
    """A rule could not be evaluated: a fault of the pipeline, never a bad row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What must hold, as one Great Expectations expectation.

    `kwargs` are the expectation's own; their columns are columns of the table or facts computed beside it.
    `columns` are those that a reader of a rejected row should look at; where a rule covers many, `culprit` tells by
    its value which of them is wrong. `cause` says who is to blame for a broken row: a page may lie about its date
    ("input"), but offsets that miss the text are wrong code. Only the latter count towards stopping.
    """

    name: str
    expectation: str
    kwargs: Mapping[str, Any]
    columns: tuple[str, ...]
    reason: str
    severity: Severity = "critical"
    cause: Cause = "code"
    whole_table: bool = False
    culprit: Callable[[Any], bool] | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The columns that the expectation reads."""
        return tuple(self.kwargs[k] for k in ("column", "column_A", "column_B") if k in self.kwargs)

    @property
    def rejects(self) -> bool:
        """Whether a row that breaks it is rejected."""
        return self.severity == "critical" and not self.whole_table

    def detail(self, row: Mapping[str, Any]) -> str:
        """The rule's name and the columns at fault: what a rejected row says of itself."""
        wrong = [c for c in self.columns if self.culprit is None or self.culprit(row.get(c))]
        return f"{self.name} ({', '.join(wrong)})" if wrong else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What a rule gave on one table: counts and a few failing values, as text.

    `mostly` is the share of rows that must hold, where the rule asks for a share.
    """

    table: str
    rule: str
    expectation: str
    reason: str
    severity: Severity
    whole_table: bool
    rows_checked: int
    rows_failed: int
    success: bool
    mostly: float | None = None
    samples: tuple[str, ...] = ()

    @property
    def critical(self) -> bool:
        """Whether a failure rejects rows (a row rule) or stops the publication (a rule of the whole table)."""
        return self.severity == "critical"


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked table: rows in = `kept` + `rejects`. `stop`: a critical rule of the whole table does not hold."""

    kept: pa.Table
    rejects: tuple[Reject, ...]
    results: tuple[RuleResult, ...]
    stop: bool


def holds(
    name: str,
    fact: str,
    columns: Iterable[str],
    reason: str,
    *,
    severity: Severity = "critical",
    cause: Cause = "code",
    culprit: Callable[[Any], bool] | None = None,
) -> Rule:
    """The computed fact is true of every row."""
    return Rule(
        name=name,
        expectation="expect_column_values_to_be_in_set",
        kwargs={"column": fact, "value_set": [True]},
        columns=tuple(columns),
        reason=reason,
        severity=severity,
        cause=cause,
        culprit=culprit,
    )


def filled(required: Iterable[str], texts: Iterable[str]) -> tuple[Rule, Rule]:
    """No null where a value is required, and no text that is empty."""
    return (
        holds(
            "required values are given",
            "required_given",
            required,
            "declared as never null",
            culprit=lambda value: value is None,
        ),
        holds(
            "no text is empty",
            "no_empty_text",
            texts,
            "absence is null",
            culprit=lambda value: value == "" or (isinstance(value, list) and "" in value),
        ),
    )


def in_set(column: str, values: Iterable[str], reason: str) -> Rule:
    """Every value of the column, where there is one, is of a closed list."""
    return Rule(
        name=f"{column} is of the closed list",
        expectation="expect_column_values_to_be_in_set",
        kwargs={"column": column, "value_set": list(values)},
        columns=(column,),
        reason=reason,
    )


def between(column: str, low: Any, high: Any, reason: str, *, cause: Cause = "code") -> Rule:
    """Every value of the column, where there is one, is from `low` to `high`, both included; years for a day."""
    return Rule(
        name=f"{column} is in range",
        expectation="expect_column_values_to_be_between",
        kwargs={"column": column, "min_value": low, "max_value": high},
        columns=(column,),
        reason=reason,
        cause=cause,
    )


def mostly_in_set(name: str, column: str, values: Iterable[Any], share: float, reason: str) -> Rule:
    """A warning where fewer than `share` of the rows have one of these values."""
    return Rule(
        name=name,
        expectation="expect_column_values_to_be_in_set",
        kwargs={"column": column, "value_set": list(values), "mostly": share},
        columns=(column,),
        reason=reason,
        severity="warning",
        whole_table=True,
    )


def columns_present(columns: Iterable[str]) -> Rule:
    """The table has these columns: nothing else can be said of a table that lacks one."""
    names = tuple(columns)
    return Rule(
        name="columns are present",
        expectation="expect_table_columns_to_match_set",
        kwargs={"column_set": list(names), "exact_match": False},
        columns=names,
        reason="whoever loads the table counts on its columns",
        whole_table=True,
    )


def few_broken(rows: int) -> Rule:
    """At most a fifth of the rows, and never fewer than 20 of them, break a rule through a fault of the code."""
    allowed = max(MAX_BROKEN_SHARE, min(1.0, MIN_BROKEN_ROWS / rows))
    return Rule(
        name="few rows are broken",
        expectation="expect_column_values_to_be_in_set",
        kwargs={"column": "row_is_sound", "value_set": [True], "mostly": 1 - allowed},
        columns=(),
        reason="many broken rows are a fault of the code, and the version before it is better than what is left",
        whole_table=True,
    )


def merge_results(results: Iterable[RuleResult]) -> tuple[RuleResult, ...]:
    """One result a table and rule, batches added up, in the order in which they first came."""
    merged: dict[tuple[str, str], RuleResult] = {}
    for result in results:
        key = (result.table, result.rule)
        sofar = merged.get(key)
        merged[key] = result if sofar is None else _add(sofar, result)
    return tuple(merged.values())


def _add(one: RuleResult, other: RuleResult) -> RuleResult:
    checked, failed = one.rows_checked + other.rows_checked, one.rows_failed + other.rows_failed
    success = one.success and other.success
    if one.mostly is not None and not one.critical:  # a share says more of all batches than of one small batch
        success = checked - failed >= one.mostly * checked
    samples = (*one.samples, *other.samples)[:SAMPLES]
    return replace(one, rows_checked=checked, rows_failed=failed, success=success, samples=samples)
