"""A parse as plain lists: what the rules read, without making a token object for every look."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from spacy.attrs import DEP, ENT_TYPE, HEAD, LEMMA, LENGTH, ORTH, POS, SENT_START, SPACY, TAG
from spacy.strings import StringStore
from spacy.tokens import Doc

_COLUMNS = (HEAD, LENGTH, SPACY, SENT_START, ORTH, POS, TAG, LEMMA, DEP, ENT_TYPE)
MOST_KNOWN = 30_000  # strings of some 500 articles; about 4 MB
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


@dataclass(frozen=True, slots=True, eq=False)
class Parse:
    """One article's parse, column by column; every index is a token's position in the Doc.

    `lemmas` are in small letters, `model_lemmas` as the model writes them. `children` holds each token's direct
    dependents in order of position, `sentences` the sentences as [start, end), `starts` the character where each token
    starts in `text`.
    """

    doc: Doc
    text: str
    starts: list[int]
    words: list[str]
    lowers: list[str]
    lemmas: list[str]
    model_lemmas: list[str]
    pos: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    entities: list[str]
    children: list[list[int]]
    sentences: list[tuple[int, int]]

    def phrase(self, start: int, end: int) -> str:
        """The text of tokens [start, end), its white space made single spaces."""
        return " ".join(self.written(start, end).split())

    def written(self, start: int, end: int) -> str:
        """The text of tokens [start, end) as it stands."""
        return self.text[self.starts[start] : self.starts[end - 1] + len(self.words[end - 1])]

    def sentence_of(self, token: int) -> int:
        """The number of the sentence that the token stands in."""
        return bisect_right(self.sentences, (token, len(self.words))) - 1

    def is_tight(self, token: int) -> bool:
        """Whether no space stands after the token."""
        end = self.starts[token] + len(self.words[token])
        return end == (self.starts[token + 1] if token + 1 < len(self.starts) else len(self.text))

    def child(self, token: int, *deps: str) -> int | None:
        """The first dependent of `token` with one of these relations, None where it has none."""
        for c in self.children[token]:
            if self.deps[c] in deps:
                return c
        return None

    def childs(self, token: int, *deps: str) -> list[int]:
        """All dependents of `token` with one of these relations."""
        children = self.children[token]
        return [c for c in children if self.deps[c] in deps] if children else []

    def of_objects(self, token: int) -> list[int]:
        """What stands after the "of" of a noun: "the arrest of miners"."""
        return [o for p in self.children[token] if self.lowers[p] == "of" for o in self.childs(p, "pobj")]

    def subtree(self, token: int) -> list[int]:
        """The token and all that depends on it, the tree read from left to right."""
        found: list[int] = []
        pending = [(token, False)]
        while pending:
            at, is_open = pending.pop()
            children = self.children[at]
            if is_open or not children:
                found.append(at)
                continue
            pending.extend((c, False) for c in reversed(children) if c > at)
            pending.append((at, True))
            pending.extend((c, False) for c in reversed(children) if c < at)
        return found

    def is_nominal(self, token: int) -> bool:
        """Whether the token can head a noun phrase."""
        return self.pos[token] in NOMINAL

    def is_verb(self, token: int) -> bool:
        """Whether the token is a verb or an auxiliary."""
        return self.pos[token] == "VERB" or self.pos[token] == "AUX"


def read_parse(doc: Doc) -> Parse:
    """The Doc's annotation as lists. White-space tokens keep their positions, so offsets stay those of the Doc."""
    strings = doc.vocab.strings
    table = doc.to_array(_COLUMNS)
    numbers = table[:, :3].astype(np.int64)  # the array is unsigned: an offset to the left comes as 2**64 less
    known = _known_strings(strings)
    if len(known) > MOST_KNOWN:
        _known_strings.cache_clear()
        known = _known_strings(strings)

    def named(column: int) -> list[str]:
        keys = table[:, column].tolist()
        for key in set(keys).difference(known):
            known[key] = strings[key]
        return [known[key] for key in keys]

    heads = (np.arange(len(doc)) + numbers[:, 0]).tolist()
    children: list[list[int]] = [[] for _ in heads]
    for i, head in enumerate(heads):
        if head != i:
            children[head].append(i)
    widths = numbers[:, 1] + numbers[:, 2]
    begins = np.flatnonzero(table[:, 3] == 1).tolist()
    if heads and begins[:1] != [0]:
        begins.insert(0, 0)
    words, lemmas = named(4), named(7)
    spaces = numbers[:, 2].tolist()
    return Parse(
        doc=doc,
        text="".join([f"{word} " if space else word for word, space in zip(words, spaces, strict=True)]),
        starts=(np.cumsum(widths) - widths).tolist(),
        words=words,
        lowers=[word.lower() for word in words],
        lemmas=[lemma.lower() for lemma in lemmas],
        model_lemmas=lemmas,
        pos=named(5),
        tags=named(6),
        deps=named(8),
        heads=heads,
        entities=named(9),
        children=children,
        sentences=list(pairwise([*begins, len(words)])),
    )


@lru_cache(maxsize=1)
def _known_strings(strings: StringStore) -> dict[int, str]:
    """Words, lemmas and labels by their hashes, as met lately: the model's store takes twice as long to ask."""
    return {}
