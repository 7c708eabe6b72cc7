"""``fazhi outline``: the headings and levels that the program saw."""

from __future__ import annotations

from typing import Annotated

import typer

from validator.cli.options import LimitSettings, OcrChoice, Packs, RulesFolder
from validator.errors import LoadError
from validator.options import CheckOptions, parse_limits
from validator.sources import Source, read_source


def outline(
    path: Annotated[str, typer.Argument(metavar="路径", help="报告文件；- 表示标准输入。", show_default=False)],
    ocr: OcrChoice = None,
    limit: LimitSettings = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """显示程序看到的标题和层级。每个标题前是行号；Word 文件是段号，PDF 是页和行。"""
    from validator.engine import analyse, build_engine
    from validator.loaders.archive import Archives
    from validator.loaders.reader import Reader
    from validator.normalise import normalise
    from validator.ruleset import load_ruleset

    engine = build_engine(load_ruleset(rules_dir, packs=rules or ()), CheckOptions())
    limits = parse_limits(limit or ())
    try:
        with Archives(limits) as archives, Reader(limits, ocr=bool(ocr)) as reader:
            document = normalise(reader.read(path, read_source(Source(path, path), archives)))
    except LoadError as exc:
        raise LoadError(f"{path}：{exc}") from exc
    found = analyse(engine, document)
    title = found.facts.title or "（没有找到标题）"
    typer.echo(f"标题：{title}")
    if not found.outline.sections:
        typer.echo("没有找到标题行。")
    for section in found.outline.sections:
        at = document.location(section.heading)
        line = f"{at.page}-{at.line}" if at.page else str(at.line)
        names = "、".join(_PART_WORDS[p] for p in found.parts.names_of(section))
        hinted = any(p.hint and p.start == section.heading.start for p in document.paragraphs)
        lost = "〔缺序号〕" if section.lost and not hinted else ""
        mark = f"  ← {names}" if names else ""
        typer.echo(f"{line:>5}  {'  ' * (section.level - 1)}{lost}{section.label}{mark}")


_PART_WORDS = {"measures": "举措和成效", "problems": "不足和原因", "principal": "第一责任人", "plan": "下年安排"}
