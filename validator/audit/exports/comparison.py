"""What two audits have to do with each other → text: for the terminal, Markdown, and JSON. Conclusion first.

A document is a list of blocks (heading, sentences, table); the two text forms write the same blocks.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from validator.audit.compare import CAUSES, Cause, Change, Comparison, FileChange, Lone, RuleChange
from validator.audit.pairing import How
from validator.audit.records import About
from validator.audit.submissions import Absent
from validator.errors import plain
from validator.reporters.words import FILE_WORDS, SEVERITY_WORDS

Form = Literal["terminal", "markdown", "json"]
FORMS: tuple[Form, ...] = ("terminal", "markdown", "json")
FORMAT_VERSION = "1"
_WIDTH = 80
_MOST: dict[Form, int] = {"terminal": 20, "markdown": 100, "json": 0}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_WORD = re.compile(r"(?:[A-Za-z0-9._/+-]+|.)[，。；：、）”》]*")
_CHANGE_WORDS: dict[Change, str] = {
    "improved": "好转",
    "worse": "变差",
    "same": "结论不变",
    "now_checked": "上次未能检查、这次查了",
    "not_checked": "上次查了、这次未能检查",
}
_HOW_WORDS: dict[How, str] = {"path": "路径相同", "organ": "单位{}相同", "content": "内容相同"}
_CAUSE_WORDS: dict[Cause, str] = {
    "content": "报告改了",
    "rules": "报告没有改，是规则或程序不同",
    "both": "报告和规则都变了，分不清是哪一个造成的",
    "decisions": "只是复核人的意见不同",
    "unknown": "报告和规则都没有变，是单位、年度等设置不同",
}


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading and what stands under it; ``items`` are list items, indented."""

    heading: str
    said: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def render_comparison(comparison: Comparison, form: Form = "terminal") -> str:
    """Return a comparison as text that ends with a line break.

    Args:
        comparison: two audits side by side.
        form: ``terminal`` (80 columns, the first 20 of every list), ``markdown`` (the first 100) or ``json`` (all).
    """
    if form == "json":
        data = {"format_version": FORMAT_VERSION, "conclusion": list(_conclude(comparison)), **asdict(comparison)}
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    blocks = tuple(_blocks(comparison, _MOST[form]))
    lines = _write_markdown(blocks) if form == "markdown" else _write_plain(blocks)
    return "\n".join(lines) + "\n"


def _conclude(c: Comparison) -> Iterator[str]:
    if not c.pairs:
        yield "两次审核没有对得上的报告，无法比较。"
        return
    changes = "，".join(f"{word}{c.changes[change]}份" for change, word in _CHANGE_WORDS.items() if c.changes[change])
    yield f"对上{c.pairs}份报告：{changes}。"
    f = c.findings
    said = [f"已解决{f.resolved}处", f"新出现{f.new}处", f"仍在{f.remaining}处"]
    said += [f"上次没有查的项目中又有{f.first_judged}处"] if f.first_judged else []
    said += [f"因这次没有查而看不到的{f.lost}处"] if f.lost else []
    yield f"问题：{'，'.join(said)}。"
    if f.dismissed or f.reopened:
        told = [f"这次不再算的{f.dismissed}处"] if f.dismissed else []
        told += [f"上次不算、这次又算的{f.reopened}处"] if f.reopened else []
        yield f"因为复核人的意见，{'，'.join(told)}。"
    yield from _explain(c)


def _explain(c: Comparison) -> Iterator[str]:
    """Yield what the differences come from, as far as that is known."""
    if not c.by_year:
        years = "、".join(map(str, c.old_years)), "、".join(map(str, c.new_years))
        yield f"两次审核的年度不同（{years[0]}；{years[1]}），是同一单位不同年度的报告相比。"
    elif c.pairs == c.identical:
        told = "，差别不是报告造成的" if any(c.causes.values()) else ""
        yield f"对上的报告内容都没有变{told}。"
    else:
        yield f"内容没有变的{c.identical}份，变了或者读不出来的{c.pairs - c.identical}份。"
    facets = tuple(_name_program(c.old, c.new))
    yield f"两次审核不同的是：{'；'.join(facets)}。" if facets else "两次审核用的规则、方案和程序相同。"
    for about, name in ((c.old, "上次"), (c.new, "这次")):
        if about.state != "finished":
            yield f"{name}的审核还没有做完，结果不全。"


