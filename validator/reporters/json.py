"""The JSON contract: the fields of the result, in their order, nothing else; written file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import TypeAdapter

from validator.result import FileResult, RunResult

_FILES = '"files": []'


def render_json(result: RunResult) -> str:
    """Return a run as JSON text (UTF-8 characters kept, two spaces, one newline at the end)."""
    return "".join(stream_json(result))


def stream_json(result: RunResult) -> Iterator[str]:
    """Yield the same text in pieces, one for each file."""
    frame = TypeAdapter(RunResult)
    one = TypeAdapter(FileResult)
    whole = frame.dump_json(_without_files(result), indent=2).decode()
    head, tail = whole.split(_FILES, 1)
    yield f'{head}"files": ['
    for index, file in enumerate(result.files):
        path = file.path.encode("utf-8", "replace").decode()  # a name that is no UTF-8 has no place in JSON
        text = one.dump_json(replace(file, path=path), indent=2).decode().replace("\n", "\n    ")
        yield f"{',' if index else ''}\n    {text}"
    yield f"{chr(10) + '  ' if result.files else ''}]{tail}\n"


def _without_files(result: RunResult) -> RunResult:
    return replace(result, files=())


def read_json(text: str) -> RunResult:
    """Read a run back from its JSON text.

    Raises:
        pydantic.ValidationError: the text is not a result of this format version.
    """
    return TypeAdapter(RunResult).validate_json(text)
