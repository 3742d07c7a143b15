"""Where an event happened: the place phrase of its clause, resolved by the gazetteer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from tasks.nlp.countries import find_countries
from tasks.nlp.frames import EventPlace, Frame
from tasks.nlp.gazetteer import Gazetteer, Place, distance, load_gazetteer
from tasks.nlp.parse import Parse, read_parse
from tasks.nlp.placenames import Name, PlacePhrase, PlaceReader, span_text
from tasks.nlp.placewords import PlaceWords

__all__ = ["ArticlePlaces", "Gazetteer", "load_gazetteer", "place_event", "read_places"]

LONGEST = 8  # words of a location; a longer stretch gives the name alone
_MAX_STEPS = 12  # up the tree from a phrase to its event
NEARBY = 700.0  # km between a place and the middle of the region, or another place, that the phrase puts it in
FAR_LARGER = 50  # times the people: Milan, Italy, stays itself in an article that names the United States
LEAST = 500  # people of a town of GeoNames that has no number
DATELINE_LINES = 5  # from the top
SHORT = 4  # letters of initials: "KYIV" or shorter is looked up as written
# "KABUL, Afghanistan, Oct 3 (Reuters) - ", "Baku, 3 October --", "MOSCOW (AP) _": bounded, hence linear
_DATELINE = re.compile(
    r"([A-Z][\w.'\u2019 ,/-]{1,60}?) ?(\([A-Z][\w .]{1,30}\)|,? \w{3,9}\.? \d{1,2})? ?(?:--|\u2014|\u2013| - | _ )"
)


_MEANS = frozenset({"by", "while", "in", "after", "when"})  # "began by storming X", "killed after entering X"
_MEANWHILE = frozenset({"as", "while", "when"})  # clauses of the same time and place as theirs


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place before an article's prose, "KABUL, Oct 3 (Reuters) - ...": it holds for tokens before `end`."""

    text: str
    place: Place
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePlaces:
    """The place phrases of an article, found once for all its events: by sentence, in order of position."""

    reader: PlaceReader | None = None
    countries: Sequence[str] = ()
    dateline: Dateline | None = None
    sentence_of: Sequence[int] = ()
    phrases: Sequence[Sequence[PlacePhrase]] = ()


def read_places(doc: Doc, *, gazetteer: Gazetteer, parse: Parse | None = None) -> ArticlePlaces:
    """The article's place phrases, its countries and its dateline.

    `parse` saves reading the Doc again where the caller has it.
    """
    parse = parse or read_parse(doc)
    reader = PlaceReader(parse, gazetteer)
    sentence_of = [0] * len(parse.words)
    phrases = []
    for number, (start, end) in enumerate(parse.sentences):
        sentence_of[start:end] = [number] * (end - start)
        phrases.append(reader.phrases(start, end))
    named = Counter(m.name.alpha3 for m in find_countries(doc.text))
    return ArticlePlaces(
        reader=reader,
        countries=tuple(code for code, _ in named.most_common()),
        dateline=_dateline(doc, gazetteer),
        sentence_of=sentence_of,
        phrases=phrases,
    )


def _dateline(doc: Doc, gazetteer: Gazetteer) -> Dateline | None:
    """The dateline of the first lines, where it names a place of the gazetteer."""
    at = 0
    for line in doc.text.split("\n", DATELINE_LINES)[:DATELINE_LINES]:
        found = _DATELINE.match(line)
        if found:
            text = found[1].split(",")[0].strip(" /")
            places = gazetteer.find(text.title() if text.isupper() and len(text) > SHORT else text)
            if places and (text.isupper() or found[2]):
                last = doc.char_span(at, at + len(line), alignment_mode="expand")
                return Dateline(text, places[0], last.end if last is not None else 0)
        at += len(line) + 1
    return None


