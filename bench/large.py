"""Figures of scale that need no parsing: folders of many files, a corpus of many articles, a million events."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from bench.workload import A_WHILE_AGO, write_pages
from tasks.contracts.ledger import LEDGER
from tasks.contracts.settings import Settings
from tasks.contracts.tables import DERIVED, INCIDENT_MENTIONS, Table
from tasks.logic import current_logic
from tasks.run import make_plan
from tasks.scan import list_inputs
from tasks.store import SEGMENTED, STORED, Change, Derived, Store, write_ref

SEED = 20230615
DAYS_APART = 9  # more than the longest window in which two copies of one event could be taken for one
SETTINGS = Settings()


def shortest(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest of some rounds, in seconds: what the work takes where nothing else disturbs it."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def no_change_decision(files: int) -> float:
    """Seconds to decide that none of so many files has changed."""
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        seeds, store = Path(folder) / "seeds", Store(Path(folder) / "out")
        write_pages(["x"] * files, seeds)
        logic = current_logic(SETTINGS)
        items = list_inputs(seeds, settle_seconds=0)
        size = len(items)
        columns = {
            "source_path": list(items),
            "stamp": list(items.values()),
            "content_hash": ["0" * 32] * size,
            "articles": [1] * size,
            "rejects": [0] * size,
            "clean_logic": [logic.clean] * size,
            "extract_logic": [logic.extract] * size,
        }
        ledger = pa.table(columns, schema=LEDGER.schema)
        empty = {name: table.schema.empty_table() for name, table in SEGMENTED.items()}
        store.begin(rebuild=False)
        store.commit(Change(removed=frozenset(), added=empty | {LEDGER.name: ledger}), keep=1)

        def decide() -> None:
            if not make_plan(seeds, store, logic=logic, settings=SETTINGS).nothing:
                raise AssertionError("nothing has changed")

        return shortest(decide)


def no_change_process(*, api_url: str | None, rounds: int = 3) -> tuple[float, list[str]]:
    """Seconds of a whole `dateline run` that finds nothing to do, and which of the slow libraries it imported."""
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        seeds, outputs = write_pages(["Rebels seized the town of Bria on Friday."] * 3, Path(folder) / "seeds"), "out"
        program = [sys.executable, "-c", "from flows.cli import main; main()"]
        traced = [sys.executable, "-X", "importtime", *program[1:]]
        arguments = ["run", "--seeds", str(seeds), "--outputs", f"{folder}/{outputs}"]
        environ = {**os.environ, "PREFECT_API_URL": api_url} if api_url else dict(os.environ)

        def run(command: list[str]) -> str:
            done = subprocess.run([*command, *arguments], env=environ, capture_output=True, text=True, check=True)
            return done.stderr

        run(program)
        seconds = shortest(lambda: run(program), rounds)
        lines = (line for line in run(traced).splitlines() if line.startswith("import time"))
        names = {line.rsplit("|", 1)[-1].strip() for line in lines}
        return seconds, sorted(names & {"spacy", "great_expectations", "pandas"})


def run_command(seeds: Path, outputs: Path) -> float:
    """Seconds of a whole `dateline run` with a temporary server."""
    program = "from flows.cli import main; main()"
    command = [sys.executable, "-c", program, "run", "--seeds", str(seeds), "--outputs", str(outputs)]
    environ = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    start = time.perf_counter()
    subprocess.run(command, env=environ, capture_output=True, check=True)
    return time.perf_counter() - start


def million_events(outputs: Path) -> tuple[float, float]:
    """Seconds to write a million events made from those in `outputs`, and to check them, each table in one piece."""
    store = Store(outputs)
    events, articles, sentences = (store.read(t) for t in ("events", "articles", "sentences"))
    times = 1 + 1_000_000 // events.num_rows

    def copies(name: str, rows: pa.Table) -> pa.Table:
        return pa.concat_tables([_copy(SEGMENTED[name], rows, n) for n in range(times)]).combine_chunks()

    many = copies("events", events).slice(0, 1_000_000)
    every_article, every_sentence = copies("articles", articles), copies("sentences", sentences)
    from expectations.check import check_table

    check_table("events", events, articles=articles, sentences=sentences)
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        written = shortest(lambda: write_ref(SEGMENTED["events"], many, folder, "events.parquet"), 2)
    checked = shortest(lambda: check_table("events", many, articles=every_article, sentences=every_sentence), 2)
    return written, checked


def enlarge(outputs: Path, into: Path, seeds: Path, *, articles: int) -> None:
    """A corpus of so many articles, made of a small one: other keys, other days, other fingerprints.

    `seeds` gains a file for each of its own, as the ledger has them, so that a run finds them unchanged.
    """
    source, store = Store(outputs), Store(into)
    rows = {table: source.read(table) for table in (*SEGMENTED, *(t.name for t in DERIVED))}
    chance = random.Random(SEED)
    numbers = range(articles // rows["articles"].num_rows)
    many = {
        name: pa.concat_tables([_copy(STORED[name], t, n, chance=chance) for n in numbers]) for name, t in rows.items()
    }
    ledger = many[LEDGER.name]
    stamps = pa.array(write_inputs(ledger["source_path"].to_pylist(), seeds), pa.string())
    many[LEDGER.name] = ledger.set_column(1, LEDGER.schema.field("stamp"), stamps)
    files = dict(
        zip(many["articles"]["article_key"].to_pylist(), many["articles"]["source_path"].to_pylist(), strict=True)
    )
    mentions = many[INCIDENT_MENTIONS.name]
    homes = {
        i: files[k]
        for i, k in zip(mentions["incident_id"].to_pylist(), mentions["article_key"].to_pylist(), strict=True)
    }
    derived = Derived(removed=None, added={t.name: many[t.name] for t in DERIVED}, homes=homes)
    store.begin(rebuild=False)
    store.commit(Change(removed=frozenset(), added={n: many[n] for n in SEGMENTED}, derived=derived), keep=1)


def write_inputs(paths: list[str], seeds: Path) -> list[str]:
    """Files at these paths, and the stamps that they are listed with."""
    for path in paths:
        file = seeds / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")
        os.utime(file, (A_WHILE_AGO, A_WHILE_AGO))
    listed = list_inputs(seeds, settle_seconds=0)
    return [listed[path] for path in paths]


def _copy(table: Table, rows: pa.Table, number: int, chance: random.Random | None = None) -> pa.Table:
    """The rows as those of other articles."""
    if number == 0 and chance is None:
        return rows
    for at, field in enumerate(table.schema):
        values = rows.column(field.name)
        if field.name in ("article_key", "source_path", "duplicate_of", "event_id", "incident_id", "matched_event_id"):
            values = pc.binary_join_element_wise(values, f"{number:05d}", ".")
        elif pa.types.is_date(field.type):
            values = pc.add(values.cast(pa.int32()), pa.scalar(number * DAYS_APART, pa.int32())).cast(pa.date32())
        elif field.name == "digest":
            values = pc.binary_replace_slice(values, 0, 5, f"{number:05d}")
        elif field.name == "sketch" and chance is not None:
            values = pa.array([chance.randbytes(len(v)) for v in values.to_pylist()], pa.binary())
        rows = rows.set_column(at, field, values)
    return rows
