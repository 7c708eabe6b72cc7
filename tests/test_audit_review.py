"""A review from end to end on the command line: run, fill in, import, export, run again, compare."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from typer.testing import CliRunner

from tests.audit_files import BROKEN_RULE, build_audit
from tests.conftest import SPECIMENS, Run
from validator.audit.read import DATABASE, Audit
from validator.audit.records import VERBS, Decision
from validator.cli import app

pytestmark = pytest.mark.slow
"""Ten seconds of workbooks: with the slow tests, which CI runs too."""

GOOD, MISSING, PLAIN = "2023/云溪县/竹影镇.txt", "2020/云溪县/柳河镇.txt", "2024/云溪县/芦浦镇.txt"
BOOK, LETTERS = "审核结果.xlsx", "审核意见书"
_REPORTS = {GOOD: "passes-all.txt", MISSING: "missing-plan.txt", PLAIN: "running-text.txt"}
_PATTERN = ("--pattern", "{year}/{region}/{organ}.txt", "--jobs", "1")
_PLAN = "四、2021年主要安排\n\n（一）建成乡镇综合执法队3支。\n\n（二）每季度开展1次执法业务培训。\n\n"
Cells = Mapping[str, object]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with three reports and their audit, for tests to copy."""
    folder = tmp_path_factory.mktemp("审核")
    for path, specimen in _REPORTS.items():
        (folder / "报告" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SPECIMENS / specimen, folder / "报告" / path)
    done = CliRunner().invoke(app, ["audit", "run", str(folder / "报告"), "--out", str(folder / "结果"), *_PATTERN])
    assert done.exit_code == 1, done.output
    return folder


@pytest.fixture
def out(audited: Path, tmp_path: Path) -> Path:
    """Return the folder of an audit that a test may change; the reports stand in ``报告`` beside it."""
    shutil.copytree(audited, tmp_path, dirs_exist_ok=True)
    return tmp_path / "结果"


