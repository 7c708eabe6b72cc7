"""The result of a file + the reviewer's decisions → what stands: the step between ``read`` and the letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from validator.audit.records import Decision, RuleOutcome
from validator.result import FileResult, Finding, Outcome, RuleResult, Severity

Ground = Literal["content", "duty", "other"]
"""Why a rule is asked: the report must contain it, it is a duty that the report leaves out, or anything else."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A rule after decisions: its outcome, and the findings that nobody dismissed.

    ``decision`` is the one about the rule as a whole.
    """

    rule: RuleResult
    outcome: Outcome
    findings: tuple[Finding, ...]
    decision: Decision | None

    @property
    def name(self) -> str:
        """The title of the rule, with its id."""
        return f"{self.rule.title}（{self.rule.id}）"

    @property
    def ground(self) -> Ground:
        """What the clauses say to what is missing; what stands in the report and is wrong is always ``other``."""
        missing = bool(self.findings) and all(f.location is None and f.expected for f in self.findings)
        relations = {b.relation for b in self.rule.basis}
        if not missing:
            return "other"
        return "content" if "content" in relations else "duty" if "duty" in relations else "other"


def settle(
    result: FileResult, outcomes: Mapping[str, RuleOutcome], decisions: Iterable[Decision]
) -> tuple[Settled, ...]:
    """Return the rules of a file after decisions, in the order of the checklist.

    Args:
        result: as the tool gave it.
        outcomes: of the same file, by rule.
        decisions: on this file only.
    """
    by_place = {(d.rule, d.fingerprint): d for d in decisions}
    return tuple(_settle(rule, outcomes.get(rule.id), by_place) for rule in result.rules)


def choose(rules: Iterable[Settled], outcome: Outcome, *severities: Severity) -> list[Settled]:
    """Return the rules with an outcome after decisions, of some severities or (none given) of all."""
    return [s for s in rules if s.outcome == outcome and (not severities or s.rule.severity in severities)]


def _settle(rule: RuleResult, outcome: RuleOutcome | None, decisions: Mapping[tuple[str, str], Decision]) -> Settled:
    findings = (_decide(f, decisions.get((rule.id, f.fingerprint))) for f in rule.findings)
    open_ = tuple(f for f in findings if f.outcome in ("fail", "review"))
    decided = outcome.decided if outcome is not None else rule.outcome
    return Settled(rule, decided, open_, decisions.get((rule.id, "")))


def _decide(finding: Finding, decision: Decision | None) -> Finding:
    """Return a finding with the outcome that a reviewer gave it; what was dismissed passes."""
    if decision is None or decision.verb == "confirm":
        return finding
    if decision.verb == "dismiss":
        return replace(finding, outcome="pass")
    return replace(finding, outcome=decision.outcome or finding.outcome)
