"""The table of reporters: format name → function that writes a run to a text stream."""

from __future__ import annotations

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


def _write_sarif(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.sarif import render_sarif

    stream.write(render_sarif(result))


def _write_junit(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.junit import render_junit

    stream.write(render_junit(result))


def _write_github(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.annotations import render_github

    stream.write(render_github(result))


def _write_gitlab(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.annotations import render_gitlab

    stream.write(render_gitlab(result))


def _write_markdown(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.documents import render_markdown

    stream.write(render_markdown(result))


def _write_page(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.page import render_page

    stream.write(render_page(result))


def _write_csv(result: RunResult, stream: IO[str], *, verbose: bool, quiet: bool) -> None:  # noqa: ARG001
    from validator.reporters.documents import render_csv

    stream.write(render_csv(result))


REPORTERS: dict[str, Reporter] = {
    "terminal": _write_terminal,
    "json": _write_json,
    "sarif": _write_sarif,
    "junit": _write_junit,
    "github": _write_github,
    "gitlab": _write_gitlab,
    "markdown": _write_markdown,
    "csv": _write_csv,
    "html": _write_page,
}
"""Each imports its reporter when it is asked for: the start of the program stays quick."""
