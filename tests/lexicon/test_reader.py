"""The vocabularies: what the project ships reads clean, and a wrong row is named by file and line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tasks.contracts.codes import EVENT_TYPES
from tasks.lexicon.reader import FOLDER, Lexicon, LexiconError, load_lexicon, read_lexicon

VERB_HEADER = "verb,prep,object,topic,unless,type,kind,complement,target,example"
FILES = {
    "verbs.csv": f"{VERB_HEADER}\nattack,,,,sport,ASSAULT,plain,,,\n",
    "nouns.csv": "noun,topic,type,kind,actor,target,example\nattack,,ASSAULT,plain,by,on|against,\n",
    "happenings.csv": "noun,topic,type,kind,actor,target,example\nmerger,,OTHER,weak,by,with,\n",
    "agents.csv": "role,sectors,kind\nsoldier,MIL,plain\n",
    "organisations.csv": "name,aliases,sectors,country\nNATO,Nato alliance,IGO,\n",
    "leaders.csv": "name,aliases,sectors,country\nNikol Pashinyan,Pashinyan,GOV,ARM\n",
    "topics.csv": "word,topic\ngoalkeeper,sport\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_a_small_folder_reads(folder: Path) -> None:
    read = read_lexicon(folder)
    assert read.verb_rows("attack")[0].unless == ("sport",)
    noun = read.event_noun("attack")
    assert noun is not None and noun.targets == ("on", "against")
    assert read.organisations["nato alliance"].sectors == ("IGO",)
    assert read.leaders["pashinyan"].country == "ARM"


@pytest.mark.parametrize(
    ("file", "row", "expected"),
    [
        ("verbs.csv", "bomb,,,,,ASSAULTS,plain,,,", "verbs.csv, line 3: column type holds 'ASSAULTS'; expected one of"),
        ("verbs.csv", ",,,,,ASSAULT,plain,,,", "verbs.csv, line 3: column verb is empty"),
        ("verbs.csv", "attack,,,,,ASSAULT,plain,,,", "verbs.csv, line 3: double entry"),
        ("verbs.csv", "bomb,,@KILLING,,,ASSAULT,plain,,,", "verbs.csv, line 3: column object holds '@KILLING'"),
        ("verbs.csv", "bomb,,,,,ASSAULT,heavy,,,", "verbs.csv, line 3: column kind holds 'heavy'"),
        ("verbs.csv", "bomb,,,,,ASSAULT,plain,maybe,,", "verbs.csv, line 3: column complement holds 'maybe'"),
        ("verbs.csv", "bomb,ASSAULT", "verbs.csv, line 3: 2 cells, expected 10"),
        ("nouns.csv", "attack,,ASSAULT,plain,by,on,", "nouns.csv, line 3: double entry"),
        ("nouns.csv", "raid,,NOTHING,plain,by,on,", "nouns.csv, line 3: column type holds 'NOTHING'"),
        ("agents.csv", "gunner,ARM,plain", "agents.csv, line 3: column sectors holds 'ARM'"),
        ("organisations.csv", "UN,,IGO,World", "organisations.csv, line 3: column country holds 'World'"),
        ("organisations.csv", "Alliance,nato,IGO,", "organisations.csv, line 3: double entry 'nato', also in line 2"),
        ("topics.csv", "goalkeeper,war", "topics.csv, line 3: double entry"),
    ],
)
def test_a_wrong_row_is_named_with_what_to_do(folder: Path, file: str, row: str, expected: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as lines:
        lines.write(row + "\n")
    with pytest.raises(LexiconError) as caught:
        read_lexicon(folder)
    assert str(caught.value).startswith(expected)


def test_a_missing_file_and_a_wrong_header_are_named(folder: Path) -> None:
    (folder / "nouns.csv").write_text("noun,kind\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"nouns\.csv, line 1: expected the header noun,topic,type"):
        read_lexicon(folder)
    (folder / "nouns.csv").unlink()
    with pytest.raises(LexiconError, match=r"nouns\.csv cannot be read"):
        read_lexicon(folder)


def test_comments_and_empty_lines_are_skipped(folder: Path) -> None:
    path = folder / "topics.csv"
    path.write_text(
        "# words that tell what an article is about\n\nword,topic\n# football\ngoal,sport\n", encoding="utf-8"
    )
    assert read_lexicon(folder).topics == {"goal": "sport"}


def test_the_most_specific_row_comes_first(folder: Path) -> None:
    rows = [
        "call,,,,,STATEMENT,report,,,",
        "call,for|on,,,,REQUEST,object-control,requested,for|on,",
        "call,,strike,,,PROTEST,plain,,against,",
        "call,,@event,,,noun,light,,,",
        "call,,strike,labour,,PROTEST,plain,,,",
        "call,off,strike,,,RETREAT,plain,,,",
    ]
    (folder / "verbs.csv").write_text("\n".join([VERB_HEADER, *rows]) + "\n", encoding="utf-8")
    order = [(r.preps, r.objects, r.topic) for r in read_lexicon(folder).verb_rows("call")]
    assert order == [
        (("off",), ("strike",), ""),
        ((), ("strike",), "labour"),
        ((), ("strike",), ""),
        ((), ("@event",), ""),
        (("for", "on"), (), ""),
        ((), (), ""),
    ]


def test_the_shipped_vocabularies_read_and_cover_every_type(lexicon: Lexicon) -> None:
    verbs = Counter(row.event_type for rows in lexicon.verbs.values() for row in rows)
    nouns = Counter(row.event_type for row in lexicon.nouns.values())
    for event_type in EVENT_TYPES:
        assert verbs[event_type] >= 40, event_type
        assert nouns[event_type] >= 10, event_type


@pytest.mark.parametrize("file", sorted(FILES))
def test_the_shipped_files_are_sorted_text(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    assert text.endswith("\n") and "\t" not in text and "\r" not in text


@pytest.mark.parametrize(
    ("question", "lemma", "answer"),
    [
        ("is_stative", "remain", True),
        ("is_stative", "attack", False),
        ("is_reporting", "say", True),
        ("is_reporting", "shell", False),
        ("is_light", "launch", True),
        ("is_light", "kidnap", False),
        ("is_control", "threaten", True),
        ("is_control", "arrest", False),
        ("is_object_control", "urge", True),
        ("is_object_control", "promise", False),
        ("is_aspect", "begin", True),
        ("is_occurrence", "erupt", True),
        ("complement_modality", "urge", "requested"),
        ("complement_modality", "promise", "planned"),
        ("complement_modality", "bomb", None),
        ("target_prepositions", "bomb", ()),
    ],
)
def test_what_rules_ask_of_a_verb(lexicon: Lexicon, question: str, lemma: str, answer: object) -> None:
    assert getattr(lexicon, question)(lemma) == answer


def test_the_preposition_before_a_clause_decides_on_it(lexicon: Lexicon) -> None:
    assert lexicon.complement_modality("accuse", prep="of") == "claimed"
    assert lexicon.complement_modality("call", prep="on") == "requested"
    assert lexicon.complement_modality("call", prep="at") is None


def test_target_prepositions_and_a_lost_e(lexicon: Lexicon) -> None:
    assert "with" in lexicon.target_prepositions("clash")
    assert lexicon.verb_rows("stag") == lexicon.verb_rows("stage")
    assert lexicon.verb_rows("unheard-of") == ()


def test_a_modifier_decides_before_its_noun(lexicon: Lexicon) -> None:
    hunger, plain = (
        lexicon.event_noun("strike", modifiers=("hunger",)),
        lexicon.event_noun("strike", modifiers=("big",)),
    )
    assert hunger is not None and hunger.event_type == "PROTEST"
    assert plain is not None and plain.event_type == "ASSAULT"
    assert lexicon.topic_nouns["labour", "strike"].event_type == "PROTEST"
    assert lexicon.event_noun("table") is None
