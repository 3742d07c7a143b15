"""Figures on the annotated corpora that stand beside the project (`../shared`), by their own scorers."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from bench.coder import code, event_rows, read_articles, read_file, read_records, split
from bench.gold import read_jsonl
from bench.matching import Figures

SHARED = Path(__file__).resolve().parents[2] / "shared"
TEXT_CORPORA = ("meantime", "qasrl", "plover", "place")


class Missing(Exception):
    """The corpus or its scorer is not there; the message says what was looked for."""


@dataclass(frozen=True)
class Corpora:
    """The folder that holds `gold`, `score` and `seeds`."""

    folder: Path = SHARED

    def gold(self, name: str) -> Path:
        """The path of a gold file. Raises Missing."""
        return self._there(self.folder / "gold" / name)

    def scorer(self, name: str) -> ModuleType:
        """A scorer as a module. Raises Missing."""
        path = self._there(self.folder / "score" / f"{name}.py")
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise Missing(f"{path} is no Python module")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    def seeds(self) -> Path:
        """The folder of the five pages. Raises Missing."""
        return self._there(self.folder / "seeds")

    @staticmethod
    def _there(path: Path) -> Path:
        if not path.exists():
            raise Missing(f"{path} is not there")
        return path


def score_five_pages(corpora: Corpora) -> Figures:
    """The five pages, from the pasted page to the events."""
    scorer, seeds = corpora.scorer("score_seeds"), corpora.seeds()
    gold = corpora.gold("seeds_sentences.jsonl").parent
    rows = event_rows(code(read_articles(seeds)))
    report, _, wrong = scorer.score(rows, seeds, gold)
    outside = sum(why != "not an event of this sentence" for why, _ in wrong)
    return {**_numbers(report), "outside_the_article": float(outside)}


def score_corpus(name: str, corpora: Corpora) -> Figures:
    """One corpus of annotated texts, extraction alone."""
    scorer, gold = corpora.scorer("score_corpus"), read_jsonl(corpora.gold(f"{name}_dev.jsonl"))
    return _numbers(scorer.score(gold, event_rows(code(read_records(gold)))))


def score_sentence_ends(corpora: Corpora) -> Figures:
    """Where sentences end."""
    scorer, path = corpora.scorer("score_sentences"), corpora.gold("sentences_dev.jsonl")
    articles = read_records({**record, "published": None} for record in read_jsonl(path))
    rows = [asdict(sentence) for article in articles for sentence in split(article)]
    return _printed(scorer, path, rows)


def score_cleaning(kind: str, corpora: Corpora) -> Figures:
    """How well the article is found in real pages; `kind` is txt (pasted) or html."""
    scorer, path = corpora.scorer("score_cleaning"), corpora.gold("pages_dev.jsonl")
    field = {"txt": "pasted", "html": "html"}[kind]
    records = [r for r in read_jsonl(path) if r.get(field)]
    texts = [[a.text for a in read_file(f"{r['id']}.{kind}", r[field].encode())] for r in records]
    pairs = [("\n".join(text), r["gold_text"]) for text, r in zip(texts, records, strict=True)]
    scores = [scorer.prf(got, want) for got, want in pairs]
    return {name: sum(s[i] for s in scores) / len(scores) for i, name in enumerate(("precision", "recall", "f1"))}


def _printed(scorer: ModuleType, gold: Path, rows: list[dict[str, Any]]) -> Figures:
    """What a scorer's `score` command prints: lines of a name and a number."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "rows.parquet"
        pd.DataFrame(rows).to_parquet(table)
        output, argv = io.StringIO(), sys.argv
        sys.argv = [scorer.__name__, "score", str(gold), str(table)]
        try:
            with contextlib.redirect_stdout(output):
                scorer.main()
        finally:
            sys.argv = argv
    pairs = (line.rsplit(None, 1) for line in output.getvalue().splitlines() if line.strip())
    return {name.strip(): float(value) for name, value in pairs}


def _numbers(report: dict[str, Any]) -> Figures:
    return {name: float(value) for name, value in report.items() if value is not None}


SETS: dict[str, Callable[[Corpora], Figures]] = {
    "five pages": score_five_pages,
    **{name: (lambda corpora, name=name: score_corpus(name, corpora)) for name in TEXT_CORPORA},  # type: ignore[misc]
    "sentence ends": score_sentence_ends,
    "pasted pages": lambda corpora: score_cleaning("txt", corpora),
    "HTML pages": lambda corpora: score_cleaning("html", corpora),
}
