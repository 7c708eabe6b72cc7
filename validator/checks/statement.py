"""Kind ``statement``: a part states something, for example the causes of its problems."""

from __future__ import annotations

from validator.checks.context import CheckContext, Verdict
from validator.checks.part_items import part_sentences
from validator.kinds import StatementCheck
from validator.rule import Rule


def check_statement(rule: Rule, check: StatementCheck, context: CheckContext) -> Verdict:
    """Pass on the first sentence of the part that states it; fail otherwise, with the sentences that were read."""
    sentences = part_sentences(context, check.part)
    for sentence in sentences:
        words = context.patterns.without(check.not_patterns, context.text(sentence))
        if context.patterns.any(check.patterns, words):
            return Verdict("pass", (context.evidence(sentence),))
    candidates = tuple(context.candidate(s, check.lacking) for s in sentences[:3])
    at = sentences[-1] if sentences else None
    return Verdict("fail", (), (context.finding(rule, "fail", at=at, sought=rule.title, candidates=candidates),))
