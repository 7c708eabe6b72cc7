"""A workbook that is filled row by row: headings, styles, widths, print set-up, what a cell can hold.

Nothing is kept in memory but the styles. Every text is written as text, whatever it begins with. XlsxWriter comes with
extras: it is imported when a workbook is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

from validator.result import Outcome

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
MOST_LINKS = 60_000
_A4 = 9
_LINE = 14.5
_MOST_HEIGHT = 409.0
"""Points."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NAME_LENGTH = 31
_FONT = {"font_name": "微软雅黑", "font_size": 10}
_MADE = datetime(2000, 1, 1)  # a fixed day: the same rows give the same bytes

Style = Literal["text", "wrap", "centre", "count", "share", "day", "key", "fill"]
_TOP = {"valign": "top"}
_STYLES: dict[str, dict[str, Any]] = {
    "text": _TOP,
    "wrap": {**_TOP, "text_wrap": True},
    "centre": {**_TOP, "align": "center"},
    "count": {**_TOP, "num_format": "#,##0", "align": "right", "indent": 1},
    "share": {**_TOP, "num_format": "0.0%", "align": "right", "indent": 1},
    "day": {**_TOP, "num_format": "yyyy-mm-dd", "align": "left", "bg_color": "#FFFBE8"},
    "key": {**_TOP, "font_color": "#7F7F7F", "font_size": 8},
    "fill": {**_TOP, "text_wrap": True, "bg_color": "#FFFBE8"},
    "heading": {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#1F4E79", "font_color": "#FFFFFF"},
    "tall": {
        **{"bold": True, "rotation": 90, "valign": "bottom", "align": "center", "text_wrap": True, "font_size": 9},
        **{"bg_color": "#1F4E79", "font_color": "#FFFFFF", "left": 4, "left_color": "#FFFFFF"},
    },
    "tall_hint": {
        **{"rotation": 90, "valign": "bottom", "align": "center", "text_wrap": True, "font_size": 9},
        **{"bg_color": "#DDE6EF", "font_color": "#1F3B57", "left": 4, "left_color": "#FFFFFF"},
    },
    "id": {"bold": True, "font_size": 8, "valign": "top", "bg_color": "#1F4E79", "font_color": "#FFFFFF"},
    "id_hint": {"font_size": 8, "valign": "top", "bg_color": "#DDE6EF", "font_color": "#1F3B57"},
    "title": {"bold": True, "font_size": 16, "font_color": "#1F4E79"},
    "section": {"bold": True, "font_size": 12, "font_color": "#1F4E79", "bottom": 1, "bottom_color": "#1F4E79"},
    "strong": {**_TOP, "bold": True, "text_wrap": True},
    "note": {**_TOP, "text_wrap": True, "font_color": "#404040"},
    "told": {**_TOP, "text_wrap": True, "font_color": "#404040", "indent": 1},
    "link": {**_TOP, "font_color": "#0B5394", "underline": 1},
    "same": {"bold": True, "underline": 1, "font_color": "#0B5394"},
    "whole": {**_TOP, "text_wrap": True, "bold": True, "underline": 1, "font_color": "#0B5394"},
}
# Blue against orange, so that people who cannot tell red from green can read it; a mark or a word always says the same.
_COLOURS: dict[Outcome, dict[str, Any]] = {
    "pass": {"bg_color": "#E8F1F8", "font_color": "#1F4E79"},
    "fail": {"bg_color": "#F6B26B", "font_color": "#5B2A00", "bold": True},
    "review": {"bg_color": "#FFF2CC", "font_color": "#5C4700"},
    "not_applicable": {"font_color": "#8C8C8C"},
    "error": {"bg_color": "#D9D2E9", "font_color": "#3D2B63", "bold": True},
}
for _outcome, _colour in _COLOURS.items():
    _STYLES[_outcome] = {**_TOP, **_colour}
    _STYLES[f"mark_{_outcome}"] = {**_TOP, "align": "center", **_colour}
    _STYLES[f"decided_{_outcome}"] = {**_TOP, "align": "center", **_colour, "bold": True, "border": 2, "italic": True}


class Styled(NamedTuple):
    """A cell with a style of its own: the name of one of the styles here, or an outcome."""

    text: str
    style: str


class Rich(NamedTuple):
    """A text in which half-open ranges are marked."""

    text: str
    marks: tuple[tuple[int, int], ...]


class Link(NamedTuple):
    """A text that leads to a sheet."""

    text: str
    sheet: str


Cell = str | int | float | date | Styled | Rich | Link | None


class Column(NamedTuple):
    """A column. ``width`` is counted in digits; a Chinese character takes two."""

    heading: str
    width: float
    style: Style = "text"


def fit(text: str) -> str:
    """Return a text that a cell can hold: no control characters, at most 32,767 code units, and it says what is cut."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    if 2 * len(text) <= MOST_CHARACTERS or _units(text) <= MOST_CHARACTERS:
        return text
    end = f"……（太长，后面略去，全文共{len(text)}字）"
    kept = text[: MOST_CHARACTERS - len(end)]
    while _units(kept) > MOST_CHARACTERS - len(end):
        kept = kept[: -max(1, (_units(kept) - MOST_CHARACTERS + len(end)) // 2)]
    return kept + end


def _units(text: str) -> int:
    """Return how many UTF-16 code units a text has: that is what table programs count."""
    return len(text) + sum(c > "\uffff" for c in text)


def open_workbook(target: str | IO[bytes], scratch: str, title: str) -> Workbook:
    """Return an empty workbook that takes no text for a formula, a link or a number.

    Args:
        target: the path or the stream that it is written to when it is closed.
        scratch: the folder of its temporary files.
        title: its title.
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    options = {
        "constant_memory": True,
        "tmpdir": scratch,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": dict(_FONT),  # it is changed there
    }
    workbook = Workbook(target, options)
    workbook.use_zip64()
    workbook.set_properties({"title": title, "created": _MADE})
    return workbook


@dataclass(slots=True)
class Book:
    """The workbook under way: its styles, and the names of its sheets."""

    workbook: Workbook
    most_rows: int = MOST_ROWS
    _formats: dict[str, Format] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def format(self, style: str) -> Format:
        """Return a style, made when it is first used."""
        found = self._formats.get(style)
        if found is None:
            found = self._formats[style] = self.workbook.add_format(_STYLES[style])
        return found

    def add_sheet(self, name: str) -> tuple[str, Worksheet]:
        """Return a new sheet and its name, which is the wished one made legal and different from the others."""
        base = _FORBIDDEN.sub("_", fit(name)).strip() or "表"
        legal, number = base[:_NAME_LENGTH], 1
        while legal.casefold() in self._names:
            number += 1
            end = f"（{number}）"
            legal = base[: _NAME_LENGTH - len(end)] + end
        self._names.add(legal.casefold())
        sheet = self.workbook.add_worksheet(legal)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.set_header("&L&A")
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.hide_gridlines(0)  # they are printed too: without them rows run into each other on paper
        sheet.fit_to_pages(1, 0)
        return legal, sheet


class Table:
    """A sheet with a heading row that is filled from the top; it goes on in a further sheet when it is full."""

    def __init__(
        self,
        book: Book,
        name: str,
        columns: Sequence[Column],
        *,
        above: Sequence[tuple[str, str]] = (),
        frozen: int = 0,
        on_end: Callable[[Worksheet, int, int], None] | None = None,
    ) -> None:
        """Begin a table.

        Args:
            book: the workbook.
            name: of the sheet.
            columns: from the left.
            above: lines over the headings, each with its style.
            frozen: how many columns stay when one scrolls to the right.
            on_end: told the sheet and its first and last row of data (0-based) when no more rows come.
        """
        self._book = book
        self._columns = columns
        self._above = above
        self._frozen = frozen
        self._on_end = on_end
        self._formats = [book.format(c.style) for c in columns]
        self._links = 0
        self.name = name
        self.rows = 0
        self._begin()
        self.first_name = self.name

    def _begin(self) -> None:
        self.name, self._sheet = self._book.add_sheet(self.name if not self.rows else self.first_name)
        for index, column in enumerate(self._columns):
            self._sheet.set_column(index, index, column.width)
        for row, (text, style) in enumerate(self._above):
            self._write_above(row, text, style)
        self._row = len(self._above)
        heading = self._book.format("heading")
        self._sheet.set_row(self._row, 32)
        for index, column in enumerate(self._columns):
            self._sheet.write_string(self._row, index, column.heading, heading)
        self._sheet.freeze_panes(self._row + 1, self._frozen)
        self._sheet.repeat_rows(0, self._row)

    def _write_above(self, row: int, text: str, style: str) -> None:
        """Write a line across the sheet; table programs do not find the height of such a row themselves."""
        lines = count_lines(text, sum(c.width for c in self._columns))
        self._sheet.set_row(row, min(_LINE * lines + 3, _MOST_HEIGHT) if style != "title" else 26)
        self._sheet.merge_range(row, 0, row, len(self._columns) - 1, "", self._book.format(style))
        self._sheet.write_string(row, 0, fit(text), self._book.format(style))

    def add(self, cells: Iterable[Cell]) -> None:
        """Write a row."""
        if self._row + 1 >= self._book.most_rows:
            self.end()
            self._begin()
        self._row += 1
        self.rows += 1
        cells = tuple(cells)
        self._sheet.set_row(self._row, self._height(cells))
        for kept in ("row_info", "row_sizes"):  # the library keeps the heights of rows that are long written
            getattr(self._sheet, kept, {}).pop(self._row - 2, None)
        for index, (cell, style) in enumerate(zip(cells, self._formats, strict=False)):
            if isinstance(cell, str):
                self._sheet.write_string(self._row, index, fit(cell), style)
            elif isinstance(cell, (int, float)):
                self._sheet.write_number(self._row, index, cell, style)
            elif cell is not None:
                self._write_special(index, cell, style)
            elif self._columns[index].style in ("fill", "day"):
                self._sheet.write_blank(self._row, index, None, style)

    def _height(self, cells: Sequence[Cell]) -> float:
        """Return the height of a row: not every table program finds it itself when it opens a workbook."""
        most = 1
        for cell, column in zip(cells, self._columns, strict=False):
            if column.style in ("wrap", "fill") and cell is not None:
                text = cell if isinstance(cell, str) else str(getattr(cell, "text", ""))
                if 2 * len(text) > column.width or "\n" in text:
                    most = max(most, count_lines(text, column.width))
        return min(_LINE * most + 3, _MOST_HEIGHT)

    def _write_special(self, index: int, cell: date | Styled | Rich | Link, style: Format) -> None:
        if isinstance(cell, Styled):
            self._sheet.write_string(self._row, index, fit(cell.text), self._book.format(cell.style))
        elif isinstance(cell, Rich):
            self._write_rich(index, cell, style)
        elif isinstance(cell, Link):
            self._write_link(index, cell, style)
        else:
            self._sheet.write_datetime(self._row, index, datetime(cell.year, cell.month, cell.day), style)

    def _write_rich(self, index: int, cell: Rich, style: Format) -> None:
        pieces = list(_cut(fit(cell.text), cell.marks))
        if len(pieces) == 1:
            whole = self._book.format("whole") if pieces[0][1] else style
            self._sheet.write_string(self._row, index, pieces[0][0], whole)
        elif pieces:
            same = self._book.format("same")
            tokens = [token for text, marked in pieces for token in ((same, text) if marked else (text,))]
            self._sheet.write_rich_string(self._row, index, *tokens, style)

    def _write_link(self, index: int, cell: Link, style: Format) -> None:
        self._links += 1
        if self._links > MOST_LINKS:  # a sheet holds 65,530 of them
            self._sheet.write_string(self._row, index, fit(cell.text), style)
        else:
            place = f"internal:'{cell.sheet}'!A1"
            self._sheet.write_url(self._row, index, place, self._book.format("link"), fit(cell.text))

    def end(self) -> None:
        """Finish the sheet: filter, and what was asked for."""
        first = len(self._above) + 1
        self._sheet.autofilter(first - 1, 0, max(self._row, first - 1), len(self._columns) - 1)
        if self._on_end is not None:
            self._on_end(self._sheet, first, self._row)

    def end_or_say(self, sentence: str) -> None:
        """Finish the sheet; without any row it says why there is none."""
        if not self.rows:
            self._sheet.write_string(self._row + 1, 0, sentence, self._book.format("text"))
        self.end()


def count_lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: Chinese characters are two digits wide, three bytes long."""
    room = max(width - 1.5, 2)
    return sum(max(1, ceil((len(line) + len(line.encode("utf-8", "replace"))) / 2 / room)) for line in text.split("\n"))


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> Iterable[tuple[str, bool]]:
    """Yield the pieces of a text in order, none of them empty, each with whether it is marked."""
    done = 0
    for start, end in sorted(marks):
        start, end = max(start, done), min(end, len(text))
        if start >= end:
            continue
        if start > done:
            yield text[done:start], False
        yield text[start:end], True
        done = end
    if done < len(text):
        yield text[done:], False
