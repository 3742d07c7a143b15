"""What an event is called: the type of a frame, and its action, by the lexicon's most specific row."""

from __future__ import annotations

import pytest

from tasks.lexicon.reader import Lexicon, load_lexicon
from tasks.nlp.coding import code_frame
from tasks.nlp.parse import read_parse
from tasks.nlp.topics import article_topics
from tests.nlp.handmade import noun_frame, read, verb_frame


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


# sentence, trigger, type, action
VERBS = [
    # the verb alone
    ("Rebels:rebel/NOUN/nsubj/1 bombed:bomb/VERB/ROOT/1 it/PRON/dobj/1", 1, "ASSAULT", "bomb"),
    ("France/PROPN/nsubj/1 condemned:condemn/VERB/ROOT/1 it/PRON/dobj/1", 1, "ACCUSE", "condemn"),
    ("Police/NOUN/nsubj/1 arrested:arrest/VERB/ROOT/1 them/PRON/dobj/1", 1, "COERCE", "arrest"),
    ("Workers:worker/NOUN/nsubj/1 marched:march/VERB/ROOT/1", 1, "PROTEST", "march"),
    ("Kenya/PROPN/nsubj/1 mobilised:mobilise/VERB/ROOT/1", 1, "MOBILIZE", "mobilise"),
    ("He/PRON/nsubj/1 said:say/VERB/ROOT/1", 1, "STATEMENT", "say"),
    ("He/PRON/nsubj/1 whistled:whistle/VERB/ROOT/1", 1, "OTHER", "whistle"),
    # a particle, a preposition, both
    ("They/PRON/nsubj/1 blew:blow/VERB/ROOT/1 up/ADP/prt/1 it/PRON/dobj/1", 1, "ASSAULT", "blow up"),
    (
        "Lima/PROPN/nsubj/1 called:call/VERB/ROOT/1 for/ADP/prep/1 restraint/NOUN/pobj/2",
        1,
        "REQUEST",
        "call for",
    ),
    (
        "They/PRON/nsubj/1 came:come/VERB/ROOT/1 out/ADP/prt/1 against/ADP/prep/1 it/PRON/pobj/3",
        1,
        "REJECT",
        "come out against",
    ),
    # an object
    (
        "Ghana/PROPN/nsubj/1 imposed:impose/VERB/ROOT/1 sanctions:sanction/NOUN/dobj/1",
        1,
        "SANCTION",
        "impose sanction",
    ),
    (
        "Ghana/PROPN/nsubj/1 broke:break/VERB/ROOT/1 off/ADP/prt/1 relations:relation/NOUN/dobj/1",
        1,
        "SANCTION",
        "break off relation",
    ),
    ("Ghana/PROPN/nsubj/1 broke:break/VERB/ROOT/1 the/DET/det/3 law/NOUN/dobj/1", 1, "REJECT", "break law"),
    ("Oslo/PROPN/nsubj/1 opened:open/VERB/ROOT/1 an/DET/det/3 embassy/NOUN/dobj/1", 1, "SUPPORT", "open embassy"),
    ("Guards:guard/NOUN/nsubj/1 opened:open/VERB/ROOT/1 fire/NOUN/dobj/1", 1, "ASSAULT", "open fire"),
    (
        "Lagos/PROPN/nsubj/1 gave:give/VERB/ROOT/1 an/DET/det/3 ultimatum/NOUN/dobj/1",
        1,
        "THREATEN",
        "give ultimatum",
    ),
    (
        "Lagos/PROPN/nsubj/1 expressed:express/VERB/ROOT/1 concern/NOUN/dobj/1",
        1,
        "ACCUSE",
        "express concern",
    ),
    (
        "Lagos/PROPN/nsubj/1 stressed:stress/VERB/ROOT/1 the/DET/det/3 need/NOUN/dobj/1",
        1,
        "REQUEST",
        "stress need",
    ),
    # a light verb takes its noun's type
    (
        "Rebels:rebel/NOUN/nsubj/1 launched:launch/VERB/ROOT/1 an/DET/det/3 attack/NOUN/dobj/1",
        1,
        "ASSAULT",
        "launch attack",
    ),
    ("Envoys:envoy/NOUN/nsubj/1 held:hold/VERB/ROOT/1 talks:talk/NOUN/dobj/1", 1, "CONSULT", "hold talk"),
    # the noun behind a measure: "a series of attacks"
    (
        "Rebels:rebel/NOUN/nsubj/1 launched:launch/VERB/ROOT/1 a/DET/det/3 series/NOUN/dobj/1 of/ADP/prep/3 "
        "raids:raid/NOUN/pobj/4",
        1,
        "ASSAULT",
        "launch raid",
    ),
    # a passive's subject is what the verb carries: "sanctions were imposed"
    (
        "Sanctions:sanction/NOUN/nsubjpass/2 were:be/AUX/auxpass/2 imposed:impose/VERB/ROOT/2",
        2,
        "SANCTION",
        "impose sanction",
    ),
    # a subject: "a bomb exploded"
    ("A/DET/det/1 bomb/NOUN/nsubj/2 exploded:explode/VERB/ROOT/2", 2, "ASSAULT", "explode"),
    # the subject is the event: "clashes erupted"
    ("Clashes:clash/NOUN/nsubj/1 erupted:erupt/VERB/ROOT/1", 1, "ASSAULT", "erupt"),
    # killed by no man's hand
    (
        "Ten/NUM/nsubjpass/2 were:be/AUX/auxpass/2 killed:kill/VERB/ROOT/2 in/ADP/prep/2 the/DET/det/5 "
        "earthquake/NOUN/pobj/3",
        2,
        "OTHER",
        "kill in",
    ),
    # the first verb types the event: "threatened to strike"
    (
        "Rebels:rebel/NOUN/nsubj/1 threatened:threaten/VERB/ROOT/1 to/PART/aux/3 strike/VERB/xcomp/1",
        1,
        "THREATEN",
        "threaten",
    ),
    # a phase leaves the type to its complement: "began shelling"
    ("Rebels:rebel/NOUN/nsubj/1 began:begin/VERB/ROOT/1 shelling:shell/VERB/xcomp/1", 1, "ASSAULT", "begin"),
    # a vow is a promise or a threat by what is vowed
    (
        "Rebels:rebel/NOUN/nsubj/1 vowed:vow/VERB/ROOT/1 to/PART/aux/3 disarm/VERB/xcomp/1",
        1,
        "AGREE",
        "vow",
    ),
    (
        "Rebels:rebel/NOUN/nsubj/1 vowed:vow/VERB/ROOT/1 to/PART/aux/3 bomb/VERB/xcomp/1 it/PRON/dobj/3",
        1,
        "THREATEN",
        "vow",
    ),
    # "told the militia to leave" asks, "told the militia that" tells
    (
        "He/PRON/nsubj/1 told:tell/VERB/ROOT/1 them/PRON/dobj/1 to/PART/aux/4 leave/VERB/xcomp/1",
        1,
        "REQUEST",
        "tell",
    ),
    # "said Sudan must return it": the speaker asks
    (
        "Russia/PROPN/nsubj/1 said:say/VERB/ROOT/1 Sudan/PROPN/nsubj/4 must/AUX/aux/4 withdraw/VERB/ccomp/1",
        1,
        "REQUEST",
        "say",
    ),
]


