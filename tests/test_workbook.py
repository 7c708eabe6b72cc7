"""The workbook of an audit: every sheet as a reviewer reads it, hostile texts, limits, and back into decisions."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.escape import unescape

from tests.audit_files import BROKEN_RULE, HOSTILE, REVIEWER, SAMPLES, SHARED, build_audit, decisions
from validator.audit.decisions import read_decisions
from validator.audit.exports.workbook import write_workbook
from validator.audit.read import DATABASE, Audit
from validator.errors import OptionError
from validator.spreadsheet import (
    MOST_CHARACTERS,
    Book,
    Column,
    Link,
    Rich,
    Table,
    count_lines,
    fit,
)

pytestmark = pytest.mark.slow
"""Ten seconds of workbooks: with the slow tests, which CI runs too."""

SHEETS = (
    *(
        "总览",
        "总表",
        "各单位",
        "各项规则",
        "雷同段落",
        "多家共用的句子",
        "与上年对照",
        "未报送",
        "重复报送",
        "逾期公开",
    ),
    *("统计", "分组不通过率", "未能检查", "身份存疑", "复核", "复核记录", "复核一致率"),
)
DAY = "2025-06-01"


@pytest.fixture(scope="module")
def audit_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_audit(tmp_path_factory.mktemp("工作簿"))


@pytest.fixture(scope="module")
def path(audit_folder: Path) -> Path:
    with Audit(audit_folder) as audit:
        write_workbook(audit, audit_folder / "审核结果.xlsx")
    return audit_folder / "审核结果.xlsx"


@pytest.fixture(scope="module")
def book(path: Path) -> Iterator[Any]:
    table = openpyxl.load_workbook(path, rich_text=True)
    yield table
    table.close()


def rows(book: Any, sheet: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by heading; the headings stand above the frozen line."""
    found = book[sheet]
    heading = int("".join(c for c in found.freeze_panes if c.isdigit())) - 1
    names = [c.value for c in found[heading]]
    below = found.iter_rows(min_row=heading + 1, values_only=True)
    return [dict(zip(names, cells, strict=True)) for cells in below]


def text_of(book: Any, sheet: str) -> str:
    return "\n".join(str(c) for row in book[sheet].iter_rows(values_only=True) for c in row if c is not None)


def test_the_sheets_stand_in_order(book: Any, audit_folder: Path) -> None:
    assert tuple(book.sheetnames[: len(SHEETS)]) == SHEETS
    rest = book.sheetnames[len(SHEETS) :]
    assert "规则 P101" in rest  # all its findings are dismissed: it has a sheet all the same
    assert all(name.startswith("规则 ") for name in rest)
    assert "规则 P115" not in rest  # nothing was found
    with Audit(audit_folder) as audit:
        order = [f"规则 {r.id}" for r in audit.rules()]
    assert rest == [name for name in order if name in rest]


def test_headings_are_frozen_and_filtered_and_printed_on_every_page(book: Any) -> None:
    for name in book.sheetnames[1:]:
        sheet = book[name]
        assert sheet.freeze_panes, name
        assert sheet.auto_filter.ref, name
        assert sheet.print_title_rows, name
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9


def test_the_overview_begins_with_the_conclusion(book: Any) -> None:
    lines = [c.value for c in book["总览"]["A"] if c.value]
    assert lines[1] == (
        "2024年度：应报送10家，未报送2家；报告11份：符合5份，不符合4份，需人工复核1份，未能检查1份。另有2023年度4份。"
    )
    assert lines[2] == (
        "重复报送1家（2份）。逾期公开1份。雷同段落：不同单位之间1对，与本单位上年1份，同一单位的几份之间1对。"
        "与上年对照，要复核的3处。"
    )
    assert lines[3] == "已计入4条复核意见。"
    text = text_of(book, "总览")
    assert "用48条规则检查了8个单位15份报告中的13份" in text
    assert "规则集 2026.1（校验码 00000000）" in text
    assert "sha256" not in text
    assert "没有法律或文件规定" in text


