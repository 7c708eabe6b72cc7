"""Sentences → keys: sentences that are alike have keys in common, so that copies are found without comparing all.

MinHash over runs of four plain characters. Ten keys a sentence, each from four minima: of two sentences whose sets of
runs overlap by J (Jaccard), a key is the same with the probability J⁴. At J = 0.8 (a word changed) one of ten is the
same in 99.5 of 100 pairs, at 0.6 in 75, at 0.3 in 8 and at 0.1 in 1 of 1,000: few pairs are looked at in vain, and a
passage of several sentences is hardly ever missed. Broder, On the resemblance and containment of documents (1997).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from validator.audit.across.plain import LEAST_COUNTED, count, make_plain, sentences
from validator.audit.records import Passage
from validator.rule import Formulas

BANDS = 10
"""Keys of a sentence."""
COLUMNS = BANDS + 1
"""Numbers of a row: the keys, and how many characters of the sentence count."""
WHOLE_BANDS = 32
"""Keys of a whole report, from all 128 minima."""
_ROWS = 4
_PERMUTATIONS = WHOLE_BANDS * _ROWS
_RUN = 4
_WIDTH = 4 * _RUN
_SEED = 20_151_228
_MIX = np.array((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5), np.uint64)
"""Four odd numbers, by which four minima become one key."""

Numbers = NDArray[np.uint32]


def sketch(passages: Sequence[Passage], formulas: Formulas) -> tuple[bytes, bytes]:
    """Return what a report is found by: the rows of its sentences and the keys of the whole.

    The same on every machine. A sentence that does not count has a row of zeros; a report without one that counts has
    zeros for the whole.

    Args:
        passages: its sentences, in reading order.
        formulas: what everyone writes.

    Returns:
        Little-endian 32-bit numbers: ``COLUMNS`` for each sentence, and ``WHOLE_BANDS``.
    """
    plain = sentences(make_plain(passages, formulas))
    rows = np.zeros((len(plain), COLUMNS), "<u4")
    whole = np.zeros(WHOLE_BANDS, "<u4")
    counted = [(i, n) for i, n in enumerate(map(count, plain)) if n >= LEAST_COUNTED]
    if counted:
        minima = _minima([plain[i] for i, _ in counted])
        chosen = [i for i, _ in counted]
        rows[chosen, :BANDS] = _keys(minima[:, : BANDS * _ROWS])
        rows[chosen, BANDS] = [n for _, n in counted]
        whole[:] = _keys(minima.min(axis=0)[None])[0]
    return rows.tobytes(), whole.tobytes()


def _minima(texts: Sequence[str]) -> Numbers:
    """Return the minima of each text, one row a text."""
    from datasketch import MinHash  # type: ignore[import-untyped]

    runs = (
        [d[i : i + _WIDTH] for i in range(0, len(d) - _WIDTH + 1, 4)]
        for d in (t.encode("utf-32-le", "surrogatepass") for t in texts)
    )
    made = MinHash.generator(runs, num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=zlib.crc32, scheme="affine32")
    return np.array([m.hashvalues for m in made], np.uint32)


def _keys(minima: Numbers) -> Numbers:
    """Make one key of every four minima; no key is zero."""
    groups = minima.reshape(len(minima), -1, _ROWS).astype(np.uint64)
    mixed = (groups * _MIX).sum(axis=2, dtype=np.uint64)
    keys: Numbers = np.maximum(mixed >> np.uint64(32), np.uint64(1)).astype(np.uint32)
    return keys
