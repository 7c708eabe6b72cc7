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
from validator.engine import Engine
from validator.errors import OptionError
from validator.options import CheckOptions, Limits
from validator.parallel import Recipe, count_jobs, make_engine, run_parallel
from validator.reporters.json import render_json
from validator.runner import run
from validator.sources import Source, find_sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = read_report("missing-plan.txt", (SPECIMENS / "missing-plan.txt").read_bytes())
    (tmp_path / "甲.docx").write_bytes(as_docx(lines))
    (tmp_path / "乙.pdf").write_bytes(as_pdf(lines))
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")
    for name in ("passes-all.txt", "gb18030.txt", "running-text.txt"):
        (tmp_path / name).write_bytes((SPECIMENS / name).read_bytes())
    return tmp_path


def test_several_processes_give_the_same_bytes(folder: Path) -> None:
    recipe = Recipe(options=CheckOptions(ignore=("R",)), limits=Limits(pages=9))
    engine = make_engine(recipe)
    sources = find_sources([str(folder)])
    told: list[str] = []
    several = run_parallel(recipe, engine, sources, 2, told.append)
    assert told == [s.path for s in sources]
    assert render_json(several) == render_json(run(engine, sources, limits=recipe.limits))


def test_a_recipe_names_its_mistakes() -> None:
    with pytest.raises(OptionError):
        make_engine(Recipe(profile="nobody"))
    with pytest.raises(OptionError):
        make_engine(Recipe(options=CheckOptions(select=("X999",))))


@pytest.mark.parametrize(
    ("wanted", "files", "jobs"), [(0, 3, 1), (4, 3, 3), (1, 500, 1), (2, 500, 2), (0, 500, min(os.cpu_count() or 1, 8))]
)
def test_how_many_processes(wanted: int, files: int, jobs: int) -> None:
    assert count_jobs(wanted, [Source(f"{n}.txt", f"{n}.txt") for n in range(files)]) == jobs
    assert count_jobs(wanted, [Source("-", "-")] * files) == 1


def test_when_a_process_dies_the_rest_is_done_here(
    folder: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("validator.parallel._ignore_interrupts", os.abort)
    sources = find_sources([str(folder)])
    assert render_json(run_parallel(Recipe(), engine, sources, 2)) == render_json(run(engine, sources))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are other there")
def test_an_interrupt_ends_every_process(tmp_path: Path) -> None:
    text = (SPECIMENS / "passes-all.txt").read_text("utf-8")
    for number in range(400):
        (tmp_path / f"{number}.txt").write_text(f"{text}（第{number}份）\n", "utf-8")
    command = [sys.executable, "-m", "validator", "check", str(tmp_path), "--jobs", "2", "--quiet"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
    ) as process:
        time.sleep(2.5)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert said.strip() == "已中断，没有完成检查。"
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
