"""Kind ``theme``: a mandated theme must be an act or arrangement of the body itself in the year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.kinds import Mention, MentionGroup, ThemeCheck
from validator.result import Candidate
from validator.rule import Rule

_WINDOW = 24
_BEFORE_TITLE = 20
_Known = dict[tuple[tuple[str, ...], Span], bool]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one hit was read: it counts (``own``), only for the plan, or not at all, with the reason."""

    span: Span
    counts: Literal["own", "plan", "no"]
    why: str = ""


def check_theme(rule: Rule, check: ThemeCheck, context: CheckContext) -> Verdict:
    """Pass on one group found in own work; review when only planned or only weakly named; fail otherwise."""
    candidates: list[Candidate] = []
    planned: list[Span] | None = None
    for group in check.any_of:
        readings = [_read(check, mention, context) for mention in group.all_of]
        own = [next((r for r in found if r.counts == "own"), None) for found in readings]
        if all(own):
            return Verdict("pass", tuple(context.evidence(_shown(context, r)) for r in own if r))
        any_time = [next((r for r in found if r.counts != "no"), None) for found in readings]
        if all(any_time) and planned is None:
            planned = [r.span for r in any_time if r]
        candidates += _considered(context, group, readings)
    if planned is not None and check.in_plan == "review":
        at = context.document.sentence_at(planned[-1].start)
        message = f"{rule.title}：只在下一年安排中提及，没有写本年度的工作。"
        finding = context.finding(
            rule, "review", message=message, at=at, sought=_sought(check), candidates=tuple(candidates)
        )
        return Verdict("review", (context.evidence(at),), (finding,))
    for group in check.weak:
        hits = [r for m in group.all_of for r in _read(check, m, context) if r.counts == "own"]
        if hits:
            at = _shown(context, hits[0])
            finding = context.finding(rule, "review", at=at, sought=_sought(check), candidates=tuple(candidates))
            return Verdict("review", (context.evidence(at),), (finding,))
    candidates += _neighbours(check, context, 3 - len(candidates))
    finding = context.finding(rule, "fail", sought=_sought(check), candidates=tuple(candidates))
    return Verdict("fail", (), (finding,))


def own_mentions(check: ThemeCheck, context: CheckContext) -> tuple[Span, ...]:
    """Return every place where the theme is named as own work, in order."""
    found: dict[Span, None] = {}
    for group in check.any_of:
        for mention in group.all_of:
            known: _Known = {}
            for span in _places(mention, context):
                reading = _read_hit(check, mention, context, span, known)
                if reading is not None and reading.counts == "own":
                    found.setdefault(span)
    return tuple(sorted(found))


def _places(mention: Mention, context: CheckContext) -> list[Span]:
    return sorted({Span(at, at + len(term)) for term in mention.terms for at in context.hits.get(term, ())})


def _neighbours(check: ThemeCheck, context: CheckContext, count: int) -> list[Candidate]:
    """Return passages of own work nearest to a missing theme: the place where it could be added."""
    places = sorted({at for term in check.related for at in context.hits.get(term, ())})
    clauses: dict[Span, None] = {}
    for at in places:
        if context.parts.region_at(at) == "own" and not context.is_cited(at):
            clauses.setdefault(context.clause_at(at))
    return [context.candidate(c, "内容相近，但没有写到这一主题") for c in list(clauses)[: max(count, 0)]]


def _sought(check: ThemeCheck) -> str:
    return "；或".join(group.name for group in check.any_of)


def _shown(context: CheckContext, reading: _Reading) -> Span:
    """Show the clause round a hit: short enough to read, long enough to judge."""
    clause = context.clause_at(reading.span.start)
    return Span(clause.start, max(clause.end, reading.span.end))


def _considered(context: CheckContext, group: MentionGroup, readings: list[list[_Reading]]) -> list[Candidate]:
    """Name the nearest passages of a group and why they do not count."""
    found: list[Candidate] = []
    for mention, hits in zip(group.all_of, readings, strict=True):
        if not hits and len(group.all_of) > 1 and any(readings):
            found.append(Candidate(mention.terms[0], None, None, "全文没有写到"))
        seen: set[str] = set()
        for reading in hits:
            if reading.counts == "own":
                if len(group.all_of) > 1 and "own" not in seen:
                    seen.add("own")
                    found.append(context.candidate(_shown(context, reading), "已写到，但同组的其他内容没有写全"))
            elif reading.why not in seen:
                seen.add(reading.why)
                found.append(context.candidate(_shown(context, reading), reading.why))
    return found


def _read(check: ThemeCheck, mention: Mention, context: CheckContext) -> list[_Reading]:
    """Read the hits of a mention in order, up to the first that counts."""
    found: list[_Reading] = []
    known: _Known = {}
    for span in _places(mention, context):
        reading = _read_hit(check, mention, context, span, known)
        if reading is not None:
            found.append(reading)
            if reading.counts == "own":
                break
    return found


