"""File of a roster → rows of plain text with their lines. What is hostile or cannot be read ends here in a sentence."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple

from validator.errors import OptionError, explain_os_error, plain

MOST_MIB = 64
MOST_LINES = 200_000
_MOST_EXPANDED_MIB = 128
_MOST_COLUMNS = 64
_LAST_ROW = 1_048_576
_MOST_MERGED = 1_000_000
_MOST_CELL = 2000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\"")
_CHUNK = 1 << 20
_SEPARATORS = (",", "\t", ";", "，")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, SyntaxError, RuntimeError, NotImplementedError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, AssertionError),
)
"""What reading a broken workbook may raise; ``SyntaxError`` are errors of its XML."""


class Row(NamedTuple):
    """A row: its 1-based line (row) in the file, and the text of its cells without blanks around it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are not empty. ``merged``: text of cells that are merged with one above, by line and 0-based column.

    ``is_sure``: no later table needs to be looked at if this one has a heading row. ``error``: why the rows end early.
    """

    rows: Sequence[Row]
    merged: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_sure: bool = True
    error: str | None = None


def read_tables(path: Path) -> Iterator[Table]:
    """Yield the tables of a file: the sheets of a workbook, or a CSV file once for each separator that it may have.

    Raises:
        OptionError: the file cannot be read, is too large, protected, or of another kind.
    """
    shown = plain(path.name)
    try:
        if path.is_dir():
            raise OptionError(f"名册 {shown} 是文件夹，不是文件。")
        if path.stat().st_size > MOST_MIB * 1024 * 1024:
            raise OptionError(f"名册 {shown} 超过{MOST_MIB}兆字节，没有打开。")
        data = path.read_bytes()
    except OSError as exc:
        raise OptionError(f"名册 {shown} 读不出来（{explain_os_error(exc)}）。") from exc
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise OptionError(f"名册 {shown} 设了密码，请去掉密码后再用。")
        raise OptionError(f"名册 {shown} 是旧格式（.xls），请另存为 .xlsx 或 CSV 后再用。")
    if data.startswith(b"PK"):
        yield from _read_workbook(data, shown)
    else:
        yield from _read_text(data, shown)


def _read_text(data: bytes, shown: str) -> Iterator[Table]:
    text = _decode(data, shown)
    if re.match(r"\s*<(?:!doctype|html|table|\?xml|meta)", text[:200], re.IGNORECASE):
        raise OptionError(f"名册 {shown} 的内容是网页，不是表格，请用表格软件另存为 .xlsx 或 CSV 后再用。")
    if "\0" in text:
        raise OptionError(f"名册 {shown} 不是文字表格，请另存为 .xlsx 或 CSV 后再用。")
    if re.search(r"[^\r\n]{1000000}", text):
        raise OptionError(f"名册 {shown} 有一行太长，不像表格，没有打开。")
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise OptionError(f"名册 {shown} 超过{MOST_LINES}行，没有打开。")
    separators = [s for s in _SEPARATORS if s in text[:20_000]] or [_SEPARATORS[0]]
    for separator in separators:
        rows, error = _parse(text, separator, shown)
        yield Table(rows, is_sure=len(separators) == 1, error=error)


def _decode(data: bytes, shown: str) -> str:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if is_wide else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OptionError(f"名册 {shown} 的文字编码认不出来，请另存为 UTF-8 编码的 CSV 或 .xlsx 后再用。")


def _parse(text: str, separator: str, shown: str) -> tuple[list[Row], str | None]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            if any(cells):
                rows.append(Row(line, tuple(_plain_cell(c) for c in cells[:_MOST_COLUMNS])))
            line = reader.line_num + 1
    except csv.Error:
        return rows, f"名册 {shown} 第{line}行的引号不成对，或一格太长。"
    return rows, None


def _plain_cell(text: str) -> str:
    """Return the text of a cell on one line; ="…" is how table programs keep numbers as text."""
    kept = re.fullmatch(r'="([^"]*)"', text.strip())
    return plain(kept.group(1) if kept else text)[:_MOST_CELL]


def _read_workbook(data: bytes, shown: str) -> Iterator[Table]:
    try:
        _refuse_hostile(data, shown)
        from openpyxl import load_workbook
    except ImportError as exc:
        raise OptionError("读 XLSX 名册需要安装 fazhi-validator[audit]。") from exc
    except _BROKEN as exc:
        raise OptionError(_damaged(shown)) from exc
    try:
        with _quiet():
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield _read_sheet(sheet, shown)
    except _BROKEN as exc:
        raise OptionError(_damaged(shown)) from exc


def _quiet() -> warnings.catch_warnings[None]:
    """Styles and extensions that the library does not know are no concern of a roster."""
    return warnings.catch_warnings(action="ignore")


def _read_sheet(sheet: Any, shown: str) -> Table:
    sheet.reset_dimensions()
    rows: list[Row] = []
    with _quiet():
        for line, values in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
            if any(values):
                rows.append(Row(line, _cells(values)))
            if len(rows) > MOST_LINES or line > _LAST_ROW:
                raise OptionError(f"名册 {shown} 超过{MOST_LINES}行，没有打开。")
        with sheet._get_source() as source:
            return Table(rows, _read_merged(source, rows))


def _damaged(shown: str) -> str:
    return f"名册 {shown} 打不开，可能已损坏，或不是 .xlsx 表格。"


def _refuse_hostile(data: bytes, shown: str) -> None:
    """Look at the list of members before anything is unpacked; no member of a workbook declares entities.

    Raises:
        OptionError: protected, too large when unpacked, or with declarations that only hostile files have.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if any(m.flag_bits & 0x1 for m in members):
            raise OptionError(f"名册 {shown} 设了密码，请去掉密码后再用。")
        if len(members) > 2000 or sum(m.file_size for m in members) > _MOST_EXPANDED_MIB * 1024 * 1024:
            raise OptionError(f"名册 {shown} 解开后太大，没有打开。")
        if not any(m.filename.startswith("xl/") for m in members):
            raise OptionError(_damaged(shown))
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                with archive.open(member) as stream:
                    if re.search(rb"<!(?:DOCTYPE|ENTITY)", stream.read(4096).replace(b"\0", b"")):
                        raise OptionError(f"名册 {shown} 像是恶意文件，没有打开。")


def _cells(values: Sequence[object]) -> tuple[str, ...]:
    cells = [_cell(v) for v in values]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return str(value.year)
    return plain(str(value)[:_MOST_CELL])


def _read_merged(source: IO[bytes], rows: Sequence[Row]) -> dict[tuple[int, int], str]:
    """Return the text of cells that are merged with one above them: the reader of large sheets leaves them out."""
    lines = [r.line for r in rows]
    merged: dict[tuple[int, int], str] = {}
    work = 0
    rest = b""
    while chunk := source.read(_CHUNK):
        text = rest + chunk
        for letters, first, _, last in _MERGED.findall(text):
            column = _column(letters)
            start, end = bisect_left(lines, int(first)), bisect_right(lines, int(last))
            work += 1 + end - start
            if work > _MOST_MERGED:
                return merged
            if start < end and lines[start] == int(first) and column < len(rows[start].cells):
                merged.update(((line, column), rows[start].cells[column]) for line in lines[start + 1 : end])
        rest = text[-200:]
    return merged


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
