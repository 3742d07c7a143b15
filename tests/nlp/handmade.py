"""Parses written by hand, so that a rule's test does not hang on a model.

A sentence is a string of tokens `word:lemma/POS/dep/head`; the lemma may be left out (the word in small letters), the
head is the position of a token, counted from 0. `/PERSON` or another entity type may follow.
"""

from __future__ import annotations

from functools import cache

from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import Vocab

from tasks.nlp.frames import Frame, Phrase

TAGS = {"NOUN": "NN", "PROPN": "NNP", "VERB": "VBD", "NUM": "CD", "ADJ": "JJ", "DET": "DT", "ADP": "IN", "PRON": "PRP"}


@cache
def _vocab() -> Vocab:
    return English().vocab


def read(sentence: str) -> Doc:
    """The Doc that the tokens of `sentence` describe."""
    words, lemmas, pos, deps, heads, ents, tags = [], [], [], [], [], [], []
    for token in sentence.split():
        word, part, dep, head, *entity = token.split("/")
        form, _, lemma = word.partition(":")
        words.append(form)
        lemmas.append(lemma or form.lower())
        pos.append(part)
        plural = part == "NOUN" and bool(lemma) and form.lower() != lemma and form.lower().endswith("s")
        tags.append("NNS" if plural else TAGS.get(part, "NN"))
        deps.append(dep)
        heads.append(int(head))
        ents.append(f"B-{entity[0]}" if entity else "O")
    return Doc(_vocab(), words=words, lemmas=lemmas, pos=pos, tags=tags, deps=deps, heads=heads, ents=ents)


def phrase(doc: Doc, start: int, end: int, head: int | None = None, name: str | None = None) -> Phrase:
    """The phrase that is tokens [start, end), headed by the last of them where no head is given."""
    return Phrase(text=doc[start:end].text, start=start, end=end, head=end - 1 if head is None else head, name=name)


def verb_frame(doc: Doc, trigger: int, *, actor: bool = True, modality: str = "asserted") -> Frame:
    """The frame of the verb at `trigger`, read off the parse; its actor is its subject, its targets are its objects."""
    children = list(doc[trigger].children)
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in children)
    subjects = [c.i for c in children if c.dep_ == "nsubj"]
    undergoing = [c.i for c in children if c.dep_ == ("nsubjpass" if passive else "dobj")]
    return Frame(
        trigger=trigger,
        kind="verb",
        lemma=doc[trigger].lemma_,
        particles=tuple(c.lower_ for c in children if c.dep_ == "prt"),
        actors=tuple(phrase(doc, i, i + 1) for i in subjects) if actor else (),
        targets=tuple(phrase(doc, i, i + 1) for i in undergoing),
        objects=tuple(c.i for c in children if c.dep_ == "dobj"),
        obliques=tuple((c.lower_, o.i) for c in children if c.dep_ == "prep" for o in c.children if o.dep_ == "pobj"),
        complements=tuple(c.i for c in children if c.dep_ in ("xcomp", "ccomp")),
        passive=passive,
        modality=modality,
    )


def noun_frame(doc: Doc, trigger: int) -> Frame:
    """The frame of the event noun at `trigger`, without its parties."""
    return Frame(trigger=trigger, kind="noun", lemma=doc[trigger].lemma_)
