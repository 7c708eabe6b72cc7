"""The language server itself: messages of the protocol → calls of the session, and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any, BinaryIO

from lsprotocol.types import (
    SHUTDOWN,
    TEXT_DOCUMENT_CODE_ACTION,
    TEXT_DOCUMENT_DID_CHANGE,
    TEXT_DOCUMENT_DID_CLOSE,
    TEXT_DOCUMENT_DID_OPEN,
    TEXT_DOCUMENT_DID_SAVE,
    TEXT_DOCUMENT_HOVER,
    CodeAction,
    CodeActionOptions,
    CodeActionParams,
    DidChangeTextDocumentParams,
    DidCloseTextDocumentParams,
    DidOpenTextDocumentParams,
    DidSaveTextDocumentParams,
    Hover,
    HoverParams,
    MessageType,
    ShowMessageParams,
    TextDocumentSyncKind,
)
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from validator import __version__
from validator.editor.actions import KINDS, actions_for
from validator.editor.hover import hover_at
from validator.editor.session import DELAY, Session


class EditorServer(LanguageServer):
    """A server that takes whole documents: the library cuts lines at more characters than the protocol does."""

    def __init__(self) -> None:
        super().__init__("fazhi", __version__, text_document_sync_kind=TextDocumentSyncKind.Full)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Tell the editor of a mistake of the program by its kind only: its words may hold words of a report."""
        if source is not FeatureRequestError:
            said = f"程序内部出错（{type(error).__name__}），请报告给维护者。"
            self.window_show_message(ShowMessageParams(MessageType.Error, said))


def serve(stdin: BinaryIO, stdout: BinaryIO) -> bool:
    """Serve an editor until it says that it leaves. Return whether it asked for the end first, as it should."""
    server = EditorServer()
    session = register(server)
    try:
        server.start_io(stdin, stdout)
    finally:
        asked = session.is_stopped
        session.stop()
    return asked


def register(server: LanguageServer, delay: float = DELAY) -> Session:
    """Let a server answer for reports and rule files."""
    session = Session(server, delay)

    @server.feature(TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: DidOpenTextDocumentParams) -> None:
        session.open(params.text_document.uri, params.text_document.language_id)

    @server.feature(TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: DidChangeTextDocumentParams) -> None:
        session.change(params.text_document.uri)

    @server.feature(TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: DidSaveTextDocumentParams) -> None:
        session.save(params.text_document.uri)

    @server.feature(TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    @server.feature(TEXT_DOCUMENT_HOVER)
    async def hover(params: HoverParams) -> Hover | None:
        shown = await session.settle(params.text_document.uri)
        return hover_at(shown.marks, params.position) if shown is not None else None

    @server.feature(TEXT_DOCUMENT_CODE_ACTION, CodeActionOptions(code_action_kinds=KINDS))
    async def code_action(params: CodeActionParams) -> list[CodeAction]:
        uri = params.text_document.uri
        shown = await session.settle(uri)
        if shown is None:
            return []
        versioned = _takes_versions(server)
        only = params.context.only
        return await asyncio.to_thread(  # a report may have thousands of places to replace
            actions_for, shown.report, shown.marks, uri, params.range, only, versioned=versioned
        )

    @server.feature(SHUTDOWN)
    def shutdown(_: None) -> None:
        session.stop()

    return session


def _takes_versions(server: LanguageServer) -> bool:
    """Tell whether the editor understands edits that name the version of the document."""
    workspace = server.client_capabilities.workspace
    edits = workspace.workspace_edit if workspace is not None else None
    return bool(edits is not None and edits.document_changes)
