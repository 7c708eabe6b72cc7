"""Kind ``pairs``: a quoted pair of object and deed has the exact wording."""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.kinds import PairsCheck
from validator.rule import Rule


def check_pairs(rule: Rule, check: PairsCheck, context: CheckContext) -> Verdict:
    """Pass when no quoted pair deviates; fail once for each deviating pair, with the right one."""
    right = {*check.right, *check.accepted}
    evidence, findings = [], []
    for hit in context.patterns.compile(check.pattern).finditer(context.document.text):
        span = Span(hit.start(), hit.end())
        if context.is_cited(span.start) or context.parts.region_at(span.start) == "furniture":
            continue
        pair = f"{hit.group('object')}{check.term}{hit.group('deed')}"
        if pair in right:
            evidence.append(context.evidence(span))
            continue
        nearest = _nearest(pair, check.right)
        message = f"“{pair}”与规定的表述不一致，应为“{nearest}”。"
        findings.append(
            context.finding(rule, "fail", message=message, at=span, suggestion=nearest, replacement=nearest)
        )
    return Verdict("fail" if findings else "pass", tuple(evidence[:4]), tuple(findings))


def _nearest(pair: str, right: tuple[str, ...]) -> str:
    """Return the right pair most like a wrong one."""
    from rapidfuzz import fuzz

    return max(right, key=lambda r: (fuzz.ratio(r, pair), r))
