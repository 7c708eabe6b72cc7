"""Rows of an audit → one workbook (.xlsx) for a review meeting, written row by row in constant memory.

The files are gone through once; each gives its rows to all sheets. The same audit gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from validator.audit.exports.workbook_across import write_common, write_copies, write_echoes
from validator.audit.exports.workbook_matrix import Matrix
from validator.audit.exports.workbook_organs import (
    Seen,
    add_organ,
    add_troubled,
    begin_doubtful,
    begin_missing,
    begin_organs,
    begin_unchecked,
    end_troubled,
    fill_missing,
    write_doubles,
    write_late,
)
from validator.audit.exports.workbook_overview import Numbers, Overview
from validator.audit.exports.workbook_review import add_review, begin_review, write_agreement, write_log
from validator.audit.exports.workbook_rules import RuleSheets, begin_index, fill_index
from validator.audit.exports.workbook_statistics import (
    Tally,
    begin_rates,
    begin_statistics,
    fill_rates,
    fill_statistics,
)
from validator.audit.read import Audit
from validator.audit.records import Decision
from validator.audit.standing import Files, find_standing
from validator.errors import OptionError, explain_os_error
from validator.result import Outcome
from validator.spreadsheet import MOST_ROWS, Book, open_workbook

Decided = dict[str, dict[str, list[Decision]]]
"""Decisions on what is still there, by path and rule."""


def write_workbook(
    audit: Audit, path: Path, *, advance: Callable[[], None] = lambda: None, most_rows: int = MOST_ROWS
) -> None:
    """Write the workbook of an audit beside its place and rename it: whatever fails, the old one stays as it was.

    Args:
        audit: the audit.
        path: of the workbook.
        advance: called for every file that is in it.
        most_rows: how many rows a sheet has before it goes on in another.

    Raises:
        OptionError: it cannot be written.
    """
    from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]

    try:
        with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as scratch:
            made = Path(scratch) / "workbook.xlsx"
            workbook = open_workbook(str(made), scratch, "法治政府建设年度报告批量审核结果")
            _fill(Book(workbook, most_rows), audit, advance)
            workbook.close()
            made.replace(path)
    except OSError as exc:
        raise OptionError(f"{path} 写不进去（{explain_os_error(exc)}）。") from exc
    except XlsxWriterException as exc:
        reason = explain_os_error(exc.args[0]) if exc.args and isinstance(exc.args[0], OSError) else "表格太大"
        raise OptionError(f"{path} 写不进去（{reason}）。") from exc


def _fill(book: Book, audit: Audit, advance: Callable[[], None]) -> None:
    """Write all sheets, in the order in which they stand."""
    about, rules = audit.about(), audit.rules()
    by_id = {r.id: r for r in rules}
    counts = _count_rules(audit, None)
    decided = _group_decisions(audit)
    seen, tally = Seen(), Tally(Files(about.due))
    overview = Overview(book)
    matrix = Matrix(book, rules)
    organs = begin_organs(book)
    index = begin_index(book)
    write_copies(book, audit, seen)
    write_common(book, audit)
    write_echoes(book, audit)
    missing = begin_missing(book)
    write_doubles(book, audit, seen)
    write_late(book, audit, seen)
    statistics = begin_statistics(book)
    rates = begin_rates(book)
    unchecked, doubtful = begin_unchecked(book), begin_doubtful(book)
    review = begin_review(book)
    valid = write_log(book, audit, by_id)
    write_agreement(book, audit, by_id)
    told = {rule for made in decided.values() for rule in made}
    sheets = RuleSheets(book, rules, told | {r for r, n in counts.items() if n["fail"] or n["review"]})
    keys: set[str] = set()
    dated = 0
    for file, outcomes in audit.outcomes():
        made = decided.get(file.path, {})
        findings = list(audit.findings(file=file.id))
        advance()
        tally.add(file)
        matrix.add(file, outcomes, made)
        add_troubled(unchecked, doubtful, file)
        if file.attachment:
            continue
        add_organ(organs, file, outcomes, by_id, seen, made)
        add_review(review, file, outcomes, findings, made, by_id)
        sheets.add(file, outcomes, findings, made)
        keys.update(() if file.who.key is None else (file.who.key,))
        dated += file.published is not None
    fill_missing(missing, audit, organs)
    fill_statistics(statistics, tally)
    fill_rates(rates, audit, rules, tally)
    fill_index(index, rules, counts, sheets.names())
    matrix.end()
    organs.end_or_say("没有报告。")
    end_troubled(unchecked, doubtful)
    review.end_or_say("没有需要处理的问题。")
    sheets.end()
    evaluated = sum(n for found in counts.values() for outcome, n in found.items() if outcome != "error")
    numbers = Numbers(
        *(find_standing(audit, tally.files), len(keys), missing.rows, dated, doubtful.rows, valid, evaluated)
    )
    overview.write(about, rules, tally, numbers, _count_rules(audit, about.due), sheets.names())


def _count_rules(audit: Audit, year: int | None) -> dict[str, Counter[Outcome]]:
    """Return how many files have each outcome after decisions, by rule; in a year, or in all."""
    counts: dict[str, Counter[Outcome]] = {}
    for rate in audit.rates(year=year):
        counts.setdefault(rate.rule, Counter())[rate.outcome] += rate.files
    return counts


def _group_decisions(audit: Audit) -> Decided:
    """Return the decisions on what is still there."""
    found: Decided = {}
    for made in audit.decisions():
        if not made.stale:
            found.setdefault(made.path, {}).setdefault(made.rule, []).append(made)
    return found
