"""``fazhi rules new``: a rule from answers; what goes wrong is never written, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.conftest import Run, shipped_rules
from validator.authoring.draft import next_id
from validator.authoring.schema import build_schema
from validator.ruleset import read_rule

THEME = {
    "--title": "开展营商环境评价",
    "--kind": "theme",
    "--word": "营商环境评价",
    "--pass": "全年开展“营商环境评价”2次。",
    "--fail": "全年开展宣传2次。",
    "--near-miss": "学习《营商环境评价办法》。",
    "--near-outcome": "fail",
    "--near-why": "只出现在文件名称里",
}


def options(**changes: str) -> list[str]:
    given = {**THEME, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    return [word for option in given.items() for word in option if option[1]]


def test_a_rule_is_written_with_examples_and_the_schema(fazhi: Run, tmp_path: Path) -> None:
    done = fazhi("rules", "new", "--yes", "--out", "本单位", *options())
    assert done.returncode == 0, done.stdout + done.stderr
    path = tmp_path / "本单位" / "Y101.yaml"
    text = path.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema/rule.schema.json\n")
    assert (tmp_path / "本单位" / "schema" / "rule.schema.json").is_file()
    rule = read_rule("Y101.yaml", text.encode(), shipped_rules())
    assert (rule.severity, rule.basis[0].relation, rule.examples.near_miss[0].outcome) == (
        "warning",
        "editorial",
        "fail",
    )
    assert Draft7Validator(build_schema("rule")).is_valid(yaml.safe_load(text))
    assert done.stdout.count("，对：") == 3


def test_the_next_one_has_the_next_id_and_finds_the_schema_above(fazhi: Run, tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "rule.schema.json").write_text("{}")
    (tmp_path / "本单位").mkdir()
    (tmp_path / "本单位" / "Y101.yaml").write_text("我的")
    assert fazhi("rules", "new", "--yes", "--out", "本单位", *options()).returncode == 0
    text = (tmp_path / "本单位" / "Y102.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/rule.schema.json\n")
    assert (tmp_path / "schema" / "rule.schema.json").read_text() == "{}"
    assert sorted(p.name for p in (tmp_path / "本单位").iterdir()) == ["Y101.yaml", "Y102.yaml"]
    done = fazhi("rules", "new", "--yes", "--out", "本单位", *options(id="Y101"))
    assert done.returncode == 2
    assert "没有改" in done.stderr
    assert (tmp_path / "本单位" / "Y101.yaml").read_text("utf-8") == "我的"


def test_no_rule_of_the_pack_has_the_offered_id(tmp_path: Path) -> None:
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "Y101.yaml").write_text("")
    assert next_id(shipped_rules(), tmp_path / "wording") == "Y101"
    (tmp_path / "pack.yaml").write_text("")
    assert next_id(shipped_rules(), tmp_path / "wording") == "Y102"


@pytest.mark.parametrize(
    "changes",
    [
        {
            "kind": "section",
            "word": "营商环境",
            "pass": "一、优化营商环境\\n走访企业20家。",
            "fail": "一、加强宣传\\n走访企业20家，营商环境向好。",
            "near_miss": "一、优化营商环境\\n二、加强宣传\\n开展宣传12场。",
        },
        {
            "kind": "statement",
            "part": "problems",
            "word": "由于",
            "pass": "由于人手少，执法力量不足。",
            "fail": "执法力量不足。",
            "near_miss": "执法力量还不足。",
        },
        {
            "kind": "items",
            "part": "problems",
            "word": "不足",
            "pass": "一是执法力量不足。二是普法经费不足。",
            "fail": "执法力量不足。",
            "near_miss": "执法力量不足，行政执法力量不足。",
        },
        {
            "kind": "wording",
            "word": "再创辉煌",
            "right": "取得新成绩",
            "pass": "开展宣传。",
            "fail": "法治建设再创辉煌。",
            "near_miss": "宣传《再创辉煌方案》，再创辉煌。",
        },
    ],
    ids=lambda c: c["kind"],
)
def test_every_kind_can_be_written(fazhi: Run, tmp_path: Path, changes: dict[str, str]) -> None:
    done = fazhi("rules", "new", "--yes", *options(**changes))
    assert done.returncode == 0, done.stdout + done.stderr
    assert yaml.safe_load((tmp_path / "Y101.yaml").read_text("utf-8"))["check"]["kind"] == changes["kind"]


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"pass": "全年开展宣传2次。"}, 1, "没有写"),
        ({"near_outcome": "pass"}, 1, "没有写"),
        ({"word": ""}, 2, "--word"),
        ({"title": ""}, 2, "--title"),
        ({"fail": ""}, 2, "--fail"),
        ({"word": "“ ”"}, 2, "至少写一个词"),
        ({"id": "T302"}, 2, "已经有了"),
        ({"id": "甲1"}, 2, "大写字母"),
        ({"kind": "statement"}, 2, "--part"),
        ({"source": "meiyou"}, 2, "没有名为 meiyou 的依据"),
        ({"source": "ducha-2019", "article": "第九十九条"}, 2, "第九十九条"),
        ({"source": "pufa-2017", "quote": "没有这句话"}, 2, "引文不在"),
    ],
)
def test_what_is_wrong_is_never_written(
    fazhi: Run, tmp_path: Path, changes: dict[str, str], code: int, words: str
) -> None:
    done = fazhi("rules", "new", "--yes", *options(**changes))
    assert done.returncode == code, done.stdout + done.stderr
    assert words in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_questions_are_asked_in_turn_and_a_wrong_example_again(fazhi: Run, tmp_path: Path) -> None:
    answers = [
        "",
        "分析原因",
        "9",
        "3",
        "2",
        "由于，导致",
        "2",
        "1",
        "由于人手少，执法力量不足。",
        "执法力量不足。",
        "不会导致问题。",
        "2",
        "说的不是原因",
        "执法力量还不足。",
        "只有不足",
    ]
    done = fazhi("rules", "new", stdin="\n".join([*answers, ""]).encode())
    assert done.returncode == 0, done.stdout + done.stderr
    data = yaml.safe_load((tmp_path / "Y101.yaml").read_text("utf-8"))
    assert data["check"] == {
        "kind": "statement",
        "part": "problems",
        "patterns": ["由于|导致"],
        "lacking": "没有写到分析原因",
    }
    assert data["examples"]["near_miss"][0]["why"] == "只有不足"
    assert "不对，应为不通过" in done.stdout


def test_answers_that_end_too_early_write_nothing(fazhi: Run, tmp_path: Path) -> None:
    done = fazhi("rules", "new", stdin=b"\n")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_basis_in_law_is_a_duty_until_said_otherwise(fazhi: Run, tmp_path: Path) -> None:
    source = shipped_rules().sources["pufa-2017"]
    assert len(source.articles) == 1
    done = fazhi("rules", "new", "--yes", *options(source="pufa-2017"))
    assert done.returncode == 0, done.stdout + done.stderr
    basis = yaml.safe_load((tmp_path / "Y101.yaml").read_text("utf-8"))["basis"]
    assert [(b["source"], b["relation"]) for b in basis] == [("pufa-2017", "duty")]
