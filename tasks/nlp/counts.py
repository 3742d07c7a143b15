"""Numbers of people: what "two dozen", "at least 14" and "a soldier and two civilians" come to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Token

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


def count_people(heads: Sequence[Token]) -> int | None:
    """How many the noun phrases under these heads come to together; None where one of them gives no number."""
    total = 0
    for head in heads:
        number = _count(head)
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


def _count(head: Token) -> int | None:
    words = [head.lower_] if head.pos_ == "NUM" or head.lower_ in _SCALES else []
    for child in head.children:
        if child.i < head.i and child.dep_ in _NUMBER_PARTS:
            words = [t.lower_ for t in child.subtree] + words if _is_number(child) else words
            if words[:3] == ["as", "many", "as"]:
                words = words[3:]
            if child.lower_ in _VAGUE and child.dep_ not in ("quantmod", "advmod", "det"):
                return None
    number = read_number(words) if not _VAGUE.intersection(words) - {"some"} else None
    if number is not None:
        return number
    if head.lemma_.lower() in _COUNTING:
        # "a total of 49 soldiers"
        inner = [o for p in head.children if p.lower_ == "of" for o in p.children if o.dep_ == "pobj"]
        return _count(inner[0]) if inner else None
    return 1 if not words and _is_one(head) else None


def _is_number(token: Token) -> bool:
    return token.pos_ == "NUM" or token.lower_ in _UNITS or token.lower_ in _SCALES


def _is_one(head: Token) -> bool:
    """Whether the phrase is one person: "a soldier", "the deputy chief", "Yitzhak Rabin"."""
    if head.ent_type_ == "PERSON":
        return True
    if head.tag_ != "NN" or head.lemma_.lower() in _COLLECTIVES:
        return False
    determiner = next((c for c in head.children if c.dep_ in ("det", "poss", "nummod")), None)
    return determiner is not None and (determiner.lower_ in _ONE or determiner.lower_ == "the")
