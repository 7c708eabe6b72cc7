"""JUnit XML: a suite for each file, a case for each rule. Review and not applicable are skipped, with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from xml.etree import ElementTree

from validator.reporters.words import (
    describe_accepted,
    describe_basis,
    describe_place,
    describe_waiver_state,
    open_findings,
)
from validator.result import FileResult, RuleResult, RunResult, WaiverUse

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(result: RunResult) -> str:
    """Return a run as JUnit XML."""
    root = ElementTree.Element("testsuites", {"name": result.tool.name})
    for file in result.files:
        _add_suite(root, file)
    _add_waivers(root, result.waivers)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add_suite(root: ElementTree.Element, file: FileResult) -> None:
    kinds = Counter(_kind(r) for r in file.rules)
    attributes = {
        "name": clean(file.path),
        "tests": str(len(file.rules)),
        "failures": str(kinds["failure"]),
        "errors": str(kinds["error"]),
        "skipped": str(kinds["skipped"]),
    }
    suite = ElementTree.SubElement(root, "testsuite", attributes)
    for rule in file.rules:
        _add_case(suite, file, rule)
    if file.errors:
        ElementTree.SubElement(suite, "system-err").text = clean("\n".join(file.errors))


def _add_waivers(root: ElementTree.Element, uses: Iterable[WaiverUse]) -> None:
    """Add a suite for each waiver file, in which every waiver is a skipped case that says what became of it."""
    by_file: dict[str, list[WaiverUse]] = {}
    for use in uses:
        by_file.setdefault(use.file, []).append(use)
    for name, listed in by_file.items():
        count = str(len(listed))
        attributes = {"name": clean(name), "tests": count, "failures": "0", "errors": "0", "skipped": count}
        suite = ElementTree.SubElement(root, "testsuite", attributes)
        for use in listed:
            names = {"classname": clean(name), "name": clean(f"{use.waiver.rule} {use.waiver.path}（第{use.line}行）")}
            case = ElementTree.SubElement(suite, "testcase", names)
            ElementTree.SubElement(case, "skipped", {"message": clean(describe_waiver_state(use))})


def _add_case(suite: ElementTree.Element, file: FileResult, rule: RuleResult) -> None:
    names = {"classname": clean(file.path), "name": clean(f"{rule.id} {rule.title}")}
    case = ElementTree.SubElement(suite, "testcase", names)
    if rule.outcome == "pass":
        return
    kind = _kind(rule)
    findings = open_findings(rule)
    first = findings[0].message if findings else rule.reason or ""
    if rule.is_accepted:
        first = describe_accepted(rule)
    if rule.outcome == "error" and file.errors:
        first = file.errors[0]
    node = ElementTree.SubElement(case, kind, {"message": clean(first)})
    if kind != "skipped":
        node.set("type", rule.severity)
        node.text = clean(_details(rule))


def _kind(rule: RuleResult) -> str:
    """Return the element that says what became of a case; what was waived or known before is skipped."""
    if rule.outcome == "pass":
        return ""
    if rule.is_accepted:
        return "skipped"
    return {"fail": "failure", "error": "error"}.get(rule.outcome, "skipped")


def _details(rule: RuleResult) -> str:
    lines: list[str] = []
    for finding in open_findings(rule):
        lines.append("，".join(x for x in (finding.message, describe_place(finding)) if x))
        if finding.suggestion:
            lines.append(f"可以这样写：{finding.suggestion}")
    lines += [f"依据：{describe_basis(b)}" for b in rule.basis]
    return "\n".join(lines)


def clean(text: str) -> str:
    """Drop what XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)
