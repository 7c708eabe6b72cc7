"""Normalisation keeps its way back to the file, whatever is thrown at it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import SPECIMENS, read
from validator.document import Place, RawDocument, Span
from validator.normalise import fold, normalise

CHINESE = st.text(
    alphabet="一二三、（）(),.，。：;“”\"'　 \t\n\r\u200b法治政府建設报告2023年０１①㈠《》#-*第 ", max_size=120
)


def raw(text: str) -> RawDocument:
    return RawDocument("报告.txt", "", text, (Place(0, 1),))


@given(st.text(max_size=200) | CHINESE)
@example('A "A')
@settings(max_examples=300, deadline=None)
def test_any_text_normalises_and_maps_back(text: str) -> None:
    document = normalise(raw(text))
    folded = fold(text)
    assert len(folded) == len(text)
    assert len(document.origin) == len(document.text)
    for offset, character in enumerate(document.text):
        if character != "\n":
            assert folded[document.origin[offset]] == character
    assert list(document.origin) == sorted(document.origin)


@given(st.text(max_size=200) | CHINESE)
@settings(max_examples=200, deadline=None)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("第 一责任人", "第一责任人"),
        ("｢三项制度｣", "三项制度"),
        ("第\u3000一\u200b责任人", "第一责任人"),
        ("２０２３年", "2023年"),
        ("2 0 2 3 年", "2023年"),
        ("(一)规范执法", "（一）规范执法"),
        ("（一）规范执法", "（一）规范执法"),
        ("培训5,000人次,公示", "培训5,000人次，公示"),
        ("“三项制度”", "三项制度"),
        ('"三项制度"', "三项制度"),
        ("「三项制度」", "三项制度"),
        ("誰執法誰普法責任", "谁执法谁普法责任"),
        ("⼀、法治", "一、法治"),
        ("**法治**建设", "法治建设"),
        ("A B 平台", "A B平台"),
        ("（2015—2020年）", "（2015-2020年）"),
    ],
)
def test_one_spelling(written: str, read_as: str) -> None:
    assert read(written).text == read_as


def test_locations_are_in_the_original_file() -> None:
    document = read("\n\n  ２０２３ 年\r\n　　“三项 制度”落实")
    at = document.text.index("三项制度")
    place = document.location(Span(at, at + 4))
    assert (place.line, place.column, place.end_line, place.end_column) == (4, 4, 4, 9)
    assert document.excerpt(Span(at, at + 4)) == "三项 制度"


WRAPPED = """云溪镇人民政府2023年度法治政府建设情况报告

2023年，云溪镇在县委、县政府的领导下，全面落实法治建设各项任务，现将工作
情况报告如下：
一、主要举措和成效
（一）强化组织领导。党委会全年专题研究法治工作四次，镇长主持召开法治专题会
议，听取综合执法队汇报，解决执法车辆和记录仪不足的问题，全年办理行政处罚案
- 1 -
云溪镇人民政府
件三十一件，没有一件被撤销或者变更，群众对执法工作的满意程度比上一年明显提
高，综合执法队获得县级表彰一次，两名队员取得执法资格，普法宣传做到村村到户，
（二）规范行政执法，严格落实行政执法公示制度、执法全过程记录制度和重大执法决
定法制审核制度
"""


def test_lines_broken_in_mid_sentence_are_joined() -> None:
    document = read(WRAPPED + "云溪镇人民政府\n- 2 -\n云溪镇人民政府\n")
    lines = document.text.split("\n")
    assert "2023年，云溪镇在县委、县政府的领导下，全面落实法治建设各项任务，现将工作情况报告如下：" in lines
    assert any(line.startswith("（一）强化组织领导。") and "行政处罚案件三十一件" in line for line in lines)
    assert any(line.endswith("重大执法决定法制审核制度") for line in lines)
    assert not any("- 1 -" in line or line == "-1-" for line in lines)


def test_paragraphs_of_a_web_page_stay_apart() -> None:
    text = "加强统筹协调，推动积案化解\n    对历史遗留问题，加大研判力度。\n完善制度\n\n修订办法3件。"
    assert read(text).text.split("\n") == [
        "加强统筹协调，推动积案化解",
        "对历史遗留问题，加大研判力度。",
        "完善制度",
        "修订办法3件。",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "索引号：11330000/2024-00001",
        "发布日期：2024-03-01",
        "【字体：大 中 小】",
        "首页>政务公开>法治建设",
        "上一篇：通知",
        "打印本页",
        "（此件公开发布）",
        "(主动公开)",
        "附件：统计表.xlsx",
        "浏览次数：120",
        "关于我们 | 网站地图",
    ],
)
def test_page_furniture_is_marked(line: str) -> None:
    document = read(f"{line}\n正文开展了工作。")
    assert [p.furniture for p in document.paragraphs] == [True, False]


@pytest.mark.parametrize(
    "line",
    [
        "主动公开政府信息230条，办理依申请公开4件。",
        "发布规范性文件3件",
        "附件审查工作全面完成，共审查文件四十件，提出意见十二条，全部采纳，没有遗漏，没有错误，没有投诉。",
    ],
)
def test_own_work_is_no_furniture(line: str) -> None:
    assert not read(line).paragraphs[0].furniture


@pytest.mark.parametrize("path", sorted(SPECIMENS.glob("*")), ids=lambda p: p.name)
def test_specimens_load_and_map_back(path: object) -> None:
    from pathlib import Path

    from validator.loaders.table import load

    assert isinstance(path, Path)
    document = normalise(load(path.name, path.read_bytes()))
    folded = fold(document.raw.text)
    assert all(folded[o] == c for o, c in zip(document.origin, document.text, strict=True) if c != "\n")
