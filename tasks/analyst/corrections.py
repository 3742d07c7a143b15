"""An analyst's own corrections of events: a CSV file that says which event to reject and which field to set.

    source_path,event_id,field,value,note
    2022/summit.txt,80af95916824ef22,reject,,a rehearsal
    2022/summit.txt,c4b44f0d55421468,date,2022-09-14,

An empty value sets null. `note` is for people.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.contracts import codes
from tasks.contracts.errors import UsageFault
from tasks.contracts.records import Correction, Reject
from tasks.contracts.tables import EVENTS, REJECTS

HEAD = ("source_path", "event_id", "field", "value", "note")
REJECT = "reject"
STAGE = "corrections"
MARK = "; corrected: "  # in the event's rule, before the fields that were set
CHOICES: dict[str, tuple[str, ...]] = {
    "event_type": tuple(codes.EVENT_TYPES),
    "modality": codes.MODALITIES,
    "date_precision": codes.DATE_PRECISIONS,
    "place_precision": codes.PLACE_PRECISIONS,
}
FIELDS = (
    "date", "date_end", "date_precision", "actor", "target", "location", "actor_country", "target_country",
    "actor_sector", "target_sector", "event_type", "modality", "claimant", "place_name", "place_country", "latitude",
    "longitude", "geonameid", "place_precision", "killed", "injured", "arrested",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The events as corrected, what was rejected, and the corrections whose event does not exist (any more)."""

    events: pa.Table
    rejects: pa.Table
    unused: tuple[Correction, ...]


def read_corrections(text: str, *, name: str) -> tuple[Correction, ...]:
    """The corrections of a file's text. Raises UsageFault naming file and line at the first wrong row."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != HEAD:
        raise UsageFault(f"{name}, line 1: the columns must be {','.join(HEAD)}")
    return tuple(_correction(row, f"{name}, line {reader.line_num}") for row in reader)


def apply_corrections(events: pa.Table, corrections: Iterable[Correction]) -> Corrected:
    """The events with the corrections applied; untouched rows stay as they are, touched ones say so in `rule`.

    A new event type brings its quad class and Goldstein value, a new actor or target its list, a new date its end.
    """
    by_event: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        by_event[correction.event_id].append(correction)
    touched = pc.is_in(events["event_id"], pa.array(sorted(by_event), pa.string()))
    rows = events.filter(touched).to_pylist()
    known = {row["event_id"] for row in rows}
    rejected = [row for row in rows if any(c.field == REJECT for c in by_event[row["event_id"]])]
    gone = {row["event_id"] for row in rejected}
    changed = [_corrected(row, by_event[row["event_id"]]) for row in rows if row["event_id"] not in gone]
    kept = pa.concat_tables([events.filter(pc.invert(touched)), pa.Table.from_pylist(changed, schema=events.schema)])
    return Corrected(
        events=EVENTS.sort(kept.combine_chunks()),
        rejects=REJECTS.build(_reject(row, by_event[row["event_id"]]) for row in rejected),
        unused=tuple(c for event_id, of_event in by_event.items() if event_id not in known for c in of_event),
    )


def _correction(row: Mapping[str, Any], where: str) -> Correction:
    field, value = row["field"], row["value"] or None
    if None in row or None in row.values():
        raise UsageFault(f"{where}: {len(HEAD)} cells are expected ({','.join(HEAD)}); quote a cell that holds a comma")
    if not row["source_path"] or not row["event_id"]:
        raise UsageFault(f"{where}: source_path and event_id must be given; `dateline show` has both")
    if field != REJECT and field not in FIELDS:
        raise UsageFault(f"{where}: {field!r} is no field to correct; take reject or one of {', '.join(FIELDS)}")
    return Correction(
        source_path=row["source_path"],
        event_id=row["event_id"],
        field=field,
        value=None if field == REJECT else _value(field, value, where),
        note=row["note"] or "",
    )


def _value(field: str, text: str | None, where: str) -> Any:
    column = EVENTS.schema.field(field)
    if text is None:
        if not column.nullable:
            raise UsageFault(f"{where}: {field} cannot be empty")
        return None
    if field in CHOICES and text not in CHOICES[field]:
        raise UsageFault(f"{where}: {field} is {text!r}; it must be one of {', '.join(CHOICES[field])}")
    try:
        if pa.types.is_date(column.type):
            return datetime.date.fromisoformat(text)
        return pa.scalar(text).cast(column.type).as_py()
    except (ValueError, pa.ArrowInvalid):
        raise UsageFault(f"{where}: {text!r} is no {column.type} for {field}; write days as 2022-09-13") from None


def _corrected(row: dict[str, Any], corrections: Sequence[Correction]) -> dict[str, Any]:
    new = {c.field: c.value for c in corrections}
    derived: dict[str, Any] = {}
    if "event_type" in new:
        facts = codes.EVENT_TYPES[new["event_type"]]
        derived |= {"quad_class": facts.quad_class, "goldstein": facts.goldstein}
    for role in ("actor", "target"):
        if role in new:
            derived[f"{role}s"] = new[role].split("; ") if new[role] else []
    if "date" in new:
        derived |= {"date_end": new["date"], "date_precision": "day" if new["date"] else None}
        derived["date_source"] = "explicit" if new["date"] else "none"
    return row | derived | new | {"rule": f"{row['rule']}{MARK}{', '.join(sorted(new))}"}


def _reject(row: Mapping[str, Any], corrections: Sequence[Correction]) -> Reject:
    notes = [c.note for c in corrections if c.field == REJECT and c.note]
    return Reject(
        stage=STAGE,
        source_path=row["source_path"],
        article_key=row["article_key"],
        reason=codes.RejectReason.CORRECTION,
        detail="; ".join([row["event_id"], *notes]),
        row=json.dumps(row, default=str, ensure_ascii=False, sort_keys=True),
    )
