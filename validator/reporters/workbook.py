"""For table programs: a run as an XLSX workbook with the files, the checklist, and what is to be corrected.

``spreadsheet`` keeps every text a text and within what a cell can hold; here stands what is written where.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryDirectory

from validator.errors import OptionError, explain_os_error
from validator.reporters.words import (
    HOW_SURE,
    OUTCOME_MARKS,
    OUTCOME_WORDS,
    READ_BY_OCR,
    SEVERITIES,
    SEVERITY_WORDS,
    accepted,
    conclude_file,
    conclude_run,
    describe_acceptance,
    describe_accepted,
    describe_basis,
    describe_coverage,
    describe_expected,
    describe_place,
    describe_replacement,
    describe_ruleset,
    name_outcome,
    needs_attention,
    open_findings,
    place_line,
)
from validator.result import OUTCOMES, FileResult, Finding, Outcome, RuleResult, RunResult
from validator.spreadsheet import Book, Cell, Column, Styled, Table, fit, open_workbook

NEEDS = "写 XLSX 表格需要安装 fazhi-validator[web]。"
FILES, CHECKLIST, WORK, EXCUSED, NOTES = "总览", "检查项", "要改的", "不计入的", "说明"
_TITLE = "法治政府建设年度报告检查结果"
_FILE_COLUMNS = (
    Column("结论", 16, "wrap"),
    Column("单位", 24, "wrap"),
    Column("年度", 7, "centre"),
    Column("必备项\n不通过", 9, "count"),
    Column("必备项\n需复核", 9, "count"),
    Column("提示", 8, "count"),
    Column("不计入", 8, "count"),
    Column("说明", 36, "wrap"),
    Column("报告标题", 36, "wrap"),
    Column("文件", 30, "wrap"),
)
_RULE_COLUMNS = (
    Column("规则", 7),
    Column("名称", 22, "wrap"),
    Column("分量", 9),
    Column("结果", 10),
    Column("意见", 30, "wrap"),
    Column("位置", 18, "wrap"),
    Column("原文", 36, "wrap"),
    Column("依据", 40, "wrap"),
    Column("不计入结论", 14, "wrap"),
)
_WORK_COLUMNS = (
    Column("文件", 18, "wrap"),
    Column("规则", 7),
    Column("名称", 18, "wrap"),
    Column("分量", 9),
    Column("结果", 10),
    Column("位置", 18, "wrap"),
    Column("意见", 30, "wrap"),
    Column("原文", 28, "wrap"),
    Column("可以这样写", 34, "wrap"),
    Column("依据", 38, "wrap"),
    Column("整改情况", 18, "fill"),
)
_EXCUSED_COLUMNS = (
    Column("文件", 30, "wrap"),
    Column("规则", 7),
    Column("名称", 28, "wrap"),
    Column("分量", 9),
    Column("结果", 10),
    Column("为什么不计入", 60, "wrap"),
)
_BEFORE = (("单位", 26.0), ("年度", 7.0), ("结论", 14.0))
_NARROW = 4.7
_MEANINGS: dict[Outcome, str] = {
    "pass": "写了，写对了。必备项全部通过的报告是“符合”。",
    "fail": "没有写，或写得不对。有必备项不通过的报告是“不符合”。",
    "review": "程序拿不准，请人看过再定。没有不通过的必备项，但有必备项需复核的报告是“需人工复核”。",
    "not_applicable": "这一项不适用于这份报告，或要等别的项通过才检查。",
    "error": "文件读不出来，或规则没有查完。不算符合，也不算不符合。",
}
_MOST_SHOWN = 20
"""So many places of a rule stand in one cell."""


def render_workbook(result: RunResult) -> bytes:
    """Return the bytes of the workbook.

    Raises:
        OptionError: XlsxWriter is not installed, or the workbook cannot be written.
    """
    packed = io.BytesIO()
    try:
        from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]
    except ImportError as exc:
        raise OptionError(NEEDS) from exc
    try:
        with TemporaryDirectory(prefix="fazhi-") as scratch:
            workbook = open_workbook(packed, scratch, _TITLE)
            _fill(Book(workbook), result)
            workbook.close()
    except OSError as exc:
        raise OptionError(f"表格写不出来（{explain_os_error(exc)}）。") from exc
    except XlsxWriterException as exc:
        raise OptionError("表格写不出来（磁盘满了，或者内容太多）。") from exc
    return packed.getvalue()


def _fill(book: Book, result: RunResult) -> None:
    """Write the sheets, in the order in which they stand."""
    _write_files(book, result)
    if len(result.files) == 1:
        _write_checklist(book, result.files[0])
    else:
        _write_matrix(book, result.files)
    _write_work(book, result.files)
    _write_excused(book, result.files)
    _write_notes(book, result)


def _write_files(book: Book, result: RunResult) -> None:
    """Write a row for each file, the conclusion of the run above."""
    said = conclude_run(result) if result.files else "没有要检查的文件。"
    above = ((_TITLE, "title"), (said, "strong"), (describe_coverage(result), "note"))
    table = Table(book, FILES, _FILE_COLUMNS, above=above, frozen=1)
    for file in result.files:
        organ, year, title = _identify(file)
        counts: Sequence[Cell] = (None,) * 4 if file.errors else _count(file)
        told = f"{conclude_file(file)}{READ_BY_OCR if file.reading == 'ocr' else ''}"
        table.add((_judge(file), organ, year, *counts, told, title, file.path))
    table.end()


def _identify(file: FileResult) -> tuple[str | None, int | None, str | None]:
    """Return organ, year and title, each where it is known."""
    facts = file.facts
    return (None, None, None) if facts is None else (facts.organ, facts.reporting_year, facts.title)


def _judge(file: FileResult) -> Styled:
    return Styled(f"{OUTCOME_MARKS[file.outcome]} {name_outcome(file)}", file.outcome)


def _count(file: FileResult) -> tuple[int, int, int, int]:
    """Return how many mandatory rules fail and need review, how many others do, and how many do not count."""
    must: list[Outcome] = [r.outcome for r in needs_attention(file, "error")]
    hints = (*needs_attention(file, "warning"), *needs_attention(file, "note"))
    return (
        must.count("fail"),
        must.count("review"),
        sum(r.outcome != "error" for r in hints),
        len(accepted(file)),
    )


def _write_checklist(book: Book, file: FileResult) -> None:
    """Write a row for each rule of the only file."""
    table = Table(book, CHECKLIST, _RULE_COLUMNS, frozen=2)
    for rule in file.rules:
        found = rule.findings[:_MOST_SHOWN]
        if rule.findings:
            told = [f.message for f in found]
            places, words = [_locate(f) for f in found], [f.excerpt or "" for f in found]
            left = len(rule.findings) - len(found)
            told += [f"还有{left}处。"] if left else []
        else:
            told = [rule.reason or ""]
            places = [place_line(e.location) for e in rule.evidence[:_MOST_SHOWN]]
            words = [e.excerpt for e in rule.evidence[:_MOST_SHOWN]]
        excused = describe_accepted(rule) if rule.outcome in ("fail", "review") and rule.is_accepted else None
        lines = map(_join, (told, places, words, map(describe_basis, rule.basis)))
        table.add((*_name(rule), _show(rule.outcome), *lines, excused))
    table.end_or_say("没有检查项。")


def _name(rule: RuleResult) -> tuple[str, str, str]:
    return rule.id, rule.title, SEVERITY_WORDS[rule.severity]


def _show(outcome: Outcome) -> Styled:
    return Styled(f"{OUTCOME_MARKS[outcome]} {OUTCOME_WORDS[outcome]}", outcome)


def _join(lines: Iterable[str]) -> str:
    """Return lines under each other, equal ones once."""
    return "\n".join(line for line in dict.fromkeys(lines) if line)


def _write_matrix(book: Book, files: Sequence[FileResult]) -> None:
    """Write a row for each file and a narrow column for each rule, a mark and a colour for every outcome."""
    rules = {r.id: r for f in files for r in f.rules}
    _, sheet = book.add_sheet(CHECKLIST)
    heading, text, centre = book.format("heading"), book.format("text"), book.format("centre")
    first, after = len(_BEFORE), len(_BEFORE) + len(rules)
    sheet.set_row(0, 190)
    sheet.set_row(1, 30)
    columns = (*enumerate(_BEFORE), (after, ("文件", 36.0)))
    for index, (_, width) in columns:
        sheet.set_column(index, index, width)
        sheet.write_blank(0, index, None, heading)
    for index, rule in enumerate(rules.values(), first):
        hint = "" if rule.severity == "error" else "_hint"
        sheet.set_column(index, index, _NARROW)
        title = f"{rule.title}（{SEVERITY_WORDS[rule.severity]}）"
        sheet.write_string(0, index, fit(title), book.format(f"tall{hint}"))
    for index, (word, _) in columns:
        sheet.write_string(1, index, word, heading)
    for index, rule in enumerate(rules.values(), first):
        sheet.write_string(1, index, fit(rule.id), book.format("id" if rule.severity == "error" else "id_hint"))
    for row, file in enumerate(files, 2):
        organ, year, _ = _identify(file)
        sheet.write_string(row, 0, fit(organ or "单位不明"), text)
        if year:
            sheet.write_number(row, 1, year, centre)
        judged = _judge(file)
        sheet.write_string(row, 2, judged.text, book.format(judged.style))
        outcomes = {r.id: r for r in file.rules}
        for index, name in enumerate(rules, first):
            if name in outcomes:
                sheet.write_string(row, index, *_mark(book, outcomes[name]))
        sheet.write_string(row, after, fit(file.path), text)
    sheet.freeze_panes(2, first)
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0)
    sheet.fit_to_pages(2, 0)
    sheet.autofilter(1, 0, max(len(files) + 1, 1), after)


def _mark(book: Book, rule: RuleResult) -> tuple[str, object]:
    excused = rule.outcome in ("fail", "review") and rule.is_accepted
    mark = OUTCOME_MARKS[rule.outcome]
    return (
        (f"{mark}*", book.format(f"decided_{rule.outcome}")) if excused else (mark, book.format(f"mark_{rule.outcome}"))
    )


def _write_work(book: Book, files: Sequence[FileResult]) -> None:
    """Write a row for each finding that counts, the mandatory ones of a file first."""
    table = Table(book, WORK, _WORK_COLUMNS, frozen=1)
    for file in files:
        for message in file.errors:
            table.add((file.path, None, None, None, _show("error"), None, message, None, None, None, None))
        for severity in SEVERITIES if not file.errors else ():
            for rule in needs_attention(file, severity):
                for cells in _work(rule):
                    table.add((file.path, *_name(rule), *cells, _join(map(describe_basis, rule.basis)), None))
    table.end_or_say("没有要改的。")


def _work(rule: RuleResult) -> Iterator[tuple[Cell, ...]]:
    """Yield outcome, place, message, words and what to write for each finding of a rule; its reason without any."""
    findings = open_findings(rule)
    if not findings:
        yield _show(rule.outcome), None, rule.reason, None, None
    for finding in findings:
        yield _show(finding.outcome), _locate(finding), finding.message, finding.excerpt, _advise(finding)


def _locate(finding: Finding) -> str:
    """Return the place, or where what is missing should stand."""
    expected = describe_expected(finding)
    return f"应写在：{expected}" if expected else describe_place(finding)


def _advise(finding: Finding) -> str:
    """Return what to write in place of the words, and a model wording."""
    instead = describe_replacement(finding)
    replaced = f"改为{instead}" if finding.replacement else instead
    return _join((replaced, (finding.suggestion or "") if finding.suggestion != finding.replacement else ""))


def _write_excused(book: Book, files: Sequence[FileResult]) -> None:
    """Write what does not count, where there is any."""
    excused = [(f, r) for f in files if not f.errors for r in accepted(f)]
    if excused:
        table = Table(book, EXCUSED, _EXCUSED_COLUMNS, frozen=1)
        for file, rule in excused:
            table.add((file.path, *_name(rule), _show(rule.outcome), describe_accepted(rule)))
        table.end()


def _write_notes(book: Book, result: RunResult) -> None:
    """Write what the marks mean, and how it was checked."""
    table = Table(book, NOTES, (Column("事项", 18, "wrap"), Column("说明", 110, "wrap")))
    for outcome in OUTCOMES:
        table.add((_show(outcome), _MEANINGS[outcome]))
    table.add(("*", "不通过或需复核，但已豁免或已在基线中，不计入结论。"))
    table.add(("分量", "必备项决定报告是否符合；应改项和质量提示不影响结论。"))
    table.add(("依据", HOW_SURE))
    for ruleset in dict.fromkeys(f.ruleset or result.ruleset for f in result.files):
        table.add(("规则", f"{describe_ruleset(ruleset)}。"))
    for sentence in describe_acceptance(result):
        table.add(("设置、豁免和基线", sentence.strip()))
    table.end()
