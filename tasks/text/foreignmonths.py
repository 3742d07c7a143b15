"""Days written in other languages of news: "21 de agosto de 2023", "3. März 2022", "le 5 février 2021"."""

from __future__ import annotations

import re

ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_MONTHS = {
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "German": "januar februar märz april mai juni juli august september oktober november dezember",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
_NUMBERS = {month: number for names in _MONTHS.values() for number, month in enumerate(names.split())}
_NAMES = "|".join(sorted(_NUMBERS, key=lambda name: (-len(name), name)))
_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:º|\.|er)? (?:de )?({_NAMES})\.? (?:de |del )?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def days_in_english(line: str) -> str:
    """The line with such days as English writes them: "21 August 2023"; all else stays."""
    return _DAY.sub(lambda found: f"{found[1]} {ENGLISH[_NUMBERS[found[2].lower()]]} {found[3]}", line)
