"""The calendar and the table of clauses: they say what the sources say, and a mistake in them is pointed at."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run, shipped_rules
from validator.errors import RuleFileError
from validator.law import Calendar, Item, Organ, plan_year, read_calendar, read_coverage
from validator.law.words import name_organ, render_ics, tell_clause, tell_day, tell_deed, tell_gaps

TOWN = Organ(level="township", kind="town")
STREET = Organ(level="township", kind="subdistrict")
DEPARTMENT = Organ(level="department", kind="department")
COUNTY = Organ(level="county", kind="government")
PROVINCE = Organ(level="province", kind="government")
ZONE = Organ(level="zone", kind="zone")
OTHER = Organ(level="other", kind="other")


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return read_calendar(shipped_rules())


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


def days(calendar: Calendar, organ: Organ, year: int) -> list[tuple[str, str | None, tuple[str, ...]]]:
    found = plan_year(calendar, year, (organ,)).items
    return [(i.action, i.due.isoformat() if i.due else None, i.to) for i in found]


@pytest.mark.parametrize(
    ("organ", "year", "wanted"),
    [
        (TOWN, 2026, [("report", "2027-03-01", ("上一级党委和政府",)), ("publish", "2027-04-01", ("社会",))]),
        (
            DEPARTMENT,
            2023,
            [("report", "2024-03-01", ("本级党委和政府", "上一级政府有关部门")), ("publish", "2024-04-01", ("社会",))],
        ),
        (
            COUNTY,
            2019,
            [
                ("report", "2020-03-01", ("同级党委", "同级人大常委会")),
                ("report", "2020-03-01", ("上一级党委和政府",)),
                ("publish", "2020-04-01", ("社会",)),
            ],
        ),
        (
            PROVINCE,
            2026,
            [
                ("report", "2027-04-01", ("党中央、国务院",)),
                ("publish", "2027-04-01", ("社会",)),
                ("report", None, ("同级党委", "同级人大常委会")),
            ],
        ),
        (
            COUNTY,
            2018,
            [("report", "2019-03-31", ("同级党委", "同级人大常委会", "上一级政府")), ("publish", None, ("社会",))],
        ),
        (TOWN, 2018, []),
        (COUNTY, 2015, []),
        (OTHER, 2026, []),
    ],
)
def test_what_is_due(calendar: Calendar, organ: Organ, year: int, wanted: list[tuple[str, str | None, object]]) -> None:
    assert days(calendar, organ, year) == wanted


def test_years_are_half_open(calendar: Calendar) -> None:
    assert [plan_year(calendar, y).known for y in (2014, 2015, 2016, 2018, 2019, 2030)] == [
        False,
        False,
        True,
        True,
        True,
        True,
    ]
    sources = {y: {i.title for i in plan_year(calendar, y).items} for y in (2018, 2019)}
    assert sources[2018] == {"法治政府建设实施纲要（2015－2020年）"}
    assert sources[2019] == {"法治政府建设与责任落实督察工作规定"}


@pytest.mark.parametrize("organ", [STREET, ZONE])
def test_who_is_not_named_goes_by_reference(calendar: Calendar, organ: Organ) -> None:
    items = plan_year(calendar, 2026, (organ,)).items
    assert items
    assert all(i.reference_only for i in items)
    for item in items:
        assert "参照" in tell_deed(item)
        assert "没有点名" in tell_clause(item)
    assert not any(i.reference_only for i in plan_year(calendar, 2026, (TOWN,)).items)


def test_how_sure_a_clause_and_a_day_are(calendar: Calendar) -> None:
    by_id = {i.id: i for y in (2018, 2026) for i in plan_year(calendar, y).items}
    assert by_id["gongkai"].status == "restated"
    assert "文字据转述" in tell_clause(by_id["gongkai"])
    assert by_id["baosong-bumen"].status == "unverified"
    assert "条文未核实" in tell_clause(by_id["baosong-bumen"])
    assert tell_day(by_id["gongkai-2016"]) == "查到的文字没有写时间"


def test_gaps_are_said(calendar: Calendar) -> None:
    assert "没有查到2014年度" in next(iter(tell_gaps(plan_year(calendar, 2014))))
    assert "没有点名这类单位" in next(iter(tell_gaps(plan_year(calendar, 2026, (OTHER,)))))
    assert list(tell_gaps(plan_year(calendar, 2026, (TOWN,)))) == ["本地另有要求的，按本地的要求。"]


def unfold(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_calendar_file(calendar: Calendar) -> None:
    plan = plan_year(calendar, 2026, (PROVINCE,))
    text = render_ics(plan, name_organ(PROVINCE))
    assert text == render_ics(plan, name_organ(PROVINCE))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    lines = unfold(text)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2  # what has no day is no event
    assert [x for x in lines if x.startswith("DTSTART")] == ["DTSTART;VALUE=DATE:20270401"] * 2
    uids = [x for x in lines if x.startswith("UID:")]
    assert len(set(uids)) == 2


def test_what_would_end_a_line_of_the_calendar_file(calendar: Calendar) -> None:
    from dataclasses import replace

    plan = plan_year(calendar, 2026, (TOWN,))
    evil = replace(plan.items[0], note="甲;乙,丙\\丁\r\nEND:VCALENDAR\x00\u202e")
    text = render_ics(replace(plan, items=(evil,)), "")
    assert "甲\\;乙\\,丙\\\\丁\\nEND:VCALENDAR" in "".join(unfold(text))
    assert unfold(text).count("END:VCALENDAR") == 1
    assert not {"\x00", "\u202e"} & set(text)


def test_the_command(fazhi: Run) -> None:
    done = fazhi("plan", "--year", 2026, "--organ-level", "township")
    assert (done.returncode, done.stderr) == (0, "")
    assert "乡镇政府2026年度法治政府建设年度报告：2027年要办的事" in done.stdout
    assert "2027年3月1日之前  向上一级党委和政府报告" in done.stdout
    assert "\x1b" not in done.stdout
    data = json.loads(fazhi("plan", "--year", 2026, "--organ-kind", "subdistrict", "-f", "json").stdout)
    assert data["organs"] == [{"level": "township", "kind": "subdistrict"}]
    assert {i["reference_only"] for i in data["items"]} == {True}
    assert [i["due"] for i in data["items"]] == ["2027-03-01", "2027-04-01"]
    assert fazhi("plan", "--year", 2026, "-f", "ics").stdout.startswith("BEGIN:VCALENDAR\r\n")
    every = fazhi("plan", "--year", 2026).stdout
    assert "单位：街道、开发区、片区" in every
    assert "没有查到2010年度" in fazhi("plan", "--year", 2010).stdout
    for args in (["--organ-level", "zone", "--organ-kind", "town"], ["--organ-level", "x"], ["-f", "x"]):
        assert fazhi("plan", "--year", 2026, *args).returncode == 2
    assert fazhi("plan").returncode == 2


def test_an_own_folder_needs_its_calendar(fazhi: Run, rules: Path) -> None:
    (rules / "calendar.yaml").unlink()
    done = fazhi("plan", "--year", 2026, "--rules-dir", rules)
    assert done.returncode == 2
    assert "rules/calendar.yaml:1:1: 文件不存在" in done.stderr


CALENDAR: list[tuple[str, str, str]] = [
    ("    action: report\n", "    action: post\n", "action"),
    ("    first_year: 2019\n", "    frist_year: 2019\n", "不认识的键 frist_year"),
    ('    due: "03-01"\n', '    due: "02-30"\n', "due 不是有效的日期"),
    ('    due: "03-01"\n', '    due: "3-1"\n', "due"),
    ("    said: 3月1日之前\n", "", "due 和 said"),
    ("    until_year: 2019\n", "    until_year: 2016\n", "until_year 必须晚于"),
    ("    until_year: 2019\n", "    until_year: 2022\n", "2021年底 gangyao-2015 没有施行"),
    ("    first_year: 2019\n", "    first_year: 2018\n", "2018年底 ducha-2019 没有施行"),
    ("      source: ducha-2019\n", "      source: ducha\n", "没有名为 ducha 的依据"),
    ("      article: 第四章（公开）\n", "      article: 第四章\n", "里没有“第四章”"),
    ("      quote: 部门向本级", "      quote: 各部门向本级", "引文不在"),
    ("    said: 4月1日之前\n", "    said: 4月2日之前\n", "条文里没有这个时间"),
    ("  - id: gongkai-canzhao\n", "  - id: gongkai\n", "编号 gongkai 重复"),
    ("{level: zone, kind: zone}", "{level: zone, kind: zones}", "kind"),
]
COVERAGE: list[tuple[str, str, str]] = [
    ("    rules: [P101]\n", "    rules: [P109]\n", "没有编号为 P109 的规则"),
    ("    see: [F203]\n", "    see: [F299]\n", "没有编号为 F299 的规则"),
    ("    rules: [P101]\n", "    rules: [P102]\n", "规则 P101 引的"),
    ("    rules: [P101]\n", "", "rules 和 not_checked"),
    ("    rules: [P101]\n", "    rules: [P101]\n    not_checked: 不查\n", "rules 和 not_checked"),
    ("    gist: 反对", "    quote: 反对", "引文不在"),
    ("    quote: （五）其他", "    gist: 其他\n    quote: （五）其他", "quote 和 gist"),
    ("    article: 第七条\n", "    article: 第七十条\n", "里没有“第七十条”"),
    ("sources: [ducha-2019, diyi-zerenren-2016]", "sources: [ducha-2019]", "diyi-zerenren-2016 没有写在"),
    ("sources: [ducha-2019, diyi-zerenren-2016]", "sources: [ducha-2019, diyi-zerenren-2016, pufa-2017]", "一条也没有"),
    ("sources: [ducha-2019, ", "sources: [ducha-2020, ", "没有名为 ducha-2020 的依据"),
    ("    not_checked: 写的是问责，", "    not_check: 写的是问责，", "不认识的键 not_check"),
]


def broken(folder: Path, name: str, old: str, new: str, read: Callable[[Path], object]) -> RuleFileError:
    """Return the error for one data file with one mistake."""
    folder.mkdir()
    text = (ROOT / "rules" / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RuleFileError) as caught:
        read(folder)
    return caught.value


@pytest.mark.parametrize(("old", "new", "words"), CALENDAR)
def test_a_mistake_in_the_calendar_is_pointed_at(tmp_path: Path, old: str, new: str, words: str) -> None:
    error = broken(tmp_path / "rules", "calendar.yaml", old, new, lambda f: read_calendar(shipped_rules(), f))
    assert re.match(r"rules/calendar\.yaml:\d+:\d+: ", str(error))
    assert error.line > 3
    assert words in error.message


@pytest.mark.parametrize(("old", "new", "words"), COVERAGE)
def test_a_mistake_in_the_table_is_pointed_at(tmp_path: Path, old: str, new: str, words: str) -> None:
    error = broken(tmp_path / "rules", "coverage.yaml", old, new, lambda f: read_coverage(shipped_rules(), f))
    assert re.match(r"rules/coverage\.yaml:\d+:\d+: ", str(error))
    assert error.line > 3
    assert words in error.message


def test_every_clause_that_a_rule_cites_is_in_the_table() -> None:
    coverage = {s.id: s for s in read_coverage(shipped_rules())}
    assert list(coverage) == ["ducha-2019", "diyi-zerenren-2016"]
    for rule in shipped_rules().rules:
        for basis in rule.basis:
            if basis.source in coverage:
                named = [c for c in coverage[basis.source].clauses if rule.id in c.rules]
                assert [c for c in named if c.article == basis.article], rule.id
    text = "".join(c.text for s in coverage.values() for c in s.clauses)
    for name in coverage:
        for article in shipped_rules().sources[name].articles:
            assert article.id in {c.article for c in coverage[name].clauses}, "every article that is known is listed"
    assert all(f"（{n}）" in text for n in "一二三四五")


def test_what_is_only_remembered_is_never_sure() -> None:
    clauses = [c for s in read_coverage(shipped_rules()) for c in s.clauses]
    assert {c.status for c in clauses if c.is_gist} == {"unverified"}
    assert not [c for c in clauses if c.is_gist and c.rules]
    assert {c.status for c in clauses} == {"verified", "restated", "unverified"}


def test_a_folder_without_a_table(fazhi: Run, rules: Path) -> None:
    (rules / "coverage.yaml").unlink()
    assert read_coverage(shipped_rules(), rules) == ()
    assert fazhi("rules", "coverage", "--rules-dir", rules).returncode == 2
    assert "没有逐条对照表" in fazhi("rules", "lint", "--rules-dir", rules).stdout


def test_the_table_on_the_terminal(fazhi: Run) -> None:
    done = fazhi("rules", "coverage")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("→ P102、P111", "程序查不了：", "大意：", "（条文未核实）", "程序查不了28处"):
        assert words in done.stdout.replace("\n    ", "")


def test_lint_reads_all_of_it(fazhi: Run, rules: Path) -> None:
    assert "日历11项" in fazhi("rules", "lint").stdout
    path = rules / "calendar.yaml"
    path.write_text(path.read_text("utf-8").replace("action: publish", "action: print", 1), "utf-8")
    done = fazhi("rules", "lint", "--rules-dir", rules)
    assert done.returncode == 2
    assert re.match(r"rules/calendar\.yaml:\d+:\d+: ", done.stderr)


def test_an_item_is_due_in_the_year_after(calendar: Calendar) -> None:
    items: tuple[Item, ...] = plan_year(calendar, 2099).items
    assert {i.due.year for i in items if i.due} == {2100}
    assert [i.due or date.max for i in items] == sorted(i.due or date.max for i in items)
