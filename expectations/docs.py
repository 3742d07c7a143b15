"""Data Docs: what the suites found, as pages that load nothing and run nothing.

Great Expectations' own pages print values unescaped and load scripts from content networks; these are the same results
in a template in which every value is escaped and a policy forbids scripts and addresses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from html import escape
from typing import Protocol

from expectations.suite import RuleResult, merge_results

RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --line: #8884; --good: #2a8a4a; --bad: #d0342c; --warn: #b7791f; }}
body {{ font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; margin-bottom: 2rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }}
td {{ font-variant-numeric: tabular-nums; }}
small {{ opacity: .7; }}
code {{ overflow-wrap: anywhere; }}
.holds {{ color: var(--good); }} .rejects, .stops {{ color: var(--bad); }} .warns {{ color: var(--warn); }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


RUNS = "runs"


class Pages(Protocol):
    """A folder that takes pages, whole or not at all, and gives them back."""

    def child(self, name: str) -> Pages:
        """The folder of that name in it."""

    def names(self) -> list[str]:
        """The names of the pages in it, sorted."""

    def read_all(self, names: Sequence[str]) -> list[bytes]:
        """Those pages."""

    def write(self, name: str, data: bytes) -> None:
        """Writes or replaces a page."""

    def delete(self, name: str) -> None:
        """Deletes a page, if there is one."""

    def exists(self, name: str) -> bool:
        """Whether there is such a page."""


def write_docs(results: Iterable[RuleResult], *, folder: Pages, run: str, keep: int = 50) -> None:
    """Writes the pages of a run and the index of all runs kept, `index.html`, into `folder`.

    `run` names the run (letters, digits, `.`, `_`, `-`; runs are listed by name, last first); its results, of one
    batch or many, are added up by table and rule and stand beside the page as JSON. The oldest runs beyond `keep` are
    removed. Raises ValueError for another name, OSError where the folder cannot be written.
    """
    if not RUN_NAME.fullmatch(run):
        raise ValueError(f"{run!r} is no name for a run: letters, digits, '.', '_' and '-' only")
    merged = merge_results(results)
    runs = folder.child(RUNS)
    runs.write(f"{run}.json", f"{json.dumps([asdict(r) for r in merged], indent=1)}\n".encode())
    runs.write(f"{run}.html", _page(f"Checks of {run}", _tables(merged)).encode())
    names = sorted((n.removesuffix(".json") for n in runs.names() if n.endswith(".json")), reverse=True)
    for old in names[keep:]:
        for ending in (".json", ".html"):
            runs.delete(f"{old}{ending}")
    link = '<p><a href="quality.html">Data quality over time</a></p>' if folder.exists("quality.html") else ""
    folder.write("index.html", _page("Checks of all runs", link + _index(runs, names[:keep])).encode())


def verdict(result: RuleResult) -> str:
    """What a rule's result means for the rows, in one word: holds, warns, rejects or stops."""
    if result.success:
        return "holds"
    if not result.critical:
        return "warns"
    return "stops" if result.whole_table else "rejects"


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), body=body)


def _tables(results: Sequence[RuleResult]) -> str:
    parts = ['<p><a href="../index.html">All runs</a></p>']
    head = ("Rule", "Verdict", "Rows checked", "Rows failed", "First failing values")
    for table in dict.fromkeys(r.table for r in results):
        mine = sorted((r for r in results if r.table == table), key=lambda r: r.success)  # what fails stands first
        parts += [f"<h2>{escape(table)}</h2>", _grid(head, [_rule(r) for r in mine])]
    return "\n".join(parts)


def _rule(result: RuleResult) -> tuple[str, ...]:
    word = verdict(result)
    return (
        f"{escape(result.rule)}<br><small>{escape(result.reason)}; {escape(result.expectation)}</small>",
        f'<span class="{word}">{word}</span>',
        f"{result.rows_checked:,}",
        f"{result.rows_failed:,}",
        "<br>".join(f"<code>{escape(sample)}</code>" for sample in result.samples),
    )


def _index(runs: Pages, names: Sequence[str]) -> str:
    head = ("Run", "Table", "Rows checked", "Rules that hold", "Rules that do not")
    kept = runs.read_all([f"{name}.json" for name in names])
    return _grid(head, [row for name, data in zip(names, kept, strict=True) for row in _run(name, data)])


def _run(name: str, data: bytes) -> list[tuple[str, ...]]:
    link = f'<a href="runs/{escape(name)}.html">{escape(name)}</a>'
    try:
        stored = json.loads(data)
        results = [RuleResult(**{**one, "samples": tuple(one["samples"])}) for one in stored]
    except (ValueError, TypeError, KeyError):
        return [(link, "its results cannot be read", "", "", "")]
    rows: list[tuple[str, ...]] = []
    for table in dict.fromkeys(r.table for r in results):
        mine = [r for r in results if r.table == table]
        failed = [f'<span class="{verdict(r)}">{escape(r.rule)}</span>' for r in mine if not r.success]
        checked = max(r.rows_checked for r in mine)
        rows.append((link, escape(table), f"{checked:,}", f"{len(mine) - len(failed)}", ", ".join(failed)))
    return rows


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already."""
    lines = ["".join(f"<th>{cell}</th>" for cell in head)]
    lines += ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return "<table>\n" + "\n".join(f"<tr>{line}</tr>" for line in lines) + "\n</table>"
