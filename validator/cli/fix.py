"""``fazhi fix``: apply the replacements that are safe, to text files only, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from validator.cli.options import ConfigChoice, Isolated, Packs, Power, Region, RulesFolder, Year, collect_given
from validator.errors import LoadError, OptionError, explain_os_error
from validator.settings.project import Project


def fix(
    path: Annotated[str, typer.Argument(metavar="路径", help="报告文件（.txt 或 .md）。", show_default=False)],
    diff: Annotated[bool, typer.Option("--diff", help="只显示要改什么，不改文件。")] = False,
    write: Annotated[bool, typer.Option("--write", help="改写文件。")] = False,
    select: Annotated[str, typer.Option(help="只改这些规则，逗号分隔，例如 W601,W604。", show_default=False)] = "",
    year: Year = None,
    config: ConfigChoice = None,
    isolated: Isolated = False,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
    region: Region = None,
    enforcement: Power = None,
) -> None:
    """改正能放心改的文字：法制法治、三项制度名称、四个亲自、重复字句、标点、尊法。

    退出码：
      0  改好了，或没有要改的
      1  有要改的（只用 --diff 时）
      2  文件不能改
    """
    if diff == write:
        raise OptionError("请写明 --diff（只看要改什么）或 --write（改写文件）其中一个。")
    file = Path(path)
    if file.suffix.lower() not in (".txt", ".md"):
        raise OptionError("fazhi fix 只改 .txt 和 .md 文件。Word 文件请用 fazhi check --annotate 写成批注，对着改。")
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise LoadError(f"{path}：文件读不出来（{explain_os_error(exc)}）。") from exc
    from validator.fixing import fix_text, render_diff
    from validator.workbench import Workbench

    given = collect_given(
        select=select, year=year, rules_dir=rules_dir, rules=rules, region=region, enforcement=enforcement
    )
    with Workbench() as bench:
        engine = bench.engine(Project([path], given, config=config, isolated=isolated).recipe_for(path))
    fixed = fix_text(engine, path, data)
    if not fixed.count:
        typer.echo(f"{path}：没有能放心改的地方。", err=True)
        return
    if diff:
        sys.stdout.write(render_diff(path, fixed.before, fixed.after))
        typer.echo(f"{path}：有{fixed.count}处可以改。", err=True)
        raise typer.Exit(1)
    try:
        file.write_bytes(fixed.data)
    except OSError as exc:
        raise OptionError(f"{path} 写不进去（{explain_os_error(exc)}）。") from exc
    typer.echo(f"{path}：改了{fixed.count}处。", err=True)
