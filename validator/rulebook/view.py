"""RuleSet → what stands on the page, in words and in order; the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from validator.engine import describe_basis
from validator.language import Language, Translate, translator
from validator.law.coverage import Coverage
from validator.reporters import words
from validator.reporters.words import (
    KIND_WORDS,
    LEVEL_WORDS,
    OTHER_PART,
    OUTCOME_MARKS,
    OUTCOME_WORDS,
    PART_WORDS,
    SEVERITIES,
    SEVERITY_WORDS,
)
from validator.result import Outcome, Relation, Severity, SourceStatus
from validator.rule import Example, Rule, Source
from validator.rulebook.how import NEVER_FAIL, explain_check
from validator.rulebook.sayings import Piece, Saying
from validator.rulebook.when import counting_sources, tell_day, tell_limits, tell_years
from validator.ruleset import RuleSet

_SHORT_DIGEST = 12
_USUAL_YEAR = 2023
"""The year that an example is read with when it names none."""


@dataclass(frozen=True, slots=True)
class State:
    """An outcome: its name for the style, its mark, its word and what it means."""

    outcome: Outcome
    mark: str
    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause in one sentence, what kind of saying it is, and how sure it is."""

    text: str
    relation: Relation
    status: SourceStatus


@dataclass(frozen=True, slots=True)
class Case:
    """An example with the outcome it must get. ``given`` is what is stated with it, where that is not the usual."""

    text: str
    outcome: Outcome
    mark: str
    word: str
    why: str
    year: int | None
    level: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A rule that another one waits for, with the outcomes it must have."""

    id: str
    title: str
    outcomes: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule. ``binds`` is whom its sources bind, ``by_reference`` to whom they are applied by reference.

    ``fail`` is empty where the rule never fails, ``review`` where it has no words for it.
    """

    id: str
    title: str
    severity: Severity
    weight: str
    rationale: str
    expected: str
    clauses: tuple[Clause, ...]
    years: tuple[Piece, ...]
    binds: str
    by_reference: str
    how: tuple[tuple[Piece, ...], ...]
    waits: tuple[Wait, ...]
    fail: str
    review: str
    wording: str
    cases: tuple[Case, ...]
    is_waivable: bool
    is_fixed: bool
    is_off: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The rules of one part of the checklist."""

    anchor: str
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Division:
    """Mandatory rules, or hints."""

    anchor: str
    name: str
    count: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A source that rules cite."""

    title: str
    number: str
    issuer: str
    in_force: str
    repealed: str
    binds: str
    status: SourceStatus
    note: str


@dataclass(frozen=True, slots=True)
class Book:
    """The whole page. ``about`` are sentences on what the checklist is."""

    language: Language
    about: tuple[tuple[Piece, ...], ...]
    states: tuple[State, ...]
    divisions: tuple[Division, ...]
    instruments: tuple[Instrument, ...]
    coverage: Coverage


def view_rulebook(ruleset: RuleSet, language: Language, coverage: Coverage = ()) -> Book:
    """Return what stands on the page of a rule set; ``coverage``: every clause with the rule that checks it."""
    _ = translator(language)
    must = [r for r in ruleset.rules if r.severity == "error"]
    hints = [r for r in ruleset.rules if r.severity != "error"]
    asked = [r for r in ruleset.rules if r.id not in ruleset.off]
    divisions = (
        _division("must", _("必备项"), must, ruleset, language),
        _division("hints", _("提示项"), hints, ruleset, language),
    )
    return Book(
        language,
        tuple(s.pieces(language) for s in _about(ruleset, asked)),
        _states(_),
        tuple(d for d in divisions if d.parts),
        tuple(_instrument(s, language) for s in _cited(ruleset)),
        coverage,
    )


def _about(ruleset: RuleSet, asked: list[Rule]) -> tuple[Saying, ...]:
    """Return what the checklist is: the rules that are asked, and what packs make of it."""
    profile = ruleset.profile
    hints = [r for r in asked if r.severity != "error"]
    must = len(asked) - len(hints)
    digest = ruleset.digest.removeprefix("sha256:")[:_SHORT_DIGEST]
    counts = {s: sum(1 for r in hints if r.severity == s) for s in SEVERITIES}
    return (
        Saying(
            f"这是“{{title}}”第{{version}}版，规则指纹{digest}，共{len(asked)}条规则。",
            f"This is “{{title}}”, version {{version}}, digest {digest}, with {len(asked)} rules.",
            {"title": profile.title, "version": ruleset.version},
        ),
        Saying(
            f"必备项{must}条，有一条不通过，报告就不符合；提示{len(hints)}条（应改项{counts['warning']}条，"
            f"质量提示{counts['note']}条），不影响结论。",
            f"{must} are mandatory: a report that fails one of them does not comply. {len(hints)} are hints "
            f"({counts['warning']} to correct, {counts['note']} on quality) and do not change the conclusion.",
        ),
        *(Saying("加了清单“{title}”。", "With the pack “{title}”.", {"title": p.title}) for p in ruleset.packs),
        *(Saying("不查{rule}。", "{rule} is not asked.", {"rule": name}) for name in ruleset.off),
    )


