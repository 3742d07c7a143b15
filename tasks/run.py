"""What a run works on: the plan for a seeds folder against an outputs folder, and the report at its end."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from tasks.analyst.corrections import read_corrections
from tasks.contracts.codes import RejectReason
from tasks.contracts.errors import UsageFault
from tasks.contracts.ledger import LEDGER
from tasks.contracts.records import Reject, VocabularyFile
from tasks.contracts.report import RunReport, Tally
from tasks.contracts.settings import Settings, load_settings
from tasks.contracts.stages import Batch, Cleaned, Extracted, FileItem, Finished, Ingested, Validated
from tasks.contracts.tables import ARTICLES, REJECTS
from tasks.handover import handed_on
from tasks.ingest import read_item
from tasks.lexicon.vocabulary import NAME as VOCABULARY
from tasks.logic import Logic, current_logic
from tasks.scan import CORRECTIONS, Plan, is_no_input, list_inputs, plan_run
from tasks.storage.folder import Address, Folder, in_lanes, open_folder
from tasks.store import Store, rows_where

SETTINGS = "dateline.toml"
NO_LOGIC = Logic(clean="", extract="")  # differs from every ledger row's: all is done again


def settings_for(seeds: Address) -> Settings:
    """The settings in force for a seeds folder: its `dateline.toml` or the working folder's, then the environment."""
    for folder in (open_folder(seeds), open_folder(".")):
        try:
            return load_settings(folder.read(SETTINGS), name=folder.at(SETTINGS))
        except FileNotFoundError:
            continue
    return load_settings()


def logic_for(seeds: Address, settings: Settings) -> Logic:
    """The logic in force for a seeds folder, with an analyst's own `corrections.csv` and `vocabulary/` in it.

    Raises UsageFault naming the line of a wrong correction or row.
    """
    folder = open_folder(seeds)
    corrections = read_corrections(_text(folder, CORRECTIONS), name=CORRECTIONS) if folder.exists(CORRECTIONS) else ()
    return current_logic(settings, corrections, vocabulary_of(folder))


def vocabulary_of(seeds: Address) -> tuple[VocabularyFile, ...]:
    """The files of an analyst's own vocabulary in a seeds folder; none where it has none."""
    folder = open_folder(seeds).child(VOCABULARY)
    names = [name for name in folder.names() if not is_no_input(name)]
    return tuple(VocabularyFile(name, _text(folder, name)) for name in names)


def _text(folder: Folder, name: str) -> str:
    try:
        return folder.read(name).decode("utf-8-sig")  # spreadsheets put a mark at the beginning
    except (OSError, UnicodeDecodeError) as error:
        raise UsageFault(f"{folder.at(name)}: cannot be read as UTF-8 text ({error}); mend or remove it") from error


def make_plan(seeds: Address, store: Store, *, logic: Logic, settings: Settings, rebuild: bool = False) -> Plan:
    """What has to be done to bring the tables up to date with the folder.

    A file whose size or time has changed but whose bytes have not counts as unchanged. A file that lost its key to
    another is tried again when any file has gone or changed.
    """
    ledger = store.read(LEDGER.name, ["source_path", "stamp", "clean_logic", "extract_logic"])
    items = list_inputs(seeds, settle_seconds=settings.settle_seconds)
    if rebuild:
        return plan_run(items, ledger, logic=NO_LOGIC)
    logic = logic.knowing(stored_texts(store))
    plan = plan_run(items, ledger, logic=logic)
    if plan.changed:
        plan = _without_touched(plan, seeds, store, logic=logic, settings=settings)
    if plan.changed or plan.gone:
        plan = _with_contested(plan, items, store)
    return plan


def stored_texts(store: Store) -> Iterator[pa.Table]:
    """The texts of the current version, with the files they came from, segment by segment."""
    version = store.current()
    for segment in version.segments() if version else ():
        yield version.read(ARTICLES.name, ["source_path", "text"], [segment])


