"""Incidents on events made by hand: what is one event, what is not, and what the tables say of it."""

import random
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tasks.contracts.records import Article, Event, Incident
from tasks.contracts.tables import INCIDENT_MENTIONS, INCIDENTS
from tasks.nlp.incidents import find_incidents

MONDAY = date(2024, 3, 4)
GOMA = {"place_name": "Goma", "place_country": "COD", "latitude": -1.68, "longitude": 29.22, "geonameid": 216281}
BUKAVU = {"place_name": "Bukavu", "place_country": "COD", "latitude": -2.51, "longitude": 28.86, "geonameid": 217831}
MUGUNGA = {"place_name": "Mugunga", "place_country": "COD", "latitude": -1.64, "longitude": 29.15, "geonameid": 1}


def article(
    key: str, *, published: date | None = MONDAY, outlet: str | None = None, copy_of: str | None = None
) -> Article:
    return Article(
        article_key=key,
        source_path=f"{key}.txt",
        content_hash="",
        title=None,
        byline=None,
        outlet=outlet or key,
        url=None,
        published=published,
        published_source="metadata",
        language="en",
        text="",
        duplicate_of=copy_of,
    )


def event(key: str, **facts: Any) -> Event:
    """An attack by rebels on a camp in Goma on Monday 4 March 2024, but for the facts given."""
    place = facts.pop("at", GOMA)
    values: dict[str, Any] = {
        "event_id": f"{key}-{facts.get('trigger_start', 0)}",
        "article_key": key,
        "source_path": f"{key}.txt",
        "date": MONDAY,
        "date_end": facts.get("date", MONDAY),
        "date_precision": "day",
        "date_text": "on Monday",
        "date_source": "relative",
        "actor": None,
        "action": "attack",
        "target": None,
        "location": place.get("place_name"),
        "actors": ("M23 rebels",),
        "targets": ("a camp",),
        "actor_country": None,
        "target_country": None,
        "actor_sector": None,
        "target_sector": None,
        "event_type": "ASSAULT",
        "quad_class": 4,
        "goldstein": -9.5,
        "modality": "asserted",
        "claimant": None,
        "place_precision": "city" if place else None,
        "place_source": "clause" if place else None,
        "killed": None,
        "injured": None,
        "arrested": None,
        "sentence": "",
        "sentence_index": 0,
        "sentence_start": 0,
        "sentence_end": 0,
        "trigger_start": 0,
        "trigger_end": 0,
        "rule": "made",
    }
    nowhere = dict.fromkeys(GOMA)
    return Event(**values | nowhere | place | facts)


def merged(*events: Event, **published: date) -> list[set[str]]:
    """The event ids of each incident with more than one mention."""
    keys = {e.article_key for e in events}
    _, mentions = find_incidents(events, {k: article(k, published=published.get(k, MONDAY)) for k in keys})
    groups: dict[str, set[str]] = {}
    for mention in mentions:
        groups.setdefault(mention.incident_id, set()).add(mention.event_id)
    return sorted((g for g in groups.values() if len(g) > 1), key=sorted)


ONE_EVENT = [
    ("the same words", {}),
    ("a shorter name", {"actors": ("the M23",)}),
    ("a general word for the actor", {"actors": ("gunmen",), "targets": ("a camp",)}),
    ("no actor", {"actors": ()}),
    ("a place near by", {"at": MUGUNGA}),
    ("the country alone", {"at": {"place_country": "COD"}, "place_precision": "country"}),
    ("an action of a kind that fits", {"action": "shell"}),
    ("no date but the publication's, a day later", {"date": date(2024, 3, 5), "date_source": "publication"}),
    ("within the week", {"date": MONDAY, "date_end": date(2024, 3, 10), "date_precision": "week"}),
]
TWO_EVENTS = [
    ("another day", {"date": date(2024, 3, 6)}),
    ("another town", {"at": BUKAVU}),
    ("another country", {"at": {"place_country": "NGA"}, "place_precision": "country"}),
    ("another actor", {"actors": ("Allied Democratic Forces",)}),
    ("another type", {"event_type": "COERCE"}),
    ("nothing but type and day", {"actors": (), "targets": (), "at": {}}),
    ("no day at all", {"date": None, "date_end": None, "date_source": "none"}),
    ("planned", {"modality": "planned"}),
    ("denied", {"modality": "negated"}),
]


