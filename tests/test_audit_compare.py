"""Two audits side by side: pairing, what became better or worse, and why; how it is written."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from tests.audit_files import Sample, build_from
from validator.audit.compare import Comparison, FileChange, FindingCounts, RuleChange, compare_audits
from validator.audit.decisions import keep_decisions, settle
from validator.audit.exports.comparison import render_comparison
from validator.audit.read import DATABASE, Audit
from validator.audit.records import Decision
from validator.result import FileResult, Finding, Outcome, RuleResult, Severity, file_outcome

LAN = "岚溪县"


class Report(NamedTuple):
    """A report of a test: outcomes by rule; the content says which reports have the same bytes."""

    path: str
    key: str | None
    rules: dict[str, Outcome]
    content: str = "甲"
    year: int | None = 2023
    marks: tuple[str, ...] = ("a" * 16,)
    severity: Severity = "error"
    error: str | None = None
    organ: str | None = None


def _build(
    folder: Path, reports: Iterable[Report], *, rules: str = "1", decisions: Sequence[Decision] = (), tool: str = "1.0"
) -> Path:
    out = build_from(folder, [(_sample(r), _result(r)) for r in reports])
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        for key, value in (
            ("ruleset_version", rules),
            ("ruleset_digest", f"sha256:{rules * 64}"),
            ("tool_version", tool),
        ):
            base.execute("UPDATE about SET value = ? WHERE key = ?", (value, key))
        keep_decisions(base, decisions)
        settle(base)
    return out


def _sample(report: Report) -> Sample:
    organ = report.organ or (f"{report.key}镇人民政府" if report.key else None)
    who = (organ, "township", LAN if organ else None, report.year, report.key)
    return Sample(report.path, "", (), 0, *who, "path" if organ else "unknown")


def _result(report: Report) -> FileResult:
    rules = tuple(_rule(name, outcome, report) for name, outcome in report.rules.items())
    errors = (report.error,) if report.error else ()
    return FileResult(report.path, report.content, file_outcome(rules, errors), "2023-12-31", None, rules, errors)


def _rule(name: str, outcome: Outcome, report: Report) -> RuleResult:
    bad = outcome in ("fail", "review")
    findings = tuple(Finding(outcome, f"{name}有误。", None, None, None, None, m) for m in report.marks) if bad else ()
    reason = "规则运行出错" if outcome == "error" else None
    return RuleResult(name, f"规则{name}", outcome, report.severity, reason, (), findings)


def _compare(old: Path, new: Path) -> Comparison:
    with Audit(old) as one, Audit(new) as other:
        return compare_audits(one, other)


def _both(folder: Path, old: Sequence[Report], new: Sequence[Report]) -> Comparison:
    return _compare(_build(folder / "a", old), _build(folder / "b", new))


def _change(comparison: Comparison) -> FileChange:
    (found,) = comparison.files
    return found


def _rule_change(comparison: Comparison, name: str = "P1") -> RuleChange:
    return next(r for r in comparison.rules if r.id == name)


def _decision(path: str, verb: str = "dismiss", mark: str = "a" * 16) -> Decision:
    assert verb in ("dismiss", "confirm")
    return Decision(
        path, "P1", mark, "dismiss" if verb == "dismiss" else "confirm", None, "已核实", "沈知远", "2024-05-06"
    )


def test_a_corrected_report_is_better_and_its_finding_resolved(tmp_path: Path) -> None:
    found = _both(tmp_path, [Report("a.txt", "k1", {"P1": "fail"})], [Report("a.txt", "k1", {"P1": "pass"}, "乙")])
    change = _change(found)
    assert (change.change, change.cause, change.passing, change.failing) == ("improved", "content", ("P1",), ())
    assert found.findings == FindingCounts(resolved=1)
    assert (_rule_change(found).resolved, _rule_change(found).remaining) == (1, 0)


def test_a_report_that_went_wrong_is_worse(tmp_path: Path) -> None:
    found = _both(tmp_path, [Report("a.txt", "k1", {"P1": "review"})], [Report("a.txt", "k1", {"P1": "fail"}, "乙")])
    assert _change(found).change == "worse"
    assert _rule_change(found).failing == 1
    assert found.changes["worse"] == 1


def test_another_finding_of_the_same_rule_is_new_and_the_old_one_resolved(tmp_path: Path) -> None:
    old = Report("a.txt", "k1", {"P1": "fail"}, marks=("a" * 16, "b" * 16))
    new = Report("a.txt", "k1", {"P1": "fail"}, "乙", marks=("b" * 16, "c" * 16, "c" * 16))
    found = _both(tmp_path, [old], [new])
    assert found.findings == FindingCounts(new=2, resolved=1, remaining=1)
    assert _change(found).change == "same"
    assert _rule_change(found).remaining == 1


def test_nothing_differs_between_an_audit_and_itself(tmp_path: Path) -> None:
    out = _build(tmp_path, [Report("a.txt", "k1", {"P1": "fail"}), Report("b.txt", "k2", {"P1": "pass"}, "乙")])
    found = _compare(out, out)
    assert (found.files, found.identical, found.pairs, found.same_rules) == ((), 2, 2, True)
    assert found.findings == FindingCounts(remaining=1)


def test_a_rule_that_no_longer_applies_resolves_nothing(tmp_path: Path) -> None:
    old = Report("a.txt", "k1", {"G1": "pass", "P1": "fail"})
    found = _both(tmp_path, [old], [Report("a.txt", "k1", {"G1": "fail", "P1": "not_applicable"}, "乙")])
    assert (found.findings.resolved, found.findings.lost) == (0, 1)
    assert (_rule_change(found).resolved, _rule_change(found).other) == (0, 1)
    assert _change(found).passing == ()


def test_a_file_that_can_be_read_now_has_no_new_findings(tmp_path: Path) -> None:
    old = Report("a.txt", "k1", {"P1": "error"}, error="读不出来。")
    found = _both(tmp_path, [old], [Report("a.txt", "k1", {"P1": "fail"}, "乙")])
    assert _change(found).change == "now_checked"
    assert (found.findings.new, found.findings.first_judged) == (0, 1)
    back = _compare(tmp_path / "b" / "审核", tmp_path / "a" / "审核")
    assert _change(back).change == "not_checked"
    assert (back.findings.resolved, back.findings.lost) == (0, 1)


def test_what_rules_do_on_the_same_bytes_is_told_from_what_reports_do(tmp_path: Path) -> None:
    reports = [Report("a.txt", "k1", {"P1": "pass"}), Report("b.txt", "k2", {"P1": "pass"}, "乙")]
    later = [Report("a.txt", "k1", {"P1": "fail"}), Report("b.txt", "k2", {"P1": "fail"}, "丙")]
    found = _compare(_build(tmp_path / "a", reports), _build(tmp_path / "b", later, rules="2"))
    assert [f.cause for f in found.files] == ["rules", "both"]
    assert not found.same_rules
    assert "规则集 1 → 2" in render_comparison(found)
    again = _compare(_build(tmp_path / "c", reports), _build(tmp_path / "d", later))
    assert [f.cause for f in again.files] == ["unknown", "content"]


def test_another_program_is_not_called_other_rules(tmp_path: Path) -> None:
    old, new = Report("a.txt", "k1", {"P1": "pass"}), Report("a.txt", "k1", {"P1": "fail"})
    text = render_comparison(_compare(_build(tmp_path / "a", [old]), _build(tmp_path / "b", [new], tool="1.1")))
    assert "程序版本 1.0 → 1.1" in text
    assert "规则集" not in text


def test_rules_come_go_and_change_their_weight(tmp_path: Path) -> None:
    old = [Report("a.txt", "k1", {"P1": "fail", "P2": "fail"})]
    new = [Report("a.txt", "k1", {"P1": "fail", "P3": "fail"}, severity="warning")]
    found = _compare(_build(tmp_path / "a", old), _build(tmp_path / "b", new, rules="2"))
    weights = {r.id: (r.old_severity, r.new_severity) for r in found.rules}
    assert weights == {"P1": ("error", "warning"), "P2": ("error", None), "P3": (None, "warning")}
    assert found.findings == FindingCounts(remaining=1, lost=1, first_judged=1)
    change = _change(found)
    assert (change.change, change.cause, change.passing, change.failing) == ("improved", "rules", (), ("P3",))
    assert _rule_change(found, "P2").resolved == _rule_change(found, "P3").failing == 0
    text = render_comparison(found)
    for words in ("新增的规则（1条）", "去掉的规则（1条）", "P1 规则P1：必备项 → 应改项"):
        assert words in text


def test_what_a_reviewer_dismissed_is_not_resolved_by_the_report(tmp_path: Path) -> None:
    reports = [Report("a.txt", "k1", {"P1": "fail"})]
    plain, decided = _build(tmp_path / "a", reports), _build(tmp_path / "b", reports, decisions=[_decision("a.txt")])
    found = _compare(plain, decided)
    assert found.findings == FindingCounts(dismissed=1)
    assert (_change(found).cause, _change(found).change) == ("decisions", "improved")
    assert _compare(decided, plain).findings == FindingCounts(reopened=1)
    assert _compare(decided, decided).files == ()
    confirmed = _build(tmp_path / "c", reports, decisions=[_decision("a.txt", "confirm")])
    assert _compare(plain, confirmed).files == ()


def test_one_dismissed_finding_of_two_leaves_the_other(tmp_path: Path) -> None:
    reports = [Report("a.txt", "k1", {"P1": "fail"}, marks=("a" * 16, "b" * 16))]
    plain, decided = _build(tmp_path / "a", reports), _build(tmp_path / "b", reports, decisions=[_decision("a.txt")])
    found = _compare(plain, decided)
    assert found.findings == FindingCounts(remaining=1, dismissed=1)
    assert (_change(found).change, _change(found).cause) == ("same", "decisions")


def test_a_dismissed_finding_that_the_new_report_lost_is_nothing_new(tmp_path: Path) -> None:
    old = _build(tmp_path / "a", [Report("a.txt", "k1", {"P1": "fail"})], decisions=[_decision("a.txt")])
    new = _build(tmp_path / "b", [Report("a.txt", "k1", {"P1": "pass"}, "乙")])
    assert _compare(old, new).findings == FindingCounts()


def _pairs(comparison: Comparison) -> set[tuple[str, str, str]]:
    return {(f.old_path, f.new_path, f.how) for f in comparison.files}


def test_a_renamed_file_is_found_by_its_organ_and_one_of_nobody_by_its_bytes(tmp_path: Path) -> None:
    old = [Report("旧/a.txt", "k1", {"P1": "fail"}), Report("旧/b.txt", None, {"P1": "fail"}, "乙", None)]
    new = [Report("新/1.txt", "k1", {"P1": "pass"}, "丙"), Report("新/2.txt", None, {"P1": "pass"}, "乙", None)]
    found = _both(tmp_path, old, new)
    assert _pairs(found) == {("旧/a.txt", "新/1.txt", "organ"), ("旧/b.txt", "新/2.txt", "content")}
    assert not found.only_old
    assert not found.only_new


def test_files_of_nobody_with_other_bytes_are_not_paired(tmp_path: Path) -> None:
    found = _both(tmp_path, [Report("a.txt", None, {"P1": "fail"})], [Report("b.txt", None, {"P1": "pass"}, "乙")])
    assert (found.pairs, len(found.only_old), len(found.only_new)) == (0, 1, 1)
    assert "没有对得上的报告" in render_comparison(found)


def test_a_copy_by_another_organ_is_not_the_same_report(tmp_path: Path) -> None:
    found = _both(tmp_path, [Report("a.txt", "k1", {"P1": "fail"})], [Report("b.txt", "k2", {"P1": "fail"})])
    assert found.pairs == 0


def test_a_path_that_another_organ_uses_now_is_not_the_same_report(tmp_path: Path) -> None:
    old = [Report("1.txt", "k1", {"P1": "fail"}), Report("2.txt", "k2", {"P1": "pass"}, "乙")]
    new = [Report("1.txt", "k2", {"P1": "fail"}, "丙"), Report("2.txt", "k1", {"P1": "pass"}, "丁")]
    assert _pairs(_both(tmp_path, old, new)) == {("1.txt", "2.txt", "organ"), ("2.txt", "1.txt", "organ")}


def test_an_organ_that_submitted_twice_is_paired_one_to_one(tmp_path: Path) -> None:
    old = [Report("a.txt", "k1", {"P1": "fail"}), Report("a2.txt", "k1", {"P1": "pass"}, "乙")]
    new = [Report("b.txt", "k1", {"P1": "fail"}, "乙"), Report("c.txt", "k1", {"P1": "pass"}, "丙")]
    found = _both(tmp_path, old, new)
    assert _pairs(found) == {("a2.txt", "b.txt", "organ"), ("a.txt", "c.txt", "organ")}
    three = _both(tmp_path / "3", [*old, Report("a3.txt", "k1", {"P1": "pass"}, "戊")], new)
    assert (three.pairs, [f.path for f in three.only_old]) == (2, ["a3.txt"])


def test_years_that_have_nothing_in_common_are_compared_by_organ(tmp_path: Path) -> None:
    old = [Report("x/a.txt", "k1", {"P1": "fail"}, year=2022), Report("x/b.txt", "k2", {"P1": "fail"}, "乙", 2022)]
    new = [Report("y/a.txt", "k1", {"P1": "pass"}, "丙", 2023), Report("y/c.txt", "k3", {"P1": "pass"}, "丁", 2023)]
    found = _both(tmp_path, old, new)
    assert not found.by_year
    assert _pairs(found) == {("x/a.txt", "y/a.txt", "organ")}
    text = render_comparison(found)
    assert "（2022；2023）" in text
    assert "差别从哪里来" not in text


def test_years_that_overlap_are_not_mixed_even_under_one_path(tmp_path: Path) -> None:
    old = [Report("a.txt", "k1", {"P1": "fail"}, year=2022), Report("b.txt", "k2", {"P1": "pass"}, "乙", 2023)]
    new = [Report("a.txt", "k1", {"P1": "pass"}, "丙", 2024), Report("b.txt", "k2", {"P1": "fail"}, "丁", 2023)]
    found = _both(tmp_path, old, new)
    assert found.by_year
    assert _pairs(found) == {("b.txt", "b.txt", "path")}
    assert [f.path for f in found.only_old] == ["a.txt"]


def _add_missing(out: Path, entries: Sequence[tuple[int, str, str, Sequence[str], bool]]) -> None:
    """Write a roster: year, organ, region, aliases, whether the report is missing."""
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        for line, (year, organ, region, aliases, missing) in enumerate(entries, 1):
            values = (line, organ, "township", region, json.dumps(aliases), "[]", None)
            base.execute("INSERT INTO roster VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            if missing:
                base.execute("INSERT INTO missing (year, line) VALUES (?, ?)", (year, line))


def test_who_submitted_since_and_who_did_not(tmp_path: Path) -> None:
    old = _build(tmp_path / "a", [Report("a.txt", "k1", {"P1": "pass"})])
    new = _build(tmp_path / "b", [Report("b.txt", "k2", {"P1": "pass"}, "乙")])
    names = ("k1镇人民政府", "k2镇", "k3镇人民政府", "k4镇人民政府")
    _add_missing(
        old,
        [
            (2023, names[0], LAN, [], False),
            (2023, names[1], LAN, ["k2镇人民政府"], True),
            (2023, names[2], LAN, [], True),
            (2023, names[3], LAN, [], True),
            (2023, "k2镇人民政府", "穗川县", [], True),
        ],
    )
    _add_missing(
        new, [(2023, names[0], LAN, [], True), (2023, names[2], LAN, [], True), (2023, "k5镇人民政府", LAN, [], True)]
    )
    found = _compare(old, new).submissions
    assert [a.organ for a in found.now] == ["k2镇"]
    assert [a.organ for a in found.still] == ["k3镇人民政府"]
    assert [a.organ for a in found.no_longer] == ["k1镇人民政府"]
    assert [(a.organ, a.region) for a in found.unclear] == [("k4镇人民政府", LAN), ("k2镇人民政府", "穗川县")]


def test_the_text_fits_the_terminal_and_lists_end(tmp_path: Path) -> None:
    old = [Report(f"很长的文件夹名称/{i:03}/x.txt", f"k{i}", {"P1": "pass", "P2": "pass"}) for i in range(30)]
    new = [r._replace(rules={"P1": "fail", "P2": "fail"}, content="乙") for r in old]
    found = _both(tmp_path, old, new)
    text = render_comparison(found)
    for line in text.splitlines():
        assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) <= 80
        assert not line.strip().startswith(("，", "。", "；"))
    assert text.startswith("对上30份报告：变差30份。\n")
    assert "还有10份，用 JSON 格式看全部。" in text
    assert text == render_comparison(found)
    whole = json.loads(render_comparison(found, "json"))
    assert len(whole["files"]) == 30
    assert whole["changes"]["worse"] == 30
    assert "还有10份" not in render_comparison(found, "markdown")


def test_hostile_names_are_neither_markup_nor_control(tmp_path: Path) -> None:
    path = "<b>|a|\x1b[31m*x*\n# 标题.txt"
    found = _both(tmp_path, [Report(path, "k1", {"P1": "pass"})], [Report(path, "k1", {"P1": "fail"}, "乙")])
    text = render_comparison(found, "markdown")
    assert r"\<b\>\|a\| \[31m\*x\* \# 标题.txt" in text
    for form in ("terminal", "markdown"):
        assert "\x1b" not in render_comparison(found, "markdown" if form == "markdown" else "terminal")


def test_an_audit_that_is_not_finished_is_named(tmp_path: Path) -> None:
    out = _build(tmp_path / "a", [Report("a.txt", "k1", {"P1": "pass"})])
    new = _build(tmp_path / "b", [Report("a.txt", "k1", {"P1": "pass"})])
    with closing(sqlite3.connect(new / DATABASE)) as base, base:
        base.execute("UPDATE about SET value = 'checking' WHERE key = 'state'")
    text = render_comparison(_compare(out, new))
    assert "这次的审核还没有做完" in text
    assert "上次的审核还没有做完" not in text
