"""Marks → the report as the page shows it: paragraphs, their highlights in pieces, and what is missing after them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from validator.document import Location
from validator.reporters.page.marks import KINDS, Kind, Mark, Marks, Missing, Part
from validator.result import TextLine

_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph under the same highlights. ``begins`` are those that begin here.

    ``is_lead``: it belongs to the heading with which the paragraph begins. ``turn`` is the page that begins here.
    """

    text: str
    kind: Kind | None
    marks: tuple[Mark, ...]
    begins: tuple[Mark, ...]
    is_lead: bool
    turn: int | None

    @property
    def anchors(self) -> str:
        """The anchors of its highlights, the strongest first."""
        return " ".join(m.anchor for m in self.marks)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. ``level`` counts from 1 for a heading on a line of its own; ``number`` stands in the margin."""

    pieces: tuple[Piece, ...]
    level: int
    is_title: bool
    is_furniture: bool
    number: int
    page: int | None
    missing: tuple[Missing, ...]


def build_blocks(marks: Marks, title: Location | None) -> tuple[Block, ...]:
    """Return the paragraphs of a report with every highlight that was found."""
    inside: list[list[Mark]] = [[] for _ in marks.parts]
    for mark in sorted(marks.marks, key=lambda m: (m.start, KINDS.index(m.kind), m.rule)):
        for index in range(mark.start.paragraph, mark.end.paragraph + 1):
            inside[index].append(mark)
    after: list[list[Missing]] = [[] for _ in marks.parts]
    for missing in marks.missing:
        after[missing.paragraph].append(missing)
    return tuple(_build(marks, title, inside, after))


def _build(
    marks: Marks, title: Location | None, inside: Sequence[list[Mark]], after: Sequence[list[Missing]]
) -> Iterator[Block]:
    page: int | None = None
    depth = 0
    for index, part in enumerate(marks.parts):
        lines = [marks.lines[i] for i in part.lines]
        first = lines[0]
        own = max(line.level for line in lines)
        words = part.text.strip()
        is_heading = own > 0 and len(words) <= _LONGEST_HEADING and not words.endswith(("。", "；"))
        lead = _lead(part.text) if own and not is_heading else 0
        depth = min(own, depth + 1) if is_heading else depth
        yield Block(
            tuple(_cut(index, part, marks.lines, inside[index], lead)),
            depth if is_heading else 0,
            title is not None and any(_holds(line, title) for line in lines),
            first.furniture,
            first.paragraph or first.line,
            first.page if first.page != page else None,
            tuple(after[index]),
        )
        page = lines[-1].page


def _holds(line: TextLine, location: Location) -> bool:
    start, end = (location.page or 0, location.line), (location.end_page or location.page or 0, location.end_line)
    return start <= (line.page or 0, line.line) <= end


def _lead(text: str) -> int:
    """Return the length of the heading with which a paragraph begins: its first sentence, if that is short."""
    end = text.find("。") + 1
    return end if end <= _LONGEST_HEADING else 0


def _cut(index: int, part: Part, lines: Sequence[TextLine], marks: Sequence[Mark], lead: int) -> Iterator[Piece]:
    """Yield the pieces between all the places where a highlight, the heading or a page begins or ends."""
    left = len(part.text) - len(part.text.lstrip())
    right = max(len(part.text.rstrip()), left)
    spans = [(m, *_span(index, m, left, right)) for m in marks]
    turns = {
        max(offset, left): lines[i].page
        for i, offset in zip(part.lines, part.offsets, strict=True)
        if i > part.lines[0] and lines[i].page != lines[i - 1].page
    }
    cuts = {left, right, *(x for _, start, end in spans for x in (start, end)), *turns, min(max(lead, left), right)}
    for start, end in pairwise(sorted(c for c in cuts if left <= c <= right)):
        here = sorted((m for m, s, e in spans if s < end and e > start), key=lambda m: KINDS.index(m.kind))
        begins = [m for m, s, e in spans if s == start and e > start and m.start.paragraph == index]
        kind = here[0].kind if here else None
        yield Piece(part.text[start:end], kind, tuple(here), _once(begins), start < lead, turns.get(start))


def _span(index: int, mark: Mark, left: int, right: int) -> tuple[int, int]:
    start = mark.start.offset if mark.start.paragraph == index else left
    end = mark.end.offset if mark.end.paragraph == index else right
    start = min(max(start, left), max(right - 1, left))
    return start, max(min(end, right), min(start + 1, right))


def _once(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(marks))
