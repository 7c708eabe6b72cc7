"""Pages of fragments → paragraphs: the one layout module that PDF, OFD and scans go through.

Fragments become visual lines (``lines``), page furniture is taken out (``furniture``), and here the lines
are joined to paragraphs by what the eye sees: indents, short last lines, gaps, sizes. No library, no file format.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from validator.loaders.assemble import Block, Piece
from validator.loaders.paper.furniture import mark_furniture
from validator.loaders.paper.lines import Fragment, Line, Page, em_width, page_lines

__all__ = ["Fragment", "Page", "arrange"]

_INDENT = 1.2
"""From so many ems on the first line of a paragraph is set in."""
_WIDE_INDENT = 4.5
_SAME_SIZE = 1.055
_ALIKE_SIZE = 1.25
_LOOSE = 1.25
"""A gap so many times the usual one separates paragraphs."""
_SLACK = 0.3
_LOOSE_SLACK = 0.9
_ENOUGH_LINES = 8
_NEAR = 3
"""Rows with cells of several lines may stand so many lines from each other."""

_CN = "[一二三四五六七八九十百]{1,4}"
_HIGH_MARK = re.compile(rf"第{_CN}(?:章|节|条|编|部分)|{_CN}[、.．]|[（(〔]{_CN}[）)〕]|[㈠-㈩]")
_LOW_MARK = re.compile(r"\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]|[-•●◆■▪◇□➢][ \u3000]?(?=[\u4e00-\u9fff])")
_MARK = re.compile(rf"{_HIGH_MARK.pattern}|{_LOW_MARK.pattern}")
_SENTENCE_END = re.compile(r"[。；：！？.;:!?…][”’』」）)》]*$")
_LABEL = re.compile(r"(?:^|(?<= ))[\u4e00-\u9fff]{2,8}[：:]")
_HANGING = re.compile(r"[，。、；：！？,.;:!?]$")
"""A mark at the end of a line may hang over the margin."""
_HEADING_END = re.compile(r"(?:情况|成效|原因|问题|不足|安排|打算|计划|思路|举措|措施|做法|职责)$")
_COMMA = re.compile(r"[，。；：！？]")
_CLOSERS = "，。、；：！？）》”’"
"""No paragraph begins with one of these."""
_GOES_ON = re.compile(r"[和与及的并等]")
_OPEN_END = re.compile(r"[，、,（(《“‘〔【\[—－–-]$")
_CORE = r"[（《“‘〔【「『(\[]*(?:[!-~－–—～·•]+|.)[，。、；：！？）》”’〕】」』%％)\]…]*"
_UNIT = re.compile(rf"{_CORE}(?:(?:(?<=[”’])|(?=[“‘])|(?<=[，。、])(?=[0-9A-Za-z])){_CORE})*")
"""What a line break does not part: brackets stay with words, numbers are whole, quotation marks hold both sides."""
_LATIN_END = re.compile(r"(?:^|[^A-Za-z:/@.])[A-Za-z]+$")
_LATIN_START = re.compile(r"[A-Za-z]+(?![:/@.][A-Za-z0-9])")


class _Margins(NamedTuple):
    """Where full lines of a column begin and end."""

    left: float
    right: float


Zone = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Style:
    """How a document sets its paragraphs: margins by zone, gaps between lines by size, first lines set in or not."""

    margins: dict[Zone, _Margins]
    pitches: dict[int, float]
    size: float
    sets_in: bool
    exact: bool

    def pitch(self, size: float) -> float:
        """Return the usual distance between base lines of a size, in points."""
        found = self.pitches.get(round(size * 2))
        if found is not None:
            return found
        usual = self.pitches.get(round(self.size * 2))
        return usual * max(size / self.size, 1.0) * 1.1 if usual is not None else size * 2


def arrange(pages: Sequence[Page]) -> list[Block]:
    """Return the paragraphs of a document; the pieces of a block are its visual lines.

    Args:
        pages: all pages in order; the first one is page 1.
    """
    lines = [page_lines(page, number) for number, page in enumerate(pages, 1)]
    mark_furniture(pages, lines)
    body = [line for here in lines for line in here if not line.furniture]
    if not body:
        return []
    zones = _zones(pages, body)
    style = _style(body, zones, exact=all(p.exact for p in pages))
    rows = _table_rows(body)
    groups: list[list[int]] = [[0]]
    for i in range(1, len(body)):
        if i - 1 in rows or i in rows:
            holds = i not in rows and _is_cell_rest(body[groups[-1][0]], body[i - 1], body[i], style)
            if holds:
                rows.add(i)
        else:
            holds = _Joint(body, zones, style, groups[-1], i).holds()
        if not holds:
            groups.append([i])
        else:
            groups[-1].append(i)
    return [_block([body[i] for i in group]) for group in groups]


def _block(lines: list[Line]) -> Block:
    pieces = []
    for i, line in enumerate(lines):
        text = line.text
        if i + 1 < len(lines) and _LATIN_END.search(text) and _LATIN_START.match(lines[i + 1].text):
            text += " "
        pieces.append(Piece(text, line.number, 1, line.page))
    return Block(pieces)


def _zones(pages: Sequence[Page], body: Sequence[Line]) -> list[Zone]:
    """Return for each line what shares its margins: the page's width, its column, left or right page where they differ.

    Facing pages may have mirrored margins; they are told apart only where both have lines enough and differ.
    """
    plain = [(round(pages[x.page - 1].width / 10), x.column.place * 10_000 + x.column.left, 0) for x in body]
    split = [(a, b, 1 + x.page % 2) for (a, b, _), x in zip(plain, body, strict=True)]
    lefts: dict[Zone, list[float]] = defaultdict(list)
    for zone, line in zip(split, body, strict=True):
        lefts[zone].append(line.x0)
    mirrored: set[tuple[int, int]] = set()
    for (a, b, side), values in lefts.items():
        other = lefts.get((a, b, 3 - side), [])
        if min(len(values), len(other)) >= _ENOUGH_LINES and abs(_peak(values) - _peak(other)) > 8:
            mirrored.add((a, b))
    return [s if s[:2] in mirrored else p for p, s in zip(plain, split, strict=True)]


def _peak(values: Sequence[float]) -> float:
    return Counter(round(v / 2) for v in values).most_common(1)[0][0] * 2.0


def _style(body: Sequence[Line], zones: Sequence[Zone], *, exact: bool) -> _Style:
    sizes: Counter[float] = Counter()
    for line in body:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0]
    by_zone: dict[Zone, list[Line]] = defaultdict(list)
    for zone, line in zip(zones, body, strict=True):
        by_zone[zone].append(line)
    margins = {zone: _margins(lines) for zone, lines in by_zone.items()}
    indents = [(x.x0 - margins[z].left) / size for x, z in zip(body, zones, strict=True)]
    set_in = sum(1 for d in indents if 1.5 < d < 2.8)
    flush = sum(1 for d in indents if d < 0.6)
    return _Style(margins, _pitches(body, zones), size, set_in >= 2 and set_in > 0.12 * (set_in + flush), exact)


def _margins(lines: Sequence[Line]) -> _Margins:
    sizes = Counter(round(x.size, 1) for x in lines)
    size = sizes.most_common(1)[0][0]
    usual = [x for x in lines if abs(x.size - size) < 0.1 * size and len(x.cells) == 1] or list(lines)
    starts = sorted(x.x0 for x in usual)
    ends = sorted(x.x1 for x in usual if not _HANGING.search(x.text)) or [x.x1 for x in usual]
    if len(usual) < 4:
        return _Margins(starts[0], ends[-1])
    left = _first_cluster(starts, 0.4 * size, 0.1) if len(usual) >= _ENOUGH_LINES else starts[0]
    return _Margins(left, -_first_cluster([-x for x in reversed(ends)], 0.5 * size, 0.25))


def _first_cluster(values: Sequence[float], width: float, share: float) -> float:
    """Return the first of ascending values that has near it, further on, at least a share of what the best one has."""
    near = []
    stop = 0
    for i, value in enumerate(values):
        stop = max(stop, i)
        while stop < len(values) and values[stop] - value <= width:
            stop += 1
        near.append(stop - i)
    enough = max(2.0, share * max(near))
    at = next((i for i, n in enumerate(near) if n >= enough), 0)
    return values[at + near[at] // 2]


def _pitches(body: Sequence[Line], zones: Sequence[Zone]) -> dict[int, float]:
    """Return the usual distance of base lines for each size (in half points): the smallest one that is not rare."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for i in range(1, len(body)):
        a, b = body[i - 1], body[i]
        if a.page == b.page and zones[i - 1] == zones[i] and b.y1 > a.y1 and round(a.size * 2) == round(b.size * 2):
            found[round(a.size * 2)][round((b.y1 - a.y1) * 2)] += 1
    usual: dict[int, float] = {}
    for size, counts in found.items():
        total = sum(counts.values())
        if total < 3:
            continue
        near = {d: n + counts[d - 1] + counts[d + 1] for d, n in counts.items() if 2 * d > 0.9 * size}
        often = [d for d, n in near.items() if n >= 0.15 * total]
        usual[size] = min(often or counts) / 2
    return usual


