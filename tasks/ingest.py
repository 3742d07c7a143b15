"""Stage 1, ingest: files to documents. A link, a pipe or a device is rejected without being opened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.contracts.codes import RejectReason
from tasks.contracts.ledger import LEDGER, LedgerRow
from tasks.contracts.records import Page, Reject
from tasks.contracts.settings import Settings
from tasks.contracts.stages import PAGES, Batch, FileItem, Ingested
from tasks.contracts.tables import REJECTS
from tasks.handover import hand_on, handed_on
from tasks.rejectlog import log_rejects
from tasks.scan import has_sidecar, sidecar_names
from tasks.storage.folder import FRESH, Folder, RefusedFile, in_lanes, open_folder
from tasks.store import write_ref
from tasks.text.inputs import content_hash
from tasks.workers import Lost, Work, about_words, workers_for
from tasks.workshop import RawFile, read_files

PASSING = (RejectReason.CHANGED_WHILE_READ, RejectReason.UNREADABLE)  # read again by the next run


@task(task_run_name="ingest {batch}", cache_policy=NO_CACHE, persist_result=False)
def ingest(batch: Batch, *, seeds: str, settings: Settings) -> Ingested:
    """Reads the batch's files; what cannot be read is a reject with its reason, and the batch goes on."""
    if (done := handed_on(batch, Ingested)) is not None:
        return done
    pages: list[Page] = []
    rejects: list[Reject] = []
    ledger: list[LedgerRow] = []
    folder = open_folder(seeds)
    for item, read in zip(batch.items, read_all(folder, batch.items, settings=settings), strict=True):
        if read is None:
            continue
        documents, digest = read
        pages += [d for d in documents if isinstance(d, Page)]
        rejects += [d for d in documents if isinstance(d, Reject)]
        retry = any(isinstance(d, Reject) and d.reason in PASSING for d in documents)
        ledger.append(ledger_row(FileItem(item.source_path, FRESH) if retry else item, digest))
    log_rejects(rejects)
    done = Ingested(
        pages=write_ref(PAGES, PAGES.build(pages), batch.folder, "pages.parquet"),
        ledger=write_ref(LEDGER, LEDGER.build(ledger), batch.folder, "ledger.parquet"),
        rejects=write_ref(REJECTS, REJECTS.build(rejects), batch.folder, "ingest_rejects.parquet"),
    )
    return hand_on(batch, done)


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


Read = tuple[list[Page | Reject], str] | None
"""A file's documents and rejects, and its content hash; None where the file is gone since it was listed."""


def read_all(seeds: Folder, items: Sequence[FileItem], *, settings: Settings) -> list[Read]:
    """What each of the files holds, found by the workers: a file that breaks its reader costs itself alone."""
    fetched = list(in_lanes(seeds, partial(fetch_item, seeds, settings=settings), items))
    files = [f for f in fetched if isinstance(f, RawFile)]
    words = [about_words(len(f.data)) for f in files]
    held = iter(workers_for(settings).do(_work(settings), files, words=words, first=True) if files else ())
    return [_read(f, next(held)) if isinstance(f, RawFile) else f and ([f], "") for f in fetched]


def read_item(seeds: Folder, item: FileItem, *, settings: Settings) -> Read:
    """What the file holds, found in this process."""
    fetched = fetch_item(seeds, item, settings=settings)
    if isinstance(fetched, RawFile):
        return _read(fetched, _work(settings)([fetched], None)[0])
    return fetched and ([fetched], "")


def _work(settings: Settings) -> Work[RawFile, list[Page | Reject]]:
    return partial(read_files, max_bytes=settings.max_file_bytes, day_first=settings.day_first)


def _read(file: RawFile, documents: list[Page | Reject] | Lost) -> Read:
    if isinstance(documents, Lost):
        detail = f"{documents.why}; give the article as .txt with its text alone"
        documents = [_reject(file.source_path, RejectReason.MALFORMED, detail)]
    return documents, content_hash(file.data, file.sidecar)


def fetch_item(seeds: Folder, item: FileItem, *, settings: Settings) -> RawFile | Reject | None:
    """The file's bytes and its sidecar's, or why they are not read; None where it is gone since it was listed."""
    limit = settings.max_file_bytes
    try:
        data = seeds.read_input(item.source_path, stamp=item.stamp.split(";")[0], limit=limit)
        return RawFile(item.source_path, data, _sidecar(seeds, item, limit=limit) if has_sidecar(item.stamp) else None)
    except FileNotFoundError:
        if "\\x" not in item.source_path:
            return None
        return _reject(item.source_path, RejectReason.UNREADABLE, "the file's name is no UTF-8; rename it")
    except RefusedFile as refusal:
        return _reject(item.source_path, refusal.reason, refusal.detail)
    except OSError as error:
        detail = f"{error.strerror}; check the file and its permissions"
        return _reject(item.source_path, RejectReason.UNREADABLE, detail)


def _sidecar(seeds: Folder, item: FileItem, *, limit: int) -> bytes | None:
    for name in sidecar_names(item.source_path):
        try:
            return seeds.read_input(name, stamp=item.stamp.split(";")[1], limit=limit)
        except FileNotFoundError:
            continue
        except RefusedFile as refusal:
            if refusal.reason is not RejectReason.NOT_REGULAR_FILE:
                raise
    return None


def _reject(source_path: str, reason: RejectReason, detail: str) -> Reject:
    return Reject(stage="ingest", source_path=source_path, article_key=None, reason=reason, detail=detail)
