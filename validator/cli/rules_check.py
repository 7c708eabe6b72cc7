"""``fazhi rules test`` and ``fazhi rules lint``: are the rules right, and what does a change of them change?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from validator.cli.options import Level, OrganLevelChoice, Packs, ProfileChoice, RulesFolder, Year
from validator.cli.rules import find_rule
from validator.errors import OptionError, plain
from validator.exit_codes import EXIT_FAILED, EXIT_NOT_CHECKED, EXIT_OK

if TYPE_CHECKING:
    from validator.authoring.comparison import Change, Comparison, RuleChange
    from validator.result import Outcome
    from validator.ruleset import RuleSet

_SHOWN_FILES = 5


class ComparisonFormat(StrEnum):
    """How a comparison is written."""

    terminal = "terminal"
    json = "json"


Corpus = Annotated[
    list[Path] | None,
    typer.Option("--corpus", metavar="文件夹", help="放报告的文件夹，可以多次给出。", show_default=False),
]


def try_rules(
    rule_id: Annotated[
        str | None, typer.Argument(metavar="规则编号", help="规则编号，不写则检验全部。", show_default=False)
    ] = None,
    corpus: Corpus = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="规则目录", help="和这个目录里的规则比。", show_default=False),
    ] = None,
    against_ref: Annotated[
        str,
        typer.Option("--against-ref", metavar="提交", help="和规则目录在这个 git 提交时的样子比。", show_default=False),
    ] = "",
    output_format: Annotated[
        ComparisonFormat, typer.Option("--format", "-f", help="怎样显示比较结果：terminal 或 json。")
    ] = ComparisonFormat.terminal,
    year: Year = None,
    organ_level: OrganLevelChoice = None,
    profile: ProfileChoice = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """运行规则自带的例子，每个例子都要得到它写明的结果。给出 --corpus 时，比较两版规则对一批报告的结果。

    退出码：
      0  例子都对；比较完了，不论有没有变化
      1  有例子不对
      2  规则读不了，或有报告不能检查
    """
    from validator.ruleset import load_ruleset

    ruleset = load_ruleset(rules_dir, profile or "default", packs=rules or ())
    if corpus is None:
        if against is not None or against_ref:
            raise OptionError("--against 和 --against-ref 要和 --corpus 一起用：请写放报告的文件夹。")
        raise typer.Exit(_run_examples(ruleset, rule_id))
    if rule_id is not None:
        raise OptionError("--corpus 比较全部规则，不要写规则编号。")
    is_plain = against is None and not against_ref
    if is_plain and rules:
        before = load_ruleset(rules_dir, profile or "default")  # what do the packs change?
    else:
        before = _load_other(rules_dir, profile or "default", against, against_ref, rules or ())
    comparison = _compare(before, ruleset, corpus, year, organ_level)
    if output_format is ComparisonFormat.json:
        from validator.authoring.comparison import render_json

        sys.stdout.write(render_json(comparison))
    else:
        for line in _describe(comparison):
            typer.echo(line)
    raise typer.Exit(EXIT_NOT_CHECKED if comparison.unread else EXIT_OK)


def _run_examples(ruleset: RuleSet, rule_id: str | None) -> int:
    from validator.cases import run_cases
    from validator.reporters.words import OUTCOME_WORDS

    wanted = find_rule(ruleset, rule_id).id if rule_id else None
    cases = list(run_cases(ruleset, wanted))
    wrong = [c for c in cases if not c.is_right]
    for case in wrong:
        typer.echo(f"✗ {case.rule} {case.name}：应为{OUTCOME_WORDS[case.wanted]}，得到{OUTCOME_WORDS[case.got]}")
        typer.echo(f"    {case.text.strip().splitlines()[0]}")
    typer.echo(f"共{len(cases)}个例子，{len(wrong)}个不对。")
    return EXIT_FAILED if wrong else EXIT_OK


def _load_other(
    rules_dir: Path | None, profile: str, against: Path | None, against_ref: str, packs: Sequence[Path]
) -> RuleSet:
    """Return the rules to compare with: a folder, a commit, or those of the program; with the packs."""
    from validator.recipe import default_rules_path
    from validator.ruleset import load_ruleset

    if against is not None and against_ref:
        raise OptionError("--against 和 --against-ref 只能写一个。")
    if against_ref:
        from validator.authoring.history import load_ruleset_at

        folder = rules_dir or default_rules_path()
        return load_ruleset_at(folder, against_ref, lambda root: load_ruleset(root, profile, packs=packs))
    if against is None and rules_dir is None:
        raise OptionError("请用 --against 写另一版规则的目录，或者用 --against-ref 写 git 提交。")
    return load_ruleset(against, profile, packs=packs)


def _compare(
    before: RuleSet, after: RuleSet, corpus: list[Path], year: int | None, organ_level: Level | None
) -> Comparison:
    from validator.authoring.comparison import compare_outcomes
    from validator.cli.plan import progress
    from validator.options import CheckOptions
    from validator.sources import find_sources

    sources, _ = find_sources([str(path) for path in corpus])
    options = CheckOptions(year=year, organ_level=organ_level.value if organ_level else None)
    with progress(len(sources)) as on_file:
        return compare_outcomes(before, after, sources, options=options, on_file=on_file)


def _describe(comparison: Comparison) -> Iterator[str]:
    from validator.reporters.words import FILE_WORDS, OUTCOME_WORDS

    yield f"原来的规则 {_name(comparison.before)}，现在的规则 {_name(comparison.after)}，报告{comparison.files}份。"
    for path, why in comparison.unread.items():
        yield f"! {plain(path)}：{why}"
    for rule in comparison.rules:
        yield from _describe_rule(rule, OUTCOME_WORDS)
    if comparison.conclusions:
        yield "结论有变化："
        yield from _describe_changes(comparison.conclusions, FILE_WORDS)
    changed = sum(1 for r in comparison.rules if r.changes)
    yield f"{changed}条规则的结果有变化。" if changed else "每条规则对每份报告的结果都没有变。"


def _describe_rule(rule: RuleChange, words: Mapping[Outcome, str]) -> Iterator[str]:
    state = {"added": "（新增）", "removed": "（没有了）"}.get(rule.state, "")
    yield f"{rule.id} {rule.title}{state}"
    yield from _describe_changes(rule.changes, words)


def _describe_changes(changes: tuple[Change, ...], words: Mapping[Outcome, str]) -> Iterator[str]:
    for change in changes:
        before = words[change.before] if change.before else "无"
        after = words[change.after] if change.after else "无"
        yield f"  {before} → {after}：{len(change.files)}份"
        yield from (f"    {plain(path)}" for path in change.files[:_SHOWN_FILES])
        if len(change.files) > _SHOWN_FILES:
            yield f"    另有{len(change.files) - _SHOWN_FILES}份，用 --format json 看全部"


def _name(named: tuple[str, str]) -> str:
    version, digest = named
    return f"{version}（{digest.removeprefix('sha256:')[:12]}）"


def lint(
    deep: Annotated[bool, typer.Option("--deep", help="再运行全部例子，并找从来没有出现过的词，要半分钟。")] = False,
    corpus: Corpus = None,
    profile: ProfileChoice = None,
    rules_dir: RulesFolder = None,
    rules: Packs = None,
) -> None:
    """检查规则文件、日历、逐条对照表和报告骨架：格式、依据、引文、例子、正则表达式，以及查了两遍的内容。

    退出码：
      0  没有要改的（提示不算）
      1  有要改的
      2  规则读不了
    """
    from validator.authoring.lint.run import lint_rules, read_reports
    from validator.packs import lay_packs
    from validator.recipe import default_rules_path
    from validator.rule_drafts import read_draft
    from validator.ruleset import load_ruleset
    from validator.sources import find_sources

    if corpus is not None and not deep:
        raise OptionError("--corpus 要和 --deep 一起用。")
    ruleset = load_ruleset(rules_dir, profile or "default", packs=rules or ())
    _tell_files(ruleset, rules_dir)
    _tell_unverified(ruleset)
    folder = rules_dir or default_rules_path()
    specimens = folder.parent / "fixtures"
    places = [str(p) for p in corpus or ([specimens] if deep and specimens.is_dir() else [])]
    sources = find_sources(places)[0] if places else ()
    reports, unread = read_reports(sources)
    for path, why in unread:
        typer.echo(plain(f"{path} 没有用上：{why}"), err=True)
    draft = lay_packs(read_draft(rules_dir, profile or "default"), rules) if rules else None
    found = lint_rules(ruleset, folder, deep=deep, reports=reports, draft=draft)
    for remark in found.mistakes:
        typer.echo(plain(str(remark)))
    if found.notices:
        typer.echo(f"提示{len(found.notices)}处，不一定要改：")
        for remark in found.notices:
            typer.echo(f"  {plain(str(remark))}")
    for kept in found.needless:
        typer.echo(f"{folder.name}/lint.yaml 里 {kept.rule} 的例外（{kept.code}）已经用不上，可以删去。")
    said = f"要改的{len(found.mistakes)}处" if found.mistakes else "没有要改的"
    typer.echo(f"{said}，提示{len(found.notices)}处，按例外放过{found.kept}处。")
    raise typer.Exit(EXIT_FAILED if found.mistakes else EXIT_OK)


def _tell_files(ruleset: RuleSet, folder: Path | None) -> None:
    """Read what stands beside the rules, and say that all of it is right."""
    from validator.draft import read_draft
    from validator.law import describe_coverage, read_calendar, read_coverage

    calendar, coverage = read_calendar(ruleset, folder), read_coverage(ruleset, folder)
    read_draft(ruleset, folder)
    typer.echo(f"规则{len(ruleset.rules)}条，依据{len(ruleset.sources)}份，格式和引文都对。")
    typer.echo(f"日历{len(calendar.items)}项，引文都对。")
    typer.echo(f"逐条对照：{describe_coverage(coverage)}" if coverage else "没有逐条对照表 coverage.yaml。")


def _tell_unverified(ruleset: RuleSet) -> None:
    unsure = [
        f"{r.id} {b.source}“{b.article}”"
        for r in ruleset.rules
        for b in r.basis
        if any(a.id == b.article and a.article_status == "unverified" for a in ruleset.sources[b.source].articles)
    ]
    typer.echo(f"引用了未核实条文的规则{len(unsure)}处：")
    for line in unsure:
        typer.echo(f"  {line}")
