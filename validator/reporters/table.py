"""The table of reporters: format name → function from a run to text."""

from __future__ import annotations

import io
from collections.abc import Callable

from validator.reporters.json import render_json
from validator.result import RunResult

Reporter = Callable[[RunResult], str]


def _terminal(result: RunResult) -> str:
    from validator.reporters.terminal import render_terminal

    stream = io.StringIO()
    render_terminal(result, stream)
    return stream.getvalue()


REPORTERS: dict[str, Reporter] = {"terminal": _terminal, "json": render_json}