def fill(book: Path, choose: Callable[[dict[str, Any]], Cells | None], target: Path | None = None) -> None:
    """Fill in the sheet as a person does: ``choose`` returns the cells to write in a row."""
    table = openpyxl.load_workbook(book)
    sheet = table["复核"]
    names = [c.value for c in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for name, value in (choose({str(n): c.value for n, c in zip(names, row, strict=True)}) or {}).items():
            row[names.index(name)].value = value  # type: ignore[assignment]
    table.save(target or book)


def correct(report: Path) -> None:
    """Write the missing plan into a report."""
    text = report.read_text("utf-8")
    report.write_text(text.replace("岚溪县人民政府\n2021年", f"{_PLAN}岚溪县人民政府\n2021年"), encoding="utf-8")
    assert report.read_text("utf-8") != text


def dismiss_the_plan(row: dict[str, Any]) -> Cells | None:
    if (row["文件"], row["规则"]) == (MISSING, "P104"):
        return {"处理": "驳回", "理由": "另有专门文件", "复核人": "沈知远", "日期": "2024-05-06"}
    return None


def review_two(row: dict[str, Any]) -> Cells | None:
    if (row["文件"], row["规则"]) == (PLAIN, "P103"):
        return {"处理": "确认", "日期": "2024-05-07"}
    return dismiss_the_plan(row)


def rows(book: Path, name: str) -> list[dict[str, Any]]:
    head, *found = openpyxl.load_workbook(book)[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in found]


def words(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def table(out: Path, name: str) -> list[dict[str, str]]:
    with (out / "数据表" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def made(out: Path) -> list[Decision]:
    with Audit(out) as audit:
        return list(audit.decisions())


def decided(out: Path, path: str, rule: str = "P104") -> str:
    with Audit(out) as audit:
        file = audit.file(path)
        assert file is not None
        return audit.outcomes_of(file.id)[rule].decided


def names(out: Path) -> set[str]:
    return {p.name for p in out.iterdir() if not p.name.startswith("audit.")}


def letters(out: Path) -> set[str]:
    return {p.name for p in (out / LETTERS).iterdir()}


def test_what_was_decided_shows_everywhere_with_who_and_when(fazhi: Run, out: Path) -> None:
    assert letters(out) == {"2020-云溪县-柳河镇.docx", "2024-云溪县-芦浦镇.docx"}
    fill(out / BOOK, review_two)
    done = fazhi("audit", "import-decisions", "结果", "结果/审核结果.xlsx", "--by", "顾言")
    assert (done.returncode, done.stderr) == (0, "")
    assert "读到2条复核意见，其中2条是新的或改过的" in done.stdout
    assert "撤回" not in done.stdout
    assert decided(out, MISSING) == "pass"
    done = fazhi("audit", "export", "结果")
    assert done.returncode == 0
    assert "填过的那一份改名为：审核结果（已读入）.xlsx" in done.stdout
    assert f"已删去：{LETTERS}/2020-云溪县-柳河镇.docx" in done.stdout

    log = [
        [r[k] for k in ("文件", "规则", "处理", "理由", "复核人", "日期", "状态")] for r in rows(out / BOOK, "复核记录")
    ]
    assert log == [
        [MISSING, "P104", "驳回", "另有专门文件", "沈知远", "2024-05-06", "有效"],
        [PLAIN, "P103", "确认", None, "顾言", "2024-05-07", "有效"],
    ]
    found = {d["path"]: d for d in table(out, "decisions")}
    assert [(found[p]["reviewer"], found[p]["day"]) for p in (MISSING, PLAIN)] == [
        ("沈知远", "2024-05-06"),
        ("顾言", "2024-05-07"),
    ]
    with Audit(out) as audit:
        numbers = {f.path: f.id for f in audit.files()}
    for path, who, when in ((MISSING, "沈知远", "2024-05-06"), (PLAIN, "顾言", "2024-05-07")):
        page = (out / "pages" / f"{numbers[path]:06d}.html").read_text("utf-8")
        assert who in page
        assert when in page
    assert "沈知远" not in (out / "pages" / f"{numbers[GOOD]:06d}.html").read_text("utf-8")
    assert letters(out) == {"2024-云溪县-芦浦镇.docx"}
    letter = words(out / LETTERS / "2024-云溪县-芦浦镇.docx")
    assert "顾言" in letter
    assert "2024-05-07" in letter
    assert "复核人作了2个决定" in words(out / "审核情况汇总.docx")


def test_decisions_survive_a_new_run_and_a_stale_one_is_marked(fazhi: Run, out: Path, tmp_path: Path) -> None:
    fill(out / BOOK, review_two)
    fazhi("audit", "import-decisions", "结果", "结果/审核结果.xlsx", "--by", "顾言")
    shutil.copytree(out, tmp_path / "改正前")
    correct(tmp_path / "报告" / MISSING)
    done = fazhi("audit", "报告", "--out", "结果", "--outputs", "xlsx,csv", *_PATTERN)
    assert done.returncode == 0, done.stderr  # what is left to a person is no failure
    assert {(d.path, d.verb, d.stale) for d in made(out)} == {(MISSING, "dismiss", True), (PLAIN, "confirm", False)}
    states = {r["文件"]: r["状态"] for r in rows(out / BOOK, "复核记录")}
    assert states == {MISSING: "所指的地方已不在报告里", PLAIN: "有效"}
    assert {r["path"]: r["stale"] for r in table(out, "decisions")} == {MISSING: "1", PLAIN: "0"}
    kept = {r["文件"]: r["复核人"] for r in rows(out / BOOK, "复核") if r["处理"]}
    assert kept == {PLAIN: "顾言"}

    done = fazhi("audit", "diff", "改正前", "结果")
    assert done.returncode == 0, done.stderr
    assert "结论不变3份" in done.stdout  # as the reviewer decided
    assert "变了或者读不出来的1份" in done.stdout
    fazhi("audit", "decide", "改正前", MISSING, "P104", "撤回", "--finding", made(out)[0].fingerprint)
    done = fazhi("audit", "diff", "改正前", "结果", "--format", "markdown")
    assert f"{MISSING}：不符合 → 符合；转为通过 P104" in done.stdout
    assert "竹影镇" not in done.stdout


def test_what_was_filled_in_is_not_lost_before_it_is_imported(fazhi: Run, out: Path, tmp_path: Path) -> None:
    fill(out / BOOK, dismiss_the_plan)
    filled = (out / BOOK).read_bytes()
    done = fazhi("audit", "export", "结果", "--outputs", "xlsx")
    assert "保留原样：审核结果.xlsx" in done.stdout  # nothing is new
    assert (out / BOOK).read_bytes() == filled
    assert "审核结果（新）.xlsx" not in names(out)
    correct(tmp_path / "报告" / MISSING)
    done = fazhi("audit", "报告", "--out", "结果", "--outputs", "xlsx", *_PATTERN)
    assert "没有覆盖。新的写在：审核结果（新）.xlsx" in done.stdout
    assert f"工作簿：{Path('结果') / '审核结果（新）.xlsx'}" in done.stdout
    assert (out / BOOK).read_bytes() == filled
    fill(out / "审核结果（新）.xlsx", lambda row: {"理由": "再看"} if row["规则"] == "P112" else None)
    fazhi("audit", "decide", "结果", PLAIN, "P103", "确认", "--by", "顾言")
    done = fazhi("audit", "export", "结果", "--outputs", "xlsx")
    assert "审核结果（新2）.xlsx" in done.stdout
    assert fazhi("audit", "import-decisions", "结果", "结果/审核结果.xlsx").returncode == 0
    done = fazhi("audit", "export", "结果", "--outputs", "xlsx")
    assert "已不需要，没有删去，请看过后自己处理：审核结果（新）.xlsx" in done.stdout
    assert {n for n in names(out) if n.endswith(".xlsx")} == {BOOK, "审核结果（已读入）.xlsx", "审核结果（新）.xlsx"}
    assert (out / "审核结果（已读入）.xlsx").read_bytes() == filled


def test_a_workbook_that_was_not_taken_is_not_moved(fazhi: Run, out: Path) -> None:
    fill(out / BOOK, lambda row: {"处理": "驳回"} if row["规则"] == "P104" else None)
    done = fazhi("audit", "import-decisions", "结果", "结果/审核结果.xlsx", "--by", "顾言")
    assert done.returncode == 2
    assert "驳回要写理由" in done.stderr
    fazhi("audit", "decide", "结果", MISSING, "P104", "确认", "--by", "顾言")
    fazhi("audit", "export", "结果", "--outputs", "xlsx")
    assert {BOOK, "审核结果（新）.xlsx"} <= names(out)
    assert "审核结果（已读入）.xlsx" not in names(out)


def test_a_copy_of_the_workbook_may_be_filled_in_elsewhere(fazhi: Run, out: Path, tmp_path: Path) -> None:
    fill(out / BOOK, dismiss_the_plan, tmp_path / "寄回.xlsx")
    fazhi("audit", "import-decisions", "结果", "寄回.xlsx")
    fazhi("audit", "export", "结果", "--outputs", "xlsx")
    assert {n for n in names(out) if n.endswith(".xlsx")} == {BOOK}
    assert [r["复核人"] for r in rows(out / BOOK, "复核记录")] == ["沈知远"]


def test_a_letter_that_somebody_edited_stays(fazhi: Run, out: Path) -> None:
    edited = out / LETTERS / "2020-云溪县-柳河镇.docx"
    document = docx.Document(str(edited))
    document.add_paragraph("请于月底前改正。")
    document.save(str(edited))
    before = edited.read_bytes()
    fazhi("audit", "decide", "结果", MISSING, "P104", "确认", "--by", "顾言")
    done = fazhi("audit", "export", "结果", "--outputs", "word")
    assert f"新的写在：{LETTERS}/2020-云溪县-柳河镇（新）.docx" in done.stdout
    assert "顾言" in words(out / LETTERS / "2020-云溪县-柳河镇（新）.docx")
    fazhi("audit", "decide", "结果", MISSING, "P104", "驳回", "--reason", "另有专门文件", "--by", "顾言")
    done = fazhi("audit", "export", "结果", "--outputs", "word")
    assert f"没有删去，请看过后自己处理：{LETTERS}/2020-云溪县-柳河镇.docx" in done.stdout
    assert letters(out) == {"2020-云溪县-柳河镇.docx", "2024-云溪县-芦浦镇.docx"}
    assert edited.read_bytes() == before


def test_a_decision_is_taken_back_by_command(fazhi: Run, out: Path) -> None:
    with Audit(out) as audit:
        marks = [f.fingerprint for f in audit.findings(rule="P112")]
    for mark in ("", *marks[:2]):
        more = ("--finding", mark) if mark else ()
        fazhi("audit", "decide", "结果", PLAIN, "P112", "驳回", "--reason", "可以这样写", "--by", "顾言", *more)
    assert decided(out, PLAIN, "P112") == "pass"
    done = fazhi("audit", "decide", "结果", PLAIN, "p112", "withdraw")
    assert (done.returncode, done.stdout) == (0, "已撤回1条复核意见。用 fazhi audit export 更新结果。\n")
    assert sorted(d.fingerprint for d in made(out)) == sorted(marks[:2])
    assert decided(out, PLAIN, "P112") == "fail"
    done = fazhi("audit", "decide", "结果", PLAIN, "P112", "撤回")
    assert done.returncode == 2
    assert "没有关于整条规则的复核意见" in done.stderr.replace("\n", "")
    assert f"驳回（指纹 {marks[0]}）" in done.stderr.replace("\n", "")
    assert fazhi("audit", "decide", "结果", PLAIN, "P112", "撤回", "--finding", marks[2]).returncode == 2
    assert fazhi("audit", "decide", "结果", PLAIN, "P112", "撤回", "--finding", marks[1].upper()).returncode == 0
    assert [d.fingerprint for d in made(out)] == [marks[0]]


def test_a_decision_on_what_is_gone_can_be_taken_back(fazhi: Run, out: Path, tmp_path: Path) -> None:
    fazhi("audit", "decide", "结果", MISSING, "P104", "确认", "--by", "顾言")
    (tmp_path / "报告" / MISSING).unlink()
    fazhi("audit", "报告", "--out", "结果", "--outputs", "none", *_PATTERN)
    assert [d.stale for d in made(out)] == [True]
    assert fazhi("audit", "decide", "结果", MISSING, "P104", "撤回").returncode == 0
    assert made(out) == []


def test_a_decision_is_taken_back_in_the_sheet(fazhi: Run, out: Path) -> None:
    fill(out / BOOK, review_two)
    fazhi("audit", "import-decisions", "结果", "结果/审核结果.xlsx", "--by", "顾言")
    fazhi("audit", "export", "结果", "--outputs", "xlsx")

    def take_back(row: dict[str, Any]) -> Cells | None:
        return {"处理": "撤回"} if row["规则"] == "P104" else {"处理": None}  # an empty cell takes nothing back

    fill(out / BOOK, take_back)
    done = fazhi("audit", "import-decisions", "结果", "结果/审核结果.xlsx")
    assert "读到0条复核意见，其中0条是新的或改过的；撤回1条。" in done.stdout
    assert f"有{_count_undecided(out) - 1}条要撤回的，本来就没有意见" in done.stdout
    assert [(d.path, d.rule) for d in made(out)] == [(PLAIN, "P103")]
    assert {d.verb for d in made(out)} <= set(VERBS)
    assert decided(out, MISSING) == "fail"
    done = fazhi("audit", "import-decisions", "结果", "结果/审核结果.xlsx")
    assert (done.returncode, "撤回1条" in done.stdout) == (0, False)


def _count_undecided(out: Path) -> int:
    """Return how many rows of the sheet are about P104."""
    return sum(r["规则"] == "P104" for r in rows(out / BOOK, "复核"))


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("2020/云溪县/柳何镇.txt", f"相近的有：{MISSING}"),
        (f"报告/{MISSING}", f"相近的有：{MISSING}"),
        ("2020\\云溪县\\柳河镇.txt", f"相近的有：{MISSING}"),
        ("柳河镇.txt", f"相近的有：{MISSING}"),
        ("别处的文件", "审核结果里没有 别处的文件。\n"),
    ],
)
def test_the_nearest_path_is_named(fazhi: Run, out: Path, report: str, said: str) -> None:
    for command in (("decide", "结果", report, "P104", "确认", "--by", "顾言"), ("page", "结果", report)):
        done = fazhi("audit", *command, columns=400)
        assert done.returncode == 2
        assert said in done.stderr
    assert made(out) == []


@pytest.mark.parametrize(("verb", "kept"), [("驳回", "dismiss"), ("dismiss", "dismiss"), ("确认", "confirm")])
def test_verbs_may_be_written_in_chinese(fazhi: Run, out: Path, verb: str, kept: str) -> None:
    done = fazhi("audit", "decide", "结果", MISSING, "P104", verb, "--reason", "看过", "--by", "顾言")
    assert done.returncode == 0, done.stderr
    assert [(d.verb, d.reviewer) for d in made(out)] == [(kept, "顾言")]


@pytest.mark.parametrize("word", ["不适用", "not_applicable"])
def test_outcomes_may_be_written_in_chinese(fazhi: Run, out: Path, word: str) -> None:
    fazhi("audit", "decide", "结果", MISSING, "P104", "改判", "--outcome", word, "--reason", "看过", "--by", "顾言")
    assert decided(out, MISSING) == "not_applicable"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["同意"], "处理应是确认（confirm）、驳回（dismiss）、改判（override）、撤回（withdraw）之一"),
        (["改判", "--outcome", "未能检查", "--reason", "看过"], "--outcome 应是通过（pass）、不通过（fail）、"),
        (["改判", "--reason", "看过"], "改判要写改判为什么"),
        (["确认", "--outcome", "通过"], "改判要写改判为什么，别的处理不写"),
        (["驳回"], "驳回和改判要写理由"),
        (["撤回", "--reason", "看错了"], "撤回时不写 --reason 和 --outcome"),
        (["撤回"], "没有可撤回的"),
        (["确认", "--finding", "0" * 16], "没有指纹是"),
    ],
)
def test_what_cannot_be_decided_is_said(fazhi: Run, out: Path, given: list[str], said: str) -> None:
    done = fazhi("audit", "decide", "结果", MISSING, "P104", *given, "--by", "顾言", columns=400)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert made(out) == []


