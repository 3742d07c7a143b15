"""Numbers of people: what "two dozen", "at least 14" and "a soldier and two civilians" come to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.nlp.parse import Parse

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_VAGUE = frozenset({"several", "few", "some", "many", "couple", "between", "numerous", "various"})
_ONE = frozenset({"a", "an", "one", "another"})
_NUMBER_PARTS = frozenset({"nummod", "compound", "quantmod", "det", "predet", "advmod", "amod", "punct"})
_COUNTING = frozenset({"total", "number"})
# Singular nouns that stand for many: no count of one.
_COLLECTIVES = frozenset({
    "army", "band", "battalion", "brigade", "cabinet", "cell", "community", "company", "convoy", "crew", "crowd",
    "delegation", "family", "force", "gang", "government", "group", "leadership", "majority", "military", "militia",
    "network", "number", "opposition", "organisation", "organization", "party", "patrol", "people", "personnel",
    "police", "population", "press", "public", "squad", "staff", "team", "troop", "unit", "village",
})  # fmt: skip


def count_people(parse: Parse, heads: Sequence[int]) -> int | None:
    """How many the noun phrases under these heads come to together; None where one of them gives no number."""
    total = 0
    for head in heads:
        number = _count(parse, head)
        if number is None:
            return None
        total += number
    return total or None


LONGEST_NUMBER = 30  # digits: beyond any count of people, and far from what a float cannot hold


def read_number(words: Sequence[str]) -> int | None:
    """The number that the words spell: ["two", "dozen"] is 24, ["1,200"] 1200; None for none, or for two of them."""
    total, current, seen = 0, 0.0, False
    half = "half" in words
    for word in words:
        if _DIGITS.fullmatch(word):
            if seen and current and current < 100:  # "10 15": a range, no number
                return None
            current, seen = float(word.replace(",", "")[:LONGEST_NUMBER]), True
        elif word in _UNITS:
            current, seen = current + _UNITS[word], True
        elif "-" in word and all(part in _UNITS for part in word.split("-")):
            current, seen = current + sum(_UNITS[part] for part in word.split("-")), True
        elif word in _SCALES:
            current, seen = (current or 1) * _SCALES[word], True
            if _SCALES[word] > _SCALES["hundred"]:
                total, current = total + int(current), 0
    if not seen:
        return None
    number = total + int(current)
    return number // 2 if half and "dozen" in words else number


def _count(parse: Parse, head: int) -> int | None:
    lowers = parse.lowers
    words = [lowers[head]] if parse.pos[head] == "NUM" or lowers[head] in _SCALES else []
    for child in parse.children[head]:
        if child < head and parse.deps[child] in _NUMBER_PARTS:
            words = [lowers[t] for t in parse.subtree(child)] + words if _is_number(parse, child) else words
            if words[:3] == ["as", "many", "as"]:
                words = words[3:]
            if lowers[child] in _VAGUE and parse.deps[child] not in ("quantmod", "advmod", "det"):
                return None
    number = read_number(words) if not _VAGUE.intersection(words) - {"some"} else None
    if number is not None:
        return number
    if parse.lemmas[head] in _COUNTING:
        # "a total of 49 soldiers"
        inner = parse.of_objects(head)
        return _count(parse, inner[0]) if inner else None
    return 1 if not words and _is_one(parse, head) else None


def _is_number(parse: Parse, token: int) -> bool:
    return parse.pos[token] == "NUM" or parse.lowers[token] in _UNITS or parse.lowers[token] in _SCALES


def _is_one(parse: Parse, head: int) -> bool:
    """Whether the phrase is one person: "a soldier", "the deputy chief", "Yitzhak Rabin"."""
    if parse.entities[head] == "PERSON":
        return True
    if parse.tags[head] != "NN" or parse.lemmas[head] in _COLLECTIVES:
        return False
    determiner = parse.child(head, "det", "poss", "nummod")
    return determiner is not None and (parse.lowers[determiner] in _ONE or parse.lowers[determiner] == "the")
