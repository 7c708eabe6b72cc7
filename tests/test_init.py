"""``fazhi init``: what it writes is valid for those who read it, names only what exists, and never takes a file's place."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from tests.conftest import ROOT
from validator import __version__, scaffold
from validator.cli import app
from validator.errors import OptionError
from validator.reporters.table import FORMATS
from validator.scaffold import ACTION, TARGETS, State, Template, render_template, write_scaffold
from validator.settings.keys import KEYS

HOOKS = ROOT / ".pre-commit-hooks.yaml"
SCRIPT = ROOT / "integrations" / "action.sh"
TEXTS = {
    **{t.value: render_template(t) for t in Template},
    HOOKS.name: HOOKS.read_text("utf-8"),
    "action.yml": (ROOT / "action.yml").read_text("utf-8"),
    SCRIPT.name: SCRIPT.read_text("utf-8"),
}


def init(*args: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["init", *map(str, args)])
    if isinstance(done.exception, OptionError):
        return 2, str(done.exception)
    return done.exit_code, done.output


def holds(schema: str, data: Any) -> None:
    """Hold data against a schema that the code hosts publish, as ``check-jsonschema`` ships it."""
    text = files("check_jsonschema").joinpath(f"builtin_schemas/vendor/{schema}.json").read_text("utf-8")
    errors = [f"{e.json_path}: {e.message[:200]}" for e in Draft7Validator(json.loads(text)).iter_errors(data)]
    assert errors == []


def test_two_files_and_those_that_were_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "报 告"
    code, said = init(folder)
    assert (code, said.splitlines()) == (0, [f"已写出 {folder}/fazhi.toml", f"已写出 {folder}/.fazhiignore"])
    code, said = init(folder, "--all", "--action", "a-b/c@v1")
    assert (code, said.count("已写出"), said.count("已有，一样")) == (0, 5, 2)
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == sorted(
        TARGETS.values()
    )
    assert "- uses: a-b/c@v1\n" in (folder / TARGETS[Template.github]).read_text("utf-8")
    for option, template in (("--gitlab", Template.gitlab), ("--pre-commit", Template.pre_commit)):
        assert init(tmp_path / option, option)[0] == 0
        assert (tmp_path / option / TARGETS[template]).is_file()
        assert sum(p.is_file() for p in (tmp_path / option).rglob("*")) == 3


def test_the_open_account_is_said(tmp_path: Path) -> None:
    code, said = init(tmp_path, "--github")
    assert code == 0
    assert (
        said.splitlines()[-1]
        == f"请把 {tmp_path}/.github/workflows/fazhi.yml 里的“账号”改成 fazhi-validator 所在的账号。"
    )
    assert not ACTION.isascii()
    assert "账号" not in init(tmp_path, "--github")[1]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "Jenkinsfile").write_bytes(b"mine")
    (tmp_path / ".fazhiignore").symlink_to(tmp_path / "nowhere")
    ours = render_template(Template.config).replace("\n", "\r\n").encode()
    (tmp_path / "fazhi.toml").write_bytes(ours)
    code, said = init(tmp_path, "--jenkins", "--gitee")
    assert code == 0
    assert said.splitlines() == [
        f"已有，一样 {tmp_path}/fazhi.toml",
        f"已有，没有改 {tmp_path}/.fazhiignore",
        f"已写出 {tmp_path}/.workflow/fazhi.yml",
        f"已有，没有改 {tmp_path}/Jenkinsfile",
    ]
    assert (tmp_path / "Jenkinsfile").read_bytes() == b"mine"
    assert (tmp_path / "fazhi.toml").read_bytes() == ours
    assert not (tmp_path / "nowhere").exists()


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "文件"
    file.write_text("", "utf-8")
    (tmp_path / ".workflow").write_text("", "utf-8")
    for args, words in (
        ([file], "是文件，不是文件夹"),
        ([file / "里面"], "写不进去"),
        ([tmp_path, "--gitee"], ".workflow 是文件"),
        ([tmp_path, "--action", "x"], "--action 应写成"),
        ([tmp_path, "--action", "a/b@v1\nx"], "--action 应写成"),
        ([tmp_path, "--action", "a/b@v1 # x"], "--action 应写成"),
    ):
        code, said = init(*args)
        assert (code, words in said, said.endswith("。")) == (2, True, True)


def test_written_says_what_became_of_each(tmp_path: Path) -> None:
    assert [w.state for w in write_scaffold(tmp_path, Template)] == [State.written] * len(Template)
    assert [w.state for w in write_scaffold(tmp_path, Template)] == [State.same] * len(Template)
    (tmp_path / "Jenkinsfile").unlink()
    (tmp_path / "Jenkinsfile").mkdir()
    assert write_scaffold(tmp_path, [Template.jenkins])[0].state is State.differs


def test_the_configuration_holds_known_keys_also_in_its_comments() -> None:
    text = TEXTS["fazhi.toml"]
    assert set(tomllib.loads(text)) == {"fail-on", "profile"}
    every = tomllib.loads(re.sub(r"^# (?=[a-z-]+ = |\[\[)", "", text, flags=re.M))
    assert set(every) <= KEYS.keys() | {"extends", "overrides"}
    assert set(every["overrides"][0]) <= KEYS.keys() | {"paths"}


def test_code_hosts_take_their_files() -> None:
    workflow = yaml.safe_load(TEXTS["github.yml"])
    holds("github-workflows", {"on" if key is True else key: value for key, value in workflow.items()})
    holds("github-actions", yaml.safe_load(TEXTS["action.yml"]))
    holds("gitlab-ci", yaml.safe_load(TEXTS["gitlab.yml"]))
    gitee = yaml.safe_load(TEXTS["gitee.yml"])
    assert {"version", "name", "displayName", "triggers", "stages"} == set(gitee)
    assert gitee["stages"][0]["steps"][0]["step"] == "build@python"


def test_the_workflow_gives_the_action_inputs_that_it_has() -> None:
    workflow, action = yaml.safe_load(TEXTS["github.yml"]), yaml.safe_load(TEXTS["action.yml"])
    steps = workflow["jobs"]["fazhi"]["steps"]
    ours = next(s for s in steps if s["uses"] == ACTION)
    assert set(ours["with"]) <= set(action["inputs"])
    assert ours["with"]["version"] == __version__
    assert steps[0]["with"]["fetch-depth"] == 0
    assert steps[-1]["if"].startswith("always()")
    assert steps[-1]["with"]["sarif_file"] == ours["with"]["sarif"]
    assert workflow["permissions"] == {"contents": "read"}


def test_nothing_from_outside_is_put_into_shell() -> None:
    for name in ("action.yml", "github.yml"):
        data = yaml.safe_load(TEXTS[name])
        steps = data["runs"]["steps"] if name == "action.yml" else data["jobs"]["fazhi"]["steps"]
        assert not [s for s in steps if "${{" in s.get("run", "")]
    given = yaml.safe_load(TEXTS["action.yml"])["runs"]["steps"][-1]["env"]
    assert set(given) == set(re.findall(r"^#   (FAZHI_[A-Z_]+)", TEXTS[SCRIPT.name], re.M))


def test_pre_commit_takes_its_files(tmp_path: Path) -> None:
    from pre_commit.clientlib import load_config, load_manifest

    path = tmp_path / ".pre-commit-config.yaml"
    path.write_text(TEXTS["pre-commit.yaml"], "utf-8")
    hook = load_config(path)["repos"][0]["hooks"][0]
    published = load_manifest(HOOKS)[0]
    assert {k: hook[k] for k in ("id", "language", "entry", "files", "types", "require_serial")} == {
        k: published[k] for k in ("id", "language", "entry", "files", "types", "require_serial")
    }
    wanted = re.compile(published["files"])
    assert wanted.search("报告/云溪镇 报告.docx")
    assert not wanted.search("图.png")


def test_the_jenkinsfile_is_balanced() -> None:
    text = re.sub(r"'''.*?'''|'[^']*'|^//[^\n]*", "", TEXTS["Jenkinsfile"], flags=re.S | re.M)
    for pair in ("{}", "()"):
        assert text.count(pair[0]) == text.count(pair[1]) > 0
    assert re.sub(r"\s+", " ", text).startswith(
        " pipeline { agent any stages { stage() { steps { sh } } } post { always {"
    )


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
@pytest.mark.parametrize(
    ("given", "first"), [("", ["check", "-o"]), ("0a1b", ["check", "--changed-since", "0a1b", "-o"])]
)
def test_the_gitlab_script_checks_what_a_merge_request_changed(tmp_path: Path, given: str, first: list[str]) -> None:
    (script,) = yaml.safe_load(TEXTS["gitlab.yml"])["fazhi"]["script"]
    (tmp_path / "fazhi").write_text('#!/bin/sh\nfor a in "$@"; do echo "$a"; done\nexit 1\n', "utf-8")
    (tmp_path / "fazhi").chmod(0o755)
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "CI_MERGE_REQUEST_DIFF_BASE_SHA": given},
        capture_output=True,
        check=False,
        timeout=20,
    )
    said = done.stdout.decode().split()
    assert (done.returncode, said[: len(first)], said[-1]) == (1, first, ".")


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words of every ``fazhi check`` in a file."""
    for line in text.replace("\\\n", " ").splitlines():
        if (found := re.search(r"fazhi check .*", line)) and not line.startswith("#"):
            yield shlex.split(found[0].rstrip("`,"))


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_only_options_and_formats_that_exist(name: str) -> None:
    shown = set(re.findall(r"(?<!\S)--?[a-z-]+", CliRunner().invoke(app, ["check", "--help"]).output)) | {"--"}
    found = list(commands(TEXTS[name]))
    assert bool(found) == (name in ("gitlab.yml", "gitee.yml", "Jenkinsfile", "pre-commit.yaml", HOOKS.name))
    words = [w for command in found for w in command]
    if name == SCRIPT.name:
        words = [w for w in re.findall(r"--[a-z-]+(?=[ =)])", TEXTS[name]) if w != "--"]
        assert words
    assert {w for w in words if w.startswith("-")} <= shown
    assert set(re.findall(r"(?:-o |--output \"?)([a-z]+)=", TEXTS[name])) <= set(FORMATS)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_address_and_the_version_of_this_program(name: str) -> None:
    assert "://" not in TEXTS[name]
    assert "@VERSION@" not in TEXTS[name]
    for version in re.findall(r"fazhi-validator==([0-9.]+)", TEXTS[name]):
        assert version == __version__


@pytest.mark.slow
def test_the_wheel_has_the_templates(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-c", "constraints.txt", "-w", tmp_path, ROOT],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=300,
    )
    if done.returncode != 0:
        pytest.skip(f"no wheel could be built: {done.stderr.decode()[-300:]}")
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {f"validator/templates/{t.value}" for t in Template} <= names
    assert {f"validator/templates/{p.name}" for p in (Path(scaffold.__file__).parent / "templates").iterdir()} <= names
