"""PDF → RawDocument: the text layer through the layout module; scans are refused, or recognised when asked for.

``pdf_text`` reads single pages; here the whole file is judged: is it a PDF, is it complete, does every page that shows
words give them. A page that gives none or wrong ones is an error, never a shorter text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.assemble import NOTHING, Block, assemble
from validator.loaders.paper.layout import Page, arrange
from validator.loaders.paper.legible import DRAWN, SCANNED, is_garbled, name_pages, pages_without_words
from validator.loaders.paper.pdf_file import BROKEN, count_drawings, load_pdfium, opened, opened_page, picture_share
from validator.loaders.paper.pdf_text import PageText, read_page
from validator.loaders.signature import CONTENT_WORDS, ending_of
from validator.options import DEFAULT_LIMITS, Limits

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_TAIL = 2048
_UNREADABLE = 3
_EMPTY = "文件是空的，没有可检查的文字。"
_ONLY_FORM = "PDF 的页面上没有文字，文字可能在表单或批注里，请用打印的方式重新生成 PDF 后再检查。"
_GARBLED = "PDF 的文字层是乱码，读不出汉字，请用 Word 文件检查，或加 --ocr 识别。"


def load_pdf(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS, *, ocr: bool = False) -> RawDocument:
    """Read a PDF by its text layer.

    Args:
        name: the path as the user gave it; it is only shown.
        data: the whole file.
        limits: how many pages and how much text it may have.
        ocr: recognise the words of pages that are pictures.

    Raises:
        LoadError: it is no PDF, not complete, has a password or too many pages, or a page's words cannot be read.
    """
    _check_kind(data)
    pdfium = load_pdfium()
    with opened(data) as document:
        count = pdfium.FPDF_GetPageCount(document)
        if count < 1:
            raise LoadError(BROKEN)
        if count > limits.pages:
            raise LoadError(f"PDF 有{count}页，超过 {limits.pages} 页，不像一份报告。")
        pages: list[PageText] = []
        has_notes = False
        for number in range(1, count + 1):
            with opened_page(document, number) as page:
                pages.append(read_page(page))
                has_notes = has_notes or pdfium.FPDFPage_GetAnnotCount(page) > 0
        blocks = arrange([p.page for p in pages])
        wanting = _pages_wanting(document, pages, blocks)
        bad = [n for n, p in enumerate(pages, 1) if p.unreadable >= _UNREADABLE and n not in wanting]
        garbled = is_garbled(blocks)
        if not ocr:
            _refuse(wanting, bad, count, garbled=garbled, fontless=any(p.fontless for p in pages))
        elif wanting or bad or garbled:
            for number in range(1, count + 1) if garbled else sorted((*wanting, *bad)):
                pages[number - 1] = PageText(_recognise(document, number), recognised=True)
            blocks = arrange([p.page for p in pages])
    if not blocks:
        raise LoadError(_ONLY_FORM if has_notes else NOTHING)
    recognised = any(p.recognised and p.page.fragments for p in pages)
    return assemble(name, data, blocks, limits, reading="ocr" if recognised else "text")


def _check_kind(data: bytes) -> None:
    """Refuse what is no PDF, and a PDF without its end."""
    if not data.strip(b"\0 \t\r\n"):
        raise LoadError(_EMPTY)
    if b"%PDF-" not in data[:1024]:
        if data.startswith(_PICTURES):
            raise LoadError("文件内容是图片，不是 PDF，请用 Word 或 PDF 文件检查。")
        found = ending_of(data)
        if found in (".pdf", ".txt"):
            if data.startswith(b"PK"):
                raise LoadError("文件内容是压缩文件或表格，不是 PDF，请用 Word 或 PDF 文件检查。")
            raise LoadError("文件内容不是 PDF，请把文件名的结尾改对，或重新导出 PDF 后再检查。")
        raise LoadError(f"文件内容是{CONTENT_WORDS[found]}，不是 PDF，请把文件名的结尾改为 {found} 后再检查。")
    if b"%%EOF" not in data[-_TAIL:]:
        raise LoadError(BROKEN)


def _refuse(wanting: list[int], bad: list[int], total: int, *, garbled: bool, fontless: bool) -> None:
    """Raise what the user has to know before the text is taken for the whole report."""
    if wanting:
        raise LoadError(
            f"PDF {name_pages(wanting, total)}是扫描图片，没有文字层，请用 Word 文件检查，或加 --ocr 识别。"
        )
    if garbled:
        raise LoadError(_GARBLED)
    if bad and fontless:
        raise LoadError("PDF 没有嵌入字体，这台电脑上也没有，文字读不全，请用 Word 文件检查，或换一台电脑。")
    if bad:
        raise LoadError(f"PDF 第{bad[0]}页有文字读不出来（字体没有编码），请用 Word 文件检查，或加 --ocr 识别。")


def _pages_wanting(document: Any, pages: Sequence[PageText], blocks: Sequence[Block]) -> list[int]:
    """Return the numbers of pages whose words are in a picture, or drawn as shapes, and not in the text."""
    wanting: list[int] = []
    for number, is_bare in pages_without_words([p.page for p in pages], blocks):
        with opened_page(document, number) as page:
            pictured = picture_share(page, pages[number - 1].frame) >= SCANNED
            if pictured or (is_bare and count_drawings(page) >= DRAWN):
                wanting.append(number)
    return wanting


def _recognise(document: Any, number: int) -> Page:
    """Return what a picture of a page says, in points."""
    from validator.loaders.paper.ocr import read_picture, render

    with opened_page(document, number) as page:
        image, scale = render(page)
        width, height = image.shape[1] / scale, image.shape[0] / scale
        return Page(width, height, read_picture(image, scale))
