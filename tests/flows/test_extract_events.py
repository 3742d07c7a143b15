"""The flow on Prefect's test server: whole runs over small folders."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas
import pyarrow
import pytest
from prefect.settings import PREFECT_API_URL

import tasks.extract
import tasks.run
from tasks.contracts.errors import Fault
from tasks.contracts.tables import TABLES
from tasks.logic import Logic
from tasks.store import Store
from tests.flows.conftest import drop

pytestmark = pytest.mark.usefixtures("prefect_server")


def run(seeds: Path, outputs: Path, **options: Any) -> dict[str, Any]:
    from flows.extract_events import extract_events

    result: dict[str, Any] = extract_events(seeds=str(seeds), outputs=str(outputs), **options)
    return result


def digests(outputs: Path) -> dict[str, str]:
    version = Store(outputs).current()
    assert version is not None
    return {p.name: p.digest for p in version.parts if p.name.split("/")[0] in TABLES}


def test_articles_become_events_with_their_provenance(seeds: Path, tmp_path: Path) -> None:
    report = run(seeds, tmp_path / "out")
    assert (report["new"], report["articles"], report["rejects"]) == (3, 3, 0)
    events = pandas.read_parquet(tmp_path / "out" / "events")
    articles = pandas.read_parquet(tmp_path / "out" / "articles").set_index("article_key")
    killed = events[events["sentence"].str.startswith("Rebels seized") & (events["action"] == "kill")].iloc[0]
    assert (killed["actor"], killed["event_type"], str(killed["date"])) == ("Rebels", "ASSAULT", "2024-05-03")
    assert (killed["target"], killed["killed"]) == ("two soldiers", 2)
    text = articles.loc[killed["article_key"], "text"]
    assert text[killed["trigger_start"] : killed["trigger_end"]] == "killed"
    assert text[killed["sentence_start"] : killed["sentence_end"]] == killed["sentence"]


def test_a_second_run_does_nothing_and_leaves_the_same_bytes(seeds: Path, tmp_path: Path) -> None:
    first = run(seeds, tmp_path / "out")
    before = digests(tmp_path / "out")
    second = run(seeds, tmp_path / "out")
    assert (second["new"], second["changed"], second["recoded"], second["unchanged"]) == (0, 0, 0, 3)
    assert second["version"] == first["version"]
    assert digests(tmp_path / "out") == before


def test_a_run_that_finds_nothing_to_do_imports_none_of_the_slow_libraries(seeds: Path, tmp_path: Path) -> None:
    run(seeds, tmp_path / "out")
    command = (
        "import atexit, sys; from flows.cli import main; "
        "atexit.register(lambda: print('imported:', {'spacy', 'great_expectations', 'pandas'} & sys.modules.keys())); "
        "main()"
    )
    arguments = [sys.executable, "-c", command, "run", "--seeds", str(seeds), "--outputs", str(tmp_path / "out")]
    env = {**os.environ, "PREFECT_API_URL": PREFECT_API_URL.value()}
    done = subprocess.run(arguments, env=env, capture_output=True, text=True)
    assert "0 new, 0 changed, 0 gone, 0 coded anew, 3 unchanged files" in done.stdout, done.stderr
    assert "imported: set()" in done.stdout


def test_after_adding_editing_and_deleting_the_tables_equal_those_of_a_run_from_nothing(
    seeds: Path, tmp_path: Path
) -> None:
    run(seeds, tmp_path / "steps")
    drop(
        seeds / "new.txt", "Peru recalls envoy\n\n3 June 2024\n\nPeru recalled its ambassador from Bolivia on Monday.\n"
    )
    drop(seeds / "bridge.txt", (seeds / "bridge.txt").read_text().replace("two soldiers", "nine soldiers"))
    (seeds / "sub" / "strike.txt").unlink()
    report = run(seeds, tmp_path / "steps")
    assert (report["new"], report["changed"], report["gone"], report["unchanged"]) == (1, 1, 1, 1)
    run(seeds, tmp_path / "once")
    assert digests(tmp_path / "steps") == digests(tmp_path / "once")


def test_new_rules_code_the_stored_text_again_without_reading_a_file(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeds, tmp_path / "out")
    before = digests(tmp_path / "out")
    now = tasks.run.current_logic(tasks.run.settings_for(seeds))
    monkeypatch.setattr(tasks.run, "current_logic", lambda *_: Logic(clean=now.clean, extract="newer rules"))
    monkeypatch.setattr(tasks.ingest, "fetch_item", lambda *_, **__: pytest.fail("a file was read"))
    report = run(seeds, tmp_path / "out")
    assert (report["recoded"], report["unchanged"]) == (3, 0)
    assert digests(tmp_path / "out") == before


def test_what_cannot_be_read_is_a_reject_with_its_reason_and_the_rest_is_published(seeds: Path, tmp_path: Path) -> None:
    (seeds / "empty.txt").write_bytes(b"")
    (seeds / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20)
    (seeds / "large.txt").write_bytes(b"word " * 1_200_000)
    (seeds / "link.txt").symlink_to(seeds / "bridge.txt")
    report = run(seeds, tmp_path / "out")
    rejects = pandas.read_parquet(tmp_path / "out" / "rejects").set_index("source_path")["reason"]
    assert dict(rejects) == {
        "empty.txt": "empty",
        "picture.txt": "not text",
        "large.txt": "too large",
        "link.txt": "not a regular file",
    }
    assert report["articles"] == 3


def test_of_two_files_with_one_key_the_first_by_name_holds_it_whichever_came_first(seeds: Path, tmp_path: Path) -> None:
    drop(seeds / "zzz.json", json.dumps({"id": "same", "text": "Chile signed a treaty with Peru on Monday."}))
    run(seeds, tmp_path / "steps")
    drop(seeds / "aaa.json", json.dumps({"id": "same", "text": "Kenya expelled two diplomats on Monday."}))
    run(seeds, tmp_path / "steps")
    run(seeds, tmp_path / "once")
    assert digests(tmp_path / "steps") == digests(tmp_path / "once")
    rejects = pandas.read_parquet(tmp_path / "once" / "rejects")
    assert rejects[["source_path", "reason"]].values.tolist() == [["zzz.json", "duplicate key"]]
    (seeds / "aaa.json").unlink()
    run(seeds, tmp_path / "steps")
    assert "zzz.json" in set(pandas.read_parquet(tmp_path / "steps" / "articles")["source_path"])


def test_a_broken_row_is_rejected_under_its_expectation_and_the_other_rows_are_published(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tasks.extract.code_all

    def with_a_broken_row(*args: Any, **kwargs: Any) -> Any:
        coding = whole(*args, **kwargs)
        first, *others = coding.events.to_pylist()
        rows = [first | {"latitude": 123.0}, *others]
        return dataclasses.replace(coding, events=pyarrow.Table.from_pylist(rows, coding.events.schema))

    run(seeds, tmp_path / "sound")
    monkeypatch.setattr(tasks.extract, "code_all", with_a_broken_row)
    run(seeds, tmp_path / "broken")
    sound = pandas.read_parquet(tmp_path / "sound" / "events")
    broken = pandas.read_parquet(tmp_path / "broken" / "events")
    rejects = pandas.read_parquet(tmp_path / "broken" / "rejects")
    assert set(rejects["reason"]) == {"expectation"}
    assert rejects["detail"].str.contains("latitude").all()
    assert len(broken) + len(rejects) == len(sound)
    articles = pandas.read_parquet(tmp_path / "broken" / "articles").set_index("article_key")
    assert articles["n_events"].to_dict() == broken["article_key"].value_counts().to_dict()
    assert json.loads(rejects["row"][0])["latitude"] == 123.0


def test_a_critical_failure_of_a_whole_table_leaves_the_last_version_untouched(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    towns = ("Aden", "Bria", "Cali", "Daraa", "Erbil", "Faro", "Goma", "Hama", "Idlib", "Jos", "Kayes", "Lome")
    drop(seeds / "long.txt", "\n\n".join(f"Rebels attacked {t} and the army bombed {t} on Friday." for t in towns))
    run(seeds, tmp_path / "out")
    before = digests(tmp_path / "out")
    whole = tasks.extract.code_all

    def with_all_rows_broken(*args: Any, **kwargs: Any) -> Any:
        coding = whole(*args, **kwargs)
        rows = [row | {"trigger_end": 0} for row in coding.events.to_pylist()]
        return dataclasses.replace(coding, events=pyarrow.Table.from_pylist(rows, coding.events.schema))

    monkeypatch.setattr(tasks.extract, "code_all", with_all_rows_broken)
    with pytest.raises(Fault, match="few"):
        run(seeds, tmp_path / "out", rebuild=True)
    assert digests(tmp_path / "out") == before


def test_the_files_own_day_counts_only_where_a_setting_asks_for_it(seeds: Path, tmp_path: Path) -> None:
    drop(seeds / "undated.txt", "Peru recalled its ambassador from Bolivia, and Bolivia protested at once.")
    run(seeds, tmp_path / "without")
    (seeds / "dateline.toml").write_text("published_from_file_time = true")
    run(seeds, tmp_path / "with")
    for folder, expected in (("without", (None, "none")), ("with", ("2023-11-14", "file"))):
        articles = pandas.read_parquet(tmp_path / folder / "articles").set_index("article_key")
        day = articles.loc["undated.txt", "published"]
        assert (str(day) if day else None, articles.loc["undated.txt", "published_source"]) == expected


def test_a_correction_codes_its_own_file_again_and_is_marked(seeds: Path, tmp_path: Path) -> None:
    run(seeds, tmp_path / "out")
    events = pandas.read_parquet(tmp_path / "out" / "events")
    wrong, other = events[events["source_path"] == "bridge.txt"].iloc[:2]["event_id"]
    lines = ("source_path,event_id,field,value,note", f"bridge.txt,{wrong},killed,4,", f"bridge.txt,{other},reject,,no")
    drop(seeds / "corrections.csv", "\n".join(lines))
    report = run(seeds, tmp_path / "out")
    assert (report["recoded"], report["unchanged"], report["rejects"]) == (1, 2, 1)
    corrected = pandas.read_parquet(tmp_path / "out" / "events").set_index("event_id")
    assert corrected.loc[wrong, "killed"] == 4
    assert corrected.loc[wrong, "rule"].endswith("corrected: killed")
    assert other not in corrected.index
    (seeds / "corrections.csv").unlink()
    run(seeds, tmp_path / "out")
    pandas.testing.assert_frame_equal(pandas.read_parquet(tmp_path / "out" / "events"), events)


def test_an_own_vocabulary_codes_just_what_it_touches_as_a_run_from_nothing_does(seeds: Path, tmp_path: Path) -> None:
    run(seeds, tmp_path / "steps")
    before = pandas.read_parquet(tmp_path / "steps" / "events")
    drop(seeds / "vocabulary" / "actors.csv", "name,sectors,country\nNurses,LAB,\nChad,,SDN\n")
    drop(seeds / "vocabulary" / "places.csv", "name,country,latitude,longitude\nLeeds,IRL,53.1,-8.2\n")
    drop(seeds / "vocabulary" / "verbs.csv", "verb,object,type\nhost,talk,MOBILIZE\n")
    report = run(seeds, tmp_path / "steps")
    assert (report["new"], report["recoded"], report["unchanged"], report["rejects"]) == (0, 2, 1, 0)
    events = pandas.read_parquet(tmp_path / "steps" / "events")
    pandas.testing.assert_frame_equal(
        events[events["source_path"] == "bridge.txt"], before[before["source_path"] == "bridge.txt"]
    )
    marks = {rule.split("own vocabulary: ")[1] for rule in events["rule"] if "own vocabulary: " in rule}
    assert {"verb host", "actor Chad", "place Leeds"} <= {part for mark in marks for part in mark.split(", ")}
    hosted = events[events["rule"].str.contains("verb host")].iloc[0]
    assert (hosted["event_type"], hosted["quad_class"]) == ("MOBILIZE", 4)
    assert set(events[events["place_name"] == "Leeds"]["place_country"]) == {"IRL"}
    run(seeds, tmp_path / "once")
    assert digests(tmp_path / "steps") == digests(tmp_path / "once")
    drop(seeds / "vocabulary" / "verbs.csv", "verb,object,type\nhost,talk,MOBILIZE\nfrobnicate,,OTHER\n")
    assert run(seeds, tmp_path / "steps")["recoded"] == 0
    (seeds / "vocabulary" / "places.csv").unlink()
    assert run(seeds, tmp_path / "steps")["recoded"] == 1
    for left in (seeds / "vocabulary").iterdir():
        left.unlink()
    run(seeds, tmp_path / "steps")
    pandas.testing.assert_frame_equal(pandas.read_parquet(tmp_path / "steps" / "events"), before)
