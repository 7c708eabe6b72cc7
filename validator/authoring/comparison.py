"""Two rule sets over a corpus → what changed: for every rule how many files went from which outcome to which."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from validator.engine import build_engine
from validator.options import DEFAULT_LIMITS, CheckOptions, Limits
from validator.result import FileResult, Outcome
from validator.ruleset import RuleSet
from validator.runner import Checker
from validator.sources import Source

OUTCOMES: tuple[Outcome, ...] = ("pass", "review", "fail", "not_applicable", "error")


@dataclass(frozen=True, slots=True)
class Change:
    """Files whose outcome of a rule went the same way. ``None``: the rule is not in that rule set."""

    before: Outcome | None
    after: Outcome | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What changed for one rule, in the order of outcomes. ``state`` says in which of the rule sets it is."""

    id: str
    title: str
    state: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two rule sets say of the same files. ``unread`` are files that could not be checked, with why."""

    before: tuple[str, str]
    after: tuple[str, str]
    files: int
    unread: Mapping[str, str]
    conclusions: tuple[Change, ...]
    rules: tuple[RuleChange, ...]


def compare_outcomes(
    before: RuleSet,
    after: RuleSet,
    sources: Sequence[Source],
    *,
    options: CheckOptions | None = None,
    limits: Limits = DEFAULT_LIMITS,
    on_file: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Check every file with both rule sets and return what differs.

    Args:
        before: the older rules.
        after: the newer rules.
        sources: the corpus.
        options: what is stated of every file (the reporting year, say).
        limits: how much of a file is read.
        on_file: is told the path of each file that is done.
    """
    stated = options or CheckOptions()
    pairs = []
    with (
        Checker(build_engine(before, stated), limits) as old,
        Checker(build_engine(after, stated), limits) as new,
    ):
        for source in sources:
            pairs.append((old.check(source), new.check(source)))
            on_file(source.path)
    unread = {new.path: (*new.errors, *old.errors)[0] for old, new in pairs if new.errors or old.errors}
    read = [pair for pair in pairs if pair[1].path not in unread]
    return Comparison(
        (before.version, before.digest),
        (after.version, after.digest),
        len(pairs),
        unread,
        _changes((a.path, b.outcome, a.outcome) for b, a in read),
        tuple(_compare_rules(before, after, read)),
    )


def _compare_rules(
    before: RuleSet, after: RuleSet, pairs: Sequence[tuple[FileResult, FileResult]]
) -> Iterable[RuleChange]:
    olds, news = ({r.id: r.title for r in rules.rules} for rules in (before, after))
    found: list[tuple[str, dict[str, Outcome], dict[str, Outcome]]] = [
        (new.path, {r.id: r.outcome for r in old.rules}, {r.id: r.outcome for r in new.rules}) for old, new in pairs
    ]
    for rule_id in (*news, *(i for i in olds if i not in news)):
        changes = _changes((path, old.get(rule_id), new.get(rule_id)) for path, old, new in found)
        state = "both" if rule_id in olds and rule_id in news else "added" if rule_id in news else "removed"
        if changes or state != "both":
            yield RuleChange(rule_id, news.get(rule_id) or olds[rule_id], state, changes)


def _changes(outcomes: Iterable[tuple[str, Outcome | None, Outcome | None]]) -> tuple[Change, ...]:
    grouped: dict[tuple[Outcome | None, Outcome | None], list[str]] = {}
    for path, before, after in outcomes:
        if before != after:
            grouped.setdefault((before, after), []).append(path)
    return tuple(Change(b, a, tuple(grouped[b, a])) for b, a in sorted(grouped, key=_rank))


def _rank(way: tuple[Outcome | None, Outcome | None]) -> tuple[int, int]:
    before, after = way
    return (
        -1 if before is None else OUTCOMES.index(before),
        -1 if after is None else OUTCOMES.index(after),
    )


def render_json(comparison: Comparison) -> str:
    """Return a comparison for other programs: the same rules and files give the same bytes."""
    data = {
        "format_version": "1",
        "before": _ruleset(comparison.before),
        "after": _ruleset(comparison.after),
        "files": comparison.files,
        "unread": [{"path": path, "error": why} for path, why in comparison.unread.items()],
        "conclusions": [_change(c) for c in comparison.conclusions],
        "rules": [
            {"id": r.id, "title": r.title, "state": r.state, "changes": [_change(c) for c in r.changes]}
            for r in comparison.rules
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _ruleset(named: tuple[str, str]) -> dict[str, str]:
    return {"version": named[0], "digest": named[1]}


def _change(change: Change) -> dict[str, Any]:
    return {"before": change.before, "after": change.after, "count": len(change.files), "files": list(change.files)}
