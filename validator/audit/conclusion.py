"""How a batch stands: the first lines that people read, and the exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from validator.audit.read import Audit, Table
from validator.audit.records import FileRow
from validator.errors import plain
from validator.exit_codes import EXIT_FAILED, EXIT_NOT_CHECKED, EXIT_OK
from validator.reporters.words import FILE_WORDS
from validator.result import Outcome

_ORDER: tuple[Outcome, ...] = ("pass", "fail", "review", "error")
_NAMED = 5
_SEEN: dict[Table, str] = {
    "double": "重复报送{}份。",
    "late": "逾期公开{}份。",
    "copy": "有雷同段落的报告{}对。",
    "echo": "与上年报告对照需复核{}处。",
}


def conclude(audit: Audit) -> Iterator[str]:
    """Yield the conclusion in plain sentences, the most important first."""
    counts: Counter[Outcome] = Counter()
    broken: list[FileRow] = []
    for file in audit.files():
        counts[file.decided] += 1
        if file.decided == "error" and len(broken) < _NAMED:
            broken.append(file)
    told = "，".join(f"{FILE_WORDS[o]}{counts[o]}份" for o in _ORDER if counts[o])
    yield f"审核{sum(counts.values())}份报告：{told}。"
    rules = {r.id: r for r in audit.rules()}
    failing: Counter[str] = Counter()
    for rate in audit.rates():
        if rate.outcome == "fail" and rules[rate.rule].severity == "error":
            failing[rate.rule] += rate.files
    for rule, files in failing.most_common(_NAMED):
        yield f"  {rule} {rules[rule].title}：{files}份不通过。"
    yield from _standing(audit)
    for file in broken:
        yield f"未能检查：{plain(file.path)}（{plain(file.error or '')}）"
    if counts["error"] > len(broken):
        yield f"未能检查的还有{counts['error'] - len(broken)}份，见结果。"


def _standing(audit: Audit) -> Iterator[str]:
    """Yield who has not submitted, and what only shows when reports are put side by side."""
    about = audit.about()
    missing = list(islice(audit.missing(), _NAMED + 1))
    if about.roster and about.due is None:
        yield "没有一份报告看得出年度，说不出谁没有报送。用 --due 写明年度再审核一次。"
    elif about.roster:
        count = audit.count("missing")
        names = "、".join(m.entry.organ for m in missing[:_NAMED])
        more = "等" if count > _NAMED else ""
        yield f"{about.due}年度未报送{count}家{f'：{names}{more}' if count else ''}。"
    for table, words in _SEEN.items():
        if count := audit.count(table):
            yield words.format(count)


def exit_code_of(audit: Audit, fail_on: str) -> int:
    """Return 2 when something could not be checked, 1 when something at or above ``fail_on`` fails, else 0.

    What reviewers decided counts as they decided it.
    """
    if not audit.count("file") or audit.count("file", "decided = 'error' OR decided IS NULL"):
        return EXIT_NOT_CHECKED
    if audit.count("outcome", "decided = 'error'"):
        return EXIT_NOT_CHECKED
    if fail_on == "never":
        return EXIT_OK
    failed = audit.count("file", "failed > 0") > 0
    if fail_on != "error":
        failed = failed or _warned(audit)
    if fail_on == "review":
        failed = failed or audit.count("file", "doubts > 0") > 0
    return EXIT_FAILED if failed else EXIT_OK


def _warned(audit: Audit) -> bool:
    warnings = [r.id for r in audit.rules() if r.severity == "warning"]
    return any(r.rule in warnings and r.outcome == "fail" for r in audit.rates())
