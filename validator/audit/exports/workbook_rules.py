"""The sheet 各项规则, an index with counts, and one sheet for each rule with what was found, file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from validator.audit.exports.workbook_words import describe_decision, name_organ, name_rule
from validator.audit.records import Decision, FileRow, FindingRow, RuleInfo, RuleOutcome
from validator.reporters.words import SEVERITY_WORDS, describe_basis
from validator.result import Outcome, Relation
from validator.spreadsheet import Book, Cell, Column, Link, Styled, Table

INDEX = "各项规则"
_INDEX_COLUMNS = (
    Column("规则", 9),
    Column("标题", 38, "wrap"),
    Column("类别", 11),
    Column("通过", 9, "count"),
    Column("不通过", 9, "count"),
    Column("需复核", 9, "count"),
    Column("不适用", 9, "count"),
    Column("未能检查", 10, "count"),
    Column("不通过率", 10, "share"),
    Column("依据的性质", 22, "wrap"),
    Column("依据", 80, "wrap"),
)
_COLUMNS = (
    Column("单位", 20, "wrap"),
    Column("年度", 6, "centre"),
    Column("地区", 11, "wrap"),
    Column("检查结果", 12),
    Column("说明", 36, "wrap"),
    Column("原文", 36, "wrap"),
    Column("所在标题", 16, "wrap"),
    Column("位置", 9, "wrap"),
    Column("建议表述", 34, "wrap"),
    Column("复核意见", 22, "wrap"),
    Column("文件", 22, "wrap"),
)
_KINDS: dict[Relation, str] = {"content": "规定报告内容", "duty": "规定职责", "editorial": "编辑惯例"}
NO_FINDING = "没有指出具体位置，请看这份报告的检查结果。"


class RuleSheets:
    """The sheets of the rules, filled side by side while the files are gone through."""

    def __init__(self, book: Book, rules: Sequence[RuleInfo], wanted: Collection[str]) -> None:
        """Begin a sheet for each wanted rule, in the order of the checklist."""
        self._book = book
        self._rules = {r.id: r for r in rules}
        self._tables = {r.id: self._begin(r) for r in rules if r.id in wanted}

    def _begin(self, rule: RuleInfo) -> Table:
        basis = "\n".join(f"依据：{describe_basis(b)}" for b in rule.basis) or "没有写明依据。"
        above = ((f"{rule.id} {rule.title}（{SEVERITY_WORDS[rule.severity]}）", "title"), (basis, "note"))
        return Table(self._book, f"规则 {rule.id}", _COLUMNS, above=above, frozen=1)

    def names(self) -> dict[str, str]:
        """Return the name of the sheet of each rule that has one."""
        return {rule: table.first_name for rule, table in self._tables.items()}

    def add(
        self,
        file: FileRow,
        outcomes: Mapping[str, RuleOutcome],
        findings: Sequence[FindingRow],
        decisions: Mapping[str, Sequence[Decision]],
    ) -> None:
        """Write what was found in a report, each finding to the sheet of its rule."""
        named = {f.rule for f in findings}
        for finding in findings:
            self._add(file, finding.rule, finding.outcome, finding, decisions)
        for rule, found in outcomes.items():
            if rule not in named and _is_open(found):
                self._add(file, rule, found.outcome, None, decisions)

    def _add(
        self,
        file: FileRow,
        rule: str,
        outcome: Outcome,
        finding: FindingRow | None,
        decisions: Mapping[str, Sequence[Decision]],
    ) -> None:
        table = self._tables.get(rule)
        if table is None:
            table = self._tables[rule] = self._begin(self._rules[rule])
        mark = finding.fingerprint if finding is not None else ""
        told = "\n".join(describe_decision(d) for d in decisions.get(rule, ()) if d.fingerprint in ("", mark))
        head: tuple[Cell, ...] = (name_organ(file.who), file.who.year, file.who.region)
        if finding is None:
            said: tuple[Cell, ...] = (NO_FINDING, None, None, None, None)
        else:
            said = (finding.message, finding.excerpt, finding.section, finding.place, finding.suggestion)
        table.add((*head, Styled(name_rule(outcome), outcome), *said, told or None, file.path))

    def end(self) -> None:
        """Finish all sheets."""
        for table in self._tables.values():
            table.end_or_say("没有发现问题。")


def _is_open(found: RuleOutcome) -> bool:
    """Tell whether a rule failed or needs review, or does so after the decisions."""
    return bool({found.outcome, found.decided} & {"fail", "review"})


def begin_index(book: Book) -> Table:
    """Begin the index of rules."""
    return Table(book, INDEX, _INDEX_COLUMNS, frozen=2)


def fill_index(
    table: Table, rules: Sequence[RuleInfo], counts: Mapping[str, Counter[Outcome]], names: Mapping[str, str]
) -> None:
    """Write the index.

    Args:
        table: as ``begin_index`` gave it.
        rules: in the order of the checklist.
        counts: how many files have each outcome, by rule, after decisions.
        names: the sheet of each rule that has one.
    """
    for rule in rules:
        found = counts.get(rule.id, Counter())
        outcomes: tuple[Outcome, ...] = ("pass", "fail", "review", "not_applicable", "error")
        kinds = dict.fromkeys(
            chain.from_iterable(
                (_KINDS[b.relation], *(("条文未核实",) if b.source_status == "unverified" else ())) for b in rule.basis
            )
        )
        table.add(
            (
                Link(rule.id, names[rule.id]) if rule.id in names else rule.id,
                rule.title,
                SEVERITY_WORDS[rule.severity],
                *(found[o] for o in outcomes),
                failure_rate(found),
                "、".join(kinds) or None,
                "\n".join(describe_basis(b) for b in rule.basis) or None,
            )
        )
    table.end_or_say("没有规则。")


def failure_rate(counts: Counter[Outcome]) -> float | None:
    """Return the part of failures among the files that a rule could judge; ``None``: there are none."""
    judged = counts["pass"] + counts["fail"] + counts["review"]
    return counts["fail"] / judged if judged else None
