"""``fazhi rules test --corpus``: what a change of rules changes over a folder of reports."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run, shipped_rules
from tests.git_repositories import git, make_repository, write
from tests.pack_files import write_pack
from validator.authoring.comparison import Change, compare_outcomes, render_json
from validator.changed import read_folder_at
from validator.errors import OptionError
from validator.kinds import ThemeCheck
from validator.ruleset import RuleSet
from validator.sources import find_sources

HEAD = "青石镇2023年法治政府建设情况报告\n一、主要举措和成效\n"
REPORTS = {
    "普法.txt": f"{HEAD}落实“谁执法谁普法”责任制，开展普法宣传12场。\n",
    "培训.txt": f"{HEAD}开展执法培训3次。\n",
    "别的/两样.txt": f"{HEAD}落实“谁执法谁普法”责任制，开展执法培训3次。\n",
    "空.txt": "",
    "无年度.txt": "青石镇法治政府建设情况报告\n一、主要举措和成效\n开展执法培训3次。\n",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "语料", REPORTS)
    return tmp_path / "语料"


def changed() -> RuleSet:
    """Return the shipped rules with T302 looking for something else, without T303, and with a rule more."""
    rules = shipped_rules()
    old = next(r for r in rules.rules if r.id == "T302")
    assert isinstance(old.check, ThemeCheck)
    mention = old.check.any_of[0].all_of[0].model_copy(update={"terms": ("执法培训",), "needs": (), "needs_near": ()})
    check = old.check.model_copy(
        update={"any_of": (old.check.any_of[0].model_copy(update={"all_of": (mention,)}),), "weak": ()}
    )
    new = old.model_copy(update={"check": check})
    more = old.model_copy(update={"id": "X101", "title": "新的"})
    kept = tuple(new if r.id == "T302" else r for r in rules.rules if r.id not in ("T303", "D321", "D322", "D323"))
    return replace(rules, rules=(*kept, more), digest="sha256:new")


def test_what_changed_is_told_rule_by_rule(corpus: Path) -> None:
    sources, _ = find_sources([str(corpus)])
    found = compare_outcomes(shipped_rules(), changed(), sources)
    by_id = {r.id: r for r in found.rules}
    assert by_id["T302"].changes == (
        Change("pass", "fail", (f"{corpus}/普法.txt",)),
        Change("fail", "pass", (f"{corpus}/培训.txt",)),
    )
    assert (by_id["X101"].state, by_id["T303"].state) == ("added", "removed")
    assert all(c.before is None for c in by_id["X101"].changes)
    assert all(c.after is None for c in by_id["T303"].changes)
    assert list(found.unread) == [f"{corpus}/无年度.txt", f"{corpus}/空.txt"]
    assert found.files == len(REPORTS)
    again = json.loads(render_json(found))
    assert again["after"]["digest"] == "sha256:new"
    assert [c["count"] for r in again["rules"] if r["id"] == "T302" for c in r["changes"]] == [1, 1]


def test_the_same_rules_change_nothing(fazhi: Run, corpus: Path) -> None:
    (corpus / "空.txt").unlink()
    done = fazhi("rules", "test", "--corpus", corpus, "--against", ROOT / "rules", "--year", "2023")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "每条规则对每份报告的结果都没有变。"


def test_packs_lie_on_both_rule_sets(fazhi: Run, corpus: Path, tmp_path: Path) -> None:
    (corpus / "空.txt").unlink()
    pack = write_pack(tmp_path / "云河")
    options = ("--corpus", corpus, "--year", "2023", "--rules", pack)
    done = fazhi("rules", "test", *options, "--against", ROOT / "rules")
    assert done.stdout.splitlines()[-1] == "每条规则对每份报告的结果都没有变。"
    assert "X101 执法人员培训（新增）" in fazhi("rules", "test", *options).stdout


@pytest.mark.slow
def test_a_commit_is_compared_with_the_folder_as_it_stands(fazhi: Run, corpus: Path, tmp_path: Path) -> None:
    make_repository(tmp_path / "库", {"说明.md": "规则"})
    shutil.copytree(ROOT / "rules", tmp_path / "库" / "rules")
    git(tmp_path / "库", "add", "-A")
    git(tmp_path / "库", "commit", "-q", "-m", "规则")
    path = tmp_path / "库" / "rules" / "themes" / "T302.yaml"
    path.write_text(path.read_text("utf-8").replace("谁执法谁普法, ", "甲乙丙丁, "), "utf-8")
    options = ("--corpus", corpus, "--rules-dir", tmp_path / "库" / "rules", "--against-ref", "HEAD", "--year", "2023")
    done = fazhi("rules", "test", *options)
    assert done.returncode == 2, "the empty file could not be read"
    assert "! " in done.stdout
    assert "T302" in done.stdout
    assert "通过 → 不通过：2份" in done.stdout
    assert "普法.txt" in done.stdout
    (corpus / "空.txt").unlink()
    done = fazhi("rules", "test", *options, "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["rules"][0]["id"] == "T302"
    git(tmp_path / "库", "commit", "-q", "-a", "-m", "改")
    assert "都没有变" in fazhi("rules", "test", *options).stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--against", "x"), "要和 --corpus 一起用"),
        (("--corpus", ".", "P101"), "不要写规则编号"),
        (("--corpus", "."), "--against"),
        (("--corpus", ".", "--against", "x", "--against-ref", "HEAD"), "只能写一个"),
        (("--corpus", ".", "--against", "没有"), "规则目录不存在"),
    ],
)
def test_wrong_options_are_one_sentence(fazhi: Run, options: tuple[str, ...], words: str) -> None:
    done = fazhi("rules", "test", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_at_a_commit_runs_no_filter(tmp_path: Path) -> None:
    repo = make_repository(
        tmp_path / "库", {"rules/a/T1.yaml": "旧\n", "别的.txt": "x", ".gitattributes": "* filter=f\n"}
    )
    git(repo, "config", "filter.f.smudge", f"touch {tmp_path}/ran; cat")
    write(repo, {"rules/a/T1.yaml": "新\n", "rules/b.yaml": "新\n"})
    (repo / "rules" / "链接").symlink_to("a")
    assert read_folder_at(repo / "rules", "HEAD") == {"a/T1.yaml": "旧\n".encode()}
    assert read_folder_at(repo, "main").keys() == {"rules/a/T1.yaml", "别的.txt", ".gitattributes"}
    assert not (tmp_path / "ran").exists()
    (repo / "空").mkdir()
    with pytest.raises(OptionError, match="还没有"):
        read_folder_at(repo / "空", "HEAD")
    with pytest.raises(OptionError, match="找不到提交"):
        read_folder_at(repo / "rules", "没有")
    with pytest.raises(OptionError, match="不在 git 仓库里"):
        read_folder_at(tmp_path, "HEAD")
