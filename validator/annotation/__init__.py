"""FileResult + the file it is about → a copy with the findings as comments. The original is never touched."""

from __future__ import annotations

from validator.annotation.notes import Note, collect_notes
from validator.annotation.table import ANNOTATORS, annotate

__all__ = ["ANNOTATORS", "Note", "annotate", "collect_notes"]
