"""How far a change of articles reaches among copies: who may copy, or be copied by, those that come and go.

`link_copies` compares articles that share a bucket (the digest of their words, a band of their sketches, their
numbers). Articles that are tied to no changed one by shared buckets, directly or through others, keep their links.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tasks.text.copies import BANDS, SKETCH_SIZE

Numbers = NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LOW = 1 << 20


def buckets(
    *, digests: Numbers, has_digest: NDArray[np.bool_], sketches: NDArray[np.uint32], rows: NDArray[np.int64],
    numbers: Numbers, offsets: NDArray[np.int64],
) -> Numbers:  # fmt: skip
    """The buckets of each article, one a column; 0 is none, equal buckets are equal numbers.

    `digests` has four words of characters an article; `sketches` those of the articles at `rows`; the numbers of
    article i are `numbers[offsets[i]:offsets[i + 1]]`. Buckets that differ may get one number: that costs time alone.
    """
    found = np.zeros((len(has_digest), 2 + BANDS), dtype=np.uint64)
    found[has_digest, 0] = _mixed(digests[has_digest])
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mix(numbers))])
    has_sketch = np.zeros(len(found), dtype=bool)
    has_sketch[rows] = True
    found[:, 1] = np.where(has_sketch, sums[offsets[1:]] - sums[offsets[:-1]], 0)
    bands = np.ascontiguousarray(sketches).view(np.uint64).reshape(len(rows), BANDS, SKETCH_SIZE // BANDS // 2)
    found[rows, 2:] = _mixed(bands) + np.arange(BANDS, dtype=np.uint64)
    return found


def related(blocks: Sequence[Numbers], changed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which articles are changed ones or tied to them by shared buckets.

    Their buckets come in blocks, one after the other: what is made of a small block needs no new memory.
    """
    ends = np.cumsum([len(block) for block in blocks])[:-1]
    reached, newest = changed.copy(), changed
    while newest.any():
        mine = [block[rows] for block, rows in zip(blocks, np.split(newest, ends), strict=True)]
        wanted = np.unique(np.concatenate(mine))
        wanted = wanted[wanted != 0]
        low = np.zeros(_LOW, dtype=bool)
        low[(wanted % _LOW).astype(np.int64)] = True
        shares = np.concatenate([_shares(block, wanted, low) for block in blocks])
        newest = shares & ~reached
        reached |= shares
    return reached


def _shares(found: Numbers, wanted: Numbers, low: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows have one of the numbers: by their low bits first, since few do."""
    hit = np.zeros(len(found), dtype=bool)
    if len(wanted):
        at = np.flatnonzero(low[found.astype(np.uint32) % _LOW])
        values = found.ravel()[at]
        place = np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)
        hit[at[wanted[place] == values] // found.shape[1]] = True
    return hit


def _mix(values: Numbers) -> Numbers:
    mixed = (values + np.uint64(1)) * _MIX
    return mixed ^ (mixed >> np.uint64(29))


def _mixed(words: Numbers) -> Numbers:
    """One number for the words along the last axis, their order told."""
    total = np.zeros(words.shape[:-1], dtype=np.uint64)
    for k in range(words.shape[-1]):
        total = _mix(total * np.uint64(3) + words[..., k])
    return total
