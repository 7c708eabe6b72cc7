"""``fazhi rules lint``: what is wrong or doubtful in rules that load, each at its place."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, Run, shipped_rules
from validator.authoring.lint import growth
from validator.authoring.lint.alternatives import split_alternatives
from validator.authoring.lint.examples import find_missing_examples
from validator.authoring.lint.exceptions import Exceptions, Kept, leave_out
from validator.authoring.lint.growth import is_nested, measure_growth
from validator.authoring.lint.patterns import find_overlaps
from validator.authoring.lint.remark import Remark, Written
from validator.authoring.lint.slow import find_slow
from validator.checks.patterns import Patterns
from validator.yaml_file import read_yaml


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


def change(path: Path, **changes: object) -> None:
    data = yaml.safe_load(path.read_text("utf-8"))
    data.update(changes)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


def example(text: str, outcome: str, why: str = "x") -> dict[str, str]:
    return {"text": text, "outcome": outcome, "why": why}


def lines(output: str) -> list[str]:
    return [line for line in output.splitlines() if re.match(r"(?:  )?rules/[^:]+:\d+:\d+: ", line)]


@pytest.mark.slow
def test_the_shipped_rules_are_clean(fazhi: Run) -> None:
    done = fazhi("rules", "lint")
    assert (done.returncode, lines(done.stdout)) == (0, [])
    assert "没有要改的" in done.stdout
    assert "未核实" in done.stdout


@pytest.mark.slow
def test_the_shipped_rules_are_clean_in_depth(fazhi: Run) -> None:
    done = fazhi("rules", "lint", "--deep")
    assert done.returncode == 0, done.stdout
    assert all(line.startswith("  ") and "没有出现过" in line for line in lines(done.stdout))


@pytest.mark.slow
def test_one_direction_is_a_mistake_at_its_place(fazhi: Run, folder: Path) -> None:
    path = folder / "themes" / "T302.yaml"
    text = path.read_text("utf-8")
    data = yaml.safe_load(text)
    data["examples"]["near_miss"] = [n for n in data["examples"]["near_miss"] if n["outcome"] != "pass"]
    change(path, examples=data["examples"])
    done = fazhi("rules", "lint", "--rules-dir", folder)
    line = next(i for i, t in enumerate(path.read_text("utf-8").splitlines(), 1) if "near_miss:" in t)
    assert done.returncode == 1
    assert [x.partition(" ")[0] for x in lines(done.stdout)] == [f"rules/themes/T302.yaml:{line}:3:"]
    assert "应当通过" in done.stdout


@pytest.mark.slow
def test_an_exception_has_a_reason_and_is_told_when_needless(fazhi: Run, folder: Path) -> None:
    path = folder / "themes" / "T302.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    data["examples"]["near_miss"] = [n for n in data["examples"]["near_miss"] if n["outcome"] != "pass"]
    change(path, examples=data["examples"])
    kept = {"rule": "T302", "code": "one_direction", "reason": "想不出来"}
    (folder / "lint.yaml").write_text(yaml.safe_dump({"exceptions": [kept]}), "utf-8")
    done = fazhi("rules", "lint", "--rules-dir", folder)
    assert done.returncode == 0
    assert "按例外放过1处" in done.stdout
    (folder / "lint.yaml").write_text(yaml.safe_dump({"exceptions": [{**kept, "rule": "T303"}]}), "utf-8")
    done = fazhi("rules", "lint", "--rules-dir", folder)
    assert done.returncode == 1
    assert "T303 的例外（one_direction）已经用不上" in done.stdout
    (folder / "lint.yaml").write_text("exceptions:\n  - rule: T302\n    code: one_direction\n", "utf-8")
    done = fazhi("rules", "lint", "--rules-dir", folder)
    assert done.returncode == 2
    assert done.stderr.startswith("rules/lint.yaml:2:")


@pytest.mark.slow
def test_a_slow_pattern_and_one_that_matches_nothing_are_mistakes(fazhi: Run, folder: Path) -> None:
    path = folder / "parts" / "P111.yaml"
    check = yaml.safe_load(path.read_text("utf-8"))["check"]
    change(path, check={**check, "patterns": ["由于", "(?:法治|依法|法治)*导致", "(?:因为)?"], "not_patterns": ["或?"]})
    done = fazhi("rules", "lint", "--rules-dir", folder)
    found = [line.partition(": ")[2] for line in lines(done.stdout)]
    assert done.returncode == 1
    assert sum("太慢" in sentence for sentence in found) == 1
    assert sum("什么都算写到" in sentence for sentence in found) == 1
    assert sum("什么都算错" in sentence for sentence in found) == 1


@pytest.mark.slow
def test_two_rules_that_look_for_the_same(fazhi: Run, folder: Path) -> None:
    same = yaml.safe_load((folder / "themes" / "T302.yaml").read_text("utf-8"))["check"]
    change(folder / "themes" / "T305.yaml", check=same)
    group = same["any_of"][0]
    fewer = {"name": "x", "all_of": [{"terms": group["all_of"][0]["terms"][:1]}]}
    change(folder / "themes" / "T306.yaml", check={"kind": "theme", "any_of": [fewer]})
    done = fazhi("rules", "lint", "--rules-dir", folder)
    assert done.returncode == 1
    assert "查法与规则 T302 完全一样" in done.stdout
    assert re.search(r"  rules/themes/T306\.yaml:\d+:\d+: 这些词与规则 T302 的重叠", done.stdout)


@pytest.mark.slow
def test_in_depth_every_example_is_run(fazhi: Run, folder: Path, tmp_path: Path) -> None:
    theme = {"kind": "theme", "any_of": [{"name": "x", "all_of": [{"terms": ["某个从来没有的词", "甲乙丙丁事项"]}]}]}
    change(
        folder / "themes" / "T302.yaml",
        check=theme,
        examples={
            "pass": [{"text": "开展宣传12场。"}],
            "fail": [{"text": "开展宣传13场。"}],
            "near_miss": [example("开展宣传14场。", "fail"), example("开展培训。", "pass")],
        },
    )
    wide = {"kind": "statement", "part": "problems", "patterns": ["."], "lacking": "x"}
    change(
        folder / "parts" / "P111.yaml",
        check=wide,
        only_if={},
        examples={
            "pass": [{"text": "一、存在的不足\n执法力量薄弱。"}],
            "fail": [{"text": "一、存在的不足\n执法力量薄弱。", "outcome": "pass"}],
            "near_miss": [example("一、存在的不足\n执法力量不足。", "pass"), example("一、不足\n力量不足。", "fail")],
        },
    )
    (tmp_path / "语料").mkdir()
    (tmp_path / "语料" / "a.txt").write_text("青石镇2023年法治政府建设情况报告\n办理甲乙丙丁事项3件。", "utf-8")
    done = fazhi("rules", "lint", "--rules-dir", folder, "--deep", "--corpus", tmp_path / "语料")
    assert done.returncode == 1
    found = lines(done.stdout)
    assert any("T302" in f and "通不过" in f for f in found)
    assert sum("T302" in f and "例子应为通过，得到不通过" in f for f in found) == 2
    assert any("P111" in f and "没有应当不通过的例子" in f for f in found) is False
    dead = next(f for f in found if "T302" in f and "没有出现过" in f)
    assert "某个从来没有的词" in dead
    assert "甲乙丙丁" not in dead


def written(rule_id: str, **changes: object) -> Written:
    rule = next(r for r in shipped_rules().rules if r.id == rule_id)
    path = shipped_rules().paths[rule_id]
    return Written(rule.model_copy(update=changes), read_yaml(path, (ROOT / path).read_bytes()))


def test_every_shipped_rule_has_near_misses_in_both_directions() -> None:
    file = written("T302").file
    assert list(find_missing_examples([Written(rule, file) for rule in shipped_rules().rules])) == []


def test_what_lacks_among_examples_is_told_at_its_place() -> None:
    whole = written("T302")
    examples = whole.rule.examples
    for outcome, code, group, words in (
        ("pass", "one_direction", "near_miss", "其实应当通过"),
        ("fail", "one_direction", "near_miss", "其实不应当通过"),
    ):
        good = {"pass", "not_applicable"} if outcome == "pass" else {"fail", "review"}
        left = tuple(e for e in examples.near_miss if e.outcome not in good)
        found = list(find_missing_examples([written("T302", examples=examples.model_copy(update={"near_miss": left}))]))
        assert [(r.code, r.line) for r in found] == [(code, whole.file.marks["examples", group][0])]
        assert words in found[0].sentence
    other = tuple(e.model_copy(update={"outcome": "review"}) for e in examples.passing)
    near = tuple(e.model_copy(update={"outcome": "review"}) for e in examples.near_miss if e.outcome == "pass")
    near += tuple(e for e in examples.near_miss if e.outcome == "not_applicable" or e.outcome != "pass")
    changed = examples.model_copy(update={"passing": other, "near_miss": near})
    assert "no_example" in {r.code for r in find_missing_examples([written("T302", examples=changed)])}


def test_overlaps_are_told_once() -> None:
    first = written("T302")
    second = written("T305", check=first.rule.check)
    assert [(r.code, r.rule) for r in find_overlaps([first, second])] == [("same_check", "T305")]
    assert list(find_overlaps([Written(rule, first.file) for rule in shipped_rules().rules])) == []


def test_exceptions_leave_out_what_they_name() -> None:
    remarks = [
        Remark("a", 1, 1, "one_direction", "x", "T302"),
        Remark("a", 1, 1, "no_example", "x", "T302"),
    ]
    kept = Kept(rule="T302", code="one_direction", reason="x")
    needless = Kept(rule="T303", code="one_direction", reason="x")
    assert leave_out(remarks, Exceptions(exceptions=(kept, needless))) == ((remarks[1],), (needless,))


def test_a_corpus_needs_depth(fazhi: Run, tmp_path: Path) -> None:
    done = fazhi("rules", "lint", "--corpus", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("甲|乙", [("甲", "甲"), ("乙", "乙")]),
        ("甲(?:乙|丙)丁", [("乙", "甲(?:乙)丁"), ("丙", "甲(?:丙)丁")]),
        ("甲(?!乙|丙)", [("乙", "甲(?=乙)"), ("丙", "甲(?=丙)")]),
        ("(?<!乙|丙)甲", [("乙", "(?<=乙)甲"), ("丙", "(?<=丙)甲")]),
        (r"[|()]甲\|乙", []),
        (r"[]|]甲|[^]|]乙", [("[]|]甲", "[]|]甲"), ("[^]|]乙", "[^]|]乙")]),
        ("(?P<wrong>甲|乙)(?=丙)", [("甲", "(?P<wrong>甲)(?=丙)"), ("乙", "(?P<wrong>乙)(?=丙)")]),
        (
            "(甲(乙|丙)|丁)",
            [("乙", "(甲(乙)|丁)"), ("丙", "(甲(丙)|丁)"), ("甲(乙|丙)", "(甲(乙|丙))"), ("丁", "(丁)")],
        ),
        ("甲{1,2}|{law}", [("甲{1,2}", "甲{1,2}"), ("{law}", "{law}")]),
    ],
)
def test_alternatives(pattern: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(a) for a in split_alternatives(pattern)] == found


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.sampled_from("甲乙"),
        lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda parts: "(?:" + "|".join(parts) + ")"),
    )
)
def test_each_alternative_alone_matches_less(pattern: str) -> None:
    for alternative in split_alternatives(pattern):
        for text in ("甲", "乙"):
            if re.fullmatch(alternative.alone, text):
                assert re.fullmatch(pattern, text)


@pytest.mark.parametrize(
    "pattern", ["(?:甲+)+$", "(?:甲|甲)*乙", "(?:法|治|法治)*$", r"(?:\w+，?)+$", "[^。]*[^。]*[^。]*丙"]
)
def test_growth_is_seen(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "SECONDS", 0.005)
    slow = measure_growth(re.compile(pattern))
    assert slow is not None
    assert slow.length <= 600


@pytest.mark.parametrize(
    "pattern", [r"(?:[\u4e00-\u9fff]{1,4}、)+丙", r"[^。]{0,60}丙", "甲{30}", "(?:甲乙?)*丙", "丙*", ""]
)
def test_what_does_not_grow_is_left_alone(pattern: str) -> None:
    assert measure_growth(re.compile(pattern)) is None


def test_a_name_repeated_for_ever_does_not_take_for_ever() -> None:
    lexicon = shipped_rules().lexicon
    assert measure_growth(Patterns(lexicon.words, 2023).compile(lexicon.name_after)) is None


def test_nested_repetitions() -> None:
    assert is_nested(re.compile("(?:甲+乙)*"))
    assert not is_nested(re.compile("(?:甲乙)*丙+"))


@pytest.mark.slow
def test_a_pattern_that_never_ends_is_ended() -> None:
    endless = "(?:甲?){30}甲{30}"
    found = find_slow(["甲+", endless, "(?:乙+)+$"])
    assert set(found) == {endless, "(?:乙+)+$"}
