"""The sheets about who submitted what: 各单位, 未报送, 重复报送, 逾期公开, 未能检查, 身份存疑."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from validator.audit.exports.workbook_words import (
    cite,
    describe_decision,
    judge,
    list_rules,
    name_level,
    name_organ,
)
from validator.audit.read import Audit
from validator.audit.records import Copy, Decision, FileRow, Missing, RuleInfo, RuleOutcome
from validator.result import Outcome
from validator.spreadsheet import Book, Cell, Column, Styled, Table

ORGANS, MISSING, DOUBLES, LATE = "各单位", "未报送", "重复报送", "逾期公开"
UNCHECKED, DOUBTFUL = "未能检查", "身份存疑"
_MOST_PARTNERS = 3
_ATTACHMENT = "不像是报告，可能是附件，没有计入。"
_ORIGINS = {"roster": "名册", "path": "路径", "report": "正文", "unknown": "不明"}
_COPY_WORDS = {"organ": "其他单位", "year": "本单位上年", "double": "本单位同年另一份"}
_ORGAN_COLUMNS = (
    Column("单位", 22, "wrap"),
    Column("年度", 6, "centre"),
    Column("地区", 11, "wrap"),
    Column("层级", 11, "wrap"),
    Column("结论", 13),
    Column("必备项不通过", 30, "wrap"),
    Column("其他项不通过，应当改正", 30, "wrap"),
    Column("需人工复核", 30, "wrap"),
    Column("报送情况", 20, "wrap"),
    Column("与哪些报告有雷同段落", 26, "wrap"),
    Column("复核意见", 26, "wrap"),
    Column("文件", 24, "wrap"),
)


@dataclass(slots=True)
class Seen:
    """What is known of files beside their outcomes, by the number of the file."""

    late: dict[int, str] = field(default_factory=dict)
    doubles: dict[int, str] = field(default_factory=dict)
    copies: dict[int, list[str]] = field(default_factory=dict)
    more: dict[int, int] = field(default_factory=dict)

    def note_copy(self, copy: Copy) -> None:
        """Keep the largest partners of both reports; the others are counted."""
        for here, there in ((copy.here, copy.there), (copy.there, copy.here)):
            partners = self.copies.setdefault(here.id, [])
            if len(partners) < _MOST_PARTNERS:
                partners.append(f"{cite(there)}（{_COPY_WORDS[copy.kind]}），相同{copy.characters}字")
            else:
                self.more[here.id] = self.more.get(here.id, 0) + 1

    def partners(self, file: int) -> str | None:
        """Return with which reports a file shares passages."""
        told = self.copies.get(file, [])
        more = (f"还有{self.more[file]}份，见“雷同段落”表",) if file in self.more else ()
        return "\n".join((*told, *more)) or None

    def standing(self, file: int) -> str | None:
        """Return what is to say of how a report was submitted."""
        return "\n".join(s for s in (self.late.get(file), self.doubles.get(file)) if s) or None


def begin_organs(book: Book) -> Table:
    """Begin the sheet of organs."""
    return Table(book, ORGANS, _ORGAN_COLUMNS, frozen=1)


def add_organ(
    table: Table,
    file: FileRow,
    outcomes: Mapping[str, RuleOutcome],
    rules: Mapping[str, RuleInfo],
    seen: Seen,
    decisions: Mapping[str, Sequence[Decision]],
) -> None:
    """Write the row of a report."""

    def pick(outcome: Outcome, *, must: bool | None) -> str | None:
        wanted = (
            i
            for i, r in rules.items()
            if i in outcomes and outcomes[i].decided == outcome and must in (None, r.severity == "error")
        )
        return list_rules(wanted, rules)

    told = "\n".join(f"{i} {describe_decision(d)}" for i, found in decisions.items() for d in found)
    table.add(
        (
            *(name_organ(file.who), file.who.year, file.who.region, name_level(file.who.level)),
            judge(file),
            *(pick("fail", must=True), pick("fail", must=False), pick("review", must=None)),
            *(seen.standing(file.id), seen.partners(file.id), told or None, file.path),
        )
    )


def add_missing(table: Table, found: Missing) -> None:
    """Write the row of an organ that has not submitted."""
    entry = found.entry
    head: tuple[Cell, ...] = (entry.organ, found.year, entry.region, name_level(entry.level))
    table.add((*head, Styled("未报送", "strong")))


def begin_missing(book: Book) -> Table:
    """Begin the sheet of organs that have not submitted."""
    columns = (Column("单位", 36, "wrap"), Column("年度", 6, "centre"), Column("地区", 20, "wrap"), Column("层级", 14))
    return Table(
        book,
        MISSING,
        (*columns, Column("名册第几行", 12, "count"), Column("名册里的路径", 40, "wrap"), Column("提示", 50, "wrap")),
    )


def fill_missing(table: Table, audit: Audit, organs: Table) -> None:
    """Write who has not submitted, here and at the end of the sheet of organs."""
    for found in audit.missing():
        entry = found.entry
        table.add((entry.organ, found.year, entry.region, name_level(entry.level), entry.line, entry.path, found.hint))
        add_missing(organs, found)
    table.end_or_say("名册里的单位都已报送。" if audit.about().roster else "没有给出名册，所以不知道谁没有报送。")


def write_doubles(book: Book, audit: Audit, seen: Seen) -> int:
    """Write organs with several files of one year; return how many there are."""
    count = 0
    columns = (
        Column("单位", 36, "wrap"),
        Column("年度", 6, "centre"),
        Column("份数", 8, "count"),
        Column("内容", 20, "wrap"),
    )
    table = Table(book, DOUBLES, (*columns, Column("结论", 16), Column("文件", 60, "wrap")))
    for double in audit.doubles():
        count += 1
        content = "文字全部相同" if double.identical else "文字不同"
        for number, file in enumerate(double.files, 1):
            seen.doubles[file.id] = f"重复报送：{len(double.files)}份中的第{number}份，{content}"
            table.add((double.organ, double.year, len(double.files), content, judge(file), file.path))
    table.end_or_say("没有同一单位同一年度报送几份的情况。")
    return count


def write_late(book: Book, audit: Audit, seen: Seen) -> int:
    """Write the reports that were published late; return how many there are."""
    columns = (Column("单位", 36, "wrap"), Column("年度", 6, "centre"), Column("地区", 20, "wrap"))
    days = (Column("公开日期", 14), Column("最后期限（含当日）", 18), Column("文件", 60, "wrap"))
    table = Table(book, LATE, (*columns, *days))
    for late in audit.late():
        seen.late[late.file.id] = f"逾期公开：{late.published}公开，最后期限{late.due}（含当日）"
        who = late.file.who
        table.add((name_organ(who), who.year, who.region, late.published, late.due, late.file.path))
    table.end_or_say("写明了公开日期的报告中，没有逾期的。没有写明日期的无法判断。")
    return table.rows


def begin_unchecked(book: Book) -> Table:
    """Begin the sheet of files that could not be checked."""
    columns = (Column("文件", 60, "wrap"), Column("原因", 60, "wrap"), Column("单位", 30, "wrap"))
    return Table(
        book, UNCHECKED, (*columns, Column("年度", 6, "centre"), Column("地区", 20, "wrap"), Column("结论", 16))
    )


def begin_doubtful(book: Book) -> Table:
    """Begin the sheet of files of which it is not sure whose they are."""
    columns = (Column("文件", 50, "wrap"), Column("存疑之处", 60, "wrap"), Column("单位", 30, "wrap"))
    return Table(
        book, DOUBTFUL, (*columns, Column("年度", 6, "centre"), Column("单位名称来自", 14), Column("标题", 50, "wrap"))
    )


def add_troubled(unchecked: Table, doubtful: Table, file: FileRow) -> None:
    """Write a file to the sheets that it belongs to."""
    who = file.who
    if not file.attachment and (file.outcome == "error" or file.error):
        unchecked.add((file.path, file.error or "原因不明。", who.organ, who.year, who.region, judge(file)))
    if file.attachment or who.notes or (who.key is None and file.outcome != "error"):
        told = "\n".join(who.notes) or (_ATTACHMENT if file.attachment else "不知道是哪个单位的报告。")
        doubtful.add((file.path, told, who.organ, who.year, _ORIGINS[who.origin], file.title))


def end_troubled(unchecked: Table, doubtful: Table) -> None:
    """Finish both sheets."""
    unchecked.end_or_say("所有文件都检查了。")
    doubtful.end_or_say("每份报告是哪个单位的，都没有疑问。")
