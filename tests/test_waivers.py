"""Waivers: what they take the effect from, until when, and what is said of those that do nothing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import SPECIMENS, Run
from validator.errors import OptionError, RuleFileError
from validator.result import FileResult, Finding, RuleResult, Waiver
from validator.settings.project import WAIVERS_NAME
from validator.waivers import add_waiver, apply_waivers, read_waivers

TODAY = date(2026, 6, 1)
ENTRY = """  - rule: P104
    path: 2020/甲.txt
    reason: 机构改革
    approver: 王某
    expires: 2026-12-31
"""
RULES = ("G001", "P102", "P104")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / WAIVERS_NAME
    path.write_text(text, "utf-8")
    return path


def result(path: str, **outcomes: str) -> FileResult:
    finding = Finding("fail", "缺", None, None, None, None, "ab")
    rules = tuple(
        RuleResult(i, "名", o, "error", None, findings=(finding,) if o == "fail" else ())  # type: ignore[arg-type]
        for i, o in outcomes.items()
    )
    return FileResult(path, "ab", "fail", None, None, rules)


def states(folder: Path, text: str, *files: FileResult) -> tuple[list[str], list[str]]:
    """Return the states of the waivers of a file and the outcomes of results under them."""
    waivers = read_waivers(write(folder, text))
    found, uses = apply_waivers(files, waivers, today=TODAY, rule_ids=RULES, not_waivable=("G",))
    return [u.state for u in uses], [f.outcome for f in found]


def test_what_is_waived_has_no_effect(here: Path) -> None:
    text = "waivers:\n" + ENTRY
    file = result("2020/甲.txt", P102="pass", P104="fail")
    assert states(here, text, file) == (["used"], ["pass"])
    found, _ = apply_waivers([file], read_waivers(here / WAIVERS_NAME), today=TODAY, rule_ids=RULES, not_waivable=())
    rule = found[0].rules[1]
    assert (rule.outcome, rule.is_accepted, rule.waiver and rule.waiver.approver) == ("fail", True, "王某")
    assert states(here, text, result("2020/甲.txt", P104="review")) == (["used"], ["pass"])
    assert states(here, text, result("2020/甲.txt", P104="fail", P102="fail")) == (["used"], ["fail"])


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (("expires: 2026-12-31", "expires: 2026-06-01"), "used"),
        (("expires: 2026-12-31", "expires: 2026-05-31"), "expired"),
        (("rule: P104", "rule: G001"), "not_allowed"),
        (("rule: P104", "rule: P999"), "unknown_rule"),
        (("rule: P104", "rule: P102"), "unused"),
        (("2020/甲.txt", "2020/没有.txt"), "unused"),
        (("2020/甲.txt", '"**/*.txt"'), "used"),
        (("2020/甲.txt", '"2020/*.txt"'), "used"),
        (("2020/甲.txt", '"*.txt"'), "none"),
        (("2020/甲.txt", "甲.txt"), "unused"),
        (("2020/甲.txt", "2020/"), "used"),
    ],
)
def test_what_becomes_of_a_waiver(here: Path, change: tuple[str, str], state: str) -> None:
    text = "waivers:\n" + ENTRY.replace(*change)
    found, outcomes = states(here, text, result("2020/甲.txt", G001="pass", P102="pass", P104="fail"))
    assert found == ([state] if state != "none" else [])
    assert outcomes == ["pass" if state == "used" else "fail"]


def test_of_files_that_were_not_checked_nothing_is_said(here: Path) -> None:
    (here / "2020").mkdir()
    (here / "2020" / "甲.txt").write_text("在", "utf-8")
    assert states(here, "waivers:\n" + ENTRY, result("乙.txt", P104="fail")) == ([], ["fail"])


def test_of_two_the_longer_one_is_shown(here: Path) -> None:
    text = "waivers:\n" + ENTRY + ENTRY.replace("2026-12-31", "2027-12-31")
    waivers = read_waivers(write(here, text))
    found, uses = apply_waivers(
        [result("2020/甲.txt", P104="fail")], waivers, today=TODAY, rule_ids=RULES, not_waivable=()
    )
    assert [u.state for u in uses] == ["used", "used"]
    assert found[0].rules[0].waiver is not None
    assert found[0].rules[0].waiver.expires == "2027-12-31"


def test_an_empty_file_waives_nothing(here: Path) -> None:
    assert read_waivers(write(here, "")).entries == ()
    assert read_waivers(write(here, "waivers: []\n")).entries == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a", "1:1: 应以 waivers: 开头"),
        ("waiver: []", "1:1: 不认识的键 waiver。是不是“waivers”？"),
        ("waivers: 3", "1:1: waivers 应是列表"),
        ("waivers:\n  - x", "2:5: 每条豁免应写明 rule"),
        ("waivers:\n" + ENTRY.replace("reason", "resaon"), "4:5: 不认识的键 resaon。是不是“reason”？"),
        ("waivers:\n" + ENTRY.replace("    reason: 机构改革\n", ""), "2:5: 缺少 reason"),
        ("waivers:\n" + ENTRY.replace("王某", "''"), "5:5: approver 应是不空的文字"),
        ("waivers:\n" + ENTRY.replace("2026-12-31", "明年"), "6:5: expires 应是日期"),
        ("waivers:\n" + ENTRY.replace("2026-12-31", "2026-02-30"), "“2026-02-30”不是有效的值"),
        ("waivers:\n" + ENTRY.replace("P104", "p104"), "2:5: rule 应是一个规则编号，例如 P113，现在是“p104”"),
        ("waivers:\n" + ENTRY.replace("P104", "[P1]"), "rule 应是不空的文字"),
        ("waivers:\n" + ENTRY + "    rule: P102\n", "键 rule 重复"),
        ("waivers: [", "YAML 语法错误，请检查缩进、引号、括号和冒号"),
        ("waivers:\n" + ENTRY.replace("2020/甲.txt", "../甲.txt"), "3:5: path 应是豁免文件下面的路径"),
        ("waivers:\n" + ENTRY.replace("2020/甲.txt", "."), "3:5: path 应是豁免文件下面的路径"),
        ("waivers:\n" + ENTRY.replace("2020/甲.txt", "2020\\甲.txt"), "3:5: path 应是豁免文件下面的路径"),
        ("waivers:\n" + ENTRY.replace("2020/甲.txt", '"a\\nb"'), "3:5: path 里有换行或控制字符"),
        ("waivers:\n" + ENTRY.replace("2026-12-31", "!!timestamp abc"), "“abc”不是有效的值"),
        ("waivers:\n" + ENTRY.replace("P104", "!!bool abc"), "“abc”不是有效的值"),
        ("waivers:\n" + ENTRY.replace("P104", '!!int ""'), "不是有效的值"),
        ("2024-13-45: x", "不是有效的值"),
        ("? [a]\n: x", "键必须是文字"),
        ("waivers:\n" + ENTRY * 2001, "豁免不能多于2000条"),
    ],
)
def test_mistakes_point_at_their_line(here: Path, text: str, said: str) -> None:
    with pytest.raises(RuleFileError) as error:
        read_waivers(write(here, text))
    assert said in str(error.value)
    assert str(error.value).startswith(f"{WAIVERS_NAME}:")


WAIVER = Waiver("P104", "a b/丙：1.txt", "理由: “改革” # 一", "李\n某", "2027-01-01", "批复〔2025〕1号")


@pytest.mark.parametrize(
    "before",
    [
        None,
        "",
        "waivers:\n",
        "waivers: []\n",
        "# 说明\nwaivers:\n" + ENTRY,
        "waivers:\n" + ENTRY.rstrip("\n"),
        "waivers:\n" + "\n".join(line[2:] for line in ENTRY.splitlines()),
    ],
)
def test_a_waiver_is_added_and_the_rest_stays(here: Path, before: str | None) -> None:
    path = here / WAIVERS_NAME if before is None else write(here, before)
    count = 0 if before is None else len(read_waivers(path).entries)
    add_waiver(path, WAIVER)
    entries = read_waivers(path).entries
    assert len(entries) == count + 1
    assert entries[-1].waiver == Waiver(
        "P104", "a b/丙：1.txt", "理由: “改革” # 一", "李 某", "2027-01-01", "批复〔2025〕1号"
    )
    if before and "[]" not in before:
        assert path.read_text("utf-8").startswith(before)


def test_what_cannot_be_added_to_is_left_alone(here: Path) -> None:
    text = "waivers: [{rule: P104, path: a, reason: b, approver: c, expires: 2026-01-01}]\n"
    path = write(here, text)
    with pytest.raises(OptionError, match="手工加上"):
        add_waiver(path, WAIVER)
    assert path.read_text("utf-8") == text


def test_the_whole_way(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "甲 1.txt").write_bytes((SPECIMENS / "missing-plan.txt").read_bytes())
    assert fazhi("check", ".").returncode == 1
    options = ["--reason", "机构改革", "--approver", "王某", "--evidence", "批复1号"]
    said = fazhi("waive", "p104", "甲 1.txt", *options, "--expires", "2099-12-31")
    assert (said.returncode, said.stderr) == (
        0,
        "已写进 fazhi-waivers.yaml：甲 1.txt 豁免 P104，到 2099-12-31 为止。\n",
    )
    done = fazhi("check", ".", "-f", "json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert data["files"][0]["outcome"] == "pass"
    assert [(w["state"], w["line"]) for w in data["waivers"]] == [("used", 2)]
    shown = fazhi("check", ".").stdout
    for words in (
        "✓ 符合（有豁免）",
        "必备项9项，其余全部通过，1项已豁免",
        "1项已豁免",
        "【不计入结论】",
        "机构改革（王某批准",
        "用上了1条豁免。",
    ):
        assert words in shown
    assert fazhi("check", ".", "--isolated").returncode == 1
    path = tmp_path / WAIVERS_NAME
    path.write_text(path.read_text("utf-8").replace("2099", "2020"), "utf-8")
    done = fazhi("check", ".")
    assert done.returncode == 1
    assert "fazhi-waivers.yaml第2行：P104 甲 1.txt，已过期，不再有效。" in done.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["P10", "a.txt", "--expires", "2099-01-01"], "没有编号为 P10 的规则。是不是“P10"),
        (["G001", "a.txt", "--expires", "2099-01-01"], "方案 default 不许豁免 G001"),
        (["P104", "a.txt", "--expires", "2020-01-01"], "已经过去了"),
        (["P104", "a.txt", "--expires", "明年"], "--expires 应是日期"),
        (["P104", "a.txt", "--expires", "2099-01-01", "--reason", " "], "--reason 不能是空的"),
    ],
)
def test_a_waiver_that_must_not_be_written(fazhi: Run, tmp_path: Path, args: list[str], said: str) -> None:
    (tmp_path / ".git").mkdir()
    done = fazhi("waive", "--reason", "x", "--approver", "y", *args)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / WAIVERS_NAME).exists()


def test_a_waiver_means_one_file_and_no_other_of_its_name(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    data = (SPECIMENS / "missing-plan.txt").read_bytes()
    (tmp_path / "下级").mkdir()
    for name in ("报告.txt", "下级/报告.txt", "报告[12].txt", "报告1.txt", "#a.txt", "!b.txt"):
        (tmp_path / name).write_bytes(data)

    def failing() -> list[str]:
        files = json.loads(fazhi("check", ".", "-f", "json").stdout)["files"]
        return [f["path"] for f in files if f["outcome"] == "fail"]

    options = ["--reason", "x", "--approver", "y", "--expires", "2099-12-31"]
    assert len(failing()) == 6
    for name in ("报告.txt", "报告[12].txt", "#a.txt", "!b.txt"):
        assert fazhi("waive", "P104", name, *options).returncode == 0
    assert failing() == ["报告1.txt", "下级/报告.txt"]
    assert fazhi("waive", "P104", "下级", *options).stderr.startswith("已写进 fazhi-waivers.yaml：下级/ 豁免")
    assert failing() == ["报告1.txt"]
    assert fazhi("waive", "P104", ".", *options).returncode == 2


def test_a_path_too_long_to_stand_anywhere(here: Path) -> None:
    long = "x" * 5000 + ".txt"
    assert states(here, "waivers:\n" + ENTRY.replace("2020/甲.txt", long)) == (["unused"], [])


def test_a_waiver_stays_in_the_project(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    options = ["--reason", "x", "--approver", "y", "--expires", "2099-12-31"]
    for path in ("../../x", "/etc/x.txt", "没有.txt"):
        assert fazhi("waive", "P104", path, *options).returncode == 2
    assert fazhi("waive", "P104", "a.txt", *options).returncode == 0
    done = fazhi("waive", "P104", "a.txt", *options)
    assert (done.returncode, "第2行已有这条豁免" in done.stderr) == (2, True)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_from_another_system_is_added_to(here: Path) -> None:
    path = here / WAIVERS_NAME
    path.write_bytes(("\ufeffwaivers:\n" + ENTRY).replace("\n", "\r\n").encode())
    add_waiver(path, WAIVER)
    assert len(read_waivers(path).entries) == 2
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")
