"""The registry of tables: every column's type, nullability, unit and meaning, declared once.

`Table.build` and its two sisters are the only ways to Arrow, so a column that is not declared here cannot be written,
and the descriptions travel in the Parquet files as field metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, whether it may be null, its unit (or "") and what it means."""

    name: str
    type: pa.DataType
    nullable: bool
    description: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the outputs folder: its columns, the columns that identify a row, and the order of its rows."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with description and unit in each field's metadata."""
        fields = []
        for c in self.columns:
            facts = {"description": c.description} | ({"unit": c.unit} if c.unit else {})
            fields.append(pa.field(c.name, c.type, c.nullable, metadata=facts))
        return pa.schema(fields, metadata={"description": self.description, "key": ",".join(self.key)})

    def build(self, records: Iterable[Any]) -> pa.Table:
        """Records (dataclasses with this table's fields) as an Arrow table, sorted by key.

        Raises ContractError where a record lacks a column, holds a wrong type, or null where none may be.
        """
        rows = list(records)
        try:
            columns = {c.name: [getattr(r, c.name) for r in rows] for c in self.columns}
        except AttributeError as error:
            raise ContractError(f"table {self.name}: a record lacks a column; {error}") from error
        return self.build_columns(columns)

    def build_rows(self, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
        """Values in the order of the columns, row by row, as an Arrow table, sorted by key; errors as from `build`."""
        return self.build_columns({c.name: [row[n] for row in rows] for n, c in enumerate(self.columns)})

    def build_columns(self, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
        """The values of every column, row by row, as an Arrow table, sorted by key; errors as from `build`."""
        if missing := [c.name for c in self.columns if c.name not in columns]:
            raise ContractError(f"table {self.name}: no values for {', '.join(missing)}")
        arrays = []
        for c in self.columns:
            try:
                array = pa.array(columns[c.name], type=c.type)
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
                raise ContractError(f"table {self.name}, column {c.name}: expected {c.type}; {error}") from error
            if array.null_count and not c.nullable:
                raise ContractError(f"table {self.name}, column {c.name}: {array.null_count} null values; none may be")
            arrays.append(array)
        table = pa.Table.from_arrays(arrays, schema=self.schema)
        return self.sort(table)

    def sort(self, table: pa.Table) -> pa.Table:
        """The same rows in the table's own order (by key), so that equal rows give equal bytes."""
        if table.num_rows < 2:
            return table
        order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in self.key])
        return table if np.array_equal(order, np.arange(table.num_rows)) else table.take(order)

    def join(self, tables: Iterable[pa.Table]) -> pa.Table:
        """The rows of all the tables, in the table's own order."""
        full = [t for t in tables if t.num_rows]
        if len(full) == 1 and self._is_whole(full[0]):
            return self.sort(full[0])
        return self.sort(pa.concat_tables([self.schema.empty_table(), *full]).combine_chunks())

    def _is_whole(self, table: pa.Table) -> bool:
        """Whether it is in one piece, and of this schema to the letter: what is read names the items of lists anew."""
        return table.schema.equals(self.schema, check_metadata=True) and all(c.num_chunks == 1 for c in table.columns)

    def check(self, table: pa.Table) -> pa.Table:
        """The table itself where it has this schema and no forbidden null; else ContractError."""
        if not table.schema.equals(self.schema):
            raise ContractError(f"table {self.name}: the schema differs from the declared one: {table.schema}")
        for c in self.columns:
            if not c.nullable and table.column(c.name).null_count:
                raise ContractError(f"table {self.name}, column {c.name}: null where none may be")
        return table


class ContractError(ValueError):
    """A row or a table breaks its declared schema: a fault of the code, never of the input."""


_STR, _INT, _DATE, _REAL = pa.string(), pa.int32(), pa.date32(), pa.float64()
_STRS = pa.list_(pa.field("item", pa.string(), nullable=False))


def _need(name: str, kind: pa.DataType, description: str, unit: str = "") -> Column:
    return Column(name, kind, False, description, unit)


def _may(name: str, kind: pa.DataType, description: str, unit: str = "") -> Column:
    return Column(name, kind, True, description, unit)


