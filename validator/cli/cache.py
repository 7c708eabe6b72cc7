"""``fazhi cache``: the results of earlier checks on this computer."""

from __future__ import annotations

import typer

from validator.cache import cache_home, list_entries, remove_entries
from validator.cli.help import ChineseCommand, ChineseGroup

app = typer.Typer(cls=ChineseGroup, help="查看和清除这台电脑上保存的检查结果。")


@app.command("status", cls=ChineseCommand)
def status() -> None:
    """显示保存了多少结果，放在哪里。"""
    entries = list_entries(cache_home())
    size = sum(size for _, size, _ in entries) / 1024 / 1024
    typer.echo(f"{len(entries)}份，{size:.1f} 兆字节，在 {cache_home()}")


@app.command("clear", cls=ChineseCommand)
def clear() -> None:
    """清除保存的结果。里面有报告的摘录。"""
    typer.echo(f"已清除{remove_entries(cache_home())}份。")
