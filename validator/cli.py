"""The command ``fazhi``. Only this module prints and exits; payload goes to stdout, everything else to stderr."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from validator import __version__
from validator.cli_help import ChineseCommand, ChineseGroup, UsageError, explain_usage_error
from validator.engine import analyse, build_engine
from validator.errors import LoadError, OptionError, ValidatorError
from validator.options import CheckOptions
from validator.reporters.table import REPORTERS
from validator.result import RunResult
from validator.rule import Rule
from validator.ruleset import RuleSet, load_ruleset
from validator.runner import EXIT_FAILED, EXIT_NOT_CHECKED, EXIT_OK, exit_code, find_files, run

app = typer.Typer(
    cls=ChineseGroup,
    help="检查法治政府建设年度报告是否写全、写对。",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(cls=ChineseGroup, help="查看和检验规则。")
app.add_typer(rules_app, name="rules")


class Format(StrEnum):
    """Output formats."""

    terminal = "terminal"
    json = "json"


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


RulesFolder = Annotated[
    Path | None, typer.Option("--rules-dir", help="规则目录，默认用自带的规则。", show_default=False)
]


def main() -> None:
    """Run the command line; every expected error is one sentence on stderr and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(app(standalone_mode=False))
    except UsageError as exc:
        print(explain_usage_error(exc), file=sys.stderr)
        sys.exit(EXIT_NOT_CHECKED)
    except ValidatorError as exc:
        print(exc, file=sys.stderr)
        sys.exit(EXIT_NOT_CHECKED)
    except (typer.Abort, KeyboardInterrupt):
        print("已中断，没有完成检查。", file=sys.stderr)
        sys.exit(EXIT_NOT_CHECKED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_NOT_CHECKED)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fazhi {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="显示版本。")
    ] = False,
) -> None:
    """检查法治政府建设年度报告是否写全、写对。"""


@app.command(cls=ChineseCommand)
def check(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="路径…", help="报告文件、文件夹或通配符；- 表示标准输入。", show_default=False),
    ],
    output_format: Annotated[
        Format, typer.Option("--format", "-f", help="输出格式：terminal 或 json。")
    ] = Format.terminal,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写到文件。", show_default=False)] = None,
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
    engine = build_engine(load_ruleset(rules_dir, profile), options)
    files = find_files(paths)
    with _progress(len(files)) as advance:
        result = run(engine, files, advance)
    _write(result, output_format, output, verbose=verbose, quiet=quiet)
    raise typer.Exit(exit_code(result, fail_on.value))


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
    """Show a progress bar on stderr once a run has taken a second."""
    if total < 20 or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("检查"), BarColumn(), MofNCompleteColumn(), TextColumn("还需"), TimeRemainingColumn())
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("检查", total=total, visible=False)

        def advance(_: str) -> None:
            bar.update(task, advance=1, visible=time.monotonic() - began > 1)

        yield advance


def _write(result: RunResult, form: Format, output: Path | None, *, verbose: bool, quiet: bool) -> None:
    report = REPORTERS[form.value]
    if output is None:
        report(result, sys.stdout, verbose=verbose, quiet=quiet)
        sys.stdout.flush()
        return
    try:
        with output.open("w", encoding="utf-8", newline="\n") as stream:
            report(result, stream, verbose=verbose, quiet=quiet)
    except OSError as exc:
        raise OptionError(f"结果写不进 {output}（{exc.strerror}）。") from exc


@app.command(cls=ChineseCommand)
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


@rules_app.command("list", cls=ChineseCommand)
def list_rules(rules_dir: RulesFolder = None) -> None:
    """列出全部规则。"""
    from validator.reporters.words import SEVERITY_WORDS

    for rule in load_ruleset(rules_dir).rules:
        typer.echo(f"{rule.id}  {SEVERITY_WORDS[rule.severity]}  {rule.title}")


@rules_app.command("show", cls=ChineseCommand)
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="规则编号", help="规则编号，例如 P102。")],
    rules_dir: RulesFolder = None,
) -> None:
    """显示一条规则：依据、理由、怎么写和例子。"""
    ruleset = load_ruleset(rules_dir)
    for line in _describe_rule(ruleset, _find_rule(ruleset, rule_id)):
        typer.echo(line)


