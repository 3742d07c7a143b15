"""A country's name, its people, its capital and its seat of government all mean that country and no other."""

import pytest

from tasks.nlp.countries import countries_in, country, country_name, country_of

# alpha-3: name, nationality, people, capital
NATIONS = """
AFG: Afghanistan, Afghan, Afghans, Kabul
ALB: Albania, Albanian, Albanians, Tirana
DZA: Algeria, Algerian, Algerians, Algiers
AGO: Angola, Angolan, Angolans, Luanda
ARG: Argentina, Argentine, Argentines, Buenos Aires
ARM: Armenia, Armenian, Armenians, Yerevan
AUS: Australia, Australian, Australians, Canberra
AUT: Austria, Austrian, Austrians, Vienna
AZE: Azerbaijan, Azerbaijani, Azerbaijanis, Baku
BHR: Bahrain, Bahraini, Bahrainis, Manama
BGD: Bangladesh, Bangladeshi, Bangladeshis, Dhaka
BLR: Belarus, Belarusian, Belarusians, Minsk
BEL: Belgium, Belgian, Belgians, Brussels
BEN: Benin, Beninese, Beninese, Porto-Novo
BOL: Bolivia, Bolivian, Bolivians, La Paz
BIH: Bosnia and Herzegovina, Bosnian, Bosnians, Sarajevo
BRA: Brazil, Brazilian, Brazilians, Brasilia
BGR: Bulgaria, Bulgarian, Bulgarians, Sofia
BFA: Burkina Faso, Burkinabe, Burkinabes, Ouagadougou
BDI: Burundi, Burundian, Burundians, Bujumbura
KHM: Cambodia, Cambodian, Cambodians, Phnom Penh
CMR: Cameroon, Cameroonian, Cameroonians, Yaounde
CAN: Canada, Canadian, Canadians, Ottawa
CAF: Central African Republic, Central African, Central Africans, Bangui
TCD: Chad, Chadian, Chadians, N'Djamena
CHL: Chile, Chilean, Chileans, Santiago
CHN: China, Chinese, Chinese, Beijing
COL: Colombia, Colombian, Colombians, Bogota
COD: DR Congo, Congolese, Congolese, Kinshasa
COG: Republic of the Congo, Republic of Congo, Congo-Brazzaville, Brazzaville
CRI: Costa Rica, Costa Rican, Costa Ricans, San Jose
CIV: Ivory Coast, Ivorian, Ivorians, Yamoussoukro
HRV: Croatia, Croatian, Croats, Zagreb
CUB: Cuba, Cuban, Cubans, Havana
CYP: Cyprus, Cypriot, Greek Cypriots, Nicosia
CZE: Czech Republic, Czech, Czechs, Prague
DNK: Denmark, Danish, Danes, Copenhagen
DJI: Djibouti, Djiboutian, Djiboutians, Djibouti City
DOM: Dominican Republic, Dominican, Dominicans, Santo Domingo
ECU: Ecuador, Ecuadorean, Ecuadorians, Quito
EGY: Egypt, Egyptian, Egyptians, Cairo
SLV: El Salvador, Salvadoran, Salvadorans, San Salvador
ERI: Eritrea, Eritrean, Eritreans, Asmara
EST: Estonia, Estonian, Estonians, Tallinn
ETH: Ethiopia, Ethiopian, Ethiopians, Addis Ababa
FIN: Finland, Finnish, Finns, Helsinki
FRA: France, French, Frenchmen, Paris
GEO: Georgia, Georgian, Georgians, Tbilisi
DEU: Germany, German, Germans, Berlin
GHA: Ghana, Ghanaian, Ghanaians, Accra
GRC: Greece, Greek, Greeks, Athens
GTM: Guatemala, Guatemalan, Guatemalans, Guatemala City
GIN: Guinea, Guinean, Guineans, Conakry
GNB: Guinea-Bissau, Bissau-Guinean, Bissau-Guineans, Bissau
GNQ: Equatorial Guinea, Equatorial Guinean, Equatorial Guineans, Malabo
HTI: Haiti, Haitian, Haitians, Port-au-Prince
HND: Honduras, Honduran, Hondurans, Tegucigalpa
HUN: Hungary, Hungarian, Hungarians, Budapest
IND: India, Indian, Indians, New Delhi
IDN: Indonesia, Indonesian, Indonesians, Jakarta
IRN: Iran, Iranian, Iranians, Tehran
IRQ: Iraq, Iraqi, Iraqis, Baghdad
IRL: Ireland, Irish, Irishmen, Dublin
ISR: Israel, Israeli, Israelis, Jerusalem
ITA: Italy, Italian, Italians, Rome
JPN: Japan, Japanese, Japanese, Tokyo
JOR: Jordan, Jordanian, Jordanians, Amman
KAZ: Kazakhstan, Kazakh, Kazakhs, Astana
KEN: Kenya, Kenyan, Kenyans, Nairobi
PRK: North Korea, North Korean, North Koreans, Pyongyang
KOR: South Korea, South Korean, South Koreans, Seoul
XKX: Kosovo, Kosovar, Kosovars, Pristina
KWT: Kuwait, Kuwaiti, Kuwaitis, Kuwait City
KGZ: Kyrgyzstan, Kyrgyz, Kyrgyz Republic, Bishkek
LVA: Latvia, Latvian, Latvians, Riga
LBN: Lebanon, Lebanese, Lebanese, Beirut
LBR: Liberia, Liberian, Liberians, Monrovia
LBY: Libya, Libyan, Libyans, Tripoli
LTU: Lithuania, Lithuanian, Lithuanians, Vilnius
MYS: Malaysia, Malaysian, Malaysians, Kuala Lumpur
MLI: Mali, Malian, Malians, Bamako
MRT: Mauritania, Mauritanian, Mauritanians, Nouakchott
MEX: Mexico, Mexican, Mexicans, Mexico City
MDA: Moldova, Moldovan, Moldovans, Chisinau
MNG: Mongolia, Mongolian, Mongolians, Ulaanbaatar
MNE: Montenegro, Montenegrin, Montenegrins, Podgorica
MAR: Morocco, Moroccan, Moroccans, Rabat
MMR: Myanmar, Burmese, Rohingya, Naypyidaw
NPL: Nepal, Nepalese, Nepalis, Kathmandu
NLD: the Netherlands, Dutch, Dutchmen, The Hague
NZL: New Zealand, New Zealander, New Zealanders, Wellington
NER: Niger, Nigerien, Nigeriens, Niamey
NGA: Nigeria, Nigerian, Nigerians, Abuja
MKD: North Macedonia, Macedonian, Macedonians, Skopje
NOR: Norway, Norwegian, Norwegians, Oslo
PAK: Pakistan, Pakistani, Pakistanis, Islamabad
PSE: Palestine, Palestinian, Palestinians, Ramallah
PNG: Papua New Guinea, Papua New Guinean, Papua New Guineans, Port Moresby
PER: Peru, Peruvian, Peruvians, Lima
PHL: the Philippines, Filipino, Filipinos, Manila
POL: Poland, Polish, Poles, Warsaw
PRT: Portugal, Portuguese, Portuguese, Lisbon
QAT: Qatar, Qatari, Qataris, Doha
ROU: Romania, Romanian, Romanians, Bucharest
RUS: Russia, Russian, Russians, Moscow
RWA: Rwanda, Rwandan, Rwandans, Kigali
SAU: Saudi Arabia, Saudi, Saudis, Riyadh
SEN: Senegal, Senegalese, Senegalese, Dakar
SRB: Serbia, Serbian, Serbs, Belgrade
SOM: Somalia, Somali, Somalis, Mogadishu
ZAF: South Africa, South African, South Africans, Pretoria
SSD: South Sudan, South Sudanese, South Sudanese, Juba
ESP: Spain, Spanish, Spaniards, Madrid
LKA: Sri Lanka, Sri Lankan, Sri Lankans, Colombo
SDN: Sudan, Sudanese, Sudanese, Khartoum
SWE: Sweden, Swedish, Swedes, Stockholm
CHE: Switzerland, Swiss, Swiss, Bern
SYR: Syria, Syrian, Syrians, Damascus
TWN: Taiwan, Taiwanese, Taiwanese, Taipei
TJK: Tajikistan, Tajik, Tajiks, Dushanbe
TZA: Tanzania, Tanzanian, Tanzanians, Dodoma
THA: Thailand, Thai, Thais, Bangkok
TLS: East Timor, Timorese, East Timorese, Dili
TUN: Tunisia, Tunisian, Tunisians, Tunis
TUR: Turkey, Turkish, Turks, Ankara
TKM: Turkmenistan, Turkmen, Turkmens, Ashgabat
UGA: Uganda, Ugandan, Ugandans, Kampala
UKR: Ukraine, Ukrainian, Ukrainians, Kyiv
ARE: UAE, Emirati, Emiratis, Abu Dhabi
GBR: UK, British, Britons, London
USA: U.S., American, Americans, Washington
UZB: Uzbekistan, Uzbek, Uzbeks, Tashkent
VEN: Venezuela, Venezuelan, Venezuelans, Caracas
VNM: Vietnam, Vietnamese, Vietnamese, Hanoi
YEM: Yemen, Yemeni, Yemenis, Sanaa
ZMB: Zambia, Zambian, Zambians, Lusaka
ZWE: Zimbabwe, Zimbabwean, Zimbabweans, Harare
"""
FORMS = [
    (form.strip(), code.strip())
    for code, forms in (line.split(":") for line in NATIONS.strip().split("\n"))
    for form in forms.split(",")
]


