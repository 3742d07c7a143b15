"""Which date an event gets, on parses written by hand: word/tag/relation/head[/lemma]; a line is a sentence."""

from __future__ import annotations

import datetime
from functools import cache

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import Vocab

from tasks.nlp.dates import date_event, read_dates
from tasks.nlp.frames import EventDate, Frame
from tasks.nlp.parse import read_parse

PUBLISHED = datetime.date(2022, 9, 15)  # a Thursday
POS = {
    "V": "VERB", "N": "NOUN", "I": "ADP", "C": "NUM", "R": "ADV", "D": "DET", "P": "PRON", "J": "ADJ", "M": "AUX",
    "T": "PART", "K": "CCONJ", "W": "PRON", ".": "PUNCT", ",": "PUNCT", ":": "PUNCT", "`": "PUNCT", "'": "PUNCT",
}  # fmt: skip


@cache
def vocabulary() -> Vocab:
    return English().vocab


def parsed(*sentences: str) -> Doc:
    """The sentences as one Doc, each on a line of its own unless the next begins with "+"."""
    words: list[str] = []
    tags: list[str] = []
    deps: list[str] = []
    heads: list[int] = []
    lemmas: list[str] = []
    starts: list[bool] = []
    for number, sentence in enumerate(sentences):
        if number and not sentence.startswith("+"):
            words.append("\n"), tags.append("_SP"), deps.append("dep"), heads.append(len(words) - 2)
            lemmas.append("\n"), starts.append(False)
        offset = len(words)
        for token in sentence.removeprefix("+").split():
            word, tag, dep, head, *lemma = token.split("/")
            starts.append(len(words) == offset)
            words.append(word), tags.append(tag), deps.append(dep), heads.append(offset + int(head))
            lemmas.append(lemma[0] if lemma else word.lower())
    pos = [
        "AUX" if d in ("aux", "auxpass") else "SPACE" if t == "_SP" else POS[t[0]]
        for t, d in zip(tags, deps, strict=True)
    ]
    return Doc(
        vocabulary(), words=words, tags=tags, deps=deps, heads=heads, lemmas=lemmas, pos=pos, sent_starts=starts
    )  # fmt: skip


def dated(
    word: str,
    *sentences: str,
    published: datetime.date | None = PUBLISHED,
    modality: str = "asserted",
    kind: str = "verb",
) -> EventDate:
    """The date of the event whose trigger is `word`."""
    doc = parsed(*sentences)
    trigger = next(t for t in doc if t.text == word)
    frame = Frame(trigger=trigger.i, kind=kind, lemma=trigger.lemma_, modality=modality)
    parse = read_parse(doc)
    return date_event(frame, parse, dates=read_dates(parse, published=published, day_first=True))


def day(date: EventDate) -> str | None:
    return str(date.date) if date.date else None


SEIZED = "The/DT/det/1 army/NN/nsubj/2 seized/VBD/ROOT/2/seize the/DT/det/4 port/NN/dobj/2 ././punct/2"
ATTACKED = (
    "On/IN/prep/4 Tuesday/NNP/pobj/0 ,/,/punct/4 rebels/NNS/nsubj/4 attacked/VBD/ROOT/4/attack the/DT/det/6 "
    "town/NN/dobj/4 and/KC/cc/4 burned/VBD/conj/4/burn the/DT/det/10 school/NN/dobj/8 ././punct/4"
)
SAID = (
    "The/DT/det/1 minister/NN/nsubj/2 said/VBD/ROOT/2/say on/IN/prep/2 Tuesday/NNP/pobj/3 that/IN/mark/8 "
    "soldiers/NNS/nsubj/8 had/VBD/aux/8/have killed/VBN/ccomp/2/kill 49/CD/nummod/10 people/NNS/dobj/8 ././punct/2"
)


def test_without_a_phrase_an_event_is_of_the_publication_day_and_says_so() -> None:
    date = dated("seized", SEIZED)
    assert (day(date), date.source, date.text, date.precision) == ("2022-09-15", "publication", None, "day")


def test_without_publication_day_and_phrase_there_is_no_date() -> None:
    date = dated("seized", SEIZED, published=None)
    assert (date.date, date.date_end, date.precision, date.source) == (None, None, None, "none")


def test_without_publication_day_the_phrase_is_kept() -> None:
    date = dated("attacked", ATTACKED, published=None)
    assert (date.date, date.text, date.source) == (None, "Tuesday", "none")


