"""The report: the events as one HTML page with charts that filter each other. It needs no network and asks for none.

Whatever the texts hold stays text: the data stand in a block of JSON that the browser does not run, the page's script
builds nodes, never markup, and the page allows no script, style or address but its own two, named by their digests.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.analyst.links import web_address
from tasks.analyst.names import PRONOUNS
from tasks.contracts.codes import EVENT_TYPES

PAGE = files(__package__) / "page"
SCRIPTS = ("1_data.js", "2_time.js", "3_map.js", "4_parties.js", "5_table.js", "6_main.js")
MOST_EVENTS = 150_000  # in the page, coded ones first, newest first: 100,000 are 16 MB and open in 1.2 s
LONGEST = 4_000  # characters of a text in the page: what is longer is cut, so that one text cannot hold up the page
COUNTRIES = files("tasks.lexicon") / "countries.csv"
MEANINGS = {
    "AGREE": "promises, offers or agrees to cooperate; a meeting still to come",
    "CONSULT": "a meeting, visit, call or negotiation that takes place",
    "SUPPORT": "praise, recognition, backing, signing or ratifying",
    "CONCEDE": "yields in words: apology, pardon, easing, a ceasefire announced",
    "COOPERATE": "exchange both ways: trade, joint exercise, extradition",
    "AID": "help to the receiver: money, arms, relief, asylum",
    "RETREAT": "yields in deed: withdrawal, release, ceasefire in force, resignation",
    "REQUEST": "asks, urges, demands, orders",
    "ACCUSE": "criticises, condemns, blames, charges, sues, investigates",
    "REJECT": "refuses, denies, vetoes, declines",
    "THREATEN": "threat, ultimatum, pressure",
    "PROTEST": "demonstration, riot, strike, boycott",
    "SANCTION": "cuts relations, embargo, expels, recalls, convicts",
    "MOBILIZE": "troops, police or weapons moved, short of force",
    "COERCE": "arrests, seizes, restricts, bans, deports, censors",
    "ASSAULT": "deliberate physical harm: shoots, bombs, kills, abducts",
    "STATEMENT": "says, tells, writes",
    "OTHER": "an event of no type above",
}
TEXTS = {
    "modality": "modality",
    "precision": "date_precision",
    "dateText": "date_text",
    "dateSource": "date_source",
    "actor": "actor",
    "action": "action",
    "target": "target",
    "location": "location",
    "claimant": "claimant",
    "sentence": "sentence",
    "rule": "rule",
    "actorCountry": "actor_country",
    "targetCountry": "target_country",
    "actorSector": "actor_sector",
    "targetSector": "target_sector",
}
PLACE = ("place_name", "place_country", "latitude", "longitude", "place_precision")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What came, went and changed since an older version: (kind, cause, number), and the ids of events that came."""

    since: int
    causes: Sequence[tuple[str, str, int]]
    ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTables:
    """The tables of one version that the report shows; `mentions` (incident_mentions) may be empty."""

    version: int
    events: pa.Table
    articles: pa.Table
    sentences: pa.Table
    rejects: pa.Table
    mentions: pa.Table
    news: News | None


def to_html(tables: ReportTables) -> str:
    """The page. Equal tables give equal pages."""
    style = _read("page.css")
    script = '\n(() => {\n"use strict";\n' + "".join(_read(name) for name in SCRIPTS) + "})();\n"
    page = _read("page.html")
    for mark, value in (
        ("@STYLE_HASH@", _source(style)),
        ("@SCRIPT_HASH@", _source(script)),
        ("@STYLE@", style),
        ("@SCRIPT@", script),
    ):
        page = page.replace(mark, value)
    head, tail = page.split("@DATA@")
    return head + _inert(report_data(tables)) + tail


def report_data(tables: ReportTables) -> dict[str, Any]:
    """What the page shows, as columns; texts as {values, at}: the distinct values, and where each row's stands."""
    world = world_outlines()
    events = shown(tables.events)
    codes = _codes(events) | set(world)
    articles = _articles(
        tables.articles.filter(pc.is_in(tables.articles["article_key"], events["article_key"].unique()))
    )
    number = {a["key"]: k for k, a in enumerate(articles)}
    return {
        "version": tables.version,
        "types": [
            {"name": name, "quad": f.quad_class, "goldstein": f.goldstein, "meaning": MEANINGS[name]}
            for name, f in EVENT_TYPES.items()
        ],
        "countries": {code: _country_names().get(code, code) for code in sorted(codes)},
        "articles": articles,
        "total": {"events": tables.events.num_rows, "articles": tables.articles.num_rows},
        "places": _places(events)[0],
        "events": _events(events, tables.mentions, number),
        "rejects": _counted(tables.rejects, "reason"),
        "outcomes": _counted(tables.sentences, "outcome"),
        "news": _news(tables.news),
        "pronouns": sorted(PRONOUNS),
        "world": world,
    }


def shown(events: pa.Table, *, most: int = MOST_EVENTS) -> pa.Table:
    """The events, or where they are more than a page can hold the coded ones, the newest first, and then the others."""
    if events.num_rows <= most:
        return events
    is_coded = pc.fill_null(pc.greater(events["quad_class"], 0), False)
    order = pa.table({"coded": is_coded, "date": events["date"], "at": pa.array(range(events.num_rows))})
    chosen = order.sort_by([("coded", "descending"), ("date", "descending"), ("at", "ascending")])["at"].slice(0, most)
    return events.take(chosen.combine_chunks().sort())


