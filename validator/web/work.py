"""What worker processes do for the page: check a file and keep its result in a private file; make what is downloaded.

The process of the server holds only summaries; the text of a report goes from the private file to the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from validator.annotation import ANNOTATORS, annotate, collect_notes
from validator.errors import LoadError
from validator.loaders.archive import Archives
from validator.options import CheckOptions, Limits
from validator.recipe import Recipe
from validator.reporters.words import conclude_file, name_outcome
from validator.result import FileResult, RunResult, build_run
from validator.sources import Source, read_source
from validator.web.checking import check_source, finish
from validator.web.visits import Cell, Choice, Summary

Form = Literal["html", "json", "xlsx", "docx", "annotated"]


def choose(recipe: Recipe, choice: Choice) -> Recipe:
    """Return the recipe for what a visitor chose; the result holds the text, for the reading view."""
    options = CheckOptions(year=choice.year, organ_level=choice.level)
    return replace(recipe, profile=choice.profile, options=options, with_text=True)


def examine(source: Source, recipe: Recipe, target: Path) -> Summary:
    """Check a file, write its run to ``target``, and return what lists show of it.

    Raises:
        ValidatorError: nothing can be checked at all (a rule file is wrong).
    """
    file = check_source(source, recipe)
    run = finish(recipe, [file])
    target.touch(0o600)
    target.write_bytes(msgspec.json.encode(run))
    return summarise(run)


def read_run(path: Path) -> RunResult:
    """Return the run that ``examine`` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=RunResult)


def summarise(run: RunResult) -> Summary:
    """Return what lists and tables show of a run over one file."""
    file = run.files[0]
    facts = file.facts
    return Summary(
        file.outcome,
        name_outcome(file),
        conclude_file(file),
        facts.title if facts else None,
        facts.organ if facts else None,
        facts.reporting_year if facts else None,
        () if _was_not_read(file) else tuple(Cell(r.id, r.title, r.severity, r.outcome) for r in file.rules),
        run.ruleset.digest,
        _has_notes(file) and PurePosixPath(file.path).suffix.lower() in ANNOTATORS,
    )


def _has_notes(file: FileResult) -> bool:
    """Tell whether a copy would hold any comment."""
    return file.facts is not None and bool(collect_notes(file))


def _was_not_read(file: FileResult) -> bool:
    return bool(file.errors) and all(r.outcome == "error" for r in file.rules)


def join(runs: Sequence[RunResult]) -> RunResult:
    """Return one run over the files of several; where rule sets differ, each file names its own."""
    first = runs[0]
    files = [f if r.ruleset == first.ruleset else replace(f, ruleset=r.ruleset) for r in runs for f in r.files]
    return build_run(first.tool, first.ruleset, files, max(r.coverage.rules for r in runs))


def render(form: Form, results: Sequence[Path], names: Sequence[str]) -> bytes:
    """Return a download: one file or several in one document.

    Args:
        form: html, json, xlsx or docx.
        results: what ``examine`` wrote.
        names: what the files are called.
    """
    runs = (read_run(path) for path in results)
    named = [replace(r, files=(replace(r.files[0], path=n),)) for r, n in zip(runs, names, strict=True)]
    run = join(named)
    if form == "html":
        from validator.reporters.page import render_page

        return render_page(run).encode("utf-8", "replace")
    run = replace(run, files=tuple(replace(f, text=None) for f in run.files))
    match form:
        case "xlsx":
            from validator.reporters.workbook import render_workbook

            return render_workbook(run)
        case "docx":
            from validator.reporters.todo import render_todo

            return render_todo(run)
        case _:
            from validator.reporters.json import render_json

            return render_json(run).encode("utf-8", "replace")


def mark_copy(source: Source, result: Path, limits: Limits) -> bytes | None:
    """Return a copy of a Word or PDF file with the findings as comments, or nothing where there is no finding.

    Raises:
        LoadError: the file cannot hold comments, or is not the one that was checked.
    """
    file = read_run(result).files[0]
    if not _has_notes(file):
        return None  # what the reading process could not read is not opened here
    with Archives(limits) as archives:
        data = read_source(source, archives)
    if sha256(data).hexdigest() != file.sha256:
        raise LoadError("检查之后文件变了，没有写批注，请重新放一次。")
    return annotate(file, data, limits)
