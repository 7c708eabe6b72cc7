"""Bytes → the XML parts of an .ofd (GB/T 33190): a zip opened with distrust. The first step of ``ofd``."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from validator.errors import LoadError
from validator.loaders.signature import CONTENT_WORDS, ending_of
from validator.loaders.unpack import BROKEN_ZIP, Sentences, unpack
from validator.loaders.xml import parse_xml
from validator.options import Limits

if TYPE_CHECKING:
    from lxml.etree import _Element

BROKEN = "OFD 文件不完整或已损坏，打不开，请重新导出或下载后再检查。"
ENCRYPTED = "OFD 文件加密了，打不开，请取消加密或导出 PDF 后再检查。"
_EMPTY = "文件是空的，没有可检查的文字。"
_MIB = 1024 * 1024


def local_name(element: _Element) -> str:
    """Return an element's name without its namespace; files disagree about prefix and namespace."""
    return str(element.tag).rpartition("}")[2]


class OfdPackage:
    """The parts of an .ofd by name, and how much may still be unpacked."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        if not data.strip(b"\0 \t\r\n"):
            raise LoadError(_EMPTY)
        if not data.startswith(b"PK"):
            found = ending_of(data)
            if found in (".ofd", ".txt"):
                raise LoadError("文件内容不是 OFD，请把文件名的结尾改对，或重新导出后再检查。")
            raise LoadError(f"文件内容是{CONTENT_WORDS[found]}，不是 OFD，请把文件名的结尾改为 {found} 后再检查。")
        if data.count(b"PK\x01\x02") > limits.members:
            raise LoadError(f"文件里有超过 {limits.members} 个部件，不像一份报告。")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            members = self._zip.infolist()
        except BROKEN_ZIP as exc:
            raise LoadError(BROKEN) from exc
        self._limits = limits
        self._left = limits.expanded_mib * _MIB
        if sum(info.file_size for info in members) > self._left:
            raise LoadError(self._too_large())
        self._members = {resolve("", info.filename).lower(): info for info in members}
        if any(posixpath.basename(name) == "encryptions.xml" for name in self._members):
            raise LoadError(ENCRYPTED)
        if "ofd.xml" not in self._members:
            found = ending_of(data)
            if found == ".docx":
                raise LoadError("文件内容是 Word（.docx）文件，不是 OFD，请把文件名的结尾改为 .docx 后再检查。")
            raise LoadError("文件内容是压缩包，不是 OFD，请换成报告的 OFD、PDF 或 Word 文件后再检查。")

    def _too_large(self) -> str:
        return f"文件展开后超过 {self._limits.expanded_mib} 兆字节，不像一份报告。"

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return name.lower() in self._members

    def parse(self, name: str) -> _Element:
        """Unpack and parse a part: no entities, no network, no DOCTYPE, no element deeper than ``depth``.

        Raises:
            LoadError: it is missing, not well-formed or breaks a rule above.
        """
        info = self._members.get(name.lower())
        if info is None:
            raise LoadError(BROKEN)
        data = self._unpack(info)
        broken = BROKEN if b"<" in data[:64] else ENCRYPTED
        return parse_xml(data, self._limits.depth, broken=broken, deep="文件的层次太深，不像一份报告。")

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        say = Sentences(ENCRYPTED, BROKEN, self._too_large())
        data = unpack(self._zip, info, self._limits.ratio, self._left, say)
        self._left -= len(data)
        return data


def resolve(source: str, target: str) -> str:
    """Return the name of a part that another one refers to; a leading slash means the root of the package."""
    target = target.strip().replace("\\", "/")
    folder = "" if target.startswith("/") else posixpath.dirname(source)
    path = posixpath.normpath(posixpath.join("/", folder, target.lstrip("/")))
    return path.lstrip("/")
