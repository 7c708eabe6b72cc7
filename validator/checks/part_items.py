"""The sentences and the items of a part: what the rules on problems and plan read."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from itertools import pairwise

from validator.checks.context import CheckContext
from validator.checks.part import part_text
from validator.checks.parts import Region
from validator.document import Span, cover
from validator.kinds import PartCheck, PartName
from validator.outline import Section
from validator.rule import Rule

_REGIONS: dict[PartName, Region] = {"measures": "own", "principal": "own", "problems": "problems", "plan": "plan"}
_MIN_ITEM = 4
_MARK = re.compile(r"[一二三四五六七八九十]{1,3}[是要]|第[一二三四五六七八九十][，、]|（?\d{1,2}[）.、]")


def part_rule(context: CheckContext, part: PartName) -> tuple[Rule, PartCheck] | None:
    """Return the rule that defines a part, with its check."""
    for rule in context.rules.values():
        if isinstance(rule.check, PartCheck) and rule.check.part == part:
            return rule, rule.check
    return None


def part_sentences(context: CheckContext, part: PartName) -> tuple[Span, ...]:
    """Return the sentences of a part, its own headings left out.

    They are the sentences of its region; under a merged heading without such sentences all that belongs to the part.
    """
    found = context.part_spans.get((part, False))
    if found is None:
        found = context.part_spans[(part, False)] = _read_sentences(context, part)
    return found


def _read_sentences(context: CheckContext, part: PartName) -> tuple[Span, ...]:
    document, parts = context.document, context.parts
    bounds = [*parts.region_starts, len(document.text)]
    found: list[Span] = []
    for index, (start, end) in enumerate(pairwise(bounds)):
        if parts.regions[index] == _REGIONS[part] and end > start:
            found += _without_headings(context, part, document.sentences_in(Span(start, end)))
    starts = sorted(s.start for s in found)
    known = part_rule(context, part)
    for heading in parts.headings.get(part, ()):
        section = heading.section
        if known and bisect_left(starts, section.heading.start) == bisect_left(starts, section.end):
            added = _without_headings(context, part, part_text(known[1], context, section))
            found += added
            for sentence in added:
                insort(starts, sentence.start)
    return tuple(sorted(set(found)))


def _without_headings(context: CheckContext, part: PartName, sentences: Iterable[Span]) -> list[Span]:
    cut = (_after_heading(context, part, sentence) for sentence in sentences)
    return [s for s in cut if s.end - s.start >= _MIN_ITEM]


def _after_heading(context: CheckContext, part: PartName, sentence: Span) -> Span:
    """Cut the heading that names the part off a sentence."""
    section = context.outline.section_at(sentence.start)
    if section is None or sentence.start >= section.heading.end or part not in context.parts.names_of(section):
        return sentence
    return Span(min(section.heading.end, sentence.end), sentence.end)


def part_items(context: CheckContext, part: PartName) -> tuple[Span, ...]:
    """Return the items of a part: those of its list, or single sentences where there is no list."""
    return list_items(context, part) or part_sentences(context, part)


def list_items(context: CheckContext, part: PartName) -> tuple[Span, ...]:
    """Return the items of the list that a part is: sub-sections, or run-in items (一是, 二是); none without a list."""
    found = context.part_spans.get((part, True))
    if found is None:
        found = context.part_spans[(part, True)] = _read_items(context, part_sentences(context, part), part)
    return found


def _read_items(context: CheckContext, sentences: tuple[Span, ...], part: PartName) -> tuple[Span, ...]:
    if not sentences:
        return ()
    sections = _item_sections(context, part, sentences)
    if len(sections) >= 2:
        return tuple(Span(s.heading.start, s.end) for s in sections)
    whole = Span(sentences[0].start, sentences[-1].end)
    marks = [m.span.start for m in context.outline.series if whole.start <= m.span.start < whole.end]
    held = cover(sentences)
    inside = [at for at in marks if held.holds(at, at + 1)]
    if len(inside) >= 2:
        ends = [*inside[1:], whole.end]
        return tuple(Span(a, _item_end(context, sentences, a, b)) for a, b in zip(inside, ends, strict=True))
    return tuple(Span(s.heading.start, s.end) for s in sections)


def _item_end(context: CheckContext, sentences: tuple[Span, ...], start: int, end: int) -> int:
    """An item of the last mark ends with its paragraph."""
    if end < sentences[-1].end:
        return end
    newline = context.document.text.find("\n", start)
    return end if newline < 0 else min(end, newline)


def _item_sections(context: CheckContext, part: PartName, sentences: tuple[Span, ...]) -> list[Section]:
    """Return the highest sub-sections that begin inside the part."""
    held = cover(sentences)
    inside = [
        s
        for s in context.outline.sections
        if held.holds(s.heading.start, s.heading.start + 1) and part not in context.parts.names_of(s)
    ]
    if not inside:
        return []
    level = min(s.level for s in inside)
    return [s for s in inside if s.level == level]


def item_text(context: CheckContext, item: Span) -> str:
    """Return the words of an item without its number mark."""
    words = context.text(item).replace("\n", "，")
    mark = _MARK.match(words)
    return words[mark.end() :] if mark else words
