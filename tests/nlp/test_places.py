"""Where an event happened: mentions in context, from the model's parse to country and coordinates."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tasks.contracts.codes import PLACE_PRECISIONS
from tasks.contracts.settings import Settings
from tasks.nlp.countries import country
from tasks.nlp.frames import EventPlace, Frame
from tasks.nlp.gazetteer import Gazetteer, load_gazetteer
from tasks.nlp.parse import read_parse
from tasks.nlp.places import place_event, read_places


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(Settings().model)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def place(doc: Doc, trigger: str, gazetteer: Gazetteer) -> EventPlace:
    token = next(t for t in doc if t.text == trigger)
    frame = Frame(trigger=token.i, kind="verb", lemma=token.lemma_)
    return place_event(frame, places=read_places(read_parse(doc), gazetteer=gazetteer))


# sentence, trigger, location as written, country, precision
MENTIONS = [
    ("Rebels attacked an army post in Quetta, Pakistan, on Monday.", "attacked", "Quetta, Pakistan", "PAK", "city"),
    ("The two ministers met in Paris, Texas, last week.", "met", "Paris, Texas", "USA", "city"),
    ("The two ministers met in Paris last week.", "met", "Paris", "FRA", "city"),
    ("Kosovo police arrested three men in Banjska.", "arrested", "Banjska", None, None),
    ("Bulgarian police arrested three men in Banjska.", "arrested", "Banjska", "BGR", "city"),
    ("Pakistani ships shelled the port of Bombay.", "shelled", "Bombay", "IND", "city"),
    ("Police arrested three men in Georgia.", "arrested", "Georgia", "GEO", "country"),
    ("A gunman opened fire in Atlanta, Georgia.", "opened", "Atlanta, Georgia", "USA", "city"),
    ("Jordan Henderson scored twice against Everton.", "scored", None, None, None),
    ("Georgia Meloni met the Spanish prime minister in Rome.", "met", "Rome", "ITA", "city"),
    ("Washington condemned the coup on Friday.", "condemned", None, None, None),
    ("The army captured the town of Shushi.", "captured", "Shushi", "AZE", "city"),
    ("Troops entered Stepanakert at dawn.", "entered", "Stepanakert", "AZE", "city"),
    ("Azerbaijani forces shelled Khankendi overnight.", "shelled", "Khankendi", "AZE", "city"),
    ("Fighting broke out in Nagorno-Karabakh.", "broke", "Nagorno-Karabakh", "AZE", "region"),
    ("Fighting broke out in Artsakh.", "broke", "Artsakh", "AZE", "region"),
    ("Missiles struck Kiev on Sunday.", "struck", "Kiev", "UKR", "city"),
    ("Missiles struck Kyiv on Sunday.", "struck", "Kyiv", "UKR", "city"),
    ("Militants blew up a bridge in the Donbas.", "blew", "Donbas", "UKR", "region"),
    ("Soldiers were killed along the Line of Contact.", "killed", "Line of Contact", "AZE", "site"),
    ("Trucks were stopped in the Lachin corridor.", "stopped", "Lachin corridor", "AZE", "site"),
    ("Israeli jets bombed the Gaza Strip.", "bombed", "Gaza Strip", "PSE", "region"),
    ("Settlers burned cars in the West Bank town of Huwara.", "burned", "West Bank town of Huwara", "PSE", "city"),
    ("The president visited Darfur.", "visited", "Darfur", "SDN", "region"),
    ("A ship was seized in the Strait of Hormuz.", "seized", "Strait of Hormuz", None, "region"),
    ("Pirates boarded a tanker in the Gulf of Aden.", "boarded", "Gulf of Aden", None, "region"),
    ("The boat sank off the coast of Libya.", "sank", "Libya", "LBY", "country"),
    (
        "The bomb exploded near the village of Konduga in Borno State.",
        "exploded",
        "Konduga in Borno State",
        "NGA",
        "city",
    ),
    ("A suicide bomber killed nine people in the northern city of Mosul.", "killed", "Mosul", "IRQ", "city"),
    (
        "Gunmen stormed a hotel in Mogadishu's Yaqshid district.",
        "stormed",
        "Mogadishu's Yaqshid district",
        "SOM",
        "city",
    ),
    ("Thousands marched through Strasbourg.", "marched", "Strasbourg", "FRA", "city"),
    ("The rebels withdrew from Kherson.", "withdrew", "Kherson", "UKR", "city"),
    ("Protesters clashed with police outside parliament in Tbilisi.", "clashed", "Tbilisi", "GEO", "city"),
    ("They launched an attack on the town of Palmyra.", "launched", "Palmyra", "SYR", "city"),
    ("Blinken called on Yerevan to stop.", "called", None, None, None),
    ("Moscow voiced concern over Yemen.", "voiced", None, None, None),
    ("The minister said she was ready to talk.", "said", None, None, None),
    ("KABUL, Oct 3 (Reuters) - Gunmen killed a judge on Tuesday.", "killed", "KABUL", "AFG", "city"),
    ("MOSCOW (AP) - Russia recalled its ambassador.", "recalled", "MOSCOW", "RUS", "city"),
    ("KABUL, Oct 3 (Reuters) - Gunmen killed a judge in Herat on Tuesday.", "killed", "Herat", "AFG", "city"),
    ("The Pakistani army raided two houses in Hyderabad.", "raided", "Hyderabad", "PAK", "city"),
    ("Indian police raided two houses in Hyderabad.", "raided", "Hyderabad", "IND", "city"),
    ("Officials from the United States spoke in Milan.", "spoke", "Milan", "ITA", "city"),
    ("In Nairobi, protesters burned tyres.", "burned", "Nairobi", "KEN", "city"),
    ("Rebels killed three soldiers and wounded six in Gao.", "killed", "Gao", "MLI", "city"),
    ("The group stormed the village of Mainok, killing 39 people.", "killing", "Mainok", "NGA", "city"),
    ("He was arrested while he was crossing into Turkey.", "arrested", "Turkey", "TUR", "country"),
    ("They met in Yerevan, where demonstrators clashed with the police.", "clashed", "Yerevan", "ARM", "city"),
    ("The attack killed 12 people in April.", "killed", None, None, None),
    ("He was shot on Saturday.", "shot", None, None, None),
    ("Police found the body in Reading.", "found", "Reading", "GBR", "city"),
    ("Most of the miners were freed.", "freed", None, None, None),
    ("The Taliban seized Kunduz.", "seized", "Kunduz", "AFG", "city"),
    ("French troops captured Mussolini.", "captured", None, None, None),
    ("Parliament in Baghdad passed the law.", "passed", "Baghdad", "IRQ", "city"),
    (
        "A convoy was ambushed on the road between Kabul and Jalalabad.",
        "ambushed",
        "road between Kabul and Jalalabad",
        "AFG",
        "city",
    ),
    ("Serbs captured about a third of Croatia.", "captured", "Croatia", "HRV", "country"),
    ("The explosion destroyed one of Baghdad's main bridges.", "destroyed", "Baghdad", "IRQ", "city"),
    ("Soldiers patrolled Harare Saturday.", "patrolled", "Harare", "ZWE", "city"),
    ("He was killed in a raid by American forces in Idlib.", "killed", "Idlib", "SYR", "city"),
    ("Police used tear gas at a camp near the border with Turkey.", "used", "border with Turkey", "TUR", "country"),
    ("Demonstrators gathered in front of the embassy in Tehran.", "gathered", "Tehran", "IRN", "city"),
    ("The talks in Geneva failed.", "failed", "Geneva", "CHE", "city"),
    ("The opposition boycotted the vote in Springfield.", "boycotted", "Springfield", "USA", "city"),
    ("The crisis in Sudan worsened as the army shelled Khartoum.", "shelled", "Khartoum", "SDN", "city"),
    ("Two people died in Nice.", "died", "Nice", "FRA", "city"),
    ("Two people were injured in Mobile, Alabama.", "injured", "Mobile, Alabama", "USA", "city"),
    (
        "Two policemen were shot dead in the Amil neighbourhood of Baghdad.",
        "shot",
        "Amil neighbourhood of Baghdad",
        "IRQ",
        "city",
    ),
    ("Militants kidnapped six engineers in Marib province.", "kidnapped", "Marib province", "YEM", "region"),
    ("A drone hit a market in the suburb of Douma, near Damascus.", "hit", "Douma, near Damascus", "SYR", "city"),
    ("The delegation arrived in Beijing and then visited Shanghai.", "visited", "Shanghai", "CHN", "city"),
    ("The delegation arrived in Beijing and then visited Shanghai.", "arrived", "Beijing", "CHN", "city"),
    ("Rioters looted shops across Haiti.", "looted", "Haiti", "HTI", "country"),
    ("Police detained the activist at Heathrow airport.", "detained", "Heathrow airport", "GBR", "site"),
    ("Militia fighters ambushed a convoy south of Tripoli.", "ambushed", "Tripoli", "LBY", "city"),
    ("Soldiers opened fire on Tiananmen Square.", "opened", "Tiananmen Square", "CHN", "site"),
    ("The navy drilled in the South China Sea.", "drilled", "South China Sea", None, "region"),
    ("Six climbers died on Mount Everest.", "died", "Mount Everest", None, "region"),
    ("Floods killed 40 people in the Indian state of Bihar.", "killed", "Bihar", "IND", "region"),
    ("Maoists attacked a police camp in Chhattisgarh.", "attacked", "Chhattisgarh", "IND", "region"),
    ("The governor signed the bill in Sacramento, California.", "signed", "Sacramento, California", "USA", "city"),
    ("Troops exchanged fire across the Line of Control.", "exchanged", "Line of Control", None, "site"),
    ("Rebels ambushed a patrol in Tigray.", "ambushed", "Tigray", "ETH", "region"),
    ("Jihadists burned villages in the Sahel.", "burned", "Sahel", None, "region"),
    ("Farmers blocked roads in Punjab, Pakistan.", "blocked", "Punjab, Pakistan", "PAK", "region"),
    ("Farmers blocked roads in Punjab, India.", "blocked", "Punjab, India", "IND", "region"),
    ("Russian warships fired missiles from the Black Sea.", "fired", None, None, None),
    ("Two tankers collided in the Black Sea.", "collided", "Black Sea", None, "region"),
    ("Thousands protested outside the White House.", "protested", "White House", "USA", "site"),
    ("The White House rejected the proposal.", "rejected", None, None, None),
    ("The Kremlin denied the report.", "denied", None, None, None),
    ("Chad Smith sued his record company.", "sued", None, None, None),
    ("Michael Jordan met Paris Hilton.", "met", None, None, None),
    ("The Security Council condemned the attack.", "condemned", None, None, None),
    ("They reached a deal in March.", "reached", None, None, None),
    ("Demonstrators torched a bus in downtown Santiago.", "torched", "Santiago", "CHL", "city"),
    ("Israel annexed the Golan Heights.", "annexed", None, None, None),
    ("Israeli troops invaded Lebanon.", "invaded", "Lebanon", "LBN", "country"),
    ("The town of Bakhmut was captured by Wagner fighters.", "captured", "Bakhmut", "UKR", "city"),
    ("The pope visited South Sudan.", "visited", "South Sudan", "SSD", "country"),
    ("The court in The Hague sentenced him to life.", "sentenced", "The Hague", "NLD", "city"),
    ("He was sentenced in The Hague to life.", "sentenced", "The Hague", "NLD", "city"),
    ("Boko Haram abducted schoolgirls in Chibok.", "abducted", "Chibok", "NGA", "city"),
    ("Police clashed with miners at Marikana.", "clashed", "Marikana", "ZAF", "region"),
    ("The two armies clashed in Abyei.", "clashed", "Abyei", "SDN", "region"),
    ("An avalanche buried soldiers on the Siachen glacier.", "buried", "Siachen glacier", None, "region"),
    ("Seven people drowned in the Aegean Sea.", "drowned", "Aegean Sea", None, "region"),
    ("He was stabbed in Birmingham.", "stabbed", "Birmingham", "GBR", "city"),
    ("He was stabbed in Birmingham, Alabama.", "stabbed", "Birmingham, Alabama", "USA", "city"),
    (
        "The minister met his counterpart on the sidelines of a summit in Addis Ababa.",
        "met",
        "Addis Ababa",
        "ETH",
        "city",
    ),
    ("The Geneva talks collapsed on Friday.", "talks", "Geneva", "CHE", "city"),
    ("The Baghdad bombing killed 30 people.", "bombing", "Baghdad", "IRQ", "city"),
    ("A US airstrike killed six militants.", "airstrike", None, None, None),
    ("The EU ministers backed the Paris agreement.", "backed", None, None, None),
    ("Geneva hosted the talks.", "hosted", "Geneva", "CHE", "city"),
    (
        "Troops clashed with rebels in the East Ghouta region of rural Damascus.",
        "clashed",
        "East Ghouta region of rural Damascus",
        "SYR",
        "region",
    ),
    ("Sales rose at the car maker Mercedes.", "rose", None, None, None),
    ("The Wall Street Journal reported the sale.", "reported", None, None, None),
    (
        "The Azerbaijani army shelled positions on the border with Armenia.",
        "shelled",
        "border with Armenia",
        "ARM",
        "country",
    ),
    (
        "Rebels began the offensive by storming Sarmin in Idlib province.",
        "began",
        "Sarmin in Idlib province",
        "SYR",
        "city",
    ),
    ("He said he feared for his life.", "feared", None, None, None),
    ("US\u2013China trade talks began after a long delay.", "began", None, None, None),
    ("TEHRAN, Iran (AP) -- Security forces arrested four students.", "arrested", "TEHRAN", "IRN", "city"),
    ("Baku, 3 October — The president dismissed two ministers.", "dismissed", "Baku", "AZE", "city"),
]


@pytest.mark.parametrize(("text", "trigger", "location", "alpha3", "precision"), MENTIONS)
def test_a_place_mention_in_context(
    text: str,
    trigger: str,
    location: str | None,
    alpha3: str | None,
    precision: str | None,
    nlp: Language,
    gazetteer: Gazetteer,
) -> None:
    found = place(nlp(text), trigger, gazetteer)
    assert (found.location, found.country, found.precision) == (location, alpha3, precision), found.why


def test_the_table_holds_enough_mentions() -> None:
    assert len(MENTIONS) >= 80


@pytest.mark.parametrize(
    ("spellings", "geonameid"),
    [
        (("Stepanakert", "Khankendi", "Xankendi"), 146970),
        (("Shusha", "Shushi", "Şuşa"), 147105),
        (("Kyiv", "Kiev", "KYIV"), 703448),
        (("Sanaa", "Sana'a", "Sana\u2019a"), 71137),
        (("Bogota", "Bogotá"), 3688689),
        (("Mumbai", "Bombay"), 1275339),
        (("Deir ez-Zor", "Deir Ezzor", "Deir al-Zour"), 170794),
    ],
)
def test_every_spelling_is_the_same_place(spellings: tuple[str, ...], geonameid: int, gazetteer: Gazetteer) -> None:
    assert {s: gazetteer.find(s)[0].geonameid for s in spellings} == dict.fromkeys(spellings, geonameid)


def test_a_country_is_no_town_of_that_name(gazetteer: Gazetteer) -> None:
    # Jordan, Lebanon, Cuba, Peru and Mexico are towns of the United States too
    for name, alpha3 in [("Jordan", "JOR"), ("Lebanon", "LBN"), ("Cuba", "CUB"), ("Peru", "PER"), ("Mexico", "MEX")]:
        first = gazetteer.find(name)[0]
        assert (first.precision, first.countries) == ("country", (alpha3,))


def test_a_capital_is_no_town_of_that_name(gazetteer: Gazetteer) -> None:
    for name, alpha3 in [
        ("London", "GBR"),
        ("Athens", "GRC"),
        ("Santiago", "CHL"),
        ("Georgetown", "GUY"),
        ("Rome", "ITA"),
    ]:
        first = gazetteer.find(name)[0]
        assert (first.precision, first.countries) == ("city", (alpha3,))


def test_every_country_and_capital_of_the_table_is_in_its_country(gazetteer: Gazetteer) -> None:
    with (files("tasks.lexicon") / "countries.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    names = {
        (name.rstrip("?"), row["alpha3"]) for row in rows for name in (row["name"], *row["capitals"].split(";")) if name
    }
    assert len(names) > 400
    assert [(name, code) for name, code in sorted(names) if code not in gazetteer.find(name)[0].countries] == []


def test_what_no_gazetteer_has_is_not_found(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Atlantis on the Moon") == ()
    assert gazetteer.find("") == ()


def test_every_row_of_the_projects_table_has_coordinates_and_known_countries() -> None:
    with (files("tasks.lexicon") / "places.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > 1_000
    for row in rows:
        assert -90 <= float(row["latitude"]) <= 90, row
        assert -180 <= float(row["longitude"]) <= 180, row
        assert row["precision"] in PLACE_PRECISIONS, row
        assert all(country(code) for code in filter(None, row["countries"].split(";"))), row
    assert len({(r["name"], r["countries"]) for r in rows}) == len(rows)


def test_a_name_that_no_gazetteer_has_is_kept_as_written(nlp: Language, gazetteer: Gazetteer) -> None:
    found = place(nlp("Gunmen attacked the village of Qorvatabad."), "attacked", gazetteer)
    assert (found.location, found.latitude, found.source) == ("Qorvatabad", None, "clause")


def test_the_reason_names_the_phrase_and_its_relation(nlp: Language, gazetteer: Gazetteer) -> None:
    assert place(nlp("Police arrested three men in Tbilisi."), "arrested", gazetteer).why.endswith("in Tbilisi")
    assert place(nlp("Police arrested three men."), "arrested", gazetteer).why == "no place phrase in its clause"


def hand_parsed(nlp: Language, words: str, heads: list[int], deps: str, pos: str, entities: list[str]) -> Doc:
    lowered = [w.lower() for w in words.split()]
    return Doc(
        nlp.vocab,
        words=words.split(),
        heads=heads,
        deps=deps.split(),
        pos=pos.split(),
        tags=pos.split(),
        lemmas=lowered,
        ents=entities,
    )


def test_the_preposition_of_the_clause_gives_the_place(nlp: Language, gazetteer: Gazetteer) -> None:
    doc = hand_parsed(
        nlp,
        "Rebels killed three soldiers in Goma",
        [1, 1, 3, 1, 1, 4],
        "nsubj ROOT nummod dobj prep pobj",
        "NOUN VERB NUM NOUN ADP PROPN",
        ["O"] * 5 + ["B-GPE"],
    )
    found = place(doc, "killed", gazetteer)
    assert (found.location, found.country, found.why) == ("Goma", "COD", "clause: in Goma")


def test_an_agent_in_a_by_phrase_is_no_place(nlp: Language, gazetteer: Gazetteer) -> None:
    doc = hand_parsed(
        nlp,
        "Soldiers were killed by Chad",
        [2, 2, 2, 2, 3],
        "nsubjpass auxpass ROOT agent pobj",
        "NOUN AUX VERB ADP PROPN",
        ["O"] * 4 + ["B-GPE"],
    )
    assert place(doc, "killed", gazetteer).location is None


def test_a_day_is_no_place(nlp: Language, gazetteer: Gazetteer) -> None:
    # Easter, Kansas, and Sunday, Nigeria, are of the gazetteer
    doc = hand_parsed(
        nlp,
        "Rebels attacked on Sunday",
        [1, 1, 1, 2],
        "nsubj ROOT prep pobj",
        "NOUN VERB ADP PROPN",
        ["O", "O", "O", "B-DATE"],
    )
    assert place(doc, "attacked", gazetteer).location is None


def test_a_person_taken_is_no_place_taken(nlp: Language, gazetteer: Gazetteer) -> None:
    for kind, location in [("B-PERSON", None), ("B-GPE", "Sotk")]:
        doc = hand_parsed(
            nlp, "Rebels captured Sotk", [1, 1, 1], "nsubj ROOT dobj", "NOUN VERB PROPN", ["O", "O", kind]
        )
        doc[1].lemma_ = "capture"
        assert place(doc, "captured", gazetteer).location == location
