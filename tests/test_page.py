"""The HTML page without a browser: what stands on it, what is escaped, and where the highlights are."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from tests.conftest import SPECIMENS, Run, outcome_of
from tests.formats import as_docx, as_numbered_docx, as_pdf, read_report
from tests.test_reporters import EMPTY, FULL, WAIVER, finding, rule, run
from validator.cli import app
from validator.document import Location
from validator.engine import Engine, evaluate
from validator.loaders.table import load
from validator.normalise import normalise
from validator.reporters.page import read_page, render_page
from validator.reporters.page.marks import Marks
from validator.reporters.words import conclude_file, describe_accepted, describe_basis, describe_coverage
from validator.result import (
    BaselineUse,
    FileResult,
    KnownFinding,
    RunResult,
    TextLine,
    WaiverUse,
    file_outcome,
)
from validator.runner import finish_run

BUILDERS = {"docx": as_docx, "numbered.docx": as_numbered_docx, "pdf": as_pdf}


def specimen(engine: Engine, name: str, kind: str = "txt") -> FileResult:
    data = (SPECIMENS / name).read_bytes()
    if kind != "txt":
        data = BUILDERS[kind](read_report(name, data))
    return evaluate(engine, normalise(load(f"报告.{kind}", data)), with_text=True)


def parse_page(text: str) -> etree._Element:
    return etree.fromstring(text, etree.HTMLParser())


def parse(result: RunResult) -> Any:
    """Return the page of a run as a tree (its paths find anything, so that no type fits)."""
    return parse_page(render_page(result))


def inner(element: etree._Element) -> str:
    return "".join(str(x) for x in element.itertext())


def words(element: etree._Element) -> str:
    return " ".join(inner(element).split())


def highlight(page: Any, anchor: str) -> str:
    """Return the words under a highlight."""
    return "".join(inner(m) for m in page.xpath("//mark") if anchor in (m.get("data-marks") or "").split())


def without_blanks(text: str) -> str:
    return re.sub(r"\s|\*\*|^#+", "", text)


@pytest.mark.parametrize("result", [EMPTY, FULL], ids=["empty", "full"])
def test_the_run_can_be_opened_again(result: RunResult) -> None:
    assert read_page(render_page(result)) == result


@pytest.mark.parametrize("kind", ["txt", *BUILDERS])
def test_a_real_run_can_be_opened_again(engine: Engine, kind: str) -> None:
    result = finish_run(engine, [specimen(engine, "missing-measures.txt", kind)])
    assert read_page(render_page(result)) == result


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("", "没有检查结果"),
        ("<script>1</script>", "没有检查结果"),
        ('<script type="application/json" id="fazhi-result">{"format_version": 1}</script>', "读不出来"),
        (render_page(EMPTY).replace('"format_version":"1"', '"format_version":"9"'), "第9版"),
    ],
)
def test_other_pages_are_refused_in_a_sentence(page: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as raised:
        read_page(page)
    assert type(raised.value) is ValueError


def test_nothing_is_fetched_and_nothing_runs_but_the_script(engine: Engine) -> None:
    text = render_page(run(specimen(engine, "missing-plan.txt")))
    assert not re.search(r"https?:|//[a-z]|@import|url\(|\bsrc=|<link|<iframe|<form|javascript:", _without_script(text))
    page: Any = parse_page(text)
    for element in page.iter():
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def _without_script(text: str) -> str:
    return re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)


def test_the_policy_names_style_and_script_by_their_content() -> None:
    text = render_page(FULL)
    policy = str(parse(FULL).xpath("//meta[@http-equiv]/@content")[0])
    style = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert (len(style), len(script)) == (1, 1)
    for name, content in (("style-src", style[0]), ("script-src", script[0])):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


HOSTILE = "</script><script>alert(1)</script><!--<img onerror=1>\u2028\u2029&amp;{{ 7*7 }}𠮷\x07\"'"


def test_words_of_a_report_are_never_markup() -> None:
    lines = (TextLine(HOSTILE, 1, 1), TextLine(HOSTILE, 3, 1, level=1))
    bad = rule("P101", "fail", findings=(replace(finding(message=HOSTILE), suggestion=HOSTILE, excerpt=HOSTILE),))
    result = run(FileResult(f"{HOSTILE}.txt", None, "fail", None, None, (bad,), text=lines))
    text = render_page(result)
    assert read_page(text) == result
    assert text.count("<script") == 2
    assert text.count("</script") == 2
    assert not [c for c in text if not c.isprintable() and c not in "\n\t\u3000"]
    page: Any = parse_page(text)
    assert not page.xpath("//img")
    shown = HOSTILE.replace("\x07", " ").replace("\u2028", " ").replace("\u2029", " ")
    assert [inner(q) for q in page.xpath("//blockquote")] == [shown]
    assert "49" not in words(page.xpath("//main")[0])


def test_every_word_of_a_file_stands_on_the_page(engine: Engine) -> None:
    file = specimen(engine, "missing-measures.txt")
    page = parse(run(file))
    shown = words(page.xpath("//main")[0])
    assert conclude_file(file) in words(page.xpath("//header")[0])
    for one in file.rules:
        item = page.xpath(f"//details[contains(@class, 'rule')][.//span[@class='id'][.='{one.id}']]")[0]
        said = words(item)
        for f in one.findings:
            assert f.message in said
            assert not f.sought or f.sought in said
            assert all(c.why in said for c in f.candidates)
        assert all(" ".join(describe_basis(b).split()) in said for b in one.basis)
        assert (item.get("open") is not None) == (one.outcome in ("fail", "review", "error"))
    assert "单位" in shown
    assert str(page.xpath("//html/@lang")[0]) == "zh-CN"


def test_the_checklist_keeps_the_order_of_the_result(engine: Engine) -> None:
    file = specimen(engine, "passes-all.txt")
    page = parse(run(file))
    assert [x.text for x in page.xpath("//summary//span[@class='id']")] == [r.id for r in file.rules]
    names = [words(h).split(" ")[0] for h in page.xpath("//section[@class='part-of-list']/h3")]
    assert names[:3] == ["文种", "必备部分", "第一责任人"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", ["txt", *BUILDERS])
@pytest.mark.parametrize("name", ["missing-measures.txt", "running-text.txt", "passes-all.txt"])
def test_highlights_lie_on_the_right_words(engine: Engine, kind: str, name: str) -> None:
    file = specimen(engine, name, kind)
    page = parse(run(file))
    rows = page.xpath("//details[contains(@class, 'rule')]")
    seen = 0
    for one, row in zip(file.rules, rows, strict=True):
        if one.pairs:
            continue
        told = {f.location for f in one.findings if f.location is not None}
        said = dict.fromkeys((e.excerpt, e.location) for e in one.evidence if e.location not in told)
        found = row.xpath("./div/div/ul/li[@data-go]")
        assert len(found) == len(said)
        for item in found:
            excerpt = inner(item.xpath("./q")[0]).removesuffix("…")
            marked = without_blanks(highlight(page, item.get("data-go") or ""))
            assert marked.startswith(without_blanks(excerpt)), one.id
            seen += 1
        for item in row.xpath(".//li[contains(@class, 'finding')][@data-go]"):
            assert highlight(page, item.get("data-go") or ""), one.id
    assert seen > 10


def test_every_link_leads_somewhere_and_every_anchor_is_one_place(engine: Engine) -> None:
    files = [specimen(engine, n) for n in ("missing-measures.txt", "running-text.txt")]
    page = parse(run(*files))
    anchors = [str(x) for x in page.xpath("//@id")]
    assert len(anchors) == len(set(anchors))
    assert {str(x)[1:] for x in page.xpath("//a/@href")} <= set(anchors)
    assert {x for m in page.xpath("//@data-marks") for x in str(m).split()} <= set(anchors)


def test_missing_parts_have_a_mark_where_they_belong(engine: Engine) -> None:
    file = specimen(engine, "missing-plan.txt")
    page = parse(run(file))
    (mark,) = page.xpath("//p[contains(@class, 'missing')]")
    assert "此处应补写 P104" in words(mark)
    at = outcome_of(file, "P104").findings[0].insert_after
    assert at is not None
    assert words(mark.getprevious()).startswith(str(at.line))
    (link,) = mark.xpath("./a")
    assert page.xpath(f"//a[@href='#{link.get('id')}']")
    assert page.xpath(f"//*[@id='{link.get('href')[1:]}']")[0].tag == "details"


def test_highlights_may_lie_over_each_other() -> None:
    lines = (TextLine("　　甲乙丙丁", 1, 1), TextLine("戊己", 2, 1, begins=False), TextLine("庚", 3, 1))
    one = replace(finding(at=Location(1, 4, 2, 2)), message="一")
    two = replace(finding("review", at=Location(1, 5, 3, 2)), message="二")
    result = run(
        FileResult("a.txt", None, "fail", None, None, (rule("P102", "fail", findings=(one, two)),), text=lines)
    )
    page = parse(result)
    pieces = [(m.text, m.get("class"), m.get("data-marks")) for m in page.xpath("//div[@class='words']//mark")]
    assert pieces == [
        ("乙", "fail", "f1-m1"),
        ("丙丁戊", "fail", "f1-m1 f1-m2"),
        ("己", "review", "f1-m2"),
        ("庚", "review", "f1-m2"),
    ]
    assert [t.get("id") for t in page.xpath("//a[contains(@class, 'tag')]")] == ["f1-m1", "f1-m2"]


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (Location(1, 1, 1, 3), "甲乙"),
        (Location(1, 3, 1, 5), "丙丁"),
        (Location(1, 2, 1, 4), "乙丙"),
        (Location(1, 4, 1, 99), "丁"),
        (Location(7, 1, 7, 2), None),
        (Location(1, 9, 1, 10), None),
        (Location(1, 1, 1, 2, 2), None),
    ],
)
def test_places_in_stretches_of_one_line(at: Location, found: str | None) -> None:
    marks = Marks((TextLine("甲乙", 1, 1), TextLine("丙丁", 1, 3, begins=False)), "f1")
    anchor = marks.add("f1-r1", "P101", "fail", "", at)
    if found is None:
        assert anchor is None
    else:
        (mark,) = marks.marks
        assert marks.parts[0].text[mark.start.offset : mark.end.offset] == found


def test_words_of_letters_do_not_run_together_at_the_end_of_a_line() -> None:
    marks = Marks((TextLine("据ISO", 1, 1), TextLine("9001标准", 2, 1, begins=False)), "f1")
    assert [p.text for p in marks.parts] == ["据ISO 9001标准"]


def test_pages_and_furniture_are_shown() -> None:
    lines = (
        TextLine("甲", 1, 1, 1),
        TextLine("乙", 1, 1, 2, begins=False),
        TextLine("- 2 -", 2, 1, 2, furniture=True),
        TextLine("丙", 1, 1, 3),
    )
    page = parse(run(FileResult("a.pdf", None, "pass", None, None, (rule("P101", "pass"),), text=lines)))
    assert [words(x) for x in page.xpath("//p[@class='page-begins']")] == ["第1页", "第3页"]
    assert [words(x) for x in page.xpath("//span[@class='turn']")] == ["第2页"]
    assert [words(x) for x in page.xpath("//*[contains(@class, 'furniture')]")] == ["2- 2 -"]


def test_headings_follow_each_other(engine: Engine) -> None:
    for files in ([specimen(engine, "markdown.md")], [specimen(engine, n) for n in ("passes-all.txt", "markdown.md")]):
        depth = 0
        for heading in parse(run(*files)).xpath("//h1|//h2|//h3|//h4|//h5|//h6"):
            level = int(heading.tag[1])
            assert level <= depth + 1, words(heading)
            depth = level


def test_what_does_not_count_is_shown() -> None:
    known = replace(finding(message="老问题"), known=True)
    rules = (rule("P104", "fail", findings=(finding(),), waiver=WAIVER), rule("P102", "fail", findings=(known,)))
    file = FileResult(
        "a.txt", None, file_outcome(rules, ()), None, None, rules, text=(TextLine("甲乙丙丁戊己庚辛", 3, 1),)
    )
    resolved = (KnownFinding("b.txt", "W601", "0", "写成了法制"),)
    used = (WaiverUse(WAIVER, "used", "豁免.yaml", 3), WaiverUse(WAIVER, "expired", "豁免.yaml", 9))
    result = replace(run(file), waivers=used, baseline=BaselineUse("基线.json", 1, resolved))
    page = parse(result)
    shown = words(page.xpath("//main")[0])
    assert describe_accepted(rules[0]) in shown
    assert "已在基线中" in shown
    assert "老问题" in shown
    assert len(page.xpath("//summary//span[.='不计入结论']")) == 2
    assert page.xpath("//h1[.='没有新问题']")
    assert not page.xpath("//nav[@class='todo']")
    assert {m.get("class") for m in page.xpath("//mark[@data-marks]")} == {"accepted"}
    foot = words(page.xpath("//footer")[0])
    for said in ("用上了1条豁免", "已过期", "基线 基线.json", "写成了法制", describe_coverage(result)):
        assert said in foot


def test_pairs_are_shown(engine: Engine) -> None:
    file = specimen(engine, "passes-all.txt")
    pairs = outcome_of(file, "P115").pairs
    assert pairs
    page = parse(run(file))
    shown = page.xpath("//ol[@class='pairs']/li")
    assert len(shown) == len(pairs)
    for pair, item in zip(pairs, shown, strict=True):
        assert " ".join(pair.problem.excerpt.split()) in words(item)
        assert pair.plan is None or "、".join(pair.shared) in words(item)


def test_without_the_text_the_page_says_so(engine: Engine) -> None:
    file = replace(specimen(engine, "missing-plan.txt"), text=None)
    page = parse(run(file))
    assert "结果里没有报告原文" in words(page.xpath("//main")[0])
    assert not page.xpath("//mark[@data-marks]")
    assert not page.xpath("//details//a[starts-with(@href, '#f1-m') or starts-with(@href, '#f1-i')]")
    assert "第5行" in words(page.xpath("//main")[0])


def test_several_files_begin_with_a_table(engine: Engine) -> None:
    broken = FileResult(
        "坏.pdf", None, "error", None, None, (rule("P101", "error", reason="文件未能检查"),), ("打不开。",)
    )
    page = parse(run(specimen(engine, "missing-plan.txt"), broken, specimen(engine, "passes-all.txt"), broken))
    rows = page.xpath("//table/tbody/tr")
    assert [words(r.xpath("./td")[0]) for r in rows] == ["✗不符合", "!未能检查", "✓符合", "!未能检查"]
    assert [r.xpath(".//a/@href")[0] for r in rows] == ["#f1", "#f2", "#f3", "#f4"]
    assert "打不开。" in words(rows[1])
    assert len(page.xpath("//details[@class='whole']")) == 4
    assert not page.xpath("//details[@id='f2']//li[@class='item']")
    assert words(page.xpath("//h1")[0]).startswith("共4个文件")


def test_many_findings_are_all_there() -> None:
    many = tuple(replace(finding(message=f"第{n}个")) for n in range(30))
    page = parse(run(FileResult("a.txt", None, "fail", None, None, (rule("W604", "fail", findings=many),))))
    assert len(page.xpath("//li[contains(@class, 'finding')]")) == 30
    assert [words(s) for s in page.xpath("//details[@class='more']/summary")] == ["还有22处"]


def test_a_page_is_written_by_the_command_line(tmp_path: Path) -> None:
    target = tmp_path / "结果.html"
    source = str(SPECIMENS / "missing-plan.txt")
    done = CliRunner().invoke(app, ["check", source, "-f", "html", "-o", str(target)])
    assert done.exit_code == 1, done.output
    assert read_page(target.read_text("utf-8")).files[0].outcome == "fail"


def test_a_kept_result_opens_again(fazhi: Run, tmp_path: Path) -> None:
    fazhi("check", SPECIMENS / "missing-plan.txt", "-o", "html=a.html", "-o", "json=a.json", "-q")
    page = fazhi("show", "a.html", "-f", "html").stdout
    assert page == (tmp_path / "a.html").read_text("utf-8")
    assert fazhi("show", "a.json", "-o", "sarif=a.sarif", "-q").returncode == 0
    assert (tmp_path / "a.sarif").exists()
    assert "1项不通过" in fazhi("show", "a.json").stdout
    (tmp_path / "b.html").write_text("<p>别的", "utf-8")
    (tmp_path / "b.json").write_bytes(b"\xff")
    for name in ("b.html", "b.json", "没有.json"):
        done = fazhi("show", name)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
