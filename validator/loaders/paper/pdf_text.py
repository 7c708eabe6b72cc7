"""One page of a PDF → fragments, and fragments → boxes. What ``pdf`` reads with and a highlighter finds places with.

The page's characters are taken in one call; their positions only at the ends of runs, because every call costs half a
microsecond. A character of the text is one entry in pdfium's list, so a fragment's key plus an index is an entry.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from validator.errors import LoadError
from validator.loaders.paper.lines import SOFT, Fragment, Page, em_width, keys_of, page_lines
from validator.loaders.paper.pdf_file import (
    BROKEN,
    Box,
    area_of,
    load_pdfium,
    opened,
    opened_page,
    picture_area,
    picture_share,
)

_RUN = re.compile(r"[^\r\n]+")
_BLANK = re.compile(r"[ \u3000\xa0\t\u2002-\u200a]+")
_BLANKS = " \u3000\xa0\t\u2002\u2003\u2009\u200b\ufeff"
_FLAT = 0.02
"""Even the thinnest character is wider, in ems."""
_CHINESE = re.compile("[\u4e01-\u9fff]")
_NOT_LATIN = re.compile(r"[^\x00-\x7f]")
_MISSING = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x9f]|[\x00\ufffd\ue000-\uf8ff]{3,}")
"""Codes of glyphs where characters should be; one sign of private use may be a bullet."""
_ODD_ANGLE = 6.0
_TYPED = 0.4
"""A blank that pdfium made up and that is so wide (ems) was typed; the gap beside Latin letters is narrower."""
_COVERED = 0.4
_FAR = 1e5

_INVISIBLE = 3


@dataclass(slots=True)
class PageText:
    """What a page says: its layout, whether the words lie invisibly under a picture, and what could not be decoded.

    ``unreadable`` is the number of characters that the font gives no meaning to; ``fontless``: the font of some is
    neither in the file nor on this machine, and pdfium then passes over characters in silence. ``turns`` are the
    clockwise quarter turns that bring most of its text upright, ``frame`` the page's rectangle.
    """

    page: Page
    recognised: bool = False
    unreadable: int = 0
    fontless: bool = False
    turns: int = 0
    frame: Box = field(default=Box(0, 0, 0, 0))


class _Run(NamedTuple):
    """Characters ``[start, end)`` of pdfium's list that follow each other, with their size and direction in degrees."""

    start: int
    end: int
    size: float
    angle: float
    hidden: bool


@contextmanager
def _opened_text(page: Any) -> Iterator[Any]:
    pdfium = load_pdfium()
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        raise LoadError(BROKEN)
    try:
        yield text
    finally:
        pdfium.FPDFText_ClosePage(text)


def read_page(page: Any) -> PageText:
    """Return what an open page says."""
    pdfium = load_pdfium()
    with _opened_text(page) as text:
        return _Walker(pdfium, page, text).read()


def char_boxes(data: bytes, page: int, line: int, first: int, last: int) -> list[Box]:
    """Return where a stretch of a line stands, one box for characters side by side.

    Args:
        data: the whole PDF.
        page: 1-based.
        line: as in ``Place``: the visual line on the page, 1-based.
        first: the first column, 1-based.
        last: the column after the last one.

    Raises:
        LoadError: the file or the page cannot be read.
    """
    pdfium = load_pdfium()
    with opened(data) as document:
        if not 1 <= page <= pdfium.FPDF_GetPageCount(document):
            return []
        with opened_page(document, page) as handle, _opened_text(handle) as text:
            found = _Walker(pdfium, handle, text).read()
            lines = page_lines(found.page, page)
            if not 1 <= line <= len(lines):
                return []
            keys = [k for k in keys_of(lines[line - 1])[max(first - 1, 0) : max(last - 1, 0)] if k >= 0]
            return _merged([_char_box(pdfium, text, key) for key in keys])


def _char_box(pdfium: Any, text: Any, key: int) -> Box:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, key, rect)
    return Box(rect.left, rect.bottom, rect.right, rect.top)


def _merged(boxes: list[Box]) -> list[Box]:
    """Join boxes that touch, in either direction."""
    joined: list[Box] = []
    for box in boxes:
        if joined and _touch(joined[-1], box):
            a = joined[-1]
            joined[-1] = Box(
                min(a.left, box.left), min(a.bottom, box.bottom), max(a.right, box.right), max(a.top, box.top)
            )
        else:
            joined.append(box)
    return joined


def _touch(one: Box, two: Box) -> bool:
    slack = 0.3 * max(min(two.right - two.left, two.top - two.bottom), 1.0)
    across = min(one.right, two.right) - max(one.left, two.left)
    along = min(one.top, two.top) - max(one.bottom, two.bottom)
    return across > -slack and along > -slack


