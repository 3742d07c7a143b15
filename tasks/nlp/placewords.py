"""The words that place phrases are made of, by kind."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """Closed classes of words, lower case; verbs and nouns by lemma."""

    here: frozenset[str]
    """A preposition of the place where something happens: in Kabul."""
    bare: frozenset[str]
    """One of these that even a name unknown to the gazetteer follows: near X."""
    direction: frozenset[str]
    """Before of: north of Baghdad."""
    leaving: frozenset[str]
    """A verb that happens at the place after from: withdrew from Kherson."""
    moving: frozenset[str]
    """A verb that happens at the place after towards: marched towards X."""
    hosting: frozenset[str]
    """A verb whose subject is the place: X hosted the summit."""
    fighting: frozenset[str]
    """A noun that happens at the place after for: the battle for Aleppo."""
    quantity: frozenset[str]
    """A noun that measures what follows of: a third of Croatia."""
    area: frozenset[str]
    """A noun of a settlement or an area: the town of X, X province."""
    settlement: frozenset[str]
    """An area noun whose name stands after of even where another stands before it: the West Bank city of X."""
    region: frozenset[str]
    """An area noun of first-level divisions: X province."""
    site: frozenset[str]
    """A noun of a site: a Kabul hotel."""
    site_name: frozenset[str]
    """A first or last word that makes an unknown name a place: X District, Mount X."""
    of_name: frozenset[str]
    """A word after which a name goes on with of: Church of the Nativity."""
    calendar: frozenset[str]
    """No place."""
    title: frozenset[str]
    """No place."""
    not_place: frozenset[str]
    """No place."""
    nested: frozenset[str]
    """A preposition that puts a place within another: X in Y province."""
    border: frozenset[str]
    """A noun after which with or between leads to the places: the border with X."""
    attack: frozenset[str]
    """A noun or verb whose on or over leads to its place: a raid on X."""
    feeling: frozenset[str]
    """A noun or verb whose over leads to its topic: concern over X."""
    body: frozenset[str]
    """A head of a name of a body, which holds places without being there."""
    article: frozenset[str]
    """A small word within hyphenated names: Port-au-Prince."""
    takes_place: frozenset[str]
    """A verb whose object, where it is a place, is where it happens: captured X."""
    takes_only_places: frozenset[str]
    """One of these whose object is nothing but a place: entered X."""
    aspect: frozenset[str]
    """A verb that happens where its complement does: began by storming X."""


@cache
def load_place_words() -> PlaceWords:
    """The words of `place_words.csv`, read once per process.

    Raises ValueError for a kind that is unknown or missing.
    """
    words: dict[str, set[str]] = {}
    with (files("tasks.lexicon") / "place_words.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            words.setdefault(row["kind"], set()).add(row["word"])
    known = PlaceWords.__slots__
    if wrong := sorted(set(words) ^ set(known)):
        raise ValueError(
            f"place_words.csv: the kinds {', '.join(wrong)} are unknown or missing; expected are {', '.join(known)}"
        )
    return PlaceWords(**{kind: frozenset(found) for kind, found in words.items()})
