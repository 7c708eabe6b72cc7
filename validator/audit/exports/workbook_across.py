"""Sheets that put reports side by side: 雷同段落, 多家共用的句子, 与上年对照. They say what is the same, not why."""

from __future__ import annotations

from validator.audit.exports.workbook_organs import Seen
from validator.audit.exports.workbook_words import cite, name_organ
from validator.audit.read import Audit
from validator.audit.records import CopyKind, EchoKind
from validator.spreadsheet import Book, Column, Rich, Table

COPIES, COMMON, ECHOES = "雷同段落", "多家共用的句子", "与上年对照"
_COPY_KINDS: dict[CopyKind, str] = {
    "organ": "不同单位之间",
    "year": "与本单位上年报告",
    "double": "同一单位同年的两份",
}
ECHO_WORDS: dict[EchoKind, str] = {
    "problem_repeated": "问题与上年文字相同",
    "plan_unmentioned": "上年安排本年没有写到",
    "same_figure": "数字与上年相同",
}
_COPY_NOTE = (
    "两份报告里相同的段落，左右对照，相同的字加粗、加下划线。法律法规名称和多家共用的句子没有算在内。"
    "这里只说明文字相同，是否妥当请复核人判断。"
)
_COPY_COLUMNS = (
    Column("关系", 12, "wrap"),
    Column("单位", 18, "wrap"),
    Column("年度", 6, "centre"),
    Column("对照单位", 18, "wrap"),
    Column("年度", 6, "centre"),
    Column("两份共相同字数", 9, "count"),
    Column("占本份", 8, "share"),
    Column("占对照份", 8, "share"),
    Column("本段相同字数", 8, "count"),
    Column("位置", 9, "wrap"),
    Column("原文", 44, "wrap"),
    Column("对照位置", 9, "wrap"),
    Column("对照原文", 44, "wrap"),
    Column("文件", 20, "wrap"),
    Column("对照文件", 20, "wrap"),
)


def write_copies(book: Book, audit: Audit, seen: Seen) -> None:
    """Write the passages that reports share, the two reports that share most first."""
    table = Table(book, COPIES, _COPY_COLUMNS, above=((_COPY_NOTE, "note"),))
    for copy in audit.copies():
        seen.note_copy(copy)
        here, there = copy.here, copy.there
        for passage in copy.passages:
            table.add(
                (
                    *(_COPY_KINDS[copy.kind], name_organ(here.who), here.who.year),
                    *(name_organ(there.who), there.who.year),
                    *(copy.characters, copy.share_here, copy.share_there, passage.characters),
                    *(passage.here.place, Rich(passage.here.text, passage.here.marks)),
                    *(passage.there.place, Rich(passage.there.text, passage.there.marks)),
                    *(here.path, there.path),
                )
            )
    table.end_or_say("没有查到雷同的段落。")


def write_common(book: Book, audit: Audit) -> None:
    """Write the sentences that many organs share."""
    note = "这些句子许多单位都写了，多半来自上级文件或通用写法，没有算作雷同。"
    columns = (Column("句子", 90, "wrap"), Column("单位数", 9, "count"), Column("例如", 70, "wrap"))
    table = Table(book, COMMON, columns, above=((note, "note"),))
    for found in audit.common():
        table.add((found.text, found.organs, "；".join(cite(f) for f in found.files)))
    table.end_or_say("没有查到许多单位共用的句子。")


def write_echoes(book: Book, audit: Audit) -> int:
    """Write what this year's reports have to do with last year's; return how many rows that are."""
    note = "与同一单位上年报告的对照。都只是线索，需要人工复核，不影响结论。"
    columns = (
        *(
            Column("单位", 26, "wrap"),
            Column("年度", 6, "centre"),
            Column("类别", 22, "wrap"),
            Column("说明", 40, "wrap"),
        ),
        *(Column("本年原文", 46, "wrap"), Column("本年位置", 11, "wrap")),
        *(Column("上年原文", 46, "wrap"), Column("上年位置", 11, "wrap")),
        *(Column("文件", 36, "wrap"), Column("上年文件", 36, "wrap")),
    )
    table = Table(book, ECHOES, columns, above=((note, "note"),), frozen=1)
    for echo in audit.echoes():
        file = echo.file
        table.add(
            (
                *(name_organ(file.who), file.who.year, ECHO_WORDS[echo.kind], echo.message),
                *(echo.text or "（没有写到）", echo.place, echo.earlier_text, echo.earlier_place),
                *(file.path, echo.earlier.path),
            )
        )
    table.end_or_say("没有查到需要对照复核的地方。")
    return table.rows
