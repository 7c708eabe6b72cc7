"""Automatic numbers of Word: how each format writes them, how lists count, restart and go on, where the number stands."""

from __future__ import annotations

import pytest

from tests.docx_files import OFFICIAL, abstract, build_docx, level, num, paragraph, root, run, start_override, style
from validator.loaders.word.body import read_paragraphs
from validator.loaders.word.docx import load_docx
from validator.loaders.word.number_formats import format_custom, format_number
from validator.loaders.word.package import open_docx

LEGAL = abstract(0, level(0, "%1"), level(1, "%1.%2"), level(2, "%1.%2.%3"), level(3, "%1.%2.%3.%4"))
CIRCLE = "decimalEnclosedCircleChinese"


def numbers(body: str, numbering: str, styles: str | None = None) -> list[str]:
    """Return the number of every paragraph."""
    return [p.number.strip() for p in read_paragraphs(*open_docx(build_docx(body, numbering, styles)))]


def items(levels: str, number: int = 1) -> str:
    """Return one paragraph for each level."""
    return "".join(paragraph("事项", num=number, level=int(x)) for x in levels)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("decimal", "1 9 10 11 20 21 101"),
        ("decimalZero", "01 09 10 11 20 21 101"),
        ("decimalFullWidth", "１ ９ １０ １１ ２０ ２１ １０１"),
        ("decimalFullWidth2", "１ ９ １０ １１ ２０ ２１ １０１"),
        ("decimalHalfWidth", "1 9 10 11 20 21 101"),
        ("decimalEnclosedCircle", "① ⑨ ⑩ ⑪ ⑳ 21 101"),
        ("decimalEnclosedCircleChinese", "① ⑨ ⑩ ⑪ ⑳ 21 101"),
        ("decimalEnclosedFullstop", "⒈ ⒐ ⒑ ⒒ ⒛ 21 101"),
        ("decimalEnclosedParen", "⑴ ⑼ ⑽ ⑾ ⒇ 21 101"),
        ("chineseCounting", "一 九 十 十一 二十 二十一 一〇一"),
        ("chineseCountingThousand", "一 九 十 十一 二十 二十一 一百零一"),
        ("chineseLegalSimplified", "壹 玖 壹拾 壹拾壹 贰拾 贰拾壹 壹佰零壹"),
        ("ideographTraditional", "甲 壬 癸 11 20 21 101"),
        ("ideographZodiac", "子 申 酉 戌 20 21 101"),
        ("ideographZodiacTraditional", "甲子 壬申 癸酉 甲戌 癸未 甲申 甲辰"),
        ("ideographDigital", "一 九 一〇 一一 二〇 二一 一〇一"),
        ("ideographEnclosedCircle", "㊀ ㊈ ㊉ 11 20 21 101"),
        ("ideographLegalTraditional", "壹 玖 壹拾 壹拾壹 貳拾 貳拾壹 壹佰零壹"),
        ("japaneseCounting", "一 九 十 十一 二十 二十一 百一"),
        ("japaneseLegal", "壱 九 壱拾 壱拾壱 弐拾 弐拾壱 壱百壱"),
        ("japaneseDigitalTenThousand", "一 九 一〇 一一 二〇 二一 一〇一"),
        ("taiwaneseCounting", "一 九 十 十一 二十 二十一 一〇一"),
        ("taiwaneseCountingThousand", "一 九 十 十一 二十 二十一 一百零一"),
        ("taiwaneseDigital", "一 九 一〇 一一 二〇 二一 一〇一"),
        ("koreanCounting", "1 9 10 11 20 21 101"),
        ("upperRoman", "I IX X XI XX XXI CI"),
        ("lowerRoman", "i ix x xi xx xxi ci"),
        ("upperLetter", "A I J K T U WWWW"),
        ("lowerLetter", "a i j k t u wwww"),
        ("ordinal", "1st 9th 10th 11th 20th 21st 101st"),
        ("何物", "1 9 10 11 20 21 101"),
    ],
)
def test_formats(name: str, expected: str) -> None:
    assert [format_number(v, name) for v in (1, 9, 10, 11, 20, 21, 101)] == expected.split()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (100, "一百"),
        (110, "一百一十"),
        (111, "一百一十一"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (10001, "一万零一"),
        (12000, "一万二千"),
    ],
)
def test_large_chinese_numbers(value: int, expected: str) -> None:
    assert format_number(value, "chineseCountingThousand") == expected


@pytest.mark.parametrize("name", ["upperLetter", "lowerRoman", "chineseCountingThousand", "decimalEnclosedCircle"])
@pytest.mark.parametrize("value", [-1, 40_000, 2_000_000_000])
def test_numbers_out_of_reach_are_digits(name: str, value: int) -> None:
    assert format_number(value, name) == str(value)