@pytest.mark.parametrize(("sentence", "trigger", "event_type", "action"), VERBS)
def test_verbs(lexicon: Lexicon, sentence: str, trigger: int, event_type: str, action: str) -> None:
    doc = read(sentence)
    coding = code_frame(verb_frame(doc, trigger), read_parse(doc), lexicon=lexicon)
    assert (coding.event_type, coding.action) == (event_type, action)


@pytest.mark.parametrize(
    ("sentence", "trigger", "event_type", "action"),
    [
        ("the/DET/det/1 attack/NOUN/ROOT/1", 1, "ASSAULT", "attack"),
        ("a/DET/det/2 hunger/NOUN/compound/2 strike/NOUN/ROOT/2", 2, "PROTEST", "hunger strike"),
        ("an/DET/det/2 arms:arm/NOUN/compound/2 embargo/NOUN/ROOT/2", 2, "SANCTION", "arms embargo"),
        ("their/PRON/poss/1 visit/NOUN/ROOT/1", 1, "CONSULT", "visit"),
        ("a/DET/det/1 table/NOUN/ROOT/1", 1, "OTHER", "table"),
    ],
)
def test_event_nouns(lexicon: Lexicon, sentence: str, trigger: int, event_type: str, action: str) -> None:
    doc = read(sentence)
    coding = code_frame(noun_frame(doc, trigger), read_parse(doc), lexicon=lexicon)
    assert coding.event_type == event_type
    assert coding.action.split()[-1] == action.split()[-1]


