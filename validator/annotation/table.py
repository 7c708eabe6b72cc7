"""The table of annotators: file name ending → function from (bytes, notes) to the bytes of a copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from validator.annotation.docx import annotate_docx
from validator.annotation.notes import Note, collect_notes
from validator.annotation.pdf import annotate_pdf
from validator.options import DEFAULT_LIMITS, Limits
from validator.result import FileResult

Annotator = Callable[[bytes, tuple[Note, ...], Limits], bytes]

ANNOTATORS: dict[str, Annotator] = {".docx": annotate_docx, ".docm": annotate_docx, ".pdf": annotate_pdf}


def annotate(result: FileResult, data: bytes, limits: Limits = DEFAULT_LIMITS) -> bytes | None:
    """Return a copy of a file with its findings as comments; ``None`` for formats that hold none.

    Args:
        result: what was found in the file.
        data: the file, as it was checked.
        limits: as they were when it was checked.

    Raises:
        LoadError: the file cannot be written again.
    """
    annotator = ANNOTATORS.get(PurePath(result.path).suffix.lower())
    return None if annotator is None else annotator(data, collect_notes(result), limits)
