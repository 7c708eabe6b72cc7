"""Several processes give what one gives, byte for byte; an interrupt ends them all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SPECIMENS
from tests.formats import as_docx, as_pdf, read_report
from validator.batch import count_jobs, run_batch
from validator.cache import Cache
from validator.errors import OptionError
from validator.options import CheckOptions, Limits
from validator.parallel import check_parallel
from validator.recipe import Recipe
from validator.reporters.json import render_json
from validator.runner import run
from validator.sources import Source, Task, find_sources
from validator.workbench import Workbench


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = read_report("missing-plan.txt", (SPECIMENS / "missing-plan.txt").read_bytes())
    (tmp_path / "甲.docx").write_bytes(as_docx(lines))
    (tmp_path / "乙.pdf").write_bytes(as_pdf(lines))
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")
    for name in ("passes-all.txt", "gb18030.txt", "running-text.txt"):
        (tmp_path / name).write_bytes((SPECIMENS / name).read_bytes())
    return tmp_path


def tasks_of(folder: Path, recipe: Recipe) -> list[Task]:
    sources, _ = find_sources([str(folder)])
    return [Task(s, recipe) for s in sources]


@pytest.mark.slow
def test_several_processes_give_the_same_bytes(folder: Path) -> None:
    recipe = Recipe(options=CheckOptions(ignore=("R",)), limits=Limits(pages=9))
    tasks = tasks_of(folder, recipe)
    told: list[str] = []
    several = run_batch(tasks, cache=Cache(None), jobs=2, on_file=told.append)
    assert told == [t.source.path for t in tasks]
    one = render_json(run_batch(tasks, cache=Cache(None), jobs=1))
    assert render_json(several) == one
    with Workbench() as bench:
        assert render_json(run(bench.engine(recipe), [t.source for t in tasks], limits=recipe.limits)) == one


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_files_of_several_recipes_in_one_run(jobs: int) -> None:
    first = [Task(Source(str(SPECIMENS / n), str(SPECIMENS / n)), Recipe()) for n in ("passes-all.txt", "gb18030.txt")]
    other = Recipe(profile="statutory", options=CheckOptions(year=2022))
    result = run_batch([*first, first[0]._replace(recipe=other)], cache=Cache(None), jobs=jobs)
    assert [f.ruleset is None for f in result.files] == [True, True, False]
    assert [f.as_of for f in result.files] == [result.files[0].as_of, result.files[1].as_of, "2022-12-31"]
    assert result.files[0].as_of != "2022-12-31"


def test_a_recipe_names_its_mistakes() -> None:
    with Workbench() as bench:
        with pytest.raises(OptionError):
            bench.engine(Recipe(profile="nobody"))
        with pytest.raises(OptionError):
            bench.engine(Recipe(options=CheckOptions(select=("X999",))))


@pytest.mark.parametrize(
    ("wanted", "files", "jobs"), [(0, 3, 1), (4, 3, 3), (1, 500, 1), (2, 500, 2), (0, 500, min(os.cpu_count() or 1, 8))]
)
def test_how_many_processes(wanted: int, files: int, jobs: int) -> None:
    tasks = [Task(Source(f"{n}.txt", f"{n}.txt"), Recipe()) for n in range(files)]
    assert count_jobs(wanted, tasks) == jobs
    assert count_jobs(wanted, [Task(Source("-", "-"), Recipe())] * files) == 1


def test_when_a_process_dies_the_rest_is_done_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validator.parallel._begin", os.abort)
    tasks = tasks_of(folder, Recipe())
    with Workbench() as bench:
        results = list(check_parallel(tasks, 2, bench))
    assert [r.path for r in results] == [t.source.path for t in tasks]
    assert sum(r.outcome == "error" for r in results) == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are other there")
@pytest.mark.parametrize(
    ("seconds", "how"), [(1.5, "SIGINT"), (2.0, "SIGINT"), (3.0, "SIGINT"), (3.0, "SIGTERM"), (3.0, "SIGKILL")]
)
def test_an_interrupt_ends_every_process(tmp_path: Path, seconds: float, how: str) -> None:
    text = (SPECIMENS / "passes-all.txt").read_text("utf-8")
    for number in range(400):
        (tmp_path / f"{number}.txt").write_text(f"{text}（第{number}份）\n", "utf-8")
    command = [sys.executable, "-m", "validator", "check", str(tmp_path), "--jobs", "2", "--quiet", "--no-cache"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    ) as process:
        time.sleep(seconds)
        if how == "SIGINT":
            os.killpg(process.pid, signal.SIGINT)
        else:  # a code host stops the one process that it started
            process.send_signal(getattr(signal, how))
        _, said = process.communicate(timeout=20)
    assert process.returncode == (-9 if how == "SIGKILL" else 2)
    assert how == "SIGKILL" or said.strip() == "已中断，没有完成检查。"
    assert _is_gone(process.pid)


def _is_gone(group: int) -> bool:
    """Wait up to five seconds for every process of a group to end."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
