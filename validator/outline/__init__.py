"""Document → Outline: headings, levels and list marks, also where the numbering is damaged or missing."""

from __future__ import annotations

from validator.outline.build import parse_outline
from validator.outline.tree import Outline, Section, SeriesMark

__all__ = ["Outline", "Section", "SeriesMark", "parse_outline"]
