"""Forty incidents told by one to six articles each: which articles tell of one event, found from their texts."""

import json
from collections.abc import Iterable
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from tasks.contracts.records import Article, Event, Sentence
from tasks.contracts.settings import Settings
from tasks.nlp.extract import extract_events, load_knowledge
from tasks.nlp.incidents import find_incidents
from tasks.nlp.model import load_model, parse_articles
from tasks.text.sentences import split_sentences

GOLD = Path(__file__).parents[1] / "gold" / "incidents.jsonl"


def pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(set(group)), 2)}


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[list[str], Article]]:
    """The article's incident, others that it mentions beside it, and the article, by article_key."""
    found = {}
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["id"]] = (
            [row["incident"], *row.get("also", [])],
            Article(
                article_key=row["id"],
                source_path=row["id"],
                content_hash="",
                title=None,
                byline=None,
                outlet=row["outlet"],
                url=None,
                published=date.fromisoformat(row["published"]),
                published_source="metadata",
                language="en",
                text=row["text"],
            ),
        )
    return found


@pytest.fixture(scope="module")
def events(told: dict[str, tuple[list[str], Article]]) -> list[Event]:
    articles = [article for _, article in told.values()]
    split = [
        [
            Sentence(article_key=a.article_key, sentence_index=i, start=s, end=e, text=a.text[s:e])
            for i, (s, e) in enumerate(split_sentences(a.text))
        ]
        for a in articles
    ]
    docs = parse_articles(load_model(Settings().model), [(a.text, s) for a, s in zip(articles, split, strict=True)])
    knowledge = load_knowledge()
    return [
        event
        for doc, article, sentences in zip(docs, articles, split, strict=True)
        for event in extract_events(doc, article=article, sentences=sentences, knowledge=knowledge).events
    ]


def test_articles_of_one_incident_are_merged_and_no_others(
    told: dict[str, tuple[list[str], Article]], events: list[Event]
) -> None:
    _, mentions = find_incidents(events, {key: article for key, (_, article) in told.items()})
    groups: dict[str, list[str]] = {}
    for mention in mentions:
        groups.setdefault(mention.incident_id, []).append(mention.article_key)
    gold: dict[str, list[str]] = {}
    allowed: dict[str, list[str]] = {}
    for key, (incidents, _) in told.items():
        gold.setdefault(incidents[0], []).append(key)
        for incident in incidents:
            allowed.setdefault(incident, []).append(key)
    wanted = pairs(gold.values())
    # an article that mentions another's incident in passing may be tied to it, and need not be
    found = pairs(groups.values()) - (pairs(allowed.values()) - wanted)
    assert len(gold) == 40
    hits = len(found & wanted)
    precision, recall = hits / len(found), hits / len(wanted)
    assert precision >= 0.95, sorted(found - wanted)
    assert 2 * precision * recall / (precision + recall) >= 0.90, sorted(wanted - found)
