"""A made-up font: every character is the same box. Embedded in the test files, so they read alike on every machine."""

from __future__ import annotations

from functools import cache
from io import BytesIO

FONT = "Boxes"
_EM = 1000


@cache
def register() -> str:
    """Build the font, make it known to reportlab, and return its name."""
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
    from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
    from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]

    pen = TTGlyphPen(None)
    for corner, step in (
        ((60, -60), pen.moveTo),
        ((940, -60), pen.lineTo),
        ((940, 800), pen.lineTo),
        ((60, 800), pen.lineTo),
    ):
        step(corner)
    pen.closePath()
    box, empty = pen.glyph(), TTGlyphPen(None).glyph()
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank", "box"])
    builder.setupCharacterMap({code: "blank" if code in (0x20, 0x3000) else "box" for code in sorted(_characters())})
    builder.setupGlyf({".notdef": empty, "blank": empty, "box": box})
    builder.setupHorizontalMetrics({".notdef": (_EM, 0), "blank": (_EM, 60), "box": (_EM, 60)})
    builder.setupHorizontalHeader(ascent=860, descent=-140)
    builder.setupNameTable({"familyName": FONT, "styleName": "Regular", "psName": FONT})
    builder.setupOS2(sTypoAscender=860, sTypoDescender=-140, usWinAscent=860, usWinDescent=140)
    builder.setupPost()
    stream = BytesIO()
    builder.save(stream)
    stream.seek(0)
    pdfmetrics.registerFont(TTFont(FONT, stream))
    return FONT


def _characters() -> set[int]:
    """ASCII, Chinese characters, and the marks of official documents."""
    ranges = ((0x20, 0x7F), (0x2010, 0x2030), (0x2460, 0x2474), (0x3000, 0x3020), (0x4E00, 0xA000), (0xFF01, 0xFF5F))
    return {code for first, last in ranges for code in range(first, last)} | set(map(ord, "·×￥〇"))
