"""Events as PLOVER's JSON lines: the record of the ontology's own gold standard, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa


def to_plover(events: pa.Table, *, articles: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A line for each event. `articles`: their rows by article_key.

    STATEMENT and OTHER are no types of PLOVER and left out. What PLOVER has no name for (modality, claimant, place,
    casualties) stands under Dateline's own names, where there is any.
    """
    for row in events.to_pylist():
        if row["event_type"] in ("STATEMENT", "OTHER"):
            continue
        article = articles.get(row["article_key"], {})
        record = {
            "id": row["event_id"],
            "date": _day(row["date"]),
            "source": _parties(row["actors"], row["actor_country"], row["actor_sector"]),
            "target": _parties(row["targets"], row["target_country"], row["target_sector"]),
            "event": row["event_type"],
            "eventText": row["action"],
            "context": "",
            "mode": "",
            "text": row["sentence"],
            "language": article.get("language") or "",
            "publication": article.get("outlet") or "",
            "url": article.get("url") or "",
        }
        own = ("modality", "claimant", "location", "latitude", "longitude", "killed", "injured", "arrested")
        yield json.dumps(record | {k: row[k] for k in own if row[k] is not None}, ensure_ascii=False) + "\n"


def _parties(names: Sequence[str], country: str | None, sector: str | None) -> list[dict[str, str]]:
    """A party each; country and sector where one name has them, or each name its own."""
    countries, sectors = _each(names, country), _each(names, sector)
    return [
        {"actorText": name} | ({"code": c} if c else {}) | ({"sector": s} if s else {})
        for name, c, s in zip(names, countries, sectors, strict=True)
    ]


def _each(names: Sequence[str], codes: str | None) -> list[str]:
    several = (codes or "").split(";")
    return several if len(several) == len(names) else [""] * len(names)


def _day(value: Any) -> str:
    return value.isoformat() if value is not None else ""
