"""Reading PDF files: paragraphs of printed reports, places that a highlighter finds again, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from tests.pdf_files import HEIGHT, LEFT, WIDTH, Paper, Paragraph, Print, build_pdf, print_pdf, typeset, width_of
from tests.test_layout import OPENING, PLAN, REPORT, WORK
from validator.errors import LoadError
from validator.loaders.paper.ocr import MISSING
from validator.loaders.paper.pdf import load_pdf
from validator.loaders.paper.pdf_file import load_pdfium
from validator.loaders.paper.pdf_text import char_boxes
from validator.options import Limits

PAGE = (0.0, 0.0, WIDTH, HEIGHT)
LONG: list[Paragraph] = [*REPORT[:-2], *REPORT[3:-2], *REPORT[3:]]
BODY = typeset([(WORK, "body")], Paper(page_numbers=False))[0]


def refused(data: bytes, *, limits: Limits | None = None, ocr: bool = False) -> str:
    with pytest.raises(LoadError) as caught:
        load_pdf("报告.pdf", data, limits or Limits(), ocr=ocr)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith("。")
    return message


@pytest.mark.parametrize(
    "build",
    [
        lambda: build_pdf(LONG),
        lambda: build_pdf(LONG, header="云溪镇法治政府建设年度报告"),
        lambda: build_pdf(LONG, indent=0),
        lambda: build_pdf(LONG, indent=0, space=10, page_numbers=False),
    ],
    ids=["numbers", "header", "no-indents", "space-between"],
)
def test_report_comes_back_paragraph_by_paragraph(build: Callable[[], bytes]) -> None:
    raw = load_pdf("报告.pdf", build())
    assert raw.text.split("\n") == [text for text, _ in LONG]
    assert raw.reading == "text"
    assert raw.places[-1].page is not None
    assert raw.places[-1].page > 1


def test_places_and_boxes_agree() -> None:
    data = build_pdf(LONG, header="云溪镇年度报告")
    raw = load_pdf("报告.pdf", data)
    at = raw.text.index("被复议纠正")
    place = raw.position(at)
    lines = typeset(LONG, Paper(header="云溪镇年度报告"))
    printed = lines[(place.page or 1) - 1][place.line - 1]
    assert printed.text[place.column - 1 :].startswith("被复议纠正"[: len(printed.text) - place.column + 1])
    (box,) = char_boxes(data, place.page or 1, place.line, place.column, place.column + 2)
    assert box.left == pytest.approx(
        printed.x + 16 * sum(0.5 if c.isascii() else 1 for c in printed.text[: place.column - 1]), abs=1
    )
    assert box.right - box.left == pytest.approx(32, abs=1)
    assert box.bottom < HEIGHT - printed.y + 1 < box.top


def test_every_place_of_a_report_has_its_box() -> None:
    data = build_pdf(REPORT)
    raw = load_pdf("报告.pdf", data)
    for place in raw.places:
        (box, *_) = char_boxes(data, place.page or 1, place.line, place.column, place.column + 1)
        assert LEFT - 1 <= box.left < WIDTH
    assert char_boxes(data, 99, 1, 1, 2) == []
    assert char_boxes(data, 1, 99, 1, 2) == []


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_turned_page_reads_the_same(turned: int) -> None:
    data = print_pdf([BODY], turned=turned)
    assert load_pdf("报告.pdf", data).text == WORK
    assert len(char_boxes(data, 1, 1, 1, 3)) == 1


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_page_printed_sideways_reads_the_same(angle: int) -> None:
    assert load_pdf("报告.pdf", print_pdf([[]], stamp=("县政府报告", angle))).text == "县政府报告"


def test_stamp_at_an_angle_is_no_text() -> None:
    assert load_pdf("报告.pdf", print_pdf([BODY, BODY], stamp=("内部资料", 45))).text == f"{WORK}\n{WORK}"


def test_two_columns() -> None:
    left = typeset([(WORK, "body"), (PLAN, "body")], Paper(left=60, right=284, page_numbers=False))[0]
    right = typeset([(OPENING, "body"), (PLAN, "body")], Paper(left=304, right=528, page_numbers=False))[0]
    rows = sorted([*left, *right], key=lambda p: (p.y, p.x))
    for lines in (rows, [*left, *right]):
        assert load_pdf("报告.pdf", print_pdf([lines])).text.split("\n") == [WORK, PLAN, OPENING, PLAN]


def test_table_rows() -> None:
    rows = [("事项", "数量"), ("行政许可", "14"), ("行政处罚", "56"), ("公共服务", "42")]
    lines = [Print(c, x, 300 + 28 * i) for i, r in enumerate(rows) for c, x in zip(r, (100, 300), strict=True)]
    got = load_pdf("报告.pdf", print_pdf([[*BODY, *lines]])).text.split("\n")
    assert got == [WORK, *(" ".join(r) for r in rows)]


def test_text_outside_the_page_and_unseen_text_do_not_count() -> None:
    outside = Print("看不见的第一责任人", 80, -50)
    assert load_pdf("报告.pdf", print_pdf([[*BODY, outside]])).text == WORK
    assert "没有文字" in refused(print_pdf([BODY], invisible=True))


def test_words_under_a_scan_are_recognised_ones() -> None:
    for data in (print_pdf([BODY], picture=PAGE, invisible=True), print_pdf([BODY], picture=PAGE, over=True)):
        raw = load_pdf("报告.pdf", data)
        assert (raw.text, raw.reading) == (WORK, "ocr")
    assert load_pdf("报告.pdf", print_pdf([BODY], picture=PAGE)).reading == "text"


def test_scanned_pages_are_named() -> None:
    mark = [Print("扫描工具 创建", 400, 820, 9)]
    assert "全部2页" in refused(print_pdf([[], []], picture=PAGE))
    assert "是扫描图片" in refused(print_pdf([mark], picture=PAGE))
    assert "--ocr" in refused(print_pdf([mark, mark], picture=PAGE))


def test_cover_over_a_picture_is_no_scan() -> None:
    cover = [Print("云溪镇法治政府建设报告", 150, 400, 26)]
    assert load_pdf("报告.pdf", print_pdf([cover, BODY], picture=PAGE)).text.startswith(cover[0].text)


def test_blank_pages_are_fine() -> None:
    raw = load_pdf("报告.pdf", print_pdf([BODY, [], BODY]))
    assert {p.page for p in raw.places} == {1, 3}


def test_recognising_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from validator.loaders.paper import ocr

    ocr._engine.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    data = print_pdf([[]], picture=PAGE)
    assert refused(data, ocr=True) == MISSING
    assert load_pdf("报告.pdf", print_pdf([BODY]), ocr=True).reading == "text"


def test_recognised_pages_stand_among_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from validator.loaders.paper import ocr
    from validator.loaders.paper.layout import Fragment

    def read(image: Any, scale: float) -> list[Fragment]:
        assert image.ndim == 2
        assert image.shape == (round(HEIGHT * scale), round(WIDTH * scale))
        return [Fragment(WORK[:26], 112, 94, 528, 110, 16), Fragment(WORK[26:52], 80, 122, 500, 138, 16)]

    monkeypatch.setattr(ocr, "read_picture", read)
    raw = load_pdf("报告.pdf", print_pdf([[]], picture=PAGE), ocr=True)
    assert (raw.text, raw.reading) == (WORK[:52], "ocr")
    assert raw.places[1][1:4] == (2, 1, 1)


def test_boxes_of_a_crooked_scan_become_straight_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    from validator.loaders.paper import ocr

    lean = 0.03
    boxes, words = [], [WORK[:26], WORK[26:54], "2021一2025年"]
    for i, text in enumerate(words):
        left, top = 200.0 + 80 * (i == 0), 300.0 + 70 * i
        right = left + 40 * width_of(text)
        corners = [(left, top), (right, top), (right, top + 52), (left, top + 52)]
        boxes.append([(x - lean * y, y + lean * x) for x, y in corners])
    monkeypatch.setattr(ocr, "_engine", lambda: lambda _: SimpleNamespace(boxes=boxes, txts=words))
    found = ocr.read_picture([[0]], 2.5)
    assert [f.text for f in found] == [*words[:2], "2021－2025年"]
    assert found[0].x0 - found[1].x0 == pytest.approx(32, abs=0.5)
    assert found[1].y1 - found[0].y1 == pytest.approx(28, abs=0.5)
    assert len({f.size for f in found}) == 1


GOOD = build_pdf(REPORT)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b" \r\n\0", "空的"),
        (b"PK\x03\x04word/document.xml", r".docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r".doc"),
        (b"<!DOCTYPE html><html></html>", "网页"),
        ("云溪镇2023年度报告".encode(), "不是 PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xff\xd8\xff\xe0", "图片"),
        (GOOD[: len(GOOD) // 2], "不完整"),
        (GOOD[:-7], "不完整"),
        (b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n", "不完整"),
        (build_pdf(REPORT, password="秘密"), "密码"),
        (print_pdf([[]]), "没有文字"),
    ],
)
def test_what_cannot_be_read_is_one_plain_sentence(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_owner_password_alone_does_not_matter() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]

    locked = StandardEncryption("", ownerPassword="所有者", canPrint=0)
    assert load_pdf("报告.pdf", build_pdf(REPORT, password=locked)).text.startswith("云溪镇")


def test_too_many_pages() -> None:
    assert "超过 2 页" in refused(print_pdf([BODY] * 3), limits=Limits(pages=2))


def test_garbled_text_layer() -> None:
    odd = "鑻彲銈勶紝蹇犻湶鐗﹂懣鏀惧粋" * 6
    assert "乱码" in refused(print_pdf([[Print(odd[i : i + 26], 80, 110 + i) for i in range(0, 78, 26)]]))
    assert "乱码" in refused(print_pdf([[Print("!#%&xQz@q" * 4, 80, 110 + 28 * i) for i in range(4)]]))


def test_fonts_that_do_not_say_what_their_glyphs_mean() -> None:
    assert "读不出" in refused(build_pdf(REPORT).replace(b"/ToUnicode", b"/NotUnicode"))


def test_a_font_that_is_nowhere_to_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.loaders.paper.pdf_text._FLAT", 5.0)
    assert load_pdf("报告.pdf", GOOD).text
    monkeypatch.setattr("validator.loaders.paper.pdf_file.load_pdfium", pdfium_without_embedded_fonts)
    monkeypatch.setattr("validator.loaders.paper.pdf_text.load_pdfium", pdfium_without_embedded_fonts)
    monkeypatch.setattr("validator.loaders.paper.pdf.load_pdfium", pdfium_without_embedded_fonts)
    assert "没有嵌入字体" in refused(GOOD)


def pdfium_without_embedded_fonts() -> object:
    """pdfium, but no font is in the file."""
    pdfium = load_pdfium()

    class Changed:
        def __getattr__(self, name: str) -> object:
            return (lambda _: 0) if name == "FPDFFont_GetIsEmbedded" else getattr(pdfium, name)

    return Changed()


def test_same_file_same_document() -> None:
    assert load_pdf("报告.pdf", GOOD) == load_pdf("报告.pdf", GOOD)


@pytest.mark.parametrize("step", range(0, len(GOOD), max(len(GOOD) // 25, 1)))
def test_damage_is_a_sentence_or_a_text(step: int) -> None:
    data = bytearray(GOOD)
    data[step : step + 40] = b"\xff" * 40
    with suppress(LoadError):
        assert load_pdf("报告.pdf", bytes(data)).text
