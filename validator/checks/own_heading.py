"""Kind ``own_heading``: each part that is present has a level-1 heading of its own."""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.checks.part import check_part
from validator.checks.part_items import part_rule
from validator.document import Span
from validator.kinds import OwnHeadingCheck, PartName
from validator.outline import Section
from validator.result import Finding
from validator.rule import Rule

PART_NAMES: dict[PartName, str] = {
    "measures": "主要举措和成效",
    "problems": "存在的不足和原因",
    "principal": "第一责任人履职情况",
    "plan": "下一年度主要安排",
}


def check_own_heading(rule: Rule, check: OwnHeadingCheck, context: CheckContext) -> Verdict:
    """Pass when every present part stands alone under a level-1 heading; na when no part but the measures is there."""
    present = [p for p in check.parts if _is_present(p, context)]
    if not [p for p in present if p != "measures"]:
        return Verdict("not_applicable", reason="报告中没有可以单列的部分")
    findings: list[Finding] = []
    evidence = []
    for part in present:
        section = own_heading(context, part)
        if section is not None:
            evidence.append(context.evidence(_label(section)))
        elif part != "measures" or not _is_thematic(context):
            findings.append(_explain(rule, context, part))
    return Verdict("fail" if findings else "pass", tuple(evidence), tuple(findings))


def own_heading(context: CheckContext, part: PartName) -> Section | None:
    """Return the level-1 heading that names a part and nothing else, if any."""
    found = (h.section for h in context.parts.headings.get(part, ()) if h.alone and h.section.level == 1)
    return next(found, None)


def _is_present(part: PartName, context: CheckContext) -> bool:
    known = part_rule(context, part)
    return known is not None and check_part(*known, context).outcome in ("pass", "review")


def _is_thematic(context: CheckContext) -> bool:
    return not context.parts.headings.get("measures")


def _label(section: Section) -> Span:
    return Span(section.heading.start, section.heading.start + len(section.label))


def _explain(rule: Rule, context: CheckContext, part: PartName) -> Finding:
    name = PART_NAMES[part]
    headings = context.parts.headings.get(part, ())
    if not headings:
        return context.finding(rule, "fail", message=f"“{name}”没有自己的标题。", sought=f"“{name}”的一级标题")
    heading = headings[0]
    how = "放在下级标题里" if heading.section.level > 1 else "与其他部分合写在一个标题里"
    return context.finding(
        rule,
        "fail",
        message=f"“{name}”{how}，没有单列一级标题。",
        at=_label(heading.section),
        sought=f"“{name}”的一级标题",
    )
