"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"\xd0\xcf\x11\xe0", ".doc"),
    (b"{\\rtf", ".rtf"),
)
_PARTS: tuple[tuple[bytes, str], ...] = (
    (b"word/", ".docx"),
    (b"OFD.xml", ".ofd"),
    (b"application/vnd.oasis.opendocument.text", ".odt"),
)

CONTENT_WORDS: dict[str, str] = {
    ".docx": "Word（.docx）文件",
    ".doc": "旧版 Word（.doc）或 WPS 文件",
    ".pdf": "PDF 文件",
    ".ofd": "OFD 文件",
    ".odt": "ODT 文件",
    ".rtf": "RTF 文件",
    ".html": "网页",
    ".mhtml": "单个网页文件",
    ".txt": "纯文本或其他文件",
}
"""What each content is called."""


def ending_of(data: bytes) -> str:
    """Return the ending that fits the content: ``.docx``, ``.pdf``, ``.html`` … or ``.txt`` for anything else."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, ending in _SIGNATURES:
        if head.startswith(mark):
            if ending == ".zip":
                return next((kind for part, kind in _PARTS if part in data), ".txt")
            return ending
    low = head.lower()
    if low.startswith((b"<!doctype html", b"<html")):
        return ".html"
    if low.startswith(b"mime-version:") or (low.startswith(b"from:") and b"multipart/related" in data[:4096].lower()):
        return ".mhtml"
    return ".txt"
