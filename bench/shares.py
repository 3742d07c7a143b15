"""What share of the time each part takes, measured in processor time within one process, set up as a worker is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from unittest import mock

from bench.coder import SETTINGS, read_file, split
from tasks.collector import rarely_collected
from tasks.nlp import extract
from tasks.nlp.model import BATCH_DOCS, load_model, parsed

PARTS = {"dates": ("read_dates", "date_event"), "places": ("read_places", "place_event")}
Function = Callable[..., Any]


def extraction_shares(pages: Sequence[str]) -> dict[str, float]:
    """Processor seconds of parsing (as Dateline parses), of extraction, and of dates and places within it."""
    articles = [a for n, text in enumerate(pages) for a in read_file(f"{n}.txt", text.encode())]
    jobs = [(a, split(a)) for a in articles]
    nlp, knowledge = load_model(SETTINGS.model), extract.load_knowledge()
    spent: Counter[str] = Counter()
    timed = {f: _timed(getattr(extract, f), p, spent) for p, fs in PARTS.items() for f in fs}
    with rarely_collected(), mock.patch.multiple(extract, **timed):
        for k in range(0, len(jobs), BATCH_DOCS):
            batch = jobs[k : k + BATCH_DOCS]
            with parsed(nlp, [(a.text, s) for a, s in batch]) as parses:
                start = time.process_time()
                docs = list(parses)
                between = time.process_time()
                for (article, sentences), doc in zip(batch, docs, strict=True):
                    extract.extract_events(doc, article=article, sentences=sentences, knowledge=knowledge)
                spent["parse"] += between - start
                spent["extraction"] += time.process_time() - between
                del docs
    return dict(spent)


def _timed(function: Function, part: str, spent: Counter[str]) -> Function:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        start = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent[part] += time.process_time() - start

    return wrapped
