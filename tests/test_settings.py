"""Configuration: which file holds, what wins, and a plain sentence for every mistake."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import SPECIMENS, Run
from validator.errors import OptionError
from validator.reporters.table import FORMATS
from validator.settings.keys import DEFAULTS, KEYS
from validator.settings.project import Project

TEXT = (SPECIMENS / "missing-plan.txt").read_text("utf-8")
FAILS = ("P104",)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository of reports; the tests run in it."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_nothing_is_set(here: Path) -> None:
    project = Project(["甲.txt"])
    assert project.root == here
    assert (dict(project.settings), project.used) == ({}, ())
    assert project.recipe_for("甲.txt").profile == "default"


def test_the_nearest_file_holds_and_the_command_line_wins(here: Path) -> None:
    put(here / "fazhi.toml", 'year = 2020\nprofile = "statutory"\nfail-on = "warning"\n')
    put(here / "2021" / "fazhi.toml", "year = 2021\n")
    put(here / "2021" / "乡镇" / "甲.txt", TEXT)
    project = Project(["."])
    assert project.value("fail-on", "error") == "warning"
    assert project.recipe_for("乙.txt").options.year == 2020
    inner = project.recipe_for("2021/乡镇/甲.txt")
    assert (inner.options.year, inner.profile) == (2021, "default")
    assert project.used == ("fazhi.toml", "2021/fazhi.toml")
    assert Project(["."], {"year": 2019}).recipe_for("2021/乡镇/甲.txt").options.year == 2019


def test_extends_and_overrides(here: Path) -> None:
    base = 'ignore = ["H"]\n[limits]\npages = 9\n[[overrides]]\npaths = ["街道/"]\norgan-level = "township"\n'
    put(here / "共用" / "base.toml", base)
    put(
        here / "fazhi.toml",
        'extends = "共用/base.toml"\nlimits = { seconds = 5 }\n'
        '[[overrides]]\npaths = ["2020/**"]\nyear = 2020\n[[overrides]]\npaths = ["2020/甲.txt"]\nyear = 2019\n',
    )
    project = Project(["."])
    one = project.recipe_for("2020/乙.txt")
    assert (one.options.year, one.options.ignore) == (2020, ("H",))
    assert (one.limits.pages, one.limits.seconds) == (9, 5)
    assert project.recipe_for("2020/甲.txt").options.year == 2019
    assert project.recipe_for("共用/街道/丙.txt").options.organ_level == "township"
    assert project.recipe_for("街道/丙.txt").options.organ_level is None
    assert project.used == ("共用/base.toml", "fazhi.toml")


def test_pyproject_counts_when_it_has_our_table(here: Path) -> None:
    put(here / "fazhi.toml", "year = 2018\n")
    put(here / "a" / "pyproject.toml", "[tool.other]\nx = 1\n")
    put(here / "b" / "pyproject.toml", "[tool.fazhi]\nyear = 2022\n")
    project = Project(["."])
    assert project.recipe_for("a/甲.txt").options.year == 2018
    assert project.recipe_for("b/甲.txt").options.year == 2022


def test_from_outside_the_configuration_of_the_files_holds(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here / "库" / "fazhi.toml", 'fail-on = "warning"\n')
    put(here / "库" / "甲.txt", TEXT)
    (here / "别处").mkdir()
    monkeypatch.chdir(here / "别处")
    assert Project([str(here / "库" / "甲.txt")]).value("fail-on", "error") == "warning"
    assert Project([str(here / "库")], isolated=True).value("fail-on", "error") == "error"


def test_a_run_has_one_setting_for_the_whole(here: Path) -> None:
    put(here / "fazhi.toml", 'fail-on = "error"\n')
    put(here / "2021" / "fazhi.toml", 'fail-on = "never"\n')
    with pytest.raises(OptionError, match=r"2021/fazhi.toml 第1行：fail-on 管的是整次检查.*总设置是 fazhi\.toml"):
        Project(["."]).recipe_for("2021/甲.txt")
    assert Project(["."], {"fail-on": "review"}).recipe_for("2021/甲.txt")
    (here / "fazhi.toml").unlink()
    with pytest.raises(OptionError, match="总设置是 （没有）"):
        Project(["."]).recipe_for("2021/甲.txt")
    put(here / "2021" / "fazhi.toml", 'fail-on = "error"\njobs = 0\n')
    assert Project(["."]).recipe_for("2021/甲.txt")
    put(here / "fazhi.toml", 'fail-on = "error"\n')
    put(here / "2021" / "fazhi.toml", 'fail-on = "error"\nyear = 2021\n')
    assert Project(["."]).recipe_for("2021/甲.txt").options.year == 2021


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("profil = 'x'", "fazhi.toml 第1行：不认识“profil”。是不是“profile”？"),
        ("\nFail_On = 'x'", "fazhi.toml 第2行：不认识“Fail_On”。是不是“fail-on”？"),
        ("zzz = 1", "fazhi.toml 第1行：不认识“zzz”。可用：profile、"),
        ("year = '2023'", "fazhi.toml 第1行：year 应是2000到2100的整数。"),
        ("year = true", "year 应是"),
        ("jobs = 99", "jobs 应是0到60的整数。"),
        ("fail-on = 'all'", "fail-on 应是 error、warning、review、never 之一。"),
        ("select = 'P'", "select 应是文字的列表"),
        ("ocr = 1", "ocr 应是 true 或 false。"),
        ("as-of = 'x'", "as-of 应是日期，例如 2023-12-31。"),
        ("profile = ''", "profile 应是不空的文字，不能有换行和控制字符。"),
        ("limits = { page = 1 }", "limits 应是一组限制，可用：file_mib、"),
        ("limits = { pages = 0 }", "limits 每个限制都应是1到1000000的整数。"),
        ("year = \nocr = true", "fazhi.toml 第1行第8字：不合 TOML 的写法"),
        ("x = " + "[" * 50_000, "括号套得太深。"),
        ("extends = 'none.toml'", "设置文件 none.toml 读不出来（没有这个文件）。"),
        ('extends = "a\\u0000b"', "extends 应是一个文件的路径。"),
        ("year = " + "9" * 5000, "里面有太大的数。"),
        ("limits = { seconds = 10000000000000000000000 }", "每个限制都应是1到1000000的整数。"),
        ("extends = 3", "fazhi.toml：extends 应是一个文件的路径。"),
        ("extends = 'fazhi.toml'", "extends 绕回了 fazhi.toml"),
        ("overrides = 1", "overrides 应写成 [[overrides]]"),
        ("[[overrides]]\nyear = 2020", "第1个 [[overrides]]里的 paths 应是路径的列表"),
        ("[[overrides]]\npaths = ['a']\njobs = 2", "第1个 [[overrides]]里不能写 jobs"),
        ("[[overrides]]\npaths = ['a']\nyaer = 2", "第1个 [[overrides]]：不认识“yaer”。是不是“year”？"),
    ],
)
def test_mistakes_are_said_with_their_place(here: Path, text: str, said: str) -> None:
    put(here / "fazhi.toml", text)
    with pytest.raises(OptionError) as error:
        Project(["."]).settings_for("a")
    assert said in str(error.value)


def test_a_configuration_that_is_no_text(here: Path) -> None:
    (here / "fazhi.toml").write_bytes("year = 2020 # 年".encode("gbk"))
    with pytest.raises(OptionError, match="不是 UTF-8"):
        Project(["."])
    with pytest.raises(OptionError, match="没有这个文件"):
        Project(["."], config=Path("none.toml"))


def test_every_key_says_its_default() -> None:
    assert DEFAULTS.keys() == KEYS.keys()


def test_the_command_shows_who_set_what(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "fazhi.toml", 'ignore = ["H701"]\n[[overrides]]\npaths = ["甲.txt"]\nyear = 2020\n')
    put(tmp_path / ".fazhiignore", "甲.*\n")
    said = fazhi("config", "show", "甲.txt").stdout
    assert 'ignore = ["H701"]    # fazhi.toml 第1行' in said
    assert "year = 2020    # fazhi.toml 第1个 [[overrides]]" in said
    assert "忽略文件：.fazhiignore" in said
    assert "这个文件按设置不检查。" in said
    assert 'profile = "default"    # 默认' in said
    assert "year = 按报告写的年度    # 默认" in fazhi("config", "show").stdout


def test_settings_reach_the_check(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "甲.txt", TEXT)
    assert fazhi("check", "甲.txt").returncode == 1
    put(tmp_path / "fazhi.toml", 'fail-on = "never"\nselect = ["P104", "G001"]\n')
    done = fazhi("check", "甲.txt", "-f", "json")
    data = json.loads(done.stdout)
    assert done.returncode == 0
    assert data["configuration"] == ["fazhi.toml"]
    assert [r["id"] for r in data["files"][0]["rules"]] == ["G001", "P104"]
    assert "设置文件：fazhi.toml。" in fazhi("check", "甲.txt").stdout
    assert fazhi("check", "甲.txt", "--isolated").returncode == 1
    assert fazhi("check", "甲.txt", "--fail-on", "error").returncode == 1
    put(tmp_path / "fazhi.toml", "fail = 1\n")
    assert fazhi("check", "甲.txt").stderr == "fazhi.toml 第1行：不认识“fail”。是不是“fail-on”？\n"


def test_files_that_are_left_out(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "甲.txt", TEXT)
    put(tmp_path / "草稿" / "乙.txt", "不是报告")
    put(tmp_path / "README.md", "# 说明")
    put(tmp_path / ".fazhiignore", "\ufeff# 注\nREADME*\n")
    put(tmp_path / "fazhi.toml", 'exclude = ["草稿/"]\n')
    data = json.loads(fazhi("check", ".", "-f", "json").stdout)
    assert [f["path"] for f in data["files"]] == ["甲.txt"]
    assert data["coverage"]["excluded"] == 2
    assert "另有2个文件按设置不检查。" in fazhi("check", ".").stdout
    assert "README.md" in fazhi("check", "README.md").stdout
    done = fazhi("check", "README.md", "草稿/乙.txt", "--force-exclude")
    assert (done.returncode, done.stderr) == (0, "找到的2个文件都按设置不检查。\n")
    done = fazhi("check", "草稿")
    assert (done.returncode, done.stderr) == (2, "找到的1个文件都按设置不检查。\n")
    assert fazhi("check", "草稿", "--isolated").returncode == 1


def test_later_patterns_win_as_in_git(here: Path) -> None:
    put(here / ".fazhiignore", "甲.txt\n!甲.txt\n")
    assert not any(p.match("甲.txt") for p in Project(["."]).excludes())


def test_a_file_that_does_not_exist_is_never_left_out(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / ".fazhiignore", "*.txt\n")
    assert fazhi("check", "没有.txt", "--force-exclude").returncode == 2
    put(tmp_path / "甲.md", TEXT)
    (tmp_path / "空").mkdir()
    for nothing in ("空", "x*.txt"):
        done = fazhi("check", "甲.md", nothing, "--fail-on", "never")
        assert (done.returncode, "这里没有可检查的文件。" in done.stdout) == (2, True)


def test_few_rules_are_not_called_all(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "甲.txt", TEXT)
    put(tmp_path / "乙.txt", (SPECIMENS / "passes-all.txt").read_text("utf-8"))
    put(tmp_path / "fazhi.toml", '[[overrides]]\npaths = ["甲.txt"]\nselect = ["W601"]\n')
    said = fazhi("check", ".").stdout
    assert "✓ 所查项已过  甲.txt\n    没有选必备项来查，没有其他提示。" in said
    assert "用1到48条规则检查了2个文件中的2个" in said
    assert "共2个文件：符合1个，所查项已过1个。" in said


def test_the_text_is_for_the_page_only(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "甲.txt", TEXT)
    alone = fazhi("check", "甲.txt", "-f", "json").stdout
    assert fazhi("check", "甲.txt", "-f", "json", "-o", "html=a.html").stdout == alone


@pytest.mark.skipif(sys.platform != "linux", reason="names are always Unicode there")
def test_a_name_that_is_no_unicode(fazhi: Run, tmp_path: Path) -> None:
    name = "报告\udcff.txt"
    put(tmp_path / name, TEXT)
    for form in FORMATS:
        assert fazhi("check", ".", "-o", f"{form}=out.{form}", "--fail-on", "never").returncode == 0
    assert fazhi("waive", "P104", name, "--reason", "x", "--approver", "y", "--expires", "2099-01-01").returncode == 2


def test_words_of_files_do_not_steer_the_terminal(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "fazhi.toml", '"a\\u001b[2J\\n::error::x" = 1\n')
    done = fazhi("check", ".")
    assert (done.returncode, done.stderr.count("\n"), "\x1b" in done.stderr) == (2, 1, False)


@pytest.mark.parametrize("pattern", ["*a" * 60 + "b", "a" * 600])
def test_patterns_that_could_take_for_ever_are_refused(here: Path, pattern: str) -> None:
    put(here / ".fazhiignore", f"{pattern}\n")
    with pytest.raises(OptionError, match="太长或星号太多"):
        [p.match("a" * 60 + ".txt") for p in Project(["."]).excludes()]


def test_what_is_no_regular_file(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "甲.txt", TEXT)
    (tmp_path / "fazhi.toml").symlink_to("没有")
    assert "设置文件 fazhi.toml 读不出来（不是普通文件）" in fazhi("check", "甲.txt").stderr
    (tmp_path / "fazhi.toml").unlink()
    put(tmp_path / "fazhi.toml", 'extends = "/dev/zero"\n')
    assert "不是普通文件" in fazhi("check", "甲.txt").stderr
    (tmp_path / "fazhi.toml").unlink()
    (tmp_path / "fazhi-waivers.yaml").mkdir()
    assert fazhi("check", "甲.txt").returncode == 2
    (tmp_path / "fazhi-waivers.yaml").rmdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "管道.txt")
        assert "不是普通文件，不能检查。" in fazhi("check", ".").stdout


def test_a_result_is_not_written_over_a_report(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "甲.txt", TEXT)
    done = fazhi("check", "甲.txt", "-o", "json=./甲.txt")
    assert (done.returncode, (tmp_path / "甲.txt").read_text("utf-8") == TEXT) == (2, True)


def test_small_things_people_meet(fazhi: Run, tmp_path: Path) -> None:
    put(tmp_path / "甲.txt", (SPECIMENS / "nested-principal.txt").read_text("utf-8"))
    (tmp_path / "fazhi.toml").write_bytes('\ufeffselect = ["p104", "F203", "W601"]\r\n'.encode())
    assert [r["id"] for r in json.loads(fazhi("check", "甲.txt", "-f", "json").stdout)["files"][0]["rules"]] == [
        "P104",
        "F203",
        "W601",
    ]
    assert 'select = ["p104", "F203", "W601"]    # fazhi.toml 第1行' in fazhi("config", "show").stdout
    assert "共" not in fazhi("check", "甲.txt", "./甲.txt", str(tmp_path / "甲.txt")).stdout  # one file, said thrice
    assert fazhi("check", "甲.txt", "--as-of", "0001-01-01").returncode == 2
    assert fazhi("check", "甲.txt", "--isolated", "--config", "fazhi.toml").returncode == 2
    assert "缺少 --reason（为什么豁免）" in fazhi("waive", "P104", "甲.txt").stderr
    put(tmp_path / "fazhi.toml", "tool = 3\n")
    assert "里不用写 [tool.fazhi]" in fazhi("check", "甲.txt").stderr
    put(tmp_path / "fazhi.toml", "year = 2020\nyear = 2021\n")
    assert "名字也不能重复" in fazhi("check", "甲.txt").stderr


def test_hints_that_fail_are_explained(fazhi: Run, tmp_path: Path) -> None:
    text = (SPECIMENS / "passes-all.txt").read_text("utf-8")
    put(tmp_path / "甲.txt", text.replace("\n\n", "\n\n加强法制政府建设。", 2))
    done = fazhi("check", "甲.txt", "--fail-on", "warning")
    assert (done.returncode, done.stderr) == (1, "按 fail-on = warning，提示也算不通过，退出码是1。\n")


def test_whatever_goes_wrong_is_not_taken_for_checked(
    fazhi: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "甲.txt", TEXT)

    def crash(*_: object, **__: object) -> None:
        raise ArithmeticError("秘密")

    monkeypatch.setattr("validator.cli.check.run_plan", crash)
    done = fazhi("check", "甲.txt")
    assert (done.returncode, done.stderr) == (
        2,
        "程序出错（ArithmeticError），没有完成检查，请报告给维护者。\n",
    )
