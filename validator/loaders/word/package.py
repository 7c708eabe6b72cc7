"""Bytes → the XML parts of a .docx that hold words: a zip opened with distrust. The first step of ``docx``.

A .docx is a zip of XML parts tied together by relationships (ECMA-376 part 2). Only the parts that hold words are
unpacked, so pictures and embedded files cost nothing; what is unpacked is bounded, and no part may have a DOCTYPE.
"""

from __future__ import annotations

import re
import struct
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from validator.errors import LoadError
from validator.loaders.unpack import BROKEN_ZIP, Sentences, unpack
from validator.loaders.xml import parse_xml
from validator.options import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M[1:-1].encode()),
)
_STYLES = "样式"
_MIB = 1024 * 1024
_SAVE_AGAIN = "请用 Word 打开，另存为新的 .docx 文件后再检查。"
_DAMAGED = "文件不完整或已损坏，读不出来，请重新取得文件，或在 Word 里打开、另存一份后再检查。"
_LOCKED = "文件设了密码，打不开，请在 Word 里去掉密码、另存一份后再检查。"
_NOT_WORD = f"文件内容不是 .docx 文档，可能已损坏，或被加密软件保护着，{_SAVE_AGAIN}"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|style|script)[\s>]", re.IGNORECASE)
_HEADS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF", ".pdf"),
    (b"{\\rtf", "RTF", ".rtf"),
    (b"\x89PNG", "图片", ".png"),
    (b"\xff\xd8\xff", "图片", ".jpg"),
    (b"mime-version:", "网页（.mht）", ".mht"),
)


@dataclass(frozen=True, slots=True)
class DocxParts:
    """The roots of the parts beside the body; ``None`` where a document has no such part."""

    styles: _Element | None = None
    numbering: _Element | None = None
    footnotes: _Element | None = None
    endnotes: _Element | None = None
    headers: tuple[_Element, ...] = ()


