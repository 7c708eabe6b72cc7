"""Where the results of a run go: one format to standard output or a file, and any number of others to files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from validator.errors import OptionError, explain_os_error
from validator.reporters.table import BINARY, FORMATS, REPORTERS
from validator.result import RunResult

_WITH_TEXT = "html"
"""The one format that shows the whole text of a report."""


def needs_text(outputs: Sequence[Output]) -> bool:
    """Tell whether the results must hold the whole text."""
    return any(o.form == _WITH_TEXT for o in outputs)


class Output(NamedTuple):
    """One format, and the file it is written to (``None``: standard output)."""

    form: str
    path: Path | None


def plan_outputs(form: str, settings: Sequence[str]) -> tuple[Output, ...]:
    """Return what is written where.

    Args:
        form: the format chosen by ``--format``.
        settings: each a path, or ``FORMAT=PATH``. Without a bare path the chosen format goes to standard output.

    Raises:
        OptionError: a format is unknown or needs what is not installed, two results would be written to one file, or
            a file that is no text would be written to a terminal.
    """
    found: list[Output] = []
    bare: list[Path] = []
    for setting in settings:
        name, equals, path = setting.partition("=")
        if equals and name in FORMATS:
            found.append(Output(name, Path(path)))
        elif equals and name.isascii() and name.isalnum() and not Path(setting).exists():
            raise OptionError(f"--output 不认识格式“{name}”，可用：{'、'.join(FORMATS)}。")
        else:
            bare.append(Path(setting))
    if len(bare) > 1:
        raise OptionError("--output 只能给一个没有格式的路径，其余请写成 格式=路径。")
    every = (Output(form, bare[0] if bare else None), *found)
    files = [o.path.resolve() for o in every if o.path is not None]
    if len(set(files)) < len(files) or any(str(o.path) in ("", ".") for o in every if o.path is not None):
        raise OptionError("--output 的路径不能为空，也不能重复。")
    for output in every:
        _require(output)
    return every


def _require(output: Output) -> None:
    """Refuse a format that cannot be written, before anything is checked."""
    if output.form == "xlsx" and find_spec("xlsxwriter") is None:
        from validator.reporters.workbook import NEEDS

        raise OptionError(NEEDS)
    if output.form in BINARY and output.path is None and sys.stdout.isatty():
        raise OptionError(f"{output.form} 是文件，不能显示在屏幕上。请用 -o 写明文件名，例如 -o 结果.{output.form}。")


def spare_sources(outputs: Sequence[Output], files: Iterable[str]) -> None:
    """Refuse to write a result over a file that is to be checked.

    Raises:
        OptionError: an output is one of the files.
    """
    targets = {o.path.resolve() for o in outputs if o.path is not None and o.path.exists()}
    if targets:
        for file in files:
            if Path(file).resolve() in targets:
                raise OptionError(f"结果不能写到要检查的文件 {file} 上，请换一个路径。")


def write_outputs(result: RunResult, outputs: Sequence[Output], *, verbose: bool, quiet: bool) -> None:
    """Write a run in every format.

    Raises:
        OptionError: a file cannot be written.
    """
    without = replace(result, files=tuple(replace(f, text=None) for f in result.files))
    for form, path in outputs:
        if form in BINARY:
            _write_bytes(BINARY[form](without), path)
            continue
        report = REPORTERS[form]
        shown = result if form == _WITH_TEXT else without
        if path is None:
            report(shown, sys.stdout, verbose=verbose, quiet=quiet)
            sys.stdout.flush()
            continue
        try:
            with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
                report(shown, stream, verbose=verbose, quiet=quiet)
        except OSError as exc:
            raise OptionError(f"结果写不进 {path}（{explain_os_error(exc)}）。") from exc


def _write_bytes(data: bytes, path: Path | None) -> None:
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        path.write_bytes(data)
    except OSError as exc:
        raise OptionError(f"结果写不进 {path}（{explain_os_error(exc)}）。") from exc
