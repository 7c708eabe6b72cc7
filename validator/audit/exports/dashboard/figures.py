"""Counts → the tables and bars of the dashboard: rules, years, levels, regions, and rules by group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from validator.audit.exports.dashboard.charts import Segment, percent, share, stack
from validator.audit.exports.dashboard.tally import Counts
from validator.audit.read import Rate
from validator.audit.records import RuleInfo
from validator.reporters.words import SEVERITIES, SEVERITY_WORDS
from validator.result import Outcome, Severity

COUNTED: tuple[Outcome, ...] = ("pass", "fail", "review")
"""The outcomes of a rule that its rate is a part of: where it applied and could be checked."""
_STEPS = 5
_Key = TypeVar("_Key", str, str | None)


class RuleRow(NamedTuple):
    """How often a rule fails. ``number`` is its place in the checklist, ``applied`` what its rate is a part of."""

    number: int
    id: str
    title: str
    severity: Severity
    failed: int
    doubtful: int
    applied: int
    rate: str
    segments: tuple[Segment, ...]


class Group(NamedTuple):
    """The reports of a year, level or region. ``value`` is what the script filters by."""

    name: str
    value: str
    total: int
    counts: Counts
    rate: str
    segments: tuple[Segment, ...]


class Cell(NamedTuple):
    """A rate in a table that is shaded by it: ``step`` 0 is nothing, 5 the most."""

    rate: str
    said: str
    step: int


class RateTable(NamedTuple):
    """The rates of rules for some groups: names of the columns, and a row for each rule."""

    columns: tuple[str, ...]
    rows: tuple[tuple[RuleInfo, tuple[Cell, ...]], ...]


def list_rates(rules: Sequence[RuleInfo], rates: Iterable[Rate]) -> tuple[tuple[str, tuple[RuleRow, ...]], ...]:
    """Return the rules by severity, the mandatory first, of each those that fail most often first."""
    counts: dict[str, Counts] = {}
    for rate in rates:
        counts.setdefault(rate.rule, Counts())[rate.outcome] += rate.files
    rows = [_rule_row(i, rule, counts.get(rule.id, Counts())) for i, rule in enumerate(rules)]
    rows.sort(key=lambda r: (SEVERITIES.index(r.severity), -(r.failed / r.applied if r.applied else 0), r.number))
    return tuple((SEVERITY_WORDS[s], tuple(found)) for s, found in groupby(rows, key=lambda r: r.severity))


def group(name: str, value: str, counts: Counts) -> Group:
    """Return the reports of a year, level or region."""
    total = counts.total()
    return Group(name, value, total, counts, share(counts["fail"], total), stack(counts))


def cross(
    rules: Iterable[RuleInfo], rates: Iterable[Rate], keys: Sequence[_Key], name: Callable[[_Key], str]
) -> RateTable | None:
    """Return how often rules fail in groups; rules that never fail are left out, ``None``: none fails.

    Args:
        rules: the rules of the rows.
        rates: how often each had each outcome in each group.
        keys: the groups of the columns.
        name: returns the head of a column.
    """
    counts: dict[tuple[str, str | None], Counts] = {}
    for rate in rates:
        counts.setdefault((rate.rule, rate.group), Counts())[rate.outcome] += rate.files
    rows = []
    for rule in rules:
        cells = tuple(_cell(counts.get((rule.id, key), Counts())) for key in keys)
        if any(c.step for c in cells):
            rows.append((rule, cells))
    return RateTable(tuple(name(k) for k in keys), tuple(rows)) if rows else None


def _rule_row(number: int, rule: RuleInfo, counts: Counts) -> RuleRow:
    applied = sum(counts[o] for o in COUNTED)
    failed, doubtful = counts["fail"], counts["review"]
    segments = (
        Segment("fail", "0%", percent(failed, applied)),
        Segment("review", percent(failed, applied), percent(doubtful, applied)),
    )
    shown = tuple(s for s in segments if s.width != "0%")
    rate = share(failed, applied)
    return RuleRow(number, rule.id, rule.title, rule.severity, failed, doubtful, applied, rate, shown)


def _cell(counts: Mapping[Outcome, int]) -> Cell:
    applied = sum(counts.get(o, 0) for o in COUNTED)
    failed = counts.get("fail", 0)
    step = min(_STEPS, 1 + _STEPS * failed // applied) if failed else 0
    return Cell(share(failed, applied), f"{failed}/{applied}", step)
