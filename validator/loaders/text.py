"""Plain text and Markdown: bytes → decoded text, in the encodings that Chinese offices use."""

from __future__ import annotations

import hashlib
import re

from validator.document import Place, RawDocument
from validator.errors import LoadError
from validator.loaders.signature import CONTENT_WORDS, ending_of
from validator.options import DEFAULT_LIMITS, Limits

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_OTHERS = (
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"\x1f\x8b", "压缩文件"),
    (b"Rar!", "压缩文件"),
    (b"PK\x03\x04", "压缩文件或表格"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_EMPTY = "文件是空的，没有可检查的文字。"
_GARBLED = "无法识别文字编码，请另存为 UTF-8 编码的文本文件后再检查。"
_BINARY = "文件不是文本，请另存为 .txt 文件后再检查。"


def load_text(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawDocument:
    """Decode a text file.

    Args:
        name: the path as the user gave it; it is only shown.
        data: the whole file.
        limits: the file may not be larger than ``text_mib``.

    Raises:
        LoadError: the file is empty, blank, binary, too large or in an unknown encoding.
    """
    if len(data) > limits.text_mib * 1024 * 1024:
        raise LoadError(f"文件超过 {limits.text_mib} 兆字节，不像一份报告。")
    found = ending_of(data)
    if found not in (".txt", ".html", ".mhtml"):
        raise LoadError(f"文件内容是{CONTENT_WORDS[found]}，不是文本，请把文件名的结尾改为 {found} 后再检查。")
    for signature, kind in _OTHERS:
        if data.startswith(signature):
            raise LoadError(f"文件内容是{kind}，不是文本，请另存为 .txt 文件后再检查。")
    text, encoding, mark = _decode(data)
    if not text.strip("\ufeff\u200b\u3000 \t\r\n\f\v\x00"):
        raise LoadError(_EMPTY)
    if "\0" in text or sum(1 for c in text if c < " " and c not in "\t\r\n\f\v") > len(text) // 100 + 1:
        raise LoadError(_BINARY)
    if not any(c.isalnum() for c in text):
        raise LoadError("文件里没有文字，没有可检查的内容。")
    starts = (0, *(m.end() for m in _LINE_END.finditer(text)))
    places = tuple(Place(start, line) for line, start in enumerate(starts, 1))
    return RawDocument(name, hashlib.sha256(data).hexdigest(), text, places, encoding, mark)


def _decode(data: bytes) -> tuple[str, str, bytes]:
    """Return text, encoding and byte order mark.

    Tries marks, strict UTF-8, UTF-16 without a mark, and GB 18030; each must read as text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding, mark
            except UnicodeDecodeError as exc:
                raise LoadError(_GARBLED) from exc
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return text, "utf-8", b""
    for encoding in ("utf-16-le", "utf-16-be", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_as_chinese(text):
            return text, encoding, b""
    if not data.strip():
        raise LoadError(_EMPTY)
    raise LoadError(_BINARY if b"\0" in data else _GARBLED)


def _reads_as_chinese(text: str) -> bool:
    """Tell whether nearly all characters are ASCII, Chinese punctuation or everyday Chinese characters.

    A wrong encoding gives rare characters: everyday ones are the first level of GB 2312 (bytes B0–D7).
    """
    letters = [c for c in text if not c.isspace()]
    if not letters or "\0" in text:
        return False
    usual = sum(1 for c in letters if c.isascii() or _is_everyday(c))
    return usual >= 0.85 * len(letters)


def _is_everyday(character: str) -> bool:
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return "\u2010" <= character <= "\u203b" or "\u3000" <= character <= "\u303f"
    return code[0] <= 0xD7
