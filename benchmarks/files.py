"""Lines → the bytes of a file in one of a few formats, and files that nobody can read. The same bytes everywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from html import escape
from xml.sax.saxutils import escape as xml_escape

from benchmarks.dice import Dice
from benchmarks.layout import Line

_STAMP = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SPACE = "http://schemas.openxmlformats.org"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_SPACE}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_SPACE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{_SPACE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def write_text(lines: list[Line]) -> bytes:
    """Return plain text."""
    return "".join(f"{line.text}\n" for line in lines).encode()


def write_markdown(lines: list[Line]) -> bytes:
    """Return Markdown with its headings marked."""
    marks = {0: "", 1: "## ", 2: "### ", 9: "# "}
    return "".join(f"{marks[line.level]}{line.text}\n\n" for line in lines).encode()


def write_html(lines: list[Line]) -> bytes:
    """Return a page of a web site, with what stands around a report there."""
    tags = {0: "p", 1: "h2", 2: "h3", 9: "h1"}
    title = escape("".join(x.text for x in lines if x.level == 9))
    body = "\n".join(f"<{tags[x.level]}>{escape(x.text)}</{tags[x.level]}>" for x in lines)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head><body>\n'
        '<div class="nav"><a href="/">首页</a> &gt; <a href="/gk/">政务公开</a> &gt; <a href="/fz/">法治</a></div>\n'
        f'<div class="article">\n{body}\n</div>\n'
        '<div class="foot"><a href="#">打印本页</a> <a href="#">关闭窗口</a></div>\n</body></html>\n'
    ).encode()


def write_docx(lines: list[Line]) -> bytes:
    """Return a Word file of three parts, stored and not compressed."""
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{xml_escape(x.text)}</w:t></w:r></w:p>' for x in lines)
    space = f"{_SPACE}/wordprocessingml/2006/main"
    document = f'{_HEAD}<w:document xmlns:w="{space}"><w:body>{paragraphs}<w:sectPr/></w:body></w:document>'
    return _pack(("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document))


def _pack(*parts: tuple[str, str | bytes]) -> bytes:
    """Return a zip of parts, stored and without a time of its own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content)
    return packed.getvalue()


WRITERS: dict[str, Callable[[list[Line]], bytes]] = {
    ".txt": write_text,
    ".md": write_markdown,
    ".html": write_html,
    ".docx": write_docx,
}


def _noise(dice: Dice, length: int) -> bytes:
    return bytes(dice.below(256) for _ in range(length))


def make_unreadable(how: str, dice: Dice, lines: list[Line]) -> bytes:
    """Return the bytes of a file that nobody can read, one of the ways of ``UNREADABLE``."""
    match how:
        case "blank":
            return b" \r\n" * dice.between(3, 60)
        case "zeros":
            return b"\0" * dice.between(40, 900)
        case "utf16_nonsense":
            return b"\xff\xfe" + _noise(dice, 2 * dice.between(40, 300) + 1)
        case "half_docx":
            whole = write_docx(lines)
            return whole[: len(whole) * dice.between(30, 80) // 100]
        case "rubbish_zip":
            return _pack(("data.bin", _noise(dice, 900)))
        case "program":
            return b"MZ\x90\0\x03\0\0\0" + _noise(dice, 800)
        case "pdf_rubbish":
            return b"%PDF-1.7\n" + _noise(dice, 900)
    return b""


UNREADABLE = {
    "empty": ".txt",
    "blank": ".txt",
    "zeros": ".txt",
    "utf16_nonsense": ".txt",
    "half_docx": ".docx",
    "rubbish_zip": ".docx",
    "program": ".docx",
    "pdf_rubbish": ".pdf",
}
"""Ways to be unreadable, with the ending of such a file."""
