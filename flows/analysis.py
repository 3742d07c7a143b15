"""What the analyst's commands do: read the tables, call `tasks.analyst`, print or write."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.table import Table as Grid
from rich.text import Text

from flows.reading import console_of, printable
from tasks.analyst.dictionary import ColumnFacts, describe, example_rows, to_markdown
from tasks.analyst.diff import CAME, CHANGED, OF_THE_FILE, EventChange, count_causes, diff_events
from tasks.analyst.exports import FORMATS, export
from tasks.analyst.report import News, ReportTables, to_html
from tasks.analyst.select import Choice, choose
from tasks.analyst.sql import query
from tasks.analyst.suggest import suggest, to_csv
from tasks.contracts.codes import EVENT_TYPES
from tasks.contracts.errors import UsageFault
from tasks.contracts.tables import TABLES
from tasks.lexicon.vocabulary import ACTORS, PLACES, ActorRow, PlaceRow, add_to, read_vocabulary, words_of
from tasks.run import vocabulary_of
from tasks.storage.folder import Address
from tasks.store import Store, StoreError, Version

CELL = 60  # characters of a value in a grid
MEANING = 300
QUALITY = Path(__file__).parents[1] / "docs" / "quality.json"  # by `python -m bench.quality --write`


def print_schema(table: str | None, *, markdown: bool) -> None:
    """A table's columns, the list of tables, or the whole dictionary as Markdown."""
    console = console_of()
    if markdown:
        sys.stdout.write(dictionary())
    elif table is None:
        for t in TABLES.values():
            console.print(f"{t.name:18} {t.description}", markup=False)
    elif table not in TABLES:
        raise UsageFault(f"{table}: no such table; there are {', '.join(TABLES)}")
    else:
        quality = _quality()
        facts = describe(TABLES[table], example=example_rows().get(table), figures=quality.get("figures"))
        rows = [
            {
                "column": f.name,
                "type": f.arrow,
                "meaning": f.description
                + (f" Null: {f.null}." if f.null != "never" else "")
                + (f" Measured: {f.quality}." if f.quality else ""),
                "example": f.example,
            }
            for f in facts
        ]
        console.print(TABLES[table].description, markup=False)
        console.print(_grid(rows, most=MEANING))
        console.print()
        console.print(_grid(_types_of(facts)))
        if any(f.quality for f in facts):
            console.print(f"Measured {quality['measured']}.", markup=False)


def dictionary() -> str:
    """The data dictionary as Markdown, with the measured figures where they are at hand."""
    quality = _quality()
    return to_markdown(
        TABLES.values(), examples=example_rows(), figures=quality.get("figures"), measured=quality.get("measured")
    )


def _types_of(facts: Sequence[ColumnFacts]) -> list[dict[str, str]]:
    """What the readers call the types of the columns; pandas has another one for whole numbers with nulls."""
    found = {}
    for f in facts:
        name = f"{f.arrow}, nulls" if f.arrow.startswith("int") and f.null != "never" else f.arrow
        t = f.types
        found[name] = {"type": name, "pandas": t.pandas, "DuckDB": t.duckdb, "Polars": t.polars, "R": t.r}
    return list(found.values())


def _quality() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(QUALITY.read_text(encoding="utf-8")) if QUALITY.exists() else {}
    return found


def print_query(statement: str, *, outputs: Address, form: str) -> None:
    """The rows that the statement gives: as a grid, CSV or JSON lines."""
    version = _current(outputs)
    tables = {name: version.dataset(name) for name in TABLES}
    found = query(statement, tables=tables)
    if form == "csv":
        import pyarrow.csv

        pyarrow.csv.write_csv(_flat(found), sys.stdout.buffer)
    elif form == "jsonl":
        for row in found.to_pylist():
            sys.stdout.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")
    else:
        console = console_of()
        console.print(_grid(found.to_pylist(), found.column_names))
        console.print(_count(found.num_rows, "row"))