def test_the_phrase_of_the_clause_dates_the_event_and_its_conjunct() -> None:
    for word in ("attacked", "burned"):
        date = dated(word, ATTACKED)
        assert (day(date), date.text, date.source) == ("2022-09-13", "Tuesday", "relative")


def test_the_phrase_of_the_reporting_verb_is_not_that_of_what_is_reported() -> None:
    said, killed = dated("said", SAID), dated("killed", SAID)
    assert (day(said), said.source) == ("2022-09-13", "relative")
    # Nobody can tell on Tuesday of a killing on Thursday: it gets the story's day, marked as such.
    assert (day(killed), killed.source) == ("2022-09-13", "dateline")
    tuesday = datetime.date(2022, 9, 13)
    assert dated("killed", SAID, published=tuesday).source == "publication"


def test_a_weekday_beside_a_verb_is_that_verbs() -> None:
    announced = (
        "The/DT/det/1 firm/NN/nsubj/2 announced/VBD/ROOT/2/announce Monday/NNP/npadvmod/6 it/PRP/nsubj/6 "
        "has/VBZ/aux/6/have settled/VBN/ccomp/2/settle the/DT/det/8 dispute/NN/dobj/6 ././punct/2"
    )
    assert day(dated("announced", SEIZED, announced)) == "2022-09-12"
    assert dated("settled", SEIZED, "+" + SEIZED, "+" + SEIZED, "+" + SEIZED, announced).source == "publication"


CONDEMNED = (
    "The/DT/det/1 minister/NN/nsubj/2 condemned/VBD/ROOT/2/condemn Monday/NNP/poss/5 's/TP/case/3 attack/NN/dobj/2 "
    "././punct/2"
)


def test_a_phrase_within_a_participant_dates_the_participant() -> None:
    assert dated("condemned", CONDEMNED).source == "publication"
    assert day(dated("attack", CONDEMNED, kind="noun")) == "2022-09-12"


def test_the_year_of_an_agreement_is_not_that_of_its_end() -> None:
    cancelled = (
        "The/DT/det/1 court/NN/nsubj/2 cancelled/VBD/ROOT/2/cancel the/DT/det/5 2016/CD/nummod/5 agreement/NN/dobj/2 "
        "././punct/2"
    )
    assert dated("cancelled", cancelled).source == "publication"
    assert day(dated("agreement", cancelled, kind="noun")) == "2016-01-01"


def test_a_noun_has_the_time_of_the_verb_that_carries_it() -> None:
    held = "Talks/NNS/nsubjpass/2 were/VBD/auxpass/2 held/VBN/ROOT/2/hold on/IN/prep/2 Monday/NNP/pobj/3 ././punct/2"
    assert day(dated("Talks", held, kind="noun")) == "2022-09-12"


WILL_MEET = "The/DT/det/1 ministers/NNS/nsubj/3 will/MD/aux/3 meet/VB/ROOT/3 on/IN/prep/3 Friday/NNP/pobj/4 ././punct/3"


def test_a_plan_looks_forward() -> None:
    assert day(dated("meet", WILL_MEET, modality="planned")) == "2022-09-16"
    assert day(dated("meet", WILL_MEET)) == "2022-09-09"


def test_a_present_progressive_is_a_plan() -> None:
    meeting = WILL_MEET.replace("will/MD", "are/VBP").replace("meet/VB/ROOT/3", "meeting/VBG/ROOT/3/meet")
    assert day(dated("meeting", meeting)) == "2022-09-16"


COME = (
    "The/DT/det/1 talks/NNS/nsubj/2 come/VBP/ROOT/2 a/DT/det/4 week/NN/npadvmod/5 after/IN/prep/2 a/DT/det/7 "
    "summit/NN/pobj/5 hosted/VBN/acl/7/host by/IN/agent/8 him/PRP/pobj/9 ././punct/2"
)


def test_a_distance_leads_to_the_event_on_its_other_side() -> None:
    for word in ("summit", "hosted"):
        date = dated(word, COME, kind="noun" if word == "summit" else "verb")
        assert (day(date), date.text, date.source) == ("2022-09-08", "a week after", "relative")
    assert dated("come", COME).source == "publication"


def test_a_distance_from_an_unknown_day_leads_nowhere() -> None:
    visited = (
        "Two/CD/nummod/1 days/NNS/npadvmod/5 after/IN/mark/5 the/DT/det/4 war/NN/nsubj/5 ended/VBD/advcl/8/end "
        ",/,/punct/8 she/PRP/nsubj/8 visited/VBD/ROOT/8/visit the/DT/det/10 town/NN/dobj/8 ././punct/8"
    )
    for word in ("visited", "ended"):
        date = dated(word, visited)
        assert (date.date, date.text, date.source) == (None, "Two days after", "none")


