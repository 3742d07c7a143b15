"""What differs between two versions of the events, and which article or logic it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

KEY = "event_id"
# Offsets move with any edit before the sentence, lists repeat actor and target: neither is a change of the event.
NOT_COMPARED = frozenset(
    {"sentence_index", "sentence_start", "sentence_end", "trigger_start", "trigger_end", "actors", "targets"}
)
CAME, WENT, CHANGED = "came", "went", "changed"
OF_THE_FILE = NEW, GONE, EDITED = "new file", "file gone", "file changed"  # causes; the others are of the logic


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """An event that came, went or changed. `fields`: name, value before, value after; empty unless it changed."""

    kind: str
    event: Mapping[str, Any]
    cause: str
    fields: tuple[tuple[str, Any, Any], ...] = ()


def diff_events(old: pa.Table, new: pa.Table, *, old_ledger: pa.Table, new_ledger: pa.Table) -> list[EventChange]:
    """The changes in the order of source_path and place in the text, with the cause of each.

    A cause is one of: new file, file gone, file changed; cleaning, extraction or corrections changed, with "and"
    between several; another article (a copy was found, or a key is held by another file).
    """
    causes = _causes(_rows(old_ledger), _rows(new_ledger))
    came = new.filter(pc.invert(pc.is_in(new[KEY], old[KEY].combine_chunks())))
    went = old.filter(pc.invert(pc.is_in(old[KEY], new[KEY].combine_chunks())))
    changes = [EventChange(kind=CAME, event=e, cause=causes[e["source_path"]]) for e in came.to_pylist()]
    changes += [EventChange(kind=WENT, event=e, cause=causes[e["source_path"]]) for e in went.to_pylist()]
    for before, after in _changed(old, new):
        fields = tuple((k, before[k], v) for k, v in after.items() if k not in NOT_COMPARED and before[k] != v)
        changes.append(EventChange(kind=CHANGED, event=after, cause=causes[after["source_path"]], fields=fields))
    return sorted(changes, key=lambda c: (c.event["source_path"], c.event["trigger_start"], c.event[KEY], c.kind))


def count_causes(changes: Sequence[EventChange]) -> list[tuple[str, str, int]]:
    """How many came, went and changed for each cause, the most first."""
    counts: dict[tuple[str, str], int] = {}
    for change in changes:
        counts[change.kind, change.cause] = counts.get((change.kind, change.cause), 0) + 1
    return sorted(((kind, cause, n) for (kind, cause), n in counts.items()), key=lambda c: (-c[2], c[0], c[1]))


def new_ids(old: pa.Table | None, new: pa.Table) -> frozenset[str]:
    """The ids of events that the older version did not have; empty where there is none."""
    if old is None:
        return frozenset()
    return frozenset(new[KEY].filter(pc.invert(pc.is_in(new[KEY], old[KEY].combine_chunks()))).to_pylist())


def _changed(old: pa.Table, new: pa.Table) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows with one id in both that differ in a compared column."""
    at = pc.index_in(new[KEY], old[KEY].combine_chunks())
    both = pc.is_valid(at)
    mine, theirs = new.filter(both), old.take(at.filter(both))
    names = [n for n in new.column_names if n not in NOT_COMPARED and n in old.column_names]
    differs = pa.chunked_array([[False] * mine.num_rows], pa.bool_())
    for name in names:
        a, b = theirs[name], mine[name]
        same = pc.fill_null(pc.equal(a, b), False)
        differs = pc.or_(differs, pc.invert(pc.or_(same, pc.and_(pc.is_null(a), pc.is_null(b)))))
    before, after = theirs.select(names).filter(differs).to_pylist(), mine.filter(differs).to_pylist()
    return [(b | {n: None for n in a if n not in b}, a) for b, a in zip(before, after, strict=True)]


def _rows(ledger: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["source_path"]: row for row in ledger.to_pylist()}


def _causes(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {path: _cause(old.get(path), new.get(path)) for path in {*old, *new}}


def _cause(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if old is None:
        return NEW
    if new is None:
        return GONE
    if old["content_hash"] != new["content_hash"]:
        return EDITED
    was, now = (_parts(row["extract_logic"]) for row in (old, new))
    differs = {
        "cleaning": old["clean_logic"] != new["clean_logic"],
        "extraction": was[0] != now[0],
        "corrections": was[1] != now[1],
        "own vocabulary": was[2] != now[2],
    }
    stages = [name for name, differ in differs.items() if differ]
    return f"{' and '.join(stages)} changed" if stages else "another article"


def _parts(extract_logic: str) -> tuple[str, str, str]:
    """The digests of the code, of the file's corrections and of what of the vocabulary touches it."""
    rest, _, vocabulary = extract_logic.partition("*")
    code, _, corrections = rest.partition("+")
    return code, corrections, vocabulary
