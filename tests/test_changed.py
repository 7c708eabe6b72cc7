"""Files changed in git, in real repositories: every kind of change, every kind of name, and hostile settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SPECIMENS, Run
from tests.git_repositories import GIT_ENVIRONMENT, commit, git, make_repository, write
from validator import changed
from validator.changed import find_changed
from validator.errors import OptionError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

FILES = {
    "reports/不变.txt": "一\n",
    "reports/要改.txt": "一\n",
    "reports/要删.txt": "一\n",
    "reports/要移.txt": "很长的一行，改名以后认得出来\n" * 5,
    "reports/乡镇/旧 名.txt": "一\n",
    "别处/甲.txt": "一\n",
    ".gitignore": "忽略/\n",
}


@pytest.fixture(autouse=True)
def _plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make_repository(tmp_path / "仓 库", FILES)
    monkeypatch.chdir(folder)
    return folder


def change(repo: Path) -> None:
    """On a branch: modify, delete, move and add in commits; stage one file; leave one new, and one ignored."""
    git(repo, "checkout", "-q", "-b", "work")
    git(repo, "rm", "-q", "reports/要删.txt")
    git(repo, "mv", "reports/要移.txt", "reports/乡镇/移 来.txt")
    commit(repo, {"reports/要改.txt": "二\n", "reports/加的，新 报告.txt": "一\n"})
    git(repo, "checkout", "-q", "main")
    commit(repo, {"别处/甲.txt": "主干上后来改的\n"})
    git(repo, "checkout", "-q", "work")
    write(repo, {"reports/暂存.txt": "一\n"})
    git(repo, "add", "reports/暂存.txt")
    write(repo, {"reports/未跟踪.txt": "一\n", "reports/忽略/甲.txt": "一\n", "reports/乡镇/旧 名.txt": "二\n"})


CHANGED = (
    "reports/乡镇/旧 名.txt",
    "reports/乡镇/移 来.txt",
    "reports/加的，新 报告.txt",
    "reports/暂存.txt",
    "reports/未跟踪.txt",
    "reports/要改.txt",
)


def test_every_kind_of_change_and_nothing_from_the_other_branch(repo: Path) -> None:
    change(repo)
    before = (repo / ".git" / "index").read_bytes()
    for revision in ("main", git(repo, "rev-parse", "main"), "main~0"):
        assert find_changed(revision, ["reports"]) == tuple(sorted(CHANGED))
    assert find_changed("main", ["."]) == tuple(sorted(CHANGED))
    assert find_changed("main", ["别处"]) == ()
    assert (repo / ".git" / "index").read_bytes() == before


def test_names_begin_like_the_paths(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(repo)
    one = "reports/乡镇/移 来.txt"
    assert find_changed("main", [one, "reports/乡镇", one]) == ("reports/乡镇/旧 名.txt", one)
    assert find_changed("main", ["reports/不变.txt"]) == ()
    assert find_changed("main", [f"./{one}"]) == (f"./{one}",)
    assert find_changed("main", ["./reports/乡镇/"]) == ("reports/乡镇/旧 名.txt", one)
    assert find_changed("main", [str(repo / one)]) == (str(repo / one),)
    assert find_changed("main", ["reports/*/*来.txt", "没有*这样的"]) == (one,)
    monkeypatch.chdir(repo / "reports" / "乡镇")
    assert find_changed("main", ["."]) == ("旧 名.txt", "移 来.txt")
    assert set(find_changed("main", [".."])) >= {"../乡镇/旧 名.txt", "../要改.txt"}
    monkeypatch.chdir(repo.parent)
    assert find_changed("main", ["仓 库/reports/乡镇"]) == (
        "仓 库/reports/乡镇/旧 名.txt",
        "仓 库/reports/乡镇/移 来.txt",
    )


def test_nothing_changed(repo: Path) -> None:
    for path in repo.rglob("*.txt"):
        os.utime(path, (1, 1))
    assert find_changed("HEAD", ["."]) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be there")
def test_names_that_are_hard_to_write(repo: Path) -> None:
    names = (
        "引\"号'.txt",
        "换\n行.txt",
        "制\t表.txt",
        " 前后 .txt",
        "-x.txt",
        "星*.txt",
        "[甲].txt",
        ":(top)乙.txt",
        "\\u.txt",
    )
    write(repo, dict.fromkeys(names, "一\n"))
    assert set(find_changed("HEAD", ["."])) == set(names)
    git(repo, "add", "-A")
    assert set(find_changed("HEAD", ["."])) == set(names)
    assert find_changed("HEAD", ["[甲].txt"]) == ("[甲].txt",)


def test_a_link_is_named_as_it_stands_and_a_linked_folder_works(repo: Path) -> None:
    change(repo)
    (repo / "链接.txt").symlink_to("reports/不变.txt")
    (repo.parent / "捷径").symlink_to(repo / "reports", target_is_directory=True)
    assert find_changed("main", ["链接.txt"]) == ("链接.txt",)
    assert find_changed("main", [str(repo.parent / "捷径" / "乡镇")]) == tuple(
        str(repo.parent / "捷径" / "乡镇" / n) for n in ("旧 名.txt", "移 来.txt")
    )


def test_a_linked_work_tree_a_bare_repository_behind_it_and_a_nested_repository(repo: Path) -> None:
    change(repo)
    git(repo, "worktree", "add", "-q", str(repo.parent / "另一处"), "main")
    write(repo.parent / "另一处", {"reports/不变.txt": "二\n"})
    assert find_changed("main", [str(repo.parent / "另一处")]) == (str(repo.parent / "另一处/reports/不变.txt"),)
    git(repo.parent, "clone", "-q", "--bare", str(repo), "裸.git")
    git(repo.parent / "裸.git", "worktree", "add", "-q", "../第三处", "main")
    write(repo.parent / "第三处", {"新.txt": "一\n"})
    assert find_changed("main", [str(repo.parent / "第三处")]) == (str(repo.parent / "第三处/新.txt"),)
    make_repository(repo / "reports" / "里面", {"乙.txt": "一\n"})
    assert not [n for n in find_changed("main", ["."]) if "里面" in n]


def test_a_shallow_clone(repo: Path) -> None:
    change(repo)
    git(repo, "stash", "-q", "-u")
    url = repo.as_uri()
    git(repo.parent, "clone", "-q", "--depth=1", "--branch=work", url, "浅")
    shallow = repo.parent / "浅"
    with pytest.raises(OptionError, match=r"^找不到提交 origin/main；浅克隆请先取回历史（fetch-depth: 0）。$"):
        find_changed("origin/main", [str(shallow)])
    git(shallow, "fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
    found = {Path(n).relative_to(shallow).as_posix() for n in find_changed("origin/main", [str(shallow)])}
    assert found == {"reports/乡镇/移 来.txt", "reports/加的，新 报告.txt", "reports/要改.txt", "别处/甲.txt"}


def test_a_clone_without_contents_fetches_nothing(repo: Path) -> None:
    change(repo)
    git(repo, "stash", "-q", "-u")
    git(repo, "config", "uploadpack.allowFilter", "true")
    git(repo.parent, "clone", "-q", "--filter=blob:none", "--branch=work", repo.as_uri(), "部分")
    shutil.move(repo, repo.parent / "搬走")
    found = find_changed("origin/main", [str(repo.parent / "部分")])
    assert {Path(n).name for n in found} == {"移 来.txt", "加的，新 报告.txt", "要改.txt"}


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("没有这个分支", "找不到提交 没有这个分支；浅克隆"),
        ("0" * 40, "找不到提交"),
        ("HEAD~99", "找不到提交"),
        ("main..work", "找不到提交"),
        ("^main", "找不到提交"),
        ("", "应写分支"),
        ("--output=x", "应写分支"),
        ("-h", "应写分支"),
        ("main\0x", "应写分支"),
        ("main\n", "应写分支"),
    ],
)
def test_wrong_revisions_are_one_plain_sentence(repo: Path, revision: str, words: str) -> None:
    with pytest.raises(OptionError) as wrong:
        find_changed(revision, ["."])
    assert words in str(wrong.value)
    assert str(wrong.value).endswith("。")
    assert sorted(p.name for p in repo.iterdir()) == sorted([".git", ".gitignore", "reports", "别处"])


def test_wrong_paths(repo: Path, tmp_path: Path) -> None:
    for paths, words in ((["没有"], "没有：路径不存在"), (["-"], "标准输入"), ([str(tmp_path)], "不在 git 仓库里")):
        with pytest.raises(OptionError, match=words):
            find_changed("main", paths)
    with pytest.raises(OptionError, match="不在 git 仓库里"):
        find_changed("main", [str(repo / ".git")])


def test_a_repository_without_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(OptionError, match="找不到提交 HEAD"):
        find_changed("HEAD", [str(tmp_path)])


def test_no_git_no_answer_and_a_broken_repository(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(repo))
    with pytest.raises(OptionError, match="没有找到 git"):
        find_changed("main", ["."])
    monkeypatch.setenv("PATH", path)

    def slow(*args: Any, **_: Any) -> None:
        raise subprocess.TimeoutExpired(args, 60)

    with monkeypatch.context() as patch:
        patch.setattr(changed.subprocess, "run", slow)  # type: ignore[attr-defined]
        with pytest.raises(OptionError, match="60秒"):
            find_changed("main", ["."])
    (repo / ".git" / "index").write_bytes(b"broken")
    with pytest.raises(OptionError, match="git 没有列出改动（"):
        find_changed("main", ["."])


@pytest.mark.usefixtures("repo")
def test_another_owner_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(OptionError, match=r"safe\.directory"):
        find_changed("main", ["."])


def test_variables_of_a_hook_do_not_lead_elsewhere(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(repo)
    other = make_repository(tmp_path / "其他", {"甲.txt": "一\n"})
    for name, value in (
        ("GIT_DIR", other / ".git"),
        ("GIT_INDEX_FILE", other / ".git/index"),
        ("GIT_WORK_TREE", other),
    ):
        monkeypatch.setenv(name, str(value))
    assert find_changed("main", ["reports"]) == tuple(sorted(CHANGED))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script")
def test_settings_of_a_hostile_repository_run_nothing(repo: Path) -> None:
    change(repo)
    proof = repo.parent / "运行过"
    script = repo.parent / "恶意"
    script.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{proof}'\ncat\n", "utf-8")
    script.chmod(0o755)
    hooks = repo.parent / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "fsmonitor-watchman", "pre-commit"):
        shutil.copy(script, hooks / name)
    run = f"'{script}'"
    for name, value in (
        ("core.fsmonitor", str(script)),
        ("core.hooksPath", str(hooks)),
        ("diff.external", run),
        ("diff.x.command", run),
        ("diff.x.textconv", run),
        ("filter.x.clean", run),
        ("filter.x.smudge", run),
        ("filter.x.required", "true"),
        ("filter.Y Z.process", run),
        ("core.pager", run),
        ("pager.diff", run),
        ("core.sshCommand", run),
        ("diff.orderFile", "没有"),
        ("diff.noprefix", "true"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("alias.diff", f"!{run}"),
        ("status.showUntrackedFiles", "no"),
        ("color.ui", "always"),
    ):
        git(repo, "config", name, value)
    (repo / ".git" / "info" / "attributes").write_text('*.txt diff=x filter=x\n甲.txt filter="Y Z"\n', "utf-8")
    os.utime(repo / "reports" / "不变.txt", (1, 1))
    assert find_changed("main", ["reports"]) == tuple(sorted(CHANGED))
    assert find_changed("main", ["reports/乡镇"]) == ("reports/乡镇/旧 名.txt", "reports/乡镇/移 来.txt")
    assert not proof.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell script")
def test_a_clone_without_folders_says_so_and_asks_nobody(repo: Path) -> None:
    change(repo)
    git(repo, "stash", "-q", "-u")
    git(repo, "config", "uploadpack.allowFilter", "true")
    git(repo.parent, "clone", "-q", "--filter=tree:0", "--branch=work", repo.as_uri(), "无目录")
    bare = repo.parent / "无目录"
    proof = repo.parent / "运行过"
    for name, value in (("remote.origin.url", f"ext::sh -c touch% '{proof}'"), ("protocol.ext.allow", "always")):
        git(bare, "config", name, value)
    with pytest.raises(OptionError, match="git 没有列出改动（"):
        find_changed("origin/main", [str(bare)])
    assert not proof.exists()


def test_the_command_checks_what_changed_and_what_git_cannot_tell(fazhi: Run, tmp_path: Path) -> None:
    text = (SPECIMENS / "missing-plan.txt").read_text("utf-8")
    repo = make_repository(tmp_path / "库", {"甲.txt": text, "乙.txt": text, "别处/丙.txt": text, "无结尾": text})
    (repo / "链接.txt").symlink_to("别处/丙.txt")
    commit(repo, {})
    make_repository(repo / "里面", {"丁.txt": text})

    def checked(*paths: str) -> list[str]:
        done = fazhi("check", *paths, "--changed-since", "HEAD", "-f", "json")
        return [Path(f["path"]).name for f in json.loads(done.stdout)["files"]]

    assert checked("库") == ["链接.txt", "丁.txt"]  # a repository of its own, and a link
    assert checked("库/甲.txt", "库/无结尾") == []
    done = fazhi("check", "库/甲.txt", "--changed-since", "HEAD")
    assert (done.returncode, done.stderr) == (0, "从 HEAD 以来没有改过报告，不用检查。\n")
    write(repo, {"乙.txt": text + "。", "无结尾": text + "。", "README.md": "x"})
    assert checked("库") == ["README.md", "乙.txt", "链接.txt", "丁.txt"]
    assert checked("库/无结尾", "库/甲.txt") == ["无结尾"]
    (repo / ".fazhiignore").write_text("README*\n链接*\n里面/\n", "utf-8")
    assert fazhi("check", "库", "--changed-since", "nothing").returncode == 2
