"""Checks a table against its suite: which rows stay, which are rejected and under which rule."""

from __future__ import annotations

import json
import logging
import math
import os
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from expectations import articles as articles_suite
from expectations import events as events_suite
from expectations import incidents as incidents_suite
from expectations import sentences as sentences_suite
from expectations.facts import Column, Flags, pc
from expectations.suite import SAMPLES, Checked, ExpectationFault, Rule, RuleResult, few_broken
from tasks.contracts.codes import RejectReason
from tasks.contracts.records import Reject

SUITES = {
    "articles": (articles_suite.RULES, articles_suite.TABLE_RULES),
    "sentences": (sentences_suite.RULES, sentences_suite.TABLE_RULES),
    "events": (events_suite.RULES, events_suite.TABLE_RULES),
    "incidents": (incidents_suite.RULES, incidents_suite.TABLE_RULES),
}
MAX_SAMPLE = 200  # characters of a failing value that a report shows
MAX_CUTS = 1_000
"""Up to so many broken rows the kept ones are views of the table; more would leave it in crumbs, so it is copied."""
_GX = threading.Lock()  # its context is one for the process, and not made for threads


def check_table(
    name: str, table: pa.Table, *, articles: pa.Table | None = None, sentences: pa.Table | None = None
) -> Checked:
    """The rows of `table` that hold all critical rules of its suite; the others as rejects, one a row.

    Sentences are checked beside the kept `articles`, events beside the kept `articles` and `sentences`: a row whose
    article or sentence was rejected is rejected itself ("article exists"). An empty table holds everything. Where a
    column is missing nothing else is checked, no row is rejected and `stop` is set.

    Raises ExpectationFault where a rule cannot be evaluated, ValueError for an unknown table or a missing companion.
    """
    if name not in SUITES:
        raise ValueError(f"no suite for table {name!r}; there are {', '.join(SUITES)}")
    rules, table_rules = SUITES[name]
    if not table.num_rows:
        return Checked(table, (), tuple(_result(name, r, rows=0) for r in (*table_rules, *rules)), stop=False)
    present, *others = table_rules
    columns = _evaluate([present], _columns_only(table))[0]
    if not columns.success:
        return Checked(table, (), (_result(name, present, rows=table.num_rows, success=False),), stop=True)
    facts = _facts(name, table, articles=articles, sentences=sentences)
    outcomes = _evaluate([*others, *rules], _frame([*others, *rules], table, facts))
    rejecting = [o for o in outcomes if o.rule.rejects]
    broken = _rows_of(rejecting, table.num_rows)
    faulty = _rows_of([o for o in rejecting if o.rule.cause == "code"], table.num_rows)
    few = few_broken(table.num_rows)
    outcomes = [columns, *_evaluate([few], _frame([few], table, {"row_is_sound": ~faulty})), *outcomes]
    results = tuple(
        _result(name, o.rule, rows=table.num_rows, failed=len(o.rows), success=o.success, samples=_samples(o, table))
        for o in outcomes
    )
    rejects = tuple(_rejects(table, rejecting, broken, articles))
    return Checked(
        _without(table, broken),
        rejects,
        results,
        stop=any(r.whole_table and r.critical and not r.success for r in results),
    )


def check_figures(name: str, rules: Sequence[Rule], figures: Mapping[str, float]) -> tuple[RuleResult, ...]:
    """The verdict of each rule on a table of one row, the figures by column.

    Raises ExpectationFault where a rule cannot be evaluated.
    """
    import pandas as pd

    outcomes = _evaluate(rules, pd.DataFrame({column: [value] for column, value in figures.items()}))
    return tuple(_result(name, o.rule, rows=1, failed=0 if o.success else 1, success=o.success) for o in outcomes)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What Great Expectations says of a rule: whether it holds, and the numbers of the failing rows."""

    rule: Rule
    success: bool
    rows: Sequence[int]


def _facts(name: str, table: pa.Table, *, articles: pa.Table | None, sentences: pa.Table | None) -> dict[str, Flags]:
    if name == "articles":
        return articles_suite.facts(table)
    if name == "incidents":
        return incidents_suite.facts(table)
    if articles is None:
        raise ValueError(f"{name} are checked beside the articles that were kept: give articles")
    if name == "sentences":
        return sentences_suite.facts(table, articles=articles)
    if sentences is None:
        raise ValueError(f"{name} are checked beside the sentences that were kept: give sentences")
    return events_suite.facts(table, articles=articles, sentences=sentences)


def _frame(rules: Sequence[Rule], table: pa.Table, facts: Mapping[str, Flags]) -> Any:
    """The columns that the rules read, as a pandas frame numbered from 0."""
    import pandas as pd

    names = dict.fromkeys(name for rule in rules for name in rule.inputs)
    return pd.DataFrame({n: facts[n] if n in facts else _series(table.column(n)) for n in names})


def _series(column: Column) -> Any:
    """The column as Great Expectations compares it without a loop: categories, int64, float64; a day as its year."""
    if pa.types.is_string(column.type):
        return column.combine_chunks().dictionary_encode().to_pandas()
    if pa.types.is_date(column.type):
        return pc.year(column).to_pandas()
    return column.cast(pa.int64()).to_pandas() if pa.types.is_integer(column.type) else column.to_pandas()


def _columns_only(table: pa.Table) -> Any:
    import pandas as pd

    return pd.DataFrame({name: [None] for name in table.column_names})


def _evaluate(rules: Sequence[Rule], frame: Any) -> list[_Outcome]:
    """Great Expectations' verdict on each rule. Raises ExpectationFault where it could not reach one.

    Counting failing rows takes half the time of listing them: they are listed for the rules that some row breaks.
    """
    with _GX:
        counted = _validate(rules, frame, "BASIC")
        broken = [o.rule for o, result in counted if not o.success or result.get("unexpected_count")]
        listed = {o.rule.name: o for o, _ in _validate(broken, frame, "COMPLETE")}
    return [listed.get(o.rule.name, o) for o, _ in counted]


def _validate(rules: Sequence[Rule], frame: Any, detail: str) -> list[tuple[_Outcome, Mapping[str, Any]]]:
    """The outcome of each rule, beside the result that it was read from."""
    if not rules:
        return []
    frames = _load_gx()
    from great_expectations import ExpectationSuite

    read = list(dict.fromkeys(name for rule in rules for name in rule.inputs))
    batch = frames.get_batch(batch_parameters={"dataframe": frame[read] if read else frame})
    expectations = [
        {"type": r.expectation, "kwargs": dict(r.kwargs), "severity": r.severity, "meta": {"rule": r.name}}
        for r in rules
    ]
    wanted = {"result_format": detail, "return_unexpected_index_query": False}
    found = batch.validate(ExpectationSuite(name="suite", expectations=expectations), result_format=wanted).results
    by_name = {result.expectation_config.meta["rule"]: result for result in found}
    return [(_outcome(rule, by_name[rule.name]), by_name[rule.name].result) for rule in rules]


def _outcome(rule: Rule, result: Any) -> _Outcome:
    """The verdict as it came; an exception inside a rule comes as success=False, in one of two shapes."""
    info = result.exception_info or {}
    raised = [info] if "raised_exception" in info else list(info.values())
    for one in raised:
        if one.get("raised_exception"):
            raise ExpectationFault(f"{rule.name}: {one.get('exception_message')}")
    return _Outcome(rule, bool(result.success), result.result.get("unexpected_index_list") or ())


@cache
def _load_gx() -> Any:
    """Great Expectations, in memory, silent and without telemetry: what makes batches of frames.

    Cached per process: the import takes 3 to 6 seconds.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    log = logging.getLogger("great_expectations")
    log.addHandler(logging.NullHandler())
    log.propagate = False  # its modules set levels of their own; what matters comes back as exception_info
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx

        context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    frames = context.data_sources.add_pandas("tables").add_dataframe_asset("frame")
    return frames.add_batch_definition_whole_dataframe("whole")


