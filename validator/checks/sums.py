"""Kind ``sums``: a total and its listed parts add up; where they do not, the sum is worked out for the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from validator.checks.context import CheckContext, Verdict
from validator.document import Span
from validator.kinds import SumsCheck
from validator.nlp.quantities import Quantity, read_quantity
from validator.rule import Rule

_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万两]+[余多]?[万亿]?[\u4e00-\u9fff]")
_NEW_TOTAL = re.compile("(?:全年|今年|年内)?(?:累计|共计?|总计|合计|总共)")
_LEAST_SHARE, _MOST_SHARE = Decimal("0.6"), Decimal("1.7")
"""A list whose sum is far from the number before it was not meant to exhaust it."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A quantity of a passage with its place, the clause it stands in, and the depth of brackets round it."""

    quantity: Quantity
    span: Span
    clause: str
    bracket: int


@dataclass(frozen=True, slots=True)
class _List:
    """A total with the parts listed for it. ``sure``: a word such as 其中 introduces them."""

    total: _Number
    parts: tuple[_Number, ...]
    sure: bool

    @property
    def sum(self) -> Decimal:
        """The sum of the parts."""
        return sum((p.quantity.value for p in self.parts), Decimal(0))

    @property
    def is_right(self) -> bool:
        """Tell whether the parts add up, as far as their roundings tell."""
        numbers = (self.total, *self.parts)
        slack = sum((n.quantity.step for n in numbers if n.quantity.step > 1), Decimal(0)) / 2
        return abs(self.sum - self.total.quantity.value) <= slack

    @property
    def is_exact(self) -> bool:
        """Tell whether every number is given exactly (no 余, 近)."""
        return all(n.quantity.exact for n in (self.total, *self.parts))


def check_sums(rule: Rule, check: SumsCheck, context: CheckContext) -> Verdict:
    """Pass when every list adds up; review with the sum worked out; na without a total that has parts."""
    right: list[_List] = []
    wrong: dict[Span, _List] = {}
    for passage in _passages(check, context):
        for found in _lists(check, context, passage):
            if found.is_right:
                right.append(found)
                wrong.pop(found.total.span, None)
            elif found.is_exact and found.total.span not in {r.total.span for r in right}:
                wrong.setdefault(found.total.span, found)
    if wrong:
        findings = tuple(
            context.finding(rule, "review", message=_work_out(w), at=_extent(context, w)) for w in wrong.values()
        )
        return Verdict("review", (), findings)
    if right:
        return Verdict("pass", tuple(context.evidence(_extent(context, r)) for r in right[:4]))
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
    """Return passages (up to 。, two where the second goes on with the first) that may hold a total with parts."""
    text = context.document.text
    found: list[Span] = []
    for paragraph in context.document.paragraphs:
        if paragraph.furniture or context.parts.region_at(paragraph.start) == "front":
            continue
        start = paragraph.start
        ends = [m.end() for m in re.finditer("[。！？]", text[paragraph.start : paragraph.end])]
        stops = [paragraph.start + e for e in ends]
        if not stops or stops[-1] < paragraph.end:
            stops.append(paragraph.end)
        for index, stop in enumerate(stops):
            whole = Span(start, stops[min(index + 1, len(stops) - 1)])
            following = text[stop : whole.end]
            goes_on = any(context.patterns.compile(f"^(?:{m})").search(following) for m in check.markers)
            span = whole if goes_on else Span(start, stop)
            if len(_NUMBER.findall(text, span.start, span.end)) >= 3:
                found.append(span)
            start = stop
    return found


def _numbers(check: SumsCheck, context: CheckContext, passage: Span) -> list[_Number]:
    """Return the quantities of a passage that can be totals or parts, in order."""
    text = context.document.text
    found = []
    for entity in context.entities(passage):
        if entity.label != "QUANTITY":
            continue
        words = text[entity.start : entity.end]
        before = text[max(passage.start, entity.start - 4) : entity.start]
        quantity = read_quantity(words, before)
        clause_start = max(text.rfind(mark, passage.start, entity.start) for mark in "，；。：（、") + 1
        clause = text[max(clause_start, passage.start) : entity.start]
        if quantity is None or re.search("[第等每]$", before) or context.patterns.any(check.compared, clause):
            continue
        if re.match("以[上下内]|左右", text[entity.end : entity.end + 2]):
            continue
        inside = text[passage.start : entity.start]
        depth = entity.start - inside[::-1].index("（") if inside.count("（") > inside.count("）") else 0
        found.append(_Number(quantity, Span(entity.start, entity.end), clause, depth))
    return found


