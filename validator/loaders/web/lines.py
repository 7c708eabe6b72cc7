"""Tree of a web page → lines as a reader sees them: one for a block or a <br>. Between ``tree`` and ``main``.

Blanks are treated as browsers do it, list numbers are counted, cells of a row are kept together. Each character keeps
its place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from validator.loaders.assemble import Block, Piece
from validator.loaders.web.hidden import hidden_names
from validator.loaders.web.lists import Numbering, has_number
from validator.loaders.web.tree import BLOCKS, Element, Text, Tree

ROW_LIMIT = 80
"""Cells of a row are one line when they hold no more characters together, else every paragraph keeps its own."""

_REFERENCE = r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?"
_PART = re.compile(rf"([ \t\n\r\f]+)|({_REFERENCE})|[^ \t\n\r\f&]+|&")
_VERBATIM_PART = re.compile(rf"(\r\n|\r|\n)|({_REFERENCE})|[^\r\n&]+|&")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK = " \t\n\r\f\v\xa0\u3000\u200b\ufeff"
_WIDE = re.compile("[\u2014\u2018-\u201d\u2026\u2e80-\ufaff\uff00-\uffef]")
_NO_TEXT = (
    "head title select option input button noscript template object applet audio video canvas svg datalist rt rp "
    "frame frameset"
)
_WITHOUT_TEXT = frozenset(_NO_TEXT.split())
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([\w-]+)")
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:!|;|$))"
)
_KEEPS_BLANKS = re.compile(r"white-space\s*:\s*(pre(?:-wrap|-line)?|break-spaces)")
_OWN_LINE = frozenset({"block", "flex", "grid", "table", "list-item", "table-row", "flow-root"})
_FILE = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|zip|rar|7z|ceb|rtf|pptx?|jpe?g|png)(?:$|[?#])", re.IGNORECASE)

Run = tuple[str, int]
"""Words and the source offset of their first character."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of the page. ``linked``: how many of its characters stand in links; ``row``: the row it is a cell of."""

    runs: list[Run]
    text: str
    element: Element
    hint: int = 0
    linked: int = 0
    files: bool = False
    hidden: bool = False
    row: Element | None = None


@dataclass(slots=True)
class Lines:
    """All lines of a page, its links (element, index of the line), and how often things without text stand in it."""

    lines: list[Line] = field(default_factory=list)
    links: list[tuple[Element, int]] = field(default_factory=list)
    frames: int = 0
    pictures: int = 0


def read_lines(tree: Tree, *, hidden: bool = False) -> Lines:
    """Return the lines of a page in source order.

    Args:
        tree: the page; the line ranges of its elements are set.
        hidden: take what is marked as not shown for shown.
    """
    reader = _Reader(tree, hidden)
    reader.walk(tree.root)
    reader.flush()
    tree.root.last = len(reader.found.lines)
    return reader.found


