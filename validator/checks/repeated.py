"""Kind ``repeated``: no word or clause stands twice in a row."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from ahocorasick_rs import AhoCorasick

from validator.checks.context import CheckContext, Verdict
from validator.document import Paragraph, Span
from validator.kinds import RepeatedCheck
from validator.rule import Rule

_WORD = re.compile(r"(20\d\d年|[\u4e00-\u9fff]{2,12})\1")
_CLAUSE = re.compile(r"[^，；。：！？、\n]+")
_LEAST_CLAUSE = 5
_SURE_WORD = 4
"""A unit this long that stands twice is a repetition, whatever words it is cut from."""
_ELSEWHERE = 2


def check_repeated(rule: Rule, check: RepeatedCheck, context: CheckContext) -> Verdict:
    """Pass without repetition; fail once for each second copy, up to as many as a rule shows."""
    spans: list[Span] = []
    doubtful: list[tuple[Span, str]] = []
    for paragraph in context.document.paragraphs:
        if not paragraph.furniture:
            sure, unsure = _words(check, context, paragraph)
            spans += sure
            spans += _clauses(context, paragraph)
            doubtful += unsure
    times = _count(context.document.text, sorted({word for _, word in doubtful}))
    spans += [span for span, word in doubtful if times[word] > _ELSEWHERE]
    kept: list[Span] = []
    for span in sorted(set(spans)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    findings = tuple(
        context.finding(
            rule,
            "fail",
            message=f"“{context.text(s).strip('，；。：、')}”重复，删去一处。",
            at=s,
            replacement="",
        )
        for s in kept[: context.most]
    )
    return Verdict("fail" if findings else "pass", (), findings)


def _words(
    check: RepeatedCheck, context: CheckContext, paragraph: Paragraph
) -> tuple[list[Span], list[tuple[Span, str]]]:
    """Return second copies that are too many, and with their word those that are if the word stands elsewhere too."""
    text = context.document.text
    found: list[Span] = []
    doubtful: list[tuple[Span, str]] = []
    for hit in _WORD.finditer(text, paragraph.start, paragraph.end):
        words = text[hit.start() : min(paragraph.end, hit.end() + 3)]
        if any(context.patterns.compile(p).search(words) for p in check.allowed) or _is_quoted(context, hit.end(1)):
            continue
        second = Span(hit.end(1), hit.end())
        if len(hit.group(1)) >= _SURE_WORD or hit.group(1) in check.words:
            found.append(second)
        else:
            doubtful.append((second, hit.group(1)))
    for pattern in check.particles:
        for hit in context.patterns.compile(pattern).finditer(text, paragraph.start, paragraph.end):
            found.append(Span(hit.start() + 1, hit.start() + 2))
    return found, doubtful


def _count(text: str, words: list[str]) -> Counter[str]:
    """Count how often each word stands in a text, as ``str.count`` does, in one pass."""
    times: Counter[str] = Counter()
    if words:
        ends: dict[str, int] = {}
        for index, start, end in AhoCorasick(words).find_matches_as_indexes(text, overlapping=True):
            word = words[index]
            if start >= ends.get(word, 0):
                ends[word] = end
                times[word] += 1
    return times


def _is_quoted(context: CheckContext, offset: int) -> bool:
    """Tell whether the file has a quotation mark between the two copies: 干部在“干部在线”平台."""
    document = context.document
    between = document.raw.text[document.origin[offset - 1] + 1 : document.origin[offset]]
    return bool(between.strip())


def _clauses(context: CheckContext, paragraph: Paragraph) -> list[Span]:
    """Find clauses that the next clause says again; what follows the first copy up to the second goes."""
    text = context.document.text
    clauses = list(_CLAUSE.finditer(text, paragraph.start, paragraph.end))
    found: list[Span] = []
    for first, second in pairwise(clauses):
        words = first.group()
        if len(words) < _LEAST_CLAUSE or _is_heading(context, first.start()):
            continue
        if second.group() == words:
            found.append(Span(first.end(), second.end()))
        elif second.group().startswith(words) and text[first.end()] == "，":
            found.append(Span(first.start(), second.start()))
    return found


def _is_heading(context: CheckContext, offset: int) -> bool:
    section = context.outline.section_at(offset)
    return section is not None and offset < section.heading.end
