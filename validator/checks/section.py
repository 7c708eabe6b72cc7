"""Kind ``section``: the report has a section that a bureau names itself, with text under its heading."""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.checks.part import other_headings, tells
from validator.document import Span
from validator.kinds import SectionCheck
from validator.outline import Section
from validator.result import Candidate
from validator.rule import Rule


def check_section(rule: Rule, check: SectionCheck, context: CheckContext) -> Verdict:
    """Pass with such a heading and content under it; review without the content; fail otherwise."""
    patterns = context.patterns
    named = [
        s
        for s in context.outline.sections
        if patterns.any(check.headings, s.title) and not patterns.any(check.not_headings, s.title)
    ]
    doubtful: Section | None = None
    near: list[Candidate] = []
    for section in named:
        head = Span(section.heading.start, section.heading.start + len(section.label))
        body = context.outline.body(section)
        sentences = context.document.sentences_in(body)
        if not tells(context, sentences):
            near.append(context.candidate(head, "标题下没有内容"))
            continue
        found = next((s for s in sentences if not check.content or patterns.any(check.content, context.text(s))), None)
        if found is not None:
            return Verdict("pass", (context.evidence(head), context.evidence(found)))
        doubtful = doubtful or section
        near.append(context.candidate(head, "标题下没有写出这一部分的具体内容"))
    if doubtful is not None:
        at = Span(doubtful.heading.start, doubtful.heading.start + len(doubtful.label))
        finding = context.finding(rule, "review", at=at, sought=rule.title, candidates=tuple(near))
        return Verdict("review", (context.evidence(at),), (finding,))
    candidates = tuple(near) or other_headings(context)
    return Verdict("fail", (), (context.finding(rule, "fail", sought=rule.title, candidates=candidates),))
