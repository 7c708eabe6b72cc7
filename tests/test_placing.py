"""Where missing text should stand: the line after which a comment tells the writer to add it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import outcome_of
from validator.result import FileResult

TITLE = "云溪镇人民政府2023年度法治政府建设情况报告"
OPENING = "2023年，云溪镇扎实推进各项工作，现将情况报告如下。"
MEASURES = "一、主要举措和成效\n全年开展普法宣传12场次，受教育群众3000人次。\n办理行政处罚案件12件。"
PROBLEMS = "二、存在的不足和原因\n执法力量不足，原因是人员编制少。"
PRINCIPAL = "三、党政主要负责人履行第一责任人职责情况\n主要负责人主持召开专题会议2次，研究法治建设工作。"
PLAN = "四、2024年工作安排\n2024年，计划开展执法培训4次，补齐执法人员。"
SIGNATURE = "云溪镇人民政府\n2024年1月20日"


@pytest.mark.parametrize(
    ("lines", "rule", "after"),
    [
        ((TITLE, OPENING, MEASURES, PRINCIPAL, PLAN, SIGNATURE), "P102", "办理行政处罚案件"),
        ((TITLE, OPENING, MEASURES, PROBLEMS, PRINCIPAL, SIGNATURE), "P104", "主要负责人主持召开"),
        ((TITLE, OPENING, MEASURES, PROBLEMS, PLAN), "P103", "执法力量不足"),
        ((TITLE, OPENING, PROBLEMS, PRINCIPAL, PLAN), "P101", "2023年，云溪镇扎实"),
        ((TITLE, OPENING, MEASURES, PROBLEMS, PRINCIPAL, PLAN), "T303", "一、主要举措和成效"),
        ((TITLE, OPENING, MEASURES, PROBLEMS, PRINCIPAL, PLAN), "F204", "三、党政主要负责人"),
    ],
)
def test_missing_text_has_its_place(
    check: Callable[[str], FileResult], lines: tuple[str, ...], rule: str, after: str
) -> None:
    text = "\n".join(lines)
    found = outcome_of(check(text), rule)
    assert found.outcome == "fail"
    place = found.findings[0].insert_after
    assert found.findings[0].location is None
    assert place is not None
    assert text.split("\n")[place.line - 1].startswith(after)


def test_a_finding_with_a_place_needs_none(check: Callable[[str], FileResult]) -> None:
    for rule in check("\n".join((TITLE, OPENING, MEASURES, PROBLEMS, PRINCIPAL, PLAN))).rules:
        for finding in rule.findings:
            assert (finding.location is None) == (finding.insert_after is not None)
