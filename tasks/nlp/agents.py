"""Who a phrase stands for: countries and sectors."""

from __future__ import annotations

from spacy.tokens import Doc

from tasks.lexicon.reader import Lexicon
from tasks.nlp.frames import Agent, Phrase


def code_agent(phrase: Phrase, doc: Doc, *, lexicon: Lexicon) -> Agent:
    """The countries and sectors that the phrase names; empty where it names none."""
    return Agent()
