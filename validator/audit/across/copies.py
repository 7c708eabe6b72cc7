"""Sketches of all reports → what they share with one another and with last year's, and what all of them say.

The sketches say which reports are worth comparing; only those are loaded and aligned, two at a time. Everything comes
in an order that depends on the reports alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from validator.audit.across.align import Anchors, Reading, align, find_anchors
from validator.audit.across.candidates import Pair, find_pairs
from validator.audit.across.plain import make_plain
from validator.audit.across.speech import find_common, list_common
from validator.audit.across.table import Sketched, Table, read_table
from validator.audit.records import CopiedPassage, CopyKind, Passage
from validator.rule import Formulas

LEAST_CHARACTERS = 60
"""Reports of two organs, or two of one organ and year, share something worth a look from so many counted characters in
one place on: two sentences, or a long one. One sentence with the same figures of the county is none."""
LEAST_SCATTERED = 200
"""So many here and there are worth a look, too; fewer are what all write."""
LEAST_REPEATED = 200
LEAST_REPEATED_SHARE = 0.2
"""An organ may say again what it said last year: four sentences, or a fifth of a short report, are worth a look."""
MOST_SHOWN = 40
"""So many passages of two reports are shown, those with the most characters; the numbers count all."""
_MOST_LOADED = 256
"""So many reports are kept at hand."""
_STEP = 20


class CopyFound(NamedTuple):
    """What two files share. ``here`` is the later report of an organ, or else the one that comes later in order.

    ``characters`` counts what is the same without formulas, titles, names and numbers; the shares (0–1) are of all such
    characters of each report.
    """

    here: int
    there: int
    kind: CopyKind
    characters: int
    share_here: float
    share_there: float
    passages: tuple[CopiedPassage, ...]


class CommonFound(NamedTuple):
    """A sentence that many organs share, as the first file has it; ``files`` are the first of different organs."""

    text: str
    organs: int
    files: tuple[int, ...]


Load = Callable[[int], tuple[Passage, ...]]
Advance = Callable[[int, int], None]


def find_copies(
    sketches: Iterable[Sketched], load: Load, formulas: Formulas, *, advance: Advance | None = None
) -> Iterator[CommonFound | CopyFound]:
    """Find common speech and copied passages: first common sentences, then pair after pair, in order of the reports.

    Args:
        sketches: all reports, in order of their paths; read once.
        load: returns the sentences of a file.
        formulas: what everyone writes; the same that the sketches were made with.
        advance: is told how many pairs of reports are compared, and of how many.
    """
    table = read_table(sketches)
    several, label = find_common(table)
    shelf = _Shelf(table, load, formulas)
    for shared in list_common(table, label):
        report = int(table.report[shared.row])
        text = shelf.load(report)[shared.row - int(table.bounds[report])].text
        yield CommonFound(text, shared.organs, tuple(table.files[r] for r in shared.reports))
    pairs = find_pairs(table, several, label)
    comparer = _Comparer(table, label, shelf)
    for done, pair in enumerate(pairs):
        if advance is not None and done % _STEP == 0:
            advance(done, len(pairs))
        found = comparer.compare(pair)
        if found is not None:
            yield found
    if advance is not None:
        advance(len(pairs), len(pairs))


class _Shelf:
    """Reports at hand, made plain; the one that was not used for longest makes room."""

    def __init__(self, table: Table, load: Load, formulas: Formulas) -> None:
        self._table = table
        self._load = load
        self._formulas = formulas
        self._readings: OrderedDict[int, Reading] = OrderedDict()

    def load(self, report: int) -> tuple[Passage, ...]:
        """Return the sentences of a report."""
        return self._load(self._table.files[report])

    def read(self, report: int) -> Reading:
        """Return a report to be aligned."""
        found = self._readings.get(report)
        if found is None:
            passages = self.load(report)
            found = Reading(passages, make_plain(passages, self._formulas))
            self._readings[report] = found
            if len(self._readings) > _MOST_LOADED:
                self._readings.popitem(last=False)
        self._readings.move_to_end(report)
        return found


class _Comparer:
    """Compares pairs. The anchors of a report are kept for the pairs that follow with the same one."""

    def __init__(self, table: Table, label: NDArray[np.int32], shelf: _Shelf) -> None:
        self._table = table
        self._label = label
        self._shelf = shelf
        self._anchors: tuple[tuple[int, bool], Anchors] = ((-1, False), {})

    def compare(self, pair: Pair) -> CopyFound | None:
        """Return what two reports share, if it is worth a look.

        Common speech does not count, unless both are the same report as a whole: then it is a template.
        """
        here, there = self._shelf.read(pair.here), self._shelf.read(pair.there)
        if self._anchors[0] != (pair.here, pair.alike):
            without = () if pair.alike else self._common(pair.here)
            self._anchors = (pair.here, pair.alike), find_anchors(here.plain, without)
        without = () if pair.alike else self._common(pair.there)
        shared = align(here, there, self._anchors[1], without, MOST_SHOWN)
        share, other = (_share(shared.characters, r.plain.counted) for r in (here, there))
        longest = max((p.characters for p in shared.passages), default=0)
        if not _is_worth(pair.kind, shared.characters, longest, share):
            return None
        files = self._table.files
        return CopyFound(
            files[pair.here], files[pair.there], pair.kind, shared.characters, share, other, shared.passages
        )

    def _common(self, report: int) -> tuple[int, ...]:
        start, end = self._table.bounds[report : report + 2].tolist()
        return tuple(int(i) for i in np.flatnonzero(self._label[start:end] >= 0))


def _share(characters: int, counted: int) -> float:
    """Return a share in ten-thousandths; a passage that stands in the other report twice is no more than all."""
    return round(min(characters / max(counted, 1), 1.0), 4)


def _is_worth(kind: CopyKind, characters: int, longest: int, share: float) -> bool:
    if kind == "year":
        return characters >= LEAST_REPEATED or (share >= LEAST_REPEATED_SHARE and characters > 0)
    return longest >= LEAST_CHARACTERS or characters >= LEAST_SCATTERED
