"""Document + Outline → the whole report as lines with their places, for readers that show it beside the findings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from validator.document import Document, Span
from validator.outline import Outline
from validator.result import TextLine

_LONG_NUMBER = re.compile(r"(?<![\d.])\d{3}(?:[ -]?\d){6,15}(?=[ -]?[\dXx]{2}(?!\d))")
_DIGIT = re.compile(r"\d")


def list_text_lines(document: Document, outline: Outline) -> tuple[TextLine, ...]:
    """Return every stretch of a file's text that is not blank, in order, with the digits of long numbers hidden.

    The length of each stretch is that in the file, so that columns of a ``Location`` can be counted in it.
    """
    raw = document.raw
    text = _LONG_NUMBER.sub(lambda m: m[0][:3] + _DIGIT.sub("*", m[0][3:]), raw.text)
    paragraphs = {_raw_start(document, p.start): p.furniture for p in document.paragraphs if p.end > p.start}
    begins = sorted(paragraphs)
    levels = {_raw_start(document, s.heading.start): s.level for s in outline.sections}
    headings = sorted(levels)
    found: list[TextLine] = []
    furniture = False
    for start, end, is_line in _stretches(raw.text, [p.start for p in raw.places]):
        if not text[start:end].strip():
            continue
        first = _first_in(begins, start, end)
        dropped = is_line and _first_in(document.origin, start, end) is None
        if first is not None:
            furniture = paragraphs[first]
        heading = _first_in(headings, start, end)
        place = raw.position(start)
        found.append(
            TextLine(
                text[start:end],
                place.line,
                place.column,
                place.page,
                place.paragraph,
                0 if heading is None else levels[heading],
                first is not None or dropped or not found,
                furniture or dropped,
            )
        )
    return tuple(found)


def _raw_start(document: Document, offset: int) -> int:
    return document.raw_range(Span(offset, offset + 1))[0]


def _first_in(offsets: Sequence[int], start: int, end: int) -> int | None:
    """Return the first of some ordered offsets that lies in a half-open range."""
    index = bisect_left(offsets, start)
    return offsets[index] if index < len(offsets) and offsets[index] < end else None


def _stretches(text: str, starts: Sequence[int]) -> Iterator[tuple[int, int, bool]]:
    """Yield the raw ranges between line ends and places, each with whether a line begins there."""
    lines = {0} | {i + 1 for i, c in enumerate(text) if c == "\n"}
    cuts = [*sorted(lines | set(starts)), len(text)]
    for start, end in pairwise(cuts):
        yield start, end - (end in lines and text[end - 1 : end] == "\n"), start in lines
