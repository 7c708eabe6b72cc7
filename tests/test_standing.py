"""The first sentences of an audit, and what lies beside the reports: the same in every output."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

from tests.audit_files import build_audit
from validator.audit.exports.dashboard import write_dashboard
from validator.audit.exports.opinion import write_opinions
from validator.audit.exports.summary import write_summary
from validator.audit.exports.table import describe_stale
from validator.audit.exports.workbook import write_workbook
from validator.audit.read import DATABASE, Audit
from validator.audit.records import FileRow, Missing
from validator.audit.standing import Files, find_standing, say_beside, say_standing

NOTICE = "2024/岚溪县/云溪镇（重报）.txt"
HINT = "路径写着2024年的“乙.txt”是2023年的报告，请核对。"


class _Beside(Audit):
    """An audit in which one file lies beside a report, and one organ may have submitted after all."""

    def files(self, *, year: int | None = None) -> Iterator[FileRow]:
        for file in super().files(year=year):
            is_beside = file.path == NOTICE
            yield replace(file, attachment=True, decided="not_applicable") if is_beside else file

    def missing(self) -> Iterator[Missing]:
        for number, found in enumerate(super().missing()):
            yield replace(found, hint=HINT) if number == 0 else found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_audit(tmp_path_factory.mktemp("总体"))


def _say(audit: Audit) -> tuple[str, str]:
    files = Files(audit.about().due)
    for file in audit.files():
        files.add(file)
    standing = find_standing(audit, files)
    return say_standing(standing), "".join(say_beside(standing))


def _read(audit: Audit, out: Path) -> tuple[str, str, str]:
    """Write workbook, dashboard and summary; return their texts."""
    out.mkdir()
    write_workbook(audit, out / "a.xlsx")
    write_summary(audit, out / "a.docx")
    page = etree.fromstring(write_dashboard(audit, out).dashboard.read_text("utf-8"), etree.HTMLParser(huge_tree=True))
    book = openpyxl.load_workbook(out / "a.xlsx")
    sheets = ("总览", "总表", "各单位", "未报送", "身份存疑", "复核")
    cells = "\n".join(
        str(c) for s in sheets for row in book[s].iter_rows(values_only=True) for c in row if c is not None
    )
    word = docx.Document(str(out / "a.docx"))
    rows = (c.text for t in word.tables for r in t.rows for c in r.cells)
    return (
        cells,
        "".join(page.xpath("//body//text()[not(parent::script)]")),
        "\n".join((*(p.text for p in word.paragraphs), *rows)),
    )


def test_all_outputs_begin_with_the_same_sentences(folder: Path, tmp_path: Path) -> None:
    with Audit(folder) as audit:
        first, beside = _say(audit)
        said = _read(audit, tmp_path / "x")
    assert first == (
        "2024年度：应报送10家，未报送2家；报告11份：符合5份，不符合4份，需人工复核1份，未能检查1份。另有2023年度4份。"
    )
    assert "重复报送1家（2份）。" in beside
    assert "雷同段落：不同单位之间1对，与本单位上年1份，同一单位的几份之间1对。" in beside
    assert "附件" not in beside
    for text in said:
        assert first in text
        for sentence in beside.split("。")[:-1]:
            assert sentence in text
        assert "sha256" not in text
        assert "区域" not in text


def test_without_a_roster_or_a_due_year_nobody_is_owed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "x"
    shutil.copytree(folder, out)
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("DELETE FROM roster")
    with Audit(out) as audit:
        assert _say(audit)[0].startswith("2024年度：报告11份：符合5份")
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("DELETE FROM about WHERE key = 'due'")
        base.execute("UPDATE file SET year = NULL WHERE path LIKE '%损坏%'")
    with Audit(out) as audit:
        said = _say(audit)[0]
    assert said == "2023、2024年度：报告15份：符合7份，不符合4份，需人工复核2份，未能检查2份。"


def test_a_report_without_a_year_is_not_of_the_due_one(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "x"
    shutil.copytree(folder, out)
    with closing(sqlite3.connect(out / DATABASE)) as base, base:
        base.execute("UPDATE file SET year = NULL WHERE path LIKE '%损坏%'")
    with Audit(out) as audit:
        said = _say(audit)[0]
    assert "报告10份：" in said
    assert said.endswith("另有2023年度4份。另有1份不知道是哪一年度的（其中1份未能检查），没有计入。")


def test_what_lies_beside_a_report_is_listed_and_not_counted(folder: Path, tmp_path: Path) -> None:
    with _Beside(folder) as audit:
        first, beside = _say(audit)
        said = _read(audit, tmp_path / "x")
        names: list[str] = []
        write_opinions(audit, lambda name, _write: names.append(name), which="all")
    assert "报告10份：符合4份，不符合4份" in first
    assert "另有1份不像是报告（可能是附件），没有计入。" in beside
    for text in said:
        assert first in text
        assert "另有1份不像是报告（可能是附件），没有计入。" in text
        assert HINT.rstrip("。") in text
    book = openpyxl.load_workbook(tmp_path / "x" / "a.xlsx")
    row = next(r for r in book["总表"].iter_rows(values_only=True) if r[-1] == NOTICE)
    assert row[4] == "– 未计入（可能是附件）"
    assert set(row[5:-4]) == {"–"}
    assert [r[0] for r in book["身份存疑"].iter_rows(min_row=2, values_only=True)].count(NOTICE) == 1
    assert NOTICE not in {r[-1] for r in book["各单位"].iter_rows(values_only=True)}
    assert len(names) == 14  # of 15 files
    assert len(list((tmp_path / "x" / "pages").iterdir())) == 14


@pytest.mark.parametrize(
    ("there", "written", "said"),
    [
        ((), ("xlsx",), ()),
        (("审核结果.xlsx",), ("xlsx", "html"), ()),
        (("审核情况汇总.docx",), ("xlsx", "html"), ("意见书和汇总没有重写，内容可能已经过时。",)),
        (("审核意见书/甲.docx", "index.html"), ("csv",), ("网页、意见书和汇总没有重写，内容可能已经过时。",)),
        (("数据表/a.csv",), ("parquet",), ("数据表没有重写，内容可能已经过时。",)),
        (("数据表/a.csv", "审核意见书/读我.txt"), ("csv",), ()),
    ],
)
def test_what_was_not_written_again_is_named(
    tmp_path: Path, there: tuple[str, ...], written: tuple[str, ...], said: tuple[str, ...]
) -> None:
    for name in there:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert describe_stale(tmp_path, written) == said
