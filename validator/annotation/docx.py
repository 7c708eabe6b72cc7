"""Notes → native comments in a copy of a Word file, at the runs that hold the words.

python-docx makes the comments; the package is then put together from the original's own bytes: only the document part,
the comments and what names them are new. Runs are cut where a comment begins or ends inside them; text and formatting
of every character stay.
"""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from validator.annotation.notes import Note
from validator.errors import LoadError
from validator.options import Limits

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element

    from validator.loaders.docx_body import DocxParagraph

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REFUSED = "这个 Word 文件的写法特殊，加不了批注，请用 Word 另存为 .docx 后再试。"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)


class _Anchor(NamedTuple):
    """The first and the last run of a comment; both stand in the body of the document."""

    first: _Element
    last: _Element


def annotate_docx(data: bytes, notes: tuple[Note, ...], limits: Limits) -> bytes:
    """Return a copy of a .docx file with notes as comments.

    Args:
        data: the file, as it was checked.
        notes: their paragraphs and columns are those that the loader of this format gives.
        limits: as they were when it was checked.

    Raises:
        LoadError: the file is written in a way that python-docx does not know.
    """
    import docx

    from validator.loaders.docx import open_package, read_package

    package = open_package(data, limits)
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as exc:  # whatever python-docx makes of a file that we could read
        raise LoadError(_REFUSED) from exc
    paragraphs = read_package(package, limits, root=document.element)
    for note in notes:
        anchor = _find_anchor(paragraphs, note)
        if anchor is not None:
            _add_comment(document, anchor, note)
    return _put_together(data, package.main, document)
