"""The fields of an incident: of what its mentions say, what most articles support."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Protocol, TypeVar

from tasks.contracts.records import Event, Incident

_DATE_RANK = {"explicit": 0, "relative": 0, "dateline": 1, "publication": 2, "none": 3}
_PRECISION_RANK = {"day": 0, "week": 1, "month": 2, "quarter": 3, "year": 4, "decade": 5}
_PLACE_RANK = {"site": 0, "city": 1, "region": 2, "country": 3}
_SOURCE_RANK = {"clause": 0, "dateline": 1, "article": 2}

Value = TypeVar("Value", bound=Hashable)


class Report(Protocol):
    """What an incident takes from an article; `Article` has it, too."""

    @property
    def article_key(self) -> str:
        """Its key."""

    @property
    def published(self) -> date | None:
        """Its day of publication."""

    @property
    def outlet(self) -> str | None:
        """Who published it."""

    @property
    def duplicate_of(self) -> str | None:
        """The article that it copies."""


def best_fields(
    members: Sequence[Event], *, articles: Mapping[str, Report], copies: Mapping[str, Sequence[Report]]
) -> Incident:
    """The incident of its mentions, which come first reported first; surer dates and places outvote all others."""
    dated = _surest(members, lambda e: (_DATE_RANK[e.date_source], _PRECISION_RANK.get(e.date_precision or "", 9)))
    day = _voted(dated, lambda e: (e.date, e.date_end, e.date_precision, e.date_source))
    placed = _surest(members, place_rank)
    site = _voted(placed, lambda e: (e.geonameid, e.place_name, e.location))
    actor = _voted([e for e in members if e.actors] or members, lambda e: e.actors)
    target = _voted([e for e in members if e.targets] or members, lambda e: e.targets)
    action = _voted(members, lambda e: e.action)
    reported = [articles[key] for key in dict.fromkeys(e.article_key for e in members) if key in articles]
    repeated = [copy for article in reported for copy in copies.get(article.article_key, ())]
    published = sorted(a.published for a in (*reported, *repeated) if a.published)
    n_articles = len({e.article_key for e in members})
    return Incident(
        incident_id=blake2b(members[0].event_id.encode(), digest_size=8, person=b"incident").hexdigest(),
        event_type=members[0].event_type,
        quad_class=members[0].quad_class,
        goldstein=members[0].goldstein,
        action=action.action,
        date=day.date,
        date_end=day.date_end,
        date_precision=day.date_precision,
        date_source=day.date_source,
        actors=actor.actors,
        targets=target.targets,
        actor_country=actor.actor_country,
        target_country=target.target_country,
        actor_sector=actor.actor_sector,
        target_sector=target.target_sector,
        location=site.location,
        place_name=site.place_name,
        place_country=site.place_country,
        latitude=site.latitude,
        longitude=site.longitude,
        geonameid=site.geonameid,
        place_precision=site.place_precision,
        killed=_toll(members, lambda e: e.killed, articles),
        injured=_toll(members, lambda e: e.injured, articles),
        arrested=_toll(members, lambda e: e.arrested, articles),
        first_report=published[0] if published else None,
        last_report=published[-1] if published else None,
        n_mentions=len(members),
        n_articles=n_articles,
        n_reports=n_articles + len(repeated),
        n_outlets=len({a.outlet for a in reported if a.outlet}),
    )


def place_rank(event: Event) -> tuple[int, int]:
    """How sure and precise an event's place is: the lower the better."""
    return (_SOURCE_RANK.get(event.place_source or "", 3), _PLACE_RANK.get(event.place_precision or "", 9))


def _surest(members: Sequence[Event], rank: Callable[[Event], tuple[int, int]]) -> list[Event]:
    best = min(map(rank, members))
    return [e for e in members if rank(e) == best]


def _voted(members: Sequence[Event], value: Callable[[Event], Value]) -> Event:
    """The first mention that has the value of most articles; of equals the one first reported."""
    voters: dict[Value, set[str]] = defaultdict(set)
    for event in members:
        voters[value(event)].add(event.article_key)
    return max(members, key=lambda e: len(voters[value(e)]))


def _toll(
    members: Sequence[Event], number: Callable[[Event], int | None], articles: Mapping[str, Report]
) -> int | None:
    """The number that most articles give; of equals the latest, since tolls are corrected as time goes on."""
    voters: dict[int, set[str]] = defaultdict(set)
    latest: dict[int, tuple[date, int]] = {}
    for position, event in enumerate(members):
        count = number(event)
        if count is not None:
            voters[count].add(event.article_key)
            article = articles.get(event.article_key)
            latest[count] = (article.published if article and article.published else date.min, position)
    return max(voters, key=lambda n: (len(voters[n]), latest[n]), default=None)
