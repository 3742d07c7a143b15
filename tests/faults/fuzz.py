"""Mutated articles through everything that is pure: no exception, no hang, every offset within its text."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tasks.contracts.records import EVENT_FIELDS, Article, Event, Page
from tasks.contracts.settings import Settings
from tasks.nlp.model import load_model
from tasks.text.copies import fingerprint
from tasks.text.datephrases import find_date_phrases
from tasks.text.dateresolver import Anchor, resolve_phrase
from tasks.text.inputs import read_pages
from tasks.text.language import detect_language
from tasks.text.pages import CleanedPage, clean_page
from tasks.text.sentences import split_sentences
from tasks.workshop import Job, code_articles
from tests.faults import corpus, direct
from tests.faults.hostile import BODY, NEWS, RUNS
from tests.faults.sweep import Row

ROOT = Path(__file__).parents[2]
LONGEST = 1_200  # bytes of an article to mutate: it is the variety that counts
SECONDS = 2.0  # that one of them may take
LIMIT = Settings().max_file_bytes
PIECES = [
    *(run.encode() * 3 for run in RUNS.values()),
    *(b"\xff", b"\xed\xa0\x80", b"\0", b"\xe2\x80\xae", b"\x1b[31m", b"\r", b"\n\n", b"31 Feb", b"<p>", b"0000-00-00"),
    *(b"9999-12-31", b"on Friday", b"last year", b"in 1066", b'"', b"]]>", b"</script>", b"&#0;", b"&#x110000;"),
]


def articles() -> list[tuple[str, bytes]]:
    """What is mutated: the project's samples and the harness's own articles, cut; by their file's ending."""
    samples = [p for p in sorted((ROOT / "seeds").rglob("*")) if p.is_file() and p.name != "README.md"]
    found = [("".join(p.suffixes), p.read_bytes()) for p in samples]
    found += [(".txt", corpus.article(n)) for n in range(12)] + [(".txt", NEWS.encode()), (".txt", BODY.encode() * 4)]
    return [(suffix, data if suffix.endswith(".gz") else data[:LONGEST]) for suffix, data in found]


POSITION = st.floats(0, 1, exclude_max=True)
MUTATIONS = st.one_of(
    st.tuples(st.just("flip"), POSITION, st.integers(0, 7)),
    st.tuples(st.just("cut"), POSITION, st.integers(1, 400)),
    st.tuples(st.just("repeat"), POSITION, st.integers(1, 60)),
    st.tuples(st.just("insert"), POSITION, st.sampled_from(PIECES)),
    st.tuples(st.just("bytes"), POSITION, st.binary(min_size=1, max_size=6)),
    st.tuples(st.just("splice"), POSITION, st.integers(0, 1_000)),
    st.tuples(st.just("shuffle lines"), POSITION, st.integers(0, 1_000)),
)


def mutate(data: bytes, changes: list[tuple[str, float, object]], others: list[tuple[str, bytes]]) -> bytes:
    """The bytes after the changes, one after the other."""
    for kind, where, what in changes:
        at = int(where * len(data))
        if kind == "flip" and data:
            data = data[:at] + bytes([data[at] ^ 1 << int(str(what))]) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at] + data[at + int(str(what)) :]
        elif kind == "repeat":
            data = data[:at] + data[at : at + 40] * int(str(what)) + data[at:]
        elif kind in ("insert", "bytes") and isinstance(what, bytes):
            data = data[:at] + what + data[at:]
        elif kind == "splice":
            other = others[int(str(what)) % len(others)][1]
            data = data[:at] + other[int(where * len(other)) :]
        elif kind == "shuffle lines":
            lines = data.split(b"\n")
            random.Random(int(str(what))).shuffle(lines)
            data = b"\n".join(lines)
    return data


def whole_way(name: str, data: bytes) -> None:
    """Reads, cleans, splits, dates and codes the article; raises AssertionError where what comes out is not sound."""
    documents = read_pages(data, source_path=name, sidecar=None, max_bytes=LIMIT, day_first=True)
    assert documents, "neither a page nor a reject"
    for page in documents:
        if isinstance(page, Page) and isinstance(cleaned := clean_page(page), CleanedPage):
            code(cleaned.article)


def code(article: Article) -> None:
    """The part of the way that begins with a cleaned article."""
    text = article.text
    assert article.text.strip(), "an article without text"
    text.encode("utf-8")  # no lone surrogate has come through
    spans = split_sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans), "a sentence outside its text"
    assert all(a[1] <= b[0] for a, b in pairwise(spans)), "sentences overlap"
    detect_language(text)
    fingerprint(text, article_key=article.article_key)
    check_dates(text)
    coded = code_articles([Job(article, tuple(spans))], load_model(direct.STUB))[0]
    assert len(coded.outcomes) == len(spans), "a sentence without an outcome"
    for event in (Event(**dict(zip(EVENT_FIELDS, row, strict=True))) for row in zip(*coded.events, strict=True)):
        assert event.sentence == text[event.sentence_start : event.sentence_end], "an event points beside its sentence"
        assert event.sentence_start <= event.trigger_start < event.trigger_end <= event.sentence_end


def check_dates(text: str) -> None:
    """Every date phrase stands where it says and means days in their order, or none."""
    for phrase in find_date_phrases(text):
        assert text[phrase.start : phrase.end] == phrase.text, "a date phrase that is not in the text"
        for anchor in (Anchor(day=date(2024, 5, 6)), Anchor(day=None), Anchor(day=date(1, 1, 1)), Anchor(day=date.max)):
            period = resolve_phrase(phrase, anchor)
            assert period is None or period.first <= period.last, "a period that ends before it begins"


def mutated(numbers: list[int], lane: str) -> Row:
    """As many mutated articles as there are numbers, others in each lane, the same in each run."""
    row = Row("mutated articles through all pure functions (hypothesis)")
    base = articles()
    names = [f"article{suffix}" for suffix, _ in base]
    slowest = 0.0

    @seed(int(lane))
    @settings(
        max_examples=len(numbers),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, len(base) - 1), st.lists(MUTATIONS, min_size=1, max_size=6))
    def attempt(which: int, changes: list[tuple[str, float, object]]) -> None:
        nonlocal slowest
        row.tried += 1
        start = time.process_time()
        data = mutate(base[which][1], changes, base)
        try:
            whole_way(names[which], data)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error} on {names[which]} {data!r}") from error
        seconds = time.process_time() - start
        slowest = max(slowest, seconds)
        assert seconds < SECONDS, f"{seconds:.1f} s on {names[which]} {data!r}"

    run_and_note(attempt, row)
    row.note = f"slowest {slowest:.2f} s"
    return row


def run_and_note(attempt: Callable[[], None], row: Row) -> None:
    try:
        attempt()
    except AssertionError as error:
        row.fail(str(error))
