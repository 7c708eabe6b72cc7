"""The keys of all reports as columns: what ``speech`` and ``candidates`` sort, so that like stands beside like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from validator.audit.across.sketches import COLUMNS, WHOLE_BANDS, Numbers

Places = NDArray[np.int64]
"""Indexes of rows, reports, or other places."""
UNKNOWN_YEAR = -10


class Sketched(NamedTuple):
    """A report as it is compared.

    ``file`` is its number; ``key`` is the same for all reports of one organ (``None``: nobody knows whose it is, so it
    counts as an organ of its own); ``sketch`` and ``whole`` are what ``sketches.sketch`` made.
    """

    file: int
    key: str | None
    region: str | None
    year: int | None
    sketch: bytes
    whole: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of all reports. Reports are numbered in their order, rows (a sentence each) one after the other.

    ``keys`` has a column for each band, ``counted`` the counted characters of each row, ``report`` its report.
    ``bounds`` are the first row of each report, and the number of rows. ``files``, ``organ``, ``year`` and ``whole`` (a
    column for each key of the whole) belong to reports; organs are numbers that mean nothing else.
    """

    keys: tuple[Numbers, ...]
    counted: Numbers
    report: NDArray[np.int32]
    bounds: Places
    files: Sequence[int]
    organ: NDArray[np.int32]
    year: NDArray[np.int32]
    whole: tuple[Numbers, ...]


def read_table(sketches: Iterable[Sketched]) -> Table:
    """Put the rows of all reports into columns."""
    columns = [bytearray() for _ in range(COLUMNS)]
    whole = bytearray()
    files: list[int] = []
    organs: list[int] = []
    years: list[int] = []
    lengths: list[int] = []
    known: dict[str, int] = {}
    for number, item in enumerate(sketches):
        rows = np.frombuffer(item.sketch, "<u4").reshape(-1, COLUMNS)
        for column, values in zip(columns, rows.T, strict=True):
            column += values.tobytes()
        whole += item.whole
        files.append(item.file)
        organs.append(-1 - number if item.key is None else known.setdefault(item.key, len(known)))
        years.append(UNKNOWN_YEAR if item.year is None else item.year)
        lengths.append(len(rows))
    *keys, counted = (np.frombuffer(c, "<u4") for c in columns)
    wholes = np.frombuffer(whole, "<u4").reshape(-1, WHOLE_BANDS)
    return Table(
        tuple(keys),
        counted,
        np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
        np.append(0, np.cumsum(lengths, dtype=np.int64)).astype(np.int64),
        files,
        np.array(organs, np.int32),
        np.array(years, np.int32),
        tuple(np.ascontiguousarray(c) for c in wholes.T),
    )


class Runs(NamedTuple):
    """Places with the same key, run after run: the places, where each run starts among them, and how long it is."""

    places: Places
    starts: Places
    lengths: Places

    @property
    def groups(self) -> Places:
        """The number of its run for each place."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


def find_runs(keys: Numbers) -> Runs:
    """Return the runs of two and more places with the same key; places of a run keep their order. Zero is no key."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    same = (ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)
    inside = np.flatnonzero(np.append(same, False) | np.append(False, same)) if len(keys) else order
    starts = find_starts(ordered[inside])
    return Runs(order[inside], starts, np.diff(np.append(starts, len(inside))))


def find_starts(*columns: NDArray[np.int32] | Numbers | Places) -> Places:
    """Return the places at which any of some columns (of equal length) changes, the first included."""
    if not len(columns[0]):
        return np.empty(0, np.int64)
    changes = np.zeros(len(columns[0]), np.bool_)
    changes[0] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes)


def count_alike(columns: Iterable[Numbers], first: Places, second: Places) -> NDArray[np.uint8]:
    """Return how many keys each pair has in common."""
    found = np.zeros(len(first), np.uint8)
    for column in columns:
        found += column[first] == column[second]
    return found
