"""Kind ``concrete``: the text about the principal has a concrete deed, not only general phrases."""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.checks.part import check_part
from validator.checks.principal import principal_sentences
from validator.document import Span
from validator.kinds import ConcreteCheck, PartCheck
from validator.result import Candidate
from validator.rule import Rule


def check_concrete(rule: Rule, check: ConcreteCheck, context: CheckContext, part_rule: Rule | None) -> Verdict:
    """Pass on one sentence with a number, date, named document, named meeting or named deed of the principal."""
    if part_rule is None or not isinstance(part_rule.check, PartCheck):
        return Verdict("not_applicable", reason="规则库中没有第一责任人部分的规则")
    if check_part(part_rule, part_rule.check, context).outcome == "fail":
        return Verdict("not_applicable", reason="报告没有写第一责任人履职情况")
    candidates: list[Candidate] = []
    for sentence, presumed in principal_sentences(part_rule.check, context, check.subjects):
        found = concrete_deed(check, context, sentence, presumed)
        if found is not None:
            return Verdict("pass", (context.evidence(found),))
        candidates.append(context.candidate(sentence, "没有次数、日期、文件、会议或具体事项"))
    finding = context.finding(rule, "fail", sought=rule.title, candidates=tuple(candidates))
    return Verdict("fail", (), (finding,))


def concrete_deed(check: ConcreteCheck, context: CheckContext, sentence: Span, presumed: bool) -> Span | None:
    """Return the sentence when it has a concrete deed of the principal.

    ``presumed``: the heading is solely about the principal, so a sentence is about them unless it names another.
    """
    text = context.document.text[sentence.start : sentence.end]
    subject = context.patterns.any(check.subjects, text)
    other = context.patterns.any(check.other_subjects, text)
    if other is not None and (subject is None or other.start() < subject.start()):
        return None
    if subject is None and not presumed:
        return None
    plain = text
    for pattern in check.not_enough:
        plain = context.patterns.compile(pattern).sub("，", plain)
    for pattern in check.deeds.values():
        if context.patterns.compile(pattern).search(plain):
            return sentence
    return None
