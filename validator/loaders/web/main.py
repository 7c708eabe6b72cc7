"""Lines of a web page → those of the report: its title and its text. Between ``lines`` and ``html``.

What stands around a report is told from it by structure and words: links, labels, buttons, footers. Classes and ids are
hints that need one of these beside them. When in doubt a line stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from validator.loaders.web.lines import Line, Lines
from validator.loaders.web.meta import is_label_line
from validator.loaders.web.tree import BLOCKS, Element
from validator.loaders.web.words import (
    AROUND_NAMES,
    BLANKS,
    CHINESE,
    DATE,
    DAY,
    DOCUMENT_NUMBER,
    NUMBERED,
    PART,
    SIGNED,
    STOP,
    TALKING_NAMES,
    TITLE_END,
    YEAR_FIRST,
    is_around,
    is_foot,
    is_tail,
    is_title_element,
    is_tool,
    names_of,
    tells,
)

_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog"})
_AROUND_TAGS = frozenset({"nav", "footer", "aside", "menu"})
_NO_NAMES: frozenset[str] = frozenset()
_NO_WRAPPERS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "li", "dt", "tr", "caption", "summary", "option"}
)
_SHARE = 0.8
"""The report's element holds at least so much of the prose of the page."""
_SHARE_OF_LINES = 0.7
_LONG = 12
_TITLE_LINES = 4
_ALIKE = 0.7
_MORE = 3
_NEAR = 60
_GAP = 6
"""Prose that so many other lines part from the report is none of it."""
_PAGER = re.compile(r"[<«‹\[（(【]?[上下]一页[>»›\])）】]?")


@dataclass(frozen=True, slots=True)
class Main:
    """The chosen lines.

    ``title`` is the heading as it is shown, ``around`` all other lines that are shown, ``labels`` those of them that
    stand in the report's own element or right below its heading. ``weight``: Chinese characters of prose on the page.
    """

    lines: list[Line]
    title: str
    around: list[Line]
    labels: list[Line]
    weight: int


class _Page:
    """What is known of each line of a page: its words without blanks, whether it is around the text, its prose."""

    def __init__(self, found: Lines) -> None:
        self.lines = found.lines
        self.texts = [BLANKS.sub("", x.text) for x in found.lines]
        self.around = [x.hidden or is_around(t, x.linked > 0) for x, t in zip(self.lines, self.texts, strict=True)]
        named = [is_named(x) for x in self.lines]
        for index, (before, this, after) in enumerate(zip([False, *named], named, [*named[1:], False], strict=False)):
            # One paragraph may begin with 时间 in bold; a list of labels with their values has several in a row.
            self.around[index] |= this and (before or after)
        self.weights = [0 if a else _weigh(x) for x, a in zip(self.lines, self.around, strict=True)]

    def is_linked(self, index: int) -> bool:
        """Tell whether a line is hardly more than links."""
        line = self.lines[index]
        if not line.linked or line.text.endswith("。"):
            return False
        return line.linked >= 0.7 * len(DAY.sub("", self.texts[index]))

    def is_numbered(self, index: int) -> bool:
        """Tell whether a line begins with a number, as headings and items do."""
        return NUMBERED.match(self.texts[index]) is not None

    def is_barrier(self, index: int) -> bool:
        """Tell whether a line parts the report from what is none of it."""
        return self.around[index] or (self.is_linked(index) and not self.is_numbered(index))


def is_named(line: Line) -> bool:
    """Tell whether a line is a label and its value, told apart by nothing but the elements they stand in."""
    return len(line.runs) > 1 and is_label_line(line.runs[0][0])


def _weigh(line: Line) -> int:
    """Return how much prose a line is: its Chinese characters, or nothing when it is short or a link."""
    chinese = len(CHINESE.findall(line.text))
    if chinese < _LONG or STOP.search(line.text) is None:
        return 0
    # A paragraph that is one link, or cites documents by links, is prose; an item of a list of links is not.
    return chinese if 2 * line.linked <= len(line.text) or line.text.endswith("。") else 0


def choose(root: Element, found: Lines, page_title: str) -> Main:
    """Choose the lines of the report.

    Args:
        root: the page, with the line ranges of its elements.
        found: its lines.
        page_title: its ``title`` element, which tells the heading from others.
    """
    page = _Page(found)
    _mark_around(root, page)
    total = sum(page.weights)
    if not total:
        return Main([], "", [], [], 0)
    element = _main_element(root, page)
    first, last = _grow(page, element)
    chosen, start = _trim(page, first, last)
    title = _title(page, start, chosen, page_title)
    picked = {*title, *chosen}
    for index in set(title).difference(chosen):
        page.lines[index].hint = 0
    rest = [i for i in range(len(page.lines)) if i not in picked and not page.lines[i].hidden]
    own = [i for i in rest if element.first <= i < element.last or (title and title[-1] < i < start)]
    heading = "".join(page.lines[i].text for i in title or _own_title(page, chosen))
    lines = [page.lines[i] for i in sorted(picked)]
    return Main(lines, heading, [page.lines[i] for i in rest], [page.lines[i] for i in own], total)


