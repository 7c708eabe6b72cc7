"""Kind ``wording``: fixed terms stand in their fixed form; each wrong one is shown with the right one."""

from __future__ import annotations

import re

from validator.checks.context import CheckContext, Verdict
from validator.document import Cover, Span, cover
from validator.kinds import WordingCheck, WrongUse
from validator.result import Finding
from validator.rule import Rule


def check_wording(rule: Rule, check: WordingCheck, context: CheckContext) -> Verdict:
    """Pass without a wrong form; fail once for each, up to as many as a rule shows."""
    text = context.document.text
    right = cover(m.span() for p in check.unless for m in context.patterns.compile(p).finditer(text))
    found: dict[Span, tuple[WrongUse, re.Match[str]]] = {}
    taken: set[int] = set()
    for wrong in check.wrong:
        for hit in context.patterns.compile(wrong.pattern).finditer(text):
            span = Span(*hit.span("wrong" if "wrong" in hit.re.groupindex else 0))
            if not taken.intersection(range(*span)) and not _is_excused(context, wrong, span, right):
                found[span] = (wrong, hit)
                taken.update(range(*span))
    near = {span: name for span, name in _near_names(check, context) if not _is_excused(context, None, span, right)}
    shown = sorted([*found, *(span for span in near if not taken.intersection(range(*span)))])[: context.most]
    findings = tuple(
        _explain(rule, context, span, *found[span])
        if span in found
        else _say(rule, context, span, context.text(span), near[span], near[span])
        for span in shown
    )
    return Verdict("fail" if findings else "pass", (), findings)


def _near_names(check: WordingCheck, context: CheckContext) -> list[tuple[Span, str]]:
    """Return the names that are one character away from a right one, with the right one."""
    found: list[tuple[Span, str]] = []
    for names in check.near:
        for hit in context.patterns.compile(names.token).finditer(context.document.text):
            name = hit.group()
            if name not in names.right and (meant := _one_off(name, names.right)) is not None:
                found.append((Span(hit.start(), hit.end()), meant))
    return found


def _one_off(name: str, right: tuple[str, ...]) -> str | None:
    from rapidfuzz.distance import Levenshtein

    return next((r for r in right if Levenshtein.distance(name, r, score_cutoff=1) == 1), None)


def _is_excused(context: CheckContext, wrong: WrongUse | None, span: Span, right: Cover) -> bool:
    if context.is_cited(span.start) or right.holds(*span):
        return True
    if context.parts.region_at(span.start) == "furniture":
        return True
    if wrong is None or not wrong.needs:
        return False
    sentence = context.document.sentence_at(span.start)
    return context.patterns.any(wrong.needs, context.text(sentence)) is None


def _explain(rule: Rule, context: CheckContext, span: Span, wrong: WrongUse, hit: re.Match[str]) -> Finding:
    if wrong.right is None:
        return context.finding(rule, "fail", at=span)
    right = hit.expand(wrong.right)
    text = context.document.text
    whole = Span(min(span.start, hit.start()), max(span.end, hit.end()))
    said = text[whole.start : whole.end]
    meant = text[whole.start : span.start] + right + text[span.end : whole.end]
    return _say(rule, context, span, said, meant, right)


def _say(rule: Rule, context: CheckContext, span: Span, said: str, meant: str, right: str) -> Finding:
    message = f"“{said}”应为“{meant}”。"
    return context.finding(rule, "fail", message=message, at=span, suggestion=meant, replacement=right)
