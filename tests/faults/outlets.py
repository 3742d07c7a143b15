"""Hostile titles, names, addresses and file names in everything that people look at: text, and nothing else."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import unicodedata
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flows.analysis import print_query, write_export, write_report
from flows.reading import print_record
from tasks.quality import read_checks
from tasks.summary import validation_page
from tests.faults import corpus, direct
from tests.faults.sweep import Row
from tests.faults.trials import in_child

EVIL = (
    "<script>alert(1)</script><img src=//evil.example/x onerror=alert(1)>${7*7}`[x](http://evil.example)|\x1b[31m\u202e"
)
FORMULAS = ("=cmd()", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1")
ALL: dict[str, Any] = {"first": None, "last": None, "types": (), "countries": (), "actor": None}
LOADING = ("src", "href", "action", "srcset", "data", "poster", "formaction")


class Looker(HTMLParser):
    """What a page runs or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on"):
                self.bad.append(f"{tag} {name}")
            elif name in LOADING and address.startswith(("http:", "https:", "//", "javascript:", "data:text")):
                self.bad.append(f"{tag} {name}={address[:60]}")


def look(page: str) -> Looker:
    looker = Looker()
    looker.feed(page)
    looker.close()
    return looker


def all_outlets(root: Path) -> Row:
    """The same few articles, once harmless and once with evil in every field that an article can fill."""
    row = Row("hostile values in report, Data Docs, artifacts, exports, terminal")
    for name, evil in (("plain", ""), ("evil", EVIL)):
        _write(root / name / "seeds", evil)
        ended = in_child(lambda name=name: direct.run(root / name / "seeds", root / name / "out") and None)
        if ended.error is not None:
            row.fail(f"{name}: {ended.error}")
            return row
        with contextlib.redirect_stdout(io.StringIO()):
            write_report(root / name / "report.html", outputs=root / name / "out")
    outputs = root / "evil" / "out"
    plain, page = (look((root / name / "report.html").read_text(encoding="utf-8")) for name in ("plain", "evil"))

    def check(what: str, holds: object) -> None:
        row.tried += 1
        if not holds:
            row.fail(what)

    check(f"the report: {page.bad}, {page.scripts} scripts", not page.bad and page.scripts == plain.scripts)
    for path in sorted((outputs / "data_docs").rglob("*.html")):
        found = look(path.read_text(encoding="utf-8"))
        check(f"{path.name}: {found.bad}, {found.scripts} scripts", not found.bad and not found.scripts)
    shown = validation_page(read_checks(outputs / "data_docs"), docs="docs/index.html", link=None)
    check("the artifact of the checks", "<script" not in shown and "<img" not in shown and "](http" not in shown)
    for form in ("csv", "xlsx"):
        cells = _cells(outputs, root / f"events.{form}", form)
        check(f"formulas in {form}", cells and not [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r"))])
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        print_query("select * from articles", outputs=outputs, form="table")
        for key in ("evil.json", "evil.txt"):
            with contextlib.suppress(Exception):
                print_record(key, outputs=outputs)
    escapes = {c for c in said.getvalue() if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"}
    check(f"the terminal is sent {sorted(map(ord, escapes))}", said.getvalue() and not escapes)
    return row


def _write(folder: Path, evil: str) -> None:
    text = corpus.article(3).decode()
    facts = {
        "title": f"{evil}Title",
        "byline": f"{evil}Ada",
        "outlet": f"{evil}Wire",
        "url": f"javascript:alert(1){evil}",
    }
    for number, formula in enumerate(FORMULAS if evil else ("a",)):
        stated = facts | ({"title": formula, "outlet": formula} if evil else {})
        record = {"id": f"{formula}{number}", "text": f"{evil}\n\n{text}", "date": "2024-05-06", **stated}
        corpus.drop(folder / f"{number}.json", json.dumps(record).encode())
    corpus.drop(folder / "evil.json", json.dumps({"text": text, "date": "2024-05-06", **facts}).encode())
    corpus.drop(folder / ("=cmd() <script>alert(1)<b>.txt" if evil else "b.txt"), f"{evil}\n\n{text}".encode())
    corpus.drop(folder / "evil.txt", f"{text}\nRebels attacked {evil} on Friday.\n".encode())


def _cells(outputs: Path, out: Path, form: str) -> list[str]:
    with contextlib.redirect_stdout(io.StringIO()):
        write_export(out, outputs=outputs, form=form, **ALL)
    if form == "csv":
        with out.open(encoding="utf-8-sig", newline="") as file:
            return [cell for line in csv.reader(file) for cell in line]
    with zipfile.ZipFile(out) as book:
        sheets = b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets"))
    return ["=formula"] if b"<f>" in sheets else ["none"]