@pytest.mark.parametrize(
    ("sentence", "modality", "event_type"),
    [
        # an act to come: cooperation is a promise, force a threat
        ("Togo/PROPN/nsubj/2 will/AUX/aux/2 visit/VERB/ROOT/2 Mali/PROPN/dobj/2", "planned", "AGREE"),
        ("Togo/PROPN/nsubj/2 will/AUX/aux/2 bomb/VERB/ROOT/2 Mali/PROPN/dobj/2", "planned", "THREATEN"),
        ("Togo/PROPN/nsubj/2 will/AUX/aux/2 urge/VERB/ROOT/2 Mali/PROPN/dobj/2", "planned", "REQUEST"),
        ("Togo/PROPN/nsubj/3 will/AUX/aux/3 not/PART/neg/3 support/VERB/ROOT/3 it/PRON/dobj/3", "negated", "REJECT"),
        ("Togo/PROPN/nsubj/3 did:do/AUX/aux/3 not/PART/neg/3 support/VERB/ROOT/3 it/PRON/dobj/3", "negated", "SUPPORT"),
    ],
)
def test_acts_to_come(lexicon: Lexicon, sentence: str, modality: str, event_type: str) -> None:
    doc = read(sentence)
    trigger = next(t.i for t in doc if t.dep_ == "ROOT")
    coding = code_frame(verb_frame(doc, trigger, modality=modality), read_parse(doc), lexicon=lexicon)
    assert coding.event_type == event_type


def test_a_purpose_is_no_promise(lexicon: Lexicon) -> None:
    # "troops came to help the victims"
    doc = read(
        "Troops:troop/NOUN/nsubj/1 came:come/VERB/ROOT/1 to/PART/aux/3 rescue/VERB/advcl/1 them/PRON/dobj/3 "
        "from/ADP/prep/3 floods:flood/NOUN/pobj/5"
    )
    frame = verb_frame(doc, 3, modality="planned")
    assert code_frame(frame, read_parse(doc), lexicon=lexicon).event_type == "AID"


def test_sport_attacks_nobody(lexicon: Lexicon) -> None:
    war = read("Rebels:rebel/NOUN/nsubj/1 attacked:attack/VERB/ROOT/1 the/DET/det/3 town/NOUN/dobj/1")
    sport = read(
        "The/DET/det/1 striker/NOUN/nsubj/2 attacked:attack/VERB/ROOT/2 and/CCONJ/cc/2 the/DET/det/5 "
        "goalkeeper/NOUN/nsubj/6 slipped:slip/VERB/conj/2"
    )
    assert code_frame(verb_frame(war, 1), read_parse(war), lexicon=lexicon).event_type == "ASSAULT"
    assert code_frame(verb_frame(sport, 2), read_parse(sport), lexicon=lexicon).event_type == "OTHER"
    assert "sport" in article_topics(read_parse(sport), lexicon)
    assert "sport" not in article_topics(read_parse(war), lexicon)


def test_a_strike_among_workers_is_a_protest(lexicon: Lexicon) -> None:
    union = read("The/DET/det/1 union/NOUN/nsubj/2 called:call/VERB/ROOT/2 a/DET/det/4 strike/NOUN/dobj/2")
    army = read("The/DET/det/1 army/NOUN/nsubj/2 confirmed:confirm/VERB/ROOT/2 a/DET/det/4 strike/NOUN/dobj/2")
    assert code_frame(noun_frame(union, 4), read_parse(union), lexicon=lexicon).event_type == "PROTEST"
    assert code_frame(noun_frame(army, 4), read_parse(army), lexicon=lexicon).event_type == "ASSAULT"


def test_every_coding_names_its_row(lexicon: Lexicon) -> None:
    doc = read("Rebels:rebel/NOUN/nsubj/1 bombed:bomb/VERB/ROOT/1 it/PRON/dobj/1")
    assert code_frame(verb_frame(doc, 1), read_parse(doc), lexicon=lexicon).entry.startswith("verbs.csv:")
    doc = read("He/PRON/nsubj/1 whistled:whistle/VERB/ROOT/1")
    assert code_frame(verb_frame(doc, 1), read_parse(doc), lexicon=lexicon).entry == ""
