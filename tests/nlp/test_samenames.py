"""Names: one person under many spellings, one side under many words, and two sides kept apart."""

import pytest

from tasks.nlp.samenames import Party, compare_pools, compare_roles, name_key, names_in, read_parties

SPELLINGS = [
    "Zelensky Zelenskyy Zelenskiy Zelenskyi",
    "Aliyev Aliev Aliýev",
    "Erdoğan Erdogan",
    "Sisi Sissi",
    "Pashinyan Pashinian",
    "Mohammed Muhammad Mohamed",
    "Lukashenko Lukashenka",
    "Shabaab Shabab",
    "Hussein Hussain Husayn",
    "Hezbollah Hizbullah",
    "Houthi Houthis",
]
DIFFERENT = ["Blinken Biden", "Merkel Macron", "Xi Li", "Goma Gaza", "Putin Peskov", "Kabul Kandahar"]


@pytest.mark.parametrize("names", SPELLINGS)
def test_spellings_of_a_name_share_a_key(names: str) -> None:
    assert len({name_key(name) for name in names.split()}) == 1


@pytest.mark.parametrize("names", DIFFERENT)
def test_other_names_do_not(names: str) -> None:
    assert len({name_key(name) for name in names.split()}) == 2


def role(*phrases: str, countries: str | None = None, sectors: str | None = None, sentence: str = "") -> list[Party]:
    return list(read_parties(phrases, countries=countries, sectors=sectors, sentence=sentence))


# score at least; None: they contradict each other
PAIRS = [
    ("US Secretary of State Antony Blinken", "Blinken", 1.0),
    ("President Volodymyr Zelenskyy", "Vladimir Zelensky", 1.0),
    ("UN Security Council", "United Nations Security Council", 1.0),
    ("the RSF", "Sudan's Rapid Support Forces", 1.0),
    ("Russian forces", "Moscow", 0.7),
    ("Israeli warplanes", "Israel", 0.7),
    ("three Nigerian soldiers", "soldiers", 0.5),
    ("Joe Biden", "Hunter Biden", 0.3),
    ("gunmen", "Boko Haram", 0.0),
    ("Israel", "Iran", None),
    ("Antony Blinken", "Wang Yi", None),
    ("Ukrainian soldiers", "Russian soldiers", None),
]


@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_phrases_for_one_party_agree_and_others_contradict(one: str, other: str, least: float | None) -> None:
    score = compare_roles(role(one), role(other))
    assert score == compare_roles(role(other), role(one))
    if least is None:
        assert score is None
    else:
        assert score is not None
        assert least <= score <= 1.0


def test_a_capital_at_the_start_of_the_sentence_is_no_name() -> None:
    protesters = role("Protesters", sentence="Protesters marched.")
    assert compare_roles(protesters, role("Kenyan protesters")) == 0.5
    hamas = role("Hamas", sentence="Hamas fired rockets.")
    assert compare_roles(hamas, role("Hamas fighters")) == 1.0


def test_sectors_weigh_against_but_forbid_nothing() -> None:
    score = compare_roles(role("gunmen", sectors="REB"), role("troops", sectors="MIL"))
    assert score is not None
    assert score < 0


def test_an_empty_role_says_nothing() -> None:
    assert compare_roles((), role("Israel")) == 0.0


def test_parties_of_a_meeting_may_change_places_but_not_be_replaced() -> None:
    assert compare_pools(role("Blinken", "Wang Yi"), role("Wang Yi", "Antony Blinken")) == 2.0
    assert compare_pools(role("Blinken", "Wang Yi"), role("Blinken")) == 1.0
    assert compare_pools(role("Blinken", "Wang Yi"), role("Blinken", "David Cameron")) is None


def test_names_of_a_sentence_are_its_places_and_people() -> None:
    assert names_in("Gunmen shot Kenyan officers near Garissa and Nairobi on Monday.") == {
        name_key("Garissa"),
        name_key("Nairobi"),
    }
