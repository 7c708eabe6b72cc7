"""A YAML file with the place of every node: for errors that point at the line. Duplicate keys are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from validator.errors import RuleFileError

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_DEPTH = 100
_MOST_NODES = 200_000
"""References to references grow without end."""
Place = tuple[str | int, ...]
"""The keys and indexes that lead to a node."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A parsed YAML file with the place of every node."""

    name: str
    data: object
    marks: Mapping[Place, tuple[int, int]]

    def error(self, place: Place, message: str) -> RuleFileError:
        """Return an error at a node, or at the nearest one above it."""
        while place and place not in self.marks:
            place = place[:-1]
        line, column = self.marks.get(place, (1, 1))
        return RuleFileError(self.name, line, column, message)


def read_yaml(name: str, data: bytes) -> YamlFile:
    """Read the bytes of a YAML file; ``name`` is shown in errors.

    Raises:
        RuleFileError: it is not UTF-8, no YAML, or has a key twice.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise RuleFileError(name, 1, 1, "文件不是 UTF-8 编码") from exc
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
        raise RuleFileError(name, line, column, "YAML 语法错误，请检查缩进、引号、括号和冒号") from exc
    except yaml.YAMLError as exc:
        raise RuleFileError(name, 1, 1, "YAML 语法错误：有不允许的字符") from exc
    except RecursionError as exc:
        raise RuleFileError(name, 1, 1, "嵌套太深") from exc
    return YamlFile(name, value, builder.marks)


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
            if not isinstance(key, str | int):
                raise RuleFileError(self.name, *at, "键必须是文字")
            if key in mapping:
                raise RuleFileError(self.name, *at, f"键 {key} 重复")
            self.marks[(*place, key)] = at
            mapping[key] = self.build(value_node, (*place, key))
        return mapping


def _mark(node: Any) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