def _states(_: Translate) -> tuple[State, ...]:
    """Return what the outcomes of a rule mean."""
    meanings: dict[Outcome, str] = {
        "pass": _("写到了，也写对了。"),
        "fail": _("缺了，或者写错了。"),
        "review": _("程序拿不准，请人看。"),
        "not_applicable": _("这份报告不查这一条。"),
    }
    return tuple(State(o, OUTCOME_MARKS[o], _(OUTCOME_WORDS[o]), said) for o, said in meanings.items())


def _division(anchor: str, name: str, rules: list[Rule], ruleset: RuleSet, language: Language) -> Division:
    _ = translator(language)
    order = [*PART_WORDS, *dict.fromkeys(r.id[0] for r in rules if r.id[0] not in PART_WORDS)]
    parts = (
        Part(
            f"{anchor}-{letter}",
            _(PART_WORDS.get(letter, OTHER_PART)),
            tuple(view_rule(r, ruleset, language) for r in rules if r.id[0] == letter),
        )
        for letter in order
    )
    return Division(anchor, name, sum(r.id not in ruleset.off for r in rules), tuple(p for p in parts if p.entries))


def view_rule(rule: Rule, ruleset: RuleSet, language: Language) -> Entry:
    """Return all that is to be known of one rule."""
    _ = translator(language)
    binding = [s.binds for s in counting_sources(rule, ruleset) if s.kind != "editorial"]
    return Entry(
        rule.id,
        rule.title,
        rule.severity,
        _(SEVERITY_WORDS[rule.severity]),
        rule.rationale,
        rule.expected,
        tuple(Clause(words.describe_basis(b), b.relation, b.source_status) for b in describe_basis(ruleset, rule)),
        tuple(p for s in (tell_years(rule, ruleset), *tell_limits(rule, ruleset)) for p in s.pieces(language)),
        "；".join(dict.fromkeys(binding)),
        _join((_(KIND_WORDS[k]) for k in rule.reference_for), language),
        tuple(s.pieces(language) for s in explain_check(rule, ruleset)),
        tuple(_wait(name, outcomes, ruleset, language) for name, outcomes in rule.only_if.items()),
        "" if rule.check.kind in NEVER_FAIL else rule.message.fail,
        rule.message.review or "",
        rule.wording.strip(),
        tuple(_cases(rule, _)),
        not any(name in (rule.id, rule.id[0]) for name in ruleset.profile.not_waivable),
        rule.safe_fix,
        rule.id in ruleset.off,
    )


def _wait(name: str, outcomes: Iterable[Outcome], ruleset: RuleSet, language: Language) -> Wait:
    _ = translator(language)
    title = next(r.title for r in ruleset.rules if r.id == name)
    return Wait(name, title, ("或" if language == "zh" else " or ").join(_(OUTCOME_WORDS[o]) for o in outcomes))


def _cases(rule: Rule, _: Translate) -> Iterable[Case]:
    """Yield the examples that pass, those that fail, and those that must not fool the rule."""
    groups: tuple[tuple[tuple[Example, ...], Outcome], ...] = (
        (rule.examples.passing, "pass"),
        (rule.examples.failing, "fail"),
        (rule.examples.near_miss, "pass"),
    )
    for examples, usual in groups:
        for example in examples:
            outcome = example.outcome or usual
            yield Case(
                example.text.strip(),
                outcome,
                OUTCOME_MARKS[outcome],
                _(OUTCOME_WORDS[outcome]),
                example.why or "",
                example.year if example.year != _USUAL_YEAR else None,
                _(LEVEL_WORDS[example.organ_level]) if example.organ_level else "",
            )


def _cited(ruleset: RuleSet) -> tuple[Source, ...]:
    """Return the sources that rules cite, in the order of the rules; custom is no source."""
    names = dict.fromkeys(b.source for r in ruleset.rules for b in r.basis)
    return tuple(s for s in (ruleset.sources[n] for n in names) if s.kind != "editorial")


def _instrument(source: Source, language: Language) -> Instrument:
    return Instrument(
        source.title,
        source.number or "",
        source.issuer,
        tell_day(source.in_force, language),
        tell_day(source.repealed, language) if source.repealed else "",
        source.binds,
        source.source_status,
        source.note or "",
    )


def _join(found: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(found)
