"""Whether two noun phrases may name the same party: by name however it is spelled, country, sector or noun."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tasks.nlp.countries import CountryMention, find_countries

SAME_NAME = 1.0
SAME_COUNTRY_AND_KIND = 0.8
SAME_COUNTRY = 0.7
OTHERS_OF_COUNTRY = 0.4  # "Russian missiles" and "Russian drones", but "British MPs" and "Mr Blair" too
SAME_NOUN = 0.5
SHARED_NOUN = 0.3  # "an apartment block" and "an apartment building", but "immediate end" and "immediate release" too
PART_OF_NAME = 0.3  # "Hunter Biden" and "Joe Biden": a shared surname is some evidence, not much
SAME_SECTOR = 0.1
OTHER_CAMP = -0.3  # sectors are coded from single words: they may be wrong, so they weigh against but forbid nothing

_WORD = re.compile(r"[^\W_]+")
_PREPOSITION = re.compile(r"\b(?:of|in|at|on|near|from|with|for|against|to|by|who|which|that)\b")
_SHORT = 4  # letters: "Xi", "Homs" are compared as they are
_SPELLINGS = (("tch", "c"), ("sch", "s"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("dj", "j"), ("zh", "z"), ("sh", "s"),
              ("ck", "k"), ("ts", "z"), ("tz", "z"), ("q", "k"), ("w", "v"), ("x", "ks"))  # fmt: skip
_VOWELS = frozenset("aeiouhj")

# Words with a capital that say what somebody is, not who.
_TITLE_WORDS = """
President Prime Minister Foreign Defence Defense Interior Deputy Vice Secretary State General Chancellor Premier King
Queen Prince Princess Governor Mayor Senator Congressman Ambassador Envoy Spokesman Spokeswoman Spokesperson Chief Head
Leader Commander Colonel Captain Major Lieutenant Admiral Sergeant Judge Justice Professor Doctor Pope Cardinal Bishop
Sheikh Imam Ayatollah Mr Mrs Ms Dr Sir Lord Lady Gen Col Maj Lt Capt Sen Rep Gov Rev The A An Army Navy Air Force
Forces Armed Police Military Ministry Government Parliament Court Supreme Council Party National Federal Royal United
Republic Department Office Authority Committee Commission Group Movement Front Union Special Security Guard Guards
Border Coast Al El De Van Von Der Bin Ibn Abu And Of Two Three Four Five Six Seven Eight Nine Ten Dozens Hundreds
Thousands Some Several Many Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May
June July August September October November December North South East West Northern Southern Eastern Western Central
Islamist
"""
_TITLES = frozenset(_TITLE_WORDS.casefold().split())
_EMPTY_WORDS = """
a an the of and or in on at to for from by with its their his her this that these those some several many few more most
least about over under nearly almost around up than as other another all both two three four five six seven eight nine
ten eleven twelve we us they them he she him it itself themselves others everyone anyone nobody what which dozen dozens
hundred hundreds thousand thousands million one people person man men woman women number group member members local new
former senior top suspected alleged heavily armed including who near after
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())

# Sectors that different reporters give to the same people: a militia is rebels to one and bandits to another.
_CAMPS = (
    frozenset({"REB", "PRM", "UAF", "CRM", "UNK", "OPP"}),
    frozenset({"GOV", "MIL", "COP", "SPY", "LEG", "JUD", "PTY", "ELI"}),
    frozenset({"CVL", "SOC", "LAB", "EDU", "REF", "MED", "REL", "JRN", "AGR", "BUS", "OPP", "UNK", "NGO"}),
    frozenset({"IGO", "NGO"}),
)


@dataclass(frozen=True, slots=True)
class Party:
    """What identifies a party: keys of its proper names, its nouns (the head first), countries and sectors.

    `unsure` is the key of a word that has its capital from the start of the sentence: "Hamas", "Protesters".
    """

    names: frozenset[str]
    unsure: frozenset[str]
    nouns: tuple[str, ...]
    countries: frozenset[str]
    sectors: frozenset[str]
    acronyms: frozenset[str]


def read_parties(
    phrases: Sequence[str], *, countries: str | None, sectors: str | None, sentence: str
) -> tuple[Party, ...]:
    """The parties of a role. Codes belong to the role as a whole, so they count only where it has one phrase."""
    start = sentence.lstrip(" \"'“‘(")
    alone = len(phrases) == 1
    return tuple(
        _party(p, countries or "" if alone else "", sectors or "" if alone else "", start.startswith(p))
        for p in phrases
    )


@lru_cache(maxsize=100_000)
def _party(phrase: str, countries: str, sectors: str, is_initial: bool) -> Party:
    mentions = list(find_countries(phrase))
    words = [w for w in _WORD.findall(_without(mentions, phrase)) if len(w) > 1 and not w.isdigit()]
    is_unsure = is_initial and bool(words) and phrase.startswith(words[0]) and not words[0].isupper()
    first = words[0] if is_unsure else ""
    others = words[1:] if is_unsure else words
    capitals = [w for w in others if w[0].isupper()]
    nouns = _nouns(f"{first.lower()} {' '.join(others)}" if first else " ".join(words))
    acronyms = {w.casefold() for w in capitals if w.isupper()}
    # "UN Security Council" and "United Nations Security Council" both give "unsc"
    initials = [w if w.isupper() else w[0] for w in words if w[0].isupper()]
    if len(initials) > 1:
        acronyms.add("".join(initials).casefold())
    return Party(
        names=frozenset(name_key(w) for w in capitals if w.casefold() not in _TITLES),
        unsure=frozenset({name_key(first)} if first and first.casefold() not in _TITLES else ()),
        nouns=nouns,
        countries=frozenset(countries.split(";")) if countries else frozenset(m.name.alpha3 for m in mentions),
        sectors=frozenset(sectors.split(";")) if sectors else frozenset(),
        acronyms=frozenset(acronyms),
    )


