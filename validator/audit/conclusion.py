"""How a batch stands: the first lines that people read, and the exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from validator.audit.read import Audit
from validator.audit.records import About, FileRow, Missing
from validator.audit.standing import Files, find_standing, say_beside, say_standing
from validator.errors import plain
from validator.exit_codes import EXIT_FAILED, EXIT_NOT_CHECKED, EXIT_OK

_NAMED = 5


def conclude(audit: Audit) -> Iterator[str]:
    """Yield the conclusion in plain sentences, the most important first; the first is that of every output."""
    about = audit.about()
    counted = Files(about.due)
    broken: list[FileRow] = []
    errors = 0
    for file in audit.files():
        counted.add(file)
        if file.decided == "error":
            errors += 1
            broken += [file] if errors <= _NAMED else []
    standing = find_standing(audit, counted)
    yield say_standing(standing)
    rules = {r.id: r for r in audit.rules()}
    failing: Counter[str] = Counter()
    for rate in audit.rates(year=about.due):
        if rate.outcome == "fail" and rules[rate.rule].severity == "error":
            failing[rate.rule] += rate.files
    for rule, files in failing.most_common(_NAMED):
        yield f"  {rule} {rules[rule].title}：{files}份不通过。"
    yield from _name_missing(audit, about, counted.counts.total() + counted.others[None])
    yield from say_beside(standing)
    for file in broken:
        yield f"未能检查：{plain(file.path)}（{plain(file.error or '')}）"
    if errors > len(broken):
        yield f"未能检查的还有{errors - len(broken)}份，见结果。"


def _name_missing(audit: Audit, about: About, here: int) -> Iterator[str]:
    """Yield who has not submitted, with the region, so that nobody of the same name is blamed."""
    if not about.roster:
        return
    if about.due is None:
        yield "没有一份报告看得出年度，说不出谁没有报送。用 --due 写明年度再审核一次。"
    elif not here:
        yield f"没有一份{about.due}年度的报告，请核对年度（--due）。"
    elif count := audit.count("missing"):
        names = [_name(m) for m in islice(audit.missing(), _NAMED)]
        yield f"未报送：{'、'.join(names)}{'等' if count > _NAMED else ''}。"


def _name(missing: Missing) -> str:
    entry = missing.entry
    inside = [
        i for i in (entry.region if entry.region and entry.region not in entry.organ else None, missing.hint) if i
    ]
    return plain(entry.organ + (f"（{'，'.join(i.rstrip('。') for i in inside)}）" if inside else ""))


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
