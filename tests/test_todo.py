"""The 整改清单 as a Word file: what stands in it and in which order, for one file and for several."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from tests.test_reporters import ACCEPTED, AT, EMPTY, FACTS, FULL, NASTY, finding, rule, run
from validator.document import Location
from validator.reporters.todo import render_todo
from validator.result import Candidate, FileResult, RuleResult, RunResult


def file(outcome: str, *rules: RuleResult, path: str = "报告/云溪镇.docx", **more: Any) -> FileResult:
    return FileResult(path, "ab", outcome, "2023-12-31", more.pop("facts", FACTS), rules, **more)  # type: ignore[arg-type]


PASSING = file("pass", rule("P101", "pass"))


def read(result: RunResult) -> list[str]:
    """Return what stands in the list from the top down: headings with ``# ``, rows of tables with ``|``."""
    document = docx.Document(io.BytesIO(render_todo(result)))
    found: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            found += ["|".join(c.text for c in row.cells) for row in block.rows]
        elif isinstance(block, Paragraph) and block.text:
            named = block.style is not None and (block.style.name or "").lower()
            mark = "# " if named in ("title", "heading 1") else "## " if named == "heading 2" else ""
            found.append(f"{mark}{block.text}")
    return found


def headings(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("#")]


def row(lines: list[str], label: str) -> str:
    return next(line.removeprefix(f"{label}|") for line in lines if line.startswith(f"{label}|"))


def test_the_conclusion_then_what_must_be_done_then_what_is_advised() -> None:
    rules = (
        rule("T401", "fail", "warning", findings=(finding(),)),
        rule("P101", "review", findings=(finding("review"),)),
        rule("P102", "fail", findings=(finding(),)),
        rule("P103", "pass"),
    )
    lines = read(run(file("fail", *(replace(r, title=f"甲{r.id}") for r in rules))))
    assert headings(lines) == [
        "# 云溪镇人民政府2023年\n法治政府建设年度报告整改清单",
        "# 一、结论",
        "# 二、必须改的",
        "## （一）甲P102（P102）",
        "# 三、要人工看的",
        "## （一）甲P101（P101）",
        "# 四、建议改的",
        "## （一）甲T401（T401）",
        "# 五、说明",
    ]
    assert lines[lines.index("# 一、结论") + 1].startswith("不符合。必备项3项，1项不通过，1项需人工复核，另有1项提示。")
    assert lines[-3] == "改好以后，请再检查一次。"
    assert lines[-2:] == [
        f"{who}：〔\u3000\u3000\u3000\u3000〕  日期：〔\u3000\u3000\u3000\u3000〕" for who in ("整改人", "审核人")
    ]


def test_what_is_missing_says_where_it_belongs_and_what_came_near() -> None:
    at = Location(9, 1, 9, 4, None, 12)
    missing = replace(
        finding(at=None, message="没有写。"),
        insert_after=at,
        excerpt=None,
        candidates=(Candidate("近似的话", None, AT, "说的是别的"),),
        suggestion="一是〔  〕。\n二是〔  〕。",
    )
    lines = read(run(file("fail", rule("P102", "fail", findings=(missing, missing)))))
    assert row(lines, "问题") == "没有写。"
    assert row(lines, "在哪里") == "应写在：正文第一部分，可以加在第12段之后"
    assert row(lines, "看过不算的") == "第3行“近似的话”，没有计入：说的是别的。"
    assert row(lines, "可以这样写") == "一是〔\u3000\u3000〕。\n二是〔\u3000\u3000〕。"
    assert row(lines, "依据").startswith("《督察规定》（厅字〔2019〕28号）第四章")
    assert row(lines, "整改情况").strip() == ""


def test_several_places_are_numbered_and_what_to_write_instead_stands_with_them() -> None:
    here = replace(finding(message="用错了词。"), excerpt="法制", replacement="法治", suggestion="法治")
    drop = replace(finding("review", message="说了两次。"), excerpt="的的", replacement="", suggestion=None)
    known = replace(here, known=True)
    lines = read(run(file("pass", rule("W601", "fail", "warning", findings=(here, drop, known)))))
    assert row(lines, "问题") == "1. 用错了词。\n2. 说了两次。（拿不准，请人看）\n另有1处已在基线中，不计入。"
    assert row(lines, "在哪里").splitlines()[0] == "1. 第3行第5字，“一、主要举措”。原文：“法制”"
    assert row(lines, "可以这样写") == "1. 改为“法治”\n2. 删去"