def test_every_name_nationality_people_and_capital_means_its_own_country() -> None:
    assert len(FORMS) > 500
    assert {form: country_of(form) for form, _ in FORMS} == dict(FORMS)


@pytest.mark.parametrize(("form", "code"), [f for f in FORMS if f[0] not in {"Jordan", "Georgia"}][::7])
def test_the_same_forms_are_found_in_a_sentence(form: str, code: str) -> None:
    assert countries_in(f"Reporters asked about {form} yesterday.") == (code,)


def test_every_iso_country_is_in_the_table() -> None:
    import pycountry

    assert {c.alpha_3 for c in pycountry.countries if country_of(c.alpha_3) or country(c.alpha_3)} == {
        c.alpha_3 for c in pycountry.countries
    }


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("the Kremlin", "RUS", "government"),
        ("White House", "USA", "government"),
        ("Downing Street", "GBR", "government"),
        ("USA", "USA", "alias"),
        ("U.S.", "USA", "alias"),
        ("the United States", "USA", "name"),
        ("DRC", "COD", "alias"),
        ("Soviet Union", "RUS", "alias"),
        ("Yugoslavia", "SRB", "alias"),
        ("Türkiye", "TUR", "alias"),
        ("Dutchmen", "NLD", "demonym"),
        ("Armenians", "ARM", "demonym"),
        ("Armenian", "ARM", "adjective"),
        ("Armenia's", "ARM", "name"),
        ("Pyongyang", "PRK", "capital"),
        ("Gaza Strip", "PSE", "territory"),
        ("SYRIA", "SYR", "name"),
    ],
)
def test_the_kind_of_a_name_is_known(name: str, code: str, kind: str) -> None:
    found = country_name(name)
    assert found is not None
    assert (found.alpha3, found.kind) == (code, kind)


