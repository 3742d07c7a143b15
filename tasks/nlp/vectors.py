"""The token vectors of spaCy's convolutional encoder: the same ones in half of the time.

thinc embeds every token anew and carries a whole batch through each layer at once, in arrays of some 10 MB that do not
fit the processor's cache and are given back to the system after every step. Here each distinct token of a batch is
embedded once (about one in four), and the layers go through blocks of rows that stay in the cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

VECTORS = "fast_vectors"
BLOCK_ROWS = 512  # windows of three vectors of 96 numbers and their products: 1.2 MB, about a common L2 cache
LEAST = 1e-8  # added to a variance before it divides, as thinc does
MIX = 0x9E3779B97F4A7C15  # an odd number with its bits well spread
Floats = NDArray[np.float32]


def hasten_vectors(nlp: Language) -> None:
    """Replaces the shared `tok2vec` by one that sets the same vectors faster; leaves one of another build as it is."""
    if "tok2vec" not in nlp.pipe_names:
        return
    encoder = read_encoder(nlp.get_pipe("tok2vec").model)
    if encoder is None:
        return
    Language.component(VECTORS, func=SharedVectors(encoder))
    nlp.add_pipe(VECTORS, after="tok2vec")
    nlp.disable_pipe("tok2vec")


class SharedVectors:
    """Sets `doc.tensor`, which tagger and parser read."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __call__(self, doc: Doc) -> Doc:
        """The doc with its vectors."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """The docs with their vectors, in order."""
        for batch in minibatch(docs, batch_size):
            for doc, vectors in zip(batch, self._encoder.encode(batch), strict=True):
                doc.tensor = vectors
            yield from batch


@dataclass(frozen=True, slots=True)
class Maxout:
    """A layer that keeps the largest of `pieces` products, brings it to a common scale and shifts it.

    `weights` (pieces times outputs, inputs) and `bias` hold one piece's outputs after the other's.
    """

    ops: Any
    weights: Floats
    bias: Floats
    pieces: int
    scale: Floats
    shift: Floats

    def apply(self, rows: Floats, out: Floats) -> None:
        """Writes the layer's output (rows, outputs) for `rows` (rows, inputs) into `out`."""
        products = self.ops.gemm(rows, self.weights, trans2=True)
        products += self.bias
        width = out.shape[1]
        np.copyto(out, products[:, :width])
        for piece in range(1, self.pieces):
            np.maximum(out, products[:, piece * width : (piece + 1) * width], out=out)
        out -= out.mean(axis=1, keepdims=True)
        variance = np.square(out).mean(axis=1, keepdims=True) + np.float32(LEAST)
        out *= variance ** np.float32(-0.5)
        out *= self.scale
        out += self.shift


