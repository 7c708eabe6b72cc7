"""``fazhi model``: install, show and remove the trained pipeline zh_core_web_sm."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from validator.cli.help import ChineseCommand, ChineseGroup
from validator.nlp.model import NAME, VERSION, find_model, install_model, remove_model

app = typer.Typer(cls=ChineseGroup, help="安装、查看和删除可选的中文语言模型。")


@app.command("install", cls=ChineseCommand)
def install(
    wheel: Annotated[
        Path | None,
        typer.Argument(metavar="安装包", help="已下载的安装包；不写则从官方地址下载。", show_default=False),
    ] = None,
) -> None:
    """安装语言模型。安装包要与官方校验值一致。"""
    if wheel is None and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("下载"), BarColumn(), DownloadColumn(), TextColumn("还需"), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("下载", total=None)
            found = install_model(on_progress=lambda done, total: bar.update(task, completed=done, total=total))
    else:
        found = install_model(wheel)
    typer.echo(f"已安装 {found.name} {found.version}，位置：{found.path}")


@app.command("status", cls=ChineseCommand)
def status() -> None:
    """显示装了哪个语言模型。"""
    found = find_model()
    if found is None:
        typer.echo(f"没有安装 {NAME} {VERSION}。检查时用自带的逐字切分和词语规则，不影响使用。")
        return
    typer.echo(f"已安装 {found.name} {found.version}，位置：{found.path}")


@app.command("remove", cls=ChineseCommand)
def remove() -> None:
    """删除语言模型。"""
    typer.echo(f"已删除 {NAME}。" if remove_model() else f"没有安装 {NAME}，不用删除。")
