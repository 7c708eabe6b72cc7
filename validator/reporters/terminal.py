"""The terminal report: first the conclusion, then what is missing, where it belongs, the basis, what to write."""

from __future__ import annotations

from typing import IO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from validator.reporters.console import open_console, print_text, visible, wrap
from validator.reporters.words import (
    OUTCOME_MARKS,
    OUTCOME_WORDS,
    READ_BY_OCR,
    SEVERITIES,
    SEVERITY_WORDS,
    accepted,
    conclude_file,
    conclude_run,
    describe_acceptance,
    describe_accepted,
    describe_basis,
    describe_coverage,
    describe_facts,
    describe_packs,
    describe_pair,
    describe_pipeline,
    describe_place,
    name_outcome,
    needs_attention,
    open_findings,
    place_line,
)
from validator.result import Candidate, FileResult, Finding, Outcome, RuleResult, RunResult

_COLOURS: dict[Outcome, str] = {
    "pass": "green",
    "fail": "red",
    "review": "yellow",
    "not_applicable": "dim",
    "error": "magenta",
}


def render_terminal(result: RunResult, stream: IO[str], *, verbose: bool = False, quiet: bool = False) -> None:
    """Print a run. ``quiet``: conclusions only; ``verbose``: also evidence, reasons and every clause."""
    console = open_console(stream)
    if len(result.files) > 1:
        console.print(Text(conclude_run(result), style="bold"))
        _print_list(console, result)
    if not quiet:
        for file in result.files:
            console.print()
            _print_file(console, file, verbose=verbose, single=len(result.files) == 1)
    elif len(result.files) == 1:
        _print_list(console, result)
    console.print()
    for line in describe_acceptance(result):
        print_text(console, Text(line), len(line) - len(line.lstrip()))
    console.print(Text(describe_coverage(result), style="dim"))
    console.print(Text(describe_pipeline(result), style="dim"))
    for line in describe_packs(result.ruleset):
        console.print(Text(line, style="dim"))


def _print_list(console: Console, result: RunResult) -> None:
    """One line a file: mark, outcome, name; the conclusion below it."""
    for file in result.files:
        line = _headline(file)
        line.append(f"  {file.path}")
        print_text(console, line, 0)
        print_text(console, Text(conclude_file(file), style="dim"), 4)


def _headline(file: FileResult) -> Text:
    return Text(f"{OUTCOME_MARKS[file.outcome]} {name_outcome(file)}", style=f"bold {_COLOURS[file.outcome]}")


def _print_file(console: Console, file: FileResult, *, verbose: bool, single: bool) -> None:
    line = _headline(file)
    line.append(f"  {file.path}", style="bold")
    print_text(console, line, 0)
    print_text(console, Text(conclude_file(file)), 2)
    if file.facts is not None:
        print_text(console, Text(describe_facts(file.facts), style="dim"), 2)
    if file.reading == "ocr":
        print_text(console, Text(READ_BY_OCR, style="bold"), 2)
    for error in file.errors[1:]:
        print_text(console, Text(error), 2)
    if file.errors and file.facts is None:
        return
    for severity in SEVERITIES:
        rules = needs_attention(file, severity)
        if file.errors:
            rules = [r for r in rules if r.outcome != "error"]
        if rules:
            console.print()
            print_text(console, Text(f"【{SEVERITY_WORDS[severity]}】", style="bold"), 2)
        for rule in rules:
            _print_rule(console, rule, verbose=verbose)
    _print_accepted(console, file, verbose=verbose)
    _print_rest(console, file, verbose=verbose, single=single)


def _print_accepted(console: Console, file: FileResult, *, verbose: bool) -> None:
    """What failed or needs review without effect: waived, or in the baseline."""
    rules = accepted(file)
    if rules:
        console.print()
        print_text(console, Text("【不计入结论】", style="bold"), 2)
    for rule in rules:
        if verbose:
            _print_rule(console, rule, verbose=True)
        else:
            mark = f"{OUTCOME_MARKS[rule.outcome]} {OUTCOME_WORDS[rule.outcome]}"
            print_text(console, Text(f"{mark} {rule.id} {rule.title}"), 2)
        print_text(console, Text(describe_accepted(rule)), 6)


