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


REPORTERS: dict[str, Reporter] = {"terminal": _write_terminal, "json": _write_json}
