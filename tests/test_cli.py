"""The command line as its users meet it: exit codes, what goes to stdout, plain sentences on stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import ROOT, SPECIMENS, Run
from tests.toy import digest
from validator.law import read_coverage
from validator.nlp.model import install_model
from validator.reporters.console import wrap
from validator.rulebook import render_rulebook
from validator.ruleset import load_ruleset

GOOD = SPECIMENS / "passes-all.txt"
BAD = SPECIMENS / "missing-problems.txt"


def test_the_command_is_installed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "validator", "check", "-", "--quiet"],
        input=GOOD.read_bytes(),
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert "符合" in done.stdout.decode()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "请写一个命令：check、fix、init、new、outline、plan、serve、show、lsp、waive、audit、baseline、rules"),
        (["nosuch"], "请写一个命令"),
        (["check"], "没有写要检查的文件"),
        (["check", GOOD, "--nope"], "没有选项 --nope"),
        (["check", GOOD, "--year", "abc"], "--year 的值不对，应是2000到2100之间的整数。"),
        (["audit", GOOD, "--out", "a", "--due", "1999"], "--due 的值不对，应是2000到2100之间的整数。"),
        (["audit", GOOD, "--out", "a", "--jobs", "-1"], "--jobs 的值不对，应是0到"),
        (["check", GOOD, "--format", "pdf"], "--format 的值不对，可用：terminal、"),
        (["audit", "diff", "a", "b", "-f", "pdf"], "--format 的值不对，可用：terminal、markdown、json。"),
        (["check", GOOD, "-o"], "选项 -o 缺少值"),
        (["rules", "show"], "缺少规则编号"),
    ],
)
def test_usage_errors_are_one_plain_sentence(fazhi: Run, args: list[object], words: str) -> None:
    done = fazhi(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("args", [["--help"], ["check", "--help"], ["rules", "--help"], ["rules", "show", "-h"]])
def test_help_is_chinese(fazhi: Run, args: list[str]) -> None:
    done = fazhi(*args)
    assert done.returncode == 0
    assert done.stdout.startswith("用法：")
    assert not {"Usage", "Options", "Show"} & set(done.stdout.split())


def test_version(fazhi: Run) -> None:
    done = fazhi("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("fazhi 0.")


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ([GOOD], 0),
        ([BAD], 1),
        ([BAD, "--fail-on", "never"], 0),
        ([GOOD, "--fail-on", "review"], 0),
        ([GOOD, BAD], 1),
        ([GOOD, BAD, "没有这个文件.txt"], 2),
        ([SPECIMENS / "running-text.txt", "--select", "P102,P103,P104"], 0),
        ([SPECIMENS / "running-text.txt", "--select", "P102,P103,P104", "--fail-on", "review"], 1),
        ([GOOD, "--select", "X"], 2),
        ([GOOD, "--ignore", "P999"], 2),
        ([GOOD, "--as-of", "去年"], 2),
        ([GOOD, "--year", "1900"], 2),
        ([GOOD, "--nonsense"], 2),
        ([GOOD, "--profile", "没有"], 2),
        ([SPECIMENS / "principal-named-only.txt", "--select", "T302"], 1),
        ([SPECIMENS / "principal-named-only.txt", "--select", "T302", "--profile", "statutory"], 0),
        (["没有*这样的.txt"], 2),
        ([], 2),
    ],
)
def test_exit_codes(fazhi: Run, args: list[object], code: int) -> None:
    assert fazhi("check", *args).returncode == code


def test_a_folder_without_reports_is_an_error(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    done = fazhi("check", "空")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip() == "没有找到可检查的文件：空"


def test_a_missing_path_does_not_hide_the_others(fazhi: Run) -> None:
    done = fazhi("check", GOOD, "没有.txt", "--format", "json")
    files = json.loads(done.stdout)["files"]
    assert [f["outcome"] for f in files] == ["pass", "error"]
    assert files[1]["errors"] == ["路径不存在。"]
    assert {r["outcome"] for r in files[1]["rules"]} == {"error"}
    assert done.returncode == 2


def test_folders_are_searched_and_unreadable_formats_are_named(fazhi: Run, tmp_path: Path) -> None:
    folder = tmp_path / "报告"
    (folder / "镇").mkdir(parents=True)
    (folder / "镇" / "一.txt").write_bytes(GOOD.read_bytes())
    (folder / "二.docx").write_bytes(b"PK\x03\x04")
    (folder / "照片.png").write_bytes(b"\x89PNG")
    (folder / ".隐藏.txt").write_bytes(b"x")
    data = json.loads(fazhi("check", "报告", "--format", "json").stdout)
    assert [(f["path"], f["outcome"]) for f in data["files"]] == [("报告/二.docx", "error"), ("报告/镇/一.txt", "pass")]
    assert data["coverage"]["files_found"] == 2
    assert data["coverage"]["files_checked"] == 1


def test_globs_and_repeated_paths(fazhi: Run, tmp_path: Path) -> None:
    for name in "甲乙":
        (tmp_path / f"{name}.txt").write_bytes(GOOD.read_bytes())
    data = json.loads(fazhi("check", "*.txt", "甲.txt", "--format", "json").stdout)
    assert [f["path"] for f in data["files"]] == ["乙.txt", "甲.txt"]


def test_stdin(fazhi: Run) -> None:
    done = fazhi("check", "-", "--format", "json", stdin=GOOD.read_text("utf-8").encode("gb18030"))
    assert done.returncode == 0
    assert json.loads(done.stdout)["files"][0]["path"] == "-"


def test_empty_stdin(fazhi: Run) -> None:
    done = fazhi("check", "-")
    assert done.returncode == 2
    assert "文件是空的" in done.stdout


def test_json_is_the_contract(fazhi: Run) -> None:
    done = fazhi("check", GOOD, BAD, "--format", "json")
    data = json.loads(done.stdout)
    assert done.stderr == ""
    assert list(data) == [
        "format_version",
        "tool",
        "ruleset",
        "files",
        "coverage",
        "summary",
        "waivers",
        "baseline",
        "configuration",
    ]
    assert data["format_version"] == "1"
    assert data["ruleset"]["digest"].startswith("sha256:")
    file = data["files"][1]
    assert {"path", "sha256", "outcome", "as_of", "facts", "rules", "errors"} <= set(file)
    assert {"title", "reporting_year", "organ", "organ_level"} <= set(file["facts"])
    rule = next(r for r in file["rules"] if r["outcome"] == "fail")
    assert {"id", "outcome", "severity", "reason", "evidence", "findings", "waiver"} <= set(rule)
    finding = rule["findings"][0]
    assert {"outcome", "message", "excerpt", "section", "location", "suggestion", "fingerprint"} <= set(finding)
    place = file["rules"][0]["evidence"][0]["location"]
    assert list(place) == ["line", "column", "end_line", "end_column", "page", "paragraph", "end_page"]
    rules = data["coverage"]["rules"]
    assert data["coverage"] == {
        "files_found": 2,
        "files_checked": 2,
        "rules": rules,
        "evaluated": 2 * rules,
        "excluded": 0,
    }
    assert sum(data["summary"].values()) == 2 * rules


def test_json_reads_back(fazhi: Run) -> None:
    from validator.reporters.json import read_json, render_json

    text = fazhi("check", GOOD, BAD, "--format", "json").stdout
    assert render_json(read_json(text)) == text


def test_same_input_same_bytes(fazhi: Run) -> None:
    assert fazhi("check", SPECIMENS, "--format", "json").stdout == fazhi("check", SPECIMENS, "--format", "json").stdout


def test_output_file(fazhi: Run, tmp_path: Path) -> None:
    done = fazhi("check", GOOD, "--format", "json", "-o", "结果.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((tmp_path / "结果.json").read_text("utf-8"))["files"]
    assert fazhi("check", GOOD, "-o", "没有的目录/结果.txt").returncode == 2


def test_terminal_output_fits_80_columns_and_needs_no_colour(fazhi: Run) -> None:
    from rich.cells import cell_len

    done = fazhi("check", SPECIMENS, "--verbose")
    assert "\x1b" not in done.stdout
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80
    assert not [line for line in done.stdout.splitlines() if line.strip()[:1] in "，。、；：）》" and line.strip()]


def test_terminal_says_the_conclusion_first(fazhi: Run) -> None:
    many = fazhi("check", GOOD, BAD).stdout.splitlines()
    assert many[0].startswith("共2个文件：符合1个，不符合1个。")
    one = fazhi("check", BAD).stdout
    assert one.lstrip().startswith("✗ 不符合")
    assert one.index("【必备项】") < one.index("P102")
    for words in ("应写在：", "依据：", "可以这样写：", "督察工作规定"):
        assert words in one
    assert "用48条规则检查了1个文件中的1个" in one


def test_quiet_shows_conclusions_only(fazhi: Run) -> None:
    done = fazhi("check", BAD, "-q")
    assert "不符合" in done.stdout
    assert "依据" not in done.stdout


def test_chinese_output_has_no_english_sentences(fazhi: Run) -> None:
    import re

    text = fazhi("check", BAD, "--verbose").stdout.replace(str(BAD), "")
    assert set(re.findall(r"[A-Za-z]{3,}", text)) <= {"verbose"}


def test_hostile_text_is_shown_as_text(fazhi: Run, tmp_path: Path) -> None:
    text = GOOD.read_text("utf-8").replace("重要工作亲自部署", "重要工作亲自\x1b[31m安排[bold red]")
    (tmp_path / "[red]报告.txt").write_text(text, "utf-8")
    done = fazhi("check", "[red]报告.txt", "-v")
    assert "\x1b" not in done.stdout
    assert "[red]报告.txt" in done.stdout


def test_errors_never_show_the_text(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "乱码.txt").write_bytes(b"\xff\x00secret\xfe\x01" * 50)
    done = fazhi("check", "乱码.txt")
    assert done.returncode == 2
    assert "secret" not in done.stdout + done.stderr


def test_the_checklist_is_written_down(fazhi: Run, tmp_path: Path) -> None:
    done = fazhi("rules", "doc", "--out", tmp_path / "清单.html", "--profile", "statutory")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    statutory = load_ruleset(profile="statutory")
    page = render_rulebook(statutory, coverage=read_coverage(statutory))
    assert (tmp_path / "清单.html").read_text("utf-8") == page
    assert fazhi("rules", "doc", "-f", "markdown").stdout.startswith("# 法治政府建设年度报告检查清单\n")
    assert fazhi("rules", "doc", "-f", "docx", "-o", tmp_path / "清单.docx").returncode == 0
    assert (tmp_path / "清单.docx").read_bytes().startswith(b"PK")
    assert fazhi("rules", "doc", "--out", tmp_path).returncode == 2
    assert fazhi("rules", "doc", "--out", "a\0b").returncode == 2
    assert fazhi("rules", "doc", "--profile", "没有").returncode == 2
    assert fazhi("rules", "doc", "--rules-dir", tmp_path).returncode == 2
    assert fazhi("rules", "doc", "--format", "pdf").returncode == 2


def test_rules_commands(fazhi: Run) -> None:
    listed = fazhi("rules", "list")
    assert listed.returncode == 0
    assert "P102  必备项  存在的不足和原因" in listed.stdout
    shown = fazhi("rules", "show", "p101").stdout
    for words in ("厅字〔2019〕28号", "未核实", "参照执行的单位", "街道", "可以这样写", "怎么查", "2019年度起的报告"):
        assert words in shown.replace("\n  ", "")
    assert "经批准可以豁免。" in shown
    assert "不能豁免。" in fazhi("rules", "show", "S901").stdout
    assert "\x1b" not in shown
    assert max(cell_len(line) for line in fazhi("rules", "show", "T301", columns=200).stdout.splitlines()) <= 80
    assert fazhi("rules", "show", "P999").returncode == 2
    tested = fazhi("rules", "test", "T301")
    assert (tested.returncode, "0个不对" in tested.stdout) == (0, True)
    assert fazhi("rules", "lint").returncode == 0
    assert fazhi("rules", "lint", "--rules-dir", "没有").returncode == 2


def test_a_broken_rule_file_is_pointed_at(fazhi: Run, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "themes" / "T301.yaml"
    path.write_text(path.read_text("utf-8").replace("severity: error", "severity: fatal"), "utf-8")
    done = fazhi("check", GOOD, "--rules-dir", "rules")
    assert done.returncode == 2
    assert done.stderr.startswith("rules/themes/T301.yaml:3:1: ")
    assert done.stderr.count("\n") == 1


def test_a_failing_example_fails_the_test_command(fazhi: Run, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path = tmp_path / "rules" / "themes" / "T302.yaml"
    path.write_text(path.read_text("utf-8").replace("落实普法责任制，开展", "落实谁执法谁普法，开展"), "utf-8")
    done = fazhi("rules", "test", "T302", "--rules-dir", "rules")
    assert done.returncode == 1
    assert "fail-1：应为不通过，得到通过" in done.stdout


def test_outline_shows_what_the_program_saw(fazhi: Run) -> None:
    done = fazhi("outline", GOOD)
    assert done.returncode == 0
    assert "不足和原因" in done.stdout
    assert done.stdout.startswith("标题：")
    assert fazhi("outline", "没有.txt").returncode == 2
    assert fazhi("outline", SPECIMENS / "lost-numbers.txt").stdout.count("〔缺序号〕") >= 1


def test_the_result_says_which_pipeline_was_used(fazhi: Run, wheel: Path, tmp_path: Path) -> None:
    model = install_model(wheel, home=tmp_path / "data", sha256=digest(wheel))
    for choice, name in (("none", "zh (char) + span_ruler"), (str(model.path), "zh_core_web_sm 3.8.0")):
        done = fazhi("check", GOOD, "--model", choice, "--format", "json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["tool"]["pipeline"] == name
    assert "句子分析用语言模型 zh_core_web_sm 3.8.0。" in fazhi("check", GOOD, "--model", model.path).stdout
    assert "句子分析用自带的逐字分析。" in fazhi("check", GOOD, "--model", "none").stdout


def test_a_model_that_cannot_be_used_is_one_plain_sentence(fazhi: Run, wheel: Path, tmp_path: Path) -> None:
    model = install_model(wheel, home=tmp_path / "data", sha256=digest(wheel))
    (model.path / "ner" / "model").write_bytes(b"damaged")
    done = fazhi("check", GOOD, "--model", model.path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert fazhi("check", GOOD, "--model", tmp_path / "nothing").returncode == 2


def test_model_commands(fazhi: Run, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*args: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setenv("FAZHI_DATA_DIR", str(tmp_path / "data"))
        return fazhi("model", *args)

    assert "没有安装" in run("status").stdout
    refused = run("install", wheel)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert not (tmp_path / "data").exists()
    install_model(wheel, home=tmp_path / "data", sha256=digest(wheel))
    assert "已安装 zh_core_web_sm 3.8.0" in run("status").stdout
    assert "已删除" in run("remove").stdout
    assert "不用删除" in run("remove").stdout


SPOILT = """云溪镇2023年度法治政府建设情况报告
一、主要举措和成效
组织法制培训3次,开展深化深化宣传，落实重大执法决定法制先行审核制度。
二、党政主要负责人履行第一责任人职责情况；
镇长对重要环节亲自协调，带头遵法学法守法用法。
"""
MENDED = """云溪镇2023年度法治政府建设情况报告
一、主要举措和成效
组织法治培训3次，开展深化宣传，落实重大执法决定法制审核制度。
二、党政主要负责人履行第一责任人职责情况
镇长对重点环节亲自协调，带头尊法学法守法用法。
"""


@pytest.mark.parametrize(
    ("encoding", "mark", "end"),
    [
        ("utf-8", b"", "\n"),
        ("utf-8", b"\xef\xbb\xbf", "\r\n"),
        ("gb18030", b"", "\r\n"),
        ("utf-16-le", b"\xff\xfe", "\n"),
    ],
)
def test_fix_changes_the_safe_places_and_nothing_else(
    fazhi: Run, tmp_path: Path, encoding: str, mark: bytes, end: str
) -> None:
    path = tmp_path / "报告.txt"
    before = mark + SPOILT.replace("\n", end).encode(encoding)
    path.write_bytes(before)
    shown = fazhi("fix", path, "--diff")
    assert shown.returncode == 1
    assert "-组织法制培训3次,开展深化深化宣传" in shown.stdout.replace("\r", "")
    assert path.read_bytes() == before
    assert fazhi("fix", path, "--write").returncode == 0
    assert path.read_bytes() == mark + MENDED.replace("\n", end).encode(encoding)
    again = fazhi("fix", path, "--write")
    assert (again.returncode, path.read_bytes()) == (0, mark + MENDED.replace("\n", end).encode(encoding))
    assert fazhi("fix", path, "--diff").returncode == 0


def test_fix_takes_only_chosen_rules_and_refuses_other_files(fazhi: Run, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(SPOILT, "utf-8")
    fazhi("fix", path, "--write", "--select", "W605")
    assert path.read_text("utf-8") == SPOILT.replace("遵法学法", "尊法学法")
    for args in (["fix", path], ["fix", path, "--diff", "--write"], ["fix", tmp_path / "报告.docx", "--diff"]):
        done = fazhi(*args)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.endswith("。\n")


def test_fix_says_why_it_changes_nothing(fazhi: Run, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    for text, words in (
        ("关于召开会议的通知\n请各单位参加法制培训。\n", "不像法治政府建设年度报告"),
        (SPOILT.replace("2023年", ""), "--year"),
        ("", "空的"),
    ):
        path.write_text(text, "utf-8")
        done = fazhi("fix", path, "--write")
        assert (done.returncode, done.stdout, path.read_text("utf-8")) == (2, "", text)
        assert words in done.stderr
    path.write_text(SPOILT.replace("2023年", ""), "utf-8")
    assert fazhi("fix", path, "--write", "--year", "2023").returncode == 0


def test_what_stands_apart_in_the_file_is_not_replaced(fazhi: Run, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    text = SPOILT.replace("法制先行审核", "法制先 行审核")
    path.write_text(text, "utf-8")
    fazhi("fix", path, "--write", "--select", "W602")
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize("width", range(12, 44))
def test_lines_never_break_a_blank_or_begin_with_a_mark(width: int) -> None:
    text = "一是〔哪项工作〕不够〔到位〕，主要原因是〔  〕。二是由于〔  〕，〔哪项工作〕还有差距，办理〔  〕件。"
    lines = wrap(text, width)
    assert "".join(lines) == text
    assert all(cell_len(line) <= width for line in lines)
    assert all(line.count("〔  〕") * 3 == line.count("  ") * 3 for line in lines)
    assert not [line for line in lines if line[0] in "，。〕"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes there")
def test_a_reader_that_leaves_does_not_make_a_report_fail(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    command = [sys.executable, "-m", "validator", "check", str(SPECIMENS), "--verbose", "--fail-on", "never"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (2, b"")


@pytest.mark.parametrize("where", ["run._check", "run.identify_files", "conclusion.conclude"])
def test_an_interrupted_audit_says_how_to_go_on(fazhi: Run, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    command = ("audit", GOOD, "--out", "结果", "--jobs", "1", "--outputs", "csv")
    with monkeypatch.context() as patch:
        patch.setattr(f"validator.audit.{where}", _interrupt)
        done = fazhi(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "已中断。做完的都在，加 --resume 可以接着做。\n"
    assert fazhi(*command, "--resume").returncode == 0


def test_an_audit_interrupted_before_there_is_a_list_cannot_go_on(fazhi: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.audit.run.list_source", _interrupt)
    done = fazhi("audit", GOOD, "--out", "结果", "--jobs", "1")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "已中断，没有完成检查。\n")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
