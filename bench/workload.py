"""The articles that speed is measured on: a folder of pages, and their cleaned texts for those who only parse."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

from bench.coder import read_file

ROOT = Path(__file__).resolve().parents[1]
BULK = ROOT.parent / "shared" / "gold" / "news_bulk.jsonl"
FIRST_DAY = date(2024, 3, 1)
A_WHILE_AGO = 1_700_000_000  # seconds since 1970: no file is too fresh for its time stamp to be trusted


def pages(count: int) -> list[str]:
    """`count` pages: news of the BBC where they stand beside the project, else the project's seeds again and again."""
    if BULK.exists():
        with BULK.open(encoding="utf-8") as lines:
            records = [json.loads(line) for line, _ in zip(lines, range(count), strict=False)]
        found = [f"{r['title']}\n\n{r['text']}\n" for r in records]
    else:
        found = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "seeds").glob("*.txt")) if "utf16" not in p.name]
    return [found[n % len(found)] for n in range(count)]


def dated(texts: list[str], *, days: int) -> list[str]:
    """The pages with a day of publication below their headlines, one after another of so many days."""
    found = []
    for number, text in enumerate(texts):
        headline, _, body = text.partition("\n\n")
        day = FIRST_DAY + timedelta(days=number % days)
        found.append(f"{headline}\n\n{day.day} {day:%B %Y}\n\n{body}")
    return found


def write_pages(texts: list[str], folder: Path) -> Path:
    """The pages as files, a hundred a folder."""
    for number, text in enumerate(texts):
        path = folder / f"{number // 100:04d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (A_WHILE_AGO, A_WHILE_AGO))
    return folder


def cleaned(texts: list[str]) -> list[str]:
    """The article of each page."""
    return [a.text for n, text in enumerate(texts) for a in read_file(f"{n}.txt", text.encode())]


def words(texts: list[str]) -> int:
    """What stands between spaces."""
    return sum(len(t.split()) for t in texts)
