"""Figures for papers and slides: PNG and SVG files of the asserted, coded events, made without a network."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.analyst.report import world_outlines
from tasks.contracts.codes import EVENT_TYPES

if TYPE_CHECKING:
    import altair as alt

QUADS = {
    1: ("verbal cooperation", "#78b4dd"),
    2: ("material cooperation", "#1a6aa8"),
    3: ("verbal conflict", "#eda251"),
    4: ("material conflict", "#c43d2e"),
}
WIDTH, HEIGHT = 640, 300
MOST_PARTIES = 12
MOST_MONTHS = 120  # beyond, bars are years
REMOTE = 0.02  # of the events at either end of the time may be left out: a year named in passing makes bars hairs
MEAN = "mean Goldstein"
SHARPNESS = 2  # pixels of the PNG for each unit of the figure


def figures(events: pa.Table) -> dict[str, alt.TopLevelMixin]:
    """The figures by name: over-time, types, map, who-whom; one without data is left out."""
    import altair as alt

    alt.data_transformers.disable_max_rows()
    coded = events.filter(pc.and_(pc.equal(events["modality"], "asserted"), pc.greater(events["quad_class"], 0)))
    made = {
        "over-time": _over_time(alt, coded),
        "types": _types(alt, coded),
        "map": _map(alt, coded),
        "who-whom": _who_whom(alt, coded),
    }
    return {name: figure for name, figure in made.items() if figure is not None}


def render(figure: alt.TopLevelMixin) -> dict[str, bytes]:
    """The figure's files by their suffix: png and svg."""
    import vl_convert

    spec = figure.to_json()
    return {
        "png": vl_convert.vegalite_to_png(spec, scale=SHARPNESS),
        "svg": vl_convert.vegalite_to_svg(spec).encode(),
    }


def _over_time(alt: Any, events: pa.Table) -> Any:
    dated = events.filter(pc.is_valid(events["date"]))
    if not dated.num_rows:
        return None
    days = sorted(dated["date"].to_pylist())
    first, last = days[round(len(days) * REMOTE)], days[-1 - round(len(days) * REMOTE)]
    by_month = (last - first).days < MOST_MONTHS * 31
    step, form = ("month", "%Y-%m-01") if by_month else ("year", "%Y-01-01")
    first, last = (date.fromisoformat(f"{day:{form}}") for day in (first, last))
    counts: Counter[tuple[str, str]] = Counter()
    remote = 0
    for day, quad in zip(dated["date"].to_pylist(), dated["quad_class"].to_pylist(), strict=True):
        start = f"{day:{form}}"
        if first.isoformat() <= start <= last.isoformat():
            counts[start, QUADS[quad][0]] += 1
        else:
            remote += 1
    rows = [{"start": start, "class": quad, "events": n} for (start, quad), n in sorted(counts.items())]
    title = alt.Title(f"Events by {step}", subtitle=f"{remote:,} earlier or later ones left out" if remote else "")
    unit = "yearmonth" if by_month else "year"
    return (
        alt.Chart(alt.Data(values=rows), title=title, width=WIDTH, height=HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X("start:T", title=None, timeUnit=unit),
            y=alt.Y("events:Q", title="events"),
            color=alt.Color("class:N", title=None, scale=_quad_scale(alt)),
        )
    )


def _types(alt: Any, events: pa.Table) -> Any:
    if not events.num_rows:
        return None
    counts = Counter(events["event_type"].to_pylist())
    rows = [{"type": t, "events": n, "class": QUADS[EVENT_TYPES[t].quad_class or 0][0]} for t, n in counts.items()]
    rows.sort(key=lambda row: (-counts[row["type"]], row["type"]))
    return (
        alt.Chart(alt.Data(values=rows), title="Events by type", width=WIDTH, height=HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X("events:Q", title="events"),
            y=alt.Y("type:N", title=None, sort="-x"),
            color=alt.Color("class:N", title=None, scale=_quad_scale(alt)),
        )
    )


def _map(alt: Any, events: pa.Table) -> Any:
    located = events.filter(pc.is_valid(events["latitude"]))
    columns = ("place_name", "latitude", "longitude", "goldstein")
    found: Counter[tuple[str, float, float]] = Counter()
    sums: Counter[tuple[str, float, float]] = Counter()
    for *place, value in zip(*(located[c].to_pylist() for c in columns), strict=True):
        name, latitude, longitude = place
        found[name, latitude, longitude] += 1
        sums[name, latitude, longitude] += value
    if not found:
        return None
    spots = [
        {"latitude": y, "longitude": x, "events": n, MEAN: round(sums[p, y, x] / n, 2)}
        for (p, y, x), n in sorted(found.items(), key=lambda place: (-place[1], place[0]))  # the small ones on top
    ]
    land = [_feature(ring) for rings in world_outlines().values() for ring in rings]
    world = alt.Chart(alt.Data(values=land)).mark_geoshape(fill="#e6eaf0", stroke="white", strokeWidth=0.5)
    circles = (
        alt.Chart(alt.Data(values=spots))
        .mark_circle(opacity=0.85, stroke="white", strokeWidth=0.5)
        .encode(
            longitude="longitude:Q",
            latitude="latitude:Q",
            size=alt.Size(
                "events:Q",
                scale=alt.Scale(range=[20, 500]),
                legend=alt.Legend(values=sorted({1, max(found.values())}), format="d"),
            ),
            color=_tone(alt),
        )
    )
    return (world + circles).project("equalEarth").properties(title="Where", width=WIDTH, height=WIDTH // 2)


def _who_whom(alt: Any, events: pa.Table) -> Any:
    found: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    columns = ("actor_country", "target_country", "goldstein")
    for actors, targets, value in zip(*(events[c].to_pylist() for c in columns), strict=True):
        for pair in ((a, b) for a in (actors or "").split(";") for b in (targets or "").split(";") if a and b):
            found[pair] += 1
            sums[pair] += value
    top = {code for code, _ in Counter(code for pair in found.elements() for code in pair).most_common(MOST_PARTIES)}
    rows = [
        {"actor": a, "target": b, "events": n, MEAN: round(sums[a, b] / n, 2)}
        for (a, b), n in sorted(found.items())
        if a in top and b in top
    ]
    if not rows:
        return None
    base = alt.Chart(alt.Data(values=rows), title="Who acts on whom", width=HEIGHT, height=HEIGHT).encode(
        x=alt.X("target:N", title="target"), y=alt.Y("actor:N", title="actor")
    )
    return base.mark_rect().encode(color=_tone(alt)) + base.mark_text().encode(text="events:Q")


def _tone(alt: Any) -> Any:
    """Red for conflict to blue for cooperation; between them a grey that is seen on land, too."""
    colours = ["#c43d2e", "#c9cdd6", "#1a6aa8"]
    return alt.Color(f"{MEAN}:Q", scale=alt.Scale(range=colours, domain=[-8, 0, 8], interpolate="rgb", clamp=True))


def _feature(ring: list[float]) -> dict[str, Any]:
    """A ring as a feature, clockwise: drawn the other way round it would be all of the globe but itself."""
    points = [list(p) for p in zip(ring[::2], ring[1::2], strict=True)]
    area = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(points, [*points[1:], points[0]], strict=True))
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [points if area > 0 else points[::-1]]},
    }


def _quad_scale(alt: Any) -> Any:
    return alt.Scale(domain=[name for name, _ in QUADS.values()], range=[colour for _, colour in QUADS.values()])
