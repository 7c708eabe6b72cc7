"""The table of loaders: file name ending → function from (name, bytes) to RawDocument."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.text import load_text
from validator.options import DEFAULT_LIMITS, Limits

Loader = Callable[[str, bytes, Limits], RawDocument]

LOADERS: dict[str, Loader] = {".txt": load_text, ".md": load_text, ".markdown": load_text, ".text": load_text}

NOT_YET: frozenset[str] = frozenset(
    {".docx", ".doc", ".wps", ".pdf", ".html", ".htm", ".mhtml", ".rtf", ".odt", ".ofd", ".zip"}
)
"""Endings of documents that people have and this version cannot read: an error result, never silence."""


def load(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawDocument:
    """Read one file by the ending of its name; a name without a known ending is read as text.

    Raises:
        LoadError: the format is not supported or the content cannot be read.
    """
    ending = PurePath(name).suffix.lower()
    if ending in NOT_YET:
        raise LoadError(f"暂不支持 {ending} 格式，请把文字另存为 .txt 文件后再检查。")
    return LOADERS.get(ending, load_text)(name, data, limits)
