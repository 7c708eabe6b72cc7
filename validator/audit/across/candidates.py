"""Keys of sentences → the pairs of reports that are worth comparing word by word.

Nothing here compares all with all. The keys of one band are sorted; sentences with the same key stand together then,
and each meets only a few of its neighbours. So time grows as n log n with the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from validator.audit.across.table import UNKNOWN_YEAR, Places, Runs, Table, count_alike, find_runs, find_starts
from validator.audit.records import CopyKind

LEAST_EVIDENCE = 56
"""Reports are compared when sentences near one another with so many counted characters seem alike: a long one, or two;
a little less than what is shown in the end.

Who copies a passage copies sentences that follow one another. Sentences that are alike here and there in two reports
are what all write, and with many reports there are always some that have such ones.
"""
LEAST_SCATTERED = 200
"""Reports whose alike sentences stand here and there are compared from so many counted characters on."""
MOST_PARTNERS = 10
"""A report is compared with so many earlier ones of other organs, those with the most evidence."""
_LIKE = 2
"""Two sentences with so many of ten keys in common speak for their reports with all their characters, with fewer by
half: chance gives one key in common now and then, but seldom twice to the same two reports."""
_WHOLE_LIKE = 4
"""Of thirty-two keys, so many in common make two reports alike: they overlap by about 0.6."""
_NEIGHBOURS = 4
"""A sentence meets so many that follow with the same key, and the first: up to five meet one another all."""
_PARTS = 2520
"""Divisible by every number of keys that two sentences can have in common."""
_CHUNK = 1 << 19
_PENDING = 1 << 20
_COUNTERS = 24
"""So many bits: sixteen million counters, for the first estimate of what speaks for each pair."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)

_BAND_BITS = 10
"""So many bits of a packed pair say how far its sentences are apart: their numbers in the two reports, subtracted."""
_REPORT_BITS = 27
_BAND = 8
"""Sentences whose numbers differ by about the same, give or take so many, can be of one passage."""

Weighed = tuple[NDArray[np.uint64], Places]
"""Pairs of reports with a band (packed: the later report, the earlier one, the band), and what speaks for each."""


class Pair(NamedTuple):
    """Two reports to compare, as numbers of the table.

    ``alike``: they are much the same as a whole, and this is the pair by which that is shown.
    """

    here: int
    there: int
    kind: CopyKind
    alike: bool


def find_pairs(table: Table, several: Places, label: NDArray[np.int32]) -> list[Pair]:
    """Find the reports that can share text, ascending, each pair once.

    Different organs are compared within a year; reports of one organ with those of the year before and with others of
    the same year.

    Args:
        table: the keys of all reports.
        several: rows that have a key in common with another, ascending.
        label: for each row, whether it is common speech (not negative).
    """
    alike = {(a, b) for a, b in _pairs_by_whole(table).tolist()}
    other = {(a, b) for a, b in _pairs_by_sentence(table, several[label[several] < 0]).tolist()}
    between = (Pair(a, b, "organ", (a, b) in alike) for a, b in alike | other)
    return sorted([*between, *_own_pairs(table, label)])


def _pairs_by_sentence(table: Table, rows: Places) -> Places:
    """Return pairs of reports, the later and the earlier, whose sentences speak for it."""
    rows = rows[np.lexsort((rows, table.year[table.report[rows]]))]
    counters = np.zeros(1 << _COUNTERS, np.float32)  # exact far beyond what is enough
    for pairs, weights in _weighed(table, rows):
        np.add.at(counters, _spread(pairs), weights.astype(np.uint32))
    likely = counters >= LEAST_EVIDENCE * _PARTS
    pairs, weights = _add_up(
        (pairs[chosen], weights[chosen])
        for pairs, weights in _weighed(table, rows)
        for chosen in (likely[_spread(pairs)],)
    )
    pairs, near, weights = _join_bands(pairs, weights)
    enough = (near >= LEAST_EVIDENCE * _PARTS) | (weights >= LEAST_SCATTERED * _PARTS)
    found = _unpack(pairs[enough])
    return found[_strongest(found[:, 0], near[enough])]


