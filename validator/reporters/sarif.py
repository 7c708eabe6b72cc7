"""SARIF 2.1.0: what failed or needs review, for code scanning. Passed and inapplicable rules make no result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from validator.document import Location
from validator.reporters.paths import plain_path
from validator.reporters.words import describe_basis, describe_waiver, describe_waiver_state, idle_waivers, place_line
from validator.result import FileResult, Finding, RuleResult, RunResult

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(result: RunResult) -> str:
    """Return a run as a SARIF log with one run. Columns count code points; paths are percent-encoded."""
    rules = _rules(result)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": result.tool.name, "version": result.tool.version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(result)],
        "artifacts": _artifacts(result),
        "results": [r for f in result.files for r in _results(f, index, has_baseline=result.baseline is not None)],
        "properties": {"ruleset": result.ruleset.version, "digest": result.ruleset.digest},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rules(result: RunResult) -> list[dict[str, Any]]:
    """Return each rule once, in the order of the checklist."""
    found: dict[str, RuleResult] = {}
    for file in result.files:
        for rule in file.rules:
            if rule.id not in found or (rule.basis and not found[rule.id].basis):
                found[rule.id] = rule
    return [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.title},
            "help": {"text": "\n".join(describe_basis(b) for b in rule.basis) or rule.title},
            "defaultConfiguration": {"level": rule.severity},
        }
        for rule in found.values()
    ]


def _invocation(result: RunResult) -> dict[str, Any]:
    """Say whether everything was checked, and what was not."""
    notes = [
        {"level": "error", "message": {"text": message}, "locations": [_physical(file.path, None)]}
        for file in result.files
        for message in _errors(file)
    ]
    waivers = [
        {
            "level": "warning",
            "message": {"text": describe_waiver_state(use)},
            "locations": [_physical(use.file, Location(use.line, 1, use.line, 1))],
        }
        for use in idle_waivers(result)
    ]
    more = {"toolConfigurationNotifications": waivers} if waivers else {}
    return {"executionSuccessful": not notes, "toolExecutionNotifications": notes, **more}


def _errors(file: FileResult) -> tuple[str, ...]:
    broken = tuple(f"{r.id}：{r.reason}" for r in file.rules if r.outcome == "error")
    return file.errors or broken


def _artifacts(result: RunResult) -> list[dict[str, Any]]:
    """Return each file once: an archive may hold the same file twice, and SARIF forbids equal artifacts."""
    named = dict.fromkeys((encode_path(f.path), f.sha256) for f in result.files)
    return [{"location": {"uri": uri}, **({"hashes": {"sha-256": digest}} if digest else {})} for uri, digest in named]


def _results(file: FileResult, index: dict[str, int], *, has_baseline: bool) -> Iterator[dict[str, Any]]:
    for rule in file.rules:
        if rule.outcome not in ("fail", "review"):
            continue
        for finding in rule.findings:
            more: dict[str, Any] = {}
            if rule.waiver is not None:
                more["suppressions"] = [{"kind": "external", "justification": describe_waiver(rule.waiver)}]
            if has_baseline:
                more["baselineState"] = "unchanged" if finding.known else "new"
            yield {
                "ruleId": rule.id,
                "ruleIndex": index[rule.id],
                "kind": finding.outcome if finding.outcome in ("fail", "review") else rule.outcome,
                "level": rule.severity if finding.outcome == "fail" else "none",
                "message": {"text": _message(finding)},
                "locations": [_physical(file.path, finding.location or finding.insert_after)],
                "partialFingerprints": {"fazhi/v1": finding.fingerprint},
                **more,
            }


def _message(finding: Finding) -> str:
    lines = [finding.message]
    if finding.location is None and finding.expected:
        lines.append(f"应写在：{finding.expected}。")
    if finding.suggestion:
        lines.append(f"可以这样写：{finding.suggestion}")
    return "\n".join(lines)


def _physical(path: str, at: Location | None) -> dict[str, Any]:
    """Return a location: a region in files that have lines, else the paragraph or page in words."""
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": encode_path(path)}}}
    if at is None:
        return place
    if at.page is None and at.paragraph is None:
        place["physicalLocation"]["region"] = {
            "startLine": at.line,
            "startColumn": at.column,
            "endLine": at.end_line,
            "endColumn": max(at.end_column, at.column + 1 if at.line == at.end_line else 1),
        }
    else:
        place["logicalLocations"] = [{"fullyQualifiedName": place_line(at)}]
    return place


def encode_path(path: str) -> str:
    """Return a path as a URI reference; an absolute one becomes a file URI."""
    plain = plain_path(path)
    if plain.startswith("/"):
        return f"file://{_quote(plain)}"
    if plain[1:3] == ":/":
        return f"file:///{plain[:2]}{_quote(plain[2:])}"
    return _quote(plain)


def _quote(path: str) -> str:
    """Percent-encode a path; bytes of a name that is not Unicode stay those bytes."""
    return quote(path.encode("utf-8", "surrogateescape"))
