"""Every rule gives an outcome for every report: genre gate, unknown year, dates of law, crashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import SPECIMENS, outcome_of, read
from validator.engine import Engine, build_engine, evaluate
from validator.errors import OptionError
from validator.loaders.table import load
from validator.normalise import normalise
from validator.options import CheckOptions
from validator.result import FileResult
from validator.ruleset import RuleSet

Check = Callable[[str], FileResult]
GOOD = (SPECIMENS / "passes-all.txt").read_text("utf-8")


def test_a_good_report_passes_everything(check: Check) -> None:
    result = check(GOOD)
    assert {r.id: r.outcome for r in result.rules if r.outcome != "pass"} == {}
    assert result.outcome == "pass"
    assert result.as_of == "2023-12-31"


def test_another_genre_makes_all_other_rules_not_applicable(check: Check) -> None:
    result = check("白沙县2023年政府信息公开工作年度报告\n2023年，我县主动公开政府信息230条。")
    assert outcome_of(result, "G001").outcome == "fail"
    others = [r for r in result.rules if r.id != "G001"]
    assert {r.outcome for r in others} == {"not_applicable"}
    assert all(r.reason for r in others)
    assert result.outcome == "fail"


def test_an_unknown_year_is_an_error_that_says_how_to_give_it(ruleset: RuleSet, check: Check) -> None:
    text = "云溪镇法治政府建设情况报告\n今年以来，我镇推进法治政府建设。\n一、做法\n培训3次。"
    result = check(text)
    assert result.outcome == "error"
    assert "--year" in result.errors[0]
    assert {r.outcome for r in result.rules} == {"pass", "error"}
    given = evaluate(build_engine(ruleset, CheckOptions(year=2022)), read(text))
    assert (given.outcome, given.errors, given.as_of) == ("fail", (), "2022-12-31")


def test_a_rule_that_crashes_is_an_error_and_the_run_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from validator.checks.table import run_check as real

    def crash(rule, context):  # type: ignore[no-untyped-def]
        if rule.id == "T305":
            raise ZeroDivisionError("secret words of the report")
        return real(rule, context)

    monkeypatch.setattr("validator.engine.run_check", crash)
    result = evaluate(engine, read(GOOD))
    broken = outcome_of(result, "T305")
    assert broken.outcome == "error"
    assert broken.reason == "规则运行出错（ZeroDivisionError）"
    assert outcome_of(result, "T306").outcome == "pass"
    assert result.outcome == "error"


@pytest.mark.parametrize(
    ("year", "absent"),
    [
        (2018, {"P101", "P102", "P103", "P104", "P111", "T303", "T304"}),
        (2019, {"T303"}),
        (2020, set()),
        (2021, set()),
        (2025, set()),
    ],
)
def test_law_is_dated(ruleset: RuleSet, year: int, absent: set[str]) -> None:
    result = evaluate(build_engine(ruleset, CheckOptions(year=year)), read(GOOD))
    found = {r.id for r in result.rules if r.outcome == "not_applicable" and "起施行" in (r.reason or "")}
    assert found == absent


def test_as_of_decides_which_law_applies(ruleset: RuleSet) -> None:
    early = evaluate(build_engine(ruleset, CheckOptions(as_of=date(2019, 4, 14))), read(GOOD))
    late = evaluate(build_engine(ruleset, CheckOptions(as_of=date(2019, 4, 15))), read(GOOD))
    assert outcome_of(early, "P101").outcome == "not_applicable"
    assert outcome_of(late, "P101").outcome == "pass"


def test_subdistricts_are_told_that_the_basis_is_applied_by_reference(check: Check) -> None:
    text = "桂园街道2023年法治政府建设情况报告\n2023年，桂园街道推进法治政府建设。\n一、主要做法\n培训3次。"
    result = outcome_of(check(text), "P102")
    assert "参照" in result.findings[0].message
    assert result.basis[0].reference_only
    county = outcome_of(check(text.replace("桂园街道", "白沙县")), "P102")
    assert "参照" not in county.findings[0].message
    assert not county.basis[0].reference_only


def test_select_and_ignore(ruleset: RuleSet) -> None:
    engine = build_engine(ruleset, CheckOptions(select=("T", "P101"), ignore=("T301",)))
    ids = [r.id for r in evaluate(engine, read(GOOD)).rules]
    assert "P101" in ids
    assert "T302" in ids
    assert not {"T301", "P102", "G001"} & set(ids)


def test_the_genre_still_decides_when_it_is_not_selected(ruleset: RuleSet) -> None:
    engine = build_engine(ruleset, CheckOptions(select=("T302",)))
    result = evaluate(engine, read("2023年政府工作报告\n各位代表：\n落实谁执法谁普法责任制。"))
    assert [r.outcome for r in result.rules] == ["not_applicable"]


@pytest.mark.parametrize("options", [{"select": ("X999",)}, {"ignore": ("P",), "select": ("P",)}, {"ignore": ("Q",)}])
def test_wrong_selections(ruleset: RuleSet, options: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(OptionError):
        build_engine(ruleset, CheckOptions(**options))  # type: ignore[arg-type]


def test_absence_is_explained(check: Check) -> None:
    text = (
        "云溪镇2023年法治政府建设情况报告\n2023年，云溪镇推进法治政府建设。\n一、主要做法\n"
        "贯彻《关于实行国家机关“谁执法谁普法”普法责任制的意见》。\n二、存在的不足\n“谁执法谁普法”落实不到位。\n"
    )
    result = outcome_of(check(text), "T302")
    finding = result.findings[0]
    assert result.outcome == "fail"
    assert [(c.location.line if c.location else None, c.why) for c in finding.candidates] == [
        (4, "只是引用文件名称，不是本单位的工作"),
        (6, "只在问题部分提到"),
    ]
    assert finding.expected
    assert finding.sought
    assert "〔" in (finding.suggestion or "")
    assert result.basis[0].number == "中办发〔2017〕31号"


def test_evidence_points_into_the_original_file(check: Check) -> None:
    text = "云溪镇2023年法治政府建设情况报告\r\n\r\n2023年，云溪镇推进工作。\r\n一、主要做法\r\n　　全面推行行政执法\u200b“三项 制度”，公示信息9条。"
    place = outcome_of(check(text), "T301").evidence[0].location
    assert place is not None
    assert (place.line, place.column) == (5, 3)


@pytest.mark.parametrize("path", sorted(SPECIMENS.glob("*")), ids=lambda p: p.name)
def test_every_rule_gives_an_outcome_for_every_specimen(engine: Engine, path) -> None:  # type: ignore[no-untyped-def]
    result = evaluate(engine, normalise(load(path.name, path.read_bytes())))
    assert [r.id for r in result.rules] == [r.id for r in engine.chosen]
    for rule in result.rules:
        assert (rule.outcome in ("fail", "review")) == bool(rule.findings)
        assert (rule.outcome in ("not_applicable", "error")) == bool(rule.reason)
        assert rule.basis
        for finding in rule.findings:
            assert finding.suggestion
            assert finding.expected
            assert "\n" not in finding.message
