"""The place phrases of a parse: which words name a place, and what they say the place of."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.nlp.parse import Parse

# "in Kabul", "near the village of X", "off the coast of Y": prepositions of the place where something happens.
LOCATIVE = frozenset(
    {
        "in", "at", "near", "outside", "inside", "around", "across", "throughout", "off", "on", "within", "along",
        "beside", "between", "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest",
        "over", "through", "above", "toward", "towards", "to", "into", "from", "onto", "by", "of", "against", "via", "below", "beyond", "behind",
        "opposite", "amid", "for", "with",
    }
)  # fmt: skip
# Nouns that stand for a part or a kind of place: the name follows ("the town of X") or precedes ("X province").
PLACE_NOUNS = frozenset(
    """
    area base bank border camp capital center centre checkpoint city coast coastline compound countryside county country
    community district edge enclave end entrance exclave front frontier governorate half headland hill hills hinterland
    home house island islands isle jungle kibbutz land locality localities metropolis mountain mountains municipality
    nation neighborhood neighbourhood oblast outskirt outskirts part peninsula periphery plain port prefecture province
    quarter region republic resort river road sector settlement shore side site state street strip suburb territory
    town township valley vicinity village villages ward waters wilaya zone commune hamlet heart middle stronghold
    square streets town airport university hospital prison court mosque church school hotel station market forest desert
    headquarters embassy stadium slum slums farm farms crossing corner section stretch
    """.split()
)
NESTED = frozenset({"in", "near", "at", "on", "outside", "inside", "around", "within", "along", "off", "of"})
MAX_STEPS = 4  # of nesting; deeper phrases name nothing an event stands in
# Last words of names of sites: "Khe Sanh Airport", "Jobar District".
SITE_WORDS = frozenset(
    """
    airport airbase airfield avenue bay beach boulevard bridge camp canal castle cathedral cemetery center centre church city
    coast college corridor county court crossing dam desert district embassy forest fort gate governorate gulf harbor harbour
    heights highway hill hills hospital hotel hostel island islands junction lake mall market monastery mosque mount
    mountain mountains museum neighborhood neighbourhood oblast ocean palace park pass peninsula plain plaza port prefecture
    prison province quarter quarters region river road school sea shrine square stadium state station strait street suburb
    synagogue temple territory theater theatre tower town township university valley village ward farms farm zone
    """.split()
)
_HYPHENS = frozenset({"-", "–", "'", "’", "‘"})
_INNER = frozenset(
    {"of", "and", "de", "la", "el", "al", "the", "del", "da", "do", "di", "du", "des", "les", "le", "e", "en", "i"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name: tokens [start, end) with its head token."""

    start: int
    end: int
    head: int


@dataclass(frozen=True, slots=True)
class PlacePhrase:
    """A phrase that may say where something happens.

    `prep` is its preposition (lower case) at token `at`, `anchor` the token that the phrase modifies, `noun` the head of
    its object, `names` the most specific names it gives (several where coordinated), `within` the wider places it adds
    ("in the town of X in Y province": Y).
    """

    prep: str
    at: int
    anchor: int
    noun: int
    names: tuple[Name, ...]
    within: tuple[Name, ...]


def find_phrases(parse: Parse, start: int, end: int) -> list[PlacePhrase]:
    """The prepositional phrases of tokens [start, end) that give a name, in order of position."""
    found = []
    taken: set[int] = set()
    for at in range(start, end):
        if parse.deps[at] not in ("prep", "dative", "agent") or at in taken or parse.lowers[at] not in LOCATIVE:
            continue
        noun = parse.child(at, "pobj")
        if noun is None:
            continue
        names, within = names_of(parse, noun, taken)
        if names:
            found.append(PlacePhrase(parse.lowers[at], at, anchor_of(parse, at), noun, names, within))
    return found


def anchor_of(parse: Parse, at: int) -> int:
    """What a preposition modifies, past other prepositions and adverbs: "killed [just [west [of X]]]"."""
    anchor = parse.heads[at]
    for _ in range(MAX_STEPS):
        if parse.pos[anchor] in ("ADP", "ADV", "SCONJ") and parse.heads[anchor] != anchor:
            anchor = parse.heads[anchor]
    return anchor


