"""``fazhi rules``: list, show and write down the rules."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from validator.cli.help import ChineseCommand, ChineseGroup
from validator.cli.options import Packs, ProfileChoice, RulesFolder
from validator.cli.rules_diff import diff_rules
from validator.errors import OptionError

if TYPE_CHECKING:
    from validator.law import Coverage
    from validator.rule import Rule
    from validator.ruleset import RuleSet

app = typer.Typer(cls=ChineseGroup, help="查看和检验规则。")


@app.command("list", cls=ChineseCommand)
def list_rules(profile: ProfileChoice = None, rules_dir: RulesFolder = None, rules: Packs = None) -> None:
    """列出全部规则。"""
    from validator.reporters.words import SEVERITY_WORDS
    from validator.ruleset import load_ruleset

    for rule in load_ruleset(rules_dir, profile or "default", packs=rules or ()).rules:
        typer.echo(f"{rule.id}  {SEVERITY_WORDS[rule.severity]}  {rule.title}")


@app.command("show", cls=ChineseCommand)
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="规则编号", help="规则编号，例如 P102。")],
    profile: ProfileChoice = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """显示一条规则：依据、怎么查、何时起适用、能否豁免、怎么写和例子。"""
    from validator.rulebook.terminal import print_rule
    from validator.ruleset import load_ruleset

    ruleset = load_ruleset(rules_dir, profile or "default", packs=rules or ())
    print_rule(ruleset, find_rule(ruleset, rule_id), sys.stdout)


def find_rule(ruleset: RuleSet, rule_id: str) -> Rule:
    """Return a rule by its id, however it is written."""
    for rule in ruleset.rules:
        if rule.id == rule_id.upper():
            return rule
    raise OptionError(f"没有编号为 {rule_id} 的规则。用 fazhi rules list 查看全部规则。")


app.command("diff", cls=ChineseCommand)(diff_rules)


@app.command("coverage", cls=ChineseCommand)
def show_coverage(profile: ProfileChoice = None, rules_dir: RulesFolder = None, rules: Packs = None) -> None:
    """列出两份规定的每一条由哪条规则查，程序查不了的是什么原因。"""
    from validator.law import read_coverage
    from validator.rulebook.terminal import print_coverage
    from validator.ruleset import load_ruleset

    coverage = read_coverage(load_ruleset(rules_dir, profile or "default", packs=rules or ()), rules_dir)
    if not coverage:
        raise OptionError("这个规则目录里没有逐条对照表 coverage.yaml。")
    print_coverage(coverage, sys.stdout)


class DocFormat(StrEnum):
    """How the checklist is written."""

    html = "html"
    markdown = "markdown"
    docx = "docx"


@app.command("doc", cls=ChineseCommand)
def write_doc(
    format_: Annotated[
        DocFormat,
        typer.Option("--format", "-f", help="格式：html（网页）、markdown 或 docx（打印的自查清单）。"),
    ] = DocFormat.html,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="文件", help="写到这个文件，不写则写到标准输出。", show_default=False),
    ] = None,
    profile: ProfileChoice = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """写出整份清单：每条规则的依据、查法和例子，两份规定的逐条对照；Word 的可以打印了打勾。"""
    from validator.law import read_coverage
    from validator.ruleset import load_ruleset
    from validator.settings.reading import write_whole_bytes

    if format_ is DocFormat.docx and out is None and sys.stdout.isatty():
        raise OptionError("docx 是文件，不能显示在屏幕上。请用 -o 写明文件名，例如 -o 自查清单.docx。")
    ruleset = load_ruleset(rules_dir, profile or "default", packs=rules or ())
    data = _render(format_, ruleset, read_coverage(ruleset, rules_dir))
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    else:
        write_whole_bytes(out, data, f"清单 {out} ")


def _render(form: DocFormat, ruleset: RuleSet, coverage: Coverage) -> bytes:
    if form is DocFormat.docx:
        from validator.rulebook.checklist import render_checklist

        return render_checklist(ruleset, coverage)
    if form is DocFormat.markdown:
        from validator.rulebook.markdown import render_markdown_rulebook

        return render_markdown_rulebook(ruleset, coverage).encode()
    from validator.rulebook import render_rulebook

    return render_rulebook(ruleset, coverage=coverage).encode()
