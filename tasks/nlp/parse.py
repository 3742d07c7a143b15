"""A parse as plain lists: what the rules read, without making a token object for every look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from spacy.attrs import DEP, ENT_TYPE, HEAD, LEMMA, LOWER, ORTH, POS, SENT_START, SPACY, TAG
from spacy.tokens import Doc

WRAP, HALF = 2**64, 2**63
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


@dataclass(frozen=True, slots=True)
class Parse:
    """One article's parse, column by column; every index is a token's position in the Doc.

    `children` holds each token's direct dependents in order of position, `sentences` the sentences as [start, end),
    `starts` the character where each token starts in `text`.
    """

    doc: Doc
    text: str
    starts: list[int]
    words: list[str]
    lowers: list[str]
    lemmas: list[str]
    pos: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    entities: list[str]
    children: list[list[int]]
    sentences: list[tuple[int, int]]

    def phrase(self, start: int, end: int) -> str:
        """The text of tokens [start, end), its white space made single spaces."""
        first, last = self.starts[start], self.starts[end - 1] + len(self.words[end - 1])
        return " ".join(self.text[first:last].split())

    def child(self, token: int, *deps: str) -> int | None:
        """The first dependent of `token` with one of these relations, None where it has none."""
        for c in self.children[token]:
            if self.deps[c] in deps:
                return c
        return None

    def childs(self, token: int, *deps: str) -> list[int]:
        """All dependents of `token` with one of these relations."""
        return [c for c in self.children[token] if self.deps[c] in deps]

    def is_nominal(self, token: int) -> bool:
        """Whether the token can head a noun phrase."""
        return self.pos[token] in NOMINAL

    def is_verb(self, token: int) -> bool:
        """Whether the token is a verb or an auxiliary."""
        return self.pos[token] == "VERB" or self.pos[token] == "AUX"


def read_parse(doc: Doc) -> Parse:
    """The Doc's annotation as lists. White-space tokens keep their positions, so offsets stay those of the Doc."""
    strings = doc.vocab.strings
    columns = doc.to_array([HEAD, DEP, POS, TAG, LEMMA, LOWER, ENT_TYPE, ORTH, SPACY, SENT_START]).T.tolist()
    known: dict[int, str] = {}

    def named(column: int) -> list[str]:
        keys = columns[column]
        for key in set(keys):
            if key not in known:
                known[key] = strings[key]
        return [known[key] for key in keys]

    words = named(7)
    # the array is unsigned: an offset to the left comes as 2**64 less
    heads = [i + (offset - WRAP if offset > HALF else offset) for i, offset in enumerate(columns[0])]
    children: list[list[int]] = [[] for _ in heads]
    for i, head in enumerate(heads):
        if head != i:
            children[head].append(i)
    starts = []
    at = 0
    for word, space in zip(words, columns[8], strict=True):
        starts.append(at)
        at += len(word) + space
    begins = [i for i, flag in enumerate(columns[9]) if flag == 1 or i == 0]
    return Parse(
        doc=doc,
        text="".join(f"{word} " if space else word for word, space in zip(words, columns[8], strict=True)),
        starts=starts,
        words=words,
        lowers=named(5),
        lemmas=[lemma.lower() for lemma in named(4)],
        pos=named(2),
        tags=named(3),
        deps=named(1),
        heads=heads,
        entities=named(6),
        children=children,
        sentences=list(pairwise([*begins, len(words)])),
    )


@lru_cache(maxsize=1)
def text_of(doc: Doc) -> str:
    """`doc.text`, made once an article and without a token object for each word."""
    strings = doc.vocab.strings
    return "".join(strings[word] + " " * space for word, space in doc.to_array([ORTH, SPACY]).tolist())
