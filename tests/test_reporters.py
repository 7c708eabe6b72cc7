"""One contract for every reporter: any run, any outcome, any text, any file name; and what each format asks for."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import pytest

from validator.cli.output import Output, plan_outputs
from validator.document import Location
from validator.errors import OptionError
from validator.reporters.annotations import render_github, render_gitlab
from validator.reporters.documents import render_csv, render_markdown
from validator.reporters.junit import render_junit
from validator.reporters.sarif import encode_path, render_sarif
from validator.reporters.table import BINARY, FORMATS, REPORTERS
from validator.result import (
    BaselineUse,
    Basis,
    Evidence,
    FactPlaces,
    FactSheet,
    FileResult,
    Finding,
    KnownFinding,
    RuleResult,
    RuleSetId,
    RunResult,
    Tool,
    Waiver,
    WaiverState,
    WaiverUse,
    build_run,
)

NASTY = "=1+1|<b>100%</b>,*粗*[a](b)`x`\x00\x1b[31m\u202e\ufffe\n::error::第二行：\"'&\r\t"
AT = Location(3, 5, 3, 9)
WAIVER = Waiver("T302", "报告 目录/*.txt", "经批准", "王某", "2099-12-31", "批复〔2025〕1号")
BASIS = Basis("ducha-2019", "督察规定", "厅字〔2019〕28号", "第四章", "上一年度", "content", "unverified")


def finding(outcome: str = "fail", at: Location | None = AT, message: str = NASTY) -> Finding:
    return Finding(
        outcome,  # type: ignore[arg-type]
        message,
        NASTY,
        "一、主要举措",
        at,
        "〔  〕次",
        "0123456789abcdef",
        expected=None if at else "正文第一部分",
        insert_after=None if at else Location(9, 1, 9, 4),
    )


def rule(identifier: str, outcome: str, severity: str = "error", **more: Any) -> RuleResult:
    return RuleResult(identifier, f"标题{NASTY}", outcome, severity, more.pop("reason", None), basis=(BASIS,), **more)  # type: ignore[arg-type]


RULES = (
    rule("P101", "pass", evidence=(Evidence(NASTY, "一、", AT),)),
    rule("P102", "fail", findings=(finding(), finding(at=None))),
    rule("P103", "review", "warning", findings=(finding("review"),)),
    rule("P104", "not_applicable", reason=NASTY),
    rule("T301", "error", reason="规则运行出错（KeyError）"),
    rule("T302", "fail", "note", findings=(finding(message="已豁免的"),), waiver=WAIVER),
)
FACTS = FactSheet("标题", 2023, "云溪镇人民政府", "township", "town", FactPlaces())


def run(*files: FileResult) -> RunResult:
    return build_run(Tool("fazhi", "1", "blank"), RuleSetId("2026.1", "sha256:0"), files, len(RULES))


EMPTY = run()
FULL = run(
    FileResult("报告 目录/云溪镇，100%.txt", "ab" * 32, "fail", "2023-12-31", FACTS, RULES),
    FileResult(
        "坏:文件,名.docx",
        None,
        "error",
        None,
        None,
        (rule("P101", "error", reason="文件未能检查"),),
        (f"读不出来{NASTY}",),
    ),
)


ACCEPTED = replace(
    run(
        FileResult(
            "甲 1.txt",
            "ab",
            "fail",
            None,
            FACTS,
            (
                rule(
                    "P102", "fail", findings=(replace(finding(message="已知的"), known=True), finding(message="新的"))
                ),
                rule("P103", "fail", findings=(replace(finding(message="已知的"), known=True),)),
                rule("T302", "fail", findings=(finding(message="已豁免的"),), waiver=WAIVER),
            ),
        )
    ),
    waivers=tuple(WaiverUse(WAIVER, state, "豁免,表.yaml", 7) for state in get_args(WaiverState)),
    baseline=BaselineUse("基线.json", 2, (KnownFinding(f"没有{NASTY}.txt", "P104", "ab", NASTY, 3),)),
    configuration=("fazhi.toml",),
)


def write(form: str, result: RunResult, *, verbose: bool = False) -> str | bytes:
    """Return what a reporter writes."""
    if form in BINARY:
        return BINARY[form](result)
    stream = io.StringIO()
    REPORTERS[form](result, stream, verbose=verbose, quiet=False)
    return stream.getvalue()


def words(written: str | bytes) -> str:
    """Return the words of a format: as they are, or those in the XML of an office file."""
    if isinstance(written, str):
        return written
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        parts = [n for n in package.namelist() if n == "word/document.xml" or n.startswith("xl/worksheets/sheet")]
        return "\n".join(t for n in parts for t in ElementTree.fromstring(package.read(n)).itertext())


@pytest.mark.parametrize("form", FORMATS)
def test_every_reporter_shows_what_was_waived(form: str) -> None:
    text = "".join(words(write(form, ACCEPTED)).split()).replace("\\", "")
    assert "王某批准" in text or (form == "json" and "王某" in text)
    assert "已过期，不再有效" in text or form == "json"
    assert '"state":"expired"' in text or form != "json"
    assert "\x1b" not in text


def test_known_findings_make_no_noise() -> None:
    assert "已知的" not in render_github(ACCEPTED) + render_gitlab(ACCEPTED) + render_markdown(ACCEPTED)
    kinds = [[c.tag for c in case] for case in ElementTree.fromstring(render_junit(ACCEPTED)).iter("testcase")]
    assert kinds == [["failure"], ["skipped"], ["skipped"], *[["skipped"]] * 5]
    results = json.loads(render_sarif(ACCEPTED))["runs"][0]["results"]
    assert [r["baselineState"] for r in results] == ["unchanged", "new", "unchanged", "new"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("result", [EMPTY, FULL, ACCEPTED], ids=["empty", "full", "accepted"])
def test_every_reporter_writes_every_run_and_the_same_bytes_again(form: str, result: RunResult) -> None:
    written = [write(form, result, verbose=True) for _ in range(2)]
    assert written[0] == written[1]
    text = words(written[0])
    assert (text == "") == (form == "github" and result is EMPTY)
    if result is FULL:
        assert "读不出来" in text or form == "csv"
        assert "\x00" not in text
        assert "\x1b" not in text


def test_sarif() -> None:
    log = json.loads(render_sarif(FULL))
    run = log["runs"][0]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert run["invocations"][0]["executionSuccessful"] is False
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == ["P101", "P102", "P103", "P104", "T301", "T302"]
    results = run["results"]
    assert [(r["ruleId"], r["kind"], r["level"]) for r in results] == [
        ("P102", "fail", "error"),
        ("P102", "fail", "error"),
        ("P103", "review", "none"),
        ("T302", "fail", "note"),
    ]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in results)
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}
    assert (
        place["artifactLocation"]["uri"]
        == "%E6%8A%A5%E5%91%8A%20%E7%9B%AE%E5%BD%95/%E4%BA%91%E6%BA%AA%E9%95%87%EF%BC%8C100%25.txt"
    )
    assert results[1]["locations"][0]["physicalLocation"]["region"]["startLine"] == 9
    assert results[3]["suppressions"][0]["justification"].startswith("经批准（王某批准")
    assert json.loads(render_sarif(EMPTY))["runs"][0]["invocations"][0]["executionSuccessful"] is True


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.txt", "a%20b.txt"),
        ("/data/甲.txt", "file:///data/%E7%94%B2.txt"),
        ("C:\\报\\a.txt", "file:///C:/%E6%8A%A5/a.txt"),
        ("x:y/#1?.md", "x%3Ay/%231%3F.md"),
    ],
)
def test_paths_as_references(path: str, uri: str) -> None:
    assert encode_path(path) == uri


def test_a_word_file_has_no_lines_for_code_hosts() -> None:
    at = Location(12, 1, 12, 3, None, 12)
    result = run(
        FileResult(
            "a.docx", "ab", "fail", None, FACTS, (rule("P102", "fail", findings=(finding(at=at, message="缺"),)),)
        )
    )
    place = json.loads(render_sarif(result))["runs"][0]["results"][0]["locations"][0]
    assert "region" not in place["physicalLocation"]
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "第12段"
    assert render_github(result).endswith("::缺（第12段）\n")
    assert "line=" not in render_github(result)
    assert json.loads(render_gitlab(result))[0]["location"]["lines"]["begin"] == 1


def test_junit() -> None:
    root = ElementTree.fromstring(render_junit(FULL))
    suites = root.findall("testsuite")
    assert [(s.get("tests"), s.get("failures"), s.get("errors"), s.get("skipped")) for s in suites] == [
        ("6", "1", "1", "3"),
        ("1", "0", "1", "0"),
    ]
    kinds = [[child.tag for child in case] for case in suites[0].findall("testcase")]
    assert kinds == [[], ["failure"], ["skipped"], ["skipped"], ["error"], ["skipped"]]
    assert suites[1].findtext("system-err", "").startswith("读不出来")


def test_github_escapes_what_it_must() -> None:
    lines = render_github(FULL).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::error", "::notice", "::notice", "::error"]
    assert lines[0].startswith(
        "::error file=报告 目录/云溪镇，100%25.txt,line=3,endLine=3,col=5,endColumn=9,title=P102 "
    )
    assert lines[3].endswith("::已豁免：经批准（王某批准，有效期至2099-12-31，依据批复〔2025〕1号）")
    assert lines[4].startswith("::error file=坏%3A文件%2C名.docx,title=未能检查::")
    assert "%0A::error::第二行" in lines[0]
    assert "已豁免的" not in render_github(FULL)


def test_gitlab_has_its_documented_keys() -> None:
    items = json.loads(render_gitlab(FULL))
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert item["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert set(item["location"]) == {"path", "lines"}
    assert [i["severity"] for i in items] == ["critical", "critical", "info", "info", "blocker"]
    assert len({i["fingerprint"] for i in items}) == len(items)


def test_markdown_shows_text_as_text() -> None:
    text = render_markdown(FULL)
    assert "<b>" not in text
    assert "\n::error" not in text
    assert "（已豁免：经批准（王某批准，有效期至2099-12-31，依据批复〔2025〕1号））" in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 4
    assert all(line.replace("\\|", "").count("|") == 4 for line in table)
    assert "<summary>报告 目录/云溪镇，100%.txt</summary>" in text


def test_csv_is_a_table_without_formulas() -> None:
    text = render_csv(FULL)
    assert text.startswith("\ufeff文件,")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert {len(row) for row in rows} == {13}
    assert [row[2] for row in rows[1:]] == ["P101", "P102", "P102", "P103", "P104", "T301", "T302", ""]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert rows[7][12].startswith("已豁免：经批准（王某批准")


def test_outputs_are_planned() -> None:
    assert plan_outputs("terminal", []) == (Output("terminal", None),)
    assert plan_outputs("json", ["r.json", "sarif=a b.sarif"]) == (
        Output("json", Path("r.json")),
        Output("sarif", Path("a b.sarif")),
    )
    assert plan_outputs("terminal", ["结果=1.txt"]) == (Output("terminal", Path("结果=1.txt")),)
    for wrong in (["html5=a"], ["a", "b"], ["sarif=a", "junit=a"], ["sarif="], ["json=x", "./x"]):
        with pytest.raises(OptionError, match="--output"):
            plan_outputs("terminal", wrong)
