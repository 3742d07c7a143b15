"""The project's own gold: what must come out of `seeds/` and of single sentences, and how good what comes out is.

    python -m bench.gold [--errors] [--json]    the figures
    python -m bench.gold --raise                raises the floors of the gate to the figures, never lowers one
    python -m bench.gold --pin                  records the digests of gold that was changed on purpose

`tests/gold/README.md` says what is annotated and how each figure is counted.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import math
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from gzip import decompress
from pathlib import Path
from typing import Any

from bench.coder import Coded, code, read_articles, text_article
from tasks.contracts.records import Article, Event

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "tests" / "gold"
FLOORS = GOLD / "floors.json"
FILES = ("seeds_articles.jsonl", "seeds_events.jsonl", "sentences.jsonl")
LONGEST = 12  # words: a whole clause names nobody
UNCOUNTED = ("STATEMENT", "OTHER")  # kept for the reader: found where asked for, never spurious
DECIMALS = 3

Figures = dict[str, float]
Row = Mapping[str, Any]


@dataclass
class Tally:
    """Right answers and questions, by figure; and what went wrong, for the reader."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def count(self, figure: str, right: bool | float, *, error: str = "") -> None:
        """Adds one question to `figure`, and its answer."""
        self.right[figure] += right  # type: ignore[assignment]
        self.asked[figure] += 1
        if error and not right:
            self.errors.append(f"{figure:16} {error}")

    def figures(self) -> Figures:
        """The share of right answers, by figure."""
        return {name: self.right[name] / n for name, n in self.asked.items() if n}


def plain(text: str | None) -> str:
    """`text` with plain quotes, dashes and spaces."""
    table = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
    return " ".join(unicodedata.normalize("NFKC", (text or "").translate(table)).split())


def names(accepted: Sequence[str] | str | None, value: str | None) -> bool:
    """Whether `value` is one of the accepted names: one holds the other as whole words. None and *none* accept nothing.

    "*" and "*any*" accept everything; a value of more than twelve words names nobody.
    """
    if accepted == "*" or (accepted and "*any*" in accepted):
        return True
    got = plain(value).lower()
    if not got or len(got.split()) > LONGEST:
        return not got and (accepted is None or "*none*" in accepted)
    wanted = [plain(a).lower() for a in accepted or ()]
    return any(_holds(got, want) or _holds(want, got) for want in wanted)


def _holds(text: str, part: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text) is not None


def same_action(accepted: Sequence[str], action: str) -> bool:
    """Whether the action has all words of one of the accepted ones, in any form: "threatens" answers "threaten"."""
    words = re.findall(r"[a-z]+", action.lower())
    return any(all(any(_form(w, p) for w in words) for p in want.lower().split()) for want in accepted)


def _form(word: str, lemma: str) -> bool:
    return word == lemma or (len(lemma) > 3 and word.startswith(lemma.rstrip("ey")))


def same_date(accepted: Sequence[str] | str | None, event: Event) -> bool:
    """Whether the event begins on the day, or in the month or year, that is accepted; None accepts no date alone."""
    got = str(event.date) if event.date else ""
    if accepted is None:
        return not got
    return any(got.startswith(a) if a != "*none*" else not got for a in _list(accepted))


def _list(value: Sequence[str] | str) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def any_names(accepted: Sequence[str] | str | None, values: Sequence[str], whole: str | None) -> bool:
    """Whether one of the names in the list, or the whole string, is accepted."""
    return names(accepted, whole) or any(names(accepted, v) for v in values)


def all_names(wanted: Sequence[str], values: Sequence[str]) -> bool:
    """Whether the list has every wanted name in an element of its own, and no other."""
    return len(wanted) == len(values) and all(any(names([w], v) for v in values) for w in wanted)


# --- the articles of seeds/ ---------------------------------------------------------------------------------------


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


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a file with one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def gold_pages(gold: Path = GOLD, seeds: Path = SEEDS) -> dict[str, GoldPage]:
    """The annotated pages by article key.

    Raises ValueError where an annotated sentence is not in its page.
    """
    pages = {}
    for record in read_jsonl(gold / FILES[0]):
        body = _paragraphs(record, "body", seeds)
        optional = _paragraphs(record, "optional", seeds)
        if plain(record["title"]) not in body:
            optional = [plain(record["title"]), *optional]
        page = GoldPage(record, "\n".join(body))
        for zone, paragraph in [("body", p) for p in body] + [("optional", p) for p in optional]:
            page.zones.append((len(page.text), zone))
            page.text += paragraph + " "
        pages[record.get("key", record["doc"])] = page
    for row in read_jsonl(gold / FILES[1]):
        page = pages[row.get("key", row["doc"])]
        at = page.text.find(plain(row["anchor"]))
        if at < 0:
            raise ValueError(f"{row['doc']}: no sentence begins with {row['anchor']!r}")
        page.anchors.append((at, row))
    for page in pages.values():
        page.anchors.sort(key=lambda pair: pair[0])
    return pages


def _paragraphs(record: Row, part: str, seeds: Path) -> list[str]:
    if "text" in record:
        return [plain(p) for p in record["text"]] if part == "body" else []
    data = (seeds / record["doc"]).read_bytes()
    data = decompress(data) if record["doc"].endswith(".gz") else data
    lines = data.decode(record.get("encoding", "utf-8")).split("\n")
    kept = [line for first, last in record[part] for line in lines[first - 1 : last]]
    if record["doc"].endswith(".html"):
        kept = [html.unescape(re.sub(r"<[^<>]+>", "", line)) for line in kept]
    return [p for p in map(plain, kept) if p]


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
    return page.anchor(start + before) if page.zone(start + before) == "body" else None