def _print_rule(console: Console, rule: RuleResult, *, verbose: bool) -> None:
    line = Text(f"{OUTCOME_MARKS[rule.outcome]} {OUTCOME_WORDS[rule.outcome]} ", style=_COLOURS[rule.outcome])
    line.append(f"{rule.id} {rule.title}", style="bold")
    print_text(console, line, 2)
    if rule.reason:
        print_text(console, Text(rule.reason), 6)
    findings = rule.findings if verbose else open_findings(rule)
    shown = findings if verbose else findings[:5]
    for finding in shown:
        _print_finding(console, finding, verbose=verbose)
    if len(shown) < len(findings):
        print_text(console, Text(f"还有{len(findings) - len(shown)}处，加 --verbose 查看。", style="dim"), 6)
    for pair in rule.pairs:
        _field(console, "对应", describe_pair(pair))
    for basis in rule.basis if verbose else rule.basis[:1]:
        _field(console, "依据", describe_basis(basis))
    wording = next((f.suggestion for f in rule.findings if f.suggestion), None)
    if wording and len({f.suggestion for f in rule.findings}) == 1:
        _field(console, "可以这样写", wording)


def _print_finding(console: Console, finding: Finding, *, verbose: bool) -> None:
    print_text(console, Text(f"{finding.message}（已在基线中）" if finding.known else finding.message), 6)
    place = describe_place(finding)
    if place:
        _field(console, "在", place)
    if finding.excerpt and finding.excerpt not in finding.message:
        _field(console, "原文", finding.excerpt)
    if finding.location is None and finding.expected:
        _field(console, "应写在", finding.expected)
    if finding.sought and verbose:
        _field(console, "要找的", finding.sought)
    for candidate in finding.candidates if verbose else finding.candidates[:2]:
        _field(console, "看过但不算", _describe_candidate(candidate))


def _describe_candidate(candidate: Candidate) -> str:
    place = place_line(candidate.location)
    return f"{place}“{candidate.excerpt}”：{candidate.why}"


def _print_rest(console: Console, file: FileResult, *, verbose: bool, single: bool) -> None:
    """Passed and inapplicable rules: folded into one line each, or listed with their evidence."""
    passed = [r for r in file.rules if r.outcome == "pass"]
    out = [r for r in file.rules if r.outcome == "not_applicable"]
    if not verbose:
        console.print()
        if passed:
            print_text(console, Text(f"通过{len(passed)}项：{'、'.join(r.id for r in passed)}", style="dim"), 2)
        if out:
            reasons = sorted({r.reason or "" for r in out})
            said = reasons[0] if len(reasons) == 1 else "加 --verbose 查看原因"
            print_text(console, Text(f"不适用{len(out)}项：{'、'.join(r.id for r in out)}（{said}）", style="dim"), 2)
        if single and (passed or out):
            print_text(console, Text("加 --verbose 查看全部规则的依据和原文。", style="dim"), 2)
        return
    for rule in (*passed, *out):
        line = Text(f"{OUTCOME_MARKS[rule.outcome]} {OUTCOME_WORDS[rule.outcome]} ", style=_COLOURS[rule.outcome])
        line.append(f"{rule.id} {rule.title}")
        print_text(console, line, 2)
        if rule.reason:
            print_text(console, Text(rule.reason), 6)
        for pair in rule.pairs:
            _field(console, "对应", describe_pair(pair))
        for evidence in rule.evidence[:3] if not rule.pairs else ():
            place = place_line(evidence.location)
            _field(console, "原文", f"{place}“{evidence.excerpt}”")


def _field(console: Console, name: str, value: str) -> None:
    """Print a named value with a hanging indent."""
    label = f"{name}："
    left = 6 + cell_len(label)
    lines = [line for part in value.splitlines() for line in wrap(visible(part), console.width - left)]
    for index, line in enumerate(lines):
        text = Text(" " * 6 + label, style="cyan") if index == 0 else Text(" " * left)
        console.print(text.append(line, style="default"), no_wrap=True, overflow="ignore", crop=False)
