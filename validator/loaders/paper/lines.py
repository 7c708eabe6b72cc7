"""Fragments of one page → visual lines in reading order. First half of the layout module; knows one page at a time.

A page alone decides its lines, their numbers and their columns, so that a place (page, line, column) can be found
again in the file without reading the other pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

SOFT = "\x1f"
"""A gap that the file has no blank for: a word space between Latin words, nothing beside Chinese characters."""
_BLANKS = " \u3000\xa0\t\u2002\u2003\u2009" + SOFT
_SOFT_RUN = re.compile(rf"{SOFT}+")
_EM = str.maketrans(dict.fromkeys(range(0x20, 0x7F), "\x01"))

CELL_GAP = 1.5
"""From so many ems on a gap stands between two things: a label and its value, the cells of a row, two columns."""
_GUTTER = 0.9
"""Two columns of prose may stand closer."""
_WORD_GAP = 0.15
_BLANK_GAP = 0.75
_COLUMN_LINES = 4
_COLUMN_EMS = 9
_COLUMN_CHARACTERS = 60
_TOUCH = 2.0
_MOST_STAMPS = 40


class Fragment(NamedTuple):
    """Characters that stand side by side on a page; points, y downward; ``y1`` is the base line, ``y0`` a size above.

    ``key`` is the index of the first character in the page's own list of characters (-1: there is none; see also
    ``FURNITURE``).
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    key: int = -1


FURNITURE = -2
"""The key of fragments that the file itself puts behind the pages (a template)."""


@dataclass(slots=True)
class Page:
    """A page as it is seen: width and height in points, and what stands on it, in any order.

    ``exact`` is false where sizes and edges were measured in a picture.
    """

    width: float
    height: float
    fragments: list[Fragment]
    exact: bool = True


class Column(NamedTuple):
    """Where a line stands on its page: ``place`` 0 is the whole width; ``left`` is the x where the column begins."""

    place: int
    left: int = 0


WHOLE = Column(0)


@dataclass(slots=True)
class Line:
    """One visual line. ``number`` counts from 1 on its page; ``cells`` are the x where its parts begin.

    ``stamped`` marks large print that lies across other lines (a watermark).
    """

    fragments: list[Fragment]
    text: str
    x0: float
    x1: float
    y1: float
    size: float
    cells: tuple[float, ...]
    page: int = 1
    number: int = 1
    column: Column = WHOLE
    stamped: bool = False
    furniture: bool = False


def em_width(text: str) -> float:
    """Return about how wide a text is, in ems: Latin letters and digits are half as wide as Chinese characters."""
    return len(text) - 0.5 * text.translate(_EM).count("\x01")


def page_lines(page: Page, number: int) -> list[Line]:
    """Return the visual lines of a page in reading order: top to bottom, columns of prose one after the other.

    Args:
        page: its fragments in any order.
        number: the page's number, 1-based.
    """
    fragments = [f for f in map(_trimmed, page.fragments) if f is not None]
    if not fragments:
        return []
    stamps = _stamps(fragments)
    rows = [_cells(row, _GUTTER) for row in _rows([f for f in fragments if f not in stamps] if stamps else fragments)]
    lines = [_line([f for cell in cells for f in cell], column) for cells, column in _reading_order(rows)]
    for stamp in stamps:
        line = _line([stamp], WHOLE)
        line.stamped = True
        lines.append(line)
    for count, line in enumerate(lines, 1):
        line.page, line.number = number, count
        line.furniture = all(f.key == FURNITURE for f in line.fragments)
    return lines


def keys_of(line: Line) -> list[int]:
    """Return the key of each character of a line's text (-1 for a blank that stands for a gap)."""
    raw, keys = _join(line.fragments)
    dropped: set[int] = set()
    for gap in _SOFT_RUN.finditer(raw):
        dropped.update(range(gap.start() + (1 if _is_word_gap(gap) else 0), gap.end()))
    return [key for i, key in enumerate(keys) if i not in dropped]


