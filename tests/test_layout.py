"""Layout: what the eye takes for a paragraph, from fragments set by hand."""

from __future__ import annotations

import pytest

from tests.pdf_files import HEIGHT, WIDTH, Paper, Paragraph, Print, typeset, width_of
from validator.loaders.paper.layout import Fragment, Page, arrange
from validator.loaders.paper.lines import SOFT, keys_of, page_lines

TITLE = "穗川县云溪镇人民政府2023年度法治政府建设情况报告"
OPENING = (
    "2023年，云溪镇扎实推进依法行政各项工作，较好完成了年度任务，群众对法治建设的满意度稳步提高，现将有关情况报告如下。"
)
WORK = "全年开展行政执法检查126次，办理行政处罚案件31件，没有一件被复议纠正，也没有一件被提起诉讼；聘请法律顾问1名，出具法律意见书37份。"
PLAN = "下一年度，云溪镇将继续完善行政执法监督机制，充实执法力量，把案卷评查的结果用到每一个站所的年度考核里去。"


def as_page(lines: list[Print]) -> Page:
    fragments = [Fragment(p.text, p.x, p.y - p.size, p.x + width_of(p.text) * p.size, p.y, p.size) for p in lines]
    return Page(WIDTH, HEIGHT, fragments)


def texts(*pages: list[Print]) -> list[str]:
    return [block.text for block in arrange([as_page(p) for p in pages])]


def set_and_read(paragraphs: list[Paragraph], paper: Paper | None = None) -> list[str]:
    return texts(*typeset(paragraphs, paper))


REPORT: list[Paragraph] = [
    ("云溪镇人民政府", "title"),
    ("2023年度法治政府建设情况报告", "title"),
    (OPENING, "body"),
    ("一、主要举措和成效", "heading"),
    ("（一）严格规范公正文明执法", "heading"),
    (WORK, "body"),
    (OPENING, "body"),
    ("二、下一年度安排", "heading"),
    (PLAN, "body"),
    (WORK, "body"),
    ("云溪镇人民政府", "right"),
    ("2024年1月19日", "right"),
]


@pytest.mark.parametrize(
    "paper",
    [
        Paper(),
        Paper(indent=0),
        Paper(indent=0, space=10),
        Paper(header="云溪镇法治政府建设年度报告"),
        Paper(page_numbers=False),
        Paper(pitch=40),
        Paper(left=60, right=330),
    ],
    ids=["indents", "no-indents", "space-between", "header", "no-numbers", "many-pages", "narrow"],
)
def test_report_comes_back_paragraph_by_paragraph(paper: Paper) -> None:
    paragraphs = REPORT * 3
    assert set_and_read(paragraphs, paper) == [text for text, _ in paragraphs]


def test_places_are_lines_of_the_page_as_seen() -> None:
    blocks = arrange([as_page(p) for p in typeset(REPORT * 3, Paper(header="云溪镇年度报告"))])
    assert [(p.text, p.page, p.line) for p in blocks[0].pieces] == [("云溪镇人民政府", 1, 2)]
    assert [(p.line, p.column) for p in blocks[2].pieces] == [(4, 1), (5, 1), (6, 1)]


def test_indent_of_two_full_blanks() -> None:
    lines = [Print(f"\u3000\u3000{WORK[:26]}", 80, 100), Print(WORK[26:54], 80, 128)]
    lines += [Print(f"\u3000\u3000{PLAN[:26]}", 80, 156), Print(PLAN[26:], 80, 184)]
    assert texts(lines) == [WORK[:54], PLAN]


def test_long_title_is_joined_and_a_broken_one_is_not() -> None:
    long = "穗川县云溪镇人民政府关于2023年度推进法治政府建设工作情况的报告"
    assert set_and_read([(long, "title"), *REPORT[2:]])[0] == long
    assert set_and_read(REPORT)[:2] == ["云溪镇人民政府", "2023年度法治政府建设情况报告"]


def test_item_begins_a_paragraph_without_indents() -> None:
    full = "全年办理行政处罚案件三十一件其中简易程序案件二十二件普通。"
    lines = [Print(full, 80, 100), Print("（二）强化行政执法监督，开展案卷评查2次，发现并整改问题。", 80, 128)]
    lines += [Print("1.落实行政执法公示制度。", 80, 156)]
    assert texts(lines)[:2] == [full, "（二）强化行政执法监督，开展案卷评查2次，发现并整改问题。"]
    wrapped = [
        Print("按照《重大行政决策程序暂行条例》的有关规定以及第五章第六", 80, 100),
        Print("十二条的要求办理。", 80, 128),
    ]
    assert len(texts(wrapped)) == 1


