"""What an editor shows over a marked place: the rule, the clause it rests on with how sure that is, the model wording.

Words of the report may stand in a message: nothing of them is read as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsprotocol.types import Hover, MarkupContent, MarkupKind, Position, Range

from validator.editor.diagnostics import Mark, touches
from validator.reporters.words import OUTCOME_WORDS, SEVERITY_WORDS, describe_basis

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_MOST = 5
"""Many rules may miss something at one place; those that weigh most are shown."""
_BACKTICKS = re.compile(r"`+")


def hover_at(marks: Sequence[Mark], position: Position) -> Hover | None:
    """Return what to show at a place, or nothing where no diagnostic stands."""
    here = Range(position, position)
    found = [m for m in marks if m.rule is not None and touches(m.diagnostic.range, here)]
    if not found:
        return None
    found.sort(key=lambda m: m.diagnostic.severity or 0)
    shown = [_describe(m) for m in found[:_MOST]]
    if len(found) > _MOST:
        shown.append(f"这里另有{len(found) - _MOST}处，见编辑器的问题列表。")
    return Hover(MarkupContent(MarkupKind.Markdown, "\n\n---\n\n".join(shown)), found[0].diagnostic.range)


def _describe(mark: Mark) -> str:
    rule, finding = mark.rule, mark.finding
    assert rule is not None
    outcome = finding.outcome if finding is not None else rule.outcome
    head = f"**{escape(rule.id)} {escape(rule.title)}**（{SEVERITY_WORDS[rule.severity]}，{OUTCOME_WORDS[outcome]}）"
    parts = [head, escape(mark.diagnostic.message)]
    if finding is not None and finding.replacement is not None:
        parts.append(f"改为：{escape(finding.replacement)}" if finding.replacement else "可以删去。")
    if rule.basis:
        parts.append("\n".join(f"- 依据：{escape(describe_basis(b))}" for b in rule.basis))
    if finding is not None and finding.suggestion and finding.suggestion != finding.replacement:
        parts.append(f"可以这样写：\n\n{_fence(finding.suggestion)}")
    return "\n\n".join(parts)


def escape(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return _PUNCTUATION.sub(r"\\\1", line)


def _fence(text: str) -> str:
    """Return a text as a code block; its fence is longer than any row of backticks in it."""
    longest = max((len(m.group()) for m in _BACKTICKS.finditer(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