def test_the_help_names_what_may_be_written(fazhi: Run) -> None:
    shown = fazhi("audit", "decide", "--help", columns=200).stdout
    for word in (
        "确认（confirm）",
        "驳回（dismiss）",
        "改判（override）",
        "撤回（withdraw）",
        "不适用（not_applicable）",
    ):
        assert word in shown


DECIDING = ["文件", "规则", "指纹", "处理", "理由", "复核人"]
UNREAD = "2024/穗川县/损坏.docx"


def write_sheet(path: Path, *filled: tuple[str, str, str]) -> None:
    """Write a sheet with an empty row between any two: what follows the headings stands in rows 2, 4, 6 …."""
    lines = [DECIDING, *(row for p, r, verb in filled for row in ([p, r, "", verb, "人工核对", "顾言"], []))]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)


def test_what_the_sheet_is_wrong_about_is_told_with_its_row(fazhi: Run, out: Path, tmp_path: Path) -> None:
    rows = (
        (PLAIN, "P999", "驳回"),
        (MISSING, "P104", "驳回"),
        ("2020/别处.txt", "P104", "撤回"),
        (GOOD, "P888", "撤回"),
    )
    write_sheet(tmp_path / "a.csv", *rows)
    done = fazhi("audit", "import-decisions", "结果", "a.csv", columns=400)
    assert done.returncode == 2
    assert done.stderr == (
        f"表里有错，一行也没有导入。第2行：{PLAIN} 没有查过规则 P999。第6行：审核结果里没有 2020/别处.txt。"
        f"第8行：{GOOD} 没有查过规则 P888。\n"
    )
    assert made(out) == []
    write_sheet(tmp_path / "a.csv", *[(f"2020/{n}.txt", "P104", "驳回") for n in range(12)])
    said = fazhi("audit", "import-decisions", "结果", "a.csv", columns=400).stderr
    assert said.count("审核结果里没有") == 10
    assert said.endswith("第20行：审核结果里没有 2020/9.txt。还有2行有错。\n")


