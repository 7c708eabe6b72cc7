"""The Word letters about an audit: what they say after decisions, what they never say, how they are named and look."""

from __future__ import annotations

import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import docx
import msgspec
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from tests.audit_files import HOSTILE, Sample, build_audit, build_from
from validator.audit.decisions import keep_decisions, settle
from validator.audit.exports.opinion import gather, name_letters, needs_letter, write_opinion, write_opinions
from validator.audit.exports.summary import write_summary
from validator.audit.read import DATABASE, Audit
from validator.audit.records import CopiedPassage, Decision, Side
from validator.document import Location
from validator.letter import build_template, open_letter
from validator.result import Basis, FileResult, Finding, Outcome, Relation, RuleResult, Severity, file_outcome

PATH = "2023/云溪县/柳河镇.txt"
WORDING = "二、〔年份〕年存在的不足\n一是〔  〕。"


def _finding(mark: str, message: str, *, line: int | None = None, outcome: Outcome = "fail") -> Finding:
    at = Location(line, 1, line, 5) if line else None
    after = None if line else Location(7, 1, 7, 9)
    excerpt = f"原文{mark}" if line else None
    return Finding(outcome, message, excerpt, None, at, WORDING, mark * 16, None, "单列一个部分", (), None, after)


def _rule(
    name: str,
    outcome: Outcome,
    *findings: Finding,
    severity: Severity = "error",
    relation: Relation = "content",
    reference: bool = False,
) -> RuleResult:
    basis = Basis("x", "某某规定", None, "第三条", "应当写明", relation, "unverified", reference)
    reason = "运行出错" if outcome == "error" else None
    return RuleResult(name, f"某项{name}", outcome, severity, reason, (), findings, (basis,))


def _result(*rules: RuleResult, path: str = PATH, errors: tuple[str, ...] = ()) -> FileResult:
    sha, day = (None, None) if errors else ("f" * 64, "2023-12-31")
    return FileResult(path, sha, file_outcome(rules, errors), day, None, rules, errors)


def _sample(
    path: str = PATH, organ: str | None = "柳河镇人民政府", region: str | None = "云溪县", key: str = "k1"
) -> Sample:
    year = int(path[:4]) if path[:4].isdigit() else None
    return Sample(path, "", (), 0, organ, "township" if organ else None, region, year, key if organ else None, "path")


def _build(
    folder: Path, *results: FileResult, decisions: Sequence[Decision] = (), samples: Sequence[Sample] = ()
) -> Path:
    out = build_from(folder, list(zip(samples or [_sample(r.path) for r in results], results, strict=True)))
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        keep_decisions(base, decisions)
        settle(base)
    return out


def _decide(rule: str, mark: str, verb: str, outcome: Outcome | None = None) -> Decision:
    assert verb in ("confirm", "dismiss", "override")
    word = "dismiss" if verb == "dismiss" else "override" if verb == "override" else "confirm"
    return Decision(PATH, rule, mark, word, outcome, "已经核实", "沈知远", "2024-05-06")  # type: ignore[arg-type]


def _letter(out: Path, path: str = PATH) -> Document:
    with Audit(out) as audit:
        file = audit.file(path)
        assert file is not None
        write_opinion(audit, file, out / "x.docx")
    return docx.Document(str(out / "x.docx"))


def _parts(document: Document) -> dict[str, str]:
    """Return the text below each heading 一、 by its words, tables included."""
    found: dict[str, str] = {"": ""}
    heading = ""
    for element in document.element.body:
        text = "".join(t.text or "" for t in element.iter(qn("w:t")))
        if any(style.get(qn("w:val")) == "Heading1" for style in element.iter(qn("w:pStyle"))):
            heading = text.partition("、")[2]
            found[heading] = ""
        else:
            found[heading] += text + "\n"
    return found


