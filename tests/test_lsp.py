"""``fazhi lsp`` as an editor meets it: a real client that starts the command and talks to it over stdio."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from tests.conftest import ROOT
from tests.test_editor import EVERYWHERE, WRONG, apply, corrected
from validator.cli.lsp import lsp as start_lsp
from validator.editor.text_map import map_text
from validator.errors import OptionError

OTHER = "# 说明\n\n安装：`pip install`。\n"
SHORT = f"""穗川县云溪镇人民政府2023年度法治政府建设情况报告

一、主要举措和成效

（一）法治宣传。全镇开展宪法宣传。

{WRONG}"""
TIMEOUT = 30.0


class Editor:
    """An editor with one server: what was published, and short ways to send messages."""

    def __init__(self, client: LanguageClient, encoding: str) -> None:
        self.client = client
        self.encoding = encoding
        self.published: list[lsp.PublishDiagnosticsParams] = []
        self.messages: list[str] = []
        self._news = asyncio.Event()

    def receive(self, params: lsp.PublishDiagnosticsParams) -> None:
        self.published.append(params)
        self._news.set()

    async def wait_for(self, uri: str, right: Callable[[lsp.PublishDiagnosticsParams], bool]) -> list[lsp.Diagnostic]:
        """Return the newest diagnostics of a document as soon as they are as wished."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                newest = next((p for p in reversed(self.published) if p.uri == uri), None)
                if newest is not None and right(newest):
                    return list(newest.diagnostics)
                self._news.clear()
                await self._news.wait()

    async def version(self, uri: str, version: int) -> list[lsp.Diagnostic]:
        return await self.wait_for(uri, lambda p: p.version == version)

    async def send(self, body: bytes) -> None:
        """Send bytes as they are."""
        server = self.client._server
        assert server is not None
        assert server.stdin is not None
        server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await server.stdin.drain()

    def open(self, uri: str, text: str, language: str = "plaintext") -> None:
        item = lsp.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, text: str) -> None:
        whole = lsp.TextDocumentContentChangeWholeDocument(text)
        document = lsp.VersionedTextDocumentIdentifier(version=version, uri=uri)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [whole]))

    def save(self, uri: str) -> None:
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))

    async def actions(self, uri: str, place: lsp.Range, *only: str) -> list[lsp.CodeAction]:
        context = lsp.CodeActionContext([], only=list(only) or None)
        params = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), place, context)
        found = await self.client.text_document_code_action_async(params)
        return [a for a in found or [] if isinstance(a, lsp.CodeAction)]

    async def hover(self, uri: str, place: lsp.Position) -> str:
        found = await self.client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), place))
        if found is None:
            return ""
        assert isinstance(found.contents, lsp.MarkupContent)
        return found.contents.value


@asynccontextmanager
async def editing(folder: Path, *encodings: str) -> AsyncIterator[Editor]:
    """Start a server and end it as editors do; it ends with 0 and has written nothing but messages."""
    client = LanguageClient("test", "1")
    editor = Editor(client, encodings[0] if encodings else "utf-16")

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
    def receive(params: lsp.PublishDiagnosticsParams) -> None:
        editor.receive(params)

    @client.feature(lsp.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
    def show(params: lsp.ShowMessageParams) -> None:
        editor.messages.append(params.message)

    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    await client.start_io(sys.executable, "-m", "validator", "lsp", "--stdio", cwd=folder, env=env)
    server = client._server
    assert server is not None
    assert server.stderr is not None
    try:
        general = lsp.GeneralClientCapabilities(position_encodings=list(encodings)) if encodings else None
        edits = lsp.WorkspaceEditClientCapabilities(document_changes=True)
        able = lsp.ClientCapabilities(general=general, workspace=lsp.WorkspaceClientCapabilities(workspace_edit=edits))
        answer = await client.initialize_async(lsp.InitializeParams(able, root_uri=folder.as_uri()))
        assert answer.capabilities.position_encoding == editor.encoding
        client.initialized(lsp.InitializedParams())
        yield editor
        await client.shutdown_async(None)
        client.exit(None)
        code = await asyncio.wait_for(server.wait(), TIMEOUT)
        written = (await server.stderr.read()).decode()
        assert (code, written, editor.messages) == (0, "", [])
    finally:
        if server.returncode is None:
            server.kill()
        await client.stop()  # type: ignore[no-untyped-call]
        server._transport.close()  # type: ignore[attr-defined]


def run(work: Coroutine[None, None, None]) -> None:
    asyncio.run(work)


@pytest.mark.slow
def test_a_report_is_checked_while_it_is_written(tmp_path: Path) -> None:
    async def work() -> None:
        async with editing(tmp_path) as editor:
            uri = (tmp_path / "报告 1.txt").as_uri()
            text = SHORT
            editor.open(uri, text)
            found = [d for d in await editor.version(uri, 1) if d.code == "W601"]
            start = WRONG.index("法制") + 2  # two characters before it count as two
            assert found[0].range == lsp.Range(lsp.Position(6, start), lsp.Position(6, start + 2))
            assert "W601" in await editor.hover(uri, found[0].range.start)
            assert await editor.hover(uri, lsp.Position(0, 0)) == ""

            (fix,) = await editor.actions(uri, found[0].range, "quickfix")
            (fix_all,) = await editor.actions(uri, EVERYWHERE, "source.fixAll.fazhi")
            once, fixed = apply(map_text(text), fix), apply(map_text(text), fix_all)
            editor.change(uri, 2, once)
            assert len([d for d in await editor.version(uri, 2) if d.code == "W601"]) == 1
            editor.change(uri, 3, fixed)
            assert [d for d in await editor.version(uri, 3) if d.code == "W601"] == []

            # Two quick edits: only the newer one is shown, and actions wait for it.
            editor.change(uri, 4, once)
            editor.change(uri, 5, text)
            (again,) = await editor.actions(uri, EVERYWHERE, "source.fixAll")
            assert apply(map_text(text), again) == fixed
            assert [p.version for p in editor.published] == [1, 2, 3, 5]

            editor.close(uri)
            assert await editor.wait_for(uri, lambda p: p.version is None) == []
            assert await editor.actions(uri, EVERYWHERE) == []

    run(work())


@pytest.mark.slow
def test_columns_are_those_that_were_agreed(tmp_path: Path) -> None:
    encoding = "utf-32"

    async def work() -> None:
        async with editing(tmp_path, encoding, "utf-16") as editor:
            uri = (tmp_path / "报告.md").as_uri()
            editor.open(uri, SHORT, "markdown")
            text = map_text(SHORT, encoding)
            found = [d for d in await editor.version(uri, 1) if d.code == "W601"]
            for mark in found:
                start, end = text.offset_of(mark.range.start), text.offset_of(mark.range.end)
                assert text.text[start:end] == "法制"
            (fix,) = await editor.actions(uri, EVERYWHERE, "source")
            assert apply(text, fix) == corrected(SHORT)

    run(work())


@pytest.mark.slow
def test_other_documents_and_hostile_ones(tmp_path: Path) -> None:
    async def work() -> None:
        async with editing(tmp_path) as editor:
            readme, code = (tmp_path / "README.md").as_uri(), (tmp_path / "a.py").as_uri()
            editor.open(code, "法制宣传", "python")
            editor.open(readme, OTHER, "markdown")
            (one,) = await editor.version(readme, 1)
            assert one.severity == lsp.DiagnosticSeverity.Hint
            editor.open("untitled:Untitled-1", OTHER, "markdown")
            assert len(await editor.version("untitled:Untitled-1", 1)) == 1
            for version, text in enumerate(("", "\ud800法治\0", "法治政府\u2028\r" * 2000), 2):
                editor.change(readme, version, text)
                assert len(await editor.version(readme, version)) == 1
            assert not [p for p in editor.published if p.uri == code]
            assert await editor.actions(readme, EVERYWHERE) == []

            # A message that cannot be read is answered, but not with words of a document; the server goes on.
            broken = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"contentChanges": "秘密"}}
            await editor.send(json.dumps(broken).encode())
            async with asyncio.timeout(TIMEOUT):
                while not editor.messages:
                    await asyncio.sleep(0.01)
            assert "秘密" not in "".join(editor.messages)
            editor.messages.clear()
            editor.change(readme, 9, OTHER)
            assert len(await editor.version(readme, 9)) == 1

    run(work())