def _name_program(old: About, new: About) -> Iterator[str]:
    if old.ruleset_digest != new.ruleset_digest:
        same = old.ruleset_version == new.ruleset_version
        yield (
            f"规则集 {old.ruleset_version}（版本号相同，内容不同）"
            if same
            else f"规则集 {old.ruleset_version} → {new.ruleset_version}"
        )
    for name, one, other in (
        ("方案", old.profile, new.profile),
        ("程序版本", old.tool_version, new.tool_version),
        ("语言模型", old.pipeline, new.pipeline),
    ):
        if one != other:
            yield f"{name} {one} → {other}"


def _blocks(c: Comparison, most: int) -> Iterator[_Block]:
    yield _Block("两次审核的比较", tuple(_conclude(c)))
    causes = [f"{_CAUSE_WORDS[cause]}：{c.causes[cause]}份" for cause in CAUSES if c.causes[cause]]
    if causes and c.by_year:
        yield _Block("有差别的报告，差别从哪里来", items=tuple(causes))
    moved = [f for f in c.files if f.change != "same"]
    order: tuple[Change, ...] = ("worse", "not_checked", "improved", "now_checked")
    for change in order:
        found = [_describe_file(f, by_year=c.by_year) for f in moved if f.change == change]
        if found:
            yield _list(f"{_CHANGE_WORDS[change]}的报告", found, most, "份")
    still = [f for f in c.files if f.change == "same" and (f.failing or f.passing)]
    if still:
        yield _list("结论不变、各项有变化的报告", [_describe_file(f, by_year=c.by_year) for f in still], most, "份")
    yield from _rule_blocks(c, most)
    for heading, lone in (("只在上次有的文件", c.only_old), ("只在这次有的文件", c.only_new)):
        if lone:
            yield _list(heading, map(_describe_lone, lone), most, "个")
    s = c.submissions
    for heading, absent in (
        ("上次没有报送、这次报送了的单位", s.now),
        ("上次报送了、这次没有报送的单位", s.no_longer),
        ("两次都没有报送的单位", s.still),
        ("上次没有报送、这次的名册上没有的单位", s.unclear),
    ):
        if absent:
            yield _list(heading, map(_describe_absent, absent), most, "个")
    yield _Block("怎样对上的", (_describe_matching(c),))


def _list(heading: str, items: Iterable[str], most: int, unit: str) -> _Block:
    """Return a block with the first items, and how many are left out."""
    every = list(items)
    left = len(every) - most
    more = (f"还有{left}{unit}，用 JSON 格式看全部。",) if left > 0 else ()
    return _Block(f"{heading}（{len(every)}{unit}）", items=(*every[:most], *more))


def _describe_file(f: FileChange, *, by_year: bool) -> str:
    moved = f" → {f.new_path}" if f.new_path != f.old_path else ""
    organ = f"{f.organ}，" if f.organ and not by_year else ""
    told = f"{FILE_WORDS[f.old]} → {FILE_WORDS[f.new]}" if f.old != f.new else FILE_WORDS[f.new]
    rules = [f"新不通过 {'、'.join(f.failing)}"] if f.failing else []
    rules += [f"转为通过 {'、'.join(f.passing)}"] if f.passing else []
    return f"{f.old_path}{moved}：{organ}{told}{''.join(f'；{r}' for r in rules)}"


