"""A report before and after it was corrected: what was resolved, what is new, what remains."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from validator.result import FileResult, Finding, Outcome, RuleResult, Severity


@dataclass(frozen=True, slots=True)
class Change:
    """A finding, and the rule that it belongs to."""

    rule: str
    title: str
    severity: Severity
    outcome: Outcome
    message: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the findings. Where several are alike, only how many there are is compared."""

    resolved: tuple[Change, ...]
    new: tuple[Change, ...]
    remaining: tuple[Change, ...]


def compare(before: FileResult, after: FileResult) -> Comparison | None:
    """Return what changed between two versions of a report, or nothing where one of them could not be checked.

    A finding is the same when rule and fingerprint are: the fingerprint survives moved lines and new heading numbers.
    """
    if before.errors or after.errors:
        return None
    old, new = _findings(before), _findings(after)
    left = Counter(key for key, _ in old)
    remaining, added = [], []
    for key, change in new:
        if left[key]:
            left[key] -= 1
            remaining.append(change)
        else:
            added.append(change)
    resolved = []
    for key, change in reversed(old):
        if left[key]:
            left[key] -= 1
            resolved.append(change)
    return Comparison(tuple(reversed(resolved)), tuple(added), tuple(remaining))


_Key = tuple[str, str]


def _findings(file: FileResult) -> list[tuple[_Key, Change]]:
    return [
        ((rule.id, finding.fingerprint), _change(rule, finding))
        for rule in file.rules
        if rule.outcome in ("fail", "review")
        for finding in rule.findings
        if finding.outcome in ("fail", "review")
    ]


def _change(rule: RuleResult, finding: Finding) -> Change:
    return Change(rule.id, rule.title, rule.severity, finding.outcome, finding.message)
