"""Kind ``landmarks``: laws, plans, meetings and names are cited in their time."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date

from validator.checks.context import CheckContext, Verdict
from validator.checks.references import title_key
from validator.document import Span
from validator.facts import years_in
from validator.kinds import LandmarksCheck
from validator.result import Finding
from validator.rule import Landmark, Rule

_INNER = re.compile("[《〈]([^《》〈〉\n]{2,80})[》〉]")
_LOCAL_BEFORE = re.compile(r"[省市县区州旗盟](?:人民政府|政府)?$")
_QUOTES = re.compile("[“”]")
_LOCAL_TITLE = re.compile(r"[^〈《]{1,14}[省市县区州旗盟镇乡局厅委街办]|[^〈《]{1,12}街道")
_NEAR = 36
_LONGEST = 122
"""A cited title is not longer, brackets included."""


def check_landmarks(rule: Rule, check: LandmarksCheck, context: CheckContext) -> Verdict:
    """Pass when nothing is cited out of its time; fail once for each name."""
    year = context.facts.year
    if year is None:
        return Verdict("not_applicable", reason="不知道报告年度")
    findings: dict[str, Finding] = {}
    for span, landmark in sorted(_found(check, context), key=lambda item: item[0]):
        if landmark.name in findings or not _is_out_of_time(check, landmark, year):
            continue
        if not _is_excused(check, context, span, landmark, year):
            findings[landmark.name] = _explain(rule, check, context, span, landmark)
    return Verdict("fail" if findings else "pass", (), tuple(findings.values()))


def _is_out_of_time(check: LandmarksCheck, landmark: Landmark, year: int) -> bool:
    if check.fault == "premature":
        return landmark.citable_from > date(year + 1, 4, 30)
    if landmark.superseded_on is None:
        return False
    last = date(year, 1, 1) if check.fault == "renamed" else date(year, 12, 30)
    return landmark.superseded_on <= last


def _found(check: LandmarksCheck, context: CheckContext) -> list[tuple[Span, Landmark]]:
    """Return where landmarks of the wanted kinds stand; the longest name wins where names overlap."""
    known = context.references.landmarks
    places = [
        (Span(at, at + len(name)), known[name])
        for name, starts in context.hits.items()
        if name in known
        for at in starts
    ]
    places.sort(key=lambda item: (item[0].start, -item[0].end))
    found: list[tuple[Span, Landmark]] = []
    end = -1
    for span, landmark in places:
        if span.end <= end:
            continue
        end = max(end, span.end)
        if landmark.kind not in check.kinds or _is_other_word(check, context, span):
            continue
        of_title = landmark.kind not in check.title_only or "《" in context.text(span) or _is_whole_title(context, span)
        if of_title and not (check.fault == "premature" and _is_local_title(context, span)):
            found.append((span, landmark))
    return found


def _is_other_word(check: LandmarksCheck, context: CheckContext, span: Span) -> bool:
    if check.not_after is None:
        return False
    return context.patterns.compile(check.not_after).match(context.document.text, span.end) is not None


def _is_whole_title(context: CheckContext, span: Span) -> bool:
    """Tell whether a name is all of a title in 《》 or 〈〉, not part of a longer or local one."""
    text = context.document.text
    start = _opened(text, max(0, span.end - _LONGEST), span.start + 1)
    if start < 0 or (title := _INNER.match(text, start)) is None or title.end() < span.end:
        return False
    return title_key(title.group(1)) == title_key(context.text(span)) and not _LOCAL_BEFORE.search(
        text[max(0, start - 8) : start]
    )


def _opened(text: str, start: int, end: int) -> int:
    """Return the offset of the last bracket that opens a title in a range, or -1."""
    return max(text.rfind("《", start, end), text.rfind("〈", start, end))


def _is_local_title(context: CheckContext, span: Span) -> bool:
    """Tell whether a name is part of the title of a local document: 《梧桐区提升行政执法质量三年行动方案》."""
    text = context.document.text
    if not context.is_cited(span.start) or text[span.start] == "《":
        return False
    start = _opened(text, max(0, span.start - _LONGEST), span.start)
    return _LOCAL_TITLE.match(text[start + 1 : span.start]) is not None


def _is_excused(check: LandmarksCheck, context: CheckContext, span: Span, landmark: Landmark, year: int) -> bool:
    """Tell whether an old name is told as history, or a future one as something to come."""
    text = context.document.text
    if context.parts.region_at(span.start) == "furniture":
        return True
    sentence = context.document.sentence_at(span.start)
    near = text[max(sentence.start, span.start - _NEAR) : min(sentence.end, span.end + _NEAR)]
    if context.patterns.any(check.history, near):
        return True
    if landmark.told_as and context.patterns.compile(landmark.told_as).search(context.text(sentence)):
        return True
    if check.fault == "premature":
        return False
    return _last_year_told(context, sentence, span.start) not in (None, year, year + 1)


def _last_year_told(context: CheckContext, sentence: Span, offset: int) -> int | None:
    """Return the year that the sentence gives before an offset (2016年通过司法考试), outside titles and brackets."""
    text = context.text(sentence)
    told = [
        (start, year)
        for year, start, _ in years_in(text)
        if start < offset - sentence.start and not context.is_cited(sentence.start + start)
    ]
    index = bisect_right(told, (offset - sentence.start, 0)) - 1
    return told[index][1] if index >= 0 else None


def _explain(rule: Rule, check: LandmarksCheck, context: CheckContext, span: Span, landmark: Landmark) -> Finding:
    name = context.text(span)
    unsure = "（日期据记忆，请核对。）" if landmark.verification == "memory" else ""
    if check.fault == "premature":
        message = f"“{name}”在{_day(landmark.citable_from)}才有，这份报告不可能引用。{unsure}"
        return context.finding(rule, "fail", message=message, at=span)
    when = _day(landmark.superseded_on) if landmark.superseded_on else ""
    now = f"，现为“{_QUOTES.sub('', landmark.superseded_by)}”" if landmark.superseded_by else ""
    message = f"“{name}”自{when}起不再使用{now}。{unsure}"
    return context.finding(rule, "fail", message=message, at=span, suggestion=landmark.superseded_by)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
