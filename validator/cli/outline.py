"""``fazhi outline``: the headings and levels that the program saw."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from validator.cli.options import RulesFolder
from validator.engine import analyse, build_engine
from validator.errors import LoadError
from validator.options import CheckOptions
from validator.ruleset import load_ruleset


def outline(
    path: Annotated[str, typer.Argument(metavar="路径", help="报告文件；- 表示标准输入。", show_default=False)],
    rules_dir: RulesFolder = None,
) -> None:
    """显示程序看到的标题和层级，每个标题前是行号。"""
    from validator.loaders.table import load
    from validator.normalise import normalise

    engine = build_engine(load_ruleset(rules_dir), CheckOptions())
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as exc:
        raise LoadError(f"{path}：文件读不出来（{exc.strerror}）。") from exc
    document = normalise(load(path, data))
    found = analyse(engine, document)
    title = found.facts.title or "（没有找到标题）"
    typer.echo(f"标题：{title}")
    if not found.outline.sections:
        typer.echo("没有找到标题行。")
    for section in found.outline.sections:
        line = document.location(section.heading).line
        names = "、".join(_PART_WORDS[p] for p in found.parts.names_of(section))
        hinted = any(p.hint and p.start == section.heading.start for p in document.paragraphs)
        lost = "〔缺序号〕" if section.lost and not hinted else ""
        mark = f"  ← {names}" if names else ""
        typer.echo(f"{line:>5}  {'  ' * (section.level - 1)}{lost}{section.label}{mark}")


_PART_WORDS = {"measures": "举措和成效", "problems": "不足和原因", "principal": "第一责任人", "plan": "下年安排"}
