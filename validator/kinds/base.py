"""What all rule kinds are made of: text, patterns, and the model that refuses unknown keys."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.fields import FieldInfo

PartName = Literal["measures", "problems", "principal", "plan"]

EntityLabel = Literal["QUANTITY", "PERCENT", "FREQUENCY", "DATE", "DOCUMENT", "ORGAN", "MEETING", "DEED", "FORMULA"]
"""What the pipeline marks in a sentence; its patterns stand in ``spans.yaml``."""

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_NEVER_READ = "“”‘’\"'"
"""Quotation marks: normalised text has none."""
RUNTIME_PLACEHOLDERS = frozenset({"year", "next_year"})


def _require_text(value: str) -> str:
    if not value.strip():
        raise ValueError("不能为空")
    return value


def _require_pattern(value: str) -> str:
    try:
        re.compile(PLACEHOLDER.sub("x", value))
    except re.error as exc:
        raise ValueError(f"正则表达式有误：{exc}") from exc
    return value


def _require_term(value: str) -> str:
    if any(mark.isspace() or mark in _NEVER_READ for mark in _require_text(value)):
        raise ValueError(f"“{value.strip(_NEVER_READ)}”里不要写引号和空格，读报告时它们都不算")
    return value


Text = Annotated[str, AfterValidator(_require_text), WithJsonSchema({"type": "string", "pattern": r"\S"})]
Term = Annotated[str, AfterValidator(_require_term), WithJsonSchema({"type": "string", "pattern": r"\S"})]
"""A plain string of normalised text."""
Pattern = Annotated[
    str, AfterValidator(_require_pattern), WithJsonSchema({"type": "string", "description": "正则表达式。"})
]
"""A regular expression over normalised text (full-width marks, no quotation marks, no blanks). ``{name}`` is any word
of a list in ``lexicon.yaml``; ``{year}`` and ``{next_year}`` are the reporting year and the one after, in any writing.
A pattern is read in one sentence, clause or heading, so ``^`` and ``$`` are its ends."""

RuleId = Annotated[str, Field(pattern=r"^[A-Z]\d{3}$")]
Patterns = tuple[Pattern, ...]
SomePatterns = Annotated[tuple[Pattern, ...], Field(min_length=1)]


def is_pattern_field(field: FieldInfo) -> bool:
    """Tell whether the values of a field are patterns, alone or in a list."""
    return _has_pattern((*field.metadata, field.annotation))


def _has_pattern(things: tuple[Any, ...]) -> bool:
    """Look for the check of patterns among annotations and in what they are made of."""
    return any(getattr(thing, "func", None) is _require_pattern or _has_pattern(get_args(thing)) for thing in things)


class Data(BaseModel):
    """Base of everything read from a rule file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