class _Reader:
    """Walks the tree; the line that grows is in ``runs``."""

    def __init__(self, tree: Tree, all_shown: bool) -> None:
        self.found = Lines()
        self._source = tree.source
        self._hidden_names = hidden_names(tree.source + tree.sheets)
        self._all_shown = all_shown
        self._runs: list[Run] = []
        self._unseen: list[Run] = []
        self._blank: tuple[int, bool] | None = None
        self._linked = 0
        self._files = False
        self._hint = 0
        self._in_link: Element | None = None
        self._hidden = False
        self._verbatim = False
        self._row: Element | None = None
        self._marks: list[str] = []
        self._numbering: list[Numbering | None] = []
        self._element = Element("html", {}, None)

    def walk(self, element: Element) -> None:
        """Read the children of an element."""
        for child in element.children:
            if isinstance(child, Text):
                self._element = element
                self._text(child)
                continue
            tag = child.tag
            if tag == "br" or tag == "hr":
                self.flush()
            elif tag in _WITHOUT_TEXT:
                self.found.frames += tag in ("frame", "frameset", "object")
            elif tag == "img":
                self.found.pictures += 1
            elif child.children:
                self._enter(child)
            elif tag in BLOCKS:
                self.flush()
                child.first = child.last = len(self.found.lines)
                if tag == "li" and self._numbering and (numbering := self._numbering[-1]) is not None:
                    numbering.next(child)

    def _enter(self, element: Element) -> None:
        """Read an element with all that it changes for its text."""
        tag, attributes = element.tag, element.attributes
        style = attributes.get("style", "").lower()
        display = hit.group(1) if "display" in style and (hit := _DISPLAY.search(style)) else ""
        own_line = display in _OWN_LINE if display and display != "none" else tag in BLOCKS
        before = (self._in_link, self._hidden, self._verbatim, self._hint, self._row)
        if not self._all_shown:
            self._hidden |= display == "none" or "hidden" in attributes or _HIDDEN.search(style) is not None
            self._hidden |= bool(self._hidden_names) and not self._hidden_names.isdisjoint(_selectors(attributes))
        if "white-space" in style:
            self._verbatim = _KEEPS_BLANKS.search(style) is not None
        if tag == "pre":
            self._verbatim = True
        if own_line or tag in BLOCKS:
            self.flush()
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._hint = min(max(int(tag[1]), 1), 6)
        elif tag == "a" and attributes.get("href", "#")[:1] not in ("#", ""):
            self._in_link = element
            self.found.links.append((element, len(self.found.lines)))
        elif tag == "tr":
            self._row = element
        elif tag == "table":
            self._row = None
        if tag in ("ol", "ul", "menu", "dir"):
            self._numbering.append(Numbering(element) if tag == "ol" else None)
        elif tag == "li" and self._numbering and (numbering := self._numbering[-1]) is not None:
            self._marks.append(numbering.next(element))
        element.first = len(self.found.lines)
        self.walk(element)
        if own_line or tag in BLOCKS:
            self.flush()
        element.last = len(self.found.lines)
        if tag in ("ol", "ul", "menu", "dir"):
            self._numbering.pop()
        elif tag == "li":
            self._marks.clear()
        self._in_link, self._hidden, self._verbatim, self._hint, self._row = before

    def _text(self, text: Text) -> None:
        """Add a stretch of source to the line, or to what is not shown of it."""
        if not self._hidden:
            self._read(text)
            return
        shown, blank = self._runs, self._blank
        self._runs, self._blank = self._unseen, None
        self._unseen = []
        self._read(text)
        self._unseen = self._runs
        self._runs, self._blank = shown, blank

    def _read(self, text: Text) -> None:
        pattern = _VERBATIM_PART if self._verbatim else _PART
        for part in pattern.finditer(self._source, text.start, text.end):
            kind, words = part.lastindex, part.group()
            if kind is None:
                self._add(words, part.start())
            elif kind == 2:
                self._reference(words, part.start())
            elif self._verbatim:
                self.flush()
            else:
                self._note_blank(part.start(), "\n" in words or "\r" in words)

    def _reference(self, words: str, offset: int) -> None:
        """Add the character that a reference stands for."""
        character = unescape(words)
        if character and not character.strip(" \t\n\r\f"):
            self._note_blank(offset, False)
        elif character:
            self._add(character, offset)

    def _note_blank(self, offset: int, breaks: bool) -> None:
        before = self._blank
        self._blank = (before[0], before[1] or breaks) if before else (offset, breaks)

    def _add(self, words: str, offset: int) -> None:
        """Add words; a blank before them is one blank, a line end of the source beside Chinese is none."""
        if self._blank is not None:
            at, breaks = self._blank
            self._blank = None
            if self._runs and not (breaks and (_WIDE.match(self._runs[-1][0][-1]) or _WIDE.match(words))):
                self._runs.append((" ", at))
        self._runs.append((words, offset))
        if self._in_link is not None:
            self._linked += len(words)
            self._files |= _FILE.search(self._in_link.attributes.get("href", "")) is not None

    def flush(self) -> None:
        """End the line. Words that are not shown make a line only where no others stand beside them."""
        self._blank = None
        unseen, self._unseen = self._unseen, []
        hidden = self._hidden
        if not self._runs:
            self._runs, hidden = unseen, True
        if not self._runs:
            return
        runs = _strip(self._runs)
        if runs:
            text = "".join(words for words, _ in runs)
            marks, self._marks = self._marks, []
            if marks and not has_number(text):
                at = runs[0][1]
                # Each character of a number that is not in the source stands where the words begin.
                runs = [(c, at) for c in "".join(marks)] + runs
                text = "".join(marks) + text
            self.found.lines.append(
                Line(runs, text, self._element, self._hint, self._linked, self._files, hidden, self._row)
            )
        self._runs = []
        self._linked, self._files = 0, False


def _strip(runs: list[Run]) -> list[Run]:
    """Return runs without the blanks at both ends."""
    start, stop = 0, len(runs)
    while start < stop and not runs[start][0].strip(_BLANK):
        start += 1
    while stop > start and not runs[stop - 1][0].strip(_BLANK):
        stop -= 1
    kept = runs[start:stop]
    if kept:
        words, at = kept[0]
        cut = words.lstrip(_BLANK)
        kept[0] = (cut, at + len(words) - len(cut))
        kept[-1] = (kept[-1][0].rstrip(_BLANK), kept[-1][1])
    return kept


def blocks(lines: Iterable[Line], source: str) -> list[Block]:
    """Return lines with their places; the short cells of a row become one block.

    Args:
        lines: in source order.
        source: what their offsets count; line ends are CR LF, CR or LF.
    """
    starts = [0, *(m.end() for m in _LINE_END.finditer(source))]
    found: list[Block] = []
    for group in _rows(lines):
        pieces: list[Piece] = []
        for line in group:
            made = [_piece(words, offset, starts) for words, offset in line.runs]
            if pieces:
                pieces.append(made[0]._replace(text="\t"))
            pieces += made
        found.append(Block(pieces, group[0].hint))
    return found


def _piece(words: str, offset: int, starts: list[int]) -> Piece:
    line = bisect_right(starts, offset)
    return Piece(words, line, offset - starts[line - 1] + 1)


def _rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Group the lines of each row whose cells hold one short paragraph each."""
    found: list[list[Line]] = []
    row: Element | None = None
    for line in lines:
        if line.row is not None and line.row is row:
            found[-1].append(line)
        else:
            found.append([line])
        row = line.row
    parted: list[list[Line]] = []
    for group in found:
        cells = {id(_cell(x.element)) for x in group}
        if len(cells) == len(group) and sum(len(x.text) for x in group) <= ROW_LIMIT:
            parted.append(group)
        else:
            parted += [[x] for x in group]
    return parted


def _cell(element: Element) -> Element:
    """Return the cell that holds an element."""
    while element.tag not in ("td", "th") and element.parent is not None:
        element = element.parent
    return element


def _selectors(attributes: dict[str, str]) -> Iterator[str]:
    """Yield the classes and the id of an element as a style sheet names them."""
    for name in attributes.get("class", "").split():
        yield f".{name}"
    if "id" in attributes:
        yield f"#{attributes['id']}"
