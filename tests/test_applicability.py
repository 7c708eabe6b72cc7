"""To whom and to which years rules apply: what is unknown hides nothing, and the reason is always said."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, SPECIMENS, Run, outcome_of, read, shipped_rules
from validator.applicability import describe_applies, exempt_reason
from validator.engine import build_engine, evaluate
from validator.facts import Facts
from validator.facts.report import classify_organ
from validator.options import CheckOptions, Enforcement
from validator.regions import is_elsewhere, is_region
from validator.rule import Applies, Rule
from validator.ruleset import load_ruleset

YEARS = ROOT / "tests" / "golden" / "years" / "passes-all.json"


def test_one_report_judged_for_each_year() -> None:
    """The applicable rules of each year, and why the others do not apply. ``make golden`` writes them anew."""
    ruleset = load_ruleset(packs=[Path("early"), Path("hubei"), Path("year2026")])
    engine = build_engine(ruleset, CheckOptions())
    document = read("发布日期：2016-02-20\n" + (SPECIMENS / "passes-all.txt").read_text("utf-8"))
    found: dict[str, Any] = {}
    for year in (2015, 2017, 2019, 2021, 2023, 2025, 2026):
        result = evaluate(replace(engine, options=CheckOptions(year=year)), document)
        reasons: dict[str, list[str]] = {}
        for rule in result.rules:
            if rule.outcome == "not_applicable":
                reasons.setdefault(rule.reason or "", []).append(rule.id)
        found[str(year)] = {
            "applicable": [r.id for r in result.rules if r.outcome != "not_applicable"],
            "not_applicable": reasons,
        }
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("FAZHI_UPDATE_GOLDEN") == "1":
        YEARS.parent.mkdir(exist_ok=True)
        YEARS.write_text(text, "utf-8")
    assert text == YEARS.read_text("utf-8")


def rule_for(**applies: Any) -> Rule:
    """Return a hint that applies to some reports only."""
    base = next(r for r in shipped_rules().rules if r.id == "T312")
    return base.model_copy(update={"applies": Applies.model_validate(applies)})


def facts_of(organ: str | None, year: int | None = 2023) -> Facts:
    level, kind = classify_organ(organ)
    return Facts(None, None, year, None, organ, None, level, kind)


@pytest.mark.parametrize(
    ("applies", "organ", "options", "reason"),
    [
        ({"levels": ["county"]}, "云溪县人民政府", CheckOptions(), None),
        ({"levels": ["county"]}, "柳河镇人民政府", CheckOptions(), "本规则只查县级的报告，这个单位是乡镇（街道）"),
        ({"levels": ["county"]}, None, CheckOptions(), None),
        ({"kinds": ["subdistrict"]}, "柳河镇人民政府", CheckOptions(), "本规则只查街道的报告，这个单位是乡镇"),
        ({"kinds": ["subdistrict"]}, "临江街道办事处", CheckOptions(), None),
        ({"regions": ["江东省"]}, None, CheckOptions(), None),
        ({"regions": ["江东省"]}, None, CheckOptions(region="江东省江州市"), None),
        ({"regions": ["江东省"]}, None, CheckOptions(region="江西省"), "本规则只查江东省的报告，这个单位在江西省"),
        ({"regions": ["江东省"]}, None, CheckOptions(region="江州市"), None),
        ({"enforcement": True}, None, CheckOptions(enforcement="no"), "本规则只查有行政执法职能的单位，这个单位没有"),
        ({"enforcement": True}, "云溪县档案馆", CheckOptions(enforcement="yes"), None),
        ({"enforcement": True}, "云溪县档案局", CheckOptions(), None),
        ({"enforcement": True}, "云溪县林业局", CheckOptions(), None),
        ({"enforcement": False}, "云溪县林业局", CheckOptions(), None),
        ({"enforcement": False}, None, CheckOptions(enforcement="yes"), "本规则只查没有行政执法职能的单位，这个单位有"),
        ({"years": {"from": 2023}}, None, CheckOptions(), None),
        ({"years": {"from": 2024}}, None, CheckOptions(), "本规则从2024年度起适用，这份报告是2023年度的"),
        ({"years": {"until": 2023}}, None, CheckOptions(), "本规则适用到2022年度，这份报告是2023年度的"),
        ({"years": {"from": 2019, "until": 2024}}, None, CheckOptions(), None),
        ({"years": {"from": 2019, "until": 2020}}, None, CheckOptions(), "本规则只适用于2019年度，这份报告是2023年度的"),
    ],
)  # fmt: skip
def test_why_a_rule_does_not_apply(
    applies: dict[str, Any], organ: str | None, options: CheckOptions, reason: str | None
) -> None:
    assert exempt_reason(rule_for(**applies), facts_of(organ), options) == reason


@pytest.mark.parametrize("organ", ["云溪县档案馆", "云溪县机关事务管理局", "云溪县机关事务服务中心"])
def test_a_name_hides_hints_but_never_a_mandatory_rule(organ: str) -> None:
    hint = rule_for(enforcement=True)
    said = exempt_reason(hint, facts_of(organ), CheckOptions())
    assert said is not None
    assert "从名称看这个单位没有" in said
    mandatory = hint.model_copy(update={"severity": "error"})
    assert exempt_reason(mandatory, facts_of(organ), CheckOptions()) is None


@pytest.mark.parametrize(
    ("stated", "region", "elsewhere"),
    [
        ("江东省江州市云溪县", "江州市", False),
        ("江东省江州市", "江西省江州市", True),
        ("江东省", "江州市", False),
        ("江州市", "海州市", True),
        ("重庆市江北区", "重庆市", False),
        ("重庆市云溪区", "重庆市江北区", True),
        ("天津市", "重庆市江北区", True),
        ("云州省清河市", "清河市", False),
        ("云州省", "江东省", True),
        ("江州市", "江州市市中区", False),
        ("江州市市北区", "江州市市南区", True),
        ("江州高新区", "江州市", False),
        ("江州", "江州市", False),
    ],
)
def test_regions_differ_only_where_both_name_a_unit_of_one_rank(stated: str, region: str, elsewhere: bool) -> None:
    assert is_elsewhere(stated, [region]) is elsewhere


def test_a_region_is_a_full_name() -> None:
    assert is_region("江东省江州市")
    assert not is_region("江东")


def test_what_is_said_of_a_rule() -> None:
    said = describe_applies(
        Applies.model_validate({"levels": ["county"], "enforcement": True, "years": {"from": 2019}})
    )
    assert said == "只查县级的报告；只查有行政执法职能的单位；从2019年度起适用"
    assert describe_applies(Applies()) == ""


@pytest.mark.parametrize(("stated", "outcome"), [("yes", "pass"), ("unknown", "pass"), ("no", "not_applicable")])
def test_three_systems_are_asked_of_organs_that_enforce_law(stated: Enforcement, outcome: str) -> None:
    engine = build_engine(shipped_rules(), CheckOptions(enforcement=stated))
    result = evaluate(engine, read((SPECIMENS / "passes-all.txt").read_text("utf-8")))
    assert outcome_of(result, "T301").outcome == outcome


def test_the_command_takes_region_and_enforcement(tmp_path: Path, fazhi: Run) -> None:
    (tmp_path / "fazhi.toml").write_text('rules = ["hubei"]\nregion = "江西省"\nenforcement = "no"\n', "utf-8")
    (tmp_path / "报告.txt").write_text((SPECIMENS / "passes-all.txt").read_text("utf-8"), "utf-8")
    rules = {r["id"]: r for r in json.loads(fazhi("check", "报告.txt", "-f", "json").stdout)["files"][0]["rules"]}
    assert rules["X101"]["reason"] == "本规则只查湖北省的报告，这个单位在江西省"
    assert rules["T301"]["outcome"] == "not_applicable"
    again = json.loads(fazhi("check", "报告.txt", "-f", "json", "--region", "湖北省", "--enforcement", "yes").stdout)
    rules = {r["id"]: r["outcome"] for r in again["files"][0]["rules"]}
    assert (rules["X101"], rules["T301"]) == ("fail", "pass")
    wrong = fazhi("check", "报告.txt", "--region", "江东")
    assert wrong.returncode == 2
    assert "全称" in wrong.stderr
