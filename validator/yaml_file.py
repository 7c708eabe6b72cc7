"""A YAML file with the place of every node: for errors that point at the line. Duplicate keys are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from validator.errors import RuleFileError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            marks: dict[Place, tuple[int, int]] = {}
            value = None if node is None else _construct(name, loader, node, (), marks)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise RuleFileError(name, line, column, f"YAML 语法错误：{exc.problem}") from exc
    except yaml.YAMLError as exc:
        raise RuleFileError(name, 1, 1, "YAML 语法错误：有不允许的字符") from exc
    return YamlFile(name, value, marks)


def _construct(name: str, loader: Any, node: Any, place: Place, marks: dict[Place, tuple[int, int]]) -> object:
    """Build plain data from YAML nodes, note where each stands, and refuse duplicate keys."""
    marks.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        mapping: dict[object, object] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node)
            at = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key, str | int):
                raise RuleFileError(name, *at, "键必须是文字")
            if key in mapping:
                raise RuleFileError(name, *at, f"键 {key} 重复")
            marks[(*place, key)] = at
            mapping[key] = _construct(name, loader, value_node, (*place, key), marks)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_construct(name, loader, item, (*place, i), marks) for i, item in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError as exc:
        raise RuleFileError(name, *marks[place], f"“{node.value}”不是有效的值") from exc