class _Walker:
    """Walks over the characters of one page."""

    def __init__(self, pdfium: Any, page: Any, text: Any) -> None:
        self.pdfium, self.handle, self.text = pdfium, page, text
        frame = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, frame)
        left, bottom = (v if abs(v) < _FAR else 0.0 for v in (frame.left, frame.bottom))
        right, top = (v if abs(v) < _FAR else 0.0 for v in (frame.right, frame.top))
        self.frame = Box(left, bottom, right, top)
        self.turns = 0
        self.rect = pdfium.FS_RECTF()
        self.matrix = pdfium.FS_MATRIX()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.sides = [ctypes.c_double() for _ in range(4)]
        self.get_origin, self.get_box = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetLooseCharBox
        self.characters = self._characters()

    def read(self) -> PageText:
        """Return what the page says."""
        runs = [run for m in _RUN.finditer(self.characters) if (run := self._run(m.start(), m.end())) is not None]
        recognised = self._is_recognised(runs)
        counts: Counter[int] = Counter()
        for run in runs:
            counts[round(run.angle / 90) % 4] += run.end - run.start
        self.turns = counts.most_common(1)[0][0] if counts else 0
        width, height = self.frame.right - self.frame.left, self.frame.top - self.frame.bottom
        if self.turns % 2:
            width, height = height, width
        found: list[Fragment] = []
        unreadable = 0
        fontless = False
        for run in runs:
            off = abs((run.angle - 90 * self.turns + 180) % 360 - 180)
            if off > _ODD_ANGLE or (run.hidden and not recognised):
                continue
            fragments = [f for f in self._fragments(run) if _is_on_page(f, width, height)]
            if fragments and self._is_fontless(run):
                fontless = True
                unreadable += run.end - run.start
            elif fragments and self._is_unreadable(run):
                unreadable += run.end - run.start
            found += fragments
        return PageText(
            Page(width, height, found, not recognised), recognised, unreadable, fontless, self.turns, self.frame
        )

    def _characters(self) -> str:
        """Return the characters of the page, as many as there are entries in pdfium's list."""
        count = self.pdfium.FPDFText_CountChars(self.text)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (2 * count + 2))()
        written = self.pdfium.FPDFText_GetText(self.text, 0, count, buffer)
        characters = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace")
        if len(characters) != count:
            codes = [self.pdfium.FPDFText_GetUnicode(self.text, i) for i in range(count)]
            characters = "".join(chr(c) if c < 0x110000 and not 0xD800 <= c < 0xE000 else "\ufffd" for c in codes)
        return characters.replace("\x02", "-").replace("\ufffe", "-")

    def _run(self, start: int, end: int) -> _Run | None:
        piece = self.characters[start:end]
        inner = piece.strip(_BLANKS)
        if not inner:
            return None
        start += len(piece) - len(piece.lstrip(_BLANKS))
        matrix = self.matrix
        self.pdfium.FPDFText_GetMatrix(self.text, start, matrix)
        size = self.pdfium.FPDFText_GetFontSize(self.text, start) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) if matrix.b else (180.0 if matrix.a < 0 else 0.0)
        if not math.isfinite(size + angle):
            size, angle = 1.0, 0.0
        shown = self.pdfium.FPDFText_GetTextObject(self.text, start)
        hidden = bool(shown) and self.pdfium.FPDFTextObj_GetTextRenderMode(shown) == _INVISIBLE
        return _Run(start, start + len(inner), max(abs(size), 0.5), angle, hidden)

    def _fragments(self, run: _Run) -> Iterator[Fragment]:
        """Cut a run where its characters do not follow each other on one line."""
        start = run.start
        soft: list[int] = []
        for blank in _BLANK.finditer(self.characters, run.start, run.end):
            left, right = blank.span()
            gap = self._gap(run, left - 1, right)
            if not -0.5 < gap < 1:
                yield from self._checked(run, start, left, soft)
                start, soft = right, []
            elif gap < _TYPED and right - left == 1 and self.pdfium.FPDFText_IsGenerated(self.text, left) == 1:
                soft.append(left)
        yield from self._checked(run, start, run.end, soft)

    def _gap(self, run: _Run, left: int, right: int) -> float:
        """Return how many ems two neighbours of a blank leave free; infinite on different lines."""
        x0, y0 = self._origin(left)
        x1, y1 = self._origin(right)
        if abs(y1 - y0) > 0.5 * run.size:
            return math.inf
        return (x1 - x0) / run.size - em_width(self.characters[left])

    def _checked(self, run: _Run, start: int, end: int, soft: list[int]) -> Iterator[Fragment]:
        """Give a fragment where the ends of a run are as far from each other as its length says, or smaller ones."""
        x0, y0 = self._origin(start)
        x1, y1 = self._origin(end - 1)
        wide = self._right(end - 1)
        expected = em_width(self.characters[start:end]) * run.size
        if abs(y1 - y0) <= 0.5 * run.size and 0.4 * expected <= wide - x0 <= 1.3 * expected + run.size:
            yield self._fragment(run, start, end, soft, (x0, y0, wide))
            return
        cut = start
        x, y = x0, y0
        for i in range(start + 1, end):
            x1, y1 = self._origin(i)
            ahead = x1 - x - em_width(self.characters[i - 1]) * run.size
            if abs(y1 - y) > 0.5 * run.size or not -0.8 * run.size < ahead < 0.6 * run.size:
                yield self._piece(run, cut, i, soft)
                cut = i
            x, y = x1, y1
        yield self._piece(run, cut, end, soft)

    def _piece(self, run: _Run, start: int, end: int, soft: list[int]) -> Fragment:
        x, y = self._origin(start)
        return self._fragment(run, start, end, soft, (x, y, self._right(end - 1)))

    def _fragment(
        self, run: _Run, start: int, end: int, soft: list[int], place: tuple[float, float, float]
    ) -> Fragment:
        text = self.characters[start:end]
        for at in soft:
            if start <= at < end:
                text = text[: at - start] + SOFT + text[at - start + 1 :]
        x, y, right = place
        return Fragment(text, x, y - run.size, max(right, x), y, run.size, start)

    def _seen(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the page as it is seen: upright, from the upper left corner."""
        frame = self.frame
        if not self.turns:
            return x - frame[0], frame[3] - y
        if self.turns == 1:
            return y - frame.bottom, x - frame.left
        if self.turns == 2:
            return frame.right - x, y - frame.bottom
        return frame.top - y, frame.right - x

    def _origin(self, index: int) -> tuple[float, float]:
        self.get_origin(self.text, index, self.x, self.y)
        return self._seen(self.x.value, self.y.value)

    def _right(self, index: int) -> float:
        rect = self.rect
        self.get_box(self.text, index, rect)
        return max(self._seen(rect.left, rect.bottom)[0], self._seen(rect.right, rect.top)[0])

    def _is_unreadable(self, run: _Run) -> bool:
        """Tell whether the characters of a run are unknown: the font does not say what its glyphs mean."""
        words = self.characters[run.start : run.end]
        if _MISSING.search(words):
            return True
        found = _NOT_LATIN.search(words)
        unknown = self.pdfium.FPDFText_HasUnicodeMapError
        if len(words) < 3 or unknown(self.text, run.start + (found.start() if found else 0)) != 1:
            return False
        return any(unknown(self.text, i) == 1 for i in (run.start + len(words) // 2, run.end - 1))

    def _is_fontless(self, run: _Run) -> bool:
        """Tell whether a Chinese character of a run has no shape, because its font is nowhere to be found."""
        found = _CHINESE.search(self.characters, run.start, run.end)
        if found is None or run.hidden:
            return False
        sides = self.sides
        self.pdfium.FPDFText_GetCharBox(self.text, found.start(), *sides)
        width, height = sides[1].value - sides[0].value, sides[3].value - sides[2].value
        if min(width, height) > _FLAT * run.size:
            return False
        font = self.pdfium.FPDFTextObj_GetFont(self.pdfium.FPDFText_GetTextObject(self.text, found.start()))
        return bool(font) and self.pdfium.FPDFFont_GetIsEmbedded(font) == 0

    def _is_recognised(self, runs: list[_Run]) -> bool:
        """Tell whether the page is a scan with words under its picture."""
        hidden = sum(r.end - r.start for r in runs if r.hidden)
        total = sum(r.end - r.start for r in runs)
        if not total:
            return False
        if 2 * hidden > total:
            return picture_share(self.handle, self.frame) >= _COVERED
        count = self.pdfium.FPDFPage_CountObjects(self.handle)
        last = self.pdfium.FPDFPage_GetObject(self.handle, count - 1)
        return bool(last) and picture_area(self.pdfium, last, self.frame, 0) >= 0.8 * area_of(self.frame)


def _is_on_page(fragment: Fragment, width: float, height: float) -> bool:
    x, y = (fragment.x0 + fragment.x1) / 2, (fragment.y0 + fragment.y1) / 2
    return -1 <= x <= width + 1 and -1 <= y <= height + 1