@pytest.mark.parametrize(("what", "facts"), ONE_EVENT)
def test_reports_of_one_event_are_one_incident(what: str, facts: dict[str, Any]) -> None:
    assert merged(event("a"), event("b", **facts)) == [{"a-0", "b-0"}], what


@pytest.mark.parametrize(("what", "facts"), TWO_EVENTS)
def test_reports_of_two_events_are_two(what: str, facts: dict[str, Any]) -> None:
    assert merged(event("a"), event("b", **facts)) == [], what


def test_kinds_of_one_type_stay_apart() -> None:
    assert merged(event("a", action="kidnap"), event("b", action="shell")) == []
    assert merged(event("a", action="kidnap"), event("b", action="abduct")) == [{"a-0", "b-0"}]


def test_the_toll_belongs_to_the_attack_and_two_attacks_stay_two() -> None:
    shelled = event("a", action="shell", targets=("a market",))
    killed = event("a", action="kill", targets=("nine people",), killed=9, trigger_start=20)
    bombed = event("a", action="bomb", targets=("a bridge",), trigger_start=40, at={})
    assert merged(shelled, killed) == [{"a-0", "a-20"}]
    assert merged(shelled, bombed) == []


def test_across_articles_the_place_of_one_sentence_and_the_toll_of_another_count_together() -> None:
    shelled = event("a", action="shell", actors=("the M23",), targets=("a market",))
    killed = event("a", action="kill", actors=(), targets=("nine people",), killed=9, trigger_start=20, at={})
    report = event("b", action="kill", actors=("rebels",), targets=("nine people",), killed=9)
    assert merged(shelled, killed, report) == [{"a-0", "a-20", "b-0"}]


def test_tolls_rise_but_not_tenfold() -> None:
    assert merged(event("a", killed=5), event("b", killed=7)) == [{"a-0", "b-0"}]
    assert merged(event("a", killed=3), event("b", killed=30)) == []


def test_a_vague_report_joins_one_of_two_events_and_never_ties_them() -> None:
    first = event("a", actors=("M23 rebels",))
    second = event("b", actors=("Allied Democratic Forces",))
    vague = event("c", actors=("gunmen",))
    groups = merged(first, second, vague)
    assert len(groups) == 1
    assert not {"a-0", "b-0"} <= groups[0]


def test_those_who_meet_change_places() -> None:
    def met(key: str, *, actors: tuple[str, ...], targets: tuple[str, ...]) -> Event:
        return event(key, event_type="CONSULT", action="meet", actors=actors, targets=targets, at={})

    one = met("a", actors=("President Ilham Aliyev",), targets=("Nikol Pashinyan",))
    assert merged(one, met("b", actors=("Pashinian",), targets=("Aliev",))) == [{"a-0", "b-0"}]
    assert merged(one, met("b", actors=("Pashinyan", "Aliyev"), targets=())) == [{"a-0", "b-0"}]
    assert merged(one, met("b", actors=("Aliyev",), targets=("Emmanuel Macron",))) == []


def test_the_order_of_events_does_not_show() -> None:
    events = [event(f"{kind}{i}", **facts) for kind, facts in [*ONE_EVENT, *TWO_EVENTS] for i in range(3)]
    articles = {e.article_key: article(e.article_key) for e in events}
    expected = find_incidents(events, articles)
    for seed in range(3):
        random.Random(seed).shuffle(events)
        assert find_incidents(events, articles) == expected


