"""Incidents: event mentions, within an article and across articles, that tell of one real-world event.

Merging is conservative: two mentions are one incident where type, day and kind of action fit, nothing contradicts
(parties, place, casualties), and enough agrees. The result depends on the set of mentions, not on their order.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import product

from tasks.contracts.records import Article, Event, Incident, IncidentMention
from tasks.nlp.incidentfields import best_fields, place_rank
from tasks.nlp.samenames import SAME_NAME, Party, compare_pools, compare_roles, name_key, names_in, read_parties

# On the made corpus of tests/gold (40 incidents, 1 to 6 articles each) the pairwise F1 is highest from 1.5 to 1.7.
ENOUGH = 1.6
ENOUGH_WITHIN_ARTICLE = 0.8  # a writer who tells of two similar events says what tells them apart
NEAR_KM = 30.0  # a village and the town it belongs to
FAR_KM = 60.0
CONTEXT = 0.7  # a name in both sentences that is no party's
LONGEST_WINDOW = 8  # days; longer ranges meet only ranges that are the same
CROWDED = 16  # mentions compared with each: bounds the work where thousands share parties, place and day
GUARDS = 8  # members of a cluster that a newcomer must not contradict

# "A met B" and "B met A" are one event: the parties change places in these types.
MUTUAL_TYPES = frozenset({"CONSULT", "AGREE", "COOPERATE"})
# Two armies may fight in ten places on one day: the same parties are not enough without a place or casualties.
LOCAL_TYPES = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
TOLL = "toll"  # the kind of action that says what came of another: "killing nine"
LEFT_OUT = frozenset({"STATEMENT", "OTHER"})


@dataclass(frozen=True, slots=True)
class _Story:
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
class _Match:
    """Two stories that agree: how well, and in what."""

    score: float
    reason: str

    @classmethod
    def of(cls, agreement: Mapping[str, float]) -> _Match:
        """The match that this agreement makes."""
        parts = (part for part, value in agreement.items() if value > 0)
        return cls(_score(agreement), "; ".join(parts))


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a mention is in its incident: the match, and the mention it was matched with."""

    match: _Match
    matched_event_id: str


def find_incidents(
    events: Iterable[Event], articles: Mapping[str, Article]
) -> tuple[list[Incident], list[IncidentMention]]:
    """Incidents, by id, and the mentions each rests on.

    Takes asserted events of PLOVER types; statements, plans, demands and what did not happen form no incidents.
    `articles` (by article_key) gives publication days and outlets, and the copies that count as reports alone.
    First the mentions within each article are merged, so that across articles a sentence that has the place and one
    that has the toll count together. An incident's id comes from the event_id of the mention published first, so
    later reports leave it as it is.
    """
    mentions = sorted(
        (
            _read_mention(e, articles.get(e.article_key))
            for e in events
            if e.modality == "asserted" and e.event_type not in LEFT_OUT
        ),
        key=lambda m: m.order,
    )
    reasons: dict[str, _Reason] = {}
    stories = [_join(group) for group in _merged(mentions, _keys_within, _match_within, reasons)]
    stories.sort(key=lambda s: s.order)
    copies: dict[str, list[Article]] = defaultdict(list)
    for article in articles.values():
        if article.duplicate_of:
            copies[article.duplicate_of].append(article)
    incidents: list[Incident] = []
    evidence: list[IncidentMention] = []
    for group in _merged(stories, _keys_across, _match_across, reasons):
        members = sorted((e for s in group for e in s.events), key=lambda e: _order(e, articles.get(e.article_key)))
        incident = best_fields(members, articles=articles, copies=copies)
        incidents.append(incident)
        evidence.extend(_evidence(incident.incident_id, members, reasons))
    incidents.sort(key=lambda i: i.incident_id)
    evidence.sort(key=lambda m: (m.incident_id, m.event_id))
    return incidents, evidence


def _order(event: Event, article: Article | None) -> tuple[date, str, int, str]:
    published = article.published if article and article.published else date.max
    return (published, event.article_key, event.trigger_start, event.event_id)


