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
from collections.abc import Mapping
from gzip import decompress
from pathlib import Path
from typing import Any

from bench.coder import code, read_articles, read_records
from bench.matching import Figures, plain
from bench.scoring import GoldPage, Row, score_pages, score_sentences

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "tests" / "gold"
FLOORS = GOLD / "floors.json"
FILES = ("seeds_articles.jsonl", "seeds_events.jsonl", "sentences.jsonl")
DECIMALS = 3


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


def gold_sentences(gold: Path = GOLD) -> list[dict[str, Any]]:
    """The annotated sentences."""
    return read_jsonl(gold / FILES[2])


def measure() -> tuple[dict[str, Figures], list[str]]:
    """All figures on the project's own gold ("seeds" and "sentences"), and a line for every error."""
    rows, pages = gold_sentences(), gold_pages()
    articles = read_articles(SEEDS)
    coded = code([*read_records(rows), *articles])
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
