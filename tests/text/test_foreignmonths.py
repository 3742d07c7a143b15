"""Days written in other languages of news."""

from __future__ import annotations

import pytest

from tasks.text.foreignmonths import days_in_english


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("21 de agosto de 2023", "21 August 2023"),
        ("Publicado el 1º de enero de 2020", "Publicado el 1 January 2020"),
        ("3. März 2022", "3 March 2022"),
        ("le 5 février 2021 à 10h", "le 5 February 2021 à 10h"),
        ("2 Dicembre 2019", "2 December 2019"),
        ("5 May 2020", "5 May 2020"),
        ("Mars 2020 was launched", "Mars 2020 was launched"),
    ],
)
def test_days_as_english_writes_them(line: str, expected: str) -> None:
    assert days_in_english(line) == expected