def _rule_blocks(c: Comparison, most: int) -> Iterator[_Block]:
    added = [r for r in c.rules if r.old_severity is None]
    removed = [r for r in c.rules if r.new_severity is None]
    weighed = [r for r in c.rules if r.old_severity and r.new_severity and r.old_severity != r.new_severity]
    if added:
        yield _list("新增的规则", (_describe_new_rule(r) for r in added), most, "条")
    if removed:
        yield _list("去掉的规则", (f"{r.id} {r.title}" for r in removed), most, "条")
    if weighed:
        yield _list("分量变了的规则", map(_describe_weight, weighed), most, "条")
    both = [r for r in c.rules if r.old_severity and r.new_severity and (r.failing or r.resolved or r.other)]
    both.sort(key=lambda r: (-r.failing, -r.resolved, r.id))
    if both:
        yield _list("各条规则的变化", map(_describe_rule, both), most, "条")


def _describe_new_rule(rule: RuleChange) -> str:
    failed = sum(m.files for m in rule.moves if m.new == "fail")
    weight = SEVERITY_WORDS[rule.new_severity] if rule.new_severity else ""
    return f"{rule.id} {rule.title}（{weight}）：不通过{failed}份"


def _describe_weight(rule: RuleChange) -> str:
    old, new = (SEVERITY_WORDS[s] if s else "" for s in (rule.old_severity, rule.new_severity))
    return f"{rule.id} {rule.title}：{old} → {new}"


def _describe_rule(rule: RuleChange) -> str:
    other = f"，其他变化{rule.other}份" if rule.other else ""
    told = f"新不通过{rule.failing}份，转为通过{rule.resolved}份，仍不通过{rule.remaining}份{other}"
    return f"{rule.id} {rule.title}：{told}"


def _describe_lone(lone: Lone) -> str:
    who = f"（{lone.organ}{f'，{lone.year}年' if lone.year else ''}）" if lone.organ else ""
    return f"{lone.path}{who}：{FILE_WORDS[lone.outcome]}"


def _describe_absent(absent: Absent) -> str:
    return f"{absent.region or ''}{' ' if absent.region else ''}{absent.organ}，{absent.year}年"


def _describe_matching(c: Comparison) -> str:
    year = "和年度" if c.by_year else ""
    said = [f"{_HOW_WORDS[how].format(year)}的{count}份" for how, count in c.matched.items() if count]
    alone = [f"只在{name}有{len(files)}个文件" for name, files in (("上次", c.only_old), ("这次", c.only_new)) if files]
    return f"{'，'.join([*said, *alone]) or '两次都没有文件'}。"


def _write_markdown(blocks: Sequence[_Block]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        yield from ([""] if number else [])
        yield f"{'##' if number == 0 else '###'} {_escape(block.heading)}"
        yield ""
        for index, sentence in enumerate(block.said):
            yield from ([""] if index else [])
            yield _escape(sentence)
        yield from (f"- {_escape(item)}" for item in block.items)


def _escape(text: str) -> str:
    """Return text that no Markdown reader takes for markup, on one line."""
    return _MARKUP.sub(r"\\\1", plain(text))


def _write_plain(blocks: Sequence[_Block]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if number:
            yield ""
            yield from _wrap(f"{block.heading}：", 0, 2)
        for sentence in block.said:
            yield from _wrap(sentence, 2 if number else 0, 2)
        for item in block.items:
            yield from _wrap(item, 2, 4)


def _wrap(text: str, first: int, others: int) -> Iterator[str]:
    """Yield lines of at most 80 columns; indents are in columns. A line does not begin with closing punctuation."""
    line, used = " " * first, first
    for word in _WORD.findall(plain(text)):
        for piece in (word,) if _columns(word) <= _WIDTH - others else word:
            if used + _columns(piece) > _WIDTH:
                yield line.rstrip()
                line, used = " " * others, others
            line, used = line + piece, used + _columns(piece)
    yield line.rstrip()


def _columns(text: str) -> int:
    """Return the columns of a text; what some terminals show wide counts as wide."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
