"""Rows of an audit → tables for analysts, CSV or Parquet: one file a table, columns named as in ``schema.sql``.

CSV is UTF-8 with a byte order mark, as table programs want it; control characters become blanks, and a text that begins
with ``=``, ``+``, ``-``, ``@`` or a tab (or their full-width forms) gets a ``'`` before it, so that no program takes it
for a formula. Parquet has every text as it is. Rows are written as they are read; the same audit gives the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Literal

import msgspec

from validator.audit.read import Audit
from validator.audit.records import FileRow
from validator.errors import OptionError, explain_os_error

Form = Literal["csv", "parquet"]
Type = Literal["text", "int", "float", "bool"]
_BATCH = 20_000
"""Rows of a Parquet row group."""
_FORMULAS = tuple("=+-@\t\r＝＋－＠")


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: the names and types of its columns, and its rows. Every value may be missing."""

    columns: dict[str, Type]
    rows: Callable[[Audit], Iterator[tuple[Any, ...]]]


def write_tables(audit: Audit, folder: Path, form: Form) -> None:
    """Write all tables into a folder, each beside its place and renamed.

    Args:
        audit: the audit.
        folder: made if need be.
        form: ``csv`` or ``parquet``.

    Raises:
        OptionError: a file cannot be written, or the package for Parquet is not installed.
    """
    write = _write_csv if form == "csv" else _parquet_writer()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=folder) as scratch:
            for name, shape in TABLES.items():
                file = f"{name}.{form}"
                write(Path(scratch) / file, shape.columns, shape.rows(audit))
                (Path(scratch) / file).replace(folder / file)
    except OSError as exc:
        raise OptionError(f"{folder} 里的数据表写不进去（{explain_os_error(exc)}）。") from exc


