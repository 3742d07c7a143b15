"""The splitter: what ends a sentence, what does not, and that hostile text costs no more than its length."""

import time

import pytest

from tasks.text.sentences import LONGEST_CHARS, LONGEST_WORDS, split_sentences

# Each text is written with "|" where a sentence ends and the next begins.
ENDS = [
    "The army shelled the port.| Nobody was hurt.",
    "Who fired first?| Nobody knows.",
    "He moved to the U.S.| He now lives in Ohio.",
    "The firm was sold to Hart & Co.| It had lost money for years.",
    "The talks ended at 6 p.m.| The ministers left at once.",
    'She said: "We will not go."| The crowd cheered.',
    '"Leave us alone."| "Why should we?"',
    "The march ended (the police had left.)| Then shops opened.",
    "They wanted bread, water, fuel, etc.| None came.",
    "They waited for hours....| Nobody came.",
    "the shop was closed.| they went home.",
    "The cabinet met in Jan.| The vote followed.",
    "He said no.| Then he left.",
    "It was plan B.| The first had failed.",
    "1. Stop the war.| 2. Free the prisoners.",
    "1) Stop the war| 2) Free the prisoners| 3) Hold a vote",
    "• Stop the war| • Free the prisoners",
    "BAKU, Oct 3 (Reuters) -| Troops crossed the river on Monday.",
    "MOSCOW. August 12. KAZINFORM -| Talks began.",
    "KHARTOUM —| Fighting resumed on Friday.",
    "Lagos, 4 May (NAN) –| The union called a strike.",
    "The end . . . .| A new start.",
    "Anna Berg| 08/16/2000 12:05 PM| The report is late.",
    "He fell silent.| *** | Later he spoke.",
    "The bridge is closed.|The mayor spoke.",
]
NO_ENDS = [
    "Gen. Abdel Fattah met Mr. Okoye and Dr. Lind.",
    "The U.S. Army and the U.N. Security Council agreed.",
    "Jonas E. Smith and J.R. Ewing spoke.",
    "Acme Inc. Chief Executive Ann Lee resigned.",
    "See No. 5, p. 33 and Fig. 2 for details.",
    "It happened on Oct. 3 near St. Louis.",
    "Prices rose 3.5 percent to $1.25 a litre.",
    "Damascus (12:30 p.m.) – Troops left.",
    "The town is empty. '",
    "At 5 a.m. Mr. Smith left the house.",
    "The parade starts at 6 p.m. Tuesday in the square.",
    '"Why did they shoot?" he asked.',
    '"Why did they shoot?" Mr Lind asked.',
    '"Stop." she said.',
    "She works at Yahoo! in the accounting department.",
    "The musical Mamma Mia! which opened in 1999 is back.",
    "The truce (it began at noon!) holds.",
    "He was ... well, not amused.",
    "The report [...] Names no one.",
    "Read more at www.example.com/a.b.html today.",
    "Sgt. of the guard and Lt. of the watch stood by.",
    "The drug kills E. coli fast.",
    "The minister , who is ill , did n't speak .",
    'They work for the local paper , the " Daily Post . "',
    "The premier - a doctor - resigned.",
    "NATO - the alliance of 32 states - agreed.",
    "Write to Node.Js or visit www.Example.Com and One.Tel, please.",
]


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize("marked", ENDS)
def test_where_a_sentence_ends(marked: str) -> None:
    assert split(marked.replace("|", "")) == [s.strip() for s in marked.split("|")]


@pytest.mark.parametrize("text", NO_ENDS)
def test_where_none_ends(text: str) -> None:
    assert split(text) == [text]


def test_line_breaks_are_boundaries_but_a_wrapped_line_runs_on() -> None:
    assert split("Rebels take the town\nFighters entered Goma.\n\nThe army fled") == [
        "Rebels take the town",
        "Fighters entered Goma.",
        "The army fled",
    ]
    assert split("The army left the town late\nin the night.\r\nNobody saw it.") == [
        "The army left the town late\nin the night.",
        "Nobody saw it.",
    ]
    assert split("demands\nhigher wages\nshorter hours") == ["demands", "higher wages", "shorter hours"]
    assert split("a\u2028b\x0bc\x85d") == ["a", "b", "c", "d"]


def test_hard_wrapped_text_runs_on_before_a_capital_too() -> None:
    text = (
        "The foreign minister flew to Vienna on Tuesday to meet his counterpart from\n"
        "Slovenia and the head of the mission, who had asked him to explain what the\n"
        "Bundestag had decided on Monday night, hours before the beginning of the long\n"
        "summer break. The talks lasted an hour."
    )
    assert split(text) == [text[: text.index(" The talks")], "The talks lasted an hour."]


def test_tokenised_text_splits_after_its_spaced_stops() -> None:
    assert split("They left . `` We are tired . '' The town is empty . ( Nobody stayed . ) He knew .") == [
        "They left .",
        "`` We are tired . ''",
        "The town is empty .",
        "( Nobody stayed . )",
        "He knew .",
    ]
    assert split('" We are tired . " They left .') == ['" We are tired . "', "They left ."]


def test_spans_point_into_the_text_without_outer_space() -> None:
    text = "  \u00a0One.   Two!\t\n\n \u3000\n Three  "
    spans = split_sentences(text)
    assert [text[a:b] for a, b in spans] == ["One.", "Two!", "Three"]
    assert split_sentences("") == split_sentences(" \n\t ") == []


def test_no_sentence_is_longer_than_the_parser_bears_and_nothing_is_lost() -> None:
    text = "word, " * 3000 + "x" * 9000
    pieces = split(text)
    assert max(map(len, pieces)) <= LONGEST_CHARS
    assert max(len(p.split()) for p in pieces) <= LONGEST_WORDS
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert pieces[0].endswith(",")


UNITS = [". ", ".", "...", ".'", ". . ", '"', "'' ", "( ", ") ", "a. ", "A.", "A. ", "1. ", "1) ", "U.S. ", "Mr. "]
UNITS += ["*** ", "• ", ">", "> A", "- ", "\n", "a\n", "A b c\nd ", "x", "x ", "?! ", "01/01/01 1:11 ", "…", " ", "\t"]


@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    start = time.process_time()
    split_sentences(text)
    assert time.process_time() - start < 2
