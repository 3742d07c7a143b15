"""What the command prints: a run's end, the state of the tables, a record, an explanation."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from tasks.analyst.marks import mark
from tasks.contracts.errors import UsageFault
from tasks.contracts.report import RunReport
from tasks.history import read_history
from tasks.nlp.incidents import LEFT_OUT
from tasks.run import logic_for, make_plan, settings_for, vocabulary_of
from tasks.storage.folder import Address, open_folder
from tasks.store import Store, StoreError

PREVIEW = ("date", "actor", "action", "target", "location", "event_type")
PREVIEW_ROWS = 5
PAGE_COLUMNS = 120
ROLE_STYLES = {  # how the parts of an event stand out in its sentence
    "actor": "bold blue",
    "action": "bold reverse",
    "target": "bold magenta",
    "place": "bold green",
    "date": "bold yellow",
}


def printable(text: str) -> str:
    """The text without anything that could command a terminal: control, bidi and other format characters become '?'."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else "?" for c in text
    )


def console_of() -> Console:
    """The terminal, or a page of 120 columns where the output goes elsewhere."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PAGE_COLUMNS)


def print_report(report: RunReport) -> None:
    """The end of a run: what it did, where the tables are, and some events."""
    console = console_of()
    store = Store(report.outputs)
    console.print(
        f"{report.new} new, {report.changed} changed, {report.gone} gone, {report.recoded} coded anew, "
        f"{report.unchanged} unchanged files"
    )
    console.print(f"articles {report.articles:,}   events {report.events:,}   rejects {report.rejects:,}")
    for reason, n in report.rejects_by_reason.items():
        console.print(f"  {n} rejected: {reason}")
    console.print(
        f"tables in {report.outputs} (version {report.version}): {open_folder(report.outputs).loading('events')}",
        highlight=False,
        soft_wrap=True,
    )
    version = store.current()
    newest = version.segments()[-1:] if version else []
    events = store.read("events", [*PREVIEW, "modality"], newest)
    kinds = zip(events["modality"].to_pylist(), events["event_type"].to_pylist(), strict=True)
    shown = [n for n, (modality, kind) in enumerate(kinds) if modality == "asserted" and kind not in LEFT_OUT]
    step = max(1, len(shown) // PREVIEW_ROWS)
    console.print(_grid([events.slice(n, 1).to_pylist()[0] for n in shown[::step][:PREVIEW_ROWS]], PREVIEW))


def print_status(*, seeds: Address, outputs: Address) -> None:
    """What a run would do now, what the last one did, and how many rows the tables hold."""
    console = console_of()
    store = Store(outputs)
    settings = settings_for(seeds)
    plan = make_plan(seeds, store, logic=logic_for(seeds, settings), settings=settings)
    version = store.current()
    console.print(f"version      {version.number if version else 'none yet'}")
    for name in ("articles", "events", "sentences", "dropped_lines", "rejects"):
        console.print(f"{name:12} {version.rows(name) if version else 0:,}")
    for label, items in (("new", plan.new), ("changed", plan.changed), ("old logic", (*plan.stale, *plan.from_text))):
        console.print(f"{label:12} {len(items):,}{_some([i.source_path for i in items])}", soft_wrap=True)
    console.print(f"{'gone':12} {len(plan.gone):,}{_some(plan.gone)}", soft_wrap=True)
    console.print(f"{'unchanged':12} {plan.unchanged:,}")
    runs = read_history(store.folder)
    console.print("last run     " + (f"{runs[-1]['ended']}, {runs[-1]['state']}" if runs else "none yet"))


def print_record(key: str, *, outputs: Address) -> None:
    """An event in its sentence, or an article with its events. Raises UsageFault where neither has this key."""
    console = console_of()
    store = Store(outputs)
    if store.current() is None:
        raise StoreError(f"{outputs}: no tables yet; run `dateline run` first")
    events = store.read("events")
    chosen = events.filter(pc.equal(events["event_id"], key)).to_pylist()
    if chosen:
        _print_event(console, chosen[0])
        return
    articles = store.read("articles")
    found = articles.filter(pc.equal(articles["article_key"], key)).to_pylist()
    if not found:
        raise UsageFault(f"{key}: neither an event_id nor an article_key of {outputs}; see `dateline status`")
    _print_article(console, found[0], events.filter(pc.equal(events["article_key"], key)).to_pylist())


def print_explanation(sentence: str, *, published: str | None, seeds: Address) -> None:
    """What is extracted from the sentence and why, or why nothing is."""
    day = _day(published)
    settings, vocabulary = settings_for(seeds), vocabulary_of(seeds)
    from tasks.nlp.explain import explain_sentence  # loads spaCy

    found = explain_sentence(sentence, published=day, settings=settings, vocabulary=vocabulary)
    console_of().print(printable(found), markup=False, soft_wrap=True)


def _print_event(console: Console, event: Mapping[str, Any]) -> None:
    sentence, at = event["sentence"], 0
    text, legend = Text(), Text()
    for m in mark(event):
        text.append(printable(sentence[at : m.start]))
        text.append(printable(sentence[m.start : m.end]), style=ROLE_STYLES[m.role])
        at = m.end
    text.append(printable(sentence[at:]))
    for role, style in ROLE_STYLES.items():
        legend.append(role, style=style).append(" ")
    console.print(text)
    if console.is_terminal:
        console.print(legend)
    for name, value in event.items():
        if name not in ("sentence", "actors", "targets") and value is not None:
            console.print(f"{name:16} {printable(str(value))}", markup=False, soft_wrap=True)


def _print_article(console: Console, article: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
    for name, value in article.items():
        if name != "text" and value is not None:
            console.print(f"{name:16} {printable(str(value))}", markup=False, soft_wrap=True)
    console.print(printable(article["text"]), markup=False, soft_wrap=True)
    console.print(_grid(events, ("event_id", *PREVIEW, "modality")))


def _grid(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*(Text("" if row[c] is None else printable(str(row[c]))) for c in columns))
    return grid


def _some(paths: Sequence[str], most: int = 5) -> str:
    if not paths:
        return ""
    more = f", and {len(paths) - most} more" if len(paths) > most else ""
    return f": {', '.join(printable(p) for p in paths[:most])}{more}"


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageFault(f"--published {text}: not a day; write it as 2022-09-13") from None
