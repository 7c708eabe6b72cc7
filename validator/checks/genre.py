"""Kind ``genre``: is this an annual report on rule-of-law work at all?"""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.kinds import GenreCheck
from validator.result import Finding
from validator.rule import Rule


def check_genre(rule: Rule, check: GenreCheck, context: CheckContext) -> Verdict:
    """Read the title, then the opening, then the content; pass or fail."""
    text, patterns, facts = context.document.text, context.patterns, context.facts
    rejected = patterns.any(check.reject_text, text)
    if facts.title is not None and facts.title_span is not None:
        other = patterns.any(check.reject, facts.title)
        if other is not None:
            message = f"标题“{facts.title}”是另一种文种。"
            return Verdict("fail", (), (_finding(rule, context, message, facts.title_span),))
        if patterns.any(check.accept, facts.title) and rejected is None:
            return Verdict("pass", (context.evidence(facts.title_span),))
        neutral = patterns.any(check.neutral, facts.title) is not None
        if not neutral and not patterns.any(check.accept, facts.title):
            message = f"标题“{facts.title}”不是法治政府建设年度报告。"
            return Verdict("fail", (), (_finding(rule, context, message, facts.title_span),))
    if rejected is not None:
        sentence = context.document.sentence_at(rejected.start())
        return Verdict("fail", (), (_finding(rule, context, "正文是另一种文种的写法。", sentence),))
    return _read_body(rule, check, context)


def _read_body(rule: Rule, check: GenreCheck, context: CheckContext) -> Verdict:
    """Without a telling title: the opening says so, or enough of the content does."""
    text, patterns = context.document.text, context.patterns
    sections = context.outline.sections
    first = sections[0].heading.start if sections else min(len(text), 800)
    other = patterns.any(check.reject_opening, text, 0, first)
    if other is not None:
        sentence = context.document.sentence_at(other.start())
        return Verdict("fail", (), (_finding(rule, context, "开头写明是另一种文种。", sentence),))
    opening = patterns.any(check.opening, text, 0, max(first, 1))
    voice = patterns.any(check.own_voice, text)
    signs = [hit for hit in (patterns.any((p,), text) for p in check.content) if hit is not None]
    if opening is not None and len(signs) >= 2:
        return Verdict("pass", (context.evidence(context.document.sentence_at(opening.start())),))
    if voice is not None and len(signs) >= check.content_needed:
        return Verdict("pass", tuple(context.evidence(context.clause_at(hit.start())) for hit in signs[:3]))
    sought = "标题、开头或正文写明是本单位一年的法治政府建设工作"
    message = f"标题、开头和正文都没有写明是这样的报告。{rule.message.fail}"
    return Verdict("fail", (), (context.finding(rule, "fail", message=message, sought=sought),))


def _finding(rule: Rule, context: CheckContext, message: str, at: Span) -> Finding:
    return context.finding(rule, "fail", message=f"{message}{rule.message.fail}", at=at)
