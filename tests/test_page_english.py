"""The page in English, and the page as a server shows it: labels are English, what others wrote is marked as Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from tests.test_page import HOSTILE, inner, parse_page, specimen, words
from tests.test_reporters import ACCEPTED, EMPTY, FULL, WAIVER, finding, rule, run
from validator.document import Location
from validator.engine import Engine, unreadable
from validator.language import read_catalogue
from validator.reporters import words as chinese
from validator.reporters.page import Served, read_page, read_script, render_page
from validator.reporters.page.english import PARTS, conclude_file, conclude_run, describe_coverage, place_line
from validator.result import Coverage, FileResult, RuleResult, RunResult, TextLine, file_outcome

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
SERVED = Served(
    ("/style/page.css", "/style/own.css?a&b"), ("/page.js",), '<nav id="top">去</nav>', '<div id="after">后</div>'
)


def parse(result: RunResult, **more: Any) -> Any:
    return parse_page(render_page(result, **more))


@pytest.fixture(scope="module")
def several(engine: Engine) -> RunResult:
    """A report that fails, one with a waiver, one recognised in pictures, one that passes, one that cannot be read."""
    lacking = specimen(engine, "missing-measures.txt")
    waived = tuple(replace(r, waiver=WAIVER) if r.outcome == "fail" else r for r in lacking.rules)
    pictures = specimen(engine, "running-text.txt", "pdf")
    return run(
        lacking,
        replace(lacking, path="豁免.txt", rules=waived, outcome=file_outcome(waived, ())),
        replace(pictures, reading="ocr", rules=tuple(replace(r, reading="ocr") for r in pictures.rules)),
        specimen(engine, "passes-all.txt", "docx"),
        unreadable(engine, "坏.pdf", None, "打不开。"),
    )


def strays(page: Any) -> Iterator[str]:
    """Yield the Chinese words, in text and attributes, that are not marked as Chinese."""
    for element in page.iter(etree.Element):
        if element.get("id") == "fazhi-result":
            continue
        said = [str(value) for value in element.attrib.values()]
        said += [element.text or ""]
        yield from (x for x in said if CHINESE.search(x) and not is_marked(element))
        yield from (x for x in [element.tail or ""] if CHINESE.search(x) and not is_marked(element.getparent()))


def holder(text: Any) -> Any:
    """Return the element that a text stands in."""
    return text.getparent().getparent() if text.is_tail else text.getparent()


def is_marked(element: Any) -> bool:
    return bool(element.xpath("string(ancestor-or-self::*[@lang][1]/@lang)") == "zh-CN")


def test_labels_are_english_and_the_rest_is_marked(several: RunResult) -> None:
    one = (replace(several, files=(several.files[n],)) for n in (0, 4))
    for result in (several, *one, ACCEPTED, FULL, EMPTY):
        page = parse(result, language="en")
        assert page.xpath("string(//html/@lang)") == "en"
        title = page.xpath("//title")[0]
        if len(result.files) == 1:
            assert title.text.endswith(f": {result.files[0].path}")
            title.text = title.text.removesuffix(result.files[0].path)
        assert list(strays(page)) == []


def test_what_is_marked_as_chinese_has_no_label_inside(several: RunResult) -> None:
    page = parse(several, language="en")
    labels = {en.strip(" (:)") for en in read_catalogue().values()} - {"", ",", ":", "no"}
    told = [x for x in page.xpath("//text()") if is_marked(holder(x)) and not CHINESE.search(x)]
    assert len(told) > 10
    assert [x for x in told if x.strip(" (:)") in labels] == []
    assert [e.get("aria-label") for e in page.xpath("//*[@aria-label]") if is_marked(e)] == []


def test_only_words_differ_between_the_languages(several: RunResult) -> None:
    for result in (several, ACCEPTED, FULL):
        assert shape(parse(result, language="en")) == shape(parse(result))


def shape(page: Any) -> list[tuple[str | None, ...]]:
    names = ("id", "class", "href", "data-go", "data-marks", "data-severity", "data-outcome", "data-todo", "open")
    found = [e for e in page.iter(etree.Element) if not (e.tag == "span" and list(e.attrib) == ["lang"])]
    return [(str(e.tag), *(e.get(n) for n in names)) for e in found]


def test_rules_say_the_same_in_both_languages(several: RunResult) -> None:
    page = parse(replace(several, files=several.files[:1]), language="en")
    quoted = [" ".join(inner(e).split()) for e in page.xpath("//main//*[@lang='zh-CN']")]
    for one in several.files[0].rules:
        said = [one.title, *(f.message for f in one.findings), *(f.suggestion or "" for f in one.findings)]
        said += [chinese.describe_basis(b) for b in one.basis]
        assert [x for x in said if x and " ".join(x.split()) not in quoted] == []


TABLES = {
    "outcomes": chinese.OUTCOME_WORDS.values(),
    "files": (*chinese.FILE_WORDS.values(), chinese.PART_PASS, chinese.WAIVED_PASS, chinese.KNOWN_PASS),
    "severities": chinese.SEVERITY_WORDS.values(),
    "kinds": chinese.KIND_WORDS.values(),
    "levels": (*chinese.LEVEL_WORDS.values(), "层级未知"),
    "waivers": chinese.WAIVER_WORDS.values(),
    "notices": (chinese.READ_BY_OCR,),
}


@pytest.mark.parametrize("table", TABLES)
def test_words_from_tables_are_in_the_catalogue(table: str) -> None:
    assert [word for word in TABLES[table] if word not in read_catalogue()] == []


def test_every_part_of_the_checklist_has_an_english_name() -> None:
    assert list(PARTS) == list(chinese.PART_WORDS)


@pytest.mark.parametrize("served", [None, SERVED], ids=["file", "served"])
def test_words_of_others_are_never_markup(served: Served | None) -> None:
    known = replace(finding(message=HOSTILE), known=True, suggestion=HOSTILE, excerpt=HOSTILE, section=HOSTILE)
    waiver = replace(WAIVER, reason=HOSTILE, approver=HOSTILE, evidence=HOSTILE)
    rules = (
        rule("P101", "fail", findings=(known, finding(message=HOSTILE))),
        rule("P102", "fail", findings=(finding(),), waiver=waiver),
        rule("P103", "error", reason=HOSTILE),
    )
    files = (
        FileResult(f"{HOSTILE}.txt", None, "error", None, None, rules),
        FileResult(f"{HOSTILE}.md", None, "error", None, None, (), (HOSTILE, HOSTILE)),
    )
    text = render_page(run(*files), served=served, language="en")
    assert text.count("<script") == (1 if served else 2)
    assert not [c for c in text if not c.isprintable() and c not in "\n\t\u3000"]
    page: Any = parse_page(text)
    assert not page.xpath("//img")
    assert not page.xpath("//*[@onerror]")
    shown = HOSTILE.replace("\x07", " ").replace("\u2028", " ").replace("\u2029", " ")
    assert inner(page.xpath("//p[@class='notice'][starts-with(., 'Waived')]")[0]) == (
        f"Waived: {shown} (approved by {shown}, valid until {WAIVER.expires}, see {shown})"
    )


def test_a_served_page_brings_nothing_of_its_own(several: RunResult) -> None:
    text = render_page(several, served=SERVED)
    page: Any = parse_page(text)
    assert not page.xpath("//meta[@http-equiv] | //style | //*[@style]")
    assert not [a for e in page.iter(etree.Element) for a in e.attrib if a.startswith("on")]
    assert page.xpath("//link/@href") == list(SERVED.styles)
    assert [(dict(s.attrib), s.text) for s in page.xpath("//script")] == [({"src": "/page.js", "defer": "defer"}, None)]
    with pytest.raises(ValueError, match="没有检查结果"):
        read_page(text)


def test_a_served_page_has_its_own_navigation_and_says_the_same(several: RunResult) -> None:
    one = replace(several, files=several.files[:1])
    for result in (one, several):
        page, file = parse(result, served=SERVED), parse(result)
        assert page.xpath("//a[@class='skip']")[0].getnext().get("id") == "top"
        (after,) = page.xpath("//main/div[@id='after']")
        assert not after.xpath("preceding::section")
        assert after.xpath("preceding::h1")
        after.getparent().remove(after)
        assert words(page.xpath("//main")[0]) == words(file.xpath("//main")[0])
        assert shape(page.xpath("//main")[0]) == shape(file.xpath("//main")[0])


def test_the_script_has_no_words_of_a_language() -> None:
    assert CHINESE.findall(read_script()) == []


def test_hints_are_told_from_what_decides() -> None:
    bad = replace(finding(at=None), insert_after=Location(1, 1, 1, 2))
    rules = (
        rule("P101", "fail", findings=(bad,)),
        rule("P111", "fail", "warning", findings=(bad,)),
        rule("T312", "review", "note", findings=(replace(bad, outcome="review"),)),
    )
    file = FileResult("a.txt", None, "fail", None, None, rules, text=(TextLine("甲", 1, 1), TextLine("乙", 2, 1)))
    page = parse(run(file))
    groups = [(g.get("class"), words(g).split(" ")[:2]) for g in page.xpath("//nav[@class='todo']/div")]
    assert groups == [
        ("must", ["必备项", "决定结论"]),
        ("hint", ["应改项", "不影响结论"]),
        ("hint", ["质量提示", "不影响结论"]),
    ]
    missing = [(m.get("class"), words(m).endswith("（提示）")) for m in page.xpath("//p[contains(@class, 'missing')]")]
    assert missing == [("missing fail", False), ("missing fail hint", True), ("missing review hint", True)]


def _rules(*outcomes: str) -> tuple[RuleResult, ...]:
    """Return rules for words such as ``fail`` (mandatory) and ``fail note``."""
    pairs = [(*said.split(), "error")[:2] for said in outcomes]
    return tuple(rule(f"P10{n}", o, s, findings=(finding(),)) for n, (o, s) in enumerate(pairs))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (_rules("pass", "pass"), "2 mandatory items: all pass. No other hints."),
        (_rules("pass"), "1 mandatory item: it passes. No other hints."),
        (
            _rules("fail", "fail", "review", "fail note"),
            "3 mandatory items: 2 fail, 1 needs review by a person. 1 hint besides.",
        ),
        (_rules("not_applicable"), "No mandatory item applies. No other hints."),
        (_rules("review warning", "fail note"), "No mandatory items were chosen. 2 hints besides."),
        (
            (*_rules("pass"), rule("P102", "fail", waiver=WAIVER)),
            "2 mandatory items: all others pass. 1 item is waived. No other hints.",
        ),
        (
            (rule("P102", "fail", findings=(replace(finding(), known=True),)), rule("P103", "fail", waiver=WAIVER)),
            "2 mandatory items: nothing new fails. 1 item is waived. 1 item is in the baseline already. "
            "No other hints.",
        ),
        ((rule("P102", "error", reason="坏了"),), "Rule P102 could not be checked: 坏了."),
    ],
)
def test_the_conclusion_of_a_file_in_english(rules: tuple[RuleResult, ...], said: str) -> None:
    file = FileResult("a.txt", None, file_outcome(rules, ()), None, None, rules)
    assert "".join(bit.text for bit in conclude_file(file)) == said


def test_the_conclusion_of_a_run_in_english() -> None:
    assert conclude_run(FULL) == "2 files. Not compliant: 1; Could not be checked: 1."
    assert describe_coverage(FULL) == "1 of 2 files checked by 1 to 6 rules, with 5 results."
    alone = replace(FULL, files=FULL.files[:1], coverage=Coverage(1, 1, 6, 6, 1))
    assert describe_coverage(alone) == (
        "1 of 1 file checked by 6 rules, with 6 results. 1 file is left out by the settings."
    )
    assert describe_coverage(EMPTY) == "There are no files to check."


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (Location(7, 1, 7, 2), "line 7"),
        (Location(5, 1, 5, 2, page=3), "page 3, line 5"),
        (Location(12, 1, 12, 2, paragraph=12), "paragraph 12"),
        (None, ""),
    ],
)
def test_a_place_in_english(at: Location | None, said: str) -> None:
    assert place_line(at) == said
