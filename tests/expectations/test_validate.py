"""The batches of a wave are checked together, and each keeps and loses its own rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sound_corpus as made
from prefect.logging import disable_run_logger

from tasks.contracts.stages import Batch, Extracted, Validated
from tasks.contracts.tables import REJECTS
from tasks.store import read_ref, write_ref
from tasks.validate import validate, without_shared_keys


def batch_of(folder: Path, number: int, key: str, **changes: Any) -> tuple[Batch, Extracted]:
    """A batch of one article, its last event changed."""
    batch = Batch(number=number, of=3, stored=False, folder=str(folder / str(number)), items=())
    refs = {}
    for name in ("articles", "sentences", "events"):
        table = made.TABLES[name]
        rows = made.of_article(name, key, **(changes if name == "events" else {}))
        refs[name] = write_ref(table, pa.Table.from_pylist(rows, table.schema), batch.folder, f"{name}.parquet")
    rejects = write_ref(REJECTS, REJECTS.build([]), batch.folder, "rejects.parquet")
    return batch, Extracted(**refs, rejects=rejects)


def validated(*work: tuple[Batch, Extracted]) -> list[Validated]:
    with disable_run_logger():
        return validate.fn([e for _, e in work], [b for b, _ in work], wave="1 of 1")


def test_each_batch_keeps_and_loses_its_own_rows(tmp_path: Path) -> None:
    sound = batch_of(tmp_path, 1, "a.txt")
    broken = batch_of(tmp_path, 2, "b.txt", latitude=123.0)
    first, second = validated(sound, broken)
    assert (first.articles, first.sentences, first.events) == (sound[1].articles, sound[1].sentences, sound[1].events)
    assert read_ref(first.rejects).num_rows == 0
    lost = read_ref(second.rejects).to_pylist()
    assert [(r["article_key"], "latitude" in r["detail"]) for r in lost] == [("b.txt", True)]
    assert second.sentences == broken[1].sentences
    assert read_ref(second.events).num_rows == len(made.of_article("events", "b.txt")) - 1
    assert second.articles == broken[1].articles
    rules = [json.loads(Path(v.results).read_text()) for v in (first, second)]
    assert {r["rows_checked"] for r in rules[0] if r["table"] == "articles" and not r["whole_table"]} == {2}
    assert rules[1] == []


def test_of_batches_with_one_key_none_is_rejected_for_the_other(tmp_path: Path) -> None:
    work = [batch_of(tmp_path, 1, "a.txt"), batch_of(tmp_path, 2, "b.txt"), batch_of(tmp_path, 3, "a.txt")]
    assert [read_ref(v.events).num_rows for v in validated(*work)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        ([], []),
        (["ab", "cd", "e"], [[0, 1, 2]]),
        (["ab", "b", "c", "a"], [[0, 2], [1, 3]]),
        (["a", "a", "a"], [[0], [1], [2]]),
        (["", "", "a"], [[0, 1, 2]]),
    ],
)
def test_no_two_batches_of_a_group_have_a_key_in_common(keys: list[str], groups: list[list[int]]) -> None:
    assert without_shared_keys([frozenset(k) for k in keys]) == groups
