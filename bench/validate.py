"""How long the checks take: `python bench/validate.py [ROWS]` prints seconds a table (default 1,000,000 events)."""

from __future__ import annotations

import sys
import time

import numpy as np
import pyarrow as pa

from expectations.check import check_table
from tasks.contracts.codes import EVENT_TYPES
from tasks.contracts.tables import ARTICLES, EVENTS, SENTENCES

EVENTS_A_SENTENCE, SENTENCES_AN_ARTICLE, BROKEN_SHARE = 2, 25, 0.001
SENTENCE = "Rebels attacked the town of Arden on Tuesday, officials of the northern province said. "


def main(n_events: int) -> None:
    """Builds tables in which one event in a thousand is broken, checks them, and prints what it took."""
    articles, sentences, events = tables(n_events)
    started = time.perf_counter()
    check_table("articles", articles.slice(0, 1))
    print(f"import and first check {time.perf_counter() - started:6.2f} s")
    for name, table in (("articles", articles), ("sentences", sentences), ("events", events)):
        started = time.perf_counter()
        checked = check_table(name, table, articles=articles, sentences=sentences)
        seconds = time.perf_counter() - started
        print(f"{name:9} {table.num_rows:>9,} rows {len(checked.rejects):>6,} rejected {seconds:6.2f} s")


def tables(n_events: int) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Articles, sentences and events that hold every rule, but for one event in a thousand."""
    n_sentences = max(1, n_events // EVENTS_A_SENTENCE)
    n_articles = max(1, n_sentences // SENTENCES_AN_ARTICLE)
    sentence = np.arange(n_events) // EVENTS_A_SENTENCE % n_sentences
    return _articles(n_articles), _sentences(n_sentences, n_articles), _events(sentence, n_articles)


def _keys(numbers: np.ndarray) -> pa.Array:
    return pa.array([f"folder/article-{n:07}.txt" for n in numbers.tolist()])


def _articles(n: int) -> pa.Table:
    keys = _keys(np.arange(n))
    return _table(
        ARTICLES,
        n,
        article_key=keys,
        source_path=keys,
        content_hash="0" * 32,
        published=np.full(n, 19_000, dtype="int32"),
        published_source="text",
        text=SENTENCE * SENTENCES_AN_ARTICLE,
        n_sentences=SENTENCES_AN_ARTICLE,
        n_events=EVENTS_A_SENTENCE * SENTENCES_AN_ARTICLE,
    )


def _sentences(n: int, n_articles: int) -> pa.Table:
    index = np.arange(n) % SENTENCES_AN_ARTICLE
    return _table(
        SENTENCES,
        n,
        article_key=_keys(np.arange(n) // SENTENCES_AN_ARTICLE % n_articles),
        sentence_index=index,
        start=index * len(SENTENCE),
        end=(index + 1) * len(SENTENCE) - 1,
        text=SENTENCE[:-1],
        outcome="events",
    )


def _events(sentence: np.ndarray, n_articles: int) -> pa.Table:
    n, rng = len(sentence), np.random.default_rng(0)
    keys = _keys(sentence // SENTENCES_AN_ARTICLE % n_articles)
    index = sentence % SENTENCES_AN_ARTICLE
    names = list(EVENT_TYPES)
    types = rng.integers(0, len(names), n)
    facts = list(EVENT_TYPES.values())
    days = 19_000 - rng.integers(0, 300, n)
    people = [f"group {i % 5000}" for i in range(n)]
    latitude = np.where(rng.random(n) < BROKEN_SHARE, 100.0, 40.0)
    return _table(
        EVENTS,
        n,
        event_id=[f"{i:032x}" for i in range(n)],
        article_key=keys,
        source_path=keys,
        date=days.astype("int32"),
        date_end=days.astype("int32"),
        date_precision="day",
        date_source="publication",
        actor=people,
        action="attack",
        actors=[[p] for p in people],
        targets=pa.array([[]] * n, type=pa.list_(pa.string())),
        actor_country="AZE",
        actor_sector="MIL;GOV",
        event_type=[names[t] for t in types.tolist()],
        quad_class=[facts[t].quad_class for t in types.tolist()],
        goldstein=[facts[t].goldstein for t in types.tolist()],
        modality="asserted",
        place_name="Arden",
        place_country="ARM",
        latitude=latitude,
        longitude=45.0,
        place_precision="city",
        place_source="clause",
        killed=rng.integers(0, 9, n),
        sentence=SENTENCE[:-1],
        sentence_index=index,
        sentence_start=index * len(SENTENCE),
        sentence_end=(index + 1) * len(SENTENCE) - 1,
        trigger_start=index * len(SENTENCE) + 7,
        trigger_end=index * len(SENTENCE) + 15,
        rule="active",
    )


def _table(declared, n: int, **values) -> pa.Table:
    """A table of the declared schema: arrays as given, one value for all rows, null for what is not named."""
    arrays = []
    for field in declared.schema:
        value = values.get(field.name)
        if isinstance(value, np.ndarray | list | pa.Array):
            arrays.append(pa.array(value).cast(field.type))
        else:
            arrays.append(pa.repeat(pa.scalar(value, type=field.type), n))
    return pa.Table.from_arrays(arrays, schema=declared.schema)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
