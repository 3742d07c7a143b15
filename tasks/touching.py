"""Which articles an analyst's own vocabulary can touch: those whose text has the name, or a form of the verb or noun.

A text that the search passes over is coded the same with and without the row; one that it finds may be.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import Any

import pyarrow as pa
import pyarrow.compute

from tasks.lexicon.vocabulary import Vocabulary
from tasks.nlp.forms import forms_of

pc: Any = pyarrow.compute  # its type stubs lack utf8_normalize

_GENITIVE = re.compile(r"['\u2019]s(?![^\W_])", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_GAP = "[^a-z0-9]*"  # what may stand between two letters of a name: "Sana'a", an accent of its own
_GENITIVE_GAP = f"{_GAP}s?{_GAP}"
_TOGETHER = 50  # rows searched for at once: more make a pattern that is too large


@dataclass(frozen=True, slots=True)
class Clue:
    """What gives a row away in a text: names, of which one must stand there, or words, which must all.

    `words` holds for each word how it may begin and its irregular forms; None is any word. `row` is what it says.
    """

    row: str
    names: tuple[str, ...] = ()
    words: tuple[tuple[str, frozenset[str]] | None, ...] = ()


def clues(vocabulary: Vocabulary, *, model: str) -> tuple[Clue, ...]:
    """A clue for each row of the vocabulary."""
    actors = (Clue(repr(row), names=row.names) for row in vocabulary.actors)
    places = (Clue(repr(row), names=row.names) for row in vocabulary.places)
    verbs = (_clue(repr(replace(row, line=0)), row.verb, model) for row in vocabulary.verbs)
    nouns = (_clue(repr(replace(row, line=0)), row.noun, model) for row in vocabulary.nouns)
    return (*actors, *places, *verbs, *nouns)


def touched_files(articles: pa.Table, found_by: Sequence[Clue]) -> dict[str, str]:
    """The files that the clues point to, each with a digest of what the rows say that can touch it.

    `articles` has the columns source_path and text.
    """
    candidates = articles.filter(_may_have(articles["text"], found_by)) if found_by else articles.slice(0, 0)
    rows: dict[str, set[str]] = {}
    for article in candidates.to_pylist():
        read = _Text(article["text"])
        rows.setdefault(article["source_path"], set()).update(c.row for c in found_by if _is_in(c, read))
    order = [clue.row for clue in found_by]
    return {path: _digest([row for row in order if row in mine]) for path, mine in rows.items() if mine}


@dataclass(frozen=True)
class _Text:
    """A text as names and words are looked for in it."""

    text: str

    @cached_property
    def letters(self) -> tuple[tuple[str, frozenset[int]], ...]:
        """The letters and digits alone, and where words begin and end; as it is, and without genitive endings."""
        found = []
        for form in _forms(self.text):
            words = _WORD.findall(form)
            found.append(("".join(words), frozenset((0, *accumulate(map(len, words))))))
        return tuple(found)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.text.lower()))


def _clue(row: str, words: str, model: str) -> Clue:
    parts = _WORD.findall(words)
    return Clue(row, words=tuple(forms_of(part, model=model) for part in parts))


def _is_in(clue: Clue, text: _Text) -> bool:
    if clue.names:
        return any(_has_name(text, name) for name in clue.names)
    return all(
        known is None or any(word.startswith(known[0]) or word in known[1] for word in text.words)
        for known in clue.words
    )


def _has_name(text: _Text, name: str) -> bool:
    for (letters, bounds), form in zip(text.letters, _forms(name), strict=True):
        wanted = "".join(_WORD.findall(form))
        at = letters.find(wanted)
        while at >= 0:
            if at in bounds and at + len(wanted) in bounds:
                return True
            at = letters.find(wanted, at + 1)
    return False


def _forms(text: str) -> tuple[str, str]:
    """Without case and accents; and without genitive endings, too."""
    return _fold(text), _fold(_GENITIVE.sub("", text))


def _fold(text: str) -> str:
    lower = text.lower()
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if unicodedata.category(c)[0] != "M")


def _may_have(texts: Any, found_by: Sequence[Clue]) -> Any:
    """Whether each text may have any of the clues: a search at some hundred megabytes a second."""
    plain = pc.utf8_normalize(texts, "NFKD")
    found = pa.chunked_array([pa.array([False] * len(plain))])
    patterns = list(_patterns(found_by))
    for at in range(0, len(patterns), _TOGETHER):
        some = "|".join(patterns[at : at + _TOGETHER])
        found = pc.or_(found, pc.match_substring_regex(plain, some, ignore_case=True))
    return found


def _patterns(found_by: Iterable[Clue]) -> Iterator[str]:
    for clue in found_by:
        for name in clue.names:
            words = _WORD.findall(_forms(name)[1])
            yield _GENITIVE_GAP.join(_GAP.join(c if c.isascii() else _GAP for c in word) for word in words)
        if clue.names:
            continue
        if None in clue.words:
            yield ""
        else:
            beginnings = [(stem, *forms) for stem, forms in filter(None, clue.words)]
            yield "|".join(re.escape(form) for form in max(beginnings, key=lambda forms: len(forms[0])))


def _digest(rows: Sequence[str]) -> str:
    return hashlib.blake2b("\0".join(rows).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
