"""Texts that nobody would write, each of any size: what was once slow, and what could be.

A text opens like a report, so that no rule stops at the genre, and repeats one thing. Every item differs where its
number can make it, so that nothing is saved by having been seen before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count, product

_OPENING = "青禾镇2023年法治政府建设年度报告\n2023年，我镇推进法治政府建设。现将有关情况报告如下。\n"
_MEASURES = "一、主要举措和成效\n全年开展执法检查12次。\n"
_PROBLEMS = "二、存在的不足和原因\n"
_PLAN = "三、下一年度主要安排\n"
_DIGITS = "一二三四五六七八九"
_HAN = "执法检查培训宣传调解文件合同复议诉讼审核公开信用数据平台窗口企业居民社区青年老人农村山水田林湖草江河桥路街巷"
_NUMERALS: tuple[str, ...] = (*_DIGITS, "十", *(f"十{d}" for d in _DIGITS), *(f"二十{d}" for d in _DIGITS))
_MATTERS = ("执法力量", "法律顾问", "复议", "应诉", "合同", "听证", "裁量", "信用", "公平竞争", "收费", "平台", "调解")


def _word(number: int, length: int = 4) -> str:
    """Return a word that no other number has, as far as the length goes."""
    found = ""
    for _ in range(length):
        found += _HAN[number % len(_HAN)]
        number //= len(_HAN)
    return found


def _cn(number: int) -> str:
    """Return a number in Chinese; it begins again after the last one."""
    return _NUMERALS[number % len(_NUMERALS)]


def _matters(number: int) -> str:
    """Return up to four matters, another choice for each number."""
    chosen = (m for bit, m in enumerate(_MATTERS) if number * 37 >> bit & 1)
    return "、".join(list(chosen)[:4]) or "复议"


def _of(piece: Callable[[int], str], *, before: str = _MEASURES, after: str = "") -> Callable[[int], str]:
    """Return a maker of texts of so many bytes: an opening, numbered pieces, an ending."""

    def make(size: int) -> str:
        parts = [_OPENING, before]
        left = size - len((_OPENING + before + after).encode())
        for number in count():
            part = piece(number)
            left -= len(part.encode())
            if left < 0:
                return "".join([*parts, after])
            parts.append(part)
        raise AssertionError

    return make


def _closure(size: int) -> str:
    """Return as many problems as items of the plan, each of a few matters."""
    half = (size - len((_OPENING + _MEASURES + _PROBLEMS + _PLAN).encode())) // 2
    problems = _of(lambda n: f"（{_cn(n)}）{_word(n)}{_matters(n)}不足。\n", before="")(half)
    plan = _of(lambda n: f"（{_cn(n)}）加强{_word(n + 7)}{_matters(n * 5 + 1)}。\n", before="")(half)
    problems, plan = (t.removeprefix(_OPENING) for t in (problems, plan))
    return f"{_OPENING}{_MEASURES}{_PROBLEMS}{problems}{_PLAN}{plan}"


def _numbered(marks: str) -> Callable[[int], str]:
    """Return headings of one scheme with a sentence each; ``marks`` holds {cn} or {n}."""
    return _of(lambda n: f"{marks.format(cn=_cn(n), n=n % 99 + 1)}加强{_word(n)}工作\n完成{n}件。\n")


def _nested(number: int) -> str:
    depth = number % 5
    marks = (f"{_DIGITS[number // 5 % 9]}、", "（一）", "1.", "（1）", "①")
    return f"{marks[depth]}{_word(number)}工作\n"


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_PAIRS = ["".join(p) for p in product(_HAN, repeat=2)]

HOSTILE: Mapping[str, Callable[[int], str]] = {
    # headings
    "problem marks": _of(lambda _: "（一）不足。\n", before=_MEASURES + _PROBLEMS),
    "problem marks on one line": _of(lambda _: "（一）不足。", before=_MEASURES + _PROBLEMS),
    "same number": _of(lambda n: f"一、{_word(n)}\n"),
    "chapters": _numbered("第{cn}章"),
    "first level": _numbered("{cn}、"),
    "second level": _numbered("（{cn}）"),
    "third level": _numbered("{n}."),
    "fourth level": _numbered("（{n}）"),
    "circled": _of(lambda n: f"{_CIRCLED[n % 10]}{_word(n)}\n"),
    "nested numbers": _of(_nested),
    "headings in running text": _of(lambda n: f"（{_cn(n)}）{_word(n)}，{_word(n + 3)}。", before=""),
    "without numbers": _of(lambda n: f"{_word(n)}工作\n", before=""),
    "without numbers under a number": _of(lambda n: f"{_word(n)}工作\n"),
    "without numbers, with text": _of(lambda n: f"{_word(n)}工作\n完成{n}件事项。\n"),
    "without numbers among numbers": _of(lambda n: f"（{_cn(n)}）{_word(n)}\n{_word(n + 5)}工作\n"),
    "markdown": _of(lambda n: f"{'#' * (n % 6 + 1)} {_word(n)}工作\n"),
    "markdown and numbers": _of(lambda n: f"# {_word(n)}工作\n（{_cn(n)}）{_word(n + 5)}\n"),
    "names of parts": _of(lambda n: f"{_cn(n)}、存在的问题\n"),
    "names of parts, with text": _of(lambda n: f"{_cn(n)}、存在的问题\n{_word(n)}不足。\n下一步工作\n"),
    "heading ends": _of(lambda n: f"（{_cn(n)}）{_word(n)}；\n完成{n}件。\n"),
    "title lines": _of(lambda n: f"关于{_word(n)}的\n", before=""),
    "lines of the title block": lambda size: "关于推进的\n" * (size // 16) + "青禾镇2023年法治政府建设年度报告\n",
    # lists
    "run-in items": _of(lambda n: f"{'一二三'[n % 3]}是{_word(n)}", before=_MEASURES + _PROBLEMS),
    "run-in items with ends": _of(lambda n: f"{_cn(n)}是{_word(n)}不足。", before=_MEASURES + _PROBLEMS),
    "run-in items of the plan": _of(lambda n: f"{_cn(n)}是加强{_word(n)}。", before=_MEASURES + _PLAN),
    "first items": _of(lambda _: "一是", before=_MEASURES + _PROBLEMS),
    "problems": _of(lambda n: f"{_word(n)}不足。", before=_MEASURES + _PROBLEMS),
    "problems of nothing": _of(lambda _: "水平有待提高。", before=_MEASURES + _PROBLEMS),
    "alike problems": _of(lambda n: f"工作人员办理事项的水平不足{n % 7}。", before=_MEASURES + _PROBLEMS),
    "enumerated problems": _of(lambda n: f"{_word(n)}不足、", before=_MEASURES + _PROBLEMS),
    "problems and plan": _closure,
    "problems to and fro": _of(lambda n: f"还存在{_word(n)}不足的问题。下一步，将加强{_word(n + 3)}。"),
    "sentences of the plan": _of(lambda n: f"加强{_word(n)}。", before=_MEASURES + _PLAN),
    # characters
    "no mark at all": _of(lambda n: _word(n)),
    "commas only": _of(lambda n: f"{_word(n)}，"),
    "ends only": _of(lambda _: "。"),
    "short lines": _of(lambda n: f"{_word(n, 2)}，\n"),
    "lines of one character": _of(lambda n: f"{_HAN[n % 40]}\n"),
    "blank lines": _of(lambda n: f"{_word(n)}\n\n\u3000\n"),
    "blanks": _of(lambda n: f"{_HAN[n % 40]} "),
    "quotes": _of(lambda n: f"“{_word(n)}”"),
    "open brackets": _of(lambda _: "《"),
    "open brackets with words": _of(lambda n: f"《{_word(n)}"),
    "brackets": _of(lambda n: f"（{_word(n)}）"),
    "open round brackets": _of(lambda _: "（"),
    "digits": _of(lambda n: str(n % 10)),
    "numerals": _of(lambda n: _DIGITS[n % 9]),
    "digits and commas": _of(lambda n: f"{n % 10},"),
    "one character": _of(lambda _: "了"),
    "half-width marks": _of(lambda n: f"{_word(n)},"),
    "page numbers": _of(lambda n: f"{_word(n, 6)}。\n- {n % 99} -\n"),
    "page furniture": _of(lambda n: f"来源：{_word(n)}\n"),
    "attachments": _of(lambda n: f"附件：\n{n % 99}.{_word(n)}\n"),
    "zero width": _of(lambda n: f"{_HAN[n % 40]}\u200b\u200b"),
    # words
    "repeated words": _of(lambda _: "法治"),
    "doubled words": _of(lambda n: f"{_PAIRS[n % len(_PAIRS)] * 2}的"),
    "repeated clauses": _of(lambda n: f"{_word(n // 2, 6)}，"),
    "one theme": _of(lambda _: "习近平法治思想"),
    "one theme in sentences": _of(lambda _: "学习习近平法治思想。"),
    "themes of others": _of(lambda n: f"法院{_word(n)}推进行政复议、法律顾问、规范性文件、公平竞争审查。"),
    "themes in titles": _of(lambda n: f"《{_word(n)}重大行政决策规定》，"),
    "activities": _of(lambda n: f"组织法治宣传讲座{n}，"),
    "activities without numbers": _of(lambda _: "组织学习习近平法治思想。"),
    "actors": _of(lambda n: f"法院{_word(n, 2)}，律师提供"),
    "principals": _of(
        lambda n: f"主要负责人重视{_word(n)}。", before=_MEASURES + "二、主要负责人履行第一责任人职责情况\n"
    ),
    "own deeds": _of(lambda _: "亲自"),
    "organs": _of(lambda n: f"{_word(n)}镇，", before=""),
    "years": _of(lambda n: f"{2010 + n % 15}年，", before=""),
    "years in headings": _of(lambda n: f"{_cn(n)}、{2010 + n % 15}年工作安排\n"),
    "report of years": _of(lambda n: f"现将{2010 + n % 15}年", before=""),
    # titles and landmarks
    "near titles": _of(lambda n: f"《行政处罚{_word(n, 2)}法》、"),
    "wrong titles": _of(lambda n: f"《优化营商环境条{_HAN[n % 40]}》、《法治政府建设实施{_word(n, 2)}纲要》"),
    "own documents": _of(lambda n: f"制定《{_word(n)}规范性文件管理办法》。"),
    "old landmarks": _of(lambda n: f"按照《法治政府建设实施纲要（2015—2020年）》{_word(n)}。"),
    "landmarks without brackets": _of(lambda n: f"行政复议法{_word(n, 2)}"),
    # numbers
    "totals": _of(lambda n: f"{_word(n)}共{n + 9}件，其中甲类{n + 2}件、乙类{7}件。"),
    "right totals": _of(lambda n: f"{_word(n, 2)}共{n + 9}件（甲类{n + 2}件、乙类7件）。"),
    "lists": _of(lambda n: f"{_word(n, 2)}{n % 90 + 1}名，"),
    "lists in sentences": _of(lambda n: f"{_word(n, 2)}{n % 90 + 1}名。"),
    "dense numbers": _of(lambda n: f"{'二条' * 24}{'。' if n % 4 == 3 else ''}"),
    "too many numbers": _of(lambda n: f"{'二条' * 40}{'。' if n % 7 == 6 else ''}"),
    "openings of problems": _of(lambda _: "尚有"),
    "named numbers": _of(lambda n: f"全年受理投诉举报{n + 1}件。"),
    "same numbers": _of(lambda n: f"受理投诉举报{('100', '一百')[n % 2]}件。"),
    "about the same numbers": _of(lambda n: f"受理投诉举报近{10_000 + n % 2000}件。"),
    "numbers of many": _of(lambda n: f"{_word(n, 4)}所受理投诉举报{n + 1}件。"),
    "numbers without ends": _of(lambda n: f"受理投诉{n}件，"),
    "filled numbers": _of(lambda _: "共计达到"),
    "mobile numbers": _of(lambda n: f"电话138{n % 100_000_000:08}。"),
    "long numbers": _of(lambda n: f"账号62220200{n % 10**10:010}，"),
    "percentages": _of(lambda n: f"按时办结率达{n % 100}%，"),
    "frequencies": _of(lambda _: "每月组织法治宣传，"),
}
"""What is repeated → the text of so many bytes (UTF-8)."""
