"""CheckContext → Traits: what a report is compared by, read once while the report is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from validator.audit.figures import read_figures
from validator.audit.one_line import one_line
from validator.audit.records import Item, Passage, Traits
from validator.checks.closure import Problem, head_of, list_problems
from validator.checks.context import CheckContext, unnumbered
from validator.checks.matters import read_subject
from validator.checks.part_items import part_items
from validator.document import Span, mask_numbers
from validator.kinds import ClosureCheck

_HEADING = 30
"""A heading with text under it is longer than this only where it is a sentence of its own."""
_LAST = 400
"""A signature stands among this many characters at the end."""
_DAY = r"(?:20\d\d|二[〇零][〇零一二三四五六七八九]{2})年[\d一二三四五六七八九十]{1,2}月[\d一二三四五六七八九十]{1,3}日"
_ORGAN = (
    r"(?![一二三四五六七八九十]{1,2}[是要])[\u4e00-\u9fff]{2,30}(?:政府|委员?会?|办事处|[局厅办院处站所]|办公[室厅]|中心|党[组委]|工委|[支大]队"
    r"|集团|公司|[镇乡县区市州旗]|街道)"
)
_CLOSING = "[特专]此(?:报告|汇报)|(?:以上|上述)[^。]{0,16}(?:请|望)[^。]{0,12}(?:审阅|审议|审核|批示|指示|指正|指导)"
_SIGNATURE = re.compile(rf"{_ORGAN}|(?:{_ORGAN})?{_DAY}。?|(?:{_CLOSING})。?|[（〔][^，；]{{2,20}}[）〕]")
_CLAUSE_END = re.compile("[，；。：！？\n]")
_FORMULA = re.compile(
    r"(?:(?:继续|始终|坚持|坚定|深入|全面|认真|持续|扎实|切实|进一步|不断|深化|加强|强化|要|将|把|以|用|对|在|并|和"
    r"|学习|宣传|贯彻|落实|践行|领会|把握|学懂|弄通|做实|高举|围绕|紧扣|聚焦|指引|统领|指导|遵循|根本|引领|推动|走深走实"
    r"|习近平(?:新时代中国特色社会主义思想|法治思想|总书记)?|中国特色社会主义|伟大旗帜|党(?:中央)?|中央|二十大|全会|(?:十九|二十)届[一二三四五六七]中"
    r"|重要(?:讲话|论述|指示)|批示|精神|决策部署|领导|绝对|集中统一|政治(?:建设|方向|站位|引领|属性)?|思想|武装|头脑|理论|实践|工作"
    r"|四个意识|四个自信|从严治党|过硬|保持|两个确立|两个维护|正确|提高|增强|做到|牢牢|方向|为|于|的|法治(?:政府)?建设|全过程|各方面|贯穿|组织|保证|主题)+"
    r"|(?:为|奋力|努力|推动|助力|不断)[^，；。]*(?:提供|贡献|保障|新局面|新台阶|新篇章|新高度|再上|法治(?:基础|支撑|力量|动能))[^，；。]*"
    r"|[^，；。]*(?:之年|重要一年|关键一年|(?:以下|如下)[^，；。]{0,8}|总体(?:要求|思路|目标)(?:是|为)?)"
    r"|[^，；。]*(?:将)?(?:重点|着重|着力|主要)?(?:做好|抓好|从)[^，；。]*(?:几|[二三四五六]个?)(?:个?方面|项工作)[^，；。]*"
    r"|[^，；。]{0,8}(?:明年|来年|下一步|新的一年|下一年度|20\d\d年)[^，；。]{0,4})"
)
"""A clause that says nothing to follow: whose thought guides, what it is all for, what comes next."""
_STUDIED = "习近平法治思想"
_GUIDED = re.compile(
    rf"(?:坚持|以|用|在)[^，；。：\n]{{0,40}}{_STUDIED}[^，；。：\n]{{0,16}}?(?:为[^，；。：\n]{{0,4}}(?:指导|指引|引领|统领|遵循)|(?:指导|指引|引领)下)"
)
"""Whose thought guides: nothing that is to be done, nor anything that was done."""
_STUDY = re.compile("学习|宣传|宣讲|研讨|读书|讲授|授课|领学|自学|研学|讲座|轮训|培训|党课|测试")
_FOR_WHOM = re.compile("[把将]|面向|围绕|通过|利用|依托|结合|采取")
_WHERE = re.compile("[到赴在向以用为对]|每[年季月周]")
"""So begins a clause that may go on with the one before it (面向司机办好夜谈, 到老街宣讲6场)."""
_LONGEST_FORMULA = 80
_LEAST_TOLD = 4
_MOST_ITEMS = 60
_MOST_WORDS = 1000
_MOST_SAID = 100_000
"""No report has more; a hostile one that has shall not cost more than others when it is compared."""
_CAUSE = re.compile("由于|因|原因")


def read_traits(context: CheckContext) -> Traits:
    """Return what a report is compared by; ``sketch`` and ``whole`` are left empty for ``across.sketches``."""
    naming = frozenset(h.section.index for found in context.parts.headings.values() for h in found)
    said = _said(context, naming)
    compiled = context.patterns.compile
    return Traits(
        _passages(context, naming),
        tuple(i for i in islice(_problems(context), _MOST_ITEMS) if i.words),
        tuple(i for i in islice(_plan(context), _MOST_ITEMS) if i.words),
        read_figures(context),
        tuple(m.name for m in context.matters.matters if compiled(m.words).search(said.replace("\n", "，"))),
        said,
        b"",
        b"",
    )


def _passages(context: CheckContext, naming: frozenset[int]) -> tuple[Passage, ...]:
    """Return the sentences of the report in order; title block, page furniture, headings and signature left out."""
    document = context.document
    found: list[Passage] = []
    for sentence in document.sentences:
        region = context.parts.region_at(sentence.start)
        if region == "front" or region == "furniture":
            continue
        if _is_heading(context, sentence, naming) or _is_signature(context, sentence):
            continue
        found.append(Passage(one_line(document, sentence), region, document.location(sentence)))
    return tuple(found)


def _is_heading(context: CheckContext, sentence: Span, naming: frozenset[int]) -> bool:
    """Tell whether a sentence is a heading. One with nothing under it, or a long one, is an item and counts as text.

    ``naming`` are the sections whose headings name a part.
    """
    section = context.outline.section_at(sentence.start)
    if section is None or sentence.start >= section.heading.end or sentence.end > section.heading.end + 1:
        return False
    if section.index in naming:
        return True
    return len(section.title) <= _HEADING and section.end - section.heading.end > 1


def _is_signature(context: CheckContext, sentence: Span) -> bool:
    text = context.document.text
    if sentence.start < len(text) - _LAST or sentence.end - sentence.start > 2 * _HEADING:
        return False
    return _SIGNATURE.fullmatch(context.text(sentence).strip("\n")) is not None


def _problems(context: CheckContext) -> Iterator[Item]:
    check = next((r.check for r in context.rules.values() if isinstance(r.check, ClosureCheck)), None)
    if check is None:
        return (_item(context, head_of(context, s), s) for s in part_items(context, "problems"))
    return (_problem(context, p) for p in list_problems(check, context))


def _problem(context: CheckContext, problem: Problem) -> Item:
    """Return a problem; where it is a sentence and no item of a list, without the opening of that sentence."""
    item = _item(context, problem.head, problem.whole, problem.words)
    told = problem.words.rpartition("，：")[2].lstrip("，：")
    opening = item.words.removesuffix(told)
    if problem.head != problem.whole or len(told) < _LEAST_TOLD or opening == item.words or _CAUSE.search(opening):
        return item
    return replace(item, words=told)


def _plan(context: CheckContext) -> Iterator[Item]:
    return (_item(context, head_of(context, s), s, plan=True) for s in part_items(context, "plan"))


def _item(context: CheckContext, head: Span, whole: Span, about: str | None = None, *, plan: bool = False) -> Item:
    """Return an item; ``about`` are the words that its subject is read from, where they are not all of them."""
    words = _words(context, whole)
    studied: tuple[str, ...] = ()
    if plan:
        clauses = _CLAUSE_END.split(_GUIDED.sub("", words))
        rest = [c for c in clauses if not _is_formula(c)]
        about = "，".join(rest)
        told = next((c for c in clauses if _STUDIED in c and c not in rest and _STUDY.search(c)), None)
        if told is not None and all(_goes_on(context, c) for c in rest):
            studied = read_subject(context, told).narrow
    subject = read_subject(context, words if about is None else about)
    narrow = (*studied, *(m for m in subject.narrow if m not in studied))
    text, place = one_line(context.document, head), context.document.location(head)
    return Item(text, words, place, narrow, subject.broad, tuple(sorted(subject.own_long)))


def _goes_on(context: CheckContext, clause: str) -> bool:
    """Tell whether a clause behind 学习贯彻习近平法治思想 says how that is done; else it is an arrangement of its own,
    and what stands before it only a formula.
    """
    goes_on, taught = _FOR_WHOM.match(clause) is not None, _STUDY.search(clause) is not None
    if taught and (goes_on or _WHERE.match(clause)):
        return True
    return (goes_on or taught) and not read_subject(context, clause).narrow


def _is_formula(clause: str) -> bool:
    return not clause or (len(clause) <= _LONGEST_FORMULA and _FORMULA.fullmatch(clause) is not None)


def _words(context: CheckContext, item: Span) -> str:
    """Return the words of an item without number mark, and without what stands behind the list in the same section."""
    sentences = context.document.sentences_in(item)
    region = context.parts.region_at(item.start)
    kept: list[str] = []
    for sentence in sentences:
        if context.parts.region_at(sentence.start) == region and not _is_signature(context, sentence):
            words = context.text(sentence).strip("\n").replace("\n", "，")
            kept.append(f"，{words}" if kept and kept[-1][-1:] not in "，。；：！？" else words)
    return mask_numbers(unnumbered("".join(kept)))[:_MOST_WORDS]


def _said(context: CheckContext, naming: frozenset[int]) -> str:
    """Return the text of the year's own work, a sentence a line, without part names and guiding thought."""
    kept: list[str] = []
    for sentence in context.document.sentences:
        if context.parts.region_at(sentence.start) != "own":
            continue
        section = context.outline.section_at(sentence.start)
        start = sentence.start
        if section is not None and section.index in naming:
            start = min(max(start, section.heading.end), sentence.end)
        kept.append(context.text(Span(start, sentence.end)).strip("\n"))
    return mask_numbers(_GUIDED.sub("", "\n".join(filter(None, kept))))[:_MOST_SAID]
