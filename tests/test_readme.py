"""The README says what is so: its example, its programs, its commands, its settings."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

import pytest

from flows.cli import app
from tasks.contracts.records import Article, Sentence
from tasks.contracts.settings import Settings, describe_settings
from tasks.extract import MOST_TOKENS
from tasks.nlp.extract import extract_events, load_knowledge
from tasks.nlp.model import load_model, parsed
from tests.analyst import sample

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COLUMNS = ("date", "actor", "action", "target", "location", "event_type", "modality", "claimant", "killed")


def table_under(text: str) -> list[list[str]]:
    """The cells of the first Markdown table after the text."""
    rest = README.split(text, 1)[1]
    lines = re.search(r"^(?:\|.*\|\n)+", rest, re.MULTILINE)
    assert lines is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()]


def test_the_example_sentence_becomes_the_rows_that_are_shown() -> None:
    quoted = re.search(r"^> (.+)$", README, re.MULTILINE)
    assert quoted is not None
    text = quoted[1]
    article = Article(
        article_key="a",
        source_path="a",
        content_hash="",
        title=None,
        byline=None,
        outlet=None,
        url=None,
        published=datetime.date(2024, 5, 6),
        published_source="text",
        language="en",
        text=text,
    )
    sentences = [Sentence(article_key="a", sentence_index=0, start=0, end=len(text), text=text)]
    with parsed(load_model(Settings().model), [(text, sentences)]) as docs:
        found = extract_events(next(docs), article=article, sentences=sentences, knowledge=load_knowledge())
    rows = [["" if (v := getattr(e, c)) is None else str(v) for c in COLUMNS] for e in found.events]
    header, _, *shown = table_under("come these rows")
    assert tuple(header) == COLUMNS
    assert shown == rows


@pytest.mark.parametrize("program", re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL))
def test_the_programs_run(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample.publish(tmp_path / "outputs")
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "README.md", "exec"), {})
    shutil.rmtree(tmp_path / "outputs")


def test_every_command_that_is_shown_exists() -> None:
    known = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert set(re.findall(r"^\$ (?:\S+=\S+ )?dateline (\w+)", README, re.MULTILINE)) <= known


def test_every_setting_stands_in_its_page_and_the_limit_that_is_none() -> None:
    page = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page.endswith(describe_settings())
    assert f"more than {MOST_TOKENS:,} words and signs" in page
