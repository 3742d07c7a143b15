"""Where an event happened: the place phrase of its clause, resolved by the gazetteer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc

from tasks.nlp.countries import country_name
from tasks.nlp.frames import EventPlace, Frame
from tasks.nlp.gazetteer import Gazetteer, Place, distance, load_gazetteer
from tasks.nlp.parse import Parse, read_parse
from tasks.nlp.placenames import PLACE_NOUNS, SITE_WORDS, Name, PlacePhrase, find_phrases, name_at, names_of

__all__ = ["ArticlePlaces", "Gazetteer", "load_gazetteer", "place_event", "read_places"]

MAX_STEPS = 12  # up the tree from a phrase to its event; longer paths were right in under a fifth of the cases
_HERE = frozenset({"in", "at", "near", "outside", "inside", "around", "across", "throughout", "off", "along", "within"})
_PASSING = frozenset({"through", "over", "into", "on", "between", "beyond", "beside", "behind", "opposite"})
_DIRECTIONS = frozenset({"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"})
_CALENDAR = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december sept jan feb mar apr aug oct nov dec christmas easter ramadan gmt utc a.m. p.m.
    """.split()
)
# Verbs whose object, where it is a place, is where it happens: "captured Kunduz", "visited Paris".
_PLACE_TAKERS = frozenset(
    """
    attack assault bomb bombard blockade besiege capture cede clear conquer control cross defend destroy devastate encircle
    enter evacuate hit hold infiltrate invade leave liberate loot occupy overrun patrol penetrate pound raid reach recapture
    reclaim regain reoccupy retake rock seize shell siege storm strafe strike surround sweep take target tour visit ravage
    burn flee host secure
    """.split()
)
_SHARED_CLAUSE = frozenset({"conj", "advcl", "xcomp", "acl", "dep", "pcomp", "prep"})
_ARGUMENT = frozenset({"dobj", "nsubj", "nsubjpass", "pobj", "attr", "conj", "appos", "oprd"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase that may say where an event of its sentence happened; `target` for a verb's own object."""

    phrase: PlacePhrase
    place: Place | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePlaces:
    """The place mentions of an article, found once for all its events: by sentence, in order of position."""

    parse: Parse | None = None
    gazetteer: Gazetteer | None = None
    sentence_of: Sequence[int] = ()
    phrases: Sequence[Sequence[_Candidate]] = ()
    countries: Sequence[str] = ()
    dateline: _Candidate | None = None
    cache: dict[str, tuple[Place, ...]] = field(default_factory=dict)


def read_places(doc: Doc, *, gazetteer: Gazetteer, parse: Parse | None = None) -> ArticlePlaces:
    """The article's place mentions, resolved against each other."""
    parse = parse or read_parse(doc)
    sentence_of = [0] * len(parse.words)
    phrases: list[list[_Candidate]] = []
    for number, (start, end) in enumerate(parse.sentences):
        for t in range(start, end):
            sentence_of[t] = number
        found = []
        for p in find_phrases(parse, start, end):
            candidate = _candidate(parse, gazetteer, p)
            if candidate:
                found.append(candidate)
        phrases.append(found)
    return ArticlePlaces(parse=parse, gazetteer=gazetteer, sentence_of=sentence_of, phrases=phrases)


def place_event(frame: Frame, doc: Doc, *, places: ArticlePlaces) -> EventPlace:
    """The place the event happened at; all None where the text does not say."""
    parse, gazetteer = places.parse, places.gazetteer
    if parse is None or gazetteer is None:
        return EventPlace(why="no places read")
    best: tuple[tuple[int, int], _Candidate, str] | None = None
    for candidate in places.phrases[places.sentence_of[frame.trigger]]:
        relation = _relation(parse, candidate.phrase, frame.trigger)
        if relation is None:
            continue
        rank, why = relation
        key = (rank, candidate.phrase.at)
        if best is None or key < best[0]:
            best = (key, candidate, why)
    target = _target(parse, gazetteer, frame.trigger)
    if target and (best is None or best[0][0] > 0):
        return _event_place(target, "target")
    if best is None:
        return EventPlace(why="no place phrase in its clause")
    return _event_place(best[1], best[2])


def _event_place(candidate: _Candidate, why: str) -> EventPlace:
    place = candidate.place
    why = f"{why}: {candidate.phrase.prep}"
    if place is None:
        return EventPlace(location=candidate.text, source="clause", why=why)
    return EventPlace(
        location=candidate.text,
        name=place.name,
        country=place.countries[0] if len(place.countries) == 1 else None,
        latitude=place.latitude,
        longitude=place.longitude,
        geonameid=place.geonameid,
        precision=place.precision,
        source="clause",
        why=why,
    )


def _candidate(parse: Parse, gazetteer: Gazetteer, phrase: PlacePhrase) -> _Candidate | None:
    """The phrase as a place, where it can be one."""
    prep = phrase.prep
    if prep not in _HERE and prep not in _PASSING and prep != "of":
        return None
    name = phrase.names[0]
    head = name.head
    if parse.lowers[head].rstrip(".") in _CALENDAR or parse.entities[head] in ("DATE", "TIME"):
        return None
    text = _text(parse, name)
    found = gazetteer.find(text)
    noun_is_place = parse.lemmas[phrase.noun] in PLACE_NOUNS or parse.lowers[phrase.noun] in PLACE_NOUNS
    named_itself = phrase.noun == head or any(n.head == phrase.noun for n in phrase.names)
    if not found:
        words = {parse.lowers[t] for t in range(name.start, name.end)}
        if not (
            noun_is_place or (named_itself and (words & SITE_WORDS or parse.entities[head] in ("GPE", "LOC", "FAC")))
        ):
            return None
    elif not named_itself and not noun_is_place:
        return None
    if prep == "of" and not noun_is_place:
        return None
    place = found[0] if found else None
    return _Candidate(phrase, place, text)


def _text(parse: Parse, name: Name) -> str:
    return " ".join(parse.doc[name.start : name.end].text.split())


def _relation(parse: Parse, phrase: PlacePhrase, trigger: int) -> tuple[int, str] | None:
    """How near the phrase stands to the event in the parse: a rank (0 is nearest) and its name; None where it is not."""
    up = [phrase.anchor]
    while parse.heads[up[-1]] != up[-1] and len(up) < MAX_STEPS:
        up.append(parse.heads[up[-1]])
    down = [trigger]
    while down[-1] not in up and parse.heads[down[-1]] != down[-1] and len(down) < MAX_STEPS:
        down.append(parse.heads[down[-1]])
    if down[-1] not in up:
        return None
    ups = [parse.deps[t] for t in up[: up.index(down[-1])]]
    downs = [parse.deps[t] for t in down[:-1]]
    if phrase.prep == "of" and ups[:1] != ["dobj"]:
        return None
    if not downs:
        if not ups:
            return 0, "clause"
        if ups == ["dobj"] or ups == ["pobj", "prep"]:
            return 1, "object"
        if ups == ["conj"] or ups == ["pobj", "prep", "conj"] or ups == ["dobj", "conj"]:
            return 3, "conjunct"
        if ups in (["nsubj"], ["nsubjpass"]):
            return 4, "subject"
        return None
    if downs[0] in ("conj", "advcl") and len(downs) == 1 and (not ups or ups == ["dobj"]):
        return 5, f"main clause {downs[0]}"
    return None


def _target(parse: Parse, gazetteer: Gazetteer, trigger: int) -> _Candidate | None:
    """The event's object where it is a place that is taken, hit, entered or visited."""
    if parse.lemmas[trigger] not in _PLACE_TAKERS:
        return None
    obj = parse.child(trigger, "dobj", "nsubjpass")
    if obj is None:
        return None
    names, within = names_of(parse, obj, set())
    if not names:
        return None
    phrase = PlacePhrase("", obj, trigger, obj, names, within)
    found = gazetteer.find(_text(parse, names[0]))
    is_place = parse.lemmas[obj] in PLACE_NOUNS or bool(
        {parse.lowers[t] for t in range(names[0].start, names[0].end)} & SITE_WORDS
    )
    named_itself = any(n.head == obj for n in names)
    if not is_place and not (named_itself and found):
        return None
    return _Candidate(phrase, found[0] if found else None, "; ".join(_text(parse, n) for n in names))
