"""What must hold of the table sentences, beside the articles that were kept."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from expectations.facts import (
    Flags,
    Integers,
    codes,
    cuts_out,
    first_of_key,
    integers,
    no_empty_text,
    positions,
    required_given,
)
from expectations.suite import Rule, between, columns_present, filled, holds, in_set
from tasks.contracts.codes import SentenceOutcome
from tasks.contracts.tables import SENTENCES

REQUIRED = tuple(c.name for c in SENTENCES.columns if not c.nullable)
TEXTS = tuple(c.name for c in SENTENCES.columns if pa.types.is_string(c.type))

RULES: tuple[Rule, ...] = (
    *filled(REQUIRED, TEXTS),
    holds(
        "article exists",
        "article_exists",
        ["article_key"],
        "sentences of a rejected article are rejected with it",
        cause="input",
    ),
    holds(
        "article_key and sentence_index are unique",
        "key_is_first",
        ["article_key", "sentence_index"],
        "of rows with one key the first is kept",
    ),
    between("sentence_index", 0, None, "counts from 0"),
    holds("start is before end", "start_before_end", ["start", "end"], "a sentence has characters"),
    holds(
        "offsets cut the sentence out of the text",
        "cut_out",
        ["start", "end", "text"],
        "everything else in the tables is traced to the text through them",
    ),
    holds(
        "sentences follow each other",
        "after_previous",
        ["sentence_index", "start"],
        "no two sentences share characters, and their numbers are in the order of the text",
    ),
    in_set("outcome", [o.value for o in SentenceOutcome], "says what the sentence gave, or why nothing"),
)

TABLE_RULES: tuple[Rule, ...] = (columns_present(c.name for c in SENTENCES.columns),)


def facts(table: pa.Table, *, articles: pa.Table) -> dict[str, Flags]:
    """The facts that the rules of this table name, one flag a row; `articles` are those that were kept."""
    key, index = codes(table.column("article_key")), integers(table.column("sentence_index"))
    start, end = integers(table.column("start")), integers(table.column("end"))
    article = positions(table.column("article_key"), articles.column("article_key"))
    first = first_of_key(key, index)
    spans = (start >= 0) & (start < end)
    cut = cuts_out(articles.column("text"), article, table.column("start"), table.column("end"), table.column("text"))
    return {
        "required_given": required_given(table, REQUIRED),
        "no_empty_text": no_empty_text(table, TEXTS),
        "article_exists": article >= 0,
        "key_is_first": first,
        "start_before_end": spans,
        "cut_out": cut,
        "after_previous": _after_previous(key, index, start, end, among=first & spans & cut),
    }


def _after_previous(key: Integers, index: Integers, start: Integers, end: Integers, *, among: Flags) -> Flags:
    """Whether a sentence starts where the one before it has ended; `among` are the rows fit to judge by."""
    rows = np.flatnonzero(among)
    order = rows[np.lexsort((index[rows], key[rows]))]
    later, earlier = order[1:], order[:-1]
    after = np.ones(len(key), dtype=bool)
    after[later] = (key[later] != key[earlier]) | (start[later] >= end[earlier])
    return after
