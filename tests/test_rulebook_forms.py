"""The checklist as Markdown, as a Word file to print, and one rule of it on a terminal."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import docx
import pytest

from tests.conftest import shipped_rules
from tests.pack_files import write_pack
from tests.test_rulebook import hostile_rules, strings
from validator.engine import describe_basis
from validator.law import Coverage, read_coverage
from validator.reporters.documents import escape_markdown
from validator.reporters.words import describe_basis as tell_basis
from validator.rulebook.checklist import render_checklist
from validator.rulebook.markdown import render_markdown_rulebook
from validator.rulebook.terminal import print_coverage, print_rule
from validator.ruleset import load_ruleset

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EVIL = "甲\n# 乙 | <img src=x onerror=alert(1)> [丙](javascript:丁) `戊` \x1b[31m\u202e{{ 7*7 }} ]]>&lt;"


@cache
def coverage() -> Coverage:
    return read_coverage(shipped_rules())


@cache
def checklist() -> bytes:
    return render_checklist(shipped_rules(), coverage())


def words_of(data: bytes) -> str:
    body = docx.Document(io.BytesIO(data)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter(f"{_W}t")) for p in body.iter(f"{_W}p"))


def shown(rule_id: str) -> str:
    out = io.StringIO()
    print_rule(shipped_rules(), next(r for r in shipped_rules().rules if r.id == rule_id), out)
    return out.getvalue()


def test_markdown_has_every_rule_clause_and_source() -> None:
    text = render_markdown_rulebook(shipped_rules(), coverage())
    assert text == render_markdown_rulebook(shipped_rules(), coverage())
    boxes = re.findall(r"^- \[ \] ([A-Z]\d{3}) ", text, re.M)
    assert sorted(boxes) == sorted(r.id for r in shipped_rules().rules)
    for rule in shipped_rules().rules:
        assert f"### {rule.id} {escape_markdown(rule.title)}" in text
        assert escape_markdown(rule.rationale) in text
        for basis in describe_basis(shipped_rules(), rule):
            assert escape_markdown(tell_basis(basis)) in text
    for source in coverage():
        for clause in source.clauses:
            assert escape_markdown(clause.text) in text
            assert escape_markdown(clause.not_checked) in text
    assert "## 逐条对照" not in render_markdown_rulebook(shipped_rules())


def test_nothing_of_a_rule_file_is_markdown() -> None:
    text = render_markdown_rulebook(hostile_rules(EVIL))
    assert not {"\x1b", "\u202e"} & set(text)
    assert not re.search(r"(?<!\\)<img|(?<!\\)\[丙|(?<!\\)`", text)
    assert not re.search(r"^# 乙", text, re.M)


def test_the_word_checklist_has_three_boxes_for_every_rule() -> None:
    document = docx.Document(io.BytesIO(checklist()))
    rows = [[c.text for c in row.cells] for t in document.tables for row in t.rows]
    ticked = [r for r in rows if r[0] == "□"]
    must = [r.id for r in shipped_rules().rules if r.severity == "error"]
    assert [r[3] for r in ticked][: len(must)] == must
    assert sorted(r[3] for r in ticked) == sorted(r.id for r in shipped_rules().rules)
    assert {tuple(r[:3]) for r in ticked} == {("□", "□", "□")}


def test_the_word_checklist_says_how_sure_clauses_are_and_what_is_not_checked() -> None:
    text = words_of(checklist())
    for rule in shipped_rules().rules:
        assert rule.title in text
        for basis in describe_basis(shipped_rules(), rule):
            assert tell_basis(basis) in text
    for source in coverage():
        for clause in source.clauses:
            assert clause.text in text
            assert clause.not_checked in text
    assert "参照执行的单位：街道、开发区、片区。" in text
    assert "、逐条对照" not in words_of(render_checklist(shipped_rules()))


def test_the_word_checklist_is_the_same_bytes_and_holds_no_pattern() -> None:
    assert render_checklist(shipped_rules(), coverage()) == checklist()
    with zipfile.ZipFile(io.BytesIO(checklist())) as package:
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    text = words_of(checklist())
    patterns = {
        s for r in shipped_rules().rules for s in strings(r.check.model_dump()) if re.search(r"[\\|*+?^$\[({]", s)
    }
    assert not [p for p in patterns if p in text]


def test_words_of_a_rule_file_cannot_break_the_word_checklist() -> None:
    text = words_of(render_checklist(hostile_rules(EVIL)))
    assert "<img src=x onerror=alert(1)>" in text
    assert not {"\x1b", "\u202e"} & set(text)


@pytest.mark.parametrize("rule_id", ["P103", "D321", "S901"])
def test_a_rule_on_a_terminal_says_all_that_is_to_be_known(rule_id: str) -> None:
    rule = next(r for r in shipped_rules().rules if r.id == rule_id)
    text = shown(rule_id).replace("\n  ", "").replace("\n    ", "")
    for basis in describe_basis(shipped_rules(), rule):
        assert tell_basis(basis).replace(" ", "") in text.replace(" ", "")
    for name in ("要求", "依据", "适用", "怎么查", "豁免", "例子"):
        assert f"\n{name}" in shown(rule_id)
    assert ("不能豁免。" if rule_id == "S901" else "经批准可以豁免。") in text
    assert ("前提" in shown(rule_id)) == bool(rule.only_if)


def test_nothing_of_a_rule_file_steers_the_terminal() -> None:
    ruleset = hostile_rules(EVIL)
    out = io.StringIO()
    print_rule(ruleset, ruleset.rules[1], out)
    print_coverage(coverage(), out)
    assert not {"\x1b", "\u202e"} & set(out.getvalue())
    assert "<img" in out.getvalue()


def test_a_rule_that_a_pack_switches_off_has_no_box(tmp_path: Path) -> None:
    rules = load_ruleset(packs=[write_pack(tmp_path / "云河")])
    asked = len(rules.rules) - len(rules.off)
    text = render_markdown_rulebook(rules)
    assert "- 不查 W604 " in text
    assert text.count("- [ ] ") == asked
    assert f"共{asked}条规则" in text
    words = words_of(render_checklist(rules))
    assert words.count("□") == 3 * asked
    assert "不查W604。" in words