@pytest.mark.parametrize(("pattern", "expected"), [("001, 002, 003, ...", "012"), ("Α, Β, Γ, ...", None), ("", None)])
def test_custom_formats(pattern: str, expected: str | None) -> None:
    assert format_custom(12, pattern) == expected


COUNTING = {
    "levels restart": (items("01120121"), "1 1.1 1.2 1.2.1 2 2.1 2.1.1 2.2", ""),
    "a level passed over is begun": (items("1101"), "1.1 1.2 2 2.1", ""),
    "two levels passed over": (items("021"), "1 1.1.1 1.2", ""),
    "goes on after other paragraphs": (items("0") + paragraph("正文") + items("0"), "1  2", ""),
    "two instances count together": (items("00") + items("0", 2) + items("0"), "1 2 3 4", num(2, 0)),
    "an instance that begins anew": (items("00") + items("00", 2), "1 2 1 2", num(2, 0, start_override(0, 1))),
    "an instance that begins at five": (items("0") + items("00", 2), "1 5 6", num(2, 0, start_override(0, 5))),
    "begins anew only once": (items("00", 2) + items("0") + items("0", 2), "5 6 7 8", num(2, 0, start_override(0, 5))),
    "a deeper level that begins anew": (
        items("011") + items("11", 2),
        "1 1.1 1.2 1.4 1.5",
        num(2, 0, start_override(1, 4)),
    ),
    "a level of its own": (
        items("0") + items("0", 2),
        "1 (b)",
        num(2, 0, f'<w:lvlOverride w:ilvl="0">{level(0, "(%1)", "lowerLetter")}</w:lvlOverride>'),
    ),
    "an empty paragraph has a number": (items("0") + paragraph(num=1) + items("0"), "1 2 3", ""),
    "a deleted one has none": (
        items("0")
        + paragraph(
            inner='<w:del w:id="1"><w:r><w:delText>删</w:delText></w:r></w:del>',
            num=1,
            properties='<w:rPr><w:del w:id="1"/></w:rPr>',
        )
        + items("0"),
        "1  2",
        "",
    ),
    "a hidden one has none": (
        items("0")
        + paragraph(inner=run("藏", "<w:vanish/>"), num=1, properties="<w:rPr><w:vanish/></w:rPr>")
        + items("0"),
        "1  2",
        "",
    ),
    "joined ones have one": (
        items("0") + paragraph("前", num=1, properties='<w:rPr><w:del w:id="1"/></w:rPr>') + items("00"),
        "1 2  3",
        "",
    ),
    "no list": (items("0", 0) + items("0", 9) + items("7") + items("0"), "   1", ""),
}


@pytest.mark.parametrize("name", COUNTING)
def test_counting(name: str) -> None:
    body, expected, more = COUNTING[name]
    assert numbers(body, LEGAL + num(1, 0) + more) == expected.split(" ")


@pytest.mark.parametrize(
    ("restart", "expected"),
    [(None, "1 2 1 1"), (0, "1 2 3 4"), (1, "1 2 3 1"), (2, "1 2 1 1"), (3, "1 2 1 1"), (9, "1 2 1 1")],
)
def test_when_a_level_restarts(restart: int | None, expected: str) -> None:
    more = "" if restart is None else f'<w:lvlRestart w:val="{restart}"/>'
    lists = abstract(0, level(0, "甲%1"), level(1, "乙%2"), level(2, "%3", more=more)) + num(1, 0)
    found = numbers(items("01221202"), lists)
    assert [n for n in found if n.isdecimal()] == expected.split()


@pytest.mark.parametrize(
    ("text", "more", "shown"),
    [
        ("%1、", "", "一、事项"),
        ("（%1）", "", "（一）事项"),
        ("第%1章", "", "第一章 事项"),
        ("第%1章", '<w:suff w:val="space"/>', "第一章 事项"),
        ("第%1章", '<w:suff w:val="nothing"/>', "第一章事项"),
        ("第%1章 ", "", "第一章 事项"),
        ("附件：", "", "附件：事项"),
        ("", "", "事项"),
    ],
)
def test_the_number_stands_before_the_text(text: str, more: str, shown: str) -> None:
    lists = abstract(0, level(0, text, "chineseCounting", more=more)) + num(1, 0)
    assert load_docx("报告.docx", build_docx(items("0"), lists)).text == shown


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (level(0, "\uf06c", "bullet"), ""),
        (level(0, "l", "bullet"), ""),
        (level(0, "%1.", last='<w:lvlPicBulletId w:val="0"/>'), ""),
        (level(0, "%1.", last="<w:rPr><w:vanish/></w:rPr>"), ""),
        (level(0, "%1.", "none"), "."),
        (level(0, "%1", CIRCLE), "①"),
        ('<w:lvl w:ilvl="0"><w:start w:val="3"/><w:lvlText w:val="%1."/></w:lvl>', "3."),
        ('<w:lvl w:ilvl="0"><w:start w:val="乱"/><w:lvlText w:val="%1."/></w:lvl>', "0."),
        ('<w:lvl w:ilvl="0"><w:start w:val="3"/></w:lvl>', ""),
        ('<w:lvl w:ilvl="99"><w:start w:val="3"/><w:lvlText w:val="%1."/></w:lvl>', ""),
    ],
)
def test_kinds_of_levels(made: str, expected: str) -> None:
    assert numbers(items("0"), abstract(0, made) + num(1, 0)) == [expected]


