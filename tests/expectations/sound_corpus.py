"""A small corpus that holds every rule, as rows to break: changes are made to the last row of an article."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from tasks.contracts.tables import ARTICLES, EVENTS, INCIDENTS, SENTENCES

FIRST = "Rebels attacked Arden on Monday, killing three. The mayor will visit Oslo."
SECOND = "Nothing else happened."
TEXT = f"{FIRST} {SECOND}"
CUT = TEXT.index("The mayor")
TABLES = {table.name: table for table in (ARTICLES, SENTENCES, EVENTS, INCIDENTS)}
Row = dict[str, Any]


def of_article(table: str, key: str, **changes: Any) -> list[Row]:
    """The article's rows in a table, the last one changed."""
    rows = {"articles": _articles, "sentences": _sentences, "events": _events, "incidents": _incidents}[table](key)
    return [*rows[:-1], rows[-1] | changes]


def rows_of(table: str, **changes: Any) -> list[Row]:
    """Rows of two articles, the very last one changed."""
    return of_article(table, "a.txt") + of_article(table, "b.txt", **changes)


def _articles(key: str) -> list[Row]:
    row: Row = {
        "article_key": key,
        "source_path": key,
        "content_hash": "00ff",
        "title": "Attack on Arden",
        "byline": None,
        "outlet": "The Arden Post",
        "url": "https://news.example/a",
        "published": date(2023, 5, 10),
        "published_source": "text",
        "language": "en",
        "text": TEXT,
        "n_sentences": 3,
        "n_events": 2,
        "duplicate_of": None,
    }
    return [row]


def _sentences(key: str) -> list[Row]:
    spans = [(0, CUT - 1), (CUT, len(FIRST)), (len(FIRST) + 1, len(TEXT))]
    outcomes = ["events", "events", "stative or descriptive"]
    return [
        {"article_key": key, "sentence_index": i, "start": s, "end": e, "text": TEXT[s:e], "outcome": outcomes[i]}
        for i, (s, e) in enumerate(spans)
    ]


def _events(key: str) -> list[Row]:
    """A visit that is planned and an attack that took place."""
    sentence = {"sentence": TEXT[: CUT - 1], "sentence_index": 0, "sentence_start": 0, "sentence_end": CUT - 1}
    nowhere = dict.fromkeys(
        ["place_name", "place_country", "latitude", "longitude", "geonameid", "place_precision", "place_source"]
    )
    attack: Row = {
        "date": date(2023, 5, 8),
        "date_end": date(2023, 5, 8),
        "date_precision": "day",
        "date_text": "on Monday",
        "date_source": "relative",
        "actor": "Rebels",
        "action": "attack",
        "target": "Arden",
        "location": "Arden",
        "actors": ["Rebels"],
        "targets": ["Arden"],
        "actor_country": None,
        "target_country": "GBR;XKX",
        "actor_sector": "REB",
        "target_sector": "CVL;GOV",
        "event_type": "ASSAULT",
        "quad_class": 4,
        "goldstein": -9.5,
        "modality": "asserted",
        "claimant": None,
        "place_name": "Arden",
        "place_country": "GBR",
        "latitude": 52.0,
        "longitude": -1.5,
        "geonameid": 1,
        "place_precision": "city",
        "place_source": "clause",
        "killed": 3,
        "injured": None,
        "arrested": None,
        **sentence,
        "trigger_start": 7,
        "trigger_end": 15,
        "rule": "active",
    }
    at = TEXT.index("visit")
    visit = (
        attack
        | nowhere
        | {
            "date": date(2023, 6, 1),
            "date_end": date(2023, 6, 30),
            "date_precision": "month",
            "date_source": "explicit",
            "actor": None,
            "actors": [],
            "actor_sector": None,
            "location": None,
            "action": "visit",
            "event_type": "OTHER",
            "quad_class": None,
            "goldstein": None,
            "modality": "planned",
            "killed": None,
            "sentence": TEXT[CUT : len(FIRST)],
            "sentence_index": 1,
            "sentence_start": CUT,
            "sentence_end": len(FIRST),
            "trigger_start": at,
            "trigger_end": at + len("visit"),
        }
    )
    own = {"article_key": key, "source_path": key}
    return [row | own | {"event_id": f"{key}-{row['action']}"} for row in (visit, attack)]


def _incidents(key: str) -> list[Row]:
    attack = _events(key)[-1]
    counts = {"n_mentions": 3, "n_articles": 2, "n_reports": 4, "n_outlets": 1}
    reports = {"first_report": date(2023, 5, 8), "last_report": date(2023, 5, 10)}
    fields = {name: attack[name] for name in TABLES["incidents"].schema.names if name in attack}
    return [fields | counts | reports | {"incident_id": f"{key}-incident"}]


def build(name: str, rows: list[Row]) -> pa.Table:
    """The rows as a table of the declared schema, forbidden nulls and all."""
    return pa.Table.from_pylist(rows, schema=TABLES[name].schema)


def corpus() -> dict[str, pa.Table]:
    """The tables, unbroken."""
    return {name: build(name, rows_of(name)) for name in TABLES}
