"""For people outside the terminal: Markdown for a merge-request comment, and CSV for a table program."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from html import escape

from validator.errors import plain
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
    describe_place,
    describe_waiver,
    describe_waiver_state,
    name_outcome,
    needs_attention,
    open_findings,
    place_line,
)
from validator.result import FileResult, Finding, RuleResult, RunResult

_MOST_FINDINGS = 5
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_COLUMNS = (
    "文件",
    "结论",
    "规则",
    "名称",
    "分量",
    "结果",
    "位置",
    "标题",
    "原文",
    "意见",
    "可以这样写",
    "依据",
    "不计入结论",
)


def render_markdown(result: RunResult) -> str:
    """Return a run as Markdown: conclusion, a table of files, and what to correct in each, folded."""
    lines = ["## 法治政府建设年度报告检查", "", conclude_run(result), "", "| 结论 | 文件 | |", "|---|---|---|"]
    for file in result.files:
        mark = f"{OUTCOME_MARKS[file.outcome]} {name_outcome(file)}"
        lines.append(f"| {mark} | {escape_markdown(file.path)} | {escape_markdown(conclude_file(file))} |")
    for file in result.files:
        if any((*map(partial(needs_attention, file), SEVERITIES), accepted(file))) and not file.errors:
            lines += _file_section(file)
    lines += [line for said in describe_acceptance(result) for line in ("", escape_markdown(said))]
    lines += ["", describe_coverage(result), *(escape_markdown(line) for line in describe_packs(result.ruleset))]
    return "\n".join(lines) + "\n"


def _file_section(file: FileResult) -> list[str]:
    lines = ["", "<details>", f"<summary>{escape(plain(file.path))}</summary>", ""]
    if file.facts is not None:
        lines += [escape_markdown(describe_facts(file.facts)), ""]
    if file.reading == "ocr":
        lines += [READ_BY_OCR, ""]
    for severity in SEVERITIES:
        rules = needs_attention(file, severity)
        if rules:
            lines += [f"**{SEVERITY_WORDS[severity]}**", ""]
        for rule in rules:
            lines += _rule_item(rule)
        lines += [""] if rules else []
    if accepted(file):
        lines += ["**不计入结论**", ""]
        for rule in accepted(file):
            said = f"{rule.id} {rule.title}（{describe_accepted(rule)}）"
            lines.append(f"- {OUTCOME_MARKS[rule.outcome]} {OUTCOME_WORDS[rule.outcome]} {escape_markdown(said)}")
        lines.append("")
    return [*lines, "</details>"]


def _rule_item(rule: RuleResult) -> list[str]:
    lines = [f"- {OUTCOME_MARKS[rule.outcome]} {OUTCOME_WORDS[rule.outcome]} {rule.id} {escape_markdown(rule.title)}"]
    findings = open_findings(rule)
    if rule.reason:
        lines.append(f"  - {escape_markdown(rule.reason)}")
    for finding in findings[:_MOST_FINDINGS]:
        lines.append("  - " + escape_markdown("，".join(x for x in (finding.message, describe_place(finding)) if x)))
    if len(findings) > _MOST_FINDINGS:
        lines.append(f"  - 还有{len(findings) - _MOST_FINDINGS}处")
    if rule.basis:
        lines.append(f"  - 依据：{escape_markdown(describe_basis(rule.basis[0]))}")
    return lines


def escape_markdown(text: str) -> str:
    """Return text that no Markdown reader takes for markup, on one line."""
    return _MARKUP.sub(r"\\\1", plain(text))


def render_csv(result: RunResult) -> str:
    """Return a row for each finding, and one for each rule without any; with a byte order mark for table programs."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for file in result.files:
        for message in file.errors:
            writer.writerow(_row([file.path, name_outcome(file), *[""] * 7, message, "", "", ""]))
        for rule in file.rules if not file.errors else ():
            for finding in rule.findings or (None,):
                writer.writerow(_row(_cells(file, rule, finding)))
    for use in result.waivers:
        said = describe_waiver_state(use)
        cells = [use.file, "", use.waiver.rule, "豁免", "", "", f"第{use.line}行", "", "", said, "", ""]
        writer.writerow(_row([*cells, describe_waiver(use.waiver)]))
    return out.getvalue()


def _cells(file: FileResult, rule: RuleResult, finding: Finding | None) -> list[str]:
    at = finding.location if finding else rule.evidence[0].location if rule.evidence else None
    return [
        file.path,
        name_outcome(file),
        rule.id,
        rule.title,
        SEVERITY_WORDS[rule.severity],
        OUTCOME_WORDS[finding.outcome if finding else rule.outcome],
        place_line(at),
        (finding.section if finding else rule.evidence[0].section if rule.evidence else None) or "",
        (finding.excerpt if finding else rule.evidence[0].excerpt if rule.evidence else None) or "",
        finding.message if finding else rule.reason or "",
        (finding.suggestion if finding else None) or "",
        describe_basis(rule.basis[0]) if rule.basis else "",
        describe_accepted(rule) if rule.waiver or (finding and finding.known) else "",
    ]


def _row(cells: list[str]) -> list[str]:
    """Return cells that no table program takes for formulas, without control characters."""
    plain = ("".join(x if x.isprintable() or x == "\n" else " " for x in c) for c in cells)
    return [f"'{c}" if c[:1] in ("=", "+", "-", "@") else c for c in plain]