def test_latin_words_get_a_blank_at_a_line_break_and_numbers_do_not() -> None:
    lines = [
        Print("依托数字平台运行的程序采用开放的数据标准其名称是 Open", 80, 100),
        Print("Data，全年办件12", 80, 128),
    ]
    lines += [Print("件。", 80, 156)]
    wide = [lines[0], lines[1]._replace(text="Data，" + "全" * 22 + "12"), lines[2]]
    assert texts(wide) == ["依托数字平台运行的程序采用开放的数据标准其名称是 Open Data，" + "全" * 22 + "12件。"]


@pytest.mark.parametrize(
    "number",
    ["— {} —", "-{}-", "{}", "第{}页 共3页", "{}/3", "－ {} －", "第 {} 页", "·{}·", "Page {} of 3", "共3页 第{}页"],
)
@pytest.mark.parametrize("count", [1, 3])
def test_page_numbers_are_dropped(number: str, count: int) -> None:
    pages = []
    for i in range(1, count + 1):
        x = 480 if i % 2 else 90
        pages.append([Print(OPENING[:26], 112, 110), Print("正文", 80, 138), Print(number.format(i), x, 790, 14)])
    assert not any("1" in t or "3" in t for t in texts(*pages) for t in [t.replace(OPENING[:26], "")])


def test_numbers_in_the_body_stay() -> None:
    table = [Print("事项", 100, 640), Print("数量", 300, 640), Print("许可", 100, 668), Print("12", 300, 668)]
    pages = [[Print(OPENING[:20], 112, 110), *table, Print("37", 300, 696)]]
    assert texts(*pages)[-1] == "37"
    date = [[Print(OPENING[:26], 112, 110), Print("2024年1月19日", 400, 138)]]
    assert texts(*date)[-1] == "2024年1月19日"


def test_running_heads_are_dropped_and_the_title_is_not() -> None:
    head = "云溪镇2023年度法治政府建设情况报告"
    first = [Print(head, 60, 60, 10.5), Print(head, 100, 110, 22), Print(OPENING[:26], 112, 170)]
    others = [[Print(head, 60, 60, 10.5), Print(WORK[:26], 80, 110), Print(f"第{n}页", 280, 800, 10)] for n in (2, 3)]
    got = texts(first, *others)
    assert got.count(head) == 1
    assert got[0] == head


def test_same_words_at_one_height_are_no_running_head_when_they_are_body() -> None:
    title = [Print("云溪镇人民政府", 220, 110, 22), Print(OPENING[:26], 112, 170), Print(OPENING[26:], 80, 198)]
    middle = [Print(WORK[26:54], 80, 110 + 28 * i) for i in range(3)]
    last = [Print("云溪镇人民政府", 416, 110), Print("2024年1月19日", 416, 138)]
    assert texts(title, middle, last).count("云溪镇人民政府") == 2
    ends = [[Print(WORK[:26], 112, 110), Print(f"共办理{n}件。", 80, 138)] for n in (3, 5)]
    assert [t for t in texts(*ends) if "件。" in t and "共办理" in t] != []
    assert "".join(texts(*ends)).count("共办理") == 2


def test_head_of_a_table_repeated_on_each_page_stays() -> None:
    row = [Print("序号", 90, 110), Print("事项", 200, 110), Print("数量", 400, 110)]
    pages = [[*row, Print(str(n), 90, 138), Print(f"许可{n}", 200, 138), Print(str(n * 7), 400, 138)] for n in (1, 2)]
    assert texts(*pages).count("序号 事项 数量") == 2


def test_watermark_across_the_text_is_dropped() -> None:
    pages = [[Print(WORK[:26], 112, 400), Print(WORK[26:54], 80, 428), Print("内部资料", 120, 435, 80)]] * 2
    assert "内部资料" not in "".join(texts(*pages))


def test_two_columns_are_read_one_after_the_other() -> None:
    left = typeset([(WORK, "body"), (PLAN, "body")], Paper(left=60, right=284, page_numbers=False))[0]
    right = typeset([(OPENING, "body"), (PLAN, "body")], Paper(left=312, right=536, page_numbers=False))[0]
    title = Print("法治政府建设情况报告", 150, 70, 22)
    tail = Print("（此件公开发布，" + "全" * 18 + "）", 60, 720)
    assert texts([title, *left, *right, tail]) == [title.text, WORK, PLAN, OPENING, PLAN, tail.text]


