"""Located events as GeoJSON (RFC 7946): a point each, in WGS 84."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

PROPERTIES = (
    "event_id", "date", "date_end", "date_precision", "event_type", "modality", "actor", "action", "target",
    "actor_country", "target_country", "place_name", "place_country", "place_precision", "place_source",
    "killed", "injured", "arrested", "sentence", "article_key",
)  # fmt: skip


def to_geojson(events: pa.Table, *, urls: Mapping[str, str]) -> Iterator[str]:
    """The pieces of a FeatureCollection of the events that have a place. `urls`: addresses by article_key."""
    located = events.filter(pc.is_valid(events["latitude"]))
    yield '{"type": "FeatureCollection", "features": [\n'
    before = ""
    for row in located.select(("longitude", "latitude", *PROPERTIES)).to_pylist():
        at = [row.pop("longitude"), row.pop("latitude")]
        facts = {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
        feature = {
            "type": "Feature",
            "id": row["event_id"],
            "geometry": {"type": "Point", "coordinates": at},
            "properties": facts | {"url": urls.get(row["article_key"])},
        }
        yield before + json.dumps(feature, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"