def place_event(frame: Frame, doc: Doc, *, places: ArticlePlaces) -> EventPlace:
    """The place the event happened at; all None where the text does not say."""
    reader = places.reader
    if reader is None:
        return EventPlace(why="no places read")
    parse, words = reader.parse, reader.words
    ranked: list[tuple[tuple[float, float, int], PlacePhrase, str]] = []
    for verb, rank in _verbs(parse, frame.trigger, words):
        lemma = parse.lemmas[verb]
        target = reader.target(verb, trusted=lemma in words.takes_only_places) if lemma in words.takes_place else None
        where = reader.where(verb)
        if where:
            ranked.append(((rank, where.names[0].width, where.at), where, "relative clause"))
        if target:
            ranked.append(((rank, target.names[0].width - 1.5, target.at), target, "target"))
    modifier = reader.modifier(frame.trigger) if parse.pos[frame.trigger] == "NOUN" else None
    if modifier:
        ranked.append(((2, modifier.names[0].width, modifier.at), modifier, "modifier"))
    for phrase in places.phrases[places.sentence_of[frame.trigger]]:
        relation = _relation(parse, phrase, frame.trigger, words)
        if relation:
            rank, why = relation
            # "north of Fallujah, 50 km west of Baghdad": a direction is the vaguest
            vague = 3.0 if phrase.prep == "of" else 0.0
            ranked.append(((rank, phrase.names[0].width + vague, phrase.at), phrase, why))
    if ranked:
        _, phrase, why = min(ranked, key=lambda r: r[0])
        phrase = _completed(phrase, places.phrases[places.sentence_of[frame.trigger]])
        place = _resolve(phrase.names[0], phrase.within, places.countries)
        text = span_text(parse, [*phrase.names, *phrase.within], LONGEST) or phrase.names[0].text
        why = " ".join(filter(None, (f"{why}:", phrase.prep, phrase.names[0].text)))
        return _event_place(text, place, "clause", why)
    dateline = places.dateline
    if dateline and frame.trigger < dateline.end:
        return _event_place(dateline.text, dateline.place, "dateline", f"dateline: {dateline.text}")
    return EventPlace(why="no place phrase in its clause")


def _completed(phrase: PlacePhrase, others: Sequence[PlacePhrase]) -> PlacePhrase:
    """The phrase with the wider place that follows it, where the parse hangs that on the verb: "took X in Y"."""
    end = max(n.end for n in phrase.names)
    after = next((p for p in others if p.at == end and p.prep in ("in", "near")), None)
    if after is None or phrase.within:
        return phrase
    return replace(phrase, within=(*after.names, *after.within))


def _verbs(parse: Parse, trigger: int, words: PlaceWords) -> Iterable[tuple[int, float]]:
    """The event's own verb, then those whose place it shares, with their ranks: "stormed X, killing 39"."""
    yield trigger, 0
    at = trigger
    for _ in range(2):
        if parse.deps[at] not in ("conj", "advcl") or (parse.deps[at] == "advcl" and parse.tags[at] != "VBG"):
            break
        at = parse.heads[at]
        yield at, 5
    for c in parse.children[trigger]:
        dep = parse.deps[c]
        if dep == "xcomp" and parse.lemmas[trigger] in words.aspect:
            yield c, 2
        elif dep == "prep" and parse.lowers[c] == "by":
            for verb in parse.childs(c, "pcomp"):
                yield verb, 2
        elif dep == "conj" and parse.is_verb(c) and parse.child(c, "nsubj", "nsubjpass") is None:
            yield c, 3


