"""Where an event happened: the place phrase of its clause, resolved by the gazetteer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from tasks.nlp.frames import EventPlace, Frame
from tasks.nlp.gazetteer import Gazetteer, Place, distance, load_gazetteer
from tasks.nlp.parse import Parse, read_parse
from tasks.nlp.placenames import Name, PlacePhrase, PlaceReader, span_text

__all__ = ["ArticlePlaces", "Gazetteer", "load_gazetteer", "place_event", "read_places"]

LONGEST = 8  # words of a location; a longer stretch gives the name alone
_MAX_STEPS = 12  # up the tree from a phrase to its event
_NEARBY = 400.0  # km between a place and the region, or another place of the phrase, that it lies in
# Verbs whose object, where it is a place, is where they happen: "captured Kunduz", "visited Paris".
_PLACE_TAKERS = frozenset(
    """
    attack assault bomb bombard blockade besiege burn capture cede clear conquer control cross defend destroy devastate
    encircle enter evacuate flee hit hold host infiltrate invade leave liberate loot occupy overrun patrol penetrate pound
    raid ravage reach recapture reclaim regain reoccupy retake rock secure seize shell siege storm strafe strike surround
    sweep take target tour visit
    """.split()
)


# Of these, verbs that take nothing but places
_ONLY_PLACES = frozenset("besiege enter invade liberate overrun patrol recapture retake storm".split())
# "began the offensive by storming X", "managed to recapture X": the place of what begins is the event's
_ASPECT = frozenset("attempt begin continue fail manage start try launch".split())
_MEANWHILE = frozenset({"as", "while", "when"})  # clauses of the same time and place as theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePlaces:
    """The place phrases of an article, found once for all its events: by sentence, in order of position."""

    reader: PlaceReader | None = None
    sentence_of: Sequence[int] = ()
    phrases: Sequence[Sequence[PlacePhrase]] = ()


def read_places(doc: Doc, *, gazetteer: Gazetteer, parse: Parse | None = None) -> ArticlePlaces:
    """The article's place phrases. `parse` saves reading the Doc again where the caller has it."""
    parse = parse or read_parse(doc)
    reader = PlaceReader(parse, gazetteer)
    sentence_of = [0] * len(parse.words)
    phrases = []
    for number, (start, end) in enumerate(parse.sentences):
        sentence_of[start:end] = [number] * (end - start)
        phrases.append(reader.phrases(start, end))
    return ArticlePlaces(reader=reader, sentence_of=sentence_of, phrases=phrases)


def place_event(frame: Frame, doc: Doc, *, places: ArticlePlaces) -> EventPlace:
    """The place the event happened at; all None where the text does not say."""
    reader = places.reader
    if reader is None:
        return EventPlace(why="no places read")
    parse = reader.parse
    ranked: list[tuple[tuple[float, float, int], PlacePhrase, str]] = []
    for verb, rank in _verbs(parse, frame.trigger):
        lemma = parse.lemmas[verb]
        target = reader.target(verb, trusted=lemma in _ONLY_PLACES) if lemma in _PLACE_TAKERS else None
        if target:
            ranked.append(((rank, target.names[0].width - 1.5, target.at), target, "target"))
    for phrase in places.phrases[places.sentence_of[frame.trigger]]:
        relation = _relation(parse, phrase, frame.trigger)
        if relation:
            rank, why = relation
            ranked.append(((rank, phrase.names[0].width, phrase.at), phrase, why))
    if not ranked:
        return EventPlace(why="no place phrase in its clause")
    _, phrase, why = min(ranked, key=lambda r: r[0])
    return _placed(parse, phrase, why)


def _verbs(parse: Parse, trigger: int) -> Iterable[tuple[int, float]]:
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
        if dep == "xcomp" and parse.lemmas[trigger] in _ASPECT:
            yield c, 2
        elif dep == "prep" and parse.lowers[c] == "by":
            for verb in parse.childs(c, "pcomp"):
                yield verb, 2
        elif dep == "conj" and parse.is_verb(c) and parse.child(c, "nsubj", "nsubjpass") is None:
            yield c, 3


def _relation(parse: Parse, phrase: PlacePhrase, trigger: int) -> tuple[float, str] | None:
    """How near the phrase stands to the event in the parse: a rank (0 is nearest) and its name; None where it is not."""
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
        if path in ("acl/nsubj", "acl/nsubjpass") and parse.tags[links[0]] == "VBG":
            return 7, "subject's clause"
        if path in ("xcomp", "dobj/xcomp") and parse.lemmas[trigger] in _ASPECT:
            return 2, "aspect"
        return None
    if set(downs) <= {"conj", "advcl"} and len(downs) <= 2 and path in ("", "dobj"):
        return 5, f"main clause {downs[0]}"
    if downs == ["conj"] and path == "nsubj" and parse.child(trigger, "nsubj", "nsubjpass") is None:
        return 6, "shared subject"
    return None


_NEAR_PATHS: dict[str, tuple[float, str]] = {
    "": (0, "clause"),
    "dobj": (0, "object"),
    "conj/dobj": (1, "object"),
    "pcomp/prep": (2, "means"),
    "dobj/pcomp/prep": (2, "means"),
    "conj": (3, "conjunct"),
    "dobj/conj": (3, "conjunct"),
    "nsubj": (4, "subject"),
}


def _simultaneous(parse: Parse, verb: int) -> bool:
    return any(parse.lowers[c] in _MEANWHILE for c in parse.childs(verb, "mark", "advmod"))


def _placed(parse: Parse, phrase: PlacePhrase, why: str) -> EventPlace:
    name = phrase.names[0]
    place = _resolve(name, phrase.within)
    text = span_text(parse, [*phrase.names, *phrase.within], LONGEST) or name.text
    why = f"{why}: {phrase.prep} {name.text}".replace("  ", " ")
    if place is None:
        return EventPlace(location=text, source="clause", why=why)
    return EventPlace(
        location=text,
        name=place.name,
        country=place.countries[0] if len(place.countries) == 1 else None,
        latitude=place.latitude,
        longitude=place.longitude,
        geonameid=place.geonameid,
        precision=place.precision,
        source="clause",
        why=why,
    )


def _resolve(name: Name, within: Sequence[Name]) -> Place | None:
    for place in name.places:
        if all(_lies_in(place, w) for w in within if w.places):
            return place
    return name.places[0] if name.places else None


def _lies_in(place: Place, wider: Name) -> bool:
    for w in wider.places:
        if w.precision == "country":
            if set(w.countries) & set(place.countries):
                return True
        elif distance(place, w) < _NEARBY:
            return True
    return False
