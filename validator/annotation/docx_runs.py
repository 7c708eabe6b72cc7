"""A location in a Word file → the runs that hold its words, cut where they begin and end. Used by ``docx``."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

from validator.document import Location

if TYPE_CHECKING:
    from lxml.etree import _Element

    from validator.loaders.word.body import DocxParagraph
    from validator.loaders.word.inline import DocxRun

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RUN, _TEXT, _RPR = f"{_W}r", f"{_W}t", f"{_W}rPr"
_ONE = frozenset(f"{_W}{n}" for n in ("tab", "br", "cr", "noBreakHyphen"))
"""Elements of a run that are one character each."""
_NONE = frozenset(f"{_W}{n}" for n in ("lastRenderedPageBreak",))
_HOLDERS = frozenset(f"{_W}{n}" for n in ("p", "ins", "moveTo", "hyperlink", "sdtContent", "smartTag", "customXml"))
"""Elements in which the marks of a comment may stand beside a run."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Anchor(NamedTuple):
    """The first and the last element that a comment is about; both may have marks of comments beside them."""

    first: _Element
    last: _Element


def find_anchor(paragraphs: list[DocxParagraph], location: Location | None) -> Anchor | None:
    """Return the elements at a location, after cutting runs in two where they must be; text and formatting stay.

    Args:
        paragraphs: of the tree into which comments are written; their runs are kept up to date.
        location: paragraph and columns as the loader gave them; ``None``: the first words of the file.

    Returns:
        ``None`` where there are no words at all.
    """
    if location is None or location.paragraph is None:
        return _whole(_with_words(paragraphs, 0))
    first, start = _in_body(paragraphs[location.paragraph - 1], location.column - 1)
    last, end = _in_body(paragraphs[location.end_line - 1], location.end_column - 1)
    if not first.runs or not last.runs or start is None or end is None:
        return _whole(_with_words(paragraphs, first.position - 1))
    _cut(first, start)
    _cut(last, end)
    opening = next((r for r in first.runs if r.start + len(r.text) > start), first.runs[-1])
    closing = next((r for r in reversed(last.runs) if r.start < end), last.runs[0])
    if first is last and closing.start < opening.start:
        closing = opening
    return _beside(opening.element, closing.element)


def _in_body(paragraph: DocxParagraph, offset: int) -> tuple[DocxParagraph, int | None]:
    """Return the paragraph of the body: a text box or a note stands for the one that holds it (no offset then)."""
    if paragraph.owner is None:
        return paragraph, offset
    while paragraph.owner is not None:
        paragraph = paragraph.owner
    return paragraph, None


def _with_words(paragraphs: list[DocxParagraph], index: int) -> DocxParagraph | None:
    """Return the paragraph at an index, or the nearest one before it, or after it, that has words in the body."""
    order = (*reversed(paragraphs[: index + 1]), *paragraphs[index + 1 :])
    return next((p for p in order if p.runs and p.owner is None), None)


def _whole(paragraph: DocxParagraph | None) -> Anchor | None:
    if paragraph is None:
        return None
    return _beside(paragraph.runs[0].element, paragraph.runs[-1].element)


def _beside(first: _Element, last: _Element) -> Anchor | None:
    opening, closing = _holder(first), _holder(last)
    return None if opening is None or closing is None else Anchor(opening, closing)


def _holder(element: _Element) -> _Element | None:
    """Return the element, or the outer one, beside which marks of comments may stand."""
    while (parent := element.getparent()) is not None:
        if parent.tag in _HOLDERS:
            return element
        element = parent
    return None


def _cut(paragraph: DocxParagraph, offset: int) -> None:
    """Cut the run that goes over an offset of the paragraph's text in two, where that is safe."""
    for index, run in enumerate(paragraph.runs):
        if run.start < offset < run.start + len(run.text) and _is_plain(run):
            at = offset - run.start
            second = _split(run.element, at)
            run.element.addnext(second)
            head = run._replace(text=run.text[:at])
            tail = run._replace(element=second, start=offset, text=run.text[at:])
            paragraph.runs[index : index + 1] = [head, tail]
            return


def _is_plain(run: DocxRun) -> bool:
    """Tell whether a run is nothing but its words, so that each can be counted."""
    if run.element.tag != _RUN or run.skip:
        return False
    children = [c for c in run.element if c.tag != _RPR]
    if not all(c.tag == _TEXT or c.tag in _ONE or c.tag in _NONE for c in children):
        return False
    return sum(_length(c) for c in children) == len(run.text)


def _length(child: _Element) -> int:
    if child.tag == _TEXT:
        return len(child.text or "")
    return 1 if child.tag in _ONE else 0


def _split(element: _Element, at: int) -> _Element:
    """Move what follows the first ``at`` characters of a run into a new run of the same properties; return it."""
    second = element.makeelement(element.tag, dict(element.attrib))
    properties = element.find(_RPR)
    if properties is not None:
        second.append(deepcopy(properties))
    done = 0
    for child in [c for c in element if c.tag != _RPR]:
        length = _length(child)
        if done >= at:
            second.append(child)
        elif done + length > at:
            words = child.text or ""
            rest = deepcopy(child)
            child.text, rest.text = words[: at - done], words[at - done :]
            for part in (child, rest):
                part.set(_SPACE, "preserve")
            second.append(rest)
        done += length
    return second
