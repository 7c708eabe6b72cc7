"""Words that the sheets of the workbook share: whose report it is, how it stands, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from validator.audit.decisions import VERB_WORDS
from validator.audit.records import Decision, FileRow, Identity, RuleInfo
from validator.audit.standing import NOT_COUNTED
from validator.reporters.words import FILE_WORDS, KIND_WORDS, LEVEL_WORDS, OUTCOME_MARKS, OUTCOME_WORDS
from validator.result import Outcome
from validator.spreadsheet import Styled

UNKNOWN = "单位不明"
_NO_GROUP = {"level": "层级不明", "region": "地区不明", "year": "年度不明"}


def name_organ(who: Identity) -> str:
    """Return the name of an organ."""
    return who.organ or UNKNOWN


def name_level(level: str | None) -> str | None:
    """Return a level in words; a roster may have words of its own."""
    return LEVEL_WORDS.get(level, KIND_WORDS.get(level, level)) if level else None


def name_group(kind: str, group: str | None) -> str:
    """Return a level, region or year as people call it."""
    if group is None:
        return _NO_GROUP[kind]
    return (name_level(group) or group) if kind == "level" else f"{group}年度" if kind == "year" else group


def name_file(outcome: Outcome) -> str:
    """Return the outcome of a file with its mark."""
    return f"{OUTCOME_MARKS[outcome]} {FILE_WORDS[outcome]}"


def judge(file: FileRow) -> Styled:
    """Return the outcome of a file with its mark and colour."""
    return Styled(NOT_COUNTED if file.attachment else name_file(file.decided), file.decided)


def name_rule(outcome: Outcome) -> str:
    """Return the outcome of a rule with its mark."""
    return f"{OUTCOME_MARKS[outcome]} {OUTCOME_WORDS[outcome]}"


def cite(file: FileRow) -> str:
    """Return whose report a file is, in a few words."""
    year = f"{file.who.year}年度" if file.who.year else ""
    return f"{file.who.organ}{year}" if file.who.organ else file.path


def describe_decision(decision: Decision) -> str:
    """Return who decided what, when and why."""
    word = VERB_WORDS[decision.verb]
    if decision.outcome is not None:
        word = f"{word}为{OUTCOME_WORDS[decision.outcome]}"
    reason = f"：{decision.reason}" if decision.reason else ""
    stale = "（所指的地方已不在）" if decision.stale else ""
    return f"{decision.reviewer} {decision.day} {word}{reason}{stale}"


def list_rules(ids: Iterable[str], rules: Mapping[str, RuleInfo]) -> str | None:
    """Return rules with their titles, one a line; ``None`` if there are none."""
    return "\n".join(f"{i} {rules[i].title}" for i in ids) or None
