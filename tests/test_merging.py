"""Copies and incidents after any change are those of a run from nothing, and parts that it does not touch stay."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import tasks.nlp.incidentreach
import tasks.nlp.incidents
import tasks.storage.parquet
import tasks.store
from tasks.contracts.ledger import LEDGER, LedgerRow
from tasks.contracts.records import Article, Event
from tasks.contracts.tables import ARTICLES, BY_FILE, EVENTS, INCIDENT_MENTIONS, INCIDENTS
from tasks.linking import Prints, mark_copies, take_fingerprints
from tasks.merging import Standing, merge_incidents
from tasks.store import Change, Store
from tests.nlp.test_incidents import BUKAVU, GOMA, MUGUNGA, article, event

Told = Mapping[str, tuple[Article, list[Event]]]
WORDS = [f"word{n}" for n in range(60)]


def tell(chance: random.Random, key: str) -> tuple[Article, list[Event]]:
    """An article with some events: few names, places and days, so that many agree and some contradict."""
    published = date(2024, 3, 1) + timedelta(days=chance.randrange(6))
    events = []
    for n in range(chance.randrange(5)):
        day = published - timedelta(days=chance.randrange(3))
        last = day + timedelta(days=chance.choice((0, 0, 0, 2, 12)))
        facts: dict[str, Any] = {
            "trigger_start": 10 * n,
            "sentence_index": n,
            "date": chance.choice((day, day, day, None)),
            "date_end": last,
            "date_source": chance.choice(("relative", "publication", "dateline")),
            "event_type": chance.choice(("ASSAULT", "ASSAULT", "CONSULT", "ACCUSE", "STATEMENT")),
            "modality": chance.choice(("asserted", "asserted", "asserted", "planned")),
            "action": chance.choice(("attack", "shell", "meet", "kidnap")),
            "actors": chance.choice((("M23 rebels",), ("gunmen",), ("Norway",), ("the army", "Norway"), ())),
            "targets": chance.choice((("a camp",), ("Norway",), ("traders",), ())),
            "killed": chance.choice((None, None, 3, 9, 40)),
            "at": chance.choice((GOMA, MUGUNGA, BUKAVU, {})),
        }
        if facts["date"] is None:
            facts |= {"date_end": None, "date_source": "none"}
        events.append(replace(event(key, **facts), source_path=f"{key}.txt"))
    text = " ".join(chance.choices(WORDS, k=30)) if chance.random() < 0.6 else " ".join(WORDS[:40])
    return replace(article(key, published=published, outlet=chance.choice("xyz")), text=text), events


def rows_of(told: Told, keys: Iterable[str]) -> dict[str, pa.Table]:
    keys = list(keys)
    rows = {table.name: table.build([]) for table in BY_FILE}
    rows[ARTICLES.name] = ARTICLES.build(told[k][0] for k in keys)
    rows[EVENTS.name] = EVENTS.build(e for k in keys for e in told[k][1])
    rows["fingerprints"] = take_fingerprints(rows[ARTICLES.name])
    rows[LEDGER.name] = LEDGER.build(
        LedgerRow(
            source_path=f"{k}.txt", stamp="", content_hash="", articles=1, rejects=0, clean_logic="", extract_logic=""
        )
        for k in keys
    )
    return rows


def publish(store: Store, told: Told, keys: Iterable[str], gone: Iterable[str] = (), *, last: bool = True) -> None:
    """What the stage does with rows that are checked."""
    removed = {f"{k}.txt" for k in (*keys, *gone)}
    old = store.current()
    added, relinked = mark_copies(rows_of(told, keys), store, Prints.in_force(old), replaced=removed)
    removed |= relinked
    derived = merge_incidents(Standing.of(old), added, replaced=removed) if last else None
    store.commit(Change(removed=frozenset(removed), added=added, derived=derived), keep=3)


def content(store: Store) -> dict[str, list[Any]]:
    tables = {t: store.read(t.name).to_pylist() for t in (ARTICLES, EVENTS, INCIDENTS, INCIDENT_MENTIONS)}
    return {t.name: sorted(rows, key=lambda r: [str(r[k]) for k in t.key]) for t, rows in tables.items()}


@pytest.mark.parametrize("seed", range(2, 4))
def test_incidents_and_copies_in_steps_are_those_made_at_once(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.store, "SEGMENT_FILES", 25)
    monkeypatch.setattr(tasks.storage.parquet, "GROUP_ROWS", 8)
    for module in (tasks.nlp.incidents, tasks.nlp.incidentreach):
        monkeypatch.setattr(module, "CROWDED", 3)
    chance = random.Random(seed)
    steps, told = Store(tmp_path / "steps"), {}
    for step in range(5):
        new = [f"a{step}{n:02d}" for n in range(chance.choice((2, 15, 30)))]
        edited = chance.sample(sorted(told), k=min(len(told), chance.randrange(2)))
        gone = chance.sample(sorted(set(told) - set(edited)), k=min(len(told) - len(edited), chance.randrange(3)))
        told = {k: v for k, v in told.items() if k not in gone} | {k: tell(chance, k) for k in (*new, *edited)}
        publish(steps, told, [*new, *edited], gone, last=chance.random() < 0.8)
    publish(steps, told, [])
    once = Store(tmp_path / "once")
    publish(once, told, sorted(told))
    assert content(steps) == content(once)
    assert len(content(once)["incidents"]) > 9
    assert any(row["n_mentions"] > 1 for row in content(once)["incidents"])
    assert any(row["duplicate_of"] for row in content(once)["articles"])