def test_the_parts_stand_in_order_and_say_what_where_and_why(tmp_path: Path) -> None:
    missing = _rule("P102", "fail", _finding("a", "没有写存在的不足。"))
    wrong = _rule("R401", "fail", _finding("b", "引用已失效。", line=12), severity="warning", relation="editorial")
    out = _build(tmp_path, _result(_rule("P101", "pass"), missing, wrong, _rule("P113", "not_applicable")))
    document = _letter(out)
    parts = _parts(document)
    assert list(parts) == ["", "总体结论", "缺项", "应改项", "需复核的事项", "说明"]
    assert "不符合。必备项2项，通过1项，不通过1项：某项P102（P102）。" in parts["总体结论"]
    for words in (
        "没有写存在的不足。",
        "单列一个部分，可以加在第7行之后",
        "《某某规定》第三条",
        "规定了报告内容；条文未核实",
    ):
        assert words in parts["缺项"]
    assert "规定要求写进年度报告" in parts["缺项"]
    assert "〔　　〕" in parts["缺项"]
    assert "引用已失效（第12行第1字）。" in parts["应改项"]
    assert "“原文b”" in parts["应改项"]
    assert "P102" not in parts["应改项"]
    assert "没有需要复核的事项" in parts["需复核的事项"]
    assert "某项P101" in parts["说明"]
    assert "用4条规则检查，4条得出结果。" in parts["说明"]


def test_a_duty_is_never_called_required_content(tmp_path: Path) -> None:
    duty = _rule("T301", "fail", _finding("a", "没有写三项制度。"), relation="duty", reference=True)
    missing = _parts(_letter(_build(tmp_path, _result(duty))))["缺项"]
    assert "没有规定必须写进报告" in missing
    assert "规定要求写进年度报告" not in missing
    assert "参照执行" in missing


def test_words_that_must_not_stand_there_are_no_missing_duty(tmp_path: Path) -> None:
    personal = _rule("S901", "fail", _finding("a", "写了身份证号。", line=3), relation="duty")
    missing = _parts(_letter(_build(tmp_path, _result(personal))))["缺项"]
    assert "以下是其他必备项。" in missing


def test_what_was_dismissed_stands_only_among_the_decisions(tmp_path: Path) -> None:
    two = _rule(
        "R401", "fail", _finding("a", "甲处有误。", line=3), _finding("b", "乙处有误。", line=4), severity="warning"
    )
    decisions = [_decide("R401", "a" * 16, "dismiss"), _decide("P102", "c" * 16, "dismiss")]
    out = _build(tmp_path, _result(_rule("P102", "fail", _finding("c", "没有写。")), two), decisions=decisions)
    parts = _parts(_letter(out))
    assert "没有缺项" in parts["缺项"]
    assert "甲处" not in parts["应改项"]
    assert "乙处" in parts["应改项"]
    assert parts["总体结论"].startswith("符合。")
    assert "程序原来的结论是“不符合”，计入复核人的意见后是“符合”。" in parts["总体结论"]
    for words in ("某项P102", "驳回", "已经核实", "沈知远", "2024-05-06"):
        assert words in parts["复核人的意见"]


def test_an_override_moves_a_rule_to_where_it_belongs(tmp_path: Path) -> None:
    rules = _rule("P102", "fail", _finding("a", "没有写。")), _rule("P103", "pass")
    decisions = [_decide("P102", "", "override", "review"), _decide("P103", "", "override", "fail")]
    parts = _parts(_letter(_build(tmp_path, _result(*rules), decisions=decisions)))
    assert "P103" in parts["缺项"]
    assert "P102" not in parts["缺项"]
    assert "没有写。" in parts["需复核的事项"]
    assert "改判为需复核" in parts["复核人的意见"]


def test_a_confirmed_finding_stays_a_fault_and_says_who_confirmed(tmp_path: Path) -> None:
    decisions = [_decide("P102", "a" * 16, "confirm"), _decide("P102", "9" * 16, "dismiss")]
    parts = _parts(
        _letter(_build(tmp_path, _result(_rule("P102", "fail", _finding("a", "没有写。"))), decisions=decisions))
    )
    assert "没有写。" in parts["缺项"]
    assert "程序原来" not in parts["总体结论"]
    assert parts["复核人的意见"].count("所指的问题已不在") == 1


def test_a_file_that_could_not_be_checked_gets_a_short_letter(tmp_path: Path) -> None:
    parts = _parts(_letter(_build(tmp_path / "a", _result(errors=("文件已损坏。",)))))
    assert list(parts) == ["", "总体结论", "怎么办"]
    assert "文件已损坏。" in parts["总体结论"]
    assert "重新报送" in parts["怎么办"]
    broken = _parts(_letter(_build(tmp_path / "b", _result(_rule("N501", "error"), _rule("P101", "pass")))))
    assert "不用重新报送" in broken["怎么办"]


