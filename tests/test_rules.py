"""The law of the rule set: ids, bases, examples; and every example of every rule."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, read, shipped_rules
from validator.cases import CaseRunner
from validator.engine import build_engine, evaluate_rule
from validator.kinds import PartCheck, ThemeCheck
from validator.options import CheckOptions
from validator.result import Finding, fingerprint
from validator.rule import Rule
from validator.ruleset import load_ruleset

RULESET = shipped_rules()
RUNNER = CaseRunner(RULESET)
SHARED = Path(os.environ.get("FAZHI_SHARED", ROOT.parent / "shared"))

GROUPS = {
    "G": ["G001"],
    "P": ["P101", "P102", "P103", "P104", "P111", "P112", "P113", "P114", "P115"],
    "F": ["F201", "F202", "F203", "F204"],
    "T": [f"T3{n:02d}" for n in range(1, 15)],
    "D": ["D321", "D322", "D323"],
    "R": ["R401", "R402", "R403", "R404", "R405"],
    "N": ["N501", "N502"],
    "W": ["W601", "W602", "W603", "W604", "W605", "W606"],
    "S": ["S901", "S903"],
    "H": ["H701", "H702"],
}
MANDATORY = {"G001", "P101", "P102", "P103", "P104", "T301", "T302", "T303", "S901"}
HINTS = {"P113", "F204", "T312", "T313", "T314", "W603", "W604"}
NEVER_FAIL = {"P115", "R403", "N501", "N502"}


@pytest.mark.parametrize("rule", RULESET.rules, ids=lambda r: r.id)
def test_examples_get_the_outcome_they_state(rule: Rule) -> None:
    cases = list(RUNNER.run(rule.id))
    assert [c for c in cases if not c.is_right] == []
    assert {"pass", "review" if rule.id in NEVER_FAIL else "fail"} <= {c.got for c in cases}
    assert len(cases) == len(rule.examples.passing) + len(rule.examples.failing) + len(rule.examples.near_miss)


def test_every_rule_of_the_checklist_is_there() -> None:
    assert [r.id for r in RULESET.rules] == [i for ids in GROUPS.values() for i in ids]


def test_severities_are_those_of_the_checklist() -> None:
    for rule in RULESET.rules:
        expected = "error" if rule.id in MANDATORY else "note" if rule.id in HINTS else "warning"
        assert rule.severity == expected, rule.id


@pytest.mark.parametrize("rule", RULESET.rules, ids=lambda r: r.id)
def test_model_wordings_invent_no_figures(rule: object) -> None:
    words = re.sub(r"“[^”]*”", "", rule.wording)  # type: ignore[attr-defined]
    assert not re.search(r"\d{2,}|\d+[次件份]", words)


def test_only_the_five_items_are_called_content() -> None:
    """Law 3: a duty of the body is never called required content of the report."""
    for rule in RULESET.rules:
        for basis in rule.basis:
            if basis.relation == "content":
                assert rule.id in {"G001", "P101", "P102", "P103", "P104", "P111"}
                assert basis.source == "ducha-2019"


def test_themes_never_say_that_the_regulation_is_broken() -> None:
    for rule in RULESET.rules:
        assert "违反" not in rule.message.fail + (rule.message.review or "")


def test_mandated_content_rests_on_an_article_marked_unverified() -> None:
    article = RULESET.sources["ducha-2019"].articles[0]
    assert article.article_status == "unverified"
    assert "条" not in article.id


def test_the_statutory_profile_makes_only_the_five_items_mandatory() -> None:
    rules = load_ruleset(profile="statutory").rules
    assert [r.id for r in rules] == [r.id for r in RULESET.rules]
    assert {r.id for r in rules if r.severity == "error"} == {"G001", "P101", "P102", "P103", "P104"}


def test_editorial_rules_are_called_editorial() -> None:
    by_id = {r.id: r for r in RULESET.rules}
    for rule_id in ("P112", "P113", "P114", "P115", "H701", "H702", "F203", "D322", "D323", "W601", "W603", "W604"):
        assert {b.relation for b in by_id[rule_id].basis} == {"editorial"}


def test_subdistricts_are_named_as_by_reference() -> None:
    by_id = {r.id: r for r in RULESET.rules}
    for rule_id in ("P101", "P102", "P103", "P104"):
        assert "subdistrict" in by_id[rule_id].reference_for
    assert {"town", "subdistrict", "department"} <= set(by_id["T304"].reference_for)


def test_every_source_is_cited() -> None:
    cited = {b.source for r in RULESET.rules for b in r.basis}
    assert set(RULESET.sources) == cited


def test_rules_and_tests_know_no_real_place() -> None:
    """Law 8: nothing may be fitted to the sample reports by name or by sentence."""
    reports = SHARED / "reports"
    if not reports.is_dir():
        pytest.skip("the sample reports are not on this machine")
    places = ("嘉祥", "军粮城", "塘沽", "西营门", "月牙河", "东丽", "西青", "靖江东里")
    sentences = {
        s.strip()
        for path in reports.glob("*.txt")
        for s in re.split(r"[。；，：\n]", path.read_text("utf-8"))
        if len(s.strip()) >= 24
    }
    for folder in ("rules", "validator", "tests", "fixtures"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix not in {".yaml", ".py", ".txt", ".md", ".json"} or path == Path(__file__):
                continue
            text = path.read_bytes().decode("utf-8", "ignore")
            assert not [p for p in places if p in text], path
            copied = [s for s in sentences if s in text and not _is_formula(s)]
            assert not copied, (path, copied)


def _is_formula(sentence: str) -> bool:
    """Titles of law, the wording of the law and political formulas belong to nobody."""
    return bool(re.search(r"第一责任人|三项制度|习近平|亲自|法制审核|纲要|二十大|主要举措|四个意识", sentence))


def test_terms_of_themes_match_in_some_example() -> None:
    """A term that no example contains is allowed, but the first term of every group must be exercised."""
    for rule in RULESET.rules:
        if isinstance(rule.check, ThemeCheck):
            examples = (*rule.examples.passing, *rule.examples.failing, *rule.examples.near_miss)
            texts = "".join(e.text for e in examples)
            assert any(t in texts.replace("“", "").replace("”", "") for t in rule.check.any_of[0].all_of[0].terms)


def test_parts_have_distinct_precedence() -> None:
    ranks = [r.check.precedence for r in RULESET.rules if isinstance(r.check, PartCheck)]
    assert sorted(ranks) == sorted(set(ranks))


def test_digest_covers_every_file(tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", copy)
    before = load_ruleset(copy).digest
    assert before == RULESET.digest
    path = copy / "themes" / "T301.yaml"
    path.write_text(path.read_text("utf-8") + "# note\n", "utf-8")
    assert load_ruleset(copy).digest != before


def test_fingerprints_are_stable() -> None:
    assert fingerprint("P101", "fail", "") == fingerprint("P101", "fail", "")
    assert fingerprint("P101", "fail", "") != fingerprint("P102", "fail", "")
    assert json.dumps(fingerprint("P101")).isascii()


ABSENCE = [r for r in RULESET.rules if r.id[0] in "PTD" or r.id in ("F201", "F203", "F204", "P111", "P114")]


@pytest.mark.parametrize("rule", [r for r in ABSENCE if r.id not in NEVER_FAIL], ids=lambda r: r.id)
def test_absence_is_explained(rule: object) -> None:
    """Where it belongs, what was looked for, the clause, and a model wording; with what was considered in a text."""
    engine = build_engine(RULESET, CheckOptions(year=2023))
    found: list[Finding] = []
    for example in (*rule.examples.failing, *rule.examples.near_miss):  # type: ignore[attr-defined]
        result = evaluate_rule(engine, rule, read(example.text))  # type: ignore[arg-type]
        if result.outcome == "fail":
            assert result.basis
            found += result.findings
    assert found
    assert all(f.expected and f.suggestion and f.message for f in found)
    if rule.id not in ("P112", "P113"):  # type: ignore[attr-defined]
        assert all(f.sought for f in found)
        assert any(f.candidates for f in found)
    assert all(c.why for f in found for c in f.candidates)