def _lists(check: SumsCheck, context: CheckContext, passage: Span) -> list[_List]:
    """Return the totals of a passage with their parts: after a marker, and directly after a stated total."""
    numbers = _numbers(check, context, passage)
    text = context.document.text
    found: list[_List] = []
    marked = sorted(
        passage.start + m.start()
        for pattern in check.markers
        for m in context.patterns.compile(pattern).finditer(text[passage.start : passage.end])
    )
    for index, at in enumerate(marked):
        end = next((m for m in marked[index + 1 :] if m > at), passage.end)
        found += _marked_lists(check, context, numbers, at, _list_end(text, at, end))
    if numbers:
        found += _direct_lists(check, context, numbers, marked)
    return found


def _list_end(text: str, at: int, end: int) -> int:
    """A list ends with its sentence, or with the bracket it stands in."""
    stops = [s for s in (text.find("。", at, end),) if s > 0]
    opened = text.rfind("（", max(0, at - 60), at)
    if opened > text.rfind("）", max(0, at - 60), at):
        closed = text.find("）", at, end)
        stops += [closed] if closed > 0 else []
    return min(stops, default=end)


def _marked_lists(check: SumsCheck, context: CheckContext, numbers: list[_Number], at: int, end: int) -> list[_List]:
    found = []
    depth = max((n.bracket for n in numbers if at <= n.span.start < end), default=0)
    after = [n for n in numbers if at <= n.span.start < end and n.bracket in (0, depth)]
    if any(n.bracket == 0 for n in after) and depth:
        after = [n for n in after if n.bracket == 0]
    for unit in dict.fromkeys(n.quantity.unit for n in after):
        before = [n for n in numbers if n.span.start < at and n.quantity.unit == unit]
        before = [n for n in before if n.bracket == 0] or before
        parts = [n for n in after if n.quantity.unit == unit]
        parts = _until_new_total(check, context, parts)
        if not before or len(parts) < 2:
            continue
        candidate = _adding_up(before[-1], parts) or _List(before[-1], tuple(parts), sure=True)
        if _is_meant(check, context, candidate):
            found.append(candidate)
    return found


def _adding_up(total: _Number, parts: list[_Number]) -> _List | None:
    """Return the first of the parts, two or more, that add up: what follows them is of something else."""
    for count in range(2, len(parts) + 1):
        found = _List(total, tuple(parts[:count]), sure=True)
        if found.is_right:
            return found
    return None


def _until_new_total(check: SumsCheck, context: CheckContext, parts: list[_Number]) -> list[_Number]:
    """Cut a list where a clause states a total or an act of its own (…，共开展宣传12场)."""
    for index, part in enumerate(parts):
        if index and (_NEW_TOTAL.match(part.clause) or context.patterns.any(check.activity, part.clause)):
            return parts[:index]
    return parts


def _direct_lists(check: SumsCheck, context: CheckContext, numbers: list[_Number], marked: list[int]) -> list[_List]:
    """Return lists that follow their total without a word between them."""
    found = []
    text = context.document.text
    for index, total in enumerate(numbers):
        stop = next((m for m in marked if m > total.span.start), None)
        sentence_end = text.find("。", total.span.start)
        parts: list[_Number] = []
        for number in numbers[index + 1 :]:
            far = (stop is not None and number.span.start > stop) or 0 <= sentence_end < number.span.start
            if far or number.bracket != total.bracket:
                break
            if number.quantity.unit == total.quantity.unit:
                if context.patterns.any(check.activity, number.clause) or context.patterns.any(
                    check.total, number.clause
                ):
                    break
                parts.append(number)
                candidate = _List(total, tuple(parts), sure=False)
                if len(parts) >= 2 and candidate.is_right:
                    break
        if len(parts) < 2 or not context.patterns.any(check.total, total.clause):
            continue
        candidate = _List(total, tuple(parts), sure=False)
        if _is_meant(check, context, candidate):
            found.append(candidate)
    return found


def _is_meant(check: SumsCheck, context: CheckContext, found: _List) -> bool:
    """Tell whether the parts are meant to exhaust the total: they add up, or nearly, and exclude each other."""
    if found.is_right:
        return True
    total = found.total.quantity.value
    if total <= 0 or not _LEAST_SHARE <= found.sum / total <= _MOST_SHARE:
        return False
    if not found.sure and len(found.parts) < 3:
        return False
    return not any(context.patterns.any(check.overlapping, p.clause) for p in found.parts)
