"""Kind ``numbering``: heading numbers and run-in lists run on from 1, in one style for a level."""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.kinds import NumberingCheck
from validator.outline import Section
from validator.result import Finding
from validator.rule import Rule

_RESTARTS = frozenset({"arabic", "paren_arabic", "circled"})


def check_numbering(rule: Rule, check: NumberingCheck, context: CheckContext) -> Verdict:  # noqa: ARG001
    """Pass without gap, repeat, lost number or mixed style; fail once for each fault."""
    outline = context.outline
    findings: list[Finding] = []
    numbered = [s for s in outline.sections if s.scheme != "none"]
    hinted = any(p.hint for p in context.document.paragraphs)
    if not numbered and not hinted and len(outline.sections) >= 3:
        first = outline.sections[0]
        findings.append(_fault(rule, context, first, f"“{first.title}”等标题没有序号。"))
    for parent in (None, *outline.sections):
        findings += _siblings(rule, context, parent, outline.children(parent)) if numbered else []
    findings += _series(rule, context)
    evidence = tuple(context.evidence(_label(s)) for s in outline.children(None)[:6]) if not findings else ()
    return Verdict("fail" if findings else "pass", evidence, tuple(findings))


def _siblings(rule: Rule, context: CheckContext, parent: Section | None, found: tuple[Section, ...]) -> list[Finding]:
    """Compare the numbers and schemes of the headings under one parent."""
    faults: list[Finding] = []
    first = next((s for s in found if s.scheme != "none"), None)
    expected = 1
    for section in found:
        if section.scheme == "none":
            if section.lost and not _is_hinted(context, section):
                faults.append(_fault(rule, context, section, f"“{section.title}”前缺少序号。"))
            expected += 1
            continue
        if parent is not None and section.scheme == parent.scheme and section.number == 1:
            faults.append(_fault(rule, context, section, f"“{section.mark}”与上级标题用了同一种序号。"))
        if first is not None and section.scheme != first.scheme:
            faults.append(
                _fault(rule, context, section, f"同级标题序号不统一：前面用“{first.mark}”，这里用“{section.mark}”。")
            )
        elif section.number != expected and not (section.number == 1 and section.scheme in _RESTARTS and expected > 2):
            faults.append(_fault(rule, context, section, _explain(section, expected)))
        expected = (section.number or expected) + 1
    return faults


def _explain(section: Section, expected: int) -> str:
    number = section.number or 0
    if expected == 1:
        return f"序号从“{section.mark}”开始，前面没有第一项。"
    if number < expected:
        return f"序号“{section.mark}”重复，按顺序应是第{expected}项。"
    return f"序号不连续：“{section.mark}”之前缺第{expected}项。"


def _is_hinted(context: CheckContext, section: Section) -> bool:
    paragraph = context.document.paragraph_at(section.heading.start)
    return bool(paragraph.hint) and paragraph.start == section.heading.start


def _series(rule: Rule, context: CheckContext) -> list[Finding]:
    """Run-in lists 一是、二是: within one section each list starts at 一是 and has no gap; lists may nest."""
    faults: list[Finding] = []
    open_lists: dict[tuple[int, str], list[int]] = {}
    for mark in context.outline.series:
        if context.is_cited(mark.span.start):
            continue
        section = context.outline.section_at(mark.span.start)
        lists = open_lists.setdefault((section.index if section else -1, mark.kind), [])
        if mark.value == 1:
            lists.append(1)
            continue
        while lists and lists[-1] + 1 != mark.value:
            if len(lists) == 1:
                break
            lists.pop()
        if lists and lists[-1] + 1 == mark.value:
            lists[-1] = mark.value
            continue
        words = context.text(mark.span).rstrip("，、：")
        before = "前面没有“一是”" if not lists else f"前一项是第{lists[-1]}项"
        faults.append(
            context.finding(
                rule, "fail", message=f"“{words}”序号不连续：{before}。", at=context.clause_at(mark.span.start)
            )
        )
        lists[:] = [mark.value]
    return faults


def _label(section: Section) -> Span:
    return Span(section.heading.start, section.heading.start + len(section.label))


def _fault(rule: Rule, context: CheckContext, section: Section, message: str) -> Finding:
    return context.finding(rule, "fail", message=message, at=_label(section))
