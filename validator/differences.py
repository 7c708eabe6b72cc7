"""Two rule sets → what packs change, as data; the command line says it in words or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from validator.result import PackUse
from validator.rule import Rule
from validator.ruleset import RuleSet

ChangeKind = Literal["added", "off", "severity", "text", "check", "basis", "applies", "waivable", "words"]
_TEXTS = ("title", "rationale", "expected", "stands_in", "message", "wording", "examples", "safe_fix")
_APPLIES = ("applies", "only_if", "reference_for")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that packs change. ``rule`` is empty for word lists; ``place`` is a key, or keys with points between.

    ``before`` and ``after`` are values as JSON; for lists of words they hold what went and what came.
    """

    kind: ChangeKind
    rule: str
    title: str
    place: str = ""
    before: Any = None
    after: Any = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What packs make of a rule set: versions, packs, and changes in the order of the checklist."""

    before: str
    after: str
    packs: tuple[PackUse, ...]
    changes: tuple[Change, ...]


def compare_rulesets(before: RuleSet, after: RuleSet) -> Difference:
    """Return what one rule set has otherwise than another one.

    Args:
        before: the rule set without packs.
        after: the same with packs.
    """
    return Difference(before.version, after.version, after.packs, tuple(_changes(before, after)))


def _changes(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    old = {r.id: r for r in before.rules}
    previous = ""
    for rule in after.rules:
        if rule.id not in old:
            where = f"{previous}之后" if previous else "最前"
            yield Change("added", rule.id, rule.title, after=rule.severity, reason=where)
        else:
            yield from _rule_changes(old[rule.id], rule)
        if rule.id in after.off and rule.id not in before.off:
            yield Change("off", rule.id, rule.title, before=rule.severity, reason=after.off[rule.id])
        previous = rule.id
    titles = {r.id: r.title for r in after.rules}
    for name in after.profile.not_waivable:
        if name not in before.profile.not_waivable:
            yield Change("waivable", name, titles.get(name, ""), before=True, after=False)
    lists = ((before.lexicon.words, after.lexicon.words), (before.titles.model_dump(), after.titles.model_dump()))
    for first, second in lists:
        for name, words in second.items():
            if first.get(name) != words:
                yield Change("words", "", name, "words", *_words(first.get(name, ()), words))


def _rule_changes(old: Rule, new: Rule) -> Iterator[Change]:
    if old.severity != new.severity:
        yield Change("severity", new.id, new.title, "severity", old.severity, new.severity)
    groups: tuple[tuple[ChangeKind, tuple[str, ...]], ...] = (
        ("text", _TEXTS),
        ("check", ("check",)),
        ("basis", ("basis",)),
        ("applies", _APPLIES),
    )
    for kind, keys in groups:
        for key in keys:
            first, second = _plain(getattr(old, key)), _plain(getattr(new, key))
            for place, gone, come in _leaves(first, second, key):
                yield Change(kind, new.id, new.title, place, gone, come)


def _plain(value: object) -> Any:
    return value.model_dump(mode="json", by_alias=True) if isinstance(value, BaseModel) else _listed(value)


def _listed(value: object) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value


def _leaves(first: Any, second: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield each place at which two values differ, and both; of lists of words only those that went and came."""
    if first == second:
        return
    if isinstance(first, dict) and isinstance(second, dict):
        for key in dict.fromkeys((*first, *second)):
            yield from _leaves(first.get(key), second.get(key), f"{place}.{key}")
    elif isinstance(first, list) and isinstance(second, list) and _are_words(first) and _are_words(second):
        yield place, *_words(first, second)
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for index, (one, other) in enumerate(zip(first, second, strict=True), 1):
            yield from _leaves(one, other, f"{place}.{index}")
    else:
        yield place, first, second


def _are_words(value: list[Any]) -> bool:
    return all(isinstance(w, str) for w in value)


def _words(first: Any, second: Any) -> tuple[list[str], list[str]]:
    return [w for w in first if w not in second], [w for w in second if w not in first]
