"""What must hold of a run's figures beside those of the last runs: warnings all, with their bounds as reasons."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.check import check_figures
from expectations.suite import Rule, RuleResult
from tasks.contracts.report import Measure

TABLE = "drift"


def check_drift(measures: Sequence[Measure]) -> tuple[RuleResult, ...]:
    """The verdict on each figure; a figure out of its bounds warns and stops nothing."""
    rules = [rule_of(m) for m in measures]
    return check_figures(TABLE, rules, {m.name: m.value for m in measures}) if rules else ()


def rule_of(m: Measure) -> Rule:
    """The figure lies between its bounds."""
    return Rule(
        name=f"{m.name} is as usual",
        expectation="expect_column_values_to_be_between",
        kwargs={"column": m.name, "min_value": m.low, "max_value": m.high},
        columns=(m.name,),
        reason=f"{m.sentence()}; the last runs allow from {m.low:.3g} to {m.high:.3g}",
        severity="warning",
        whole_table=True,
    )
