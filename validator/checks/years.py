"""Kind ``years``: title, opening, part headings and plan agree on the reporting year and the year after."""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.checks.context import CheckContext, Verdict
from validator.checks.part_items import part_sentences
from validator.document import Span
from validator.facts import read_year, years_in
from validator.kinds import YearsCheck
from validator.rule import Rule

_RANGE = re.compile(r"[-~至—到](?:20)?\d\d|年?[-~至—到]20\d\d")


def check_years(rule: Rule, check: YearsCheck, context: CheckContext) -> Verdict:
    """Pass when every stated year fits; fail once for each that does not."""
    year = context.facts.year
    if year is None:
        return Verdict("not_applicable", reason="不知道报告年度")
    findings = []
    places = list(_stated(check, context))
    for span, said, meant, where in places:
        if said != meant:
            message = f"{where}写的是{said}年，按报告年度（{year}年）应是{meant}年。"
            findings.append(context.finding(rule, "fail", message=message, at=span, suggestion=f"{meant}年"))
    evidence = tuple(context.evidence(p[0]) for p in places[:4])
    return Verdict("fail" if findings else "pass", evidence, tuple(findings))


def _stated(check: YearsCheck, context: CheckContext) -> Iterator[tuple[Span, int, int, str]]:
    """Yield (place, year said, year meant, what says it) for title, opening, part headings and plan."""
    facts, year = context.facts, context.facts.year or 0
    if facts.title_span is not None and facts.title_year is not None:
        title = context.text(facts.title_span)
        found = [y for y in years_in(title) if not _RANGE.match(title, y[2] - 1)]
        if found:
            said, start, end = found[0]
            yield Span(facts.title_span.start + start, facts.title_span.start + end), said, year, "标题"
    yield from _in_opening(check, context, year)
    yield from _in_headings(check, context, year)
    yield from _in_plan(check, context, year)


def _in_opening(check: YearsCheck, context: CheckContext, year: int) -> Iterator[tuple[Span, int, int, str]]:
    text = context.document.text
    sections = context.outline.sections
    end = sections[0].heading.start if sections else min(len(text), 600)
    start = context.facts.title_span.end if context.facts.title_span else 0
    seen: set[int] = set()
    for pattern in check.reporting:
        for hit in context.patterns.compile(pattern).finditer(text, start, end):
            if hit.start(1) not in seen and not context.is_cited(hit.start(1)):
                seen.add(hit.start(1))
                yield Span(*hit.span(1)), read_year(hit.group(1)), year, "开头"


def _in_headings(check: YearsCheck, context: CheckContext, year: int) -> Iterator[tuple[Span, int, int, str]]:
    for section in context.outline.sections:
        names: tuple[str, ...] = context.parts.names_of(section)
        if not names and section.level == 1 and context.patterns.any(check.plan_headings, section.title):
            names = ("plan",)
        if not names or set(names) not in ({"measures"}, {"problems"}, {"principal"}, {"plan"}):
            continue
        meant = year + 1 if "plan" in names else year
        for said, start, end in years_in(section.title):
            place = section.heading.start + len(section.mark) + start
            if not _RANGE.match(section.title, end - 1) and not context.is_cited(place):
                yield Span(place, place + end - start), said, meant, f"标题“{section.title}”"


def _in_plan(check: YearsCheck, context: CheckContext, year: int) -> Iterator[tuple[Span, int, int, str]]:
    for sentence in part_sentences(context, "plan"):
        words = context.text(sentence)
        for pattern in check.planning:
            hit = context.patterns.compile(pattern).search(words)
            if hit is not None:
                place = Span(sentence.start + hit.start(1), sentence.start + hit.end(1))
                yield place, read_year(hit.group(1)), year + 1, "下一年安排"
                break
