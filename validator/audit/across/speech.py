"""Keys of sentences → common speech: sentences that so many organs share that nobody can say who has them from whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from validator.audit.across.table import Places, Table, count_alike, find_runs, find_starts

MOST_ORGANS = 20
"""A sentence in the reports of more organs than this is common speech: a county has about so many towns."""
MOST_LISTED = 1_000
"""Common sentences are listed up to this number, the most frequent ones."""
LISTED_REPORTS = 10
"""So many reports are named for a common sentence."""
_THE_SAME = 3
"""Of ten keys, so many in common make two sentences the same: they overlap by about 0.75."""


class Shared(NamedTuple):
    """A common sentence: its first row, the number of organs, and reports of the first of them."""

    row: int
    organs: int
    reports: tuple[int, ...]


def find_common(table: Table) -> tuple[Places, NDArray[np.int32]]:
    """Find common speech.

    Returns:
        The rows that have a key in common with another row, ascending; and for every row the first row of the common
        sentence that it is, or -1.
    """
    label = np.arange(len(table.counted), dtype=np.int32)
    common = np.zeros(len(label), np.bool_)
    several = np.zeros(len(label), np.bool_)
    for keys in table.keys:
        runs = find_runs(keys)
        several[runs.places] = True
        rows, groups = _large(table, runs.places, runs.lengths)
        common[rows] = True
        _join(label, np.flatnonzero(common), rows, groups)
    label[~common] = -1
    return np.flatnonzero(several), label


def _large(table: Table, rows: Places, lengths: Places) -> tuple[Places, Places]:
    """Return the rows of runs that are one sentence of many organs, with the number of their run."""
    large = lengths > MOST_ORGANS
    rows, lengths = rows[np.repeat(large, lengths)], lengths[large]
    groups = np.repeat(np.arange(len(lengths)), lengths)
    firsts = rows[np.repeat(np.cumsum(lengths) - lengths, lengths)]
    same = count_alike(table.keys, rows, firsts) >= _THE_SAME
    rows, groups = rows[same], groups[same]
    many = _count_organs(table, rows, groups) > MOST_ORGANS
    kept = many[groups] if len(groups) else np.empty(0, np.bool_)
    return rows[kept], groups[kept]


def _count_organs(table: Table, rows: Places, groups: Places) -> Places:
    """Return how many different organs each group of rows has."""
    organs = table.organ[table.report[rows]]
    order = np.lexsort((organs, groups))
    new = find_starts(organs[order], groups[order])
    return np.bincount(groups[order][new])


def _join(label: NDArray[np.int32], common: Places, rows: Places, groups: Places) -> None:
    """Give all rows of a group the smallest label of any; a label is a row that has itself for a label."""
    starts = find_starts(groups)
    if not len(starts):
        return
    lengths = np.diff(np.append(starts, len(rows)))
    while True:
        have = label[rows]
        least = np.repeat(np.minimum.reduceat(have, starts), lengths)
        if np.array_equal(have, least):
            return
        np.minimum.at(label, have, least)
        while not np.array_equal(further := label[label[common]], label[common]):
            label[common] = further


def list_common(table: Table, label: NDArray[np.int32]) -> list[Shared]:
    """Return the common sentences, the most frequent first.

    Args:
        table: the keys of all reports.
        label: what ``find_common`` told.
    """
    rows = np.flatnonzero(label >= 0)
    rows = rows[np.argsort(label[rows], kind="stable")]
    starts = find_starts(label[rows])
    if not len(starts):
        return []
    ends = np.append(starts[1:], len(rows))
    organs = _count_organs(table, rows, np.repeat(np.arange(len(starts)), ends - starts))
    chosen = np.lexsort((rows[starts], -organs))[:MOST_LISTED]
    return [Shared(int(rows[starts[g]]), int(organs[g]), _first(table, rows[starts[g] : ends[g]])) for g in chosen]


def _first(table: Table, rows: Places) -> tuple[int, ...]:
    """Return the first reports of different organs among rows, in order."""
    reports = table.report[rows]
    _, where = np.unique(table.organ[reports], return_index=True)
    return tuple(int(r) for r in reports[np.sort(where)[:LISTED_REPORTS]])
