"""Kind ``sums``: a total and its listed parts add up; where they do not, the sum is worked out for the reader."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.facts import years_in
from validator.kinds import SumsCheck
from validator.nlp.quantities import Quantity, read_quantity
from validator.rule import Rule

_CLAUSE = re.compile("[，；。：（、]")
_BRACKETS = re.compile("（[^（）]*）")
_STOP = re.compile("[。！？]")
_ITEM = r"[^，。；、\d]{1,16}[\d,]{1,12}[\u4e00-\u9fff]{1,2}"
_ONLY_LIST = re.compile(rf"(?:{_ITEM}[，、；])*{_ITEM}。?")
"""A sentence that only lists: 县直部门429名，乡镇209名。"""
_NUMBER = re.compile(
    r"(?<![\d一二三四五六七八九十百千万两])[\d一二三四五六七八九十百千万两]{1,14}[余多]?[万亿]?([\u4e00-\u9fff])"
)
_NEW_TOTAL = re.compile("(?:全年|今年|年内)?(?:累计|共计?|总计|合计|总共)")
_MOST_PARTS = 24
_LONGEST = 1200
"""No passage is read further than this many characters: a hostile text may have no 。 at all."""
_MOST_PASSAGES = 1000
"""So many passages with numbers are read, ten times what a long report has; further ones are left to a person.

