"""Who a phrase stands for: its countries and its sectors."""

from __future__ import annotations

import pytest

from tasks.lexicon.reader import Lexicon, load_lexicon
from tasks.nlp.agents import code_agent
from tasks.nlp.parse import read_parse
from tests.nlp.handmade import phrase, read


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def flat(text: str) -> str:
    """The words as a phrase headed by the last one: names in capitals, the rest nouns, plurals cut to their lemma."""
    words = text.split()
    tokens = []
    for i, word in enumerate(words):
        last = i == len(words) - 1
        part = "PROPN" if word[0].isupper() else "NOUN"
        lemma = word[:-1] if word.endswith("s") and not word.endswith("ss") and part == "NOUN" else word.lower()
        entity = "/PERSON" if part == "PROPN" and last else ""
        tokens.append(f"{word}:{lemma}/{part}/{'ROOT' if last else 'compound'}/{len(words) - 1}{entity}")
    return " ".join(tokens)


@pytest.mark.parametrize(
    ("text", "countries", "sectors"),
    [
        # a country, or its capital, acts as its government
        ("Peru", ("PER",), ("GOV",)),
        ("Ankara", ("TUR",), ("GOV",)),
        ("Kremlin", ("RUS",), ("GOV",)),
        ("White House", ("USA",), ("GOV",)),
        # a nationality with a role
        ("Peruvian soldiers", ("PER",), ("MIL",)),
        ("Kenyan police", ("KEN",), ("COP",)),
        ("Afghan rebels", ("AFG",), ("REB",)),
        ("Greek lawmakers", ("GRC",), ("LEG",)),
        ("Turkish judge", ("TUR",), ("JUD",)),
        ("Chilean miners", ("CHL",), ("LAB",)),
        ("Syrian refugees", ("SYR",), ("REF",)),
        ("Egyptian journalists", ("EGY",), ("JRN",)),
        ("Thai foreign ministry", ("THA",), ("GOV",)),
        ("Palestinians", ("PSE",), ("CVL",)),
        # a leader's role is weak: whoever is led decides
        ("Sudanese leaders", ("SDN",), ("GOV",)),
        ("Sudanese rebel leaders", ("SDN",), ("REB",)),
        ("Malian opposition leader", ("MLI",), ("OPP",)),
        # titles before names, well-known names
        ("Prime Minister Pashinyan", ("ARM",), ("GOV",)),
        ("Vladimir Putin", ("RUS",), ("GOV",)),
        ("General Haftar", ("LBY",), ("MIL",)),
        ("Kate Bush", (), ()),
        # organisations
        ("NATO", (), ("IGO",)),
        ("United Nations", (), ("IGO",)),
        ("UN peacekeepers", (), ("IGO", "MIL")),
        ("Hezbollah fighters", ("LBN",), ("REB",)),
        ("Amnesty International", (), ("NGO",)),
        ("FARC", ("COL",), ("REB",)),
        ("OSCE", (), ("IGO",)),
        # out of office
        ("former Ghanaian president", ("GHA",), ("ELI",)),
        ("Ghanaian former president", ("GHA",), ("ELI",)),
        # nobody in particular
        ("gunmen", (), ("UAF",)),
        ("table", (), ()),
    ],
)
def test_phrases(lexicon: Lexicon, text: str, countries: tuple[str, ...], sectors: tuple[str, ...]) -> None:
    doc = read(flat(text))
    agent = code_agent(phrase(doc, 0, len(doc)), read_parse(doc), lexicon=lexicon)
    assert (agent.countries, agent.sectors) == (countries, sectors)


@pytest.mark.parametrize(
    ("sentence", "end", "head", "countries"),
    [
        # at home: what follows the head
        ("rebels:rebel/NOUN/ROOT/0 in/ADP/prep/0 Niger/PROPN/pobj/1", 1, 0, ("NER",)),
        (
            "a/DET/det/1 group/NOUN/ROOT/1 based:base/VERB/acl/1 in/ADP/prep/2 Trinidad/PROPN/pobj/3",
            2,
            1,
            ("TTO",),
        ),
        # abroad: a nationality says more than the place
        (
            "Polish/ADJ/amod/1 soldiers:soldier/NOUN/ROOT/1 in/ADP/prep/1 Mali/PROPN/pobj/2",
            4,
            1,
            ("POL",),
        ),
        # another party
        (
            "Polish/ADJ/amod/1 ambassador/NOUN/ROOT/1 to/ADP/prep/1 Chad/PROPN/pobj/2",
            4,
            1,
            ("POL",),
        ),
        ("ambassador/NOUN/ROOT/0 to/ADP/prep/0 Chad/PROPN/pobj/1", 3, 0, ()),
        ("Up/ADP/advmod/2 to/ADP/quantmod/2 100/NUM/nummod/3 Serbs:serb/PROPN/ROOT/3", 4, 3, ("SRB",)),
        # two countries
        (
            "Greek/ADJ/amod/3 and/CCONJ/cc/0 Turkish/ADJ/conj/0 envoys:envoy/NOUN/ROOT/3",
            4,
            3,
            ("GRC", "TUR"),
        ),
    ],
)
def test_countries_by_what_follows(
    lexicon: Lexicon, sentence: str, end: int, head: int, countries: tuple[str, ...]
) -> None:
    doc = read(sentence)
    assert code_agent(phrase(doc, 0, end, head), read_parse(doc), lexicon=lexicon).countries == countries


def test_an_institution_is_of_the_only_country_that_the_article_names(lexicon: Lexicon) -> None:
    # "The parliament of a country met in Lima": one country; a second one leaves it open
    one = read("The/DET/det/1 parliament/NOUN/nsubj/2 met:meet/VERB/ROOT/2 in/ADP/prep/2 Peru/PROPN/pobj/3")
    two = read(
        "The/DET/det/1 parliament/NOUN/nsubj/2 met:meet/VERB/ROOT/2 in/ADP/prep/2 Peru/PROPN/pobj/3 "
        "with/ADP/prep/2 Chile/PROPN/pobj/5"
    )
    assert code_agent(phrase(one, 0, 2), read_parse(one), lexicon=lexicon).countries == ("PER",)
    assert code_agent(phrase(two, 0, 2), read_parse(two), lexicon=lexicon).countries == ()


def test_a_surname_takes_the_nationality_of_its_full_name(lexicon: Lexicon) -> None:
    doc = read(
        "Peruvian/ADJ/amod/2 mediator/NOUN/compound/2 Quispe/PROPN/nsubj/3/PERSON spoke:speak/VERB/ROOT/3 "
        "./PUNCT/punct/3 Quispe/PROPN/nsubj/6/PERSON left:leave/VERB/ROOT/6"
    )
    assert code_agent(phrase(doc, 5, 6), read_parse(doc), lexicon=lexicon).countries == ("PER",)


def test_a_pronoun_stands_for_its_name(lexicon: Lexicon) -> None:
    doc = read("It/PRON/nsubj/1 left:leave/VERB/ROOT/1")
    agent = code_agent(phrase(doc, 0, 1, name="Norwegian army"), read_parse(doc), lexicon=lexicon)
    assert (agent.countries, agent.sectors) == (("NOR",), ("MIL",))


def test_members_are_what_they_belong_to(lexicon: Lexicon) -> None:
    doc = read("members:member/NOUN/ROOT/0 of/ADP/prep/0 the/DET/det/4 armed/ADJ/amod/4 forces:force/NOUN/pobj/1")
    assert code_agent(phrase(doc, 0, 5, 0), read_parse(doc), lexicon=lexicon).sectors == ("MIL",)
