"""Every export is loaded back by a reader of its kind, and nothing in it can do harm."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from xml.etree import ElementTree as ET

import openpyxl
import pandas
import pytest

from tasks.analyst.exports import FORMATS, export
from tasks.analyst.gdelt import COLUMNS as GDELT_COLUMNS
from tasks.analyst.links import web_address
from tasks.analyst.select import Choice, choose
from tasks.analyst.sheets import FORMULA_STARTS, safe
from tasks.contracts.tables import ARTICLES, EVENTS
from tasks.store import Version
from tests.analyst import sample


def written(version: Version, form: str) -> bytes:
    out = io.BytesIO()
    export(version.read("events"), out, form=form, articles=version.read("articles"))
    return out.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_equal_tables_give_equal_files(version: Version, form: str) -> None:
    assert written(version, form) == written(version, form)


def test_csv_loads_into_pandas_with_every_row_and_null(version: Version) -> None:
    frame = pandas.read_csv(io.BytesIO(written(version, "csv")))
    assert list(frame["event_id"]) == [e.event_id for e in (sample.shelling(), sample.hostile(), sample.talks())]
    assert frame["killed"].tolist()[0] == 3
    assert frame["target"].isna().tolist() == [False, False, True]
    assert frame.loc[2, "actor"] == "Turkey; Russia"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_cell_that_would_be_a_formula_is_text(start: str) -> None:
    assert safe(f"{start}1+1") == f"'{start}1+1"
    assert safe(-7.5) == -7.5


def test_no_cell_of_csv_or_xlsx_is_a_formula(version: Version) -> None:
    rows = list(csv.DictReader(io.StringIO(written(version, "csv").decode())))
    texts = [row[c] for row in rows for c in ("actor", "target", "location", "sentence")]
    assert not any(t.startswith(FORMULA_STARTS) for t in texts)
    book = openpyxl.load_workbook(io.BytesIO(written(version, "xlsx")))
    cells = [cell for row in book["events"].iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert f"'{sample.EVIL_NAME}" in [cell.value for cell in cells]


def test_xlsx_has_days_as_days_and_says_what_columns_mean(version: Version) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(version, "xlsx")))
    head = [cell.value for cell in book["events"][1]]
    assert book["events"].cell(2, head.index("date") + 1).value.date() == sample.MONDAY
    assert {row[0].value: row[2].value for row in book["columns"].iter_rows(min_row=2)}["killed"].startswith("People")


def test_geojson_holds_the_located_events_in_longitude_latitude(version: Version) -> None:
    features = json.loads(written(version, "geojson"))["features"]
    assert [f["geometry"]["coordinates"] for f in features] == [[37.16, 36.2], [39.73, 43.6]]
    assert features[0]["properties"]["date"] == "2016-08-01"
    assert features[0]["properties"]["url"] == "https://news.example/aleppo.txt"


def test_gexf_is_a_directed_network_of_actors_and_targets(version: Version) -> None:
    ns = {"g": "http://gexf.net/1.3"}
    graph = ET.fromstring(written(version, "gexf"))
    labels = {n.get("id"): n.get("label") for n in graph.iterfind(".//g:node", ns)}
    edges = [(labels[e.get("source")], labels[e.get("target")]) for e in graph.iterfind(".//g:edge", ns)]
    assert sorted(edges) == [(sample.EVIL_NAME, "Ada Ümit"), ("Rebels", "Aleppo")]
    assert [v.get("value") for v in graph.iterfind(".//g:node[@label='Rebels']//g:attvalue", ns)] == ["SYR", "REB", "1"]


def test_control_characters_do_not_break_the_network() -> None:
    events = EVENTS.build([sample.shelling(actor="Reb\x01els\ufffe")])
    out = io.BytesIO()
    export(events, out, form="gexf", articles=ARTICLES.build([sample.article("aleppo.txt", 1)]))
    assert b"Rebels" in out.getvalue()
    ET.fromstring(out.getvalue())


def test_gdelt_has_its_58_columns_and_cameo_roots(version: Version) -> None:
    frame = pandas.read_csv(io.BytesIO(written(version, "gdelt")), sep="\t", dtype=str)
    assert list(frame.columns) == list(GDELT_COLUMNS)
    assert len(GDELT_COLUMNS) == 58
    assert frame["EventRootCode"].tolist() == ["19", "18", "04"]  # rebels fight; the unknown assault
    assert frame["SQLDATE"].tolist() == ["20160801", "20160505", "20160803"]
    assert frame["GLOBALEVENTID"].astype("int64").gt(0).all()


def test_plover_lines_are_the_records_of_the_ontology(version: Version) -> None:
    records = [json.loads(line) for line in written(version, "jsonl").decode().splitlines()]
    assert records[2]["source"] == [
        {"actorText": "Turkey", "code": "TUR", "sector": "GOV"},
        {"actorText": "Russia", "code": "RUS", "sector": "GOV"},
    ]
    assert records[0] | {"event": "ASSAULT", "date": "2016-08-01", "killed": 3} == records[0]
    assert records[1]["url"] == ""  # javascript: is no address of the web


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (Choice(), 3),
        (Choice(first=date(2016, 8, 1)), 2),
        (Choice(first=date(2016, 8, 1), last=date(2016, 8, 2)), 1),
        (Choice(types=["ASSAULT"]), 2),
        (Choice(countries=["RUS"]), 1),
        (Choice(countries=["US"]), 0),  # part of a code is no country
        (Choice(actor="reb"), 1),
        (Choice(types=["ASSAULT"], actor="russia"), 0),
    ],
)
def test_events_are_chosen_by_day_type_country_and_name(version: Version, choice: Choice, found: int) -> None:
    assert choose(version.read("events"), choice=choice).num_rows == found


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://news.example/a", True),
        ("HTTP://news.example", True),
        ("javascript:alert(1)", False),
        ("https://a/ onclick=x", False),
        ('https://a/"><script>', False),
        ("data:text/html,x", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, kept: bool) -> None:
    assert (web_address(url) == url and url is not None) is kept