def _events(events: pa.Table, mentions: pa.Table, number: Mapping[str, int]) -> dict[str, Any]:
    names = list(EVENT_TYPES)
    starts, ends = _triggers(events)
    return {
        "id": events["event_id"].to_pylist(),
        "first": _days(events, "date"),
        "last": _days(events, "date_end"),
        "type": [names.index(t) for t in events["event_type"].to_pylist()],
        "article": [number[key] for key in events["article_key"].to_pylist()],
        "place": _places(events)[1],
        "incident": _incidents(events, mentions),
        "triggerStart": starts,
        "triggerEnd": ends,
        **{name: _texts(events[column]) for name, column in TEXTS.items()},
        **{name: _sparse(events[name]) for name in ("killed", "injured", "arrested")},
    }


def _texts(column: Any) -> dict[str, Any]:
    encoded = column.combine_chunks().dictionary_encode()
    values = [v if len(v) <= LONGEST else v[: LONGEST - 1] + "…" for v in encoded.dictionary.to_pylist()]
    return {"values": values, "at": pc.fill_null(encoded.indices, -1).to_pylist()}


def _sparse(column: Any) -> dict[str, int]:
    return {str(i): v for i, v in enumerate(column.to_pylist()) if v is not None}


def _days(events: pa.Table, column: str) -> list[int | None]:
    days: list[int | None] = events[column].cast(pa.int32()).to_pylist()
    return days


def _triggers(events: pa.Table) -> tuple[list[int], list[int]]:
    """Where the triggers are in their sentences, counted as JavaScript counts: characters beyond U+FFFF are two."""
    columns = ("sentence", "sentence_start", "trigger_start", "trigger_end")
    starts, ends = [], []
    for sentence, at, start, end in zip(*(events[c].to_pylist() for c in columns), strict=True):
        sizes = (start - at, end - at)
        if not sentence.isascii():
            sizes = (_units(sentence[: start - at]), _units(sentence[: end - at]))
        starts.append(sizes[0])
        ends.append(sizes[1])
    return starts, ends


def _units(text: str) -> int:
    return len(text) + sum(c > "\uffff" for c in text)


def _places(events: pa.Table) -> tuple[list[dict[str, Any]], list[int]]:
    """The distinct places and for each event the index of its own, -1 for none."""
    found: dict[tuple[Any, ...], int] = {}
    at = []
    for place in zip(*(events[c].to_pylist() for c in PLACE), strict=True):
        at.append(-1 if place[2] is None or place[3] is None else found.setdefault(place, len(found)))
    keys = ("name", "country", "latitude", "longitude", "precision")
    return [dict(zip(keys, place, strict=True)) for place in found], at


def _incidents(events: pa.Table, mentions: pa.Table) -> list[int]:
    ids = dict(zip(mentions["event_id"].to_pylist(), mentions["incident_id"].to_pylist(), strict=True))
    number = {incident: k for k, incident in enumerate(dict.fromkeys(ids.values()))}
    return [number[ids[e]] if e in ids else -1 for e in events["event_id"].to_pylist()]


def _articles(articles: pa.Table) -> list[dict[str, Any]]:
    rows = articles.select(("article_key", "title", "outlet", "published", "url")).to_pylist()
    return [
        {
            "key": row["article_key"],
            "title": row["title"],
            "outlet": row["outlet"],
            "published": row["published"].isoformat() if row["published"] else None,
            "url": web_address(row["url"]),
        }
        for row in rows
    ]


def _counted(table: pa.Table, column: str) -> list[tuple[str, int]]:
    counts = pc.value_counts(table[column].combine_chunks()).to_pylist()
    return sorted(((c["values"], c["counts"]) for c in counts), key=lambda c: (-c[1], c[0]))


def _news(news: News | None) -> dict[str, Any] | None:
    return None if news is None else {"since": news.since, "causes": list(news.causes), "ids": sorted(news.ids)}


def _codes(events: pa.Table) -> set[str]:
    columns = ("actor_country", "target_country", "place_country")
    return {code for c in columns for codes in events[c].unique().to_pylist() if codes for code in codes.split(";")}


@cache
def _country_names() -> dict[str, str]:
    with COUNTRIES.open(encoding="utf-8") as file:
        return {row["alpha3"]: row["name"].rstrip("?") for row in csv.DictReader(file)}  # "Ireland?": ambiguous


def world_outlines() -> dict[str, list[list[float]]]:
    """Outlines by alpha-3 code, rings of longitude, latitude, ...: Natural Earth 1:110m (public domain), to 0.1°."""
    world: dict[str, list[list[float]]] = json.loads(_read("world.json"))
    return world


def _read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    """The text's digest as a Content Security Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inert(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the block it stands in, nor be read as markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for c in "<>&\u2028\u2029":
        text = text.replace(c, f"\\u{ord(c):04x}")
    return text.encode("utf-8", errors="replace").decode("utf-8")
