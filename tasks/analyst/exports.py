"""The events as files for other tools: one function for all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow as pa

from tasks.analyst.gdelt import to_gdelt
from tasks.analyst.geojson import to_geojson
from tasks.analyst.links import web_address
from tasks.analyst.network import to_gexf
from tasks.analyst.plover import to_plover
from tasks.analyst.sheets import to_csv, to_xlsx

Articles = Mapping[str, Mapping[str, Any]]
XLSX = "xlsx"
ARTICLE_FACTS = ("article_key", "outlet", "url", "published", "language")
TEXTS: dict[str, Callable[[pa.Table, Articles], Iterator[str]]] = {
    "csv": lambda events, _: to_csv(events),
    "geojson": lambda events, articles: to_geojson(events, urls={k: a["url"] for k, a in articles.items()}),
    "gexf": lambda events, _: to_gexf(events),
    "gdelt": lambda events, articles: to_gdelt(events, articles=articles),
    "jsonl": lambda events, articles: to_plover(events, articles=articles),
}
FORMATS = (*TEXTS, XLSX)


def export(events: pa.Table, out: BinaryIO, *, form: str, articles: pa.Table) -> None:
    """Writes the events in one of FORMATS. `articles` gives their outlets, languages and addresses."""
    if form == XLSX:
        to_xlsx(events, out)
        return
    facts = {a["article_key"]: a | {"url": web_address(a["url"])} for a in articles.select(ARTICLE_FACTS).to_pylist()}
    for piece in TEXTS[form](events, facts):
        out.write(piece.encode("utf-8", errors="replace"))
