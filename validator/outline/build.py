"""Turn heading candidates into a tree: levels relative to the schemes present, faults in the numbering tolerated."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from validator.document import Document, Span
from validator.outline.marks import (
    Candidate,
    TitleTest,
    find_candidates,
    find_series,
    find_unnumbered,
    is_heading_line,
)
from validator.outline.numerals import RANKS, Scheme
from validator.outline.tree import Outline, Section

_DEEPEST = float(len(RANKS))
"""Below the lowest scheme headings without numbers stand side by side: what goes on and on is a list, not a tree.

So no tree is deeper than some twenty levels, and to walk up from a sentence costs nothing.
"""


@dataclass(slots=True)
class _Open:
    """A section still open while the tree is built."""

    key: float
    scheme: Scheme
    number: int
    index: int


@dataclass(frozen=True, slots=True)
class _Numbered:
    """Where headings of each scheme stand: indices of candidates, in order. ``seconds`` are those with the number 2."""

    places: Mapping[Scheme, list[int]]
    seconds: Mapping[Scheme, list[int]]
    top_rank: int

    def next_of_each(self, index: int) -> list[int]:
        """Return the next heading of each scheme after an index, in order."""
        after = ((found, bisect_right(found, index)) for found in self.places.values())
        return sorted(found[at] for found, at in after if at < len(found))

    def count_seconds(self, scheme: Scheme, index: int) -> int:
        """Return how many headings of a scheme after an index have the number 2."""
        found = self.seconds.get(scheme, [])
        return len(found) - bisect_right(found, index)


def parse_outline(document: Document, is_part: TitleTest) -> Outline:
    """Return the outline of a document.

    Args:
        document: the normalised document.
        is_part: tells whether a title names a mandated part; it decides where numbering alone is ambiguous.
    """
    candidates = find_candidates(document, is_part)
    front_end = _front_end(document, candidates)
    unnumbered = find_unnumbered(document, candidates, front_end, is_part)
    candidates = [c for c in candidates if c.start >= front_end]
    ordered = sorted((*candidates, *unnumbered), key=lambda c: c.start)
    sections = _nest(document, ordered, is_part)
    starts = tuple(s.heading.start for s in sections)
    return Outline(sections, find_series(document), front_end, starts)


def _front_end(document: Document, candidates: Sequence[Candidate]) -> int:
    """Return where the title block ends: at the first paragraph that is a sentence, or the first heading."""
    first = next((c.start for c in candidates), len(document.text))
    for paragraph in document.paragraphs[:20]:
        line = document.text[paragraph.start : paragraph.end]
        if paragraph.start >= first:
            break
        if not paragraph.furniture and (len(line) > 60 or "。" in line or (len(line) > 30 and line[-1] == "：")):
            return paragraph.start
    return min(first, len(document.text))


def _nest(document: Document, candidates: list[Candidate], is_part: TitleTest) -> tuple[Section, ...]:
    numbered = _read_numbers(candidates)
    keys = _keys_without_numbers(document, candidates, is_part) if not numbered.places else None
    stack: list[_Open] = []
    parents: list[int | None] = []
    levels: list[int] = []
    lost: list[bool] = []
    for index, candidate in enumerate(candidates):
        title = document.text[candidate.title_start : candidate.title_end]
        if keys is not None:
            key, number, is_lost = keys[index], 0, False
        elif candidate.scheme == "none":
            key, number, is_lost = _place_unnumbered(candidates, numbered, index, stack, is_part(title))
        else:
            key, number = _place_numbered(candidates, numbered, index, stack, is_part(title))
            is_lost = False
        while stack and stack[-1].key >= key:
            stack.pop()
        parents.append(stack[-1].index if stack else None)
        levels.append(len(stack) + 1)
        lost.append(is_lost)
        scheme = candidate.scheme if candidate.scheme != "none" else _scheme_of(key)
        stack.append(_Open(key, scheme, number, index))
    return _sections(document, candidates, parents, levels, lost)


def _read_numbers(candidates: list[Candidate]) -> _Numbered:
    places: dict[Scheme, list[int]] = defaultdict(list)
    seconds: dict[Scheme, list[int]] = defaultdict(list)
    for index, candidate in enumerate(candidates):
        if candidate.scheme != "none":
            places[candidate.scheme].append(index)
            if candidate.value == 2:
                seconds[candidate.scheme].append(index)
    return _Numbered(places, seconds, min((RANKS[s] for s in places), default=0))


def _scheme_of(key: float) -> Scheme:
    """Return the scheme whose rank a key stands for (an unnumbered heading takes its siblings' scheme)."""
    return next((s for s, rank in RANKS.items() if rank == int(key)), "none")


def _place_numbered(
    candidates: list[Candidate], numbered: _Numbered, index: int, stack: list[_Open], names_part: bool
) -> tuple[float, int]:
    """Return the sort key (smaller is higher) and the number of a numbered heading."""
    candidate = candidates[index]
    rank, value = float(RANKS[candidate.scheme]), candidate.value or 0
    same = [o for o in stack if o.scheme == candidate.scheme]
    if candidate.scheme == "paren_arabic" and not same:
        paren = next((o for o in reversed(stack) if o.scheme == "paren"), None)
        if paren is not None and value == paren.number + 1 and value > 1:
            return paren.key, value
    if not same:
        return rank, value
    if len(same) == 1:
        if value == 1 and _is_nested(candidates, numbered, index, same[0]) and not names_part:
            return rank + 0.5, value
        return same[0].key, value
    outer, inner = same[0], same[-1]
    if value == outer.number + 1 and (names_part or value != inner.number + 1):
        return outer.key, value
    return inner.key, value


def _is_nested(candidates: list[Candidate], numbered: _Numbered, index: int, opened: _Open) -> bool:
    """Tell whether a second 一、 stands under the first: it follows directly, or the next number comes twice."""
    parent = candidates[opened.index]
    if opened.index == index - 1 and candidates[index].start - parent.end <= 1:
        return True
    return opened.number == 1 and numbered.count_seconds(candidates[index].scheme, index) >= 2


def _place_unnumbered(
    candidates: list[Candidate], numbered: _Numbered, index: int, stack: list[_Open], names_part: bool
) -> tuple[float, int, bool]:
    """Place a heading that has no number: where the numbers around it leave a hole, else beside or below.

    Returns the sort key, the number it would have, and whether the number was lost.
    """
    hole = _find_hole(candidates, numbered, index, stack)
    if hole is not None:
        return hole
    top_rank = numbered.top_rank
    if names_part:
        return float(top_rank), _number_after(stack, top_rank), True
    if not stack:
        return top_rank + 0.0, 0, False
    last = stack[-1]
    has_text = candidates[index].start - candidates[last.index].end > 1
    alike = candidates[index].run_in and candidates[last.index].run_in
    beside = has_text and (alike or last.key > top_rank or candidates[last.index].scheme == "none")
    if beside or last.key >= _DEEPEST:
        return last.key, last.number + 1, True
    return last.key + 0.25, 1, True


def _find_hole(
    candidates: list[Candidate], numbered: _Numbered, index: int, stack: list[_Open]
) -> tuple[float, int, bool] | None:
    """Look ahead for a list whose numbers miss one here: 一、（二） says that （一） was lost."""
    highest = len(RANKS)
    for candidate in map(candidates.__getitem__, numbered.next_of_each(index)):
        rank = RANKS[candidate.scheme]
        if rank >= highest:
            continue
        highest = rank
        same = next((o for o in reversed(stack) if o.scheme == candidate.scheme), None)
        seen = same.number if same else 0
        if (candidate.value or 0) - 1 > seen:
            return (same.key if same else float(rank)), seen + 1, True
    return None


def _number_after(stack: list[_Open], rank: int) -> int:
    return next((o.number for o in stack if o.key == rank), 0) + 1


def _keys_without_numbers(document: Document, candidates: list[Candidate], is_part: TitleTest) -> list[float]:
    """Levels of a report without any number: Markdown levels, else headings that name parts stand highest."""
    hints = {c.hint for c in candidates if c.hint}
    if hints and all(c.hint for c in candidates):
        return [float(c.hint) for c in candidates]
    titles = [document.text[c.title_start : c.title_end] for c in candidates]
    named = [is_part(t) for t in titles]
    if sum(named) < 2:
        return [1.0] * len(candidates)
    first = named.index(True)
    return [1.0 if names_part or index <= first else 2.0 for index, names_part in enumerate(named)]


def _sections(
    document: Document,
    candidates: list[Candidate],
    parents: list[int | None],
    levels: list[int],
    lost: list[bool],
) -> tuple[Section, ...]:
    ends = [len(document.text)] * len(candidates)
    unended: list[int] = []
    for index, level in enumerate(levels):
        while unended and levels[unended[-1]] >= level:
            ends[unended.pop()] = candidates[index].start
        unended.append(index)
    text = document.text
    built = [
        Section(
            index,
            levels[index],
            c.scheme,
            c.value,
            text[c.start : c.title_start],
            text[c.title_start : c.title_end],
            Span(c.start, c.end),
            ends[index],
            parents[index],
            c.run_in,
        )
        for index, c in enumerate(candidates)
    ]
    return tuple(replace(s, lost=flag) if flag else s for s, flag in zip(built, lost, strict=True))


__all__ = ["is_heading_line", "parse_outline"]
