"""Whether two reports tell of one event: what agrees, what contradicts, and how much is enough."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from tasks.contracts.records import Event
from tasks.nlp.incidentfields import Report as Report
from tasks.nlp.incidentfields import place_rank
from tasks.nlp.samenames import (
    SAME_COUNTRY,
    SAME_NAME,
    SAME_NOUN,
    SHARED_NOUN,
    Party,
    compare_pools,
    compare_roles,
    name_key,
    names_in,
    read_parties,
)

# On the made corpus of tests/gold (40 incidents, 1 to 6 articles each) the pairwise F1 is 0.977 from 1.2 to 1.6, 0.969
# at 1.8 and 0.945 at 2.0; taken is the strictest of the best.
ENOUGH = 1.6
ENOUGH_WITHOUT_DAY = 2.0  # where neither text dates the event
ENOUGH_WITHIN_ARTICLE = 1.2  # both roles, or one and the day: an article names places and days once
NEAR_KM = 30.0  # a village and the town it belongs to
FAR_KM = 60.0
NEAR_CHARS = 80  # an attack and its toll: "attacked a village on Monday, killing"
CONTEXT = 0.7  # a name in both sentences that is no party's

# "A met B" and "B met A" are one event: the parties change places in these types.
MUTUAL_TYPES = frozenset({"CONSULT", "AGREE", "COOPERATE"})
# Two armies may fight in ten places on one day: the same parties are not enough without a place or casualties.
LOCAL_TYPES = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
TOLL = "toll"  # the kind of action that says what came of another: "killing nine"


@dataclass(frozen=True, slots=True)
class Story:
    """One or more event mentions of one article with what comparing needs, worked out once.

    `place` is the event whose place is surest; `is_assumed`: no date phrase of their own gives their days.
    """

    events: tuple[Event, ...]
    order: tuple[date, str, int, str]  # first reported first
    actors: tuple[Party, ...]
    targets: tuple[Party, ...]
    families: frozenset[str]
    first: date | None
    last: date | None
    is_assumed: bool
    place: Event
    tolls: tuple[int, int, int]  # killed, injured, arrested; 0: not said
    context: frozenset[str]  # names in the sentences that are no party's


@dataclass(frozen=True, slots=True)
class Match:
    """Two stories that agree: how well, and in what."""

    score: float
    reason: str

    @classmethod
    def of(cls, agreement: Mapping[str, float]) -> Match:
        """The match that this agreement makes."""
        parts = (part for part, value in agreement.items() if value > 0)
        return cls(_score(agreement), "; ".join(parts))


def report_order(event: Event, article: Report | None) -> tuple[date, str, int, str]:
    published = article.published if article and article.published else date.max
    return (published, event.article_key, event.trigger_start, event.event_id)


def read_mention(event: Event, article: Report | None, *, only_place: Event | None = None) -> Story:
    """The story of one mention. `only_place` has the one town its article names, for a mention that names none."""
    first, last = event.date, event.date_end or event.date
    is_assumed = event.date_source in {"publication", "dateline"}
    if first and is_assumed:
        # no date of its own in the text: it happened that day or the day before
        first -= timedelta(days=1)
    family = _family(event.event_type, event.action)
    actors = read_parties(
        event.actors, countries=event.actor_country, sectors=event.actor_sector, sentence=event.sentence
    )
    targets = read_parties(
        event.targets, countries=event.target_country, sectors=event.target_sector, sentence=event.sentence
    )
    return Story(
        events=(event,),
        order=report_order(event, article),
        actors=actors,
        targets=targets,
        families=frozenset({family} if family else ()),
        first=first,
        last=last,
        is_assumed=is_assumed,
        place=replace(only_place, place_source="article") if only_place and not event.place_name else event,
        tolls=(event.killed or 0, event.injured or 0, event.arrested or 0),
        context=names_in(event.sentence) - {key for p in (*actors, *targets) for key in (*p.names, *p.unsure)},
    )


def join_mentions(group: Sequence[Story]) -> Story:
    """The mentions of one event in one article as one story: all parties, surest day and place, highest toll."""
    dated = min(group, key=lambda s: (s.first is None, s.is_assumed, _length(s)))
    return Story(
        events=tuple(e for s in group for e in s.events),
        order=min(s.order for s in group),
        actors=tuple(dict.fromkeys(p for s in group for p in s.actors)),
        targets=tuple(dict.fromkeys(p for s in group for p in s.targets)),
        families=frozenset(f for s in group for f in s.families),
        first=dated.first,
        last=dated.last,
        is_assumed=dated.is_assumed,
        place=min((s.place for s in group), key=place_rank),
        tolls=(
            max(s.tolls[0] for s in group),
            max(s.tolls[1] for s in group),
            max(s.tolls[2] for s in group),
        ),
        context=frozenset(name for s in group for name in s.context),
    )


def _length(story: Story) -> int:
    return (story.last - story.first).days if story.first and story.last else 0


@cache
def _families() -> dict[tuple[str, str], str]:
    rows = csv.DictReader((files("tasks.lexicon") / "action_families.csv").read_text(encoding="utf-8").splitlines())
    return {(row["type"], word): row["family"] for row in rows for word in row["words"].split()}


def _family(event_type: str, action: str) -> str | None:
    """The kind of action within its type ("shooting"), from the last of its words that has one; None: any kind."""
    found = [f for word in action.split() if (f := _families().get((event_type, word)))]
    return found[-1] if found else None


def _score(agreement: Mapping[str, float]) -> float:
    return round(sum(agreement.values()), 3)


def match_across(one: Story, other: Story) -> Match | None:
    """How well stories of two articles agree; None where they contradict each other or too little agrees."""
    if one.events[0].article_key == other.events[0].article_key:
        return None
    agreement = compare(one, other)
    if agreement is None or _score(agreement) < ENOUGH:
        return None
    if one.is_assumed and other.is_assumed and _score(agreement) < ENOUGH_WITHOUT_DAY:
        return None
    event_type = one.events[0].event_type
    if event_type in MUTUAL_TYPES:
        is_same = _is_same_meeting(one, other, agreement)
    elif event_type in LOCAL_TYPES:
        is_same = _is_same_act(one, other, agreement)
    else:
        # words are cheap: a name or a country on one side at least, and the same kind of words
        is_sure = max(agreement.get("actor", 0), agreement.get("target", 0)) >= SAME_COUNTRY
        is_same = is_sure and _is_each_role_same(one, other, agreement) and _is_same_action(one, other)
    return Match.of(agreement) if is_same else None


def _is_same_action(one: Story, other: Story) -> bool:
    return bool(one.families & other.families) or any(
        set(a.action.split()) & set(b.action.split()) for a in one.events for b in other.events
    )


def _is_same_meeting(one: Story, other: Story, agreement: Mapping[str, float]) -> bool:
    """Whether both parties are the same; or one is, a report names no other, and the place is the same.

    "Labour's conference" and "Labour's meeting" are not one event for being Labour's.
    """
    parties = agreement.get("parties", 0)
    if parties >= 2 * SAME_COUNTRY:
        return True
    is_alone = min(len({*s.actors, *s.targets}) for s in (one, other)) == 1
    is_placed = bool({"place", "context"} & agreement.keys())
    return parties >= SAME_NAME and is_alone and is_placed and not (one.is_assumed and other.is_assumed)


def _is_same_act(one: Story, other: Story, agreement: Mapping[str, float]) -> bool:
    """Whether a place or a toll ties two acts of force, and those whom they hit may be the same.

    Police may arrest journalists and mayors in one town on one day; but of one attack on it one report may name the
    market and another the traders.
    """
    target = agreement.get("target", 0)
    is_located = bool({"place", "context", "casualties"} & agreement.keys()) or target >= SAME_NAME
    has_toll = "casualties" in agreement
    if one.events[0].event_type == "COERCE":
        return is_located and (has_toll or _is_each_role_same(one, other, agreement))
    is_same_side = agreement.get("actor", 0) >= (SAME_NOUN if not (one.targets and other.targets) else SAME_COUNTRY)
    return is_located and (target >= SHARED_NOUN or has_toll or is_same_side)


def match_within(one: Story, other: Story) -> Match | None:
    """How well two mentions of one article agree.

    "Rebels attacked X and bombed Y" are two events; "rebels shelled the market, killing nine" is one: the toll names
    the people, the attack what was hit. Else the action must be the same, and so must each role that both name: an
    article on two countries tells many things that they did to each other.
    """
    agreement = compare(one, other)
    if agreement is None:
        return None
    a, b = one.events[0], other.events[0]
    agreement.pop("context", None)
    if "article" in {one.place.place_source, other.place.place_source}:
        agreement.pop("place", None)
    if (TOLL in one.families) != (TOLL in other.families) and a.sentence_index == b.sentence_index:
        is_near = abs(a.trigger_start - b.trigger_start) <= NEAR_CHARS
        is_same_actor = not one.actors or not other.actors or agreement.get("actor", 0) >= 0.5
        return Match.of(agreement | {"sentence": 0.5}) if is_near and is_same_actor else None
    if not _is_same_action(one, other):
        return None
    if a.event_type in MUTUAL_TYPES:
        is_same = agreement.get("parties", 0) >= 2 * SAME_COUNTRY
    else:
        is_same = _is_each_role_same(one, other, agreement)
    return Match.of(agreement) if is_same and _score(agreement) >= ENOUGH_WITHIN_ARTICLE else None


def _is_each_role_same(one: Story, other: Story, agreement: Mapping[str, float]) -> bool:
    """Whether every role that both name agrees, and one does: France and the EU may condemn the same on one day."""
    roles = [("actor", one.actors, other.actors), ("target", one.targets, other.targets)]
    named = [agreement.get(role, 0) for role, mine, its in roles if mine and its]
    return bool(named) and min(named) >= SHARED_NOUN


def compare(one: Story, other: Story) -> dict[str, float] | None:
    """What agrees, with its weight; None where the two contradict each other."""
    event_type = one.events[0].event_type
    families = {one.families - {TOLL}, other.families - {TOLL}}
    is_other_action = frozenset() not in families and not (one.families & other.families) - {TOLL}
    if event_type != other.events[0].event_type or is_other_action:
        return None
    if event_type in MUTUAL_TYPES:
        parties = {"parties": compare_pools((*one.actors, *one.targets), (*other.actors, *other.targets))}
    else:
        parties = {
            "actor": compare_roles(one.actors, other.actors),
            "target": compare_roles(one.targets, other.targets),
        }
    checks = parties | {
        "place": _compare_places(one.place, other.place),
        "casualties": _compare_tolls(one, other),
        "day": _compare_days(one, other),
    }
    if None in checks.values():
        return None
    found = {part: value for part, value in checks.items() if value}
    if "place" not in found and one.context & other.context:
        # "... in Kaduna, residents said": the place, in most cases, where the clause shows none
        found["context"] = CONTEXT
    if one.families & other.families:
        found["action"] = 0.1
    return found


def _compare_days(one: Story, other: Story) -> float | None:
    is_within = one.events[0].article_key == other.events[0].article_key
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return 0.0 if is_within else None
    if one.first > other.last or other.first > one.last:
        # within an article a mention without a date phrase says nothing of its day
        return 0.0 if is_within and (one.is_assumed or other.is_assumed) else None
    is_day = one.first == one.last == other.first == other.last
    return 0.3 if is_day else 0.1


def _compare_places(a: Event, b: Event) -> float | None:
    weight = 1.0 if a.place_source == b.place_source == "clause" else 0.7
    is_sure = weight == 1.0
    if a.place_country and b.place_country and a.place_country != b.place_country:
        return None if is_sure else 0.0
    if a.geonameid is not None and a.geonameid == b.geonameid:
        return weight * {"site": 1.0, "city": 1.0, "region": 0.6}.get(a.place_precision or "", 0.3)
    if {a.place_precision, b.place_precision} <= {"site", "city"} and a.place_precision and b.place_precision:
        distance = _distance(a, b)
        if distance is not None:
            # one name in one country is mostly one town, that two texts have led to two entries of the gazetteer
            if distance <= NEAR_KM or (a.place_name == b.place_name and a.place_country == b.place_country):
                return weight
            return None if is_sure and distance > FAR_KM else 0.0
    if a.place_country and b.place_country:
        return weight * 0.3
    if a.location and b.location and _same_words(a.location, b.location):
        return 0.8
    return 0.0


def _same_words(one: str, other: str) -> bool:
    return bool(
        {name_key(w.strip(",.")) for w in one.split() if w[0].isupper()}
        & {name_key(w.strip(",.")) for w in other.split() if w[0].isupper()}
    )


def _distance(a: Event, b: Event) -> float | None:
    """Kilometres between the places of two events."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    p, q = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((q - p) / 2) ** 2
    half += math.cos(p) * math.cos(q) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(half, 1.0)))


def _compare_tolls(one: Story, other: Story) -> float | None:
    """Equal numbers speak for one event; tolls rise from report to report, but not from 3 to 30."""
    agreed = 0.0
    for a, b in zip(one.tolls, other.tolls, strict=True):
        if a and a == b:
            agreed = 0.5
        elif a and b and max(a, b) > 3 * min(a, b) and abs(a - b) > 5:
            return None
    return agreed
