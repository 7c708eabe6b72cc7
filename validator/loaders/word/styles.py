"""``styles.xml``: what a paragraph or a run takes from its style. Used by ``body`` and ``numbering``.

Styles are looked up when they are used: a template brings hundreds, a report uses ten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from validator.loaders.word.package import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL = f"{W}val"
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])")
_CONTENTS = re.compile(r"(?:toc|contents|目录|目次|目錄)\s*(?:[1-9]|heading|标题|標題)")
_TITLES = frozenset({"title", "subtitle", "标题", "標題", "副标题", "副標題"})
"""Word's Chinese template gives these an outline level, but what they hold is the title of the whole report."""
_OFF = frozenset({"0", "false", "off"})
BODY_LEVEL = 9
"""The outline level that means body text (17.3.1.20)."""


class NumberReference(NamedTuple):
    """What a ``w:numPr`` says; ``None`` where it says nothing."""

    num_id: str | None
    level: int | None


NO_REFERENCE = NumberReference(None, None)


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph takes from its style and the styles this one is based on.

    ``ids`` are the style ids from the style itself to its root. ``outline`` is 0–9 or ``None``.
    """

    ids: tuple[str, ...] = ()
    outline: int | None = None
    hidden: bool = False
    is_contents: bool = False
    number: NumberReference = NO_REFERENCE


def is_on(element: _Element | None) -> bool | None:
    """Return the value of an on/off property (17.17.4), or ``None`` when it is not there."""
    if element is None:
        return None
    return element.get(_VAL, "1").lower() not in _OFF


def read_integer(element: _Element | None) -> int | None:
    """Return the whole number in ``w:val``, or ``None``."""
    text = element.get(_VAL, "") if element is not None else ""
    try:
        return int(text) if len(text) < 12 else None
    except ValueError:
        return None


def read_reference(properties: _Element | None) -> NumberReference:
    """Return what the ``w:numPr`` of a ``w:numPr`` element says."""
    if properties is None:
        return NO_REFERENCE
    num = properties.find(f"{W}numId")
    return NumberReference(num.get(_VAL) if num is not None else None, read_integer(properties.find(f"{W}ilvl")))


class Styles:
    """The styles of one document."""

    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self._default = ""
        self._paragraph: dict[str, ParagraphStyle] = {}
        self._hidden_runs: dict[str, bool] = {}
        for style in root.iterchildren(f"{W}style") if root is not None else ():
            identifier = style.get(f"{W}styleId", "")
            self._elements.setdefault(identifier, style)
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default", "0").lower() not in _OFF:
                self._default = identifier

    def paragraph(self, identifier: str | None) -> ParagraphStyle:
        """Return the paragraph style of an id; no id, or an unknown one, means the default style."""
        key = identifier if identifier in self._elements else self._default
        assert key is not None
        found = self._paragraph.get(key)
        if found is None:
            found = self._paragraph[key] = self._resolve(key)
        return found

    def hides_run(self, identifier: str) -> bool:
        """Tell whether a character style hides its text."""
        found = self._hidden_runs.get(identifier)
        if found is None:
            values = (is_on(s.find(f"{W}rPr/{W}vanish")) for _, s in self._chain(identifier))
            found = self._hidden_runs[identifier] = next((v for v in values if v is not None), False)
        return found

    def number_of(self, identifier: str) -> str | None:
        """Return the number id that a numbering style stands for (``w:numStyleLink``)."""
        style = self._elements.get(identifier)
        return read_reference(style.find(f"{W}pPr/{W}numPr")).num_id if style is not None else None

    def _chain(self, identifier: str) -> list[tuple[str, _Element]]:
        """Return the style and those it is based on; a ring ends where it closes."""
        chain: dict[str, _Element] = {}
        while identifier not in chain and (style := self._elements.get(identifier)) is not None:
            chain[identifier] = style
            base = style.find(f"{W}basedOn")
            identifier = base.get(_VAL, "") if base is not None else ""
        return list(chain.items())

    def _resolve(self, identifier: str) -> ParagraphStyle:
        chain = self._chain(identifier)
        if not chain:
            return ParagraphStyle()
        outline: int | None = None
        hidden: bool | None = None
        number = NO_REFERENCE
        for _, style in chain:
            if outline is None:
                outline = _outline(style)
            if hidden is None:
                hidden = is_on(style.find(f"{W}rPr/{W}vanish"))
            own = read_reference(style.find(f"{W}pPr/{W}numPr"))
            number = NumberReference(
                own.num_id if number.num_id is None else number.num_id,
                own.level if number.level is None else number.level,
            )
        contents = _CONTENTS.fullmatch(_name(chain[0][1])) is not None
        return ParagraphStyle(tuple(i for i, _ in chain), outline, bool(hidden), contents, number)


def _outline(style: _Element) -> int | None:
    """Return the outline level of a style, or the one its name stands for."""
    if _name(style) in _TITLES:
        return BODY_LEVEL
    level = read_integer(style.find(f"{W}pPr/{W}outlineLvl"))
    if level is not None:
        return level if 0 <= level < BODY_LEVEL else BODY_LEVEL
    named = _HEADING.fullmatch(_name(style))
    return int(named.group(1)) - 1 if named else None


def _name(style: _Element) -> str:
    name = style.find(f"{W}name")
    return name.get(_VAL, "").strip().lower() if name is not None else ""