def open_docx(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[_Element, DocxParts]:
    """Return the root of the main part (``w:document``) and the other parts.

    Strict OOXML is handed back in transitional names, so that everything after this knows one spelling.

    Args:
        data: the whole file.
        limits: ``members``, ``expanded_mib`` (of all members as declared, and of what is really unpacked), ``ratio``
            (of the parts that are unpacked) and ``depth``.

    Raises:
        LoadError: it is something else, locked, damaged, or larger inside than a report can be.
    """
    if not data.strip():
        raise LoadError("文件是空的，没有可检查的文字。")
    if not data.startswith(b"PK"):
        raise LoadError(_say_what_it_is(data))
    archive = _Archive(data, limits)
    main = archive.find_main()
    related = archive.relationships(main)
    document = archive.parse(main, "正文")
    if document.tag != f"{W}document" or document.find(f"{W}body") is None:
        raise LoadError(_DAMAGED)

    def part(kind: str, what: str) -> _Element | None:
        targets = related.get(kind)
        return archive.parse(targets[0], what) if targets else None

    headers = [archive.parse(t, "页眉页脚") for k in ("header", "footer") for t in sorted(set(related.get(k, ())))]
    return document, DocxParts(
        part("styles", _STYLES),
        part("numbering", "自动编号"),
        part("footnotes", "脚注"),
        part("endnotes", "尾注"),
        tuple(headers),
    )


class _Archive:
    """The members of the zip by their part names, and how much may still be unpacked."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        # Counted before the directory is read: a directory of a million entries is itself the attack.
        if data.count(b"PK\x01\x02") > limits.members:
            raise LoadError(f"文件里有超过 {limits.members} 个部件，不像一份报告。")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            end = data.rindex(b"PK\x05\x06")
            (entries,) = struct.unpack_from("<H", data, end + 10)
        except BROKEN_ZIP as exc:
            raise LoadError(_DAMAGED) from exc
        if entries not in (len(self._zip.infolist()), 0xFFFF):
            raise LoadError(_DAMAGED)
        self._limits = limits
        self._left = limits.expanded_mib * _MIB
        self._members: dict[str, zipfile.ZipInfo] = {}
        declared = 0
        for info in self._zip.infolist():
            declared += info.file_size
            name = info.filename.replace("\\", "/")
            if name.endswith("/") or name.startswith("/") or ":" in name or ".." in name.split("/"):
                continue
            if name.lower() in self._members:
                raise LoadError(f"文件里有同名的部件，不知道该读哪一个，{_SAVE_AGAIN}")
            self._members[name.lower()] = info
        if declared > self._left:
            raise LoadError(self._too_large())

    def _too_large(self) -> str:
        return f"文件展开后超过 {self._limits.expanded_mib} 兆字节，不像一份报告。"

    def find_main(self) -> str:
        """Return the name of the part that holds the body: by relationship, by content type, or by its usual name."""
        for target in self.relationships("").get("officeDocument", ()):
            if target in self._members and self._is_word(target):
                return target
        if "[content_types].xml" in self._members:
            for override in self.parse("[content_types].xml", "目录"):
                kind = override.get("ContentType", "")
                name = override.get("PartName", "").lstrip("/").lower()
                if kind.endswith("main+xml") and "word" in kind and name in self._members:
                    return name
        if "word/document.xml" in self._members:
            return "word/document.xml"
        raise LoadError(self._say_what_it_holds())

    @staticmethod
    def _is_word(name: str) -> bool:
        """Tell whether a main part may be that of a text document (and not of a table or slides)."""
        return not name.startswith(("xl/", "ppt/", "visio/"))

    def _say_what_it_holds(self) -> str:
        names = self._members
        if any(n.startswith("xl/") for n in names):
            return "文件内容是 Excel 表格，不是 Word 文档，请换成报告的 Word 文件后再检查。"
        if any(n.startswith("ppt/") for n in names):
            return "文件内容是演示文稿（.pptx），不是 Word 文档，请换成报告的 Word 文件后再检查。"
        if "ofd.xml" in names:
            return _rename("版式文件（.ofd）", ".ofd")
        if "content.xml" in names and "mimetype" in names:
            return _rename("开放文档（.odt）", ".odt")
        if "encryptedpackage" in names:
            return _LOCKED
        if "[content_types].xml" in names or any(n.startswith("word/") for n in names):
            return _DAMAGED
        return "文件内容是压缩包，里面没有 Word 正文，请解压，或把文件名的结尾改成 .zip 后再检查。"

    def relationships(self, source: str) -> dict[str, list[str]]:
        """Return the parts that a part (``""``: the package) refers to, by the last word of the relationship type."""
        folder, _, base = source.rpartition("/")
        name = f"{folder}/_rels/{base}.rels".lstrip("/")
        found: dict[str, list[str]] = {}
        if name not in self._members:
            if f"{folder}/numbering.xml" in self._members or f"{folder}/styles.xml" in self._members:
                raise LoadError(_DAMAGED)
            return found
        for item in self.parse(name, "目录"):
            target = item.get("Target", "") if isinstance(item.tag, str) else ""
            if not target or item.get("TargetMode") == "External":
                continue
            kind = item.get("Type", "").rpartition("/")[2]
            found.setdefault(kind, []).append(_resolve(folder, target))
        return found

    def parse(self, name: str, what: str) -> _Element:
        """Unpack and parse one part; ``what`` names it for the user."""
        info = self._members.get(name)
        if info is None:
            raise LoadError(f"文件缺少{what}，可能已损坏，{_SAVE_AGAIN}")
        data = self._unpack(info)
        return parse_part(_without_table_styles(data) if what == _STYLES else data, what, self._limits)

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        say = Sentences(_LOCKED, _DAMAGED, self._too_large())
        data = unpack(self._zip, info, self._limits.ratio, self._left, say)
        self._left -= len(data)
        return data


def _resolve(folder: str, target: str) -> str:
    """Return the name of a part, from a target relative to the folder of the part that refers to it."""
    target = target.replace("\\", "/").lower()
    steps = [] if target.startswith("/") else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(s for s in steps if s)


def parse_part(data: bytes, what: str, limits: Limits = DEFAULT_LIMITS) -> _Element:
    """Parse one XML part: no entities, no network, no DOCTYPE, no element deeper than ``depth``.

    Raises:
        LoadError: it is not well-formed or breaks a rule above; ``what`` names the part for the user.
    """
    from lxml import etree

    broken = f"文件的{what}已损坏，读不完整，{_SAVE_AGAIN}"
    deep = f"文件的{what}层次太深，不像一份报告，{_SAVE_AGAIN}"
    root = parse_xml(data, limits.depth, broken=broken, deep=deep)
    if str(root.tag).startswith("{http://purl.oclc.org/"):
        data = etree.tostring(root)
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
        root = parse_xml(data, limits.depth, broken=broken, deep=deep)
    return root


def _without_table_styles(data: bytes) -> bytes:
    """Cut table styles out of ``styles.xml``: they say nothing of words, and in some templates they are most of it."""
    end = b"</w:style>"
    *styles, rest = data.split(end)
    kept: list[bytes] = []
    for style in styles:
        start = style.rfind(b"<w:style ")
        if start >= 0 and b'w:type="table"' in style[start : style.find(b">", start)]:
            kept.append(style[:start])
        else:
            kept += (style, end)
    return b"".join((*kept, rest))


def _rename(kind: str, ending: str) -> str:
    return f"文件内容是{kind}，不是 .docx 文档，请把文件名的结尾改成 {ending} 后再检查。"


def _say_what_it_is(data: bytes) -> str:
    """Return one sentence for a file that is no zip."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if _wide("EncryptedPackage") in data:
            return _LOCKED
        if _wide("WordDocument") in data:
            return _rename("旧版 Word（.doc）文件", ".doc")
        if _wide("Workbook") in data:
            return "文件内容是 Excel 表格，不是 Word 文档，请换成报告的 Word 文件后再检查。"
        return f"文件内容是旧版的办公文件，不是 .docx 文档，{_SAVE_AGAIN}"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, kind, ending in _HEADS:
        if head.startswith(mark) or head[:20].lower().startswith(mark):
            return _rename(kind, ending)
    if b"Word.Document" in head or b"2006/xmlPackage" in head:
        return f"文件内容是 Word 的 XML 文件，不是 .docx 文档，{_SAVE_AGAIN}"
    if _HTML.search(head):
        return _rename("网页", ".html")
    if b"\0" not in data and (_reads_as(data, "utf-8") or _reads_as(data, "gb18030")):
        return _rename("纯文本", ".txt")
    return _NOT_WORD


def _wide(name: str) -> bytes:
    """Return a stream name as the directory of an OLE file spells it."""
    return name.encode("utf-16-le")


def _reads_as(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return sum(1 for c in text if c < " " and c not in "\t\r\n\f") <= len(text) // 100
