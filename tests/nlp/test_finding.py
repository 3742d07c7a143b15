"""Who did what to whom: each rule on a sentence of its own, parsed by hand."""

from __future__ import annotations

import pytest

from tasks.contracts.codes import SentenceOutcome
from tasks.lexicon.reader import Lexicon, load_lexicon
from tasks.nlp.finding import LONGEST_SENTENCE, Finding, find_events
from tasks.nlp.parse import read_parse
from tests.nlp.parses import parse_of


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def found_in(text: str, lexicon: Lexicon) -> Finding:
    doc = parse_of(text)
    return find_events(read_parse(doc), 0, len(doc), lexicon=lexicon)


def who_did_what(text: str, lexicon: Lexicon) -> list[tuple[str, str, str]]:
    """(actors, trigger's lemma, targets) of each event."""
    return [
        ("; ".join(p.text for p in frame.actors), frame.lemma, "; ".join(p.text for p in frame.targets))
        for frame, _ in found_in(text, lexicon).events
    ]


RULES = {
    "subject acts, object undergoes": (
        "Rebels:rebel/NNS/nsubj/1 attacked:attack/VBD/ROOT/1 the/DT/det/3 town/NN/dobj/1",
        [("Rebels", "attack", "town")],
    ),
    "by-phrase of a passive acts, its subject undergoes": (
        "The/DT/det/1 town/NN/nsubjpass/3 was:be/VBD/auxpass/3 attacked:attack/VBN/ROOT/3 by/IN/agent/3 "
        "rebels:rebel/NNS/pobj/4",
        [("rebels", "attack", "town")],
    ),
    "a passive without by-phrase has no actor": (
        "The/DT/det/1 judge/NN/nsubjpass/3 was:be/VBD/auxpass/3 shot:shoot/VBN/ROOT/3",
        [("", "shoot", "judge")],
    ),
    "headlines leave the auxiliary of a passive out": (
        "Airline/NN/nsubj/1 swamped:swamp/VBN/ROOT/1 by/IN/agent/1 complaints:complaint/NNS/pobj/2",
        [("complaints", "swamp", "Airline")],
    ),
    "conjoined verbs share their subject": (
        "Rebels:rebel/NNS/nsubj/1 seized:seize/VBD/ROOT/1 the/DT/det/3 port/NN/dobj/1 and/CC/cc/1 "
        "shelled:shell/VBD/conj/1 the/DT/det/7 airport/NN/dobj/5",
        [("Rebels", "seize", "port"), ("Rebels", "shell", "airport")],
    ),
    "conjoined verbs share an object": (
        "Rebels:rebel/NNS/nsubj/1 met:meet/VBD/ROOT/1 and/CC/cc/1 defeated:defeat/VBD/conj/1 troops:troop/NNS/dobj/3",
        [("Rebels", "meet", "troops"), ("Rebels", "defeat", "troops")],
    ),
    "several actors are a list": (
        "Peru/NNP/nsubj/3/GPE and/CC/cc/0 Chile/NNP/conj/0/GPE condemned:condemn/VBD/ROOT/3 Bolivia/NNP/dobj/3/GPE",
        [("Peru; Chile", "condemn", "Bolivia")],
    ),
    "a relative pronoun stands for its noun": (
        "Rebels:rebel/NNS/nsubj/5 who/WP/nsubj/2 seized:seize/VBD/relcl/0 the/DT/det/4 town/NN/dobj/2 "
        "fled:flee/VBD/ROOT/5",
        [("Rebels", "seize", "town"), ("Rebels", "flee", "")],
    ),
    "a relative clause lacks its object": (
        "The/DT/det/1 town/NN/nsubj/4 rebels:rebel/NNS/nsubj/3 seized:seize/VBD/relcl/1 fell:fall/VBD/ROOT/4",
        [("rebels", "seize", "town"), ("town", "fall", "")],
    ),
    "a reduced relative clause": (
        "The/DT/det/1 bridge/NN/nsubj/5 blown:blow/VBN/acl/1 up/RP/prt/2 yesterday/NN/npadvmod/2 "
        "reopened:reopen/VBD/ROOT/5",
        [("", "blow", "bridge"), ("bridge", "reopen", "")],
    ),
    "an infinitive has the subject of the verb that controls it": (
        "Bolivia/NNP/nsubj/1/GPE agreed:agree/VBD/ROOT/1 to/TO/aux/3 evacuate/VB/xcomp/1 miners:miner/NNS/dobj/3",
        [("Bolivia", "agree", "miners"), ("Bolivia", "evacuate", "miners")],
    ),
    "an infinitive has the object of the verb that forces it": (
        "The/DT/det/1 army/NN/nsubj/2 forced:force/VBD/ROOT/2 residents:resident/NNS/dobj/2 to/TO/aux/5 "
        "flee/VB/xcomp/2",
        [("army", "force", "residents"), ("residents", "flee", "")],
    ),
    "those called upon are to act": (
        "Kenya/NNP/nsubj/1/GPE called:call/VBD/ROOT/1 on/IN/prep/1 both/DT/det/4 armies:army/NNS/pobj/2 to/TO/aux/6 "
        "withdraw/VB/xcomp/1",
        [("Kenya", "call", "armies"), ("armies", "withdraw", "")],
    ),
    "who is accused does what is alleged": (
        "Chad/NNP/nsubj/1/GPE accused:accuse/VBD/ROOT/1 Libya/NNP/dobj/1/GPE of/IN/prep/1 shelling:shell/VBG/pcomp/3 "
        "Aouzou/NNP/dobj/4/GPE",
        [("Chad", "accuse", "Libya"), ("Libya", "shell", "Aouzou")],
    ),
    "a participle adjunct has the subject of its clause": (
        "Gunmen:gunman/NNS/nsubj/1 stormed:storm/VBD/ROOT/1 a/DT/det/3 hotel/NN/dobj/1 ,/,/punct/1 "
        "killing:kill/VBG/advcl/1 guards:guard/NNS/dobj/5",
        [("Gunmen", "storm", "hotel"), ("Gunmen", "kill", "guards")],
    ),
    "a plan is its owner's": (
        "Its:its/PRP$/poss/1 plan/NN/nsubj/5 to/TO/aux/3 invade/VB/acl/1 Kuwait/NNP/dobj/3/GPE leaked:leak/VBD/ROOT/5",
        [("Its", "plan", ""), ("Its", "invade", "Kuwait"), ("Its plan", "leak", "")],
    ),
    "who issues a statement says what it says": (
        "Oman/NNP/nsubj/1/GPE issued:issue/VBD/ROOT/1 a/DT/det/3 statement/NN/dobj/1 condemning:condemn/VBG/acl/3 "
        "Iran/NNP/dobj/4/GPE",
        [("Oman", "issue", "statement"), ("Oman", "condemn", "Iran")],
    ),
    "the receiver undergoes, not what is given": (
        "France/NNP/nsubj/1/GPE gave:give/VBD/ROOT/1 rebels:rebel/NNS/dative/1 weapons:weapon/NNS/dobj/1",
        [("France", "give", "rebels")],
    ),
    "a preposition leads to the target": (
        "The/DT/det/1 envoy/NN/nsubj/2 met:meet/VBD/ROOT/2 with/IN/prep/2 the/DT/det/5 president/NN/pobj/3",
        [("envoy", "meet", "president")],
    ),
    "two who clash face each other": (
        "Peru/NNP/nsubj/3/GPE and/CC/cc/0 Chile/NNP/conj/0/GPE clashed:clash/VBD/ROOT/3",
        [("Peru", "clash", "Chile")],
    ),
    "a verb that carries an event noun makes one event, done to the noun's party": (
        "Mali/NNP/nsubj/1/GPE launched:launch/VBD/ROOT/1 an/DT/det/3 attack/NN/dobj/1 on/IN/prep/3 "
        "Niger/NNP/pobj/4/GPE",
        [("Mali", "launch", "Niger")],
    ),
    "an event noun with its parties": (
        "The/DT/det/1 attack/NN/nsubj/7 by/IN/prep/1 militants:militant/NNS/pobj/2 on/IN/prep/1 the/DT/det/6 "
        "convoy/NN/pobj/4 shocked:shock/VBD/ROOT/7 Nairobi/NNP/dobj/7/GPE",
        [("militants", "attack", "convoy"), ("attack", "shock", "Nairobi")],
    ),
    "a nationality before an event noun acts": (
        "Israeli/JJ/amod/2/NORP air/NN/compound/2 strikes:strike/NNS/nsubj/3 continued:continue/VBD/ROOT/3 "
        "on/IN/prep/2 Gaza/NNP/pobj/4/GPE",
        [("Israeli", "strike", "Gaza"), ("Israeli air strikes", "continue", "")],
    ),
    "the possessor of an arrest undergoes it": (
        "The/DT/det/1 minister/NN/poss/3 's/POS/case/1 arrest/NN/nsubj/4 shocked:shock/VBD/ROOT/4 Lagos/NNP/dobj/4/GPE",
        [("", "arrest", "minister"), ("minister 's arrest", "shock", "Lagos")],
    ),
    "an apposition gives the name": (
        "The/DT/det/1 mayor/NN/nsubj/6 ,/,/punct/1 Ana/NNP/compound/4/PERSON Torres/NNP/appos/1/PERSON ,/,/punct/1 "
        "resigned:resign/VBD/ROOT/6",
        [("Ana Torres", "resign", "")],
    ),
    "the subject that the parser gave to a participle": (
        "The/DT/det/1 man/NN/nsubj/2 charged:charge/VBN/advcl/4 ,/,/punct/4 appeared:appear/VBD/ROOT/4 in/IN/prep/4 "
        "court/NN/pobj/5",
        [("", "charge", "man"), ("man", "appear", "")],
    ),
    "a purpose under a passive is its agent's": (
        "The/DT/det/1 dam/NN/nsubjpass/3 was:be/VBD/auxpass/3 built:build/VBN/ROOT/3 to/TO/aux/5 stop/VB/advcl/3 "
        "floods:flood/NNS/dobj/5",
        [("", "build", "dam"), ("", "stop", "floods")],
    ),
    "nobody in particular does what is important": (
        "It:it/PRP/nsubj/1 is:be/VBZ/ROOT/1 important/JJ/acomp/1 to/TO/aux/4 protect/VB/xcomp/2 "
        "civilians:civilian/NNS/dobj/4",
        [("", "protect", "civilians")],
    ),
    "whoever orders it has it done": (
        "Governors:governor/NNS/nsubj/1 ordered:order/VBD/ROOT/1 the/DT/det/3 flag/NN/dobj/1 lowered:lower/VBN/acl/3",
        [("Governors", "order", "flag"), ("Governors", "lower", "flag")],
    ),
    "own troops are withdrawn from somebody": (
        "Chad/NNP/nsubj/1/GPE withdrew:withdraw/VBD/ROOT/1 its/PRP$/poss/3 troops:troop/NNS/dobj/1 from/IN/prep/1 "
        "Libya/NNP/pobj/4/GPE",
        [("Chad", "withdraw", "Libya")],
    ),
    "protesters address whom they make demands of": (
        "Students:student/NNS/nsubj/1 marched:march/VBD/ROOT/1 to/TO/aux/3 demand/VB/advcl/1 reforms:reform/NNS/dobj/3 "
        "by/IN/prep/4 President/NNP/compound/7 Sall/NNP/pobj/5/PERSON",
        [
            ("Students", "march", "President Sall"),
            ("Students", "demand", "President Sall"),
            ("President Sall", "reform", ""),
        ],
    ),
    "sanctions are imposed on somebody": (
        "Peru/NNP/nsubj/1/GPE imposed:impose/VBD/ROOT/1 sanctions:sanction/NNS/dobj/1 on/IN/prep/1 "
        "Chile/NNP/pobj/3/GPE",
        [("Peru", "impose", "Chile")],
    ),
    "a union in talks": (
        "The/DT/det/1 union/NN/nsubj/2 is:be/VBZ/ROOT/2 in/IN/prep/2 talks:talk/NNS/pobj/3 with/IN/prep/4 "
        "Nokia/NNP/pobj/5/ORG",
        [("union", "talk", "Nokia")],
    ),
    "has, not is, behind 's": (
        "She/PRP/nsubjpass/2 's:be/VBZ/auxpass/2 had:have/VBN/ROOT/2 visitors:visitor/NNS/dobj/2",
        [("She", "have", "visitors")],
    ),
    "by how much a thing falls": (
        "Exports:export/NNS/nsubj/1 fell:fall/VBD/ROOT/1 35/CD/nummod/3/PERCENT %/NN/npadvmod/1/PERCENT",
        [("Exports", "fall", "35 %")],
    ),
    "a headline's verb that looks like a plural": (
        "Renault/NNP/compound/1/ORG plans:plan/NNS/ROOT/1 to/TO/aux/3 close/VB/xcomp/1 plants:plant/NNS/dobj/3",
        [("Renault", "plan", "plants"), ("", "close", "plants")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), RULES.values(), ids=list(RULES))
def test_who_did_what_to_whom(text: str, expected: list[tuple[str, str, str]], lexicon: Lexicon) -> None:
    assert who_did_what(text, lexicon) == expected


OUTCOMES = {
    "a state is no event": (
        "Ties:tie/NNS/nsubj/1 remain/VBP/ROOT/1 tense/JJ/acomp/1",
        SentenceOutcome.STATIVE,
    ),
    "a copula is no event": (
        "Laos/NNP/nsubj/1/GPE is:be/VBZ/ROOT/1 a/DT/det/4 landlocked/JJ/amod/4 country/NN/attr/1",
        SentenceOutcome.STATIVE,
    ),
    "no verb, no event": ("Sunday/NNP/ROOT/0/DATE", SentenceOutcome.NO_VERB),
    "nobody acts or undergoes": ("See/VB/ROOT/0 above/RB/advmod/0", SentenceOutcome.NO_PARTICIPANT),
}


@pytest.mark.parametrize(("text", "outcome"), OUTCOMES.values(), ids=list(OUTCOMES))
def test_a_sentence_without_event_says_why(text: str, outcome: SentenceOutcome, lexicon: Lexicon) -> None:
    finding = found_in(text, lexicon)
    assert (finding.events, finding.outcome) == ((), outcome)


def test_a_sentence_without_end_is_left_alone(lexicon: Lexicon) -> None:
    endless = " ".join(f"head/NN/pobj/{max(i - 1, 0)} of/IN/prep/{i}" for i in range(0, LONGEST_SENTENCE + 2, 2))
    assert found_in(endless, lexicon).outcome == SentenceOutcome.TOO_LONG


def test_a_participle_before_a_noun_is_no_coded_event(lexicon: Lexicon) -> None:
    text = "The/DT/det/2 disputed:dispute/VBN/amod/2 province/NN/nsubj/3 burned:burn/VBD/ROOT/3"
    (_, coding), *_ = found_in(text, lexicon).events
    assert coding.event_type == "OTHER"
