"""The figures of the runs as a page of pictures: no script, no address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from tasks.chart import lines
from tasks.contracts.report import Tally
from tasks.contracts.settings import Settings
from tasks.drift import MIN_RUNS, ODDS, VOLUME_FACTOR, measure
from tasks.history import read_history, tally_of
from tasks.quality import failed_by_run, read_checks
from tasks.storage.folder import Address, Folder, open_folder

PAGE = "quality.html"
SHOWN = 200  # runs that a picture can hold
TYPES = 6  # lines that an eye can follow


def _share(hits: int, total: int) -> float | None:
    return hits / total if total else None


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


_VALUES: dict[str, tuple[Callable[[Tally], float | None], Callable[[float | None], str]]] = {
    "rejects": (lambda t: _share(t.rejects, t.articles + t.rejects), _percent),
    "without_events": (lambda t: _share(t.without_events, t.articles), _percent),
    "undated": (lambda t: _share(t.undated, t.events), _percent),
    "volume": (lambda t: _share(t.events, t.days), _number),
}
TITLES = {
    "rejects": "Share of the input rejected",
    "without_events": "Share of the articles without an event",
    "undated": "Share of the events without a date",
    "volume": "Events per day of publication",
}


def _words(value: Callable[[Tally], float | None], form: Callable[[float | None], str]) -> Callable[[Tally], str]:
    return lambda t: form(value(t))


FIGURES = {name: (value, _words(value, form)) for name, (value, form) in _VALUES.items()}


def document_quality(outputs: Address, *, docs: Address, settings: Settings) -> str | None:
    """Writes the page anew from what is kept of the runs of an outputs folder; None where no run worked on anything."""
    worked = [r for r in read_history(outputs) if tally_of(r).articles or tally_of(r).rejects]
    return write_page(worked, read_checks(docs), folder=open_folder(docs), settings=settings) if worked else None


def write_page(
    runs: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]], *, folder: Folder, settings: Settings
) -> str:
    """The page of the runs (lines of the history that worked on something) and of the kept checks' results."""
    runs = runs[-SHOWN:]
    tallies = [tally_of(r) for r in runs]
    ends = [str(runs[0].get("ended", "")), str(runs[-1].get("ended", ""))]
    bounds = [_bounds(tallies, n, settings) for n in range(len(tallies))]
    pictures = []
    for name, (value, _) in FIGURES.items():
        series: dict[str, list[float | None]] = {
            "this run": [value(t) for t in tallies],
            "at least": [b.get(name, (None, None))[0] for b in bounds],
            "at most": [b.get(name, (None, None))[1] for b in bounds],
        }
        pictures.append(lines(series, title=TITLES[name], labels=ends))
    types = sum((Counter(t.events_by_type) for t in tallies), Counter[str]()).most_common(TYPES)
    shares = {k: [_share(t.events_by_type.get(k, 0), t.events) for t in tallies] for k, _ in types}
    pictures.append(lines(shares, title=f"Share of the {len(shares)} most frequent event types", labels=ends))
    failed = failed_by_run(checks)
    counts = [float(len(rules)) for rules in failed.values()]
    kept = list(failed)
    pictures.append(
        lines({"rules": counts}, title="Expectations that did not hold", labels=[kept[0], kept[-1]] if kept else [])
    )
    found = [_item(str(r.get("ended", "")), r["drift"]) for r in runs if r.get("drift")]
    rules = [_item(name, broken) for name, broken in failed.items() if broken]
    page = _PAGE.format(
        body="\n".join(pictures), found="\n".join(reversed(found)), rules="\n".join(reversed(rules)),
        runs=settings.unusual_runs, jump=f"{settings.unusual_jump:.0%}", odds=f"{1 / ODDS:,.0f}",
        factor=f"{VOLUME_FACTOR:.0f}", least=MIN_RUNS,
    )  # fmt: skip
    folder.write(PAGE, page.encode())
    return folder.at(PAGE)


def _item(name: str, facts: Sequence[str]) -> str:
    return f"<li>{escape(name)}: {escape('; '.join(facts))}</li>"


def _bounds(tallies: Sequence[Tally], n: int, settings: Settings) -> dict[str, tuple[float, float]]:
    before = tallies[max(0, n - settings.unusual_runs) : n]
    return {m.name: (m.low, m.high) for m in measure(tallies[n], before, jump=settings.unusual_jump)}


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Data quality over time</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }}
svg {{ max-width: 100%; height: auto; margin: 0 1rem 1.5rem 0; }}
</style>
</head>
<body>
<h1>Data quality over time</h1>
<p><a href="index.html">All checks</a></p>
{body}
<h2>Out of bounds</h2>
<p>A run is compared with the last {runs} that worked on anything, once there are {least}. A share is out of bounds
where it is off by {jump} or more and chance would give as much in fewer than one of {odds} runs; the number of events
per day where it is {factor} times as high or low as usual, beyond the chance of a small number.</p>
<ul>
{found}
</ul>
<h2>Expectations that did not hold</h2>
<ul>
{rules}
</ul>
</body>
</html>
"""
