"""Reads and checks the vocabularies of `tasks/lexicon`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


class LexiconError(ValueError):
    """A row of a vocabulary is wrong; the message names file, line, what was expected and what to do."""


@dataclass(frozen=True)
class Lexicon:
    """Every vocabulary, indexed for look-up."""


@cache
def load_lexicon() -> Lexicon:
    """The project's vocabularies, read once per process."""
    return Lexicon()