def test_what_could_not_be_read_cannot_be_decided_on(fazhi: Run, tmp_path: Path) -> None:
    """One rule that could not run is another thing: a person may look."""
    out = build_audit(tmp_path)
    said = f"{UNREAD} 这份报告没有能检查，不能复核；请先取得能打开的文件。\n"
    before = made(out)
    for verb in ("确认", "驳回", "改判"):
        more = ("--outcome", "通过") if verb == "改判" else ()
        done = fazhi("audit", "decide", "审核", UNREAD, "P103", verb, *more, "--reason", "看过", "--by", "顾言")
        assert (done.returncode, done.stderr.replace("\n", "")) == (2, said.strip())
    write_sheet(tmp_path / "a.csv", (*BROKEN_RULE, "驳回"), (UNREAD, "P103", "驳回"))
    done = fazhi("audit", "import-decisions", "审核", "a.csv", columns=400)
    assert (done.returncode, done.stderr) == (2, f"表里有错，一行也没有导入。第4行：{said}")
    assert made(out) == before
    write_sheet(tmp_path / "a.csv", (*BROKEN_RULE, "驳回"))
    assert fazhi("audit", "import-decisions", "审核", "a.csv").returncode == 0
    assert fazhi("audit", "decide", "审核", UNREAD, "P103", "撤回").returncode == 2


