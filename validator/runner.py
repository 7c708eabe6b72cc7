"""Sources → RunResult: read and check each; the failure of one file is that file's result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from validator import __version__
from validator.checks.context import CheckContext
from validator.engine import Engine, build_context, evaluate_context, unreadable
from validator.errors import LoadError, ValidatorError
from validator.loaders.archive import Archives
from validator.loaders.reader import Reader
from validator.normalise import normalise
from validator.options import DEFAULT_LIMITS, Limits
from validator.result import FileResult, RunResult, Tool, build_run
from validator.sources import Source, read_source

_T = TypeVar("_T")


class Checker:
    """Checks files one after the other; leaving the ``with`` statement ends the processes that it started.

    Files of the same bytes are checked once: the same input gives the same result.
    """

    def __init__(
        self,
        engine: Engine,
        limits: Limits = DEFAULT_LIMITS,
        *,
        ocr: bool = False,
        reader: Reader | None = None,
        all_findings: bool = False,
        with_text: bool = False,
    ) -> None:
        """Prepare to check.

        Args:
            engine: the rules made ready.
            limits: how much of a file is read.
            ocr: recognise scanned pages.
            reader: reads the files, with limits of its own; it is not closed here.
            all_findings: no rule stops at its first twenty findings.
            with_text: results hold the whole text.
        """
        self.engine = engine
        self._reader = reader or Reader(limits, ocr=ocr)
        self._owns_reader = reader is None
        self._archives = Archives(limits)
        self._all_findings = all_findings
        self._with_text = with_text
        self._known: dict[str, FileResult] = {}

    def __enter__(self) -> Checker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archives.close()
        if self._owns_reader:
            self._reader.close()

    def check(self, source: Source) -> FileResult:
        """Read and check one file. Whatever goes wrong becomes its result."""
        try:
            data = read_source(source, self._archives)
        except LoadError as exc:
            return unreadable(self.engine, source.path, None, str(exc))
        key = f"{Path(source.path).suffix.lower()}:{sha256(data).hexdigest()}"
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self.check_bytes(source.path, data)
        return found if found.path == source.path else replace(found, path=source.path)

    def check_bytes(self, name: str, data: bytes) -> FileResult:
        """Check a file that is already in memory."""
        return self.examine(name, data, lambda _: None)[0]

    def examine(self, name: str, data: bytes, read: Callable[[CheckContext], _T]) -> tuple[FileResult, _T | None]:
        """Check a file that is already in memory, and read something else out of it.

        Args:
            name: the path that the result shall show; its ending decides how the file is read.
            data: its bytes.
            read: what else is read; ``None`` comes back when the file could not be read or checked.
        """
        try:
            document = normalise(self._reader.read(name, data))
            context = build_context(self.engine, document, all_findings=self._all_findings)
            return evaluate_context(self.engine, context, with_text=self._with_text), read(context)
        except LoadError as exc:
            return unreadable(self.engine, name, sha256(data).hexdigest(), str(exc)), None
        except ValidatorError:
            raise  # the pipeline itself is unusable: no file can be checked
        except Exception as exc:  # the other place where everything is caught: a file must not end the run
            message = f"检查这个文件时程序出错（{type(exc).__name__}），请报告给维护者。"
            return unreadable(self.engine, name, sha256(data).hexdigest(), message), None


def check_bytes(engine: Engine, name: str, data: bytes) -> FileResult:
    """Check one file that is already in memory."""
    with Checker(engine) as checker:
        return checker.check_bytes(name, data)


def check_file(engine: Engine, path: str) -> FileResult:
    """Read and check one file."""
    with Checker(engine) as checker:
        return checker.check(Source(path, path))


def run(
    engine: Engine,
    sources: Iterable[Source],
    on_file: Callable[[str], None] = lambda _: None,
    *,
    limits: Limits = DEFAULT_LIMITS,
    ocr: bool = False,
) -> RunResult:
    """Check files one after the other; ``on_file`` is told the path of each file that is done."""
    results: list[FileResult] = []
    with Checker(engine, limits, ocr=ocr) as checker:
        for source in sources:
            results.append(checker.check(source))
            on_file(source.path)
    return finish_run(engine, results)


def finish_run(engine: Engine, results: Iterable[FileResult]) -> RunResult:
    """Return the run of the results of an engine."""
    tool = Tool("fazhi", __version__, engine.pipeline.name)
    return build_run(tool, engine.ruleset.identity, results, len(engine.chosen))
