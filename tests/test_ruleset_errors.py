"""Every mistake in a rule file is one line with path, line and column, and nothing is half-loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from validator.errors import RuleFileError
from validator.ruleset import load_ruleset
from validator.yaml_file import read_yaml


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


def edit(path: Path, old: str, new: str) -> int:
    """Replace text once and return the line it stands on."""
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("themes/T301.yaml", "severity: error", "severty: error", "不认识的键 severty"),
        ("themes/T301.yaml", "severity: error", "severity: fatal", "severity"),
        ("themes/T301.yaml", "title: 行", "title: 行\ntitle: 行", "键 title 重复"),
        ("themes/T301.yaml", "source: sanxiang-2018", "source: nothing-2018", "没有名为 nothing-2018 的依据"),
        ("themes/T301.yaml", "article: 总体要求", "article: 第九十九条", "里没有“第九十九条”"),
        ("themes/T301.yaml", "quote: 全面推行", "quote: 全部推行", "引文不在"),
        ("themes/T301.yaml", "kind: theme", "kind: themes", "kind"),
        ("themes/T301.yaml", "not_after: ['改革'", "not_after: ['(改革'", "正则表达式有误"),
        ("themes/T301.yaml", "id: T301", "id: T399", "与文件名"),
        ("themes/T301.yaml", "id: T301", "id: 三零一", "id"),
        ("themes/T301.yaml", "      why: 没有统称", "      whi: 没有统称", "不认识的键 whi"),
        ("themes/T301.yaml", "  fail: 没有写落实", "  fail: ''\n  x: 没有写落实", ""),
        ("parts/P102.yaml", "{lack}", "{lacks}", "词表 lacks 不存在"),
        ("parts/P102.yaml", "part: problems", "part: problem", "part"),
        ("sources/ducha-2019.yaml", "in_force: 2019-04-15", "in_force: 2019-04-35", ""),
        ("sources/chufa-1996.yaml", "repealed: 2021-07-15", "repealed: 1990-07-15", "repealed"),
        ("profiles/default.yaml", "  - T314", "  - T315", "没有编号为 T315 的规则"),
        ("profiles/default.yaml", "  - T314", "  - T313", "出现了两次"),
        ("lexicon.yaml", "name_after:", "name_befor:", ""),
        ("themes/T301.yaml", "id: T301", "id: [T301", "YAML"),
        ("themes/T301.yaml", "id: T301", "\tid: T301", "YAML"),
        ("themes/T305.yaml", "relation: duty", "relation: law", "relation"),
        ("parts/P112.yaml", "relation: editorial", "relation: duty", "编辑惯例"),
    ],
)
def test_mistakes_are_pointed_at(rules: Path, file: str, old: str, new: str, words: str) -> None:
    line = edit(rules / file, old, new)
    with pytest.raises(RuleFileError) as caught:
        load_ruleset(rules)
    error = caught.value
    assert error.path == f"rules/{file}"
    assert words in error.message
    assert str(error) == f"rules/{file}:{error.line}:{error.column}: {error.message}"
    assert error.column >= 1
    if words and "缺少" not in error.message and "YAML" not in error.message:
        assert abs(error.line - line) <= 1


def test_a_missing_key_is_named(rules: Path) -> None:
    edit(rules / "themes/T301.yaml", "rationale:", "x-rationale:")
    with pytest.raises(RuleFileError, match="rationale"):
        load_ruleset(rules)


def test_duplicate_ids(rules: Path) -> None:
    shutil.copy(rules / "themes/T301.yaml", rules / "parts/T301.yaml")
    with pytest.raises(RuleFileError, match="规则编号 T301 重复"):
        load_ruleset(rules)


def test_a_rule_outside_the_profile(rules: Path) -> None:
    edit(rules / "profiles/default.yaml", "  - T314\n", "")
    with pytest.raises(RuleFileError, match="T314 没有写进方案"):
        load_ruleset(rules)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"- a list\n", b"", b"!!python/object:os.system x"])
def test_unreadable_files(rules: Path, data: bytes) -> None:
    (rules / "themes/T301.yaml").write_bytes(data)
    with pytest.raises(RuleFileError, match=r"rules/themes/T301\.yaml:\d+:\d+: "):
        load_ruleset(rules)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="不存在"):
        load_ruleset(tmp_path / "nothing")


def test_near_misses_must_name_their_outcome(rules: Path) -> None:
    edit(rules / "themes/T301.yaml", "      outcome: fail\n      why: 是企业", "      why: 是企业")
    with pytest.raises(RuleFileError, match="near_miss"):
        load_ruleset(rules)


def test_references_that_grow_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))]
    with pytest.raises(RuleFileError, match="引用"):
        read_yaml("a.yaml", "\n".join(lines).encode())
    for deep in (b"[" * 100_000, b"- " * 100_000 + b"x", b"{a: " * 100_000, b"? " * 100_000):
        with pytest.raises(RuleFileError, match="嵌套太深"):
            read_yaml("a.yaml", deep)
