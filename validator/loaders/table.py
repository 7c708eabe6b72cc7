"""The table of loaders: file name ending → function from (name, bytes, limits) to RawDocument."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.endings import OFFICE_ENDINGS, TEXT_ENDINGS, UNREADABLE
from validator.loaders.office import load_office
from validator.loaders.paper.ofd import load_ofd
from validator.loaders.paper.pdf import load_pdf
from validator.loaders.signature import ending_of
from validator.loaders.text import load_text
from validator.loaders.web.html import load_html, load_mhtml
from validator.loaders.word.docx import load_docx
from validator.options import DEFAULT_LIMITS, Limits

Loader = Callable[[str, bytes, Limits], RawDocument]

LOADERS: dict[str, Loader] = {
    **dict.fromkeys(TEXT_ENDINGS, load_text),
    ".docx": load_docx,
    ".docm": load_docx,
    ".pdf": load_pdf,
    ".html": load_html,
    ".htm": load_html,
    ".shtml": load_html,
    ".xhtml": load_html,
    ".mhtml": load_mhtml,
    ".mht": load_mhtml,
    ".ofd": load_ofd,
    **dict.fromkeys(OFFICE_ENDINGS, load_office),
}


def ending(name: str, data: bytes) -> str:
    """Return the ending by which a file is read: that of its name, or of its content where the name has none known."""
    named = PurePath(name).suffix.lower()
    return named if named in LOADERS or named in UNREADABLE else ending_of(data)


def is_text(name: str, data: bytes) -> bool:
    """Tell whether a file is read as plain text."""
    return ending(name, data) in TEXT_ENDINGS


def is_converted(name: str, data: bytes) -> bool:
    """Tell whether a file is converted by an office program before it is read."""
    return ending(name, data) in OFFICE_ENDINGS


def load(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS, *, ocr: bool = False) -> RawDocument:
    """Read one file by the ending of its name; a name without a known ending is read by its content.

    Args:
        name: the path as the user gave it.
        data: the whole file.
        limits: how much of it may be read.
        ocr: recognise the words of scanned pages.

    Raises:
        LoadError: the format is not supported or the content cannot be read.
    """
    key = ending(name, data)
    if key in UNREADABLE:
        raise LoadError(UNREADABLE[key])
    loader = LOADERS[key]
    if ocr and loader is load_pdf:
        loader = partial(load_pdf, ocr=True)
    return loader(name, data, limits)
