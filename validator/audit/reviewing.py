"""Decisions of reviewers → the database: checked against what is there, kept or taken back, worked into outcomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
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
        OptionError: a report or a rule is not there, or a reason is missing.
    """
    with Store(folder) as store:
        there = [t for t in review.withdrawn if _is_decided(store.base, t)]
        never = [t for t in review.withdrawn if t not in there]
        faults = (_find_fault(store.base, d) for d in review.decisions)
        wrong = [said for said in (*faults, *(_find_absence(store.base, t) for t in never)) if said]
        if wrong:
            more = f"\n还有{len(wrong) - _SHOWN}处。" if len(wrong) > _SHOWN else ""
            raise OptionError("没有读入：\n" + "\n".join(wrong[:_SHOWN]) + more)
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


def explain_unknown(wrong: str, paths: Iterable[str]) -> str:
    """Return that a report is not there, and which have names like it."""
    near = find_near(wrong, paths)
    return f"审核结果里没有 {wrong}。" + (f"相近的有：{'、'.join(near)}。" if near else "")


def _find_fault(base: sqlite3.Connection, made: Decision) -> str | None:
    """Return what is wrong with a decision, in a plain sentence."""
    if made.verb != "confirm" and not made.reason:
        return f"{made.path} 的 {made.rule}：驳回和改判要写理由。"
    if (made.verb == "override") != (made.outcome is not None):
        return f"{made.path} 的 {made.rule}：改判要写改判为什么，别的处理不写。"
    return _find_absence(base, Target(made.path, made.rule, made.fingerprint))


def _find_absence(base: sqlite3.Connection, target: Target) -> str | None:
    """Return which report or rule is not there, in a plain sentence."""
    row = base.execute("SELECT id FROM file WHERE path = ?", (target.path,)).fetchone()
    if row is None:
        return f"审核结果里没有 {target.path}。"
    if not base.execute("SELECT 1 FROM outcome WHERE file = ? AND rule = ?", (row[0], target.rule)).fetchone():
        return f"{target.path} 没有查过规则 {target.rule}。"
    return None


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
