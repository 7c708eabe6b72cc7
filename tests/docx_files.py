"""Small Word files made of strings: what the tests of the .docx loader, and of whoever writes into such files, read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from xml.sax.saxutils import escape

W_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W_SPACE}"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_KINDS = ("numbering", "styles", "footnotes", "endnotes", "header", "footer")
NO_PARTS: Mapping[str, str | bytes] = MappingProxyType({})


def build_docx(
    body_xml: str,
    numbering: str | None = None,
    styles: str | None = None,
    extra_parts: Mapping[str, str | bytes] = NO_PARTS,
) -> bytes:
    """Return a .docx.

    Args:
        body_xml: the children of ``w:body``.
        numbering: the children of ``w:numbering``.
        styles: the children of ``w:styles``.
        extra_parts: more parts by name, such as ``word/footnotes.xml`` or ``word/header1.xml``, whole; a part of the
            base may be replaced. Those of a known kind are referred to by the main part.
    """
    parts: dict[str, str | bytes] = {}
    if numbering is not None:
        parts["word/numbering.xml"] = root("numbering", numbering)
    if styles is not None:
        parts["word/styles.xml"] = root("styles", styles)
    parts |= dict(extra_parts)
    related = [(k, n) for n in parts for k in _KINDS if n.startswith(f"word/{k}")]
    overrides = "".join(f'<Override PartName="/{n}" ContentType="{_WORD}.{k}+xml"/>' for k, n in related)
    base: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>{overrides}</Types>',
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": root("document", f"<w:body>{body_xml}</w:body>"),
        "word/_rels/document.xml.rels": relationships(*((k, n.removeprefix("word/")) for k, n in related)),
    }
    return pack(base | parts)


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of parts, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def root(name: str, inner: str) -> str:
    """Return a whole part: ``w:document``, ``w:styles`` …"""
    return f"{_HEAD}<w:{name} {SPACES}>{inner}</w:{name}>"


def relationships(*items: tuple[str, str]) -> str:
    """Return a relationships part from (kind, target)."""
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(items, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_HEAD}<Relationships xmlns="{space}">{inner}</Relationships>'


def run(text: str, properties: str = "") -> str:
    """Return a ``w:r``; a tab or line end in the text is a ``w:tab`` or ``w:br``."""
    words = escape(text)
    for sign, name in (("\t", "tab"), ("\n", "br")):
        words = words.replace(sign, f'</w:t><w:{name}/><w:t xml:space="preserve">')
    inner = f'<w:t xml:space="preserve">{words}</w:t>' if text else ""
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>"


def paragraph(
    text: str = "",
    num: int | None = None,
    level: int = 0,
    style: str | None = None,
    *,
    inner: str = "",
    properties: str = "",
) -> str:
    """Return a ``w:p``.

    Args:
        text: its words, in one run.
        num: the id of the list that numbers it.
        level: the level of that list, 0-based.
        style: the id of its style.
        inner: XML that follows the run.
        properties: XML that ends ``w:pPr``.
    """
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>' if num is not None else ""
    inside = f"{named}{numbered}{properties}"
    return f"<w:p>{f'<w:pPr>{inside}</w:pPr>' if inside else ''}{run(text) if text else ''}{inner}</w:p>"


def level(index: int, text: str, name: str = "decimal", more: str = "", start: int = 1, last: str = "") -> str:
    """Return a ``w:lvl``; ``more`` follows the number format (``w:lvlRestart``, ``w:pStyle``, ``w:isLgl``, ``w:suff``)."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{name}"/>{more}'
        f'<w:lvlText w:val="{text}"/>{last}</w:lvl>'
    )


def abstract(identifier: int, *levels: str, more: str = "") -> str:
    """Return a ``w:abstractNum``."""
    return (
        f'<w:abstractNum w:abstractNumId="{identifier}"><w:multiLevelType w:val="multilevel"/>'
        f"{more}{''.join(levels)}</w:abstractNum>"
    )


def num(identifier: int, abstract_id: int, overrides: str = "") -> str:
    """Return a ``w:num``."""
    return f'<w:num w:numId="{identifier}"><w:abstractNumId w:val="{abstract_id}"/>{overrides}</w:num>'


def start_override(index: int, value: int) -> str:
    """Return a ``w:lvlOverride`` that makes counting start at a value."""
    return f'<w:lvlOverride w:ilvl="{index}"><w:startOverride w:val="{value}"/></w:lvlOverride>'


OFFICIAL = abstract(
    0,
    level(0, "%1、", "chineseCountingThousand"),
    level(1, "（%2）", "chineseCountingThousand"),
    level(2, "%3."),
    level(3, "（%4）"),
) + num(1, 0)
"""The numbering of GB/T 9704 as list 1: 一、 （一） 1. （1）."""


def style(
    identifier: str, name: str, inner: str = "", kind: str = "paragraph", based_on: str = "", more: str = ""
) -> str:
    """Return a ``w:style``; ``more`` is for its attributes, such as ``w:default="1"``."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="{kind}" w:styleId="{identifier}" {more}><w:name w:val="{name}"/>{base}{inner}</w:style>'


def table(*rows: tuple[str, ...]) -> str:
    """Return a ``w:tbl`` whose cells hold the given XML."""
    made = "".join("<w:tr>" + "".join(f"<w:tc>{c}</w:tc>" for c in row) + "</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/>{made}</w:tbl>"
