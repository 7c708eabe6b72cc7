"""Kind ``same_measure``: one measure is not given two values."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from validator.checks.context import CheckContext, Verdict
from validator.document import Span, describe_line
from validator.facts import years_in
from validator.kinds import SameMeasureCheck
from validator.nlp.quantities import Quantity, read_quantity
from validator.rule import Rule

_VALUE = r"(?<![\d.,])([\d,.]{1,14}|[一二三四五六七八九十百千]{1,9})[余多万]{0,2}"
_MOST_SENTENCES = 1000
"""So many sentences with numbers are read, a hundred times what a report has; further ones are left to a person.

The pipeline reads each, so a text of nothing else would take many times as long as any report.
"""
_MOST_FILLERS = 8
"""No more of 共, 达到, 约 stand before a number; a hostile text may have nothing else."""
_NAMED = re.compile(
    rf"([\u4e00-\u9fff]{{4}}?)(?:共|达到?|了|计|总计|为|超过?|近|约|合计|累计){{0,{_MOST_FILLERS}}}{_VALUE}([\u4e00-\u9fff%])"
)
_REVERSED = re.compile(rf"{_VALUE}([\u4e00-\u9fff])([\u4e00-\u9fff]{{4}})")
_HAN = re.compile(r"[\u4e00-\u9fff]+$")
_HAN_AFTER = re.compile(r"[\u4e00-\u9fff]+")
_SUBJECT = 4
"""A subject of four characters and more names a body; a shorter one (厅机关) does not say whose it is."""
_BREAKS = "，；：。、（）\n"
_TAIL = re.compile(r"(?:共计?|达到?|了|总计|合计|累计|为|超过?|近|约|有|是|数量?|总数|逾|计)+$")


@dataclass(frozen=True, slots=True)
class _Measure:
    """A named quantity and where it stands. ``subject``: whose it is, as far as the clause says."""

    name: str
    subject: str
    quantity: Quantity
    span: Span

    @property
    def body(self) -> str:
        """The body whose measure it is; empty where the subject is too short to say."""
        return self.subject if len(self.subject) >= _SUBJECT else ""


def check_same_measure(rule: Rule, check: SameMeasureCheck, context: CheckContext) -> Verdict:
    """Pass without contradiction; review once for each measure with two values, both shown."""
    by_name: dict[tuple[str, str], list[_Measure]] = defaultdict(list)
    nominated = _nominated(context)
    for sentence in nominated[:_MOST_SENTENCES]:
        for measure in _measures(check, context, sentence):
            by_name[(measure.name, measure.quantity.unit)].append(measure)
    findings = []
    for (name, unit), found in by_name.items():
        pair = _contradiction(found)
        if pair is None:
            continue
        first, second = pair
        a, b = (context.document.excerpt(m.span) for m in pair)
        line = describe_line(context.document.location(first.span))
        message = f"“{name}”前后不一致：{line}写{a}，这里写{b}，请核对。"
        findings.append(context.finding(rule, "review", message=message, at=second.span, sought=f"{name}（{unit}）"))
    if len(nominated) > _MOST_SENTENCES:
        message = f"写有不同数值的句子超过{_MOST_SENTENCES}句，从这里起没有比对，请人工核对。"
        findings.append(context.finding(rule, "review", message=message, at=nominated[_MOST_SENTENCES]))
    return Verdict("review" if findings else "pass", (), tuple(findings))


def _contradiction(found: list[_Measure]) -> tuple[_Measure, _Measure] | None:
    """Return the first two statements of a measure that cannot both be right.

    What contradicts a number most is the smallest or the largest one of the same body and kind: only these are
    compared with each statement, so that thousands of them are not compared with each other.
    """
    extremes: dict[str | None, dict[tuple[bool, Decimal], tuple[Quantity, Quantity]]] = defaultdict(dict)
    for measure in found:
        new = measure.quantity
        for kinds in (extremes[measure.body], extremes[None]):
            low, high = kinds.get((new.exact, new.step), (new, new))
            kinds[new.exact, new.step] = (
                new if new.value < low.value else low,
                new if new.value > high.value else high,
            )
    for index, first in enumerate(found):
        compared = (first.body, "") if first.body else (None,)
        most = (q for body in compared for pair in extremes[body].values() for q in pair)
        if any(_contradict(first.quantity, q) for q in most):
            return first, next(
                second
                for second in found[index + 1 :]
                if not (first.body and second.body and first.body != second.body)
                and _contradict(first.quantity, second.quantity)
            )
    return None


def _contradict(a: Quantity, b: Quantity) -> bool:
    """Tell whether two values of one measure cannot both be right, as far as their roundings tell."""
    low, high = sorted((a.value, b.value))
    rounded = not (a.exact and b.exact) and (high - low) * 4 <= high
    return low != high and not rounded and high - low > (a.step + b.step) / 2 - 1


def _nominated(context: CheckContext) -> list[Span]:
    """Return the sentences of own work whose words before or after a number stand with another number elsewhere."""
    text = context.document.text
    seen: dict[str, set[str]] = defaultdict(set)
    places: dict[str, list[int]] = defaultdict(list)
    for hit in _NAMED.finditer(text):
        key = f"{hit.group(1)}|{hit.group(3)}"
        seen[key].add(hit.group(2))
        places[key].append(hit.start())
    for hit in _REVERSED.finditer(text):
        key = f"{hit.group(3)}|{hit.group(2)}"
        seen[key].add(hit.group(1))
        places[key].append(hit.start())
    wanted = {at for key, values in seen.items() if len(values) > 1 for at in places[key]}
    spans = {context.document.sentence_at(at) for at in wanted if context.parts.region_at(at) == "own"}
    return sorted(spans)


def _measures(check: SameMeasureCheck, context: CheckContext, sentence: Span) -> list[_Measure]:
    text = context.document.text
    if any(year != context.facts.year for year, *_ in years_in(context.text(sentence))):
        return []
    found = []
    whose = ""
    for entity in context.entities(sentence):
        if entity.label not in ("QUANTITY", "PERCENT"):
            continue
        quantity = read_quantity(text[entity.start : entity.end], text[max(0, entity.start - 3) : entity.start])
        subject, name = _name(check, context, sentence, Span(entity.start, entity.end))
        whose = subject or whose  # a later clause goes on with the subject of the sentence
        if context.patterns.any(check.scope, text[sentence.start : entity.end]):
            continue
        if quantity is not None and len(name) >= check.least:
            found.append(_Measure(name, whose, quantity, Span(entity.start, entity.end)))
    return found


def _name(check: SameMeasureCheck, context: CheckContext, sentence: Span, span: Span) -> tuple[str, str]:
    """Return subject and name of a measure: the words before its number in the clause, or those after it."""
    text = context.document.text
    start = max(text.rfind(mark, sentence.start, span.start) for mark in _BREAKS) + 1
    before = _HAN.search(text[max(start, sentence.start) : span.start])
    name = _TAIL.sub("", before.group()) if before else ""
    leads = list(context.patterns.compile(check.lead).finditer(name))
    subject, name = (name[: leads[-1].start()], name[leads[-1].end() :]) if leads else ("", name)
    after = _HAN_AFTER.match(text, span.end, sentence.end)
    if len(name) >= 2:
        return subject, name if not after else f"{name}·{after.group()}"
    return subject, after.group() if after else ""
