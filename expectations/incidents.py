"""What must hold of the table incidents."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from expectations.coded import CODED_RULES, coded_facts
from expectations.facts import (
    Flags,
    codes,
    every,
    first_of_key,
    flags,
    given,
    integers,
    no_empty_text,
    pc,
    required_given,
    true_of_distinct,
)
from expectations.suite import Rule, columns_present, filled, holds
from tasks.contracts.codes import EVENT_TYPES
from tasks.contracts.tables import INCIDENTS

REQUIRED = tuple(c.name for c in INCIDENTS.columns if not c.nullable)
TEXTS = tuple(c.name for c in INCIDENTS.columns if pa.types.is_string(c.type) or pa.types.is_list(c.type))
NO_INCIDENT = ("STATEMENT", "OTHER")

RULES: tuple[Rule, ...] = (
    *filled(REQUIRED, TEXTS),
    holds("incident_id is unique", "id_is_first", ["incident_id"], "of rows with one id the first is kept"),
    holds("event_type can be an incident", "type_forms_incidents", ["event_type"], "words and unknowns form none"),
    *CODED_RULES,
    holds(
        "counts agree",
        "counts_agree",
        ["n_mentions", "n_articles", "n_reports", "n_outlets"],
        "an article mentions it at least once and has one outlet; reports are articles and their copies",
    ),
    holds("reports are in order", "reports_in_order", ["first_report", "last_report"], "first report, then last"),
)

TABLE_RULES: tuple[Rule, ...] = (columns_present(c.name for c in INCIDENTS.columns),)


def facts(table: pa.Table) -> dict[str, Flags]:
    """The facts that the rules of this table name, one flag a row."""
    mentions, articles, reports, outlets = (
        integers(table.column(name)) for name in ("n_mentions", "n_articles", "n_reports", "n_outlets")
    )
    least = np.minimum(articles - 1, outlets)  # one article at least; outlets may all be unknown
    first, last = table.column("first_report"), table.column("last_report")
    return {
        "required_given": required_given(table, REQUIRED),
        "no_empty_text": no_empty_text(table, TEXTS),
        "id_is_first": first_of_key(codes(table.column("incident_id"))),
        "type_forms_incidents": true_of_distinct(
            table.column("event_type"), lambda value: value in EVENT_TYPES and value not in NO_INCIDENT
        ),
        **coded_facts(table),
        "counts_agree": every([mentions >= articles, reports >= articles, articles >= outlets, least >= 0]),
        "reports_in_order": flags(pc.less_equal(first, last)) & (given(first) == given(last)),
    }
