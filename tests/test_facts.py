"""Title, year, organ and level: where they stand in real reports, and where they only seem to stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import read
from validator.engine import analyse, build_engine
from validator.facts import Facts, classify_organ
from validator.options import CheckOptions
from validator.ruleset import RuleSet

BODY = "2023年，我镇扎实推进法治政府建设，现将有关情况报告如下：\n一、主要做法\n全年培训3次。\n二、存在不足\n力量薄弱。"


@pytest.fixture
def facts(ruleset: RuleSet) -> Callable[..., Facts]:
    def find(text: str, **options: object) -> Facts:
        return analyse(build_engine(ruleset, CheckOptions(**options)), read(text)).facts  # type: ignore[arg-type]

    return find


@pytest.mark.parametrize(
    ("front", "title", "organ"),
    [
        ("云溪镇人民政府2023年度法治政府建设情况报告", "云溪镇人民政府2023年度法治政府建设情况报告", "云溪镇人民政府"),
        ("云溪镇人民政府\n2023年依法行政工作总结", "2023年依法行政工作总结", "云溪镇人民政府"),
        (
            "白沙县民政局关于2023年度\n法治政府建设情况的报告",
            "白沙县民政局关于2023年度法治政府建设情况的报告",
            "白沙县民政局",
        ),
        ("关于2023年法治建设工作情况的汇报\n白沙县民政局", "关于2023年法治建设工作情况的汇报", "白沙县民政局"),
        (
            "中共白沙县委 白沙县人民政府\n关于2023年度法治政府建设情况的报告",
            "关于2023年度法治政府建设情况的报告",
            "中共白沙县委白沙县人民政府",
        ),
        ("2023年度青岩区法治政府建设年度报告", "2023年度青岩区法治政府建设年度报告", "青岩区"),
        (
            "索引号：0001\n发布日期：2024-02-01\n云溪镇2023年法治政府建设工作总结",
            "云溪镇2023年法治政府建设工作总结",
            "云溪镇",
        ),
        ("# 云溪镇2023年法治政府建设工作总结", "云溪镇2023年法治政府建设工作总结", "云溪镇"),
    ],
)
def test_titles(facts: Callable[..., Facts], front: str, title: str, organ: str) -> None:
    found = facts(f"{front}\n{BODY}")
    assert (found.title, found.organ, found.year) == (title, organ, 2023)
    assert found.organ_near_title


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("云溪镇二〇二二年度法治政府建设情况报告\n现报告如下。\n一、做法\n培训3次。", 2022),
        ("云溪镇法治政府建设情况报告\n现将2021年度有关情况报告如下：\n一、做法\n培训3次。", 2021),
        ("2020年，云溪镇认真推进法治建设。\n一、做法\n培训3次。", 2020),
        ("云溪镇法治政府建设情况报告\n现将有关情况报告如下：\n一、2022年主要做法\n培训3次。", 2022),
        (
            "云溪镇法治政府建设情况报告\n现将有关情况报告如下：\n一、做法\n培训3次。\n二、2024年工作打算\n加强培训。",
            2023,
        ),
        ("云溪镇法治政府建设情况报告\n按照《法治政府建设实施纲要（2021－2025年）》，2023年，我镇推进各项工作。", 2023),
        ("云溪镇法治政府建设情况报告\n按照津发〔2017〕25号文件，2023年以来，我镇推进各项工作。", 2023),
    ],
)
def test_years(facts: Callable[..., Facts], text: str, year: int) -> None:
    assert facts(text).year == year


def test_a_year_that_cannot_be_known_is_not_guessed(facts: Callable[..., Facts]) -> None:
    text = "云溪镇法治政府建设情况报告\n今年以来，我镇推进法治建设。\n一、做法\n落实《纲要（2021－2025年）》，培训3次。"
    assert facts(text).year is None
    assert facts(text, year=2019).year == 2019


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("云溪镇人民政府", "township", "town"),
        ("柳坪乡", "township", "town"),
        ("桂园街道办事处", "township", "subdistrict"),
        ("中共桂园街道工作委员会", "township", "subdistrict"),
        ("桂园街", "township", "subdistrict"),
        ("白沙县人民政府", "county", "government"),
        ("青岩区", "county", "government"),
        ("中共白沙县委白沙县人民政府", "county", "government"),
        ("望江市人民政府", "city", "government"),
        ("岚川省人民政府", "province", "government"),
        ("白沙县民政局", "department", "department"),
        ("望江市卫生健康委员会", "department", "department"),
        ("望江市住房公积金管理中心", "department", "department"),
        ("望江高新技术产业开发区管理委员会", "zone", "zone"),
        (None, None, None),
    ],
)
def test_organ_levels(name: str | None, level: str | None, kind: str | None) -> None:
    assert classify_organ(name) == (level, kind)


def test_stated_level_wins(facts: Callable[..., Facts]) -> None:
    found = facts(f"云溪镇2023年法治政府建设工作总结\n{BODY}", organ_level="department")
    assert (found.organ_level, found.organ_kind) == ("department", "department")


def test_places_of_facts(facts: Callable[..., Facts]) -> None:
    text = f"云溪镇2023年法治政府建设工作总结\n{BODY}"
    found = facts(text)
    assert found.title_span is not None
    assert found.year_span is not None
    assert found.organ_span is not None
    assert text[slice(*found.title_span)] == "云溪镇2023年法治政府建设工作总结"
    assert text[slice(*found.year_span)].startswith("2023")
    assert text[slice(*found.organ_span)] == "云溪镇"
