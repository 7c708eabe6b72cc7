"""Locations → ranges of the text: where each passage of a result stands in the paragraphs of its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from validator.document import Location
from validator.result import TextLine

Kind = Literal["fail", "review", "accepted", "evidence", "candidate"]
KINDS: tuple[Kind, ...] = ("fail", "review", "accepted", "evidence", "candidate")
"""The strongest first: this one is seen where several lie over each other."""


class Point(NamedTuple):
    """A place in the text: a paragraph and an offset in it."""

    paragraph: int
    offset: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A highlight: its own anchor, the anchor and number of its rule, and what is said of it.

    ``is_hint``: the rule is not mandatory.
    """

    anchor: str
    rule: str
    label: str
    kind: Kind
    said: str
    start: Point
    end: Point
    is_hint: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A place, after a paragraph, at which something should be written: the number and the title of the rule.

    ``is_hint``: the rule is not mandatory.
    """

    anchor: str
    rule: str
    kind: Kind
    label: str
    title: str
    paragraph: int
    is_hint: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph: its lines (indices of the text), the words joined, and the offset at which each line begins."""

    lines: range
    text: str
    offsets: tuple[int, ...]


class Marks:
    """The highlights of one report, found one by one. Anchors begin with ``prefix``."""

    def __init__(self, lines: Sequence[TextLine], prefix: str) -> None:
        self.lines = lines
        self.parts = tuple(_join(lines))
        self.marks: list[Mark] = []
        self.missing: list[Missing] = []
        self._prefix = prefix
        self._known: dict[tuple[str, Kind, Location], str] = {}
        self._places = _Index(lines)
        self._points = [Point(i, o) for i, part in enumerate(self.parts) for o in part.offsets]

    def add(
        self, rule: str, label: str, kind: Kind, said: str, location: Location | None, *, is_hint: bool = False
    ) -> str | None:
        """Return the anchor of a highlight, ``None`` where its place is not in the text."""
        if location is None:
            return None
        known = self._known.get((rule, kind, location))
        if known is not None:
            return known
        found = self._places.find(location)
        if found is None:
            return None
        (first, start), (last, end) = found
        begin, stop = self._points[first], self._points[last]
        anchor = f"{self._prefix}-m{len(self.marks) + 1}"
        begin, stop = begin._replace(offset=begin.offset + start), stop._replace(offset=stop.offset + end)
        self.marks.append(Mark(anchor, rule, label, kind, said, begin, stop, is_hint))
        self._known[rule, kind, location] = anchor
        return anchor

    def add_missing(
        self, rule: str, label: str, kind: Kind, title: str, location: Location | None, *, is_hint: bool = False
    ) -> str | None:
        """Return the anchor of an insertion mark; one rule has one mark after a paragraph."""
        found = self._places.find(location) if location is not None else None
        if found is None:
            return None
        after = self._points[found[1][0]].paragraph
        for known in self.missing:
            if (known.rule, known.paragraph) == (rule, after):
                return known.anchor
        anchor = f"{self._prefix}-i{len(self.missing) + 1}"
        self.missing.append(Missing(anchor, rule, kind, label, title, after, is_hint))
        return anchor


@dataclass(slots=True)
class _Index:
    """Finds the line of the text, and the offset in it, of a location."""

    lines: Sequence[TextLine]
    at: dict[tuple[int, int], list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.at = {}
        for index, line in enumerate(self.lines):
            self.at.setdefault((line.page or 0, line.line), []).append(index)

    def find(self, location: Location) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return (line, offset) of the first character and after the last one."""
        start = self._first(location.page or 0, location.line, location.column)
        if start is None:
            return None
        page = location.end_page or location.page or 0
        end = self._last(page, location.end_line, location.end_column)
        if end is None or end < start:
            return start, (start[0], len(self.lines[start[0]].text))
        return start, end

    def _first(self, page: int, line: int, column: int) -> tuple[int, int] | None:
        for index in self.at.get((page, line), ()):
            found = self.lines[index]
            if column < found.column + len(found.text):
                return index, max(column - found.column, 0)
        return None

    def _last(self, page: int, line: int, column: int) -> tuple[int, int] | None:
        for index in reversed(self.at.get((page, line), ())):
            found = self.lines[index]
            if column > found.column:
                return index, min(column - found.column, len(found.text))
        return None


def _join(lines: Sequence[TextLine]) -> Iterator[Part]:
    """Yield paragraphs: lines up to the next one that begins; a blank stays between words of letters or digits."""
    starts = [i for i, line in enumerate(lines) if line.begins or i == 0]
    for first, end in pairwise([*starts, len(lines)]):
        text, offsets = "", []
        for index in range(first, end):
            words = lines[index].text
            if _is_word(text[-1:]) and _is_word(words[:1]) and not _is_same_line(lines[index - 1], lines[index]):
                text += " "
            offsets.append(len(text))
            text += words
        yield Part(range(first, end), text, tuple(offsets))


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_same_line(one: TextLine, other: TextLine) -> bool:
    return (one.page, one.line) == (other.page, other.line)