def write_export(
    out: Path,
    *,
    form: str,
    first: str | None,
    last: str | None,
    types: Sequence[str],
    countries: Sequence[str],
    actor: str | None,
    outputs: Address,
) -> None:
    """Writes the chosen events to `out`, whole or not at all."""
    if form not in FORMATS:
        raise UsageFault(f"--format {form}: must be one of {', '.join(FORMATS)}")
    choice = Choice(
        first=_day("--from", first),
        last=_day("--to", last),
        types=_types(types),
        countries=[_country(c) for c in countries],
        actor=actor,
    )
    version = _current(outputs)
    events = choose(version.read("events"), choice=choice)
    written = BytesIO()
    export(events, written, form=form, articles=version.read("articles"))
    _write(out, written.getvalue())
    console_of().print(f"{_count(events.num_rows, 'event')} to {printable(str(out))}", markup=False, soft_wrap=True)


def print_files(table: str | None, *, outputs: Address) -> None:
    """The addresses of a table's files in the current version, or of all tables', one a line."""
    if table is not None and table not in TABLES:
        raise UsageFault(f"{table}: no such table; there are {', '.join(TABLES)}")
    version = _current(outputs)
    for name in [table] if table is not None else TABLES:
        for part in version.parts_of(name):
            sys.stdout.write(f"{version.address(part)}\n")


def print_versions(outputs: Address) -> None:
    """The versions that are kept, with their rows; the published one is marked."""
    store = Store(outputs)
    current = store.current()
    rows = []
    for number in store.numbers():
        version = store.version(number)
        counts = {name: f"{version.rows(name):,}" for name in ("articles", "events", "rejects")}
        mark = "current" if current is not None and number == current.number else ""
        rows.append({"version": number, **counts, "": mark})
    if not rows:
        raise StoreError(f"{outputs}: no tables yet; run `dateline run` first")
    console_of().print(_grid(rows))


def print_diff(old: int | None, new: int | None, *, outputs: Address, most: int) -> None:
    """Which events came, went or changed from one version to another, and because of which article or rule."""
    store = Store(outputs)
    later = store.version(new) if new is not None else _current(outputs)
    if old is None:
        before = [n for n in store.numbers() if n < later.number]
        if not before:
            raise UsageFault(f"version {later.number} is the first that is kept: nothing to compare it with")
        old = before[-1]
    earlier = store.version(old)
    changes = _changes(earlier, later)
    console = console_of()
    told = "1 event differs" if len(changes) == 1 else f"{len(changes):,} events differ"
    console.print(f"version {earlier.number} to {later.number}: {told}")
    for kind, cause, n in count_causes(changes):
        console.print(f"  {n:,} {kind}: {cause}")
    for change in changes[:most]:
        console.print(_change_line(change), soft_wrap=True)
    if len(changes) > most:
        console.print(f"... and {len(changes) - most:,} more; see --most")


def restore(number: int, *, outputs: Address) -> None:
    """Makes a kept version the current one again."""
    store = Store(outputs)
    with store.lock():
        version = store.restore(number)
    console_of().print(f"version {version.number} is the current one again; the next run brings it up to date")


def print_suggestions(*, seeds: Address, outputs: Address, most: int) -> None:
    """What to add to the vocabularies first, as rows to be filled in."""
    from tasks.lexicon.reader import load_lexicon

    mine = read_vocabulary(vocabulary_of(seeds))
    lexicon = add_to(load_lexicon(), mine)
    named = {ACTORS: _names(mine.actors), PLACES: _names(mine.places)}

    def is_known(file: str, entry: str) -> bool:
        if file in named:
            return words_of(entry) in named[file]
        return bool(lexicon.verb_rows(entry) or lexicon.event_noun(entry))

    found = suggest(_current(outputs).read("events"), is_known=is_known, most=most)
    text = to_csv(found) or "# nothing: every actor, verb and place is known\n"
    console_of().print(printable(text), end="", markup=False, soft_wrap=True)


def _names(rows: Sequence[ActorRow] | Sequence[PlaceRow]) -> set[str]:
    return {words_of(name) for row in rows for name in row.names}


