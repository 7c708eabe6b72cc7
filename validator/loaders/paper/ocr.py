"""A picture of a page → fragments: the optional recognition of scans (extra ``ocr``). Used by ``pdf``.

The models come with the package of the recogniser and are named by path, so that it never looks for them elsewhere.
"""

from __future__ import annotations

import ctypes
import re
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from validator.errors import LoadError
from validator.loaders.paper.lines import Fragment, em_width

MISSING = '识别扫描件要另装识别组件：pip install "fazhi-validator[ocr]"。'
_INCOMPLETE = '识别组件缺少模型文件，请重新安装：pip install --force-reinstall "fazhi-validator[ocr]"。'
_FAILED = "扫描图片识别不了，请用 Word 文件检查。"
_DOTS_PER_INCH = 200
_LONGEST_SIDE = 3600
_SURE = 0.4
"""Lines that the recogniser is less sure of are specks, seals and edges of the paper."""
_BOX_OVER_SIZE = 1.3
"""A recognised box is so much higher than the characters are large."""
_SNAP = 0.2
_LONG = 8
_BELOW = 0.12
_DASH = re.compile(r"(?<=\d)[一—](?=\d)")
"""Between digits the recogniser takes a dash for the numeral one."""


def render(page: Any) -> tuple[Any, float]:
    """Return an open PDF page as a grey picture (rows, columns; bytes), and its pixels per point."""
    import numpy
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = min(_DOTS_PER_INCH / 72, _LONGEST_SIDE / max(width, height, 1.0))
    columns, rows = max(round(width * scale), 1), max(round(height * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        raise LoadError(_FAILED)
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return numpy.frombuffer(raw, dtype=numpy.uint8).reshape(rows, stride)[:, :columns].copy(), scale


def read_picture(image: Any, scale: float = 1.0) -> list[Fragment]:
    """Return the words in a picture.

    Args:
        image: a numpy array (rows, columns[, colours]) of bytes, or what numpy can make one of.
        scale: pixels per point; places are given in points.

    Raises:
        LoadError: the recogniser is not installed, not complete, or fails.
    """
    engine = _engine()
    import numpy

    try:
        found = engine(numpy.asarray(image))
    except Exception as exc:  # the recogniser has no errors of its own
        raise LoadError(_FAILED) from exc
    if found.boxes is None or found.txts is None:
        return []
    lean = _lean(found.boxes)
    fragments = []
    for corners, text in zip(found.boxes, found.txts, strict=True):
        upright = [(float(x) + lean * float(y), float(y) - lean * float(x)) for x, y in corners]
        xs, ys = sorted(p[0] / scale for p in upright), sorted(p[1] / scale for p in upright)
        left, right, top, bottom = (xs[0] + xs[1]) / 2, (xs[2] + xs[3]) / 2, (ys[0] + ys[1]) / 2, (ys[2] + ys[3]) / 2
        text = _DASH.sub("－", text)
        ems = em_width(text)
        size = (bottom - top) / _BOX_OVER_SIZE
        if ems >= 6:
            size = min(max((right - left) / ems, 0.75 * size), 1.3 * size)
        fragments.append(Fragment(text, left, top, right, bottom - _BELOW * (bottom - top), max(size, 1.0)))
    return _evened(fragments)


def _lean(boxes: Any) -> float:
    """Return how far lines sink per unit to the right: a page is seldom put straight on the scanner."""
    slopes = []
    for first, second, third, fourth in boxes:
        width, height = float(third[0] - fourth[0]), float(fourth[1] - first[1])
        if width > _LONG * max(height, 1.0):
            slopes.append(float(third[1] - fourth[1] + second[1] - first[1]) / (2 * width))
    return median(slopes) if slopes else 0.0


def _evened(fragments: list[Fragment]) -> list[Fragment]:
    """Give the size of most lines to all that nearly have it: measured sizes waver."""
    if not fragments:
        return []
    usual = median(f.size for f in fragments for _ in range(len(f.text)))
    evened = []
    for fragment in fragments:
        size = usual if abs(fragment.size - usual) <= _SNAP * usual else fragment.size
        evened.append(fragment._replace(size=size, y0=fragment.y1 - size))
    return evened


@cache
def _engine() -> Any:
    """Return the recogniser, made once for a process: loading its models takes half a second."""
    try:
        import rapidocr  # type: ignore[import-not-found]
    except ImportError as exc:
        raise LoadError(MISSING) from exc
    models = Path(rapidocr.__file__).parent / "models"
    settings: dict[str, Any] = {
        "Global.log_level": "critical",
        "Global.text_score": _SURE,
    }
    for part, mark in (("Det", "_det_"), ("Cls", "_cls_"), ("Rec", "_rec_")):
        # Without a path the recogniser would compare what it has with a list, and download.
        paths = sorted(models.glob(f"*{mark}*.onnx"))
        if not paths:
            raise LoadError(_INCOMPLETE)
        settings[f"{part}.model_path"] = str(paths[-1])
    settings["Rec.rec_keys_path"] = settings["Rec.model_path"]
    try:
        return rapidocr.RapidOCR(params=settings)
    except ImportError as exc:
        raise LoadError(MISSING) from exc
    except Exception as exc:
        raise LoadError(_INCOMPLETE) from exc
