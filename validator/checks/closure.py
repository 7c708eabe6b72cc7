"""Kind ``closure``: every problem is taken up by an item of the plan; problems and items are paired by matters."""

from __future__ import annotations

import re
from typing import NamedTuple

from validator.checks.context import CheckContext, Verdict
from validator.checks.matters import MOST_OWN, Subject, read_subject, shared_matters
from validator.checks.part_items import item_text, list_items, part_items, part_sentences
from validator.document import Span
from validator.kinds import ClosureCheck
from validator.result import Finding, Pair
from validator.rule import Rule

_ENUMERATED = re.compile("[、；]")
_MOST_PROBLEMS = 200
"""So many problems are compared with the plan, far more than a report has; further ones are left to a person.

Each is compared with every item of the plan, so a text of thousands of both would take minutes.
"""


class Problem(NamedTuple):
    """A problem: its first sentence, all of it, and what it says without openings and causes."""

    head: Span
    whole: Span
    words: str


def check_closure(rule: Rule, check: ClosureCheck, context: CheckContext) -> Verdict:
    """Pass when each problem has an answering item; review with each that has none. The pairing is kept."""
    plan = part_items(context, "plan")
    answers = [(item, read_subject(context, item_text(context, item))) for item in plan]
    pairs: list[Pair] = []
    findings: list[Finding] = []
    problems = list_problems(check, context)
    for problem, _, words in problems[:_MOST_PROBLEMS]:
        item, shared = _answer(read_subject(context, words), answers)
        shown = context.evidence(problem)
        pairs.append(Pair(shown, None if item is None else context.evidence(head_of(context, item)), shared))
        if item is None:
            message = f"下一年安排没有回应这个问题：“{shown.excerpt}”。"
            candidates = tuple(context.candidate(head_of(context, i), "没有提到这个问题里的事") for i in plan[:3])
            findings.append(context.finding(rule, "review", message=message, at=problem, candidates=candidates))
    if len(problems) > _MOST_PROBLEMS:
        message = f"列出的问题超过{_MOST_PROBLEMS}个，从这里起没有与下一年安排对照，请人工核对。"
        at = problems[_MOST_PROBLEMS].head
        findings.append(context.finding(rule, "review", message=message, at=at))
    evidence = tuple(p.problem for p in pairs[:4]) if not findings else ()
    return Verdict("review" if findings else "pass", evidence, tuple(findings), pairs=tuple(pairs))


def list_problems(check: ClosureCheck, context: CheckContext) -> list[Problem]:
    """Return the problems with what they say: list items, or what sentences enumerate where there is no list."""
    without = context.patterns.without
    items = list_items(context, "problems")
    if items:
        return [Problem(head_of(context, i), i, without(check.empty, item_text(context, i))) for i in items]
    found: list[tuple[Span, str]] = []
    for sentence in part_sentences(context, "problems"):
        pieces = _pieces(check, context, sentence)
        found += pieces or [(sentence, context.text(sentence))]
    told = [Problem(span, span, without(check.empty, words)) for span, words in found]
    return [problem for problem in told if context.patterns.any(check.content, problem.words)]


def _pieces(check: ClosureCheck, context: CheckContext, sentence: Span) -> list[tuple[Span, str]]:
    """Cut a sentence at 、 where each piece states a problem of its own (存在甲不足、乙不高等问题)."""
    text = context.document.text
    cuts = [m.start() for m in _ENUMERATED.finditer(text, sentence.start, sentence.end)]
    spans = [Span(a, b) for a, b in zip([sentence.start, *(c + 1 for c in cuts)], [*cuts, sentence.end], strict=True)]
    stated = [context.patterns.any(check.content, context.text(s)) is not None for s in spans]
    return [(s, context.text(s)) for s in spans] if len(spans) > 1 and all(stated) else []


def _answer(problem: Subject, answers: list[tuple[Span, Subject]]) -> tuple[Span | None, tuple[str, ...]]:
    """Return the item of the plan that shares most with a problem, and what they share."""
    best: tuple[Span | None, tuple[str, ...]] = (None, ())
    most = max(MOST_OWN, len(problem.narrow), len(problem.broad))
    for item, subject in answers:
        shared = shared_matters(problem, subject)
        if len(shared) > len(best[1]):
            best = (item, shared)
        if len(shared) == most:
            break
    return best


def head_of(context: CheckContext, item: Span) -> Span:
    """Return the first sentence of an item, heading included."""
    text = context.document.text
    ends = [e for mark in "。；\n" if (e := text.find(mark, item.start + 1, item.end)) > 0]
    return Span(item.start, min(ends, default=item.end))
