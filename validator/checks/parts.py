"""Where the mandated parts stand: which headings name which part, and which sentence belongs to which region."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from validator.checks.patterns import Patterns
from validator.document import Document, Span
from validator.kinds import PartCheck, PartName
from validator.outline import Outline, Section
from validator.rule import Lexicon

Region = Literal["front", "own", "problems", "plan", "furniture"]

_CITED = re.compile(r"《[^《》]*》")


@dataclass(frozen=True, slots=True)
class PartHeading:
    """A heading that names a part. ``alone``: it names no other part. ``weak``: only its body can tell.
    ``sole``: every clause of it is about the part (学习…，履行第一责任人职责 is not).
    """

    section: Section
    alone: bool
    weak: bool = False
    sole: bool = True


@dataclass(frozen=True, slots=True)
class Parts:
    """The headings of each part, and the region of every sentence.

    ``named`` holds the parts that a heading names, by the index of its section. ``region_starts`` and ``regions`` run
    in parallel: region ``i`` holds from ``region_starts[i]`` on.
    """

    headings: Mapping[PartName, tuple[PartHeading, ...]]
    named: Mapping[int, tuple[PartName, ...]]
    region_starts: tuple[int, ...]
    regions: tuple[Region, ...]

    def region_at(self, offset: int) -> Region:
        """Return the region of a text offset."""
        index = bisect_right(self.region_starts, offset) - 1
        return self.regions[index] if index >= 0 else "own"

    def names_of(self, section: Section) -> tuple[PartName, ...]:
        """Return the parts that a heading names."""
        return self.named[section.index]

    def is_own_level_one(self, part: PartName) -> bool:
        """Tell whether a part has a level-1 heading of its own."""
        return any(h.alone and h.section.level == 1 for h in self.headings.get(part, ()))


def name_parts(title: str, checks: Iterable[PartCheck], patterns: Patterns) -> dict[PartName, bool]:
    """Return the parts that a heading names, each with ``True`` where it is named weakly.

    Parts are read in order of precedence; words that named one part are taken out before the next is tried, so that
    the 举措 of 下一步工作举措 is not read as the measures of the year.
    """
    rest = _CITED.sub("，", title)
    found: dict[PartName, bool] = {}
    for check in checks:
        if patterns.any(check.not_headings, rest):
            continue
        hit = patterns.any(check.headings, rest)
        weak = None if hit else patterns.any(check.weak_headings, rest)
        named = hit or weak
        if named is not None:
            found[check.part] = weak is not None
            rest = f"{rest[: named.start()]}·{rest[named.end() :]}"
    return found


def locate_parts(
    document: Document, outline: Outline, checks: tuple[PartCheck, ...], patterns: Patterns, lexicon: Lexicon
) -> Parts:
    """Read every heading, then give every sentence its region."""
    headings: dict[PartName, list[PartHeading]] = {c.part: [] for c in checks}
    not_under = {c.part: c.not_under for c in checks}
    checks_by_part = {c.part: c for c in checks}
    named_by: dict[int, tuple[PartName, ...]] = {}
    for section in outline.sections:
        above = [named_by[s.index] for s in outline.path_at(section.heading.start)[:-1] if s.index in named_by]
        barred = {p for names in above if names for p in names}
        named = {
            part: weak
            for part, weak in name_parts(section.title, checks, patterns).items()
            if not (set(not_under[part]) & barred and part not in barred)
        }
        named_by[section.index] = tuple(named)
        for part, weak in named.items():
            sole = _is_sole(section, checks_by_part[part], patterns)
            headings[part].append(PartHeading(section, len(named) == 1, weak, sole))
    starts, regions = _read_regions(document, outline, named_by, patterns, lexicon)
    found = {part: tuple(sorted(hs, key=lambda h: (not h.alone, h.section.level))) for part, hs in headings.items()}
    return Parts(found, named_by, starts, regions)


def _is_sole(section: Section, check: PartCheck, patterns: Patterns) -> bool:
    clauses = [c for c in re.split("[，、；]", section.title) if c]
    return all(patterns.any((*check.headings, *check.same_matter), clause) for clause in clauses)


def _read_regions(
    document: Document,
    outline: Outline,
    named_by: Mapping[int, tuple[PartName, ...]],
    patterns: Patterns,
    lexicon: Lexicon,
) -> tuple[tuple[int, ...], tuple[Region, ...]]:
    starts: list[int] = []
    regions: list[Region] = []
    carried: Region | None = None
    carried_to = -1
    paragraph_index = 0
    section: Section | None = None
    base: Region = "own"
    for sentence in document.sentences:
        while document.paragraphs[paragraph_index].end <= sentence.start:
            paragraph_index += 1
        paragraph = document.paragraphs[paragraph_index]
        here = outline.section_at(sentence.start)
        if here is not section or not starts:
            section, carried = here, None
            base = _region_of(outline, sentence.start, named_by)
        if sentence.start >= carried_to:
            carried = None
        region: Region = base
        if paragraph.furniture:
            region = "furniture"
        elif sentence.start < outline.front_end:
            region = "front"
        else:
            opened = _opened_by(document, sentence, base, patterns, lexicon)
            if opened is not None and opened != base:
                carried = opened
                whole = base == "problems" or (base == "own" and sentence.start == paragraph.start)
                carried_to = section.end if whole and section else (len(document.text) if whole else paragraph.end)
            elif opened is not None:
                carried = None
            region = carried or base
        if not regions or regions[-1] != region:
            starts.append(sentence.start)
            regions.append(region)
    return tuple(starts), tuple(regions)


def _region_of(outline: Outline, offset: int, named_by: Mapping[int, tuple[PartName, ...]]) -> Region:
    """Return the region that the nearest heading naming parts gives."""
    for section in reversed(outline.path_at(offset)):
        names = named_by.get(section.index, ())
        if names and set(names) <= {"problems", "plan"}:
            return "problems" if "problems" in names else "plan"
        if names:
            return "own"
    return "own"


def _opened_by(document: Document, sentence: Span, base: Region, patterns: Patterns, lexicon: Lexicon) -> Region | None:
    """Return the region that a sentence opens by its own words (下一步，… ; …还存在一些不足)."""
    text = document.text
    start = sentence.start
    if patterns.compile(lexicon.plan_opening).match(text, start, sentence.end):
        return "plan"
    if patterns.compile(lexicon.problem_opening).search(text, start, sentence.end) and not patterns.compile(
        lexicon.not_problem
    ).search(text, start, sentence.end):
        return "problems" if base != "problems" else None
    return None