HAD_SEIZED = (
    "The/DT/det/1 army/NN/nsubj/3 had/VBD/aux/3/have seized/VBN/ROOT/3/seize the/DT/det/5 port/NN/dobj/3 ././punct/3"
)


def test_background_is_not_of_the_publication_day() -> None:
    brokered = (
        "Russia/NNP/nsubj/2 previously/RB/advmod/2 brokered/VBD/ROOT/2/broker a/DT/det/4 truce/NN/dobj/2 ././punct/2"
    )
    assert (dated("seized", HAD_SEIZED).date, dated("seized", HAD_SEIZED).source) == (None, "none")
    assert (dated("brokered", brokered).date, dated("brokered", brokered).source) == (None, "none")


def test_a_past_perfect_in_reported_speech_is_no_background() -> None:
    assert dated("killed", SEIZED, SAID).date is not None


IN_2020 = (
    "In/IN/prep/5 2020/CD/pobj/0 ,/,/punct/5 thousands/NNS/nsubj/5 had/VBD/aux/5/have lost/VBN/ROOT/5/lose "
    "their/PRP/poss/7 homes/NNS/dobj/5 ././punct/5"
)


def test_a_date_governs_what_follows_in_its_paragraph() -> None:
    assert day(dated("lost", IN_2020)) == "2020-01-01"
    assert day(dated("seized", IN_2020, "+" + HAD_SEIZED)) == "2020-01-01"
    assert day(dated("seized", IN_2020, "+" + SEIZED)) == "2020-01-01"


def test_a_date_does_not_govern_the_next_paragraph() -> None:
    assert dated("seized", IN_2020, SEIZED).source == "publication"
    assert dated("seized", IN_2020, HAD_SEIZED).source == "none"


def test_the_next_day_is_told_from_the_date_before() -> None:
    left = (
        "The/DT/det/2 next/JJ/amod/2 day/NN/npadvmod/5 ,/,/punct/5 it/PRP/nsubj/5 left/VBD/ROOT/5/leave the/DT/det/7 "
        "port/NN/dobj/5 ././punct/5"
    )
    assert day(dated("left", ATTACKED, "+" + left)) == "2022-09-14"


def test_the_lead_dates_the_story() -> None:
    date = dated("seized", ATTACKED, SEIZED)
    assert (day(date), date.text, date.source) == ("2022-09-13", "Tuesday", "dateline")


def test_a_lead_on_the_day_of_publication_changes_nothing() -> None:
    date = dated("seized", ATTACKED, SEIZED, published=datetime.date(2022, 9, 13))
    assert (day(date), date.text, date.source) == ("2022-09-13", None, "publication")


def test_a_plan_without_a_phrase_is_not_of_the_story_s_past_day() -> None:
    will = "They/PRP/nsubj/2 will/MD/aux/2 leave/VB/ROOT/2 the/DT/det/4 town/NN/dobj/2 ././punct/2"
    assert dated("leave", ATTACKED, will, modality="planned").source == "publication"


def test_the_first_report_near_the_top_dates_the_story() -> None:
    date = dated("seized", SEIZED, SAID)
    assert (day(date), date.source) == ("2022-09-13", "dateline")


def test_a_clause_opened_by_when_has_the_time_of_its_main_clause() -> None:
    killed = (
        "They/PRP/nsubjpass/2 were/VBD/auxpass/2 killed/VBN/ROOT/2/kill on/IN/prep/2 Monday/NNP/pobj/3 "
        "when/WRB/advmod/8 a/DT/det/7 bomb/NN/nsubj/8 exploded/VBD/advcl/2/explode ././punct/2"
    )
    assert day(dated("exploded", killed)) == "2022-09-12"


def test_a_measure_of_rarity_is_no_date() -> None:
    recorded = (
        "It/PRP/nsubj/1 recorded/VBD/ROOT/1/record its/PRP/poss/4 first/JJ/amod/4 loss/NN/dobj/1 since/IN/prep/1 "
        "1992/CD/pobj/5 ././punct/1"
    )
    assert dated("recorded", recorded).source == "publication"


def test_since_lasts_until_publication() -> None:
    sold = (
        "He/PRP/nsubj/2 has/VBZ/aux/2/have sold/VBN/ROOT/2/sell weapons/NNS/dobj/2 since/IN/prep/2 2002/CD/pobj/4 "
        "././punct/2"
    )
    date = dated("sold", sold)
    assert (day(date), date.date_end, date.precision) == ("2002-01-01", PUBLISHED, "year")


