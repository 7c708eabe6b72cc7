"""Places of a document in an editor: the program counts code points, editors count UTF-16 (or other) units."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import Enum

from lsprotocol.types import Position, PositionEncodingKind, Range

from validator.document import Location

_LINE_END = re.compile(r"\r\n|\r|\n")
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class TextMap:
    """A text with its lines, and the unit that the editor counts columns in.

    Lines end where the protocol and the loader of text files both say: LF, CRLF or CR, nothing else.
    ``wide`` are the offsets of the characters that UTF-16 counts as two. ``skipped`` is the number of characters at
    the beginning (the byte order mark) that the loader does not count.
    Places outside the text are moved to the nearest one inside.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    encoding: str
    wide: tuple[int, ...] = ()
    skipped: int = 0

    def line(self, index: int) -> str:
        """Return a line (0-based) without its end."""
        return self.text[self.starts[index] : self.ends[index]]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place as ``Location`` counts it: 1-based line and column."""
        index = min(max(line, 1), len(self.starts)) - 1
        skipped = self.skipped if index == 0 else 0
        return min(self.starts[index] + max(column, 1) - 1 + skipped, self.ends[index])

    def position(self, offset: int) -> Position:
        """Return an offset as the editor counts."""
        offset = min(max(offset, 0), len(self.text))
        index = bisect_right(self.starts, offset) - 1
        return Position(index, self._count_units(self.starts[index], min(offset, self.ends[index])))

    def offset_of(self, position: Position) -> int:
        """Return the offset of a place as the editor counts."""
        if position.line >= len(self.starts):
            return len(self.text)
        start, end = self.starts[position.line], self.ends[position.line]
        return start + bisect_left(
            range(end - start), position.character, key=lambda n: self._count_units(start, start + n)
        )

    def span(self, start: int, end: int) -> Range:
        """Return a half-open range of offsets as the editor counts."""
        return Range(self.position(start), self.position(end))

    def range_of(self, location: Location | None) -> Range:
        """Return a place as the editor counts; without a place it is the first line."""
        if location is None:
            return self.span(self.offset(1, 1), self.ends[0])
        start = self.offset(location.line, location.column)
        return self.span(start, max(self.offset(location.end_line, location.end_column), start))

    def rest_of_line(self, line: int, column: int) -> Range:
        """Return what stands from a place (1-based) to the last visible character of its line."""
        start = self.offset(line, column)
        index = bisect_right(self.starts, start) - 1
        return self.span(start, max(self.starts[index] + len(self.line(index).rstrip()), start))

    def _count_units(self, start: int, end: int) -> int:
        """Return how long a stretch is for the editor."""
        if self.encoding == "utf-8":
            return len(self.text[start:end].encode("utf-8", "surrogatepass"))
        if self.encoding == "utf-32":
            return end - start
        return end - start + bisect_left(self.wide, end) - bisect_left(self.wide, start)

    @property
    def line_end(self) -> str:
        """How lines end in this text: as the first one does."""
        found = _LINE_END.search(self.text)
        return found.group() if found else "\n"


def map_text(text: str, encoding: str = PositionEncodingKind.Utf16.value) -> TextMap:
    """Return the places of a text. ``encoding`` is what editor and server agreed to count in."""
    name = encoding.value if isinstance(encoding, Enum) else encoding
    breaks = list(_LINE_END.finditer(text))
    starts = (0, *(m.end() for m in breaks))
    ends = (*(m.start() for m in breaks), len(text))
    wide = tuple(m.start() for m in _WIDE.finditer(text))
    return TextMap(text, starts, ends, str(name), wide, 1 if text.startswith(_MARK) else 0)


def encode_text(text: str) -> bytes:
    """Return the text of an editor as the bytes of a file; half characters become question marks, one for one."""
    return text.encode("utf-8", "replace")
