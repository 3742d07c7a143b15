"""An analyst's own vocabulary: actors, places, verbs and nouns in CSV files beside the articles.

    vocabulary/actors.csv   name,aliases,sectors,country,note
    vocabulary/places.csv   name,aliases,precision,country,latitude,longitude,note
    vocabulary/verbs.csv    as the project's, of whose columns verb and type are needed
    vocabulary/nouns.csv    as the project's, of whose columns noun and type are needed

What a row says counts before what the project knows. A row that says the same as one of the project's takes its place.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from tasks.contracts.codes import PLACE_PRECISIONS
from tasks.contracts.records import VocabularyFile
from tasks.lexicon.reader import (
    FOLDER,
    NOUN_COLUMNS,
    VERB_COLUMNS,
    AgentRow,
    Key,
    Lexicon,
    LexiconError,
    Line,
    NounRow,
    Row,
    VerbRow,
    name_row,
    noun_row,
    read_rows,
    verb_keys,
    verb_row,
)

NAME = "vocabulary"  # of the folder beside the articles
ACTORS, PLACES, VERBS, NOUNS = FILES = ("actors.csv", "places.csv", "verbs.csv", "nouns.csv")
ACTOR_COLUMNS = ("name", "aliases", "sectors", "country", "note")
PLACE_COLUMNS = ("name", "aliases", "precision", "country", "latitude", "longitude", "note")
LAST_LATIN = "\u02b0"
_WORD = re.compile(r"[\w&]+(?:[.'-][\w&]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorRow:
    """An actor by its names: the first is the one shown."""

    names: tuple[str, ...]
    sectors: tuple[str, ...]
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place by its names, the first of which the table shows; WGS 84. `countries` is empty for a sea."""

    names: tuple[str, ...]
    precision: str
    countries: tuple[str, ...]
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The rows of all files, each in the order of its file."""

    actors: tuple[ActorRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    verbs: tuple[VerbRow, ...] = ()
    nouns: tuple[NounRow, ...] = ()


@lru_cache(maxsize=4)  # a run has one; a server may see it change
def read_vocabulary(files: tuple[VocabularyFile, ...]) -> Vocabulary:
    """The vocabulary of the files. Raises LexiconError at the first wrong row, or for a file of another name."""
    texts = {file.name: file.text for file in files}
    for name in texts:
        if name not in FILES:
            raise LexiconError(f"{NAME}/{name}: no vocabulary; take {', '.join(FILES)}, and keep other files elsewhere")
    return Vocabulary(
        actors=_read(texts, ACTORS, ACTOR_COLUMNS, ("name",), _actor_row, lambda row: _each(words_of, row.names)),
        places=_read(
            texts,
            PLACES,
            PLACE_COLUMNS,
            ("name", "latitude", "longitude"),
            _place_row,
            lambda row: _each(str.casefold, row.names),
        ),
        verbs=_read(texts, VERBS, VERB_COLUMNS, ("verb", "type"), _verb_row, verb_keys),
        nouns=_read(texts, NOUNS, NOUN_COLUMNS, ("noun", "type"), _noun_row, lambda row: [(row.noun, row.topic)]),
    )


def _read(
    texts: Mapping[str, str],
    name: str,
    columns: Sequence[str],
    needed: Collection[str],
    build: Callable[[Line], Row],
    keys: Callable[[Row], list[Key]],
) -> tuple[Row, ...]:
    """The rows of one file; none where there is no such file."""
    text = texts.get(name, "")
    return tuple(read_rows(text, file=f"{NAME}/{name}", columns=columns, needed=needed, build=build, keys=keys))


def _each(form: Callable[[str], str], names: Iterable[str]) -> list[str]:
    """The names as they are looked up, each once."""
    return list(dict.fromkeys(map(form, names)))


def add_to(lexicon: Lexicon, vocabulary: Vocabulary) -> Lexicon:
    """The lexicon with the vocabulary's actors, verbs and nouns; places are the gazetteer's."""
    verbs = dict(lexicon.verbs)
    for verb in {row.verb: None for row in vocabulary.verbs}:
        mine = [row for row in vocabulary.verbs if row.verb == verb]
        said = {key for row in mine for key in verb_keys(row)}
        theirs = [row for row in lexicon.verb_rows(verb) if not said.issuperset(verb_keys(row))]
        verbs[verb] = tuple(sorted((*mine, *theirs), key=lambda r: (-r.specificity, not r.own, r.line)))
    return replace(
        lexicon,
        verbs=verbs,
        nouns={**lexicon.nouns, **{row.noun: row for row in vocabulary.nouns if not row.topic}},
        topic_nouns={
            **lexicon.topic_nouns,
            **{(row.topic, row.noun): row for row in vocabulary.nouns if row.topic},
        },
        own_actors={
            words_of(name): (row.names[0], AgentRow(line=0, names=(), sectors=row.sectors, country=row.country))
            for row in vocabulary.actors
            for name in row.names
        },
    )


def words_of(name: str) -> str:
    """A name as it is looked up: its words in small letters without genitive endings, one blank between them."""
    return " ".join(word.removesuffix("'s") for word in _WORD.findall(name.replace("\u2019", "'").lower()))


def own_actors_in(text: str, lexicon: Lexicon) -> Iterable[tuple[str, AgentRow]]:
    """The analyst's actors that a text names, the longest name at each word: each as it is shown, and its row."""
    if not lexicon.own_actors:
        return
    words = words_of(text).split(" ")
    longest = _longest(lexicon)
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + longest), at, -1):
            found = lexicon.own_actors.get(" ".join(words[at:end]))
            if found is not None:
                yield found
                at = end - 1
                break
        at += 1


