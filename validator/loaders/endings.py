"""Which file name endings mean a report, an archive, or a document that cannot be read. No loader is imported here."""

from __future__ import annotations

TEXT_ENDINGS = (".txt", ".md", ".markdown", ".text")
OFFICE_ENDINGS = (".doc", ".wps", ".rtf", ".odt")
"""What an office program converts before it is read."""
READABLE = frozenset(
    {
        *TEXT_ENDINGS,
        *OFFICE_ENDINGS,
        ".docx",
        ".docm",
        ".pdf",
        ".ofd",
        ".html",
        ".htm",
        ".shtml",
        ".xhtml",
        ".mhtml",
        ".mht",
    }
)
ARCHIVES = frozenset({".zip"})
"""Endings of archives that are opened like folders."""
UNREADABLE: dict[str, str] = {
    ".rar": "不能打开 .rar 压缩包，请解压后再检查。",
    ".7z": "不能打开 .7z 压缩包，请解压后再检查。",
    ".ceb": "不能读 .ceb 文件，请用 Word 或 PDF 文件检查。",
}
"""Endings of documents that people have and this program cannot read: an error result, never silence."""
