"""Private file → result, in a worker process. The name that a visitor gave is shown; only our own path is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from validator.engine import unreadable
from validator.recipe import Recipe
from validator.result import FileResult, RunResult
from validator.runner import Checker, finish_run
from validator.sources import Source, find_sources
from validator.web.worker import tools


class Unchecked(NamedTuple):
    """A file for which the worker gave no result, with the sentence that says why."""

    name: str
    said: str


def check_file(path: str, name: str, recipe: Recipe) -> FileResult:
    """Check a private file.

    Args:
        path: where it is.
        name: what is shown; its ending says the format.
        recipe: what decides the result beside the file.

    Raises:
        ValidatorError: nothing can be checked at all (a rule file is wrong).
    """
    return check_source(Source(name, path), recipe)


def check_source(source: Source, recipe: Recipe) -> FileResult:
    """Check a private file, or a file in a private archive. Whatever is wrong with it becomes its result.

    Raises:
        ValidatorError: nothing can be checked at all (a rule file is wrong).
    """
    held = tools()
    with Checker(
        held.engine(recipe),
        recipe.limits,
        reader=held.reader(recipe),
        all_findings=recipe.all_findings,
        with_text=recipe.with_text,
    ) as checker:
        return checker.check(source)


def list_archive(path: str, name: str, recipe: Recipe) -> tuple[Source, ...]:
    """Return the reports in a private archive; one that cannot be opened is a source that says so.

    Args:
        path: where it is; it must end like an archive.
        name: what is shown.
        recipe: whose limits hold.
    """
    found, _ = find_sources([path], recipe.limits)
    return tuple(replace(s, path=name + s.path.removeprefix(path)) for s in found)


def finish(recipe: Recipe, files: Sequence[FileResult | Unchecked]) -> RunResult:
    """Return the run of results of one recipe; what was not checked becomes an error result.

    Raises:
        ValidatorError: nothing can be checked at all (a rule file is wrong).
    """
    engine = tools().engine(recipe)
    results = (unreadable(engine, f.name, None, f.said) if isinstance(f, Unchecked) else f for f in files)
    return finish_run(engine, results)


def write_run(recipe: Recipe, files: Sequence[FileResult | Unchecked]) -> bytes:
    """Return the run as ``fazhi check -f json`` prints it.

    Raises:
        ValidatorError: nothing can be checked at all (a rule file is wrong).
    """
    from validator.reporters.json import render_json

    return render_json(finish(recipe, files)).encode("utf-8", "replace")
