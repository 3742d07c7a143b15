"""The hostile files through a whole run: each ends as `hostile.csv` says, and the run's accounts close."""

from __future__ import annotations

import csv
import hashlib
import os
from pathlib import Path

from tasks.contracts.records import Page
from tasks.contracts.settings import Settings
from tasks.contracts.stages import FileItem
from tasks.ingest import read_item
from tasks.scan import in_utf8, list_inputs
from tasks.storage.local import LocalFolder
from tasks.text.copies import fingerprint
from tasks.text.language import detect_language
from tasks.text.pages import clean_page
from tasks.text.sentences import split_sentences
from tests.faults import hostile
from tests.faults.sweep import Row

EXPECTED = Path(__file__).with_name("hostile.csv")
SECONDS_PER_MB = 10
TRIES = 4
SKIPPED = "skipped"
PUBLISHED = "published"


def outcomes(folder: Path) -> tuple[dict[str, str], dict[str, float]]:
    """What becomes of every entry of the folder: a reject's reason, published, or skipped; and CPU seconds per MB.

    Reading, cleaning, splitting, the language and the copies' fingerprints are what every accepted file goes through.
    """
    import time

    found = {in_utf8(str(p.relative_to(folder))): SKIPPED for p in _entries(folder)}
    slow = {}
    queue = [FileItem(*item) for item in sorted(list_inputs(folder, settle_seconds=0).items())]
    for item in queue:
        start = time.process_time()
        read = read_item(LocalFolder(folder), item, settings=Settings())
        size = 0
        seen = set()
        for document in read[0] if read else []:
            if isinstance(document, Page):
                size += len(document.body)
                cleaned = clean_page(document, day_first=True)
                if hasattr(cleaned, "article"):
                    text = cleaned.article.text
                    split_sentences(text)
                    detect_language(text)
                    fingerprint(text, article_key=document.article_key)
                    seen.add(PUBLISHED)
                else:
                    seen.add(str(cleaned.reason))
            else:
                seen.add(str(document.reason))
        found[item.source_path] = "; ".join(sorted(seen)) or "LOST"
        seconds = time.process_time() - start
        per_mb = seconds / max(size / 1e6, 0.1)
        if per_mb > SECONDS_PER_MB and queue.count(item) < TRIES:
            queue.append(item)  # once more: on a busy machine processor time, too, is a rough measure
        slow[item.source_path] = min(per_mb, slow.get(item.source_path, per_mb))
    return found, slow


def run_all(root: Path) -> Row:
    """Every hostile file against its expected outcome, its time, and the folder's bytes before and after."""
    row = Row("hostile files, each with its expected outcome")
    hostile.make(root)
    before = _bytes(root)
    found, slow = outcomes(root)
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = dict(csv.reader(file))
    for name, outcome in found.items():
        row.tried += 1
        if expected.get(name) != outcome:
            row.fail(f"{name!r}: {outcome}, expected {expected.get(name)}")
        if slow.get(name, 0) > SECONDS_PER_MB:
            row.fail(f"{name!r}: {slow[name]:.0f} s per MB")
    if _bytes(root) != before:
        row.fail("the source folder was changed")
    return row


def _entries(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()]


def _bytes(folder: Path) -> dict[str, str]:
    """The content of every regular file of no more than 10 MB, by name."""
    return {
        in_utf8(str(p)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in _entries(folder)
        if p.is_file() and not p.is_symlink() and os.stat(p).st_size < 10_000_000
    }
