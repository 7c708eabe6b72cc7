"""What a rule sees: the document, its outline and facts, where its parts are, and the terms found in one pass."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from validator.checks.parts import Parts
from validator.checks.patterns import Patterns
from validator.checks.placing import place_missing
from validator.checks.references import References
from validator.document import Document, Span, mask_numbers
from validator.facts import Facts
from validator.kinds import PartName
from validator.nlp.pipeline import Entity, Pipeline
from validator.options import OrganKind
from validator.outline import Outline, Section
from validator.outline.numerals import SERIES, match_mark
from validator.result import Candidate, Evidence, Finding, Outcome, Pair, fingerprint
from validator.rule import Lexicon, Matters, Rule

_TITLES = re.compile(r"《[^《》\n]{2,120}》")
_KIND_NAMES: dict[OrganKind, str] = {
    "government": "本级政府",
    "town": "乡镇",
    "subdistrict": "街道",
    "zone": "开发区、片区",
    "department": "部门",
    "other": "这类单位",
}
MOST_CANDIDATES = 5
"""A finding shows no more of what was considered."""
_CLAUSE_ENDS = "，。；：！？\n"
_CLAUSE_END = re.compile(f"[{_CLAUSE_ENDS}]")


def _start(span: Span) -> int:
    return span.start


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Everything a check may read.

    ``hits`` maps a term to its text offsets, in order; ``rules`` are all rules by id. ``most`` is how many findings of
    one kind a rule shows (``None``: all of them). ``part_spans`` keeps the sentences (``False``) and the list items
    (``True``) of each part for the next rule that asks ``part_items`` for them.
    """

    document: Document
    outline: Outline
    facts: Facts
    parts: Parts
    hits: Mapping[str, tuple[int, ...]]
    patterns: Patterns
    cited: tuple[Span, ...]
    as_of: date | None
    rules: Mapping[str, Rule]
    lexicon: Lexicon
    matters: Matters
    references: References
    pipeline: Pipeline
    most: int | None = 20
    part_spans: dict[tuple[PartName, bool], tuple[Span, ...]] = field(default_factory=dict)
    _entities: dict[Span, tuple[Entity, ...]] = field(default_factory=dict)

    def entities(self, span: Span) -> tuple[Entity, ...]:
        """Return what the pipeline marks in a span, with text offsets. Each span is read once."""
        found = self._entities.get(span)
        if found is None:
            read = self.pipeline.read(self.text(span))
            found = tuple(Entity(e.label, span.start + e.start, span.start + e.end) for e in read)
            self._entities[span] = found
        return found

    def text(self, span: Span) -> str:
        """Return the normalised text of a span."""
        return self.document.text[span.start : span.end]

    def clause_at(self, offset: int) -> Span:
        """Return the clause (between commas) that holds a text offset."""
        text = self.document.text
        sentence = self.document.sentence_at(offset)
        start = max(text.rfind(mark, sentence.start, offset) for mark in _CLAUSE_ENDS) + 1
        end = _CLAUSE_END.search(text, offset, sentence.end)
        return Span(max(start, sentence.start), end.start() if end else sentence.end)

    def is_cited(self, offset: int) -> bool:
        """Tell whether an offset stands inside the title of a cited document (《…》)."""
        return self.title_at(offset) is not None

    def title_at(self, offset: int) -> Span | None:
        """Return the cited title (《…》) that an offset stands in."""
        index = bisect_right(self.cited, offset, key=_start) - 1
        return self.cited[index] if index >= 0 and offset < self.cited[index].end else None

    def section_label(self, offset: int) -> str | None:
        """Return the heading that a text offset stands under, as written in the file."""
        section = self.outline.section_at(offset)
        return None if section is None else self.heading(section)

    def heading(self, section: Section) -> str:
        """Return a heading as written in the file, without an end mark."""
        end = section.heading.start + len(section.label)
        return self.document.excerpt(Span(section.heading.start, end), 60)

    def _words_of(self, span: Span) -> tuple[str, str]:
        """Return a span and the sentence that it stands in, without number marks and long numbers.

        The same wrong word in another sentence is another finding.
        """
        sentence = self.document.sentence_at(span.start)
        return unnumbered(mask_numbers(self.text(span))), unnumbered(mask_numbers(self.text(sentence)))

    def evidence(self, span: Span) -> Evidence:
        """Return a span as evidence."""
        doc = self.document
        return Evidence(doc.excerpt(span), self.section_label(span.start), doc.location(span))

    def candidate(self, span: Span, why: str) -> Candidate:
        """Return a span that was considered and does not count."""
        doc = self.document
        return Candidate(doc.excerpt(span), self.section_label(span.start), doc.location(span), why)

    def finding(
        self,
        rule: Rule,
        outcome: Outcome,
        *,
        message: str | None = None,
        at: Span | None = None,
        sought: str | None = None,
        candidates: tuple[Candidate, ...] = (),
        suggestion: str | None = None,
        replacement: str | None = None,
    ) -> Finding:
        """Build a finding: the rule's message and model wording, the place, and what was considered.

        ``replacement`` is kept where the rule's fix is safe and the words stand whole in the file.
        """
        writable = replacement is not None and rule.safe_fix and at is not None and self.document.is_whole(at)
        words = message or (rule.message.review if outcome == "review" else rule.message.fail) or rule.message.fail
        if self.facts.organ_kind in rule.reference_for and any(b.relation != "editorial" for b in rule.basis):
            words += f"（依据没有点名{_KIND_NAMES[self.facts.organ_kind]}，本项参照执行。）"
        excerpt = None if at is None else self.document.excerpt(at)
        missing = None
        if at is None:
            missing = place_missing(rule.stands_in, self.document, self.outline, self.parts, self.facts)
        return Finding(
            outcome,
            words,
            excerpt,
            None if at is None else self.section_label(at.start),
            None if at is None else self.document.location(at),
            (suggestion or rule.wording).strip(),
            fingerprint(rule.id, outcome, *((message or "",) if at is None else self._words_of(at))),
            sought=sought,
            expected=rule.expected,
            candidates=candidates[:MOST_CANDIDATES],
            replacement=replacement if writable else None,
            insert_after=self.document.location(missing) if missing else None,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says about one rule."""

    outcome: Outcome
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    pairs: tuple[Pair, ...] = ()


def unnumbered(text: str) -> str:
    """Return a text without the number mark that it begins with: it stays the same when headings are re-numbered."""
    mark = match_mark(text, 0)
    series = None if mark else SERIES.match(text)
    return text[mark.end if mark else series.end() if series else 0 :]


def find_cited_titles(text: str) -> tuple[Span, ...]:
    """Return the spans of 《…》, nested ones as one."""
    return tuple(Span(m.start(), m.end()) for m in _TITLES.finditer(text))