def _elements(root: Element) -> Iterator[Element]:
    """Yield the elements below the root that hold lines, outer before inner."""
    stack = [root]
    while stack:
        for child in reversed(stack.pop().children):
            if isinstance(child, Element) and child.last > child.first:
                stack.append(child)
        if stack:
            yield stack[-1]


def _mark_around(root: Element, page: _Page) -> None:
    """Mark the lines of elements that are navigation, footer, comments … by tag or name, and by what they hold."""
    total = sum(page.weights)
    for element in _elements(root):
        attributes = element.attributes
        by_tag = element.tag in _AROUND_TAGS or ("role" in attributes and attributes["role"].lower() in _ROLES)
        named = not by_tag and ("class" in attributes or "id" in attributes)
        names = names_of(element) & AROUND_NAMES if named else _NO_NAMES
        if not by_tag and not names:
            continue
        span = range(element.first, element.last)
        weight = sum(page.weights[element.first : element.last])
        if 2 * weight > total and not (names & TALKING_NAMES and _is_beside_parts(page, span)):
            continue
        told = sum(1 for i in span if page.around[i] or page.is_linked(i) or tells(page.texts[i]))
        numbered = sum(1 for i in span if page.is_numbered(i) and not page.is_linked(i))
        if by_tag:
            around = not all(SIGNED.fullmatch(page.texts[i]) or DATE.fullmatch(page.texts[i]) for i in span)
        elif weight and not names & TALKING_NAMES:
            around = 2 * told >= len(span) and not numbered
        else:
            around = told > 0 and numbered <= 1
        if around:
            for i in span:
                page.around[i] = True
                page.weights[i] = 0


def _is_beside_parts(page: _Page, span: range) -> bool:
    """Tell whether the numbered parts of the page all stand outside a range."""
    parts = [i for i, text in enumerate(page.texts) if PART.match(text) and not page.is_linked(i)]
    return len(parts) > 1 and not any(i in span for i in parts)


def _main_element(root: Element, page: _Page) -> Element:
    """Return the innermost element that holds nearly all prose, by weight and by number of lines."""
    element: Element = root
    while True:
        weights = page.weights[element.first : element.last]
        inner: Element | None = None
        for child in _wrappers(element):
            held = page.weights[child.first : child.last]
            if sum(held) >= _SHARE * sum(weights):
                # One long paragraph beside many short ones is not all of a report.
                inner = child if _count(held) >= _SHARE_OF_LINES * _count(weights) else None
                break
        if inner is None:
            return element
        element = inner


def _count(weights: list[int]) -> int:
    return len(weights) - weights.count(0)


def _wrappers(element: Element) -> Iterator[Element]:
    """Yield the children that may hold a report: rows and inline elements are looked through."""
    for child in element.children:
        if not isinstance(child, Element) or child.last <= child.first:
            continue
        if child.tag == "tr" or child.tag not in BLOCKS:
            yield from _wrappers(child)
        elif child.tag not in _NO_WRAPPERS:
            yield child


def _grow(page: _Page, element: Element) -> tuple[int, int]:
    """Return the range of the main element with what adjoins it and is the report's.

    That is prose and numbered lines, with all that lies between, and signature and date below.
    """
    first, last = element.first, element.last
    at = first
    while at > max(first - _GAP, 0) and not page.is_barrier(at - 1):
        at -= 1
        if page.weights[at] or page.is_numbered(at):
            first = at
    at = last
    closing = last == 0 or DATE.fullmatch(page.texts[last - 1]) is None
    while at < min(last + _GAP, len(page.lines)) and not page.is_barrier(at):
        text = page.texts[at]
        dated = DATE.fullmatch(text) is not None
        at += 1
        if page.weights[at - 1] or page.is_numbered(at - 1):
            last, closing = at, True
        elif closing and (dated or SIGNED.fullmatch(text)):
            last, closing = at, not dated
        else:
            closing = False
    # A part of the report that something was put before still shows by its number.
    parts = [i for i, w in enumerate(page.weights) if w and PART.match(page.texts[i])]
    return (min(first, parts[0]), max(last, parts[-1] + 1)) if parts else (first, last)


def _trim(page: _Page, first: int, last: int) -> tuple[list[int], int]:
    """Leave out what stands at both ends of a range around the text, and in its midst what says so by name and words.

    Returns:
        The lines of the text, and its first line that is prose or numbered.
    """
    core = [i for i in range(first, last) if page.weights[i] or _is_item(page, i)]
    start, stop = core[0], core[-1] + 1
    chosen = [
        i
        for i in range(first, start)
        if not page.around[i] and (not page.is_linked(i) or TITLE_END.search(page.texts[i]))
    ]
    chosen += [i for i in range(start, stop) if not page.lines[i].hidden and not _is_put_in(page, i)]
    for index in range(stop, last):
        if is_tail(page.texts[index]) or is_foot(page.texts[index]):
            break
        if not page.around[index] and not page.is_linked(index) and not page.lines[index].files:
            chosen.append(index)
    return chosen, start


