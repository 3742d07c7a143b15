"""Stage 1, ingest: files to documents. A link, a pipe or a device is rejected without being opened."""

from __future__ import annotations

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
from tasks.text.inputs import content_hash, read_pages

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
    for item, read in zip(
        batch.items, in_lanes(folder, partial(read_item, folder, settings=settings), batch.items), strict=True
    ):
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


def read_item(seeds: Folder, item: FileItem, *, settings: Settings) -> tuple[list[Page | Reject], str] | None:
    """The file's documents and rejects, and its content hash; None where the file is gone since it was listed."""
    limit = settings.max_file_bytes
    try:
        data = seeds.read_input(item.source_path, stamp=item.stamp.split(";")[0], limit=limit)
        sidecar = _sidecar(seeds, item, limit=limit) if has_sidecar(item.stamp) else None
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
        max_bytes=limit,
        day_first=settings.day_first,
    )
    return documents, content_hash(data, sidecar)


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


def _reject(item: FileItem, reason: RejectReason, detail: str) -> Reject:
    return Reject(stage="ingest", source_path=item.source_path, article_key=None, reason=reason, detail=detail)
