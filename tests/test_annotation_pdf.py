"""Highlights in a copy of a PDF file: at the words they are about, behind the bytes of the original."""

from __future__ import annotations

import pytest

from tests.formats import TextLine, as_pdf
from validator.annotation.notes import Note, collect_notes
from validator.annotation.pdf import annotate_pdf
from validator.document import Location
from validator.engine import Engine
from validator.loaders.paper.pdf import load_pdf
from validator.options import DEFAULT_LIMITS
from validator.runner import check_bytes

LINES = [
    TextLine(text, number, 0)
    for number, text in enumerate(
        (
            "云溪镇人民政府2023年度法治政府建设情况报告",
            "2023年，云溪镇扎实推进法治政府建设，现将有关情况报告如下。",
            "一、2023年推进法治政府建设的主要举措和成效",
            *(
                f"（{n}）全年开展普法宣传12场次，受教育群众3000人次，加强法制宣传教育，做到件件有着落。" * 3
                for n in "一二三四五六七八九十"
            ),
            "二、存在的不足和原因",
            "执法力量不足，原因是人员编制少。",
        ),
        1,
    )
]


def marks(data: bytes) -> list[tuple[int, str, str, str]]:
    """Every note of a PDF: page, author, first line of its text, and the words under it."""
    import pypdfium2  # type: ignore[import-untyped]
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    found = []
    with pypdfium2.PdfDocument(data) as document:
        for number in range(len(document)):
            page = document[number]
            words = page.get_textpage()
            for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
                mark = pdfium.FPDFPage_GetAnnot(page, index)
                under = []
                quad = pdfium.FS_QUADPOINTSF()
                for at in range(pdfium.FPDFAnnot_CountAttachmentPoints(mark)):
                    pdfium.FPDFAnnot_GetAttachmentPoints(mark, at, quad)
                    under.append(words.get_text_bounded(quad.x1 + 1, quad.y3 + 2, quad.x2 - 1, quad.y1 - 2))
                author, said = (_string(pdfium, mark, key) for key in (b"T", b"Contents"))
                found.append((number + 1, author, said.split("\r")[0], "".join("".join(under).split())))
                pdfium.FPDFPage_CloseAnnot(mark)
            words.close()
            page.close()
    return found


def _string(pdfium: object, mark: object, key: bytes) -> str:
    import ctypes

    size = pdfium.FPDFAnnot_GetStringValue(mark, key, None, 0)  # type: ignore[attr-defined]
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetStringValue(mark, key, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)  # type: ignore[attr-defined]
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def test_the_findings_of_a_report(engine: Engine) -> None:
    data = as_pdf(LINES)
    result = check_bytes(engine, "报告.pdf", data)
    notes = collect_notes(result)
    copy = annotate_pdf(data, notes, DEFAULT_LIMITS)
    assert copy.startswith(data)
    assert copy == annotate_pdf(data, notes, DEFAULT_LIMITS)
    assert load_pdf("", copy).text == load_pdf("", data).text
    found = marks(copy)
    assert {m[1] for m in found} == {"必备项", "应改项", "质量提示"}
    wrong = [m for m in found if "W601" in m[2]]
    assert len(wrong) >= 10
    assert {m[3] for m in wrong} == {"法制"}
    assert len({m[0] for m in wrong}) >= 2
    missing = [m for m in found if "P104" in m[2]]
    assert [m[3] for m in missing] == ["执法力量不足，原因是人员编制少。"]


def test_a_place_over_a_page_break_is_marked_on_both_pages() -> None:
    data = as_pdf(LINES)
    raw = load_pdf("", data)
    last = max(i for i, p in enumerate(raw.places) if p.page == 1)
    before, after = raw.places[last], raw.places[last + 1]
    at = Location(before.line, 1, after.line, 5, 1, None, after.page)
    found = marks(annotate_pdf(data, (Note("应改项", "改", "看", at, False),), DEFAULT_LIMITS))
    assert [m[0] for m in found] == [1, 2]
    words = raw.text[before.start :].replace("\n", "")
    assert words.startswith(found[0][3])
    assert found[1][3] == raw.text[after.start : after.start + 4]


@pytest.mark.parametrize("at", [None, Location(99, 1, 99, 2, 1, None, 1)])
def test_without_words_the_note_hangs_on_the_page(at: Location | None) -> None:
    found = marks(annotate_pdf(as_pdf(LINES), (Note("必备项", "必", "没有", at, True),), DEFAULT_LIMITS))
    assert [(m[0], m[2]) for m in found] == [(1, "没有")]
