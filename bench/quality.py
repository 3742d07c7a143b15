"""How good Dateline is: one table of all figures, beside those of what a user would write instead.

    python -m bench.quality [--only SET ...] [--shared FOLDER] [--json] [--write]

The project's own gold is always measured; the corpora of `../shared` where that folder stands beside the project.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path

from bench import gold
from bench.corpora import SETS, SHARED, Corpora, Missing
from bench.matching import Figures
from bench.run import one_worker_ratio
from flows.analysis import QUALITY, dictionary
from tasks.contracts.settings import Settings
from tasks.logic import current_logic

# Measured with the same model and the same scorers: a loop of ten lines over spaCy's parse, textacy's
# subject-verb-object triples; for pages and sentences the ways named with the figure.
PEERS: dict[str, dict[str, tuple[str, str]]] = {
    "five pages": {"trigger_f1": (".44", "-"), "event_f1": (".36", "-"), "date_accuracy": (".05", "-")},
    "meantime": {
        "trigger_recall": (".28", ".37"),
        "actor_f1": (".52", ".63"),
        "target_f1": (".39", ".40"),
        "date_other": (".00", ".00"),
    },
    "qasrl": {
        "trigger_recall": (".22", ".32"),
        "actor_f1": (".34", ".44"),
        "target_f1": (".36", ".42"),
        "tuple_recall": (".25", ".32"),
    },
    "place": {"location_f1": (".30", ".33")},
    "plover": {"type_recall": ("0", "0")},
    "sentence ends": {"f1": (".83", "pySBD .90")},
    "pasted pages": {"f1": ("keep all .57", "long lines .72")},
    "HTML pages": {"f1": ("-", "trafilatura .93")},
}

# The figures shown of each set, with the least that development asks of them (None: shown only).
SHOWN: dict[str, dict[str, float | None]] = {
    "five pages": {
        "trigger_precision": None,
        "trigger_recall": None,
        "trigger_f1": 0.88,
        "event_f1": 0.82,
        "actor_accuracy": None,
        "target_accuracy": None,
        "date_accuracy": 0.90,
        "location_accuracy": None,
        "outside_the_article": None,
    },
    "meantime": {
        "trigger_recall": 0.84,
        "actor_f1": 0.85,
        "target_f1": 0.74,
        "location_f1": 0.45,
        "tuple_recall": 0.75,
        "date_accuracy": 0.85,
        "date_other": 0.60,
    },
    "qasrl": {"trigger_recall": 0.94, "actor_f1": 0.84, "target_f1": 0.80, "tuple_recall": 0.62},
    "plover": {
        "type_recall": 0.75,
        "typed_actor_recall": 0.68,
        "typed_target_recall": 0.60,
        "typed_actor_country_recall": 0.62,
        "typed_target_country_recall": None,
    },
    "place": {"location_precision": 0.65, "location_recall": None, "location_f1": 0.58},
    "sentence ends": {"precision": None, "recall": None, "f1": 0.93},
    "pasted pages": {"precision": None, "recall": None, "f1": 0.88},
    "HTML pages": {"precision": None, "recall": None, "f1": 0.94},
}
SPEED = "speed"
SLOWEST = 0.9  # processor time, one worker over a plain script; measured 1.09, and runs beside others vary by a tenth
OWN = {"sentences": "own sentences", "seeds": "own seeds"}


def measure(corpora: Corpora, only: list[str]) -> tuple[dict[str, Figures], dict[str, str]]:
    """The figures by set, and why a set has none."""
    figures: dict[str, Figures] = {}
    skipped: dict[str, str] = {}
    for name, score in SETS.items():
        if only and name not in only:
            continue
        started = time.perf_counter()
        try:
            figures[name] = score(corpora)
        except Missing as missing:
            skipped[name] = str(missing)
        print(f"{name}: {time.perf_counter() - started:.1f} s", file=sys.stderr)
    if not only or set(only) & set(OWN.values()):
        own, _ = gold.measure()
        figures |= {OWN[part]: of_part for part, of_part in own.items()}
    if not only or SPEED in only:
        figures[SPEED] = {"one_worker": one_worker_ratio()}
    return figures, skipped


def floors_of(figures: dict[str, Figures]) -> dict[str, Figures]:
    """The floors of the sets that were measured: those of the gate, and those of `SHOWN`."""
    held = gold.read_floors()["floors"]
    floors = {shown: held.get(part, {}) for part, shown in OWN.items()}
    for name, asked in SHOWN.items():
        floors[name] = {figure: floor for figure, floor in asked.items() if floor is not None}
    floors[SPEED] = {"one_worker": SLOWEST}
    return {name: floors[name] for name in figures}


def table(figures: dict[str, Figures], skipped: dict[str, str]) -> str:
    """The figures as aligned text."""
    rows = [("set", "figure", "Dateline", "floor", "spaCy", "textacy or other")]
    floors = floors_of(figures)
    for name, found in figures.items():
        for figure in SHOWN.get(name, dict.fromkeys(found)):
            if figure not in found:
                continue
            floor = floors[name].get(figure)
            value = f"{found[figure]:.3f}" if figure != "outside_the_article" else f"{found[figure]:.0f}"
            peers = PEERS.get(name, {}).get(figure, ("-", "-"))
            rows.append((name, figure, value, "-" if floor is None else f"{floor:.3f}", *peers))
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(r, widths, strict=True)).rstrip() for r in rows]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines + [f"{name}: skipped, {why}" for name, why in skipped.items()])


def write(figures: dict[str, Figures]) -> None:
    """Puts the figures, the day and the logic they belong to into the data dictionary."""
    logic = current_logic(Settings()).extract
    rounded = {name: {k: round(v, 4) for k, v in found.items()} for name, found in figures.items() if name != SPEED}
    page = {"measured": f"{date.today()}, logic {logic}", "figures": rounded}
    QUALITY.write_text(json.dumps(page, indent=1) + "\n", encoding="utf-8")
    QUALITY.with_name("tables.md").write_text(dictionary(), encoding="utf-8")


def main() -> int:
    """Prints the table; 1 where a figure lies below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], choices=[*SETS, *OWN.values(), SPEED], metavar="SET")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with gold, score and seeds")
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--write", action="store_true", help="put them into docs/quality.json and docs/tables.md")
    options = parser.parse_args()
    figures, skipped = measure(Corpora(options.shared.resolve()), options.only)
    print(json.dumps(figures) if options.json else table(figures, skipped))
    if options.write:
        if options.only or skipped:
            parser.error("--write: only all of the sets together; leave out --only, and see what was skipped")
        write(figures)
    failures = gold.below(floors_of(figures), figures)
    for line in failures:
        print(line, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
