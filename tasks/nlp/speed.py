"""The same annotations in less time: faster matrix products, and a memo of what depends on single tokens alone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from spacy.attrs import DEP, LEMMA, MORPH, ORTH, POS, TAG
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Token
from thinc.api import NumpyOps

TRIAL_ROWS, TRIAL_WIDTH = 512, 288  # as the tagger's and parser's products over a batch of news
TRIAL_ROUNDS = 8
MEMO = "token_memo"
MOST_KNOWN = 100_000  # forms with tag and dependency; about 20 MB, and 90 % of the tokens of news
MOST_WORDS = 40_000  # remembered by the tokenizer; about 20 MB
LONGEST_WORD = 40  # characters: no word that comes again is longer
Facts = tuple[int, int, int]  # lemma, part of speech, morphology: hashes


def use_fastest_products(nlp: Language) -> None:
    """Lets every component multiply matrices by the faster of thinc's two ways, chosen by a trial of some 20 ms.

    Thinc's default calls the blis wheel, which on some processors runs a generic kernel; NumPy's own library is then
    half as fast again. Both give the same annotations.
    """
    ops = min((NumpyOps(use_blis=True), NumpyOps(use_blis=False)), key=_seconds)
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        if model is not None:
            for node in model.walk():
                node.ops = ops


def _seconds(ops: NumpyOps) -> float:
    left = np.ones((TRIAL_ROWS, TRIAL_WIDTH), dtype="f")
    right = np.ones((TRIAL_WIDTH, TRIAL_WIDTH), dtype="f")
    times = []
    for _ in range(TRIAL_ROUNDS):
        start = time.perf_counter()
        ops.gemm(left, right)
        times.append(time.perf_counter() - start)
    return min(times)


def learn_words(nlp: Language, texts: Iterable[str]) -> None:
    """Lets the tokenizer remember the texts' words, up to MOST_WORDS; to be called outside a memory zone.

    Within a zone it remembers nothing beyond the zone, and takes the commonest word apart anew in every batch.
    """
    nlp.tokenizer.max_cache_size = MOST_WORDS
    if len(nlp.vocab) < MOST_WORDS:
        words = {word for text in texts for word in text.split() if len(word) <= LONGEST_WORD}
        nlp.tokenizer(" ".join(sorted(words)))


def memoise_tokens(nlp: Language) -> None:
    """Replaces attribute ruler and rule lemmatizer by one component that remembers what they made of a token.

    Leaves a pipeline as it is whose two components are not spaCy's own English ones, side by side.
    """
    names = nlp.pipe_names
    if "attribute_ruler" not in names or "lemmatizer" not in names:
        return
    ruler, lemmatizer = nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer")
    beside = names.index("lemmatizer") == names.index("attribute_ruler") + 1
    if not beside or getattr(lemmatizer, "mode", None) != "rule" or lemmatizer.overwrite:
        return
    Language.component(MEMO, func=TokenMemo(nlp, ruler, lemmatizer))
    nlp.add_pipe(MEMO, after="lemmatizer")
    nlp.disable_pipe("attribute_ruler")
    nlp.disable_pipe("lemmatizer")


def settle_memo(nlp: Language) -> None:
    """Lets what was remembered in a memory zone outlive it; to be called when the zone has ended."""
    if MEMO in nlp.pipe_names:
        nlp.get_pipe(MEMO).settle()


class TokenMemo:
    """Attribute ruler and lemmatizer in one: exact, since what they give depends on a token's form, tag and dependency.

    The ruler looks at the form of few words: what it makes of all others is remembered by tag and dependency alone.
    Its few rules over several tokens are matched for themselves, and the tokens they touch take the long way.
    Strings made in a memory zone end with it; `settle`, called after the zone, keeps those that the memo points to.
    """

    def __init__(self, nlp: Language, ruler: Any, lemmatizer: Any) -> None:
        self._ruler, self._lemmatizer = ruler, lemmatizer
        self._several = Matcher(nlp.vocab)
        single: list[dict[str, Any]] = []
        for number, rule in enumerate(ruler.patterns):
            long = [pattern for pattern in rule["patterns"] if len(pattern) > 1]
            single += [pattern[0] for pattern in rule["patterns"] if len(pattern) == 1]
            if long:
                self._several.add(str(number), long)
        self._is_named = _forms_named(single)
        self._strings = nlp.vocab.strings
        self._ruled: dict[tuple[int, int], Facts] = {}
        self._known: dict[tuple[int, int, int], Facts] = {}
        self._fresh: dict[tuple[int, int, int], tuple[str, str]] = {}
        _hash_indexes(lemmatizer)

    def settle(self) -> None:
        """Makes what was learnt in a memory zone outlive it, up to MOST_KNOWN entries; the rest is forgotten."""
        for key, (lemma, morphology) in self._fresh.items():
            if len(self._known) > MOST_KNOWN:
                del self._known[key]
            else:
                self._strings.add(lemma)
                self._strings.add(morphology)
        self._fresh.clear()

    def __call__(self, doc: Doc) -> Doc:
        """Sets lemma, part of speech and morphology of every token."""
        known = self._known
        touched = {i for _, start, end in self._several(doc, allow_missing=True) for i in range(start, end)}
        facts: list[Facts] = []
        for i, key in enumerate(map(tuple, doc.to_array([ORTH, TAG, DEP]).tolist())):
            found = None if i in touched else known.get(key)
            if found is None:
                token = doc[i]
                if i in touched or token.is_space:
                    self._rule(doc, i)
                    found = self._lemmatized(token)
                else:
                    found = known[key] = self._learn(token, key[1:])
                    self._fresh[key] = (token.lemma_, str(token.morph))
            facts.append(found)
        if facts:
            doc.from_array([LEMMA, POS, MORPH], np.array(facts, dtype=np.uint64))
        return doc

    def _learn(self, token: Token, kind: tuple[int, int]) -> Facts:
        """What the two components do to a token that no rule over several tokens touches."""
        if self._is_named(token.lower_):
            self._rule(token.doc, token.i)
        elif (ruled := self._ruled.get(kind)) is None:
            self._rule(token.doc, token.i)
            self._ruled[kind] = (token.lemma, token.pos, token.morph.key)
        else:
            token.lemma, token.pos = ruled[:2]
            token.set_morph(ruled[2])
        return self._lemmatized(token)

    def _rule(self, doc: Doc, i: int) -> None:
        """What the ruler does to one token, its neighbours seen but left alone."""
        first = max(0, i - 1)
        window = doc[first : i + 2]
        matches = [
            match
            for match in self._ruler.match(window)
            if first + match[2] + (self._ruler.indices[match[0]] % (match[3] - match[2])) == i
        ]
        self._ruler.set_annotations(doc, [(a, m, first + s, first + e) for a, m, s, e in matches])

    def _lemmatized(self, token: Token) -> Facts:
        if token.lemma == 0:
            token.lemma_ = self._lemmatizer.lemmatize(token)[0]
        return token.lemma, token.pos, token.morph.key


def _forms_named(patterns: Iterable[dict[str, Any]]) -> Callable[[str], bool]:
    """Whether a lowercased form is one that patterns of single tokens ask for; any, where they ask in unknown ways."""
    words: set[str] = set()
    shapes: list[str] = []
    for pattern in patterns:
        if not pattern.keys() <= {"LOWER", "TAG", "DEP", "IS_SPACE"}:
            return lambda form: True
        asked = pattern.get("LOWER", {"IN": []})
        if isinstance(asked, str):
            words.add(asked)
        elif asked.keys() == {"IN"}:
            words.update(asked["IN"])
        elif asked.keys() == {"REGEX"}:
            shapes.append(asked["REGEX"])
        else:
            return lambda form: True
    shaped = re.compile("|".join(f"(?:{shape})" for shape in shapes)) if shapes else None
    return lambda form: form in words or (shaped is not None and shaped.search(form) is not None)


def _hash_indexes(lemmatizer: Any) -> None:
    """Makes sets of the lemmatizer's lists of known words: it asks of every form it tries whether it is in them."""
    index = lemmatizer.lookups.get_table("lemma_index", {})
    for part_of_speech, forms in list(index.items()):
        index[part_of_speech] = frozenset(forms)
