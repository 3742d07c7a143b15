"""What lies in the seeds folder, and what of it has to be done: nothing is opened here."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from tasks.contracts.errors import StoreError
from tasks.contracts.stages import Batch, FileItem
from tasks.lexicon.vocabulary import NAME as VOCABULARY
from tasks.logic import Logic
from tasks.storage.folder import Address, Folder, open_folder

SIDECAR = ".meta.json"
UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".swp")
CORRECTIONS = "corrections.csv"
NO_ARTICLES = frozenset({"readme.md", "readme.txt", "dateline.toml", CORRECTIONS})
FRESH = "~"  # first character of a stamp that may hide an edit within the file system's own time step


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


def list_inputs(seeds: Address, *, settle_seconds: float) -> Iterator[FileItem]:
    """Every input file of the folder tree with its stamp, in the order of the paths.

    Hidden files, unfinished copies, sidecars, READMEs and an analyst's own vocabulary are no inputs; links are listed,
    never followed.
    Raises StoreError where the folder is missing or cannot be listed.
    """
    folder = open_folder(seeds)
    if not folder.is_there():
        raise no_seeds(folder)
    fresh_ns = time.time_ns() - int(settle_seconds * 1e9)
    found = folder.walk(is_no_input)
    for path in sorted(found):
        if path.endswith(SIDECAR) or path.startswith(f"{VOCABULARY}/"):
            continue
        facts = [found[path]]
        sidecar = next((found[name] for name in sidecar_names(path) if name in found), None)
        if sidecar is not None:
            facts.append(sidecar)
        fresh = any(f.modified_ns > fresh_ns and not f.settled for f in facts)
        stamp = ";".join(f.stamp for f in facts)
        yield FileItem(in_utf8(path), f"{FRESH}{stamp}" if fresh else stamp)


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
    return name.startswith(".") or name.endswith(("~", *UNFINISHED)) or name.lower() in NO_ARTICLES


def in_utf8(path: str) -> str:
    """The path with every byte that is no UTF-8 written as \\xNN: no table can hold it otherwise, no file has it."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def modified_ns(stamp: str) -> int:
    """The file's time of modification in a stamp, in nanoseconds since 1970."""
    return int(stamp.lstrip(FRESH).split(";")[0].split(":")[1])


def plan_run(items: Sequence[FileItem], ledger: pa.Table, *, logic: Logic) -> Plan:
    """Compares the folder with the ledger (columns source_path, stamp, clean_logic, extract_logic)."""
    names = ("source_path", "stamp", "clean_logic", "extract_logic")
    known = {row[0]: row[1:] for row in zip(*(ledger[n].to_pylist() for n in names), strict=True)}
    new, changed, stale, from_text = [], [], [], []
    unchanged = 0
    for item in items:
        row = known.pop(item.source_path, None)
        if row is None:
            new.append(item)
        elif row[0] != item.stamp or item.stamp.startswith(FRESH):
            changed.append(item)
        elif row[1] != logic.clean:
            stale.append(item)
        elif row[2] != logic.extract_of(item.source_path):
            from_text.append(item)
        else:
            unchanged += 1
    return Plan(
        new=tuple(new),
        changed=tuple(changed),
        gone=tuple(sorted(known)),
        stale=tuple(stale),
        from_text=tuple(from_text),
        unchanged=unchanged,
    )


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
