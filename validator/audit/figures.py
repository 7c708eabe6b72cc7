"""CheckContext → Figures: the named numbers of the year's own work (开展执法检查310次), found by plain patterns.

The pipeline is not asked: a named number that is missed costs little here, and a report has a hundred sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from validator.audit.one_line import one_line
from validator.audit.records import Figure
from validator.checks.context import CheckContext
from validator.document import Span
from validator.facts import years_in
from validator.nlp.quantities import read_quantity
from validator.outline.numerals import SERIES

_UNITS = (
    r"(?![年月日第])[\u4e00-\u9fff]次(?![要数日品级生席序于])|[学课小]时|[万亿]元|平方(?:米|公里)|立方米|公[里斤顷]|个(?![月百小工多])"
    "|[次件场人份期批户家名台条篇项起宗部元册本张幅块处所支例课讲堂节轮天位辆套版类门遍回单米亩吨笔座间站卷组队桩则"
    "段种枚只根棵株盏扇口头匹袋箱盒瓶桶幢栋趟双副]"
    r"|(?<=[\d余])(?![年月日号时分秒点度成倍岁级届线路室楼弄巷道省县市区镇村院万亿千百十余多])[\u4e00-\u9fff](?=[，。；：、！？）)\n]|$)"
)
"""Measure words. What stands alone between digits and the end of a clause (调阅影像资料646段) is one, whichever it is;
so is what stands between digits and 次.
"""
_NUMBER = re.compile(
    r"(?<![\d.,第\-~〔A-Za-z])"
    r"(?P<number>(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,10})(?:\.\d{1,4})?|(?:[一二三四五六七八九]?十|[一二三四五六七八九两][百千万])[零〇一二三四五六七八九十百千万]{0,10})"
    rf"(?P<about>[余多来]?[万亿]?[余多]?)(?P<unit>{_UNITS})"
)
"""Digits, or a Chinese numeral from ten on: 一项, 三项制度 and 四个意识 count nothing, 千家万户 neither."""
_BREAK = re.compile(r"[，；：。、（）！？\n《》]|20\d\d年度?")
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]+$")
_AFTER = re.compile(r"(?!坚持|明确|方面|意识|维护|确立)[\u4e00-\u9fffA-Za-z]{1,16}")
_AFTER_END = re.compile(
    r"[的和与等并对在为到进及以就因从向]|开展|实施|参加|取得|接受|增至|听取|全部|落地|提供|赴|主持|存在|通过"
)
_LONGEST_AFTER = 10
_LEAD = re.compile(
    r"(?:共计?|累计|总计|合计|总共|全年|今年以来|今年|本年度?|年内|一年来|全[省市县区镇乡街局州系](?!面)统?|我[省市县区镇乡街局州委办]"
    r"|已|其中|同时|目前|现已|先后|积极|依法(?!治|行政)|认真|有效|成功|妥善|及时|主动(?!公开)|截至(?:目前|年底|年末)|并且?|还|均|各级|将)+"
)
_TAIL = re.compile(r"(?:共计?|达到?|了|总计|合计|累计|总共|为|超过?|近|约|有|是|数量?|总数|逾|计|第|先后|全年|等)+$")
_OTHER_TIME = re.compile(r"上年|去年|前年|同期|同比|历年|往年|上一年|比20\d\d")
_INTENDED = re.compile(r"计划|目标|力争|拟|预计|不少于|不低于|至少|以内|不超过|每[年月季周天日旬半个次人家户村]|平均")
_LEAST_NAME = 2


def read_figures(context: CheckContext) -> tuple[Figure, ...]:
    """Return the named numbers of the year's own work, in order; those of another year or of an aim are left out."""
    found: list[Figure] = []
    for sentence in context.document.sentences:
        if context.parts.region_at(sentence.start) == "own" and not _tells_other_year(context, sentence):
            found += _figures(context, sentence)
    return tuple(found)


def _tells_other_year(context: CheckContext, sentence: Span) -> bool:
    """Tell whether a sentence names another year than that of the report (not in brackets: 《…（2021－2025年）》)."""
    year = context.facts.year
    return year is not None and any(
        y != year and not context.is_cited(sentence.start + start) for y, start, _ in years_in(context.text(sentence))
    )


def _figures(context: CheckContext, sentence: Span) -> Iterator[Figure]:
    document, text = context.document, context.document.text
    start, last = sentence.start, ""
    for hit in _NUMBER.finditer(text, sentence.start, sentence.end):
        if context.is_cited(hit.start()):
            continue
        clause = context.clause_at(hit.start())
        words = text[clause.start : clause.end]
        if _OTHER_TIME.search(words) or _INTENDED.search(words):
            continue
        # 轮训2期186人次: a number right behind another counts the same thing in another unit
        name = last if start == hit.start() else _name(text, Span(start, sentence.end), hit)
        start, last = hit.end(), name
        quantity = read_quantity(hit.group())
        if quantity is not None and len(name) >= _LEAST_NAME:
            place = document.location(Span(hit.start(), hit.end()))
            yield Figure(name, f"{quantity.value.normalize():f}", quantity.unit, one_line(document, clause, 120), place)


def _name(text: str, span: Span, hit: re.Match[str]) -> str:
    """Return the words of a span that a number counts: those before it in its clause, and those right after it."""
    before = text[span.start : hit.start()]
    breaks = [m.end() for m in _BREAK.finditer(before)]
    han = _HAN.search(before[breaks[-1] if breaks else 0 :])
    name = _TAIL.sub("", han.group()) if han else ""
    mark = SERIES.match(name)
    name = name[mark.end() :] if mark else name
    lead = _LEAD.match(name)
    name = name[lead.end() :] if lead else name
    after = _AFTER.match(text, hit.end(), span.end)
    if after is None:
        return name
    cut = _AFTER_END.search(after.group())
    return name + after.group()[: cut.start() if cut else None][:_LONGEST_AFTER]
