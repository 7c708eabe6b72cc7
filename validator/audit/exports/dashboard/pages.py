"""One file of an audit → its page: the result as it was checked, and what only the review of the batch knows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from validator.audit.exports.dashboard.lists import (
    MOST_PAIRS,
    Pages,
    take,
    view_copy,
    view_decision,
    view_echo,
)
from validator.audit.read import Audit
from validator.audit.records import Decision, FileRow, RuleOutcome
from validator.errors import OptionError
from validator.reporters.page import render_page
from validator.reporters.page.render import Beside
from validator.reporters.page.safe import build_environment
from validator.reporters.words import FILE_WORDS, OUTCOME_MARKS, OUTCOME_WORDS
from validator.result import FileResult, RunResult, Tool, build_run
from validator.settings.reading import write_whole

if TYPE_CHECKING:
    from jinja2 import Environment

INDEX = "index.html"
PAGES = "pages"


def name_page(file: int) -> str:
    """Return the name of the page of a file: nothing of the report is in it."""
    return f"{file:06d}.html"


def write_page(audit: Audit, file_id: int, path: Path) -> None:
    """Write the page of one file.

    Args:
        audit: the audit.
        file_id: the number of the file (``FileRow.id``).
        path: where to write it; its folder must be there.

    Raises:
        OptionError: there is no such file, or the page cannot be written.
    """
    row = next((r for r in audit.files() if r.id == file_id), None)
    if row is None:
        raise OptionError(f"审核结果里没有第{file_id}号文件。")
    decisions = [d for d in audit.decisions() if d.path == row.path]
    write_whole(path, draw_page(audit, row, decisions, _lead_back(audit.folder / INDEX, path)), f"报告页 {path} ")


def draw_page(
    audit: Audit, row: FileRow, decisions: Sequence[Decision], back: str | None, pages: Pages = MappingProxyType({})
) -> str:
    """Return the page of a file.

    Args:
        audit: the audit.
        row: the file.
        decisions: those on this file.
        back: the address of the dashboard, relative to the page.
        pages: the addresses of other pages, relative to this one.
    """
    about = audit.about()
    tool = Tool("fazhi", about.tool_version, about.pipeline)
    ruleset = about.ruleset
    result = audit.result(row.id)
    run = build_run(tool, ruleset, [result], len(result.rules))
    markup = _describe(audit, row, decisions, run, back, pages)
    headed = f"复核后：{FILE_WORDS[row.decided]}" if row.decided != row.outcome else ""
    if row.attachment:
        headed = "不像是报告，可能是附件，没有计入"
    return render_page(run, Beside(markup, read_asset("beside.css"), (row.decided, headed) if headed else None))


def _describe(
    audit: Audit, row: FileRow, decisions: Sequence[Decision], run: RunResult, back: str | None, pages: Pages
) -> str:
    messages = {(r.id, f.fingerprint): f.message for r in run.files[0].rules for f in r.findings}
    return (
        environment()
        .get_template("beside.html")
        .render(
            row=row,
            back=back,
            changed=_list_changes(run.files[0], audit.outcomes_of(row.id)),
            decisions=[view_decision(d, messages.get((d.rule, d.fingerprint), "")) for d in decisions],
            copies=take(audit.copies(file=row.id), lambda c: view_copy(c, pages), MOST_PAIRS),
            echoes=take(audit.echoes(file=row.id), lambda e: view_echo(e, pages), MOST_PAIRS),
        )
    )


def _list_changes(result: FileResult, outcomes: dict[str, RuleOutcome]) -> list[tuple[str, str, str, str, str]]:
    """Return the rules whose outcome a reviewer changed: id, title, outcome of the tool, decided outcome, its mark."""
    found = []
    for rule in result.rules:
        now = outcomes.get(rule.id)
        if now is not None and now.outcome != now.decided:
            words = OUTCOME_WORDS[now.outcome], OUTCOME_WORDS[now.decided]
            found.append((rule.id, rule.title, *words, OUTCOME_MARKS[now.decided]))
    return found


def _lead_back(index: Path, page: Path) -> str | None:
    """Return the address of the dashboard from a page; ``None`` where no relative path leads there."""
    try:
        return quote(Path(os.path.relpath(index, page.parent)).as_posix())
    except ValueError:  # another drive
        return None


@cache
def read_asset(name: str) -> str:
    """Return a template, style or script of the dashboard."""
    return files(__package__).joinpath(name).read_text("utf-8").replace("\r\n", "\n")


@cache
def environment() -> Environment:
    """Return the templates of the dashboard."""
    return build_environment(read_asset)
