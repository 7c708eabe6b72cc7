"""Bytes of a web page → its text, by mark, declaration and content. Used by ``html``."""

from __future__ import annotations

import re
from collections import Counter

from validator.errors import LoadError

GARBLED = "无法识别网页的文字编码，请用浏览器打开后另存一份再检查。"

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]+)|<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_HEAD = 4096
_CHINESE = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "windows-936": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
}
"""What pages declare → what decodes it. A declared gb2312 is GBK in truth, and GB 18030 holds both. Names that cannot
write Chinese (iso-8859-1, windows-1252, us-ascii) are templates left as they came, and are not believed."""

_FEW = 1000
"""One byte in so many may be broken: a character cut in two by a template."""
_EVERYDAY = 0.7


def decode_page(data: bytes, declared: str = "") -> str:
    """Decode a web page.

    Args:
        data: the whole file.
        declared: the encoding that a message header gives; the page's own word goes after it.

    Raises:
        LoadError: no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_strictly(data[len(mark) :], encoding) or _decode_mostly(data[len(mark) :], encoding)
    if (wide := _without_mark(data)) is not None:
        return wide
    found = _CHINESE.get(declared.strip("\"' ").lower(), "") or _declared_in(data[:_HEAD])
    # Text that is not UTF-8 hardly ever decodes as UTF-8, so this goes before what the page says of itself.
    for encoding in ("utf-8", found, "gb18030"):
        text = _decode_strictly(data, encoding) if encoding else None
        if text is not None and (encoding in ("utf-8", "big5hkscs") or is_everyday(text)):
            return text
    for encoding in (found, "utf-8"):
        if encoding:
            text = _decode_mostly(data, encoding, or_else="")
            if text and is_everyday(text):
                return text
    raise LoadError(GARBLED)


def _declared_in(head: bytes) -> str:
    for hit in _DECLARED.finditer(head):
        name = (hit.group(1) or hit.group(2)).decode("ascii", "ignore").lower()
        if name in _CHINESE:
            return _CHINESE[name]
    return ""


def _without_mark(data: bytes) -> str | None:
    """Decode UTF-16 that lacks its mark: every second byte of the first markup is zero."""
    head = data[:64]
    if len(head) < 8 or head.count(0) < len(head) // 3:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    return _decode_strictly(data, "utf-16-le" if high > low else "utf-16-be")


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_mostly(data: bytes, encoding: str, or_else: str | None = None) -> str:
    """Decode with replacement characters, if they are very few.

    Raises:
        LoadError: there are many, and ``or_else`` is not given.
    """
    text = data.decode(encoding, "replace")
    if text.count("\ufffd") <= max(len(data) // _FEW, 2):
        return text
    if or_else is None:
        raise LoadError(GARBLED)
    return or_else


def is_everyday(text: str) -> bool:
    """Tell whether most Chinese characters are everyday ones: a wrong encoding gives rare ones.

    Everyday are the first level of GB 2312 (bytes B0–D7). A text with hardly any character beyond ASCII passes.
    """
    counts = Counter(text)
    wide = [(c, n) for c, n in counts.items() if c > "\u0233" and not _is_mark(c)]
    total = sum(n for _, n in wide)
    if total < 2:
        return not any("\x80" <= c <= "\x9f" for c in counts)
    return sum(n for c, n in wide if "\u4e00" <= c <= "\u9fff" and _is_first_level(c)) >= _EVERYDAY * total


def _is_mark(character: str) -> bool:
    return "\u2000" <= character <= "\u303f" or character >= "\uff00" or character == "\ufffd"


def _is_first_level(character: str) -> bool:
    try:
        return character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