def one_incident(*events: Event, articles: dict[str, Article]) -> Incident:
    (incident,) = find_incidents(events, articles)[0]
    return incident


def test_later_reports_leave_the_id_as_it_is() -> None:
    articles = {k: article(k, published=MONDAY + timedelta(days=d)) for d, k in enumerate("abc")}
    first = one_incident(event("a"), articles=articles)
    assert one_incident(event("a"), event("b"), event("c"), articles=articles).incident_id == first.incident_id


def test_fields_are_those_that_most_articles_support() -> None:
    articles = {k: article(k, published=MONDAY + timedelta(days=d)) for d, k in enumerate("abcd")}
    incident = one_incident(
        event("a", killed=5, date_source="publication", date=date(2024, 3, 5), date_end=date(2024, 3, 5)),
        event("b", killed=7, actors=()),
        event("c", killed=7, action="shell"),
        event("d", killed=9, at={"place_country": "COD"}, place_precision="country"),
        articles=articles,
    )
    assert (incident.killed, incident.action, incident.actors) == (7, "attack", ("M23 rebels",))
    assert (incident.date, incident.date_source, incident.place_name) == (MONDAY, "relative", "Goma")
    assert (incident.first_report, incident.last_report) == (MONDAY, MONDAY + timedelta(days=3))


def test_copies_are_reports_but_no_evidence() -> None:
    articles = {
        "a": article("a", outlet="Kivu News"),
        "b": article("b", outlet="Lake Post"),
        "copy": article("copy", outlet="The Mirror", copy_of="a", published=MONDAY + timedelta(days=2)),
        "other": article("other", outlet="The Echo", copy_of="elsewhere"),
    }
    incident = one_incident(event("a"), event("b"), articles=articles)
    assert (incident.n_mentions, incident.n_articles, incident.n_reports, incident.n_outlets) == (2, 2, 3, 2)
    assert incident.last_report == MONDAY + timedelta(days=2)


def test_every_mention_has_its_reason() -> None:
    articles = {k: article(k) for k in "ab"}
    _, (first, second) = find_incidents([event("a"), event("b", actors=("the M23",))], articles)
    assert (first.reason, first.matched_event_id, first.score) == ("first", None, None)
    assert (second.reason, second.matched_event_id) == ("actor; target; place; day", "a-0")
    assert second.score == 2.8


def test_the_tables_take_them() -> None:
    events = [event("a"), event("b"), event("c", date=None, date_end=None, date_source="none", at={})]
    incidents, mentions = find_incidents(events, {"a": article("a", published=None)})
    assert INCIDENTS.build(incidents).num_rows == 2
    assert INCIDENT_MENTIONS.build(mentions).num_rows == 3
    assert find_incidents([], {}) == ([], [])


def test_time_grows_with_the_number_of_events_however_alike_they_are() -> None:
    events = [event(f"{i:04}", actors=("M23 rebels",) if i % 2 else ("gunmen",)) for i in range(1500)]
    start = time.process_time()
    incidents, _ = find_incidents(events, {e.article_key: article(e.article_key) for e in events})
    assert time.process_time() - start < 5
    assert len(incidents) == 1


def test_an_undated_mention_within_an_article_joins_its_event() -> None:
    dated = event("a")
    undated = replace(event("a", trigger_start=9), date=None, date_end=None, date_source="none")
    assert merged(dated, undated) == [{"a-0", "a-9"}]


def test_a_story_of_two_mentions_says_why_it_joined_the_other_article() -> None:
    shelled = event("b", action="shell", trigger_start=5)
    killed = event("b", action="kill", targets=("nine people",), killed=9, trigger_start=20)
    _, mentions = find_incidents([event("a"), shelled, killed], {k: article(k) for k in "ab"})
    matched = {m.event_id: m.matched_event_id for m in mentions}
    assert matched == {"a-0": None, "b-5": "a-0", "b-20": "b-5"}
