"""``fazhi baseline``: write the findings there are now, and compare with them later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from validator.cli.help import ChineseCommand, ChineseGroup
from validator.cli.options import (
    ConfigChoice,
    FailLevel,
    Jobs,
    NoCache,
    Packs,
    ProfileChoice,
    RulesFolder,
    collect_given,
)
from validator.cli.plan import Plan, plan_tasks, run_plan
from validator.errors import OptionError
from validator.exit_codes import exit_code
from validator.settings.project import BASELINE_NAME, Project

app = typer.Typer(cls=ChineseGroup, help="把已有的问题记成基线，以后只看新的。")

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="路径…", help="报告文件或文件夹，不写则检查整个项目。", show_default=False),
]
BaselineFile = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="文件", help="基线文件，默认是 fazhi-baseline.json。", show_default=False),
]


@app.command("write", cls=ChineseCommand)
def write(
    paths: Paths = None,
    baseline: BaselineFile = None,
    profile: ProfileChoice = None,
    config: ConfigChoice = None,
    no_cache: NoCache = False,
    jobs: Jobs = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """检查报告，把现在不通过和需复核的都写进基线。有文件未能检查时不写。"""
    from validator.baseline import collect, merge, read_baseline, render_baseline
    from validator.ruleset import load_ruleset
    from validator.settings.files import show
    from validator.settings.reading import write_whole

    plan = _plan(paths, baseline, profile, config, jobs, rules_dir, rules)
    target = _target(plan.project)
    result = run_plan(plan, no_cache=no_cache, with_baseline=False)
    profile_used = load_ruleset(plan.usual.rules_dir, plan.usual.profile, packs=plan.usual.packs).profile
    known = collect(result.files, target.parent, profile_used.not_waivable)
    whole = merge(read_baseline(target) if target.is_file() else (), known, result.files, target.parent)
    write_whole(target, render_baseline(whole), f"基线文件 {show(target)} ")
    count = sum(k.count for k in known)
    typer.echo(f"已写进 {show(target)}：{len(result.files)}个文件，{count}处。", err=True)
    if len(whole) > len(known):
        typer.echo(f"这次没有检查的，原有的{sum(k.count for k in whole) - count}处照旧。", err=True)
    left = sum(k.count for k in collect(result.files, target.parent)) - count
    if left:
        typer.echo(
            f"方案不许放过的{left}处（{'、'.join(profile_used.not_waivable)}）没有写进，照样计入结论。", err=True
        )


@app.command("check", cls=ChineseCommand)
def check(
    paths: Paths = None,
    baseline: BaselineFile = None,
    fail_on: Annotated[
        FailLevel | None,
        typer.Option(help="达到哪一级的新问题使退出码为1：error、warning、review 或 never。", show_default=False),
    ] = None,
    profile: ProfileChoice = None,
    config: ConfigChoice = None,
    no_cache: NoCache = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="也列出基线中已有的。")] = False,
    jobs: Jobs = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """同基线比较：哪些是新的，哪些已有，哪些已经解决。

    退出码：
      0  没有新的问题（应改项和质量提示不算，用 --fail-on 改变）
      1  有新的问题
      2  有文件未能检查，或没有基线
    """
    from validator.reporters.comparison import compare_with_baseline
    from validator.settings.files import show

    plan = _plan(paths, baseline, profile, config, jobs, rules_dir, rules, fail_on)
    target = _target(plan.project)
    if not target.is_file():
        raise OptionError(f"没有基线文件 {show(target)}，请先运行 fazhi baseline write。")
    result = run_plan(plan, no_cache=no_cache)
    for line in compare_with_baseline(result, verbose=verbose):
        typer.echo(line)
    raise typer.Exit(exit_code(result, plan.project.value("fail-on")))


def _plan(
    paths: list[str] | None,
    baseline: Path | None,
    profile: str | None,
    config: Path | None,
    jobs: int | None,
    rules_dir: Path | None,
    rules: list[Path] | None,
    fail_on: FailLevel | None = None,
) -> Plan:
    """Return what is to be checked: the paths, or everything in the project."""
    level = fail_on.value if fail_on else None
    given = collect_given(profile=profile, jobs=jobs, rules_dir=rules_dir, rules=rules, fail_on=level)
    project = Project(paths or ["."], {**given, "baseline": baseline}, config=config)
    from validator.settings.files import show

    return plan_tasks(project, paths or [show(project.root)], all_findings=True)


def _target(project: Project) -> Path:
    """Return the baseline file, which need not exist: as set, or by its usual name in the root of the project."""
    target: Path = project.value("baseline", project.root / BASELINE_NAME)
    return target.absolute()
