"""A run as a workbook: the sheets as a person reads them, and hostile words that stay words."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from itertools import islice
from typing import Any

import openpyxl
import pytest

from tests.test_reporters import ACCEPTED, EMPTY, FULL, NASTY, RULES, finding, rule, run
from tests.test_todo import PASSING, file
from validator.errors import OptionError
from validator.reporters.workbook import render_workbook
from validator.result import RunResult
from validator.spreadsheet import MOST_CHARACTERS


def read(result: RunResult) -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_workbook(result)))


def rows(sheet: Any) -> list[tuple[Any, ...]]:
    """Return what stands below the frozen headings."""
    first = int("".join(c for c in sheet.freeze_panes if c.isdigit()))
    return list(islice(sheet.iter_rows(values_only=True), first - 1, None))


def test_the_sheets_of_one_file() -> None:
    book = read(run(FULL.files[0]))
    assert book.sheetnames == ["总览", "检查项", "要改的", "不计入的", "说明"]
    assert rows(book["总览"])[0][:7] == ("✗ 不符合", "云溪镇人民政府", 2023, 1, 0, 1, 1)
    assert [(r[0], r[2], r[3]) for r in rows(book["检查项"])] == [
        ("P101", "必备项", "✓ 通过"),
        ("P102", "必备项", "✗ 不通过"),
        ("P103", "应改项", "? 需复核"),
        ("P104", "必备项", "– 不适用"),
        ("T301", "必备项", "! 未能检查"),
        ("T302", "质量提示", "✗ 不通过"),
    ]
    assert rows(book["检查项"])[1][5] == "第3行第5字，“一、主要举措”\n应写在：正文第一部分，可以加在第9行之后。"
    work = rows(book["要改的"])
    assert [(r[1], r[4]) for r in work] == [
        ("T301", "! 未能检查"),
        ("P102", "✗ 不通过"),
        ("P102", "✗ 不通过"),
        ("P103", "? 需复核"),
    ]
    assert work[2][5] == "应写在：正文第一部分，可以加在第9行之后。"
    assert [r[5] for r in rows(book["不计入的"])] == [
        "已豁免：经批准（王某批准，有效期至2099-12-31，依据批复〔2025〕1号）"
    ]


def test_several_files_make_a_matrix() -> None:
    book = read(run(*FULL.files, PASSING, *ACCEPTED.files))
    sheet = book["检查项"]
    assert [c.value for c in sheet[2]] == ["单位", "年度", "结论", *(r.id for r in RULES), "文件"]
    assert [r[3:9] for r in rows(sheet)] == [
        ("✓", "✗", "?", "–", "!", "✗*"),
        ("!", None, None, None, None, None),
        ("✓", None, None, None, None, None),
        (None, "✗", "✗*", None, None, "✗*"),
    ]
    colours = {c.value: c.fill.start_color.rgb for c in sheet[3][3:9]}
    assert len({colours[mark] for mark in "✓✗?!"}) == 4
    assert [(r[0], r[4]) for r in rows(book["要改的"]) if r[4] == "! 未能检查"][-1] == ("坏:文件,名.docx", "! 未能检查")


def test_nothing_to_do_is_said() -> None:
    assert rows(read(run(PASSING))["要改的"])[0][0] == "没有要改的。"
    assert "不计入的" not in read(run(PASSING)).sheetnames
    assert read(EMPTY)["总览"]["A2"].value == "没有要检查的文件。"


def test_every_sheet_is_set_up_for_screen_and_paper() -> None:
    for sheet in read(FULL):
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_words_stay_words() -> None:
    starts = ("=1+1", "+1", "-1", "@SUM(A1)", "http://example.org/", "{=1}", "\t=1", "2023", "'x")
    files = []
    for start in starts:
        words = f"{start}{NASTY}"
        bad = replace(finding(), message=words, excerpt=words, suggestion=words, section=words)
        files.append(file("fail", rule("P102", "fail", findings=(bad,)), path=words))
    book = read(run(*files))
    cells = [c for sheet in book for line in sheet.iter_rows() for c in line if c.value is not None]
    assert {c.data_type for c in cells} == {"s", "n"}
    assert not any(c.hyperlink for c in cells)
    unseen = dict.fromkeys(map(ord, "\x00\x1b\u202e\ufffe"), " ")
    for start, held in zip(starts, rows(book["要改的"]), strict=True):
        assert held[0].split() == held[6].split() == f"{start}{NASTY}".translate(unseen).split()


def test_a_cell_holds_what_it_can() -> None:
    book = read(run(file("fail", rule("P102", "fail", findings=(finding(message="字" * 40_000),)))))
    held = rows(book["要改的"])[0][6]
    assert len(held) <= MOST_CHARACTERS
    assert held.endswith("全文共40000字）")


def test_without_the_library_it_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter.exceptions", None)
    with pytest.raises(OptionError, match=r"需要安装 fazhi-validator\[web\]。$"):
        render_workbook(FULL)
