"""What stands around a report and what only looks like it: each pattern with the sentence that must not fool it."""

from __future__ import annotations

import pytest

from tests.conftest import read
from validator.facts.publication import read_publication
from validator.outline import parse_outline
from validator.outline.marks import is_heading_line

AROUND = (
    "2024-01-25 阅读 88 次",
    "2024-01-25 09:30 来源：县司法局",
    "2024年1月25日 浏览次数：35",
    "2024-01-25 字号：大 中 小",
    "您是第 0012345 位访客",
    "云溪镇党政办制作维护 站长信箱：a@example.cn",
    "技术支持：云溪科技",
)
TEXT = (
    "2023年3月5日发布《云溪镇重大行政决策目录》，列入3项。",
    "2023年3月5日发布执法公示信息12条",
    "2023年5月10日访问企业12家，解决问题3个。",
    "2023年5月10日访问12家企业，解决问题3个。",
    "2023年6月1日阅读宪法活动开展3场",
    "2023年6月1日打印宣传单1200份，发到各村。",
    "2023年7月2日编辑普法手册1本，发放600册。",
    "服务中心接待了第1000位访客，回应诉求12件。",
    "公开站长信箱，受理群众留言12条。",
    "为12家企业提供技术支持，解决问题3个。",
)


def furniture(line: str) -> bool:
    document = read(f"云溪镇人民政府2023年度法治政府建设情况报告\n{line}\n一、主要举措和成效\n全年开展普法12场。\n")
    return document.paragraphs[1].furniture


@pytest.mark.parametrize("line", AROUND)
def test_what_stands_around(line: str) -> None:
    assert furniture(line)


@pytest.mark.parametrize("line", TEXT)
def test_what_only_looks_like_it(line: str) -> None:
    assert not furniture(line)
    document = read(f"云溪镇人民政府2023年度法治政府建设情况报告\n{line}\n")
    assert read_publication(document, parse_outline(document, lambda _: False)).published is None


@pytest.mark.parametrize("line", ["中共穗川县委", "中共云溪镇党组", "η=n/N", "A=B+C", "县政府党组2024年1月20日"])
def test_names_and_formulas_are_no_headings(line: str) -> None:
    assert not is_heading_line(line)


@pytest.mark.parametrize(
    "line", ["加强党委政府对法治建设的领导", "落实县委决策部署", "党组带头学法用法", "向县委报告工作制度"]
)
def test_headings_that_name_a_committee_stay_headings(line: str) -> None:
    assert is_heading_line(line)
