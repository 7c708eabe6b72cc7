"""``numbering.xml``: the automatic numbers, which stand nowhere in the text. Used by ``body``.

A paragraph names a ``w:num``; this is an instance of a ``w:abstractNum``, which has up to nine levels (ECMA-376 part 1,
17.9). Instances of one abstract list count on together, unless one of them says where it starts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from validator.loaders.word.number_formats import format_custom, format_number
from validator.loaders.word.package import MC, W
from validator.loaders.word.styles import NumberReference, ParagraphStyle, Styles, is_on, read_integer

if TYPE_CHECKING:
    from lxml.etree import _Element

_VAL = f"{W}val"
_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_LETTER_OR_DIGIT = frozenset({"Lu", "Ll", "Lo", "Nd", "Nl"})


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: how its number is counted and written."""

    start: int
    name: str
    pattern: str
    text: str
    apart: bool
    restart: int | None
    legal: bool
    hidden: bool
    style: str


@dataclass(frozen=True, slots=True)
class _List:
    """A ``w:num``: its levels, where it says that counting starts, and the counters it shares."""

    levels: dict[int, _Level]
    starts: dict[int, int]
    counters: _Counters


@dataclass(slots=True)
class _Counters:
    """How far each level of an abstract list has come; ``None``: begins anew.

    ``begun`` are the instances and levels whose own start was used: it is used once, where they are first met.
    """

    values: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)
    begun: set[tuple[str, int]] = field(default_factory=set)


