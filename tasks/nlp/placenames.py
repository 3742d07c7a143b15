"""The place phrases of a parse: which words name a place, and what they say the place of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from tasks.nlp.countries import country_name
from tasks.nlp.gazetteer import Gazetteer, Place
from tasks.nlp.parse import Parse
from tasks.nlp.placewords import load_place_words

_NO_NAME = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})
_HYPHENS = frozenset({"-", "\u2013"})
LARGE = 50_000  # inhabitants of a town that a name alone suffices for, whatever the entity recogniser says
_MAX_DEPTH = 4  # of nesting; deeper phrases name nothing an event stands in


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in the text: tokens [start, end), its head token, its words, and the place it names if known."""

    start: int
    end: int
    head: int
    text: str
    places: tuple[Place, ...]

    @property
    def width(self) -> float:
        """How wide a stretch the name means: 0 for what the gazetteer does not know, the most for a country."""
        if not self.places:
            return 0.0
        first = self.places[0]
        return {"site": 0.0, "city": 1.0, "region": 2.0, "country": 3.0}[first.precision]


@dataclass(frozen=True, slots=True)
class PlacePhrase:
    """A phrase that says where something happens, or a place that an event acts on (`prep` is then "").

    `anchor` is the token that the phrase modifies, `names` the most specific names it gives (several where they are
    coordinated), `within` the wider places it adds ("in the town of X in Y province": Y).
    """

    prep: str
    at: int
    anchor: int
    names: tuple[Name, ...]
    within: tuple[Name, ...]


