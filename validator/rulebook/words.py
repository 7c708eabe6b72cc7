"""What every form of the checklist says of a rule and of a clause, in Chinese: terminal, Markdown and Word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validator.law.coverage import Clause
from validator.reporters.words import STATUS_WORDS
from validator.rulebook.sayings import Piece
from validator.rulebook.view import Entry, Instrument

NAME = "法治政府建设年度报告检查清单"
ABOUT_COVERAGE = "这几份文件的每一条由哪条规则查；程序查不了的，写明原因。"
COMPARE = "标有“条文未核实”“文字据转述”的，引用前请对照原文。"


def join(pieces: Iterable[Piece]) -> str:
    """Return a sentence without its cuts."""
    return "".join(p.words for p in pieces)


def tell_scope(entry: Entry) -> str:
    """Return for which years and for whom a rule is."""
    said = [join(entry.years)]
    said.append(f"依据约束的是：{entry.binds}。" if entry.binds else "没有规定约束，只是写法建议。")
    if entry.by_reference:
        said.append(f"参照执行的单位：{entry.by_reference}。")
    return "".join(said)


def tell_waiving(entry: Entry) -> str:
    """Return whether a rule may be waived."""
    return "经批准可以豁免。" if entry.is_waivable else "不能豁免。"


def tell_waits(entry: Entry) -> Iterator[str]:
    """Yield what a rule waits for."""
    for wait in entry.waits:
        yield f"{wait.id} {wait.title}的结果要是{wait.outcomes}，否则不适用。"


def tell_how(entry: Entry) -> Iterator[str]:
    """Yield how a rule is checked."""
    yield from (join(said) for said in entry.how)
    if entry.is_fixed:
        yield "写错的字样可以让程序直接改。"


def tell_clause(clause: Clause) -> str:
    """Return a clause with how sure it is."""
    status = STATUS_WORDS[clause.status]
    text = f"大意：{clause.text}" if clause.is_gist else clause.text
    return f"{text}{f'（{status}）' if status else ''}"


def tell_checked(clause: Clause) -> str:
    """Return which rules check a clause, or why none does."""
    near = f"相近的规则：{'、'.join(clause.see)}，它们引的是别的依据。" if clause.see else ""
    return ("、".join(clause.rules) if clause.rules else f"程序查不了：{clause.not_checked}") + near


def tell_instrument(source: Instrument) -> str:
    """Return a source in one sentence."""
    number = f"（{source.number}）" if source.number else ""
    status = f"（{STATUS_WORDS[source.status]}）" if STATUS_WORDS[source.status] else ""
    ended = f"，{source.repealed}起失效" if source.repealed else ""
    note = f"{source.note.rstrip('。')}。" if source.note else ""
    dated = f"{source.issuer}，{source.in_force}起施行{ended}"
    return f"《{source.title}》{number}{status}：{dated}，约束{source.binds}。{note}"
