"""Stage 3, split: articles to sentences."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.records import Sentence
from tasks.contracts.refs import Ref
from tasks.contracts.stages import SPANS, Batch, Cleaned
from tasks.store import read_ref, write_ref
from tasks.text.sentences import split_sentences


@task(task_run_name="split {batch}", cache_policy=NO_CACHE, persist_result=False)
def split(cleaned: Cleaned, batch: Batch) -> Ref:
    """Finds every sentence of the batch's articles: paragraphs first, then the sentences in them."""
    articles = read_ref(cleaned.articles)
    spans = [
        Sentence(article_key=key, sentence_index=i, start=start, end=end, text=text[start:end])
        for key, text in zip(articles["article_key"].to_pylist(), articles["text"].to_pylist(), strict=True)
        for i, (start, end) in enumerate(split_sentences(text))
    ]
    return write_ref(SPANS, SPANS.build(spans), batch.folder, "spans.parquet")
