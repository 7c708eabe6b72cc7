"""A new rule from a few answers → a rule file with examples that load and get the outcomes they state, or nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from validator.authoring.schema import render_schema, schema_name
from validator.cases import Case, run_cases
from validator.errors import OptionError, explain_os_error
from validator.kinds import PartName
from validator.normalise.characters import DROPPED, fold
from validator.result import Outcome, Relation, Severity
from validator.rule import Rule
from validator.ruleset import RuleSet, read_rule

DraftKind = Literal["theme", "section", "statement", "items", "wording"]
EDITORIAL = "bianji"
"""The source of what no law says."""
OWN_ARTICLE = "自定"
"""Its article for what a body asks of its own reports."""
_SCHEMA = Path("schema") / schema_name("rule")
_LEFT_OUT = re.compile(r"[\s“”\"'‘’]+")
_MOST_ABOVE = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """What was answered. ``right`` takes the place of wrong ``words``; ``least`` counts items."""

    id: str
    title: str
    kind: DraftKind
    words: tuple[str, ...]
    severity: Severity
    source: str
    article: str
    quote: str
    relation: Relation
    passing: str
    failing: str
    near: str
    near_outcome: Outcome
    near_why: str
    right: str = ""
    part: PartName | None = None
    least: int = 2
    rationale: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft that loads: the text of its file, the rule, and what its examples got."""

    text: str
    rule: Rule
    cases: tuple[Case, ...]

    @property
    def is_right(self) -> bool:
        """Tell whether every example got the outcome that it states."""
        return all(case.is_right for case in self.cases)


def next_id(ruleset: RuleSet, folder: Path) -> str:
    """Return the first id from Y101 on that neither the rule set, nor a file of the folder or of its pack has."""
    root = folder.absolute().parent
    near = root.glob("*/*.yaml") if (root / "pack.yaml").is_file() else folder.glob("*.yaml")
    there = {*ruleset.paths, *(p.stem for p in near)}
    return next(f"Y{n}" for n in range(101, 1000) if f"Y{n}" not in there)


def try_draft(draft: Draft, ruleset: RuleSet, folder: Path) -> Tried:
    """Write a draft as YAML, read it like any rule file, and run its examples.

    Args:
        draft: the answers.
        ruleset: what the rule may cite and refer to.
        folder: where the file is to stand.

    Raises:
        RuleFileError: it does not load.
        OptionError: no word is left of the answers.
    """
    text = render_draft(draft, folder)
    rule = read_rule(f"{draft.id}.yaml", text.encode(), ruleset)
    rules = (*ruleset.rules, rule)
    return Tried(text, rule, tuple(run_cases(replace(ruleset, rules=rules), rule.id)))


