"""`make quality`: one table of all figures, with a clear line where a corpus is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import corpora, quality


def test_a_corpus_that_is_not_there_is_skipped_with_its_path(tmp_path: Path) -> None:
    figures, skipped = quality.measure(corpora.Corpora(tmp_path), ["meantime", "pasted pages"])
    assert figures == {}
    assert list(skipped) == ["meantime", "pasted pages"]
    assert str(tmp_path / "score" / "score_corpus.py") in skipped["meantime"]
    assert quality.table(figures, skipped).splitlines()[-1].startswith("pasted pages: skipped, ")


def test_the_table_shows_floor_and_peers_beside_the_figure() -> None:
    shown = quality.table({"qasrl": {"trigger_recall": 0.95, "documents": 500.0}}, {})
    header, _, row = shown.splitlines()
    assert header.split() == ["set", "figure", "Dateline", "floor", "spaCy", "textacy", "or", "other"]
    assert row.split() == ["qasrl", "trigger_recall", "0.950", "0.940", ".22", ".32"]


@pytest.mark.parametrize("name", corpora.SETS)
def test_every_set_names_the_figures_that_are_shown(name: str) -> None:
    assert quality.SHOWN[name]
    assert set(quality.PEERS[name]) <= set(quality.SHOWN[name])