@pytest.mark.parametrize(
    "word",
    [
        "us",
        "turkey",
        "polish",
        "car",
        "uk",
        "Smith",
        "",
        "Springfield",
        "Reading",
        "Most",
    ],
)
def test_words_and_towns_are_no_country(word: str) -> None:
    assert country_of(word) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("the Armenian and Azerbaijani foreign ministers", ("ARM", "AZE")),
        ("South Korean marines", ("KOR",)),
        ("Jordan's King Abdullah", ("JOR",)),
        ("Jordan and Egypt", ("JOR", "EGY")),
        ("Georgia Meloni", ()),
        ("Jordan Henderson", ()),
        ("Michael Jordan", ()),
        ("Denzel Washington", ()),
        ("Washington and Moscow", ("USA", "RUS")),
        ("US-led coalition", ("USA",)),
        ("pro-Russian separatists", ()),
        ("anti-American slogans", ()),
        ("they told us", ()),
        ("the Indian Ocean", ()),
        ("Latin American leaders", ()),
        ("New Mexico", ()),
        ("Papua New Guinea", ("PNG",)),
        ("Guinea-Bissau", ("GNB",)),
        ("the Central African Republic", ("CAF",)),
        ("the Republic of the Congo and the DRC", ("COG", "COD")),
        ("Nigeriens and Nigerians", ("NER", "NGA")),
        ("Sino-Indian border", ("CHN", "IND")),
        ("Russia, Russians and Moscow", ("RUS",)),
        ("Iranians", ("IRN",)),
        ("Irangate", ()),
        ("U.K. and U.S. troops", ("GBR", "USA")),
    ],
)
def test_countries_of_a_phrase_in_order(text: str, codes: tuple[str, ...]) -> None:
    assert countries_in(text) == codes


def test_kinds_can_be_chosen() -> None:
    assert countries_in("French troops in Mali", kinds=("name", "alias")) == ("MLI",)


def test_a_country_has_coordinates() -> None:
    armenia = country("ARM")
    assert armenia is not None
    assert (armenia.name, round(armenia.latitude), round(armenia.longitude)) == (
        "Armenia",
        40,
        45,
    )
    assert country("ZZZ") is None
