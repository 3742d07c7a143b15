"""Events in the columns of GDELT 1.0, for those who have tools for it: CAMEO root codes, tab-separated, with a head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

# The CAMEO root that each PLOVER type comes from; "18" becomes "19" where an armed side acts.
CAMEO_ROOTS = {
    "STATEMENT": "01", "AGREE": "03", "CONSULT": "04", "SUPPORT": "05", "COOPERATE": "06", "AID": "07",
    "CONCEDE": "08", "RETREAT": "08", "REQUEST": "10", "ACCUSE": "11", "REJECT": "12", "THREATEN": "13",
    "PROTEST": "14", "MOBILIZE": "15", "SANCTION": "16", "COERCE": "17", "ASSAULT": "18",
}  # fmt: skip
FIGHT = "19"
ARMED = frozenset({"MIL", "REB", "PRM", "UAF"})
GEO_TYPES = {"country": "1", "region": "5", "city": "4", "site": "4"}

_ACTOR = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code",
          "Type1Code", "Type2Code", "Type3Code")  # fmt: skip
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor{k}{c}" for k in (1, 2) for c in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"{who}Geo_{c}" for who in ("Actor1", "Actor2", "Action") for c in _GEO),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip


def to_gdelt(events: pa.Table, *, articles: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The lines of the table: the asserted, dated events of a CAMEO root. `articles`: their rows by article_key.

    Differs from GDELT where the tables know it otherwise: countries of places are ISO alpha-3 (not FIPS), a row is a
    mention (NumMentions 1), events have root codes alone, QuadClass 1 holds for statements, as in CAMEO; the columns
    Actor1Geo, Actor2Geo and AvgTone are empty.
    """
    yield "\t".join(COLUMNS) + "\n"
    for row in events.to_pylist():
        if row["modality"] == "asserted" and row["date"] is not None and row["event_type"] in CAMEO_ROOTS:
            cells = _cells(row, articles.get(row["article_key"], {}))
            yield "\t".join(_cell(cells.get(c)) for c in COLUMNS) + "\n"


def _cells(row: Mapping[str, Any], article: Mapping[str, Any]) -> dict[str, Any]:
    day: date = row["date"]
    root = _root(row)
    added: date | None = article.get("published")
    return {
        "GLOBALEVENTID": int(row["event_id"], 16) >> 1,  # 63 bits: fits a signed integer
        "SQLDATE": f"{day:%Y%m%d}",
        "MonthYear": f"{day:%Y%m}",
        "Year": day.year,
        "FractionDate": f"{day.year + (day.timetuple().tm_yday - 1) / 365:.4f}",
        **_actor("Actor1", row["actor"], row["actor_country"], row["actor_sector"]),
        **_actor("Actor2", row["target"], row["target_country"], row["target_sector"]),
        "IsRootEvent": int(row["sentence_index"] == 0),
        "EventCode": f"{root}0",
        "EventBaseCode": f"{root}0",
        "EventRootCode": root,
        "QuadClass": row["quad_class"] or 1,
        "GoldsteinScale": row["goldstein"],
        "NumMentions": 1,
        "NumSources": 1,
        "NumArticles": 1,
        **_place(row),
        "DATEADDED": f"{added:%Y%m%d}" if added else None,
        "SOURCEURL": article.get("url"),
    }


def _root(row: Mapping[str, Any]) -> str:
    """19 ("fight") where an armed side uses force, else 18 ("assault") and the roots of the other types."""
    armed = ARMED & set((row["actor_sector"] or "").split(";"))
    return FIGHT if row["event_type"] == "ASSAULT" and armed else CAMEO_ROOTS[row["event_type"]]


def _actor(which: str, name: str | None, country: str | None, sector: str | None) -> dict[str, Any]:
    """An actor's columns: the first country, up to three sectors, and both as the code ("ARMMIL")."""
    first = (country or "").split(";")[0]
    sectors = [s for s in (sector or "").split(";") if s]
    return {
        f"{which}Code": first + "".join(sectors[:1]),
        f"{which}Name": name.upper() if name else None,
        f"{which}CountryCode": first,
        **{f"{which}Type{k}Code": s for k, s in enumerate(sectors[:3], start=1)},
    }


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["latitude"] is None:
        return {"ActionGeo_Type": 0}
    return {
        "ActionGeo_Type": GEO_TYPES[row["place_precision"]],
        "ActionGeo_FullName": row["place_name"],
        "ActionGeo_CountryCode": row["place_country"],
        "ActionGeo_Lat": row["latitude"],
        "ActionGeo_Long": row["longitude"],
        "ActionGeo_FeatureID": row["geonameid"],
    }


def _cell(value: Any) -> str:
    """The value without what would break the line."""
    return "" if value is None else " ".join(str(value).split())
