"""``fazhi lsp``: the language server that editors start."""

from __future__ import annotations

import logging
import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

from validator.errors import OptionError

_NEEDED = ("attrs", "cattrs", "lsprotocol", "pygls")


def lsp(
    stdio: Annotated[  # noqa: ARG001 - editors add it by custom
        bool, typer.Option("--stdio", help="经标准输入、输出与编辑器通信。只有这一种方式，可以不写。")
    ] = False,
) -> None:
    """在编辑器里边写边查（语言服务器）。这个命令由编辑器启动，见 docs/editors.md。

    文字只在本机处理，不写日志。
    """
    try:
        from validator.editor.server import serve
    except ModuleNotFoundError as exc:
        if (exc.name or "").split(".")[0] not in _NEEDED:
            raise
        raise OptionError('没有安装编辑器支持。请先运行 pip install "fazhi-validator[lsp]"。') from exc
    if sys.stdin.isatty():
        typer.echo("等待编辑器的消息。这个命令由编辑器启动；按 Ctrl-D 退出。", err=True)
    # The library logs messages with the text of documents in them: nothing is logged in this process.
    logging.disable(logging.CRITICAL)
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    with redirect_stdout(sys.stderr):  # what others print must not stand between the messages
        asked = serve(stdin, stdout)
    raise typer.Exit(0 if asked else 1)
