"""Find what may be a heading or a list mark: at the start of paragraphs, inside them, and without any number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from validator.document import Document, Paragraph, Span
from validator.outline.numerals import SERIES, Mark, Scheme, match_mark, read_number
from validator.outline.tree import SeriesMark

TitleTest = Callable[[str], bool]

HEADING_LIMIT = 48
_TITLE_END = re.compile(r"[。；：！？\n]")
_SERIES_START = re.compile(r"(?<=.)(?:一是|一要|首先，|第一，|一方面)")
_YEAR_OPENING = re.compile(r"(?<=.{4})(?=20\d\d年[，度以来]|今年以来|一年来，)")
_ITEM_REFERENCE = re.compile(r"[第之款条]$")
_BOUNDARY = "。；：！？"
_SENTENCE_LIKE = re.compile(
    r"[。！？：，；]$|报告如下|汇报如下|特此报告|^\d{4}年\d{1,2}月|^二[〇零]..年.{1,3}月|^[（〔].*[）〕]$|^(?:各|中共|市委|区委|县委|省委).*[：:]$"
    r"|^(?:联系人|联系电话|附|注|抄送|抄报|签发|主送)|.{0,30}[。；].|^\d|[号]$|^图|图为|[（](?:摄|供图)|以上报告|报告完毕|此页无正文"
)
_TITLE_NOUN = re.compile(r"(?:报告|总结|汇报)$|(?:法治政府|法治[^，]{0,4}建设|依法行政|法治工作).{0,8}情况$")
_NOUN_END = re.compile(
    r"^(?!虽然|但|还|仍|同时)[^。，；]*(?:问题|不足|原因|差距|短板|举措|措施|成效|情况|安排|打算|计划|思路|职责|做法|要点|重点)$"
)
_SLOGAN = re.compile(r"[\u4e00-\u9fff]{4,9}，[\u4e00-\u9fff]{4,10}。(?=.)")
_ORGAN_NAME = re.compile(r"(?:[院所站社校馆队署厅局委办街镇乡县区市省]|公司|集团|海关|开发区|监狱)(?:\d{4}年.*)?$")
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")
_SIGNATURE = re.compile(
    r"^(?:中共)?.{2,26}(?:[省市区县州旗盟]委|党组|人民政府|办事处|委员会|工委|党委|局|办公室|管委会|厅|镇政府|区政府|县政府|市政府|中心|支队|大队)(?:\d{4}年.*)?$"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a heading: its mark (if numbered), its title and where the heading ends."""

    scheme: Scheme
    value: int | None
    start: int
    title_start: int
    title_end: int
    end: int
    run_in: bool
    paragraph: int
    hint: int = 0


def find_candidates(document: Document, is_part: TitleTest) -> list[Candidate]:
    """Return numbered heading candidates in text order, the inline ones checked for sequence."""
    found: list[Candidate] = []
    packed = is_packed(document)
    for index, paragraph in enumerate(document.paragraphs):
        if paragraph.furniture:
            continue
        marks = _marks_in(document, paragraph, packed)
        for position, mark in enumerate(marks):
            limit = marks[position + 1].start if position + 1 < len(marks) else paragraph.end
            found.append(_candidate(document.text, mark, limit, index, paragraph, packed, is_part))
    return found


def is_packed(document: Document) -> bool:
    """Tell whether the line breaks of a report were lost: long text in hardly any paragraphs."""
    body = [p for p in document.paragraphs if not p.furniture]
    return bool(body) and len(document.text) > 300 and len(document.text) / len(body) > 350


def _marks_in(document: Document, paragraph: Paragraph, packed: bool) -> list[Mark]:
    """Number marks at the start of a paragraph and, in sequence, after sentence ends inside it."""
    text = document.text
    marks: list[Mark] = []
    first = match_mark(text, paragraph.start)
    if first is not None:
        marks.append(first)
    last: dict[Scheme, int] = {first.scheme: first.value} if first else {}
    offset = first.end if first else paragraph.start + 1
    while offset < paragraph.end:
        mark = match_mark(text, offset) if _may_start(text[offset]) else None
        if mark is None or mark.end >= paragraph.end:
            offset += 1
            continue
        if _is_inline_mark(document, mark, last, marks, packed):
            marks.append(mark)
            last = {s: v for s, v in last.items() if _rank(s) <= _rank(mark.scheme)} | {mark.scheme: mark.value}
        offset = mark.end
    return marks


def _rank(scheme: Scheme) -> int:
    from validator.outline.numerals import RANKS

    return RANKS.get(scheme, 9)


def _may_start(character: str) -> bool:
    return character in "第一二三四五六七八九十（〔" or character.isdigit() or "①" <= character <= "⑳"


def _is_inline_mark(document: Document, mark: Mark, last: dict[Scheme, int], marks: list[Mark], packed: bool) -> bool:
    """An inline mark must follow its predecessor and stand after a sentence end (or where a line break was lost)."""
    text, start = document.text, mark.start
    before = text[start - 1]
    follows = mark.value == last.get(mark.scheme, 0) + 1
    if not follows or _ITEM_REFERENCE.search(text[max(start - 1, 0) : start]) or text[mark.end] in "项款条、，。":
        return False
    if mark.scheme == "arabic" and before.isdigit():
        return False
    if before in _BOUNDARY:
        return mark.scheme != "dun" or packed
    if not packed:
        return False
    after_heading = bool(marks) and _rank(marks[-1].scheme) < _rank(mark.scheme) and start - marks[-1].end < 40
    return before not in "，、" and (start in document.gaps or after_heading or mark.scheme in ("dun", "chapter"))


