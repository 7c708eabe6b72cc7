"""The outline as frozen data: sections in text order, each with its heading, its end and its parent."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from validator.document import Span
from validator.outline.numerals import Scheme


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with everything under it.

    ``heading`` spans mark and title; ``end`` is the end of the section, children included. ``level`` is 1 for the
    highest scheme present. ``lost`` says that the heading has no number although its neighbours have one;
    ``run_in`` that text follows it in the same paragraph.
    """

    index: int
    level: int
    scheme: Scheme
    number: int | None
    mark: str
    title: str
    heading: Span
    end: int
    parent: int | None
    run_in: bool = False
    lost: bool = False

    @property
    def label(self) -> str:
        """The heading as it is shown: mark and title."""
        return f"{self.mark}{self.title}"


@dataclass(frozen=True, slots=True)
class SeriesMark:
    """A run-in list mark: its value, its kind (``是``: 一是, 二要; ``第``: 第三，) and its span."""

    value: int
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Outline:
    """All sections of a document. ``front_end`` is where the title block ends (text offset)."""

    sections: tuple[Section, ...]
    series: tuple[SeriesMark, ...]
    front_end: int
    starts: tuple[int, ...]

    def section_at(self, offset: int) -> Section | None:
        """Return the deepest section that holds a text offset."""
        index = bisect_right(self.starts, offset) - 1
        return self.sections[index] if index >= 0 else None

    def path_at(self, offset: int) -> tuple[Section, ...]:
        """Return the sections that hold a text offset, from level 1 down."""
        section = self.section_at(offset)
        found: list[Section] = []
        while section is not None:
            found.append(section)
            section = None if section.parent is None else self.sections[section.parent]
        return tuple(reversed(found))

    def children(self, section: Section | None) -> tuple[Section, ...]:
        """Return the sections directly under one (``None``: the highest ones)."""
        parent, index = (None, 0) if section is None else (section.index, section.index + 1)
        found: list[Section] = []
        while index < len(self.sections) and self.sections[index].parent == parent:
            found.append(self.sections[index])
            index = bisect_left(self.starts, self.sections[index].end)
        return tuple(found)

    def body(self, section: Section) -> Span:
        """Return the text under a heading, children included."""
        return Span(section.heading.end, section.end)

    def own_body(self, section: Section) -> Span:
        """Return the text under a heading up to its first child."""
        following = section.index + 1
        if following < len(self.sections) and self.sections[following].parent == section.index:
            return Span(section.heading.end, self.sections[following].heading.start)
        return self.body(section)
