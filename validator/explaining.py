"""What a model refuses in a rule file → one plain sentence, with the name that was probably meant."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from validator.nearest import list_names, suggest_nearest

_WANTED = {
    "string_type": "应是文字；数字和日期要加引号",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "bool_type": "应是 true 或 false",
    "bool_parsing": "应是 true 或 false",
    "tuple_type": "应是列表，例如 [甲, 乙]",
    "list_type": "应是列表，例如 [甲, 乙]",
    "dict_type": "应是“键: 值”的映射",
    "model_type": "应是“键: 值”的映射",
    "model_attributes_type": "应是“键: 值”的映射",
    "date_type": "应是日期，例如 2024-01-01",
    "date_parsing": "应是日期，例如 2024-01-01",
    "date_from_datetime_parsing": "应是日期，例如 2024-01-01",
    "date_from_datetime_inexact": "应是日期，例如 2024-01-01",
    "too_short": "不能是空的",
    "string_too_short": "不能是空的",
}
_QUOTED = re.compile(r"'([^']*)'")
_FORMS = {
    r"^[A-Z]\d{3}$": "编号应是一个大写字母加三位数字，例如 Y101",
    r"^[a-z][a-z0-9-]{0,39}$": "应是小写英文字母、数字和短横，例如 yunhe-2024",
    r"^[0-9A-Za-z][0-9A-Za-z.]{0,19}$": '应是数字、英文字母和点，引号要用英文引号，例如 "1.2"',
}
"""What the patterns of the models want."""
_BOUNDS = {"gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于"}


def explain_refusal(error: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Return what is wrong at the place of a pydantic error, in one sentence.

    Args:
        error: one of ``ValidationError.errors()``.
        model: the model that refused.
    """
    kind, loc = error["type"], error["loc"]
    name = _name_of(loc)
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"不认识的键 {_short(name)}{suggest_nearest(name, _known_keys(model, loc[:-1]))}"
    if kind == "missing":
        return f"缺少键 {name}"
    if kind == "union_tag_invalid":
        known = _QUOTED.findall(str(context.get("expected_tags", "")))
        return f"kind 不是已知的规则类型{suggest_nearest(str(context.get('tag', '')), known)}"
    if kind == "union_tag_not_found":
        return "缺少键 kind"
    if kind in ("literal_error", "enum"):
        known = _QUOTED.findall(str(context.get("expected", "")))
        return f"{name}：应是 {list_names(known)} 之一{suggest_nearest(str(error['input']), known)}"
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        return f"{_short(name)}：写法不对，{_FORMS.get(pattern, '请照文档里的例子写')}"
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        bound = next((f"，应{said}{context[key]}" for key, said in _BOUNDS.items() if key in context), "")
        return f"{name}：数字太{'小' if kind.startswith('greater') else '大'}{bound}"
    return f"{_short(name)}：{_WANTED.get(kind) or str(error['msg']).removeprefix('Value error, ')}"


def _name_of(loc: tuple[str | int, ...]) -> str:
    """Return the key that is meant; what stands in a list is counted from one."""
    if loc and isinstance(loc[-1], int):
        key = next((step for step in reversed(loc) if isinstance(step, str)), "")
        return f"{key}的第{loc[-1] + 1}项"
    return str(loc[-1]) if loc else ""


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:40]}…"


def _known_keys(model: type[BaseModel], loc: Iterable[str | int]) -> set[str]:
    """Return the keys that a model has at a location of its errors."""
    here: list[Any] = [model]
    for step in loc:
        here = [found for kind in here for found in _step_into(kind, step)] or here
    return {field.alias or name for kind in _models(here) for name, field in kind.model_fields.items()}


def _step_into(kind: Any, step: str | int) -> Iterator[Any]:
    """Yield what stands at one step of a location below a type; a tag of a union chooses one of its models."""
    for one in _alternatives(kind):
        if isinstance(one, type) and issubclass(one, BaseModel):
            for name, field in one.model_fields.items():
                if step == (field.alias or name):
                    yield field.annotation
            tag = one.model_fields.get("kind")
            if tag is not None and step in get_args(tag.annotation):
                yield one
        elif isinstance(step, int) and get_origin(one) in (tuple, list):
            yield get_args(one)[0]
        elif get_origin(one) is dict:
            yield get_args(one)[1]


def _alternatives(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for one in get_args(kind):
            yield from _alternatives(one)
    else:
        yield kind


def _models(kinds: Iterable[Any]) -> Iterator[type[BaseModel]]:
    for kind in kinds:
        for one in _alternatives(kind):
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield one
