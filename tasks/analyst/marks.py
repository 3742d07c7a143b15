"""Where an event's actor, action, target, place and date stand in its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Characters `start` to `end` of the sentence are the event's `role`: actor, action, target, place or date."""

    start: int
    end: int
    role: str


def mark(event: Mapping[str, Any]) -> list[Mark]:
    """The marks in their order, none over another. `event` is a row of the table events.

    The action's place is known; of the others the whole words nearest to it count. What does not stand in the sentence
    (an actor named before, a day reckoned) has no mark.
    """
    sentence: str = event["sentence"]
    at = event["trigger_start"] - event["sentence_start"]
    marks = [Mark(at, event["trigger_end"] - event["sentence_start"], "action")]
    for phrase, role in _phrases(event):
        free = [m for m in _places(sentence, phrase, role) if all(m.end <= t.start or m.start >= t.end for t in marks)]
        if free:
            marks.append(min(free, key=lambda m: abs(m.start - at)))
    return sorted(marks)


def _phrases(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for role in ("actor", "target"):
        for name in event[f"{role}s"]:
            # "Nikol Pashinyan (he)": the sentence has "he"
            yield (name[:-1].rpartition("(")[2] if name.endswith(")") and "(" in name else name), role
    yield event["location"] or "", "place"
    yield event["date_text"] or "", "date"


def _places(sentence: str, phrase: str, role: str) -> Iterator[Mark]:
    """Where the phrase stands as whole words, in any case."""
    words, wanted = sentence.casefold(), phrase.casefold()
    if not wanted or len(words) != len(sentence):  # folding that changes lengths would move the marks
        words, wanted = sentence, phrase
    at = words.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not words[at - 1 : at].isalnum() and not words[end : end + 1].isalnum():
            yield Mark(at, end, role)
        at = words.find(wanted, at + 1)