def _actor_row(line: Line) -> ActorRow:
    row = name_row(line)
    names = _names(line)
    if not row.sectors and not row.country:
        raise line.error("sectors and country are both empty; say at least one of them, or delete the line")
    return ActorRow(names=names, sectors=row.sectors, country=next(iter(_countries(line)), None))


def _place_row(line: Line) -> PlaceRow:
    latitude, longitude = _degrees(line, "latitude", 90), _degrees(line, "longitude", 180)
    if latitude == longitude == 0:
        raise line.error("latitude and longitude are both 0, which is nowhere on land; write where the place is")
    return PlaceRow(
        names=_names(line),
        precision=line.one_of("precision", PLACE_PRECISIONS, default="city"),
        countries=tuple(_countries(line)),
        latitude=latitude,
        longitude=longitude,
    )


def _verb_row(line: Line) -> VerbRow:
    row = verb_row(line)
    if len(row.verb.split()) > 1:
        raise line.error(f"column verb holds {row.verb!r}; write the verb alone, what goes with it in prep or object")
    return replace(row, verb=row.verb.lower(), own=True)


def _noun_row(line: Line) -> NounRow:
    row = noun_row(line)
    if len(row.noun.split()) > 2:
        raise line.error(f"column noun holds {row.noun!r}; write the noun, or one word before it and the noun")
    return replace(row, noun=row.noun.lower(), own=True)


def _names(line: Line) -> tuple[str, ...]:
    names = (line.needed("name"), *line.words("aliases"))
    for name in names:
        if not any(c.isalnum() and c < LAST_LATIN for c in unicodedata.normalize("NFKD", name)):
            raise line.error(f"the name {name!r} has no Latin letters; write it as English articles do")
    return tuple(dict.fromkeys(names))


def _countries(line: Line) -> Iterator[str]:
    for code in line.words("country"):
        if code not in _known_countries():
            raise line.error(
                f"column country holds {code!r}; expected an ISO 3166 alpha-3 code such as ARM, or nothing"
            )
        yield code


def _degrees(line: Line, column: str, most: float) -> float:
    text = line.needed(column)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= most:
        raise line.error(f"column {column} holds {text!r}; expected degrees from -{most} to {most}, such as 14.39")
    return value


@cache
def _known_countries() -> frozenset[str]:
    with (FOLDER / "countries.csv").open(encoding="utf-8") as lines:
        return frozenset(row["alpha3"] for row in csv.DictReader(lines))


@lru_cache(maxsize=1)
def _longest(lexicon: Lexicon) -> int:
    """Words of the longest of the analyst's names."""
    return max(name.count(" ") for name in lexicon.own_actors) + 1
