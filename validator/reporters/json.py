"""The JSON contract: the fields of the result, in their order, nothing else; written file by file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from validator.reporters.paths import with_unicode_path
from validator.result import FORMAT_VERSION, FileResult, RunResult

_FILES = '"files": []'


def render_json(result: RunResult) -> str:
    """Return a run as JSON text (UTF-8 characters kept, two spaces, one newline at the end)."""
    return "".join(stream_json(result))


def stream_json(result: RunResult) -> Iterator[str]:
    """Yield the same text in pieces, one for each file."""
    frame, one = _adapters()
    whole = frame.dump_json(_without_files(result), indent=2).decode()
    head, tail = whole.split(_FILES, 1)
    yield f'{head}"files": ['
    for index, file in enumerate(result.files):
        text = one.dump_json(with_unicode_path(file), indent=2).decode().replace("\n", "\n    ")
        yield f"{',' if index else ''}\n    {text}"
    yield f"{chr(10) + '  ' if result.files else ''}]{tail}\n"


@cache
def _adapters() -> tuple[TypeAdapter[RunResult], TypeAdapter[FileResult]]:
    """Return what writes a run and a file; building it costs more than writing."""
    return TypeAdapter(RunResult), TypeAdapter(FileResult)


def _without_files(result: RunResult) -> RunResult:
    return replace(result, files=())


def read_json(text: str) -> RunResult:
    """Read a run back from its JSON text.

    Raises:
        ValueError: the text is not a result, or not of this format version.
    """
    found = _adapters()[0].validate_json(text)
    if found.format_version != FORMAT_VERSION:
        raise ValueError(f"检查结果是第{found.format_version}版格式，本工具只认第{FORMAT_VERSION}版。")
    return found
