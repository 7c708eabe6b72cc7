"""Kind ``publication``: when and where a report was published, as far as the file itself says."""

from __future__ import annotations

import re
from datetime import date

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.facts import read_publication
from validator.kinds import PublicationCheck
from validator.rule import Rule

NO_DAY = "文件里没有公开日期，这一项没有检查"
NO_PATH = "文件里没有网站的栏目路径，这一项没有检查"
_PATH = re.compile(r"当前位置|您的位置|您所在的位置|首页.{0,4}[>＞»/－-]")


def check_publication(rule: Rule, check: PublicationCheck, context: CheckContext) -> Verdict:
    """Pass when it was published in time, or in the column; what the file does not say is not judged."""
    return _by_day(rule, check.by, context) if check.by else _in_column(rule, check.column or "", context)


def _by_day(rule: Rule, by: str, context: CheckContext) -> Verdict:
    facts = context.facts
    published = read_publication(context.document, context.outline).published
    if published is None or facts.year is None:
        return Verdict("not_applicable", reason=NO_DAY)
    last = date.fromisoformat(f"{facts.year + 1}-{by}")
    day = date.fromisoformat(published)
    if day <= last:
        return Verdict("pass")
    message = f"{rule.message.fail}文件写的日期是{_say(day)}，应不晚于{_say(last)}。"
    return Verdict("fail", (), (context.finding(rule, "fail", message=message, at=facts.title_span),))


def _in_column(rule: Rule, column: str, context: CheckContext) -> Verdict:
    paths = [s for s in _lines_around(context) if _PATH.search(context.text(s))]
    if not paths:
        return Verdict("not_applicable", reason=NO_PATH)
    found = next((s for s in paths if column in context.text(s)), None)
    if found is not None:
        return Verdict("pass", (context.evidence(found),))
    return Verdict("fail", (), (context.finding(rule, "fail", at=paths[0]),))


def _lines_around(context: CheckContext) -> list[Span]:
    document, end = context.document, context.outline.front_end
    return [Span(p.start, p.end) for p in document.paragraphs if p.furniture or p.start < end]


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
