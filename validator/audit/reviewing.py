"""Decisions of reviewers → the database: checked against what is there, kept or taken back, worked into outcomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from validator.audit.decisions import VERB_WORDS, Review, Target, drop_decisions, keep_decisions, settle
from validator.audit.read import Audit
from validator.audit.records import Decision
from validator.audit.store import Store
from validator.errors import OptionError

_SHOWN = 10
_NEAR = 3
_ALIKE = 75
"""Of a hundred."""
_WAITS = "{} 这份报告还没有检查完。"


class Kept(NamedTuple):
    """What became of a review.

    ``changed``: decisions that are new or changed; ``gone``: decisions about what is no longer there; ``withdrawn``:
    decisions taken back; ``never``: what should be taken back, but was never decided.
    """

    changed: int
    gone: int
    withdrawn: int
    never: int


def keep_reviewed(folder: Path, review: Review) -> Kept:
    """Keep decisions and take others back, all or none; those about what is no longer in a report are left out.

    Raises:
        OptionError: a report or a rule is not there, a report could not be checked, or a reason is missing.
    """
    with Store(folder) as store:
        there = [t for t in review.withdrawn if _is_decided(store.base, t)]
        never = sorted({*review.withdrawn}.difference(there))
        wrong = dict(_find_faults(store.base, review.decisions, never))
        if wrong:
            raise OptionError(_explain_faults(wrong, review.places))
        valid = [d for d in review.decisions if _is_there(store.base, d)]
        changed = [d for d in valid if not _is_known(store.base, d)]
        with store.transaction():
            keep_decisions(store.base, changed)
            drop_decisions(store.base, there)
            settle(store.base)
        store.tidy()
    return Kept(len(changed), len(review.decisions) - len(valid), len(there), len(never))


def explain_undecided(audit: Audit, target: Target) -> str:
    """Return why no decision can be taken back, with the decisions on the same rule that can."""
    about = "这一处" if target.fingerprint else "整条规则"
    said = f"{target.path} 的 {target.rule} 没有关于{about}的复核意见，没有可撤回的。"
    made = [d for d in audit.decisions() if (d.path, d.rule) == (target.path, target.rule)]
    there = (f"{VERB_WORDS[d.verb]}（{f'指纹 {d.fingerprint}' if d.fingerprint else '整条规则'}）" for d in made)
    return f"{said}这条规则已有的意见：{'、'.join(there)}。" if made else said


def find_near(wrong: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the paths that look most like one that is not there, the nearest first, three at most."""
    from rapidfuzz import process

    return tuple(path for path, _, _ in process.extract(wrong, paths, limit=_NEAR, score_cutoff=_ALIKE))


def explain_unknown(audit: Audit, wrong: str) -> str:
    """Return that a report waits still, or is not there, and which have names like it."""
    if audit.is_waiting(wrong):
        return _WAITS.format(wrong)
    near = find_near(wrong, (f.path for f in audit.files()))
    return f"审核结果里没有 {wrong}。" + (f"相近的有：{'、'.join(near)}。" if near else "")


def _find_faults(
    base: sqlite3.Connection, made: Iterable[Decision], withdrawn: Iterable[Target]
) -> Iterator[tuple[Target, str]]:
    """Yield what is wrong with decisions, and with what was never decided and should be taken back."""
    for decision in made:
        if fault := _find_fault(base, decision):
            yield Target(decision.path, decision.rule, decision.fingerprint), fault
    for target in withdrawn:
        if fault := _find_absence(base, target):
            yield target, fault


def _explain_faults(wrong: Mapping[Target, str], places: Mapping[Target, str]) -> str:
    """Return what is wrong in the order of the sheet, with the places in it, where there is one; ten at most."""
    if not places:
        return "".join(wrong.values())
    said = [f"{place}：{wrong[target]}" for target, place in places.items() if target in wrong]
    more = f"还有{len(said) - _SHOWN}行有错。" if len(said) > _SHOWN else ""
    return f"表里有错，一行也没有导入。{''.join(said[:_SHOWN])}{more}"


def _find_fault(base: sqlite3.Connection, made: Decision) -> str | None:
    """Return what is wrong with a decision, in a plain sentence."""
    if made.verb != "confirm" and not made.reason:
        return f"{made.path} 的 {made.rule}：驳回和改判要写理由。"
    if (made.verb == "override") != (made.outcome is not None):
        return f"{made.path} 的 {made.rule}：改判要写改判为什么，别的处理不写。"
    absence = _find_absence(base, Target(made.path, made.rule, made.fingerprint))
    if absence is None and _is_unread(base, made.path) and not _is_known(base, made):
        return f"{made.path} 这份报告没有能检查，不能复核；请先取得能打开的文件。"
    return absence


def _find_absence(base: sqlite3.Connection, target: Target) -> str | None:
    """Return which report or rule is not there, in a plain sentence."""
    row = base.execute("SELECT id, outcome FROM file WHERE path = ?", (target.path,)).fetchone()
    if row is None:
        return f"审核结果里没有 {target.path}。"
    if row[1] is None:
        return _WAITS.format(target.path)
    if not base.execute("SELECT 1 FROM outcome WHERE file = ? AND rule = ?", (row[0], target.rule)).fetchone():
        return f"{target.path} 没有查过规则 {target.rule}。"
    return None


def _is_unread(base: sqlite3.Connection, path: str) -> bool:
    """Tell whether a file could not be read: no rule came to anything. The sheet offers nothing of it either."""
    query = (
        "SELECT 1 FROM file f WHERE f.path = ? AND f.outcome = 'error'"
        " AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.file = f.id AND o.outcome != 'error')"
    )
    return base.execute(query, (path,)).fetchone() is not None


def _is_there(base: sqlite3.Connection, made: Decision) -> bool:
    """Tell whether the finding that a decision is about is still in the report."""
    query = "SELECT 1 FROM finding n JOIN file f ON f.id = n.file WHERE f.path = ? AND n.rule = ? AND n.fingerprint = ?"
    return not made.fingerprint or bool(base.execute(query, (made.path, made.rule, made.fingerprint)).fetchone())


def _is_known(base: sqlite3.Connection, made: Decision) -> bool:
    """Tell whether the same was decided already."""
    query = "SELECT verb, outcome, reason, reviewer FROM decision WHERE path = ? AND rule = ? AND fingerprint = ?"
    row = base.execute(query, (made.path, made.rule, made.fingerprint)).fetchone()
    return bool(row == (made.verb, made.outcome, made.reason, made.reviewer))


def _is_decided(base: sqlite3.Connection, target: Target) -> bool:
    """Tell whether there is a decision about just this, also one about what is no longer in the report."""
    query = "SELECT 1 FROM decision WHERE path = ? AND rule = ? AND fingerprint = ?"
    return base.execute(query, target).fetchone() is not None