EVENTS = Table(
    "events",
    "One row per event mention: who did what to whom, when and where.",
    (
        _need("event_id", _STR, "Stable id from article_key, the sentence's text and the trigger."),
        _need("article_key", _STR, "The article: the record's own id, else the path within the seeds folder."),
        _need("source_path", _STR, "Path of the input within the seeds folder."),
        _may("date", _DATE, "First day of the event; null where it cannot be known.", "day"),
        _may("date_end", _DATE, "Last day of the event; equals date for one day.", "day"),
        _may("date_precision", _STR, "How exact the date is: day, week, month, quarter, year, decade."),
        _may("date_text", _STR, "The date phrase as the text has it; null where there is none."),
        _need("date_source", _STR, "explicit, relative, dateline (or the lead's day), publication (assumed) or none."),
        _may("actor", _STR, "Who acts, as short noun phrases, '; ' between several; 'Ali (he)': a pronoun, named."),
        _need("action", _STR, "The trigger's lemma with its particle or object: 'call for', 'impose sanction'."),
        _may("target", _STR, "Who or what undergoes it, as short noun phrases with '; ' between several."),
        _may("location", _STR, "Where it happened, as written."),
        _need("actors", _STRS, "The actors as a list of names alone; empty where there is none."),
        _need("targets", _STRS, "The targets as a list of names alone; empty where there is none."),
        _may("actor_country", _STR, "Countries of the actors, ISO 3166 alpha-3 (XKX: Kosovo), ';' between several."),
        _may("target_country", _STR, "Countries of the targets, ISO 3166 alpha-3 (XKX: Kosovo), ';' between several."),
        _may("actor_sector", _STR, "Sectors of the actors (GOV, MIL, REB, ...), ';' between several."),
        _may("target_sector", _STR, "Sectors of the targets (GOV, MIL, REB, ...), ';' between several."),
        _need("event_type", _STR, "PLOVER type, or STATEMENT or OTHER."),
        _may("quad_class", _INT, "1, 2: verbal, material cooperation; 3, 4: verbal, material conflict; 0: STATEMENT."),
        _may("goldstein", _REAL, "Goldstein value of the type, -10 (conflict) to 10 (cooperation).", "Goldstein scale"),
        _need("modality", _STR, "asserted, negated, planned, requested or hypothetical."),
        _may("claimant", _STR, "Who says so, where the text attributes it."),
        _may("place_name", _STR, "Name of the resolved place in the gazetteer."),
        _may("place_country", _STR, "Country of the resolved place, ISO 3166 alpha-3 (XKX: Kosovo)."),
        _may("latitude", _REAL, "Latitude of the resolved place (WGS 84).", "degree"),
        _may("longitude", _REAL, "Longitude of the resolved place (WGS 84).", "degree"),
        _may("geonameid", pa.int64(), "GeoNames id of the resolved place, where it has one."),
        _may("place_precision", _STR, "site, city, region or country."),
        _may("place_source", _STR, "Where the place was read: clause, dateline or article."),
        _may("killed", _INT, "People killed, where the sentence gives the number for this event.", "people"),
        _may("injured", _INT, "People injured, where the sentence gives the number for this event.", "people"),
        _may("arrested", _INT, "People arrested, where the sentence gives the number for this event.", "people"),
        _need("sentence", _STR, "The sentence as the article has it."),
        _need("sentence_index", _INT, "Number of the sentence in the article, from 0."),
        _need("sentence_start", _INT, "Where the sentence starts in articles.text.", "character"),
        _need("sentence_end", _INT, "Where the sentence ends in articles.text.", "character"),
        _need("trigger_start", _INT, "Where the trigger starts in articles.text.", "character"),
        _need("trigger_end", _INT, "Where the trigger ends in articles.text.", "character"),
        _need("rule", _STR, "The pattern that produced the event."),
    ),
    key=("article_key", "trigger_start", "event_id"),
)

ARTICLES = Table(
    "articles",
    "One row per article, with its cleaned text.",
    (
        _need("article_key", _STR, "The record's own id, else the path within the seeds folder."),
        _need("source_path", _STR, "Path of the input within the seeds folder."),
        _need("content_hash", _STR, "BLAKE2 hash of the input's bytes and its sidecar's."),
        _may("title", _STR, "Headline."),
        _may("byline", _STR, "Author line."),
        _may("outlet", _STR, "Who published it."),
        _may("url", _STR, "Address of the article."),
        _may("published", _DATE, "Day of publication.", "day"),
        _need("published_source", _STR, "metadata, text, inferred, file or none."),
        _may("language", _STR, "ISO 639-1 code of the text's language."),
        _need("text", _STR, "The article's text; every offset counts its characters."),
        _need("n_sentences", _INT, "Sentences of the article.", "sentence"),
        _need("n_events", _INT, "Events of the article in the table events.", "event"),
        _may("duplicate_of", _STR, "article_key of the article that this one copies."),
    ),
    key=("article_key",),
)

SENTENCES = Table(
    "sentences",
    "One row per sentence, with what it gave.",
    (
        _need("article_key", _STR, "The article."),
        _need("sentence_index", _INT, "Number of the sentence in the article, from 0."),
        _need("start", _INT, "Where it starts in articles.text.", "character"),
        _need("end", _INT, "Where it ends in articles.text.", "character"),
        _need("text", _STR, "The sentence as the article has it."),
        _need("outcome", _STR, "'events', or the reason why there is none."),
    ),
    key=("article_key", "sentence_index"),
)

DROPPED_LINES = Table(
    "dropped_lines",
    "One row per line of a page that is not the article, with the reason.",
    (
        _need("article_key", _STR, "The article of the page."),
        _need("line", _INT, "Number of the line in the page, from 1.", "line"),
        _need("text", _STR, "The line as the page has it."),
        _need("reason", _STR, "Why it is not the article."),
    ),
    key=("article_key", "line"),
)

