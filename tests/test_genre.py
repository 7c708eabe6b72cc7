"""Titles and openings of annual reports, and of the genres beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import outcome_of
from validator.result import FileResult

Check = Callable[[str], FileResult]
BODY = (
    "\n2023年，我单位认真落实各项工作要求。\n一、主要做法\n学习贯彻习近平法治思想4次，落实行政执法三项制度，办理行政复议案件2件。\n"
    "二、存在的不足\n执法力量薄弱。\n三、下一步打算\n加强执法培训。\n"
)
REPORTS = [
    "白沙县审计局2023年法治政府建设工作报告",
    "白沙县信访局2023年度法治政府建设情况报告",
    "白沙县人民政府2023年法治政府建设年度报告",
    "白沙县人民政府关于2023年度法治政府建设情况的报告",
    "白沙县民政局2023年度依法行政工作总结",
    "云溪镇2023年法治建设工作情况汇报",
    "望江市审计局2023年法治工作总结",
    "桂园街道2023年度法治政府建设情况",
    "望江市交通运输局2023年度法治机关建设工作报告",
    "关于报送2023年度法治政府建设情况的报告",
    "云溪镇人民政府2023年推进法治政府建设工作报告",
    "白沙县2023年度法治政府建设工作情况和2024年工作安排的报告",
    "中共云溪镇委员会 云溪镇人民政府关于2023年度法治政府建设工作的报告",
]
OTHERS = [
    "关于报送2023年度法治政府建设情况报告的通知",
    "白沙县2023年法治政府建设工作要点",
    "白沙县法治政府建设实施方案（2021－2025年）",
    "白沙县政府信息公开工作2023年年度报告",
    "2023年政府工作报告",
    "白沙县人民法院2023年工作报告",
    "白沙县司法局2023年普法工作总结",
    "云溪镇2023年法治宣传教育工作总结",
    "白沙县城管局2023年度行政执法数据公告",
    "白沙县2023年行政复议工作年度报告",
    "关于法治政府建设督察反馈问题整改情况的报告",
    "镇长2023年度述职述法报告",
    "白沙县召开2023年法治政府建设推进会",
    "《法治政府建设与责任落实督察工作规定》解读",
    "白沙县民政局2023年普法责任清单",
    "白沙县2024年度法治政府建设工作安排",
    "云溪镇2023年平安建设工作总结",
    "白沙县法治政府建设示范创建申报公示",
    "白沙县2023年度优化营商环境工作报告",
]


@pytest.mark.parametrize("title", REPORTS)
def test_reports(check: Check, title: str) -> None:
    assert outcome_of(check(title + BODY), "G001").outcome == "pass"


@pytest.mark.parametrize("title", OTHERS)
def test_neighbouring_genres(check: Check, title: str) -> None:
    assert outcome_of(check(title + BODY), "G001").outcome == "fail"


@pytest.mark.parametrize(
    "opening",
    [
        "2023年，我镇扎实推进依法行政，现将工作情况总结如下：",
        "根据县司法局要求，现将我局2023年法治政府建设工作汇报如下。",
        "一年来，我街道法治建设取得新成效，现就2023年法治建设情况报告如下：",
    ],
)
def test_openings_tell_the_genre_when_there_is_no_title(check: Check, opening: str) -> None:
    text = opening + BODY.replace("2023年，我单位认真落实各项工作要求。\n", "")
    assert outcome_of(check(text), "G001").outcome == "pass"


@pytest.mark.parametrize(
    "text",
    [
        "各乡镇人民政府，县直各部门：\n现将2023年法治政府建设年度报告报送事项通知如下：\n一、报告内容\n主要举措和成效、存在的不足和原因。\n请于3月1日前报送。",
        "本网讯（记者 甲乙）3月1日，白沙县召开法治政府建设推进会，总结2023年法治政府建设工作，部署下一步任务。",
        "2023年，本人作为第一责任人，认真履行推进法治建设职责，学习习近平法治思想，现述职述法如下：\n一、履职情况\n主持会议3次。",
        "今年以来，全县经济平稳运行，财政收入增长5%，招商引资项目12个，粮食产量再创新高，民生支出占比80%。",
    ],
)
def test_texts_without_title_of_other_genres(check: Check, text: str) -> None:
    assert outcome_of(check(text), "G001").outcome == "fail"
