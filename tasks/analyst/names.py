"""Parties as names: who stands behind "Mr Brown (he)", and what is no name at all."""

from __future__ import annotations

from collections.abc import Iterable

PRONOUNS = frozenset(
    {
        "he", "she", "it", "they", "we", "you", "i", "me", "him", "her", "them", "us", "who", "whom", "what", "which",
        "that", "this", "these", "those", "one", "ones", "others", "some", "many", "most", "all", "both", "each",
        "everyone", "everybody", "anyone", "anybody", "someone", "somebody", "no one", "nobody", "nothing",
        "everything", "something", "himself", "herself", "itself", "themselves", "ourselves", "yourself", "myself",
    }
)  # fmt: skip
LETTERS = 2  # at least: initials are no names


def parties(names: Iterable[str]) -> list[str]:
    """The distinct parties among names: "Mr Brown (he)" is Mr Brown, a pronoun that stands for nobody known is none."""
    resolved = (name.partition(" (")[0] for name in names)
    return list(dict.fromkeys(n for n in resolved if n.lower() not in PRONOUNS))


def is_name(text: str, *, sentence: str) -> bool:
    """Whether a word of it is written as a name is: "the Mbali river", not "two men", nor "Analysts" first of all."""
    words = [w for w in text.split() if w.lower() not in PRONOUNS and len(w) >= LETTERS]
    if sentence.startswith(text):
        words = words[1:]
    return any(w[0].isupper() for w in words)
