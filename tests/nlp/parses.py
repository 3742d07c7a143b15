"""Parses written by hand, with the fine tags that tell participles and infinitives apart.

A sentence is a string of tokens `word:lemma/TAG/dep/head`; the lemma may be left out (the word in small letters), the
head is the position of a token, counted from 0. `/PERSON` or another entity type may follow. A token `|` ends a
sentence; heads go on counting through the text, without it.
"""

from __future__ import annotations

from functools import cache

from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import Vocab

_POS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "PRP": "PRON", "WP": "PRON", "WDT": "PRON",
    "PRP$": "PRON", "MD": "AUX", "IN": "ADP", "RB": "ADV", "WRB": "SCONJ", "JJ": "ADJ", "DT": "DET", "CD": "NUM",
    "CC": "CCONJ", "TO": "PART", "POS": "PART", "RP": "ADP", ".": "PUNCT", ",": "PUNCT",
}  # fmt: skip


@cache
def _vocab() -> Vocab:
    return English().vocab


def parse_of(text: str) -> Doc:
    """The Doc that the tokens of `text` describe."""
    rows = []
    begins = [True]
    for token in text.split():
        if token == "|":
            begins[-1] = True
            continue
        form, tag, dep, head, *entity = token.split("/")
        word, _, lemma = form.partition(":")
        auxiliary = dep in ("aux", "auxpass") or lemma == "be"
        pos = _POS.get(tag) or ("AUX" if auxiliary else "VERB")
        rows.append((word, lemma or word.lower(), tag, pos, dep, int(head), f"B-{entity[0]}" if entity else "O"))
        begins.append(False)
    words, lemmas, tags, pos_, deps, heads, ents = (list(column) for column in zip(*rows, strict=True))
    return Doc(
        _vocab(),
        words=words,
        lemmas=lemmas,
        tags=tags,
        pos=pos_,
        deps=deps,
        heads=heads,
        ents=ents,
        sent_starts=begins[:-1],
    )
