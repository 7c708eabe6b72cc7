"""Word (.docx, .docm): a zip of XML → RawDocument. Row of ``validator.loaders.table``.

``package`` opens the zip, ``body`` walks the body (with ``styles``, ``numbering`` and
``fields``), and here its lines become blocks. No office program and no python-docx is needed to read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.assemble import NOTHING, Block, Piece, assemble
from validator.loaders.word.body import Line, Walk, walk
from validator.loaders.word.package import W, open_docx
from validator.options import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from lxml.etree import _Element

_DOCUMENT_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,12}\s*[〔\[（(［【]\s*(?:19|20)\d\d\s*[〕\]）)］】]\s*第?\s*\d{1,5}\s*号"
)
_PICTURES = "文件里没有文字，可能全是图片，请换成能选中文字的 Word 文件后再检查。"


def load_docx(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawDocument:
    """Read a Word document.

    Args:
        name: the path as the user gave it; it is only shown.
        data: the whole file.
        limits: ``members``, ``expanded_mib``, ``ratio``, ``depth`` and ``text_mib``.

    Raises:
        LoadError: it is no .docx, is locked or damaged, holds no text, or is larger than a report can be.
    """
    document, parts = open_docx(data, limits)
    found = walk(document, parts)
    number = _document_number(parts.headers)
    meta = (("document_number", number),) if number else ()
    try:
        return assemble(name, data, _blocks(found), limits, meta=meta)
    except LoadError as exc:
        if str(exc) == NOTHING and _has_pictures(document):
            raise LoadError(_PICTURES) from exc
        raise


def _blocks(found: Walk) -> list[Block]:
    return [_block(line) for line in found.lines]


def _block(line: Line) -> Block:
    """Turn a line into a block.

    Breaks at its beginning (a page break, mostly) and right after its number are left out: a heading is one line.
    """
    pieces: list[Piece] = []
    hint = 0
    for paragraph, after in line:
        text, number = paragraph.text, paragraph.number
        position = paragraph.position
        if text and not hint and not any(p.text for p in pieces):
            hint = paragraph.hint
        start = 0
        if number:
            start = len(number)
            pieces.append(Piece(number, position, 1, None, position))
        if number or not pieces:
            start = len(text) - len(text[start:].lstrip("\n"))
        rest = text[start:].rstrip("\n") + after
        if rest:
            pieces.append(Piece(rest, position, start + 1, None, position))
    return Block(pieces, 0 if any(part.after for part in line) else hint)


def _document_number(headers: tuple[_Element, ...]) -> str:
    """Return the 发文字号 that stands in a header or footer, without blanks, or ""."""
    for root in headers:
        for paragraph in root.iter(f"{W}p"):
            hit = _DOCUMENT_NUMBER.search("".join(t.text or "" for t in paragraph.iter(f"{W}t")))
            if hit:
                return "".join(hit.group().split())
    return ""


def _has_pictures(document: _Element) -> bool:
    return next(document.iter("{*}blip", "{*}imagedata"), None) is not None
