"""A run beside its baseline: what is new, what was known, what is resolved."""

from __future__ import annotations

from collections.abc import Iterator

from validator.errors import plain
from validator.reporters.words import (
    OUTCOME_WORDS,
    SEVERITY_WORDS,
    describe_coverage,
    describe_place,
    describe_resolved,
)
from validator.result import FileResult, Finding, RuleResult, RunResult


def compare_with_baseline(result: RunResult, *, verbose: bool = False) -> Iterator[str]:
    """Yield the lines of the comparison; ``verbose`` names the known findings too."""
    new = [f for f in _all(result) if not f[2].known]
    known = [f for f in _all(result) if f[2].known]
    resolved = result.baseline.resolved if result.baseline else ()
    count = sum(k.count for k in resolved)
    yield f"新的{len(new)}处，基线中已有的{len(known)}处，已经解决的{count}处。"
    for file in result.files:
        for error in file.errors:
            yield f"! 未能检查  {plain(file.path)}：{plain(error)}"
    yield from _block("新的：", new)
    if verbose:
        yield from _block("已有的：", known)
    elif known:
        yield "加 --verbose 列出已有的。"
    if resolved:
        yield "已经解决的（用 fazhi baseline write 更新基线）："
        yield from (f"  {plain(describe_resolved(k))}" for k in resolved)
    yield describe_coverage(result)


def _all(result: RunResult) -> list[tuple[FileResult, RuleResult, Finding]]:
    """Return every finding that counts or would count without the baseline."""
    return [
        (file, rule, finding)
        for file in result.files
        if not file.errors
        for rule in file.rules
        if rule.outcome in ("fail", "review") and rule.waiver is None
        for finding in rule.findings
    ]


def _block(title: str, found: list[tuple[FileResult, RuleResult, Finding]]) -> Iterator[str]:
    if found:
        yield title
    for file, rule, finding in found:
        place = describe_place(finding)
        kind = f"{SEVERITY_WORDS[rule.severity]}{OUTCOME_WORDS[finding.outcome]}"
        yield plain(f"  {file.path}：{rule.id} {kind}，{finding.message}{f'（{place}）' if place else ''}")
