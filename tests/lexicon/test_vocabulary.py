"""An analyst's own vocabulary: what it may say, what is said of a wrong row, and what counts before what."""

from __future__ import annotations

import pytest

from tasks.contracts.records import VocabularyFile
from tasks.lexicon.reader import Lexicon, LexiconError, load_lexicon
from tasks.lexicon.vocabulary import add_to, own_actors_in, read_vocabulary


def lexicon_with(**files: str) -> Lexicon:
    return add_to(load_lexicon(), read_vocabulary(tuple(VocabularyFile(f"{n}.csv", t) for n, t in files.items())))


def test_a_row_of_your_own_takes_the_place_of_the_one_that_asks_for_the_same() -> None:
    lexicon = lexicon_with(verbs="verb,object,type\nshell,,COERCE\nshell,nut|pea,OTHER\nfrobnicate,,ASSAULT\n")
    assert [r.event_type for r in lexicon.verb_rows("shell") if not r.specificity] == ["COERCE"]
    assert lexicon.verb_rows("shell")[0].objects == ("nut", "pea")
    assert lexicon.verb_rows("frobnicate")[0].entry == "vocabulary/verbs.csv:4 frobnicate"
    assert lexicon.verb_rows("attack") == load_lexicon().verb_rows("attack")


def test_the_more_specific_row_wins_whoever_wrote_it() -> None:
    lexicon = lexicon_with(verbs="type,verb\nOTHER,break\n")
    assert lexicon.verb_rows("break")[0] == load_lexicon().verb_rows("break")[0]
    assert lexicon.verb_rows("break")[-1].own


def test_a_noun_is_found_with_its_modifier_and_its_topic() -> None:
    lexicon = lexicon_with(nouns="noun,topic,type\ntruck siege,,PROTEST\nstrike,sport,OTHER\n")
    noun = lexicon.event_noun("siege", modifiers=("truck",))
    assert noun is not None and (noun.event_type, noun.own) == ("PROTEST", True)
    assert lexicon.topic_nouns["sport", "strike"].own
    assert not lexicon.topic_nouns["labour", "strike"].own


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fighters of the Lord’s Resistance Army", ["Lord's Resistance Army"]),
        ("the LRA's men", ["Lord's Resistance Army"]),
        ("Organisation for the Prohibition of Very Chemical Weapons", ["OPVCW"]),
        ("LRA and OPVCW", ["Lord's Resistance Army", "OPVCW"]),
        ("LRAs", []),
    ],
)
def test_actors_are_found_by_whole_words_however_long_the_name(text: str, found: list[str]) -> None:
    lexicon = lexicon_with(
        actors="name,aliases,sectors\nLord's Resistance Army,LRA,REB\n"
        "OPVCW,Organisation for the Prohibition of Very Chemical Weapons,IGO\n"
    )
    assert [name for name, _ in own_actors_in(text, lexicon)] == found


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("actors.csv", "name,country\n\n# mine\nX Front,ARMENIA\n", "vocabulary/actors.csv, line 4: column country"),
        ("actors.csv", "name,country\nX Front,ZZZ\n", "holds 'ZZZ'; expected an ISO 3166 alpha-3 code"),
        ("actors.csv", "name,sectors\nX Front,REBELS\n", "column sectors holds 'REBELS'; expected one of"),
        ("actors.csv", "name,sectors\nX Front,\n", "line 2: sectors and country are both empty"),
        ("actors.csv", "name,sectors\nX Front,REB\nx front,MIL\n", "line 3: double entry 'x front', also in line 2"),
        ("actors.csv", "name,sectors\nФронт,REB\n", "has no Latin letters"),
        ("actors.csv", "name,sectors\nArmy, of X,REB\n", "line 2: 3 cells, expected 2 .* quote a cell"),
        ("actors.csv", "name;sectors\n", "line 1: expected the header name,aliases,sectors,country,note; name are"),
        ("places.csv", "name,latitude,longitude\nX,91,0\n", "line 2: column latitude holds '91'"),
        ("places.csv", "name,latitude,longitude\nX,,4\n", "column latitude is empty"),
        ("places.csv", "name,latitude,longitude\nX,nan,4\n", "column latitude holds 'nan'"),
        ("places.csv", "name,latitude,longitude\nX,0,0\n", "which is nowhere"),
        (
            "places.csv",
            "name,precision,latitude,longitude\nX,town,1,2\n",
            "precision holds 'town'; expected one",
        ),
        ("verbs.csv", "verb,type\nshell,WAR\n", "vocabulary/verbs.csv, line 2: column type holds 'WAR'"),
        ("verbs.csv", "verb,type\ncarry out,ASSAULT\n", "write the verb alone"),
        ("verbs.csv", "verb,type,colour\nshell,ASSAULT,red\n", "verb and type are needed"),
        ("nouns.csv", "noun,type\na b c,ASSAULT\n", "write the noun, or one word before it"),
        ("people.csv", "", "vocabulary/people.csv: no vocabulary; take actors.csv"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line_with_what_to_do(file: str, text: str, said: str) -> None:
    with pytest.raises(LexiconError, match=said):
        read_vocabulary((VocabularyFile(file, text),))
