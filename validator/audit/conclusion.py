"""How a batch stands: the first lines that people read, and the exit code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice

from validator.audit.read import Audit
from validator.audit.records import About, CopyKind, FileRow, Missing
from validator.errors import plain
from validator.exit_codes import EXIT_FAILED, EXIT_NOT_CHECKED, EXIT_OK
from validator.reporters.words import FILE_WORDS
from validator.result import Outcome

_ORDER: tuple[Outcome, ...] = ("pass", "fail", "review", "error")
_NAMED = 5
_COPIES: dict[CopyKind, str] = {
    "organ": "不同单位之间{}对",
    "year": "与本单位上年{}份",
    "double": "同一单位的几份之间{}对",
}


def conclude(audit: Audit) -> Iterator[str]:
    """Yield the conclusion in plain sentences, the most important first."""
    about = audit.about()
    counts: dict[int | None, Counter[Outcome]] = defaultdict(Counter)
    broken: list[FileRow] = []
    for file in audit.files():
        counts[file.who.year][file.decided] += 1
        if file.decided == "error" and len(broken) < _NAMED:
            broken.append(file)
    yield _describe_years(counts, about.due, audit.count("missing") if about.roster else None, about.roster)
    rules = {r.id: r for r in audit.rules()}
    failing: Counter[str] = Counter()
    for rate in audit.rates():
        if rate.outcome == "fail" and rules[rate.rule].severity == "error":
            failing[rate.rule] += rate.files
    for rule, files in failing.most_common(_NAMED):
        yield f"  {rule} {rules[rule].title}：{files}份不通过。"
    here = sum(sum(counts[year].values()) for year in {about.due, None})
    yield from _name_missing(audit, about, here)
    yield from _describe_standing(audit)
    for file in broken:
        yield f"未能检查：{plain(file.path)}（{plain(file.error or '')}）"
    errors = sum(c["error"] for c in counts.values())
    if errors > len(broken):
        yield f"未能检查的还有{errors - len(broken)}份，见结果。"


def _describe_years(
    counts: Mapping[int | None, Counter[Outcome]], due: int | None, missing: int | None, roster: int | None
) -> str:
    """Return the first sentence: the reports of the due year, and how many others there are."""
    others = {year: c for year, c in counts.items() if year != due} if due is not None else {}
    total: Counter[Outcome] = Counter()
    for year, each in counts.items():
        if year not in others:
            total += each
    told = "，".join(f"{FILE_WORDS[o]}{total[o]}份" for o in _ORDER if total[o])
    submitted = f"应报送{roster}家，未报送{missing}家；" if roster and due is not None else ""
    start = f"{due}年度：{submitted}报告" if due is not None else "报告"
    more = [f"{y}年度{_sum(others[y])}份" for y in sorted((y for y in others if y is not None), reverse=True)]
    more += [f"年度不明的{_sum(others[None])}份"] if None in others and _sum(others[None]) else []
    apart = sum(c["not_applicable"] for c in counts.values())
    return (
        f"{start}{_sum(total)}份{f'：{told}' if told else ''}。"
        + (f"另有{'，'.join(more)}。" if more else "")
        + (f"另有{apart}份不像是报告（可能是附件），没有计入。" if apart else "")
    )


def _sum(counts: Counter[Outcome]) -> int:
    return sum(n for outcome, n in counts.items() if outcome != "not_applicable")


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


def _describe_standing(audit: Audit) -> Iterator[str]:
    """Yield what only shows when reports are put side by side."""
    doubles = [len(d.files) for d in audit.doubles()]
    if doubles:
        yield f"重复报送{len(doubles)}家（{sum(doubles)}份）。"
    if late := audit.count("late"):
        yield f"逾期公开{late}份。"
    kinds = [(words.format(n)) for kind, words in _COPIES.items() if (n := audit.count("copy", f"kind = '{kind}'"))]
    if kinds:
        yield f"有雷同段落：{'，'.join(kinds)}。"
    if echoes := audit.count("echo"):
        yield f"与上年报告对照，要复核{echoes}处。"


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