@pytest.mark.slow
def test_rule_files_are_checked_as_they_stand_in_the_editor(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path, other = tmp_path / "rules" / "wording" / "W601.yaml", tmp_path / "rules" / "parts" / "P102.yaml"
    good = path.read_text("utf-8")

    async def work() -> None:
        async with editing(tmp_path) as editor:
            uri = path.as_uri()
            editor.open(uri, good.replace("severity:", "severty:", 1), "yaml")
            (wrong,) = await editor.version(uri, 1)
            assert wrong.message == "不认识的键 severty，您是不是要写 severity？"
            assert (wrong.range.start.line, wrong.range.start.character) == (2, 0)
            editor.change(uri, 2, good.replace("组织法制培训3次，参与法制宣传，打造法制课堂。", "组织法治培训。", 1))
            (example,) = await editor.version(uri, 2)
            assert example.severity == lsp.DiagnosticSeverity.Warning
            assert example.range.start.line > 10

            # What is wrong in a file that is not open is shown there, and goes when it is right or all is closed.
            other.write_text(other.read_text("utf-8").replace("kind: part", "kind: parts", 1), "utf-8")
            editor.change(uri, 3, good)
            assert await editor.version(uri, 3) == []
            assert len(await editor.wait_for(other.as_uri(), lambda p: bool(p.diagnostics))) == 1
            # Reports are checked anew once a rule file without mistakes is saved.
            readme = (tmp_path / "README.md").as_uri()
            editor.open(readme, OTHER, "markdown")
            await editor.version(readme, 1)
            editor.save(uri)
            await editor.wait_for(other.as_uri(), lambda p: bool(p.diagnostics))
            assert len([p for p in editor.published if p.uri == readme]) == 1
            shutil.copy(ROOT / "rules" / "parts" / "P102.yaml", other)
            editor.save(uri)
            await editor.wait_for(readme, lambda _: [p.uri for p in editor.published].count(readme) == 2)
            other.write_text("", "utf-8")
            editor.change(uri, 4, good)
            assert len(await editor.wait_for(other.as_uri(), lambda p: bool(p.diagnostics))) == 1

            editor.close(uri)
            assert await editor.wait_for(uri, lambda p: p.version is None) == []
            assert await editor.wait_for(other.as_uri(), lambda p: not p.diagnostics) == []

    run(work())


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "validator.editor.server", raising=False)
    monkeypatch.setitem(sys.modules, "lsprotocol.types", None)
    with pytest.raises(OptionError, match=r'pip install "fazhi-validator\[lsp\]"'):
        start_lsp()


def test_commands_that_are_no_server_import_nothing_of_it() -> None:
    code = (
        "import sys, validator.cli; print([m for m in ('pygls', 'lsprotocol', 'validator.editor') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_server_ends_with_its_editor(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "validator", "lsp"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=env, check=False, input=b"", timeout=TIMEOUT)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
