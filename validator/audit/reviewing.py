"""Decisions of reviewers → the database: checked against what is there, kept, and worked into every outcome."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from validator.audit.decisions import keep_decisions, settle
from validator.audit.records import Decision
from validator.audit.store import Store
from validator.errors import OptionError

_SHOWN = 10


class Kept(NamedTuple):
    """What became of decisions: how many are new or changed, and how many are about what is no longer there."""

    changed: int
    gone: int


def keep_reviewed(folder: Path, decisions: Iterable[Decision]) -> Kept:
    """Keep decisions, all or none; those about what is no longer in a report are left out.

    Raises:
        OptionError: a report or a rule is not there, or a reason is missing.
    """
    made = tuple(decisions)
    with Store(folder) as store:
        wrong = [said for d in made if (said := _find_fault(store.base, d))]
        if wrong:
            more = f"\n还有{len(wrong) - _SHOWN}处。" if len(wrong) > _SHOWN else ""
            raise OptionError("没有读入：\n" + "\n".join(wrong[:_SHOWN]) + more)
        there = [d for d in made if _is_there(store.base, d)]
        changed = [d for d in there if not _is_known(store.base, d)]
        with store.transaction():
            keep_decisions(store.base, changed)
            settle(store.base)
        store.tidy()
    return Kept(len(changed), len(made) - len(there))


def _find_fault(base: sqlite3.Connection, made: Decision) -> str | None:
    """Return what is wrong with a decision, in a plain sentence."""
    if made.verb != "confirm" and not made.reason:
        return f"{made.path} 的 {made.rule}：驳回和改判要写理由。"
    if (made.verb == "override") != (made.outcome is not None):
        return f"{made.path} 的 {made.rule}：改判要写改判为什么，别的处理不写。"
    row = base.execute("SELECT id FROM file WHERE path = ?", (made.path,)).fetchone()
    if row is None:
        return f"审核结果里没有 {made.path}。"
    if not base.execute("SELECT 1 FROM outcome WHERE file = ? AND rule = ?", (row[0], made.rule)).fetchone():
        return f"{made.path} 没有查过规则 {made.rule}。"
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
