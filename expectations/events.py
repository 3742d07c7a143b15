"""What must hold of the table events, beside the articles and sentences that were kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from expectations.coded import CODED_RULES, coded_facts
from expectations.facts import (
    Column,
    Flags,
    Integers,
    codes,
    every,
    first_of_key,
    flags,
    given,
    integers,
    no_empty_text,
    pc,
    positions,
    required_given,
    take,
)
from expectations.suite import Rule, columns_present, filled, holds, in_set, mostly_in_set
from tasks.contracts.codes import (
    EVENT_TYPES,
    MODALITIES,
    PLACE_SOURCES,
)
from tasks.contracts.tables import EVENTS

REQUIRED = tuple(c.name for c in EVENTS.columns if not c.nullable)
TEXTS = tuple(c.name for c in EVENTS.columns if pa.types.is_string(c.type) or pa.types.is_list(c.type))
MAX_PHRASE = 200  # characters; names of bodies reach 150, a longer "phrase" is a clause
MIN_TYPED = 0.25  # news of conflict and diplomacy has 0.7, of business 0.3
# "will not attend on Friday": what is denied, planned, asked or supposed may lie ahead, what is asserted may not.
NOT_AHEAD = "asserted"


RULES: tuple[Rule, ...] = (
    *filled(REQUIRED, TEXTS),
    holds("event_id is unique", "id_is_first", ["event_id"], "of rows with one id the first is kept"),
    holds(
        "article exists",
        "article_exists",
        ["article_key"],
        "events of a rejected article are rejected with it",
        cause="input",
    ),
    holds(
        "source_path is the article's",
        "path_is_the_articles",
        ["source_path"],
        "both tables name one input",
    ),
    holds(
        "sentence exists",
        "sentence_exists",
        ["article_key", "sentence_index"],
        "events of a rejected sentence are rejected with it",
        cause="input",
    ),
    holds(
        "sentence is the one in sentences",
        "sentence_agrees",
        ["sentence", "sentence_start", "sentence_end"],
        "the sentence that is shown must be the one that the offsets cut out of the text",
    ),
    holds(
        "trigger is inside its sentence",
        "trigger_inside",
        ["trigger_start", "trigger_end", "sentence_start", "sentence_end"],
        "an event is traced to its words through them",
    ),
    in_set("event_type", EVENT_TYPES, "PLOVER's types and Dateline's two"),
    *CODED_RULES,
    in_set("modality", MODALITIES, "a planned event counted as a fact is the field's commonest error"),
    holds(
        "a stated date has its phrase",
        "date_has_phrase",
        ["date_text", "date_source"],
        "an explicit or relative date was read somewhere",
    ),
    holds(
        "date is not after publication unless it lies ahead",
        "date_is_reported",
        ["date", "modality"],
        "nobody reports as done what is still to come",
        cause="input",
    ),
    in_set("place_source", PLACE_SOURCES, "tells whether the clause itself names the place"),
    holds(
        "a resolved place has its source",
        "place_has_source",
        ["place_name", "place_source"],
        "a place taken from the dateline is an assumption",
    ),
    holds(
        "actor and target show their lists",
        "lists_shown",
        ["actor", "actors", "target", "targets"],
        "the text columns begin with the first name of the list, null for an empty one",
    ),
    holds(
        "somebody acts or undergoes",
        "somebody_takes_part",
        ["actor", "target"],
        "an event is somebody's doing or suffering",
        severity="warning",
    ),
    holds(
        "phrases are short",
        "phrases_short",
        ["actor", "action", "target", "location", "claimant"],
        "a longer one is a clause that slipped in",
        severity="warning",
        culprit=lambda value: value is not None and len(value) > MAX_PHRASE,
    ),
)

TABLE_RULES: tuple[Rule, ...] = (
    columns_present(c.name for c in EVENTS.columns),
    mostly_in_set(
        "most events have a type",
        "event_type",
        [t for t in EVENT_TYPES if t != "OTHER"],
        MIN_TYPED,
        "where fewer have a type, the lexicon does not know this kind of news",
    ),
)


def facts(table: pa.Table, *, articles: pa.Table, sentences: pa.Table) -> dict[str, Flags]:
    """The facts that the rules of this table name, one flag a row; the other tables' rows are those that were kept."""
    article = positions(table.column("article_key"), articles.column("article_key"))
    sentence = _sentence_rows(table, sentences)
    stated = flags(pc.is_in(table.column("date_source"), value_set=pa.array(["explicit", "relative"])))
    start, end = integers(table.column("sentence_start")), integers(table.column("sentence_end"))
    return {
        "required_given": required_given(table, REQUIRED),
        "no_empty_text": no_empty_text(table, TEXTS),
        "id_is_first": first_of_key(codes(table.column("event_id"))),
        "article_exists": article >= 0,
        "path_is_the_articles": _same(table.column("source_path"), take(articles.column("source_path"), article)),
        "sentence_exists": (sentence >= 0) | (article < 0),
        "sentence_agrees": every(
            _same(table.column(mine), take(sentences.column(its), sentence))
            for mine, its in (("sentence_start", "start"), ("sentence_end", "end"), ("sentence", "text"))
        ),
        "trigger_inside": _inside(
            integers(table.column("trigger_start")), integers(table.column("trigger_end")), start, end
        ),
        **coded_facts(table),
        "date_has_phrase": ~stated | given(table.column("date_text")),
        "date_is_reported": _date_is_reported(table, take(articles.column("published"), article)),
        "place_has_source": given(table.column("place_source")) | ~given(table.column("place_name")),
        "lists_shown": _shown(table, "actor", "actors") & _shown(table, "target", "targets"),
        "somebody_takes_part": given(table.column("actor")) | given(table.column("target")),
        "phrases_short": every(
            flags(pc.less_equal(pc.utf8_length(table.column(c)), MAX_PHRASE))
            for c in ("actor", "action", "target", "location", "claimant")
        ),
    }