def _read_mention(event: Event, article: Article | None) -> _Story:
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
    return _Story(
        events=(event,),
        order=_order(event, article),
        actors=actors,
        targets=targets,
        families=frozenset({family} if family else ()),
        first=first,
        last=last,
        is_assumed=is_assumed,
        place=event,
        tolls=(event.killed or 0, event.injured or 0, event.arrested or 0),
        context=names_in(event.sentence) - {key for p in (*actors, *targets) for key in (*p.names, *p.unsure)},
    )


def _join(group: Sequence[_Story]) -> _Story:
    """The mentions of one event in one article as one story: all parties, surest day and place, highest toll."""
    dated = min(group, key=lambda s: (s.first is None, s.is_assumed, _length(s)))
    return _Story(
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


def _length(story: _Story) -> int:
    return (story.last - story.first).days if story.first and story.last else 0


def _place_keys(event: Event) -> Iterator[str]:
    if event.geonameid is not None:
        yield f"id {event.geonameid}"
    if event.latitude is not None and event.longitude is not None and event.place_precision in {"site", "city"}:
        # places near each other share a cell of one of two grids of a degree, set off by half a degree
        yield f"at {round(event.latitude)} {round(event.longitude)}"
        yield f"between {math.floor(event.latitude)} {math.floor(event.longitude)}"
    elif event.place_country:
        yield f"in {event.place_country}"
    for word in (event.place_name or event.location or "").replace("-", " ").split():
        if word[0].isupper():
            yield f"name {name_key(word.strip(',.'))}"


@cache
def _families() -> dict[tuple[str, str], str]:
    rows = csv.DictReader((files("tasks.lexicon") / "action_families.csv").read_text(encoding="utf-8").splitlines())
    return {(row["type"], word): row["family"] for row in rows for word in row["words"].split()}


def _family(event_type: str, action: str) -> str | None:
    """The kind of action within its type ("shooting"), from the last of its words that has one; None: any kind."""
    found = [f for word in action.split() if (f := _families().get((event_type, word)))]
    return found[-1] if found else None


# --- merging --------------------------------------------------------------------------------------------------------


def _merged(
    stories: Sequence[_Story],
    keys: Callable[[_Story], Iterable[tuple[str, ...]]],
    match: Callable[[_Story, _Story], _Match | None],
    reasons: dict[str, _Reason],
) -> list[list[_Story]]:
    """Stories grouped by their matches, best first; no group takes in a story that contradicts one of its own.

    Pairs that share a key are compared. `reasons` gains, for each story but a group's first, its best match in it.
    """
    matches = {(i, j): m for i, j in _candidates(stories, keys) if (m := match(stories[i], stories[j]))}
    group = {i: [i] for i in range(len(stories))}
    ranked = sorted(matches, key=lambda pair: (-matches[pair].score, *pair))
    for i, j in ranked:
        larger, smaller = sorted((group[i], group[j]), key=lambda g: (-len(g), g[0]))
        if group[i] is group[j] or _contradict(stories, larger, smaller):
            continue
        larger.extend(smaller)
        for member in smaller:
            group[member] = larger
    for i, j in ranked:
        if group[i] is group[j]:
            for mine, matched in ((i, j), (j, i)):
                first = stories[matched].events[0].event_id
                reasons.setdefault(stories[mine].events[0].event_id, _Reason(matches[i, j], first))
    distinct = {id(members): members for members in group.values()}
    return [[stories[k] for k in sorted(members)] for members in distinct.values()]


def _candidates(stories: Sequence[_Story], keys: Callable[[_Story], Iterable[tuple[str, ...]]]) -> set[tuple[int, int]]:
    buckets: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, story in enumerate(stories):
        for key in set(keys(story)):
            buckets[key].append(i)
    pairs: set[tuple[int, int]] = set()
    for bucket in buckets.values():
        for at, i in enumerate(bucket):
            pairs.update((i, j) for j in bucket[at + 1 : at + 1 + CROWDED])
    return pairs


def _contradict(stories: Sequence[_Story], one: Sequence[int], other: Sequence[int]) -> bool:
    return any(_compare(stories[i], stories[j]) is None for i in one[:GUARDS] for j in other[:GUARDS])


def _evidence(incident_id: str, members: Sequence[Event], reasons: Mapping[str, _Reason]) -> Iterator[IncidentMention]:
    for position, event in enumerate(members):
        reason = reasons.get(event.event_id) if position else None
        yield IncidentMention(
            incident_id=incident_id,
            event_id=event.event_id,
            article_key=event.article_key,
            reason=reason.match.reason if reason else "first",
            matched_event_id=reason.matched_event_id if reason else None,
            score=reason.match.score if reason else None,
        )


def _keys_within(mention: _Story) -> Iterator[tuple[str, ...]]:
    """Mentions of one type in one article are all compared with their neighbours."""
    event = mention.events[0]
    yield (event.event_type, event.article_key)


def _keys_across(story: _Story) -> Iterator[tuple[str, ...]]:
    """Type and day with two of actor, target, place and number killed: what a match across articles shares."""
    event_type = story.events[0].event_type
    actors, targets = _party_keys(story.actors), _party_keys(story.targets)
    places = set(_place_keys(story.place)) | {f"name {name}" for name in story.context}
    killed = {f"killed {story.tolls[0]}"} if story.tolls[0] else set()
    if event_type in MUTUAL_TYPES:
        actors = targets = actors | targets
    for day in _days(story):
        for one, other in ((actors, targets), (actors, places), (targets, places), (places, killed), (targets, killed)):
            for pair in product(one, other):
                yield (event_type, day, *sorted(pair))


def _party_keys(parties: Iterable[Party]) -> set[str]:
    return {
        key
        for p in parties
        for key in (*p.names, *p.unsure, *p.acronyms, *p.nouns[:2], *(f"of {c}" for c in sorted(p.countries)))
    }


def _days(story: _Story) -> list[str]:
    if story.first is None or story.last is None:
        return []
    length = (story.last - story.first).days + 1
    if length > LONGEST_WINDOW:
        return [f"{story.first} {story.last}"]
    return [str(story.first + timedelta(days=n)) for n in range(length)]


# --- comparing ------------------------------------------------------------------------------------------------------


def _score(agreement: Mapping[str, float]) -> float:
    return round(sum(agreement.values()), 3)


def _match_across(one: _Story, other: _Story) -> _Match | None:
    """How well stories of two articles agree; None where they contradict each other or too little agrees."""
    if one.events[0].article_key == other.events[0].article_key:
        return None
    agreement = _compare(one, other)
    if agreement is None or _score(agreement) < ENOUGH:
        return None
    if not any(agreement.get(part, 0) >= 0.3 for part in ("actor", "target", "parties", "casualties")):
        return None
    is_located = bool({"place", "context", "casualties"} & agreement.keys()) or agreement.get("target", 0) >= SAME_NAME
    if one.events[0].event_type in LOCAL_TYPES and not is_located:
        return None
    return _Match.of(agreement)


def _match_within(one: _Story, other: _Story) -> _Match | None:
    """How well two mentions of one article agree.

    "Rebels attacked X and bombed Y" are two events; "rebels shelled the market, killing nine" is one: the toll names
    the people, the attack the place that was hit.
    """
    agreement = _compare(one, other)
    if agreement is None:
        return None
    is_same_sentence = one.events[0].sentence_index == other.events[0].sentence_index
    has_toll = TOLL in one.families | other.families
    if is_same_sentence and has_toll:
        agreement["sentence"] = 0.5
    is_same_target = agreement.get("target", 0) >= 0.3 or "parties" in agreement
    if not (is_same_target or has_toll or not one.targets or not other.targets):
        return None
    if not any(agreement.get(part, 0) >= 0.5 for part in ("actor", "target", "parties", "casualties", "sentence")):
        return None
    return _Match.of(agreement) if _score(agreement) >= ENOUGH_WITHIN_ARTICLE else None


def _compare(one: _Story, other: _Story) -> dict[str, float] | None:
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


def _compare_days(one: _Story, other: _Story) -> float | None:
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
            if distance <= NEAR_KM:
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


def _compare_tolls(one: _Story, other: _Story) -> float | None:
    """Equal numbers speak for one event; tolls rise from report to report, but not from 3 to 30."""
    agreed = 0.0
    for a, b in zip(one.tolls, other.tolls, strict=True):
        if a and a == b:
            agreed = 0.5
        elif a and b and max(a, b) > 3 * min(a, b) and abs(a - b) > 5:
            return None
    return agreed
