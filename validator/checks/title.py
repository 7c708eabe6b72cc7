"""Kind ``title``: the title names year and kind of document, with the body in it or beside it."""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.kinds import TitleCheck
from validator.rule import Rule

_ALL = ("organ", "year", "genre")


def check_title(rule: Rule, check: TitleCheck, context: CheckContext) -> Verdict:
    """Pass with body, year and kind of document; fail with the names of what lacks."""
    facts = context.facts
    if facts.title is None or facts.title_span is None:
        finding = context.finding(rule, "fail", message="没有标题。", sought=rule.title)
        return Verdict("fail", (), (finding,))
    missing = []
    if "organ" in check.needs and not facts.organ_near_title:
        missing.append("单位")
    if "year" in check.needs and facts.title_year is None and not _year_beside(context):
        missing.append("年度")
    if "genre" in check.needs and context.patterns.any(check.genre, facts.title) is None:
        missing.append("文种")
    if missing:
        is_whole = len(check.needs) == len(_ALL)
        message = f"标题不完整，缺少{'、'.join(missing)}。" if is_whole else rule.message.fail
        return Verdict("fail", (), (context.finding(rule, "fail", message=message, at=facts.title_span),))
    return Verdict("pass", (context.evidence(facts.title_span),))


def _year_beside(context: CheckContext) -> bool:
    """Tell whether the year stands in the line above the title."""
    title, year = context.facts.title_span, context.facts.year_span
    return title is not None and year is not None and title.start - 40 <= year.start < title.end
