"""A parse as plain lists: what the rules read, without making a token object for every look."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.attrs import DEP, ENT_TYPE, HEAD, LEMMA, LOWER, POS, TAG
from spacy.tokens import Doc

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


@dataclass(frozen=True, slots=True)
class Parse:
    """One article's parse, column by column; every index is a token's position in the Doc.

    `children` holds each token's direct dependents in order of position, `sentences` the sentences as [start, end).
    """

    doc: Doc
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
    table = doc.to_array([HEAD, DEP, POS, TAG, LEMMA, LOWER, ENT_TYPE])
    known: dict[int, str] = {}

    def named(column: int) -> list[str]:
        out = []
        for key in table[:, column].tolist():
            text = known.get(key)
            if text is None:
                text = known[key] = strings[key]
            out.append(text)
        return out

    offsets = table[:, 0].astype("int64").tolist()
    heads = [i + offset for i, offset in enumerate(offsets)]
    children: list[list[int]] = [[] for _ in heads]
    for i, head in enumerate(heads):
        if head != i:
            children[head].append(i)
    return Parse(
        doc=doc,
        words=[t.text for t in doc],
        lowers=named(5),
        lemmas=[lemma.lower() for lemma in named(4)],
        pos=named(2),
        tags=named(3),
        deps=named(1),
        heads=heads,
        entities=named(6),
        children=children,
        sentences=[(s.start, s.end) for s in doc.sents],
    )


def subtree(parse: Parse, token: int) -> list[int]:
    """The token and all that depends on it, in order of position."""
    found = [token]
    for t in found:
        found.extend(parse.children[t])
    found.sort()
    return found
