"""How many were killed, injured and arrested."""

from __future__ import annotations

import pytest

from tasks.nlp.casualties import count_casualties
from tasks.nlp.counts import count_people, read_number
from tasks.nlp.frames import Casualties
from tasks.nlp.parse import read_parse
from tests.nlp.handmade import noun_frame, read, verb_frame


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("14", 14),
        ("1,200", 1200),
        ("twelve", 12),
        ("twenty-three", 23),
        ("two dozen", 24),
        ("a dozen", 12),
        ("half a dozen", 6),
        ("a hundred", 100),
        ("two hundred", 200),
        ("three thousand five hundred", 3500),
        ("1.5 million", 1_500_000),
        ("at least 14", 14),
        ("10 15", None),
        ("several", None),
        ("", None),
    ],
)
def test_numbers(words: str, number: int | None) -> None:
    assert read_number(words.split()) == number


# phrase headed by its root, how many people
PHRASES = [
    ("14/NUM/nummod/1 soldiers:soldier/NOUN/ROOT/1", 14),
    ("at/ADP/advmod/2 least/ADJ/advmod/2 14/NUM/nummod/3 soldiers:soldier/NOUN/ROOT/3", 14),
    ("two/NUM/compound/1 dozen/NOUN/nummod/2 men:man/NOUN/ROOT/2", 24),
    ("a/DET/det/1 soldier/NOUN/ROOT/1", 1),
    ("the/DET/det/1 governor/NOUN/ROOT/1", 1),
    ("Rabin/PROPN/ROOT/0/PERSON", 1),
    ("hundreds:hundred/NOUN/ROOT/0", None),
    ("several/ADJ/amod/1 men:man/NOUN/ROOT/1", None),
    ("soldiers:soldier/NOUN/ROOT/0", None),
    ("the/DET/det/1 army/NOUN/ROOT/1", None),
    ("a/DET/det/1 total/NOUN/ROOT/1 of/ADP/prep/1 49/NUM/nummod/4 men:man/NOUN/pobj/2", 49),
    ("five/NUM/ROOT/0", 5),
]


@pytest.mark.parametrize(("sentence", "number"), PHRASES)
def test_people(sentence: str, number: int | None) -> None:
    doc = read(sentence)
    assert count_people(read_parse(doc), [t.i for t in doc if t.dep_ == "ROOT"]) == number


def test_people_together() -> None:
    doc = read("a/DET/det/1 soldier/NOUN/ROOT/1 and/CCONJ/cc/1 two/NUM/nummod/4 civilians:civilian/NOUN/conj/1")
    assert count_people(read_parse(doc), [1, 4]) == 3
    doc = read("a/DET/det/1 soldier/NOUN/ROOT/1 and/CCONJ/cc/1 many/ADJ/amod/4 civilians:civilian/NOUN/conj/1")
    assert count_people(read_parse(doc), [1, 4]) is None


@pytest.mark.parametrize(
    ("sentence", "trigger", "expected"),
    [
        (
            "Rebels:rebel/NOUN/nsubj/1 killed:kill/VERB/ROOT/1 12/NUM/nummod/3 men:man/NOUN/dobj/1",
            1,
            Casualties(killed=12),
        ),
        (
            "Six/NUM/nummod/1 men:man/NOUN/nsubjpass/3 were:be/AUX/auxpass/3 wounded:wound/VERB/ROOT/3",
            3,
            Casualties(injured=6),
        ),
        (
            "Police/NOUN/nsubj/1 held:detain/VERB/ROOT/1 two/NUM/compound/3 dozen/NOUN/nummod/4 men:man/NOUN/dobj/1",
            1,
            Casualties(arrested=24),
        ),
        ("Nine/NUM/nummod/1 men:man/NOUN/nsubj/2 died:die/VERB/ROOT/2", 2, Casualties(killed=9)),
        (
            "The/DET/det/1 blast/NOUN/nsubj/2 claimed:claim/VERB/ROOT/2 40/NUM/nummod/4 lives:life/NOUN/dobj/2",
            2,
            Casualties(killed=40),
        ),
        # "attacked the camp, killing 12 and wounding 30": those who were killed count once, for the killing
        (
            "They/PRON/nsubj/1 attacked:attack/VERB/ROOT/1 it/PRON/dobj/1 killing:kill/VERB/advcl/1 12/NUM/dobj/3 "
            "and/CCONJ/cc/3 wounding:wound/VERB/conj/3 30/NUM/dobj/6",
            1,
            Casualties(),
        ),
        # "attacked it, leaving 12 dead and 40 wounded"
        (
            "They/PRON/nsubj/1 attacked:attack/VERB/ROOT/1 it/PRON/dobj/1 leaving:leave/VERB/advcl/1 12/NUM/nsubj/5 "
            "dead/ADJ/ccomp/3 and/CCONJ/cc/5 40/NUM/nsubj/8 wounded/ADJ/conj/5",
            3,
            Casualties(killed=12, injured=40),
        ),
        (
            "Nine/NUM/nummod/1 men:man/NOUN/nsubj/2 lost:lose/VERB/ROOT/2 their/PRON/poss/4 lives:life/NOUN/dobj/2",
            2,
            Casualties(killed=9),
        ),
        (
            "Rebels:rebel/NOUN/nsubj/1 killed:kill/VERB/ROOT/1 hundreds:hundred/NOUN/dobj/1",
            1,
            Casualties(),
        ),
    ],
)
def test_verbs(sentence: str, trigger: int, expected: Casualties) -> None:
    doc = read(sentence)
    assert count_casualties(verb_frame(doc, trigger), read_parse(doc)) == expected


@pytest.mark.parametrize(
    ("sentence", "trigger", "expected"),
    [
        ("207/NUM/nummod/1 deaths:death/NOUN/ROOT/1", 1, Casualties(killed=207)),
        (
            "the/DET/det/1 arrest/NOUN/ROOT/1 of/ADP/prep/1 12/NUM/nummod/4 men:man/NOUN/pobj/2",
            1,
            Casualties(arrested=12),
        ),
        # "12 were killed in the bombing": the killing counts them
        (
            "12/NUM/nsubjpass/2 were:be/AUX/auxpass/2 killed:kill/VERB/ROOT/2 in/ADP/prep/2 the/DET/det/5 "
            "bombing/NOUN/pobj/3",
            5,
            Casualties(),
        ),
    ],
)
def test_nouns(sentence: str, trigger: int, expected: Casualties) -> None:
    doc = read(sentence)
    assert count_casualties(noun_frame(doc, trigger), read_parse(doc)) == expected


def test_nobody_is_counted_where_it_did_not_happen() -> None:
    doc = read("Rebels:rebel/NOUN/nsubj/1 killed:kill/VERB/ROOT/1 12/NUM/nummod/3 men:man/NOUN/dobj/1")
    assert count_casualties(verb_frame(doc, 1, modality="negated"), read_parse(doc)) == Casualties()


def test_a_number_that_no_column_holds_is_none() -> None:
    doc = read("Rebels:rebel/NOUN/nsubj/1 killed:kill/VERB/ROOT/1 30000000000/NUM/nummod/3 men:man/NOUN/dobj/1")
    assert count_casualties(verb_frame(doc, 1), read_parse(doc)) == Casualties()
