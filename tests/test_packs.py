"""The way of a bureau, as the guide tells it: write a pack, test it, see what it changes, check reports with it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, SPECIMENS, Run, read, shipped_rules
from tests.pack_files import PACK, X101, write_pack
from validator.cache import name_recipe
from validator.cases import run_cases
from validator.differences import compare_rulesets
from validator.editor.rule_files import check_rules, find_rules_folder
from validator.editor.text_map import map_text
from validator.engine import build_engine, evaluate
from validator.options import CheckOptions
from validator.pack_files import list_shipped
from validator.recipe import Recipe, default_rules_path, digest_rules, shipped_packs_path
from validator.ruleset import load_ruleset

GUIDE = (ROOT / "docs" / "packs.md").read_text("utf-8")
REPORTS = ("passes-all.txt", "missing-principal.txt", "missing-plan.txt")
DIFF = """\
2026.1 → 2026.1+yunhe-1
  清单 yunhe：云河局自查清单（版本 1）

新增2处：
  Y101 执法人员培训（应改项，排在P104之后）
  Y102 窗口服务承诺（质量提示，排在Y101之后）

不查1处：
  W604 标点规范（质量提示）
    理由：由文印室统一排版

改分量1处：
  T312 优化营商环境、“放管服”改革：质量提示 → 应改项

改查法2处：
  P114 问题部分有实质内容 least
    原：2
    新：3
  T308 矛盾纠纷预防化解 any_of.1.all_of.1.terms
    加：家事调停

不许豁免1处：
  Y101 执法人员培训