def _add_copies(out: Path) -> None:
    """Copies of the files 1 and 2 between organs, and of 1 with last year's 3."""
    passage = CopiedPassage(
        Side("我镇建立轮训制度。", "第4行", ((2, 8),)), Side("我局建立轮训制度。", "第9行", ((2, 8),)), 6
    )
    shown = msgspec.json.encode((passage,)).decode()
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        rows = [(1, 2, "organ", 6, 0.3, 0.001, shown), (1, 3, "year", 6, 0.2, 0.2, shown)]
        base.executemany("INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def _three(folder: Path) -> Path:
    paths = ("2023/云溪县/一.txt", "2023/云溪县/二.txt", "2022/云溪县/一.txt")
    samples = [
        _sample(p, organ, key=key)
        for p, organ, key in zip(paths, ("甲镇人民政府", "乙局", "甲镇人民政府"), "121", strict=True)
    ]
    out = _build(folder, *(_result(_rule("P101", "pass"), path=p) for p in paths), samples=samples)
    _add_copies(out)
    return out


def test_shared_passages_stand_side_by_side_with_the_same_words_marked(tmp_path: Path) -> None:
    out = _three(tmp_path)
    mine = _letter(out, "2023/云溪县/一.txt")
    review = _parts(mine)["需复核的事项"]
    assert "与乙局2023年的报告有1段相同，共6字，占本报告的30%，占那份报告的不到1%。" in review
    assert "与甲镇人民政府2022年的报告" in review
    cells = mine.tables[1].rows[1].cells
    assert [c.text for c in cells] == ["第4行\n我镇建立轮训制度。", "第9行\n我局建立轮训制度。"]
    assert [r.text for r in cells[0].paragraphs[1].runs if r.underline] == ["建立轮训制度"]


def test_the_other_side_sees_its_own_words_first(tmp_path: Path) -> None:
    cells = _letter(_three(tmp_path), "2023/云溪县/二.txt").tables[1].rows[1].cells
    assert cells[0].text == "第9行\n我局建立轮训制度。"


def test_last_years_report_is_not_blamed_for_this_years(tmp_path: Path) -> None:
    out = _three(tmp_path)
    assert "没有需要复核的事项" in _parts(_letter(out, "2022/云溪县/一.txt"))["需复核的事项"]
    with Audit(out) as audit:
        batch = gather(audit)
        assert {f.path for f in audit.files() if needs_letter(f, batch)} == {"2023/云溪县/一.txt"}


def test_a_long_passage_is_cut_around_what_is_the_same(tmp_path: Path) -> None:
    out = _three(tmp_path)
    text = "前" * 500 + "同样的话" + "后" * 500
    long = CopiedPassage(Side(text, "第4行", ((500, 504),)), Side(text, "第4行", ((500, 504),)), 4)
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("UPDATE copy SET passages = ?", (msgspec.json.encode((long,)).decode(),))
    paragraph = _letter(out, "2023/云溪县/一.txt").tables[1].rows[1].cells[0].paragraphs[1]
    assert [r.text for r in paragraph.runs if r.underline] == ["同样的话"]
    assert len(paragraph.text) < 320
    assert paragraph.text[0] == paragraph.text[-1] == "…"


@pytest.mark.parametrize(
    ("kind", "characters", "share", "letters"),
    [
        ("organ", 199, 0.099, set()),
        ("organ", 200, 0.01, {"一", "二"}),
        ("organ", 20, 0.1, {"一"}),
        ("year", 20, 0.01, {"一"}),
        ("double", 900, 1.0, set()),
    ],
)
def test_only_much_that_is_shared_is_worth_a_letter(
    tmp_path: Path, kind: str, characters: int, share: float, letters: set[str]
) -> None:
    out = _three(tmp_path)
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("DELETE FROM copy WHERE there = 3")
        base.execute("UPDATE copy SET kind = ?, characters = ?, share_here = ?", (kind, characters, share))
    with Audit(out) as audit:
        batch = gather(audit)
        assert {f.path[-5] for f in audit.files() if needs_letter(f, batch)} == letters


def test_of_nearly_the_same_report_the_three_longest_passages_are_shown(tmp_path: Path) -> None:
    out = _three(tmp_path)
    sides = [Side("甲" * n, f"第{n}行", ((0, n),)) for n in (5, 9, 7, 6, 8)]
    passages = tuple(CopiedPassage(s, s, len(s.text)) for s in sides)
    for share, count, left in ((0.6, 3, "以上是最长的3段，还有2段"), (0.59, 5, "")):
        with closing(sqlite3.connect(out / DATABASE)) as base, base:
            shown = msgspec.json.encode(passages).decode()
            base.execute("UPDATE copy SET passages = ?, share_here = ? WHERE kind = 'organ'", (shown, share))
        letter = _letter(out, "2023/云溪县/一.txt")
        assert len(letter.tables[1].rows) == 1 + count
        review = _parts(letter)["需复核的事项"]
        assert left in review
        assert "“共N字”不计数字、名称、文件标题和通用表述" in review
        assert ("还有" in review) == bool(left)
        assert ("第5行" in review) == (not left)


def test_a_long_passage_ends_where_a_sentence_ends(tmp_path: Path) -> None:
    out = _three(tmp_path)
    text = "".join(f"第{n}句写得不长也不短，有{n}000件。" for n in range(10, 60))
    for words, start, begins, ends in (
        (text, 40, "第10句", "件。…"),
        (text, 400, "…第", "件。…"),
        (text.replace("。", "，"), 400, "…", "，…"),
    ):
        long = CopiedPassage(Side(words, "第4行", ((start, start + 20),)), Side(words, "第4行", ((0, 4),)), 4)
        with closing(sqlite3.connect(out / DATABASE)) as base, base:
            base.execute("UPDATE copy SET passages = ?", (msgspec.json.encode((long,)).decode(),))
        cells = _letter(out, "2023/云溪县/一.txt").tables[1].rows[1].cells
        assert cells[0].paragraphs[1].text.endswith(ends)
        assert cells[0].paragraphs[1].text.startswith(begins)
        assert cells[1].paragraphs[1].text.endswith(ends)
        assert all(len(c.paragraphs[1].text) <= 302 for c in cells)


def test_words_of_reports_are_text_and_nothing_else(tmp_path: Path) -> None:
    bad = f"<w:p/>&amp;{HOSTILE}\u202e]]>"
    out = _build(tmp_path, _result(_rule("P102", "fail", _finding("a", bad, line=3))), samples=[_sample(PATH, bad)])
    document = _letter(out)
    missing = _parts(document)["缺项"]
    assert '<w:p/>&amp;=HYPERLINK("http://example.invalid","<b>点</b>")' in missing
    assert all(c.isprintable() or c == "\u3000" for c in missing.replace("\n", ""))
    assert not any(r.is_external for r in document.part.rels.values())


def test_the_same_audit_gives_the_same_bytes(tmp_path: Path) -> None:
    out = _build(tmp_path, _result(_rule("P102", "fail", _finding("a", "没有写。"))))
    with Audit(out) as audit:
        file = next(audit.files())
        for name in ("1.docx", "2.docx"):
            write_opinion(audit, file, tmp_path / name)
            write_summary(audit, tmp_path / f"s{name}")
    for prefix in ("", "s"):
        assert (tmp_path / f"{prefix}1.docx").read_bytes() == (tmp_path / f"{prefix}2.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.docx") as package:
        assert {i.date_time for i in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in package.read("docProps/core.xml")


def test_page_and_fonts_are_those_of_official_letters(tmp_path: Path) -> None:
    letter = open_letter(build_template())
    letter.heading("一、总体结论")
    letter.save(tmp_path / "x.docx")
    document = docx.Document(str(tmp_path / "x.docx"))
    section = document.sections[0]
    assert section.page_width is not None
    sides = (section.page_width, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(s.mm) if s else 0 for s in sides] == [210, 37, 35, 28, 26]
    assert section.page_width < Mm(211)
    fonts = {s.style_id: s.element.find(".//{*}rFonts") for s in document.styles}
    asian = {name: f.get(qn("w:eastAsia")) for name, f in fonts.items() if f is not None}
    assert (asian["Title"], asian["Heading1"], asian["Heading2"]) == ("宋体", "黑体", "楷体")
    assert document.core_properties.language == "zh-CN"
    assert document.paragraphs[-1].style is not None
    assert document.paragraphs[-1].style.name == "Heading 1"


def _names(folder: Path, *samples: Sample) -> list[str]:
    out = _build(folder, *(_result(_rule("P101", "pass"), path=s.path) for s in samples), samples=samples)
    with Audit(out) as audit:
        return [name for _, name in name_letters(audit)]


def test_names_of_letters_say_whose_they_are(tmp_path: Path) -> None:
    assert _names(tmp_path / "a", _sample()) == ["2023-云溪县-柳河镇人民政府.docx"]
    assert _names(tmp_path / "b", _sample(PATH, "云溪县水利局")) == ["2023-云溪县水利局.docx"]
    assert _names(tmp_path / "c", _sample("CON/nul.txt", None, None)) == ["年度不明-nul.docx"]


def test_names_of_letters_are_safe_short_and_unique(tmp_path: Path) -> None:
    hostile = _names(tmp_path / "a", _sample(PATH, '../../柳河/镇:*?"<>|\x00\x1b\n人民政府. '))
    assert hostile == ["2023-云溪县-柳河 镇 人民政府.docx"]
    (long,) = _names(tmp_path / "b", _sample(PATH, "镇" * 300))
    assert len(long) <= 100
    assert len(long.encode()) <= 255
    twice = [
        _sample(f"2023/{n}.txt", organ, None, key=n)
        for n, organ in zip("123", ("Abc镇", "abc镇", "Abc镇"), strict=True)
    ]
    names = _names(tmp_path / "c", *twice)
    assert len({n.casefold() for n in names}) == 3
    assert names == _names(tmp_path / "d", *twice)
    assert "2023-abc镇.docx" not in names


def test_letters_go_to_those_who_have_something_to_do(tmp_path: Path) -> None:
    hint = _rule("W601", "fail", _finding("a", "用词有误。", line=3), severity="warning")
    results = [
        _result(_rule("P101", "pass"), path="2023/a.txt"),
        _result(_rule("P101", "pass"), hint, path="2023/b.txt"),
        _result(_rule("P101", "fail", _finding("b", "没有写。")), path="2023/c.txt"),
        _result(_rule("P101", "review", _finding("c", "请看。", outcome="review")), path="2023/d.txt"),
        _result(errors=("读不出来。",), path="2023/e.txt"),
    ]
    samples = [_sample(r.path, f"{r.path[5]}镇人民政府", key=r.path[5]) for r in results]
    out = _build(tmp_path, *results, samples=samples)
    seen: list[str] = []
    with Audit(out) as audit:
        count = write_opinions(audit, _into(tmp_path / "some"), advance=lambda file: seen.append(file.path))
        every = write_opinions(audit, _into(tmp_path / "every"), which="all")
    assert (count, every, len(seen)) == (3, 5, 5)
    some = {p.name for p in (tmp_path / "some").iterdir()}
    assert some == {f"2023-云溪县-{n}镇人民政府.docx" for n in "cde"}
    assert some < {p.name for p in (tmp_path / "every").iterdir()}


def _into(folder: Path) -> Callable[[str, Callable[[Path], object]], object]:
    """Return what writes letters into a new folder."""
    folder.mkdir()
    return lambda name, write: write(folder / name)


def _set_due(out: Path, year: int) -> None:
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("UPDATE about SET value = ? WHERE key = 'due'", (str(year),))


def _summary(out: Path) -> dict[str, str]:
    with Audit(out) as audit:
        write_summary(audit, out / "s.docx")
    return _parts(docx.Document(str(out / "s.docx")))


def test_the_summary_says_the_conclusion_first_and_claims_no_roster(tmp_path: Path) -> None:
    fails = [_result(_rule("P101", "fail", _finding("a", "没有写。")), path=f"2023/{n}.txt") for n in "ab"]
    passes = [_result(_rule("P101", "pass"), path=f"2023/{n}.txt") for n in "cdefgh"]
    out = _build(tmp_path, *fails, *passes)
    _set_due(out, 2023)
    parts = _summary(out)
    assert parts["总体情况"].startswith("2023年度：报告8份：符合6份，不符合2份。\n")
    assert "某项P101（2份）" in parts["总体情况"]
    assert "没有给名册" in parts["报送情况"]
    assert "都报送了" not in "".join(parts.values())
    assert "没有，全部文件都查了。" in parts["未能检查的文件"]
    assert "还没有做完" not in parts["总体情况"]
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("UPDATE about SET value = 'comparing' WHERE key = 'state'")
    assert "还没有做完" in _summary(out)["总体情况"]


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        ((3, 2, 1, 1), "某项P101（3份）、某项P102（2份）、某项P103（1份）、某项P104（1份）。"),
        ((3, 2, 1, 0), "某项P101（3份）、某项P102（2份）、某项P103（1份）。"),
        ((2, 2, 1, 0), "某项P101（2份）、某项P102（2份）、某项P103（1份）（前2项一样多）。"),
        ((2, 2, 2, 2), "某项P101（2份）、某项P102（2份）、某项P103（2份）、某项P104（2份）（一样多）。"),
    ],
)
def test_rules_that_fail_as_often_are_named_together(tmp_path: Path, failing: tuple[int, ...], said: str) -> None:
    results = []
    for number in range(3):
        rules = (
            _rule(f"P10{n}", "fail", _finding(f"{n}", "没有写。")) if number < times else _rule(f"P10{n}", "pass")
            for n, times in enumerate(failing, 1)
        )
        results.append(_result(*rules, path=f"2023/{number}.txt"))
    out = _build(tmp_path, *results)
    _set_due(out, 2023)
    assert f"必备项中不通过最多的是：{said}\n" in _summary(out)["总体情况"]


