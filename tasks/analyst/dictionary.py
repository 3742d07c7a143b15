"""The data dictionary: every table and column, as each reader sees it, made from the schema's own descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pyarrow as pa

from tasks.contracts.tables import Column, Table

Figures = Mapping[str, Mapping[str, float]]

EXAMPLES = files(__package__) / "examples.json"
EXAMPLE_CHARS = 60
QUALITY_NOTE = (
    "The column *measured* says how good a field is, as a share of 1 (accuracy, recall or F1), on sentences and sample "
    "articles of the project's own (own sentences, own seeds) and on public corpora: `make quality` measures them all."
)
INTRODUCTION = """\
# The tables

Made by `dateline schema --markdown` from the schema that every write is checked against; a test keeps it in step.
The descriptions also travel in the Parquet files, as metadata of each field. How to load: [loading.md](loading.md).

In no text column does an empty string stand for "none": absence is null, or an empty list. pandas shows null as `None`
or `NaN`, and whole numbers with nulls as `float64`; `pandas.read_parquet(path, dtype_backend="pyarrow")` keeps
both as they are.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderTypes:
    """What a column is called in each reader; pandas with its default settings."""

    pandas: str
    duckdb: str
    polars: str
    r: str


TYPES: dict[pa.DataType, ReaderTypes] = {
    pa.string(): ReaderTypes(pandas="str", duckdb="VARCHAR", polars="String", r="character"),
    pa.int32(): ReaderTypes(pandas="int32", duckdb="INTEGER", polars="Int32", r="integer"),
    pa.int64(): ReaderTypes(pandas="int64", duckdb="BIGINT", polars="Int64", r="integer64"),
    pa.float64(): ReaderTypes(pandas="float64", duckdb="DOUBLE", polars="Float64", r="numeric"),
    pa.bool_(): ReaderTypes(pandas="bool", duckdb="BOOLEAN", polars="Boolean", r="logical"),
    pa.date32(): ReaderTypes(pandas="object", duckdb="DATE", polars="Date", r="Date"),
    pa.list_(pa.field("item", pa.string(), nullable=False)): ReaderTypes(
        pandas="object", duckdb="VARCHAR[]", polars="List(String)", r="list"
    ),
}
WITH_NULLS_IN_PANDAS = {pa.int32(): "float64", pa.int64(): "float64", pa.bool_(): "object"}
# What a missing value says, by column: the same in every table that has it.
NULL_MEANS = {
    "date": "no phrase and no day of publication to reckon from",
    "date_end": "as date",
    "date_precision": "as date",
    "date_text": "the text gives no date for this event",
    "actor": "nobody is said to act",
    "target": "nobody is said to undergo it",
    "location": "the clause names no place",
    "actor_country": "no actor, or none of a known country",
    "target_country": "no target, or none of a known country",
    "actor_sector": "no actor, or none of a known sector",
    "target_sector": "no target, or none of a known sector",
    "quad_class": "the type is OTHER",
    "goldstein": "the type is OTHER",
    "claimant": "the article says so itself",
    "place_name": "no place, or not in the gazetteer",
    "place_country": "no place, not in the gazetteer, or of no country (a sea)",
    "latitude": "no place, or not in the gazetteer",
    "longitude": "no place, or not in the gazetteer",
    "geonameid": "no place, or none with a GeoNames id (countries, regions)",
    "place_precision": "no place, or not in the gazetteer",
    "place_source": "no place",
    "killed": "no number given",
    "injured": "no number given",
    "arrested": "no number given",
    "title": "the page has none",
    "byline": "the page has none",
    "outlet": "the page does not say",
    "url": "not stated with the page",
    "published": "neither page nor input says",
    "language": "too little text to tell",
    "duplicate_of": "it copies no other article",
    "article_key": "the input gave no article",
    "row": "the input itself was rejected, not a row",
    "first_report": "no report has a day of publication",
    "last_report": "no report has a day of publication",
    "matched_event_id": "the first mention",
    "score": "the first mention",
}

