"""Reading decisions back, and what outcomes come to after them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from tests.audit_files import REVIEWER, build_audit
from validator.audit.decisions import (
    VERB_WORDS,
    Target,
    decide,
    keep_decisions,
    read_decisions,
    read_key,
    settle,
    write_key,
)
from validator.audit.read import DATABASE, Audit
from validator.audit.records import Decision, Verb
from validator.errors import OptionError
from validator.result import Outcome

DAY = "2025-06-01"
HEADINGS = ["单位", "规则", "处理", "改判为", "理由", "复核人", "日期", "文件", "指纹"]
A, B = "a" * 16, "b" * 16
GOOD: list[object] = ["云溪镇", "P103", "驳回", None, "另有专项报告", "沈知远", "2025-05-06", "2024/云溪镇.txt", A]


def change(**cells: object) -> list[object]:
    """Return the good row with other cells, named by heading."""
    return [cells.get(h, v) for h, v in zip(HEADINGS, GOOD, strict=True)]


def book(path: Path, rows: Iterable[list[object]], headings: list[str] = HEADINGS, title: str = "复核") -> Path:
    table = openpyxl.Workbook()
    sheet = table.active
    assert sheet is not None
    sheet.title = title
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    table.save(path)
    return path


def read(path: Path, reviewer: str | None = None) -> tuple[Decision, ...]:
    review = read_decisions(path, reviewer=reviewer, day=DAY)
    assert review.withdrawn == ()
    return review.decisions


def read_one(path: Path, **cells: object) -> Decision:
    (found,) = read(book(path / "a.xlsx", [change(**cells)]))
    return found


def test_a_row_becomes_a_decision(tmp_path: Path) -> None:
    expected = Decision("2024/云溪镇.txt", "P103", A, "dismiss", None, "另有专项报告", "沈知远", "2025-05-06")
    assert read_one(tmp_path) == expected


def test_columns_are_found_by_their_headings(tmp_path: Path) -> None:
    order = sorted(range(len(HEADINGS)), key=lambda i: HEADINGS[i])
    moved = [None, *(GOOD[i] for i in order)]
    path = book(tmp_path / "a.xlsx", [moved], ["新加的一列", *(f" {HEADINGS[i]}\n" for i in order)])
    assert read(path)[0].reason == "另有专项报告"


def test_lines_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["请填写"], list(HEADINGS), change()], ["某市复核表"])
    assert len(read(path)) == 1


def test_rows_without_a_decision_are_passed_over(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        change(处理=None, 理由=None),
        change(处理="  ", 理由=" ", 规则=None),
        [],
        [None] * 9,
        change(),
    ]
    assert len(read(book(tmp_path / "a.xlsx", rows))) == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, "第3行：写了理由，没有写处理。"),
        ({"理由": None, "改判为": "通过"}, "第3行：写了改判为，没有写处理。"),
        ({"处理": " ", "改判为": "通过", "文件": None}, "第3行：写了改判为和理由，没有写处理。"),
    ],
)
def test_a_reason_without_a_decision_is_not_passed_over(tmp_path: Path, cells: dict[str, object], said: str) -> None:
    path = book(tmp_path / "a.xlsx", [change(), change(**{"处理": None, "指纹": B, **cells})])
    with pytest.raises(OptionError, match=said):
        read_decisions(path, reviewer=None, day=DAY)


@pytest.mark.parametrize(
    "written",
    [
        "2025-05-06",
        "2025/5/6",
        "2025年5月6日",
        "2025.05.06",
        "20250506",
        20250506,
        date(2025, 5, 6),
        datetime(2025, 5, 6),
    ],
)
def test_a_day_may_be_a_date_or_text(tmp_path: Path, written: object) -> None:
    assert read_one(tmp_path, 日期=written).day == "2025-05-06"


def test_reviewer_and_day_may_be_given_for_all_rows(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [change(复核人=None, 日期=None)])
    (found,) = read(path, "顾言")
    assert (found.reviewer, found.day) == ("顾言", DAY)
    (found,) = read(book(path, [change()]), "顾言")
    assert (found.reviewer, found.day) == ("沈知远", "2025-05-06")


def test_an_empty_mark_means_the_rule_as_a_whole(tmp_path: Path) -> None:
    found = read_one(tmp_path, 处理="改判", 改判为="不适用", 指纹=None, 规则="p103")
    assert (found.fingerprint, found.verb, found.outcome, found.rule) == ("", "override", "not_applicable", "P103")


def test_confirming_needs_no_reason(tmp_path: Path) -> None:
    assert read_one(tmp_path, 处理="确认", 理由=None).reason == ""


WRONG: list[tuple[dict[str, object], str]] = [
    ({"处理": "同意"}, "处理应是确认、驳回、改判、撤回之一，现在是“同意”"),
    ({"理由": None}, "驳回要写理由"),
    ({"处理": "改判", "改判为": "通过", "理由": " "}, "改判要写理由"),
    ({"处理": "改判"}, "改判为应是通过、不通过、需复核、不适用之一"),
    ({"处理": "改判", "改判为": "未能检查"}, "现在是“未能检查”"),
    ({"改判为": "通过"}, "处理不是改判，改判为却写了“通过”"),
    ({"文件": None}, "文件或规则这一格是空的"),
    ({"规则": None}, "文件或规则这一格是空的"),
    ({"规则": "P999"}, "没有规则“P999”"),
    ({"复核人": None}, "没有写复核人"),
    ({"日期": "昨天"}, "日期应写成2025-05-06这样，现在是“昨天”"),
    ({"日期": "2025-02-30"}, "现在是“2025-02-30”"),
    ({"指纹": "1.23E+15"}, "指纹这一格被改动过"),
    ({"文件": '"2024'}, "文件这一格被改动过"),
]


@pytest.mark.parametrize(("cells", "message"), WRONG, ids=lambda v: v if isinstance(v, str) else "")
def test_a_wrong_row_is_told_with_its_number(tmp_path: Path, cells: dict[str, object], message: str) -> None:
    path = book(tmp_path / "a.xlsx", [change(), change(指纹=B, **cells) if "指纹" not in cells else change(**cells)])
    with pytest.raises(OptionError) as caught:
        read_decisions(path, reviewer=None, day=DAY, rules={"P103"})
    assert "第3行" in str(caught.value)
    assert message in str(caught.value)
    assert "第2行" not in str(caught.value)


def test_all_wrong_rows_are_told_ten_at_most(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [change(处理="同意") for _ in range(12)])
    with pytest.raises(OptionError) as caught:
        read_decisions(path, reviewer=None, day=DAY)
    assert str(caught.value).count("同意") == 10
    assert "还有2行有错" in str(caught.value)


def test_two_rows_on_the_same_thing_must_agree(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert len(read(book(path, [change(), change()]))) == 1
    assert len(read(book(path, [change(), change(指纹=B, 处理="确认")]))) == 2
    with pytest.raises(OptionError, match="第3行：与“复核”表第2行是同一处，处理却不同"):
        read_decisions(book(path, [change(), change(处理="确认")]), reviewer=None, day=DAY)


def test_a_decision_may_be_taken_back(tmp_path: Path) -> None:
    """What else the row says was written there with the decision: it does not count."""
    rows = [
        change(处理="撤回", 改判为="不适用", 日期="昨天", 复核人=None, 理由=None),
        change(处理=" 撤回 ", 指纹=None, 规则="p104"),
        change(指纹=B),
        change(指纹="c" * 16, 处理=None, 理由=None),
    ]
    review = read_decisions(book(tmp_path / "a.xlsx", rows), reviewer=None, day=DAY)
    assert [d.fingerprint for d in review.decisions] == [B]
    path = "2024/云溪镇.txt"
    assert review.withdrawn == (Target(path, "P103", A), Target(path, "P104", ""))
    assert "撤回" not in VERB_WORDS.values()


@pytest.mark.parametrize("cells", [{"文件": None}, {"规则": "P999"}, {"指纹": "1.23E+15"}, {"处理": "撤回了"}])
def test_what_is_taken_back_must_be_known(tmp_path: Path, cells: dict[str, object]) -> None:
    path = book(tmp_path / "a.xlsx", [change(**{"处理": "撤回", **cells})])
    with pytest.raises(OptionError, match="第2行"):
        read_decisions(path, reviewer=None, day=DAY, rules={"P103"})


def test_a_decision_is_not_made_and_taken_back_at_once(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [change(), change(处理="撤回")])
    with pytest.raises(OptionError, match="第3行：与“复核”表第2行是同一处，处理却不同"):
        read_decisions(path, reviewer=None, day=DAY)
    path = book(tmp_path / "a.xlsx", [change(处理="撤回"), change(处理="撤回", 理由=None)])
    assert len(read_decisions(path, reviewer=None, day=DAY).withdrawn) == 1


def test_every_sheet_of_the_name_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [change()])
    table = openpyxl.load_workbook(path)
    for title, mark in (("复核（2）", B), ("复核记录", "c" * 16), ("复核 (3)", "d" * 16)):
        sheet = table.create_sheet(title)
        sheet.append(HEADINGS)
        sheet.append(change(指纹=mark))
    table.save(path)
    assert [d.fingerprint for d in read(path)] == [A, B, "d" * 16]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_the_same_columns_as_csv(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    rows: list[list[object]] = [[*HEADINGS], change(文件="'=市监局.txt"), change(处理=None, 理由=None)]
    path.write_bytes("\r\n".join(",".join(str(c or "") for c in r) for r in rows).encode(encoding))
    (found,) = read(path)
    assert (found.path, found.verb) == ("=市监局.txt", "dismiss")


def test_what_is_no_review_sheet_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"no zip")
    bare = tmp_path / "c.csv"
    bare.write_text("单位,处理\n云溪镇,确认\n", encoding="utf-8")
    for path, message in (
        (broken, "应是 .xlsx 表格"),
        (tmp_path / "none.xlsx", "没有这个文件"),
        (book(tmp_path / "d.xlsx", [change()], title="总表"), "没有名为“复核”的表"),
        (book(tmp_path / "e.xlsx", [], ["单位"]), "没有标题行"),
        (bare, "没有标题行"),
    ):
        with pytest.raises(OptionError, match=message):
            read_decisions(path, reviewer=None, day=DAY)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (("指纹",), "“复核”表缺“指纹”一列，"),
        (("处理", "理由", "日期"), "“复核”表缺“处理”一列，"),
        (("文件", "规则"), "“复核”表缺“文件”、“规则”各列，"),
        (("文件", "规则", "指纹", "处理"), "“复核”表缺“文件”、“规则”、“指纹”、“处理”各列，"),
    ],
)
def test_the_columns_that_are_missing_are_named(tmp_path: Path, gone: tuple[str, ...], said: str) -> None:
    kept = [i for i, h in enumerate(HEADINGS) if h not in gone]
    path = book(tmp_path / "a.xlsx", [[HEADINGS[i] for i in kept], [GOOD[i] for i in kept]], ["请填处理", "处理"])
    with pytest.raises(OptionError, match=said):
        read_decisions(path, reviewer=None, day=DAY)


def test_optional_columns_may_be_missing(tmp_path: Path) -> None:
    gone = ("单位", "改判为", "复核人", "日期")
    kept = [i for i, h in enumerate(HEADINGS) if h not in gone]
    path = book(tmp_path / "a.xlsx", [[GOOD[i] for i in kept]], [HEADINGS[i] for i in kept])
    assert [d.reason for d in read(path, "顾言")] == ["另有专项报告"]


def test_a_sheet_that_was_sorted_and_widened_says_the_same(tmp_path: Path) -> None:
    rows = [
        change(),
        change(指纹=B, 处理="改判", 改判为="不适用", 复核人="顾言"),
        change(规则="P104", 处理="确认", 理由=None, 日期=datetime(2025, 5, 7)),
        change(规则="P112", 处理="撤回"),
        change(规则="T302", 处理=None, 理由=None),
    ]
    before = read_decisions(book(tmp_path / "a.xlsx", rows), reviewer=None, day=DAY)
    assert (len(before.decisions), len(before.withdrawn)) == (3, 1)
    spread: list[list[object]] = [[], [None, "看过", *[None] * 10]]
    for row in reversed(rows):
        spread += [[1, *row[:4], "处理过", *row[4:], None, "备注"], [], ["  "]]
    headings = ["序号", *HEADINGS[:4], "处理意见", *HEADINGS[4:], "", "文件说明"]
    after = read_decisions(book(tmp_path / "b.xlsx", spread, headings), reviewer=None, day=DAY)
    assert after[:2] == before[:2]
    assert after.places.keys() == before.places.keys()
    assert before.places[Target("2024/云溪镇.txt", "P103", A)] == "“复核”表第2行"
    assert after.places[Target("2024/云溪镇.txt", "P103", A)] == "“复核”表第16行"


@pytest.mark.parametrize("path", ["2024/云溪镇.txt", "=1+1.txt", ' "a".txt', "a\x01b\n.txt", "a_x0041_.txt ", "é́.txt"])
def test_a_key_leads_back_to_its_path(path: str) -> None:
    key = write_key(path)
    assert key.isprintable()
    assert read_key(key) == path


def test_plain_paths_stay_readable() -> None:
    assert write_key("2024/岚溪县/云溪镇（重报）.txt") == "2024/岚溪县/云溪镇（重报）.txt"


def made(verb: Verb, outcome: Outcome | None = None, mark: str = A) -> dict[str, Decision]:
    return {mark: Decision("a.txt", "P103", mark, verb, outcome, "理由", "沈知远", DAY)}


FAIL: tuple[tuple[str, Outcome], ...] = ((A, "fail"),)
BOTH: tuple[tuple[str, Outcome], ...] = ((A, "fail"), (B, "review"))
DECIDED: list[tuple[Outcome, tuple[tuple[str, Outcome], ...], dict[str, Decision], Outcome]] = [
    ("fail", FAIL, {}, "fail"),
    ("fail", FAIL, made("confirm"), "fail"),
    ("fail", FAIL, made("dismiss"), "pass"),
    ("fail", FAIL, made("dismiss", mark=B), "fail"),
    ("fail", BOTH, made("dismiss"), "review"),
    ("fail", BOTH, made("dismiss", mark=B), "fail"),
    ("fail", BOTH, made("override", "pass"), "review"),
    ("fail", BOTH, made("dismiss") | made("dismiss", mark=B), "pass"),
    ("fail", BOTH, made("dismiss") | made("override", "fail", B), "fail"),
    ("fail", FAIL, made("override", "not_applicable"), "not_applicable"),
    ("fail", BOTH, made("override", "not_applicable"), "review"),
    ("fail", (), made("dismiss"), "fail"),
    ("fail", BOTH, made("override", "review", "") | made("dismiss"), "review"),
    ("fail", BOTH, made("dismiss", mark=""), "pass"),
    ("fail", BOTH, made("confirm", mark="") | made("dismiss"), "fail"),
    ("pass", (), made("override", "fail", ""), "fail"),
    ("error", (), made("dismiss", mark=""), "error"),
    ("error", (), made("override", "pass", ""), "pass"),
    ("not_applicable", (), made("confirm", mark=""), "not_applicable"),
    ("not_applicable", (), made("override", "review", ""), "review"),
]


@pytest.mark.parametrize(("outcome", "findings", "decisions", "expected"), DECIDED)
def test_what_a_rule_comes_to(
    outcome: Outcome, findings: tuple[tuple[str, Outcome], ...], decisions: dict[str, Decision], expected: Outcome
) -> None:
    assert decide(outcome, findings, decisions) == expected


def settled(folder: Path, decisions: Iterable[Decision] = (), *, forget: bool = False) -> dict[str, tuple[object, ...]]:
    with closing(sqlite3.connect(folder / DATABASE)) as base, base:
        if forget:
            base.execute("DELETE FROM decision")
        keep_decisions(base, decisions)
        settle(base)
        rows = base.execute("SELECT path, decided, failed, warned, doubts FROM file ORDER BY path").fetchall()
    return {path: tuple(rest) for path, *rest in rows}


def test_files_come_to_what_their_rules_do(tmp_path: Path) -> None:
    folder = build_audit(tmp_path)
    found = settled(folder)
    before = settled(folder, forget=True)
    with Audit(folder) as audit:
        for file in audit.files():
            outcomes = audit.outcomes_of(file.id)
            assert file.decided == file.outcome
            assert all(o.outcome == o.decided for o in outcomes.values())
    jiao = "2024/穗川县/教体局.txt"
    assert before[jiao] == ("fail", 2, 2, 1)
    assert found[jiao] == ("fail", 1, 2, 1)  # the mandatory T302 still fails
    lu = "2024/岚溪县/芦浦街道.txt"
    assert (before[lu], found[lu]) == (("fail", 4, 6, 3), ("fail", 2, 6, 4))
    changed = {path for path in before if before[path] != found[path]}
    assert changed == {jiao, lu}


def test_the_last_mandatory_failure_decides(tmp_path: Path) -> None:
    folder = build_audit(tmp_path)
    fu = "2024/岚溪县/县人民政府.txt"

    def told(verb: Verb, outcome: Outcome | None) -> Decision:
        return Decision(fu, "P104", "", verb, outcome, "理由", REVIEWER, DAY)

    assert settled(folder, [told("dismiss", None)])[fu] == ("pass", 0, 0, 0)
    assert settled(folder, [told("override", "review")])[fu] == ("review", 0, 0, 1)
    assert settled(folder, [told("confirm", None)])[fu] == ("fail", 1, 0, 0)


def test_an_error_stays_until_it_is_set(tmp_path: Path) -> None:
    folder = build_audit(tmp_path)
    yan, broken = "2023/穗川县/雁桥铺镇.txt", "2024/穗川县/损坏.docx"
    assert settled(folder)[yan][0] == settled(folder)[broken][0] == "error"
    told = [Decision(p, "N501", "", "override", "pass", "人工核对", REVIEWER, DAY) for p in (yan, broken)]
    found = settled(folder, told)
    assert (found[yan][0], found[broken][0]) == ("pass", "error")


def test_an_error_of_the_whole_file_cannot_be_set_by_a_rule(tmp_path: Path) -> None:
    folder = build_audit(tmp_path)
    yun = "2024/岚溪县/云溪镇.txt"
    with closing(sqlite3.connect(folder / DATABASE)) as base, base:
        base.execute("UPDATE file SET outcome = 'error' WHERE path = ?", (yun,))
    told = [Decision(yun, "N501", "", "override", "pass", "人工核对", REVIEWER, DAY)]
    assert settled(folder, told)[yun][0] == "error"


def test_decisions_survive_a_new_run(tmp_path: Path) -> None:
    folder = build_audit(tmp_path)
    before = settled(folder)
    with closing(sqlite3.connect(folder / DATABASE)) as base, base:
        base.execute("UPDATE outcome SET decided = outcome")
        base.execute("UPDATE file SET decided = outcome, failed = 0, warned = 0, doubts = 0")
    assert settled(folder) == before


def test_a_later_decision_replaces_the_earlier(tmp_path: Path) -> None:
    folder = build_audit(tmp_path)
    path = "2024/穗川县/教体局.txt"
    settled(folder, [Decision(path, "P103", "", "confirm", None, "看错了", "顾言", DAY)])
    with Audit(folder) as audit:
        (found,) = [d for d in audit.decisions() if (d.path, d.rule) == (path, "P103")]
        assert (found.verb, found.reviewer) == ("confirm", "顾言")
        assert audit.outcomes_of(next(f.id for f in audit.files() if f.path == path))["P103"].decided == "fail"
