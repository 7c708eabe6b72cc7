"""Name of a file or folder → the organ in it: number, year, kind of document and remarks are taken off.

01柳河镇人民政府2023年法治政府建设年度报告（终稿） is of 柳河镇人民政府.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from validator.audit.who.names import drop_remarks, is_like_organ, region_units

_LONGEST = 300
_MOST_PATH = 4096
_SEPARATORS = r"\s\-‐‑‒–—―_+·.,，;；:：|~～《》“”\"'"
_NUMBER = re.compile(
    r"(?:附件|附|序号)[0-9一二三四五六七八九十]{0,4}|第?[0-9]{1,5}(?![0-9号里路道团师连村中大届])|[(（][0-9一二三四五六七八九十]{1,4}[）)]"
    rf"|[一二三四五六七八九十]{{1,3}}(?=[、.．，]|[{_SEPARATORS}])"
)
"""A number in front; 一二三团, 123团 and 十里铺镇 are names."""
_YEAR = re.compile(r"(?:关于)?(?<![0-9])20[0-9]{2}(?![0-9])(?:年度|年)?(?:上半年|全年)?")
_DAY = re.compile(r"(?<![0-9])20[0-9]{2}(?:[01][0-9][0-3][0-9]|[-.年][0-9]{1,2}(?:[-.月](?:[0-9]{1,2}日?)?)?)(?![0-9])")
_CHINESE_YEAR = re.compile(r"(?:关于)?二[〇零○Oo][〇零○Oo一二三四五六七八九]{2}年度?")
_GENRE = re.compile(
    r"(?:关于)?(?:全面)?(?:推进|落实|贯彻|加强)?"
    r"(?:法治政府(?:和法治社会)?(?:建设|建設)?|法治(?:建设|建設|社会|政報告|(?=工作|年度|年报|情况|报告|总结|汇报))|依法行政|依法治[国省市县区镇乡])"
    r"(?:工作|年度|情况|落实|推进|进展|完成|开展|自查|重点|任务|的){0,6}(?:报告|報告|总结|汇报|年报|综述|情况|材料)?"
    r"|(?:关于)?(?:年度|工作|情况|自查|述法|述职|履职){1,4}的?(?:报告|報告|总结|汇报|年报)|(?:报告|年报|总结)(?=$|[^\u4e00-\u9fff])"
)
"""The words for the kind of document; 法治街道 is a name."""
_REMARK = re.compile(
    r"(?:的)?(?:副本|复件|备份|(?:修订|修改|送审|征求意见|最终|定|终|初|公开|上报|报送|印发|正式|盖章|签字|更新|最新)[稿版件]?"
    r"|扫描[件版]?|盖章|定稿|终稿|已改|[vV][0-9](?:\.[0-9])?|[Ff]inal|FINAL|[Cc]opy|[Nn]ew|PDF|WORD|pdf|word|年度|关于)$"
)
_EMPTY_WORDS = frozenset(
    {"年度", "关于", "的", "附件", "报告", "年报", "总结", "材料", "情况", "情况的", "本级", "建设", "上报"}
)
_WORD = re.compile(rf"[^{_SEPARATORS}]+")
"""、 joins two organs of one report, so it parts no words."""
_YEAR_ONLY = re.compile(r"(?<![0-9])(20(?:19|[2-9][0-9]))(?![0-9])(年度|年(?![0-9]{1,2}月))?(?![-.年][0-9])")
_ZONE_FOLDER = re.compile(r"(?:开发|园|高新|经开)区$|^(?:县市区|市区|城区|地区|片区|郊区)$")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
_HAS_LETTER = re.compile(r"[^\W\d_]")


def clean_organ(text: str) -> str | None:
    """Return the organ in the name of a file (without ending) or folder; ``None`` when nothing is left.

    Brackets that hold a remark (终稿, a number, a date) are taken off; others belong to the name: 经济技术开发区管委会
    （自贸区管委会） is one organ with two signs, and to cut it would make it equal to one that has the first sign only.
    """
    words = _words(text)
    like = [w for w in words if is_like_organ(w)]
    chosen = like if like else words
    name = "".join(chosen) if all(_is_chinese(w) for w in chosen) else " ".join(chosen)
    return name if _HAS_LETTER.search(name) else None


def clean_region(text: str) -> str | None:
    """Return the region in the name of a folder: without number, year and remarks."""
    words = _words(re.sub(r"[（(][^（()）]{0,40}[）)]$", "", text[:_LONGEST]))
    return "".join(words) or None


def guess_organ(path: str) -> str | None:
    """Return the organ that the name of a file says by itself, or ``None`` where that is not plain.

    Where it has only words for the kind of document, the nearest folder with a name counts.
    """
    *folders, last = _parts(path)
    organ = clean_organ(last)
    if organ is None and _GENRE.search(last[:_LONGEST]):
        organ = next((o for p in reversed(folders) if (o := clean_organ(p)) is not None), None)
    return organ if organ is not None and is_like_organ(organ) else None


def guess_region(path: str) -> str | None:
    """Return the region that the folders of a path are named after, or ``None``: 江州市/云溪县/柳河镇.docx."""
    return "".join(dict.fromkeys(u for p in _parts(path)[:-1] for u in _folder_region(p))) or None


@lru_cache(maxsize=4096)
def _folder_region(folder: str) -> tuple[str, ...]:
    units = region_units(clean_region(folder) or "")
    return () if units and _ZONE_FOLDER.search(units[-1]) else units


def guess_year(path: str) -> int | None:
    """Return the reporting year that a path says by itself, or ``None``.

    The year stands in the name of the file, or in that of a folder as 2023年度. A folder 2023 may as well be the year
    in which reports came in.
    """
    *folders, last = _parts(path)
    found = {int(y) for y, _ in _YEAR_ONLY.findall(last[:_LONGEST])}
    found = found or {int(y) for p in folders for y, word in _YEAR_ONLY.findall(p[:_LONGEST]) if word == "年度"}
    return found.pop() if len(found) == 1 else None


def path_years(path: str) -> frozenset[int]:
    """Return every year that the name of a file or of a folder says, also as 2023 alone."""
    return frozenset(int(y) for part in _parts(path) for y, _ in _YEAR_ONLY.findall(part[:_LONGEST]))


def _parts(path: str) -> list[str]:
    parts = [p for p in path[-_MOST_PATH:].replace("\\", "/").split("/") if p] or [""]
    return [*parts[:-1], _ENDING.sub("", parts[-1])]


def _words(text: str) -> list[str]:
    """Return the words of a name that are neither number, year, kind of document nor remark."""
    line = unicodedata.normalize("NFKC", text[:_LONGEST]).replace("(", "（").replace(")", "）").strip()
    line = drop_remarks(line)
    line = _CHINESE_YEAR.sub(" ", _YEAR.sub(" ", _DAY.sub(" ", line)))
    line = _number_off(line)
    line = _GENRE.sub(" ", line)
    words = []
    for hit in _WORD.finditer(line):
        word = hit.group().strip("、").removeprefix("关于")
        for _ in range(3):
            word = _REMARK.sub("", word)
        if word and word not in _EMPTY_WORDS and not word.isdigit():
            words.append(word)
    return words


def _number_off(line: str) -> str:
    """Take off numbers in front, at most two (附件3-01柳河镇)."""
    for _ in range(2):
        line = re.sub(rf"^[、{_SEPARATORS}]+", "", line)
        hit = _NUMBER.match(line)
        if hit is None:
            break
        line = line[hit.end() :]
    return line


def _is_chinese(word: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", word))
