"""Events scored against the gold: the articles of `seeds/` sentence by sentence, and single sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.coder import Coded
from bench.matching import Figures, Tally, all_names, any_names, names, plain, same_action, same_date
from tasks.contracts.records import Article, Event

UNCOUNTED = ("STATEMENT", "OTHER")  # kept for the reader: found where asked for, never spurious

Row = Mapping[str, Any]


@dataclass
class GoldPage:
    """The article of a page as annotated: one normalised string, where its optional parts lie, and its anchors."""

    record: Row
    body: str
    text: str = ""
    zones: list[tuple[int, str]] = field(default_factory=list)
    anchors: list[tuple[int, Row]] = field(default_factory=list)

    def zone(self, position: int) -> str:
        """ "body" or "optional"."""
        return self.zones[bisect_right(self.zones, (position, "~")) - 1][1]

    def anchor(self, position: int) -> Row | None:
        """The annotated sentence that the position lies in."""
        at = bisect_right([a for a, _ in self.anchors], position) - 1
        return self.anchors[at][1] if at >= 0 else None


def score_pages(coded: Iterable[Coded], pages: Mapping[str, GoldPage]) -> tuple[Figures, list[str]]:
    """The figures of the seeds' articles, and a line for every error."""
    tally = Tally()
    found = {c.article.article_key: c for c in coded}
    for key, page in pages.items():
        if key not in found:
            tally.errors.append(f"no article       {key}")
        _score_article(page, found[key].article if key in found else None, tally)
        _score_events(page, found[key].events if key in found else (), tally)
    figures = tally.figures()
    hits, core = tally.right["trigger_recall"], tally.right["event_recall"]
    spurious = tally.asked.pop("spurious", 0)
    figures.pop("spurious", None)
    required = tally.asked["trigger_recall"]
    figures["trigger_precision"] = hits / max(hits + spurious, 1)
    figures["trigger_f1"] = 2 * hits / max(hits + spurious + required, 1)
    figures["event_f1"] = 2 * core / max(hits + spurious + required, 1)
    return figures, tally.errors


def _score_article(page: GoldPage, article: Article | None, tally: Tally) -> None:
    record = page.record
    tally.count("cleaning_f1", _bag_f1(article.text if article else "", page.body))
    published = str(article.published) if article and article.published else None
    facts = {
        "published": published == record["published"],
        "title": article is not None and plain(article.title) == plain(record["title"]),
        "language": article is not None and article.language == record["language"],
        "duplicate_of": article is not None and article.duplicate_of == record.get("duplicate_of"),
    }
    for name in ("outlet", "url", "byline"):
        if record.get(name):
            facts[name] = plain(getattr(article, name, None)).lower() == plain(record[name]).lower()
    for name, right in facts.items():
        got = getattr(article, name, None)
        tally.count(name, right, error=f"{record['doc']}: {got!r}, not {record.get(name)!r}")


def _bag_f1(got: str, want: str) -> float:
    a, b = (Counter(re.findall(r"\w+", t.lower())) for t in (got, want))
    common = (a & b).total()
    return 2 * common / (a.total() + b.total()) if common else 0.0


def _score_events(page: GoldPage, events: Sequence[Event], tally: Tally) -> None:
    answers: dict[str, list[Event]] = {}
    for event in events:
        if event.modality != "asserted":
            continue
        row = _annotated(page, event, tally)
        if row is not None:
            answers.setdefault(row["anchor"], []).append(event)
    for _, row in page.anchors:
        got = answers.get(row["anchor"], [])
        used = [e for w in row["events"] if not w["optional"] for e in _answer(w, got, row, tally)]
        for event in got:
            wanted = (w for w in row["events"] if w["optional"])
            if event in used or event.event_type in UNCOUNTED:
                continue
            if not any(same_action(w["action"], event.action) for w in wanted):
                _spurious(event, "no event of this sentence", tally)


def _annotated(page: GoldPage, event: Event, tally: Tally) -> Row | None:
    sentence = plain(event.sentence)
    before = len(plain(event.sentence[: event.trigger_start - event.sentence_start] + "x")) - 1
    start = page.text.find(sentence)
    if start < 0:
        start = page.text.find(sentence[:40])
    if start < 0:
        if event.event_type not in UNCOUNTED:
            _spurious(event, "outside the article", tally)
        return None
    if page.zone(start + before) != "body":
        return None
    row = page.anchor(start + before)
    if row is None:
        _spurious(event, "before the first annotated sentence, or none of the page's is", tally)
    return row


def _spurious(event: Event, why: str, tally: Tally) -> None:
    what = f"{event.actor} | {event.action} | {event.target} ({event.event_type}; {why})"
    tally.count("spurious", False, error=f"{what} <- {plain(event.sentence)[:90]}")


