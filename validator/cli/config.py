"""``fazhi config``: which settings apply, and which file set them."""

from __future__ import annotations

from typing import Annotated

import typer

from validator.cli.help import ChineseCommand, ChineseGroup
from validator.cli.options import ConfigChoice
from validator.settings.project import BASELINE_NAME, WAIVERS_NAME, Project

app = typer.Typer(cls=ChineseGroup, help="查看设置。")


@app.command("show", cls=ChineseCommand)
def show_settings(
    path: Annotated[
        str, typer.Argument(metavar="路径", help="报告文件或文件夹，不写则是当前文件夹。", show_default=False)
    ] = ".",
    config: ConfigChoice = None,
) -> None:
    """显示检查一个文件时用的设置，每项是哪个文件写的。"""
    from validator.settings.files import show
    from validator.settings.ignore import IGNORE_NAME
    from validator.settings.keys import DEFAULTS, KEYS

    project = Project([path], config=config)
    settings = {**project.settings_for(path), **{k: v for k, v in project.settings.items() if KEYS[k].of_run}}
    typer.echo(f"项目文件夹：{show(project.root)}")
    typer.echo(f"设置文件：{'、'.join(project.used) or '没有，全部用默认值'}")
    for name, file in (
        ("忽略文件", project.root / IGNORE_NAME),
        ("豁免文件", project.file_beside("waivers", WAIVERS_NAME)),
        ("基线文件", project.file_beside("baseline", BASELINE_NAME)),
    ):
        typer.echo(f"{name}：{show(file) if file is not None and file.is_file() else '没有'}")
    if any(p.match(path) for p in project.excludes()):
        typer.echo("这个文件按设置不检查。")
    typer.echo("")
    for key in KEYS:
        if key in settings:
            typer.echo(f"{key} = {_say(settings[key].value)}    # {settings[key].origin}")
        else:
            typer.echo(f"{key} = {DEFAULTS.get(key, '没有设')}    # 默认")


def _say(value: object) -> str:
    """Return a value as it is written in a configuration file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{v}"' for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {v}" for k, v in value.items()) + " }"
    return str(value) if isinstance(value, int) else f'"{value}"'
