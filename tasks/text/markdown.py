"""Markdown to plain text: marks go, words stay."""

from __future__ import annotations

import re

_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]+(.*?)[ \t#]*\Z")
_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)")
_RULE = re.compile(r"[ ]{0,3}([-*_=])[ \t]*(?:\1[ \t]*){2,}\Z")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,100}\])")
_STRONG = re.compile(r"(\*\*|__|~~|`)(?=\S)([^*_~`\n]{1,1000})(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,1000})(?<=\S)\1(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~-])")


def markdown_text(text: str) -> tuple[str | None, str]:
    """The first heading of level one (or None), and the text without marks; lines of a paragraph are joined.

    A heading is a paragraph of its own; pictures, rules and code fences go; links keep their words.
    """
    title: str | None = None
    paragraphs: list[list[str]] = [[]]
    for raw in text.split("\n"):
        line = _QUOTE.sub("", raw, count=1).rstrip()
        heading = _HEADING.match(line)
        if heading:
            plain = _inline(heading[1])
            if title is None and line.lstrip().startswith("# "):
                title = plain or None
            paragraphs += [[plain], []]
        elif not line.strip() or _FENCE.match(line) or _RULE.match(line):
            paragraphs.append([])
        else:
            if re.match(r"\s*(?:[-*+]|\d{1,3}[.)])\s", line):
                paragraphs.append([])
            paragraphs[-1].append(_inline(line.strip()))
    joined = (" ".join(" ".join(p).split()) for p in paragraphs)
    return title, "\n\n".join(p for p in joined if p)


def _inline(line: str) -> str:
    line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    line = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line))
    return _ESCAPE.sub(r"\1", line).strip()
