"""Kind ``activity``: a theme is backed by an activity with a number, in the section that names it."""

from __future__ import annotations

import re

from validator.checks.context import CheckContext, Verdict
from validator.checks.theme import own_mentions
from validator.document import Span
from validator.kinds import ActivityCheck, ThemeCheck
from validator.nlp.pipeline import Entity
from validator.nlp.quantities import read_quantity
from validator.result import Candidate
from validator.rule import Rule

_NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万两]")
_CLAUSE_BREAK = "，；：。（）"
_CLAUSES = re.compile(f"[{_CLAUSE_BREAK}]")


def check_activity(rule: Rule, check: ActivityCheck, context: CheckContext) -> Verdict:
    """Pass on one counted activity in a section that names the theme; fail with the sentences that came near."""
    theme = context.rules[check.theme].check
    assert isinstance(theme, ThemeCheck)  # the rule set is not loaded otherwise
    mentions = own_mentions(theme, context)
    candidates: list[Candidate] = []
    for sentence in _to_read(context, mentions):
        words = context.text(sentence)
        if not context.patterns.any(check.activity, words):
            continue
        if not _NUMERAL.search(words) and not (check.frequency and "每" in words):
            candidates.append(context.candidate(sentence, "没有写数量"))
            continue
        found, near = _counted(check, context, sentence, _names(theme, context, sentence))
        if found is not None:
            return Verdict("pass", (context.evidence(found), context.evidence(mentions[0])))
        candidates += near
    at = mentions[0] if mentions else None
    finding = context.finding(rule, "fail", at=at, sought=rule.title, candidates=tuple(candidates))
    return Verdict("fail", (), (finding,))


def _names(theme: ThemeCheck, context: CheckContext, sentence: Span) -> bool:
    """Tell whether a sentence names the theme by one of its terms."""
    words = context.text(sentence)
    return any(t in words for group in theme.any_of for m in group.all_of for t in m.terms)


def _to_read(context: CheckContext, mentions: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the sentences of the sections that name the theme, each once: first those that name it themselves."""
    naming = [context.document.sentence_at(m.start) for m in mentions]
    found = dict.fromkeys(naming)
    for around in dict.fromkeys(_around(context, m) for m in mentions):
        sentences = context.document.sentences_in(around)
        found |= dict.fromkeys(s for s in sentences if context.parts.region_at(s.start) == "own")
    return tuple(found)


def _around(context: CheckContext, mention: Span) -> Span:
    """Return the deepest section that holds a mention, or its paragraph."""
    section = context.outline.section_at(mention.start)
    if section is not None:
        return Span(section.heading.start, section.end)
    paragraph = context.document.paragraph_at(mention.start)
    return Span(paragraph.start, paragraph.end)


def _counted(
    check: ActivityCheck, context: CheckContext, sentence: Span, names_theme: bool
) -> tuple[Span | None, list[Candidate]]:
    """Return the clause of the first counted activity in a sentence, and clauses whose number is of something else."""
    near: list[Candidate] = []
    text = context.document.text
    for entity in context.entities(sentence):
        if not _is_counted(check, context, entity):
            continue
        clause = _clause(text, sentence, entity.start)
        words = text[clause.start : clause.end]
        before = text[sentence.start : entity.start]
        why = _why_not(check, context, words, before, names_theme)
        if why is None:
            return clause, near
        near.append(context.candidate(clause, why))
    return None, near


def _is_counted(check: ActivityCheck, context: CheckContext, entity: Entity) -> bool:
    if entity.label == "FREQUENCY":
        return check.frequency
    if entity.label != "QUANTITY":
        return False
    quantity = read_quantity(context.document.text[entity.start : entity.end])
    return quantity is not None and quantity.unit in check.units and quantity.value > 0


def _clause(text: str, sentence: Span, offset: int) -> Span:
    start = max(text.rfind(mark, sentence.start, offset) for mark in _CLAUSE_BREAK) + 1
    ends = [e for mark in _CLAUSE_BREAK if (e := text.find(mark, offset, sentence.end)) >= 0]
    return Span(max(start, sentence.start), min(ends, default=sentence.end))


def _why_not(check: ActivityCheck, context: CheckContext, clause: str, before: str, names_theme: bool) -> str | None:
    """Say why a counted clause is not the activity; ``None`` when it is."""
    if context.patterns.any(check.other, clause):
        return "数量说的是别的事"
    if context.patterns.any(check.activity, clause) is None:
        told = [
            c for c in _CLAUSES.split(before[max(0, len(before) - 80) :]) if context.patterns.any(check.activity, c)
        ]
        if not told or context.patterns.any(check.other, told[-1]):
            return "数量说的是别的事"
    if names_theme or context.patterns.any(check.other_subject, clause) is None:
        return None
    return "学习的是别的内容" if context.patterns.any(check.same_subject, clause) is None else None
