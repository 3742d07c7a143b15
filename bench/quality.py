"""How good Dateline is: one table of all figures, beside those of what a user would write instead.

    python -m bench.quality [--only SET ...] [--shared FOLDER] [--json]

The project's own gold is always measured; the corpora of `../shared` where that folder stands beside the project.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from bench import gold
from bench.corpora import SETS, SHARED, Corpora, Missing
from bench.matching import Figures

# Measured with the same model and the same scorers: a loop of ten lines over spaCy's parse, textacy's
# subject-verb-object triples; for pages and sentences the ways that are named in PEER_NOTES.
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

SHOWN: dict[str, tuple[str, ...]] = {
    "five pages": (
        "trigger_precision",
        "trigger_recall",
        "trigger_f1",
        "event_f1",
        "actor_accuracy",
        "target_accuracy",
        "date_accuracy",
        "location_accuracy",
        "outside_the_article",
    ),
    "meantime": (
        "trigger_recall",
        "actor_f1",
        "target_f1",
        "location_f1",
        "tuple_recall",
        "date_accuracy",
        "date_other",
    ),
    "qasrl": ("trigger_recall", "actor_f1", "target_f1", "tuple_recall"),
    "plover": (
        "type_recall",
        "typed_actor_recall",
        "typed_target_recall",
        "typed_actor_country_recall",
        "typed_target_country_recall",
    ),
    "place": ("location_precision", "location_recall", "location_f1"),
    "sentence ends": ("precision", "recall", "f1"),
    "pasted pages": ("precision", "recall", "f1"),
    "HTML pages": ("precision", "recall", "f1"),
}
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
    return figures, skipped


def table(figures: dict[str, Figures], skipped: dict[str, str]) -> str:
    """The figures as aligned text."""
    rows = [("set", "figure", "Dateline", "spaCy", "textacy or other", "floor")]
    floors = gold.read_floors()["floors"]
    parts = {shown: part for part, shown in OWN.items()}
    for name, found in figures.items():
        for figure in SHOWN.get(name, tuple(found)):
            if figure not in found:
                continue
            plain, other = PEERS.get(name, {}).get(figure, ("-", "-"))
            floor = floors.get(parts.get(name, ""), {}).get(figure)
            value = found[figure]
            shown = f"{value:.3f}" if figure != "outside_the_article" else f"{value:.0f}"
            rows.append((name, figure, shown, plain, other, "-" if floor is None else f"{floor:.3f}"))
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(r, widths, strict=True)).rstrip() for r in rows]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines + [f"{name}: skipped, {why}" for name, why in skipped.items()])


def main() -> int:
    """Prints the table; 1 where a figure on the project's own gold lies below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], choices=[*SETS, *OWN.values()], metavar="SET")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with gold, score and seeds")
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    options = parser.parse_args()
    figures, skipped = measure(Corpora(options.shared.resolve()), options.only)
    print(json.dumps(figures) if options.json else table(figures, skipped))
    own = {part: figures[name] for part, name in OWN.items() if name in figures}
    failures = gold.below({p: f for p, f in gold.read_floors()["floors"].items() if p in own}, own)
    print("\n".join(failures), file=sys.stderr, end="\n" if failures else "")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
