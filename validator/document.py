"""A report as text with positions: what the loader hands to everything after it.

Offsets are half-open ``[start, end)``. *Raw* offsets count code points of the decoded file; *text* offsets count
code points of the normalised text. ``Document.origin`` carries the raw offset of every normalised character, so a
place is never searched for again.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

_LONG_NUMBER = re.compile(r"(?<![\d.])(\d{3})(?:[ -]?\d){6,15}(?=[ -]?[\dXx]{2}(?!\d))")
"""Numbers of eleven digits and more (mobile, identity, bank card) are never shown whole."""


def mask_numbers(text: str) -> str:
    """Return a text with the middle of long numbers hidden."""
    return _LONG_NUMBER.sub(r"\1****", text)


class Span(NamedTuple):
    """A half-open range of text offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cover:
    """Spans made ready to be asked whether one of them holds a place; they may overlap.

    ``starts`` are in order; ``ends[i]`` is the furthest end of the first ``i`` spans.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def holds(self, start: int, end: int) -> bool:
        """Tell whether one span holds all of a half-open range."""
        return end <= self.ends[bisect_right(self.starts, start)]


def cover(spans: Iterable[tuple[int, int]]) -> Cover:
    """Make spans ready to be asked."""
    ordered = sorted(spans)
    return Cover(tuple(s for s, _ in ordered), tuple(accumulate((e for _, e in ordered), max, initial=-1)))


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the original file, 1-based; ``end_column`` is exclusive.

    Text and web pages: line and column of the file. PDF, OFD and scans: line on the page as it is seen, ``page`` and
    ``end_page``. Word: ``paragraph`` counts all paragraphs in document order, ``line`` is the same number, and columns
    count the characters of the paragraph with its automatic number.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    page: int | None = None
    paragraph: int | None = None
    end_page: int | None = None


META_NAMES = ("title", "published", "index_number", "document_number", "source")
"""What a file may say of itself around the report: 标题, 发布日期, 索引号, 发文字号, 信息来源."""


def describe_line(location: Location) -> str:
    """Return the line of a place as people count it: 第3页第5行, 第12段 of a Word file, or 第7行."""
    if location.paragraph is not None:
        return f"第{location.paragraph}段"
    page = f"第{location.page}页" if location.page is not None else ""
    return f"{page}第{location.line}行"


class Place(NamedTuple):
    """Where a stretch of raw text stands in the file; the stretch begins at raw offset ``start``.

    Line, column, page and paragraph are 1-based and belong to its first character; the column grows with the offset.
    """

    start: int
    line: int
    column: int = 1
    page: int | None = None
    paragraph: int | None = None


def _start(place: Place) -> int:
    return place.start


Reading = Literal["text", "ocr"]
"""How the words came out of the file: as text, or recognised in a picture."""


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file that was read and decoded, before normalisation.

    ``text`` has one line for a paragraph (or for a line, in plain text). ``places`` hold where each stretch of it
    stands in the file, in order, the first one at offset 0. ``encoding`` and ``mark`` (the byte order mark, if any)
    write a text file back as it was. ``hints`` are (raw offset of a line, heading level 1–9) where the
    format knows headings.
    ``meta`` are (name, value) that the file says of itself around the report, names as in ``META_NAMES``.
    """

    name: str
    sha256: str
    text: str
    places: tuple[Place, ...]
    encoding: str = "utf-8"
    mark: bytes = b""
    hints: tuple[tuple[int, int], ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    reading: Reading = "text"

    def position(self, offset: int) -> Place:
        """Return the place of a raw offset (``start`` is the offset itself)."""
        place = self.places[max(bisect_right(self.places, offset, key=_start) - 1, 0)]
        return place._replace(start=offset, column=place.column + offset - place.start)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the normalised text.

    ``hint`` is the Markdown heading level (0: none). ``furniture`` marks what stands around a report but is not
    part of it: 索引号, 发布日期, 打印, 上一篇, page numbers.
    """

    start: int
    end: int
    hint: int = 0
    furniture: bool = False


def _paragraph_start(paragraph: Paragraph) -> int:
    return paragraph.start


@dataclass(frozen=True, slots=True)
class Document:
    """Normalised text with its way back to the file.

    ``origin[i]`` is the raw offset of ``text[i]``. ``gaps`` are text offsets before which the file had blanks that
    normalisation removed (they may be all that is left of a lost line break). ``sentences`` are spans, in order.
    """

    raw: RawDocument
    text: str
    origin: array[int]
    paragraphs: tuple[Paragraph, ...]
    gaps: frozenset[int]
    sentences: tuple[Span, ...]
    sentence_starts: tuple[int, ...]

    def location(self, span: Span) -> Location:
        """Return where a text span stands in the original file."""
        start, end = self.raw_range(span)
        first = self.raw.position(start)
        last = self.raw.position(max(end - 1, start))
        end_column = last.column + (1 if end > start else 0)
        return Location(first.line, first.column, last.line, end_column, first.page, first.paragraph, last.page)

    def raw_range(self, span: Span) -> tuple[int, int]:
        """Return the half-open raw range of a text span."""
        if not self.origin:
            return 0, 0
        start = self.origin[min(span.start, len(self.origin) - 1)]
        if span.end <= span.start:
            return start, start
        return start, self.origin[span.end - 1] + 1

    def is_whole(self, span: Span) -> bool:
        """Tell whether normalisation dropped nothing inside a span, so that its raw range can be replaced."""
        start, end = self.raw_range(span)
        return end - start == span.end - span.start

    def excerpt(self, span: Span, limit: int = 80) -> str:
        """Return the original characters of a span, on one line, cut at ``limit``; long numbers are masked."""
        start, end = self.raw_range(span)
        words = self.raw.text[start:end]
        if not words.isprintable():
            words = "".join(c if c.isprintable() else " " for c in words)
        shown = mask_numbers(" ".join(words.split()))
        return shown if len(shown) <= limit else shown[: limit - 1] + "…"

    def sentence_at(self, offset: int) -> Span:
        """Return the sentence that holds a text offset."""
        return self.sentences[max(bisect_right(self.sentence_starts, offset) - 1, 0)]

    def paragraph_at(self, offset: int) -> Paragraph:
        """Return the paragraph that holds a text offset."""
        return self.paragraphs[max(bisect_right(self.paragraphs, offset, key=_paragraph_start) - 1, 0)]

    def sentences_in(self, span: Span) -> tuple[Span, ...]:
        """Return the sentences that start inside a span, or the one that holds all of it."""
        first = bisect_right(self.sentence_starts, span.start) - 1
        last = bisect_right(self.sentence_starts, max(span.end - 1, span.start))
        inside = list(self.sentences[max(first, 0) : last])
        if inside and inside[0].end <= span.start:
            del inside[0]
        if inside:
            inside[0] = Span(max(inside[0].start, span.start), inside[0].end)
            inside[-1] = Span(inside[-1].start, min(inside[-1].end, span.end))
        return tuple(inside)
