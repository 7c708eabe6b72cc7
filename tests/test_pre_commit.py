"""The hook and the action as their users run them: real pre-commit with an environment of its own, and the action's script."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT, SPECIMENS
from tests.git_repositories import GIT_ENVIRONMENT, commit, git, make_repository, write
from tests.test_readers import parse_commands

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")]

BAD = (SPECIMENS / "missing-problems.txt").read_text("utf-8")
GOOD = (SPECIMENS / "passes-all.txt").read_text("utf-8")


def environment(more: Mapping[str, object]) -> dict[str, str]:
    """Return the environment without git's own variables, with the commands of this environment first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "FAZHI_", "GITHUB_"))}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {**kept, **GIT_ENVIRONMENT, "PATH": path, "NO_COLOR": "1", **{n: str(v) for n, v in more.items()}}


def run(
    folder: Path, *args: object, given: Mapping[str, object], seconds: int = 120
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder; its two streams come as one text."""
    return subprocess.run(
        [str(a) for a in args],
        cwd=folder,
        env=environment(given),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=seconds,
    )


@pytest.fixture(scope="module")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of the work tree as it stands, committed or not."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a clone")
    folder = tmp_path_factory.mktemp("hook") / "fazhi"
    folder.mkdir()
    for name in filter(None, git(ROOT, "ls-files", "-z", "-co", "--exclude-standard").split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, {})
    return folder


def test_pre_commit_stops_a_failing_report_and_lets_the_corrected_one_pass(
    hook_repository: Path, tmp_path: Path
) -> None:
    specimens = [p for p in sorted(SPECIMENS.iterdir()) if p.suffix == ".txt" and p.name != "gb18030.txt"][:12]
    repo = make_repository(tmp_path / "各 镇", {f"报告/旧 {p.name}": p.read_text("utf-8") for p in specimens})
    config = f"""repos:
  - repo: {json.dumps(str(hook_repository))}
    rev: {git(hook_repository, "rev-parse", "HEAD")}
    hooks:
      - id: fazhi
"""
    commit(repo, {".pre-commit-config.yaml": config})
    own = {"PRE_COMMIT_HOME": tmp_path / "home", "PIP_CONSTRAINT": ROOT / "constraints.txt"}
    assert run(repo, "pre-commit", "install", given=own).returncode == 0
    built = run(repo, "pre-commit", "install-hooks", seconds=900, given=own)
    if built.returncode != 0:
        pytest.skip(f"pre-commit could not build the environment of the hook: {built.stdout[-600:]}")

    name = "报告/云溪镇 2023，年报.txt"
    write(repo, {name: BAD, "说明.png": "不是报告"})
    git(repo, "add", "-A")
    stopped = run(repo, "git", "commit", "-q", "-m", "加报告", given=own)
    assert stopped.returncode != 0
    assert "检查法治政府建设年度报告" in stopped.stdout
    assert "P102" in stopped.stdout
    assert name in stopped.stdout
    assert "旧 " not in stopped.stdout
    assert git(repo, "status", "--porcelain").count("A  ") == 2

    write(repo, {name: GOOD})
    git(repo, "add", "-A")
    passed = run(repo, "git", "commit", "-q", "-m", "加报告", given=own)
    assert passed.returncode == 0, passed.stdout
    assert git(repo, "status", "--porcelain") == ""

    write(repo, {".fazhiignore": "README*\n", "README.md": "怎样写报告\n"})
    git(repo, "add", "-A")
    ignored = run(repo, "git", "commit", "-q", "-m", "加说明", given=own)
    assert ignored.returncode == 0, ignored.stdout

    every = run(repo, "pre-commit", "run", "--all-files", "--verbose", given=own)
    assert every.returncode != 0
    assert f"共{len(specimens) + 1}个文件" in every.stdout


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Return a repository whose branch changes two of three reports; their names would be something else to a shell."""
    repo = make_repository(tmp_path / "仓 库", {"报告/不变 的.txt": BAD, "报告/改 了.txt": BAD})
    git(repo, "checkout", "-q", "-b", "work")
    commit(repo, {"报告/改 了.txt": GOOD, "报告/新，的$(touch 坏了)`touch 坏了`: 100%.txt": BAD, "报告/图.png": "x"})
    return repo


def act(repo: Path, **given: object) -> tuple[subprocess.CompletedProcess[str], str, str]:
    """Run the script as the action does; return what it did, the summary and the outputs."""
    summary, output = repo.parent / "summary.md", repo.parent / "output"
    summary.write_text("前一步\n", "utf-8")
    output.write_text("前=1\n", "utf-8")
    script = ROOT / "integrations" / "action.sh"
    done = run(repo, "bash", script, given={"GITHUB_STEP_SUMMARY": summary, "GITHUB_OUTPUT": output, **given})
    assert not list(repo.rglob("坏了"))
    said = summary.read_text("utf-8")
    assert said.startswith("前一步\n")
    return done, said.removeprefix("前一步\n"), output.read_text("utf-8").removeprefix("前=1\n")


def test_the_action_writes_annotations_summary_outputs_and_sarif(reports: Path) -> None:
    done, summary, output = act(reports, FAZHI_PATHS="报告\n", FAZHI_SARIF="结 果.sarif", FAZHI_FAIL_ON="")
    assert (done.returncode, output) == (1, "exit-code=1\n"), done.stdout
    named = {c.fields["file"] for c in parse_commands(done.stdout)}
    assert named >= {"报告/不变 的.txt", "报告/新，的$(touch 坏了)`touch 坏了`: 100%.txt"}
    assert "P102" in summary
    assert json.loads((reports / "结 果.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_the_action_takes_paths_one_a_line_and_options(reports: Path) -> None:
    done, _, output = act(
        reports, FAZHI_PATHS="报告/改 了.txt\r\n\n报告/不变*.txt", FAZHI_ARGS="--select P102\n--jobs 1"
    )
    assert (done.returncode, output) == (1, "exit-code=1\n"), done.stdout
    assert {c.fields["file"] for c in parse_commands(done.stdout)} == {"报告/不变 的.txt"}
    done, _, _ = act(reports, FAZHI_PATHS="报告/改 了.txt")
    assert done.returncode == 0, done.stdout
    done, _, _ = act(reports, FAZHI_FAIL_ON="never")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "given",
    [
        {"FAZHI_PATHS": "--help"},
        {"FAZHI_PATHS": "没有.txt"},
        {"FAZHI_ARGS": "--no-such-option"},
        {"FAZHI_FAIL_ON": "$(touch 坏了)"},
        {"FAZHI_CHANGED_SINCE": "--output=x"},
        {"FAZHI_CHANGED_SINCE": "没有这个分支"},
    ],
)
def test_the_action_fails_on_wrong_inputs(reports: Path, given: dict[str, str]) -> None:
    done, _, output = act(reports, **given)
    assert (done.returncode, output) == (2, "exit-code=2\n"), done.stdout


def test_the_action_checks_only_what_a_branch_changed(reports: Path) -> None:
    done, summary, _ = act(reports, FAZHI_PATHS="报告", FAZHI_CHANGED_SINCE="main", FAZHI_ARGS="--verbose")
    assert done.returncode == 1, done.stdout
    assert {c.fields["file"] for c in parse_commands(done.stdout)} >= {"报告/新，的$(touch 坏了)`touch 坏了`: 100%.txt"}
    assert "不变" not in done.stdout + summary
    git(reports, "checkout", "-q", "main")
    done, _, output = act(reports, FAZHI_PATHS="报告", FAZHI_CHANGED_SINCE="HEAD")
    assert (done.returncode, output) == (0, "exit-code=0\n"), done.stdout


def test_a_summary_that_is_too_long_is_cut_at_a_line(reports: Path) -> None:
    folder = reports.parent / "bin"
    folder.mkdir()
    (folder / "fazhi").write_text(
        '#!/bin/bash\nfor a in "$@"; do case $a in markdown=*) yes 一行汉字 | head -n 200000 >"${a#markdown=}";; esac; done\n',
        "utf-8",
    )
    (folder / "fazhi").chmod(0o755)
    done, summary, output = act(reports, PATH=os.pathsep.join((str(folder), os.environ["PATH"])))
    assert (done.returncode, output) == (0, "exit-code=0\n"), done.stdout
    lines = summary.splitlines()
    assert 900_000 < len(summary.encode()) < 1_000_000
    assert set(lines[:-2]) == {"一行汉字"}
    assert lines[-2:] == ["", "结果太长，这里只有前一部分；全部结果见日志。"]