class PlaceReader:
    """Reads the place phrases of one parse against the gazetteer."""

    def __init__(self, parse: Parse, gazetteer: Gazetteer) -> None:
        self.parse = parse
        self.gazetteer = gazetteer
        self.words = load_place_words()
        self._sentence_starts = frozenset(start for start, _ in parse.sentences)

    def phrases(self, start: int, end: int) -> list[PlacePhrase]:
        """The prepositional phrases of tokens [start, end) that name a place, in order of position."""
        found = []
        taken: set[int] = set()
        for at in range(start, end):
            if at in taken or self.parse.pos[at] not in ("ADP", "ADV", "SCONJ"):
                continue
            noun = self.parse.child(at, "pobj")
            if noun is None or not self._is_locative(at):
                continue
            names, within = self.names(noun, taken)
            if not names and self._is_bare_name(at, noun):
                name = self.name_at(noun, trusted=True)
                names = (name,) if name else ()
            if names and self.parse.lowers[at] in ("with", "between"):
                # "a camp near the border with Turkey", where the parse hangs "with Turkey" on the camp
                names = (replace(names[0], start=at - 1), *names[1:])
            if names and self._takes_place(at, noun, names[0]):
                found.append(PlacePhrase(self.parse.lowers[at], at, self._anchor(at), names, within))
        return found

    def _is_bare_name(self, at: int, noun: int) -> bool:
        """Whether a name that nothing is known of follows a preposition of place: "a clash near El Meram"."""
        parse = self.parse
        return parse.lowers[at] in self.words.bare and parse.pos[noun] == "PROPN" and parse.entities[noun] == ""

    def _takes_place(self, at: int, noun: int, name: Name) -> bool:
        """Whether "on" and "over" are of place here: "a raid on X", not "called on X", "concern over X"."""
        parse = self.parse
        lemma = parse.lemmas[parse.heads[at]]
        if parse.lowers[at] == "on" and name.head == noun and name.places:
            return name.places[0].precision in ("site", "region") or lemma in self.words.attack
        return parse.lowers[at] != "over" or lemma not in self.words.feeling

    def target(self, verb: int, *, trusted: bool) -> PlacePhrase | None:
        """The verb's object or passive subject where it names a place: "captured the town of X", "X was shelled".

        `trusted` verbs take nothing but places ("entered X"), so that a name unknown to the gazetteer is one too.
        """
        noun = self.parse.child(verb, "dobj", "nsubjpass")
        if self.parse.lemmas[verb] in self.words.hosting:
            noun = self.parse.child(verb, "nsubj")
        if noun is None:
            days = [c for c in self.parse.childs(verb, "npadvmod") if self._past_date(c) != c]
            noun = self._past_date(days[0]) if days else None
        if noun is None:
            return None
        names, within = self.names(noun, set())
        if not names and trusted and self.parse.entities[noun] != "NORP":
            name = self.name_at(noun, trusted=True)
            names = (name,) if name else ()
        if not names or (names[0].head == noun and not trusted and not self._surely_place(names[0])):
            return None
        return PlacePhrase("", noun, verb, names, within)

    def modifier(self, noun: int) -> PlacePhrase | None:
        """The place before an event noun: "the Geneva talks"; a country there says whose it is ("the US airstrike")."""
        for c in self.parse.childs(noun, "compound", "nmod"):
            name = self.name_at(c)
            if name and name.places and name.places[0].precision != "country" and self._surely_place(name):
                return PlacePhrase("", c, noun, (name,), ())
        return None

    def names(self, noun: int, taken: set[int], depth: int = 0) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
        """The most specific place names of a noun phrase and the wider ones.

        `taken` collects the prepositions read on the way, so that no phrase is read twice.
        """
        parse = self.parse
        noun = self._past_date(noun)
        lower, lemma = parse.lowers[noun], parse.lemmas[noun]
        if (lower in self.words.quantity or parse.pos[noun] == "NUM") and depth < _MAX_DEPTH:
            return self._quantified(noun, taken, depth)
        own = self._own_names(noun)
        if parse.pos[noun] == "PROPN":
            ranked = own
        elif (
            lemma in self.words.area or lower in self.words.area or lemma in self.words.site or lower in self.words.site
        ):
            ranked = self._ordered(noun, own, self._of_names(noun, taken, depth))
        else:
            ranked = []
        if not ranked and parse.pos[noun] != "PROPN" and lemma not in self.words.area and lemma not in self.words.site:
            return (), ()
        nested = self._nested_names(noun, taken, depth)
        if ranked:
            nested = [*nested, *(n for n in self._after_comma(ranked[0]) if n not in nested)]
        if not ranked:
            return (tuple(nested[:1]), tuple(nested[1:]))
        first = ranked[0]
        # "Mardes and Maharada": coordinated names are all as specific
        equal = [n for n in ranked if parse.deps[n.head] == "conj" and n is not first]
        wider = [n for n in (*ranked[1:], *nested) if n not in equal]
        return (first, *equal), tuple(dict.fromkeys(wider))

    def _ordered(self, noun: int, own: list[Name], after_of: list[Name]) -> list[Name]:
        """The noun's own names and those after its "of", the more specific first.

        "the West Bank city of Nablus", "the Baghdad district of Salhiya": after "of"; "the Ghouta region of Damascus":
        before the noun.
        """
        if not own or not after_of:
            return [*after_of, *own]
        is_town = self.parse.lemmas[noun] in self.words.settlement
        divides_town = own[0].width == 1.0 and after_of[0].width <= 1.0
        return [*after_of, *own] if is_town or divides_town else [*own, *after_of]

    def _past_date(self, noun: int) -> int:
        """The name before a day that the parse takes for the phrase's head: "patrolled Harare Saturday"."""
        parse = self.parse
        before = noun - 1
        if (
            parse.lowers[noun] in self.words.calendar
            and before >= 0
            and parse.heads[before] == noun
            and parse.pos[before] == "PROPN"
        ):
            return before
        return noun

    def _quantified(self, noun: int, taken: set[int], depth: int) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
        """The names of what a quantity is of: "a third of Croatia", "one of Baghdad's bridges"."""
        for c in self.parse.children[noun]:
            obj = self.parse.child(c, "pobj") if self.parse.lowers[c] == "of" else None
            if obj is not None:
                return self.names(obj, taken, depth + 1)
        return (), ()

    def name_at(self, head: int, *, trusted: bool = False) -> Name | None:
        """The place name headed by `head`; None where it is no proper name or surely no place's.

        A name that the gazetteer does not have is taken where the phrase itself says that it is a place (`trusted`:
        "the town of X"), where the entity recogniser does, or where it ends like one ("X District").
        """
        parse = self.parse
        is_name = parse.pos[head] == "PROPN" or (
            trusted and parse.words[head][:1].isupper() and len(parse.words[head]) > 1
        )
        if (
            not is_name
            or parse.entities[head] in _NO_NAME
            or parse.lowers[head] in self.words.calendar
            or parse.lowers[head] in self.words.title
        ):
            return None
        if parse.entities[head] in ("ORG", "PERSON", "PRODUCT") and any(
            parse.pos[c] == "NOUN" and self._says_other(c) for c in parse.childs(head, "compound", "nmod")
        ):
            return None  # "the car maker Mercedes", "the broker Marsh"
        start, end = self._extent(head)
        text = parse.phrase(start, end)
        own = self.gazetteer.find_analysts(text)
        if own is not None:
            return Name(start, end, head, text, (own,))
        if text.lower() in self.words.not_place or (parse.entities[head] == "NORP" and country_adjective(text)):
            return None
        places = self.gazetteer.find(text)
        if places and text.isupper() and len(text) <= 4 and places[0].precision == "city":
            places = ()  # "SAA", "KNU": initials are no towns
        if not places and not trusted and not self._looks_like_place(start, end, head):
            return None
        return Name(start, end, head, text, places)

    def _says_other(self, noun: int) -> bool:
        """Whether a noun before a name says that it is something other than a place."""
        lemma, lower = self.parse.lemmas[noun], self.parse.lowers[noun]
        return (
            lemma not in self.words.area
            and lemma not in self.words.site
            and lower not in self.words.direction
            and lower != "downtown"
        )

    def _looks_like_place(self, start: int, end: int, head: int) -> bool:
        return self.parse.entities[head] in ("GPE", "LOC", "FAC") or self._has_site_word(start, end)

    def _has_site_word(self, start: int, end: int) -> bool:
        """ "Mount X" and "X District", not "Wall Street Journal"."""
        return not self.words.site_name.isdisjoint((self.parse.lowers[start], self.parse.lowers[end - 1]))

    def _surely_place(self, name: Name) -> bool:
        """Whether a name without a preposition is a place: "captured Kunduz", not "captured Mussolini"."""
        kind = self.parse.entities[name.head]
        if name.places and name.places[0].own:
            return True
        if name.places and (name.places[0].precision != "city" or name.places[0].capital):
            known = country_name(name.text)
            return kind != "PERSON" or (known is not None and not known.personal)
        if kind in ("GPE", "LOC", "FAC"):
            return bool(name.places) or self._has_site_word(name.start, name.end)
        return bool(name.places) and name.places[0].population > LARGE

    def _is_locative(self, at: int) -> bool:
        parse = self.parse
        lower = parse.lowers[at]
        if lower in self.words.here:
            return True
        head = parse.heads[at]
        if lower == "of":
            return parse.lowers[head] in self.words.direction
        if lower == "from":
            return parse.lemmas[head] in self.words.leaving or parse.lowers[head] in ("far", "away", "across")
        if lower == "to":
            # "close to the town of X", "next to the X mosque"
            return parse.lowers[head] in ("close", "next", "adjacent", "closer")
        if lower in ("with", "between"):
            return at > 0 and parse.lowers[at - 1] in self.words.border
        if lower in ("toward", "towards"):
            return parse.lemmas[head] in self.words.moving
        return lower == "for" and parse.lemmas[head] in self.words.fighting

    def _anchor(self, at: int) -> int:
        """What a preposition modifies, past other prepositions and adverbs: "killed [just [west [of X]]]"."""
        anchor = self.parse.heads[at]
        for _ in range(_MAX_DEPTH):
            if self.parse.pos[anchor] in ("ADP", "ADV", "SCONJ") and self.parse.heads[anchor] != anchor:
                anchor = self.parse.heads[anchor]
        return anchor

    def _own_names(self, noun: int) -> list[Name]:
        """The names a noun is, carries before it or is explained by: "Kabul", "Pattani province", "the port, Aden"."""
        parse = self.parse
        found: list[Name] = []
        if parse.pos[noun] == "PROPN":
            for head in self._coordinated(noun):
                name = self.name_at(head)
                if name:
                    found.append(name)
        is_area = parse.lemmas[noun] in self.words.area
        for c in parse.children[noun]:
            dep = parse.deps[c]
            if parse.pos[c] != "PROPN" or dep not in ("compound", "nmod", "amod", "poss", "appos"):
                continue
            if parse.pos[noun] == "PROPN" and not found:
                continue  # "Brazil's Fernando da Costa" is no place
            if any(n.start <= c < n.end for n in found) or (dep == "compound" and parse.pos[noun] == "PROPN"):
                continue
            last = dep in ("poss", "appos") or parse.pos[c + 1] != "PROPN"
            if parse.entities[c] == "PERSON" and not is_area:
                # "in Martin's home": a person's, though towns are called so
                continue
            is_site = parse.lowers[noun] in self.words.site_name and c + 1 == noun
            name = self.name_at(c, trusted=(is_area or is_site) and dep != "poss") if last else None
            if name and not (is_area or is_site) and dep == "compound" and not self._surely_place(name):
                # "one of his Prince hotels": a firm's, though towns are called so
                continue
            # "a US base", "the U.K. embassy": a country before a site says whose it is, not where
            if name and (is_area or dep == "poss" or name.width < 3.0):
                found.append(self._with_noun(name, noun) if c + 1 == noun and dep != "poss" else name)
        return found

    def _with_noun(self, name: Name, noun: int) -> Name:
        """The name with the common noun that follows it: "Lachin corridor", "Idlib province", "Yaqshid district"."""
        text = f"{name.text} {self.parse.words[noun]}"
        places = self.gazetteer.find_own(text)
        if not places and self.parse.lemmas[noun] in self.words.region:
            # "Marib province": the gazetteer has the town alone, which is in the middle of it or near
            places = tuple(replace(p, precision="region", geonameid=None) for p in name.places)
        if self.parse.lemmas[noun] not in self.words.area and not places:
            return name
        return Name(name.start, noun + 1, name.head, name.text, places or name.places)

    def _coordinated(self, noun: int) -> list[int]:
        found = [noun]
        for h in found:
            found.extend(c for c in self.parse.children[h] if self.parse.deps[c] == "conj" and c > h)
        return found

    def _of_names(self, noun: int, taken: set[int], depth: int) -> list[Name]:
        """The names after "of": "the town of X", "the outskirts of the village of X in Y"."""
        parse = self.parse
        found: list[Name] = []
        for c in parse.children[noun]:
            if parse.lowers[c] == "of" and parse.deps[c] == "prep" and depth < _MAX_DEPTH:
                obj = parse.child(c, "pobj")
                if obj is None:
                    continue
                names, within = self.names(obj, taken, depth + 1)
                if not names and parse.lemmas[noun] in self.words.area:
                    trusted = self.name_at(obj, trusted=True)
                    names = (trusted,) if trusted else ()
                found.extend((*names, *within))
        return found

    def _nested_names(self, noun: int, taken: set[int], depth: int) -> list[Name]:
        """The names of locative phrases within the noun phrase: "X in Y province", "a village near X"."""
        parse = self.parse
        found: list[Name] = []
        if depth >= _MAX_DEPTH or (parse.pos[noun] == "PROPN" and parse.lowers[noun] in self.words.body):
            return found
        for c in parse.children[noun]:
            at_border = parse.lowers[noun] in self.words.border and parse.lowers[c] in ("with", "between")
            if (parse.lowers[c] in self.words.nested or at_border) and parse.deps[c] == "prep":
                obj = parse.child(c, "pobj")
                if obj is not None:
                    names, within = self.names(obj, taken, depth + 1)
                    if names:
                        taken.add(c)
                        # "the border with Iran" is not in Iran alone
                        first = replace(names[0], start=noun) if at_border else names[0]
                        found.extend((first, *names[1:], *within))
            elif parse.deps[c] == "appos" and parse.pos[c] == "PROPN" and parse.pos[noun] == "PROPN":
                name = self.name_at(c)
                if name and name.places:
                    found.append(name)
        return found

    def _after_comma(self, name: Name) -> list[Name]:
        """The wider place that an address adds: "Quetta, Pakistan", "Paris, Texas", "Kompong Speu (Cambodia)"."""
        parse = self.parse
        at = name.end + 1
        if at >= len(parse.words) or parse.words[name.end] not in (",", "(") or parse.pos[at] != "PROPN":
            return []
        head = at
        while head + 1 < len(parse.words) and parse.pos[head + 1] == "PROPN" and parse.heads[head] == head + 1:
            head += 1
        wider = self.name_at(head)
        return [wider] if wider and wider.start == at and wider.width > name.width else []

    def where(self, verb: int) -> PlacePhrase | None:
        """The place that a relative clause is about: "in Yerevan, where demonstrators clashed with the police"."""
        parse = self.parse
        noun = parse.heads[verb]
        if parse.deps[verb] != "relcl" or not any(parse.lowers[c] == "where" for c in parse.children[verb]):
            return None
        names, within = self.names(noun, set())
        if not names and parse.deps[noun] == "pobj" and parse.lowers[parse.heads[noun]] == "of":
            names, within = self.names(parse.heads[parse.heads[noun]], set())
        return PlacePhrase("where", noun, verb, names, within) if names else None

    def _extent(self, head: int) -> tuple[int, int]:
        """The words of the name headed by `head`: compounds before it, hyphens, "of" after a word for a site."""
        parse = self.parse
        start, end = head, head + 1
        while start > 0:
            before = start - 1
            if parse.pos[before] == "PROPN" and self._belongs(before, head):
                start = before
            elif self._hyphen(before) and start >= 2 and self._name_word(start - 2):
                start -= 2
            else:
                break
        if start > 0 and parse.words[start - 1] == "The" and start - 1 not in self._sentence_starts:
            start -= 1  # "in The Hague"
        while end < len(parse.words) and self._hyphen(end) and end + 1 < len(parse.words) and self._name_word(end + 1):
            end += 2
        if parse.lowers[head] in self.words.of_name and end + 1 < len(parse.words) and parse.lowers[end] == "of":
            obj = parse.child(end, "pobj")
            if obj is not None and parse.pos[obj] == "PROPN" and obj - end <= 3:
                end = obj + 1
        return start, end

    def _belongs(self, before: int, head: int) -> bool:
        parse = self.parse
        return parse.deps[before] in ("compound", "nmod", "amod", "flat") and before < parse.heads[before] <= head

    def _hyphen(self, token: int) -> bool:
        parse = self.parse
        return parse.words[token] in _HYPHENS and token > 0 and parse.is_tight(token - 1) and parse.is_tight(token)

    def _name_word(self, token: int) -> bool:
        word = self.parse.words[token]
        return word[:1].isupper() or word.lower() in self.words.article


def country_adjective(text: str) -> bool:
    """Whether the words are a nationality or a people: "Iraqi", "Iraqis"."""
    found = country_name(text)
    return found is not None and found.kind in ("adjective", "demonym")


def span_text(parse: Parse, names: Collection[Name], longest: int) -> str | None:
    """The text from the first to the last of the names as written; None where it is longer than `longest` words."""
    start, end = min(n.start for n in names), max(n.end for n in names)
    text = parse.phrase(start, end)
    return text if len(text.split()) <= longest else None
