"""Who is who: one spelling for every organ, what paths say, the roster, and who has not submitted."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from validator.audit.records import Identity, PathFacts, RosterEntry, TextFacts
from validator.audit.who.identify import NOBODY, NOT_IN_ROSTER, OTHER_REGION, Directory
from validator.audit.who.names import organ_key
from validator.audit.who.patterns import compile_pattern, read_level, read_path
from validator.audit.who.roster import read_roster
from validator.audit.who.standing import MissingRow, Submitted, due_year, find_standing, settle_keys
from validator.audit.who.stems import clean_organ, guess_organ, guess_region, guess_year
from validator.errors import OptionError

# ---------------------------------------------------------------- one spelling for every organ

SAME = [
    (("柳河镇", None), ("柳河镇人民政府", None), ("柳河镇政府", None), ("柳 河 镇", None), ("柳河镇（修订稿）", None)),
    (
        ("柳河镇", "云溪县"),
        ("云溪县柳河镇", None),
        ("江州市云溪县柳河镇人民政府", "云溪县"),
        ("江州市云溪县柳河镇人民政府", "江州市云溪县"),
        ("东岭省江州市云溪县柳河镇人民政府", None),
        ("中共柳河镇委员会、柳河镇人民政府", "云溪县"),
        ("中共云溪县柳河镇委员会柳河镇人民政府", None),
        ("柳河镇党委、政府", "云溪县"),
        ("柳河镇党政办", "云溪县"),
        ("柳河镇人民政府办公室", "云溪县"),
        ("柳河镇（云溪县）", None),
        ("雲溪縣柳河鎮人民政府", None),
    ),
    (
        ("云溪街道", "云溪县"),
        ("云溪街道办事处", "云溪县"),
        ("云溪街道办", "云溪县"),
        ("云溪街", "云溪县"),
        ("中共云溪街道工作委员会、云溪街道办事处", "云溪县"),
        ("云溪街道党工委、办事处", "云溪县"),
    ),
    (("县司法局", "云溪县"), ("云溪县司法局", None), ("云溪司法局", "云溪县"), ("司法局", "江州市云溪县"), ("云溪县司法局", "江州市")),
    (("市司法局", "江州市"), ("江州市司法局", "云溪县"), ("市司法局", "江州市云溪县")),
    (
        ("云溪县人民政府", None),
        ("云溪县", None),
        ("县人民政府", "云溪县"),
        ("云溪县委、县政府", None),
        ("中共云溪县委云溪县人民政府", None),
        ("云溪县人民政府", "江州市"),
    ),
    (("云溪县人民政府办公室", None), ("县政府办", "云溪县"), ("县府办", "云溪县")),
    (("江州市市场监督管理局", None), ("市场监管局", "江州市"), ("市监局", "江州市"), ("江州市场监管局", "江州市"), ("市市场监管局", "江州市")),
    (("人力资源和社会保障局", "云溪县"), ("人社局", "云溪县"), ("县人力资源社会保障局", "云溪县")),
    (("发展和改革委员会", "云溪县"), ("发改委", "云溪县"), ("云溪县发改局", None)),
    (("江州经济技术开发区管理委员会", "江州市"), ("江州经开区管委会", "江州市"), ("经开区", "江州市")),
    (("中山街道", "江州市城北区"), ("江州市城北区中山街道办事处", None), ("城北区中山街道", "江州市")),
    (("新市镇", "江州市"), ("江州市新市镇人民政府", None)),
    (("中共江州市委全面依法治市委员会办公室", None), ("市委全面依法治市委员会办公室", "江州市")),
]  # fmt: skip


@pytest.mark.parametrize("group", SAME, ids=lambda g: g[0][0])
def test_spellings_of_one_organ_are_equal(group: tuple[tuple[str, str | None], ...]) -> None:
    keys = {named: organ_key(*named) for named in group}
    assert len(set(keys.values())) == 1, keys


DIFFERENT = [
    (("柳河镇", "云溪县"), ("柳河乡", "云溪县")),
    (("柳河镇", "云溪县"), ("柳河街道", "云溪县")),
    (("柳河镇", "云溪县"), ("柳河镇司法所", "云溪县")),
    (("柳河乡", "云溪县"), ("柳河回族乡", "云溪县")),
    (("柳河镇", "云溪县"), ("上柳河镇", "云溪县")),
    (("城关镇", "云溪县"), ("城关镇", "青石县")),
    (("云溪县城关镇", None), ("青石县城关镇", None)),
    (("司法局", "云溪县"), ("司法局", "青石县")),
    (("县司法局", "云溪县"), ("市司法局", "云溪县")),
    (("云溪县司法局", "江州市"), ("市司法局", "江州市")),
    (("云溪县人民政府", None), ("云溪县人民政府办公室", None)),
    (("云溪县", None), ("云溪区", None)),
    (("云溪县", None), ("云溪镇", None)),
    (("云溪县", "江州市"), ("江州市", None)),
    (("中山街道", "甲州市城北区"), ("中山街道", "乙州市城北区")),
    (("城市管理局", "云溪县"), ("综合行政执法局", "云溪县")),
    (("水务局", "云溪县"), ("水利局", "云溪县")),
    (("自然资源局", "云溪县"), ("自然资源和规划局", "云溪县")),
    (("江州经济技术开发区管委会", None), ("江州经济开发区管委会", None)),
    (("经济技术开发区管委会（自贸区管委会）", "江州市"), ("经济技术开发区管委会", "江州市")),
    (("新街镇", None), ("新街道", None)),
    (("市场监督管理局", "江州市"), ("监督管理局", "江州市")),
    (("市政管理局", "江州市"), ("政管理局", "江州市")),
    (("云溪街道", "云溪县"), ("街道", "云溪县")),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_organs_that_only_look_alike_differ(one: tuple[str, str | None], other: tuple[str, str | None]) -> None:
    assert organ_key(*one) != organ_key(*other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("沙市区柳河镇", "沙市区/柳河镇"),
        ("新乡县柳河镇", "新乡县/柳河镇"),
        ("江州市市中区柳河街道", "江州市市中区/柳河街道"),
        ("房山区柳河镇", "房山区/柳河镇"),
        ("江北新区柳河街道", "江北新区/柳河街道"),
        ("江北新区管委会", "江北新区"),
        ("红旗街道", "红旗街道"),
        ("新市街道", "新市街道"),
        ("镇江路街道", "镇江路街道"),
        ("行政区划地名处", "行政区划地名处"),
        ("云溪县社区矫正管理局", "云溪县/社区矫正管理局"),
        ("江州市城市管理局", "江州市/城市管理局"),
        ("一二三团", "一二三团"),
    ],
)
def test_regions_are_read_from_names_by_grammar(name: str, key: str) -> None:
    assert organ_key(name, None) == key


# ---------------------------------------------------------------- names of files


@pytest.mark.parametrize(
    ("stem", "organ"),
    [
        ("柳河镇", "柳河镇"),
        ("01柳河镇", "柳河镇"),
        ("一、柳河镇", "柳河镇"),
        ("附件3-柳河镇", "柳河镇"),
        ("柳河镇人民政府2023年法治政府建设年度报告", "柳河镇人民政府"),
        ("柳河镇人民政府关于2023年度法治政府建设情况的报告", "柳河镇人民政府"),
        ("关于柳河镇2023年度法治政府建设情况的报告", "柳河镇"),
        ("2023年柳河镇法治政府建设年度报告（定稿）", "柳河镇"),
        ("柳河镇二〇二三年依法行政工作总结", "柳河镇"),
        ("2023年度-云溪县-01-柳河镇-法治政府建设年度报告", "云溪县柳河镇"),
        ("柳河镇（终稿）(1)", "柳河镇"),
        ("柳河镇 - 副本", "柳河镇"),
        ("柳河镇_最终版 v2", "柳河镇"),
        ("柳河镇-张三", "柳河镇"),
        ("云溪县财政局2023年推进法治政府建设工作总结20240115", "云溪县财政局"),
        ("经济技术开发区管委会（自贸区管委会）", "经济技术开发区管委会（自贸区管委会）"),
        ("中共柳河镇委员会、柳河镇人民政府", "中共柳河镇委员会、柳河镇人民政府"),
        ("123团", "123团"),
        ("十里铺镇", "十里铺镇"),
        ("8号路街道", "8号路街道"),
        ("法治街道", "法治街道"),
        ("公开镇", "公开镇"),
        ("法治政府建设年度报告", None),
        ("2023年度报告", None),
        ("001", None),
        ("", None),
    ],
)
def test_the_organ_is_what_remains_of_a_file_name(stem: str, organ: str | None) -> None:
    assert clean_organ(stem) == organ


@pytest.mark.parametrize(
    ("path", "organ", "region", "year"),
    [
        ("2023/云溪县/01柳河镇.docx", "柳河镇", "云溪县", None),
        ("云溪县/2023年度/柳河镇.docx", "柳河镇", "云溪县", 2023),
        ("云溪县/柳河镇/2022年法治政府建设年度报告.pdf", "柳河镇", "云溪县", 2022),
        ("江州市/云溪县/1.docx", None, "江州市云溪县", None),
        ("县直部门/关于开会的通知.docx", None, None, None),
        ("2022年度/柳河镇2023年法治政府建设报告.docx", "柳河镇", None, 2023),
        ("柳河镇20240115.docx", "柳河镇", None, None),
        ("柳河镇2024年1月.docx", "柳河镇", None, None),
    ],
)
def test_a_path_without_pattern_says_only_what_is_plain(
    path: str, organ: str | None, region: str | None, year: int | None
) -> None:
    assert (guess_organ(path), guess_region(path), guess_year(path)) == (organ, region, year)


# ---------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("pattern", "path", "facts"),
    [
        ("{year}/{region}/{organ}.docx", "2023/云溪县/柳河镇.docx", ("柳河镇", None, "云溪县", 2023)),
        ("{year}/{region}/{organ}.docx", "2023/云溪县/柳河镇.DOCX", ("柳河镇", None, "云溪县", 2023)),
        ("{year}/{region}/{organ}.docx", "2023/云溪县/柳河镇.doc", None),
        ("{year}/{region}/{organ}", "2023/云溪县/柳河镇.doc", ("柳河镇", None, "云溪县", 2023)),
        ("{year}/{region}/{organ}.*", "２０２３/云溪县/柳河镇.doc", ("柳河镇", None, "云溪县", 2023)),
        ("{year}年/{region}/{organ}", "2023年/云溪县/柳河镇.doc", ("柳河镇", None, "云溪县", 2023)),
        ("{year}/{region}/{organ}", "2023年度/01云溪县/柳河镇.doc", ("柳河镇", None, "云溪县", 2023)),
        ("{year}年/{organ}", "2023/柳河镇.doc", None),
        ("{year}/{organ}", "2018/柳河镇.doc", None),
        ("{year}/{organ}", "20231/柳河镇.doc", None),
        ("{year}/{organ}", "2023/云溪县/柳河镇.doc", None),
        ("{year}/**/{organ}", "2023/柳河镇.doc", ("柳河镇", None, None, 2023)),
        ("{year}/**/{organ}", "2023/a/b/柳河镇.doc", ("柳河镇", None, None, 2023)),
        ("**/{region}/**/x/{organ}", "a/x/云溪县/x/柳河镇.doc", ("柳河镇", None, "a", None)),
        ("**/{region}县/**/x/{organ}", "a/云溪县/x/柳河镇.doc", ("柳河镇", None, "云溪", None)),
        ("法治报告{year}/{_}_{organ}", "法治报告2023/3_柳河镇.doc", ("柳河镇", None, None, 2023)),
        ("*{year}*/{organ}", "各县2023年报送/柳河镇.doc", ("柳河镇", None, None, 2023)),
        ("{region}-{organ}-{year}", "云溪县-柳河镇-2023.wps", ("柳河镇", None, "云溪县", 2023)),
        ("{level}/{organ}", "乡镇（街道）/柳河镇.doc", ("柳河镇", "township", None, None)),
        ("{level}/{organ}", "县直部门/司法局.doc", ("司法局", "department", None, None)),
        ("{level}/{organ}", "zone/经开区.doc", ("经开区", "zone", None, None)),
        ("{level}/{organ}", "云溪县/司法局.doc", None),
        ("{region}/{region}/{organ}", "江州市/城北区/中山街道.doc", ("中山街道", None, "江州市城北区", None)),
        ("{region}/{organ}", "云溪县.zip/柳河镇.doc", ("柳河镇", None, "云溪县", None)),
        ("{organ}/*", "柳河镇/报告.doc", ("柳河镇", None, None, None)),
        ("./{year}\\{organ}", "2023/柳河镇.doc", ("柳河镇", None, None, 2023)),
        ("{year}/**", "2023/a/b.doc", (None, None, None, 2023)),
        ("{year}/{organ}", "2023/001.doc", (None, None, None, 2023)),
        ("café{year}/{organ}", "cafe\u03012023/柳河镇.doc", ("柳河镇", None, None, 2023)),
    ],
)
def test_patterns_read_paths(pattern: str, path: str, facts: tuple[object, ...] | None) -> None:
    assert compile_pattern(pattern).read(path) == facts


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "空的"),
        ("//", "空的"),
        ("{jahr}/{organ}", "不认识{jahr}"),
        ("{organ}/{organ}", "两个{organ}"),
        ("{year}{year}/{organ}", "两个{year}"),
        ("{organ", "不成对"),
        ("organ}", "不成对"),
        ("{{organ}}", "不成对"),
        ("{region}{organ}", "紧挨着"),
        ("*{organ}", "紧挨着"),
        ("2023/*.docx", "没有占位符"),
    ],
)
def test_a_wrong_pattern_is_told_with_what_to_write(pattern: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        compile_pattern(pattern)


def test_the_first_pattern_that_fits_counts() -> None:
    patterns = [compile_pattern("{year}/{organ}"), compile_pattern("{region}/{organ}")]
    assert read_path("2023/柳河镇.doc", patterns).year == 2023
    assert read_path("云溪县/柳河镇.doc", patterns) == PathFacts("柳河镇", None, "云溪县", None)
    assert read_path("柳河镇.doc", patterns) == PathFacts()


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a*a*a*a*a*a*b/{organ}", "a" * 299 + "/x"),
        ("**/{region}/**/a*/**/a*/**/{organ}", "/".join("a" * 2000)),
        ("{_}-{region}-{_}-{_}-{organ}", "-" * 299),
        ("{organ}", "（" * 299),
        ("{organ}", "附件1" * 99),
        ("{organ}", "法治" * 149),
        ("{organ}", "县区" * 149),
        ("{organ}", "x" * 100_000),
    ],
)
def test_hostile_paths_cost_little(pattern: str, path: str) -> None:
    compiled = compile_pattern(pattern)
    start = time.process_time()
    compiled.read(path)
    Directory().identify(PathFacts(path[:300], None, path[:300]), TextFacts(path), path)
    assert time.process_time() - start < 0.5


def test_words_for_levels() -> None:
    words = {"省级": "province", "县（市、区）": "county", "乡 镇": "township", "Township": "township", "乡村": None}
    assert {w: read_level(w) for w in words} == words


# ---------------------------------------------------------------- roster


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_roster_in_any_order_and_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [
        ("附件2：2023年度应报送单位名单",),
        (),
        ("序号", "所属地区", "单位名称", "层 级", "简称", "年度", "路径"),
        ("1", "云溪县", "柳河镇人民政府", "乡镇", "柳河、老柳河", "2022-2023", ""),
        ("2", "云溪县", '"司法局"', "部门", "", "", "部门/司法局.docx"),
        ("合计", "", "", "", "", "", ""),
    ]
    text = "\r\n".join(separator.join(r) for r in rows)
    assert read_roster(write(tmp_path / "名册.csv", text, encoding)) == (
        RosterEntry(4, "柳河镇人民政府", "township", "云溪县", ("柳河", "老柳河"), (2022, 2023)),
        RosterEntry(5, "司法局", "department", "云溪县", path="部门/司法局.docx"),
    )


def test_a_roster_in_english_with_fullwidth_headings_and_cells_of_several_lines(tmp_path: Path) -> None:
    text = 'ｏｒｇａｎ，Level，ALIASES\n柳河镇，township，"甲镇\n乙镇"\n司法局，department，\n'
    entries = read_roster(write(tmp_path / "r.csv", text))
    assert [(e.line, e.organ, e.level, e.aliases) for e in entries] == [
        (2, "柳河镇", "township", ("甲镇 乙镇",)),
        (4, "司法局", "department", ()),
    ]


def test_three_columns_of_places_are_one_region(tmp_path: Path) -> None:
    text = "市,县（市、区）,乡镇（街道）\n江州市,城北区,中山街道\n江州市,云溪县,柳河镇\n"
    entries = read_roster(write(tmp_path / "r.csv", text))
    assert [(e.region, e.organ) for e in entries] == [("江州市城北区", "中山街道"), ("江州市云溪县", "柳河镇")]


def test_a_csv_of_names_only(tmp_path: Path) -> None:
    entries = read_roster(write(tmp_path / "r.csv", "单位\n柳河镇\n青石镇"))
    assert [(e.line, e.organ, e.level, e.region) for e in entries] == [
        (2, "柳河镇", None, None),
        (3, "青石镇", None, None),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "是空的"),
        ("\n\n", "是空的"),
        ("甲,乙\n1,2", "缺“单位”一列。第1行有这些列：“甲”、“乙”"),
        (
            "2023年应报名册,,\n序号,地区,联系人\n1,云溪县,沈知远",
            "缺“单位”一列。第2行有这些列：“序号”、“地区”、“联系人”",
        ),
        ("单位,层级\n", "表头下面没有单位"),
        ("单位,层级\n柳河镇,乡村", "第2行的层级“乡村”看不懂，可以写：省级、"),
        ("单位,年度\n柳河镇,去年", "第2行的年度“去年”不对"),
        ("单位,年度\n柳河镇,2018", "第2行的年度“2018”不对"),
        ("单位,年度\n柳河镇,2023-2022", "第2行的年度"),
        ("单位,地区\n柳河镇,云溪县\n\n柳河镇人民政府,云溪县", "第2行和第4行是同一个单位"),
        ("单位,地区,简称\n柳河镇,云溪县,\n青石镇,云溪县,柳河镇", "第3行的别名“柳河镇”也是第2行的单位"),
        ("单位,路径\n柳河镇,a.doc\n青石镇,a.doc", "第2行和第3行写了同一个路径"),
        ("单位,地区\n柳河镇,云溪县\n,云溪县", "第3行没有单位名称"),
        ("单位,地区\n=A1&B1,云溪县", "第2行的单位“=A1&B1”是公式"),
        ("单位,地区\n#REF!,云溪县", "第2行的单位“#REF!”是公式或错误值"),
        ("单位,地区\n12345,云溪县", "不是名称"),
        ("单位,地区,单位\n柳河镇,云溪县,青石镇", "第1行有几列都叫“单位”"),
        ('单位,地区\n柳河镇,云溪县\n"青石镇,云溪县', "第3行的引号不成对"),
        ("<html><table><tr><td>单位</td></tr></table></html>", "内容是网页"),
        ("单位\0,地区", "不是文字表格"),
        ("单位\n" + "柳河镇\n" * 200_001, "超过200000行"),
        ("单位\n" + "," * 1_000_001, "有一行太长"),
    ],
)
def test_what_is_wrong_with_a_roster_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        read_roster(write(tmp_path / "名册.csv", text))


@pytest.mark.parametrize(
    "row",
    [
        "1,云溪县,合计",
        "合计,,13",
        "合 计,,13家",
        ",云溪县小计,2",
        ",,共计",
        ",云溪县,13家",
        ",,共13个单位",
        ",,合计：13家",
        ",,总计（13个乡镇）",
        ",,小计13",
        ",,十三家",
        "总计,云溪县,",
    ],
)
def test_rows_that_count_organs_are_none(tmp_path: Path, row: str) -> None:
    entries = read_roster(write(tmp_path / "r.csv", f"序号,地区,单位\n1,云溪县,柳河镇\n{row}\n2,云溪县,青石镇"))
    assert [e.organ for e in entries] == ["柳河镇", "青石镇"]


@pytest.mark.parametrize(
    "organ",
    [
        "三家镇",
        "十家子镇人民政府",
        "123团",
        "审计局",
        "统计局",
        "一个泉乡",
        "共乐镇",
        "会计管理局",
        "十八个坡镇",
        "百家湖街道",
    ],
)
def test_names_with_numbers_are_organs(tmp_path: Path, organ: str) -> None:
    entries = read_roster(write(tmp_path / "r.csv", f"序号,单位,备注\n1,{organ},合计"))
    assert [e.organ for e in entries] == [organ]


def test_one_name_in_two_regions_is_two_organs(tmp_path: Path) -> None:
    entries = read_roster(write(tmp_path / "r.csv", "单位,地区\n城关镇,云溪县\n城关镇,青石县"))
    assert len(entries) == 2


def test_files_that_are_no_table(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    for data, said in (
        (ole, "旧格式"),
        (ole + "EncryptedPackage".encode("utf-16-le"), "设了密码"),
        (b"\xff\x00\x81\x81\xff", "编码认不出来"),
        (b"PK\x03\x04broken", "打不开"),
    ):
        (tmp_path / "r.xlsx").write_bytes(data)
        with pytest.raises(OptionError, match=said):
            read_roster(tmp_path / "r.xlsx")
    with pytest.raises(OptionError, match="没有这个文件"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(OptionError, match="是文件夹"):
        read_roster(tmp_path)
    with (tmp_path / "huge.csv").open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)
    with pytest.raises(OptionError, match="超过64兆字节"):
        read_roster(tmp_path / "huge.csv")


def workbook(path: Path, rows: list[list[object]], merge: str | None = None) -> Path:
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["填表说明"])
    hidden = book.create_sheet("词表")
    hidden.append(["单位"])
    hidden.append(["不算镇"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("名单")
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def test_a_workbook_with_a_title_merged_regions_and_numbers_as_years(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["2023年度应报送单位"],
        ["地区", "单位", "级别", "年度"],
        ["云溪县", "柳河镇", "乡镇", 2023],
        [None, "司法局", "部门", 2023.0],
        ["青石县", "城关镇", None, "2022、2023"],
        [None, "注：以上单位每年报送"],
    ]
    assert read_roster(workbook(tmp_path / "r.xlsx", rows, "A3:A4")) == (
        RosterEntry(3, "柳河镇", "township", "云溪县", (), (2023,)),
        RosterEntry(4, "司法局", "department", "云溪县", (), (2023,)),
        RosterEntry(5, "城关镇", None, "青石县", (), (2022, 2023)),
    )


def test_a_formula_without_a_value_is_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [["地区", "单位"], ["云溪县", '="柳河"&"镇"']]
    with pytest.raises(OptionError, match="第2行没有单位名称。如果它是公式"):
        read_roster(workbook(tmp_path / "r.xlsx", rows))


def rewrite(path: Path, name: str, change: bytes, to: bytes) -> None:
    data = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            assert info.filename != name or change in content
            new.writestr(info.filename, content.replace(change, to) if info.filename == name else content)


def test_hostile_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[object]] = [["单位", "地区"], ["柳河镇", "云溪县"]]
    path = workbook(tmp_path / "r.xlsx", rows)
    with monkeypatch.context() as patch:
        patch.setattr("validator.audit.who.sheets._MOST_EXPANDED_MIB", 0.001)
        with pytest.raises(OptionError, match="解开后太大"):
            read_roster(path)
    path = workbook(tmp_path / "r.xlsx", rows)
    rewrite(path, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook')
    with pytest.raises(OptionError, match="恶意"):
        read_roster(path)
    path = workbook(tmp_path / "r.xlsx", rows)
    rewrite(path, "xl/worksheets/sheet3.xml", b'<row r="2">', b'<row r="99999999999">')
    with pytest.raises(OptionError, match="超过200000行"):
        read_roster(path)
    path = workbook(tmp_path / "r.xlsx", rows)
    rewrite(path, "xl/worksheets/sheet3.xml", b"<sheetData>", b"<sheetData><oops>")
    with pytest.raises(OptionError, match="打不开"):
        read_roster(path)
    path = workbook(tmp_path / "r.xlsx", rows)
    rewrite(path, "xl/worksheets/sheet3.xml", b'r="B2"', b'r="XFD2"')
    assert [e.region for e in read_roster(path)] == [None]
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(OptionError, match=r"不是 \.xlsx"):
        read_roster(tmp_path / "x.xlsx")


def test_a_workbook_needs_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "r.xlsx", [["单位"], ["柳河镇"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(OptionError, match=r"读 XLSX 名册需要安装 fazhi-validator\[audit\]。"):
        read_roster(path)


# ---------------------------------------------------------------- whose report a file is

ROSTER = (
    RosterEntry(2, "柳河镇人民政府", "township", "云溪县", ("老柳河镇",)),
    RosterEntry(3, "城关镇", None, "云溪县"),
    RosterEntry(4, "城关镇", None, "青石县"),
    RosterEntry(5, "司法局", "department", "云溪县"),
    RosterEntry(6, "云溪县人民政府", "county", "云溪县"),
    RosterEntry(7, "甲公司", "other", None, path="特别/甲.docx"),
    RosterEntry(8, "乙公司", "other", None, path="*/乙*"),
    RosterEntry(9, "丙公司", "other", None, path="丙公司"),
)


UNKNOWN = PathFacts()
SILENT = TextFacts()


def who(path: str, facts: PathFacts = UNKNOWN, text: TextFacts = SILENT, *, roster: bool = True) -> Identity:
    return Directory(ROSTER if roster else ()).identify(facts, text, path)


@pytest.mark.parametrize(
    ("path", "facts", "text", "entry"),
    [
        ("a.docx", PathFacts("柳河镇", region="云溪县"), TextFacts(), 2),
        ("a.docx", PathFacts("柳河镇"), TextFacts(), 2),
        ("a.docx", PathFacts(), TextFacts("中共柳河镇委员会、柳河镇人民政府"), 2),
        ("a.docx", PathFacts("老柳河镇"), TextFacts(), 2),
        ("a.docx", PathFacts("柳河镇", region="江州市云溪县"), TextFacts(), 2),
        ("a.docx", PathFacts("柳河镇", region="云溪"), TextFacts(), 2),
        ("a.docx", PathFacts("柳河镇", region="青石县"), TextFacts(), None),
        ("a.docx", PathFacts("柳河乡", region="云溪县"), TextFacts(), None),
        ("a.docx", PathFacts("城关镇", region="青石县"), TextFacts(), 4),
        ("a.docx", PathFacts("城关镇"), TextFacts("云溪县城关镇人民政府"), 3),
        ("a.docx", PathFacts("城关镇"), TextFacts(), None),
        ("青石县/a.docx", PathFacts("城关镇"), TextFacts(), 4),
        ("青石县/01城关镇.docx", PathFacts(), TextFacts(), 4),
        ("a.docx", PathFacts(), TextFacts("县司法局"), 5),
        ("a.docx", PathFacts(), TextFacts("市司法局"), None),
        ("a.docx", PathFacts(), TextFacts("云溪县"), 6),
        ("a.docx", PathFacts(), TextFacts("人民政府"), None),
        ("a.docx", PathFacts("001x"), TextFacts("云溪县柳河镇人民政府"), 2),
        ("柳河镇.docx", PathFacts(), TextFacts("党政综合办公室"), 2),
        ("特别/甲.docx", PathFacts("柳河镇"), TextFacts(), 7),
        ("特别/甲.doc", PathFacts(), TextFacts(), None),
        ("b/乙2023.docx", PathFacts(), TextFacts("柳河镇"), 8),
        ("b/c/乙2023.docx", PathFacts(), TextFacts(), None),
        ("丙公司/2023/报告.docx", PathFacts(), TextFacts(), 9),
        ("丙公司.docx", PathFacts(), TextFacts(), 9),
    ],
)
def test_the_roster_is_matched_by_path_then_by_name(
    path: str, facts: PathFacts, text: TextFacts, entry: int | None
) -> None:
    found = who(path, facts, text)
    assert found.entry == entry
    assert (found.origin == "roster") == (entry is not None)
    if entry is not None:
        assert found.organ == next(e.organ for e in ROSTER if e.line == entry)


def test_several_organs_of_one_name_are_never_guessed_at() -> None:
    found = who("a.docx", PathFacts("城关镇"))
    assert found.notes == ("名册里有2个同名单位，无法确定是哪一个。",)
    assert found.key is None
    assert found.organ == "城关镇"


def test_what_does_not_fit_together_is_noted() -> None:
    assert who("a.docx", PathFacts("柳河乡")).notes == (NOT_IN_ROSTER,)
    assert who("a.docx", PathFacts("柳河镇", region="青石县")).notes == (OTHER_REGION,)
    assert who("a.docx", PathFacts("柳河乡"), roster=False).notes == ()
    assert who("a.docx").notes == (NOBODY,)
    both = who("a.docx", PathFacts("柳河镇", year=2023), TextFacts("云溪县城关镇人民政府", year=2022))
    assert both.notes == ("路径写的是柳河镇，报告写的是云溪县城关镇人民政府。", "路径写的是2023年，报告写的是2022年。")
    assert (both.entry, both.year) == (2, 2022)
    placed = who("特别/甲.docx", PathFacts(), TextFacts("柳河镇"))
    assert placed.notes == ("按路径是甲公司，报告写的是柳河镇。",)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("柳河镇", "中共柳河镇委员会、柳河镇人民政府"),
        ("老柳河镇", "柳河镇人民政府"),
        ("柳河镇", "老柳河镇"),
        ("柳河", "柳河镇"),
        ("柳河镇", "镇人民政府"),
        ("柳河镇", None),
    ],
)
def test_two_spellings_of_one_organ_are_no_contradiction(path: str, text: str | None) -> None:
    assert who("a.docx", PathFacts(path, region="云溪县"), TextFacts(text)).notes == ()


def test_roster_goes_before_path_and_path_before_report() -> None:
    text = TextFacts("江州市云溪县柳河镇人民政府", "township", "town", 2022)
    assert who("a.docx", PathFacts(), text, roster=False) == Identity(
        "江州市云溪县柳河镇人民政府", "township", "云溪县", 2022, "云溪县/柳河镇", "report"
    )
    facts = PathFacts("柳河镇", "zone", "云溪", 2022)
    assert who("a.docx", facts, text, roster=False)[:3] == ("柳河镇", "zone", "云溪")
    assert who("a.docx", facts, text) == Identity(
        "柳河镇人民政府", "township", "云溪县", 2022, "云溪县/柳河镇", "roster", 2, ()
    )


def test_a_file_that_could_not_be_read_is_known_by_its_path() -> None:
    found = who("云溪县/2023年度/柳河镇.docx", roster=False)
    assert found == Identity("柳河镇", "township", "云溪县", 2023, "云溪县/柳河镇", "path")
    assert who("云溪县/2023/x1.docx", roster=False).year is None


def test_a_roster_without_regions_empties_none() -> None:
    directory = Directory(
        [RosterEntry(2, "柳河镇", None, None, ("老柳河镇",)), RosterEntry(3, "甲", None, None, path="b")]
    )
    for path, facts, text in (
        ("a.docx", PathFacts("柳河镇", region="云溪县"), SILENT),
        ("a.docx", UNKNOWN, TextFacts("云溪县柳河镇人民政府")),
        ("a.docx", PathFacts("老柳河镇", region="云溪县"), SILENT),
        ("云溪县/柳河镇.docx", UNKNOWN, SILENT),
    ):
        found = directory.identify(facts, text, path)
        assert (found.entry, found.region, found.key) == (2, "云溪县", "云溪县/柳河镇")
    placed = directory.identify(UNKNOWN, TextFacts("云溪县水利局"), "b/1.docx")
    assert (placed.entry, placed.region, placed.key) == (3, "云溪县", "甲")
    assert directory.identify(UNKNOWN, TextFacts("柳河镇"), "a.docx")[2:5] == (None, None, "柳河镇")


def test_the_level_of_another_organ_is_not_taken_over() -> None:
    found = who("a.docx", PathFacts("柳河镇"), TextFacts("云溪县审计局", "department"), roster=False)
    assert found.level == "township"


def test_names_of_files_stay_harmless_in_identities() -> None:
    found = who("a.docx", PathFacts("柳河\n\x1b[31m镇" + "长" * 500), roster=False)
    assert found.organ is not None
    assert found.organ.isprintable()
    assert len(found.organ) <= 120


@pytest.mark.parametrize("path", ["*/{jahr}", "*/*", "{year}"])
def test_a_path_in_the_roster_that_says_nothing_is_told_with_its_line(path: str) -> None:
    with pytest.raises(OptionError, match="名册第3行"):
        Directory([RosterEntry(3, "甲", None, None, path=path)])


def test_two_patterns_that_fit_one_file() -> None:
    both = Directory([RosterEntry(2, "甲镇", None, None, path="*甲*"), RosterEntry(3, "乙镇", None, None, path="*乙*")])
    assert both.identify(PathFacts(), TextFacts(), "x甲.doc").entry == 2
    found = both.identify(PathFacts(), TextFacts(), "甲乙.doc")
    assert found.entry is None
    assert found.notes == ("名册里有2个单位的路径都符合这个文件，无法确定是哪一个。",)


def test_the_roster_of_a_country_is_searched_quickly() -> None:
    entries = [
        RosterEntry(
            n + 2, f"柳{n % 40}河镇", "township", f"云{n // 40}溪县", path=f"**/云{n // 40}溪县/柳{n % 40}河镇*"
        )
        for n in range(2000)
    ]
    start = time.process_time()
    directory = Directory(entries)
    for entry in entries:
        facts = PathFacts(entry.organ, None, entry.region, 2023)
        assert directory.identify(facts, TextFacts(entry.organ, year=2023), f"x/{entry.organ}.doc").entry == entry.line
        assert directory.identify(PathFacts(), TextFacts(year=2023), f"{entry.region}/{entry.organ}a.doc").entry
    assert time.process_time() - start < 2


# ---------------------------------------------------------------- who has not submitted, who twice, who late


def handed(number: int, line: int | None, year: int | None, **more: Any) -> Submitted:
    key = None if line is None else f"k{line}"
    return Submitted(number, f"{number}.docx", Identity("甲", None, None, year, key, "roster", line), **more)


def test_who_is_missing() -> None:
    roster = (
        RosterEntry(2, "甲镇", None, None),
        RosterEntry(3, "乙镇", None, None),
        RosterEntry(4, "丙镇", None, None, years=(2022,)),
    )
    files = [handed(1, 2, 2023), handed(2, 3, 2022), handed(3, None, 2023)]
    assert find_standing(files, roster, [2023]).missing == (MissingRow(2023, 3),)
    assert find_standing(files, roster, [2022, 2023]).missing == (
        MissingRow(2023, 3),
        MissingRow(2022, 2),
        MissingRow(2022, 4),
    )
    assert find_standing(files, (), [2023]).missing == ()
    assert find_standing([], roster, []).missing == ()


def test_a_file_of_unknown_year_counts_for_the_last_due_year() -> None:
    roster = (RosterEntry(2, "甲镇", None, None),)
    assert find_standing([handed(1, 2, None)], roster, [2022, 2023]).missing == (MissingRow(2022, 2),)


def test_doubles_have_one_organ_and_one_year() -> None:
    files = [
        handed(2, 2, 2023, digest="a"),
        handed(1, 2, 2023, digest="a"),
        handed(3, 2, 2022, digest="a"),
        handed(4, 3, 2023, digest="b"),
        handed(5, 3, 2023, digest="c"),
        handed(6, 4, 2023, digest=None),
        handed(7, 4, 2023, digest=None),
        handed(8, None, 2023, digest="d"),
        handed(9, None, 2023, digest="d"),
        handed(10, 5, None, digest="e"),
        handed(11, 5, None, digest="e"),
    ]
    assert find_standing(files, (), []).doubles == (
        ("k2", 2023, 1, True),
        ("k2", 2023, 2, True),
        ("k3", 2023, 4, False),
        ("k3", 2023, 5, False),
        ("k4", 2023, 6, False),
        ("k4", 2023, 7, False),
    )


@pytest.mark.parametrize(
    ("year", "published", "is_late"),
    [
        (2023, "2024-04-02", True),
        (2023, "2024-04-01", False),
        (2023, "2024-03-31", False),
        (2023, "2023-06-01", False),
        (2023, "2025-01-01", True),
        (2022, "2023-12-31", True),
        (2018, "2019-06-01", False),
        (2023, None, False),
        (None, "2024-06-01", False),
    ],
)
def test_late_is_after_the_first_of_april(year: int | None, published: str | None, is_late: bool) -> None:
    late = find_standing([handed(1, 2, year, published=published)], (), [2023]).late
    assert late == (((1, published, f"{(year or 0) + 1}-04-01"),) if is_late else ())


def test_the_due_year_is_that_of_most_reports() -> None:
    assert due_year([2022, 2022, 2023]) == 2022
    assert due_year([2022, 2023, None]) == 2023
    assert due_year([None]) is None


def test_keys_that_say_less_are_settled_only_where_nothing_else_is_possible() -> None:
    assert settle_keys(["柳河镇", "云溪县/柳河镇", "县司法局", "云溪县/司法局", "青石镇"]) == {
        "柳河镇": "云溪县/柳河镇",
        "县司法局": "云溪县/司法局",
    }
    assert settle_keys(["柳河镇", "云溪县/柳河镇", "青石县/城关镇"]) == {}
    assert settle_keys(["城北区/中山街道", "甲州市城北区/中山街道"]) == {"城北区/中山街道": "甲州市城北区/中山街道"}
    assert settle_keys(["城北区/中山街道", "甲州市城北区/中山街道", "乙州市城北区/中山街道"]) == {}
