"""Incidents: event mentions, within an article and across articles, that tell of one real-world event.

Merging is conservative: two mentions are one incident where type, day and kind of action fit, nothing contradicts
(parties, place, casualties), and enough agrees. The result depends on the set of mentions, not on their order.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from tasks.contracts.records import Event, Incident, IncidentMention
from tasks.nlp.incidentfields import best_fields
from tasks.nlp.incidentmatch import (
    MUTUAL_TYPES,
    Match,
    Report,
    Story,
    compare,
    join_mentions,
    match_across,
    match_within,
    read_mention,
    report_order,
)
from tasks.nlp.samenames import Party, name_key

LONGEST_WINDOW = 8  # days; longer ranges meet only ranges that are the same
CROWDED = 16  # mentions compared with each: bounds the work where thousands share parties, place and day
GUARDS = 8  # members of a cluster that a newcomer must not contradict
LEFT_OUT = frozenset({"STATEMENT", "OTHER"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a mention is in its incident: the match, and the mention it was matched with."""

    match: Match
    matched_event_id: str


Key = tuple[str, ...]
Matches = Mapping[tuple[int, int], Match]
"""By the positions of two stories, the earlier one first."""
Reasons = dict[str, Reason]
"""By the event_id of a story's first mention."""


def find_incidents(
    events: Iterable[Event], articles: Mapping[str, Report]
) -> tuple[list[Incident], list[IncidentMention]]:
    """Incidents, by id, and the mentions each rests on.

    Takes asserted events of PLOVER types; statements, plans, demands and what did not happen form no incidents.
    `articles` (by article_key) gives publication days and outlets, and the copies that count as reports alone.
    First the mentions within each article are merged, so that across articles a sentence that has the place and one
    that has the toll count together. An incident's id comes from the event_id of the mention published first, so
    later reports leave it as it is.
    """
    reasons: Reasons = {}
    stories = read_stories(events, articles, reasons)
    copies = [a for a in articles.values() if a.duplicate_of]
    return tell_incidents(
        stories, _matches(stories, keys_across, match_across), articles=articles, copies=copies, reasons=reasons
    )


def read_stories(events: Iterable[Event], articles: Mapping[str, Report], reasons: Reasons) -> list[Story]:
    """What each article tells, first reported first; `reasons` gains why mentions of one article are one story.

    An article's stories depend on its own events alone, all of which must be given.
    """
    given = list(events)
    places = _only_places(given)
    mentions = sorted(
        (
            read_mention(e, articles.get(e.article_key), only_place=places.get(e.article_key))
            for e in given
            if e.modality == "asserted" and e.event_type not in LEFT_OUT
        ),
        key=lambda m: m.order,
    )
    matches = _matches(mentions, _keys_within, match_within)
    return sorted((join_mentions(g) for g in _merged(mentions, matches, reasons)), key=lambda s: s.order)


def tell_incidents(
    stories: Sequence[Story],
    matches: Matches,
    *,
    articles: Mapping[str, Report],
    copies: Iterable[Report],
    reasons: Reasons,
) -> tuple[list[Incident], list[IncidentMention]]:
    """The incidents that the stories (first reported first) and their matches (by position) make, and the evidence.

    `articles` has the stories' articles, `copies` those that copy one of them.
    """
    copied: dict[str, list[Report]] = defaultdict(list)
    for copy in copies:
        copied[copy.duplicate_of or ""].append(copy)
    incidents: list[Incident] = []
    evidence: list[IncidentMention] = []
    for group in _merged(stories, matches, reasons):
        members = sorted(
            (e for s in group for e in s.events), key=lambda e: report_order(e, articles.get(e.article_key))
        )
        incident = best_fields(members, articles=articles, copies=copied)
        incidents.append(incident)
        evidence.extend(_evidence(incident.incident_id, members, reasons))
    incidents.sort(key=lambda i: i.incident_id)
    evidence.sort(key=lambda m: (m.incident_id, m.event_id))
    return incidents, evidence


