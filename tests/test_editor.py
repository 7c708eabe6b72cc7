"""What an editor is told, without a server: places in its own units, diagnostics, hover, actions, rule files."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import CodeAction, Diagnostic, DiagnosticSeverity, Position, PositionEncodingKind, Range, TextEdit

from tests.conftest import ROOT, SPECIMENS
from validator.acceptance import Acceptance
from validator.document import Location
from validator.editor import session
from validator.editor.actions import FIX_ALL, INSERT, actions_for
from validator.editor.diagnostics import diagnostics_for, marks_for
from validator.editor.engines import Engines, Way
from validator.editor.hover import escape, hover_at
from validator.editor.reports import CheckedReport, check_report
from validator.editor.rule_files import check_rules, find_rules_folder
from validator.editor.text_map import TextMap, encode_text, map_text
from validator.engine import MOST_FINDINGS, Engine
from validator.loaders.text import load_text
from validator.result import Waiver
from validator.settings.project import WAIVERS_NAME
from validator.waivers import add_waiver

GOOD = (SPECIMENS / "passes-all.txt").read_text("utf-8")
MISSING = (SPECIMENS / "missing-problems.txt").read_text("utf-8")
WRONG = "😀𠮷加强法制宣传，组织法制培训。\n"
ENCODINGS = [e.value for e in PositionEncodingKind]
URI = "file:///report.txt"
EVERYWHERE = Range(Position(0, 0), Position(10**6, 0))


def checked(engine: Engine, text: str, name: str = "报告.txt", encoding: str = "utf-16") -> CheckedReport:
    return check_report(Way(engine, Acceptance()), name, map_text(text, encoding), 7)


def with_wrong(text: str = GOOD) -> str:
    """Return a report with words to replace, behind characters that editors count as two."""
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:6], WRONG, *lines[6:]])


def corrected(text: str) -> str:
    """Return a text without the wrong words that ``with_wrong`` and others put in."""
    return text.replace("法制宣传", "法治宣传").replace("法制培训", "法治培训")


def apply(text: TextMap, action: CodeAction) -> str:
    """Apply an action as an editor does."""
    assert action.edit is not None
    assert action.edit.document_changes is not None
    (change,) = action.edit.document_changes
    edits: list[TextEdit] = list(change.edits)  # type: ignore[union-attr, arg-type]
    done = text.text
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        start, end = text.offset_of(edit.range.start), text.offset_of(edit.range.end)
        done = done[:start] + edit.new_text + done[end:]
    return done


@pytest.mark.parametrize(
    ("encoding", "columns"), [("utf-8", (0, 4, 8, 11, 12)), ("utf-16", (0, 2, 4, 5, 6)), ("utf-32", (0, 1, 2, 3, 4))]
)
def test_columns_are_counted_as_agreed(encoding: str, columns: tuple[int, ...]) -> None:
    text = map_text("首行\r\n😀𠮷法a\r末行\n", encoding)
    assert [text.range_of(Location(2, c, 2, c)).start for c in range(1, 6)] == [Position(1, c) for c in columns]
    assert [text.offset_of(Position(1, c)) for c in columns] == [4, 5, 6, 7, 8]
    assert text.line(2) == "末行"
    assert text.line(3) == ""


@given(st.text(st.sampled_from("法a😀𠮷\n\r\u2028\x0c\ufeff\ud800 ")), st.sampled_from(ENCODINGS))
def test_every_place_maps_there_and_back(words: str, encoding: str) -> None:
    text = map_text(words, encoding)
    for offset in range(len(words) + 1):
        inside = any(s <= offset <= e for s, e in zip(text.starts, text.ends, strict=True))
        back = text.offset_of(text.position(offset))
        assert back == offset if inside else back <= offset
    assert len(encode_text(words).decode()) == len(words)


@given(st.text(st.sampled_from("法治a😀\n\r\u2028\x0c\x0b\x85 "), max_size=30))
def test_lines_are_those_of_the_loader(words: str) -> None:
    words = f"{words}法治"
    raw = load_text("报告.txt", words.encode())
    assert [p.start for p in raw.places] == list(map_text(words).starts)


def test_places_outside_the_text_are_moved_inside() -> None:
    text = map_text("一\n二三")
    assert text.range_of(Location(9, 9, 12, 1)) == Range(Position(1, 2), Position(1, 2))
    assert text.range_of(Location(1, 9, 1, 20)) == Range(Position(0, 1), Position(0, 1))
    assert text.offset_of(Position(99, 3)) == 4
    assert map_text("").range_of(None) == Range(Position(0, 0), Position(0, 0))


def test_a_byte_order_mark_moves_nothing(engine: Engine) -> None:
    text = map_text("\ufeff标题\n")
    assert text.range_of(Location(1, 1, 1, 2)) == Range(Position(0, 1), Position(0, 2))
    marked = checked(engine, "\ufeff" + with_wrong())
    fix = next(a for a in actions_for(marked, (), URI, EVERYWHERE) if a.kind == FIX_ALL)
    assert apply(marked.text, fix) == corrected("\ufeff" + with_wrong())


def test_a_good_report_has_no_errors(engine: Engine) -> None:
    report = checked(engine, GOOD)
    assert not [d for d in diagnostics_for(report.result, report.text) if d.severity == DiagnosticSeverity.Error]


def test_what_is_missing_stands_where_it_belongs(engine: Engine) -> None:
    report = checked(engine, MISSING)
    (found,) = [d for d in diagnostics_for(report.result, report.text) if d.code == "P102"]
    assert found.severity == DiagnosticSeverity.Error
    assert found.source == "fazhi"
    assert found.message.endswith("应写在：举措和成效之后，单列一个部分。")
    assert found.range.start.line == 16


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_range_of_a_wrong_word_is_that_word(engine: Engine, encoding: str) -> None:
    report = checked(engine, with_wrong(), encoding=encoding)
    found = [d for d in diagnostics_for(report.result, report.text) if d.code == "W601"]
    assert [d.severity for d in found] == [DiagnosticSeverity.Warning] * 2
    for mark in found:
        start, end = report.text.offset_of(mark.range.start), report.text.offset_of(mark.range.end)
        assert report.text.text[start:end] == "法制"


def test_severities(engine: Engine) -> None:
    report = checked(engine, with_wrong())
    rule = next(r for r in report.result.rules if r.id == "W601")
    seen = {}
    for severity in ("error", "warning", "note"):
        for outcome in ("fail", "review"):
            findings = tuple(replace(f, outcome=outcome) for f in rule.findings)
            changed = replace(rule, severity=severity, outcome=outcome, findings=findings)
            (one, _) = diagnostics_for(replace(report.result, rules=(changed,)), report.text)
            assert one.severity is not None
            seen[severity, outcome] = one.severity.name
    assert seen == {
        ("error", "fail"): "Error",
        ("error", "review"): "Information",
        ("warning", "fail"): "Warning",
        ("warning", "review"): "Information",
        ("note", "fail"): "Information",
        ("note", "review"): "Hint",
    }


def test_what_is_accepted_is_not_shown(engine: Engine) -> None:
    report = checked(engine, with_wrong())
    rule = next(r for r in report.result.rules if r.id == "W601")
    known = replace(rule, findings=(replace(rule.findings[0], known=True), rule.findings[1]))
    assert len(diagnostics_for(replace(report.result, rules=(known,)), report.text)) == 1
    waived = replace(rule, waiver=Waiver("W601", "*", "理由", "某人", "2099-01-01"))
    assert diagnostics_for(replace(report.result, rules=(waived,)), report.text) == []


def test_another_genre_has_one_hint(engine: Engine) -> None:
    report = checked(engine, "# Fazhi\n\nHow to install: `pip install`.\n", "README.md")
    (one,) = diagnostics_for(report.result, report.text)
    assert (one.severity, one.code, one.range.start.line) == (DiagnosticSeverity.Hint, "G001", 0)
    assert actions_for(report, marks_for(report.result, report.text), URI, EVERYWHERE) == []


def test_a_broken_rule_is_told_once(engine: Engine) -> None:
    report = checked(engine, GOOD)
    rule = replace(report.result.rules[3], outcome="error", reason="内部错误", findings=())
    (one,) = diagnostics_for(replace(report.result, rules=(rule,)), report.text)
    assert one.message == f"规则{rule.id}未能检查：内部错误。"


@pytest.mark.parametrize(
    "text", ["", " \n", "\0\0\1\2", "\ud800" * 40, "%PDF-1.7\n法治政府建设年度报告", "\u2028\x0c\x85"]
)
def test_what_cannot_be_checked_has_one_sentence(engine: Engine, text: str) -> None:
    report = checked(engine, text)
    (one,) = diagnostics_for(report.result, report.text)
    assert one.range.start == Position(0, 0)
    assert one.message


def test_a_report_without_a_year_says_what_an_editor_can_do(engine: Engine) -> None:
    text = "甲市乙局法治政府建设情况报告\n\n一、主要举措和成效\n落实行政执法三项制度，推进依法行政。\n"
    report = checked(engine, text)
    (one,) = diagnostics_for(report.result, report.text)
    assert "--year" not in one.message
    assert one.severity == DiagnosticSeverity.Error


def test_hover_names_rule_clause_certainty_and_wording(engine: Engine) -> None:
    report = checked(engine, MISSING)
    marks = marks_for(report.result, report.text)
    place = next(m.diagnostic.range for m in marks if m.diagnostic.code == "P102")
    hover = hover_at(marks, place.start)
    assert hover is not None
    shown = hover.contents.value  # type: ignore[union-attr]
    assert "**P102 " in shown
    assert "必备项，不通过" in shown
    assert "依据：《" in shown
    assert "规定了报告内容" in shown
    assert "可以这样写：\n\n```text\n" in shown
    assert hover_at(marks, Position(0, 0)) is None


def test_hover_shows_what_weighs_most_of_many(engine: Engine) -> None:
    report = checked(engine, MISSING)
    (mark,) = [m for m in marks_for(report.result, report.text) if m.diagnostic.code == "P102"]
    light = replace(mark, diagnostic=Diagnostic(mark.diagnostic.range, "小事", DiagnosticSeverity.Hint))
    hover = hover_at([*[light] * 7, mark], mark.diagnostic.range.start)
    assert hover is not None
    shown = hover.contents.value  # type: ignore[union-attr]
    assert shown.count("小事") == 4
    assert "没有写本年度" in shown.split("---")[0]
    assert shown.endswith("这里另有3处，见编辑器的问题列表。")


def test_words_of_the_report_are_not_read_as_markdown(engine: Engine) -> None:
    assert escape("a[x](command:y)\n# <b>*强*`") == r"a\[x\]\(command\:y\) \# \<b\>\*强\*\`"
    report = checked(engine, with_wrong())
    mark = next(m for m in marks_for(report.result, report.text) if m.diagnostic.code == "W601")
    assert mark.finding is not None
    evil = replace(mark, finding=replace(mark.finding, suggestion="```\n[x](command:y)\n````"))
    hover = hover_at([evil], mark.diagnostic.range.start)
    assert hover is not None
    assert "`````text\n```\n[x](command:y)\n````\n`````" in hover.contents.value  # type: ignore[union-attr]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_quick_fix_changes_one_word_and_the_finding_is_gone(engine: Engine, encoding: str) -> None:
    report = checked(engine, with_wrong(), encoding=encoding)
    marks = marks_for(report.result, report.text)
    first = next(m for m in marks if m.diagnostic.code == "W601")
    fixes = actions_for(report, marks, URI, first.diagnostic.range, ["quickfix"])
    assert [a.title for a in fixes] == ["改为“法治”"]
    after = apply(report.text, fixes[0])
    assert after == with_wrong().replace("法制宣传", "法治宣传")
    assert len([d for d in diagnostics_for(checked(engine, after).result, map_text(after)) if d.code == "W601"]) == 1


def test_edits_name_the_version_that_was_checked(engine: Engine) -> None:
    report = checked(engine, with_wrong())
    (fix,) = actions_for(report, (), URI, EVERYWHERE)
    assert fix.edit is not None
    assert fix.edit.document_changes is not None
    assert fix.edit.document_changes[0].text_document.version == 7  # type: ignore[union-attr]
    (plain,) = actions_for(report, (), URI, EVERYWHERE, versioned=False)
    assert plain.edit is not None
    assert plain.edit.changes is not None
    assert list(plain.edit.changes) == [URI]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_fix_all_takes_more_than_a_rule_shows(engine: Engine, newline: str) -> None:
    many = with_wrong().replace(WRONG, "".join(f"{i}月组织法制培训。\n" for i in range(1, MOST_FINDINGS + 6)))
    report = checked(engine, many.replace("\n", newline))
    fix = next(a for a in actions_for(report, (), URI, EVERYWHERE, ["source.fixAll"]))
    assert fix.kind == FIX_ALL
    assert apply(report.text, fix) == corrected(report.text.text)


@pytest.mark.parametrize(("name", "newline"), [("报告.txt", "\n"), ("报告.md", "\r\n")])
def test_a_wording_is_put_in_where_the_part_belongs(engine: Engine, name: str, newline: str) -> None:
    report = checked(engine, MISSING.replace("\n", newline), name)
    marks = marks_for(report.result, report.text)
    place = next(m.diagnostic.range for m in marks if m.diagnostic.code == "P102")
    (insert,) = [a for a in actions_for(report, marks, URI, place, ["refactor"]) if "P102" in a.title]
    assert (insert.title, insert.kind) == ("插入范文（P102）", INSERT)
    after = apply(report.text, insert)
    assert "\n" not in after.replace(newline, "")
    assert after.startswith(report.text.text[: report.text.starts[17]])
    assert after.endswith(report.text.text[report.text.starts[17] :])
    codes = {
        d.code for d in diagnostics_for(checked(engine, after, name).result, map_text(after)) if "没有写" in d.message
    }
    assert "P102" not in codes


def test_a_wording_goes_behind_the_last_line_too(engine: Engine) -> None:
    words = "\n".join(MISSING.split("\n")[:17])
    report = checked(engine, words)
    inserts = actions_for(report, marks_for(report.result, report.text), URI, EVERYWHERE, [INSERT])
    last = next(a for a in inserts if "P102" in a.title)
    assert apply(report.text, last).startswith(f"{words}\n")


def test_the_engine_is_made_once_until_rules_change() -> None:
    engines = Engines()
    first = engines.way_for(Path("a.md")).engine
    assert engines.way_for(Path("b.txt")).engine is first
    engines.forget()
    assert engines.way_for(Path("a.md")).engine is not first


def test_the_configuration_above_a_report_holds(tmp_path: Path) -> None:
    report = tmp_path / "甲.md"
    (tmp_path / ".git").mkdir()
    engines = Engines(lambda: date(2026, 6, 1))

    def codes() -> set[object]:
        shown = session.check_report_safely(engines, str(report), map_text(MISSING), 1)
        assert not isinstance(shown, str), shown
        return {m.diagnostic.code for m in shown.marks}

    assert "P102" in codes()
    (tmp_path / "fazhi.toml").write_text('ignore = ["P102"]\n', "utf-8")
    assert "P102" not in codes()
    (tmp_path / "fazhi.toml").unlink()
    add_waiver(tmp_path / WAIVERS_NAME, Waiver("P102", "甲.md", "一", "二", "2026-06-01"))
    assert "P102" not in codes()
    (tmp_path / "fazhi.toml").write_text("ignor = []\n", "utf-8")
    said = session.check_report_safely(engines, str(report), map_text(MISSING), 1)
    assert str(said).endswith("不认识“ignor”。是不是“ignore”？")


def test_a_crash_is_one_sentence_without_words_of_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("秘密")

    path, text = Path("a.yaml"), map_text("秘密")
    monkeypatch.setattr(session, "marks_for", crash)
    monkeypatch.setattr(session, "check_rules", crash)
    said = session.check_report_safely(Engines(), "a.txt", text, 1)
    assert said == "检查这个文件时程序出错（RuntimeError），请报告给维护者。"
    (one,) = session.check_rules_safely(Engines(), Path("rules"), {path: text}, saved=True)[path]
    assert one.message == said


def test_rules_that_cannot_be_loaded_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "fazhi.toml").write_text('rules-dir = "nothing"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    said = session.check_report_safely(Engines(), "a.txt", map_text("法治"), 1)
    assert str(said).startswith("没有检查：")
    assert str(said).endswith("规则目录不存在")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


def opened(path: Path, old: str, new: str) -> dict[Path, TextMap]:
    """Return a file as an editor has it open, changed and not saved."""
    text = path.read_text("utf-8")
    assert old in text
    return {path: map_text(text.replace(old, new, 1))}


def test_a_rules_folder_is_known_by_what_lies_in_it(rules: Path) -> None:
    assert find_rules_folder(rules / "wording" / "W601.yaml") == rules
    assert find_rules_folder(rules / "lexicon.yaml") == rules
    assert find_rules_folder(rules / "README.md") is None
    assert find_rules_folder(rules.parent / "other.yaml") is None


def test_a_mistake_in_an_unsaved_rule_is_pointed_at(rules: Path) -> None:
    path = rules / "wording" / "W601.yaml"
    found = check_rules(rules, opened(path, "severity: warning", "severty: warning"))
    ((where, (one,)),) = found.items()
    assert where == path
    assert one.message == "不认识的键 severty，您是不是要写 severity？"
    assert one.range == Range(Position(2, 0), Position(2, len("severty: warning")))
    assert check_rules(rules, {path: map_text(path.read_text("utf-8"))}) == {path: []}


def test_a_mistake_in_another_file_is_shown_there(rules: Path) -> None:
    path = rules / "sources" / "ducha-2019.yaml"
    found = check_rules(rules, opened(path, "id: ducha-2019", "id: ducha-2018"))
    assert found[path][0].range.start.line == 0
    broken = rules / "parts" / "P102.yaml"
    broken.write_text(broken.read_text("utf-8").replace("kind: part", "kind: parts", 1), "utf-8")
    found = check_rules(rules, {path: map_text(path.read_text("utf-8"))})
    assert found[path] == []
    assert [d.message for d in found[broken]] == ["kind 不是已知的规则类型，您是不是要写 part？"]


def test_a_wrong_example_is_a_warning_at_its_place(rules: Path) -> None:
    path = rules / "wording" / "W601.yaml"
    found = check_rules(
        rules, opened(path, "text: 组织法制培训3次，参与法制宣传，打造法制课堂。", "text: 组织法治培训。")
    )
    (one,) = found[path]
    assert one.severity == DiagnosticSeverity.Warning
    assert one.message == "例子 fail-1 应为不通过，得到通过。"
    lines = path.read_text("utf-8").split("\n")
    assert lines[one.range.start.line].strip().startswith("- text: 组织法制培训3次")
    assert one.range.start.character == 6


def test_a_new_rule_that_was_never_saved_is_checked(rules: Path) -> None:
    path = rules / "wording" / "W699.yaml"
    text = (rules / "wording" / "W601.yaml").read_text("utf-8").replace("id: W601", "id: W699", 1)
    found = check_rules(rules, {path: map_text(text)})
    assert found[path] == []
    assert [d.message for d in found[rules / "profiles" / "default.yaml"]] == ["规则 W699 没有写进方案"]


def test_the_profile_that_is_open_is_loaded(rules: Path) -> None:
    path = rules / "profiles" / "statutory.yaml"
    found = check_rules(rules, opened(path, "- P102", "- P199"))
    assert [d.message for d in found[path]] == ["没有编号为 P199 的规则"]
