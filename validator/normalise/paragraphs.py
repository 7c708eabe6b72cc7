"""Lines of the file → paragraphs: page furniture marked, lines broken in mid-sentence joined.

A web page has one line for a paragraph; text taken out of a PDF has many. What tells them apart: a line that ends
without a mark although it is prose, and many lines of one width.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median
from types import MappingProxyType

from validator.normalise.characters import DROPPED


@dataclass(frozen=True, slots=True)
class Line:
    """One line with content. ``runs`` are (raw start, raw end, was preceded by a blank), in order."""

    text: str
    runs: tuple[tuple[int, int, bool], ...]
    hint: int = 0
    furniture: bool = False
    in_attachments: bool = False
    at_page_end: bool = False


_RUN = re.compile(rf"[^{DROPPED} \n]+")
_LIST_MARK = re.compile(rf"[ {DROPPED}]*(?:>[ {DROPPED}]*)*(?:[-*+·●◆■▪◇□]+(?=[ （\u4e00-\u9fff]))?[ {DROPPED}]*")
_HINT = re.compile(rf"[ {DROPPED}]*(#{{1,6}})(?=[ \u4e00-\u9fff（]) *")
_RULER = re.compile(r"[-=_*~·—.… ]{3,}")
_PAGE_NUMBER = re.compile(r"[-~·]*第?\d{1,3}页?[-~·]*|第\d+页[，、/]?共\d+页|\d{1,3}/\d{1,3}|共\d+页|[-~]+\d{1,3}[-~]+")
_FURNITURE = re.compile(
    r"^[（〔]?(?:主动公开|依申请公开|不予公开)[）〕]?$|^[（〔]?(?:此件(?:主动|依申请|公开|不)|公开方式|公开属性|信息公开选项)"
    r"|^(?:日期|时间|索引号|信息索引|主题分类|主题词|体裁分类|组配分类|发布(?:日期|时间|机构|单位|人)|发文(?:日期|机关|单位|字号)|成文日期|生成日期|"
    r"公开(?:日期|时间|目录)|信息来源|文章来源|来源|作者|责任编辑|编辑|审核人?|签发人|浏览(?:次数|量)|阅读(?:次数|量)?|点击(?:数|率|量)?|"
    r"访问量|字体|字号|分享|打印|关闭|上一篇|下一篇|上一条|下一条|附件下载|相关(?:链接|附件|阅读|文章|稿件|信息)|扫一扫|版权所有|"
    r"主办单位|承办单位|网站标识码|您(?:当前)?(?:所在)?的?位置|当前位置|返回(?:顶部|首页)|有效性|文号|名称|标题)(?:[：:〔|]|$)"
    r"|^(?:首页|网站首页)[>\-/|»《]|^(?!.*《).{0,12}[>》].{0,14}[>》].{0,20}$|^(?:打印|关闭|分享|收藏|返回)(?:本页|页面|窗口|打印|关闭|分享)*$"
    r"|^[〔（]?字体?[：:]?(?:大|中|小)|ICP备|公网安备|标识码|扫一扫在手机|网站地图|^(?:关于|联系)我们|^(?:主办|承办|版权)[：:]"
    r"|站长信箱[：:]|^您是第\d+位访(?:客|问)|^技术支持[：:]"
)
STAMP = re.compile(
    r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}:\d\d(?::\d\d)?)?"
    r"(?=(?:信息|文章)?来源[：:]|作者[：:]|发布(?:机构|单位|人)[：:]|(?:责任)?编辑[：:]|字[体号][：:〔]"
    r"|(?:阅读|浏览|点击|访问)(?:次数|量|数|率)?(?:[：:]|\d+次?(?:$|字[体号]|打印|分享)))"
)
"""The day of a web page with a label or a counter behind it. A deed of that day (发布目录, 访问12家企业) is none."""
_ATTACHMENT = re.compile(r"附件(?:[：:\d一二三四五]|$)")
_ATTACHED = re.compile(r"\d{1,2}[.、][^。]{2,50}$")
_ENDS = "。！？；："
_NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}(?:[、.]|部分|章)|[（〔][一二三四五六七八九十\d]{1,3}[）〕]|\d{1,2}[.、](?!\d)|[①-⑳㈠-㈩]"
    r"|[一二三四五六七八九十]{1,2}[是要]|第[一二三四五六七八九十][，、])"
)
_CLOSERS = "，。、；：！？）》〕〉%"
_HEADING_LIMIT = 46
_HINT_LIMIT = 60
"""A paragraph longer than this is no heading, whatever style it was given."""


def read_lines(folded: str, hints: Mapping[int, int] = MappingProxyType({})) -> list[Line]:
    """Cut folded text into lines with content; page numbers, rulers and running heads are left out.

    ``hints`` are heading levels that the file itself gives, by the offset of the line.
    """
    lines: list[Line] = []
    start = 0
    turned = False
    for piece in folded.split("\n"):
        line = _read_line(piece, start)
        hint = hints.get(start, 0)
        start += len(piece) + 1
        if line is None:
            continue
        if hint and not line.hint and len(line.text) <= _HINT_LIMIT:
            line = replace(line, hint=hint)
        if _PAGE_NUMBER.fullmatch(line.text):
            turned = True
            if lines:
                lines[-1] = replace(lines[-1], at_page_end=True)
            continue
        in_list = bool(lines) and lines[-1].in_attachments and _ATTACHED.match(line.text) is not None
        if in_list or (len(line.text) <= 60 and _ATTACHMENT.match(line.text)):
            line = replace(line, furniture=True, in_attachments=True)
        lines.append(replace(line, at_page_end=True) if turned else line)
        turned = False
    return _without_running_heads(lines)


def _read_line(piece: str, start: int) -> Line | None:
    hint_mark = _HINT.match(piece)
    at = hint_mark.end() if hint_mark else 0
    if (mark := _LIST_MARK.match(piece, at)) is not None:
        at = mark.end()
    runs: list[tuple[int, int, bool]] = []
    text: list[str] = []
    end = at
    for run in _RUN.finditer(piece, at):
        spaced = " " in piece[end : run.start()]
        if spaced and text and text[-1][-1:].isascii() and piece[run.start()].isascii() and _are_words(text[-1], run):
            text.append(" ")
            blank = start + piece.rindex(" ", end, run.start())
            runs.append((blank, blank + 1, False))
            spaced = False
        text.append(run.group())
        runs.append((start + run.start(), start + run.end(), spaced))
        end = run.end()
    joined = "".join(text)
    if not joined or _RULER.fullmatch(joined):
        return None
    furniture = len(joined) <= 60 and (_FURNITURE.search(joined) or STAMP.match(joined)) is not None
    return Line(joined, tuple(runs), len(hint_mark.group(1)) if hint_mark else 0, furniture)


def _are_words(before: str, run: re.Match[str]) -> bool:
    """Tell whether a blank separates two Latin words (digits may be torn apart: ``2 0 2 3 年``)."""
    return before[-1].isalpha() and run.group()[0].isalpha()


def _without_running_heads(lines: list[Line]) -> list[Line]:
    """Drop running heads: short lines repeated beside page numbers, or standing three times or more."""
    short = [x for x in lines if len(x.text) <= 40 and x.text[-1] not in _ENDS]
    counts = Counter(x.text for x in short)
    beside = {x.text for x in short if x.at_page_end and counts[x.text] >= 2}
    often = {text for text, n in counts.items() if n >= 3}
    seen: set[str] = set()
    kept: list[Line] = []
    for line in lines:
        repeated = line.text in beside | often and line.text in seen
        if repeated or (line.text in beside and line.at_page_end):
            continue
        seen.add(line.text)
        kept.append(line)
    return kept


def join_lines(lines: list[Line]) -> list[list[Line]]:
    """Group lines into paragraphs."""
    width = _wrap_width(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [[replace(g[0]), *g[1:]] for g in groups]


def _wrap_width(lines: list[Line]) -> float | None:
    """Return the width at which the file was wrapped (in full-width characters), or ``None``."""
    open_lines = [_width(x.text) for x in lines if not x.furniture and x.text[-1] not in _ENDS and len(x.text) >= 16]
    if len(open_lines) < 6:
        return None
    middle = median(open_lines)
    longer = sum(1 for x in lines if _width(x.text) > middle * 1.2 + 2)
    if longer > 0.05 * len(lines):
        return None
    near = sum(1 for w in open_lines if abs(w - middle) <= 3)
    return middle if near >= 0.6 * len(open_lines) else None


def _width(text: str) -> float:
    return sum(0.5 if c.isascii() else 1.0 for c in text)


def _continues(group: list[Line], line: Line, width: float | None) -> bool:
    """Tell whether a line goes on with the paragraph before it."""
    before = group[-1]
    if before.furniture or line.furniture or before.hint or line.hint:
        return False
    text = before.text
    if line.text[0] in _CLOSERS:
        return True
    if _NUMBERED.match(line.text):
        return False
    if _is_open(text, "（", "）") or _is_open(text, "《", "》"):
        return True
    if text[-1] in _ENDS:
        return False
    if width is not None and _width(text) >= width - 3:
        return True
    return text[-1] in "，、" or any(c in text for c in "。；") or _is_longer(group, _HEADING_LIMIT)


def _is_longer(group: list[Line], limit: int) -> bool:
    """Tell whether the lines of a paragraph are longer than a limit; no more of them are read than it takes."""
    return any(length > limit for length in accumulate(len(x.text) for x in reversed(group)))


def _is_open(text: str, left: str, right: str) -> bool:
    return text.count(left) > text.count(right) and len(text) - text.rfind(left) < 60
