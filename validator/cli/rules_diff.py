"""``fazhi rules diff``: what packs change in the rules they are laid on."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from validator.cli.options import Packs, ProfileChoice, RulesFolder
from validator.errors import OptionError, plain

if TYPE_CHECKING:
    from validator.differences import Change, Difference

_WIDTH = 80
_MOST = 200
_HEADS = {
    "added": "新增",
    "off": "不查",
    "severity": "改分量",
    "text": "改文字",
    "check": "改查法",
    "basis": "改依据",
    "applies": "改适用范围",
    "waivable": "不许豁免",
    "words": "改词表",
}
_PLACES = {
    "title": "名称",
    "rationale": "理由",
    "expected": "应写在",
    "stands_in": "批注放在",
    "message.fail": "不通过时的话",
    "message.review": "需复核时的话",
    "wording": "范文",
    "safe_fix": "能否自动改",
    "basis": "依据",
    "only_if": "前提",
    "reference_for": "参照执行的单位",
    "applies.levels": "层级",
    "applies.kinds": "单位种类",
    "applies.regions": "地区",
    "applies.enforcement": "行政执法职能",
    "applies.years.from": "起始年度",
    "applies.years.until": "截止年度（不含）",
}


class DiffFormat(StrEnum):
    """How differences are written."""

    terminal = "terminal"
    json = "json"


def diff_rules(
    rules: Packs = None,
    output_format: Annotated[
        DiffFormat, typer.Option("--format", "-f", help="输出格式，也可用 json。")
    ] = DiffFormat.terminal,
    profile: ProfileChoice = None,
    rules_dir: RulesFolder = None,
) -> None:
    """看本地清单改了什么：新增、不查、分量、文字、查法和词。"""
    from validator.differences import compare_rulesets
    from validator.ruleset import load_ruleset

    packs: tuple[Path, ...] = tuple(rules or ())
    if not packs:
        raise OptionError("请用 --rules 写出要比较的清单，例如 --rules 局清单。")
    name = profile or "default"
    found = compare_rulesets(load_ruleset(rules_dir, name), load_ruleset(rules_dir, name, packs=packs))
    if output_format is DiffFormat.json:
        typer.echo(json.dumps({"format_version": "1", **asdict(found)}, ensure_ascii=False, indent=2))
        return
    for line in describe_difference(found):
        typer.echo(line)


def describe_difference(found: Difference) -> Iterator[str]:
    """Yield differences as lines of at most 80 columns."""
    yield f"{found.before} → {found.after}"
    for pack in found.packs:
        yield from _fold(f"清单 {pack.id}：{pack.title}（版本 {pack.version}）", "  ")
    if not found.changes:
        yield "没有改动。"
    for kind, head in _HEADS.items():
        changes = [c for c in found.changes if c.kind == kind]
        if changes:
            yield ""
            yield f"{head}{len(changes)}处："
            for change in changes:
                yield from _describe(change)
    told = [line for pack in found.packs for line in pack.weakened]
    if told:
        yield ""
        yield "放宽或改动了必备项和共用的词，理由写进每份结果："
        for line in told:
            yield from _fold(line, "  ")


def _describe(change: Change) -> Iterator[str]:
    from validator.reporters.words import SEVERITY_WORDS

    name = plain(f"{change.rule} {change.title}")
    if change.kind == "added":
        yield from _fold(f"{name}（{SEVERITY_WORDS[change.after]}，排在{change.reason}）", "  ")
    elif change.kind == "off":
        yield from _fold(f"{name}（{SEVERITY_WORDS[change.before]}）", "  ")
        yield from _fold(f"理由：{change.reason}", "    ")
    elif change.kind == "severity":
        words = (SEVERITY_WORDS[change.before], SEVERITY_WORDS[change.after])
        yield from _fold(f"{name}：{' → '.join(words)}", "  ")
    elif change.kind == "waivable":
        yield from _fold(name, "  ")
    elif _are_words(change.before) and _are_words(change.after):
        where = "" if change.kind == "words" else f" {_say_place(change.place)}"
        yield from _fold(f"{name}{where}", "  ")
        for mark, words in (("减", change.before), ("加", change.after)):
            if words:
                yield from _fold(f"{mark}：{'、'.join(words)}", "    ")
    else:
        yield from _fold(f"{name} {_say_place(change.place)}", "  ")
        yield from _fold(f"原：{_say(change.before)}", "    ")
        yield from _fold(f"新：{_say(change.after)}", "    ")


def _say_place(place: str) -> str:
    if place.startswith("examples"):
        return "例子"
    return _PLACES.get(place, place.removeprefix("check."))


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(w, str) for w in value)


def _say(value: Any) -> str:
    if value is None or value == []:
        return "（没有）"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def _fold(text: str, indent: str) -> Iterator[str]:
    """Yield text folded to the width of a terminal, in which a Chinese character takes two columns."""
    line = indent
    for piece in plain(text):
        if _columns(line + piece) > _WIDTH:
            yield line.rstrip()
            line = indent + "  "
        line += piece
    yield line


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