def _rows_of(outcomes: Sequence[_Outcome], rows: int) -> Flags:
    """The rows that fail any of the rules."""
    found = np.zeros(rows, dtype=bool)
    for outcome in outcomes:
        found[list(outcome.rows)] = True
    return found


def _without(table: pa.Table, broken: Flags) -> pa.Table:
    cuts = np.flatnonzero(broken)
    if len(cuts) > MAX_CUTS:
        return table.filter(pa.array(~broken))
    bounds = zip([0, *(cuts + 1)], [*cuts, table.num_rows], strict=True)
    return pa.concat_tables([table.slice(start, end - start) for start, end in bounds])


def _rejects(
    table: pa.Table, outcomes: Sequence[_Outcome], broken: Flags, articles: pa.Table | None
) -> Iterator[Reject]:
    """One reject a broken row, naming every rule that it breaks in the order of the suite."""
    numbers: list[int] = np.flatnonzero(broken).tolist()
    against: dict[int, list[Rule]] = {n: [] for n in numbers}
    for outcome in outcomes:
        for number in outcome.rows:
            against[number].append(outcome.rule)
    paths = {} if articles is None or not numbers else _paths(articles)
    for number, row in zip(numbers, table.take(pa.array(numbers, type=pa.int64())).to_pylist(), strict=True):
        key = row.get("article_key")
        yield Reject(
            stage="validate",
            source_path=row.get("source_path") or paths.get(key) or key or row.get("incident_id") or "",
            article_key=key,
            reason=RejectReason.EXPECTATION,
            detail="; ".join(rule.detail(row) for rule in against[number]),
            row=row_as_json(row),
        )


def _paths(articles: pa.Table) -> dict[Any, Any]:
    return dict(zip(*(articles.column(name).to_pylist() for name in ("article_key", "source_path")), strict=True))


def row_as_json(row: Mapping[str, Any]) -> str:
    """The row as JSON that any reader takes: days as ISO dates, NaN and infinities as text."""
    return json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _samples(outcome: _Outcome, table: pa.Table) -> tuple[str, ...]:
    """The first failing rows' values in the columns of the rule, cut to a length that a report can show."""
    if outcome.rule.whole_table:
        return ()
    columns = outcome.rule.columns
    rows = table.select(list(columns)).take(pa.array(list(outcome.rows[:SAMPLES]), type=pa.int64())).to_pylist()
    culprit = outcome.rule.culprit
    shown = ({c: _plain(v) for c, v in row.items() if culprit is None or culprit(v)} for row in rows)
    texts = (", ".join(f"{name}={value!r}" for name, value in row.items()) for row in shown)
    return tuple(t if len(t) <= MAX_SAMPLE else t[: MAX_SAMPLE - 1] + "…" for t in texts)


def _result(
    table: str, rule: Rule, *, rows: int, failed: int = 0, success: bool = True, samples: tuple[str, ...] = ()
) -> RuleResult:
    return RuleResult(
        table=table,
        rule=rule.name,
        expectation=rule.expectation,
        reason=rule.reason,
        severity=rule.severity,
        whole_table=rule.whole_table,
        rows_checked=rows,
        rows_failed=failed,
        success=success,
        mostly=rule.kwargs.get("mostly"),
        samples=samples,
    )
