"""What stands around a report: 发文字号, 发布日期, 索引号, 信息来源. The file's own word goes before its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from validator.document import Document
from validator.normalise.paragraphs import STAMP
from validator.outline import Outline

_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}〔20\d\d〕(?:第)?\d{1,4}号")
DAY = re.compile(r"((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d\d(?=\d\d:)|\d{1,2}(?!\d))")
_COMPACT_DAY = re.compile(r"\s*((?:19|20)\d\d)([01]\d)([0-3]\d)(?:\d{6})?\s*")
_LABELS: tuple[tuple[str, str], ...] = (
    ("published", "发布日期|发布时间|公开日期|公开时间|发文日期|成文日期|生成日期|印发日期|日期|时间"),
    ("index_number", "索引号|信息索引号?|索取号"),
    ("document_number", "发文字号|文件编号|文号"),
    ("source", "信息来源|文章来源|稿件来源|来源|发布机构|发布单位|发文机关|公开机构"),
)
_OTHER = (
    "主题分类|主题词|体裁分类|组配分类|有效性|名称|标题|作者|责任编辑|编辑|浏览次数|阅读次数|点击率|字体|字号"
    "|分享|打印|关闭|访问量|浏览量|阅读量|点击量|公开方式"
)
_ANY = "|".join(f"(?P<{name}>{words})" for name, words in _LABELS) + f"|(?P<other>{_OTHER})"
_LABEL = re.compile(rf"(?:{_ANY})[：:〕]")
_VALUE_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Publication:
    """Facts of publication; ``published`` is an ISO date. ``None``: not stated."""

    document_number: str | None = None
    published: str | None = None
    index_number: str | None = None
    source: str | None = None


def read_publication(document: Document, outline: Outline) -> Publication:
    """Read them from what the file says of itself, then from the lines around the report and its title block."""
    found: dict[str, str] = {}
    for name, value in document.raw.meta:
        _keep(found, name, value)
    for line in _lines_around(document, outline):
        for name, value in _labelled(line):
            _keep(found, name, value)
        if (stamp := STAMP.match(line)) is not None:
            _keep(found, "published", stamp.group())
        if "document_number" not in found and len(line) <= 40 and (number := _NUMBER.search(line)) is not None:
            found["document_number"] = number.group()
    return Publication(
        found.get("document_number"), found.get("published"), found.get("index_number"), found.get("source")
    )


def _lines_around(document: Document, outline: Outline) -> Iterator[str]:
    """Yield furniture, wherever it stands, and the lines of the title block."""
    for paragraph in document.paragraphs:
        if paragraph.furniture or paragraph.start < outline.front_end:
            yield document.text[paragraph.start : paragraph.end]


def _labelled(line: str) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of each label with a colon; a value ends where the next label begins."""
    marks = list(_LABEL.finditer(line))
    for index, mark in enumerate(marks):
        stop = marks[index + 1].start() if index + 1 < len(marks) else len(line)
        value = line[mark.end() : stop].strip(" ，。；|")
        if mark.lastgroup not in (None, "other") and 0 < len(value) <= _VALUE_LIMIT:
            yield str(mark.lastgroup), value


def _keep(found: dict[str, str], name: str, value: str) -> None:
    """Keep the first value of each name; a date that is none is left out."""
    if name == "published":
        value = read_day(value)
    if value and name not in found:
        found[name] = value


def read_day(text: str) -> str:
    """Return the day in a text as ISO date, or nothing."""
    hit = DAY.search(text) or _COMPACT_DAY.fullmatch(text)
    if hit is None:
        return ""
    try:
        return date(int(hit.group(1)), int(hit.group(2)), int(hit.group(3))).isoformat()
    except ValueError:
        return ""