The pipeline reads each, so a text of nothing else would take many times as long as any report.
"""
_MOST_NUMBERS = 100
"""A passage with more numbers is left to a person too: each number may be a total of those behind it."""
_LEAST_SHARE, _MOST_SHARE = Decimal("0.6"), Decimal("1.7")
"""A list whose sum is far from the number before it was not meant to exhaust it."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A quantity of a passage with its place and the words before it in its clause.

    ``bracket`` is the text offset behind the opening bracket that it stands in, 0 outside brackets. ``apart``: its
    clause states an act or a total of its own, so that it is no part of a list that follows a total directly.
    """

    quantity: Quantity
    span: Span
    clause: str
    bracket: int
    apart: bool


@dataclass(frozen=True, slots=True)
class _List:
    """A total with the parts listed for it."""

    total: _Number
    parts: tuple[_Number, ...]

    @property
    def sum(self) -> Decimal:
        """The sum of the parts."""
        return sum((p.quantity.value for p in self.parts), Decimal(0))

    @property
    def is_right(self) -> bool:
        """Tell whether the parts add up, as far as their roundings tell (300余 and a sum of 305 agree)."""
        if not all(p.quantity.exact for p in self.parts):
            return False
        slack = sum((_slack(p.quantity) for p in self.parts), Decimal(0))
        return _agree(self.total.quantity, self.sum, slack)

    @property
    def is_exact(self) -> bool:
        """Tell whether every number is given exactly (no 余, 近)."""
        return all(n.quantity.exact for n in (self.total, *self.parts))


def _slack(quantity: Quantity) -> Decimal:
    """Return how far a rounded number may be off."""
    return quantity.step / 2 if quantity.step > 1 else Decimal(0)


def _agree(total: Quantity, summed: Decimal, slack: Decimal) -> bool:
    """Tell whether a sum of exact parts, which may be off by ``slack``, is the total."""
    if not total.exact:
        return abs(summed - total.value) * 10 <= total.value
    return abs(summed - total.value) <= slack + _slack(total)


def check_sums(rule: Rule, check: SumsCheck, context: CheckContext) -> Verdict:
    """Pass when every list adds up; review with the sum worked out; na without a total that has parts."""
    right: list[_List] = []
    settled: set[Span] = set()
    wrong: dict[Span, _List] = {}
    passages = _passages(check, context)
    unread = passages[_MOST_PASSAGES:]
    for passage in passages[:_MOST_PASSAGES]:
        numbers = _numbers(check, context, passage)
        if len(numbers) > _MOST_NUMBERS:
            unread.append(passage)
            continue
        for found in _lists(check, context, passage, numbers):
            if found.is_right:
                right.append(found)
                settled.add(found.total.span)
                wrong.pop(found.total.span, None)
            elif found.is_exact and found.total.span not in settled:
                wrong.setdefault(found.total.span, found)
    findings = [context.finding(rule, "review", message=_work_out(w), at=_extent(context, w)) for w in wrong.values()]
    if unread:
        message = f"数字太多，有{len(unread)}处没有核对，这是第一处，请人工核对。"
        findings.append(context.finding(rule, "review", message=message, at=min(unread)))
    if findings:
        return Verdict("review", (), tuple(findings))
    if right:
        extents = dict.fromkeys(_extent(context, r) for r in right)
        return Verdict("pass", tuple(context.evidence(e) for e in list(extents)[:4]))
    return Verdict("not_applicable", reason="没有列出分项的总数")


def _extent(context: CheckContext, found: _List) -> Span:
    return Span(context.clause_at(found.total.span.start).start, found.parts[-1].span.end)


def _work_out(found: _List) -> str:
    total, unit = found.total.quantity.value, found.total.quantity.unit
    terms = "＋".join(_say(p.quantity.value) for p in found.parts)
    gap = found.sum - total
    said = f"多{_say(gap)}" if gap > 0 else f"少{_say(-gap)}"
    return f"总数写{_say(total)}{unit}，分项{terms}＝{_say(found.sum)}{unit}，合计比总数{said}{unit}，请核对。"


def _say(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _passages(check: SumsCheck, context: CheckContext) -> list[Span]:
    """Return passages that may hold a total with parts: up to 。, and on where the next sentence lists on."""
    text = context.document.text
    opens = [context.patterns.compile(f"(?:{m})") for m in check.markers]
    found: list[Span] = []
    for paragraph in context.document.paragraphs:
        if paragraph.furniture or context.parts.region_at(paragraph.start) == "front":
            continue
        stops = [m.end() for m in _STOP.finditer(text, paragraph.start, paragraph.end)]
        if not stops or stops[-1] < paragraph.end:
            stops.append(paragraph.end)
        start = paragraph.start
        for index, stop in enumerate(stops):
            end = stop
            for following in stops[index + 1 : index + 3]:
                if not any(o.match(text, end, following) for o in opens) and not _ONLY_LIST.fullmatch(
                    text, end, following
                ):
                    break
                end = following
            if _may_list(text, start, min(end, start + _LONGEST), opens):
                found.append(Span(start, min(end, start + _LONGEST)))
            start = stop
    return found


def _may_list(text: str, start: int, end: int, opens: list[re.Pattern[str]]) -> bool:
    """Tell whether a passage has three numbers of one unit, as a total and its parts would be."""
    units = Counter(_NUMBER.findall(text, start, end))
    least = 3 if not any(o.search(text, start, end) for o in opens) else 2
    return sum(units.values()) >= 3 and max(units.values()) >= least


def _numbers(check: SumsCheck, context: CheckContext, passage: Span) -> list[_Number]:
    """Return the quantities of a passage that can be totals or parts, in order."""
    text = context.document.text
    found = []
    for entity in context.entities(passage):
        words = text[entity.start : entity.end]
        alone = entity.label == "FORMULA" and len(words) == 2 and text[entity.end : entity.end + 1] in "、，；。）"
        if entity.label != "QUANTITY" and not alone:
            continue
        before = text[max(passage.start, entity.start - 4) : entity.start]
        quantity = read_quantity(words, before)
        clause = _CLAUSE.split(_BRACKETS.sub("", text[passage.start : entity.start]))[-1]
        if quantity is None or re.search("[第等每]$", before) or context.patterns.any(check.compared, clause):
            continue
        other_year = any(year != context.facts.year for year, *_ in years_in(clause))
        if other_year or re.match("以[上下内]|左右", text[entity.end : entity.end + 2]):
            continue
        opened = text.rfind("（", passage.start, entity.start)
        closed = text.rfind("）", passage.start, entity.start)
        apart = context.patterns.any((*check.activity, *check.total), clause) is not None
        bracket = opened + 1 if opened > closed else 0
        found.append(_Number(quantity, Span(entity.start, entity.end), clause, bracket, apart))
    return found


def _lists(check: SumsCheck, context: CheckContext, passage: Span, numbers: list[_Number]) -> list[_List]:
    """Return the totals of a passage with their parts: after a marker, in brackets, and directly after a total."""
    if len(numbers) < 3:
        return []
    text = context.document.text
    marked = sorted(
        {
            passage.start + m.start()
            for pattern in check.markers
            for m in context.patterns.compile(pattern).finditer(text[passage.start : passage.end])
        }
    )
    found: list[_List] = []
    for index, at in enumerate(marked):
        end = marked[index + 1] if index + 1 < len(marked) else passage.end
        found += _marked_lists(check, context, numbers, at, _list_end(text, at, end, end))
    found += _bracket_lists(check, context, numbers)
    found += _direct_lists(check, context, passage, numbers, marked)
    return found


def _list_end(text: str, at: int, end: int, far: int) -> int:
    """A list ends with its sentence, unless the next sentence only lists on; or with the bracket it stands in.

    What ends beyond ``far`` ends far enough: the text is not searched from there on.
    """
    beyond = far if far < end else -1
    stop = text.find("。", at, min(end, far))
    stop = stop if stop >= 0 else beyond
    while 0 <= stop < min(end - 1, far) and _ONLY_LIST.fullmatch(text, stop + 1, _next_stop(text, stop + 1, end)):
        stop = _next_stop(text, stop + 1, end) - 1
    opened = text.rfind("（", max(0, at - 60), at)
    if opened > text.rfind("）", max(0, at - 60), at):
        closed = text.find("）", at, min(end, far))
        closed = closed if closed >= 0 else beyond
        stop = closed if closed > 0 else stop
    return stop if stop >= 0 else end


def _next_stop(text: str, start: int, end: int) -> int:
    found = _STOP.search(text, start, end)
    return found.end() if found else end


def _marked_lists(check: SumsCheck, context: CheckContext, numbers: list[_Number], at: int, end: int) -> list[_List]:
    """Return the lists that a marker introduces, one for each unit: its total is the nearest number before."""
    after = [n for n in numbers if at <= n.span.start < end]
    outside = [n for n in after if n.bracket == 0]
    found = []
    for unit in dict.fromkeys(n.quantity.unit for n in outside or after):
        parts = [n for n in outside or after if n.quantity.unit == unit]
        before = [n for n in numbers if n.span.start < at and n.quantity.unit == unit]
        before = [n for n in before if n.bracket == 0] or before
        if before:
            found += _listed(check, context, before[-1], parts)
    return found


def _bracket_lists(check: SumsCheck, context: CheckContext, numbers: list[_Number]) -> list[_List]:
    """Return the lists in brackets right after their total: 480次（日常检查300次、专项检查180次）."""
    found = []
    for total in numbers:
        parts = [n for n in numbers if n.bracket == total.span.end + 1 and n.quantity.unit == total.quantity.unit]
        found += _listed(check, context, total, parts)
    return found


def _listed(check: SumsCheck, context: CheckContext, total: _Number, parts: list[_Number]) -> list[_List]:
    """Return a total with the parts introduced for it, if they are meant to exhaust it."""
    if len(parts) < 2:
        return []
    candidate = _adding_up(total, parts) or _List(total, _until_new_total(check, context, parts))
    return [candidate] if len(candidate.parts) >= 2 and _is_meant(check, context, candidate) else []


def _adding_up(total: _Number, parts: list[_Number]) -> _List | None:
    """Return the first of the parts, two or more, that add up: what follows them is of something else."""
    summed = slack = Decimal(0)
    for count, part in enumerate(parts[:_MOST_PARTS], 1):
        if not part.quantity.exact:
            return None
        summed += part.quantity.value
        slack += _slack(part.quantity)
        if count > 1 and _agree(total.quantity, summed, slack):
            return _List(total, tuple(parts[:count]))
    return None


def _until_new_total(check: SumsCheck, context: CheckContext, parts: list[_Number]) -> tuple[_Number, ...]:
    """Cut a list where a clause states a total or an act of its own (…，共开展宣传12场)."""
    acts = context.patterns.any(check.activity, parts[0].clause) is not None
    for index, part in enumerate(parts[1:], 1):
        if _NEW_TOTAL.match(part.clause) or (not acts and context.patterns.any(check.activity, part.clause)):
            return tuple(parts[:index])
    return tuple(parts)


def _direct_lists(
    check: SumsCheck, context: CheckContext, passage: Span, numbers: list[_Number], marked: list[int]
) -> list[_List]:
    """Return lists that follow their total without a word between them."""
    found = []
    text = context.document.text
    for index, total in enumerate(numbers):
        stop = next((m for m in marked if m > total.span.start), None)
        end = _list_end(text, total.span.start, len(text), passage.end) if index + 1 < len(numbers) else total.span.end
        following: list[_Number] = []
        for number in numbers[index + 1 :]:
            if (stop is not None and number.span.start > stop) or number.span.start > end:
                break
            if number.bracket == total.bracket and number.quantity.unit == total.quantity.unit:
                following.append(number)
        stated = context.patterns.any(check.total, total.clause) is not None
        exact = _adding_up(total, following)
        if exact is not None and (len(exact.parts) > 2 or stated):
            found.append(exact)
            continue
        head = total.clause[-2:]
        parts = _parallel(following, head)
        apart = text[total.span.end : total.span.end + 1] == "。"
        if len(parts) >= (2 if apart else 3) and (stated or all(p.clause.endswith(head) for p in parts)):
            candidate = _List(total, tuple(parts))
            found += [candidate] if _is_meant(check, context, candidate) else []
    return found


def _parallel(numbers: list[_Number], head: str) -> list[_Number]:
    """Return the numbers up to the first that is an act or a total of its own, or leaves the noun the others share."""
    parts: list[_Number] = []
    shared = bool(numbers) and len(head) == 2 and numbers[0].clause.endswith(head)
    for number in numbers:
        if number.apart if not shared else not number.clause.endswith(head):
            break
        parts.append(number)
    return parts


def _is_meant(check: SumsCheck, context: CheckContext, found: _List) -> bool:
    """Tell whether the parts are meant to exhaust the total: they add up, or nearly, and exclude each other."""
    if found.is_right:
        return True
    total = found.total.quantity.value
    if total <= 0 or not _LEAST_SHARE <= found.sum / total <= _MOST_SHARE:
        return False
    return not any(context.patterns.any(check.overlapping, p.clause) for p in found.parts)