def test_what_was_decided_before_a_file_broke_is_no_fault(fazhi: Run, out: Path, tmp_path: Path) -> None:
    fazhi("audit", "decide", "结果", MISSING, "P104", "驳回", "--reason", "人工核对", "--by", "顾言")
    (tmp_path / "报告" / MISSING).write_bytes(b"")
    fazhi("audit", "报告", "--out", "结果", "--outputs", "none", *_PATTERN)
    assert decided(out, MISSING) == "error"
    write_sheet(tmp_path / "a.csv", (MISSING, "P104", "驳回"))  # as the new workbook shows it
    assert fazhi("audit", "import-decisions", "结果", "a.csv").returncode == 0
    write_sheet(tmp_path / "a.csv", (MISSING, "P104", "确认"))
    assert "没有能检查" in fazhi("audit", "import-decisions", "结果", "a.csv").stderr
    assert fazhi("audit", "decide", "结果", MISSING, "P104", "撤回").returncode == 0
    assert made(out) == []


def test_a_report_that_waits_is_not_called_missing(fazhi: Run, out: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("UPDATE file SET state = 'waiting', outcome = NULL, decided = NULL WHERE path = ?", (PLAIN,))
        base.execute("DELETE FROM outcome WHERE file = (SELECT id FROM file WHERE path = ?)", (PLAIN,))
    for command in (("decide", "结果", PLAIN, "P103", "确认", "--by", "顾言"), ("page", "结果", PLAIN)):
        done = fazhi("audit", *command, columns=400)
        assert (done.returncode, done.stderr) == (2, f"{PLAIN} 这份报告还没有检查完。\n")
    write_sheet(tmp_path / "a.csv", (MISSING, "P104", "驳回"), (PLAIN, "P103", "驳回"))
    done = fazhi("audit", "import-decisions", "结果", "a.csv", columns=400)
    assert (done.returncode, done.stderr) == (2, f"表里有错，一行也没有导入。第4行：{PLAIN} 这份报告还没有检查完。\n")
    assert made(out) == []
