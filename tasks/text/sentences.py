"""Sentences of an article: paragraphs first, then their sentences."""

from __future__ import annotations

import re

_LINE = re.compile(r"[^\n]+")
_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Character spans [start, end) of the sentences of `text`, in order, without surrounding white space."""
    spans = []
    for line in _LINE.finditer(text):
        at = line.start()
        for cut in [*(m.end() for m in _END.finditer(line[0])), len(line[0])]:
            end = line.start() + cut
            piece = text[at:end]
            stripped = piece.strip()
            if stripped:
                lead = len(piece) - len(piece.lstrip())
                spans.append((at + lead, at + lead + len(stripped)))
            at = end
    return spans