REJECTS = Table(
    "rejects",
    "One row per input or row that is not in the other tables, with the reason.",
    (
        _need("stage", _STR, "Where it was rejected: ingest, clean, extract, validate."),
        _need("source_path", _STR, "Path of the input within the seeds folder."),
        _may("article_key", _STR, "The article, where it was known."),
        _need("reason", _STR, "The reason, one of a closed list."),
        _need("detail", _STR, "What exactly was wrong; for an expectation its name."),
        _may("row", _STR, "The rejected row as JSON, where there was one."),
    ),
    key=("source_path", "stage", "reason", "detail", "row"),
)

INCIDENTS = Table(
    "incidents",
    "One row per real-world event, with the fields best supported by its mentions.",
    (
        _need("incident_id", _STR, "Stable id from the first mention's event_id; later reports do not change it."),
        _need("event_type", _STR, "PLOVER type; statements and events of no type form no incidents."),
        _may("quad_class", _INT, "1, 2: verbal, material cooperation; 3, 4: verbal, material conflict."),
        _may("goldstein", _REAL, "Goldstein value of the type, -10 (conflict) to 10 (cooperation).", "Goldstein scale"),
        _need("action", _STR, "The action that most articles use."),
        _may("date", _DATE, "First day of the event; null where it cannot be known.", "day"),
        _may("date_end", _DATE, "Last day of the event; equals date for one day.", "day"),
        _may("date_precision", _STR, "How exact the date is: day, week, month, quarter, year, decade."),
        _need("date_source", _STR, "explicit, relative, dateline (or the lead's day), publication (assumed) or none."),
        _need("actors", _STRS, "Who acts, as most articles name them; empty where none does."),
        _need("targets", _STRS, "Who or what undergoes it, as most articles name it; empty where none does."),
        _may("actor_country", _STR, "Countries of the actors, ISO 3166 alpha-3 (XKX: Kosovo), ';' between several."),
        _may("target_country", _STR, "Countries of the targets, ISO 3166 alpha-3 (XKX: Kosovo), ';' between several."),
        _may("actor_sector", _STR, "Sectors of the actors (GOV, MIL, REB, ...), ';' between several."),
        _may("target_sector", _STR, "Sectors of the targets (GOV, MIL, REB, ...), ';' between several."),
        _may("location", _STR, "Where it happened, as written in the mention whose place is taken."),
        _may("place_name", _STR, "Name of the most precise, most supported place in the gazetteer."),
        _may("place_country", _STR, "Country of the place, ISO 3166 alpha-3 (XKX: Kosovo)."),
        _may("latitude", _REAL, "Latitude of the place (WGS 84).", "degree"),
        _may("longitude", _REAL, "Longitude of the place (WGS 84).", "degree"),
        _may("geonameid", pa.int64(), "GeoNames id of the place, where it has one."),
        _may("place_precision", _STR, "site, city, region or country."),
        _may("killed", _INT, "People killed: the number most articles give, of equals the latest.", "people"),
        _may("injured", _INT, "People injured: the number most articles give, of equals the latest.", "people"),
        _may("arrested", _INT, "People arrested: the number most articles give, of equals the latest.", "people"),
        _may("first_report", _DATE, "Day of publication of the first report; null where no report has one.", "day"),
        _may("last_report", _DATE, "Day of publication of the last report, copies included.", "day"),
        _need("n_mentions", _INT, "Event mentions.", "mention"),
        _need("n_articles", _INT, "Articles that mention it, copies left out.", "article"),
        _need("n_reports", _INT, "Articles that mention it and copies of these.", "article"),
        _need("n_outlets", _INT, "Different outlets of the articles, copies left out.", "outlet"),
    ),
    key=("incident_id",),
)

INCIDENT_MENTIONS = Table(
    "incident_mentions",
    "One row per event mention that an incident rests on, with the reason why it was merged.",
    (
        _need("incident_id", _STR, "The incident."),
        _need("event_id", _STR, "The event mention in the table events."),
        _need("article_key", _STR, "The article."),
        _need("reason", _STR, "'first', or what agrees with the matched mention, as 'actor; place; day'."),
        _may("matched_event_id", _STR, "The mention of the same incident that it agrees with best; null for 'first'."),
        _may("score", _REAL, "How well the two agree; 1.6 or more across articles, 1.0 or more within one."),
    ),
    key=("incident_id", "event_id"),
)

BY_FILE = (EVENTS, ARTICLES, SENTENCES, DROPPED_LINES, REJECTS)  # their rows come and go with their input file
DERIVED = (INCIDENTS, INCIDENT_MENTIONS)  # made anew from all the others
TABLES: dict[str, Table] = {t.name: t for t in (*BY_FILE, *DERIVED)}
