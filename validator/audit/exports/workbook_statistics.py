"""The sheets 统计 (files by level, region and year) and 分组不通过率 (rules by level, region and year)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from validator.audit.exports.workbook_rules import failure_rate
from validator.audit.exports.workbook_words import name_group
from validator.audit.read import Audit
from validator.audit.records import FileRow, RuleInfo
from validator.audit.standing import Files
from validator.reporters.words import FILE_WORDS, SEVERITY_WORDS
from validator.result import Outcome
from validator.spreadsheet import Book, Column, Table

FILES, RATES = "统计", "分组不通过率"
_SHOWN: tuple[Outcome, ...] = ("pass", "fail", "review", "error")
_KINDS = {"year": "按年度", "level": "按层级", "region": "按地区"}
_MOST_REGIONS = 300
"""With more regions the rates by rule and region would be hundreds of thousands of rows, that nobody reads."""


@dataclass(slots=True)
class Tally:
    """How many reports have each outcome: all together, and by group. Grows with the number of regions, not of files.

    ``files`` are those that the first sentence is about.
    """

    files: Files
    all: Counter[Outcome] = field(default_factory=Counter)
    groups: dict[str, dict[str | None, Counter[Outcome]]] = field(default_factory=lambda: {k: {} for k in _KINDS})

    def add(self, file: FileRow) -> None:
        """Count a file."""
        self.files.add(file)
        if file.attachment:
            return
        self.all[file.decided] += 1
        who = file.who
        keys = {"year": None if who.year is None else str(who.year), "level": who.level, "region": who.region}
        for kind, group in keys.items():
            self.groups[kind].setdefault(group, Counter())[file.decided] += 1


def sort_groups(kind: str, groups: Mapping[str | None, object]) -> list[str | None]:
    """Return groups in order: years newest first, the others by code point, what is unknown last."""
    known = sorted((g for g in groups if g is not None), reverse=kind == "year")
    return [*known, *((None,) if None in groups else ())]


def begin_statistics(book: Book) -> Table:
    """Begin the sheet of outcomes by group."""
    columns = (
        *(Column("分组", 12), Column("组", 26, "wrap"), Column("份数", 10, "count")),
        *(Column(FILE_WORDS[o], 13, "count") for o in _SHOWN),
        *(Column("符合的占比", 12, "share"), Column("不符合的占比", 13, "share")),
    )
    return Table(book, FILES, columns)


def fill_statistics(table: Table, tally: Tally) -> None:
    """Write how many files of each group have each outcome."""
    groups: list[tuple[str, str, Counter[Outcome]]] = [("合计", "全部", tally.all)]
    for kind, found in tally.groups.items():
        groups += [(_KINDS[kind], name_group(kind, g), found[g]) for g in sort_groups(kind, found)]
    for title, name, counts in groups:
        total = counts.total()
        shares = (counts["pass"] / total, counts["fail"] / total) if total else (None, None)
        table.add((title, name, total, *(counts[o] for o in _SHOWN), *shares))
    table.end_or_say("没有报告。")


def begin_rates(book: Book) -> Table:
    """Begin the sheet of rules by group."""
    columns = (
        *(Column("分组", 12), Column("组", 26, "wrap"), Column("规则", 9), Column("标题", 44, "wrap")),
        *(Column("类别", 11), Column("适用份数", 11, "count"), Column("不通过", 10, "count")),
        *(Column("需复核", 10, "count"), Column("不通过率", 11, "share")),
    )
    note = "不通过率是不通过的份数除以适用份数（通过、不通过和需复核之和）。"
    return Table(book, RATES, columns, above=((note, "note"),))


def fill_rates(table: Table, audit: Audit, rules: Sequence[RuleInfo], tally: Tally) -> None:
    """Write how often each rule fails in each group."""
    for kind, title in _KINDS.items():
        number = len(tally.groups[kind])
        if kind == "region" and number > _MOST_REGIONS:
            table.add((f"地区有{number}个，太多，这里没有按地区列出；可以导出数据表自行统计。",))
            continue
        counts: dict[tuple[str | None, str], Counter[Outcome]] = {}
        for rate in audit.rates(kind):
            counts.setdefault((rate.group, rate.rule), Counter())[rate.outcome] += rate.files
        for group in sort_groups(kind, tally.groups[kind]):
            for rule in rules:
                found = counts.get((group, rule.id), Counter())
                judged = found["pass"] + found["fail"] + found["review"]
                if judged:
                    head = (title, name_group(kind, group), rule.id, rule.title, SEVERITY_WORDS[rule.severity])
                    table.add((*head, judged, found["fail"], found["review"], failure_rate(found)))
    table.end_or_say("没有可以统计的结果。")
