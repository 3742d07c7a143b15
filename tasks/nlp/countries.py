"""Which country a name, a nationality, a capital or a seat of government stands for."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

KINDS = ("name", "alias", "adjective", "demonym", "capital", "territory", "government")
_COLUMNS = {
    "name": "name",
    "aliases": "alias",
    "adjectives": "adjective",
    "demonyms": "demonym",
    "capitals": "capital",
    "territories": "territory",
    "government": "government",
}
_WORD = re.compile(r"\w+")
_NO_LOWER_CASE = re.compile(r"\b[^\Wa-z]\w*")  # words that may begin a name
_ATTITUDE = ("anti-", "pro-", "non-", "Anti-", "Pro-", "Non-")
LONGEST_ATTITUDE = 5  # characters of "anti-"
_LONGEST_ACRONYM = 4  # "US", "UAE", "USSR": written in capitals only, since "us" and "car" are words
# Longer names that hold a country's without meaning it.
_NO_COUNTRY = (
    "Indian Ocean", "Irish Sea", "Persian Gulf", "South China Sea", "East China Sea", "Sea of Japan", "Gulf of Mexico",
    "Gulf of Guinea", "Gulf of Oman", "Gulf of Thailand", "New Mexico", "New England", "New Jersey", "New South Wales",
    "English Channel", "English-language", "English language", "Latin American", "Latin Americans", "Latin America",
    "South American", "South Americans", "South America", "North American", "North Americans", "North America",
    "Central American", "Central Americans", "Central America", "West Indian", "West Indies", "American Indian",
    "Jordan River", "River Jordan", "Norwegian Sea", "Bank of America", "Prince of Wales",
    "Princess of Wales", "Paris Agreement", "Paris Accord", "Paris climate agreement", "Geneva Convention",
    "London Bridge", "Washington Post", "New Delhi Television", "Times of India", "Jerusalem Post", "Moscow Times",
    "Washington state", "Washington State", "Greek Orthodox", "Roman Catholic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountryName:
    """One way to say a country: what is written, which country, and what kind of name it is (one of KINDS).

    `personal` names are persons' names or common words too ("Jordan", "Georgia", "Pole").
    """

    text: str
    alpha3: str
    kind: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class CountryMention:
    """A country said in a text: characters [start, end) of it and the name found there."""

    start: int
    end: int
    name: CountryName


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the table: its short English name and the middle of its land (WGS 84)."""

    alpha3: str
    name: str
    latitude: float
    longitude: float


def country_of(name: str) -> str | None:
    """The ISO 3166 alpha-3 code (XKX: Kosovo) of a country's name, alias, nationality, capital or seat of government.

    A whole name, with or without "the" and a genitive ending; None where the table does not have it, and for words
    in small letters: "turkey" and "us" are none.
    """
    found = country_name(name)
    return found.alpha3 if found else None


def country_name(name: str) -> CountryName | None:
    """The table's entry for a whole name, with its kind; None where there is none."""
    text = " ".join(name.replace("\u2019", "'").split())
    if text.islower():
        return None
    index = _names()
    owner = text.removesuffix("'s").removesuffix("'")
    bare = owner[4:] if owner[:4].lower() == "the " else owner
    # "St George's" and "The Hague" are whole names
    for form in (text, owner, bare):
        found = index.get(form) or index.get(_fold(form))
        if found:
            return found
    return None


@lru_cache(maxsize=4096)  # the same phrases come again and again in an article
def countries_in(text: str, kinds: tuple[str, ...] = KINDS) -> tuple[str, ...]:
    """The countries that a phrase names, as alpha-3 codes in order, each once.

    "the Armenian and Azerbaijani foreign ministers" gives ("ARM", "AZE"). Never matches inside a word, in "anti-US" or
    "pro-Russian", nor a name that reads as a person's: "Georgia Meloni", "Jordan Henderson".
    """
    return tuple(dict.fromkeys([m.name.alpha3 for m in mentions_in(text) if m.name.kind in kinds]))


@lru_cache(maxsize=4096)
def mentions_in(text: str) -> tuple[CountryMention, ...]:
    """Every country name in a phrase."""
    return tuple(find_countries(text))


def find_countries(text: str) -> Iterator[CountryMention]:
    """Every country name in a text, from left to right, the longest one where several start at a word."""
    starts = _first_words()
    at = 0
    for found in _NO_LOWER_CASE.finditer(text):
        word, begin = found[0], found.start()
        names = starts.get(_fold(word))
        if names is None or begin < at or not (word[0].isupper() or word[0].isdigit()):
            continue
        for key, name in names:
            end = begin + len(key)
            written = text[begin:end].replace("\u2019", "'")
            if not _written_as(written, key) or (text[end : end + 1].isalnum() and key[-1] != "."):
                continue
            at = end
            if (
                name
                and not text[max(0, begin - LONGEST_ATTITUDE) : begin].endswith(_ATTITUDE)
                and not (name.personal and _of_person(text, begin, end))
            ):
                yield CountryMention(begin, end, name)
            break


