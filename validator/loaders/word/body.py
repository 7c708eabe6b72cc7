"""The body of a .docx → its paragraphs, in the order in which they are read. Used by ``docx`` and by whoever writes
comments into the file: both number the paragraphs with this walk, so a place in a result is a place in the file.

Automatic numbers are text here, as a reader sees them; tables of contents, deleted rows and covered cells are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from validator.loaders.word.fields import Fields
from validator.loaders.word.inline import DROPPED, Anchored, DocxRun, InlineReader, is_contents_control, look_inside
from validator.loaders.word.numbering import Numbering
from validator.loaders.word.package import DocxParts, W
from validator.loaders.word.styles import BODY_LEVEL, ParagraphStyle, Styles, is_on, read_integer, read_reference

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL = f"{W}val"
_P, _TBL, _TR, _TC, _SDT, _PPR, _RPR = (f"{W}{n}" for n in ("p", "tbl", "tr", "tc", "sdt", "pPr", "rPr"))
_ROW_LIMIT = 80
"""A table row of no more characters is one line of text."""
_CONTENTS_TITLES = frozenset({"目录", "目次", "目錄"})


@dataclass(slots=True, eq=False)
class DocxParagraph:
    """One ``w:p``.

    ``position`` is its running number, 1-based, the ``paragraph`` of a ``Location``. ``number`` is its automatic
    number; ``text`` begins with it. ``hint`` is its heading level (0: none). ``owner`` is the body paragraph that
    anchors the text box or refers to the note in which this one stands.
    """

    element: _Element
    position: int
    number: str = ""
    runs: list[DocxRun] = field(default_factory=list)
    text: str = ""
    hint: int = 0
    in_text_box: bool = False
    owner: DocxParagraph | None = None


class LinePart(NamedTuple):
    """A paragraph in a line of text, and what separates it from the next one ("" or a tab)."""

    paragraph: DocxParagraph
    after: str = ""


Line = list[LinePart]
"""Paragraphs that are read as one: mostly one; more where the mark between them is deleted, or in a table row."""


def read_paragraphs(document: _Element, parts: DocxParts) -> list[DocxParagraph]:
    """Return all paragraphs of a document; the one at index ``i`` has the position ``i + 1``.

    Args:
        document: the root of the main part, in transitional names.
        parts: the roots of the other parts.

    Raises:
        LoadError: words stand in a file inside this file.
    """
    return walk(document, parts).paragraphs


def walk(document: _Element, parts: DocxParts) -> Walk:
    """Read the body of a document: its paragraphs, and the lines they make.

    Raises:
        LoadError: words stand in a file inside this file.
    """
    found = Walk(document, parts, frozenset())
    if found.unclosed:
        found = Walk(document, parts, frozenset(found.unclosed))
    return found


class Walk:
    """One pass over a document: ``paragraphs``, ``lines``, and the fields that were left ``unclosed``."""

    def __init__(self, document: _Element, parts: DocxParts, ignored: frozenset[_Element]) -> None:
        self.paragraphs: list[DocxParagraph] = []
        self.lines: list[Line] = []
        self.unclosed: list[_Element] = []
        self._styles = Styles(parts.styles)
        self._numbering = Numbering(parts.numbering, self._styles)
        self._ignored = ignored
        self._inline = InlineReader(self._styles, parts, Fields(ignored))
        self._owner: DocxParagraph | None = None
        self._in_box = False
        self._pending: Line = []
        self._anchored: list[tuple[DocxParagraph, Anchored]] = []
        for body in document.iterchildren(f"{W}body"):
            self._blocks(body)
        self._flush()
        self.unclosed += self._inline.fields.unclosed

    def _blocks(self, children: Iterable[_Element]) -> None:
        for child in children:
            tag = child.tag
            if tag == _P:
                self._paragraph(child)
            elif tag == _TBL:
                self._flush()
                self._table(child)
            elif isinstance(tag, str) and tag not in DROPPED:
                if tag == _SDT and is_contents_control(child):
                    self._drop_contents_title()
                self._blocks(look_inside(child))

    def _paragraph(self, element: _Element) -> None:
        found = DocxParagraph(element, len(self.paragraphs) + 1, in_text_box=self._in_box, owner=self._owner)
        self.paragraphs.append(found)
        properties = element.find(_PPR)
        style = self._style(properties)
        in_contents = self._inline.fields.in_contents
        runs, anchored = self._inline.read(element, hidden=style.hidden)
        self._anchored += [(found, a) for a in anchored]
        if style.is_contents or in_contents or self._inline.fields.in_contents:
            self._drop_contents_title()
        if style.is_contents:
            runs = []
        joins = _is_joined(properties, style)
        # A paragraph that is deleted or hidden as a whole is not counted; of several joined ones, one is.
        if not style.is_contents and (runs or not joins) and not any(p.paragraph.text for p in self._pending):
            direct = read_reference(properties.find(f"{W}numPr") if properties is not None else None)
            found.number = self._numbering.count(direct, style)
        shift = len(found.number)
        found.runs = [run._replace(start=run.start + shift) for run in runs] if shift else runs
        found.text = found.number + "".join(run.text for run in runs)
        found.hint = _hint(properties, style)
        self._pending.append(LinePart(found))
        if not joins:
            self._flush()

    def _style(self, properties: _Element | None) -> ParagraphStyle:
        named = properties.find(f"{W}pStyle") if properties is not None else None
        return self._styles.paragraph(named.get(_VAL) if named is not None else None)

    def _flush(self) -> None:
        """End a line, also where a paragraph with a deleted mark has none to join; read what it anchors after it."""
        line, self._pending = self._pending, []
        if any(part.paragraph.text for part in line):
            self.lines.append(line)
        if not self._anchored:
            return
        anchored, self._anchored = self._anchored, []
        saved = self._inline.fields, self._owner, self._in_box
        for paragraph, (element, is_box) in anchored:
            self._inline.fields = Fields(self._ignored)
            self._owner = paragraph.owner or paragraph
            self._in_box = saved[2] or is_box
            self._blocks(element)
            self._flush()
            self.unclosed += self._inline.fields.unclosed
        self._inline.fields, self._owner, self._in_box = saved

    def _drop_contents_title(self) -> None:
        """Drop the line 目录 that stands above a table of contents."""
        if self.lines and "".join(_text(self.lines[-1]).split()) in _CONTENTS_TITLES:
            self.lines.pop()

    def _table(self, table: _Element) -> None:
        merged: frozenset[int] = frozenset()
        for row in _wrapped(table, _TR):
            properties = row.find(f"{W}trPr")
            if properties is None:
                merged = self._row(row, 0, merged)
            elif properties.find(f"{W}del") is None and not is_on(properties.find(f"{W}hidden")):
                merged = self._row(row, read_integer(properties.find(f"{W}gridBefore")) or 0, merged)

    def _row(self, row: _Element, column: int, above: frozenset[int]) -> frozenset[int]:
        """Read one row.

        Args:
            row: the ``w:tr``.
            column: the grid column of its first cell, 0-based.
            above: grid columns in which a cell of the row before may go on here.

        Returns:
            The grid columns in which a cell may go on in the next row.
        """
        merged: set[int] = set()
        cells: list[list[Line]] = []
        outer = self.lines
        for cell in _wrapped(row, _TC):
            properties = cell.find(f"{W}tcPr")
            covered = False
            span = 1
            if properties is not None:
                span = max(read_integer(properties.find(f"{W}gridSpan")) or 1, 1)
                vertical = properties.find(f"{W}vMerge")
                if vertical is not None:
                    merged.add(column)
                    covered = _continues(vertical) and column in above
                horizontal = properties.find(f"{W}hMerge")
                covered |= horizontal is not None and _continues(horizontal) and bool(cells)
                covered |= properties.find(f"{W}cellDel") is not None
            column += span
            if covered:
                continue
            self.lines = []
            self._blocks(cell)
            self._flush()
            cells.append(self.lines)
        self.lines = outer
        self.lines += _join_cells([c for c in cells if c])
        return frozenset(merged)


def _wrapped(children: Iterable[_Element], tag: str) -> Iterator[_Element]:
    """Yield the rows of a table, or the cells of a row, also those inside content controls."""
    for child in children:
        if child.tag == tag:
            yield child
        elif isinstance(child.tag, str) and child.tag not in DROPPED:
            yield from _wrapped(look_inside(child), tag)


def _continues(merge: _Element) -> bool:
    return merge.get(_VAL, "continue") == "continue"


def _join_cells(cells: list[list[Line]]) -> list[Line]:
    """Make one line of a row whose cells hold one short paragraph each; else every paragraph keeps its own."""
    short = len(cells) > 1 and all(len(c) == 1 and "\n" not in _text(c[0]) for c in cells)
    if not short or sum(len(_text(c[0])) for c in cells) > _ROW_LIMIT:
        return [line for cell in cells for line in cell]
    joined: Line = []
    for cell in cells:
        if joined:
            joined[-1] = LinePart(joined[-1].paragraph, "\t")
        joined += cell[0]
    return [joined]


def _is_joined(properties: _Element | None, style: ParagraphStyle) -> bool:
    """Tell whether the next paragraph goes on with this one: its mark is deleted or hidden, or it is a drop cap."""
    frame = properties.find(f"{W}framePr") if properties is not None else None
    if frame is not None and frame.get(f"{W}dropCap", "none") != "none":
        return True
    own = properties.find(_RPR) if properties is not None else None
    if own is None or not len(own):
        return style.hidden
    if own.find(f"{W}del") is not None or own.find(f"{W}moveFrom") is not None:
        return True
    hidden = is_on(own.find(f"{W}vanish"))
    # A style separator (w:specVanish) sets a heading and its text on one line; they stay two paragraphs.
    return bool(style.hidden if hidden is None else hidden) and not is_on(own.find(f"{W}specVanish"))


def _hint(properties: _Element | None, style: ParagraphStyle) -> int:
    """Return the heading level of a paragraph, 1–9, or 0."""
    own = read_integer(properties.find(f"{W}outlineLvl")) if properties is not None else None
    level = own if own is not None else style.outline
    return level + 1 if level is not None and 0 <= level < BODY_LEVEL else 0


def _text(line: Line) -> str:
    return "".join(part.paragraph.text for part in line)