def _nouns(words: str) -> tuple[str, ...]:
    """Nouns and adjectives in small letters, the head first: "dozens of school pupils" gives pupil, school."""
    parts = (p.split() for p in _PREPOSITION.split(words))
    kept = ([_singular(w) for w in part if w.islower() and w not in _EMPTY] for part in parts)
    return tuple(noun for part in kept for noun in reversed(part))


@lru_cache(maxsize=10_000)
def names_in(sentence: str) -> frozenset[str]:
    """Keys of the proper names of a sentence, but for countries and its first word: mostly places and people."""
    mentions = [m for m in find_countries(sentence) if m.name.kind not in {"capital", "territory"}]
    words = _WORD.findall(_without(mentions, sentence))[1:]
    words = [w for w in words if w[0].isupper() and len(w) > 1 and w.casefold() not in _TITLES]
    return frozenset(name_key(w) for w in words)


def _without(mentions: Iterable[CountryMention], text: str) -> str:
    """The text with a character that is in no word in place of each that a mention has."""
    characters = list(text)
    for m in mentions:
        characters[m.start : m.end] = "\0" * (m.end - m.start)
    return "".join(characters)


@lru_cache(maxsize=100_000)
def name_key(word: str) -> str:
    """A key that spellings of one name share: "Zelenskyy" and "Zelensky", "Aliyev" and "Aliev", "Erdoğan".

    Accents go, letters for one sound become one, then vowels but the first go. Short names stay as they are.
    """
    folded = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    letters = folded.replace("ı", "i").replace("y", "i")
    plain = "".join(c for i, c in enumerate(letters) if i == 0 or c != letters[i - 1])
    if len(plain) <= _SHORT:
        return plain
    plain = plain.removesuffix("s")  # "the Houthis"
    sound = plain
    for spelling, one in _SPELLINGS:
        sound = sound.replace(spelling, one)
    key = "a" if sound[0] in "aeiou" else sound[0]
    for letter in sound[1:]:
        if letter not in _VOWELS:
            key += letter
    return key if len(key) > 2 else plain


def _singular(noun: str) -> str:
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith("men"):
        return noun[:-3] + "man"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def compare_roles(one: Sequence[Party], other: Sequence[Party]) -> float | None:
    """How surely two roles share a party, 0 to 1; 0 where one is empty; None where they contradict each other."""
    if not one or not other:
        return 0.0
    found = [s for a in one for b in other if (s := compare_parties(a, b)) is not None]
    return max(found) if found else None


def compare_pools(one: Sequence[Party], other: Sequence[Party]) -> float | None:
    """The same for events in which the parties change places ("A met B", "B met A"): 0 to 2, a point a party.

    None where each side has a party left that contradicts the other's: "Blinken met Xi", "Blinken met Wang".
    """
    if not one or not other:
        return 0.0
    scores = {(i, j): compare_parties(a, b) for i, a in enumerate(one) for j, b in enumerate(other)}
    agreeing = {pair for pair, score in scores.items() if score is not None}
    ranked = sorted(((s, i, j) for (i, j), s in scores.items() if s is not None), key=lambda r: (-r[0], r[1], r[2]))
    total, left, right = 0.0, set(range(len(one))), set(range(len(other)))
    for score, i, j in ranked:
        if i in left and j in right:
            total += score
            left.discard(i)
            right.discard(j)
    if left and right and all((i, j) not in agreeing for i in left for j in right):
        return None
    return min(total, 2.0)


def compare_parties(one: Party, other: Party) -> float | None:
    """How surely two phrases name one party, 0 to 1; 0 where nothing speaks for or against; None where they differ."""
    named = _compare_names(one, other)
    if named is not None:
        return named
    if one.names and other.names:
        return None
    if one.countries and other.countries and not one.countries & other.countries:
        return None
    if not _same_camp(one.sectors, other.sectors):
        return OTHER_CAMP
    same_noun = bool(one.nouns and other.nouns) and one.nouns[0] == other.nouns[0]
    if one.countries & other.countries:
        n_bare = [_is_bare(one), _is_bare(other)].count(True)
        if same_noun or n_bare == 2:
            return SAME_COUNTRY_AND_KIND
        return SAME_COUNTRY if n_bare else OTHERS_OF_COUNTRY
    if same_noun:
        return SAME_NOUN
    if set(one.nouns) & set(other.nouns):
        return SHARED_NOUN
    return SAME_SECTOR if one.sectors & other.sectors else 0.0


def _is_bare(party: Party) -> bool:
    """Whether the phrase is a country's name and no more."""
    return not (party.names or party.unsure or party.nouns)


def _compare_names(one: Party, other: Party) -> float | None:
    """How much of a name they share; None: nothing."""
    shared = (one.names & other.names) | (one.names & other.unsure) | (one.unsure & other.names)
    if shared:
        # "Antony Blinken" and "Blinken" share all of the shorter name
        shorter = min(len(one.names | one.unsure), len(other.names | other.unsure))
        return SAME_NAME if len(shared) >= min(shorter, 2) else PART_OF_NAME
    return SAME_NAME if one.acronyms & other.acronyms else None


def _same_camp(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other or one & other:
        return True
    return any(one & camp and other & camp for camp in _CAMPS)
