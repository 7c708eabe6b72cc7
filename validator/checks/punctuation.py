"""Kind ``punctuation``: full-width marks in Chinese, and no mark at the end of a heading on its own line."""

from __future__ import annotations

import re

from validator.checks.context import CheckContext, Verdict
from validator.document import Paragraph, Span
from validator.kinds import PunctuationCheck
from validator.outline import Section
from validator.rule import Rule

_FULL = {",": "，", ";": "；", ":": "：", "?": "？"}
_HALF = re.compile(r"[，；：？]")
_CHINESE = re.compile(r"[\u4e00-\u9fff《》〈〉（）〔〕【】“”‘’「」『』。、！]")
_HEADING_END = "。；，"
_WORDS = re.compile(r"[^。；，\n]")


def check_punctuation(rule: Rule, check: PunctuationCheck, context: CheckContext) -> Verdict:  # noqa: ARG001
    """Pass without fault; fail once for each half-width mark and each heading that ends in a mark."""
    found = [(s, f"“{_HALF_OF[w]}”是半角标点，应为“{w}”。", w) for s, w in _half_width(context)]
    found += [(s, f"标题末尾不用“{context.text(s)}”。", "") for s in _heading_ends(context)]
    shown = sorted(found)[: context.most]
    if len(shown) < len(found):
        span, message, right = shown[-1]
        shown[-1] = (span, f"{message}全文共{len(found)}处，这里列出前{len(shown)}处。", right)
    findings = tuple(
        context.finding(rule, "fail", message=m, at=span, suggestion=right or "标题末尾不用标点。", replacement=right)
        for span, m, right in shown
    )
    return Verdict("fail" if findings else "pass", (), findings)


_HALF_OF = {full: half for half, full in _FULL.items()}


def _half_width(context: CheckContext) -> list[tuple[Span, str]]:
    """Return each half-width mark beside a Chinese character, bracket or quotation mark, with the right one."""
    document = context.document
    raw = document.raw.text
    if not any(half in raw for half in _FULL):
        return []
    found: list[tuple[Span, str]] = []
    for paragraph in document.paragraphs:
        if paragraph.furniture:
            continue
        for hit in _HALF.finditer(document.text, paragraph.start, paragraph.end):
            at = document.origin[hit.start()]
            if raw[at] in _FULL and _is_in_chinese(document.text, raw, paragraph, hit.start(), at):
                found.append((Span(hit.start(), hit.end()), hit.group()))
    return found


def _is_in_chinese(text: str, raw: str, paragraph: Paragraph, offset: int, at: int) -> bool:
    before = text[offset - 1] if offset > paragraph.start else ""
    after = text[offset + 1] if offset + 1 < paragraph.end else ""
    beside = (before, after, raw[max(at - 1, 0) : at], raw[at + 1 : at + 2])
    return any(_CHINESE.match(c) for c in beside)


def _heading_ends(context: CheckContext) -> list[Span]:
    """Return the final mark of each heading that stands alone on its line and has text under it."""
    text = context.document.text
    found = []
    mostly: dict[int | None, bool] = {}
    for section in context.outline.sections:
        line_end = text.find("\n", section.heading.start)
        line_end = len(text) if line_end < 0 else line_end
        alone = text[section.heading.start + len(section.label) : line_end].strip(_HEADING_END) == ""
        if alone and text[line_end - 1] in _HEADING_END and _is_heading(context, section, mostly):
            found.append(Span(line_end - 1, line_end))
    return found


def _is_heading(context: CheckContext, section: Section, mostly: dict[int | None, bool]) -> bool:
    """Tell a heading from an item that is a sentence: it names a part, or most of its neighbours have text under them.

    The last item of a list may be followed by 特此报告 or the signature; that does not make it a heading. ``mostly``
    keeps what holds for the neighbours, by their parent.
    """
    if context.parts.names_of(section):
        return True
    if section.parent not in mostly:
        parent = None if section.parent is None else context.outline.sections[section.parent]
        neighbours = context.outline.children(parent)
        mostly[section.parent] = sum(1 for n in neighbours if _has_text(context, n)) * 2 > len(neighbours)
    return mostly[section.parent] and _has_text(context, section)


def _has_text(context: CheckContext, section: Section) -> bool:
    body = context.outline.body(section)
    return _WORDS.search(context.document.text, body.start, body.end) is not None
