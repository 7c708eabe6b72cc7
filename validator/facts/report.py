"""Document + Outline → Facts: what the report says about itself — title, reporting year, organ, organ level."""

from __future__ import annotations

import re
from dataclasses import dataclass

from validator.document import Document, Span
from validator.options import CheckOptions, OrganKind, OrganLevel
from validator.outline import Outline

TITLE_LIMIT = 80
_GENRE = re.compile(
    r"(?:法治政府|依法行政|法治|依法治[国省市县区州旗镇街]|法制)[^，。；]{0,24}?(?:报告|总结|汇报|情况|综述)(?:（[^）]*）)?$"
)
_TITLE_WORDS = re.compile(
    r"(?:报告|总结|汇报|情况|要点|方案|规划|计划|通知|意见|办法|清单|公告|通报|公报|年报|函|纪要|解读|决定|规定|答复|建议|批复|公示|安排|申报|讲话|述职|综述|名单"
    r"|推进会|会议)(?:（[^）]*）)?$"
)
_CN_YEAR_DIGITS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "O": "0"}
_CN_YEAR = re.compile(r"二[〇零O][〇一二三四五六七八九零]{2}(?=年)")
_YEAR = re.compile(r"(?<!\d)((?:20)\d\d)(?=年|度|-20\d\d年)|(二[〇零O][〇零一二三四五六七八九]{2})(?=年)")
_OPENING_REPORT = re.compile(
    r"(?:现将|现就|将|就)[^。]{0,40}?(20\d\d|二[〇零O][〇零一二三四五六七八九]{2})年(?:度|来|以来)?[^。]{0,60}?(?:报告|汇报|总结|通报)?"
)
_DATE = re.compile(r"^(?:20\d\d|二[〇零]..)年\d{0,2}[一二三四五六七八九十]{0,3}月")
_ORGAN_END = (
    r"(?:人民政府办公[厅室]|人民政府|街道办事处|街道办|街道党工委|街道工作委员会|街道工委|街道|办事处|管理委员会|管委会|委员会办公室|委员会|工作委员会|工委"
    r"|党委|镇政府|乡政府|区政府|县政府|市政府|省政府|[镇乡]|分局|[局厅委办]|办公室|中心|支队|总队|大队|公司|集团|学校|医院|监狱|海关|开发区|园区|[街]"
    r"|州|旗|盟|[省市县区])"
)
_ORGAN = re.compile(rf"(?:中共|中国共产党)?[\u4e00-\u9fff、（）]{{1,28}}?{_ORGAN_END}(?![\u4e00-\u9fff])")
_SELF = re.compile(
    rf"(?:^|[，。；])([\u4e00-\u9fff]{{1,14}}?{_ORGAN_END})(?=党工委|党委|党组|认真|坚持|深入|严格|以习近平|全面|紧紧|在|高度|始终|切实|积极|聚焦|围绕|按照|结合|持续|牢固)"
)
_KINDS: tuple[tuple[str, OrganKind], ...] = (
    (r"街道|街办|街工委|街道工作委员会|(?<=[\u4e00-\u9fff]{2})街$", "subdistrict"),
    (
        r"(?:高新|开发|经开|新城|保税|度假|园)区?.{0,6}(?:管委会|管理委员会|党工委|工委)|管委会|管理委员会|片区|开发区|高新区",
        "zone",
    ),
    (
        r"(?:局|厅|厅办公室|委员会|委|办|办公室|中心|支队|总队|大队|院|馆|所|站|学校|公司|集团|会|处|社|台|署|海关|监狱)$",
        "department",
    ),
    (r"[镇乡](?:人民政府|党委|委员会|政府)?$", "town"),
    (r"(?:人民政府|政府|市委|区委|县委|省委|[省市县区州旗盟])(?:办公[厅室])?$", "government"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a report. A span is ``None`` when the fact was stated by the user or is unknown."""

    title: str | None
    title_span: Span | None
    year: int | None
    year_span: Span | None
    organ: str | None
    organ_span: Span | None
    organ_level: OrganLevel | None
    organ_kind: OrganKind | None
    title_year: int | None = None
    organ_near_title: bool = False


def extract_facts(document: Document, outline: Outline, options: CheckOptions) -> Facts:
    """Read title, reporting year and organ; what the user states in ``options`` wins."""
    front = _front_lines(document, outline)
    title_span = _find_title(document, front)
    title = document.text[title_span.start : title_span.end].replace("\n", "") if title_span else None
    title_year = _title_year(title) if title else None
    year, year_span = _find_year(document, outline, title_span)
    organ, organ_span, near = _find_organ(document, outline, front, title_span)
    level, kind = classify_organ(organ)
    if options.organ_level is not None:
        kind = kind if level == options.organ_level else _KIND_OF_LEVEL[options.organ_level]
        level = options.organ_level
    if options.year is not None and options.year != year:
        year, year_span = options.year, None
    return Facts(title, title_span, year, year_span, organ, organ_span, level, kind, title_year, near)


_KIND_OF_LEVEL: dict[OrganLevel, OrganKind] = {
    "province": "government",
    "city": "government",
    "county": "government",
    "township": "town",
    "department": "department",
    "zone": "zone",
    "other": "other",
}


def read_year(digits: str) -> int:
    """Return the year written as 2023 or 二〇二三."""
    return int("".join(_CN_YEAR_DIGITS.get(c, "2" if c == "二" else c) for c in digits))


def years_in(text: str) -> list[tuple[int, int, int]]:
    """Return (year, start, end) for each four-digit year followed by 年 or 度 in a text."""
    return [(read_year(m.group(1) or m.group(2)), m.start(), m.end()) for m in _YEAR.finditer(text)]


def _front_lines(document: Document, outline: Outline) -> list[Span]:
    """The lines of the title block that are not page furniture."""
    end = outline.front_end
    if end == 0 and not outline.sections:
        end = len(document.text)
    return [Span(p.start, p.end) for p in document.paragraphs if p.start < end and not p.furniture]


def _find_title(document: Document, front: list[Span]) -> Span | None:
    """Return the title: the line that ends with a kind of document, and the lines that lead to it."""
    text = document.text
    lines = [s for s in front if s.end - s.start <= TITLE_LIMIT]
    for accept in (_GENRE, _TITLE_WORDS):
        for index, line in enumerate(lines):
            words = text[line.start : line.end].strip("《》")
            if accept.search(words) and not re.search(r"报告如下|[。：]$", words):
                return Span(_title_start(text, lines, index), line.end)
            for first in range(max(0, index - 2), index):
                joined = "".join(text[s.start : s.end] for s in lines[first : index + 1])
                if len(joined) <= TITLE_LIMIT and accept.search(joined) and accept is _GENRE:
                    return Span(lines[first].start, line.end)
    return _find_packed_title(text)


def _find_packed_title(text: str) -> Span | None:
    """Return the title of a report whose line breaks were lost: its text begins with it."""
    head = text[:TITLE_LIMIT]
    for end in re.finditer(
        r"(?:报告|总结|汇报)(?=[^，。；：]{0,12}20\d\d年|[^，。；：]{2,12}：|今年|一年来|为|按照|根据|现将|近年)", head
    ):
        title = head[: end.end()]
        if "，" not in title and "。" not in title and _GENRE.search(title):
            return Span(0, end.end())
    return None


def _title_start(text: str, lines: list[Span], index: int) -> int:
    """Take in the lines above while the title goes on from them (…关于2023年度 / 法治政府建设…)."""
    while index > 0 and _goes_on(text, lines[index - 1], lines[index]):
        index -= 1
    return lines[index].start


def _goes_on(text: str, above: Span, here: Span) -> bool:
    words = text[above.start : above.end]
    return (
        words.endswith(("关于", "年度", "年", "的", "推进", "工作", "和", "及"))
        and here.start - above.end <= 1
        and not _DATE.match(words)
        and len(words) + here.end - here.start <= TITLE_LIMIT
    )


def _title_year(title: str) -> int | None:
    found = years_in(title)
    return found[0][0] if found else None


def _find_year(document: Document, outline: Outline, title: Span | None) -> tuple[int | None, Span | None]:
    """Title, then the opening (现将2023年…报告如下), headings of measures, and the plan heading less one."""
    text = document.text
    if title is not None and (found := years_in(text[title.start : title.end])):
        year, start, end = found[0]
        return year, Span(title.start + start, title.start + end)
    if title is not None and (found := years_in(text[max(0, title.start - 40) : title.start])):
        line = text[max(0, title.start - 40) : title.start].rstrip("\n").rsplit("\n", 1)[-1]
        if re.fullmatch(r"[（〔]?(?:20\d\d|二[〇零]..)年度?[）〕]?", line):
            year, start, end = found[-1]
            base = max(0, title.start - 40)
            return year, Span(base + start, base + end)
    first = outline.sections[0].heading.start if outline.sections else min(len(text), 600)
    opening = Span(outline.front_end, first) if outline.front_end < first else Span(0, first)
    words = text[opening.start : opening.end]
    if (report := _OPENING_REPORT.search(words)) is not None:
        return read_year(report.group(1)), Span(opening.start + report.start(1), opening.start + report.end(1))
    for year, start, end in years_in(words):
        if not re.match(r"-|至|[）》]|年\d{1,2}月\d{1,2}日.{0,6}(?:印发|发布|施行)", words[end:]) and not _in_brackets(
            words, start
        ):
            return year, Span(opening.start + start, opening.start + end)
    return _year_from_headings(document, outline)


def _year_from_headings(document: Document, outline: Outline) -> tuple[int | None, Span | None]:
    text = document.text
    planned: tuple[int, Span] | None = None
    for section in outline.sections:
        for year, start, end in years_in(text[section.heading.start : section.heading.end]):
            place = Span(section.heading.start + start, section.heading.start + end)
            if re.search("安排|打算|计划|思路|要点|部署|任务", section.title):
                planned = planned or (year - 1, place)
            else:
                return year, place
    if planned:
        return planned
    measures = [m for m in years_in(text) if not _in_brackets(text, m[1])]
    if measures and re.match(r"年度?[，以来全]", text[measures[0][2] :]):
        year, start, end = measures[0]
        return year, Span(start, end)
    return None, None


def _in_brackets(text: str, offset: int) -> bool:
    before = text[max(0, offset - 60) : offset]
    return any(before.rfind(left) > before.rfind(right) for left, right in ("《》", "〔〕", "〈〉"))


def _find_organ(
    document: Document, outline: Outline, front: list[Span], title: Span | None
) -> tuple[str | None, Span | None, bool]:
    """Return organ, place, and whether it stands in the title or in a line beside it."""
    text = document.text
    if title is not None:
        words = text[title.start : title.end]
        cut = re.search(r"关于|推进|20\d\d|二[〇零]..年|年度|法治|依法|贯彻", words)
        head = words[: cut.start()] if cut else ""
        if len(head) >= 3:
            return head.replace("\n", ""), Span(title.start, title.start + len(head)), True
        between = re.match(rf"关于([\u4e00-\u9fff]{{2,26}}?{_ORGAN_END})(?:20\d\d|二[〇零]|推进|法治|依法)", words)
        if between:
            start = title.start + between.start(1)
            return between.group(1), Span(start, start + len(between.group(1))), True
        after_year = re.match(r"(?:关于)?(?:20\d\d|二[〇零]..)年度?", words)
        if after_year:
            rest = words[after_year.end() :]
            stop = re.search(r"推进|法治|依法|关于|落实", rest)
            name = rest[: stop.start()] if stop else ""
            if re.search(rf"{_ORGAN_END}$", name) and len(name) >= 2:
                start = title.start + after_year.end()
                return name, Span(start, start + len(name)), True
        at = next((i for i, s in enumerate(front) if s.start >= title.start), 0)
        ends = next((i for i, s in enumerate(front) if s.start > title.end), len(front))
        beside = [*reversed(front[max(0, at - 2) : at]), *front[ends : ends + 1]]
        for line in beside:
            name = text[line.start : line.end].strip("（）()")
            if len(name) <= 40 and re.fullmatch(rf".*{_ORGAN_END}", name) and "：" not in name:
                return name, line, True
    return (*_organ_in_text(document, outline), False)


def _organ_in_text(document: Document, outline: Outline) -> tuple[str | None, Span | None]:
    """Look for the organ in the opening (…街道认真学习…), then in the signature at the end."""
    text = document.text
    first = outline.sections[0].heading.start if outline.sections else min(len(text), 600)
    words = text[outline.front_end : first]
    best = None
    for hit in _SELF.finditer(words):
        name = re.sub(r"^(?:年来?|以来|今年|一年来|全?年|在)", "", hit.group(1))
        if (
            re.search(r"[党市区县省国]委|政府|上级|司法|中央|全[市区县]|我[市区县镇局街]|指导|领导", name)
            or len(name) < 3
        ):
            continue
        best = Span(outline.front_end + hit.end(1) - len(name), outline.front_end + hit.end(1))
        return text[best.start : best.end], best
    for paragraph in reversed(document.paragraphs[-4:]):
        line = text[paragraph.start : paragraph.end]
        signed = re.match(rf"([\u4e00-\u9fff]{{2,30}}?{_ORGAN_END})(?:20\d\d年.*)?$", line)
        if signed and len(line) <= 44:
            return signed.group(1), Span(paragraph.start, paragraph.start + signed.end(1))
    own = re.search(r"我(街道?|镇|乡|局|委|县|区|市|省|办|中心|厅|院|处|州|旗)", text)
    if own:
        return None, Span(own.start(), own.end())
    return None, None


def classify_organ(name: str | None) -> tuple[OrganLevel | None, OrganKind | None]:
    """Return the level and the kind of an organ by the end of its name; (None, None) when it is unknown."""
    if not name:
        return None, None
    plain = re.sub(r"[（(].*?[）)]|推进|关于$", "", name).rstrip("的 ")
    for pattern, kind in _KINDS:
        if re.search(pattern, plain):
            if kind == "government":
                return _government_level(plain), kind
            if kind in ("town", "subdistrict"):
                return "township", kind
            if kind == "department" and re.search(
                r"(?:人民政府|[县区市]委)办公[室厅]$|(?<!管理)(?:县|区|市|镇|乡)委(?:员会)?$", plain
            ):
                return (
                    ("township", "town") if re.search("[镇乡]委", plain) else (_government_level(plain), "government")
                )
            return ("zone" if kind == "zone" else "department"), kind
    return "other", "other"


def _government_level(name: str) -> OrganLevel:
    if re.search(r"[镇乡]", name[-7:]):
        return "township"
    for mark, level in (
        ("县", "county"),
        ("区", "county"),
        ("旗", "county"),
        ("市", "city"),
        ("州", "city"),
        ("盟", "city"),
    ):
        if re.search(rf"{mark}(?:人民政府|政府|委)?(?:办公.)?$", name):
            return level  # type: ignore[return-value]
    return "province"
