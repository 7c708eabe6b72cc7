"""Where missing text should stand: under the heading of its part, or after the part that goes before it."""

from __future__ import annotations

from validator.checks.parts import Parts
from validator.document import Document, Span
from validator.facts import Facts
from validator.kinds import PartName
from validator.outline import Outline, Section

_ORDER: tuple[PartName, ...] = ("measures", "problems", "principal", "plan")
"""The order of the parts in the 督察规定."""


def place_missing(
    part: PartName | None, document: Document, outline: Outline, parts: Parts, facts: Facts
) -> Span | None:
    """Return the line after which missing text should stand; ``None`` for an empty document.

    That is the heading of the part, else the last sentence of the part that goes before it, else the last line of
    the title block or of the opening.
    """
    if not document.sentences:
        return None
    if part is None:
        return facts.title_span or document.sentences[0]
    own = parts.headings.get(part, ())
    if own:
        return _heading(own[0].section)
    before = _section_before(part, outline, parts)
    if before is not None:
        return _last_sentence(document, Span(before.heading.start, before.end))
    if outline.sections and part == "measures":
        return _last_sentence(document, Span(0, outline.sections[0].heading.start))
    return _last_sentence(document, Span(0, len(document.text)))


def _section_before(part: PartName, outline: Outline, parts: Parts) -> Section | None:
    """Return the level-1 section after which a part should begin: of a part that goes before it, or of own work."""
    earlier = _ORDER[: _ORDER.index(part)]
    later = _ORDER[_ORDER.index(part) + 1 :]
    before = None
    for section in outline.children(None):
        names = parts.names_of(section)
        if any(n in later for n in names) and not any(n in earlier for n in names):
            continue
        if part != "measures":
            before = section
    return before


def _heading(section: Section) -> Span:
    return Span(section.heading.start, section.heading.start + len(section.label))


def _last_sentence(document: Document, within: Span) -> Span:
    """Return the last sentence in a range that ends like one: signatures and dates after it are not text."""
    sentences = document.sentences_in(within) or document.sentences[:1]
    whole = (s for s in reversed(sentences) if document.text[s.end - 1] in "。；！" and s.end - s.start >= 8)
    return next(whole, sentences[-1])