@dataclass(frozen=True, slots=True)
class Encoder:
    """An embedding of hashed attributes and the convolutions after it: a token, its two neighbours, layer by layer."""

    columns: tuple[str, ...]
    tables: tuple[tuple[int, int, Floats], ...]  # column, seed, vectors
    mix: Maxout
    layers: tuple[Maxout, ...]
    padding: int  # rows of zeros between documents

    def encode(self, docs: Sequence[Doc]) -> list[Floats]:
        """A (tokens, width) array for each doc."""
        width = self.mix.scale.shape[0]
        attributes = [doc.to_array(list(self.columns)).reshape(len(doc), len(self.columns)) for doc in docs]
        tokens = np.concatenate(attributes)
        if not len(tokens):
            return [np.zeros((0, width), dtype="f") for _ in docs]
        embedded = self._embed(tokens)
        rows = np.zeros((1 + self.padding + sum(len(d) + self.padding for d in docs if len(d)) + 1, width), dtype="f")
        places = []
        at, first = 1 + self.padding, 0
        for doc in docs:
            places.append((at, at + len(doc)))
            rows[at : at + len(doc)] = embedded[first : first + len(doc)]
            first += len(doc)
            at += len(doc) + self.padding if len(doc) else 0
        rows = self._convolve(rows)
        return [rows[start:end].copy() for start, end in places]

    def _embed(self, tokens: NDArray[np.uint64]) -> Floats:
        key = np.zeros(len(tokens), dtype=np.uint64)
        for column in range(tokens.shape[1]):
            key = key * np.uint64(MIX) + tokens[:, column]
        _, first, where = np.unique(key, return_index=True, return_inverse=True)
        ops = self.mix.ops
        distinct = tokens[first]
        parts = [
            ops.gather_add(table, ops.hash(np.ascontiguousarray(distinct[:, column]), seed) % len(table))
            for column, seed, table in self.tables
        ]
        vectors = np.concatenate(parts, axis=1)
        mixed = np.empty((len(vectors), self.mix.scale.shape[0]), dtype="f")
        for k in range(0, len(vectors), BLOCK_ROWS):
            self.mix.apply(vectors[k : k + BLOCK_ROWS], mixed[k : k + BLOCK_ROWS])
        return mixed[where]

    def _convolve(self, rows: Floats) -> Floats:
        """The rows after all layers; the first and the last are borders and stay zero."""
        width = rows.shape[1]
        after = np.zeros_like(rows)
        windows = np.empty((BLOCK_ROWS, 3 * width), dtype="f")
        for layer in self.layers:
            for start in range(1, len(rows) - 1, BLOCK_ROWS):
                end = min(start + BLOCK_ROWS, len(rows) - 1)
                window = windows[: end - start]
                for neighbour in range(3):
                    window[:, neighbour * width : (neighbour + 1) * width] = rows[start - 1 + neighbour :][
                        : end - start
                    ]
                layer.apply(window, after[start:end])
                after[start:end] += rows[start:end]
            rows, after = after, rows
        return rows


def read_encoder(model: Any) -> Encoder | None:
    """The encoder with the weights of a spaCy `Tok2Vec` model of hash embeddings and windowed maxout layers.

    None where the model is built in another way.
    """
    try:
        extract, _, embed, mix, _, convolve = model.layers[0].layers[:5] + model.layers[1:]
        tables = []
        for number, table in enumerate(embed.layers[0].layers):
            if table.layers[1].name != "hashembed" or table.attrs["column"] != number:
                return None
            tables.append((number, table.layers[1].attrs["seed"], table.layers[1].get_param("E")))
        layers = []
        for residual in convolve.layers[0].layers:
            window, maxout, *_ = residual.layers[0].layers
            if not residual.name.startswith("residual") or window.attrs["window_size"] != 1:
                return None
            layers.append(_read_maxout(maxout))
        names = extract.name, embed.attrs["pad"], mix.attrs["pad"]
        if names != ("extract_features", 0, 0):
            return None
        return Encoder(
            columns=tuple(extract.attrs["columns"]),
            tables=tuple(tables),
            mix=_read_maxout(mix.layers[0]),
            layers=tuple(layers),
            padding=convolve.attrs["pad"],
        )
    except (AttributeError, IndexError, KeyError, ValueError):
        return None


def _read_maxout(model: Any) -> Maxout:
    """The layer `maxout>>layernorm>>dropout`; ValueError where it is another one."""
    if model.name != "maxout>>layernorm>>dropout":
        raise ValueError(model.name)
    maxout, norm = model.layers[0].layers
    weights, bias = maxout.get_param("W"), maxout.get_param("b")  # (outputs, pieces, inputs), (outputs, pieces)
    outputs, pieces, inputs = weights.shape
    return Maxout(
        ops=maxout.ops,
        weights=np.ascontiguousarray(weights.transpose(1, 0, 2)).reshape(pieces * outputs, inputs),
        bias=np.ascontiguousarray(bias.T).reshape(pieces * outputs),
        pieces=pieces,
        scale=norm.get_param("G"),
        shift=norm.get_param("b"),
    )
