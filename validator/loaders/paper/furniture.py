"""Page numbers, running heads and watermarks: what stands on the pages but is no part of the report. Part of layout."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from validator.loaders.paper.lines import Line, Page

_DEPTH = 3
"""Running heads and page numbers are looked for among so many lines from either edge."""
_SAME_HEIGHT = 6.0
_CN = "[一二三四五六七八九十百〇零]{1,4}"
_DECORATED = re.compile(
    rf"[-~·*—―]+(\d{{1,4}})[-~·*—―]+|第(\d{{1,4}}|{_CN})页(?:[，,、/|（(]?[共总](?:计)?(?:\d{{1,4}}|{_CN})页[）)]?)?"
    r"|[共总]\d{1,4}页[，,、/|]?第(\d{1,4})页|(\d{1,4})/\d{1,4}页?|(?:page|p\.?)(\d{1,4})(?:(?:of|/)\d{1,4})?|(\d{1,4})页",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:https?|file)://\S+|(?:\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4})[,，]?(?:上午|下午)?\d{1,2}:\d\d.*",
    re.IGNORECASE,
)
"""What browsers print on every page: the address, and the time with the page's title."""
_BARE = re.compile(r"[-~·—―]?(\d{1,4}|[ivx]{1,5})[-~·—―]?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－─━﹣", "-"))
_DIGITS = re.compile(r"\d+")
_SENTENCE = re.compile(r"[。;,!?]|[:、]$")
"""After width folding; running heads have no commas."""


def mark_furniture(pages: Sequence[Page], lines: Sequence[list[Line]]) -> None:
    """Mark the lines that are furniture.

    Args:
        pages: for their heights.
        lines: of each page, in reading order; ``furniture`` is set in place.
    """
    edges = [_edges(page, here) for page, here in zip(pages, lines, strict=True)]
    _mark_running(pages, lines, edges)
    _mark_numbers(pages, lines, edges)
    _mark_stamps(lines)


def _edges(page: Page, lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines nearest to the upper and the lower edge, outermost first; neither passes the middle."""
    ordered = sorted((x for x in lines if not x.stamped), key=lambda x: x.y1)
    middle = page.height / 2
    upper = [x for x in ordered[:_DEPTH] if x.y1 < middle]
    lower = [x for x in ordered[: -_DEPTH - 1 : -1] if x.y1 >= middle]
    return upper, lower


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())


def _mark_running(
    pages: Sequence[Page], lines: Sequence[list[Line]], edges: Sequence[tuple[list[Line], list[Line]]]
) -> None:
    """Mark lines that stand at one height of several pages with the same words, numbers apart."""
    for side in (0, 1):
        found: dict[str, list[Line]] = defaultdict(list)
        for edge in edges:
            for line in edge[side]:
                found[_DIGITS.sub("#", _plain(line.text))].append(line)
        for words, same in found.items():
            for group in _by_height(same):
                if not _may_run(words, group, len(pages)):
                    continue
                for line in group:
                    if any(_is_same(pages[0], line, other) for other in group):
                        line.furniture = not _heads_table(line, lines[line.page - 1])
        for edge in edges:
            _keep_inner(edge[side])


def _keep_inner(edge: list[Line]) -> None:
    """Take back what lies inside the body: furniture stands outermost, with nothing but furniture before it."""
    for outer, line in enumerate(edge):
        if line.furniture and not all(x.furniture or _is_number(x) for x in edge[:outer]):
            line.furniture = False


def _is_number(line: Line) -> bool:
    words = _plain(line.text)
    return _DECORATED.fullmatch(words) is not None or _BARE.fullmatch(words) is not None


def _by_height(lines: list[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: x.y1):
        if groups and line.y1 - groups[-1][0].y1 <= _SAME_HEIGHT:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_same(page: Page, one: Line, two: Line) -> bool:
    """Tell whether two lines are one running head: near pages, one size, one place or that of the facing page.

    In the margin the same words are one wherever they stand across the page.
    """
    if not 0 < abs(one.page - two.page) <= 2 or abs(one.size - two.size) > 0.05 * one.size:
        return False
    if one.text == two.text and not 0.08 * page.height < one.y1 < 0.94 * page.height:
        return True
    here, there = (one.x0, one.x1, (one.x0 + one.x1) / 2), (two.x0, two.x1, (two.x0 + two.x1) / 2)
    facing = (
        abs(one.x0 + two.x1 - page.width) < 2 * _SAME_HEIGHT or abs(one.x1 + two.x0 - page.width) < 2 * _SAME_HEIGHT
    )
    return facing or any(abs(a - b) <= _SAME_HEIGHT for a, b in zip(here, there, strict=True))


def _may_run(words: str, group: list[Line], pages: int) -> bool:
    """Tell whether repeated words may be a running head: a piece of a sentence is one only where it never changes."""
    if words == "#" or _BARE.fullmatch(words.replace("#", "1")):
        return False
    if words.isascii() or not _SENTENCE.search(words):
        return True
    return len(group) > 2 and 2 * len(group) >= pages - 1 and len({x.text for x in group}) == 1


def _heads_table(line: Line, lines: list[Line]) -> bool:
    """Tell whether a line is the head of a table: the row beside it has the same columns."""
    if len(line.cells) < 2:
        return False
    at = lines.index(line)
    return any(
        len(other.cells) >= 2 and len(set(map(round, other.cells)) & set(map(round, line.cells))) >= 2
        for other in lines[max(at - 1, 0) : at] + lines[at + 1 : at + 2]
    )


def _mark_numbers(
    pages: Sequence[Page], lines: Sequence[list[Line]], edges: Sequence[tuple[list[Line], list[Line]]]
) -> None:
    """Mark page numbers: outermost lines that say 第3页 or — 3 —, and bare numbers that count the pages."""
    bare: dict[int, list[Line]] = defaultdict(list)
    usual = median([x.size for here in lines for x in here] or [0.0])
    for page, edge in zip(pages, edges, strict=True):
        for side in edge:
            outer = next((x for x in side if not x.furniture), None)
            if outer is None or outer.number < 1:
                continue
            words = _plain(outer.text)
            if _DECORATED.fullmatch(words) or (_PRINTED.fullmatch(words) and outer.size < usual):
                outer.furniture = True
            elif (found := _BARE.fullmatch(words)) is not None:
                value = _value(found.group(1))
                bare[value - outer.page].append(outer)
                if len(pages) == 1 and value == 1 and _stands_off(page, side, outer):
                    outer.furniture = True
    for same in bare.values():
        if len({x.page for x in same}) > 1:
            for line in same:
                line.furniture = True
        elif len(pages) > 1 and _stands_off(pages[same[0].page - 1], [], same[0]):
            same[0].furniture = True


def _value(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    values = [{"i": 1, "v": 5, "x": 10}[c] for c in digits.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _stands_off(page: Page, side: list[Line], line: Line) -> bool:
    """Tell whether a line stands in the margin of its page, away from what is next to it."""
    in_margin = line.y1 > 0.9 * page.height or line.y1 < 0.08 * page.height
    near = [x for x in side if x is not line]
    return in_margin and all(abs(x.y1 - line.y1) > 1.6 * line.size for x in near)


def _mark_stamps(lines: Sequence[list[Line]]) -> None:
    """Mark large print across other lines."""
    for here in lines:
        for line in here:
            if line.stamped:
                line.furniture = True