def capitals_of(alpha3: str) -> tuple[str, ...]:
    """Every name of the country's capital and seats of government, the table's order; none for an unknown code."""
    return tuple(n.text for n in _names().values() if n.alpha3 == alpha3 and n.kind == "capital")


def alpha3_of(alpha2: str) -> str | None:
    """The alpha-3 code of an ISO 3166 alpha-2 code (XK: Kosovo); None for an unknown one."""
    return _alpha2().get(alpha2)


def country(alpha3: str) -> Country | None:
    """The country of a code, with its coordinates; None for an unknown code."""
    return _countries().get(alpha3)


def _fold(text: str) -> str:
    return text.casefold()


def _written_as(written: str, key: str) -> bool:
    if written == key:
        return True
    if len(key) <= _LONGEST_ACRONYM and key.isupper():
        return False
    # "SYRIA" and "the Ivory coast" are names; "turkey" and "turkish" have been passed over already.
    return _fold(written) == _fold(key)


_TITLE_WORDS = """
President Prime Foreign Minister King Queen Prince Crown Defence Defense Interior Finance Health Army Air Navy Police
Supreme Premier Ambassador Secretary General Chancellor Vice Deputy Parliament National Democratic State Central Bank
Border Coast Today Times And Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May
June July August September October November December
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_BEFORE_PLACE_WORDS = """
The In At From To Of And But For With By On As When While After Before Since If Western Eastern Northern Southern Inner
Greater Downtown West East North South Near Outside Across Inside Both Neighbouring Neighboring Between Against Until
Through Via Meanwhile Although Though
"""
_BEFORE_PLACE = frozenset(_BEFORE_PLACE_WORDS.split())
_BEFORE_NO_SURNAME = _BEFORE_PLACE | _TITLES
_NEXT = re.compile(r" ([A-Z][\w'\u2019-]*)")
_BEFORE = re.compile(r"([A-Z][a-z]+|[A-Z]\.) $")


def _of_person(text: str, begin: int, end: int) -> bool:
    after = _NEXT.match(text, end)
    # "Georgia Meloni", not "Jordan King Abdullah" nor "Georgia Russia talks"
    if after and after[1] not in _TITLES and _fold(after[1]) not in _first_words() and not after[1].isupper():
        return True
    before = _BEFORE.search(text, max(0, begin - 30), begin)
    # "Michael Jordan", not "In Jordan"
    return before is not None and before[1] not in _BEFORE_NO_SURNAME


def _plurals(form: str) -> tuple[str, ...]:
    """A nationality's form with its plural: "Armenian", "Armenians"; "Chinese" and "Englishmen" stay."""
    if form.endswith(
        (
            "ese",
            "ish",
            "ch",
            "ss",
            "s",
            "men",
            "sman",
            "hman",
            "woman",
            "ois",
            "oise",
            "ique",
        )
    ):
        return (form,)
    return (form, f"{form}s")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (files("tasks.lexicon") / "countries.csv").open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines))


@cache
def _countries() -> dict[str, Country]:
    return {
        r["alpha3"]: Country(
            r["alpha3"],
            r["name"].rstrip("?"),
            float(r["latitude"]),
            float(r["longitude"]),
        )
        for r in _rows()
    }


@cache
def _alpha2() -> dict[str, str]:
    return {r["alpha2"]: r["alpha3"] for r in _rows()}


@cache
def _names() -> dict[str, CountryName]:
    """Every form as written, and casefolded where no form is written so; the first kind of KINDS wins."""
    names: dict[str, CountryName] = {}
    for column, kind in _COLUMNS.items():
        for row in _rows():
            for entry in filter(None, row[column].split(";")):
                text, personal = entry.rstrip("?"), entry.endswith("?")
                for form in _plurals(text) if kind in ("adjective", "demonym") else (text,):
                    # "Armenians" is people even where the table has it by its adjective
                    names.setdefault(
                        form,
                        CountryName(
                            form,
                            row["alpha3"],
                            kind if form == text else "demonym",
                            personal,
                        ),
                    )
    for form, name in list(names.items()):
        if len(form) > _LONGEST_ACRONYM or not form.isupper():
            names.setdefault(_fold(form), name)
    return names


@cache
def _first_words() -> dict[str, tuple[tuple[str, CountryName | None], ...]]:
    """Names by their first word, casefolded; the longest first. None marks a name that is no country's."""
    index: dict[str, list[tuple[str, CountryName | None]]] = {}
    pairs = [(text, name) for text, name in _names().items() if text == name.text]
    for text, name in [*pairs, *((text, None) for text in _NO_COUNTRY)]:
        first = _WORD.search(text)
        if first:
            index.setdefault(_fold(first[0]), []).append((text, name))
    return {word: tuple(sorted(found, key=lambda p: (-len(p[0]), p[0]))) for word, found in index.items()}