def _table_rows(body: Sequence[Line]) -> set[int]:
    """Return the lines that are rows: of labels and values, or with cells that begin where those beside them begin."""
    rows: set[int] = set()
    for i, line in enumerate(body):
        if len(line.cells) < 2:
            continue
        if len(line.cells) > 3 or len(_LABEL.findall(line.text)) >= len(line.cells):
            rows.add(i)
            continue
        near = (body[j] for j in range(max(i - _NEAR, 0), min(i + _NEAR + 1, len(body))) if j != i)
        if any(len(other.cells) > 1 and _share_cell(line, other) for other in near):
            rows.add(i)
    return rows


def _is_cell_rest(row: Line, before: Line, line: Line, style: _Style) -> bool:
    """Tell whether a line is the rest of what did not fit into a cell of a row, below it; never of its first cell."""
    if before.page != line.page or len(line.cells) > 1:
        return False
    if not 0 < line.y1 - before.y1 <= _LOOSE * style.pitch(line.size):
        return False
    for cell, following in zip(row.cells[1:], (*row.cells[2:], inf), strict=True):
        if abs(cell - line.x0) < 0.3 * line.size:
            above = max((f.x1 for f in before.fragments if cell - line.size < f.x0 < following), default=0.0) - cell
            return above > 3 * line.size and line.x1 - line.x0 < above + 1.5 * line.size
    return False