class Numbering:
    """The lists of one document, counting as its paragraphs are met in order."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstracts: dict[str, _Element] = {}
        self._nums: dict[str, _Element] = {}
        self._lists: dict[str, _List | None] = {}
        self._counters: dict[str, _Counters] = {}
        for child in root if root is not None else ():
            if child.tag == f"{W}abstractNum":
                self._abstracts.setdefault(child.get(f"{W}abstractNumId", ""), child)
            elif child.tag == f"{W}num":
                self._nums.setdefault(child.get(f"{W}numId", ""), child)

    def count(self, direct: NumberReference, style: ParagraphStyle) -> str:
        """Count one paragraph and return its number as it is shown ("" when it has none).

        Args:
            direct: what the paragraph itself says.
            style: what it takes from its style, where it says nothing.
        """
        num_id = direct.num_id if direct.num_id is not None else style.number.num_id
        if num_id is None or num_id == "0" or not self._nums:
            return ""
        if num_id not in self._lists:
            self._lists[num_id] = self._read_list(num_id)
        found = self._lists[num_id]
        if found is None:
            return ""
        index = _level_index(found, direct, style)
        level = found.levels.get(index)
        if level is None:
            return ""
        _advance(found, num_id, index)
        return _show(found, index, level)

    def _read_list(self, num_id: str) -> _List | None:
        """Return the list of a ``w:num``; where it only refers to a numbering style, the list of that style."""
        num = self._nums.get(num_id)
        if num is None:
            return None
        owner, seen = num, {num_id}
        while True:
            reference = owner.find(f"{W}abstractNumId")
            abstract_id = reference.get(_VAL, "") if reference is not None else ""
            abstract = self._abstracts.get(abstract_id)
            if abstract is None:
                return None
            link = abstract.find(f"{W}numStyleLink")
            target = self._styles.number_of(link.get(_VAL, "")) if link is not None else None
            if target is None or target in seen or target not in self._nums:
                break
            seen.add(target)
            owner = self._nums[target]
        levels = _read_levels(abstract)
        starts: dict[int, int] = {}
        for override in num.iterchildren(f"{W}lvlOverride"):
            index = _index(override)
            levels |= _read_levels(override)
            start = read_integer(override.find(f"{W}startOverride"))
            if start is not None and 0 <= index < _LEVELS:
                starts[index] = start
        return _List(levels, starts, self._counters.setdefault(abstract_id, _Counters()))


def _level_index(found: _List, direct: NumberReference, style: ParagraphStyle) -> int:
    """Return the level of a paragraph: its own, that which is tied to its style, or that which its style names."""
    if direct.level is not None:
        return direct.level
    for identifier in style.ids:
        for index, level in found.levels.items():
            if level.style == identifier:
                return index
    return style.number.level or 0


def _advance(found: _List, num_id: str, index: int) -> None:
    """Count one paragraph at a level: levels above it stand, levels below it begin anew."""
    counters = found.counters
    values = counters.values
    if index in found.starts and (num_id, index) not in counters.begun:
        counters.begun.add((num_id, index))
        values[index] = None
    # A level that was passed over counts as begun: after a first （一） the next of the level above it is 二、.
    for upper in range(index):
        if values[upper] is None:
            values[upper] = _start(found, upper)
    value = values[index]
    values[index] = _start(found, index) if value is None else value + 1
    for deeper in range(index + 1, _LEVELS):
        level = found.levels.get(deeper)
        restart = level.restart if level is not None and level.restart is not None else deeper
        # w:lvlRestart counts levels from 1; a level that restarts after itself or a deeper one is a mistake (17.9.10).
        if index < min(restart, deeper):
            values[deeper] = None


def _start(found: _List, index: int) -> int:
    level = found.levels.get(index)
    return found.starts.get(index, level.start if level is not None else 1)


def _show(found: _List, index: int, level: _Level) -> str:
    """Return the number of a paragraph, and a blank where the text would otherwise run into it."""
    if level.hidden or (level.name == "bullet" and not _IDEOGRAPH.search(level.text)):
        return ""

    def put(hit: re.Match[str]) -> str:
        other = int(hit.group(1)) - 1
        shown = found.levels.get(other)
        if shown is None or other > index:
            return ""
        value = found.counters.values[other]
        return _write(_start(found, other) if value is None else value, shown, legal=level.legal)

    text = _PLACEHOLDER.sub(put, level.text)
    if level.apart and text and unicodedata.category(text[-1]) in _LETTER_OR_DIGIT:
        text += " "
    return text if text.strip() else ""


def _write(value: int, level: _Level, *, legal: bool) -> str:
    if legal and level.name != "none":
        return str(value)
    if level.name == "custom":
        return format_custom(value, level.pattern) or str(value)
    return format_number(value, level.name)


def _read_levels(parent: _Element) -> dict[int, _Level]:
    """Return the ``w:lvl`` children of an abstract list or of an override, by their index."""
    return {i: _read_level(e) for e in parent.iterchildren(f"{W}lvl") if 0 <= (i := _index(e)) < _LEVELS}


def _index(element: _Element) -> int:
    text = element.get(f"{W}ilvl", "")
    return int(text) if text.isdecimal() and len(text) < 3 else -1


def _read_level(element: _Element) -> _Level:
    name, pattern = _read_format(element)
    start = read_integer(element.find(f"{W}start"))
    text = element.find(f"{W}lvlText")
    suffix = element.find(f"{W}suff")
    style = element.find(f"{W}pStyle")
    if element.find(f"{W}lvlPicBulletId") is not None:
        name = "bullet"
    return _Level(
        # A level without a start begins at zero (17.9.25).
        start=0 if start is None else start,
        name=name,
        pattern=pattern,
        text=text.get(_VAL, "") if text is not None else "",
        apart=suffix is None or suffix.get(_VAL, "tab") != "nothing",
        restart=read_integer(element.find(f"{W}lvlRestart")),
        legal=bool(is_on(element.find(f"{W}isLgl"))),
        hidden=bool(is_on(element.find(f"{W}rPr/{W}vanish"))),
        style=style.get(_VAL, "") if style is not None else "",
    )


def _read_format(element: _Element) -> tuple[str, str]:
    """Return the name of a level's number format and the pattern of a custom one.

    Newer formats stand in the first branch of an ``mc:AlternateContent``, one that older programs know in the other.
    """
    choice = element.find(f"{MC}AlternateContent/{MC}Choice/{W}numFmt")
    fallback = element.find(f"{MC}AlternateContent/{MC}Fallback/{W}numFmt")
    for found in (element.find(f"{W}numFmt"), choice, fallback):
        if found is None:
            continue
        name, pattern = found.get(_VAL, "decimal"), found.get(f"{W}format", "")
        if name != "custom" or format_custom(1, pattern) is not None:
            return name, pattern
    return "decimal", ""
