"""Kind ``section``: a section that a bureau names itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import read, shipped_rules
from validator.engine import build_engine, evaluate_rule
from validator.kinds import SectionCheck
from validator.options import CheckOptions

RULE = (
    shipped_rules()
    .rules[1]
    .model_copy(
        update={
            "id": "X101",
            "check": SectionCheck(
                kind="section", headings=("营商环境",), not_headings=("下一步",), content=("企业|审批",)
            ),
        }
    )
)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("一、优化营商环境\n走访企业20家，解决困难12件。", "pass"),
        ("一、主要做法\n（一）优化营商环境\n走访企业20家，解决困难12件。", "pass"),
        ("一、主要做法\n走访企业20家，营商环境向好。", "fail"),
        ("一、下一步优化营商环境打算\n走访企业，解决困难。", "fail"),
        ("一、优化营商环境\n二、加强宣传\n走访企业20家。", "fail"),
        ("一、优化营商环境\n全年开展宣传活动共计12场。", "review"),
    ],
)
def test_section(text: str, outcome: str) -> None:
    rules = replace(shipped_rules(), rules=(*shipped_rules().rules, RULE))
    result = evaluate_rule(build_engine(rules, CheckOptions(year=2023)), RULE, read(text))
    assert result.outcome == outcome
    if outcome == "pass":
        assert "营商环境" in (result.evidence[0].excerpt or "")
    else:
        assert result.findings