def test_a_day_that_does_not_exist_gives_no_date_and_keeps_its_phrase() -> None:
    arrested = (
        "Police/NNS/nsubj/1 arrested/VBD/ROOT/1/arrest him/PRP/dobj/1 on/IN/prep/1 31/CD/nummod/5 February/NNP/pobj/3 "
        "2020/CD/nummod/5 ././punct/1"
    )
    date = dated("arrested", arrested)
    assert (date.date, date.text, date.source) == (None, "31 February 2020", "none")


def test_a_participle_has_the_time_of_its_main_verb() -> None:
    shelled = (
        "The/DT/det/1 army/NN/nsubj/2 shelled/VBD/ROOT/2/shell the/DT/det/4 port/NN/dobj/2 on/IN/prep/2 "
        "Monday/NNP/pobj/5 ,/,/punct/2 killing/VBG/advcl/2/kill two/CD/nummod/10 sailors/NNS/dobj/8 ././punct/2"
    )
    assert dated("killing", shelled).text == "Monday"


def test_what_is_managed_is_of_the_day_of_the_deed() -> None:
    managed = (
        "Police/NNS/nsubj/1 managed/VBD/ROOT/1/manage to/TO/aux/3 free/VB/xcomp/1 them/PRP/dobj/3 on/IN/prep/3 "
        "Monday/NNP/pobj/5 ././punct/1"
    )
    assert dated("managed", managed).text == "Monday"


def test_a_quoted_phrase_does_not_date_the_quoting() -> None:
    lost = (
        'He/PRP/nsubj/1 said/VBD/ROOT/1/say :/:/punct/1 "/``/punct/1 Two/CD/nummod/5 years/NNS/npadvmod/6 '
        "ago/RB/advmod/1 we/PRP/nsubj/8 lost/VBD/ccomp/1/lose ././punct/1 \"/''/punct/1"
    )
    assert dated("said", lost).source == "publication"


def test_the_phrase_that_opens_a_report_dates_what_is_reported() -> None:
    fell = (
        "In/IN/prep/4 2003/CD/pobj/0 ,/,/punct/4 output/NN/nsubj/4 fell/VBD/ccomp/8/fall ,/,/punct/8 the/DT/det/7 "
        "report/NN/nsubj/8 said/VBD/ROOT/8/say ././punct/8"
    )
    assert day(dated("fell", fell)) == "2003-01-01"
    assert dated("said", fell).source == "publication"


def test_what_lies_within_an_older_clause_is_not_of_today() -> None:
    ran = (
        "In/IN/prep/5 2006/CD/pobj/0 ,/,/punct/5 the/DT/det/4 paper/NN/nsubj/5 ran/VBD/ROOT/5/run cartoons/NNS/dobj/5 "
        "that/WDT/nsubj/8 appeared/VBD/relcl/6/appear abroad/RB/advmod/8 ././punct/5"
    )
    assert day(dated("ran", ran)) == "2006-01-01"
    assert (dated("appeared", ran).date, dated("appeared", ran).source) == (None, "none")


HEADER = "15/CD/nummod/1 September/NNP/ROOT/1 2022/CD/nummod/1"


def test_a_header_line_is_the_anchor_where_no_publication_day_is_stated() -> None:
    date = dated("attacked", HEADER, ATTACKED, published=None)
    assert (day(date), date.text, date.source) == ("2022-09-13", "Tuesday", "relative")
    assert dated("seized", HEADER, SEIZED, published=None).source == "dateline"


def test_a_dateline_goes_before_a_later_publication_day() -> None:
    fled = (
        "BAKU/NNP/ROOT/0 ,/,/punct/0 Sept/NNP/npadvmod/0 ././punct/0 14/CD/nummod/2 --/:/punct/0 Rebels/NNS/nsubj/7 "
        "fled/VBD/ROOT/7/flee on/IN/prep/7 Thursday/NNP/pobj/8 ././punct/7"
    )
    assert day(dated("fled", fled)) == "2022-09-08"
    assert (day(dated("seized", fled, SEIZED)), dated("seized", fled, SEIZED).source) == ("2022-09-14", "dateline")


@pytest.mark.parametrize("published", [PUBLISHED, None])
def test_an_empty_article_is_survived(published: datetime.date | None) -> None:
    doc = parsed("././ROOT/0")
    assert read_dates(read_parse(doc), published=published, day_first=True).published == published