def _only_places(events: Iterable[Event]) -> dict[str, Event]:
    """For each article whose events name one town and no other: an event that has it."""
    found: dict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        if event.place_name and event.place_source == "clause" and event.place_precision in {"site", "city"}:
            found[event.article_key].setdefault(event.place_name, event)
    return {key: next(iter(places.values())) for key, places in found.items() if len(places) == 1}


# --- merging --------------------------------------------------------------------------------------------------------


def _matches(
    stories: Sequence[Story], keys: Callable[[Story], Iterable[Key]], match: Callable[[Story, Story], Match | None]
) -> Matches:
    """The matches of all pairs that share a key and stand near each other in the order of reports."""
    return {(i, j): m for i, j in _candidates(stories, keys) if (m := match(stories[i], stories[j]))}


def _merged(stories: Sequence[Story], matches: Matches, reasons: Reasons) -> list[list[Story]]:
    """Stories grouped by their matches, best first; no group takes in a story that contradicts one of its own.

    `reasons` gains, for each story but a group's first, its best match in it.
    """
    group = {i: [i] for i in range(len(stories))}
    ranked = sorted(matches, key=lambda pair: (-matches[pair].score, *pair))
    for i, j in ranked:
        larger, smaller = sorted((group[i], group[j]), key=lambda g: (-len(g), g[0]))
        if group[i] is group[j] or _contradict(stories, larger, smaller):
            continue
        larger.extend(smaller)
        for member in smaller:
            group[member] = larger
    distinct = {id(members): members for members in group.values()}
    firsts = {min(members) for members in distinct.values()}
    for i, j in ranked:
        for mine, matched in ((i, j), (j, i)):
            if group[i] is group[j] and mine not in firsts:
                why = Reason(matches[i, j], stories[matched].events[0].event_id)
                reasons.setdefault(stories[mine].events[0].event_id, why)
    return [[stories[k] for k in sorted(members)] for members in distinct.values()]


def _candidates(stories: Sequence[Story], keys: Callable[[Story], Iterable[Key]]) -> set[tuple[int, int]]:
    buckets: dict[Key, list[int]] = defaultdict(list)
    for i, story in enumerate(stories):
        for key in set(keys(story)):
            buckets[key].append(i)
    pairs: set[tuple[int, int]] = set()
    for bucket in buckets.values():
        for at, i in enumerate(bucket):
            pairs.update((i, j) for j in bucket[at + 1 : at + 1 + CROWDED])
    return pairs


def _contradict(stories: Sequence[Story], one: Sequence[int], other: Sequence[int]) -> bool:
    return any(compare(stories[i], stories[j]) is None for i in one[:GUARDS] for j in other[:GUARDS])


def _evidence(incident_id: str, members: Sequence[Event], reasons: Reasons) -> Iterator[IncidentMention]:
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


def _keys_within(mention: Story) -> Iterator[Key]:
    """Mentions of one type in one article are all compared with their neighbours."""
    event = mention.events[0]
    yield (event.event_type, event.article_key)


def keys_across(story: Story) -> Iterator[Key]:
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


def blocks_of(story: Story) -> set[tuple[str, str]]:
    """The first two parts of the story's keys: its type with each of its days, or with the range of many."""
    return {(story.events[0].event_type, day) for day in _days(story)}


def _party_keys(parties: Iterable[Party]) -> set[str]:
    return {
        key
        for p in parties
        for key in (*p.names, *p.unsure, *p.acronyms, *p.nouns[:2], *(f"of {c}" for c in sorted(p.countries)))
    }


def _days(story: Story) -> list[str]:
    if story.first is None or story.last is None:
        return []
    length = (story.last - story.first).days + 1
    if length > LONGEST_WINDOW:
        return [f"{story.first} {story.last}"]
    return [str(story.first + timedelta(days=n)) for n in range(length)]


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