def test_legal_numbers_are_all_digits() -> None:
    lists = abstract(
        0, level(0, "第%1章", "chineseCounting"), level(1, "%1.%2", "lowerLetter", more="<w:isLgl/>")
    ) + num(1, 0)
    assert numbers(items("0101"), lists) == ["第一章", "1.1", "第二章", "2.1"]


def test_new_formats_stand_beside_old_ones() -> None:
    both = (
        '<w:lvl w:ilvl="{}"><w:start w:val="7"/><mc:AlternateContent>'
        '<mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="{}"/></mc:Choice>'
        '<mc:Fallback><w:numFmt w:val="upperRoman"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%{}"/></w:lvl>'
    )
    lists = abstract(0, both.format(0, "01, 02, ...", 1), both.format(1, "Α, Β, ...", 2)) + num(1, 0)
    assert numbers(items("01"), lists) == ["07", "VII"]


STYLES = (
    style("a", "Normal", more='w:default="1"')
    + style("1", "heading 1", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', based_on="a")
    + style("2", "heading 2", '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>', based_on="1")
    + style("3", "小节", based_on="2")
    + style("4", "无编号", '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>', based_on="1")
    + style("环", "甲", based_on="套")
    + style("套", "乙", based_on="环")
)
TIED = (
    abstract(
        0,
        level(0, "%1、", "chineseCounting", more='<w:pStyle w:val="1"/>'),
        level(1, "（%2）", "chineseCounting", more='<w:pStyle w:val="2"/>'),
    )
    + num(1, 0)
    + num(2, 0)
)


def test_numbers_by_style() -> None:
    body = "".join(paragraph("事项", style=s) for s in ("1", "2", "3", "4", "1", "2", "a", "环", "不存在"))
    assert numbers(body, TIED, STYLES) == ["一、", "（一）", "（二）", "", "二、", "（一）", "", "", ""]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ('<w:numId w:val="0"/>', ""),
        ('<w:ilvl w:val="1"/>', "（一）"),
        ('<w:numId w:val="2"/>', "一、"),
        ('<w:ilvl w:val="1"/><w:numId w:val="2"/>', "（一）"),
    ],
)
def test_the_paragraph_overrides_its_style(reference: str, expected: str) -> None:
    body = paragraph("事项", style="1", properties=f"<w:numPr>{reference}</w:numPr>")
    assert numbers(body, TIED, STYLES) == [expected]


def test_a_list_style_stands_for_the_list_that_names_it() -> None:
    linked = abstract(0, more='<w:numStyleLink w:val="表"/>') + abstract(
        1, level(0, "%1、"), more='<w:styleLink w:val="表"/>'
    )
    styles = style("表", "list", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>', kind="numbering")
    assert numbers(items("0") + items("0", 2), linked + num(1, 0) + num(2, 1), styles) == ["1、", "2、"]


def test_a_list_style_that_leads_in_a_ring_has_no_numbers() -> None:
    linked = abstract(0, more='<w:numStyleLink w:val="表"/>') + num(1, 0)
    styles = style("表", "list", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', kind="numbering")
    assert numbers(items("0"), linked, styles) == [""]


def test_numbers_in_tables_boxes_and_notes_count_where_they_are_read() -> None:
    cell = f"<w:tbl><w:tr><w:tc>{items('1')}</w:tc></w:tr></w:tbl>"
    note = root("footnotes", f'<w:footnote w:id="2">{items("1")}</w:footnote>')
    body = paragraph("甲", num=1, inner='<w:r><w:footnoteReference w:id="2"/></w:r>') + cell + items("1")
    data = build_docx(body, OFFICIAL, extra_parts={"word/footnotes.xml": note})
    assert [p.number for p in read_paragraphs(*open_docx(data))] == ["一、", "（一）", "（二）", "（三）"]
