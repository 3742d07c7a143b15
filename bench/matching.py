"""Right or wrong: names, actions and dates of an event against what the gold accepts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.contracts.records import Event

LONGEST = 12  # words: a whole clause names nobody

Figures = dict[str, float]


@dataclass
class Tally:
    """Right answers and questions, by figure; and what went wrong, for the reader."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def count(self, figure: str, right: bool | float, *, error: str = "") -> None:
        """Adds one question to `figure`, and its answer."""
        self.right[figure] += right  # type: ignore[assignment]
        self.asked[figure] += 1
        if error and not right:
            self.errors.append(f"{figure:16} {error}")

    def figures(self) -> Figures:
        """The share of right answers, by figure."""
        return {name: self.right[name] / n for name, n in self.asked.items() if n}


def plain(text: str | None) -> str:
    """`text` with plain quotes, dashes and spaces."""
    table = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
    return " ".join(unicodedata.normalize("NFKC", (text or "").translate(table)).split())


def names(accepted: Sequence[str] | str | None, value: str | None) -> bool:
    """Whether `value` is one of the accepted names: one holds the other as whole words. None and *none* accept nothing.

    "*" and "*any*" accept everything; a value of more than twelve words names nobody.
    """
    if accepted == "*" or (accepted and "*any*" in accepted):
        return True
    got = plain(value).lower()
    if not got or len(got.split()) > LONGEST:
        return not got and (accepted is None or "*none*" in accepted)
    wanted = [plain(a).lower() for a in accepted or ()]
    return any(_holds(got, want) or _holds(want, got) for want in wanted)


def _holds(text: str, part: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text) is not None


def same_action(accepted: Sequence[str], action: str) -> bool:
    """Whether the action has all words of one of the accepted ones, in any form: "threatens" answers "threaten"."""
    words = re.findall(r"[a-z]+", action.lower())
    return any(all(any(_form(w, p) for w in words) for p in want.lower().split()) for want in accepted)


def _form(word: str, lemma: str) -> bool:
    return word == lemma or (len(lemma) > 3 and word.startswith(lemma.rstrip("ey")))


def same_date(accepted: Sequence[str] | str | None, event: Event) -> bool:
    """Whether the event begins on the day, or in the month or year, that is accepted; None accepts no date alone."""
    got = str(event.date) if event.date else ""
    if accepted is None:
        return not got
    return any(got.startswith(a) if a != "*none*" else not got for a in _list(accepted))


def _list(value: Sequence[str] | str) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def any_names(accepted: Sequence[str] | str | None, values: Sequence[str], whole: str | None) -> bool:
    """Whether one of the names in the list, or the whole string, is accepted."""
    return names(accepted, whole) or any(names(accepted, v) for v in values)


def all_names(wanted: Sequence[str], values: Sequence[str]) -> bool:
    """Whether the list has every wanted name in an element of its own, and no other."""
    return len(wanted) == len(values) and all(any(names([w], v) for v in values) for w in wanted)
