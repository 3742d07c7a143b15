"""`python -m tests.faults.coverage_fuzz pages|dates FOLDER [options of libFuzzer]`: one target of `search.py`.

It is a program of its own, since what atheris imports here counts its branches from then on.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["tasks.text"], enable_loader_override=False):
    from tasks.text import datephrases, dateresolver, found, inputs, lines, pages, published  # noqa: F401

from tests.faults import fuzz


def pages_target(data: bytes) -> None:
    """A pasted page or an HTML page: the first byte decides."""
    name = "page.html" if data[:1] < b"@" else "page.txt"
    for page in inputs.read_pages(data[1:], source_path=name, sidecar=None, max_bytes=fuzz.LIMIT, day_first=True):
        if isinstance(page, fuzz.Page):
            pages.clean_page(page)


def dates_target(data: bytes) -> None:
    """Any text."""
    fuzz.check_dates(data.decode("utf-8", "replace"))


def main() -> None:
    target = {"pages": pages_target, "dates": dates_target}[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
