"""The spaCy pipeline: loaded once a process, fed with sentences that are already split."""

from __future__ import annotations

import contextlib
import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tasks.contracts.errors import UsageFault
from tasks.contracts.records import Sentence
from tasks.nlp.entities import hasten_entities
from tasks.nlp.fronted import mark_fronted, take_marks
from tasks.nlp.speed import memoise_tokens, settle_memo, use_fastest_products
from tasks.nlp.vectors import hasten_vectors

BATCH_DOCS = 32  # spaCy's own default of 256 measured 0.83 of this speed and four times its memory
LONGEST_RUN = 200  # characters without a space; the tokenizer takes quadratic time on runs of punctuation
_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}")


class ModelError(UsageFault):
    """The model named in the settings cannot be used; the message says how to get one that can."""


@cache
def load_model(name: str) -> Language:
    """The spaCy pipeline `name` (an installed package), loaded once per process.

    Raises ModelError where it is not installed or lacks a tagger, parser, lemmatizer or entity recogniser.
    """
    nlp = _load(name)
    missing = [part for part in ("tagger", "parser", "lemmatizer", "ner") if part not in nlp.pipe_names]
    if missing:
        raise ModelError(f"setting model: {name!r} has no {', '.join(missing)}; choose a full English pipeline")
    use_fastest_products(nlp)
    hasten_vectors(nlp)
    memoise_tokens(nlp)
    hasten_entities(nlp)
    return nlp


def _load(name: str) -> Language:
    try:
        package = importlib.import_module(name)
        nlp: Language = package.load()
    except ModuleNotFoundError:
        try:
            nlp = spacy.load(name)
        except OSError as error:
            raise ModelError(
                f"setting model: {name!r} is not installed; expected an English spaCy pipeline. "
                "Install its package or leave the setting out"
            ) from error
    return nlp


def tokenize(nlp: Language, text: str, sentences: Sequence[Sentence]) -> Doc:
    """One Doc over all of `text`, its sentence boundaries those given: `doc.text == text`.

    Runs of more than 200 characters without a space are cut before tokenising, so that time stays linear.
    """
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[bool] = []

    def gap(between: str) -> None:
        if not between:
            return
        if words and not words[-1].isspace() and between[0] == " ":
            spaces[-1] = True
            between = between[1:]
        if between:
            words.append(between)
            spaces.append(False)
            starts.append(len(words) == 1)

    at = 0
    for sentence in sentences:
        gap(text[at : sentence.start])
        first = True
        for piece in _pieces(sentence.text):
            for token in nlp.tokenizer(piece):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
                starts.append(first)
                first = False
        at = sentence.end
    gap(text[at:])
    return Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=starts)


def _pieces(text: str) -> Iterator[str]:
    if not _RUN.search(text):
        yield text
        return
    cuts = [0, *(m.end() for m in _RUN.finditer(text)), len(text)]
    yield from (text[a:b] for a, b in pairwise(cuts) if a < b)


def parse_articles(nlp: Language, articles: Iterable[tuple[str, Sequence[Sentence]]]) -> Iterator[Doc]:
    """A parsed Doc for each (text, sentences) pair, in order."""
    docs = (mark_fronted(tokenize(nlp, text, sentences), sentences) for text, sentences in articles)
    yield from map(take_marks, nlp.pipe(docs, batch_size=BATCH_DOCS))


@contextlib.contextmanager
def parsed(nlp: Language, articles: Iterable[tuple[str, Sequence[Sentence]]]) -> Iterator[Iterator[Doc]]:
    """`parse_articles` for use within the `with` block alone: what it took of memory is given back at the end."""
    with nlp.memory_zone():
        yield parse_articles(nlp, articles)
    settle_memo(nlp)
