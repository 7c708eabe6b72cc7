"""The commands on an audit that is done: decisions of reviewers, outputs, one report's page, comparison."""

from __future__ import annotations

import getpass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from validator.cli.audit import Folder, Outputs, write_outputs
from validator.errors import OptionError, explain_os_error

Reviewer = Annotated[
    str,
    typer.Option("--by", metavar="姓名", help="复核人；不写则用表里写的，再用登录名。", show_default=False),
]


class _Verb(StrEnum):
    """What a reviewer does with a finding."""

    confirm = "confirm"
    dismiss = "dismiss"
    override = "override"


class _Outcome(StrEnum):
    """What an override sets."""

    passed = "pass"
    fail = "fail"
    review = "review"
    not_applicable = "not_applicable"


class _Form(StrEnum):
    """How a comparison is written."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"


def export(folder: Folder, outputs: Outputs = "xlsx,html,word,csv") -> None:
    """不重新检查，把结果再写一遍（例如导入复核意见之后）。"""
    from validator.audit.exports.table import parse_outputs, require_outputs
    from validator.audit.read import Audit

    wanted = parse_outputs(outputs)
    require_outputs(wanted)
    with Audit(folder) as audit:
        for line in write_outputs(audit, folder, wanted):
            typer.echo(line)


def page(
    folder: Folder,
    report: Annotated[str, typer.Argument(metavar="报告", help="报告在来源里的路径。", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="文件", help="写到这个文件。", show_default=False)
    ] = None,
) -> None:
    """写出一份报告的网页。"""
    from validator.audit.exports.dashboard import write_page
    from validator.audit.read import Audit

    with Audit(folder) as audit:
        row = audit.file(report)
        if row is None:
            raise OptionError(f"审核结果里没有 {report}，路径要同结果里写的一样。")
        target = output or folder / "pages" / f"{row.id:06d}.html"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_page(audit, row.id, target)
        except OSError as exc:
            raise OptionError(f"{target} 写不进去（{explain_os_error(exc)}）。") from exc
    typer.echo(str(target))


def decide(
    folder: Folder,
    report: Annotated[str, typer.Argument(metavar="报告", help="报告在来源里的路径。", show_default=False)],
    rule: Annotated[str, typer.Argument(metavar="规则", help="规则编号，例如 P103。", show_default=False)],
    verb: Annotated[
        _Verb, typer.Argument(metavar="处理", help="confirm 确认、dismiss 驳回或 override 改判。", show_default=False)
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="理由", help="为什么；驳回和改判必须写。")] = "",
    outcome: Annotated[
        _Outcome | None,
        typer.Option("--outcome", help="改判为 pass、fail、review 或 not_applicable。", show_default=False),
    ] = None,
    finding: Annotated[
        str,
        typer.Option("--finding", metavar="指纹", help="只针对这一处；不写则针对整条规则。", show_default=False),
    ] = "",
    by: Reviewer = "",
) -> None:
    """记下对一条规则（或其中一处）的复核意见。"""
    from validator.audit.records import Decision
    from validator.audit.reviewing import keep_reviewed

    made = Decision(
        report,
        rule,
        finding,
        verb.value,
        outcome.value if outcome else None,
        reason.strip(),
        by or _login(),
        date.today().isoformat(),
    )
    if keep_reviewed(folder, (made,)).gone:
        raise OptionError(f"{report} 的 {rule} 里没有指纹是 {finding} 的一处。")
    typer.echo("已记下1条复核意见。用 fazhi audit export 更新结果。")


def import_decisions(
    folder: Folder,
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="填好“复核”表的工作簿，或同样列的 CSV。", show_default=False)
    ],
    by: Reviewer = "",
) -> None:
    """读入在工作簿里填的复核意见。有一行不对就都不读入。"""
    from validator.audit.decisions import read_decisions
    from validator.audit.reviewing import keep_reviewed

    made = read_decisions(file, reviewer=by or None, day=date.today().isoformat())
    kept = keep_reviewed(folder, made)
    typer.echo(f"读到{len(made)}条复核意见，其中{kept.changed}条是新的或改过的。用 fazhi audit export 更新结果。")
    if kept.gone:
        typer.echo(f"有{kept.gone}条所指的地方已不在报告里，没有读入。")


def diff(
    old: Annotated[Path, typer.Argument(metavar="前一次", help="前一次审核的结果文件夹。", show_default=False)],
    new: Annotated[Path, typer.Argument(metavar="后一次", help="后一次审核的结果文件夹。", show_default=False)],
    form: Annotated[_Form, typer.Option("--format", "-f", help="输出格式，也可用 markdown、json。")] = _Form.terminal,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="文件", help="写到文件。", show_default=False)
    ] = None,
) -> None:
    """比较两次审核：哪些改好了，哪些是新的，规则变了什么。"""
    from validator.audit.compare import compare_audits
    from validator.audit.exports.comparison import render_comparison
    from validator.audit.read import Audit
    from validator.settings.reading import write_whole

    with Audit(old) as before, Audit(new) as after:
        text = render_comparison(compare_audits(before, after), form.value)
    if output is None:
        typer.echo(text, nl=not text.endswith("\n"))
    else:
        write_whole(output, text, f"{output} ")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise OptionError("不知道复核人是谁，请用 --by 写明姓名。") from None
