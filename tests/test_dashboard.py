"""The dashboard of an audit without a browser: what stands on it, what is escaped, what is counted, and what is left out."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.audit_files import HOSTILE, build_audit
from validator.audit.exports.dashboard import write, write_dashboard, write_page
from validator.audit.exports.dashboard.charts import STACKED, draw_trend, percent, share, stack
from validator.audit.exports.dashboard.lists import take
from validator.audit.exports.dashboard.tally import tally
from validator.audit.read import DATABASE, Audit
from validator.errors import OptionError
from validator.reporters.page import read_page
from validator.reporters.words import OUTCOME_MARKS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_audit(tmp_path_factory.mktemp("audit"))


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    with Audit(folder) as audit:
        return write_dashboard(audit, folder).dashboard.read_text("utf-8")


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """Return a folder with a database of its own, to change."""
    (tmp_path / DATABASE).write_bytes((folder / DATABASE).read_bytes())
    return tmp_path


def parse(text: str) -> Any:
    return etree.fromstring(text, etree.HTMLParser(huge_tree=True))


def words(element: Any) -> str:
    return " ".join("".join(str(x) for x in element.itertext()).split())


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="fazhi-audit">(.*?)</script>', text, re.DOTALL)
    assert found
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as base, base:
        for statement in statements:
            base.execute(statement)


def section(page: Any, name: str) -> str:
    return words(page.xpath(f"//h2[@id='{name}']/..")[0])


def test_the_conclusion_comes_first_and_adds_up(folder: Path, text: str) -> None:
    page = parse(text)
    said = words(page.xpath("//h1")[0])
    assert said.startswith("2024年度：应报送10家，未报送2家；报告11份：符合")
    with Audit(folder) as audit:
        files = [f for f in audit.files() if f.who.year == 2024]
    counts = {o: sum(f.decided == o for f in files) for o in STACKED}
    assert [int(words(x)) for x in page.xpath("//span[@class='big']")] == list(counts.values())
    assert f"不符合{counts['fail']}份" in said
    assert sum(counts.values()) == 11
    assert said == page.xpath("//title")[0].text


def test_every_section_is_there_and_every_link_leads_somewhere(text: str) -> None:
    page = parse(text)
    anchors = [str(x) for x in page.xpath("//@id")]
    assert len(anchors) == len(set(anchors))
    links = [str(x) for x in page.xpath("//a/@href")]
    assert {x[1:] for x in links if x.startswith("#")} <= set(anchors)
    listed = [str(x)[1:] for x in page.xpath("//nav[@class='contents']//a/@href")]
    assert listed == [str(x) for x in page.xpath("//h2/@id")]
    assert len(listed) == 16


def test_the_links_to_pages_lead_to_the_page_of_that_report(folder: Path, text: str) -> None:
    page = parse(text)
    links = [x for x in page.xpath("//a[starts-with(@href, 'pages/')]") if x.get("class") != "page"]
    assert len(links) > 15
    with Audit(folder) as audit:
        paths = {f"pages/{f.id:06d}.html": f for f in audit.files()}
    for link in links:
        file = paths[link.get("href")]
        assert words(link) in (file.who.organ or "单位不明", file.path)
        assert read_page((folder / link.get("href")).read_text("utf-8")).files[0].path == file.path


def test_each_list_says_what_the_audit_knows(folder: Path, text: str) -> None:
    page = parse(text)
    with Audit(folder) as audit:
        for missing in audit.missing():
            assert missing.entry.organ in section(page, "missing")
        for double in audit.doubles():
            assert all(f.path in section(page, "doubles") for f in double.files)
        for late in audit.late():
            assert f"{late.published} 发布，最后期限 {late.due}（含当日）" in section(page, "late")
        for echo in audit.echoes():
            assert echo.earlier_text in section(page, "echoes")
        for decision in audit.decisions():
            assert decision.reason in section(page, "decisions")
            assert f"{decision.reviewer}，{decision.day}" in section(page, "decisions")
        for row in audit.agreement():
            assert row.rule in section(page, "decisions")
        for file in audit.files():
            assert (file.path in section(page, "broken")) == (file.decided == "error")
            assert all(note in section(page, "unclear") for note in file.who.notes)
        about = audit.about()
    closing_words = words(page.xpath("//footer")[0])
    assert "规则集 2026.1（校验码 00000000）" in closing_words
    assert about.ruleset_digest not in text
    assert f"用48条规则检查了15份文件中的{15 - 2}份" in closing_words


def test_copied_words_stand_side_by_side_with_marks(folder: Path, text: str) -> None:
    page = parse(text)
    with Audit(folder) as audit:
        copies = list(audit.copies())
    pairs = page.xpath("//h2[@id='copies']/..//details[@class='pair']")
    assert len(pairs) == len(copies)
    for pair, copy in zip(pairs, copies, strict=True):
        sides = pair.xpath(".//blockquote")
        told = [side for p in copy.passages for side in (p.here, p.there)]
        assert [words(s) for s in sides] == [side.text for side in told]
        for shown, side in zip(sides, told, strict=True):
            assert [m.text for m in shown.xpath("./mark")] == [side.text[a:b] for a, b in side.marks]


def test_the_data_is_the_audit(folder: Path, text: str) -> None:
    data = data_of(text)
    marks = {"p": "pass", "f": "fail", "r": "review", "n": "not_applicable", "e": "error"}
    with Audit(folder) as audit:
        rules = audit.rules()
        rows = list(audit.outcomes())
    assert [r[0] for r in data["rules"]] == [r.id for r in rules]
    assert len(data["files"]) == len(rows)
    changed = 0
    for packed, (file, outcomes) in zip(data["files"], rows, strict=True):
        assert packed[0] == file.id
        assert data["folders"][packed[5]] + packed[6] == file.path
        assert packed[8:11] == [file.failed, file.warned, file.doubts]
        assert (packed[7].lower() != packed[7]) == (file.outcome != file.decided)
        assert len(packed[12]) == len(rules)
        for letter, rule in zip(packed[12], rules, strict=True):
            found = outcomes.get(rule.id)
            if found is None:
                assert letter == "."
                continue
            assert marks[letter.lower()] == found.decided
            assert (letter != letter.lower()) == (found.outcome != found.decided)
            changed += found.outcome != found.decided
    assert changed >= 3


def test_rows_without_the_script_are_the_worst_first(text: str) -> None:
    page = parse(text)
    rows = page.xpath("//table[@id='ranking']/tbody/tr")
    counts = [tuple(-int(words(c)) for c in r.xpath("./td[@class='n']")[1:]) for r in rows[:-1]]
    assert counts == sorted(counts)
    assert len(set(counts)) > 3
    assert [words(c) for c in rows[-1].xpath("./td[@class='n']")] == ["–"] * 4  # the broken file is not the best
    heat = page.xpath("//table[@id='heat']/tbody/tr")
    assert len(heat) == len(rows) == 11
    assert {words(c) for r in heat for c in r.xpath("./td")} <= {*OUTCOME_MARKS.values(), ""}


def test_nothing_is_fetched_and_nothing_runs_but_the_script(folder: Path, text: str) -> None:
    for html in (text, (folder / "pages" / "000005.html").read_text("utf-8")):
        page = parse(html)
        for element in page.iter():
            assert not [name for name in element.attrib if name == "style" or str(name).startswith("on")]
            assert element.tag not in ("link", "iframe", "img", "object", "embed")
        assert not re.search(
            r"@import|url\((?!#)|\bsrc=|javascript:", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
        )
        policy = str(page.xpath("//meta[@http-equiv]/@content")[0])
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        for name, tag in (("style-src", "style"), ("script-src", "script")):
            (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"{name} 'sha256-{digest}'" in policy


def test_hostile_words_are_never_markup(copied: Path) -> None:
    bad = "</script><script>alert(1)</script><!--<img src=x>\u2028" + HOSTILE.replace("\x00", "\x01")
    quoted = bad.replace("'", "''")
    change(
        copied,
        f"UPDATE file SET organ = '{quoted}', region = '{quoted}', level = '{quoted}', path = path || '{quoted}'",
        f"UPDATE file SET notes = '{json.dumps([bad])}', error = '{quoted}' WHERE id < 4",
        f"UPDATE roster SET organ = '{quoted}', region = '{quoted}'",
        f"UPDATE decision SET reason = '{quoted}', reviewer = '{quoted}', path = path || '{quoted}'",
        f"UPDATE echo SET earlier_text = '{quoted}', message = '{quoted}'",
        f"UPDATE common SET text = '{quoted}'",
        f"UPDATE rule SET title = '{quoted}'",
        f"UPDATE about SET value = '{quoted}' WHERE key IN ('source', 'profile', 'pipeline')",
    )
    with Audit(copied) as audit:
        write_dashboard(audit, copied)
    for path in (copied / "index.html", copied / "pages" / "000001.html", copied / "pages" / "000003.html"):
        html = path.read_text("utf-8")
        assert html.count("<script") == 2
        assert html.count("</script") == 2
        assert "<img" not in html
        assert not [c for c in html if not c.isprintable() and c not in "\n\t\u3000"]
    data = data_of((copied / "index.html").read_text("utf-8"))
    assert all(row[1] == bad for row in data["files"])
    assert data["regions"] == data["levels"] == [bad]


def test_the_same_audit_gives_the_same_bytes(folder: Path, text: str, tmp_path: Path) -> None:
    with Audit(folder) as audit:
        written = write_dashboard(audit, tmp_path)
    assert written.dashboard.read_text("utf-8") == text
    for page in (folder / "pages").iterdir():
        assert (tmp_path / "pages" / page.name).read_bytes() == page.read_bytes()
    assert written.pages == 15


def test_a_page_says_what_the_audit_adds(folder: Path, text: str) -> None:  # noqa: ARG001 - writes the pages
    with Audit(folder) as audit:
        for path, wanted in (
            ("2024/岚溪县/芦浦街道.txt", ("附件中有说明，待核", "沈知远，2025-05-06", "复核改变的结果")),
            ("2024/穗川县/教体局.txt", ("改判为通过", "P103")),
            ("2024/岚溪县/=市监局.txt", ("没有复核意见",)),
            ("2024/穗川县/雁桥铺镇.txt", ("占本报告26%", "穗川县水利局", "本报告 第22行")),
            ("2024/穗川县/水利局.txt", ("占本报告31%", "本报告 第14行")),
            ("2024/岚溪县/竹影乡.txt", ("上年安排的这件事，本年工作中没有写到。", "数字与上年相同")),
            ("2023/岚溪县/竹影乡.txt", ("按同一单位计",)),
        ):
            file = audit.file(path)
            assert file is not None
            page = parse((folder / "pages" / f"{file.id:06d}.html").read_text("utf-8"))
            said = words(page.xpath("//section[contains(@class, 'beside')]")[0])
            assert all(w in said for w in wanted), path
            assert page.xpath("//a[.='回到审核总览']/@href") == ["../index.html"]


def test_one_page_can_be_written_anywhere(folder: Path, tmp_path: Path) -> None:
    with Audit(folder) as audit:
        write_page(audit, 2, tmp_path / "一份 报告.html")
        file = next(f for f in audit.files() if f.id == 2)
        with pytest.raises(OptionError, match="第99号"):
            write_page(audit, 99, tmp_path / "b.html")
        with pytest.raises(OptionError, match="写不进去"):
            write_page(audit, 2, tmp_path / "没有" / "b.html")
    text = (tmp_path / "一份 报告.html").read_text("utf-8")
    assert read_page(text).files[0].path == file.path
    assert "沈知远" not in text  # who decided on other files
    (back,) = parse(text).xpath("//a[.='回到审核总览']/@href")
    assert str(back).endswith("index.html")
    assert " " not in str(back)


@pytest.mark.parametrize(
    ("pages", "most", "count", "said"),
    [
        (None, 15, 15, "每份报告都有检查页"),
        (None, 14, 6, "不符合和需复核的报告有检查页，共6份"),
        ("failed", 15, 6, "fazhi audit page 审核文件夹 文件路径"),
        ("none", 15, 0, "没有生成报告的检查页"),
        ("all", 3, 15, "每份报告都有检查页"),
    ],
)
def test_which_reports_have_a_page(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: Any, most: int, count: int, said: str
) -> None:
    monkeypatch.setattr(write, "_ALL_UP_TO", most)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "000099.html").write_text("以前的")
    (tmp_path / "pages" / "记录.html").write_text("别人的")
    steps: list[tuple[int, int]] = []
    with Audit(folder) as audit:
        written = write_dashboard(audit, tmp_path, pages=pages, advance=lambda *step: steps.append(step))
        wanted = {
            f"{f.id:06d}.html" for f in audit.files() if count == 15 or (count and f.decided in ("fail", "review"))
        }
    assert written.pages == count
    assert {p.name for p in (tmp_path / "pages").iterdir()} == {*wanted, "记录.html"}
    text = written.dashboard.read_text("utf-8")
    assert said in text
    assert {f"{row[0]:06d}.html" for row in data_of(text)["files"] if row[11]} == wanted
    assert steps == [(i, 15 + count) for i in range(1, 16 + count)]


def test_only_the_worst_get_a_page_where_too_many_fail(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "_MOST_FAILED", 2)
    with Audit(folder) as audit:
        text = write_dashboard(audit, tmp_path, pages="failed").dashboard.read_text("utf-8")
        worst = sorted((f for f in audit.files() if f.decided == "fail"), key=lambda f: (-f.failed, -f.warned))[:2]
    assert {p.name for p in (tmp_path / "pages").iterdir()} == {f"{f.id:06d}.html" for f in worst}
    assert "最多2份，问题多的在前" in text


def test_without_roster_year_or_neighbours_nothing_is_claimed(copied: Path) -> None:
    change(
        copied,
        "DELETE FROM roster",
        "DELETE FROM missing",
        "DELETE FROM about WHERE key = 'due'",
        "DELETE FROM file WHERE year = 2023",
        "UPDATE file SET year = NULL WHERE error LIKE '%打%' OR path LIKE '%损坏%'",
        "UPDATE about SET value = 'checking' WHERE key = 'state'",
        *(f"DELETE FROM {table}" for table in ("copy", "echo", "common", "double", "late", "decision")),
    )
    with Audit(copied) as audit:
        page = parse(write_dashboard(audit, copied).dashboard.read_text("utf-8"))
    assert words(page.xpath("//h1")[0]).startswith("2024年度：报告11份：符合5份")
    assert "应报送" not in words(page)
    assert "没有名册，说不出谁没有报送" in section(page, "missing")
    assert "看不出趋势" in section(page, "trend")
    assert "还没有做完" in words(page.xpath("//header")[0])


def test_an_empty_audit_has_a_dashboard(copied: Path) -> None:
    change(
        copied, *(f"DELETE FROM {t}" for t in ("file", "roster", "missing", "double", "late", "copy", "echo", "common"))
    )
    with Audit(copied) as audit:
        page = parse(write_dashboard(audit, copied).dashboard.read_text("utf-8"))
    assert words(page.xpath("//h1")[0]) == "没有报告。"
    assert "没有报告" in section(page, "levels")


def test_long_lists_are_cut_and_say_so(copied: Path) -> None:
    change(
        copied,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1400)"
        " INSERT INTO roster SELECT 100 + i, '某某单位' || i, 'township', '某县', '[]', '[]', NULL FROM n",
        "INSERT INTO missing (year, line) SELECT 2024, line FROM roster WHERE line > 100",
    )
    with Audit(copied) as audit:
        page = parse(write_dashboard(audit, copied, pages="none").dashboard.read_text("utf-8"))
    assert words(page.xpath("//h1")[0]).startswith("2024年度：应报送1410家，未报送1402家")
    assert "这里列出前1000家，另有402家在工作簿里" in section(page, "missing")
    assert len(page.xpath("//span[@class='organ']")) == 1000


def test_a_rate_leaves_out_what_did_not_apply(folder: Path, text: str) -> None:
    page = parse(text)
    with Audit(folder) as audit:
        files = [f.id for f in audit.files() if f.who.year == 2024]
        by_file = [audit.outcomes_of(f) for f in files]
    shown = 0
    for row in page.xpath("//table[contains(@class, 'rates')]//tr[td]"):
        rule = words(row.xpath(".//span[@class='id']")[0])
        found = [o[rule].decided for o in by_file if rule in o]
        applied = sum(o in ("pass", "fail", "review") for o in found)
        rate, failed, doubts, said = (words(c) for c in row.xpath("./td[contains(@class, 'n')]"))
        assert (int(failed), int(doubts), int(said)) == (found.count("fail"), found.count("review"), applied)
        assert rate == share(found.count("fail"), applied)
        widths = [r.get("width") for r in row.xpath(".//*[local-name()='rect'][@class='fail']")]
        assert widths == ([percent(found.count("fail"), applied)] if "fail" in found else [])
        shown += 1
    assert shown == 48


def test_a_reviewer_s_word_counts(copied: Path) -> None:
    with Audit(copied) as audit:
        before = tally(audit)
    change(copied, "UPDATE file SET outcome = 'fail', decided = 'pass' WHERE path LIKE '2024/%/教体局.txt'")
    with Audit(copied) as audit:
        after = tally(audit)
        file = audit.file("2024/穗川县/教体局.txt")
        assert file is not None
        html = write_dashboard(audit, copied).dashboard.read_text("utf-8")
    assert after.counts["pass"] == before.counts["pass"] + 1
    assert after.counts["fail"] == before.counts["fail"] - 1
    assert after.changed == before.changed + 1
    (row,) = (r for r in data_of(html)["files"] if r[0] == file.id)
    assert row[7] == "P"
    page = parse((copied / "pages" / f"{file.id:06d}.html").read_text("utf-8"))
    (heading,) = page.xpath("//h1")
    assert words(heading) == "复核后：符合"
    assert words(page.xpath("//p[@class='said']")[0]).startswith("程序原来的结论：不符合。")
    assert "审核结果" in words(page.xpath("//p[@class='eyebrow']")[0])
    assert "自查" not in words(page)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 9, "0%"),
        (9, 9, "100%"),
        (1, 3, "33.3%"),
        (1, 40000, "不到0.1%"),
        (39999, 40000, "99.9%"),
        (1, 1000, "0.1%"),
        (999, 1000, "99.9%"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_never_nothing_of_some_nor_all_but_one(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said


def test_the_parts_of_a_bar_fill_it() -> None:
    parts = stack({"fail": 1, "pass": 2, "error": 1})
    assert [(p.name, p.x, p.width) for p in parts] == [
        ("pass", "0%", "50%"),
        ("fail", "50%", "25%"),
        ("error", "75%", "25%"),
    ]
    assert stack({}) == ()


def test_names_in_a_trend_do_not_lie_on_each_other() -> None:
    years = [(2022, {"pass": 1}), (2023, {"fail": 1}), (2024, {"pass": 1, "fail": 1, "review": 98})]
    trend = draw_trend(years, ("pass", "fail", "review"))  # type: ignore[arg-type]
    labels = sorted(float(s.label) for s in trend.series)
    assert all(b - a >= 18 for a, b in pairwise(labels))
    assert labels[-1] <= 194
    assert [p.said for p in trend.series[0].points] == ["100%", "0%", "1%"]
    assert [x for x, _ in trend.years] == ["3%", "50%", "97%"]


def test_taking_the_first_keeps_nothing_of_the_rest() -> None:
    def rows() -> Iterator[int]:
        yield from range(1000)

    found = take(rows(), str, 3)
    assert (found.shown, found.total, found.rest) == (("0", "1", "2"), 1000, 997)
    assert take((), str, 3).total == 0
