"""For code hosts: GitHub workflow commands, and GitLab Code Quality JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from unicodedata import category

from validator.document import Location
from validator.reporters.paths import plain_path
from validator.reporters.words import (
    describe_accepted,
    describe_hidden,
    describe_waiver_state,
    idle_waivers,
    open_findings,
    place_line,
)
from validator.result import FileResult, Finding, RuleResult, RunResult

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
_SEVERITIES = {"error": "critical", "warning": "major", "note": "minor"}


def render_github(result: RunResult) -> str:
    """Return a line for each finding (``::error file=…,line=…::…``); GitHub shows it beside the changed line."""
    lines: list[str] = []
    for file in result.files:
        lines += [_command("error", {"file": plain_path(file.path), "title": "未能检查"}, m) for m in file.errors]
        for rule, finding in _findings(file):
            level = _LEVELS[rule.severity] if finding.outcome == "fail" else "notice"
            at = finding.location or finding.insert_after
            fields = {"file": plain_path(file.path), **_lines(at), "title": f"{rule.id} {rule.title}"}
            lines.append(_command(level, fields, _text(finding, at)))
        for rule in _waived(file):
            fields = {"file": plain_path(file.path), "title": f"{rule.id} {rule.title}"}
            lines.append(_command("notice", fields, describe_accepted(rule)))
    if result.baseline is not None and result.baseline.hidden:
        fields = {"file": plain_path(result.baseline.file), "title": "基线"}
        lines.append(_command("notice", fields, describe_hidden(result.baseline)))
    for use in idle_waivers(result):
        fields = {"file": plain_path(use.file), "line": str(use.line), "title": "豁免"}
        lines.append(_command("warning", fields, describe_waiver_state(use)))
    return "".join(f"{line}\n" for line in lines)


def render_gitlab(result: RunResult) -> str:
    """Return the Code Quality report: a list of objects with a fingerprint each."""
    items: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for file in result.files:
        items += [_item(file.path, "fazhi", "blocker", m, None, _unique(seen, file.path, m)) for m in file.errors]
        for rule, finding in _findings(file):
            severity = _SEVERITIES[rule.severity] if finding.outcome == "fail" else "info"
            at = finding.location or finding.insert_after
            unique = _unique(seen, file.path, finding.fingerprint)
            items.append(_item(file.path, rule.id, severity, f"{rule.title}：{_text(finding, at)}", at, unique))
        for rule in _waived(file):
            unique = _unique(seen, file.path, f"waived {rule.id}")
            items.append(_item(file.path, rule.id, "info", f"{rule.title}：{describe_accepted(rule)}", None, unique))
    if result.baseline is not None and result.baseline.hidden:
        said = describe_hidden(result.baseline)
        items.append(
            _item(result.baseline.file, "fazhi", "info", said, None, _unique(seen, result.baseline.file, said))
        )
    for use in idle_waivers(result):
        said = describe_waiver_state(use)
        at = Location(use.line, 1, use.line, 1)
        items.append(_item(use.file, "fazhi", "minor", said, at, _unique(seen, use.file, said)))
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _findings(file: FileResult) -> Iterator[tuple[RuleResult, Finding]]:
    """Yield what failed or needs review and was neither waived nor known before."""
    for rule in file.rules:
        if rule.outcome in ("fail", "review") and rule.waiver is None:
            for finding in open_findings(rule):
                yield rule, finding


def _waived(file: FileResult) -> Iterator[RuleResult]:
    """Yield the rules whose failure or review was waived."""
    yield from (r for r in file.rules if r.outcome in ("fail", "review") and r.waiver is not None)


def _text(finding: Finding, at: Location | None) -> str:
    """Return the message; the place too, where the file has no lines that a code host could show."""
    if at is None or not (at.page or at.paragraph):
        return finding.message
    place = place_line(at) if finding.location is not None else f"应写在{place_line(at)}之后"
    return f"{finding.message}（{place}）"


def _lines(at: Location | None) -> dict[str, str]:
    if at is None or at.page is not None or at.paragraph is not None:
        return {}
    columns = {"col": str(at.column), "endColumn": str(at.end_column)} if at.line == at.end_line else {}
    return {"line": str(at.line), "endLine": str(at.end_line), **columns}


def _command(level: str, fields: dict[str, str], message: str) -> str:
    said = ",".join(f"{name}={_escape_field(value)}" for name, value in fields.items())
    return f"::{level} {said}::{_escape(message)}"


def _escape(text: str) -> str:
    """Escape what ends a line or a field; control characters become spaces, wide spaces of file names stay."""
    text = "".join(c if c.isprintable() or c in "\r\n" or category(c) == "Zs" else " " for c in text)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_field(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _item(path: str, name: str, severity: str, text: str, at: Location | None, unique: str) -> dict[str, Any]:
    has_lines = at is not None and at.page is None and at.paragraph is None
    return {
        "description": text,
        "check_name": name,
        "fingerprint": unique,
        "severity": severity,
        "location": {
            "path": plain_path(path).encode("utf-8", "replace").decode(),
            "lines": {"begin": at.line if at is not None and has_lines else 1},
        },
    }


def _unique(seen: dict[str, int], path: str, fingerprint: str) -> str:
    """Return a fingerprint that is unique in the report; the same words twice in a file are told by their order."""
    key = f"{path}\x1f{fingerprint}"
    seen[key] = seen.get(key, 0) + 1
    return sha256(f"{key}\x1f{seen[key]}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
