"""The text about the principal: what the rules of group F read."""

from __future__ import annotations

from validator.checks.context import CheckContext
from validator.checks.part import part_text
from validator.document import Span
from validator.kinds import PartCheck


def principal_sentences(
    part: PartCheck, context: CheckContext, subjects: tuple[str, ...]
) -> tuple[tuple[Span, bool], ...]:
    """Return the sentences about the principal, each with whether the principal is presumed to be its subject.

    Under a heading solely for this part every sentence belongs to it; under a merged one a sentence must name the
    principal. Without any heading, the sentences that state the matter in running text are taken.
    """
    text = context.document.text
    found: dict[Span, bool] = {}
    for heading in context.parts.headings.get("principal", ()):
        for sentence in part_text(part, context, heading.section):
            if (heading.alone and heading.sole) or context.patterns.any(subjects, text, *sentence):
                found.setdefault(sentence, heading.alone and heading.sole)
    if not found:
        for sentence in context.document.sentences:
            if context.parts.region_at(sentence.start) == "own" and context.patterns.any(part.running, text, *sentence):
                found[sentence] = False
    return tuple(sorted(found.items()))
