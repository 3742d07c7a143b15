"""What differs between versions, what an analyst corrects, and what is suggested."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from tasks.analyst.corrections import MARK, apply_corrections, read_corrections
from tasks.analyst.diff import count_causes, diff_events, new_ids
from tasks.analyst.names import is_name, parties
from tasks.analyst.sql import query
from tasks.analyst.suggest import suggest
from tasks.contracts.errors import UsageFault
from tasks.contracts.tables import EVENTS
from tasks.logic import Logic
from tasks.store import Store, Version
from tests.analyst import sample

HEAD = "source_path,event_id,field,value,note\n"


def test_a_diff_says_what_came_went_and_changed_and_why(outputs: Path, version: Version) -> None:
    old = Store(outputs).version(1)
    changes = diff_events(
        old.read("events"), version.read("events"), old_ledger=old.read("ledger"), new_ledger=version.read("ledger")
    )
    told = [(c.kind, c.event["event_id"][:4], c.cause, c.fields) for c in changes]
    assert told == [
        ("changed", "0a1b", "extraction changed", (("killed", None, 3),)),
        ("came", "3d4e", "new file", ()),
        ("went", "2c3d", "extraction changed", ()),
    ]
    assert count_causes(changes)[0][2] == 1
    assert new_ids(old.read("events"), version.read("events")) == {"3d4e5f60718293a4"}


def test_a_version_does_not_differ_from_itself(version: Version) -> None:
    events, ledger = version.read("events"), version.read("ledger")
    assert diff_events(events, events, old_ledger=ledger, new_ledger=ledger) == []


@pytest.mark.parametrize(
    ("clean", "extract", "cause"),
    [
        ("c", "0009", "extraction changed"),
        ("d", "0009", "cleaning and extraction changed"),
        ("c", "0002+a1", "corrections changed"),
        ("c", "0002*b2", "own vocabulary changed"),
        ("c", "0009+a1*b2", "extraction and corrections and own vocabulary changed"),
        ("c", "0002", "another article"),
    ],
)
def test_the_cause_is_read_from_the_ledger(version: Version, clean: str, extract: str, cause: str) -> None:
    events, ledger = version.read("events"), version.read("ledger")
    later = ledger
    for name, value in (("clean_logic", clean), ("extract_logic", extract)):
        later = later.set_column(later.schema.get_field_index(name), name, pa.array([value] * ledger.num_rows))
    (change,) = diff_events(events, events.slice(1), old_ledger=ledger, new_ledger=later)
    assert (change.kind, change.cause) == ("went", cause)


def corrected(lines: str) -> tuple[dict[str, dict[str, object]], pa.Table]:
    events = EVENTS.build([sample.shelling(), sample.talks()])
    done = apply_corrections(events, read_corrections(HEAD + lines, name="corrections.csv"))
    return {e["event_id"]: e for e in done.events.to_pylist()}, done.rejects


def test_a_field_is_set_with_what_follows_from_it_and_marked() -> None:
    events, _ = corrected(
        "aleppo.txt,0a1b2c3d4e5f6071,event_type,COERCE,\n"
        "aleppo.txt,0a1b2c3d4e5f6071,actor,Militia; Police,\n"
        "aleppo.txt,0a1b2c3d4e5f6071,date,2016-07-31,\n"
        "aleppo.txt,0a1b2c3d4e5f6071,killed,,\n"
    )
    event = events["0a1b2c3d4e5f6071"]
    assert (event["event_type"], event["quad_class"], event["goldstein"]) == ("COERCE", 4, -7.0)
    assert event["actors"] == ["Militia", "Police"]
    assert event["date"] == event["date_end"] == date(2016, 7, 31)
    assert event["killed"] is None
    assert str(event["rule"]).endswith(f"{MARK}actor, date, event_type, killed")
    assert MARK not in str(events["1b2c3d4e5f607182"]["rule"])


def test_a_rejected_event_is_a_reject_with_its_note() -> None:
    events, rejects = corrected("sochi.txt,1b2c3d4e5f607182,reject,,a rehearsal\n")
    assert set(events) == {"0a1b2c3d4e5f6071"}
    assert rejects.to_pylist()[0]["detail"] == "1b2c3d4e5f607182; a rehearsal"


def test_corrections_of_events_that_are_gone_are_told() -> None:
    events = EVENTS.build([sample.talks()])
    gone = read_corrections(f"{HEAD}x.txt,ffff,reject,,\n", name="corrections.csv")
    assert apply_corrections(events, gone).unused == gone
    assert apply_corrections(events, gone).events.equals(events)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("event_id,field\n", "line 1: the columns must be"),
        (f"{HEAD}a.txt,x,colour,red,\n", "line 2: 'colour' is no field"),
        (f"{HEAD}a.txt,x,date,May,\n", "line 2: 'May' is no date32"),
        (f"{HEAD}a.txt,x,event_type,WAR,\n", "must be one of AGREE"),
        (f"{HEAD}a.txt,x,event_type,,\n", "event_type cannot be empty"),
        (f"{HEAD},x,reject,,\n", "source_path and event_id must be given"),
        (f"{HEAD}a.txt,x,actor,Smith, John,\n", "line 2: 5 cells are expected"),
        (f"{HEAD}a.txt,x,reject\n", "line 2: 5 cells are expected"),
    ],
)
def test_a_wrong_correction_is_named_by_file_and_line(text: str, said: str) -> None:
    with pytest.raises(UsageFault, match=said):
        read_corrections(text, name="corrections.csv")


def test_a_digest_covers_the_corrections_of_one_file_alone() -> None:
    both = read_corrections(f"{HEAD}a.txt,x,reject,,why\nb.txt,y,killed,3,\n", name="c")
    logic, fewer = Logic(clean="c", extract="e", corrections=both), Logic(clean="c", extract="e", corrections=both[:1])
    assert logic.extract_of("a.txt") == fewer.extract_of("a.txt") != "e"
    assert logic.extract_of("c.txt") == "e"


def test_what_would_help_most_comes_first_with_an_example() -> None:
    twice = [
        sample.event(f"{k}", "aleppo.txt", sample.SHELLED, "shelled", event_type="OTHER", action="frobnicate",
                     actor="Ada Noll", location="Upper Mbali")
        for k in range(2)
    ]  # fmt: skip
    once = sample.event("9", "sochi.txt", sample.WARNED, "warned", event_type="OTHER", action="go", actor="two men")
    found = suggest(
        EVENTS.build([*twice, once]), is_known=lambda file, entry: (file, entry) == ("verbs.csv", "go"), most=5
    )
    assert [(s.vocabulary, s.entry, s.events) for s in found] == [
        ("actors.csv", "Ada Noll", 2),
        ("places.csv", "Upper Mbali", 2),
        ("verbs.csv", "frobnicate", 2),
    ]
    assert found[0].example == sample.SHELLED


@pytest.mark.parametrize(
    ("text", "name"), [("the Mbali river", True), ("two men", False), ("He", False), ("X", False), ("Analysts", False)]
)
def test_names_are_told_by_their_capitals_but_for_the_first_word_s(text: str, name: bool) -> None:
    assert is_name(text, sentence="Analysts of the Mbali river met He and X and two men.") is name


def test_parties_are_names_once_each_without_pronouns() -> None:
    assert parties(["Mr Brown (he)", "Mr Brown", "They", "two men"]) == ["Mr Brown", "two men"]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "copy events to '/tmp/stolen.csv'",
        "attach '/tmp/other.db'",
        "set enable_external_access = true",
        "install httpfs",
        "select * from version",  # a variable of Python is no table
        "select from where",
    ],
)
def test_sql_reaches_the_tables_alone(version: Version, statement: str) -> None:
    with pytest.raises(UsageFault):
        query(statement, tables={"events": version.read("events")})


def test_sql_answers_from_every_table(version: Version) -> None:
    tables = {name: version.read(name) for name in ("events", "articles")}
    found = query("select count(*) n, any_value(outlet) o from events join articles using (article_key)", tables=tables)
    assert found.to_pylist() == [{"n": 3, "o": "The Harbour Tribune"}]
