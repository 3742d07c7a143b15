"""Every rule rejects the row that breaks it, under its name, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
import sound_corpus as made

from expectations import check
from expectations.check import SUITES, check_table
from expectations.suite import Checked, ExpectationFault, Rule, merge_results

NAN = float("nan")
LONG = "x" * 300
LATER = date(2023, 5, 11)  # the day after publication

# table, rule, what is done to the last row: each line breaks this rule, and (but for the named ones) no other.
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("articles", "required values are given", {"content_hash": None}),
    ("articles", "no text is empty", {"title": ""}),
    ("articles", "article_key is unique", {"article_key": "a.txt"}),
    ("articles", "source_path is inside the seeds folder", {"source_path": "../secret.txt"}),
    ("articles", "source_path is inside the seeds folder", {"source_path": "/etc/passwd"}),
    ("articles", "text is not blank", {"text": " \n\t"}),
    ("articles", "published is in range", {"published": date(9999, 12, 31)}),
    ("articles", "published_source is of the closed list", {"published_source": "guess"}),
    ("articles", "published has a source", {"published_source": "none"}),
    ("articles", "published has a source", {"published": None}),
    ("articles", "language is a code", {"language": "English"}),
    ("articles", "n_sentences is in range", {"n_sentences": -1}),
    ("articles", "n_events is in range", {"n_events": -1}),
    ("articles", "an article is no copy of itself", {"article_key": "c.txt", "duplicate_of": "c.txt"}),
    ("sentences", "required values are given", {"outcome": None}),
    ("sentences", "article exists", {"article_key": "c.txt"}),
    ("sentences", "start is before end", {"start": -len(made.SECOND)}),
    ("sentences", "offsets cut the sentence out of the text", {"start": len(made.FIRST)}),
    ("sentences", "offsets cut the sentence out of the text", {"text": "Nothing else."}),
    ("sentences", "sentences follow each other", {"start": 0, "end": 6, "text": "Rebels"}),
    ("sentences", "outcome is of the closed list", {"outcome": "skipped"}),
    ("events", "required values are given", {"rule": None}),
    ("events", "no text is empty", {"claimant": ""}),
    ("events", "event_id is unique", {"event_id": "a.txt-attack"}),
    ("events", "article exists", {"article_key": "c.txt"}),
    ("events", "source_path is the article's", {"source_path": "a.txt"}),
    ("events", "sentence exists", {"sentence_index": 7}),
    ("events", "sentence is the one in sentences", {"sentence": "Rebels attacked Arden."}),
    ("events", "trigger is inside its sentence", {"trigger_end": made.CUT + 3}),
    ("events", "trigger is inside its sentence", {"trigger_end": 7}),
    ("events", "event_type is of the closed list", {"event_type": "ATTACK"}),
    ("events", "quad_class and goldstein are the type's", {"goldstein": -9.0}),
    ("events", "quad_class and goldstein are the type's", {"goldstein": NAN}),
    ("events", "quad_class and goldstein are the type's", {"quad_class": None}),
    ("events", "modality is of the closed list", {"modality": "certain"}),
    ("events", "date_source is of the closed list", {"date_source": "guess"}),
    ("events", "date_precision is of the closed list", {"date_precision": "hour"}),
    ("events", "date is whole", {"date_end": None}),
    ("events", "date is whole", {"date_source": "none"}),
    ("events", "a stated date has its phrase", {"date_text": None}),
    ("events", "date is not after date_end", {"date_end": date(2023, 5, 7)}),
    ("events", "date is in range", {"date": date(202, 5, 8)}),
    ("events", "date is not after publication unless it lies ahead", {"date": LATER, "date_end": LATER}),
    ("events", "latitude is in range", {"latitude": 90.5}),
    ("events", "longitude is in range", {"longitude": -181.0}),
    ("events", "place is whole", {"latitude": None}),
    ("events", "place is whole", {"latitude": NAN}),
    ("events", "place is whole", {"latitude": 0.0, "longitude": 0.0}),
    ("events", "place is whole", {"place_precision": None}),
    ("events", "a resolved place has its source", {"place_source": None}),
    ("events", "place_precision is of the closed list", {"place_precision": "street"}),
    ("events", "place_source is of the closed list", {"place_source": "guess"}),
    ("events", "countries are ISO 3166", {"target_country": "GBR;ENG"}),
    ("events", "sectors are of the closed list", {"actor_sector": "REB;ARMY"}),
    ("events", "actor and target show their lists", {"actors": ["Allies", "Rebels"]}),
    ("events", "actor and target show their lists", {"target": None}),
    ("events", "killed is in range", {"killed": -1}),
    ("events", "injured is in range", {"injured": 200_000_000}),
    ("events", "arrested is in range", {"arrested": -1}),
    ("incidents", "required values are given", {"action": None}),
    ("incidents", "no text is empty", {"targets": ["Arden", ""]}),
    ("incidents", "incident_id is unique", {"incident_id": "a.txt-incident"}),
    ("incidents", "event_type can be an incident", {"event_type": "OTHER", "quad_class": None, "goldstein": None}),
    ("incidents", "quad_class and goldstein are the type's", {"quad_class": 3}),
    ("incidents", "date_source is of the closed list", {"date_source": "guess"}),
    ("incidents", "date_precision is of the closed list", {"date_precision": "hour"}),
    ("incidents", "date is whole", {"date_precision": None}),
    ("incidents", "date is not after date_end", {"date_end": date(2023, 5, 7)}),
    ("incidents", "date is in range", {"date": date(202, 5, 8)}),
    ("incidents", "latitude is in range", {"latitude": -91.0}),
    ("incidents", "longitude is in range", {"longitude": 181.0}),
    ("incidents", "place is whole", {"longitude": None}),
    ("incidents", "place_precision is of the closed list", {"place_precision": "street"}),
    ("incidents", "countries are ISO 3166", {"place_country": "XYZ"}),
    ("incidents", "sectors are of the closed list", {"target_sector": ";"}),
    ("incidents", "killed is in range", {"killed": -1}),
    ("incidents", "injured is in range", {"injured": -1}),
    ("incidents", "arrested is in range", {"arrested": -1}),
    ("incidents", "counts agree", {"n_mentions": 1}),
    ("incidents", "counts agree", {"n_outlets": 3}),
    ("incidents", "reports are in order", {"last_report": date(2023, 5, 7)}),
    ("incidents", "reports are in order", {"last_report": None}),
]  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return made.corpus()


def check_broken(name: str, changes: dict[str, Any], tables: dict[str, pa.Table]) -> Checked:
    rows = made.rows_of(name, **changes)
    return check_table(name, made.build(name, rows), articles=tables["articles"], sentences=tables["sentences"])


@pytest.mark.parametrize("name", SUITES)
def test_a_sound_corpus_holds_every_rule(name: str, tables: dict[str, pa.Table]) -> None:
    checked = check_table(name, tables[name], articles=tables["articles"], sentences=tables["sentences"])
    assert [r.rule for r in checked.results if not r.success] == []
    assert checked.kept.equals(tables[name])
    assert checked.rejects == () and not checked.stop


@pytest.mark.parametrize("name", SUITES)
def test_broken_rows_are_rejected_each_under_its_rule_and_the_others_stay(name: str) -> None:
    """All cases of a table stand in one table, each in an article of its own, so that each is broken in one way."""
    cases = [(rule, changes) for table, rule, changes in BROKEN if table == name]
    corpus = {table: made.rows_of(table) for table in SUITES}
    for number, (_, changes) in enumerate(cases):
        key = f"case-{number}.txt"
        for table, rows in corpus.items():
            rows += made.of_article(table, key, **(changes if table == name else {}))
    tables = {table: made.build(table, rows) for table, rows in corpus.items()}
    checked = check_table(name, tables[name], articles=tables["articles"], sentences=tables["sentences"])
    assert [reject.detail.partition(" (")[0] for reject in checked.rejects] == [rule for rule, _ in cases]
    for reject, (_, changes) in zip(checked.rejects, cases, strict=True):
        assert "; " not in reject.detail and reject.stage == "validate" and reject.reason == "expectation"
        row = json.loads(reject.row or "")
        assert set(row) == set(tables[name].column_names)
        assert all(row[c] in (v, str(v)) for c, v in changes.items())
    assert checked.kept.num_rows == tables[name].num_rows - len(cases)
    failed = {r.rule: r for r in checked.results if not r.success and not r.whole_table}
    assert set(failed) == {rule for rule, _ in cases} and all(r.samples for r in failed.values())


def test_one_broken_row_stops_nothing(tables: dict[str, pa.Table]) -> None:
    checked = check_broken("events", {"latitude": 100.0}, tables)
    assert checked.kept.equals(tables["events"].slice(0, 3)) and not checked.stop
    assert [(r.rule, r.rows_failed, r.samples) for r in checked.results if not r.success] == [
        ("latitude is in range", 1, ("latitude=100.0",))
    ]


def test_every_rule_is_broken_here_once() -> None:
    tested = {(name, rule) for name, rule, _ in BROKEN} | {("sentences", "no text is empty")}
    tested |= {("sentences", "article_key and sentence_index are unique"), ("sentences", "sentence_index is in range")}
    declared = {(name, r.name) for name, (rules, _) in SUITES.items() for r in rules if r.rejects}
    assert declared - tested == set()


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"text": "", "start": 10, "end": 10}, "no text is empty (text); start is before end (start, end)"),
        ({"sentence_index": 0}, "article_key and sentence_index are unique (article_key, sentence_index)"),
        ({"sentence_index": -1}, "sentence_index is in range (sentence_index)"),
    ],
)
def test_a_reject_names_every_rule_and_the_columns_at_fault(
    changes: dict[str, Any], detail: str, tables: dict[str, pa.Table]
) -> None:
    rejects = check_broken("sentences", changes, tables).rejects
    assert rejects[-1].detail == detail and rejects[-1].source_path == "b.txt"


@pytest.mark.parametrize(
    ("name", "rule", "changes"),
    [
        ("articles", "url is a web address", {"url": "javascript:alert(1)"}),
        ("articles", "text has no control characters", {"title": "a\x1b[31mb"}),
        ("articles", "text has no control characters", {"title": "a\x85b"}),
        ("events", "somebody acts or undergoes", {"actor": None, "actors": [], "target": None, "targets": []}),
        ("events", "phrases are short", {"claimant": LONG}),
    ],
)
def test_a_warning_is_counted_and_its_row_stays(
    name: str, rule: str, changes: dict[str, Any], tables: dict[str, pa.Table]
) -> None:
    checked = check_broken(name, changes, tables)
    assert checked.rejects == () and checked.kept.num_rows == tables[name].num_rows
    assert [r.rule for r in checked.results if not r.success] == [rule] and not checked.stop


@pytest.mark.parametrize("modality", ["negated", "planned", "requested", "hypothetical"])
def test_what_is_not_asserted_may_lie_ahead(modality: str, tables: dict[str, pa.Table]) -> None:
    ahead = {"date": date(2023, 6, 1), "date_end": date(2023, 6, 1), "modality": modality}
    assert check_broken("events", ahead, tables).rejects == ()


def test_an_event_without_date_and_place_is_sound(tables: dict[str, pa.Table]) -> None:
    undated = dict.fromkeys(["date", "date_end", "date_precision", "date_text"]) | {"date_source": "none"}
    unplaced = dict.fromkeys(
        ["place_name", "place_country", "latitude", "longitude", "place_precision", "place_source"]
    )
    assert check_broken("events", undated | unplaced, tables).rejects == ()


@pytest.mark.parametrize("actor", ["Rebels", "Rebels (they)", "Rebels; Allies", "Rebels (they); Allies"])
def test_the_text_of_a_list_may_add_words_and_leave_out_names(actor: str, tables: dict[str, pa.Table]) -> None:
    assert check_broken("events", {"actor": actor, "actors": ["Rebels", "Allies"]}, tables).rejects == ()


def test_rows_of_a_rejected_article_are_rejected_with_it(tables: dict[str, pa.Table]) -> None:
    kept = check_broken("articles", {"published_source": "guess"}, tables).kept
    sentences = check_table("sentences", tables["sentences"], articles=kept)
    events = check_table("events", tables["events"], articles=kept, sentences=sentences.kept)
    for checked, rows in ((sentences, 6), (events, 4)):
        assert checked.kept.num_rows + len(checked.rejects) == rows
        assert set(checked.kept.column("article_key").to_pylist()) == {"a.txt"}
        assert all(r.detail.startswith("article exists") for r in checked.rejects)
    assert not sentences.stop and not events.stop


def test_a_missing_column_stops(tables: dict[str, pa.Table]) -> None:
    checked = check_table("events", tables["events"].drop_columns(["goldstein"]))
    assert checked.stop and checked.rejects == ()
    assert [(r.rule, r.success) for r in checked.results] == [("columns are present", False)]


def many(broken: int, sound: int, **changes: Any) -> pa.Table:
    row = made.of_article("articles", "a.txt")[0]
    rows = [row | {"article_key": f"{n}.txt"} | (changes if n < broken else {}) for n in range(broken + sound)]
    return made.build("articles", rows)


@pytest.mark.parametrize(
    ("broken", "sound", "stop"), [(20, 0, False), (21, 79, True), (21, 0, True), (40, 160, False), (41, 159, True)]
)
def test_more_than_a_fifth_and_more_than_twenty_broken_rows_stop(broken: int, sound: int, stop: bool) -> None:
    checked = check_table("articles", many(broken, sound, language="English"))
    assert len(checked.rejects) == broken and checked.stop is stop


def test_input_that_lies_never_stops() -> None:
    checked = check_table("articles", many(100, 0, published=date(2500, 1, 1)))
    assert len(checked.rejects) == 100 and not checked.stop


def test_an_empty_table_is_sound(tables: dict[str, pa.Table]) -> None:
    checked = check_table("events", tables["events"].slice(0, 0))
    assert checked.kept.num_rows == 0 and checked.rejects == () and all(r.success for r in checked.results)


def test_a_rule_that_cannot_be_evaluated_is_a_fault_of_the_pipeline(
    tables: dict[str, pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Rule(
        name="published is a word",
        expectation="expect_column_values_to_be_between",
        kwargs={"column": "published_source", "min_value": 1, "max_value": 2},
        columns=("published_source",),
        reason="compares words with numbers",
    )
    monkeypatch.setitem(check.SUITES, "articles", ((wrong,), SUITES["articles"][1]))
    with pytest.raises(ExpectationFault, match="published is a word"):
        check_table("articles", tables["articles"])


def test_companions_are_asked_for(tables: dict[str, pa.Table]) -> None:
    with pytest.raises(ValueError, match="give articles"):
        check_table("sentences", tables["sentences"])
    with pytest.raises(ValueError, match="give sentences"):
        check_table("events", tables["events"], articles=tables["articles"])
    with pytest.raises(ValueError, match="no suite for table 'rejects'"):
        check_table("rejects", tables["events"])


def test_tables_of_several_pieces_are_checked_as_one(tables: dict[str, pa.Table]) -> None:
    whole = made.build("events", made.rows_of("events", targets=["Arden", ""], target="Arden; "))
    pieces = pa.concat_tables([whole.slice(1, 2), whole.slice(3, 1), whole.slice(0, 1)])
    checked = check_table("events", pieces, articles=tables["articles"], sentences=tables["sentences"])
    assert [r.detail for r in checked.rejects] == ["no text is empty (targets)"]
    assert checked.kept.column("event_id").to_pylist() == ["a.txt-attack", "b.txt-visit", "a.txt-visit"]


def test_results_of_batches_add_up(tables: dict[str, pa.Table]) -> None:
    sound = check_table("articles", tables["articles"]).results
    broken = check_broken("articles", {"language": "English"}, tables).results
    by_rule = {r.rule: r for r in merge_results([*sound, *broken])}
    language = by_rule["language is a code"]
    assert (language.rows_checked, language.rows_failed, language.success) == (4, 1, False)
    assert by_rule["text is not blank"].success and len(by_rule) == len(sound)
