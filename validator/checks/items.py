"""Kind ``items``: a part has so many distinct items with content."""

from __future__ import annotations

import re
from collections.abc import Iterable

from validator.checks.context import CheckContext, Verdict
from validator.checks.matters import Subject, read_subject
from validator.checks.part_items import item_text, list_items, part_sentences
from validator.document import Span
from validator.kinds import ItemsCheck
from validator.rule import Rule

_CLAUSES = re.compile(r"[，；。：、]")
_SAME = 75.0
"""Two statements as alike as this (0–100) say the same thing."""


def check_items(rule: Rule, check: ItemsCheck, context: CheckContext) -> Verdict:
    """Pass with ``least`` distinct statements that have content; fail with those that were found."""
    items = list_items(context, check.part)
    sentences = part_sentences(context, check.part)
    if len(items) == 1:
        statements = [item_text(context, items[0])]
    elif items:
        statements = [_first_statement(check, context, item_text(context, i)) for i in items]
    elif sentences and context.patterns.any(check.single, "".join(context.text(s) for s in sentences)):
        statements = [context.text(sentences[0])]
    else:
        statements = [u for s in sentences for u in _units(check, context, context.text(s))]
    distinct = _distinct(context, (s for s in statements if s), check.least)
    evidence = tuple(context.evidence(_first_line(context, i)) for i in (items or sentences)[:3])
    if len(distinct) >= check.least:
        return Verdict("pass", evidence)
    why = "只有这一个问题" if distinct else "没有说出具体问题"
    candidates = tuple(context.candidate(i, why) for i in (items or sentences)[:3])
    at = sentences[0] if sentences else None
    finding = context.finding(rule, "fail", at=at, sought=rule.title, candidates=candidates)
    return Verdict("fail", evidence, (finding,))


def _first_statement(check: ItemsCheck, context: CheckContext, words: str) -> str:
    """Return the first statement of an item; what follows explains it."""
    units = _units(check, context, words)
    return units[0] if units else ""


def _units(check: ItemsCheck, context: CheckContext, words: str) -> list[str]:
    """Cut words into statements: clauses up to one with content."""
    found: list[str] = []
    lead = ""
    for clause in _CLAUSES.split(context.patterns.without(check.empty, words)):
        lead = f"{lead}，{clause}" if lead else clause
        if context.patterns.any(check.content, clause):
            found.append(lead)
            lead = ""
    return found


def _distinct(context: CheckContext, statements: Iterable[str], least: int) -> list[str]:
    """Keep statements about something, each about something else than those before it, up to ``least``."""
    from rapidfuzz import fuzz

    kept: list[tuple[str, Subject]] = []
    for words in statements:
        subject = read_subject(context, words)
        if subject.is_empty:
            continue
        known = any(
            fuzz.ratio(words, other) >= _SAME or (subject.narrow and subject.narrow == theirs.narrow)
            for other, theirs in kept
        )
        if not known:
            kept.append((words, subject))
        if len(kept) == least:
            break  # more say no more, and each would be compared with all before it
    return [words for words, _ in kept]


def _first_line(context: CheckContext, item: Span) -> Span:
    end = context.document.text.find("\n", item.start, item.end)
    return Span(item.start, end if end > 0 else item.end)