def names_of(parse: Parse, noun: int, taken: set[int], depth: int = 0) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """The most specific names of a noun phrase and the wider ones; `taken` collects the prepositions read on the way."""
    own: list[Name] = []
    wider: list[Name] = []

    def add(names: tuple[Name, ...]) -> None:
        (wider if own else own).extend(names)

    if parse.pos[noun] == "PROPN":
        name = name_at(parse, noun)
        if name:
            add((name,))
    elif depth < MAX_STEPS:
        is_place = parse.lemmas[noun] in PLACE_NOUNS or parse.lowers[noun] in PLACE_NOUNS
        # "the outskirts of X", "the town of X"
        for c in parse.children[noun]:
            if parse.deps[c] == "prep" and parse.lowers[c] == "of" and is_place:
                obj = parse.child(c, "pobj")
                if obj is not None:
                    taken.add(c)
                    names, within = names_of(parse, obj, taken, depth + 1)
                    add(names)
                    wider.extend(within)
        # "the port city, X", "a Kabul hotel", "Kabul's airport"
        for deps in (("appos",), ("compound", "nmod"), ("poss",)):
            for c in reversed(parse.childs(noun, *deps)):
                if parse.pos[c] == "PROPN" and not any(n.start <= c < n.end for n in own):
                    name = name_at(parse, c)
                    if name:
                        add((name,))
                        break
    if depth < MAX_STEPS:
        for c in parse.children[noun]:
            if parse.deps[c] == "poss" and parse.pos[c] == "PROPN" and parse.pos[noun] == "PROPN":
                name = name_at(parse, c)
                if name:
                    wider.append(name)
            if parse.deps[c] == "prep" and parse.lowers[c] in NESTED:
                obj = parse.child(c, "pobj")
                if obj is not None:
                    names, within = names_of(parse, obj, taken, depth + 1)
                    if names:
                        taken.add(c)
                        add(names)
                        wider.extend(within)
    if own and depth < MAX_STEPS:
        for c in parse.childs(noun, "conj"):
            if parse.pos[c] == "PROPN" and parse.pos[noun] == "PROPN":
                name = name_at(parse, c)
                if name:
                    own.append(name)
                    own.extend(n for n in names_of(parse, c, taken, depth + 1)[0] if n not in own)
    return tuple(dict.fromkeys(own)), tuple(dict.fromkeys(wider))


def name_at(parse: Parse, head: int) -> Name | None:
    """The proper name headed by `head`: contiguous name words, hyphens included; None where it is no proper name."""
    if parse.pos[head] != "PROPN":
        return None
    start = head
    while start > 0:
        before = start - 1
        if parse.pos[before] == "PROPN" and _joined(parse, before, start, head):
            start = before
        elif (
            parse.words[before] in _HYPHENS
            and start > 1
            and not parse.doc[before].whitespace_
            and _is_name_word(parse, start - 2)
            and not parse.doc[start - 2].whitespace_
        ):
            start -= 2
        else:
            break
    end = head + 1
    n = len(parse.words)
    while end < n:
        if (
            parse.words[end] in _HYPHENS
            and end + 1 < n
            and not parse.doc[end].whitespace_
            and not parse.doc[end - 1].whitespace_
            and parse.words[end] != "'s"
            and parse.words[end + 1][:1].isalpha()
        ):
            end += 2
        elif parse.pos[end] == "PROPN" and parse.heads[end] == head and parse.deps[end] in ("compound", "nmod", "flat"):
            end += 1
        else:
            break
    return Name(start, end, head)


def _is_name_word(parse: Parse, token: int) -> bool:
    return parse.words[token][:1].isupper() or parse.lowers[token] in ("al", "el", "ash", "as", "an", "ar", "ad", "ez")


def _joined(parse: Parse, before: int, start: int, head: int) -> bool:
    """Whether the name word before belongs to the same name: a compound of it, not a possessor or an apposition."""
    return (
        parse.deps[before] in ("compound", "nmod", "amod", "det", "flat") and start - 1 <= parse.heads[before] <= head
    )
