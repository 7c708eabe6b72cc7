"""What was counted → the sentences of the dashboard: its conclusion, what goes with it, and how it was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from validator.audit.exports.dashboard.charts import STACKED
from validator.audit.exports.dashboard.tally import Tally
from validator.audit.read import Audit
from validator.audit.records import About
from validator.reporters.words import FILE_WORDS, describe_pipeline
from validator.result import Outcome, RuleSetId, Tool, build_run

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


def conclude(tally: Tally, due: Iterable[Due]) -> str:
    """Return the conclusion sentence of an audit."""
    known = next((d for d in due if d.year == tally.focus), None)
    count = sum(tally.counts.values())
    if known is not None:
        said = f"{tally.focus}年度：应报送{known.due}家，已报送{known.submitted}家；报告{count}份"
    elif tally.focus is not None:
        said = f"{tally.focus}年度：收到报告{count}份"
    else:
        years = "、".join(f"{y}" for y in sorted(tally.by_year))
        said = f"收到报告{count}份（{years}年度）" if years else f"收到报告{count}份"
    found = [f"{SHORT_WORDS[o]}{tally.counts[o]}份" for o in STACKED if tally.counts[o]]
    return f"{said}，其中{'，'.join(found)}。" if found else f"{said}。"


def add_to_conclusion(tally: Tally, due: Iterable[Due], counts: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """Return what the conclusion leaves out, in sentences.

    Args:
        tally: the files, counted.
        due: who must submit.
        counts: how many there are of something, and the sentence for it with ``{}`` in place of the number.
    """
    said = [f"{d.year}年度还有{d.missing}家没有报送。" for d in due if d.year == tally.focus and d.missing]
    undated = sum(tally.undated.values())
    if undated:
        broken = tally.undated["error"]
        told = f"（其中{broken}份未能检查）" if broken else ""
        said.append(f"另有{undated}份报告不知道是哪一年度的{told}，没有计入上面的数。")
    other = tally.files - sum(tally.counts.values()) - undated
    if other:
        said.append(f"另有{other}份其他年度的报告，用来比较。")
    return (*said, *(sentence.format(count) for count, sentence in counts if count))


def describe_check(about: About, rules: int, checked: int) -> tuple[str, ...]:
    """Return how it was checked, in sentences.

    Args:
        about: what the audit was made with.
        rules: the number of rules.
        checked: the number of files that could be checked.
    """
    tool = Tool("fazhi", about.tool_version, about.pipeline)
    run = build_run(tool, RuleSetId(about.ruleset_version, about.ruleset_digest), (), rules)
    return (
        f"用{rules}条规则检查了{about.files}份文件中的{checked}份。",
        f"来源 {about.source}，方案 {about.profile}。",
        describe_pipeline(run),
        f"程序 {tool.name} {tool.version}，规则集 {about.ruleset_version}（{about.ruleset_digest}）。",
        "本页不向任何地方发送或请求数据，可以离线打开。",
    )
