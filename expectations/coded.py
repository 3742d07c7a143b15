"""What must hold of everything that is coded: type, date, place, parties and tolls of events and of incidents."""

from __future__ import annotations

from functools import cache
from typing import Any

import pyarrow as pa

from expectations.facts import Flags, every, flags, given, pc, true_of_distinct
from expectations.suite import Rule, between, holds, in_set
from tasks.contracts.codes import DATE_PRECISIONS, DATE_SOURCES, EVENT_TYPES, PLACE_PRECISIONS, SECTORS

COUNTRIES = ("actor_country", "target_country", "place_country")
AGENT_SECTORS = ("actor_sector", "target_sector")
MAX_PEOPLE = 100_000_000  # the Second World War, the deadliest event on record, cost 70 to 85 million lives


def _unknown_country(value: Any) -> bool:
    return value is not None and not _are_countries(value)


def _unknown_sector(value: Any) -> bool:
    return value is not None and not _are_sectors(value)


CODED_RULES: tuple[Rule, ...] = (
    holds(
        "quad_class and goldstein are the type's",
        "type_agrees",
        ["event_type", "quad_class", "goldstein"],
        "both are facts of the type",
    ),
    in_set("date_source", DATE_SOURCES, "tells how far the date can be trusted"),
    in_set("date_precision", DATE_PRECISIONS, "tells how exact the date is"),
    holds(
        "date is whole",
        "date_is_whole",
        ["date", "date_end", "date_precision", "date_source"],
        "first day, last day, precision and source are known together or not at all",
    ),
    holds("date is not after date_end", "date_in_order", ["date", "date_end"], "first day, then last day"),
    between(
        "date",
        1000,
        2199,
        "news and its history; an earlier or later year is a misread number",
        cause="input",
    ),
    between("latitude", -90, 90, "WGS 84"),
    between("longitude", -180, 180, "WGS 84"),
    holds(
        "place is whole",
        "place_is_whole",
        ["place_name", "latitude", "longitude", "place_precision"],
        "coordinates come in pairs, with the place they belong to; 0, 0 is nowhere",
    ),
    in_set("place_precision", PLACE_PRECISIONS, "a country's centre must not be read as a town"),
    holds(
        "countries are ISO 3166", "countries_known", COUNTRIES, "joined to other data by code", culprit=_unknown_country
    ),
    holds("sectors are of the closed list", "sectors_known", AGENT_SECTORS, "PLOVER's", culprit=_unknown_sector),
    between("killed", 0, MAX_PEOPLE, "more than any event in history is a misread number", cause="input"),
    between("injured", 0, MAX_PEOPLE, "more than any event in history is a misread number", cause="input"),
    between("arrested", 0, MAX_PEOPLE, "more than any event in history is a misread number", cause="input"),
)


def coded_facts(table: pa.Table) -> dict[str, Flags]:
    """The facts that these rules name, one flag a row."""
    dated, ended = given(table.column("date")), given(table.column("date_end"))
    sourced = flags(pc.not_equal(table.column("date_source"), "none"))
    return {
        "type_agrees": _type_agrees(table),
        "date_is_whole": (dated == ended) & (dated == given(table.column("date_precision"))) & (sourced | ~dated),
        "date_in_order": flags(pc.less_equal(table.column("date"), table.column("date_end"))),
        "place_is_whole": _place_is_whole(table),
        "countries_known": every(true_of_distinct(table.column(c), _are_countries) for c in COUNTRIES),
        "sectors_known": every(true_of_distinct(table.column(c), _are_sectors) for c in AGENT_SECTORS),
    }


def _type_agrees(table: pa.Table) -> Flags:
    """The type's own quad class and Goldstein value, both null where it has none; true of an unknown type."""
    names = pa.array(EVENT_TYPES)
    at = pc.index_in(table.column("event_type"), value_set=names)
    known = given(at)
    quads = pa.array([f.quad_class for f in EVENT_TYPES.values()], type=pa.int32()).take(at.combine_chunks())
    values = pa.array([f.goldstein for f in EVENT_TYPES.values()], type=pa.float64()).take(at.combine_chunks())
    return ~known | (_identical(table.column("quad_class"), quads) & _identical(table.column("goldstein"), values))


def _identical(one: Any, other: Any) -> Flags:
    """Equal, or both null."""
    return flags(pc.equal(one, other), null=False) | (flags(pc.is_null(one)) & flags(pc.is_null(other)))


def _place_is_whole(table: pa.Table) -> Flags:
    latitude, longitude = table.column("latitude"), table.column("longitude")
    named, located = given(table.column("place_name")), given(latitude)
    described = given(table.column("place_precision"))
    numbers = ~flags(pc.is_nan(latitude), null=False) & ~flags(pc.is_nan(longitude), null=False)
    nowhere = flags(pc.equal(latitude, 0.0), null=False) & flags(pc.equal(longitude, 0.0), null=False)
    return every([located == given(longitude), named | ~located, described | ~named, numbers, ~nowhere])


def _are_countries(joined: str) -> bool:
    return all(code in _countries() for code in joined.split(";"))


def _are_sectors(joined: str) -> bool:
    return all(sector in SECTORS for sector in joined.split(";"))


@cache
def _countries() -> frozenset[str]:
    """ISO 3166-1 alpha-3 codes in force and withdrawn (news tells of Yugoslavia too), and XKX for Kosovo."""
    import pycountry  # 40 ms: only where countries are checked

    withdrawn = {c.alpha_3 for c in pycountry.historic_countries}
    return frozenset({c.alpha_3 for c in pycountry.countries} | withdrawn | {"XKX"})