def write_report(out: Path, *, outputs: Address) -> None:
    """Writes the report of the current version to `out`, whole or not at all."""
    version = _current(outputs)
    tables = ReportTables(
        version=version.number,
        events=version.read("events"),
        articles=version.read("articles"),
        sentences=version.read("sentences", ["outcome"]),
        rejects=version.read("rejects", ["reason"]),
        mentions=version.read("incident_mentions", ["incident_id", "event_id"]),
        news=_news(Store(outputs), version),
    )
    page = to_html(tables).encode()
    _write(out, page)
    told = f"{_count(tables.events.num_rows, 'event')} in {printable(str(out))}"
    console_of().print(
        f"{told} ({len(page) / 1e6:.1f} MB): open it in a browser",
        markup=False,
        soft_wrap=True,
    )


def write_figures(folder: Path, *, outputs: Address) -> None:
    """Writes each figure of the current version as PNG and SVG."""
    from tasks.analyst.figures import figures, render

    for name, figure in figures(_current(outputs).read("events")).items():
        for suffix, data in render(figure).items():
            _write(folder / f"{name}.{suffix}", data)
        console_of().print(f"{printable(str(folder / name))}.png, .svg", markup=False, soft_wrap=True)


def _news(store: Store, version: Version) -> News | None:
    """What is new since the version before, where that is kept."""
    before = [n for n in store.numbers() if n < version.number]
    if not before:
        return None
    changes = _changes(store.version(before[-1]), version)
    came = [c.event["event_id"] for c in changes if c.kind == CAME]
    return News(since=before[-1], causes=count_causes(changes), ids=came)


def _changes(earlier: Version, later: Version) -> list[EventChange]:
    return diff_events(
        earlier.read("events"),
        later.read("events"),
        old_ledger=earlier.read("ledger"),
        new_ledger=later.read("ledger"),
    )


def _current(outputs: Address) -> Version:
    version = Store(outputs).current()
    if version is None:
        raise StoreError(f"{outputs}: no tables yet; run `dateline run` first")
    return version


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _flat(table: pa.Table) -> pa.Table:
    """Lists as texts, which CSV can hold."""
    columns = [
        pa.array([None if v is None else "; ".join(map(str, v)) for v in c.to_pylist()], pa.string())
        if pa.types.is_list(c.type)
        else c
        for c in table.columns
    ]
    return pa.Table.from_arrays(columns, names=table.column_names)


def _types(names: Sequence[str]) -> list[str]:
    for name in names:
        if name.upper() not in EVENT_TYPES:
            raise UsageFault(f"--type {name}: must be one of {', '.join(EVENT_TYPES)}")
    return [name.upper() for name in names]


def _country(code: str) -> str:
    if len(code) != 3 or not code.isalpha():
        raise UsageFault(f"--country {code}: write it as an ISO 3166 alpha-3 code, such as ARM")
    return code.upper()


def _day(option: str, text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageFault(f"{option} {text}: not a day; write it as 2022-09-13") from None


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise UsageFault(f"{path}: cannot be written ({error.strerror})") from None


def _change_line(change: EventChange) -> Text:
    event = change.event
    sign, style = {"came": ("+", "green"), "went": ("-", "red")}.get(change.kind, ("~", "yellow"))
    line = Text(f"{sign} {event['event_id']} ", style=style)
    who = " ".join(str(event[c]) for c in ("date", "actor", "action", "target") if event[c] is not None)
    line.append(printable(who))
    line.append(printable(f" ({change.cause}: {event['source_path']})"), style="dim")
    for name, before, after in change.fields:
        line.append(printable(f"\n    {name}: {_or_null(before)} -> {_or_null(after)}"))
    if change.kind != CHANGED and change.cause not in OF_THE_FILE:
        line.append(printable(f"\n    rule: {event['rule']}"))
    return line


def _or_null(value: Any) -> str:
    return "null" if value is None else str(value)


def _grid(rows: Sequence[dict[str, Any]], columns: Sequence[str] | None = None, *, most: int = CELL) -> Grid:
    names = list(columns if columns is not None else rows[0])
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        grid.add_column(printable(name), overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_short(row[c], most)) for c in names))
    return grid


def _short(value: Any, most: int = CELL) -> str:
    if value is None:
        return ""
    text = printable("; ".join(map(str, value)) if isinstance(value, list) else str(value)).replace("\n", " ")
    return text if len(text) <= most else text[: most - 1] + "…"
