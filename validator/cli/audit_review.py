"""The commands on an audit that is done: decisions of reviewers, outputs, one report's page, comparison."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from validator.cli.audit import Folder, Outputs, write_outputs
from validator.errors import OptionError, explain_os_error

if TYPE_CHECKING:
    from validator.audit.decisions import Target

_Name = TypeVar("_Name", bound=str)
Reviewer = Annotated[
    str,
    typer.Option("--by", metavar="姓名", help="复核人；不写则用表里写的，再用登录名。", show_default=False),
]


_WITHDRAW = "withdraw"


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
    from validator.audit.reviewing import explain_unknown

    with Audit(folder) as audit:
        row = audit.file(report)
        if row is None:
            raise OptionError(explain_unknown(audit, report))
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
        str,
        typer.Argument(
            metavar="处理",
            help="确认（confirm）、驳回（dismiss）、改判（override），或撤回（withdraw）已有的意见。",
            show_default=False,
        ),
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="理由", help="为什么；驳回和改判必须写。", show_default=False)
    ] = "",
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="结论",
            help="改判为通过（pass）、不通过（fail）、需复核（review）或不适用（not_applicable）。",
            show_default=False,
        ),
    ] = "",
    finding: Annotated[
        str,
        typer.Option("--finding", metavar="指纹", help="只针对这一处；不写则针对整条规则。", show_default=False),
    ] = "",
    by: Reviewer = "",
) -> None:
    """记下对一条规则（或其中一处）的复核意见，或撤回它。"""
    from validator.audit.decisions import SETTABLE, VERB_WORDS, WITHDRAW, Review, Target
    from validator.audit.records import Decision
    from validator.audit.reviewing import keep_reviewed
    from validator.reporters.words import OUTCOME_WORDS

    made = _choose(verb, {**VERB_WORDS, _WITHDRAW: WITHDRAW}, "处理")
    target = Target(report, rule.strip().upper(), finding.strip().lower())
    _require_report(folder, report)
    if made == _WITHDRAW:
        _withdraw(folder, target, reason, outcome)
        return
    set_to = _choose(outcome, {o: OUTCOME_WORDS[o] for o in SETTABLE}, "--outcome ") if outcome else None
    today = date.today().isoformat()
    decision = Decision(*target, made, set_to, reason.strip(), by or _login(), today)
    if keep_reviewed(folder, Review((decision,))).gone:
        raise OptionError(f"{report} 的 {target.rule} 里没有指纹是 {finding} 的一处。")
    typer.echo("已记下1条复核意见。用 fazhi audit export 更新结果。")


def _choose(word: str, known: Mapping[_Name, str], what: str) -> _Name:
    """Return the name that a word stands for; both the name and its Chinese word may be written."""
    wanted = word.strip().lower()
    for name, chinese in known.items():
        if wanted in (name, chinese):
            return name
    words = "、".join(f"{chinese}（{name}）" for name, chinese in known.items())
    raise OptionError(f"{what}应是{words}之一，现在是“{word}”。")


def _require_report(folder: Path, report: str) -> None:
    """Say which reports have names like one that is not there; one that was decided on may be gone."""
    from validator.audit.read import Audit
    from validator.audit.reviewing import explain_unknown

    with Audit(folder) as audit:
        if audit.file(report) is None and not any(d.path == report for d in audit.decisions()):
            raise OptionError(explain_unknown(audit, report))


def _withdraw(folder: Path, target: Target, reason: str, outcome: str) -> None:
    from validator.audit.decisions import Review
    from validator.audit.read import Audit
    from validator.audit.reviewing import explain_undecided, keep_reviewed

    if reason or outcome:
        raise OptionError("撤回时不写 --reason 和 --outcome。")
    if not keep_reviewed(folder, Review((), (target,))).withdrawn:
        with Audit(folder) as audit:
            raise OptionError(explain_undecided(audit, target))
    typer.echo("已撤回1条复核意见。用 fazhi audit export 更新结果。")


def import_decisions(
    folder: Folder,
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="填好“复核”表的工作簿，或同样列的 CSV。", show_default=False)
    ],
    by: Reviewer = "",
) -> None:
    """读入在工作簿里填的复核意见。有一行不对就都不读入。"""
    from validator.audit.decisions import read_decisions
    from validator.audit.exports.own_files import open_own_files
    from validator.audit.reviewing import keep_reviewed

    with open_own_files(folder) as own:
        review = read_decisions(file, reviewer=by or None, day=date.today().isoformat())
        kept = keep_reviewed(folder, review)
        own.remember_read_in(file)
    read = f"读到{len(review.decisions)}条复核意见，其中{kept.changed}条是新的或改过的"
    withdrawn = f"；撤回{kept.withdrawn}条" if kept.withdrawn else ""
    typer.echo(f"{read}{withdrawn}。用 fazhi audit export 更新结果。")
    if kept.gone:
        typer.echo(f"有{kept.gone}条所指的地方已不在报告里，没有读入。")
    if kept.never:
        typer.echo(f"有{kept.never}条要撤回的，本来就没有意见。")


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