def make_backfill(seeds: Address, store: Store, *, first: date, last: date, logic: Logic, settings: Settings) -> Plan:
    """What has to be done to code again the articles published from `first` to `last`, both included, and no others.

    A file that holds one of them goes through whole. Its stored text is coded, unless the file or the cleaning has
    changed since; a file that is gone waits for the next run, which takes its rows away.
    """
    articles = store.read(ARTICLES.name, ["source_path", "published"])
    days = articles["published"]
    within = pc.and_kleene(pc.greater_equal(days, pa.scalar(first)), pc.less_equal(days, pa.scalar(last)))
    wanted = set(articles["source_path"].filter(within).to_pylist())
    listed = list_inputs(seeds, settle_seconds=settings.settle_seconds)
    items = [FileItem(path, listed[path]) for path in sorted(wanted & listed.keys())]
    ledger = store.read(LEDGER.name, ["source_path", "stamp", "clean_logic"])
    known = {row["source_path"]: (row["stamp"], row["clean_logic"]) for row in ledger.to_pylist()}
    stored = tuple(i for i in items if known[i.source_path] == (i.stamp, logic.clean))
    return Plan(
        new=(),
        changed=(),
        gone=(),
        stale=tuple(i for i in items if known[i.source_path] != (i.stamp, logic.clean)),
        from_text=stored,
        unchanged=ledger.num_rows - len(items),
    )


def _without_touched(plan: Plan, seeds: Address, store: Store, *, logic: Logic, settings: Settings) -> Plan:
    names = ("source_path", "content_hash", "clean_logic", "extract_logic")
    ledger = rows_where(store.read(LEDGER.name, names), "source_path", {i.source_path for i in plan.changed})
    known = {row[0]: row[1:] for row in zip(*(ledger[n].to_pylist() for n in names), strict=True)}
    same = set()
    folder = open_folder(seeds)
    read_again = in_lanes(folder, partial(read_item, folder, settings=settings), plan.changed)
    for item, read in zip(plan.changed, read_again, strict=True):
        if read is None or known[item.source_path] != (read[1], logic.clean, logic.extract_of(item.source_path)):
            continue
        if read[1] or all(isinstance(d, Reject) and d.reason is RejectReason.UNREADABLE for d in read[0]):
            same.add(item)
    changed = tuple(i for i in plan.changed if i not in same)
    return dataclasses.replace(plan, changed=changed, unchanged=plan.unchanged + len(same))


def _with_contested(plan: Plan, items: Mapping[str, str], store: Store) -> Plan:
    rejects = store.read(REJECTS.name, ["source_path", "reason"])
    lost = set(rejects["source_path"].filter(pc.equal(rejects["reason"], RejectReason.DUPLICATE_KEY)).to_pylist())
    planned = {i.source_path for i in (*plan.new, *plan.changed, *plan.stale)}
    again = tuple(FileItem(path, items[path]) for path in sorted(items.keys() & (lost - planned)))
    if not again:
        return plan
    paths = {i.source_path for i in again}
    return dataclasses.replace(
        plan,
        changed=(*plan.changed, *again),
        from_text=tuple(i for i in plan.from_text if i.source_path not in paths),
        unchanged=plan.unchanged - sum(1 for i in again if i not in plan.from_text),
    )


def report_run(store: Store, plan: Plan, *, outputs: str, tally: Tally) -> RunReport:
    """The run's numbers: what the plan held, and the rows of the version that is current now."""
    version = store.current()
    reasons = Counter(store.read(REJECTS.name, ["reason"])["reason"].to_pylist())
    return RunReport(
        outputs=outputs,
        version=version.number if version else 0,
        new=len(plan.new),
        changed=len(plan.changed),
        gone=len(plan.gone),
        recoded=len(plan.stale) + len(plan.from_text),
        unchanged=plan.unchanged,
        articles=version.rows("articles") if version else 0,
        sentences=version.rows("sentences") if version else 0,
        events=version.rows("events") if version else 0,
        rejects=version.rows("rejects") if version else 0,
        rejects_by_reason=dict(sorted(reasons.items())),
        tally=tally,
    )


def load_finished(batch: Batch) -> Finished | None:
    """What an interrupted run left of this batch, if it finished it."""
    validated = handed_on(batch, Validated)
    if validated is None:
        return None
    ingested, cleaned, extracted = (handed_on(batch, kind) for kind in (Ingested, Cleaned, Extracted))
    if ingested is None or cleaned is None or extracted is None:
        return None
    return Finished(batch=batch, ingested=ingested, cleaned=cleaned, extracted=extracted, validated=validated)


def clear_work(store: Store) -> None:
    """Removes what stages handed each other."""
    store.work.clear()
