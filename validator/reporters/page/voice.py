"""What the page says, in the language it is written in: labels by a catalogue, sentences by functions.

What a rule, a report or a person wrote stays in Chinese on every page; in a sentence of another language it is quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from validator.document import Location
from validator.language import Language, Translate
from validator.reporters.words import (
    OTHER_PART,
    OUTCOME_WORDS,
    PART_WORDS,
    conclude_file,
    conclude_run,
    describe_acceptance,
    describe_accepted,
    describe_coverage,
    describe_packs,
    describe_pipeline,
    describe_place,
    place_line,
)
from validator.result import FileResult, Finding, RuleResult, RuleSetId, RunResult


class Bit(NamedTuple):
    """A stretch of a sentence. ``is_quoted``: it is Chinese that somebody else wrote."""

    text: str
    is_quoted: bool = False


Phrase = tuple[Bit, ...]


class Line(NamedTuple):
    """A sentence in a list. ``is_part``: it belongs to the one before it."""

    words: Phrase
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of one language.

    ``label`` translates labels, ``parts`` are the names of the parts of the checklist by the letter of their rules.
    ``say_…`` is what is read aloud for a highlight; there nothing can be quoted.
    """

    language: Language
    label: Translate
    parts: Mapping[str, str]
    other_part: str
    conclude_file: Callable[[FileResult], Phrase]
    conclude_run: Callable[[RunResult], str]
    describe_acceptance: Callable[[RunResult], tuple[Line, ...]]
    describe_accepted: Callable[[RuleResult], Phrase]
    describe_coverage: Callable[[RunResult], str]
    describe_pipeline: Callable[[RunResult], str]
    describe_tool: Callable[[RunResult], str]
    describe_ruleset: Callable[[RuleSetId], str]
    describe_year: Callable[[int], str]
    describe_place: Callable[[Finding], Phrase]
    place_line: Callable[[Location | None], str]
    say_finding: Callable[[RuleResult, Finding], str]
    say_evidence: Callable[[RuleResult], str]
    say_candidate: Callable[[RuleResult, str], str]


def plain(text: str) -> Phrase:
    """Return a sentence in which nothing is quoted."""
    return (Bit(text),) if text else ()


def fill(pattern: str, *quoted: str) -> Phrase:
    """Return a sentence with Chinese words in place of each ``{}`` of a pattern."""
    first, *rest = pattern.split("{}")
    bits = [Bit(first)]
    for words, after in zip(quoted, rest, strict=True):
        bits += [Bit(words, True), Bit(after)]
    return tuple(b for b in bits if b.text)


def speak_chinese() -> Voice:
    """Return the words that every other reporter uses as well."""
    return Voice(
        "zh",
        str,
        PART_WORDS,
        OTHER_PART,
        lambda file: plain(conclude_file(file)),
        conclude_run,
        lambda run: tuple(Line(plain(x.strip()), x.startswith(" ")) for x in describe_acceptance(run)),
        lambda rule: plain(describe_accepted(rule)),
        describe_coverage,
        describe_pipeline,
        lambda run: f"程序 {run.tool.name} {run.tool.version}，{_describe_ruleset(run.ruleset)}。",
        _describe_ruleset,
        lambda year: f"{year}年度",
        lambda finding: plain(describe_place(finding)),
        place_line,
        lambda rule, finding: f"{rule.id} {OUTCOME_WORDS[finding.outcome]}：{finding.message}",
        lambda rule: f"{rule.id} 的依据：{rule.title}",
        lambda rule, why: f"{rule.id} 看过但不算：{why}",
    )


def _describe_ruleset(ruleset: RuleSetId) -> str:
    packs = "".join(f"；{line.rstrip('。')}" for line in describe_packs(ruleset))
    return f"规则集 {ruleset.version}（{ruleset.digest}）{packs}"
