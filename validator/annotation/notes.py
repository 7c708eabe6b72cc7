"""What is said in the margin: one note a finding, signed with the weight of its rule, by which Word can filter."""

from __future__ import annotations

from dataclasses import dataclass

from validator.document import Location
from validator.reporters.words import OUTCOME_WORDS, SEVERITY_WORDS, describe_basis, describe_waiver, open_findings
from validator.result import FileResult, Finding, RuleResult

_INITIALS = {"必备项": "必", "应改项": "改", "质量提示": "示"}


@dataclass(frozen=True, slots=True)
class Note:
    """One comment. ``location`` is where it stands; ``missing``: after it, something is missing.

    ``location`` is ``None`` when the finding has no place at all: then it belongs to the whole file.
    """

    author: str
    initials: str
    text: str
    location: Location | None
    missing: bool


def collect_notes(result: FileResult) -> tuple[Note, ...]:
    """Return the notes for a file in the order of the checklist: every finding that failed or needs review.

    What is in the baseline has no note; the note of what was waived says so.
    """
    return tuple(
        _note(rule, finding)
        for rule in result.rules
        if rule.outcome in ("fail", "review")
        for finding in open_findings(rule)
    )


def _note(rule: RuleResult, finding: Finding) -> Note:
    author = SEVERITY_WORDS[rule.severity]
    location = finding.location
    missing = location is None
    if location is None:
        location = rule.evidence[0].location if rule.evidence else finding.insert_after
    return Note(author, _INITIALS[author], _text(rule, finding), location, missing)


def _text(rule: RuleResult, finding: Finding) -> str:
    """Conclusion, what is wrong, where it belongs, what to write, why; a line each."""
    lines = [f"【{OUTCOME_WORDS[finding.outcome]}】{rule.id} {rule.title}", finding.message]
    if rule.waiver is not None:
        lines.insert(1, f"已豁免：{describe_waiver(rule.waiver)}")
    if finding.location is None and finding.expected:
        lines.append(f"应写在：{finding.expected}。")
    if finding.replacement is not None:
        lines.append(f"改为：{finding.replacement}")
    if finding.suggestion and finding.suggestion != finding.replacement:
        lines += ["可以这样写：", *finding.suggestion.splitlines()]
    if rule.basis:
        lines.append(f"依据：{describe_basis(rule.basis[0])}")
    if rule.reading == "ocr":
        lines.append("文字由图像识别得到，请对照原件。")
    return "\n".join(_printable(line) for line in lines)


def _printable(line: str) -> str:
    """Drop what XML and PDF strings cannot hold."""
    return "".join(c for c in line if c.isprintable())
