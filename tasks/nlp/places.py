"""Where an event happened: the place phrase of its clause, resolved by the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from tasks.nlp.frames import EventPlace, Frame


@dataclass(frozen=True)
class Gazetteer:
    """Every place name known, indexed for look-up."""


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer, built once per process."""
    return Gazetteer()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePlaces:
    """The place mentions of an article, found and resolved once for all its events."""


def read_places(doc: Doc, *, gazetteer: Gazetteer) -> ArticlePlaces:
    """The article's place mentions, resolved against each other."""
    return ArticlePlaces()


def place_event(frame: Frame, doc: Doc, *, places: ArticlePlaces) -> EventPlace:
    """The place the event happened at; all None where the text does not say."""
    return EventPlace()