def test_a_file_that_passes_says_so_in_one_sentence() -> None:
    lines = read(run(PASSING))
    assert headings(lines)[1:] == ["# 一、结论", "# 二、说明"]
    told = lines[lines.index("# 一、结论") + 1 : lines.index("# 二、说明")]
    assert told == ["符合。必备项1项，全部通过，没有其他提示。不用整改。"]
    assert "改好以后，请再检查一次。" not in lines


def test_a_file_that_could_not_be_checked_says_why() -> None:
    broken = file("error", rule("P101", "error", reason="x"), facts=None, errors=(f"打不开{NASTY}",))
    lines = read(run(broken))
    assert headings(lines)[0].startswith("# 文件“云溪镇.docx”")
    assert lines[lines.index("# 一、结论") + 1].startswith("未能检查，没有结论。")
    assert lines[lines.index("# 一、结论") + 2].startswith("原因：打不开=1+1|<b>")
    crashed = rule("T301", "error", reason="规则运行出错")
    lines = read(run(file("error", crashed, rule("P102", "fail", findings=(finding(),)))))
    assert lines[lines.index("# 一、结论") + 1] == "有规则未能检查，没有结论。下面列的不是全部。"
    assert any(x.endswith("（T301）未能检查：规则运行出错。") for x in lines)
    assert "# 二、必须改的" in lines
    assert not any("符合。" in x for x in lines)


def test_what_is_accepted_does_not_count_and_is_named_at_the_end() -> None:
    lines = read(ACCEPTED)
    assert headings(lines)[1:-2] == ["# 一、结论", "# 二、必须改的", next(x for x in lines if x.startswith("## "))]
    assert headings(lines)[-2:] == ["# 三、不计入结论的", "# 四、说明"]
    excused = [x.rpartition("|")[2] for x in lines[lines.index("检查项|结果|为什么不计入") + 1 :] if "|不通过|" in x]
    assert excused == ["已在基线中。", "已豁免：经批准（王某批准，有效期至2099-12-31，依据批复〔2025〕1号）。"]


def test_several_files_have_an_overview_and_a_part_each() -> None:
    bad = file("fail", rule("P102", "fail", findings=(finding(),)), path="乙.docx")
    lines = read(run(PASSING, bad, FULL.files[1]))
    assert lines[2].startswith("共3个文件：符合1个，不符合1个，未能检查1个。")
    assert [x for x in lines if x[:2] in ("1|", "2|", "3|")] == [
        "1|云溪镇人民政府2023年\n云溪镇.docx|符合|0|0|0",
        "2|云溪镇人民政府2023年\n乙.docx|不符合|1|0|0",
        "3|坏:文件,名.docx|未能检查|||",
    ]
    assert [x for x in lines if x.endswith("整改清单")] == [
        "# 法治政府建设年度报告\n整改清单",
        "# 云溪镇人民政府2023年\n法治政府建设年度报告整改清单",
        "# 文件“坏:文件,名.docx”\n法治政府建设年度报告整改清单",
    ]
    assert lines.count("没有要改之处的文件，后面不再单列。") == 1
    assert sum(x.startswith("整改人：") for x in lines) == 2
    assert "没有要检查的文件。" in read(EMPTY)


def test_hundreds_of_findings_are_cut_and_counted() -> None:
    many = tuple(replace(finding(message=f"第{n}个"), fingerprint=str(n)) for n in range(500))
    rules = [rule(f"P{n}", "fail") for n in range(100)]
    lines = read(run(file("fail", rule("P102", "fail", findings=many), *rules)))
    assert row(lines, "问题").endswith("20. 第19个\n还有480处同样的问题，没有列出。")
    assert [x[3:8] for x in lines if x.startswith("## ")][-3:] == ["（九十九）", "（100）", "（101）"]


def test_a_page_may_end_in_an_item_but_not_at_its_heading_or_before_its_last_field() -> None:
    document = docx.Document(io.BytesIO(render_todo(run(file("fail", rule("P102", "fail", findings=(finding(),)))))))
    kept = [r.cells[0].paragraphs[0].paragraph_format.keep_with_next for r in document.tables[1].rows]
    assert [r.cells[0].text for r in document.tables[1].rows] == ["问题", "在哪里", "可以这样写", "依据", "整改情况"]
    assert kept == [None, False, False, None, None]
    style = document.tables[1].rows[0].cells[0].paragraphs[0].style
    assert style is not None
    assert style.paragraph_format.keep_with_next is True
