"""The gate: what comes out of the project's own gold never gets worse, and the gold never changes unseen."""

from __future__ import annotations

from collections import Counter

import pytest

from bench import gold, matching
from tasks.contracts.codes import EVENT_TYPES, MODALITIES, SECTORS


@pytest.fixture(scope="module")
def measured() -> dict[str, matching.Figures]:
    return gold.measure()[0]


@pytest.mark.parametrize("part", ["sentences", "seeds"])
def test_no_figure_falls_below_its_floor(part: str, measured: dict[str, matching.Figures]) -> None:
    floors = gold.read_floors()["floors"]
    assert floors[part], "the gate has no floors: python -m bench.gold --raise"
    assert gold.below({part: floors[part]}, measured) == []


def test_gold_is_what_its_digests_say() -> None:
    assert gold.digests() == gold.read_floors()["digests"], "changed on purpose? python -m bench.gold --pin"


def test_raising_lifts_floors_and_never_lowers_or_drops_one() -> None:
    floors = {"seeds": {"actor": 0.9, "target": 0.8, "retired": 0.5}}
    figures = {"seeds": {"actor": 0.8, "target": 0.85678}, "sentences": {"date": 1.0}}
    assert gold.raised(floors, figures) == {
        "seeds": {"actor": 0.9, "target": 0.856, "retired": 0.5},
        "sentences": {"date": 1.0},
    }
    assert floors == {"seeds": {"actor": 0.9, "target": 0.8, "retired": 0.5}}


def test_a_figure_that_fell_or_went_missing_is_named() -> None:
    floors = {"seeds": {"actor": 0.9, "target": 0.8}}
    assert gold.below(floors, {"seeds": {"actor": 0.9, "target": 0.8}}) == []
    assert gold.below(floors, {"seeds": {"actor": 0.899}}) == [
        "seeds actor: 0.8990 is below its floor of 0.900",
        "seeds target: 0.0000 is below its floor of 0.800",
    ]


@pytest.mark.parametrize(
    ("accepted", "value", "right"),
    [
        (["rebels"], "Tuareg rebels", True),
        (["Tuareg rebels of the north"], "rebels", True),
        (["reb"], "rebels", False),
        (["rebels"], None, False),
        (["*none*", "rebels"], None, True),
        (None, None, True),
        (None, "rebels", False),
        (["Kurti’s party"], "Kurti's party", True),
        (["rebels"], "rebels who had come down from the hills to the north of the old town", False),
        ("*", "anything", True),
    ],
)
def test_a_name_is_right_where_one_holds_the_other(
    accepted: list[str] | str | None, value: str | None, right: bool
) -> None:
    assert matching.names(accepted, value) is right


@pytest.mark.parametrize(
    ("accepted", "action", "right"),
    [
        (["threaten"], "threaten", True),
        (["express"], "express concern", True),
        (["call for"], "call for", True),
        (["call for"], "call on", False),
        (["meet"], "meeting", True),
        (["say"], "saying", False),
    ],
)
def test_an_action_is_right_where_it_has_the_words(accepted: list[str], action: str, right: bool) -> None:
    assert matching.same_action(accepted, action) is right


def test_gold_sentences_hold_every_type_modality_and_kind() -> None:
    rows = gold.gold_sentences()
    events = [e for r in rows for e in r["events"]]
    types = Counter(e["type"] for e in events if "type" in e)
    assert len(rows) >= 160
    assert {t for t in EVENT_TYPES if types[t] < 5} == set()
    assert {e["modality"] for e in events} == set(MODALITIES)
    assert {e[f] for e in events for f in ("actor_sector", "target_sector") if f in e} <= set(SECTORS)
    assert len({r["id"] for r in rows}) == len(rows)


def test_every_annotated_sentence_stands_in_its_page() -> None:
    pages = gold.gold_pages()
    assert len(pages) >= 14
    for page in pages.values():
        assert page.record["language"] != "en" or page.anchors
        positions = [at for at, _ in page.anchors]
        assert len(set(positions)) == len(positions)


def test_every_sample_file_is_explained() -> None:
    readme = (gold.SEEDS / "README.md").read_text(encoding="utf-8")
    files = [p.relative_to(gold.SEEDS).as_posix() for p in gold.SEEDS.rglob("*") if p.is_file()]
    assert [f for f in files if f"`{f}`" not in readme and f != "README.md"] == []
