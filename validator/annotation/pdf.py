"""Notes → highlights with text in a copy of a PDF file, written by pdfium behind the bytes of the original."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from validator.annotation.notes import Note
from validator.document import Location, Place
from validator.errors import LoadError
from validator.options import Limits

if TYPE_CHECKING:
    from validator.loaders.paper.pdf_file import Box

_COLOURS = {"必备项": (255, 160, 150), "应改项": (255, 220, 110), "质量提示": (170, 215, 255)}
_ID = re.compile(rb"/ID\[<([0-9A-F]{32})><([0-9A-F]{32})>\]")
_INCREMENTAL = 1
_PRINT = 4
_ICON = 18.0
_WHOLE_LINE = 1 << 20


def annotate_pdf(data: bytes, notes: tuple[Note, ...], limits: Limits) -> bytes:
    """Return a copy of a PDF file with notes as highlights; their text shows when one points at them.

    Args:
        data: the file, as it was checked.
        notes: their pages, lines and columns are those that the loader of this format gives.
        limits: as they were when it was checked.

    Raises:
        LoadError: the file cannot be written again.
    """
    import pypdfium2  # type: ignore[import-untyped]
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    places = _places(data, limits)
    with pypdfium2.PdfDocument(data) as document:
        pages: dict[int, Any] = {}
        for note in notes:
            for number, boxes in _boxes(data, note.location, places):
                page = pages.get(number)
                if page is None:
                    page = pages[number] = document[number - 1]
                _add(pdfium, page, note, boxes)
        out = io.BytesIO()
        try:
            document.save(out, flags=_INCREMENTAL)
        except pypdfium2.PdfiumError as exc:
            raise LoadError("这个 PDF 写不进批注，可能设了保护。") from exc
    return _with_fixed_id(out.getvalue(), data)


def _with_fixed_id(copy: bytes, data: bytes) -> bytes:
    """Put numbers made from the content in place of those that pdfium draws: same input, same bytes.

    The first number of a file that has one is its own and stays.
    """
    tail = copy[len(data) :]
    digest = sha256(copy[: len(data)] + _ID.sub(b"", tail)).hexdigest().upper().encode()[:32]

    own = re.search(rb"/ID\s*\[", data) is not None

    def fixed(found: re.Match[bytes]) -> bytes:
        first = found.group(1) if own else digest
        return b"/ID[<" + first + b"><" + digest + b">]"

    return copy[: len(data)] + _ID.sub(fixed, tail)


def _places(data: bytes, limits: Limits) -> tuple[Place, ...]:
    """Return the lines of the body in reading order; none for a scan."""
    from validator.loaders.paper.pdf import load_pdf

    try:
        return load_pdf("", data, limits).places
    except LoadError:
        return ()


def _boxes(data: bytes, at: Location | None, places: tuple[Place, ...]) -> Iterator[tuple[int, list[Box]]]:
    """Yield each page of a location with the rectangles on it; without any, the note hangs at the page's corner."""
    from validator.loaders.paper.pdf_text import char_boxes

    if at is None or at.page is None:
        yield 1, []
        return
    last = (at.end_page or at.page, at.end_line)
    lines = [(p.page or 1, p.line) for p in places]
    start = (at.page, at.line)
    inside = lines[lines.index(start) : lines.index(last) + 1] if start in lines and last in lines else [start]
    found: dict[int, list[Box]] = {}
    for page, line in dict.fromkeys(inside):
        first = at.column if (page, line) == start else 1
        stop = at.end_column if (page, line) == last else _WHOLE_LINE
        found.setdefault(page, []).extend(char_boxes(data, page, line, first, stop))
    yield from found.items()


def _add(pdfium: Any, page: Any, note: Note, boxes: list[Box]) -> None:
    """Write one note on one page."""
    kind = pdfium.FPDF_ANNOT_HIGHLIGHT if boxes else pdfium.FPDF_ANNOT_TEXT
    mark = pdfium.FPDFPage_CreateAnnot(page, kind)
    if not mark:
        raise LoadError("这个 PDF 写不进批注。")
    try:
        red, green, blue = _COLOURS[note.author]
        pdfium.FPDFAnnot_SetColor(mark, pdfium.FPDFANNOT_COLORTYPE_Color, red, green, blue, 255)
        pdfium.FPDFAnnot_SetFlags(mark, _PRINT)
        for box in boxes:
            quad = pdfium.FS_QUADPOINTSF(
                *(box.left, box.top, box.right, box.top, box.left, box.bottom, box.right, box.bottom)
            )
            pdfium.FPDFAnnot_AppendAttachmentPoints(mark, quad)
        pdfium.FPDFAnnot_SetRect(mark, _frame(pdfium, page, boxes))
        _say(pdfium, mark, b"T", note.author)
        _say(pdfium, mark, b"Contents", note.text.replace("\n", "\r"))
    finally:
        pdfium.FPDFPage_CloseAnnot(mark)


def _frame(pdfium: Any, page: Any, boxes: list[Box]) -> Any:
    """Return the rectangle round all boxes, or a small one at the upper left corner of the page."""
    if not boxes:
        height = page.get_height()
        return pdfium.FS_RECTF(_ICON, height - _ICON, 2 * _ICON, height - 2 * _ICON)
    left, right = min(b.left for b in boxes), max(b.right for b in boxes)
    return pdfium.FS_RECTF(left, max(b.top for b in boxes), right, min(b.bottom for b in boxes))


def _say(pdfium: Any, mark: Any, key: bytes, words: str) -> None:
    """Set a text of a note (UTF-16, little-endian, ended by a null)."""
    import ctypes

    buffer = ctypes.create_string_buffer(words.encode("utf-16-le") + b"\0\0")
    pdfium.FPDFAnnot_SetStringValue(mark, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