def _trimmed(fragment: Fragment) -> Fragment | None:
    """Return a fragment without blanks at its ends; the blanks are an indent, so its edge moves."""
    text = fragment.text
    if text[:1] not in _BLANKS and text[-1:] not in _BLANKS:
        return fragment
    inner = text.strip(_BLANKS)
    if not inner:
        return None
    before = len(text) - len(text.lstrip(_BLANKS))
    after = len(text) - before - len(inner)
    em = (fragment.x1 - fragment.x0) / max(em_width(text), 0.5)
    x0 = fragment.x0 + em_width(text[:before]) * em
    x1 = fragment.x1 - em_width(text[len(text) - after :]) * em
    key = fragment.key + before if fragment.key >= 0 else -1
    return fragment._replace(text=inner, x0=x0, x1=x1, key=key)


def _stamps(fragments: Sequence[Fragment]) -> list[Fragment]:
    """Return large print that lies across other text."""
    usual = median(f.size for f in fragments)
    large = [f for f in fragments if f.size > 1.6 * usual]
    if len(large) > _MOST_STAMPS:
        return []
    return [f for f in large if sum(1 for o in fragments if o.size < 0.7 * f.size and _lies_across(f, o)) >= 2]


def _lies_across(stamp: Fragment, other: Fragment) -> bool:
    if min(stamp.x1, other.x1) - max(stamp.x0, other.x0) < other.size:
        return False
    return min(stamp.y1, other.y1) - max(stamp.y0 + 0.1 * stamp.size, other.y0) > 0.5 * other.size


def _rows(fragments: list[Fragment]) -> list[list[Fragment]]:
    """Gather fragments that share a base line, raised and lowered small print too; each row from left to right."""
    rows: list[list[Fragment]] = []
    base = size = 0.0
    for fragment in sorted(fragments, key=lambda f: (f.y1, f.x0)):
        if rows and fragment.y1 - base < 0.45 * max(size, fragment.size):
            rows[-1].append(fragment)
            if fragment.size > size:
                base, size = fragment.y1, fragment.size
        else:
            rows.append([fragment])
            base, size = fragment.y1, fragment.size
    for row in rows:
        row.sort(key=lambda f: f.x0)
        _drop_doubles(row)
    return rows


def _drop_doubles(row: list[Fragment]) -> None:
    """Take out what is printed twice over itself to look bold."""
    for i in range(len(row) - 1, 0, -1):
        one, two = row[i - 1], row[i]
        if two.x0 - one.x0 < 0.25 * one.size and one.text == two.text:
            del row[i]


Cell = list[Fragment]


def _cells(row: list[Fragment], gap: float = CELL_GAP) -> list[Cell]:
    """Cut a row at its gaps of so many ems."""
    cells = [[row[0]]]
    right = row[0].x1
    for fragment in row[1:]:
        if fragment.x0 - right > gap * max(cells[-1][-1].size, fragment.size):
            cells.append([fragment])
        else:
            cells[-1].append(fragment)
        right = max(right, fragment.x1)
    return cells


def _line(fragments: list[Fragment], column: Column) -> Line:
    if len(fragments) == 1:
        text, x0, _, x1, y1, size, _ = fragments[0]
        cells: tuple[float, ...] = (x0,)
    else:
        _, _, _, _, y1, size, _ = max(fragments, key=lambda f: f.x1 - f.x0)
        text, x0, x1 = _join_text(fragments), fragments[0].x0, max(f.x1 for f in fragments)
        cells = tuple(cell[0].x0 for cell in _cells(fragments))
    if SOFT in text:
        text = _SOFT_RUN.sub(lambda m: " " if _is_word_gap(m) else "", text)
    return Line(fragments, text, x0, x1, y1, size, cells, column=column)


def _join_text(fragments: list[Fragment]) -> str:
    parts = [fragments[0].text]
    for before, fragment in pairwise(fragments):
        parts += [_between(before, fragment), fragment.text]
    return "".join(parts)


def _join(fragments: list[Fragment]) -> tuple[str, list[int]]:
    """Return the text as ``_join_text`` does, and the key of each character."""
    keys: list[int] = []
    for i, fragment in enumerate(fragments):
        if i:
            keys += [-1] * len(_between(fragments[i - 1], fragment))
        keys += [fragment.key + k if fragment.key >= 0 else -1 for k in range(len(fragment.text))]
    return _join_text(fragments), keys


