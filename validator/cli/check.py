"""``fazhi check``: check reports and write the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from validator.cli.annotate import require_folder, write_copies
from validator.cli.options import LimitSettings, ModelChoice, OcrChoice, RulesFolder
from validator.cli.output import plan_outputs, write_outputs
from validator.errors import OptionError
from validator.options import CheckOptions, parse_limits
from validator.parallel import Recipe, count_jobs, make_engine, run_parallel
from validator.runner import EXIT_NOT_CHECKED, exit_code, run
from validator.sources import find_sources


class Format(StrEnum):
    """Output formats."""

    terminal = "terminal"
    json = "json"
    sarif = "sarif"
    junit = "junit"
    github = "github"
    gitlab = "gitlab"
    markdown = "markdown"
    csv = "csv"


class FailLevel(StrEnum):
    """What makes the exit code 1."""

    error = "error"
    warning = "warning"
    review = "review"
    never = "never"


class Level(StrEnum):
    """Levels of organs."""

    province = "province"
    city = "city"
    county = "county"
    township = "township"
    department = "department"
    zone = "zone"
    other = "other"


def check(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="路径…", help="报告文件、文件夹或通配符；- 表示标准输入。", show_default=False),
    ],
    output_format: Annotated[
        Format,
        typer.Option("--format", "-f", help="输出格式，也可用 sarif、junit、github、gitlab、markdown、csv。"),
    ] = Format.terminal,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="路径",
            help="写到文件；可以多次给出 格式=路径，例如 sarif=结果.sarif。",
            show_default=False,
        ),
    ] = None,
    select: Annotated[str, typer.Option(help="只用这些规则，逗号分隔，例如 P101,T。", show_default=False)] = "",
    ignore: Annotated[str, typer.Option(help="不用这些规则，逗号分隔。", show_default=False)] = "",
    year: Annotated[
        int | None, typer.Option(min=2000, max=2100, help="报告年度，例如 2023。", show_default=False)
    ] = None,
    organ_level: Annotated[
        Level | None,
        typer.Option(
            help="单位层级：province、city、county、township、department、zone 或 other。", show_default=False
        ),
    ] = None,
    as_of: Annotated[str, typer.Option(help="按哪一天的规定检查，例如 2023-12-31。", show_default=False)] = "",
    fail_on: Annotated[
        FailLevel, typer.Option(help="达到哪一级时退出码为1：error、warning、review 或 never。")
    ] = FailLevel.error,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示结论。")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="显示全部规则的依据和原文。")] = False,
    profile: Annotated[str, typer.Option(help="方案：default，或只以规定内容为必备项的 statutory。")] = "default",
    model: ModelChoice = "auto",
    annotate: Annotated[
        Path | None,
        typer.Option("--annotate", metavar="文件夹", help="把带批注的副本写到这个文件夹。", show_default=False),
    ] = None,
    ocr: OcrChoice = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, max=64, help="同时用几个进程检查；0 表示自动。", show_default=False)
    ] = 0,
    limit: LimitSettings = None,
    rules_dir: RulesFolder = None,
) -> None:
    """检查报告。

    退出码：
      0  全部检查，没有不通过的必备项
      1  全部检查，有不通过的必备项（用 --fail-on 改变）
      2  有文件或规则未能检查
    """
    options = CheckOptions(
        year=year,
        organ_level=organ_level.value if organ_level else None,
        as_of=_read_day(as_of),
        select=_split(select),
        ignore=_split(ignore),
    )
    recipe = Recipe(rules_dir, profile, options, model, parse_limits(limit or ()), ocr)
    outputs = plan_outputs(output_format.value, output or ())
    engine = make_engine(recipe)
    sources = find_sources(paths, recipe.limits)
    if annotate is not None:
        require_folder(annotate, sources)
    with _progress(len(sources)) as advance:
        count = count_jobs(jobs, sources)
        if count > 1:
            result = run_parallel(recipe, engine, sources, count, advance)
        else:
            result = run(engine, sources, advance, limits=recipe.limits, ocr=ocr)
    write_outputs(result, outputs, verbose=verbose, quiet=quiet)
    code = exit_code(result, fail_on.value)
    if annotate is not None and not write_copies(sources, result, annotate, recipe.limits):
        code = EXIT_NOT_CHECKED
    raise typer.Exit(code)


def _split(names: str) -> tuple[str, ...]:
    return tuple(n.strip() for n in names.replace("，", ",").split(",") if n.strip())


def _read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OptionError(f"--as-of 应是日期，例如 2023-12-31，现在是“{text}”。") from None


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show a progress bar on stderr once a run has taken two seconds."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    times = (TextColumn("已用"), TimeElapsedColumn(), TextColumn("还需"), TimeRemainingColumn())
    columns = (TextColumn("检查"), BarColumn(), MofNCompleteColumn(), *times)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("检查", total=total, visible=False)
        timer = Timer(2, lambda: bar.update(task, visible=True))
        timer.daemon = True
        timer.start()
        try:
            yield lambda _: bar.update(task, advance=1)
        finally:
            timer.cancel()
