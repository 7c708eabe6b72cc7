"""The sheet 复核 that reviewers fill in and ``audit.decisions`` reads, and what was decided: 复核记录, 复核一致率."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from validator.audit.decisions import (
    DAY,
    MARK,
    PATH,
    REASON,
    REVIEWER,
    RULE,
    SET_TO,
    SETTABLE,
    SHEET,
    VERB,
    VERB_WORDS,
    WITHDRAW,
    write_key,
)
from validator.audit.exports.workbook_words import name_organ, name_rule
from validator.audit.read import Audit
from validator.audit.records import Decision, FileRow, FindingRow, RuleInfo, RuleOutcome
from validator.reporters.words import OUTCOME_WORDS
from validator.result import Outcome
from validator.spreadsheet import MOST_ROWS, Book, Cell, Column, Styled, Table

LOG, AGREEMENT = "复核记录", "复核一致率"
_COLUMNS = (
    Column("单位", 20, "wrap"),
    Column("年度", 6, "centre"),
    Column(RULE, 7),
    Column("标题", 22, "wrap"),
    Column("结论", 12),
    Column("所在", 14, "wrap"),
    Column("原文", 36, "wrap"),
    Column("说明", 36, "wrap"),
    Column(VERB, 8, "fill"),
    Column(SET_TO, 10, "fill"),
    Column(REASON, 28, "fill"),
    Column(REVIEWER, 10, "fill"),
    Column(DAY, 12, "day"),
    Column(PATH, 14, "key"),
    Column(MARK, 15, "key"),
)
_VERB_AT = next(i for i, c in enumerate(_COLUMNS) if c.heading == VERB)
_BY_HAND = 1000
"""Rows below the last that have the lists too, for what is added by hand."""
_WHOLE = "整条规则（{}处一并处理）"
_BROKEN = "这条规则没有检查成，可以改判。"


def begin_review(book: Book) -> Table:
    """Begin the sheet to fill in."""
    return Table(book, SHEET, _COLUMNS, frozen=1, on_end=_offer_words)


def _offer_words(sheet: Any, first: int, last: int) -> None:
    """Offer the words that may be written as lists."""
    last = min(last + _BY_HAND, MOST_ROWS - 1)
    lists = ([*VERB_WORDS.values(), WITHDRAW], [OUTCOME_WORDS[o] for o in SETTABLE])
    for column, words in enumerate(lists, _VERB_AT):
        told = {
            "validate": "list",
            "source": words,
            "error_title": "请从列表里选",
            "error_message": f"这一格只能是{'、'.join(words)}。",
        }
        sheet.data_validation(first, column, last, column, told)
    sheet.ignore_errors({"number_stored_as_text": f"C{first + 1}:O{last + 1}"})


def add_review(
    table: Table,
    file: FileRow,
    outcomes: Mapping[str, RuleOutcome],
    findings: Sequence[FindingRow],
    decisions: Mapping[str, Sequence[Decision]],
    rules: Mapping[str, RuleInfo],
) -> None:
    """Write what there is to decide in a file: every finding once, and a rule as a whole where that is needed."""
    found: dict[str, dict[str, list[FindingRow]]] = {}
    for finding in findings:
        found.setdefault(finding.rule, {}).setdefault(finding.fingerprint, []).append(finding)
    unread = all(o.outcome == "error" for o in outcomes.values())
    for rule, info in rules.items():
        if rule not in outcomes:
            continue
        made = {d.fingerprint: d for d in decisions.get(rule, ())}
        marks = found.get(rule, {})
        tool = outcomes[rule].outcome
        open_ = tool in ("fail", "review") or (tool == "error" and not unread)
        if "" in made or len(marks) > 1 or (open_ and not marks):
            said = _BROKEN if tool == "error" else _WHOLE.format(len(findings_of(marks))) if marks else None
            table.add(_row(file, info, tool, None, said, made.get("")))
        for mark, same in marks.items():
            first = same[0]
            said = first.message if len(same) == 1 else f"{first.message}（共{len(same)}处）"
            table.add(_row(file, info, first.outcome, first, said, made.get(mark)))


def findings_of(marks: Mapping[str, Sequence[FindingRow]]) -> list[FindingRow]:
    """Return the findings of a rule, which are kept by fingerprint."""
    return [f for same in marks.values() for f in same]


def _row(
    file: FileRow,
    rule: RuleInfo,
    outcome: Outcome,
    finding: FindingRow | None,
    said: str | None,
    made: Decision | None,
) -> Iterator[Cell]:
    yield from (name_organ(file.who), file.who.year, rule.id, rule.title, Styled(name_rule(outcome), outcome))
    if finding is None:
        yield from (None, None, said)
    else:
        place = "，".join(p for p in (finding.place, f"“{finding.section}”" if finding.section else None) if p)
        yield from (place or None, finding.excerpt, said)
    if made is None:
        yield from (None,) * 5
    else:
        yield from _describe(made)
    yield from (write_key(file.path), finding.fingerprint if finding is not None else None)


def _describe(made: Decision) -> Iterator[Cell]:
    yield VERB_WORDS[made.verb]
    yield OUTCOME_WORDS[made.outcome] if made.outcome is not None else None
    yield from (made.reason or None, made.reviewer, _day(made.day))


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def write_log(book: Book, audit: Audit, rules: Mapping[str, RuleInfo]) -> int:
    """Write everything that was decided, also on what is no longer there; return how many decisions still hold."""
    valid = 0
    columns = (
        *(Column("文件", 44, "wrap"), Column("规则", 8), Column("标题", 30, "wrap"), Column("对象", 14, "wrap")),
        *(Column("处理", 9), Column("改判为", 10), Column("理由", 44, "wrap"), Column("复核人", 12)),
        *(Column("日期", 13), Column("状态", 22, "wrap")),
    )
    table = Table(book, LOG, columns)
    for made in audit.decisions():
        title = rules[made.rule].title if made.rule in rules else None
        verb, outcome, *rest = _describe(made)
        what = "一处问题" if made.fingerprint else "整条规则"
        valid += not made.stale
        state = "所指的地方已不在报告里" if made.stale else "有效"
        table.add((made.path, made.rule, title, what, verb, outcome, *rest[:2], made.day, state))
    table.end_or_say("还没有复核意见。")
    return valid


def write_agreement(book: Book, audit: Audit, rules: Mapping[str, RuleInfo]) -> None:
    """Write how often reviewers agreed with the tool, rule by rule."""
    columns = (
        *(Column("规则", 9), Column("标题", 44, "wrap"), Column("确认", 9, "count"), Column("驳回或改判", 12, "count")),
        Column("一致率", 10, "share"),
    )
    note = "一致率是复核人确认的条数除以复核过的条数。没有复核过的规则不在这里。复核得少时，比率说明不了多少。"
    table = Table(book, AGREEMENT, columns, above=((note, "note"),))
    total: Counter[str] = Counter()
    for found in audit.agreement():
        title = rules[found.rule].title if found.rule in rules else None
        share = found.agreed / (found.agreed + found.disagreed)
        total.update(agreed=found.agreed, disagreed=found.disagreed)
        table.add((found.rule, title, found.agreed, found.disagreed, share))
    if table.rows:
        share = total["agreed"] / (total["agreed"] + total["disagreed"])
        table.add(("合计", None, total["agreed"], total["disagreed"], share))
    table.end_or_say("还没有复核意见。")