def test_paragraph_goes_on_from_column_to_column() -> None:
    lines = typeset([(WORK + PLAN + WORK, "body")], Paper(left=60, right=284, page_numbers=False))[0]
    half = len(lines) // 2
    moved = [p._replace(x=p.x + 252, y=lines[i].y) for i, p in enumerate(lines[half:])]
    assert texts([*lines[:half], *moved]) == [WORK + PLAN + WORK]


def test_table_rows_stay_rows_and_signatures_stay_apart() -> None:
    rows = [("序号", "事项", "数量"), ("1", "行政许可", "14"), ("2", "行政处罚", "56"), ("3", "公共服务", "42")]
    lines = [Print(OPENING[:26], 112, 72), Print(OPENING[26:52], 80, 100)]
    for i, row in enumerate(rows):
        lines += [Print(cell, x, 140 + 28 * i) for cell, x in zip(row, (90, 200, 400), strict=True)]
    lines += [Print("云溪镇人民政府", 400, 300), Print("2024年1月19日", 400, 328)]
    assert texts(lines)[1:] == [" ".join(r) for r in rows] + ["云溪镇人民政府", "2024年1月19日"]


def test_rest_of_a_cell_belongs_to_its_row() -> None:
    rows = [
        Print("序号", 90, 100),
        Print("说明", 200, 100),
        Print("1", 90, 128),
        Print("较上年增加三件，均为普通", 200, 128),
    ]
    rows += [Print("程序案件", 200, 148), Print("2", 90, 176), Print("无", 200, 176)]
    assert texts(rows) == ["序号 说明", "1 较上年增加三件，均为普通程序案件", "2 无"]


def test_items_with_marks_that_stand_out() -> None:
    lines: list[Print] = []
    for i, text in enumerate((WORK, PLAN)):
        body = typeset([(text, "body")], Paper(indent=0, left=112, page_numbers=False))[0]
        lines += [Print(f"{i + 1}. ", 88, 110 + 112 * i), *(p._replace(y=p.y + 112 * i) for p in body)]
    assert texts(lines) == [f"1.{WORK}", f"2.{PLAN}"]


def test_labels_and_values_keep_a_blank() -> None:
    pairs = [Print("索引号：YX-001", 80, 100), Print("发布机构：云溪镇人民政府", 400, 100)]
    pairs += [Print("发布日期：2024年1月20日", 80, 128), Print("文号：无", 464, 128)]
    assert texts(pairs) == ["索引号：YX-001 发布机构：云溪镇人民政府", "发布日期：2024年1月20日 文号：无"]


def test_raised_print_and_torn_words_are_one_line() -> None:
    lines = [Print("面积120m", 80, 100), Print("2", 144, 94, 8), Print("，比上年增加。", 148, 100)]
    assert texts(lines) == ["面积120m2，比上年增加。"]
    torn = [Print("2023", 80, 100), Print("年", 116, 100), Print("GB", 136, 100), Print("9704", 157, 100)]
    assert texts(torn) == ["2023年GB 9704"]


def test_doubled_print_is_read_once() -> None:
    assert texts([Print("法治政府建设", 80, 100), Print("法治政府建设", 80.4, 100)]) == ["法治政府建设"]


def test_mirrored_margins() -> None:
    paragraphs: list[Paragraph] = [(WORK + PLAN, "body"), (PLAN, "body"), (OPENING + WORK, "body")] * 4
    pages = typeset(paragraphs, Paper(pitch=40))
    moved = [[p._replace(x=p.x + (30 if i % 2 else 0)) for p in page] for i, page in enumerate(pages)]
    assert len(pages) > 2
    assert texts(*moved) == [text for text, _ in paragraphs]


def test_keys_follow_the_characters_of_a_line() -> None:
    fragments = [
        Fragment(f"\u3000云溪{SOFT}2023", 80, 84, 152, 100, 16, 5),
        Fragment("年", 156, 84, 172, 100, 16, 20),
        Fragment("GB", 200, 84, 216, 100, 16, 30),
    ]
    (line,) = page_lines(Page(WIDTH, HEIGHT, fragments), 1)
    assert line.text == "云溪2023年 GB"
    assert keys_of(line) == [6, 7, 9, 10, 11, 12, 20, -1, 30, 31]


def test_nothing_gives_nothing() -> None:
    assert arrange([]) == []
    assert arrange([Page(WIDTH, HEIGHT, []), as_page([Print(" \u3000", 80, 100)])]) == []
