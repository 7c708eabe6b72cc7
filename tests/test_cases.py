"""Passages labelled by readers who had not seen the program, by rule: what it has learned it keeps."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from tests.conftest import ROOT, read, shipped_rules
from validator.engine import Engine, build_engine, evaluate_rule
from validator.options import CheckOptions

FILES = sorted(p for p in (ROOT / "tests" / "cases").glob("*.jsonl") if p.stem != "sentences")
CASES = [json.loads(line) for path in FILES for line in path.read_text("utf-8").splitlines()]
FRAME = """云河县{year}年度法治政府建设情况报告
一、主要举措和成效
{measures}
"""
PARTS = "二、存在的不足和原因\n{problems}\n三、{next_year}年主要安排\n{plan}\n"


@cache
def engine_of(year: int | None) -> Engine:
    return build_engine(shipped_rules(), CheckOptions(year=year))


def report_of(case: dict[str, Any]) -> str:
    """Return the report in which a passage is read: a whole one, parts, a section, or the passage alone."""
    year = case.get("year", 2023)
    head = f"云河县{year}年度法治政府建设情况报告\n"
    if "report" in case:
        return str(case["report"])
    if "problems" in case:
        parts = PARTS.format(problems=case["problems"], plan=case.get("plan") or "继续推进。", next_year=year + 1)
        return FRAME.format(year=year, measures="开展法治培训3次。") + parts
    if case["rule"] == "F203":
        return head + str(case["text"])
    if case["rule"][0] == "D":
        return FRAME.format(year=year, measures=case["text"])
    return str(case["text"])


@pytest.mark.parametrize("rule_id", sorted({c["rule"] for c in CASES}))
def test_cases_of(rule_id: str) -> None:
    differing = []
    for case in (c for c in CASES if c["rule"] == rule_id):
        engine = engine_of(None if "report" in case else case.get("year", 2023))
        result = evaluate_rule(engine, engine.rules[rule_id], read(report_of(case)))
        outcome = "na" if result.outcome == "not_applicable" else result.outcome
        if outcome not in (case["outcome"], *case.get("also", ())):
            differing.append((case["why"], case["outcome"], outcome))
    assert differing == []
