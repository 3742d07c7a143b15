"""The entity recogniser's own choices in a third of its time: all tokens at once instead of state by state.

spaCy's recogniser walks through a text token by token and asks at each of them which of 73 moves are allowed; that
question is half of its time, a third of the whole parse. But its score of a move outside an entity depends on the token
alone, and entities do not cross sentences: so one product gives every move outside entities, and the few entities
that these moves would open are followed to their ends side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE, SENT_START
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from tasks.nlp.vectors import read_encoder

ENTITIES = "fast_entities"
OUTSIDE, BEGIN, INSIDE, LAST, UNIT = "O", "B", "I", "L", "U"
FEATURES = 3  # the token, the first and the last token of the open entity
Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


def hasten_entities(nlp: Language) -> None:
    """Replaces the entity recogniser by one that decides the same faster; leaves one of another build as it is."""
    if "ner" not in nlp.pipe_names:
        return
    ner = nlp.get_pipe("ner")
    if not _is_known(ner):
        return
    Language.component(ENTITIES, func=FastEntities(ner))
    nlp.add_pipe(ENTITIES, after="ner")
    nlp.disable_pipe("ner")


def _is_known(ner: Any) -> bool:
    """Whether it is spaCy's greedy recogniser with a hidden layer over three features, all its moves learnt."""
    model = getattr(ner, "model", None)
    if model is None or model.name != "parser_model" or ner.cfg.get("beam_width", 1) != 1:
        return False
    lower = model.get_ref("lower")
    return (
        bool(model.attrs["has_upper"])
        and not model.attrs["unseen_classes"]
        and lower.get_dim("nF") == FEATURES
        and lower.get_dim("nP") > 1
    )


class FastEntities:
    """Sets the entities that the recogniser would set. Documents with entities of another component go to itself."""

    def __init__(self, ner: Any) -> None:
        self._ner = ner
        model = ner.model
        self._vectors, self._lower = _vectors_of(model.get_ref("tok2vec")), model.get_ref("lower")
        self._bias: Floats = self._lower.get_param("b")
        upper = model.get_ref("upper")
        self._weights: Floats = np.ascontiguousarray(upper.get_param("W").T)
        self._upper_bias: Floats = upper.get_param("b")
        names = [ner.moves.get_class_name(n) for n in range(len(self._upper_bias))]
        moves = [name.partition("-")[::2] for name in names]
        self._labels = [label for _, label in moves]
        kinds = np.array([kind if label or kind == OUTSIDE else "" for kind, label in moves])
        self._outside = kinds == OUTSIDE
        self._opens = kinds == BEGIN
        # by what the token allows outside an entity: nothing (white space), single words alone (the last), all
        self._allowed = np.stack(
            [kinds == OUTSIDE, np.isin(kinds, (OUTSIDE, UNIT)), np.isin(kinds, (OUTSIDE, UNIT, BEGIN))]
        )
        place = {move: n for n, move in enumerate(moves)}
        self._inside = np.array([place.get((INSIDE, label), -1) for label in self._labels])
        self._last = np.array([place.get((LAST, label), -1) for label in self._labels])

    def __call__(self, doc: Doc) -> Doc:
        """The doc with its entities."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """The docs with their entities, in order."""
        for batch in minibatch(docs, batch_size):
            fresh = [d for d in batch if len(d) and not d.has_annotation("ENT_IOB")]
            if fresh:
                self._annotate(fresh)
            for doc in batch:
                yield doc if any(doc is d for d in fresh) else self._ner(doc)

    def _annotate(self, docs: Sequence[Doc]) -> None:
        table = np.concatenate([d.to_array([IS_SPACE, SENT_START]).astype(np.int64) for d in docs])
        is_last = np.append(table[1:, 1] == 1, True)  # of its sentence
        ends = np.cumsum([len(d) for d in docs])
        is_last[ends - 1] = True
        found = self._entities(self._lower.predict(self._vectors(docs)), table[:, 0] == 1, is_last)
        first = 0
        at = 0
        for doc, end in zip(docs, ends.tolist(), strict=True):
            spans = []
            while at < len(found) and found[at][0] < end:
                start, stop, label = found[at]
                spans.append(Span(doc, start - first, stop - first, label=label))
                at += 1
            doc.set_ents(spans)
            first = end

    def _entities(
        self, cached: Floats, is_space: NDArray[np.bool_], is_last: NDArray[np.bool_]
    ) -> list[tuple[int, int, str]]:
        """(first token, end, label) of every entity, in order; `cached` has the features' part of each token's vector.

        Its first row stands for no token.
        """
        none = cached[0]
        scores = self._scores(cached[1:, 0] + none[1] + none[2])
        allowed = self._allowed[np.where(is_space, 0, np.where(is_last, 1, 2))]
        moves = np.where(allowed, scores, -np.inf).argmax(axis=1)
        starts = np.flatnonzero(~self._outside[moves])
        ends = self._ends(cached, starts, moves, is_last)
        found = []
        free = 0
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            if start >= free:
                found.append((start, end, self._labels[moves[start]]))
                free = end
        return found

    def _ends(self, cached: Floats, starts: Numbers, moves: Numbers, is_last: NDArray[np.bool_]) -> Numbers:
        """Where the entity ends that starts at each of these tokens."""
        ends = starts + 1
        going = np.flatnonzero(self._opens[moves[starts]])
        while going.size:
            first, at = starts[going], ends[going]
            scores = self._scores(cached[1 + at, 0] + cached[1 + first, 1] + cached[at, 2])
            inside, last = self._inside[moves[first]], self._last[moves[first]]
            rows = np.arange(going.size)
            goes_on, stops = scores[rows, inside], scores[rows, last]
            # of equal scores the move that comes first in the model's list
            goes_on = ~is_last[at] & ((goes_on > stops) | ((goes_on == stops) & (inside < last)))
            ends[going] += 1
            going = going[goes_on]
        return ends

    def _scores(self, summed: Floats) -> Floats:
        hidden = (summed + self._bias).max(axis=-1)
        scores: Floats = hidden @ self._weights + self._upper_bias
        return scores


def _vectors_of(model: Any) -> Callable[[Sequence[Doc]], Floats]:
    """What gives the tokens' vectors as the recogniser reads them: an encoder of its own and one product."""
    own, *_, product = model.layers
    encoder = read_encoder(own)
    if encoder is None or product.name != "linear":
        return model.predict  # type: ignore[no-any-return]
    return lambda docs: product.predict(np.concatenate(encoder.encode(docs)))
