"""Whom pronouns, surnames and definite phrases stand for, and when none is taken."""

from __future__ import annotations

import pytest

from tasks.lexicon.reader import load_lexicon
from tasks.nlp.coreference import name_phrase, read_mentions
from tasks.nlp.parse import read_parse
from tasks.nlp.phrases import read_phrase
from tests.nlp.parses import parse_of

TORRES = (
    "Ambassador/NNP/compound/2 Ana/NNP/compound/2/PERSON Torres/NNP/nsubj/3/PERSON arrived:arrive/VBD/ROOT/3 "
    "in/IN/prep/3 Quito/NNP/pobj/4/GPE ./././3 | "
)

CASES = {
    "she, where one person was named": (
        TORRES + "She:she/PRP/nsubj/8 met:meet/VBD/ROOT/8 miners:miner/NNS/dobj/8",
        7,
        "Ambassador Ana Torres",
    ),
    "a surname is completed": (
        TORRES + "Torres/NNP/nsubj/8/PERSON met:meet/VBD/ROOT/8 miners:miner/NNS/dobj/8",
        7,
        "Ana Torres",
    ),
    "a title in small letters": (
        TORRES + "The/DT/det/8 ambassador/NN/nsubj/9 met:meet/VBD/ROOT/9 miners:miner/NNS/dobj/9",
        8,
        "Ana Torres",
    ),
    "where two persons fit, none is taken": (
        "Ana/NNP/nsubj/1/PERSON met:meet/VBD/ROOT/1 Eva/NNP/dobj/1/PERSON ./././1 | "
        "She:she/PRP/nsubj/5 resigned:resign/VBD/ROOT/5",
        4,
        None,
    ),
    "it, where one organisation acted": (
        "Nokia/NNP/nsubj/1/ORG cut:cut/VBD/ROOT/1 jobs:job/NNS/dobj/1 ./././1 | "
        "It:it/PRP/nsubj/5 blamed:blame/VBD/ROOT/5 rivals:rival/NNS/dobj/5",
        4,
        "Nokia",
    ),
    "it, where it stands for a clause": (
        "Nokia/NNP/nsubj/1/ORG cut:cut/VBD/ROOT/1 jobs:job/NNS/dobj/1 ./././1 | "
        "It:it/PRP/nsubj/5 is:be/VBZ/ROOT/5 clear/JJ/acomp/5 that/IN/mark/9 demand/NN/nsubj/9 fell:fall/VBD/ccomp/6",
        4,
        None,
    ),
    "they can be an organisation": (
        "Nokia/NNP/nsubj/1/ORG cut:cut/VBD/ROOT/1 jobs:job/NNS/dobj/1 ./././1 | "
        "They:they/PRP/nsubj/5 blamed:blame/VBD/ROOT/5 rivals:rival/NNS/dobj/5",
        4,
        "Nokia",
    ),
    "the company": (
        "Nokia/NNP/nsubj/1/ORG cut:cut/VBD/ROOT/1 jobs:job/NNS/dobj/1 ./././1 | "
        "The/DT/det/5 company/NN/nsubj/6 blamed:blame/VBD/ROOT/6 rivals:rival/NNS/dobj/6",
        5,
        "Nokia",
    ),
    "an object pronoun is not its own subject": (
        "Ana/NNP/nsubj/1/PERSON praised:praise/VBD/ROOT/1 her:she/PRP/dobj/1",
        2,
        None,
    ),
    "I is whoever speaks": (
        "Ana/NNP/nsubj/1/PERSON said:say/VBD/ROOT/1 I:i/PRP/nsubj/3 resigned:resign/VBD/ccomp/1",
        2,
        "Ana",
    ),
}


@pytest.mark.parametrize(("text", "token", "name"), CASES.values(), ids=list(CASES))
def test_name(text: str, token: int, name: str | None) -> None:
    parse, lexicon = read_parse(parse_of(text)), load_lexicon()
    assert name_phrase(read_phrase(parse, token), parse, read_mentions(parse, lexicon), lexicon).name == name
