"""``fazhi rules new`` and ``fazhi rules schema``: a rule from a few answers, and what editors complete rules by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from validator.cli.options import RulesFolder
from validator.errors import OptionError, RuleFileError
from validator.exit_codes import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from validator.authoring.draft import Draft, Tried
    from validator.ruleset import RuleSet


class Kind(StrEnum):
    """Kinds of rule that a few answers are enough for."""

    theme = "theme"
    section = "section"
    statement = "statement"
    items = "items"
    wording = "wording"


class Weight(StrEnum):
    """How heavy a rule is."""

    error = "error"
    warning = "warning"
    note = "note"


class Part(StrEnum):
    """The parts of a report."""

    measures = "measures"
    problems = "problems"
    principal = "principal"
    plan = "plan"


class Saying(StrEnum):
    """What a basis says."""

    content = "content"
    duty = "duty"
    editorial = "editorial"


class NearOutcome(StrEnum):
    """What a near miss must get."""

    passing = "pass"
    fail = "fail"
    review = "review"


_KINDS = {
    Kind.theme: "提到某件事：本单位本年度做了",
    Kind.section: "有某个部分：有这样的标题，下面有内容",
    Kind.statement: "某个部分里写到某件事",
    Kind.items: "某个部分至少写几条",
    Kind.wording: "不许写某个词",
}
_WEIGHTS = {Weight.error: "必备项，缺了就不符合", Weight.warning: "应改项", Weight.note: "质量提示"}
_PARTS = {
    Part.measures: "主要举措和成效",
    Part.problems: "不足和原因",
    Part.principal: "第一责任人",
    Part.plan: "下一年度安排",
}
_RELATIONS = {Saying.duty: "单位要做的事", Saying.content: "报告要写的内容"}
_NEAR = {NearOutcome.passing: "应当通过", NearOutcome.fail: "应当不通过", NearOutcome.review: "应当请人复核"}
_ASK_WORDS = {
    Kind.theme: "写到哪些词就算？几个词用逗号隔开",
    Kind.section: "标题里有哪些词就算？几个词用逗号隔开",
    Kind.statement: "写到哪些词就算？几个词用逗号隔开",
    Kind.items: "每条里要有哪些词之一？几个词用逗号隔开",
    Kind.wording: "不许写哪些词？几个词用逗号隔开",
}
_SAME_ID = "应是一个大写字母加三位数字，例如 Y101"


@dataclass(frozen=True, slots=True)
class _Interview:
    """Takes an answer from the options, or asks for it. ``silent``: nothing is asked, what lacks is an error."""

    silent: bool

    def text(self, given: str | None, option: str, question: str, default: str | None = None) -> str:
        """Return words that are not empty."""
        if given is not None and given.strip():
            return given.replace("\\n", "\n").strip()
        if self.silent or given is not None:
            if given is None and default is not None:
                return default
            raise OptionError(f"缺少 {option}（{question}）。")
        while True:
            shown = f"{question}（直接回车：{default}）" if default else question
            answer = str(typer.prompt(shown, default=default or "", show_default=False, prompt_suffix="：")).strip()
            if answer:
                return answer.replace("\\n", "\n")

    def choice(self, given: Any, option: str, question: str, choices: dict[Any, str], default: Any = None) -> Any:
        """Return one of some choices; they are asked for by number."""
        if given is not None:
            return given
        if self.silent:
            if default is not None:
                return default
            raise OptionError(f"缺少 {option}（{question}）。")
        keys = list(choices)
        typer.echo(f"{question}：")
        for number, key in enumerate(keys, 1):
            typer.echo(f"  {number} {choices[key]}")
        while True:
            answer = str(typer.prompt("请写数字", default="", show_default=False, prompt_suffix="：")).strip()
            if answer.isdecimal() and 1 <= int(answer) <= len(keys):
                return keys[int(answer) - 1]


def new(
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="文件夹", help="写到哪个文件夹，默认是当前文件夹。", show_default=False),
    ] = Path(),
    rule_id: Annotated[
        str | None, typer.Option("--id", metavar="编号", help="规则编号，例如 Y101。", show_default=False)
    ] = None,
    title: Annotated[str | None, typer.Option(help="规则名称：报告里要有什么。", show_default=False)] = None,
    kind: Annotated[
        Kind | None,
        typer.Option(
            help="哪一类：theme 提到某件事，section 有某个部分，statement 某部分写到某事，items 某部分至少几条，"
            "wording 不许写某词。",
            show_default=False,
        ),
    ] = None,
    word: Annotated[
        list[str] | None, typer.Option("--word", help="要写到（或不许写）的词，可以多次给出。", show_default=False)
    ] = None,
    right: Annotated[str | None, typer.Option(help="wording：应当写成什么。", show_default=False)] = None,
    part: Annotated[
        Part | None,
        typer.Option(help="statement、items：哪一部分：measures、problems、principal 或 plan。", show_default=False),
    ] = None,
    least: Annotated[int, typer.Option(min=1, max=99, help="items：至少几条，默认2条。", show_default=False)] = 2,
    severity: Annotated[
        Weight | None,
        typer.Option(help="轻重：error 必备项，warning 应改项（默认），note 质量提示。", show_default=False),
    ] = None,
    source: Annotated[str | None, typer.Option(help="依据的编号，默认是编辑惯例 bianji。", show_default=False)] = None,
    article: Annotated[str | None, typer.Option(help="依据的哪一条。", show_default=False)] = None,
    quote: Annotated[str | None, typer.Option(help="引用的原文，要在那一条里。", show_default=False)] = None,
    relation: Annotated[
        Saying | None,
        typer.Option(help="依据说的是：duty 单位要做的事，content 报告要写的内容。", show_default=False),
    ] = None,
    rationale: Annotated[str | None, typer.Option(help="为什么有这条规则。", show_default=False)] = None,
    wording: Annotated[str | None, typer.Option(help="可以照着改的写法。", show_default=False)] = None,
    passing: Annotated[
        str | None, typer.Option("--pass", help=r"应当通过的例子，换行写成 \n。", show_default=False)
    ] = None,
    failing: Annotated[str | None, typer.Option("--fail", help="应当不通过的例子。", show_default=False)] = None,
    near: Annotated[str | None, typer.Option("--near-miss", help="容易弄错的例子。", show_default=False)] = None,
    near_outcome: Annotated[
        NearOutcome | None,
        typer.Option(help="容易弄错的例子应当：pass 通过，fail 不通过，review 需复核。", show_default=False),
    ] = None,
    near_why: Annotated[str | None, typer.Option(help="为什么容易弄错。", show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不提问，没有写的用默认值。")] = False,
    rules_dir: RulesFolder = None,
) -> None:
    """问几个问题，写出一条新规则和它的例子。例子当场运行，不对就不写；已有的文件不改。

    退出码：
      0  写好了
      1  有例子不对，没有写
      2  写不了
    """
    from validator.authoring.draft import Draft, next_id, try_draft, write_draft
    from validator.ruleset import load_ruleset

    ruleset = load_ruleset(rules_dir)
    ask = _Interview(yes)
    chosen_id = _ask_id(ask, rule_id, ruleset, next_id(ruleset, out))
    said = ask.text(title, "--title", "规则名称，几个字说清楚报告里要有什么")
    what: Kind = ask.choice(kind, "--kind", "查哪一类", _KINDS)
    where = ask.choice(part, "--part", "哪一部分", _PARTS) if what in (Kind.statement, Kind.items) else None
    words = tuple(word) if word else _split(ask.text(None, "--word", _ASK_WORDS[what]))
    if what is Kind.wording and right is None and not yes:
        right = str(typer.prompt("应当写成什么（没有就直接回车）", default="", show_default=False, prompt_suffix="："))
    weight: Weight = ask.choice(severity, "--severity", "轻重", _WEIGHTS, Weight.warning)
    basis = _ask_basis(ask, ruleset, what, source, article, quote, relation)
    draft = Draft(
        chosen_id,
        said,
        what.value,
        words,
        weight.value,
        *basis,
        ask.text(passing, "--pass", "应当通过的例子（换行写成 \\n，不要写真实的单位）"),
        ask.text(failing, "--fail", "应当不通过的例子"),
        ask.text(near, "--near-miss", "容易弄错的例子：看着像、其实不是，或者反过来"),
        ask.choice(near_outcome, "--near-outcome", "它应当", _NEAR).value,
        ask.text(near_why, "--near-why", "为什么容易弄错"),
        right=right or "",
        part=where.value if where else None,
        least=least,
        rationale=rationale or "",
        wording=wording or "",
    )
    tried = _try(lambda d: try_draft(d, ruleset, out), draft, ask)
    if not tried.is_right:
        typer.echo("有例子不对，没有写。请改词或改例子。")
        raise typer.Exit(EXIT_FAILED)
    for path in write_draft(tried, out):
        typer.echo(f"已写出 {path.as_posix()}")
    raise typer.Exit(EXIT_OK)


def _ask_id(ask: _Interview, given: str | None, ruleset: RuleSet, free: str) -> str:
    import re

    while True:
        answer = ask.text(given, "--id", "规则编号", free).upper()
        if not re.fullmatch(r"[A-Z][0-9]{3}", answer):
            wrong = f"规则编号{_SAME_ID}，现在是“{answer}”。"
        elif answer in ruleset.paths:
            wrong = f"规则编号 {answer} 已经有了，可以用 {free}。"
        else:
            return answer
        if given is not None or ask.silent:
            raise OptionError(wrong)
        typer.echo(wrong)


def _ask_basis(
    ask: _Interview,
    ruleset: RuleSet,
    kind: Kind,
    source: str | None,
    article: str | None,
    quote: str | None,
    relation: Saying | None,
) -> tuple[str, str, str, Any]:
    """Return source, article, quote and relation of the basis; what no document asks for is editorial."""
    from validator.authoring.draft import EDITORIAL, OWN_ARTICLE

    choices = {s.id: f"{s.title}（{s.number or s.issuer}）" for s in ruleset.sources.values() if s.id != EDITORIAL}
    chosen = ask.choice(source, "--source", "依据", {EDITORIAL: "编辑惯例：没有文件规定", **choices}, EDITORIAL)
    if chosen not in ruleset.sources:
        raise OptionError(f"没有名为 {chosen} 的依据，可用的有：{'、'.join(ruleset.sources)}。")
    known = {a.id: a for a in ruleset.sources[chosen].articles}
    if ruleset.sources[chosen].kind == "editorial":
        usual = "用字" if kind is Kind.wording else OWN_ARTICLE
        name = article or (usual if usual in known else next(iter(known)))
    else:
        listed = {a.id: f"{a.id}　{a.text[:40]}" for a in known.values()}
        name = ask.choice(article, "--article", "哪一条", listed, next(iter(known)) if len(known) == 1 else None)
    if name not in known:
        raise OptionError(f"依据 {chosen} 里没有“{name}”，可用的有：{'、'.join(known)}。")
    if ruleset.sources[chosen].kind == "editorial":
        return chosen, name, quote or known[name].text, "editorial"
    words = ask.text(quote, "--quote", "引用的原文", known[name].text)
    return chosen, name, words, ask.choice(relation, "--relation", "这句话规定的是", _RELATIONS, Saying.duty).value


def _try(run: Callable[[Draft], Tried], draft: Draft, ask: _Interview) -> Tried:
    """Run the examples and show what they got; a wrong one is asked for again."""
    from validator.reporters.words import OUTCOME_MARKS, OUTCOME_WORDS

    names = {"pass-1": "passing", "fail-1": "failing", "near_miss-1": "near"}
    while True:
        try:
            tried = run(draft)
        except RuleFileError as exc:
            raise OptionError(f"这样写的规则用不了：{exc.message}。没有写。") from exc
        for case in tried.cases:
            right = "对" if case.is_right else f"不对，应为{OUTCOME_WORDS[case.wanted]}"
            reason = f"（{case.reason}）" if case.reason else ""
            got = f"{OUTCOME_MARKS[case.got]} {OUTCOME_WORDS[case.got]}{reason}"
            typer.echo(f"{got}，{right}：{'／'.join(case.text.split())}")
        wrong = [c for c in tried.cases if not c.is_right]
        if not wrong or ask.silent:
            return tried
        changes = {names[c.name]: ask.text(None, "", f"另写一个应当{OUTCOME_WORDS[c.wanted]}的例子") for c in wrong}
        if "near" in changes:
            changes["near_why"] = ask.text(None, "", "为什么容易弄错", draft.near_why)
        draft = replace(draft, **changes)  # type: ignore[arg-type]


def _split(text: str) -> tuple[str, ...]:
    return tuple(w.strip() for w in text.replace("，", ",").replace("、", ",").split(",") if w.strip())


def schema(
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="文件夹", help="写到哪个文件夹，默认是 schema。", show_default=False),
    ] = Path("schema"),
) -> None:
    """写出规则文件的 JSON Schema，编辑器靠它补全和检查。原来的会换成新的。"""
    from validator.authoring.schema import write_schemas

    for path in write_schemas(out):
        typer.echo(f"已写出 {path.as_posix()}")
