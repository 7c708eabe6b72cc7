"""The baseline: known findings do not count, whatever line they move to; new and resolved ones are told."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import SPECIMENS, Run
from validator.baseline import apply_baseline, collect, read_baseline, render_baseline
from validator.engine import Engine
from validator.errors import OptionError
from validator.result import KnownFinding
from validator.runner import Checker
from validator.settings.project import BASELINE_NAME

TEXT = (SPECIMENS / "missing-plan.txt").read_text("utf-8")
WRONG = TEXT.replace("依法履行职能", "依法履行职能、法制政府建设", 1)


def known_of(engine: Engine, text: str) -> tuple[KnownFinding, ...]:
    with Checker(engine, all_findings=True) as checker:
        return collect([checker.check_bytes("甲.txt", text.encode())], Path())


def new_of(engine: Engine, text: str, known: tuple[KnownFinding, ...]) -> tuple[set[str], set[str]]:
    """Return the rules with new findings, and those with resolved ones."""
    with Checker(engine, all_findings=True) as checker:
        files, use = apply_baseline([checker.check_bytes("甲.txt", text.encode())], known, Path(BASELINE_NAME))
    fresh = {r.id for r in files[0].rules if r.outcome in ("fail", "review") for f in r.findings if not f.known}
    return fresh, {k.rule for k in use.resolved}


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t,
        lambda t: "\n\n" + t.replace("\n\n", "\n\n\n"),
        lambda t: t.replace("（一）", "（十一）").replace("（二）", "（十二）"),
        lambda t: t.replace("二、存在", "三、存在").replace("三、县政府主要", "四、县政府主要"),
        lambda t: t.replace("\n", "\r\n"),
    ],
)
def test_known_findings_stay_known(engine: Engine, change: object) -> None:
    known = known_of(engine, WRONG)
    assert {k.rule for k in known} >= {"P104", "W601"}
    fresh, _ = new_of(engine, change(WRONG), known)  # type: ignore[operator]
    assert fresh <= {"H701", "H702"}


def test_new_and_resolved_ones_are_told(engine: Engine) -> None:
    known = known_of(engine, WRONG)
    assert new_of(engine, TEXT, known) == (set(), {"W601"})
    worse = WRONG.replace("完善制度体系", "完善法制政府体系", 1)
    fresh, resolved = new_of(engine, worse, known)
    assert (fresh, resolved) == ({"W601"}, set())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("完善制度体系，决策质量稳步提升。", "完善法制政府体系，决策质量稳步提升。"),  # the same word elsewhere
        ("贯彻《重大行政决策程序暂行条例》，", "贯彻《重大行政决策程序暂行条例》，推进法制政府建设，"),
    ],
)
def test_one_mended_and_one_made_elsewhere_are_not_the_same(engine: Engine, old: str, new: str) -> None:
    assert old in TEXT
    fresh, resolved = new_of(engine, TEXT.replace(old, new, 1), known_of(engine, WRONG))
    assert (fresh, resolved) == ({"W601"}, {"W601"})


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ("一是推进法制政府建设不够。", "三是推进法制政府建设不够。", True),
        ("（一）推进法制政府建设不够。", "1.推进法制政府建设不够。", True),
        ("第二，推进法制政府建设不够。", "推进法制政府建设不够。", True),
        ("三项制度和法制政府建设不够。", "五项制度和法制政府建设不够。", False),  # 三项 is no number mark
        ("2.5万人参加法制政府宣讲。", "5万人参加法制政府宣讲。", False),  # nor is 2.
        ("二手车市场法制政府建设不够。", "手车市场法制政府建设不够。", False),
    ],
)
def test_what_is_a_number_mark_and_what_is_not(engine: Engine, before: str, after: str, is_same: bool) -> None:
    def text(words: str) -> str:
        return TEXT.replace("（二）个别部门", f"{words}\n\n（二）个别部门", 1)

    fresh, resolved = new_of(engine, text(after), known_of(engine, text(before)))
    assert ("W601" not in fresh and "W601" not in resolved) is is_same


def test_the_same_words_twice_are_counted(engine: Engine) -> None:
    one = known_of(engine, WRONG)
    sentence = "加强法制政府建设的宣传。"
    twice = WRONG.replace("现报告如下。", f"现报告如下。\n\n{sentence}\n\n{sentence}", 1)
    fresh, _ = new_of(engine, twice, one)
    assert "W601" in fresh


def test_of_files_that_were_not_checked_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "在.txt").write_text("在", "utf-8")
    known = (
        KnownFinding("在.txt", "P104", "ab", "缺"),
        KnownFinding("没有.txt", "P104", "ab", "缺"),
    )
    _, use = apply_baseline([], known, tmp_path / BASELINE_NAME)
    assert [k.path for k in use.resolved] == ["没有.txt"]


def test_a_baseline_reads_back(engine: Engine, tmp_path: Path) -> None:
    known = known_of(engine, WRONG)
    path = tmp_path / BASELINE_NAME
    path.write_text(render_baseline(known), "utf-8")
    assert read_baseline(path) == known
    path.write_text(render_baseline(()), "utf-8")
    assert read_baseline(path) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": "2", "findings": []}',
        '{"version": "1", "findings": [1]}',
        '{"version": "1", "findings": [{"path": "a", "rule": "b", "fingerprint": "c", "message": "d", "count": 0}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / BASELINE_NAME
    path.write_text(text, "utf-8")
    with pytest.raises(OptionError, match="不是基线文件"):
        read_baseline(path)


def test_the_whole_way(fazhi: Run, tmp_path: Path) -> None:
    report = tmp_path / "甲 1.txt"
    report.write_text(WRONG, "utf-8")
    assert fazhi("baseline", "check").stderr == f"没有基线文件 {BASELINE_NAME}，请先运行 fazhi baseline write。\n"
    said = fazhi("baseline", "write")
    assert said.returncode == 0
    assert said.stderr.startswith(f"已写进 {BASELINE_NAME}：1个文件，")
    done = fazhi("check", ".", "-f", "json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    hidden = data["baseline"]["hidden"]
    assert hidden == sum(k["count"] for k in json.loads((tmp_path / BASELINE_NAME).read_text("utf-8"))["findings"])
    shown = fazhi("check", ".").stdout
    assert f"基线 {BASELINE_NAME} 中已有的{hidden}处没有计入结论。" in shown
    assert "✓ 没有新问题  甲 1.txt" in shown
    assert "没有新的不通过" in shown
    assert "已在基线中" in fazhi("check", ".", "--verbose").stdout
    assert fazhi("check", ".", "--isolated").returncode == 1
    report.write_text("\n" + TEXT.replace("二、存在的不足和原因", "二、其他情况", 1), "utf-8")
    done = fazhi("baseline", "check", "--fail-on", "review")
    assert done.returncode == 1
    assert "已经解决的（用 fazhi baseline write 更新基线）：\n  甲 1.txt：W601" in done.stdout
    report.write_bytes(b"\x00\x01")
    assert fazhi("baseline", "check").returncode == 2
    before = (tmp_path / BASELINE_NAME).read_bytes()
    done = fazhi("baseline", "write")
    assert (done.returncode, "没有写基线" in done.stderr) == (2, True)
    assert (tmp_path / BASELINE_NAME).read_bytes() == before
    (tmp_path / BASELINE_NAME).write_text("x", "utf-8")
    assert fazhi("check", ".").returncode == 2


def test_what_may_not_be_let_pass_counts_all_the_same(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "菜单.txt").write_text("食堂菜单\n\n周一：面条。\n", "utf-8")
    said = fazhi("baseline", "write").stderr
    assert "方案不许放过的1处（G001、S901）没有写进，照样计入结论。" in said
    assert fazhi("check", ".").returncode == 1
    known = KnownFinding("菜单.txt", "G001", "0" * 16, "x")
    path = tmp_path / BASELINE_NAME
    data = json.loads(fazhi("check", ".", "-f", "json").stdout)
    (finding,) = (f for r in data["files"][0]["rules"] if r["id"] == "G001" for f in r["findings"])
    path.write_text(render_baseline([replace(known, fingerprint=finding["fingerprint"])]), "utf-8")
    assert fazhi("check", ".").returncode == 1


def test_members_of_archives_are_resolved_with_their_archive(tmp_path: Path) -> None:
    (tmp_path / "B.ZIP").write_bytes(b"x")
    known = tuple(KnownFinding(f"{name}/a.txt", "P104", "ab", "缺") for name in ("B.ZIP", "c.zip"))
    _, use = apply_baseline([], known, tmp_path / BASELINE_NAME)
    assert [k.path for k in use.resolved] == ["c.zip/a.txt"]


def test_what_was_not_checked_stays_in_the_baseline(fazhi: Run, tmp_path: Path) -> None:
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text(WRONG, "utf-8")
    fazhi("baseline", "write")
    before = (tmp_path / BASELINE_NAME).read_text("utf-8")
    said = fazhi("baseline", "write", "甲.txt").stderr
    assert "这次没有检查的，原有的" in said
    assert (tmp_path / BASELINE_NAME).read_text("utf-8") == before
    (tmp_path / "fazhi.toml").write_text('ignore = ["W601"]\n', "utf-8")
    fazhi("baseline", "write")
    assert (tmp_path / BASELINE_NAME).read_text("utf-8") == before
    (tmp_path / "乙.txt").unlink()
    fazhi("baseline", "write")
    assert "乙.txt" not in (tmp_path / BASELINE_NAME).read_text("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="names are always Unicode there")
def test_a_baseline_that_cannot_be_written_leaves_the_old_one(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(WRONG, "utf-8")
    fazhi("baseline", "write")
    before = (tmp_path / BASELINE_NAME).read_bytes()
    (tmp_path / "乙\udcff.txt").write_text(WRONG, "utf-8")
    assert fazhi("baseline", "write").returncode == 2
    assert (tmp_path / BASELINE_NAME).read_bytes() == before
