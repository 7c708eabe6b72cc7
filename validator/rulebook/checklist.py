"""RuleSet → a Word 自查清单 to print: boxes to tick, rule by rule, then the clauses and the sources."""

from __future__ import annotations

from validator.law.coverage import Coverage
from validator.letter import Cell, Letter, Words, build_template, open_letter
from validator.rulebook.view import Book, Division, Entry, view_rulebook
from validator.rulebook.words import (
    ABOUT_COVERAGE,
    COMPARE,
    join,
    tell_checked,
    tell_clause,
    tell_instrument,
    tell_scope,
    tell_waiving,
)
from validator.ruleset import RuleSet

_BOX = "□"
_BLANK = "〔          〕"
_NUMBERS = "一二三四五六"


def render_checklist(ruleset: RuleSet, coverage: Coverage = ()) -> bytes:
    """Return the checklist as the bytes of a Word file. The same rules give the same bytes."""
    book = view_rulebook(ruleset, "zh", coverage)
    letter = open_letter(build_template())
    letter.title("法治政府建设年度报告", "自查清单")
    letter.table((), [("单位", _BLANK), ("报告年度", _BLANK)], (1.4, 4.6))
    for said in book.about:
        letter.note(join(said))
    letter.note("编号和程序检查结果里的编号一样。怎么查、怎么写、例子，见网页版清单。")
    number = 0
    for division in book.divisions:
        letter.heading(f"{_NUMBERS[number]}、{division.name}（{division.count}条）")
        number += 1
        _write_sheet(letter, division)
    letter.sign(f"自查人：{_BLANK}  日期：{_BLANK}")
    letter.heading(f"{_NUMBERS[number]}、每条的要求和依据")
    number += 1
    _write_grounds(letter, book)
    if book.coverage:
        letter.heading(f"{_NUMBERS[number]}、逐条对照")
        number += 1
        _write_coverage(letter, book)
    letter.heading(f"{_NUMBERS[number]}、依据一览")
    for at, source in enumerate(book.instruments, 1):
        letter.note(f"{at}. {tell_instrument(source)}")
    letter.note(COMPARE)
    return letter.pack()


def _write_sheet(letter: Letter, division: Division) -> None:
    """Write a row for each rule, with a box for each outcome that a person may tick."""
    entries = [e for part in division.parts for e in part.entries]
    rows = [(*(("", "", "不查") if e.is_off else (_BOX,) * 3), e.id, e.title, e.expected) for e in entries]
    letter.table(("通过", "不通过", "不适用", "编号", "查什么", "应写在"), rows, (1.1, 1.45, 1.45, 1.3, 4, 3.2))


def _write_grounds(letter: Letter, book: Book) -> None:
    """Write why each rule is there, on which clause it rests, and for whom it is."""
    entries = [e for division in book.divisions for part in division.parts for e in part.entries]
    rows = [(e.id, _tell_why(e), tuple(Words(clause.text) for clause in e.clauses)) for e in entries]
    letter.table(("编号", "要求和适用", "依据"), rows, (1, 4, 5))


def _tell_why(entry: Entry) -> Cell:
    return Words(entry.rationale), Words(tell_scope(entry) + tell_waiving(entry))


def _write_coverage(letter: Letter, book: Book) -> None:
    letter.note(ABOUT_COVERAGE)
    for number, source in enumerate(book.coverage, 1):
        letter.subheading(number, f"《{source.title}》")
        rows = [(c.article, tell_clause(c), tell_checked(c)) for c in source.clauses]
        letter.table(("条款", "内容", "由谁查"), rows, (2.2, 4.4, 3.4))
