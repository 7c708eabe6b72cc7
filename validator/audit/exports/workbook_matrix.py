"""The sheet 总表: every file a row, every rule a narrow column, a mark and a colour for each outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from validator.audit.exports.workbook_words import describe_decision, name_file, name_level, name_organ
from validator.audit.records import Decision, FileRow, RuleInfo, RuleOutcome
from validator.audit.standing import NOT_COUNTED
from validator.reporters.words import OUTCOME_MARKS, SEVERITY_WORDS
from validator.result import OUTCOMES
from validator.spreadsheet import Book, fit

NAME = "总表"
_BEFORE = (("地区", 14.0), ("单位", 30.0), ("层级", 12.0), ("年度", 7.0), ("结论", 14.0))
_AFTER = (("必备项\n不通过", 9.0), ("其他项\n不通过", 9.0), ("需复核", 8.0), ("文件", 50.0))
_MOST_NOTES = 1000
_HEAD = 1
"""The second row has the filter; the first the titles of the rules."""


class Matrix:
    """The matrix under way; it goes on in a further sheet when it is full."""

    def __init__(self, book: Book, rules: Sequence[RuleInfo]) -> None:
        """Begin the matrix."""
        self._book = book
        self._rules = rules
        self._marks = {(o, False): (OUTCOME_MARKS[o], book.format(f"mark_{o}")) for o in OUTCOMES}
        self._marks |= {(o, True): (f"{OUTCOME_MARKS[o]}*", book.format(f"decided_{o}")) for o in OUTCOMES}
        self._outcomes = {o: (name_file(o), book.format(o)) for o in OUTCOMES}
        self._text = book.format("text")
        self._centre = book.format("centre")
        self._notes = 0
        self._begin()

    def _begin(self) -> None:
        _, sheet = self._book.add_sheet(NAME)
        self._sheet = sheet
        self._row = _HEAD
        first = len(_BEFORE)
        after = first + len(self._rules)
        sheet.set_row(0, 190)
        sheet.set_row(_HEAD, 30)
        heading = self._book.format("heading")
        for index, (_, width) in (*enumerate(_BEFORE), *enumerate(_AFTER, after)):
            sheet.set_column(index, index, width)
            sheet.write_blank(0, index, None, heading)
        if self._rules:
            sheet.set_column(first, after - 1, 4.7)
        hints = ["" if r.severity == "error" else "_hint" for r in self._rules]
        for index, (rule, hint) in enumerate(zip(self._rules, hints, strict=True), first):
            title = f"{rule.title}（{SEVERITY_WORDS[rule.severity]}）"
            sheet.write_string(0, index, fit(title), self._book.format(f"tall{hint}"))
        for index, (word, _) in enumerate(_BEFORE):
            sheet.write_string(_HEAD, index, word, heading)
        for index, (rule, hint) in enumerate(zip(self._rules, hints, strict=True), first):
            sheet.write_string(_HEAD, index, fit(rule.id), self._book.format(f"id{hint}"))
        for index, (word, _) in enumerate(_AFTER, after):
            sheet.write_string(_HEAD, index, word, heading)
        sheet.freeze_panes(_HEAD + 1, first)
        sheet.repeat_rows(0, _HEAD)
        sheet.repeat_columns(1, 1)
        sheet.fit_to_pages(2, 0)

    def add(
        self, file: FileRow, outcomes: Mapping[str, RuleOutcome], decisions: Mapping[str, Sequence[Decision]]
    ) -> None:
        """Write the row of a file.

        Args:
            file: the file.
            outcomes: of its rules.
            decisions: on this file, by rule.
        """
        if self._row + 1 >= self._book.most_rows:
            self.end()
            self._begin()
        self._row += 1
        row, write, text = self._row, self._sheet.write_string, self._text
        who = file.who
        for index, value in enumerate((who.region, name_organ(who), name_level(who.level))):
            if value:
                write(row, index, fit(value), text)
        if who.year:
            self._sheet.write_number(row, 3, who.year, self._centre)
        if file.attachment:
            write(row, 4, NOT_COUNTED, self._book.format("not_applicable"))
            for place in range(len(self._rules)):
                write(row, len(_BEFORE) + place, *self._marks["not_applicable", False])
            write(row, len(_BEFORE) + len(self._rules) + len(_AFTER) - 1, fit(file.path), text)
            return
        write(row, 4, *self._outcomes[file.decided])
        index = len(_BEFORE)
        for rule in self._rules:
            found = outcomes.get(rule.id)
            if found is not None:
                decided = decisions.get(rule.id)
                write(row, index, *self._marks[found.decided, bool(decided)])
                if decided and self._notes < _MOST_NOTES:
                    self._notes += 1
                    note = "\n".join(describe_decision(d) for d in decided)
                    self._sheet.write_comment(row, index, fit(note)[:1000], {"author": ""})
            index += 1
        for count in (file.failed, file.warned, file.doubts):
            self._sheet.write_number(row, index, count, text)
            index += 1
        write(row, index, fit(file.path), text)

    def end(self) -> None:
        """Finish the sheet: filter."""
        last = len(_BEFORE) + len(self._rules) + len(_AFTER) - 1
        self._sheet.autofilter(_HEAD, 0, max(self._row, _HEAD), last)
