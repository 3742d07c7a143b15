"""Two versions of a small set of tables, made by hand: three articles, one of which copies nothing and is hostile."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from tasks.contracts.codes import EVENT_TYPES, RejectReason, SentenceOutcome
from tasks.contracts.ledger import FINGERPRINTS, LEDGER, LedgerRow
from tasks.contracts.records import Article, Event, Incident, IncidentMention, Reject, Sentence
from tasks.contracts.tables import (
    ARTICLES,
    DROPPED_LINES,
    EVENTS,
    INCIDENT_MENTIONS,
    INCIDENTS,
    REJECTS,
    SENTENCES,
)
from tasks.store import Change, Derived, Store, Version

SHELLED = "Rebels shelled Aleppo on Monday, killing three civilians."
TALKS = "Turkey and Russia held talks in Sochi on 3 August 2016, Moscow said."
WARNED = "Russia warned Turkey on Tuesday."
HOSTILE = "=cmd|'/c calc'!A1 <script>alert(1)</script> 𝔊uards </script> attacked Ada Ümit in Upper Mbali on 5 May 2016."
EVIL_NAME = "=cmd|'/c calc'!A1 <script>alert(1)</script>"
FIRST_FILES = ("aleppo.txt", "sochi.txt")
MONDAY = date(2016, 8, 1)


def event(event_id: str, article: str, sentence: str, trigger: str, **fields: Any) -> Event:
    """An asserted event of an article whose text is its sentences, one after the other."""
    text = texts()[article]
    start = text.index(sentence)
    at = start + sentence.index(trigger)
    facts: dict[str, Any] = {f.name: None for f in dataclasses.fields(Event)}
    facts |= {
        "event_id": event_id,
        "article_key": article,
        "source_path": article,
        "sentence": sentence,
        "sentence_index": int(start > 0),
        "sentence_start": start,
        "sentence_end": start + len(sentence),
        "trigger_start": at,
        "trigger_end": at + len(trigger),
        "date_source": "none",
        "modality": "asserted",
        "rule": "active; actor: subject; target: object",
    } | fields
    kind = EVENT_TYPES[facts["event_type"]]
    facts |= {"quad_class": kind.quad_class, "goldstein": kind.goldstein}
    for role in ("actor", "target"):
        facts[f"{role}s"] = tuple(facts[role].split("; ")) if facts[role] else ()
    if facts["date"]:
        facts |= {"date_end": facts["date_end"] or facts["date"], "date_precision": "day"}
        facts["date_source"] = "explicit" if facts["date_text"] and " 20" in facts["date_text"] else "relative"
    return Event(**facts)


def texts() -> dict[str, str]:
    return {"aleppo.txt": SHELLED, "sochi.txt": f"{TALKS} {WARNED}", "hostile.txt": HOSTILE}


ALEPPO: dict[str, Any] = {
    "location": "Aleppo", "place_name": "Aleppo", "place_country": "SYR", "latitude": 36.2, "longitude": 37.16,
    "geonameid": 170063, "place_precision": "city", "place_source": "clause",
}  # fmt: skip
SOCHI: dict[str, Any] = {
    "location": "Sochi", "place_name": "Sochi", "place_country": "RUS", "latitude": 43.6, "longitude": 39.73,
    "geonameid": 491422, "place_precision": "city", "place_source": "clause",
}  # fmt: skip


def shelling(**changes: Any) -> Event:
    facts: dict[str, Any] = {
        "event_type": "ASSAULT", "date": MONDAY, "date_text": "Monday", "actor": "Rebels", "action": "shell",
        "target": "Aleppo", "actor_country": "SYR", "actor_sector": "REB", "target_country": "SYR", "killed": 3,
    }  # fmt: skip
    return event("0a1b2c3d4e5f6071", "aleppo.txt", SHELLED, "shelled", **(facts | ALEPPO | changes))


def talks() -> Event:
    return event(
        "1b2c3d4e5f607182", "sochi.txt", TALKS, "held talks", event_type="CONSULT", date=date(2016, 8, 3),
        date_text="3 August 2016", actor="Turkey; Russia", action="hold talk", actor_country="TUR;RUS",
        actor_sector="GOV;GOV", claimant="Moscow", **SOCHI,
    )  # fmt: skip


def warning() -> Event:
    return event(
        "2c3d4e5f60718293", "sochi.txt", WARNED, "warned", event_type="THREATEN", date=date(2016, 8, 2),
        date_text="Tuesday", actor="Russia", action="warn", target="Turkey", actor_country="RUS",
        target_country="TUR", actor_sector="GOV", target_sector="GOV",
    )  # fmt: skip


def hostile() -> Event:
    return event(
        "3d4e5f60718293a4", "hostile.txt", HOSTILE, "attacked", event_type="ASSAULT", date=date(2016, 5, 5),
        date_text="5 May 2016", actor=EVIL_NAME, action="attack", target="Ada Ümit", location="Upper Mbali",
    )  # fmt: skip


def article(path: str, n_events: int, **fields: Any) -> Article:
    facts: dict[str, Any] = {
        "article_key": path, "source_path": path, "content_hash": f"{path:0>32}"[:32], "title": f"About {path}",
        "byline": None, "outlet": "The Harbour Tribune", "url": f"https://news.example/{path}",
        "published": date(2016, 8, 3), "published_source": "text", "language": "en", "text": texts()[path],
        "n_sentences": 1, "n_events": n_events,
    }  # fmt: skip
    return Article(**(facts | fields))


def publish(folder: Path, *, versions: int = 2) -> Version:
    """The first version has aleppo.txt and sochi.txt; in the second the rules have changed and hostile.txt is there."""
    store = Store(folder)
    first = [shelling(killed=None), talks(), warning()]
    version = store.commit(_change(first, FIRST_FILES, logic="0001"), keep=3)
    if versions > 1:
        second = [shelling(), talks(), hostile()]
        change = _change(second, (*FIRST_FILES, "hostile.txt"), logic="0002", removed=FIRST_FILES)
        version = store.commit(change, keep=3)
    return version


def _change(events: list[Event], paths: tuple[str, ...], *, logic: str, removed: tuple[str, ...] = ()) -> Change:
    urls = {"hostile.txt": "javascript:alert(1)"}
    articles = [
        article(p, sum(e.source_path == p for e in events), **({"url": urls[p]} if p in urls else {})) for p in paths
    ]
    sentences = [
        Sentence(article_key=e.article_key, sentence_index=e.sentence_index, start=e.sentence_start,
                 end=e.sentence_end, text=e.sentence, outcome=SentenceOutcome.EVENTS)
        for e in events
    ]  # fmt: skip
    reject = Reject(stage="ingest", source_path=paths[0], article_key=None, reason=RejectReason.MALFORMED,
                    detail="line 3 is not JSON <b>")  # fmt: skip
    ledger = [
        LedgerRow(source_path=p, stamp="1", content_hash=f"{p:0>32}"[:32], articles=1, rejects=0, clean_logic="c",
                  extract_logic=logic)
        for p in paths
    ]  # fmt: skip
    added: dict[str, pa.Table] = {
        "events": EVENTS.build(events),
        "articles": ARTICLES.build(articles),
        "sentences": SENTENCES.build(sentences),
        "dropped_lines": DROPPED_LINES.build([]),
        "rejects": REJECTS.build([reject]),
        "ledger": LEDGER.build(ledger),
        "fingerprints": FINGERPRINTS.build([]),
    }
    ids = [e.event_id for e in events if e.event_type == "ASSAULT"]
    mentions = [
        IncidentMention(incident_id="i1", event_id=i, article_key="aleppo.txt", reason="first", matched_event_id=None,
                        score=None)
        for i in ids
    ]  # fmt: skip
    rows = {
        "incidents": INCIDENTS.build([_incident(len(ids))]),
        "incident_mentions": INCIDENT_MENTIONS.build(mentions),
    }
    derived = Derived(removed=None, added=rows, homes={"i1": "aleppo.txt"})
    return Change(removed=frozenset(removed), added=added, derived=derived)


def _incident(n: int) -> Incident:
    facts: dict[str, Any] = {f.name: None for f in dataclasses.fields(Incident)}
    return Incident(
        **facts
        | {
            "incident_id": "i1", "event_type": "ASSAULT", "quad_class": 4, "goldstein": -9.5, "action": "shell",
            "date": MONDAY, "date_end": MONDAY, "date_precision": "day", "date_source": "relative",
            "actors": ("Rebels",), "targets": ("Aleppo",), "n_mentions": n, "n_articles": n, "n_reports": n,
            "n_outlets": 1,
        }
    )  # fmt: skip