def _spurious(event: Event, why: str, tally: Tally) -> None:
    what = f"{event.actor} | {event.action} | {event.target} ({event.event_type}; {why})"
    tally.count("spurious", False, error=f"{what} <- {plain(event.sentence)[:90]}")


def _answer(want: Row, got: Sequence[Event], row: Row, tally: Tally) -> list[Event]:
    """Counts one required event; the events that answer it."""
    right = [e for e in got if same_action(want["action"], e.action)]
    tally.count("trigger_recall", bool(right), error=f"{want['actor']} {want['action']} <- {row['doc']}: {row['anchor']}")
    parties = {
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
            tally.count(name, ok(best), error=f"{_shown(best, name)}, not {want[name]} <- {row['doc']}: {row['anchor']}")
    return right


def _shown(event: Event, name: str) -> str:
    return f"{event.action}: {getattr(event, {'type': 'event_type'}.get(name, name))}"


# --- single sentences ---------------------------------------------------------------------------------------------

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


def gold_sentences(gold: Path = GOLD) -> list[dict[str, Any]]:
    """The annotated sentences."""
    return read_jsonl(gold / FILES[2])


def sentence_articles(rows: Iterable[Row]) -> list[Article]:
    """The annotated sentences as articles of their own."""
    return [text_article(r["id"], r["text"], r["published"]) for r in rows]


def score_sentences(coded: Iterable[Coded], rows: Sequence[Row]) -> tuple[Figures, list[str]]:
    """The figures of the single sentences, and a line for every error."""
    tally = Tally()
    by_key = {c.article.article_key: c.events for c in coded}
    spurious = 0
    for row in rows:
        events = by_key[row["id"]]
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


# --- figures, floors and digests ----------------------------------------------------------------------------------


def measure() -> tuple[dict[str, Figures], list[str]]:
    """All figures on the project's own gold ("seeds" and "sentences"), and a line for every error."""
    rows, pages = gold_sentences(), gold_pages()
    articles = read_articles(SEEDS)
    coded = code([*sentence_articles(rows), *articles])
    sentences, wrong_sentences = score_sentences(coded[: len(rows)], rows)
    seeds, wrong_seeds = score_pages(coded[len(rows) :], pages)
    return {"sentences": sentences, "seeds": seeds}, [*wrong_sentences, *wrong_seeds]


def digests() -> dict[str, str]:
    """SHA-256 of every gold file, and one of all files in `seeds/`, which the annotations count lines of."""
    found = {name: hashlib.sha256((GOLD / name).read_bytes()).hexdigest() for name in FILES}
    seeds = hashlib.sha256()
    for path in sorted(p for p in SEEDS.rglob("*") if p.is_file() and p.name != "README.md"):
        seeds.update(path.relative_to(SEEDS).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return {**found, "seeds": seeds.hexdigest()}


def read_floors() -> dict[str, Any]:
    """What the gate holds: {"digests": ..., "floors": {"seeds": ..., "sentences": ...}}."""
    if not FLOORS.exists():
        return {"digests": {}, "floors": {}}
    return dict(json.loads(FLOORS.read_text(encoding="utf-8")))


def write_floors(kept: Mapping[str, Any]) -> None:
    """Stores digests and floors."""
    FLOORS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def raised(floors: Mapping[str, Figures], figures: Mapping[str, Figures]) -> dict[str, Figures]:
    """The floors, each lifted to its figure where that is higher (rounded down); none sinks, none goes."""
    out = {part: dict(of_part) for part, of_part in floors.items()}
    for part, of_part in figures.items():
        for name, value in of_part.items():
            floor = math.floor(value * 10**DECIMALS + 1e-9) / 10**DECIMALS
            out.setdefault(part, {})[name] = max(floor, out.get(part, {}).get(name, 0.0))
    return out


def below(floors: Mapping[str, Figures], figures: Mapping[str, Figures]) -> list[str]:
    """A line for every figure that is missing or lies below its floor."""
    return [
        f"{part} {name}: {figures.get(part, {}).get(name, 0.0):.4f} is below its floor of {floor:.3f}"
        for part, of_part in floors.items()
        for name, floor in of_part.items()
        if figures.get(part, {}).get(name, 0.0) < floor - 1e-9
    ]


def main() -> None:
    """Prints the figures; with --raise or --pin stores floors or digests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list every error")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--raise", dest="lift", action="store_true", help="raise the floors to the figures")
    parser.add_argument("--pin", action="store_true", help="record the digests of changed gold")
    options = parser.parse_args()
    kept = read_floors()
    if options.pin:
        write_floors({**kept, "digests": digests()})
        return
    if options.lift and kept["digests"] != digests():
        parser.error("the gold differs from its digests: look at the change, then record it with --pin")
    figures, errors = measure()
    if options.errors:
        print("\n".join(errors))
    if options.json:
        print(json.dumps(figures))
    else:
        for part, of_part in figures.items():
            floors = kept["floors"].get(part, {})
            for name, value in of_part.items():
                print(f"{part:10} {name:18} {value:6.3f}   floor {floors.get(name, 0.0):.3f}")
    if options.lift:
        write_floors({**kept, "floors": raised(kept["floors"], figures)})


if __name__ == "__main__":
    main()
