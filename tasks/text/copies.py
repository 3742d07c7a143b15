"""Copies: the same story from several outlets, or twice from one, told from stories that only share a template.

A fingerprint per article is computed once and kept; which article copies which is a function of the set of
fingerprints alone, so the order in which articles arrive never shows in the result.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

SHINGLE_WORDS = 5
SKETCH_SIZE = 128  # standard error of the estimated Jaccard index: 0.035 at 0.8
SKETCH_SEED = 20230615
BANDS = 32  # of 4 values each: a pair of Jaccard index 0.7 shares none with a probability below 0.001
FEWEST_WORDS = 25  # shorter texts are copies only where they are equal: one changed word is another story

# On 2,225 news articles: every one of the 21 different pairs with a Jaccard index of 0.8 or more, none below 0.6.
SIMILARITY = 0.7
# "Wheat rose to 212.40 dollars" next week with 198.10: numbers that replace each other make another story. Of the
# near copies in the same articles none loses more than a twelfth of its numbers to others.
NUMBERS_REPLACED = 0.1
NUMBERS_SHARED = 0.8
CROWDED = 100  # originals compared per bucket: bounds the work on families of thousands of near misses

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of an article to tell its copies.

    `digest` is of the words alone (None: there are none), `sketch` the MinHash of its 5-word shingles (32-bit
    little-endian integers; empty for short texts), `numbers` the hashes of its different numbers, sorted.
    """

    article_key: str
    published: date | None
    digest: str | None
    sketch: bytes
    numbers: tuple[int, ...]


def fingerprint(text: str, *, article_key: str, published: date | None = None) -> Fingerprint:
    """The fingerprint of an article's body; case, punctuation and white space do not matter."""
    words = _WORD.findall(text.casefold())
    numbers = {n.replace(",", "") for n in _NUMBER.findall(text)}
    return Fingerprint(
        article_key=article_key,
        published=published,
        digest=blake2b(" ".join(words).encode(), digest_size=16).hexdigest() if words else None,
        sketch=_sketch(words),
        numbers=tuple(sorted(int.from_bytes(blake2b(n.encode(), digest_size=4).digest(), "big") for n in numbers)),
    )


def _sketch(words: Sequence[str]) -> bytes:
    if len(words) < FEWEST_WORDS:
        return b""
    minhash = RMinHash(SKETCH_SIZE, SKETCH_SEED)
    minhash.update([" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)])
    return np.array(minhash.digest(), dtype="<u4").tobytes()


def link_copies(fingerprints: Iterable[Fingerprint]) -> dict[str, str]:
    """For every article that copies another: the article_key of the original, the earliest of them.

    Earliest is by day of publication (unknown last), then by article_key. Taken in that order, an article is a copy
    of the first original whose words are the same, or whose shingles have an estimated Jaccard index of 0.7 or more
    and whose numbers agree; else it is an original itself. So a copy always resembles its original, never only
    another copy of it. The result depends on the set of fingerprints, not on their order: when a new article turns
    out to be earlier than a known original, the known one becomes the copy.
    """
    ordered = sorted(fingerprints, key=lambda f: (f.published or date.max, f.published is None, f.article_key))
    originals: dict[str, int] = {}
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    keys_of = _shared_keys(ordered)
    sketches = [np.frombuffer(f.sketch, dtype="<u4") for f in ordered]
    links: dict[str, str] = {}
    for i, item in enumerate(ordered):
        if item.digest is None:
            continue
        equal = originals.get(item.digest)
        keys = keys_of.get(i, ())
        candidates = sorted({j for key in keys for j in buckets[key]} | ({equal} if equal is not None else set()))
        original = _first_original(i, candidates, equal, ordered, sketches)
        if original is not None:
            links[item.article_key] = ordered[original].article_key
            continue
        originals[item.digest] = i
        for key in keys:
            if len(buckets[key]) < CROWDED:
                buckets[key].append(i)
    return links


def _first_original(
    i: int,
    candidates: Sequence[int],
    equal: int | None,
    ordered: Sequence[Fingerprint],
    sketches: Sequence[NDArray[np.uint32]],
) -> int | None:
    if not candidates or candidates == [equal]:
        return equal
    near = [j for j in candidates if sketches[j].size and sketches[i].size]
    agreement = (np.stack([sketches[j] for j in near]) == sketches[i]).mean(axis=1) if near else ()
    similar = {j for j, share in zip(near, agreement, strict=True) if share >= SIMILARITY}
    return next(
        (j for j in candidates if j == equal or (j in similar and _numbers_agree(ordered[i], ordered[j]))),
        None,
    )


def _numbers_agree(one: Fingerprint, other: Fingerprint) -> bool:
    """Few numbers of the one are replaced in the other; a shortened story may lack some."""
    first, second = set(one.numbers), set(other.numbers)
    fewer = min(len(first), len(second))
    if not fewer:
        return True
    replaced = min(len(first - second), len(second - first))
    return replaced <= NUMBERS_REPLACED * fewer and len(first & second) >= NUMBERS_SHARED * fewer


def _shared_keys(ordered: Sequence[Fingerprint]) -> dict[int, list[tuple[int, int]]]:
    """Bucket keys per article, those alone that another article has as well: bands of the sketch, equal numbers."""
    rows = [i for i, f in enumerate(ordered) if f.sketch]
    keys: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if not rows:
        return keys
    matrix = np.frombuffer(b"".join(ordered[i].sketch for i in rows), dtype="<u4").reshape(len(rows), SKETCH_SIZE)
    width = SKETCH_SIZE // BANDS
    for band in range(BANDS):
        part = np.ascontiguousarray(matrix[:, band * width : (band + 1) * width])
        for row, group in _groups(part.view(f"V{part.itemsize * width}").ravel()):
            keys[rows[row]].append((band, group))
    # a crowded family (one template, thousands of weeks) still finds the copy that has the very same numbers
    numbers = np.array([hash(ordered[i].numbers) for i in rows])
    for row, group in _groups(numbers):
        if ordered[rows[row]].numbers:
            keys[rows[row]].append((BANDS, group))
    return keys


def _groups(values: NDArray[np.generic]) -> Iterator[tuple[int, int]]:
    """(row, group) of the rows whose value occurs more than once."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    for row in np.flatnonzero(counts[inverse] > 1):
        yield int(row), int(inverse[row])
