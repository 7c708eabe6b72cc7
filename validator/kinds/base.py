"""What all rule kinds are made of: text, patterns, and the model that refuses unknown keys."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

PartName = Literal["measures", "problems", "principal", "plan"]

EntityLabel = Literal["QUANTITY", "PERCENT", "FREQUENCY", "DATE", "DOCUMENT", "ORGAN", "MEETING", "DEED", "FORMULA"]
"""What the pipeline marks in a sentence; its patterns stand in ``spans.yaml``."""

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
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


Text = Annotated[str, AfterValidator(_require_text)]
Pattern = Annotated[str, AfterValidator(_require_pattern)]
"""A regular expression over normalised text (full-width marks, no quotation marks, no blanks). ``{name}`` is any word
of a list in ``lexicon.yaml``; ``{year}`` and ``{next_year}`` are the reporting year and the one after, in any writing.
A pattern is read in one sentence, clause or heading, so ``^`` and ``$`` are its ends."""

RuleId = Annotated[str, Field(pattern=r"^[A-Z]\d{3}$")]
Patterns = tuple[Pattern, ...]
SomePatterns = Annotated[tuple[Pattern, ...], Field(min_length=1)]


class Data(BaseModel):
    """Base of everything read from a rule file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