def _candidate(
    text: str, mark: Mark, limit: int, index: int, paragraph: Paragraph, packed: bool, is_part: TitleTest
) -> Candidate:
    start, stop = mark.end, min(limit, paragraph.end)
    found = _TITLE_END.search(text, start, stop)
    end = found.start() if found else stop
    series = _SERIES_START.search(text, start, min(end, start + 60))
    if series and series.start() - start >= 4:
        end = series.start()
    if packed or end - start > HEADING_LIMIT:
        end = _cut_long(text, start, end, packed, is_part)
    after = end + 1 if end < stop and text[end] in "。；：！？" else end
    return Candidate(mark.scheme, mark.value, mark.start, start, end, after, after < stop, index, paragraph.hint)


def _cut_long(text: str, start: int, end: int, packed: bool, is_part: TitleTest) -> int:
    """Cut a title that runs on: before an opening such as 2023年，, or at the first comma."""
    opening = _YEAR_OPENING.search(text, start + 4, min(end, start + 60))
    if opening:
        return opening.start()
    comma = text.find("，", start, end)
    if packed and comma > 0 and comma - start <= HEADING_LIMIT:
        for stop in range(start + 4, comma):
            if is_part(text[start:stop]) and not is_part(text[start : stop + 1]):
                break
        second = text.find("，", comma + 1, end)
        return second if 0 < second - start <= 30 and not is_part(text[start:comma]) else comma
    if end - start <= HEADING_LIMIT:
        return end
    return comma if 0 < comma - start <= HEADING_LIMIT else min(end, start + HEADING_LIMIT)


def find_unnumbered(
    document: Document, numbered: Sequence[Candidate], front_end: int, is_part: TitleTest
) -> list[Candidate]:
    """Return lines without a number that stand like headings beside the numbered ones.

    A slogan that runs on into its paragraph (严把程序，规范执法。…) is one only where numbered headings do the same.
    """
    taken = {c.paragraph for c in numbered}
    found: list[Candidate] = []
    text = document.text
    last = len(document.paragraphs) - 1
    in_front = True
    title_end = _title_end(document, front_end)
    slogans = sum(1 for c in numbered if c.run_in and _SLOGAN.match(text, c.title_start)) >= 2
    for index, paragraph in enumerate(document.paragraphs):
        if index in taken or paragraph.furniture:
            continue
        line = text[paragraph.start : paragraph.end]
        title = line.rstrip("；。")
        if in_front and paragraph.start < front_end and (not is_part(title) or _TITLE_NOUN.search(title)):
            continue
        in_front = False
        if paragraph.start < title_end:
            continue
        if slogans and (slogan := _SLOGAN.match(line)) is not None:
            start, end = paragraph.start, paragraph.start + slogan.end()
            found.append(Candidate("none", None, start, start, end - 1, end, True, index, paragraph.hint))
            continue
        looks = bool(paragraph.hint) or is_heading_line(line) or (_is_noun_phrase(title) and is_part(title))
        if not looks or (index == last and not is_part(title)) or SERIES.match(line):
            continue
        if index >= last - 2 and not paragraph.hint and _ORGAN_NAME.search(line) and not is_part(title):
            continue
        end = paragraph.start + len(title)
        found.append(
            Candidate("none", None, paragraph.start, paragraph.start, end, paragraph.end, False, index, paragraph.hint)
        )
    return found


def _title_end(document: Document, front_end: int) -> int:
    """Return where the title ends: the lines of the title block down to the one that names the kind of document."""
    ends = [
        p.end
        for p in document.paragraphs
        if p.start < front_end and _TITLE_NOUN.search(document.text, p.start, p.end) is not None
    ]
    return max(ends, default=0)


def _is_noun_phrase(title: str) -> bool:
    """Tell whether a line with an end mark may still be a heading: 存在的不足和原因；"""
    return len(title) <= 30 and _NOUN_END.search(title) is not None


def is_heading_line(line: str) -> bool:
    """Tell whether an unnumbered line reads as a heading: short, no sentence, no signature or date."""
    return (
        4 <= len(line) <= 40
        and _WORDS.search(line) is not None
        and _SENTENCE_LIKE.search(line) is None
        and _SIGNATURE.match(line) is None
    )


def find_series(document: Document) -> tuple[SeriesMark, ...]:
    """Return the run-in list marks 一是 / 二要 / 第三， that stand at the start of a clause."""
    found: list[SeriesMark] = []
    text = document.text
    packed = is_packed(document)
    for hit in SERIES.finditer(text):
        before = text[hit.start() - 1] if hit.start() else "\n"
        if before not in "\n。；，：！？、）" and not (packed and hit.start() in document.gaps):
            continue
        digits = hit.group(1) or hit.group(2)
        value = read_number(digits)
        kind = "第" if hit.group(2) else "是"
        if value:
            found.append(SeriesMark(value, kind, Span(hit.start(), hit.end())))
    return tuple(found)