def _is_item(page: _Page, index: int) -> bool:
    """Tell whether a line is a heading or an item, and no attachment."""
    return page.is_numbered(index) and not page.around[index] and not page.lines[index].files


def _is_put_in(page: _Page, index: int) -> bool:
    """Tell whether a line in the midst of the text is no part of it: by its words and the name of a small element."""
    if not page.around[index]:
        return False
    if page.is_linked(index) or is_foot(page.texts[index]):
        return True
    element: Element | None = page.lines[index].element
    while element is not None and element.last - element.first <= 12:
        if names_of(element) & AROUND_NAMES or element.tag in _AROUND_TAGS:
            return True
        element = element.parent
    return False


def _own_title(page: _Page, chosen: list[int]) -> list[int]:
    """Return the lines of the title with which the text itself begins."""
    for count, index in enumerate(chosen[:_TITLE_LINES]):
        text = page.texts[index]
        if page.weights[index] or page.is_numbered(index):
            break
        if TITLE_END.search(text):
            before = chosen[count - 1] if count else index
            broken = count and not DOCUMENT_NUMBER.fullmatch(page.texts[before]) and not text.startswith("关于")
            return [before, index] if broken else [index]
    return []


def _title(page: _Page, start: int, chosen: list[int], page_title: str) -> list[int]:
    """Return the lines of the article's heading above the text, unless the text begins with it."""
    wanted = BLANKS.sub("", page_title)
    opening = [page.texts[i] for i in chosen[:_TITLE_LINES] if i < start]
    whole = _is_whole(opening)
    best: tuple[int, list[int]] = (0, [])
    index = start - 1
    while index >= 0 and start - index <= _NEAR:
        group = _heading_group(page, index)
        if index not in chosen:
            score = _score_heading(page, group, wanted)
            if score > best[0] and not (whole and TITLE_END.search(page.texts[group[-1]]) is None):
                best = score, group
        index = group[0] - 1
    title = "".join(page.texts[i] for i in best[1])
    return [] if any(_is_same(title, line) for line in opening) else best[1]


def _is_whole(opening: list[str]) -> bool:
    """Tell whether the text begins with a title that names the organ, on its line or the one before."""
    for index, line in enumerate(opening):
        if TITLE_END.search(line):
            return YEAR_FIRST.match(line) is None or any(SIGNED.fullmatch(x) for x in opening[:index])
    return False


def _is_same(title: str, line: str) -> bool:
    """Tell whether a line is the same title, as it is or in nearly the same words.

    A title that the text has in two lines is kept: whole, it names the organ beside the year.
    """
    if title in line and STOP.search(line) is None:
        return True
    letters, others = set(title), set(line)
    if TITLE_END.search(line) is None or len(letters - others) > _MORE:
        return False
    return len(letters & others) >= _ALIKE * len(letters | others)


def _heading_group(page: _Page, index: int) -> list[int]:
    """Return a line with the others of its heading: a title is often broken in two or three."""
    element = page.lines[index].element
    while element.parent is not None and element.tag not in BLOCKS:
        element = element.parent
    whole = element.first <= index < element.last <= element.first + 3
    return list(range(element.first, index + 1)) if whole else [index]


def _score_heading(page: _Page, group: list[int], wanted: str) -> int:
    """Return how much lines look like the heading of the article (0: they do not)."""
    line = page.lines[group[0]]
    text = "".join(page.texts[i] for i in group)
    if line.hidden or not 4 <= len(text) <= 100 or len(CHINESE.findall(text)) < 4 or text.endswith(("。", "；")):
        return 0
    if page.is_linked(group[0]) or is_tool(text) or is_foot(text) or is_tail(text):
        return 0
    score = 0
    if wanted and text in wanted:
        score += 3 if len(text) >= 8 else 1
    score += 2 * (line.hint in (1, 2, 3) or is_title_element(line.element))
    score += 2 * (TITLE_END.search(text) is not None)
    return score if score >= 2 else 0


def is_paged(found: Lines, main: Main, words: dict[int, str]) -> bool:
    """Tell whether the page shows one of several pages of the report: a pager stands in it or right below.

    Args:
        found: the lines and links of the page.
        main: the chosen lines.
        words: index of a link in ``found.links`` → its words.
    """
    place = {id(x): i for i, x in enumerate(found.lines)}
    first, last = place[id(main.lines[0])], place[id(main.lines[-1])]
    pagers = [found.links[i] for i, text in words.items() if _PAGER.fullmatch(BLANKS.sub("", text))]
    return any(first <= at <= last + 3 and _leads_on(link) for link, at in pagers)


def _leads_on(link: Element) -> bool:
    target = link.attributes.get("href", "").strip().lower()
    return not target.startswith(("#", "javascript:void", "javascript:;"))