"""


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """Write the files of the guide, and three specimens."""
    for name, text in re.findall(r"```(?:yaml|toml)\n# (\S+)\n(.*?)```", GUIDE, re.S):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "报告").mkdir()
    for name in REPORTS:
        shutil.copy(SPECIMENS / name, tmp_path / "报告")
    return tmp_path


@pytest.mark.usefixtures("bureau")
def test_what_a_pack_changes_is_told_within_80_columns(fazhi: Run) -> None:
    assert fazhi("rules", "diff", "--rules", "云河局").stdout == DIFF
    assert all(len(line.encode("gb18030")) <= 80 for line in DIFF.splitlines())


@pytest.mark.slow
def test_every_command_of_the_guide_does_what_it_says(bureau: Path, fazhi: Run) -> None:
    (bureau / "fazhi.toml").unlink()
    commands = re.findall(r"^(?:\$ )?fazhi (.+)$", GUIDE, re.M)
    assert len(commands) == 8
    for command in commands:
        done = fazhi(*command.split())
        assert done.returncode in ((0, 1) if command.startswith("check") else (0,)), done.stderr


def test_three_specimens_get_the_outcomes_that_the_bureau_wants(bureau: Path, fazhi: Run) -> None:
    before = {p: p.read_bytes() for p in (bureau / "云河局").rglob("*.yaml")}
    done = json.loads(fazhi("check", "报告", "-f", "json").stdout)
    assert before == {p: p.read_bytes() for p in (bureau / "云河局").rglob("*.yaml")}
    assert done["ruleset"]["version"] == "2026.1+yunhe-1"
    assert [p["id"] for p in done["ruleset"]["packs"]] == ["yunhe"]
    found = {
        f["path"]: {
            r["id"]: (r["outcome"], r["severity"])
            for r in f["rules"]
            if r["id"] in ("Y101", "Y102", "T312", "W604", "P114")
        }
        for f in done["files"]
    }
    seen = {path: {i: outcome for i, (outcome, _) in rules.items()} for path, rules in found.items()}
    assert seen == {
        "报告/missing-plan.txt": {
            "P114": "pass",
            "T312": "pass",
            "W604": "not_applicable",
            "Y101": "not_applicable",
            "Y102": "not_applicable",
        },
        "报告/missing-principal.txt": {
            "P114": "pass",
            "T312": "pass",
            "W604": "not_applicable",
            "Y101": "fail",
            "Y102": "not_applicable",
        },
        "报告/passes-all.txt": {
            "P114": "pass",
            "T312": "pass",
            "W604": "not_applicable",
            "Y101": "review",
            "Y102": "fail",
        },
    }
    assert found["报告/passes-all.txt"]["T312"] == ("pass", "warning")
    reasons = {r["id"]: r["reason"] for r in next(f for f in done["files"] if "principal" in f["path"])["rules"]}
    assert reasons["Y102"] == "本规则只查县级、乡镇（街道）的报告，这个单位是部门"
    assert reasons["W604"] == "局里的清单不查这一项：由文印室统一排版"


@pytest.mark.usefixtures("bureau")
def test_a_difference_as_json_says_the_same(fazhi: Run) -> None:
    said = json.loads(fazhi("rules", "diff", "--rules", "云河局", "-f", "json").stdout)
    assert said["format_version"] == "1"
    assert {"kind": "severity", "rule": "T312", "before": "note", "after": "warning"}.items() <= next(
        c for c in said["changes"] if c["rule"] == "T312"
    ).items()
    assert [c["kind"] for c in said["changes"]].count("added") == 2


def test_a_mandatory_rule_is_weakened_only_with_a_reason_that_every_result_shows(tmp_path: Path, fazhi: Run) -> None:
    text = PACK.replace("off:\n", "off:\n  T303: {reason: 另有专报}\n").replace(
        "    message:\n", "    severity: note\n    reason: 科室没有执法权\n    message:\n"
    )
    write_pack(tmp_path / "云河", {"pack.yaml": text})
    shutil.copy(SPECIMENS / "passes-all.txt", tmp_path)
    run = json.loads(fazhi("check", "passes-all.txt", "--rules", "云河", "-f", "json").stdout)
    assert run["ruleset"]["packs"][0]["weakened"] == [
        "T301由必备项改为质量提示：科室没有执法权",
        "T303（必备项）不查：另有专报",
    ]
    shown = fazhi("check", "passes-all.txt", "--rules", "云河").stdout
    assert "T303（必备项）不查：另有专报" in shown.replace("\n", "").replace(" ", "")


def test_a_pack_may_cite_a_clause_of_the_table_of_clauses(tmp_path: Path, fazhi: Run) -> None:
    rule = (ROOT / "rules" / "parts" / "P111.yaml").read_text("utf-8").replace("id: P111", "id: X103")
    write_pack(tmp_path / "云河", {"themes/X103.yaml": rule})
    for command in (["rules", "coverage"], ["rules", "doc", "-o", "清单.html"]):
        assert fazhi(*command, "--rules", "云河").returncode == 0


def test_lint_points_into_the_pack(tmp_path: Path, fazhi: Run) -> None:
    changed = "change:\n  P111: {reason: 另有, check: {patterns: ['(业|务|业务)*完']}}\n"
    write_pack(tmp_path / "云河", {"pack.yaml": PACK.replace("change:\n", changed)})
    said = fazhi("rules", "lint", "--rules", "云河")
    assert said.returncode == 1
    assert "云河/pack.yaml:8:" in said.stdout


def test_a_pack_for_another_profile_can_be_looked_at(tmp_path: Path, fazhi: Run) -> None:
    write_pack(tmp_path / "云河", {"pack.yaml": f"{PACK}profiles: [statutory]\n"})
    for command in (["rules", "list"], ["rules", "show", "X101"], ["rules", "coverage"]):
        assert fazhi(*command, "--rules", "云河").returncode == 2
        assert fazhi(*command, "--rules", "云河", "--profile", "statutory").returncode == 0


def test_packs_stack_and_what_is_extended_is_read_once_and_first(tmp_path: Path) -> None:
    write_pack(tmp_path / "市")
    for name, more in (("区", ""), ("局", "change: {X101: {severity: note}, T312: {severity: note}}\n")):
        (tmp_path / name).mkdir()
        text = f"id: {'qu' if name == '区' else 'ju'}\ntitle: {name}\nversion: '2'\nextends: [../市]\n{more}"
        (tmp_path / name / "pack.yaml").write_text(text, "utf-8")
    packs = [tmp_path / "区", tmp_path / "局"]
    found = load_ruleset(packs=packs)
    assert found.version == "2026.1+yunhe-1+qu-2+ju-2"
    assert {r.id: r.severity for r in found.rules if r.id in ("X101", "X102", "T312")} == {
        "X101": "note",
        "X102": "warning",
        "T312": "note",
    }
    assert found.digest == digest_rules(default_rules_path(), "default", packs)
    assert found.digest != load_ruleset(packs=packs[:1]).digest


def test_a_pack_decides_the_name_of_a_recipe_and_its_place_does_not(tmp_path: Path) -> None:
    first, second = write_pack(tmp_path / "a" / "云河"), write_pack(tmp_path / "b" / "云河")
    usual = Recipe(model="none")
    names = [name_recipe(Recipe(model="none", packs=(p,))) for p in (first, second)]
    assert names[0] == names[1] != name_recipe(usual)
    (second / "themes" / "X101.yaml").write_text(X101.replace("60", "61"), "utf-8")
    assert name_recipe(Recipe(model="none", packs=(second,))) != names[0]


def test_the_profile_does_not_undo_a_severity(tmp_path: Path) -> None:
    text = PACK.replace("  T301:\n", "  T301:\n    severity: error\n")
    found = load_ruleset(profile="statutory", packs=[write_pack(tmp_path / "云河", {"pack.yaml": text})])
    assert next(r.severity for r in found.rules if r.id == "T301") == "error"


@pytest.mark.parametrize("name", list_shipped(shipped_packs_path()))
def test_examples_of_shipped_packs(name: str) -> None:
    found = load_ruleset(packs=[Path(name)])
    own = {r.id for r in found.rules} - {r.id for r in shipped_rules().rules}
    changed = {c.rule for c in compare_rulesets(shipped_rules(), found).changes}
    assert changed
    wrong = [c for rule_id in sorted(own) for c in run_cases(found, rule_id) if not c.is_right]
    assert wrong == []


def test_all_shipped_packs_lie_on_one_another() -> None:
    names = list_shipped(shipped_packs_path())
    assert set(names) == {"early", "gongkai", "hubei", "jiangbei", "shenzhen", "subdistrict", "year2026"}
    found = load_ruleset(packs=[Path(n) for n in names])
    assert [p.id for p in found.packs].count("gongkai") == 1


def test_an_editor_shows_mistakes_in_a_pack(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "云河")
    path = pack / "themes" / "X101.yaml"
    assert find_rules_folder(path) == pack
    assert check_rules(pack, {path: map_text(X101)}) == {path: []}
    ((one,),) = check_rules(pack, {path: map_text(X101.replace("severity:", "severty:"))}).values()
    assert (one.message, one.range.start.line) == ("不认识的键 severty，您是不是要写 severity？", 2)
    (wrong,) = check_rules(pack, {path: map_text(X101.replace("走访企业", "执法培训"))})[path]
    assert "应为不通过，得到通过" in wrong.message
    manifest = pack / "pack.yaml"
    ((one,),) = check_rules(pack, {manifest: map_text(PACK.replace("  T312:", "  T392:"))}).values()
    assert "您是不是要写 T302" in one.message


def test_a_server_uses_packs(tmp_path: Path) -> None:
    from validator.web.app import load_profiles
    from validator.web.config import WebConfig

    pack = write_pack(tmp_path / "云河", {"pack.yaml": PACK + "profiles: [default]\n"})
    config = WebConfig("127.0.0.1", 0, (), None, False, Recipe(packs=(pack,)))
    assert {n: r.version for n, r in load_profiles(config).items()} == {"default": "2026.1+yunhe-1"}


def test_the_interface_says_which_rules_are_off_and_for_whom_others_are(tmp_path: Path) -> None:
    from validator.web.rule_list import list_rules

    found = list_rules(load_ruleset(packs=[write_pack(tmp_path / "云河")]), "default")
    entries = {r.id: r for r in found.rules}
    assert [p.id for p in found.packs] == ["yunhe"]
    assert entries["W604"].off == "由文印室统一排版"
    assert entries["X101"].off is None
    assert entries["T301"].applies == "只查有行政执法职能的单位"


def test_rules_that_wait_for_one_that_is_off_say_so(tmp_path: Path) -> None:
    text = PACK.replace("off:\n", "off:\n  T303: {reason: 另有专报}\n")
    found = load_ruleset(packs=[write_pack(tmp_path / "云河", {"pack.yaml": text})])
    result = evaluate(build_engine(found, CheckOptions()), read((SPECIMENS / "passes-all.txt").read_text("utf-8")))
    reasons = {r.id: r.reason for r in result.rules}
    assert reasons["D323"] == "以T303（学习贯彻习近平法治思想）为前提，T303不适用"
