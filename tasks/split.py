"""Stage 3, split: articles to sentences."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.refs import Ref
from tasks.contracts.settings import Settings
from tasks.contracts.stages import SPANS, Batch, Cleaned
from tasks.store import read_ref, write_ref
from tasks.workers import Lost, about_words, workers_for
from tasks.workshop import split_texts


@task(task_run_name="split {batch}", cache_policy=NO_CACHE, persist_result=False)
def split(cleaned: Cleaned, batch: Batch, *, settings: Settings) -> Ref:
    """Finds every sentence of the batch's articles: paragraphs first, then the sentences in them.

    An article that cannot be split has none.
    """
    articles = read_ref(cleaned.articles)
    keys, texts = articles["article_key"].to_pylist(), articles["text"].to_pylist()
    split = workers_for(settings).do(split_texts, texts, words=[about_words(len(t)) for t in texts], first=True)
    rows = [
        (key, number, start, end)
        for key, found in zip(keys, split, strict=True)
        if not isinstance(found, Lost)
        for number, (start, end) in enumerate(found)
    ]
    return write_ref(SPANS, SPANS.build_rows(rows), batch.folder, "spans.parquet")
