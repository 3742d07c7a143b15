"""Whether an event is reported as a fact, and who says so."""

from __future__ import annotations

import pytest

from tasks.lexicon.reader import Lexicon, load_lexicon
from tasks.nlp.finding import find_events
from tasks.nlp.frames import Frame
from tasks.nlp.parse import read_parse
from tests.nlp.parses import parse_of


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def frames_of(text: str, lexicon: Lexicon) -> dict[str, Frame]:
    doc = parse_of(text)
    return {f.lemma: f for f, _ in find_events(read_parse(doc), 0, len(doc), lexicon=lexicon).events}


MODALITIES = {
    "a plain past is asserted": (
        "Police/NNS/nsubj/1 arrested:arrest/VBD/ROOT/1 protesters:protester/NNS/dobj/1",
        {"arrest": "asserted"},
    ),
    "not": (
        "Police/NNS/nsubj/3 did:do/VBD/aux/3 not/RB/neg/3 arrest/VB/ROOT/3 protesters:protester/NNS/dobj/3",
        {"arrest": "negated"},
    ),
    "no soldiers": (
        "No/DT/det/1 soldiers:soldier/NNS/nsubjpass/3 were:be/VBD/auxpass/3 killed:kill/VBN/ROOT/3",
        {"kill": "negated"},
    ),
    "will": (
        "Ghana/NNP/nsubj/2/GPE will/MD/aux/2 attack/VB/ROOT/2 Togo/NNP/dobj/2/GPE",
        {"attack": "planned"},
    ),
    "will serves both verbs": (
        "Ghana/NNP/nsubj/2/GPE will/MD/aux/2 attack/VB/ROOT/2 Togo/NNP/dobj/2/GPE and/CC/cc/2 bomb/VB/conj/2 "
        "Benin/NNP/dobj/5/GPE",
        {"attack": "planned", "bomb": "planned"},
    ),
    "may": (
        "Rebels:rebel/NNS/nsubj/2 may/MD/aux/2 attack/VB/ROOT/2 Lome/NNP/dobj/2/GPE",
        {"attack": "hypothetical"},
    ),
    "if": (
        "Togo/NNP/nsubj/2/GPE will/MD/aux/2 retaliate/VB/ROOT/2 if/IN/mark/5 rebels:rebel/NNS/nsubj/5 "
        "attack/VBP/advcl/2 Lome/NNP/dobj/5/GPE",
        {"attack": "hypothetical"},
    ),
    "would after said is a plan": (
        "Togo/NNP/nsubj/1/GPE said:say/VBD/ROOT/1 it:it/PRP/nsubj/4 would/MD/aux/4 attack/VB/ccomp/1 "
        "Benin/NNP/dobj/4/GPE",
        {"say": "asserted", "attack": "planned"},
    ),
    "what is urged is requested, the urging asserted": (
        "Togo/NNP/nsubj/1/GPE urged:urge/VBD/ROOT/1 Benin/NNP/dobj/1/GPE to/TO/aux/4 withdraw/VB/xcomp/1",
        {"urge": "asserted", "withdraw": "requested"},
    ),
    "an order to the hearer": (
        "Release/VB/ROOT/0 the/DT/det/2 hostages:hostage/NNS/dobj/0",
        {"release": "requested"},
    ),
    "a plan": (
        "Benin/NNP/nsubj/1/GPE planned:plan/VBD/ROOT/1 to/TO/aux/3 bomb/VB/xcomp/1 Lome/NNP/dobj/3/GPE",
        {"bomb": "planned"},
    ),
    "what is alleged is reported as a fact, by whoever alleges it": (
        "Chad/NNP/nsubj/1/GPE accused:accuse/VBD/ROOT/1 Libya/NNP/dobj/1/GPE of/IN/prep/1 shelling:shell/VBG/pcomp/3 "
        "Aouzou/NNP/dobj/4/GPE",
        {"accuse": "asserted", "shell": "asserted"},
    ),
    "an event noun under calls is requested": (
        "Togo/NNP/nsubj/1/GPE urged:urge/VBD/ROOT/1 talks:talk/NNS/dobj/1 with/IN/prep/2 Benin/NNP/pobj/3/GPE",
        {"talk": "requested"},
    ),
    "an event noun in an adjunct has happened": (
        "Togo/NNP/nsubj/2/GPE will/MD/aux/2 mourn/VB/ROOT/2 after/IN/prep/2 the/DT/det/5 attack/NN/pobj/3 on/IN/prep/5 "
        "Lome/NNP/pobj/6/GPE",
        {"attack": "asserted"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), MODALITIES.values(), ids=list(MODALITIES))
def test_modality(text: str, expected: dict[str, str], lexicon: Lexicon) -> None:
    frames = frames_of(text, lexicon)
    assert {lemma: frames[lemma].modality for lemma in expected} == expected


CLAIMS = {
    "the subject of a reporting verb": (
        "The/DT/det/1 army/NN/nsubj/2 said:say/VBD/ROOT/2 rebels:rebel/NNS/nsubj/4 killed:kill/VBD/ccomp/2 "
        "soldiers:soldier/NNS/dobj/4",
        "army",
    ),
    "according to": (
        "According:accord/VBG/prep/5 to/IN/prep/0 police/NNS/pobj/1 ,/,/punct/5 gunmen:gunman/NNS/nsubj/5 "
        "killed:kill/VBD/ROOT/5 a/DT/det/7 judge/NN/dobj/5",
        "police",
    ),
    "an inserted clause": (
        "Rebels:rebel/NNS/nsubj/4 ,/,/punct/4 police/NNS/nsubj/3 say/VBP/parataxis/4 killed:kill/VBD/ROOT/4 "
        "a/DT/det/6 judge/NN/dobj/4",
        "police",
    ),
    "nobody but the paper": (
        "Rebels:rebel/NNS/nsubj/1 killed:kill/VBD/ROOT/1 a/DT/det/3 judge/NN/dobj/1",
        "",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CLAIMS.values(), ids=list(CLAIMS))
def test_who_says_so(text: str, expected: str, lexicon: Lexicon) -> None:
    assert "; ".join(p.text for p in frames_of(text, lexicon)["kill"].claimants) == expected
