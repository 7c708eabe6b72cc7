"""RawDocument → Document: one spelling for every character, whole paragraphs, and the way back to the file."""

from __future__ import annotations

import re
from array import array

from validator.document import Document, Paragraph, RawDocument, Span
from validator.normalise.characters import fold
from validator.normalise.paragraphs import Line, join_lines, read_lines

__all__ = ["fold", "normalise"]

SENTENCE_LIMIT = 600
_SENTENCE_END = re.compile("[。！？；]")


def normalise(raw: RawDocument) -> Document:
    """Return the normalised document of a decoded file.

    Characters are folded one to one (width, quotes, traditional forms); blanks, zero-width characters, quotation
    marks and Markdown marks are dropped; lines broken in mid-sentence are joined. Every character that is kept
    carries its raw offset.
    """
    text_parts: list[str] = []
    origin: array[int] = array("L")
    gaps: set[int] = set()
    paragraphs: list[Paragraph] = []
    length = 0
    for group in join_lines(read_lines(fold(raw.text), dict(raw.hints))):
        if paragraphs:
            text_parts.append("\n")
            origin.append(origin[-1])
            length += 1
        start = length
        for line in group:
            _append(line, length, text_parts, origin, gaps)
            length += len(line.text)
        head = group[0]
        paragraphs.append(Paragraph(start, length, head.hint, head.furniture))
    text = "".join(text_parts)
    sentences = _split_sentences(text, paragraphs)
    return Document(raw, text, origin, tuple(paragraphs), frozenset(gaps), sentences, tuple(s.start for s in sentences))


def _append(line: Line, at: int, parts: list[str], origin: array[int], gaps: set[int]) -> None:
    """Add one line's characters, their raw offsets and the gaps between them."""
    parts.append(line.text)
    done = 0
    for start, end, gap in line.runs:
        if gap and done:
            gaps.add(at + done)
        origin.extend(range(start, end))
        done += end - start


def _split_sentences(text: str, paragraphs: list[Paragraph]) -> tuple[Span, ...]:
    """Cut paragraphs after 。！？；. A sentence keeps its end mark; none is longer than ``SENTENCE_LIMIT``."""
    found: list[Span] = []
    for paragraph in paragraphs:
        start = paragraph.start
        for end in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
            found += _cut_long(text, start, end.end())
            start = end.end()
        if start < paragraph.end:
            found += _cut_long(text, start, paragraph.end)
    return tuple(found)


def _cut_long(text: str, start: int, end: int) -> list[Span]:
    """Cut what has no end mark for very long (a damaged or hostile text) at a comma, or anywhere."""
    found: list[Span] = []
    while end - start > SENTENCE_LIMIT:
        comma = text.rfind("，", start + 1, start + SENTENCE_LIMIT)
        stop = comma + 1 if comma > start else start + SENTENCE_LIMIT
        found.append(Span(start, stop))
        start = stop
    return [*found, Span(start, end)]