def _between(before: Fragment, after: Fragment) -> str:
    gap = (after.x0 - before.x1) / max(before.size, after.size, 0.1)
    return " " if gap > _BLANK_GAP else SOFT if gap > _WORD_GAP else ""


def _is_word_gap(gap: re.Match[str]) -> bool:
    text, (start, end) = gap.string, gap.span()
    return 0 < start < end < len(text) and _is_word(text[start - 1]) and _is_word(text[end])


def _is_word(character: str) -> bool:
    return "!" <= character <= "~" or "\u00c0" <= character <= "\u024f"


def _reading_order(rows: list[list[Cell]]) -> list[tuple[list[Cell], Column]]:
    """Return rows in reading order; where the page has columns of prose a row is that of one column."""
    gutter = _gutter(rows)
    if gutter is None:
        return [(row, WHOLE) for row in rows]
    ordered: list[tuple[list[Cell], Column]] = []
    for band in _bands(rows, gutter):
        if not _is_prose_pair(band, gutter):
            ordered += [(row, WHOLE) for row in band]
            continue
        sides = [[c for c in row if _is_left(c, gutter) is left] for left in (True, False) for row in band]
        left, right = sides[: len(band)], sides[len(band) :]
        ordered += [(row, Column(1, int(gutter))) for row in left if row]
        ordered += [(row, column) for row, column in _again([r for r in right if r], gutter)]
    return ordered


def _again(rows: list[list[Cell]], gutter: float) -> list[tuple[list[Cell], Column]]:
    """Read what stands right of a gutter, which may have columns itself."""
    inner = _reading_order(rows)
    return [(row, Column(2, int(gutter)) if c == WHOLE else Column(c.place + 1, c.left)) for row, c in inner]


def _gutter(rows: list[list[Cell]]) -> float | None:
    """Return the x of the gap between two columns of prose, if the page has them."""
    if len(rows) < _COLUMN_LINES:
        return None
    cells = [c for row in rows for c in row]
    left, right = min(c[0].x0 for c in cells), max(c[-1].x1 for c in cells)
    narrow = [c for c in cells if c[-1].x1 - c[0].x0 < 0.62 * (right - left)]
    if len(narrow) < 2 * _COLUMN_LINES:
        return None
    starts = Counter(round(c[0].x0 / 4) for c in narrow if c[0].x0 > left + 0.2 * (right - left))
    for start, count in sorted(starts.most_common(4), key=lambda s: s[0]):
        gutter = min(c[0].x0 for c in narrow if round(c[0].x0 / 4) == start) - _TOUCH
        if count >= _COLUMN_LINES and any(_is_prose_pair(band, gutter) for band in _bands(rows, gutter)):
            return gutter
    return None


def _is_left(cell: Cell, gutter: float) -> bool:
    return cell[0].x0 < gutter


def _bands(rows: list[list[Cell]], gutter: float) -> list[list[list[Cell]]]:
    """Cut a page into bands: rows that leave the gutter free, and single rows that cross it."""
    bands: list[list[list[Cell]]] = []
    was_free = False
    for row in rows:
        free = not any(c[0].x0 < gutter and c[-1].x1 > gutter + _TOUCH for c in row)
        if free and was_free:
            bands[-1].append(row)
        else:
            bands.append([row])
        was_free = free
    return bands


def _is_prose_pair(band: list[list[Cell]], gutter: float) -> bool:
    """Tell whether both sides of a gutter are columns of prose: wide, mostly full lines, one cell in a row."""
    if len(band) < _COLUMN_LINES:
        return False
    for left in (True, False):
        sides = [[c for c in row if _is_left(c, gutter) is left] for row in band]
        cells = [side[0] for side in sides if side]
        if len(cells) < _COLUMN_LINES or sum(1 for side in sides if len(side) > 1) > 0.2 * len(cells):
            return False
        widths = [c[-1].x1 - c[0].x0 for c in cells]
        widest = max(widths)
        if widest < _COLUMN_EMS * median(c[0].size for c in cells):
            return False
        if 2 * sum(1 for w in widths if w > 0.8 * widest) < len(widths):
            return False
        if sum(len(f.text) for c in cells for f in c) < _COLUMN_CHARACTERS:
            return False
    return True
