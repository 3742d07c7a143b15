"""Stage 1, ingest: files to documents. A link, a pipe or a device is rejected without being opened."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.codes import RejectReason
from tasks.contracts.ledger import LEDGER, LedgerRow
from tasks.contracts.records import Page, Reject
from tasks.contracts.settings import Settings
from tasks.contracts.stages import PAGES, Batch, FileItem, Ingested
from tasks.contracts.tables import REJECTS
from tasks.rejectlog import log_rejects
from tasks.scan import FRESH, SIDECAR
from tasks.store import write_ref
from tasks.text.inputs import content_hash, read_pages

PASSING = (RejectReason.CHANGED_WHILE_READ, RejectReason.UNREADABLE)  # read again by the next run


@task(task_run_name="ingest {batch}", cache_policy=NO_CACHE, persist_result=False)
def ingest(batch: Batch, *, seeds: str, settings: Settings) -> Ingested:
    """Reads the batch's files; what cannot be read is a reject with its reason, and the batch goes on."""
    pages: list[Page] = []
    rejects: list[Reject] = []
    ledger: list[LedgerRow] = []
    for item in batch.items:
        read = read_item(Path(seeds), item, settings=settings)
        if read is None:
            continue
        documents, digest = read
        pages += [d for d in documents if isinstance(d, Page)]
        rejects += [d for d in documents if isinstance(d, Reject)]
        retry = any(isinstance(d, Reject) and d.reason in PASSING for d in documents)
        ledger.append(ledger_row(FileItem(item.source_path, FRESH) if retry else item, digest))
    log_rejects(rejects)
    folder = Path(batch.folder)
    return Ingested(
        pages=write_ref(PAGES, PAGES.build(pages), folder / "pages.parquet"),
        ledger=write_ref(LEDGER, LEDGER.build(ledger), folder / "ledger.parquet"),
        rejects=write_ref(REJECTS, REJECTS.build(rejects), folder / "ingest_rejects.parquet"),
    )


def ledger_row(item: FileItem, digest: str) -> LedgerRow:
    """The ledger's row of a file that was read; publish adds the counts and the logic."""
    return LedgerRow(
        source_path=item.source_path,
        stamp=item.stamp,
        content_hash=digest,
        articles=0,
        rejects=0,
        clean_logic="",
        extract_logic="",
    )


def read_item(seeds: Path, item: FileItem, *, settings: Settings) -> tuple[list[Page | Reject], str] | None:
    """The file's documents and rejects, and its content hash; None where the file is gone since it was listed."""
    path = seeds / item.source_path
    try:
        data = read_file(path, limit=settings.max_file_bytes)
        sidecar = _sidecar(path, limit=settings.max_file_bytes)
    except FileNotFoundError:
        if "\\x" not in item.source_path:
            return None
        return [_reject(item, RejectReason.UNREADABLE, "the file's name is no UTF-8; rename it")], ""
    except RefusedFile as refusal:
        return [_reject(item, refusal.reason, refusal.detail)], ""
    except OSError as error:
        return [_reject(item, RejectReason.UNREADABLE, f"{error.strerror}; check the file and its permissions")], ""
    documents = read_pages(
        data,
        source_path=item.source_path,
        sidecar=sidecar,
        max_bytes=settings.max_file_bytes,
        day_first=settings.day_first,
    )
    return documents, content_hash(data, sidecar)


class RefusedFile(Exception):
    """A file that is not read, and why."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def read_file(path: Path, *, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; links are not followed, pipes not waited for.

    Raises RefusedFile for anything else, OSError where the system cannot read it.
    """
    facts = path.lstat()
    if not stat.S_ISREG(facts.st_mode):
        raise RefusedFile(RejectReason.NOT_REGULAR_FILE, "a link, pipe or device; copy the file itself into the folder")
    if facts.st_size > limit:
        raise RefusedFile(
            RejectReason.TOO_LARGE, f"{facts.st_size:,} bytes; at most {limit:,} (setting max_file_bytes); split it"
        )
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        data = file.read(limit + 1)
        after = os.fstat(handle)
    if len(data) != facts.st_size or after.st_mtime_ns != facts.st_mtime_ns:
        raise RefusedFile(RejectReason.CHANGED_WHILE_READ, "it was being written; the next run reads it again")
    return data


def _sidecar(path: Path, *, limit: int) -> bytes | None:
    for name in (f"{path.name}{SIDECAR}", f"{path.name.rsplit('.', 1)[0]}{SIDECAR}"):
        candidate = path.with_name(name)
        if candidate.is_file() and not candidate.is_symlink():
            return read_file(candidate, limit=limit)
    return None


def _reject(item: FileItem, reason: RejectReason, detail: str) -> Reject:
    return Reject(stage="ingest", source_path=item.source_path, article_key=None, reason=reason, detail=detail)