# How good a field is: which figures of `make quality` tell, as (set, figure), by table and column.
Measures = Mapping[str, tuple[tuple[str, str], ...]]
MEASURES: dict[str, Measures] = {
    "events": {
        "action": (("own sentences", "action"), ("meantime", "trigger_recall"), ("qasrl", "trigger_recall")),
        "actor": (("own sentences", "actor"), ("meantime", "actor_f1"), ("qasrl", "actor_f1")),
        "target": (("own sentences", "target"), ("meantime", "target_f1"), ("qasrl", "target_f1")),
        "actors": (("own sentences", "lists"),),
        "targets": (("own sentences", "lists"),),
        "location": (("own sentences", "location"), ("meantime", "location_f1")),
        "date": (("own sentences", "date"), ("five pages", "date_accuracy"), ("meantime", "date_accuracy")),
        "event_type": (("own sentences", "type"), ("plover", "type_recall")),
        "actor_country": (("own sentences", "country"), ("plover", "typed_actor_country_recall")),
        "target_country": (("own sentences", "country"), ("plover", "typed_target_country_recall")),
        "actor_sector": (("own sentences", "sector"),),
        "target_sector": (("own sentences", "sector"),),
        "modality": (("own sentences", "modality"),),
        "claimant": (("own sentences", "claimant"),),
        "place_name": (("place", "location_f1"),),
        "place_country": (("own sentences", "place_country"),),
        "killed": (("own sentences", "casualties"),),
        "injured": (("own sentences", "casualties"),),
        "arrested": (("own sentences", "casualties"),),
    },
    "articles": {
        "title": (("own seeds", "title"),),
        "byline": (("own seeds", "byline"),),
        "outlet": (("own seeds", "outlet"),),
        "url": (("own seeds", "url"),),
        "published": (("own seeds", "published"),),
        "language": (("own seeds", "language"),),
        "text": (("own seeds", "cleaning_f1"), ("pasted pages", "f1"), ("HTML pages", "f1")),
        "duplicate_of": (("own seeds", "duplicate_of"),),
    },
    "sentences": {"text": (("sentence ends", "f1"),)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """One column of the dictionary; `null` says what its absence means, "never" where it cannot be null."""

    name: str
    arrow: str
    types: ReaderTypes
    unit: str
    null: str
    description: str
    example: str
    quality: str


def describe(
    table: Table, *, example: Mapping[str, Any] | None = None, figures: Figures | None = None
) -> list[ColumnFacts]:
    """The table's columns in their order, with the values of an example row and what was measured of each field."""
    measured = {name: _measured(of_field, figures or {}) for name, of_field in MEASURES.get(table.name, {}).items()}
    return [_facts(c, example or {}, measured) for c in table.columns]


def to_markdown(
    tables: Iterable[Table],
    *,
    examples: Mapping[str, Mapping[str, Any]],
    figures: Figures | None = None,
    measured: str | None = None,
) -> str:
    """The whole dictionary as one Markdown page. `figures` by set as `make quality` gives them, `measured`: when."""
    parts = [INTRODUCTION]
    if figures and measured:
        parts.append(f"{QUALITY_NOTE} Measured {measured}.\n")
    parts += [_section(t, describe(t, example=examples.get(t.name), figures=figures)) for t in tables]
    return "\n".join(parts)


def example_rows() -> dict[str, dict[str, Any]]:
    """A row of each table, by the table's name."""
    rows: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return rows


def _measured(of_field: Iterable[tuple[str, str]], figures: Figures) -> str:
    found = ((name, figures.get(name, {}).get(figure)) for name, figure in of_field)
    return ", ".join(f"{value:.2f} {name}" for name, value in found if value is not None)


def _facts(column: Column, example: Mapping[str, Any], quality: Mapping[str, str]) -> ColumnFacts:
    types = TYPES[column.type]
    if column.nullable and column.type in WITH_NULLS_IN_PANDAS:
        types = ReaderTypes(
            pandas=WITH_NULLS_IN_PANDAS[column.type], duckdb=types.duckdb, polars=types.polars, r=types.r
        )
    return ColumnFacts(
        name=column.name,
        arrow="list<string>" if pa.types.is_list(column.type) else str(column.type),
        types=types,
        unit=column.unit,
        null=NULL_MEANS[column.name] if column.nullable else "never",
        description=column.description,
        example=_short(example.get(column.name)),
        quality=quality.get(column.name, ""),
    )


def _section(table: Table, facts: list[ColumnFacts]) -> str:
    has_quality = any(f.quality for f in facts)
    head = ["column", "Arrow", "pandas", "DuckDB", "Polars", "R", "unit", "null", "meaning", "example"]
    rows = [head + (["measured"] if has_quality else [])]
    for f in facts:
        t = f.types
        row = [f"`{f.name}`", f.arrow, t.pandas, t.duckdb, t.polars, t.r, f.unit, f.null, f.description, f.example]
        rows.append(row + ([f.quality] if has_quality else []))
    lines = [f"| {' | '.join(_cell(c) for c in row)} |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    key = ", ".join(f"`{k}`" for k in table.key)
    return f"## {table.name}\n\n{table.description} A row is identified by {key}.\n\n" + "\n".join(lines) + "\n"


def _short(value: Any) -> str:
    if value is None:
        return ""
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return text if len(text) <= EXAMPLE_CHARS else text[: EXAMPLE_CHARS - 1] + "…"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
