"""Roster (CSV or XLSX) → the organs that must submit. The rows come from ``sheets``; here they get their meaning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from validator.audit.records import RosterEntry
from validator.audit.who.names import key_of, parse_name
from validator.audit.who.patterns import FIRST_YEAR, LAST_YEAR, read_level
from validator.audit.who.sheets import Row, Table, read_tables
from validator.errors import OptionError, plain
from validator.options import Enforcement

_HEADINGS: dict[str, tuple[str, ...]] = {
    "organ": (
        *("单位名称", "单位全称", "单位", "机关名称", "机关", "机构名称", "机构", "报送单位", "填报单位", "应报单位"),
        *("应报送单位", "报告单位", "责任单位", "部门名称", "乡镇街道", "乡镇街道名称", "乡镇", "部门", "名称", "全称"),
        *("organ", "organname", "organisation", "organization", "unit", "name"),
    ),
    "level": ("层级", "级别", "单位层级", "单位级别", "机关层级", "行政层级", "行政级别", "level"),
    "region": (
        *("地区", "区域", "所属地区", "所在地区", "所属区域", "所在区域", "行政区划", "行政区", "所属行政区", "属地"),
        "region",
    ),
    "province": ("省", "省份", "省区市", "province"),
    "city": ("市", "地市", "市州", "地级市", "所属市", "city"),
    "county": ("县", "区县", "县区", "县市区", "所属区县", "所属县", "所属县区", "所属县市区", "区", "county"),
    "years": ("年度", "报告年度", "应报年度", "年份", "years", "year"),
    "enforcement": (
        *("行政执法职能", "执法职能", "有无行政执法职能", "有无执法职能", "行政执法权", "执法权", "enforcement"),
    ),
    "path": ("文件", "路径", "文件路径", "文件名", "文件夹", "path", "file"),
}
"""The words for each column, the surest first; only the first of them that is there is read."""
_ALIASES = ("别名", "简称", "曾用名", "其他名称", "又名", "alias", "aliases")
"""Every such column is read."""
_FILLED = ("level", "region", "province", "city", "county", "years")
"""Columns whose merged cells stand for all their rows."""
_HEADING_ROWS = 20
_SHOWN_COLUMNS = 12
_FOOT = re.compile(r"(?:注|备注|说明|填表人?|审核人?|制表人?|联系人)[:：].*")
_SUM = re.compile(r".{0,20}[合总小共]计")
"""合计, 云溪县小计."""
_COUNT = re.compile(
    r"(?:.{0,20}[合总小共]计|总共|一共|共有?|计)?[:：(]?(?:[0-9]{1,6}|[一二三四五六七八九十百千零〇两]{1,7})"
    r"(?:个?(?:家|户)|个(?:乡镇|镇街|乡镇街道|街道|镇|乡)?)(?:单位|机关|机构|部门)?[)。]?"
)
"""13家, 共13个单位, 合计：13家; 三家镇 and 十个泉乡 are names."""
_BARE_COUNT = re.compile(r".{0,20}[合总小共]计[:：(]?[0-9]{1,6}[)。]?")
_YEAR = re.compile(r"(20[0-9]{2})(?:\.0)?(?:年度|年)?(?:[-—–~～至到]+(20[0-9]{2})(?:年度|年)?)?")
_EVERY_YEAR = frozenset({"", "全部", "每年", "各年", "所有", "历年", "all"})
_POWERS: dict[Enforcement, tuple[str, ...]] = {
    "yes": ("有", "是", "yes"),
    "no": ("无", "没有", "否", "no"),
    "unknown": ("不详", "unknown"),
}
_LEVEL_WORDS = "省级、市级、县级、乡镇、街道、部门、开发区、其他"
_MOST_YEARS = 100


def read_roster(path: Path) -> tuple[RosterEntry, ...]:
    """Return the organs that must submit, in the order of the file.

    A heading row names the columns; rows above it are passed over. Of a workbook the first visible sheet with a
    heading row is read.

    Args:
        path: a CSV file (UTF-8, UTF-16 or GB 18030; commas, semicolons or tabs) or an XLSX file.

    Raises:
        OptionError: what is wrong, and in which line; ``openpyxl`` is not installed.
    """
    shown = plain(path.name)
    best: tuple[_Heading, Table] | None = None
    first: Row | None = None
    for table in read_tables(path):
        first = max(
            (r for r in (first, *table.rows[:_HEADING_ROWS]) if r and any(r.cells)), key=_likeness, default=None
        )
        heading = _find_heading(table.rows, shown)
        if heading is not None and (best is None or heading.width > best[0].width):
            best = heading, table
        if heading is not None and table.is_sure:
            break
    if first is None:
        raise OptionError(f"名册 {shown} 是空的。")
    if best is None:
        columns = "、".join(f"“{c[:20]}”" for c in first.cells[:_SHOWN_COLUMNS] if c)
        raise OptionError(
            f"名册 {shown} 缺“单位”一列。第{first.line}行有这些列：{columns}。"
            "请把写单位名称的那一列的表头改成“单位”，没有这一列就加上。"
        )
    if best[1].error:
        raise OptionError(best[1].error)
    entries = _read_rows(best[1], best[0], shown)
    if not entries:
        raise OptionError(f"名册 {shown} 表头下面没有单位。")
    _refuse_repeated(entries, shown)
    return entries


class _Heading(NamedTuple):
    """The heading row: its place ``at`` among the rows, the column of each field, and the columns of other names."""

    at: int
    columns: dict[str, int]
    aliases: list[int]

    @property
    def width(self) -> int:
        """How many columns are known."""
        return len(self.columns) + len(self.aliases)


def _likeness(row: Row) -> tuple[int, bool]:
    """Return how much a row looks like the heading row: how many of its words are known, and whether it has several."""
    words = {_heading_word(c) for c in row.cells if c}
    known = sum(1 for names in (*_HEADINGS.values(), _ALIASES) if not words.isdisjoint(names))
    return known, sum(1 for c in row.cells if c) > 1


def _find_heading(rows: Sequence[Row], shown: str) -> _Heading | None:
    for index, row in enumerate(rows[:_HEADING_ROWS]):
        words = [_heading_word(c) for c in row.cells]
        columns: dict[str, int] = {}
        for field, known in _HEADINGS.items():
            word = next((k for k in known if k in words), None)
            if word is None:
                continue
            if words.count(word) > 1:
                raise OptionError(f"名册 {shown} 第{row.line}行有几列都叫“{word}”，请排成一列，每行一个单位。")
            columns[field] = words.index(word)
        if "organ" in columns:
            return _Heading(index, columns, [i for i, w in enumerate(words) if w in _ALIASES])
    return None


def _heading_word(cell: str) -> str:
    text = re.sub(r"[\s*_:：、,/和]", "", unicodedata.normalize("NFKC", cell)).lower()
    known = re.sub(r"[()]", "", text)
    bare = re.sub(r"\([^()]{0,30}\)", "", text)
    return known if any(known in words for words in _HEADINGS.values()) else bare


def _read_rows(table: Table, heading: _Heading, shown: str) -> tuple[RosterEntry, ...]:
    entries: list[RosterEntry] = []
    columns, aliases = heading.columns, heading.aliases
    filled = {columns[f]: f for f in _FILLED if f in columns}
    for row in table.rows[heading.at + 1 :]:
        cells = [table.merged.get((row.line, i), c) if i in filled else c for i, c in enumerate(row.cells)]
        values = {field: cells[i] if i < len(cells) else "" for field, i in columns.items()}
        organ = values["organ"]
        where = f"名册 {shown} 第{row.line}行"
        if _is_sum(cells, columns["organ"]):
            continue
        if not organ or _FOOT.fullmatch(organ):
            said = [v for f, v in values.items() if f not in ("organ", *_FILLED) and v]
            if not organ and (said or any(row.cells[i] for i in filled if i < len(row.cells))):
                raise OptionError(f"{where}没有单位名称。如果它是公式，请先用表格软件打开并保存一次。")
            continue
        if organ.startswith(("=", "#")):
            raise OptionError(f"{where}的单位“{organ[:30]}”是公式或错误值，请改成文字。")
        if _heading_word(organ) in _HEADINGS["organ"]:
            continue
        if not re.search(r"[^\W\d_]", organ):
            raise OptionError(f"{where}的单位“{organ[:30]}”不是名称。")
        entries.append(
            RosterEntry(
                row.line,
                organ,
                _level(values.get("level", ""), where),
                _region(values),
                tuple(dict.fromkeys(a for i in aliases if i < len(cells) for a in _split_names(cells[i]))),
                _years(values.get("years", ""), where),
                values.get("path") or None,
                _power(values.get("enforcement", ""), where),
            )
        )
    return tuple(entries)


def _is_sum(cells: Sequence[str], organ: int) -> bool:
    """Tell whether a row counts organs and names none: 合计 in its place or before it, or 13家."""
    texts = [re.sub(r"\s", "", unicodedata.normalize("NFKC", c)) for c in cells[: organ + 1]]
    if any(_SUM.fullmatch(t) for t in texts):
        return True
    return len(texts) > organ and bool(_COUNT.fullmatch(texts[organ]) or _BARE_COUNT.fullmatch(texts[organ]))


def _region(values: Mapping[str, str]) -> str | None:
    """Return the region; three columns for province, city and county are one region."""
    if values.get("region"):
        return values["region"]
    return "".join(dict.fromkeys(v for f in ("province", "city", "county") if (v := values.get(f)))) or None


def _split_names(cell: str) -> list[str]:
    return [n for part in re.split(r"[、，,；;|/\n]", cell) if (n := part.strip())]


def _level(cell: str, where: str) -> str | None:
    if not cell:
        return None
    level = read_level(cell)
    if level is None:
        raise OptionError(f"{where}的层级“{cell[:20]}”看不懂，可以写：{_LEVEL_WORDS}。")
    return level


def _power(cell: str, where: str) -> Enforcement | None:
    if not cell:
        return None
    for power, words in _POWERS.items():
        if cell.lower() in words:
            return power
    raise OptionError(f"{where}的行政执法职能“{cell[:20]}”看不懂，可以写：有、无，或空着。")


def _years(cell: str, where: str) -> tuple[int, ...]:
    """Return the years in a cell: 2022、2023, 2021-2023年度; empty means every year."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
    if text.lower() in _EVERY_YEAR:
        return ()
    years: set[int] = set()
    for part in re.split(r"[、,;/|和及]", text):
        hit = _YEAR.fullmatch(part)
        first, last = (int(hit.group(1)), int(hit.group(2) or hit.group(1))) if hit else (0, 0)
        if not FIRST_YEAR <= first <= last <= LAST_YEAR:
            raise OptionError(
                f"{where}的年度“{cell[:20]}”不对，应是{FIRST_YEAR}到{LAST_YEAR}之间的年份，如2022、2023。"
            )
        years.update(range(first, last + 1))
    return tuple(sorted(years))


def _refuse_repeated(entries: Sequence[RosterEntry], shown: str) -> None:
    """Refuse a roster in which one name, other name or path leads to two organs.

    Raises:
        OptionError: the first of them, with both lines.
    """
    known: dict[str, RosterEntry] = {}
    paths: dict[str, int] = {}
    for entry in entries:
        key = key_of(parse_name(entry.organ, entry.region))
        if (other := known.setdefault(key, entry)) is not entry:
            raise OptionError(
                f"名册 {shown} 第{other.line}行和第{entry.line}行是同一个单位“{entry.organ[:30]}”，请只留一行"
                "（如果不是同一个，请在“地区”一列写清楚）。"
            )
        if entry.path and (line := paths.setdefault(entry.path, entry.line)) != entry.line:
            raise OptionError(f"名册 {shown} 第{line}行和第{entry.line}行写了同一个路径“{entry.path[:40]}”。")
    for entry in entries:
        for alias in entry.aliases:
            other = known.setdefault(key_of(parse_name(alias, entry.region)), entry)
            if other is not entry:
                raise OptionError(
                    f"名册 {shown} 第{entry.line}行的别名“{alias[:30]}”也是第{other.line}行的单位，分不清是哪一个。"
                )
