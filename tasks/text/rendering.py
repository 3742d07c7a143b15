"""HTML as the text that a browser's select-all would give."""

from __future__ import annotations

import re

from inscriptis import get_text
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError

from tasks.text.decoding import normalise

_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLOCK = re.compile(r"<(?:p|br|div|h[1-6]|li|tr|table|article|section|blockquote)\b[^<>]{0,2000}>", re.IGNORECASE)
_INVISIBLE = re.compile(r"<(script|style|noscript|template)\b", re.IGNORECASE)
# inscriptis walks the tree by recursion: deeper markup than pages have is flattened instead.
_DEEPEST = 200
_OPENING = re.compile(r"<[A-Za-z][^<>]{0,2000}>")
_BLANK_RUN = re.compile(r"\n(?:[ \t]*\n){2,}")


def html_to_text(markup: str) -> str:
    """The rendered text, normalised; blank lines between blocks, list marks and table columns kept.

    Markup that the renderer cannot walk (nested too deep, broken beyond repair) has its tags cut out instead.
    """
    text = None
    if markup.strip():
        try:
            text = get_text(markup, ParserConfig(display_images=False, display_links=False))
        except (LxmlError, RecursionError, ValueError, TypeError, AttributeError, AssertionError):
            text = _cut_tags(markup)
    return _BLANK_RUN.sub("\n\n", normalise(text or "")).strip("\n")


def _cut_tags(markup: str) -> str:
    return _TAG.sub("", _BLOCK.sub("\n\n", markup))
