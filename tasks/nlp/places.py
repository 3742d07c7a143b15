"""Where an event happened: the place phrase of its clause, resolved by the gazetteer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.nlp.frames import EventPlace, Frame
from tasks.nlp.gazetteer import Gazetteer, Place, distance, fold, load_gazetteer
from tasks.nlp.parse import Parse
from tasks.nlp.placenames import Name, PlacePhrase, PlaceReader, span_text
from tasks.nlp.placerelations import PART, related_verbs, relation
from tasks.nlp.topics import article_countries

__all__ = ["ArticlePlaces", "Gazetteer", "load_gazetteer", "place_event", "read_places"]

LONGEST = 8  # words of a location; a longer stretch gives the name alone
TARGET_FIRST = 1.5  # of the width of names: what is taken comes before where the taking stands
VAGUE = 3.0  # the same for directions: "50 km west of Baghdad"
NEARBY = 700.0  # km between a place and the middle of the region, or another place, that the phrase puts it in
FAR_LARGER = 50  # times the people: Milan, Italy, stays itself in an article that names the United States
WELL_KNOWN = 500_000  # people of a city that is known by other names anywhere: Saigon, Bombay
LEAST = 500  # people of a town of GeoNames that has no number
DATELINE_LINES = 5  # from the top
SHORT = 4  # letters of initials: "KYIV" or shorter is looked up as written
_NOWHERE = EventPlace(why="no place phrase in its clause")
# "KABUL, Afghanistan, Oct 3 (Reuters) - ", "Baku, 3 October --", "MOSCOW (AP) _": bounded, hence linear
_DATELINE = re.compile(
    r"([A-Z][\w.'\u2019 ,/-]{1,60}?) ?(\([A-Z][\w .]{1,30}\)|,? \w{3,9}\.? \d{1,2})?(?: ?--| \u2014| \u2013 | - | _ )"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place before an article's prose, "KABUL, Oct 3 (Reuters) - ...": it holds for tokens before `end`."""

    text: str
    place: Place
    end: int


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A phrase that may be the event's place: the least key wins (relation, width of the name, position)."""

    key: tuple[float, float, int]
    phrase: PlacePhrase
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePlaces:
    """The place phrases of an article, found once for all its events: by sentence, in order of position."""

    reader: PlaceReader | None = None
    countries: Sequence[str] = ()
    dateline: Dateline | None = None
    phrases: Sequence[Sequence[PlacePhrase]] = ()


def read_places(parse: Parse, *, gazetteer: Gazetteer) -> ArticlePlaces:
    """The article's place phrases, its countries and its dateline."""
    reader = PlaceReader(parse, gazetteer)
    named = Counter(article_countries(parse))
    return ArticlePlaces(
        reader=reader,
        countries=tuple(code for code, _ in named.most_common()),
        dateline=_dateline(parse, gazetteer),
        phrases=[reader.phrases(start, end) for start, end in parse.sentences],
    )


def _dateline(parse: Parse, gazetteer: Gazetteer) -> Dateline | None:
    """The dateline of the first lines, where it names a place of the gazetteer."""
    at = 0
    for line in parse.text.split("\n", DATELINE_LINES)[:DATELINE_LINES]:
        found = _DATELINE.match(line)
        if found:
            text = found[1].split(",")[0].strip(" /")
            places = gazetteer.find(text.title() if text.isupper() and len(text) > SHORT else text)
            # "Baku, 3 October", "Moscow (AP)"; without date and agency only capitals make a dateline
            if places and (text.isupper() or found[2] or any(c.isdigit() for c in found[0])):
                last = parse.doc.char_span(at, at + len(line), alignment_mode="expand")
                return Dateline(text, places[0], last.end if last is not None else 0)
        at += len(line) + 1
    return None


def place_event(frame: Frame, *, places: ArticlePlaces) -> EventPlace:
    """The place the event happened at; all None where the text does not say."""
    reader = places.reader
    if reader is None:
        return EventPlace(why="no places read")
    ranked = sorted(_ranked(frame.trigger, reader, places), key=lambda r: r.key)
    if ranked:
        phrase = _completed(ranked[0].phrase, places.phrases[reader.parse.sentence_of(frame.trigger)])
        place = _resolve(phrase.names[0], phrase.within, places.countries)
        text = span_text(reader.parse, [*phrase.names, *phrase.within], LONGEST) or phrase.names[0].text
        why = " ".join(filter(None, (f"{ranked[0].why}:", phrase.prep, phrase.names[0].text)))
        return _event_place(text, place, "clause", why)
    dateline = places.dateline
    if dateline and frame.trigger < dateline.end:
        return _event_place(dateline.text, dateline.place, "dateline", f"dateline: {dateline.text}")
    return _NOWHERE


def _ranked(trigger: int, reader: PlaceReader, places: ArticlePlaces) -> Iterator[_Ranked]:
    """Every phrase that may say where the event of `trigger` happened."""
    parse, words = reader.parse, reader.words
    for verb, rank in related_verbs(parse, trigger, words=words):
        lemma = parse.lemmas[verb]
        where = reader.where(verb)
        if where:
            yield _Ranked((rank, where.names[0].width, where.at), where, "relative clause")
        target = reader.target(verb, trusted=lemma in words.takes_only_places) if lemma in words.takes_place else None
        if target:
            yield _Ranked((rank, target.names[0].width - TARGET_FIRST, target.at), target, "target")
    modifier = reader.modifier(trigger) if parse.pos[trigger] == "NOUN" else None
    if modifier:
        yield _Ranked((PART, modifier.names[0].width, modifier.at), modifier, "modifier")
    for phrase in places.phrases[parse.sentence_of(trigger)]:
        related = relation(parse, phrase.anchor, trigger, words=words)
        if related:
            rank, why = related
            width = phrase.names[0].width + (VAGUE if phrase.prep == "of" else 0.0)
            yield _Ranked((rank, width, phrase.at), phrase, why)


def _completed(phrase: PlacePhrase, others: Sequence[PlacePhrase]) -> PlacePhrase:
    """The phrase with the wider place that follows it, where the parse hangs that on the verb: "took X in Y"."""
    end = max(n.end for n in phrase.names)
    after = next((p for p in others if p.at == end and p.prep in ("in", "near")), None)
    if after is None or phrase.within:
        return phrase
    return replace(phrase, within=(*after.names, *after.within))


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
        why=f"{why} (own vocabulary)" if place.own else why,
        own=place.own,
    )


def _resolve(name: Name, within: Sequence[Name], countries: Sequence[str]) -> Place | None:
    """The place that the name means: the one in the wider places of its phrase, else in a country of the article.

    A capital, a country and a row of the project's own table stay what they are; a town in a country of the article
    beats a namesake elsewhere that has less than 50 times its people. A town that has the name only beside its own is
    none where the article speaks of other countries: "Banjska" in Kosovo is not Bansko in Bulgaria.
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
    found = home if max(home.population, LEAST) * FAR_LARGER >= first.population else first
    return None if countries and _is_far_fetched(found, name, countries) else found


def _is_far_fetched(place: Place, name: Name, countries: Sequence[str]) -> bool:
    """Whether a town of no great size, by another name, in a country that the article does not speak of."""
    return (
        place.precision == "city"
        and place.geonameid is not None
        and not place.own
        and place.population < WELL_KNOWN
        and fold(place.name) != fold(name.text)
        and not set(place.countries) & set(countries)
    )


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