def _read_hit(check: ThemeCheck, mention: Mention, context: CheckContext, span: Span, known: _Known) -> _Reading | None:
    """Read one hit. ``known`` keeps what was found round it for the next hit of the mention."""
    region = context.parts.region_at(span.start)
    if region in ("front", "furniture"):
        return None
    cited = context.is_cited(span.start)
    if cited and not (mention.made_documents_count and _is_own_document(context, span)):
        return _Reading(span, "no", "只是引用文件名称，不是本单位的工作")
    if _is_rejected(mention, context, span, known):
        return _Reading(span, "no", "说的是别的事")
    if why := _not_own_work(check, context, span, names_count=check.names_count or cited):
        return _Reading(span, "no", why)
    if region == "problems":
        return _Reading(span, "no", "只在问题部分提到")
    sentence = context.document.sentence_at(span.start)
    if mention.needs and not _has_any(context, mention.needs, sentence, known):
        return _Reading(span, "no", "只有字样，没有写做了什么")
    if mention.needs_near and not _is_near(mention, context, sentence, known):
        return _Reading(span, "no", "上下文与这一主题无关")
    if region == "plan":
        return _Reading(span, "plan", "只在下一年安排中提及")
    return _Reading(span, "own")


def _is_own_document(context: CheckContext, span: Span) -> bool:
    """Tell whether the cited title is of a document that the body made: 修订《…》."""
    title = context.title_at(span.start)
    if title is None:
        return False
    before = context.document.text[max(0, title.start - _BEFORE_TITLE) : title.start]
    return context.patterns.compile(f"(?:{context.lexicon.made})$").search(before) is not None


def _is_rejected(mention: Mention, context: CheckContext, span: Span, known: _Known) -> bool:
    text, patterns = context.document.text, context.patterns
    clause = context.clause_at(span.start)
    sentence = context.document.sentence_at(span.start)
    head = text[max(sentence.start, span.start - _WINDOW) : span.start]
    if any(patterns.compile(f"(?:{p})$").search(head) for p in mention.not_before):
        return True
    if any(patterns.compile(p).match(text, span.end, min(sentence.end, span.end + _WINDOW)) for p in mention.not_after):
        return True
    if patterns.any(mention.not_in_clause, text, *clause) is not None:
        return True
    return _has_any(context, mention.not_in_sentence, sentence, known)


def _not_own_work(check: ThemeCheck, context: CheckContext, span: Span, *, names_count: bool) -> str | None:
    """Say why a hit is not the body's own work, if it is not. ``names_count``: it may be part of a name."""
    text, patterns, lexicon = context.document.text, context.patterns, context.lexicon
    sentence = context.document.sentence_at(span.start)
    before = text[sentence.start : span.start]
    clause = context.clause_at(span.start)
    named = not names_count and patterns.compile(lexicon.name_after).match(text, span.end, sentence.end)
    if named and not patterns.compile(f"(?:{lexicon.set_up})$").search(text[clause.start : span.start]):
        return "只出现在平台、机构、培训等名称里"
    negated = patterns.compile(f"(?:{lexicon.negated})$").search(text[clause.start : span.start])
    if negated and not patterns.compile(lexicon.conditional).search(text, span.end, clause.end):
        return "写的是没有做"
    actors = list(patterns.compile(lexicon.other_actor).finditer(before))
    if actors and not _is_joint(context, actors[-1]):
        return "写的是其他机关的工作"
    if not check.services_count and patterns.compile(lexicon.service_actor).search(before):
        return "只是法律顾问、律师提供的服务"
    return None


def _is_joint(context: CheckContext, actor: re.Match[str]) -> bool:
    """Tell whether another authority acts together with the body: named after 联合, 配合, 向, or 会同我局."""
    lead = actor.group()[: actor.start("court") - actor.start()]
    joint, with_us = context.lexicon.joint_action, context.lexicon.joint_with_us
    if context.patterns.compile(joint).search(lead):
        return True
    return context.patterns.compile(with_us).search(actor.group()) is not None


def _has_any(context: CheckContext, patterns: tuple[str, ...], span: Span, known: _Known) -> bool:
    """Tell whether a span has one of some patterns; a sentence or paragraph of many hits is searched once."""
    key = (patterns, span)
    if key not in known:
        known[key] = context.patterns.any(patterns, context.document.text, *span) is not None
    return known[key]


def _is_near(mention: Mention, context: CheckContext, sentence: Span, known: _Known) -> bool:
    """Tell whether the context of a mention stands in its paragraph or in a heading above it."""
    paragraph = context.document.paragraph_at(sentence.start)
    if _has_any(context, mention.needs_near, Span(paragraph.start, paragraph.end), known):
        return True
    path = context.outline.path_at(sentence.start)
    return any(context.patterns.any(mention.needs_near, s.title) for s in path)