def test_long_lists_of_the_summary_end_and_say_so(tmp_path: Path) -> None:
    out = _build(tmp_path, _result(_rule("P101", "pass")))
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        for line in range(1, 131):
            values = (line, f"第{line}镇人民政府", "township", f"县{line % 3}", "[]", "[]", None)
            base.execute("INSERT INTO roster VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            base.execute("INSERT INTO missing (year, line) VALUES (2023, ?)", (line,))
    _set_due(out, 2023)
    parts = _summary(out)
    assert "2023年度：应报送130家，未报送130家；报告1份：符合1份。" in parts["总体情况"]
    assert "还有30家，见审核工作簿。" in parts["报送情况"]
    assert parts["报送情况"].count("镇人民政府") == 100


def test_every_kind_of_row_stands_in_letters_and_summary(tmp_path: Path) -> None:
    out = build_audit(tmp_path)
    with Audit(out) as audit:
        assert write_opinions(audit, _into(tmp_path / "letters"), which="all") == sum(1 for _ in audit.files())
    review = _parts(_letter(out, "2024/岚溪县/竹影乡.txt"))["需复核的事项"]
    for words in ("建成乡公共法律服务站。", "没有找到", "完善村规民约。"):
        assert words in review
    assert "2024/岚溪县/云溪镇（重报）.txt" in _parts(_letter(out, "2024/岚溪县/云溪镇.txt"))["需复核的事项"]
    assert (
        "公开日期是2025-04-20，最后期限是2025-04-01（含当日）。"
        in _parts(_letter(out, "2024/岚溪县/县人民政府.txt"))["需复核的事项"]
    )
    parts = _summary(out)
    for part, words in (
        ("报送情况", "松坳镇人民政府"),
        ("报送情况", "2025-04-20"),
        ("各报告之间、与上年之间相同的文字", "雁桥铺镇人民政府2024年的报告"),
        ("未能检查的文件", "2024/穗川县/损坏.docx"),
        ("怎样审核的", "复核人作了5个决定"),
    ):
        assert words in parts[part]


@pytest.mark.slow
def test_an_office_program_shows_the_letter(tmp_path: Path) -> None:
    out = build_audit(tmp_path)
    with Audit(out) as audit:
        write_opinions(audit, _into(tmp_path / "letters"))
        write_summary(audit, tmp_path / "letters" / "审核情况汇总.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = sorted(map(str, (tmp_path / "letters").glob("*.docx")))
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "pdf"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    import pypdfium2  # type: ignore[import-untyped]

    for path in sorted((tmp_path / "pdf").glob("*.pdf")):
        document = pypdfium2.PdfDocument(str(path))
        first = document[0]
        assert [round(side * 25.4 / 72) for side in first.get_size()] == [210, 297]
        assert "法治政府建设年度报告" in first.get_textpage().get_text_bounded()
        document.close()
    assert len(list((tmp_path / "pdf").glob("*.pdf"))) == len(files)