def _find_rule(ruleset: RuleSet, rule_id: str) -> Rule:
    for rule in ruleset.rules:
        if rule.id == rule_id.upper():
            return rule
    raise OptionError(f"没有编号为 {rule_id} 的规则。用 fazhi rules list 查看全部规则。")


def _describe_rule(ruleset: RuleSet, rule: Rule) -> Iterator[str]:
    from validator.reporters.words import KIND_WORDS, OUTCOME_WORDS, SEVERITY_WORDS

    status = {"verified": "已核实", "restated": "据转述", "unverified": "未核实"}
    relation = {"content": "规定报告内容", "duty": "规定职责", "editorial": "编辑惯例"}
    yield f"{rule.id} {rule.title}（{SEVERITY_WORDS[rule.severity]}）"
    yield f"理由：{rule.rationale}"
    yield f"应写在：{rule.expected}"
    for basis in rule.basis:
        source = ruleset.sources[basis.source]
        article = next(a for a in source.articles if a.id == basis.article)
        yield f"依据：《{source.title}》{source.number or ''}{basis.article}"
        yield f"  原文：“{basis.quote}”"
        yield f"  性质：{relation[basis.relation]}"
        yield f"  核实：文件{status[source.source_status]}，条文{status[article.article_status]}"
        yield f"  施行：{source.in_force}起{f'，{source.repealed}失效' if source.repealed else ''}"
        yield f"  约束：{source.binds}"
        if source.note:
            yield f"  说明：{source.note}"
    if rule.reference_for:
        yield f"参照执行的单位：{'、'.join(KIND_WORDS[k] for k in rule.reference_for)}"
    yield f"不通过时：{rule.message.fail}"
    if rule.message.review:
        yield f"需复核时：{rule.message.review}"
    yield "可以这样写："
    yield from (f"  {line}" for line in rule.wording.strip().splitlines())
    groups = (("pass", rule.examples.passing), ("fail", rule.examples.failing), ("pass", rule.examples.near_miss))
    for outcome, examples in groups:
        for example in examples:
            why = f"（{example.why}）" if example.why else ""
            yield f"例 {OUTCOME_WORDS[example.outcome or outcome]}{why}："  # type: ignore[index]
            yield from (f"  {line}" for line in example.text.strip().splitlines())


@rules_app.command("test", cls=ChineseCommand)
def run_examples(
    rule_id: Annotated[
        str | None, typer.Argument(metavar="规则编号", help="规则编号，不写则检验全部。", show_default=False)
    ] = None,
    rules_dir: RulesFolder = None,
) -> None:
    """运行规则自带的例子，每个例子都要得到它写明的结果。"""
    from validator.cases import run_cases
    from validator.reporters.words import OUTCOME_WORDS

    ruleset = load_ruleset(rules_dir)
    wanted = _find_rule(ruleset, rule_id).id if rule_id else None
    cases = list(run_cases(ruleset, wanted))
    wrong = [c for c in cases if not c.is_right]
    for case in wrong:
        typer.echo(f"✗ {case.rule} {case.name}：应为{OUTCOME_WORDS[case.wanted]}，得到{OUTCOME_WORDS[case.got]}")
        typer.echo(f"    {case.text.strip().splitlines()[0]}")
    typer.echo(f"共{len(cases)}个例子，{len(wrong)}个不对。")
    raise typer.Exit(EXIT_FAILED if wrong else EXIT_OK)


@rules_app.command("lint", cls=ChineseCommand)
def lint_rules(rules_dir: RulesFolder = None) -> None:
    """检查规则文件的格式、依据和引文。"""
    ruleset = load_ruleset(rules_dir)
    unsure = [
        f"{r.id} {b.source}“{b.article}”"
        for r in ruleset.rules
        for b in r.basis
        if any(a.id == b.article and a.article_status == "unverified" for a in ruleset.sources[b.source].articles)
    ]
    typer.echo(f"规则{len(ruleset.rules)}条，依据{len(ruleset.sources)}份，格式和引文都对。")
    typer.echo(f"引用了未核实条文的规则{len(unsure)}处：")
    for line in unsure:
        typer.echo(f"  {line}")
