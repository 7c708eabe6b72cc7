"""Two plain reports → the passages that they share, with both texts and marks on what is the same.

Runs of eight plain characters that both have are anchors, wherever sentences end. Anchors that follow one another in
both make a stretch; an exact alignment of it (Indel distance, rapidfuzz) then says which characters are the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import Indel

from validator.audit.across.plain import LEAST_COUNTED, MARKS, Plain, bridges, count
from validator.audit.records import CopiedPassage, Passage, Side
from validator.document import describe_line

_ANCHOR = 8
"""Plain characters of an anchor: more than the usual words for one thing (行政执法人员), less than a clause."""
_MOST_PLACES = 8
"""An anchor that stands in more places of one report is looked for in the first of them only."""
_MOST_GAP = 12
"""Anchors with more plain characters between them, in either report, belong to two stretches."""
_MOST_SHOWN = 600
"""A stretch is cut, between anchors, when it grows longer than so many plain characters: a page is not readable."""
_LEAST_SAME = 3
"""Fewer same characters in a row are chance."""
_LEAST_PART = 0.6
"""So much of a stretch, in either report, is the same; else both only use the same words."""
_SENTENCE_ENDS = "。！？；：…"


@dataclass(frozen=True, slots=True)
class Reading:
    """A report to be aligned: its sentences, as they stand in the file and plain."""

    passages: Sequence[Passage]
    plain: Plain


class Aligned(NamedTuple):
    """What two reports share: counted characters in all, and the passages in reading order of the first."""

    characters: int
    passages: tuple[CopiedPassage, ...]


class _Block(NamedTuple):
    """Equal plain characters of both reports: offsets, and how many."""

    here: int
    there: int
    length: int


class _Stretch(NamedTuple):
    """Blocks that follow one another in both reports, and how many of their characters count."""

    blocks: tuple[_Block, ...]
    characters: int


Anchors = dict[str, list[int]]
"""Where each run of plain characters stands, ascending."""


def find_anchors(plain: Plain, without: Collection[int] = ()) -> Anchors:
    """Return where the anchors of a report stand.

    Args:
        plain: the report.
        without: indexes of sentences that are left out.
    """
    found: Anchors = defaultdict(list)
    for start, end in _kept(plain.bounds, without):
        for at in range(start, end - _ANCHOR + 1):
            places = found[plain.text[at : at + _ANCHOR]]
            if len(places) < _MOST_PLACES:
                places.append(at)
    return dict(found)


def align(here: Reading, there: Reading, anchors: Anchors, without: Collection[int], most: int) -> Aligned:
    """Find what two reports share.

    Args:
        here: one report.
        there: the other.
        anchors: what ``find_anchors`` found in ``here``.
        without: indexes of sentences of ``there`` that are left out.
        most: so many passages are shown, those with the most characters.
    """
    tiles = _tiles(here.plain, there.plain, anchors, without)
    found = (_refine(here.plain, there.plain, chain) for chain in _chains(tiles))
    stretches = sorted(s for s in found if s is not None)
    longest = sorted(range(len(stretches)), key=lambda i: (-stretches[i].characters, i))[:most]
    shown = tuple(_show(here, there, stretches[i]) for i in sorted(longest))
    return Aligned(sum(s.characters for s in stretches), shown)


def _kept(bounds: Sequence[int], without: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of plain text between sentences that are left out."""
    start = 0
    for sentence in sorted(without):
        yield start, bounds[sentence]
        start = bounds[sentence + 1]
    yield start, bounds[-1]


def _tiles(here: Plain, there: Plain, anchors: Anchors, without: Collection[int]) -> Iterator[_Block]:
    """Yield equal runs in order of ``there``, the longest at each place; none is longer than a sentence of ``here``."""
    used = bytearray(len(here.text))
    after = 0
    for at, end in _kept(there.bounds, without):
        while at <= end - _ANCHOR:
            best = _Block(0, at, 0)
            for place in anchors.get(there.text[at : at + _ANCHOR], ()):
                length = _equal(here, place, there.text, at, end, used)
                if (length, place == after) > (best.length, best.here == after):
                    best = _Block(place, at, length)
            if best.length:
                after = best.here + best.length
                used[best.here : after] = b"\1" * best.length
                yield best
            at += max(best.length, 1)


def _equal(here: Plain, place: int, text: str, at: int, end: int, used: bytearray) -> int:
    """Return how many unused characters are equal from two places on, up to the end of the sentence of ``here``."""
    most = min(here.bounds[here.sentence_at(place) + 1] - place, end - at)
    length = 0
    while length < most and not used[place + length] and here.text[place + length] == text[at + length]:
        length += 1
    return length


def _chains(tiles: Iterable[_Block]) -> Iterator[list[_Block]]:
    """Yield tiles that follow one another in both reports, with less between them than each of them is long."""
    chain: list[_Block] = []
    for tile in tiles:
        if chain:
            last = chain[-1]
            gaps = tile.here - last.here - last.length, tile.there - last.there - last.length
            long = tile.here + tile.length - chain[0].here > _MOST_SHOWN
            if long or min(gaps) < 0 or max(gaps) > min(_MOST_GAP, last.length, tile.length):
                yield chain
                chain = []
        chain.append(tile)
    if chain:
        yield chain


def _refine(here: Plain, there: Plain, chain: Sequence[_Block]) -> _Stretch | None:
    """Align a chain exactly; ``None`` when too little of it is the same."""
    first, last = chain[0], chain[-1]
    mine = here.text[first.here : last.here + last.length]
    other = there.text[first.there : last.there + last.length]
    blocks = tuple(
        _Block(first.here + op.src_start, first.there + op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(mine, other)
        if op.tag == "equal" and op.src_end - op.src_start >= _LEAST_SAME
    )
    same = sum(count(here.text[b.here : b.here + b.length]) for b in blocks)
    if same < max(LEAST_COUNTED, _LEAST_PART * max(count(mine), count(other))):
        return None
    return _Stretch(blocks, same)


def _show(here: Reading, there: Reading, stretch: _Stretch) -> CopiedPassage:
    """Return a stretch with the sentences in which it stands."""
    marks: list[list[int]] = []
    for block in stretch.blocks:
        for step in range(block.length):
            if here.plain.text[block.here + step] in MARKS:
                continue
            a, b = here.plain.origin[block.here + step], there.plain.origin[block.there + step]
            if marks and bridges(here.plain.folded[marks[-1][1] : a], there.plain.folded[marks[-1][3] : b]):
                marks[-1][1::2] = a + 1, b + 1
            else:
                marks.append([a, a + 1, b, b + 1])
    mine = _side(here, [(m[0], m[1]) for m in marks])
    return CopiedPassage(mine, _side(there, [(m[2], m[3]) for m in marks]), stretch.characters)


def _side(reading: Reading, marks: Sequence[tuple[int, int]]) -> Side:
    """Return the sentences in which marks stand; the marks are offsets in the folded text."""
    starts, passages = reading.plain.starts, reading.passages
    first, last = (bisect_right(starts, m) - 1 for m in (marks[0][0], marks[-1][1] - 1))
    text, shown = "", {}
    for sentence in range(first, last + 1):
        if text and not text.endswith(tuple(_SENTENCE_ENDS)):
            text += " "
        shown[sentence] = len(text) - starts[sentence]
        text += passages[sentence].text
    moved = tuple(
        (start + shown[bisect_right(starts, start) - 1], end + shown[bisect_right(starts, end - 1) - 1])
        for start, end in marks
    )
    return Side(text, describe_line(passages[first].location), moved)
