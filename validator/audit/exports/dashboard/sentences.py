"""What was counted → the sentences of the dashboard beside the first ones: who is due, and how it was checked."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from validator.audit.exports.dashboard.tally import Tally
from validator.audit.read import Audit
from validator.audit.records import About
from validator.audit.standing import name_ruleset
from validator.reporters.words import FILE_WORDS, describe_pipeline
from validator.result import Outcome, Tool, build_run

SHORT_WORDS: dict[Outcome, str] = {**FILE_WORDS, "review": "需复核"}


class Due(NamedTuple):
    """Who must submit in a year, and how many did."""

    year: int
    due: int
    submitted: int
    missing: int


def list_due(audit: Audit, tally: Tally) -> tuple[Due, ...]:
    """Return who must submit in each year that misses a report, and in the year of the conclusion; newest first."""
    roster = audit.roster()
    if not roster:
        return ()
    missing = Counter(m.year for m in audit.missing())
    years = {*missing, *([tally.focus] if tally.focus is not None else [])}
    found = []
    for year in sorted(years, reverse=True):
        must = sum(1 for e in roster if not e.years or year in e.years)
        found.append(Due(year, must, must - missing[year], missing[year]))
    return tuple(found)


def describe_check(about: About, rules: int, checked: int) -> tuple[str, ...]:
    """Return how it was checked, in sentences.

    Args:
        about: what the audit was made with.
        rules: the number of rules.
        checked: the number of files that could be checked.
    """
    tool = Tool("fazhi", about.tool_version, about.pipeline)
    run = build_run(tool, about.ruleset, (), rules)
    return (
        f"用{rules}条规则检查了{about.files}份文件中的{checked}份。",
        f"来源 {about.source}，方案 {about.profile}。",
        describe_pipeline(run),
        f"程序 {tool.name} {tool.version}，{name_ruleset(about)}。",
        "本页不向任何地方发送或请求数据，可以离线打开。",
    )
