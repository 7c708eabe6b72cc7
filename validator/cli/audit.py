"""``fazhi audit``: review a batch of reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Annotated, Any

import typer

from validator.cli.help import ChineseCommand, ChineseGroup
from validator.cli.options import (
    AsOf,
    FailLevel,
    Ignore,
    LimitSettings,
    ModelChoice,
    OcrChoice,
    OrganLevelChoice,
    Packs,
    Power,
    ProfileChoice,
    Region,
    RulesFolder,
    Select,
    collect_given,
)
from validator.errors import OptionError
from validator.options import FIRST_YEAR, LAST_YEAR, MOST_JOBS

if TYPE_CHECKING:
    from validator.audit.crew import Crew
    from validator.audit.read import Audit
    from validator.audit.run import AuditPlan

_NEEDED = ("datasketch", "numpy")
"""Packages without which no report can be compared with others."""
_FEW = 12
"""So few files are looked at in one process: starting others would take longer."""
_MOST_PROCESSES = 8
_MOST_MEMBERS = 200_000
"""So many files may be in an archive: every body of a country in one, with room for attachments."""


class _AuditGroup(ChineseGroup):
    """``fazhi audit 报告/`` is ``fazhi audit run 报告/``: what is no name of a command is what to review."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the usual command in front where none is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return list(super().parse_args(ctx, args))


app = typer.Typer(cls=_AuditGroup, help="审核成批的报告：fazhi audit 报告文件夹 --out 结果文件夹。")

Folder = Annotated[Path, typer.Argument(metavar="结果文件夹", help="fazhi audit 的结果文件夹。", show_default=False)]
Outputs = Annotated[
    str,
    typer.Option(
        "--outputs", metavar="名称", help="写哪些结果，逗号分隔：xlsx、html、word、csv、parquet；none 表示都不写。"
    ),
]


@app.command("run", cls=ChineseCommand)
def run(
    source: Annotated[
        str, typer.Argument(metavar="来源", help="报告所在的文件夹、压缩包，或 s3:// 一类的网址。", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="文件夹", help="结果写到这个文件夹。", show_default=False)
    ],
    resume: Annotated[bool, typer.Option("--resume", help="接着做上次没有做完的审核。")] = False,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="文件", help="应报送单位的名册（CSV 或 XLSX）。", show_default=False),
    ] = None,
    pattern: Annotated[
        list[str] | None,
        typer.Option(
            "--pattern",
            metavar="样式",
            help="从路径读出年度、地区和单位，例如 {year}/{region}/{organ}.docx，可以多次给出。",
            show_default=False,
        ),
    ] = None,
    due: Annotated[
        int | None,
        typer.Option(
            "--due",
            min=FIRST_YEAR,
            max=LAST_YEAR,
            metavar="年度",
            help="应报送哪一年度的报告；不写则取多数报告的年度。",
            show_default=False,
        ),
    ] = None,
    outputs: Outputs = "xlsx,html,word,csv",
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, max=MOST_JOBS, help="同时用几个进程检查；0 表示自动。")
    ] = 0,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler", metavar="地址", help="用已有的 Dask 集群，例如 tcp://主机:8786。", show_default=False
        ),
    ] = "",
    select: Select = "",
    ignore: Ignore = "",
    organ_level: OrganLevelChoice = None,
    as_of: AsOf = "",
    profile: ProfileChoice = None,
    model: ModelChoice = None,
    ocr: OcrChoice = None,
    limit: LimitSettings = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
    region: Region = None,
    enforcement: Power = None,
    fail_on: Annotated[
        FailLevel, typer.Option(help="达到哪一级时退出码为1：error、warning、review 或 never。")
    ] = FailLevel.error,
) -> None:
    """审核一批报告，结果写进文件夹。再次运行时，没有变化的报告不重新检查。

    退出码：
      0  全部检查，没有不通过的必备项
      1  全部检查，有不通过的必备项（用 --fail-on 改变）
      2  有文件未能检查，或没有做完
    """
    given = collect_given(
        select=select,
        ignore=ignore,
        organ_level=organ_level,
        as_of=as_of,
        limit=limit,
        profile=profile,
        model=model,
        ocr=ocr,
        rules_dir=rules_dir,
        rules=rules,
        region=region,
        enforcement=enforcement,
    )
    if not all(find_spec(name) for name in _NEEDED):
        raise OptionError("审核成批的报告需要安装 fazhi-validator[audit]。")
    if jobs and scheduler:
        raise OptionError("--jobs 和 --scheduler 不能一起用：用集群时，有几个进程由集群决定。")
    from validator.audit.exports.table import parse_outputs, require_outputs
    from validator.audit.run import run_audit

    wanted = parse_outputs(outputs)
    require_outputs(wanted)
    plan = _plan(source, out, given, pattern or [], roster, due, resume=resume)
    try:
        notes = run_audit(plan, _choose_crew(jobs, scheduler), show_phase)
        _finish(out, wanted, notes, fail_on.value)
    except KeyboardInterrupt:
        raise OptionError(_explain_interrupt(out)) from None


