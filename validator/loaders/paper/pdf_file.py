"""An open PDF: its pages, and the pictures and shapes on them. Used by ``pdf`` and ``pdf_text``."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from validator.errors import LoadError

ENCRYPTED = "PDF 设了打开密码，请取消密码后再检查。"
BROKEN = "PDF 不完整或已损坏，打不开，请重新导出或下载后再检查。"

_PASSWORD_ERROR = 4
_SECURITY_ERROR = 5
_IMAGE, _FORM, _PATH = 3, 5, 2
_FORM_DEPTH = 4


class Box(NamedTuple):
    """A rectangle in the points of the PDF page itself: y grows upward, the page's own turning is not applied."""

    left: float
    bottom: float
    right: float
    top: float


def load_pdfium() -> Any:
    """Return pdfium's functions; importing them takes a twentieth of a second."""
    import pypdfium2.raw  # type: ignore[import-untyped]

    return pypdfium2.raw


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """Open a PDF and close it again.

    Raises:
        LoadError: it has a password, or pdfium cannot read it.
    """
    pdfium = load_pdfium()
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        code = pdfium.FPDF_GetLastError()
        raise LoadError(ENCRYPTED if code in (_PASSWORD_ERROR, _SECURITY_ERROR) else BROKEN)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


@contextmanager
def opened_page(document: Any, number: int) -> Iterator[Any]:
    """Open a page, 1-based, and close it again.

    Raises:
        LoadError: the page cannot be read.
    """
    pdfium = load_pdfium()
    page = pdfium.FPDF_LoadPage(document, number - 1)
    if not page:
        raise LoadError(f"PDF 的第{number}页打不开，文件可能已损坏。")
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)


def area_of(frame: Box) -> float:
    """Return the area of a rectangle, at least one."""
    return max((frame.right - frame.left) * (frame.top - frame.bottom), 1.0)


def picture_share(page: Any, frame: Box) -> float:
    """Return how much of an open page pictures cover, 0 to 1 and more where they overlap."""
    pdfium = load_pdfium()
    count = pdfium.FPDFPage_CountObjects(page)
    area = sum(picture_area(pdfium, pdfium.FPDFPage_GetObject(page, i), frame, 0) for i in range(count))
    return area / area_of(frame)


def count_drawings(page: Any) -> int:
    """Return how many drawn shapes an open page has; words turned into shapes are many."""
    pdfium = load_pdfium()
    objects = (pdfium.FPDFPage_GetObject(page, i) for i in range(pdfium.FPDFPage_CountObjects(page)))
    return sum(1 for o in objects if pdfium.FPDFPageObj_GetType(o) in (_PATH, _FORM))


def picture_area(pdfium: Any, shape: Any, frame: Box, depth: int) -> float:
    """Return the area of a picture inside the page; a form counts as the pictures in it."""
    kind = pdfium.FPDFPageObj_GetType(shape)
    if kind == _FORM and depth < _FORM_DEPTH:
        inner = (pdfium.FPDFFormObj_GetObject(shape, i) for i in range(pdfium.FPDFFormObj_CountObjects(shape)))
        if not any(picture_area(pdfium, o, Box(-1e9, -1e9, 1e9, 1e9), depth + 1) for o in inner):
            return 0.0
    elif kind != _IMAGE:
        return 0.0
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(shape, *sides):
        return 0.0
    left, bottom, right, top = (s.value for s in sides)
    width = min(right, frame.right) - max(left, frame.left)
    height = min(top, frame.top) - max(bottom, frame.bottom)
    return max(width, 0.0) * max(height, 0.0)
