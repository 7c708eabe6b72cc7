"""The open documents of an editor: checks in a worker thread, and what the newest one found.

Checks of one document follow each other: a change cancels the check under way, so that no older result is shown.
All checks run in one thread; everything else here runs in the event loop of the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lsprotocol.types import Diagnostic, DiagnosticSeverity, PositionEncodingKind, PublishDiagnosticsParams
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path, uri_scheme

from validator.editor.diagnostics import Mark, failure, marks_for
from validator.editor.engines import Engines
from validator.editor.reports import CheckedReport, check_report
from validator.editor.rule_files import check_rules, find_rules_folder
from validator.editor.text_map import TextMap, map_text
from validator.errors import ValidatorError
from validator.loaders.endings import TEXT_ENDINGS

DELAY = 0.3
"""Seconds without a change before a document is checked."""
_MOST_WAIT = 10.0
_UNSAVED = {"markdown": "未保存.md", "plaintext": "未保存.txt"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the editor shows of a report: the version that was checked, and its diagnostics."""

    report: CheckedReport
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _RuleFile:
    folder: Path
    path: Path


class Session:
    """What a server knows of the documents that are open."""

    def __init__(self, server: LanguageServer, delay: float = DELAY) -> None:
        self.is_stopped = False
        self._server = server
        self._delay = delay
        self._engines = Engines()
        self._worker = ThreadPoolExecutor(1, "fazhi-check")
        self._tasks: dict[str | Path, asyncio.Task[None]] = {}
        self._reports: dict[str, str] = {}
        self._shown: dict[str, Shown] = {}
        self._rule_files: dict[str, _RuleFile] = {}
        self._saved: set[Path] = set()
        self._elsewhere: dict[Path, set[str]] = {}

    def open(self, uri: str, language: str) -> None:
        """Check a document that was opened, when it is a report or a rule file."""
        file = to_fs_path(uri) if uri_scheme(uri) == "file" else None
        path = Path(file) if file else None
        folder = find_rules_folder(path) if path else None
        if path is not None and folder is not None:
            self._rule_files[uri] = _RuleFile(folder, path)
        elif path is not None and path.suffix.lower() in TEXT_ENDINGS:
            self._reports[uri] = str(path)
        elif uri_scheme(uri) == "untitled" and language in _UNSAVED:
            self._reports[uri] = _UNSAVED[language]
        self._check(uri, 0)

    def change(self, uri: str) -> None:
        """Check a document soon, unless it changes again."""
        self._check(uri, self._delay)

    def save(self, uri: str) -> None:
        """Check a document now. After a rule file that is right reports are checked with new rules."""
        if uri in self._rule_files:
            self._saved.add(self._rule_files[uri].folder)
        self._check(uri, 0)

    def close(self, uri: str) -> None:
        """Forget a document and what was shown of it."""
        known = self._reports.pop(uri, None)
        self._shown.pop(uri, None)
        self._cancel(uri)
        rule_file = self._rule_files.pop(uri, None)
        if known is not None or rule_file is not None:
            self._publish(uri, [])
        if rule_file is not None:
            folder = rule_file.folder
            left = [u for u, f in self._rule_files.items() if f.folder == folder]
            if left:
                self._check(left[0], 0)
            else:
                self._cancel(folder)
                for other in self._elsewhere.pop(folder, set()):
                    self._publish(other, [])

    def stop(self) -> None:
        """Begin no more checks."""
        self.is_stopped = True
        for task in self._tasks.values():
            task.cancel()
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def settle(self, uri: str) -> Shown | None:
        """Return what is shown of a report once its newest version is checked; nothing when that takes too long."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _MOST_WAIT
        while (task := self._tasks.get(uri)) is not None and not task.done() and loop.time() < end:
            await asyncio.wait({task}, timeout=end - loop.time())
        shown = self._shown.get(uri)
        return shown if shown is not None and shown.report.version == self._version(uri) else None

    def _check(self, uri: str, delay: float) -> None:
        if self.is_stopped:
            return
        if uri in self._reports:
            self._begin(uri, self._check_report(uri, delay))
        elif uri in self._rule_files:
            folder = self._rule_files[uri].folder
            self._begin(folder, self._check_rules(folder, delay))

    def _begin(self, key: str | Path, work: Coroutine[None, None, None]) -> None:
        self._cancel(key)
        self._tasks[key] = asyncio.get_running_loop().create_task(work)

    def _cancel(self, key: str | Path) -> None:
        task = self._tasks.pop(key, None)
        if task is not None:
            task.cancel()

    async def _check_report(self, uri: str, delay: float) -> None:
        await asyncio.sleep(delay)
        text, version, name = self._text(uri), self._version(uri), self._reports[uri]
        loop = asyncio.get_running_loop()
        checked = await loop.run_in_executor(self._worker, check_report_safely, self._engines, name, text, version)
        if isinstance(checked, str):
            self._shown.pop(uri, None)
            self._publish(uri, [failure(text, checked)], version)
        else:
            self._shown[uri] = checked
            self._publish(uri, [m.diagnostic for m in checked.marks], version)

    async def _check_rules(self, folder: Path, delay: float) -> None:
        await asyncio.sleep(delay)
        uris = {f.path: u for u, f in self._rule_files.items() if f.folder == folder}
        opened = {path: self._text(uri) for path, uri in uris.items()}
        versions = {uri: self._version(uri) for uri in uris.values()}
        saved = folder in self._saved
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._worker, check_rules_safely, self._engines, folder, opened, saved)
        self._saved.discard(folder)
        before = self._elsewhere.pop(folder, set())
        for path, diagnostics in found.items():
            uri = uris.get(path) or from_fs_path(str(path)) or ""
            self._publish(uri, diagnostics, versions.get(uri))
            before.discard(uri)
            if path not in uris:
                self._elsewhere.setdefault(folder, set()).add(uri)
        for uri in before:
            self._publish(uri, [])
        if saved and _is_valid(found):
            for uri in self._reports:
                self._check(uri, 0)

    def _text(self, uri: str) -> TextMap:
        workspace = self._server.workspace
        encoding = workspace.position_encoding or PositionEncodingKind.Utf16
        return map_text(workspace.get_text_document(uri).source, encoding)

    def _version(self, uri: str) -> int | None:
        return self._server.workspace.get_text_document(uri).version

    def _publish(self, uri: str, diagnostics: Sequence[Diagnostic], version: int | None = None) -> None:
        self._server.text_document_publish_diagnostics(PublishDiagnosticsParams(uri, list(diagnostics), version))


def check_report_safely(engines: Engines, name: str, text: TextMap, version: int | None) -> Shown | str:
    """Check a report in the worker. Whatever goes wrong is one sentence."""
    try:
        report = check_report(engines.way_for(Path(name)), name, text, version)
        return Shown(report, marks_for(report.result, report.text))
    except ValidatorError as exc:
        return f"没有检查：{exc}"
    except Exception as exc:  # hostile documents must not end the server
        return _describe_crash(exc)


def check_rules_safely(
    engines: Engines, folder: Path, opened: dict[Path, TextMap], saved: bool
) -> dict[Path, list[Diagnostic]]:
    """Check a rules folder in the worker. Whatever goes wrong is one sentence in every open file."""
    try:
        found = check_rules(folder, opened)
    except ValidatorError as exc:
        return {path: [failure(text, str(exc))] for path, text in opened.items()}
    except Exception as exc:  # a rule file that is half written must not end the server
        return {path: [failure(text, _describe_crash(exc))] for path, text in opened.items()}
    if saved and _is_valid(found):
        engines.forget()
    return found


def _is_valid(found: dict[Path, list[Diagnostic]]) -> bool:
    return not any(d.severity == DiagnosticSeverity.Error for listed in found.values() for d in listed)


def _describe_crash(error: Exception) -> str:
    return f"检查这个文件时程序出错（{type(error).__name__}），请报告给维护者。"
