"""``fazhi check``: check reports and write the result."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from validator.cli.options import (
    AsOf,
    ConfigChoice,
    FailLevel,
    ForceExclude,
    Ignore,
    Isolated,
    Jobs,
    LimitSettings,
    ModelChoice,
    NoCache,
    OcrChoice,
    OrganLevelChoice,
    Packs,
    Power,
    ProfileChoice,
    Region,
    RulesFolder,
    Select,
    Year,
    collect_given,
)
from validator.cli.output import needs_text, plan_outputs, spare_sources, write_outputs
from validator.cli.plan import plan_tasks, run_plan
from validator.errors import OptionError
from validator.exit_codes import EXIT_FAILED, EXIT_NOT_CHECKED, EXIT_OK, exit_code
from validator.settings.project import BASELINE_NAME, Project


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
    html = "html"
    docx = "docx"
    xlsx = "xlsx"


def check(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="路径…", help="报告文件、文件夹或通配符；- 表示标准输入。", show_default=False),
    ],
    output_format: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            help="输出格式，也可用 json、sarif、junit、github、gitlab、markdown、csv、html、"
            "docx（整改清单）、xlsx（表格）。",
        ),
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
    select: Select = "",
    ignore: Ignore = "",
    year: Year = None,
    organ_level: OrganLevelChoice = None,
    as_of: AsOf = "",
    fail_on: Annotated[
        FailLevel | None,
        typer.Option(help="达到哪一级时退出码为1：error（默认）、warning、review 或 never。", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只显示结论。")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="显示全部规则的依据和原文，以及基线中的。")] = False,
    profile: ProfileChoice = None,
    model: ModelChoice = None,
    annotate: Annotated[
        Path | None,
        typer.Option("--annotate", metavar="文件夹", help="把带批注的副本写到这个文件夹。", show_default=False),
    ] = None,
    ocr: OcrChoice = None,
    changed_since: Annotated[
        str,
        typer.Option(
            "--changed-since", metavar="提交", help="只检查 git 里从这次提交以来改过的文件。", show_default=False
        ),
    ] = "",
    force_exclude: ForceExclude = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="文件", help="基线文件，里面的不计入结论。", show_default=False)
    ] = None,
    config: ConfigChoice = None,
    isolated: Isolated = False,
    no_cache: NoCache = False,
    jobs: Jobs = None,
    limit: LimitSettings = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
    region: Region = None,
    enforcement: Power = None,
) -> None:
    """检查报告。

    退出码：
      0  全部检查，没有不通过的必备项
      1  全部检查，有不通过的必备项（用 --fail-on 改变）
      2  有文件或规则未能检查
    """
    given = collect_given(
        select=select,
        ignore=ignore,
        year=year,
        organ_level=organ_level,
        as_of=as_of,
        limit=limit,
        fail_on=fail_on.value if fail_on else None,
        profile=profile,
        model=model,
        ocr=ocr,
        baseline=baseline,
        jobs=jobs,
        rules_dir=rules_dir,
        rules=rules,
        region=region,
        enforcement=enforcement,
    )
    outputs = plan_outputs(output_format.value, output or ())
    project = Project(paths, given, config=config, isolated=isolated)
    plan = plan_tasks(
        project,
        paths,
        force_exclude=force_exclude,
        changed_since=changed_since,
        all_findings=project.file_beside("baseline", BASELINE_NAME) is not None,
        with_text=needs_text(outputs),
    )
    sources = [t.source for t in plan.tasks]
    spare_sources(outputs, (s.file for s in sources))
    if annotate is not None:
        from validator.cli.annotate import require_folder

        require_folder(annotate, sources)
    if not plan.tasks and not (force_exclude or changed_since):
        raise OptionError(_nothing(plan.excluded, changed_since))
    result = run_plan(plan, no_cache=no_cache)
    write_outputs(result, outputs, verbose=verbose, quiet=quiet)
    if not plan.tasks:
        print(_nothing(plan.excluded, changed_since), file=sys.stderr)
        raise typer.Exit(EXIT_OK)
    level = project.value("fail-on")
    code = exit_code(result, level)
    if code == EXIT_FAILED and all(f.outcome == "pass" for f in result.files):
        print(f"按 fail-on = {level}，提示也算不通过，退出码是1。", file=sys.stderr)
    if annotate is not None:
        from validator.cli.annotate import write_copies

        if not write_copies(sources, result, annotate, plan.usual.limits):
            code = EXIT_NOT_CHECKED
    raise typer.Exit(code)


def _nothing(excluded: int, changed_since: str) -> str:
    """Return why nothing was to be checked: files were left out, or none was changed."""
    if changed_since and not excluded:
        return f"从 {changed_since} 以来没有改过报告，不用检查。"
    return f"找到的{excluded}个文件都按设置不检查。"
