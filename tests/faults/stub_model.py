"""A pipeline that annotates by a table of words: faults of files and commits need events, not language."""

from __future__ import annotations

import spacy
from spacy.language import Language
from spacy.tokens import Doc

# word: tag, part of speech, dependency, distance to its head
WORDS: dict[str, tuple[str, str, str, int]] = {
    "Rebels": ("NNPS", "PROPN", "nsubj", 1),
    "Troops": ("NNS", "NOUN", "nsubj", 1),
    "Norway": ("NNP", "PROPN", "nsubj", 1),
    "attacked": ("VBD", "VERB", "ROOT", 0),
    "condemned": ("VBD", "VERB", "ROOT", 0),
    "left": ("VBD", "VERB", "ROOT", 0),
    "on": ("IN", "ADP", "prep", -2),
    ".": (".", "PUNCT", "punct", -1),
}
LEMMAS = {"attacked": "attack", "condemned": "condemn", "left": "leave"}


@Language.component("stub_parser")
def annotate(doc: Doc) -> Doc:
    """Subject, verb, object: whatever is not in the table is the object of the word before it, within the sentence."""
    first, end = 0, len(doc)
    for token in doc:
        if token.is_sent_start:
            first = token.i
            end = next((t.i for t in doc[first + 1 :] if t.is_sent_start), len(doc))
        tag, pos, dep, to_head = WORDS.get(token.text, ("NNP", "PROPN", "dobj", -1))
        head = token.i + to_head
        token.tag_, token.pos_, token.dep_ = tag, pos, dep
        # to the right only to a verb, which heads itself: what a parser gives is a tree, and spaCy crashes on a circle
        within = first <= head < end and (to_head < 0 or doc[head].text in LEMMAS)
        token.head = doc[head] if within else token
        token.lemma_ = LEMMAS.get(token.text, token.text.lower() if pos != "PROPN" else token.text)
    return doc


def load() -> Language:
    """The pipeline, with components under the names that Dateline asks for."""
    nlp = spacy.blank("en")
    nlp.add_pipe("stub_parser", name="parser")
    for name in ("tagger", "lemmatizer", "ner"):
        nlp.add_pipe("stub_nothing", name=name)
    return nlp


@Language.component("stub_nothing")
def leave_alone(doc: Doc) -> Doc:
    """The names are asked for; the work is done above."""
    return doc
