"""A YAML file with the place of every node: for errors that point at the line. Duplicate keys are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from validator.errors import RuleFileError

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDE_COLON = re.compile(r"\s*(?:- )?[\w-]+：")
_MOST_DEPTH = 100
_MOST_NODES = 200_000
"""References to references grow without end."""
Place = tuple[str | int, ...]
"""The keys and indexes that lead to a node."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed YAML file with the place of every node. ``laid`` are nodes that another file put here."""

    name: str
    data: object
    marks: Mapping[Place, tuple[int, int]]
    laid: Mapping[Place, tuple[str, int, int]] = field(default_factory=dict)

    def has(self, place: Place) -> bool:
        """Tell whether a node stands at a place."""
        return place in self.marks or place in self.laid

    def error(self, place: Place, message: str) -> RuleFileError:
        """Return an error at a node, or at the nearest one above it, in the file in which that is written."""
        while place and not self.has(place):
            place = place[:-1]
        if place in self.laid:
            return RuleFileError(*self.laid[place], message)
        return RuleFileError(self.name, *self.marks.get(place, (1, 1)), message)

    def lay(self, place: Place, value: object, other: YamlFile, at: Place) -> YamlFile:
        """Return this file with a value at a place that another file says; the place above it must be a mapping.

        Args:
            place: where the value goes.
            value: the value; ``None`` takes the key away.
            other: the file that says so.
            at: where it says so; what stands below the value there is found below ``place``.
        """
        depth, above = len(place), len(at)
        marks = {p: m for p, m in self.marks.items() if p[:depth] != place}
        laid = {p: m for p, m in self.laid.items() if p[:depth] != place}
        if value is not None:
            laid[place] = other.mark(at)
            laid |= {place + p[above:]: (other.name, *m) for p, m in other.marks.items() if p[:above] == at}
        return YamlFile(self.name, _put(self.data, place, value), marks, laid)

    def mark(self, place: Place) -> tuple[str, int, int]:
        """Return file, line and column (1-based) of a node, or of the nearest one above it."""
        error = self.error(place, "")
        return error.path, error.line, error.column


def read_yaml(name: str, data: bytes) -> YamlFile:
    """Read the bytes of a YAML file; ``name`` is shown in errors.

    Raises:
        RuleFileError: it is not UTF-8, no YAML, or has a key twice.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise RuleFileError(name, 1, 1, "文件不是 UTF-8 编码，请另存为 UTF-8") from exc
    try:
        _require_flat(name, text)
        loader = LOADER(text)
        try:
            node = loader.get_single_node()
            builder = _Builder(name, loader)
            value = None if node is None else builder.build(node, ())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise RuleFileError(name, *_explain_syntax(text, line, column)) from exc
    except yaml.YAMLError as exc:
        raise RuleFileError(name, 1, 1, "YAML 语法错误：有不允许的字符") from exc
    except RecursionError as exc:
        raise RuleFileError(name, 1, 1, "嵌套太深") from exc
    return YamlFile(name, value, builder.marks)


def _explain_syntax(text: str, line: int, column: int) -> tuple[int, int, str]:
    """Return where a syntax error most likely is, and what it is: often a tab, or a mark typed in Chinese."""
    lines = text.split("\n")
    for number in (line, line - 1):
        here = lines[number - 1] if 0 < number <= len(lines) else ""
        if "\t" in here[: len(here) - len(here.lstrip())]:
            return number, here.index("\t") + 1, "YAML 语法错误：缩进要用空格，不能用制表符"
        if found := _WIDE_COLON.match(here):
            return number, found.end(), "YAML 语法错误：键后面要用英文冒号和一个空格"
    return line, column, "YAML 语法错误，请检查缩进、引号、括号和冒号"


def _put(data: object, place: Place, value: object) -> object:
    """Return data with a value at a place; what does not change is shared."""
    if not place:
        return value
    if isinstance(data, list) and isinstance(place[0], int):
        return [_put(item, place[1:], value) if i == place[0] else item for i, item in enumerate(data)]
    mapping = dict(data) if isinstance(data, dict) else {}
    if value is None and len(place) == 1:
        mapping.pop(place[0], None)
    else:
        mapping[place[0]] = _put(mapping.get(place[0]), place[1:], value)
    return mapping


def _require_flat(name: str, text: str) -> None:
    """Refuse nesting so deep that the reader itself would crash; it can only be in a text with very many brackets."""
    if sum(text.count(mark) for mark in ("[", "{", "- ", "? ", ": ")) < _MOST_DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MOST_DEPTH:
                raise RuleFileError(name, *_mark(event), "嵌套太深")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


@dataclass(slots=True)
class _Builder:
    """Builds plain data from YAML nodes, notes where each stands, refuses duplicate keys."""

    name: str
    loader: Any
    marks: dict[Place, tuple[int, int]] = field(default_factory=dict)
    _count: int = 0

    def build(self, node: Any, place: Place) -> object:
        """Return the data of a node that stands at a place."""
        at = _mark(node)
        self._count += 1
        if self._count > _MOST_NODES:
            raise RuleFileError(self.name, *at, "内容太多，或者引用（& 和 *）套得太深")
        self.marks.setdefault(place, at)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*place, index)) for index, item in enumerate(node.value)]
        return self._mapping(node, place)

    def _scalar(self, node: Any) -> object:
        try:
            return self.loader.construct_object(node)
        except (ValueError, LookupError, AttributeError, TypeError, ArithmeticError) as exc:
            raise RuleFileError(self.name, *_mark(node), f"“{node.value[:40]}”不是有效的值") from exc

    def _mapping(self, node: Any, place: Place) -> dict[object, object]:
        mapping: dict[object, object] = {}
        for key_node, value_node in node.value:
            at = _mark(key_node)
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if isinstance(key, bool):  # off and no are words too
                key = key_node.value
            if not isinstance(key, str | int):
                raise RuleFileError(self.name, *at, "键必须是文字")
            if key in mapping:
                raise RuleFileError(self.name, *at, f"键 {key} 重复")
            self.marks[(*place, key)] = at
            mapping[key] = self.build(value_node, (*place, key))
        return mapping


def _mark(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
