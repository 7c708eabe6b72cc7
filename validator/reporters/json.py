"""The JSON contract: the fields of the result, in their order, nothing else."""

from __future__ import annotations

from pydantic import TypeAdapter

from validator.result import RunResult


def render_json(result: RunResult) -> str:
    """Return a run as JSON text (UTF-8 characters kept, two spaces, one newline at the end)."""
    return TypeAdapter(RunResult).dump_json(result, indent=2).decode() + "\n"


def read_json(text: str) -> RunResult:
    """Read a run back from its JSON text.

    Raises:
        pydantic.ValidationError: the text is not a result of this format version.
    """
    return TypeAdapter(RunResult).validate_json(text)
