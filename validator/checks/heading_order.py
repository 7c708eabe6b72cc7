"""Kind ``heading_order``: the level-1 headings of the parts stand in the given order."""

from __future__ import annotations

from itertools import pairwise

from validator.checks.context import CheckContext, Verdict
from validator.checks.own_heading import PART_NAMES, own_heading
from validator.document import Span
from validator.kinds import HeadingOrderCheck
from validator.rule import Rule


def check_heading_order(rule: Rule, check: HeadingOrderCheck, context: CheckContext) -> Verdict:
    """Pass in order, fail in another order, na when a part lacks a level-1 heading of its own."""
    sections = [(p, own_heading(context, p)) for p in check.parts]
    missing = [PART_NAMES[p] for p, s in sections if s is None]
    if missing:
        return Verdict("not_applicable", reason=f"“{'”“'.join(missing)}”没有单列一级标题，无从比较顺序")
    found = [s for _, s in sections if s is not None]
    evidence = tuple(context.evidence(Span(s.heading.start, s.heading.start + len(s.label))) for s in found)
    if [s.index for s in found] == sorted(s.index for s in found):
        return Verdict("pass", evidence)
    first = next(later for earlier, later in pairwise(found) if later.index < earlier.index)
    actual = sorted((s.index, PART_NAMES[p]) for p, s in sections if s is not None)
    order = "、".join(name for _, name in actual)
    at = Span(first.heading.start, first.heading.start + len(first.label))
    return Verdict(
        "fail", evidence, (context.finding(rule, "fail", message=f"{rule.message.fail}现在的顺序是：{order}。", at=at),)
    )