def _write_csv(path: Path, columns: dict[str, Type], rows: Iterable[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        write_rows(stream, columns, rows)


def write_rows(stream: IO[str], columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write headings and rows as CSV."""
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    """Return a value as CSV holds it: no formula, no control characters; truth as 1 and 0."""
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return value
    text = value if value.isprintable() else "".join(c if c.isprintable() or c == "\n" else " " for c in value)
    return f"'{text}" if value.startswith(_FORMULAS) or text.startswith(_FORMULAS) else text


def _parquet_writer() -> Callable[[Path, dict[str, Type], Iterable[tuple[Any, ...]]], None]:
    try:
        import pyarrow  # type: ignore[import-untyped]
        from pyarrow import parquet
    except ImportError:
        raise OptionError("写 Parquet 需要安装 fazhi-validator[parquet]。") from None
    types = {"text": pyarrow.string(), "int": pyarrow.int64(), "float": pyarrow.float64(), "bool": pyarrow.bool_()}

    def write(path: Path, columns: dict[str, Type], rows: Iterable[tuple[Any, ...]]) -> None:
        schema = pyarrow.schema([(name, types[kind]) for name, kind in columns.items()])
        left = iter(rows)
        with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            while batch := list(islice(left, _BATCH)):
                values = [list(column) for column in zip(*batch, strict=True)]
                arrays = [pyarrow.array(v, f.type) for v, f in zip(values, schema, strict=True)]
                writer.write_table(pyarrow.table(arrays, schema=schema))

    return write


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _about(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for key, value in msgspec.to_builtins(audit.about()).items():
        yield key, None if value is None else str(value)


def _files(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for f in audit.files():
        w = f.who
        yield (
            *(f.path, w.region, w.organ, w.level, w.year, f.outcome, f.decided, f.failed, f.warned, f.doubts),
            *(f.title, f.published, f.document_number, f.organ_kind, f.as_of, f.sha256, f.size, w.key, w.origin),
            *(w.entry, _json(w.notes), f.error, f.attachment),
        )


def _outcomes(audit: Audit) -> Iterator[tuple[Any, ...]]:
    order = [r.id for r in audit.rules()]
    for file, outcomes in audit.outcomes():
        for rule in order:
            if rule in outcomes:
                yield file.path, rule, *outcomes[rule]


def _findings(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for f in audit.findings():
        head = (f.path, f.rule, f.number, f.outcome, f.message, f.excerpt, f.section, f.place, f.suggestion)
        yield *head, f.fingerprint, f.verb


def _rules(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for r in audit.rules():
        yield r.id, r.title, r.severity, _json(msgspec.to_builtins(r.basis))


def _missing(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for m in audit.missing():
        yield m.year, m.entry.line, m.entry.organ, m.entry.level, m.entry.region, m.hint


def _doubles(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for d in audit.doubles():
        for file in d.files:
            yield d.organ, d.year, file.path, d.identical


def _late(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for late in audit.late():
        yield late.file.path, late.published, late.due


def _copies(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for c in audit.copies():
        yield c.kind, c.here.path, c.there.path, c.characters, c.share_here, c.share_there, len(c.passages)


def _passages(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for c in audit.copies():
        for number, p in enumerate(c.passages, 1):
            sides = (p.here.place, p.here.text, _json(p.here.marks), p.there.place, p.there.text, _json(p.there.marks))
            yield c.here.path, c.there.path, number, p.characters, *sides


def _common(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for c in audit.common():
        yield c.text, c.organs, _json(_paths(c.files))


def _paths(files: Iterable[FileRow]) -> list[str]:
    return [f.path for f in files]


def _echoes(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for e in audit.echoes():
        told = (e.kind, e.message, e.text, e.place, e.earlier_text, e.earlier_place, e.fingerprint)
        yield e.file.path, e.earlier.path, *told


def _decisions(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for d in audit.decisions():
        yield d.path, d.rule, d.fingerprint, d.verb, d.outcome, d.reason, d.reviewer, d.day, d.stale


def _agreement(audit: Audit) -> Iterator[tuple[Any, ...]]:
    for a in audit.agreement():
        yield a.rule, a.agreed, a.disagreed


def _columns(names: str) -> dict[str, Type]:
    """Return columns from their names; a name may end in its type: ``size:int``."""
    types: dict[str, Type] = {"int": "int", "float": "float", "bool": "bool", "": "text"}
    return {name: types[kind] for name, _, kind in (word.partition(":") for word in names.split())}


TABLES: dict[str, Shape] = {
    "about": Shape(_columns("key value"), _about),
    "files": Shape(
        _columns(
            "path region organ level year:int outcome decided failed:int warned:int doubts:int title published"
            " document_number organ_kind as_of sha256 size:int key origin entry:int notes error attachment:bool"
        ),
        _files,
    ),
    "outcomes": Shape(_columns("path rule outcome decided findings:int"), _outcomes),
    "findings": Shape(
        _columns("path rule number:int outcome message excerpt section place suggestion fingerprint verb"), _findings
    ),
    "rules": Shape(_columns("id title severity basis"), _rules),
    "missing": Shape(_columns("year:int line:int organ level region hint"), _missing),
    "doubles": Shape(_columns("organ year:int path identical:bool"), _doubles),
    "late": Shape(_columns("path published due"), _late),
    "copies": Shape(
        _columns("kind here there characters:int share_here:float share_there:float passages:int"), _copies
    ),
    "passages": Shape(
        _columns(
            "here there number:int characters:int here_place here_text here_marks there_place there_text there_marks"
        ),
        _passages,
    ),
    "common": Shape(_columns("text organs:int files"), _common),
    "echoes": Shape(_columns("path earlier kind message text place earlier_text earlier_place fingerprint"), _echoes),
    "decisions": Shape(_columns("path rule fingerprint verb outcome reason reviewer day stale:bool"), _decisions),
    "agreement": Shape(_columns("rule agreed:int disagreed:int"), _agreement),
}
"""Lists (notes, basis, marks, files) are JSON."""