def test_an_unfinished_audit_says_so(audit_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "未完"
    shutil.copytree(audit_folder, folder)
    with closing(sqlite3.connect(folder / DATABASE)) as base, base:
        base.execute("UPDATE about SET value = 'checking' WHERE key = 'state'")
        base.execute("UPDATE file SET state = 'waiting' WHERE id > 10")
    with Audit(folder) as audit:
        write_workbook(audit, folder / "a.xlsx")
    text = text_of(openpyxl.load_workbook(folder / "a.xlsx"), "总览")
    assert "审核没有做完（还在检查）" in text
    assert "还没有检查\n5份" in text


def test_the_matrix_has_a_mark_for_every_rule_and_file(book: Any) -> None:
    sheet = book["总表"]
    ids = [c.value for c in sheet[2]]
    assert sheet.freeze_panes == "F3"
    found = {row[-1].value: row for row in sheet.iter_rows(min_row=3)}
    assert set(found) == {s.path for s in SAMPLES}

    def mark(path: str, rule: str) -> Any:
        return found[path][ids.index(rule)]

    assert mark("2024/岚溪县/云溪镇.txt", "P103").value == "✓"
    assert mark("2024/岚溪县/竹影乡.txt", "P103").value == "?"
    assert mark("2024/岚溪县/芦浦街道.txt", "T302").value == "✗"
    assert mark(*BROKEN_RULE).value == "!"
    assert mark("2024/来源不明/报告.txt", "P103").value == "–"
    assert mark("2024/穗川县/教体局.txt", "P103").value == "✓*"  # set by the reviewer
    assert mark("2024/岚溪县/芦浦街道.txt", "T301").value == "?*"
    assert mark("2024/岚溪县/县人民政府.txt", "P104").value == "✗*"  # confirmed
    assert mark("2024/穗川县/教体局.txt", "T304").value == "✓"  # the decision is out of date
    assert REVIEWER in mark("2024/穗川县/教体局.txt", "P103").comment.text
    colours = {mark(*at).fill.start_color.rgb for at in (("2024/岚溪县/云溪镇.txt", "P103"), BROKEN_RULE)}
    assert len(colours) == 2
    row = found["2024/岚溪县/芦浦街道.txt"]
    assert [c.value for c in row[:5]] == ["岚溪县", "芦浦街道办事处", "乡镇（街道）", 2024, "✗ 不符合"]
    assert [c.value for c in row[-4:-1]] == [2, 6, 4]


def test_organs_say_what_to_do(book: Any) -> None:
    found = {row["文件"]: row for row in rows(book, "各单位")}
    fu = found["2024/岚溪县/县人民政府.txt"]
    assert fu["必备项不通过"] == "P104 下一年度推进法治政府建设的主要安排"
    assert "2025-04-20" in fu["报送情况"]
    assert f"{REVIEWER} 2025-05-06 确认：确无下一年度安排" in fu["复核意见"]
    assert "穗川县水利局2024年度（其他单位），相同53字" in found["2024/穗川县/雁桥铺镇.txt"]["与哪些报告有雷同段落"]
    assert "2份中的第2份" in found["2024/岚溪县/云溪镇（重报）.txt"]["报送情况"]
    assert "P101" not in found["2024/岚溪县/芦浦街道.txt"]["必备项不通过"]
    assert [r["单位"] for r in rows(book, "各单位") if r["结论"] == "未报送"] == ["岚溪县医疗保障局", "松坳镇人民政府"]


def test_the_sheet_of_a_rule_has_every_finding_and_its_basis(book: Any, audit_folder: Path) -> None:
    with Audit(audit_folder) as audit:
        for name in book.sheetnames[len(SHEETS) :]:
            rule = name.split()[1]
            expected = [(f.path, unescape(fit(f.message))) for f in audit.findings(rule=rule)]
            assert [(r["文件"], unescape(str(r["说明"]))) for r in rows(book, name)] == expected
        basis = {r.id: r.basis for r in audit.rules()}
    text = text_of(book, "规则 P112")
    assert basis["P112"][0].relation == "editorial"
    assert "编辑惯例" in text
    assert "没有法律或文件规定" in text
    assert "规定了职责，没有规定必须写进报告" in text_of(book, "规则 T302")


def test_the_index_leads_to_the_sheets_of_rules(book: Any) -> None:
    sheet = book["各项规则"]
    links = {c.value: c.hyperlink.location for c in sheet["A"] if c.hyperlink}
    assert links["P112"] == "'规则 P112'!A1"
    assert all(place.split("'")[1] in book.sheetnames for place in links.values())
    found = {r["规则"]: r for r in rows(book, "各项规则")}
    p112 = found["P112"]
    assert (p112["通过"], p112["不通过"], p112["未能检查"]) == (9, 4, 1)
    assert p112["不通过率"] == pytest.approx(4 / 13)
    assert p112["类别"] == "应改项"


def test_the_same_stretches_are_marked_on_both_sides(book: Any) -> None:
    first, second, plain, _ = list(book["雷同段落"].iter_rows(min_row=3))
    here, there = first[10].value, first[12].value
    assert isinstance(here, CellRichText)
    assert "".join(map(str, here)) == f"局机关{SHARED}"
    marked = [p for p in here if isinstance(p, TextBlock) and p.font.b]
    assert [p.text for p in marked] == [SHARED]
    assert str(there) == SHARED
    assert first[12].font.b  # the whole cell is the same
    assert [str(p) for p in second[10].value if isinstance(p, TextBlock) and p.font.b] == [
        "全年开展执法检查",
        "，下发整改通知书，整改完",
    ]
    assert plain[10].value == "完善村规民约。"
    assert not plain[10].font.b
    assert "抄" not in text_of(book, "雷同段落")


def test_what_else_is_known_has_its_sheet(book: Any) -> None:
    assert rows(book, "多家共用的句子")[0]["单位数"] == 6
    assert [r["类别"] for r in rows(book, "与上年对照")] == [
        "问题与上年文字相同",
        "上年安排本年没有写到",
        "数字与上年相同",
    ]
    assert [r["单位"] for r in rows(book, "未报送")] == ["岚溪县医疗保障局", "松坳镇人民政府"]
    assert [r["文件"] for r in rows(book, "重复报送")] == ["2024/岚溪县/云溪镇.txt", "2024/岚溪县/云溪镇（重报）.txt"]
    assert [r["公开日期"] for r in rows(book, "逾期公开")] == ["2025-04-20"]
    assert [r["文件"] for r in rows(book, "未能检查")] == ["2024/穗川县/损坏.docx", BROKEN_RULE[0]]
    assert {r["文件"] for r in rows(book, "身份存疑")} == {"2024/来源不明/报告.txt", "2023/岚溪县/竹影乡.txt"}
    log = rows(book, "复核记录")
    assert len(log) == len(decisions())
    assert [r["规则"] for r in log if r["状态"] != "有效"] == ["T304"]
    assert rows(book, "复核一致率")[-1] == {"规则": "合计", "标题": None, "确认": 1, "驳回或改判": 4, "一致率": 0.2}


def test_statistics_add_up(book: Any) -> None:
    found = rows(book, "统计")
    total = found[0]
    for kind in ("按年度", "按层级", "按地区"):
        for name in ("份数", "符合", "不符合", "需人工复核", "未能检查"):
            assert sum(r[name] for r in found if r["分组"] == kind) == total[name]
    assert [r["组"] for r in found if r["分组"] == "按年度"] == ["2024年度", "2023年度"]
    p112 = [r for r in rows(book, "分组不通过率") if r["规则"] == "P112" and r["分组"] == "按年度"]
    assert sum(r["不通过"] for r in p112) == 4


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    folder = build_audit(tmp_path)
    with closing(sqlite3.connect(folder / DATABASE)) as base, base:
        for table in ("file", "outcome", "finding", "roster", "missing", "double", "late", "copy", "echo", "decision"):
            base.execute(f"DELETE FROM {table}")
    with Audit(folder) as audit:
        write_workbook(audit, folder / "a.xlsx")
    empty = openpyxl.load_workbook(folder / "a.xlsx")
    assert empty.sheetnames == list(SHEETS)
    assert "没有给出名册，所以不知道谁没有报送。" in text_of(empty, "未报送")
    assert "没有报告。" in text_of(empty, "总览")
    assert read_decisions(folder / "a.xlsx", reviewer=None, day=DAY).decisions == ()


def test_no_text_becomes_a_formula_or_a_link(path: Path, book: Any) -> None:
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert not [c for c in cells if c.hyperlink and c.hyperlink.target]
    shown = [str(c.value) for c in cells if "HYPERLINK" in str(c.value)]
    assert any(s.startswith("=HYPERLINK(") for s in shown)
    assert "\x00" in HOSTILE
    assert all("_x0000_" not in s and s.replace("\n", "").isprintable() for s in shown)
    with zipfile.ZipFile(path) as archive:
        assert not [n for n in archive.namelist() if "externalLink" in n or "vbaProject" in n]


def test_the_same_audit_gives_the_same_bytes(audit_folder: Path, path: Path, tmp_path: Path) -> None:
    told: list[int] = []
    with Audit(audit_folder) as audit:
        write_workbook(audit, tmp_path / "b.xlsx", advance=lambda: told.append(1))
    assert (tmp_path / "b.xlsx").read_bytes() == path.read_bytes()
    assert len(told) == len(SAMPLES)
    assert [p.name for p in tmp_path.iterdir()] == ["b.xlsx"]


def test_what_is_written_in_the_review_sheet_comes_back(path: Path, tmp_path: Path) -> None:
    valid = sorted(decisions()[:-1], key=lambda d: (d.path, d.rule, d.fingerprint))
    assert list(read_decisions(path, reviewer=None, day=DAY).decisions) == valid
    table = openpyxl.load_workbook(path)
    sheet = table["复核"]
    names = {c.value: i for i, c in enumerate(sheet[1])}
    target = next(r for r in sheet.iter_rows(min_row=2) if r[names["规则"]].value == "T302")
    for name, value in (("处理", "改判"), ("改判为", "不适用"), ("理由", "没有执法职能")):
        target[names[name]].value = value
    table.save(tmp_path / "b.xlsx")
    new = [d for d in read_decisions(tmp_path / "b.xlsx", reviewer="顾言", day=DAY).decisions if d not in valid]
    (made,) = new
    assert (made.path, made.rule, made.reviewer, made.day) == ("2024/岚溪县/芦浦街道.txt", "T302", "顾言", DAY)
    assert made.fingerprint


def test_the_review_sheet_offers_what_may_be_written(book: Any) -> None:
    sheet = book["复核"]
    lists = {v.formula1: str(v.sqref) for v in sheet.data_validations.dataValidation}
    assert set(lists) == {'"确认,驳回,改判,撤回"', '"通过,不通过,需复核,不适用"'}
    assert all(int(r.split(":")[1][1:]) >= sheet.max_row for r in lists.values())
    found = rows(book, "复核")
    broken = [r for r in found if r["文件"] == BROKEN_RULE[0] and r["规则"] == BROKEN_RULE[1]]
    assert [r["结论"] for r in broken] == ["! 未能检查"]
    assert not [r for r in found if r["文件"] == "2024/穗川县/损坏.docx"]  # nothing of it can be decided
    keys = [(r["文件"], r["规则"], r["指纹"]) for r in found]
    assert len(keys) == len(set(keys))


def test_findings_with_one_mark_are_one_row_to_decide(audit_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "同"
    shutil.copytree(audit_folder, folder)
    with closing(sqlite3.connect(folder / DATABASE)) as base, base:
        base.execute("UPDATE finding SET fingerprint = ? WHERE rule = 'H701'", ("e" * 16,))
    with Audit(folder) as audit:
        write_workbook(audit, folder / "a.xlsx")
    found = [r for r in rows(openpyxl.load_workbook(folder / "a.xlsx"), "复核") if r["规则"] == "H701"]
    assert [r["指纹"] for r in found] == ["e" * 16, "e" * 16]  # two reports
    assert all("（共5处）" in r["说明"] for r in found)


def test_a_full_sheet_goes_on_in_another(audit_folder: Path, tmp_path: Path) -> None:
    with Audit(audit_folder) as audit:
        write_workbook(audit, tmp_path / "a.xlsx", most_rows=12)
    found = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert all(sheet.max_row <= 12 or sheet.title == "总览" for sheet in found)
    assert {"总表（2）", "各单位（2）", "复核（2）", "分组不通过率（10）"} <= set(found.sheetnames)
    matrix = [row[-1] for n in ("总表", "总表（2）") for row in found[n].iter_rows(min_row=3, values_only=True)]
    assert len(matrix) == len(SAMPLES)
    assert set(matrix) == {s.path for s in SAMPLES}
    assert len(read_decisions(tmp_path / "a.xlsx", reviewer=None, day=DAY).decisions) == len(decisions()) - 1


def test_what_cannot_be_written_is_told_and_the_old_one_stays(audit_folder: Path, tmp_path: Path) -> None:
    with Audit(audit_folder) as audit:
        with pytest.raises(OptionError, match="写不进去（没有这个文件或文件夹）"):
            write_workbook(audit, tmp_path / "没有" / "a.xlsx")
        (tmp_path / "a.xlsx").mkdir()
        with pytest.raises(OptionError, match="写不进去"):
            write_workbook(audit, tmp_path / "a.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("text", ["好" * 40_000, "😀" * 20_000, "a" * 16_380 + "😀" * 9000])
def test_a_cell_never_holds_more_than_it_can(text: str) -> None:
    found = fit(text)
    assert len(found.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert found.endswith(f"……（太长，后面略去，全文共{len(text)}字）")
    assert len(found.encode("utf-16-le")) // 2 > MOST_CHARACTERS - 100


def test_what_fits_stays_as_it_is() -> None:
    for text in ("", "=1\n二", "好" * MOST_CHARACTERS, "😀" * (MOST_CHARACTERS // 2)):
        assert fit(text) == text
    assert fit("a\x00\u202eb\ufffe\td") == "a  b  d"


def test_how_many_lines_a_text_takes() -> None:
    assert [count_lines(t, 21.5) for t in ("", "好" * 10, "好" * 11, "a" * 20, "a\nb\n\n", "好" * 10 + "\n好")] == [
        *(1, 1, 2, 1, 4, 2),
    ]


def small_book(path: Path, columns: list[Column], cells: list[Any], name: str = "表") -> Any:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    workbook = Workbook(str(path), {"constant_memory": True})
    table = Table(Book(workbook), name, columns)
    table.add(cells)
    table.end()
    workbook.close()
    return openpyxl.load_workbook(path, rich_text=True)


def test_rows_that_are_written_are_not_kept(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    workbook = Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True})
    table = Table(Book(workbook), "表", [Column("字", 20, "wrap")])
    for number in range(50):
        table.add((f"{number}\n" * (number % 3 + 1),))
    table.end()
    sheet = workbook.worksheets()[0]
    assert max(len(v) for v in vars(sheet).values() if isinstance(v, dict)) < 10
    workbook.close()
    heights = openpyxl.load_workbook(tmp_path / "a.xlsx")["表"].row_dimensions
    expected = [14.5 * (n % 3 + 2) + 3 for n in range(50)]
    assert [heights[r].height for r in range(2, 52)] == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize(
    ("marks", "bold"),
    [
        (((0, 2),), ["甲乙"]),
        (((2, 4), (0, 1)), ["甲", "丙丁"]),
        (((0, 3), (1, 2)), ["甲乙丙"]),
        (((3, 99),), ["丁"]),
        (((2, 2), (9, 12)), []),
    ],
)
def test_marks_of_any_kind(tmp_path: Path, marks: tuple[tuple[int, int], ...], bold: list[str]) -> None:
    found = small_book(tmp_path / "a.xlsx", [Column("字", 20, "wrap")], [Rich("甲乙丙丁", marks)])["表"]["A2"].value
    assert "".join(map(str, found)) == "甲乙丙丁"
    pieces = [] if isinstance(found, str) else [p.text for p in found if isinstance(p, TextBlock) and p.font.b]
    assert pieces == bold


def test_names_of_sheets_are_legal_and_different(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    workbook = Workbook(io.BytesIO(), {"constant_memory": True, "tmpdir": str(tmp_path)})
    book = Book(workbook)
    names = [book.add_sheet(n)[0] for n in ("规则 P1", "规则 p1", "a[]:*?/\\'b", "长" * 40, "长" * 40, "", "\x00")]
    workbook.close()
    assert names[:3] == ["规则 P1", "规则 p1（2）", "a________b"]
    assert len({n.casefold() for n in names}) == len(names)
    assert all(0 < len(n) <= 31 for n in names)


def test_links_lead_to_a_sheet(tmp_path: Path) -> None:
    cell = small_book(tmp_path / "a.xlsx", [Column("字", 20)], [Link("=P1", "表")])["表"]["A2"]
    assert (cell.value, cell.hyperlink.location, cell.data_type) == ("=P1", "'表'!A1", "s")


def _filled(sheet: Any) -> dict[str, str]:
    """Return the cells that hold something; numbers with as many digits as every program keeps."""
    cells = {c.coordinate: c.value for row in sheet for c in row if c.value not in (None, "")}
    return {at: f"{v:.10g}" if isinstance(v, int | float) else str(v) for at, v in cells.items()}


@pytest.mark.slow
def test_an_office_program_opens_it(path: Path, book: Any, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for form in ("pdf", "xlsx"):
        command = [program, profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path / form), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert (tmp_path / "pdf" / "审核结果.pdf").read_bytes().startswith(b"%PDF")
    saved = tmp_path / "xlsx" / "审核结果.xlsx"
    again = openpyxl.load_workbook(saved)
    assert again.sheetnames == book.sheetnames
    for name in book.sheetnames:
        assert again[name].auto_filter.ref == book[name].auto_filter.ref
        assert _filled(again[name]) == _filled(book[name]), name
    expected = read_decisions(path, reviewer=None, day=DAY)
    assert read_decisions(saved, reviewer=None, day=DAY) == expected