def _join_bands(pairs: NDArray[np.uint64], weights: Places) -> tuple[NDArray[np.uint64], Places, Places]:
    """Return each pair of reports once, what speaks for it in two neighbouring bands at most, and in all.

    Args:
        pairs: packed with bands, ascending.
        weights: what speaks for each.
    """
    if not len(pairs):
        return pairs, weights, weights
    follows = pairs[1:] == pairs[:-1] + np.uint64(1)  # the next band of the same two; a pair's last band is never used
    near = weights.copy()
    near[:-1] += np.where(follows, weights[1:], 0)
    reports = pairs >> np.uint64(_BAND_BITS)
    starts = find_starts(reports)
    return reports[starts], np.maximum.reduceat(near, starts), np.add.reduceat(weights, starts)


def _weighed(table: Table, rows: Places) -> Iterator[Weighed]:
    """Yield all that speaks for pairs of reports, key by key."""
    for keys in table.keys:
        for first, second in _meetings(table, find_runs(keys[rows]), rows):
            yield _weigh(table, first, second)


def _spread(pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a counter for each pair of reports, whatever the band; few pairs share one."""
    return ((pairs >> np.uint64(_BAND_BITS)) * _SPREAD) >> np.uint64(64 - _COUNTERS)


def _meetings(table: Table, runs: Runs, rows: Places) -> Iterator[tuple[Places, Places]]:
    """Yield pairs of rows with the same key, of different organs, at most a year apart; rows are in order of years."""
    rows = rows[runs.places]
    reports = table.report[rows]
    run, at = runs.groups, np.arange(len(rows))
    for step in range(1, _NEIGHBOURS + 1):
        first = at[:-step][run[:-step] == run[step:]]
        yield from _fitting(table, rows, first, first + step)
    for first, second in _leaders(table, run, reports):
        far = second - first > _NEIGHBOURS
        yield from _fitting(table, rows, first[far], second[far])


def _leaders(
    table: Table, run: Places, reports: NDArray[np.int32] | Places
) -> tuple[tuple[Places, Places], tuple[Places, Places]]:
    """Return each place with the first of its run and year, and with the first of its run and the year before."""
    starts = find_starts(run, table.year[reports])
    part = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(run))))
    at = np.arange(len(run))
    before = starts[np.maximum(part - 1, 0)] if len(run) else at
    inside = (part > 0) & (run[before] == run)
    return (starts[part], at), (before[inside], at[inside])


def _fitting(table: Table, rows: Places, first: Places, second: Places) -> Iterator[tuple[Places, Places]]:
    """Yield those of some pairs of rows that are to be compared; ``first`` and ``second`` are places among the rows."""
    for start in range(0, len(first), _CHUNK):
        a, b = rows[first[start : start + _CHUNK]], rows[second[start : start + _CHUNK]]
        fits = _fit(table, table.report[a], table.report[b])
        yield a[fits], b[fits]


def _fit(table: Table, one: NDArray[np.int32] | Places, other: NDArray[np.int32] | Places) -> NDArray[np.bool_]:
    """Tell which pairs of reports are of different organs and at most a year apart."""
    near = np.abs(table.year[one] - table.year[other]) <= 1
    fits: NDArray[np.bool_] = near & (table.organ[one] != table.organ[other])
    return fits


def _weigh(table: Table, first: Places, second: Places) -> Weighed:
    """Return pairs of reports with what each pair of rows says for them.

    Two rows meet once for every key that they have in common, so each time they bring only their part.
    """
    common = count_alike(table.keys, first, second).astype(np.int64)
    shorter = np.minimum(table.counted[first], table.counted[second]).astype(np.int64)
    one, other = table.report[first], table.report[second]
    apart = np.where(one > other, 1, -1) * ((first - table.bounds[one]) - (second - table.bounds[other]))
    most = (1 << _BAND_BITS) - 2
    band = np.clip(apart // _BAND + most // 2, 0, most).astype(np.uint64)
    later, earlier = np.maximum(one, other).astype(np.uint64), np.minimum(one, other).astype(np.uint64)
    packed = (later << np.uint64(_REPORT_BITS + _BAND_BITS)) | (earlier << np.uint64(_BAND_BITS)) | band
    return packed, np.where(common >= _LIKE, shorter, shorter // 2) * (_PARTS // common)


def _add_up(chunks: Iterable[Weighed]) -> Weighed:
    """Return each pair once, ascending, with all that speaks for it; few chunks are held at a time."""
    pairs, weights = np.empty(0, np.uint64), np.empty(0, np.int64)
    waiting: list[Weighed] = []
    for chunk in chunks:
        waiting.append(chunk)
        if sum(len(p) for p, _ in waiting) > max(_PENDING, len(pairs)):
            pairs, weights = _merge([(pairs, weights), *waiting])
            waiting = []
    return _merge([(pairs, weights), *waiting])


def _merge(chunks: list[Weighed]) -> Weighed:
    pairs = np.concatenate([p for p, _ in chunks])
    weights = np.concatenate([w for _, w in chunks])
    order = np.argsort(pairs, kind="stable")
    pairs, weights = pairs[order], weights[order]
    starts = find_starts(pairs)
    return (pairs[starts], np.add.reduceat(weights, starts)) if len(starts) else (pairs, weights)


def _unpack(pairs: NDArray[np.uint64]) -> Places:
    """Return the later and the earlier report of pairs without bands."""
    bits = np.uint64(_REPORT_BITS)
    return np.stack((pairs >> bits, pairs & np.uint64((1 << _REPORT_BITS) - 1)), axis=1).astype(np.int64)


def _strongest(later: Places, weights: Places) -> NDArray[np.bool_]:
    """Choose for each later report the pairs with the most evidence; ``later`` is ascending."""
    order = np.lexsort((-weights, later))
    starts = find_starts(later)
    rank = np.arange(len(later)) - np.repeat(starts, np.diff(np.append(starts, len(later))))
    chosen = np.zeros(len(later), np.bool_)
    chosen[order[rank < MOST_PARTNERS]] = True
    return chosen


def _pairs_by_whole(table: Table) -> Places:
    """Return reports that are alike as a whole, each with the first of its kind of its year and of the year before.

    So a template of many reports is shown once for each of them, and not for every two.
    """
    every = np.lexsort((table.year,))
    found = [np.empty((0, 2), np.int64)]
    for keys in table.whole:
        runs = find_runs(keys[every])
        reports = every[runs.places]
        for first, second in _leaders(table, runs.groups, reports):
            one, other = reports[first], reports[second]
            fits = _fit(table, one, other) & (count_alike(table.whole, one, other) >= _WHOLE_LIKE)
            found.append(np.stack((other[fits], one[fits]), axis=1))
    pairs = np.concatenate(found)
    years = table.year[pairs[:, 1]]
    order = np.lexsort((pairs[:, 1], years, pairs[:, 0]))
    pairs = pairs[order[find_starts(pairs[order, 0], years[order])]]
    return np.sort(pairs, axis=1)[:, ::-1]


def _own_pairs(table: Table, label: NDArray[np.int32]) -> Iterator[Pair]:
    """Yield reports of one organ: each with the first of its year, and with the first of the year before.

    Of two reports whose year nobody knows nobody can say either.
    """
    order = np.lexsort((table.year, table.organ))
    starts = find_starts(table.organ[order], table.year[order])
    last = -1, UNKNOWN_YEAR, -1
    for start, end in pairwise((*starts.tolist(), len(order))):
        first, *others = order[start:end].tolist()
        organ, year = int(table.organ[first]), int(table.year[first])
        groups: list[tuple[int, list[int], CopyKind]] = [(first, others, "double")] if year != UNKNOWN_YEAR else []
        if last[:2] == (organ, year - 1):
            groups.append((last[2], [first, *others], "year"))
        last = organ, year, first
        for there, many, kind in groups:
            for here in many:
                alike = _is_alike(table, here, there)
                if alike or _own_evidence(table, label, here, there) >= LEAST_EVIDENCE:
                    yield Pair(here, there, kind, alike)


def _is_alike(table: Table, one: int, other: int) -> bool:
    return sum(bool(c[one] == c[other] != 0) for c in table.whole) >= _WHOLE_LIKE


def _own_evidence(table: Table, label: NDArray[np.int32], here: int, there: int) -> int:
    """Return how many counted characters of a report stand in sentences that seem to be in another."""
    a, b = (slice(int(table.bounds[r]), int(table.bounds[r + 1])) for r in (here, there))
    common = np.zeros((a.stop - a.start, b.stop - b.start), np.uint8)
    for keys in table.keys:
        common += (keys[a, None] == keys[None, b]) & (keys[a, None] != 0)
    like = (common >= _LIKE).any(axis=1) & (label[a] < 0)
    return int(table.counted[a][like].sum())