def render_draft(draft: Draft, folder: Path) -> str:
    """Return the text of the rule file; its first line tells editors where the schema is.

    Raises:
        OptionError: no word is left of the answers.
    """
    schema = os.path.relpath(find_schema(folder) or folder / _SCHEMA, folder).replace(os.sep, "/")
    body = yaml.dump(_data(draft), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
    return f"# yaml-language-server: $schema={schema}\n{body}"


def find_schema(folder: Path) -> Path | None:
    """Return the schema of rule files in a folder ``schema`` here or a little above."""
    here = folder.absolute()
    places = (above / _SCHEMA for above in [here, *here.parents][:_MOST_ABOVE])
    return next((place for place in places if place.is_file()), None)


def write_draft(tried: Tried, folder: Path) -> tuple[Path, ...]:
    """Write a rule file, and the schema beside it where none is found; what exists stays as it is.

    Returns:
        What was written.

    Raises:
        OptionError: an example goes wrong, there is such a file, or it cannot be written.
    """
    if not tried.is_right:
        raise OptionError("有例子不对，没有写。")
    path = folder / f"{tried.rule.id}.yaml"
    files = {path: tried.text}
    if find_schema(folder) is None:
        files[folder / _SCHEMA] = render_schema("rule")
    for target, text in files.items():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except FileExistsError:
            raise OptionError(f"{target} 已经有了，没有改。") from None
        except OSError as exc:
            raise OptionError(f"{target} 写不进去（{explain_os_error(exc)}）。") from exc
    return tuple(files)


def clean_word(word: str) -> str:
    """Return a word as reports are read: one width, no blanks and no quotation marks."""
    return _LEFT_OUT.sub("", fold(word).replace(DROPPED, ""))


def _data(draft: Draft) -> dict[str, Any]:
    words = [w for w in dict.fromkeys(map(clean_word, draft.words)) if w]
    if not words:
        raise OptionError("请至少写一个词。")
    shown = "、".join(words[:3])
    message = f"写了“{shown}”。" if draft.kind == "wording" else f"没有写{draft.title}。"
    wording = draft.wording or (draft.right if draft.kind == "wording" else f"〔写明{draft.title}的做法和结果〕")
    data: dict[str, Any] = {
        "id": draft.id,
        "title": draft.title,
        "severity": draft.severity,
        "basis": [{"source": draft.source, "article": draft.article, "quote": draft.quote, "relation": draft.relation}],
        "rationale": draft.rationale or f"本单位的清单要求：{draft.title}。",
        "expected": _EXPECTED[draft.part] if draft.part else "写到这件事的地方",
        "message": {"fail": message},
        "wording": wording or f"〔换成别的写法，不写“{shown}”〕",
        "check": _CHECKS[draft.kind](draft, words),
        "examples": {
            "pass": [{"text": _example(draft, draft.passing)}],
            "fail": [{"text": _example(draft, draft.failing)}],
            "near_miss": [{"text": _example(draft, draft.near), "outcome": draft.near_outcome, "why": draft.near_why}],
        },
    }
    if draft.kind == "section":
        data["message"]["review"] = f"有{draft.title}的标题，但下面没有写出具体内容，请人工确认。"
    if draft.kind == "theme":
        data["message"]["review"] = f"{draft.title}只在下一年安排中提及，请人工确认。"
    return data


def _example(draft: Draft, text: str) -> str:
    """Return an example; one sentence on a part stands under a heading of the part."""
    text = text.strip()
    return text if draft.part is None or "\n" in text else f"{_HEADINGS[draft.part]}\n{text}\n"


_HEADINGS: Mapping[PartName, str] = {
    "measures": "一、主要举措和成效",
    "problems": "一、存在的不足和原因",
    "principal": "一、党政主要负责人履行推进法治建设第一责任人职责情况",
    "plan": "一、下一年度工作安排",
}
_EXPECTED: Mapping[PartName, str] = {
    "measures": "主要举措和成效部分",
    "problems": "不足和原因部分",
    "principal": "第一责任人部分",
    "plan": "下一年度安排部分",
}


def _theme(_: Draft, words: list[str]) -> dict[str, Any]:
    return {"kind": "theme", "any_of": [{"name": "、".join(words[:4]), "all_of": [{"terms": words}]}]}


def _section(_: Draft, words: list[str]) -> dict[str, Any]:
    return {"kind": "section", "headings": ["|".join(map(re.escape, words))]}


def _statement(draft: Draft, words: list[str]) -> dict[str, Any]:
    patterns = ["|".join(map(re.escape, words))]
    return {"kind": "statement", "part": draft.part, "patterns": patterns, "lacking": f"没有写到{draft.title}"}


def _items(draft: Draft, words: list[str]) -> dict[str, Any]:
    return {"kind": "items", "part": draft.part, "least": draft.least, "content": ["|".join(map(re.escape, words))]}


def _wording(draft: Draft, words: list[str]) -> dict[str, Any]:
    right = {"right": clean_word(draft.right).replace("\\", r"\\")} if draft.right else {}
    return {"kind": "wording", "wrong": [{"pattern": re.escape(w), **right} for w in words]}


_CHECKS: Mapping[DraftKind, Callable[[Draft, list[str]], dict[str, Any]]] = {
    "theme": _theme,
    "section": _section,
    "statement": _statement,
    "items": _items,
    "wording": _wording,
}


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and lists indented, as the shipped rules do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Indent lists below their key."""
        super().increase_indent(flow, False)


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)