def _share_cell(one: Line, two: Line) -> bool:
    return any(abs(a - b) < 0.6 * one.size for a in one.cells[1:] for b in two.cells[1:])


class _Joint:
    """The question whether a line goes on with the paragraph before it."""

    def __init__(self, body: Sequence[Line], zones: Sequence[Zone], style: _Style, group: list[int], at: int) -> None:
        self.before, self.line = body[at - 1], body[at]
        self.first = body[group[0]]
        self.count = len(group)
        self.zones = zones[at - 1], zones[at]
        self.style = style
        self.margins = style.margins[self.zones[0]], style.margins[self.zones[1]]

    def holds(self) -> bool:
        """Tell whether the line goes on."""
        before, line = self.before, self.line
        if (before.column.place == 0) != (line.column.place == 0) and (
            before.page == line.page or _SENTENCE_END.search(before.text)
        ):
            return False
        same = _SAME_SIZE if self.style.exact else _ALIKE_SIZE
        if max(before.size, line.size) > same * min(before.size, line.size) or self._stands_apart():
            return False
        if line.text[0] in _CLOSERS:
            return True
        indent = self._indent(line, 1)
        if indent >= _INDENT:
            return self._wraps_centred() or self._hangs() or (not self.style.sets_in and self._keeps_indent(indent))
        if self.count == 1 and self._indent(before, 0) > _WIDE_INDENT:
            return False
        if self._is_short():
            return self._is_open()
        return not self._starts_item()

    def _indent(self, line: Line, side: int) -> float:
        return (line.x0 - self.margins[side].left) / line.size

    def _room(self, side: int = 0) -> float:
        """Return how many ems the line before (0) or the line itself (1) left free at its end."""
        line = (self.before, self.line)[side]
        return (self.margins[side].right - line.x1) / line.size

    def _is_short(self) -> bool:
        """Tell whether what comes next would have found room on the line before."""
        room = self._room()
        indent = self._indent(self.before, 0)
        if self._is_centred(self.before, 0, 0.3) and not (self.style.sets_in and 1.5 < indent < 2.8):
            room += indent
        return room > self._needed() + (_SLACK if self.style.exact else _LOOSE_SLACK)

    def _needed(self) -> float:
        """Return how many ems the first characters of the line take that cannot be parted."""
        unit = _UNIT.match(self.line.text)
        return em_width(unit.group()) if unit is not None else 1.0

    def _stands_apart(self) -> bool:
        """Tell whether more than the usual gap stands between the lines."""
        before, line = self.before, self.line
        if before.page != line.page or self.zones[0] != self.zones[1] or line.y1 <= before.y1:
            return False
        return line.y1 - before.y1 > _LOOSE * self.style.pitch(line.size) + 0.5

    def _is_centred(self, line: Line, side: int, least: float) -> bool:
        margins = self.margins[side]
        left, right = (line.x0 - margins.left) / line.size, (margins.right - line.x1) / line.size
        return left > least and right > least and abs(left - right) < max(1.0, 0.15 * (left + right))

    def _wraps_centred(self) -> bool:
        """Tell whether a centred line goes on with a centred line that was too long."""
        if not self._is_centred(self.line, 1, _INDENT):
            return False
        before = self.before
        if self._room() + self._indent(before, 0) > self._needed() + 1.0:
            return False
        return before.size > 1.08 * self.style.size or self._is_centred(before, 0, 0.08)

    def _keeps_indent(self, indent: float) -> bool:
        """Tell whether a line stands under the one before, in a paragraph that is set in as a whole."""
        if abs(indent - self._indent(self.before, 0)) > 0.3:
            return False
        return not self._is_short() and not self._starts_item() and not self._is_right_aligned()

    def _hangs(self) -> bool:
        """Tell whether a line stands under the words of an item whose mark stands out to the left."""
        mark = _MARK.match(self.first.text)
        if mark is None or (self._is_short() and not self._is_open()) or self._starts_item():
            return False
        if self.count > 1 and abs(self.line.x0 - self.before.x0) > 0.3 * self.line.size:
            return False
        if any(abs(f.x0 - self.line.x0) < 0.3 * self.line.size for f in self.first.fragments[1:2]):
            return True
        out = (self.line.x0 - self.first.x0) / self.line.size - em_width(mark.group())
        return self.first.text[mark.end() : mark.end() + 1] in (" ", "\u3000") and 0 <= out < 2.2

    def _is_right_aligned(self) -> bool:
        return self._indent(self.before, 0) > _WIDE_INDENT

    def _is_open(self) -> bool:
        """Tell whether a short line cannot be the end of its paragraph."""
        text = self.before.text
        if _LOW_MARK.match(self.line.text) or _HIGH_MARK.match(self.line.text):
            return False
        if _OPEN_END.search(text):
            return True
        heading = self.count <= 2 and _HIGH_MARK.match(self.first.text) is not None
        return (
            self.style.sets_in
            and (self.count > 1 or _COMMA.search(text) is not None)
            and not heading
            and not _SENTENCE_END.search(text)
            and self._indent(self.first, 0) < _WIDE_INDENT
        )

    def _starts_item(self) -> bool:
        """Tell whether a full line is followed by an item of its own."""
        text = self.before.text
        ended = _SENTENCE_END.search(text) is not None
        heading = self.count == 1 and _HIGH_MARK.match(self.first.text) is not None and not _COMMA.search(text)
        if _HIGH_MARK.match(self.line.text):
            return ended or (heading and text[-1:] not in "第、")
        if heading and _HEADING_END.search(text) and not _GOES_ON.match(self.line.text):
            return _COMMA.search(self.line.text) is not None or self._room(1) < 3
        return ended and not self.style.sets_in and _LOW_MARK.match(self.line.text) is not None
