"""From the paths and options of a command to the tasks of a run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from threading import Timer
from typing import NamedTuple

from validator.acceptance import Acceptance
from validator.batch import run_batch
from validator.cache import Cache, cache_home
from validator.options import Limits
from validator.recipe import Recipe
from validator.result import RunResult
from validator.settings.project import BASELINE_NAME, WAIVERS_NAME, Project, build_recipe
from validator.sources import Task, find_sources


class Plan(NamedTuple):
    """What a command will check."""

    project: Project
    tasks: tuple[Task, ...]
    excluded: int
    usual: Recipe


def plan_tasks(
    project: Project,
    paths: Sequence[str],
    *,
    force_exclude: bool = False,
    changed_since: str = "",
    all_findings: bool = False,
    with_text: bool = False,
) -> Plan:
    """Find the files and the recipe of each.

    Args:
        project: the configuration.
        paths: as the user wrote them.
        force_exclude: leave out what is excluded also where it was named itself.
        changed_since: check only what changed in git since this revision.
        all_findings: no rule stops at its first twenty findings.
        with_text: results hold the whole text.

    Raises:
        OptionError: nothing was found, or the configuration is wrong.
    """
    excludes = project.excludes()
    usual = build_recipe(project.settings, all_findings=all_findings, with_text=with_text)
    limits: Limits = usual.limits

    def leave_out(path: str) -> bool:
        return any(p.match(path) for p in excludes)

    sources, excluded = find_sources(
        paths,
        limits,
        leave_out=leave_out,
        also_named=force_exclude or bool(changed_since),
        wanted=_changed_since(changed_since, paths) if changed_since else lambda _: True,
    )
    tasks = []
    for source in sources:
        recipe = project.recipe_for(source.path, all_findings=all_findings, with_text=with_text)
        tasks.append(Task(source, recipe))
    return Plan(project, tuple(tasks), excluded, usual)


def _changed_since(revision: str, paths: Sequence[str]) -> Callable[[str], bool]:
    from validator.changed import Changes

    return Changes(revision, paths).touch


def run_plan(plan: Plan, *, no_cache: bool, with_baseline: bool = True, with_waivers: bool = True) -> RunResult:
    """Check what was planned, with a progress bar on stderr where that is a terminal."""
    project = plan.project
    keep = project.value("cache") and not no_cache
    acceptance = Acceptance(
        project.file_beside("waivers", WAIVERS_NAME) if with_waivers else None,
        project.file_beside("baseline", BASELINE_NAME) if with_baseline else None,
        date.today(),
    )
    with progress(len(plan.tasks)) as advance:
        return run_batch(
            plan.tasks,
            cache=Cache(cache_home() if keep else None),
            jobs=project.value("jobs"),
            acceptance=acceptance,
            excluded=plan.excluded,
            configuration=project.used,
            usual=plan.usual,
            on_file=advance,
        )


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on stderr once a run has taken two seconds."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    times = (TextColumn("已用"), TimeElapsedColumn(), TextColumn("还需"), TimeRemainingColumn())
    columns = (TextColumn("检查"), BarColumn(), MofNCompleteColumn(), *times)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("检查", total=total, visible=False)
        timer = Timer(2, lambda: bar.update(task, visible=True))
        timer.daemon = True
        timer.start()
        try:
            yield lambda _: bar.update(task, advance=1)
        finally:
            timer.cancel()
