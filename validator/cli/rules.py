"""``fazhi rules``: list, show, print, test and lint the rules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from validator.cli.help import ChineseCommand, ChineseGroup
from validator.cli.options import ProfileChoice, RulesFolder
from validator.errors import OptionError
from validator.exit_codes import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from validator.rule import Rule
    from validator.ruleset import RuleSet

app = typer.Typer(cls=ChineseGroup, help="查看和检验规则。")


@app.command("list", cls=ChineseCommand)
def list_rules(rules_dir: RulesFolder = None) -> None:
    """列出全部规则。"""
    from validator.reporters.words import SEVERITY_WORDS
    from validator.ruleset import load_ruleset

    for rule in load_ruleset(rules_dir).rules:
        typer.echo(f"{rule.id}  {SEVERITY_WORDS[rule.severity]}  {rule.title}")


@app.command("show", cls=ChineseCommand)
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="规则编号", help="规则编号，例如 P102。")],
    rules_dir: RulesFolder = None,
) -> None:
    """显示一条规则：依据、理由、怎么写和例子。"""
    from validator.ruleset import load_ruleset

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
    for name, outcomes in rule.only_if.items():
        yield f"前提：{name} {'或'.join(OUTCOME_WORDS[o] for o in outcomes)}，否则不适用"
    if rule.safe_fix:
        yield "改正：fazhi fix 可以直接改"
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


@app.command("page", cls=ChineseCommand)
def write_page(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="文件", help="写到这个文件，不写则写到标准输出。", show_default=False),
    ] = None,
    profile: ProfileChoice = None,
    rules_dir: RulesFolder = None,
) -> None:
    """把清单写成可以打印的网页：每条规则的依据、查法和例子。"""
    from validator.rulebook import render_rulebook
    from validator.ruleset import load_ruleset
    from validator.settings.reading import write_whole

    page = render_rulebook(load_ruleset(rules_dir, profile or "default"))
    if out is None:
        sys.stdout.write(page)
    else:
        write_whole(out, page, f"清单 {out} ")


@app.command("test", cls=ChineseCommand)
def run_examples(
    rule_id: Annotated[
        str | None, typer.Argument(metavar="规则编号", help="规则编号，不写则检验全部。", show_default=False)
    ] = None,
    rules_dir: RulesFolder = None,
) -> None:
    """运行规则自带的例子，每个例子都要得到它写明的结果。"""
    from validator.cases import run_cases
    from validator.reporters.words import OUTCOME_WORDS
    from validator.ruleset import load_ruleset

    ruleset = load_ruleset(rules_dir)
    wanted = _find_rule(ruleset, rule_id).id if rule_id else None
    cases = list(run_cases(ruleset, wanted))
    wrong = [c for c in cases if not c.is_right]
    for case in wrong:
        typer.echo(f"✗ {case.rule} {case.name}：应为{OUTCOME_WORDS[case.wanted]}，得到{OUTCOME_WORDS[case.got]}")
        typer.echo(f"    {case.text.strip().splitlines()[0]}")
    typer.echo(f"共{len(cases)}个例子，{len(wrong)}个不对。")
    raise typer.Exit(EXIT_FAILED if wrong else EXIT_OK)


@app.command("lint", cls=ChineseCommand)
def lint_rules(rules_dir: RulesFolder = None) -> None:
    """检查规则文件的格式、依据和引文。"""
    from validator.ruleset import load_ruleset

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
