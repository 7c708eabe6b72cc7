"""Headings by grammar: every scheme and every kind of damage, with headings of our own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import read
from validator.checks.context import CheckContext
from validator.outline import parse_outline
from validator.outline.numerals import match_mark, read_number

Build = Callable[[str], CheckContext]


def tree(context: CheckContext) -> list[tuple[int, str]]:
    return [(s.level, s.label) for s in context.outline.sections]


@pytest.mark.parametrize(
    ("mark", "scheme", "value"),
    [
        ("一、", "dun", 1),
        ("十二、", "dun", 12),
        ("二十、", "dun", 20),
        ("第三部分", "chapter", 3),
        ("第一章", "chapter", 1),
        ("（四）", "paren", 4),
        ("㈠", "paren", 1),
        ("5.", "arabic", 5),
        ("6、", "arabic", 6),
        ("（7）", "paren_arabic", 7),
        ("8）", "paren_arabic", 8),
        ("⑨", "circled", 9),
    ],
)
def test_number_marks(mark: str, scheme: str, value: int) -> None:
    found = match_mark(f"{mark}规范执法", 0)
    assert found is not None
    assert (found.scheme, found.value, found.end) == (scheme, value, len(mark))


@pytest.mark.parametrize("text", ["2.5万元", "2023年", "一是规范", "十分重视", "（含下属单位）", "3个部门"])
def test_not_number_marks(text: str) -> None:
    assert match_mark(text, 0) is None


@given(st.integers(min_value=1, max_value=99))
def test_chinese_numerals(value: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(value, 10)
    text = ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")
    assert read_number(text) == value


def test_four_levels(context: Build) -> None:
    text = "一、主要做法\n（一）规范执法\n1.完善制度\n（1）修订办法\n①细化流程\n修订5件。\n二、存在不足\n力量薄弱。"
    assert tree(context(text)) == [
        (1, "一、主要做法"),
        (2, "（一）规范执法"),
        (3, "1.完善制度"),
        (4, "（1）修订办法"),
        (5, "①细化流程"),
        (1, "二、存在不足"),
    ]


def test_levels_are_relative_to_the_schemes_present(context: Build) -> None:
    text = "（一）主要做法\n1.完善制度\n修订5件。\n（二）存在不足\n力量薄弱。"
    assert tree(context(text)) == [(1, "（一）主要做法"), (2, "1.完善制度"), (1, "（二）存在不足")]


def test_chapters(context: Build) -> None:
    text = "第一部分 工作开展情况\n（1）完善制度\n修订5件。\n第二部分 存在不足\n力量薄弱。"
    assert tree(context(text)) == [(1, "第一部分工作开展情况"), (2, "（1）完善制度"), (1, "第二部分存在不足")]


def test_half_width_and_spaces(context: Build) -> None:
    text = "一 、 主 要做法\n( 一 )规范执法\n修订5件。\n- (二)化解纠纷\n调解9件。"
    assert tree(context(text)) == [(1, "一、主要做法"), (2, "（一）规范执法"), (2, "（二）化解纠纷")]


def test_run_in_headings(context: Build) -> None:
    text = (
        "一、主要做法。2023年修订办法5件。\n（一）规范执法。办理案件9件。1.完善制度。修订5件。2.强化监督。评查3次。\n"
    )
    sections = context(text).outline.sections
    assert [(s.label, s.run_in) for s in sections] == [
        ("一、主要做法", True),
        ("（一）规范执法", True),
        ("1.完善制度", True),
        ("2.强化监督", True),
    ]


@pytest.mark.parametrize("end", ["；", "。", "：", ""])
def test_end_marks_of_headings(context: Build, end: str) -> None:
    assert tree(context(f"一、工作中的短板{end}\n力量薄弱。")) == [(1, "一、工作中的短板")]


def test_lost_number_among_numbered_siblings(context: Build) -> None:
    text = "一、主要做法\n健全决策机制\n审查决策5项，全部合法。\n（二）规范执法\n办案9件。\n化解矛盾纠纷\n调解9件，成功8件。\n二、存在不足\n力量薄弱。"
    found = context(text).outline.sections
    assert [(s.level, s.title, s.lost) for s in found] == [
        (1, "主要做法", False),
        (2, "健全决策机制", True),
        (2, "规范执法", False),
        (2, "化解矛盾纠纷", True),
        (1, "存在不足", False),
    ]


def test_a_slogan_that_runs_on_and_lost_its_number(context: Build) -> None:
    text = "一、高位推动，凝聚合力。开会4次。\n二、学深悟透，提升素养。学法9次。\n严守程序，规范执法。办案9件。\n三、多元化解，守护平安。调解9件。\n"
    found = context(text).outline.sections
    assert [(s.title, s.lost) for s in found][2] == ("严守程序，规范执法", True)
    assert [s.level for s in found] == [1, 1, 1, 1]


def test_a_title_over_two_lines_is_no_heading(context: Build) -> None:
    text = "云溪镇人民政府关于2023年度推进法治政府\n建设情况的报告\n2023年，我镇推进法治建设。\n一、做法\n培训3次。"
    assert tree(context(text)) == [(1, "一、做法")]


def test_all_numbers_lost(context: Build) -> None:
    text = "工作推进情况\n强化法治意识\n全年学法12次，人人参加。\n规范执法行为\n办案9件，无一撤销。\n短板弱项\n力量薄弱。\n2024年工作要点\n补充人员，加强培训。"
    assert tree(context(text)) == [
        (1, "工作推进情况"),
        (2, "强化法治意识"),
        (2, "规范执法行为"),
        (1, "短板弱项"),
        (1, "2024年工作要点"),
    ]


def test_same_scheme_nested_under_itself(context: Build) -> None:
    text = "一、主要做法\n一、学法\n学法3次。\n二、执法\n办案9件。\n三、普法\n宣传5场。\n二、存在不足\n力量薄弱。\n三、下步打算\n加强培训。"
    assert [level for level, _ in tree(context(text))] == [1, 2, 2, 2, 1, 1]


def test_repeated_and_skipped_numbers_stay_siblings(context: Build) -> None:
    text = "一、做法\n（一）学法\n3次。\n（一）执法\n9件。\n（三）普法\n5场。\n（5）应诉\n2件。"
    assert [level for level, _ in tree(context(text))] == [1, 2, 2, 2, 3]


def test_arabic_sibling_in_parentheses_keeps_its_level(context: Build) -> None:
    text = "一、做法\n（一）学法\n3次。\n（2）执法\n9件。\n（3）普法\n5场。"
    assert [level for level, _ in tree(context(text))] == [1, 2, 2, 2]


PACKED = (
    "云溪镇人民政府2023年法治政府建设工作总结2023年，云溪镇扎实推进法治建设，现将情况总结如下：一、主要做法和成效（一）强化学法用法全年学法"
    "12次，参加人员300人次，学法考试合格率100%。（二）规范行政执法全面落实行政执法三项制度，办理案件31件，开展案卷评查2次，没有发生复议撤销的情形。"
    "二、存在的短板执法力量薄弱，业务培训不足，部分村干部依法办事的能力还不强，普法的针对性有待提高。三、下一步工作思路一是充实执法力量，招录"
    "专业人员。二是加强业务培训，每季度举办一期培训班。三是创新普法形式，用好新媒体平台，把普法送到田间地头和工厂车间，让群众听得懂、用得上。"
    "我镇将以更高标准推进法治政府建设各项工作，为全镇经济社会发展提供有力的法治保障，确保全年目标任务圆满完成，努力让人民群众在每一项执法活动中"
    "都感受到公平正义，在新的征程上作出新的更大贡献，奋力谱写法治云溪建设新篇章。"
)


def test_no_line_breaks_at_all(context: Build) -> None:
    found = context(PACKED).outline.sections
    assert [(s.level, s.mark) for s in found] == [(1, "一、"), (2, "（一）"), (2, "（二）"), (1, "二、"), (1, "三、")]


@pytest.mark.parametrize(
    "text",
    [
        "一、做法\n依据第二十五条（一）项的规定，检查一、二、三级单位12家。",
        "一、做法\n全年检查2.5万次。1.2万人参加。",
        "一、做法\n镇领导一、二季度检查9次；第一、第二批任务完成。",
    ],
)
def test_numbers_in_sentences_are_no_headings(context: Build, text: str) -> None:
    assert tree(context(text)) == [(1, "一、做法")]


@pytest.mark.parametrize(
    "line", ["云溪镇人民政府", "2024年1月15日", "（此件公开发布）", "联系人：王某某", "图为普法活动现场", "云溪镇"]
)
def test_signature_lines_are_no_headings(context: Build, line: str) -> None:
    assert tree(context(f"一、做法\n检查12家。\n{line}\n")) == [(1, "一、做法")]


def test_markdown_headings(context: Build) -> None:
    text = "# 云溪镇2023年度法治政府建设情况报告\n2023年，我镇推进法治建设。\n## 工作情况\n### 规范执法\n办案9件。\n## 存在问题\n力量薄弱。\n"
    assert tree(context(text)) == [(1, "工作情况"), (2, "规范执法"), (1, "存在问题")]


def test_series_marks(context: Build) -> None:
    found = context(
        "一、做法\n一是学法。二是执法，三是普法；重点之一是评查，统一是前提，第一责任人履职。第一，立足实际。"
    )
    assert [(m.value, m.kind) for m in found.outline.series] == [(1, "是"), (2, "是"), (3, "是"), (1, "第")]


@given(st.text(alphabet="一二三四、（）()1234.。；：\n 法治建设问题下一步安排是要第①②①章部分20年", max_size=160))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_well_formed_tree(text: str) -> None:
    if not any(c.isalnum() for c in text):
        return
    document = read(text)
    outline = parse_outline(document, lambda title: "问题" in title)
    for section in outline.sections:
        assert 0 <= section.heading.start < section.heading.end <= section.end <= len(document.text)
        parent = None if section.parent is None else outline.sections[section.parent]
        assert section.level == (1 if parent is None else parent.level + 1)
        assert parent is None or parent.heading.start < section.heading.start < section.end <= parent.end
