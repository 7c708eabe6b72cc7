"""Complex fields: which words of a paragraph are a field's code, and which its result. Used by ``body``.

A field runs from ``begin`` over its code to ``separate``, and over its result to ``end`` (17.16.18); it may span
paragraphs and hold other fields. Codes are no text; the result of a table of contents is not part of a report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from validator.loaders.word.package import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_TYPE = f"{W}fldCharType"
_CONTENTS = re.compile(r"\s*TO[CA]\b", re.IGNORECASE)
_EQUATION = re.compile(r"\s*EQ\b", re.IGNORECASE)
_OVERSTRIKE = re.compile(r"\\o\s*(?:\\a[a-z]\s*)?\((.*)\)\s*$", re.IGNORECASE | re.DOTALL)
_FRACTION = re.compile(r"\\f\s*\(([^(),，]*)[,，]([^(),，]*)\)", re.IGNORECASE)
_INNER = re.compile(r"\\[a-z]+\s*(?:\d+\s*)?\([^()]*\)", re.IGNORECASE)
_ENCLOSING = "○〇◯"


def is_contents_code(code: str) -> bool:
    """Tell whether the code of a field makes a table of contents."""
    return _CONTENTS.match(code) is not None


def equation_text(code: str) -> str:
    r"""Return what an ``EQ`` field without a stored result shows.

    Word makes circled numbers (``EQ \o\ac(○,21)``) and characters with pinyin above them of it.
    """
    if not _EQUATION.match(code):
        return ""
    fraction = _FRACTION.search(code)
    if fraction:
        return f"{fraction.group(1).strip()}/{fraction.group(2).strip()}"
    over = _OVERSTRIKE.search(code)
    if not over:
        return ""
    first, *others = re.split("[,，]", _INNER.sub("", over.group(1)))
    last = others[-1].strip() if others else first.strip()
    if first.strip() and first.strip() in _ENCLOSING and last.isdecimal() and 0 < int(last) <= 20:
        return chr(ord("①") + int(last) - 1)
    return last


@dataclass(slots=True)
class _Field:
    """An open field. ``shown`` counts the words met in its result."""

    begin: _Element
    code: str = ""
    in_result: bool = False
    is_contents: bool = False
    shown: int = 0


class Fields:
    """The open fields of one story (the body, a text box, a note), outermost first.

    A field that is never closed would swallow the rest of the report. ``unclosed`` holds the ``begin`` marks of such
    fields, and a walk that is told to ignore them reads everything.
    """

    def __init__(self, ignored: frozenset[_Element]) -> None:
        self._ignored = ignored
        self._open: list[_Field] = []
        self.is_text = True
        self.in_contents = False

    @property
    def unclosed(self) -> list[_Element]:
        """The marks that opened fields which are still open."""
        return [f.begin for f in self._open]

    def note_code(self, text: str) -> None:
        """Take a piece of field code."""
        if self._open and not self._open[-1].in_result:
            self._open[-1].code += text

    def note_text(self) -> None:
        """Take note that words were shown."""
        if self._open:
            self._open[-1].shown += 1

    def mark(self, element: _Element) -> str:
        """Take a ``w:fldChar``; return the text that takes the place of the field it closes, mostly none."""
        kind = element.get(_TYPE)
        text = ""
        if kind == "begin":
            if element in self._ignored:
                return ""
            self._open.append(_Field(element))
        elif not self._open:
            return ""
        elif kind == "separate":
            field = self._open[-1]
            field.in_result = True
            field.is_contents = is_contents_code(field.code)
        elif kind == "end":
            field = self._open.pop()
            text = "" if field.shown else equation_text(field.code)
        self.in_contents = any(f.is_contents for f in self._open)
        self.is_text = not self.in_contents and all(f.in_result for f in self._open)
        return text if self.is_text else ""
