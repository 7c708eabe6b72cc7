"""The table of reporters: format name → function that writes a run to a text stream."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Protocol

from validator.reporters.annotations import render_github, render_gitlab
from validator.reporters.documents import render_csv, render_markdown
from validator.reporters.junit import render_junit
from validator.reporters.sarif import render_sarif
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


def _whole(render: Callable[[RunResult], str]) -> Reporter:
    """Return the reporter of a format that is made in one piece."""

    def write(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
        stream.write(render(result))

    return write


REPORTERS: dict[str, Reporter] = {
    "terminal": _write_terminal,
    "json": _write_json,
    "sarif": _whole(render_sarif),
    "junit": _whole(render_junit),
    "github": _whole(render_github),
    "gitlab": _whole(render_gitlab),
    "markdown": _whole(render_markdown),
    "csv": _whole(render_csv),
}
