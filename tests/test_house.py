"""House law that a test can hold: layout, sizes, dependencies, cold start without spaCy."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, SPECIMENS

SOURCES = sorted((ROOT / "validator").rglob("*.py"))


def test_top_level_layout() -> None:
    for name in ("rules", "validator", "tests", "fixtures", "pyproject.toml", "README.md", "README.zh-CN.md"):
        assert (ROOT / name).exists()
    for name in (
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "constraints.txt",
        ".pre-commit-config.yaml",
    ):
        assert (ROOT / name).is_file()
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_files_stay_short_and_say_where_they_stand(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 400
    assert ast.get_docstring(ast.parse(text))


def test_no_drawer_for_odds_and_ends() -> None:
    assert not [p for p in SOURCES if p.stem in {"utils", "helpers", "common", "misc"}]


def test_the_placeholder_model_is_never_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = (r for group in project["optional-dependencies"].values() for r in group)
    named = " ".join([*project["dependencies"], *extras])
    pins = (ROOT / "constraints.txt").read_text("utf-8")
    assert not re.search(r"zh[-_]core[-_]web", named + pins)


def test_pins_are_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*", line), line


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    reasons = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    extras = (r for name in ("dev", "docs") for r in project["optional-dependencies"][name])
    for requirement in [*project["dependencies"], *extras]:
        name = re.split(r"[><=\[]", requirement)[0]
        assert f"`{name}`" in reasons, name


def test_a_check_without_nominated_sentences_imports_neither_spacy_nor_the_traditional_converter() -> None:
    code = (
        "import sys; from validator.cli import app; from typer.testing import CliRunner; "
        f"r = CliRunner().invoke(app, ['check', {str(SPECIMENS / 'genre-xinxi-gongkai.txt')!r}, '--fail-on', 'never']); "
        "assert r.exit_code == 0, r.output; print([m for m in ('spacy', 'opencc') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_only_the_command_line_prints() -> None:
    for path in SOURCES:
        if path.parent.name != "cli":
            calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
            assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ("print", "exit")], path
