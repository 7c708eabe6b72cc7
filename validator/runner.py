"""Paths → RunResult: find the files, read and check each; the failure of one file is that file's result."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from glob import glob, has_magic
from hashlib import sha256
from pathlib import Path

from validator import __version__
from validator.engine import Engine, evaluate, unreadable
from validator.errors import LoadError, OptionError, ValidatorError
from validator.loaders.table import LOADERS, NOT_YET, load
from validator.normalise import normalise
from validator.options import FailOn
from validator.result import FileResult, RuleSetId, RunResult, Tool, build_run

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_NOT_CHECKED = 2

STDIN = "-"


def find_files(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the files that the paths, folders and patterns name, in order, each once.

    A folder is searched with its sub-folders for reports (also in formats that cannot be read yet, so that they are
    not passed over in silence); hidden names are skipped. A path that does not exist is kept: it becomes an error
    result.

    Raises:
        OptionError: nothing was found at all.
    """
    found: dict[str, None] = {}
    for path in paths:
        found |= dict.fromkeys(_expand(path))
    if not found:
        raise OptionError(f"没有找到可检查的文件：{'、'.join(paths)}")
    return tuple(found)


def _expand(path: str) -> Iterator[str]:
    if path == STDIN:
        yield path
    elif Path(path).is_dir():
        yield from _walk(path)
    elif not Path(path).exists() and has_magic(path):
        matches = sorted(glob(path, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        for match in matches:
            yield from _walk(match) if Path(match).is_dir() else (match,)
    else:
        yield path


def _walk(folder: str) -> Iterator[str]:
    wanted = LOADERS.keys() | NOT_YET
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and Path(name).suffix.lower() in wanted:
                yield Path(root, name).as_posix()


def check_file(engine: Engine, path: str, known: dict[str, FileResult] | None = None) -> FileResult:
    """Read and check one file. Whatever goes wrong becomes its result.

    ``known`` keeps results by file ending and content hash; one that is there is given again under this path.
    """
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except FileNotFoundError:
        return unreadable(engine, path, None, "路径不存在。")
    except IsADirectoryError:
        return unreadable(engine, path, None, "这是文件夹，不是文件。")
    except OSError as exc:
        return unreadable(engine, path, None, f"文件读不出来（{exc.strerror or type(exc).__name__}）。")
    if known is None:
        return check_bytes(engine, path, data)
    key = f"{Path(path).suffix.lower()}:{sha256(data).hexdigest()}"
    found = known.get(key)
    if found is None:
        found = known[key] = check_bytes(engine, path, data)
    return found if found.path == path else replace(found, path=path)


def check_bytes(engine: Engine, name: str, data: bytes) -> FileResult:
    """Check a file that is already in memory."""
    try:
        return evaluate(engine, normalise(load(name, data)))
    except LoadError as exc:
        return unreadable(engine, name, None, str(exc))
    except ValidatorError:
        raise  # the pipeline itself is unusable: no file can be checked
    except Exception as exc:  # the other place where everything is caught: a file must not end the run
        return unreadable(engine, name, None, f"检查这个文件时程序出错（{type(exc).__name__}），请报告给维护者。")


def run(engine: Engine, files: Iterable[str], on_file: Callable[[str], None] = lambda _: None) -> RunResult:
    """Check files one after the other; ``on_file`` is told the path of each file that is done.

    Files of the same bytes are checked once: the same input gives the same result.
    """
    results: list[FileResult] = []
    known: dict[str, FileResult] = {}
    for path in files:
        results.append(check_file(engine, path, known))
        on_file(path)
    ruleset = RuleSetId(engine.ruleset.version, engine.ruleset.digest)
    return build_run(Tool("fazhi", __version__, engine.pipeline.name), ruleset, results, len(engine.chosen))


def exit_code(result: RunResult, fail_on: FailOn) -> int:
    """Return 2 when something could not be checked, 1 when something at or above ``fail_on`` failed, else 0."""
    rules = [r for f in result.files for r in f.rules]
    if not result.files or any(f.outcome == "error" for f in result.files) or any(r.outcome == "error" for r in rules):
        return EXIT_NOT_CHECKED
    if fail_on == "never":
        return EXIT_OK
    severities = {"error"} if fail_on == "error" else {"error", "warning"}
    failed = any(r.outcome == "fail" and r.severity in severities for r in rules)
    reviewed = fail_on == "review" and any(r.outcome == "review" for r in rules)
    return EXIT_FAILED if failed or reviewed else EXIT_OK
