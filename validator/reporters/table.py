"""The tables of reporters: format name → what writes a run as text to a stream, or returns it as bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import IO, Protocol

from validator.result import RunResult


class Reporter(Protocol):
    """Write a run. ``verbose`` and ``quiet`` change what people see, never the shape of a machine format."""

    def __call__(self, result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:
        """Write ``result`` to ``stream``."""


def _write_terminal(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:
    from validator.reporters.terminal import render_terminal

    render_terminal(result, stream, verbose=verbose, quiet=quiet)


def _write_json(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.json import stream_json

    for piece in stream_json(result):
        stream.write(piece)


def _write_whole(form: str, result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    """Write a format that is made in one piece."""
    stream.write(_renderer(form)(result))


def _renderer(form: str) -> Callable[[RunResult], str]:
    """Return what renders a format; it is imported when it is asked for, so that the program starts quickly."""
    match form:
        case "sarif":
            from validator.reporters.sarif import render_sarif as render
        case "junit":
            from validator.reporters.junit import render_junit as render
        case "github":
            from validator.reporters.annotations import render_github as render
        case "gitlab":
            from validator.reporters.annotations import render_gitlab as render
        case "markdown":
            from validator.reporters.documents import render_markdown as render
        case "csv":
            from validator.reporters.documents import render_csv as render
        case _:
            from validator.reporters.page import render_page as render
    return render


def _render_docx(result: RunResult) -> bytes:
    from validator.reporters.todo import render_todo

    return render_todo(result)


def _render_xlsx(result: RunResult) -> bytes:
    from validator.reporters.workbook import render_workbook

    return render_workbook(result)


REPORTERS: dict[str, Reporter] = {
    "terminal": _write_terminal,
    "json": _write_json,
    **{f: partial(_write_whole, f) for f in ("sarif", "junit", "github", "gitlab", "markdown", "csv", "html")},
}
BINARY: dict[str, Callable[[RunResult], bytes]] = {"docx": _render_docx, "xlsx": _render_xlsx}
"""Formats that are files and no text."""
FORMATS: tuple[str, ...] = (*REPORTERS, *BINARY)