def _relation(parse: Parse, phrase: PlacePhrase, trigger: int, words: PlaceWords) -> tuple[float, str] | None:
    """How near the phrase stands to the event in the parse: its rank (0 is nearest) and name; None for too far."""
    up = [phrase.anchor]
    while parse.heads[up[-1]] != up[-1] and len(up) < _MAX_STEPS:
        up.append(parse.heads[up[-1]])
    down = [trigger]
    while down[-1] not in up and parse.heads[down[-1]] != down[-1] and len(down) < _MAX_STEPS:
        down.append(parse.heads[down[-1]])
    if down[-1] not in up:
        return None
    links = up[: up.index(down[-1])]
    ups = [parse.deps[t] for t in links]
    downs = [parse.deps[t] for t in down[:-1]]
    while True:
        # "killed [by men [in X]]", "in clashes [with the army [in X]]"
        cut = 1 if ups[:1] == ["conj"] and "pobj" in ups else 0
        if ups[cut : cut + 1] == ["pobj"] and ups[cut + 1 : cut + 2] in (["prep"], ["agent"]):
            ups, links = ups[cut + 2 :], links[cut + 2 :]
        else:
            break
    path = "/".join(ups)
    if not downs:
        if path in _NEAR_PATHS:
            return _NEAR_PATHS[path]
        if path in ("advcl", "dobj/advcl") and _simultaneous(parse, links[-1]):
            return 6, "meanwhile"
        if path in ("conj", "dobj/conj"):
            # "shot and killed two gunmen in Buinaksk": verbs of one subject share their place
            return (0 if parse.child(links[-1], "nsubj", "nsubjpass") is None else 3), "conjunct"
        if path in ("acl/nsubj", "acl/nsubjpass") and parse.tags[links[0]] == "VBG":
            return 7, "subject's clause"
        if path in ("pcomp/prep", "dobj/pcomp/prep") and parse.lowers[links[-1]] in _MEANS:
            return 2, "means"
        if path in ("xcomp", "dobj/xcomp") and parse.lemmas[trigger] in words.aspect:
            return 2, "aspect"
        return None
    if path in ("", "dobj") and len(downs) <= 2 and all(_shares(parse, t) for t in down[:-1]):
        return 5, f"main clause {downs[0]}"
    if downs == ["conj"] and path == "nsubj" and parse.child(trigger, "nsubj", "nsubjpass") is None:
        return 6, "shared subject"
    return None


_NEAR_PATHS: dict[str, tuple[float, str]] = {
    "": (0, "clause"),
    "dobj": (0, "object"),
    "conj/dobj": (1, "object"),
    "nsubj": (4, "subject"),
}


def _shares(parse: Parse, verb: int) -> bool:
    """Whether a clause happens where its main clause does: "attacked X, killing 39", "attacked X while leaving Y"."""
    if parse.deps[verb] == "conj":
        return parse.child(verb, "nsubj", "nsubjpass") is None
    if parse.deps[verb] == "advcl":
        return (parse.tags[verb] == "VBG" and parse.child(verb, "mark") is None) or _simultaneous(parse, verb)
    return False


def _simultaneous(parse: Parse, verb: int) -> bool:
    return any(parse.lowers[c] in _MEANWHILE for c in parse.childs(verb, "mark", "advmod"))


def _event_place(text: str, place: Place | None, source: str, why: str) -> EventPlace:
    if place is None:
        return EventPlace(location=text, source=source, why=f"{why} (not in the gazetteer)")
    return EventPlace(
        location=text,
        name=place.name,
        country=place.countries[0] if len(place.countries) == 1 else None,
        latitude=place.latitude,
        longitude=place.longitude,
        geonameid=place.geonameid,
        precision=place.precision,
        source=source,
        why=why,
    )


def _resolve(name: Name, within: Sequence[Name], countries: Sequence[str]) -> Place | None:
    """The place that the name means: the one in the wider places of its phrase, else in a country of the article.

    A capital, a country and a row of the project's own table stay what they are; a town in a country of the article
    beats a namesake elsewhere that has less than 50 times its people.
    """
    if not name.places:
        # "the Amil neighbourhood of Baghdad": the narrowest wider place that is known
        known = min((w for w in within if w.places), key=lambda w: w.width, default=None)
        return _resolve(known, (), countries) if known else None
    for wider in within:
        inside = _inside(name.places, wider.places)
        if inside:
            return inside
    first = name.places[0]
    if first.capital or first.precision == "country":
        return first
    alike = [p for p in name.places if (p.geonameid is None) == (first.geonameid is None)]
    home = next((p for p in alike if set(p.countries) & set(countries)), first)
    return home if max(home.population, LEAST) * FAR_LARGER >= first.population else first


def _inside(places: Sequence[Place], wider: Sequence[Place]) -> Place | None:
    """The likeliest of the places in a wider one: the first in a country, the nearest to a region; None for none."""
    for w in wider:
        if w.precision == "country":
            at_home = sorted((p for p in places if set(w.countries) & set(p.countries)), key=lambda p: len(p.countries))
        else:
            at_home = sorted((p for p in places if distance(p, w) < NEARBY), key=lambda p: distance(p, w))
        if at_home:
            return at_home[0]
    return None