def _explain_interrupt(out: Path) -> str:
    """Return how to go on; before the list of files is kept there is nothing to go on with."""
    from validator.audit.read import Audit

    try:
        with Audit(out):
            return "已中断。做完的都在，加 --resume 可以接着做。"
    except OptionError:
        return "已中断，没有完成检查。"


def _plan(
    source: str,
    out: Path,
    given: dict[str, Any],
    patterns: list[str],
    roster: Path | None,
    due: int | None,
    *,
    resume: bool,
) -> AuditPlan:
    from validator.audit.run import AuditPlan
    from validator.audit.who.patterns import compile_pattern
    from validator.audit.who.roster import read_roster
    from validator.settings.project import Project, build_recipe

    limits = {"members": _MOST_MEMBERS, **(given["limits"] or {})}
    settings = Project([str(out)], {**given, "limits": limits}, isolated=True).settings
    return AuditPlan(
        source,
        out,
        build_recipe(settings, all_findings=True, with_text=True),
        tuple(compile_pattern(p) for p in patterns),
        read_roster(roster) if roster else (),
        due,
        resume,
    )


def _choose_crew(jobs: int, scheduler: str) -> Crew:
    """Return who looks at the files: a cluster, several processes, or this one."""
    from validator.audit.crew import work_alone, work_together

    if scheduler:
        from validator.audit.cluster import work_on_cluster

        return lambda work, _: work_on_cluster(work, scheduler)
    if jobs == 1:
        return lambda work, _: work_alone(work)
    processes = jobs or min(os.cpu_count() or 1, _MOST_PROCESSES)
    return lambda work, waiting: (
        work_together(work, processes) if jobs or (waiting > _FEW and processes > 1) else work_alone(work)
    )


def _finish(out: Path, wanted: tuple[str, ...], notes: tuple[str, ...], fail_on: str) -> None:
    """Write the outputs, say how the batch stands and what was noticed, and end with the exit code."""
    from validator.audit.conclusion import conclude, exit_code_of
    from validator.audit.read import Audit

    with Audit(out) as audit:
        written = write_outputs(audit, out, wanted)
        for line in (*conclude(audit), *notes, *written):
            typer.echo(line)
        code = exit_code_of(audit, fail_on)
    raise typer.Exit(code)


def write_outputs(audit: Audit, out: Path, wanted: tuple[str, ...]) -> list[str]:
    """Write outputs with a progress bar and return what was written, one line each."""
    from validator.audit.exports.table import OUTPUTS, describe_stale

    written = []
    for name in wanted:
        output = OUTPUTS[name]
        with show_phase(f"写{output.title}", 0) as advance:
            written.append(f"{output.title}：{output.write(audit, out, advance)}")
    written += describe_stale(out, wanted)
    return written


@contextmanager
def show_phase(name: str, total: int) -> Iterator[Callable[[], None]]:
    """Show on stderr how far a phase is, with rate and remaining time, once it has taken two seconds.

    Args:
        name: of the phase.
        total: how many steps it has; 0 when nobody knows.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("已用"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=total or None, visible=False, rate="", left="")
        timer = Timer(2, lambda: bar.update(task, visible=True))
        timer.daemon = True
        timer.start()
        try:
            yield partial(_advance, bar, task)
        finally:
            timer.cancel()


def _advance(bar: Any, task: Any) -> None:
    """Count a step, and say how many a second and how long it will take still."""
    state = bar.tasks[0]
    rate = f"每秒{state.speed:.0f}个" if state.speed else ""
    left = f"还需{_minutes(state.time_remaining)}" if state.time_remaining else ""
    bar.update(task, advance=1, rate=rate, left=left)


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}分{rest:02d}秒" if minutes else f"{rest}秒"
