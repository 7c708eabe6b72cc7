"""``fazhi serve``: the page for people who use no terminal, and the HTTP interface."""

from __future__ import annotations

import logging
import os
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer

from validator.cli.options import ModelChoice, OcrChoice, Packs, ProfileChoice, RulesFolder, collect_given
from validator.errors import OptionError, explain_os_error
from validator.options import MOST_JOBS

if TYPE_CHECKING:
    from validator.web.config import WebConfig

_NEEDED = ("fastapi", "uvicorn", "pebble", "python_multipart", "starlette")
_GRACE_SECONDS = 1
"""So long a request may go on after the server was told to stop."""
_KEEP_ALIVE_SECONDS = 5
_BACKLOG = 512


def serve(
    host: Annotated[str, typer.Option("--host", metavar="地址", help="监听的地址。默认只有本机能访问。")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="端口", help="监听的端口；0 表示任选一个空的。")
    ] = 8765,
    open_page: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="打开浏览器。默认在只供本机访问时打开。", show_default=False),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            "--token-file", metavar="文件", help="写着口令的文件；也可用环境变量 FAZHI_TOKEN。", show_default=False
        ),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="前面有自己的反向代理，由它决定谁能访问。")
    ] = False,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option("--allowed-host", metavar="名称", help="别人访问用的主机名，可以多次给出。", show_default=False),
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", min=0, max=MOST_JOBS, metavar="个数", help="同时用几个进程检查；0 表示自动。")
    ] = 0,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            "--limit",
            metavar="名称=数",
            help="限制，例如 upload_mib=20，可以多次给出，见 docs/serving.md。",
            show_default=False,
        ),
    ] = None,
    profile: ProfileChoice = None,
    model: ModelChoice = None,
    ocr: OcrChoice = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """打开网页，把报告放进去就能检查。

    文件只在这台电脑上检查，不发往别处，也不写日志。按 Ctrl-C 停止，停止后暂存的文件全部删除。
    """
    try:
        import pebble  # noqa: F401
        import python_multipart  # noqa: F401
        import uvicorn  # noqa: F401

        from validator.web.app import create_app
    except ModuleNotFoundError as exc:
        if (exc.name or "").split(".")[0] not in _NEEDED:
            raise
        raise OptionError('没有安装网页支持。请先运行 pip install "fazhi-validator[web]"。') from exc
    from validator.settings.project import Project, build_recipe
    from validator.web.config import WebConfig, parse_web_limits, read_token

    limits, reading = parse_web_limits(limit or ())
    if processes:
        limits = replace(limits, processes=processes)
    given = collect_given(profile=profile, model=model, ocr=ocr, rules_dir=rules_dir, rules=rules)
    given["limits"] = reading or None
    recipe = build_recipe(Project([], given, isolated=True).settings)
    token = read_token(token_file, os.environ)
    config = WebConfig(host, port, tuple(allowed_host or ()), token, behind_proxy, recipe, limits)
    listener = _listen(host, port)
    with listener:
        config = replace(config, port=listener.getsockname()[1])
        _run(create_app(config), config, listener, opens=open_page)
    print("已停止，暂存的文件已全部删除。", file=sys.stderr)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        OptionError: the address is not of this computer, or somebody else listens there.
    """
    name = host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError:
        raise OptionError(f"地址 {host} 不对，找不到。") from None
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except PermissionError:
        listener.close()
        raise OptionError(f"没有权限使用端口 {port}，请用 --port 换一个1024以上的。") from None
    except OverflowError:
        listener.close()
        raise OptionError(f"端口 {port} 不对。") from None
    except OSError as exc:
        listener.close()
        if exc.errno in _TAKEN:
            raise OptionError(f"端口 {port} 已经有程序在用。可能已经打开了一个，或用 --port 换一个。") from None
        raise OptionError(f"不能在 {host} 的端口 {port} 上监听（{explain_os_error(exc)}）。") from None
    return listener


_TAKEN = (48, 98, 10048)
"""How systems say that somebody else listens there."""


def _run(app: object, config: WebConfig, listener: socket.socket, *, opens: bool | None) -> None:
    """Serve until somebody stops it."""
    import uvicorn

    from validator.web.config import is_loopback
    from validator.web.protocol import limit_connections

    # Libraries log what they were given, and that could hold words of a report: nothing is logged in this process.
    logging.disable(logging.CRITICAL)
    address = f"http://{_name(config)}:{config.port}/"
    print(f"网页在 {address}  按 Ctrl-C 停止。", file=sys.stderr)
    if config.token is not None:
        print("打开时要输入口令。", file=sys.stderr)
    if opens or (opens is None and is_loopback(config.host)):
        opener = Timer(0.5, _open, (address,))
        opener.daemon = True
        opener.start()
    limits = config.limits
    server = uvicorn.Server(
        uvicorn.Config(
            app,  # type: ignore[arg-type]
            http=limit_connections(limits.header_seconds, limits.upload_seconds, limits.connections),
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    # Ctrl-C and the end that a system asks for come out of the server as the same thing, when it has stopped.
    with suppress(KeyboardInterrupt):
        server.run([listener])
        if not server.started:
            raise OptionError("网页没有打开：暂存文件夹建不了，或检查进程起不来。")


def _name(config: WebConfig) -> str:
    """Return the name by which the page is called."""
    from validator.web.config import split_host

    if config.host in ("0.0.0.0", "::", ""):
        found = split_host(config.allowed_hosts[0])
        assert found is not None
        return found[0]
    return f"[{config.host}]" if ":" in config.host and not config.host.startswith("[") else config.host


def _open(address: str) -> None:
    import webbrowser

    with suppress(Exception):
        webbrowser.open(address)
