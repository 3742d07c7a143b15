"""Reads the abbreviations that the sentence splitter knows."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

ABBREVIATION_KINDS = frozenset({"title", "number", "month", "prefix", "suffix", "end", "never", "name"})


@cache
def load_abbreviations() -> dict[str, str]:
    """Abbreviations as written, without the last full stop, and their kind; read once per process.

    title: a name follows ("Gen. Smith"). number: a number follows ("No. 5"). month: a day follows ("Oct. 3").
    prefix: the rest of a name follows ("St. Petersburg"). suffix: closes a name, within or at the end of a sentence
    ("Ltd."). end: often closes a sentence ("etc.", "p.m."). never: closes none ("vs."). name: ends in an
    exclamation mark ("Yahoo!").
    """
    source = files("tasks.lexicon") / "abbreviations.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    kinds = {row["abbreviation"]: row["kind"] for row in rows}
    wrong = sorted(a for a, kind in kinds.items() if kind not in ABBREVIATION_KINDS)
    if wrong:
        raise ValueError(f"abbreviations.csv: kind of {', '.join(wrong)} must be one of {sorted(ABBREVIATION_KINDS)}")
    return kinds
