"""What lies in the seeds folder, and what of it has to be done: nothing is opened here."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.contracts.errors import StoreError
from tasks.contracts.stages import Batch, FileItem
from tasks.lexicon.vocabulary import NAME as VOCABULARY
from tasks.logic import Logic
from tasks.storage.folder import FRESH, Address, Folder, open_folder

SIDECAR = ".meta.json"
UNFINISHED = ("~", ".part", ".tmp", ".crdownload", ".partial", ".swp")
CORRECTIONS = "corrections.csv"
NO_ARTICLES = frozenset({"readme.md", "readme.txt", "dateline.toml", CORRECTIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run has to do, as sorted paths. `changed` files have another stamp, `stale` ones were made by older logic.

    `from_text` is the part of `stale` whose stored text is still right, so that the files need not be read.
    """

    new: tuple[FileItem, ...]
    changed: tuple[FileItem, ...]
    gone: tuple[str, ...]
    stale: tuple[FileItem, ...]
    from_text: tuple[FileItem, ...]
    unchanged: int

    @property
    def nothing(self) -> bool:
        """Whether the tables are up to date."""
        return not (self.new or self.changed or self.gone or self.stale or self.from_text)


def list_inputs(seeds: Address, *, settle_seconds: float) -> dict[str, str]:
    """The path of every input file of the folder tree, with its stamp.

    Hidden files, unfinished copies, sidecars, READMEs and an analyst's own vocabulary are no inputs; links are listed,
    never followed.
    Raises StoreError where the folder is missing or cannot be listed.
    """
    folder = open_folder(seeds)
    if not folder.is_there():
        raise no_seeds(folder)
    found = folder.walk(is_no_input, fresh_ns=time.time_ns() - int(settle_seconds * 1e9))
    sidecars = {path for path in found if path.endswith(SIDECAR)}
    vocabulary = f"{VOCABULARY}/"
    items = {}
    for path, stamp in found.items():
        if path.startswith(vocabulary) or path in sidecars:
            continue
        if sidecars:
            stamp = _with_sidecar(path, stamp, found)
        items[path if path.isascii() else in_utf8(path)] = stamp
    return items


def _with_sidecar(path: str, stamp: str, found: Mapping[str, str]) -> str:
    sidecar = next((found[name] for name in sidecar_names(path) if name in found), None)
    if sidecar is None:
        return stamp
    both = f"{stamp};{sidecar}"
    return FRESH + both.replace(FRESH, "") if FRESH in both else both


def no_seeds(folder: Folder) -> StoreError:
    """What is said of a seeds folder that is not there."""
    return StoreError(f"{folder.address}: no such folder; name the folder with your articles by --seeds")


def sidecar_names(path: str) -> tuple[str, str]:
    """The names that the sidecar of an input file may have."""
    return f"{path}{SIDECAR}", f"{path.rsplit('.', 1)[0]}{SIDECAR}"


def has_sidecar(stamp: str) -> bool:
    """Whether a sidecar was listed beside the file of that stamp."""
    return ";" in stamp


def is_no_input(name: str) -> bool:
    """Whether a file or folder of that name is passed over: hidden, unfinished, or about the articles."""
    return name.startswith(".") or name.endswith(UNFINISHED) or name.lower() in NO_ARTICLES


def in_utf8(path: str) -> str:
    """The path with every byte that is no UTF-8 written as \\xNN: no table can hold it otherwise, no file has it."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def modified_ns(stamp: str) -> int:
    """The file's time of modification in a stamp, in nanoseconds since 1970."""
    return int(stamp.lstrip(FRESH).split(";")[0].split(":")[1])


def plan_run(items: Mapping[str, str], ledger: pa.Table, *, logic: Logic) -> Plan:
    """Compares the folder (paths and stamps) with the ledger (source_path, stamp, clean_logic, extract_logic).

    Most files are as they were: only those that differ become items.
    """
    known: dict[Any, Any] = dict(zip(ledger["source_path"].to_pylist(), ledger["stamp"].to_pylist(), strict=True))
    gone = known.keys() - items.keys()
    differing = sorted(path for path, stamp in items.items() if known.get(path) != stamp or stamp.startswith(FRESH))
    done = gone.union(differing)
    stale, from_text = [], []
    for path, clean, extract in _others(ledger, logic):
        if path in done:
            continue
        if clean != logic.clean:
            stale.append(path)
        elif extract != logic.extract_of(path):
            from_text.append(path)

    def listed(paths: Iterable[str]) -> tuple[FileItem, ...]:
        return tuple(FileItem(path, items[path]) for path in paths)

    return Plan(
        new=listed(path for path in differing if path not in known),
        changed=listed(path for path in differing if path in known),
        gone=tuple(sorted(gone)),
        stale=listed(sorted(stale)),
        from_text=listed(sorted(from_text)),
        unchanged=len(items) - len(differing) - len(stale) - len(from_text),
    )


def _others(ledger: pa.Table, logic: Logic) -> list[tuple[str, str, str]]:
    """Path and logic of the files that were made by other code, or that an analyst's own files have to do with."""
    names = ("source_path", "clean_logic", "extract_logic")
    found = [set(pc.unique(ledger[name]).to_pylist()) for name in names[1:]]
    if found[0] <= {logic.clean} and found[1] <= {logic.extract} and not logic.own_files:
        return []  # as in most runs; what follows imports pandas
    clean, extract = pa.scalar(logic.clean), pa.scalar(logic.extract)
    other = pc.or_(pc.not_equal(ledger[names[1]], clean), pc.not_equal(ledger[names[2]], extract))
    own = pa.array(logic.own_files, pa.string())
    rows = ledger.filter(pc.or_(other, pc.is_in(ledger[names[0]], own)))
    return list(zip(*(rows[n].to_pylist() for n in names), strict=True))


def make_batches(plan: Plan, *, work: Folder, size: int, logic: Logic) -> list[Batch]:
    """The plan's files in batches: those to read from the folder first, then those coded anew from stored text.

    A batch's folder is named by what goes into it, so that an interrupted run's finished batches are found again.
    """
    from_files = sorted((*plan.new, *plan.changed, *plan.stale), key=lambda i: i.source_path)
    groups = [(False, chunk) for chunk in _chunks(from_files, size)]
    groups += [(True, chunk) for chunk in _chunks(plan.from_text, size)]
    return [
        Batch(
            number=n,
            of=len(groups),
            stored=stored,
            folder=work.at(_key(items, stored, logic)),
            items=tuple(items),
            corrections=logic.corrections_of({i.source_path for i in items}),
            vocabulary=logic.vocabulary,
        )
        for n, (stored, items) in enumerate(groups, 1)
    ]


def _key(items: Sequence[FileItem], stored: bool, logic: Logic) -> str:
    digest = hashlib.blake2b(repr((stored, logic)).encode(), digest_size=12)
    for item in items:
        digest.update(f"{item.source_path}\0{item.stamp}\0".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _chunks(items: Sequence[FileItem], size: int) -> Iterator[Sequence[FileItem]]:
    return (items[k : k + size] for k in range(0, len(items), size))
