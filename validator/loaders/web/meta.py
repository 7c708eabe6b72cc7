"""What a web page says of a report around it: 标题, 发布日期, 索引号, 发文字号, 信息来源. Used by ``html``.

The page's own ``meta`` elements go before labels in the text around the report; the report's prose is never searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from types import MappingProxyType

from validator.facts.publication import DAY, read_day

Meta = list[tuple[str, str]]

_NAMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("articletitle", "og:title", "dc.title", "dcterms.title"),
        "published": (
            "pubdate",
            "publishdate",
            "firstpublishedtime",
            "article:published_time",
            "og:release_date",
            "dc.date",
            "dcterms.issued",
            "publish-date",
            "releasedate",
        ),
        "index_number": ("indexnumber", "index_number", "indexno", "索引号"),
        "document_number": ("documentnumber", "document_number", "filenumber", "fileno", "发文字号", "文号"),
        "source": ("contentsource", "article:source", "source", "dc.source", "publisher", "发布机构"),
    }
)


def _spaced(words: str) -> str:
    """Return a pattern of labels whose characters may stand apart: 索 引 号."""
    return "|".join(r"\s*".join(word) for word in words.split("|"))


_LABELS = (
    ("published", "发布日期|发布时间|发文日期|公开日期|公开时间|公布日期|上网日期|更新时间|印发日期|日期|时间"),
    ("written", "成文日期|生成日期|形成日期|制发日期"),
    ("index_number", "信息索引号|信息索引|索引号码|索引号|索取号|索引码"),
    ("document_number", "发文字号|发布文号|文件编号|文件字号|公文字号|发文号|文号"),
    (
        "source",
        "信息来源|文章来源|稿件来源|来源单位|发布机构|发布单位|发文机关|发文机构|发文单位|公开机构|公开主体|来源",
    ),
)
_OTHER = (
    "主题分类|主题词|主题|体裁分类|体裁|组配分类|信息分类|公文种类|文件类型|有效性|时效性|时效|状态|废止日期|失效日期|实施日期|生效日期|信息名称|文件名称|"
    "名称|标题|关键词|关键字|摘要|概述|内容概述|作者|责任编辑|责任人|责编|编辑|编审|审核|审核人|校对|签发人|签发|初审|复审|终审|撰稿|供稿|录入|浏览次数|浏览量|浏览|"
    "阅读次数|阅读量|阅读|点击率|点击数|点击量|点击|访问量|访问次数|访问|人气|字体大小|字号|字体|分享|打印|关闭|公开方式|公开属性|公开形式|公开范围|公开类别|服务对象|"
    "保护视力色|背景色|视力保护色|我要纠错"
)
_ANY = "|".join(f"(?P<{name}>{_spaced(words)})" for name, words in _LABELS) + f"|(?P<other>{_spaced(_OTHER)})"
_OPEN, _CLOSE = r"[\[【〔（(]?\s*", r"\s*(?:[\]】〕)）]\s*[:：]?|[:：])"
_LABEL = re.compile(rf"(?<![\u4e00-\u9fff]){_OPEN}(?:{_ANY}){_CLOSE}")
_INNER_LABEL = re.compile(rf"{_OPEN}(?:{_ANY}){_CLOSE}")
_BARE = re.compile(rf"{_OPEN}(?:{_ANY})\s*[\]】〕)）]?\s*[:：]?\s*")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,14}\s*[〔\[（(【]\s*20\d\d\s*[〕\])）】]\s*(?:第\s*)?\d{1,4}\s*号|[\u4e00-\u9fff]{2,14}\d{1,6}号"
)
_INDEX = re.compile(r"[A-Za-z0-9][\w\-/.〔〕\[\]()（）—:\u4e00-\u9fff]*")
_SOURCE_END = re.compile(r"[\s|｜，。；;]|[【\[(（]")
_VALUE_LIMIT = 60
_LINE_LIMIT = 400
_NAME_BREAK = re.compile(r"\s*(?:[|｜_—>»]|--+|\s-|-\s|-)\s*")


def is_label_line(text: str) -> bool:
    """Tell whether a line begins with a label such as 发布日期： or is nothing but one."""
    if len(text) > _LINE_LIMIT:
        return False
    return _LABEL.match(text) is not None or _BARE.fullmatch(text) is not None


def read_meta(
    metas: Sequence[Mapping[str, str]], page_title: str, heading: str, around: Iterable[str], labels_only: Iterable[str]
) -> Meta:
    """Collect what the page says of the report.

    Args:
        metas: the attributes of its ``meta`` elements.
        page_title: its ``title`` element.
        heading: the heading of the article as it is shown (may be empty).
        around: the lines that are not the report's, in order; a cell is a line of its own.
        labels_only: lines in the report's own block that begin with a label.

    Returns:
        (name, value) in the order of ``META_NAMES``; days as ISO dates.
    """
    said = {
        (m.get("name") or m.get("property") or m.get("itemprop") or "").strip().lower(): unescape(m.get("content", ""))
        for m in metas
    }
    found: dict[str, str] = {}
    for name, keys in _NAMED.items():
        for key in keys:
            _keep(found, name, said.get(key, ""))
    if heading:
        found["title"] = " ".join(heading.split())
    own = [" ".join(line.split()) for line in labels_only]
    for lines in (own, [" ".join(line.split()) for line in around]):
        for name, value in _labelled(lines):
            _keep(found, name, value)
    for line in own:
        if DAY.match(line.strip("\u3000 [【（(")) is not None:
            _keep(found, "published", line)
    if "written" in found:
        found.setdefault("published", found["written"])
    _keep(found, "title", title_without_site(page_title, said.get("sitename", "")))
    names = ("title", "published", "index_number", "document_number", "source")
    return [(name, found[name]) for name in names if found.get(name)]


def title_without_site(title: str, site: str = "") -> str:
    """Return the page title without the names of site and column that stand before or after it."""
    whole = " ".join(unescape(title).split())
    parts = [p.strip() for p in _NAME_BREAK.split(whole) if p.strip()]
    named = [
        p for p in parts if p != site and re.search(r"(?:报告|总结|汇报|情况|意见|通知|公告)(?:[（(].*[）)])?$", p)
    ]
    if named:
        return max(named, key=len)
    others = [p for p in parts if p != site]
    return others[0] if others else whole


def _keep(found: dict[str, str], name: str, value: str) -> None:
    """Keep the first value of a name, if it is one."""
    clean = _clean(name, " ".join(value.split()))
    if clean and name not in found:
        found[name] = clean


def _clean(name: str, value: str) -> str:
    """Return the value as the result has it, or nothing when it is none (无, —)."""
    if name in ("published", "written"):
        return read_day(value)
    if name == "index_number":
        hit = _INDEX.match(value)
        return hit.group()[:_VALUE_LIMIT] if hit and len(hit.group()) >= 4 else ""
    if name == "document_number":
        number = _NUMBER.match(value)
        return re.sub(r"\s", "", number.group()) if number else ""
    if name == "source":
        end = _SOURCE_END.search(value)
        value = value[: end.start()] if end else value
        return value if 2 <= len(value) <= 30 and re.search(r"[\u4e00-\u9fff]{2}", value) else ""
    return value if re.search(r"[\u4e00-\u9fff]", value) else ""


def _labelled(lines: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield (name, value): on one line, where a value ends with the next label, or label and value on two lines."""
    for index, line in enumerate(lines):
        if len(line) > _LINE_LIMIT:
            continue
        bare = _BARE.fullmatch(line)
        if bare is not None:
            after = lines[index + 1] if index + 1 < len(lines) else ""
            if bare.lastgroup not in (None, "other") and after and not is_label_line(after):
                inner = _INNER_LABEL.search(after)
                yield str(bare.lastgroup), after[: inner.start()] if inner else after
            continue
        marks = list(_INNER_LABEL.finditer(line))
        if marks and marks[0].start() and not _LABEL.search(line):
            continue
        for number, mark in enumerate(marks):
            stop = marks[number + 1].start() if number + 1 < len(marks) else len(line)
            value = line[mark.end() : stop].strip(" \u3000\xa0，。；|｜")
            if mark.lastgroup not in (None, "other") and value:
                yield str(mark.lastgroup), value
