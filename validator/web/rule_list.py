"""Rules → what the HTTP interface says of them."""

from __future__ import annotations

from dataclasses import dataclass

from validator.applicability import describe_applies
from validator.result import Outcome, PackUse, Relation, Severity, SourceStatus
from validator.rule import Rule
from validator.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class RuleBasisEntry:
    """A clause that a rule rests on."""

    source: str
    title: str
    number: str | None
    article: str
    quote: str
    relation: Relation
    source_status: SourceStatus
    article_status: SourceStatus
    in_force: str
    repealed: str | None


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule. ``kind`` names how it is checked; ``only_if`` are rules and the outcomes they must have.

    ``applies`` says to whose reports it applies, in words; ``off`` why a pack switched it off.
    """

    id: str
    title: str
    severity: Severity
    kind: str
    rationale: str
    expected: str
    fail: str
    review: str | None
    wording: str
    safe_fix: bool
    only_if: dict[str, tuple[Outcome, ...]]
    applies: str
    off: str | None
    basis: tuple[RuleBasisEntry, ...]


@dataclass(frozen=True, slots=True)
class RuleListing:
    """The rules of a profile, in the order of the checklist, and the packs that were laid on them."""

    version: str
    digest: str
    profile: str
    packs: tuple[PackUse, ...]
    rules: tuple[RuleEntry, ...]


def list_rules(ruleset: RuleSet, profile: str) -> RuleListing:
    """Return what is said of the rules of a profile."""
    entries = tuple(_describe(rule, ruleset) for rule in ruleset.rules)
    return RuleListing(ruleset.version, ruleset.digest, profile, ruleset.packs, entries)


def _describe(rule: Rule, ruleset: RuleSet) -> RuleEntry:
    return RuleEntry(
        rule.id,
        rule.title,
        rule.severity,
        rule.check.kind,
        rule.rationale,
        rule.expected,
        rule.message.fail,
        rule.message.review,
        rule.wording.strip(),
        rule.safe_fix,
        {name: tuple(outcomes) for name, outcomes in rule.only_if.items()},
        describe_applies(rule.applies),
        ruleset.off.get(rule.id),
        tuple(_describe_basis(rule, n, ruleset) for n in range(len(rule.basis))),
    )


def _describe_basis(rule: Rule, number: int, ruleset: RuleSet) -> RuleBasisEntry:
    basis = rule.basis[number]
    source = ruleset.sources[basis.source]
    article = next(a for a in source.articles if a.id == basis.article)
    return RuleBasisEntry(
        basis.source,
        source.title,
        source.number,
        basis.article,
        basis.quote,
        basis.relation,
        source.source_status,
        article.article_status,
        source.in_force.isoformat(),
        source.repealed.isoformat() if source.repealed else None,
    )