def _answer(want: Row, got: Sequence[Event], row: Row, tally: Tally) -> list[Event]:
    """Counts one required event; the events that answer it."""
    right = [e for e in got if same_action(want["action"], e.action)]
    place = f"<- {row['doc']}: {row['anchor']}"
    tally.count("trigger_recall", bool(right), error=f"{want['actor']} {want['action']} {place}")
    parties: dict[str, Callable[[Event], bool]] = {
        "actor": lambda e: any_names(want["actor"], e.actors, e.actor),
        "target": lambda e: any_names(want["target"], e.targets, e.target),
    }
    best = max(right, key=lambda e: sum(ok(e) for ok in parties.values()), default=None)
    tally.count("event_recall", best is not None and all(ok(best) for ok in parties.values()))
    if best is None:
        return []
    checks: dict[str, Callable[[Event], bool]] = {
        **parties,
        "location": lambda e: names(want["location"], e.location),
        "date": lambda e: same_date(want["date"], e),
        "type": lambda e: e.event_type == want["type"],
    }
    for name, ok in checks.items():
        if want.get(name, "*") != "*":
            tally.count(name, ok(best), error=f"{_shown(best, name)}, not {want[name]} {place}")
    return right


def _shown(event: Event, name: str) -> str:
    return f"{event.action}: {getattr(event, {'type': 'event_type'}.get(name, name))}"


CHECKS: dict[str, Callable[[Any, Event], bool]] = {
    "action": lambda want, e: same_action(want, e.action),
    "actor": lambda want, e: any_names(want, e.actors, e.actor),
    "target": lambda want, e: any_names(want, e.targets, e.target),
    "actors": lambda want, e: all_names(want, e.actors),
    "targets": lambda want, e: all_names(want, e.targets),
    "type": lambda want, e: e.event_type == want,
    "modality": lambda want, e: e.modality == want,
    "claimant": lambda want, e: names(want, e.claimant),
    "date": lambda want, e: same_date(want, e),
    "location": lambda want, e: names(want, e.location),
    "actor_country": lambda want, e: set(want.split(";")) == set((e.actor_country or "").split(";")),
    "target_country": lambda want, e: set(want.split(";")) == set((e.target_country or "").split(";")),
    "actor_sector": lambda want, e: want in (e.actor_sector or "").split(";"),
    "target_sector": lambda want, e: want in (e.target_sector or "").split(";"),
    "place_country": lambda want, e: e.place_country == want,
    "killed": lambda want, e: e.killed == want,
    "injured": lambda want, e: e.injured == want,
    "arrested": lambda want, e: e.arrested == want,
}
MERGED = {
    "actor_country": "country",
    "target_country": "country",
    "actor_sector": "sector",
    "target_sector": "sector",
    "actors": "lists",
    "targets": "lists",
    "killed": "casualties",
    "injured": "casualties",
    "arrested": "casualties",
}


def score_sentences(coded: Iterable[Coded], rows: Sequence[Row]) -> tuple[Figures, list[str]]:
    """The figures of the single sentences, and a line for every error."""
    tally = Tally()
    by_key = {c.article.article_key: c.events for c in coded}
    spurious = 0
    for row in rows:
        events = by_key.get(row["id"], ())
        spans = [_spans(row["text"], want) for want in row["events"]]
        for want, own in zip(row["events"], spans, strict=True):
            _score_sentence_event(want, [e for e in events if _touches(e, own)], row, tally)
        free = [s for span in spans for s in span] + [s for w in row.get("may", ()) for s in _words(row["text"], w)]
        for event in events:
            if event.event_type != "STATEMENT" and not _touches(event, free):
                spurious += 1
                what = f"{event.actor} | {event.action} | {event.target} ({event.event_type})"
                tally.errors.append(f"{'spurious':16} {row['id']}: {what} <- {row['text']}")
    figures = tally.figures()
    hits = tally.right["trigger_recall"]
    figures["trigger_precision"] = hits / max(hits + spurious, 1)
    figures["trigger_f1"] = 2 * hits / max(hits + spurious + tally.asked["trigger_recall"], 1)
    return figures, tally.errors


def _score_sentence_event(want: Row, answers: Sequence[Event], row: Row, tally: Tally) -> None:
    asked = {name: ok for name, ok in CHECKS.items() if name in want}
    best = max(answers, key=lambda e: sum(ok(want[name], e) for name, ok in asked.items()), default=None)
    tally.count("trigger_recall", best is not None, error=f"{row['id']}: {want['trigger']} <- {row['text']}")
    core = [name for name in ("action", "actor", "target") if name in want]
    tally.count("event_recall", best is not None and all(CHECKS[n](want[n], best) for n in core))
    if best is None:
        return
    for name, ok in asked.items():
        error = f"{row['id']}: {_shown(best, name)}, not {want[name]} <- {row['text']}"
        tally.count(MERGED.get(name, name), ok(want[name], best), error=error)


def _spans(text: str, want: Row) -> list[tuple[int, int]]:
    trigger = list(_words(text, want["trigger"]))[want["occurrence"] - 1]
    return [trigger, *(span for word in want.get("also", ()) for span in _words(text, word))]


def _words(text: str, word: str) -> Iterator[tuple[int, int]]:
    return (m.span() for m in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text))


def _touches(event: Event, spans: Iterable[tuple[int, int]]) -> bool:
    return any(event.trigger_start < end and start < event.trigger_end for start, end in spans)
