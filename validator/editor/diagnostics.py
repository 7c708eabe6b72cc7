"""FileResult → diagnostics: one for each finding that counts, in plain Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol.types import Diagnostic, DiagnosticSeverity, Range

from validator.editor.reports import drop_accepted, is_other_genre
from validator.editor.text_map import TextMap
from validator.engine import NO_YEAR
from validator.result import FileResult, Finding, RuleResult

SOURCE = "fazhi"
_NO_YEAR_HERE = "无法确定报告年度：请在标题或正文里写明，例如“2023年度”。"
_FAILED = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "note": DiagnosticSeverity.Information,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A diagnostic with the rule and the finding that it shows. What is wrong with a whole file has neither."""

    diagnostic: Diagnostic
    rule: RuleResult | None = None
    finding: Finding | None = None


def diagnostics_for(result: FileResult, text: TextMap) -> list[Diagnostic]:
    """Return the diagnostics of a checked text."""
    return [m.diagnostic for m in marks_for(result, text)]


def marks_for(result: FileResult, text: TextMap) -> tuple[Mark, ...]:
    """Return the diagnostics of a checked text with what they show, in the order of the text.

    A file that could not be checked has one, at its first line; so has a text that is no such report: one hint.
    """
    if result.errors:
        return (Mark(_whole_file(text, _NO_YEAR_HERE if result.errors[0] == NO_YEAR else result.errors[0])),)
    if is_other_genre(result):
        return _other_genre(result, text)
    marks = [m for rule in drop_accepted(result).rules for m in _rule_marks(rule, text)]
    return tuple(sorted(marks, key=_order))


def failure(text: TextMap, message: str) -> Diagnostic:
    """Return the diagnostic of a document that could not be checked."""
    return _whole_file(text, message)


def _other_genre(result: FileResult, text: TextMap) -> tuple[Mark, ...]:
    gate = next((r for r in result.rules if r.findings), None)
    said = gate.findings[0].message if gate is not None else "这份文件不像法治政府建设年度报告。"
    code = gate.id if gate is not None else None
    place = text.range_of(None)
    return (Mark(Diagnostic(place, f"{said}没有检查其余规则。", DiagnosticSeverity.Hint, code, source=SOURCE), gate),)


def _rule_marks(rule: RuleResult, text: TextMap) -> Iterator[Mark]:
    if rule.outcome == "error":
        message = f"规则{rule.id}未能检查：{rule.reason}。"
        yield Mark(
            Diagnostic(text.range_of(None), message, DiagnosticSeverity.Warning, rule.id, source=SOURCE),
            rule,
        )
    elif rule.outcome in ("fail", "review"):
        for finding in rule.findings:
            yield _mark(rule, finding, text)


def _mark(rule: RuleResult, finding: Finding, text: TextMap) -> Mark:
    if finding.outcome == "fail":
        severity = _FAILED[rule.severity]
    else:
        severity = DiagnosticSeverity.Hint if rule.severity == "note" else DiagnosticSeverity.Information
    place = text.range_of(finding.location or finding.insert_after)
    return Mark(Diagnostic(place, describe(finding), severity, rule.id, source=SOURCE), rule, finding)


def describe(finding: Finding) -> str:
    """Return what is wrong, and where it belongs when it is missing."""
    message = finding.message
    if finding.location is None and finding.expected:
        message += f"应写在：{finding.expected}。"
    return message


def _whole_file(text: TextMap, message: str) -> Diagnostic:
    return Diagnostic(text.range_of(None), message, DiagnosticSeverity.Error, source=SOURCE)


def _order(mark: Mark) -> tuple[int, int, str]:
    start = mark.diagnostic.range.start
    return start.line, start.character, str(mark.diagnostic.code)


def touches(place: Range, other: Range) -> bool:
    """Tell whether two ranges meet; an empty one meets what it stands at the edge of."""
    return _point(place, 0) <= _point(other, 1) and _point(other, 0) <= _point(place, 1)


def _point(place: Range, which: int) -> tuple[int, int]:
    position = (place.start, place.end)[which]
    return position.line, position.character