def _sentence_rows(table: pa.Table, sentences: pa.Table) -> Integers:
    """The row of each event's sentence in `sentences` (unique by key and number); -1 where there is none."""
    keys = pa.chunked_array([sentences.column("article_key").combine_chunks().unique()])
    mine, its = (positions(t.column("article_key"), keys) for t in (table, sentences))
    known = _pair(its, integers(sentences.column("sentence_index")))
    wanted = _pair(mine, integers(table.column("sentence_index")))
    if not len(known):
        return np.full(table.num_rows, -1, dtype=np.int64)
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    return np.where((known[order][at] == wanted) & (mine >= 0), order[at], -1)


def _pair(key: Integers, index: Integers) -> Integers:
    return key * (1 << 32) + index


def _same(mine: Column, others: pa.Array[Any]) -> Flags:
    """Equal values; true where the other row does not exist (another rule's business)."""
    return flags(pc.equal(mine, others))


def _inside(start: Integers, end: Integers, outer_start: Integers, outer_end: Integers) -> Flags:
    return (outer_start <= start) & (start < end) & (end <= outer_end)


def _date_is_reported(table: pa.Table, published: pa.Array[Any]) -> Flags:
    reported = flags(pc.less_equal(table.column("date"), published))
    return reported | flags(pc.not_equal(table.column("modality"), NOT_AHEAD))


def _shown(table: pa.Table, text: str, items: str) -> Flags:
    """The text begins with the list's first name, after which it may add the words of the sentence and other names."""
    lists = table.column(items).cast(pa.list_(pa.string()))  # binary_join knows lists of nullable items only
    empty = flags(pc.equal(pc.list_value_length(lists), 0))
    shown = flags(pc.equal(table.column(text), pc.binary_join(lists, "; ")), null=False)
    shown[empty] = ~given(table.column(text))[empty]
    rows = np.flatnonzero(~shown & ~empty)  # "Nokia (the company)", and names left out of a long list
    texts = take(table.column(text), rows).to_pylist()
    firsts = pc.list_element(take(lists, rows), 0).to_pylist()
    shown[rows] = [text is not None and text.startswith(first or "") for text, first in zip(texts, firsts, strict=True)]
    return shown
