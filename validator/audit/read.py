"""The database of an audit → rows: what every output and comparison is made from. Reads only, in a fixed order."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple

import msgspec

from validator.audit.records import (
    About,
    Agreement,
    Common,
    CopiedPassage,
    Copy,
    Decision,
    Double,
    Echo,
    FileRow,
    FindingRow,
    Identity,
    Late,
    Missing,
    RosterEntry,
    RuleInfo,
    RuleOutcome,
)
from validator.errors import OptionError
from validator.result import Basis, FileResult, Outcome, PackUse

DATABASE = "audit.sqlite"
SCHEMA_VERSION = 1
_FILE = (
    "f.id, f.path, f.sha256, f.size, f.outcome, f.decided, f.as_of, f.title, f.published, f.document_number,"
    " f.organ_kind, f.organ, f.level, f.region, f.year, f.key, f.origin, f.entry, f.notes, f.failed, f.warned,"
    " f.doubts, f.error, f.attachment"
)
_FILE_COLUMNS = 24
_DONE = "f.state = 'done'"
_ORDER = "f.year DESC, f.region, f.organ, f.path"
"""The newest year first, then as people look things up: region, organ, path (by code point)."""


Table = Literal["file", "outcome", "finding", "missing", "double", "late", "copy", "common", "echo", "decision"]


class Rate(NamedTuple):
    """How often a rule had an outcome (after decisions) in a group of files. ``group`` is ``None`` for all files."""

    rule: str
    group: str | None
    outcome: Outcome
    files: int


class Audit:
    """An audit opened for reading; leaving the ``with`` statement closes it."""

    def __init__(self, folder: Path) -> None:
        """Open the database in a folder.

        Raises:
            OptionError: there is none, or it is not one that this version can read.
        """
        self.folder = folder
        path = folder / DATABASE
        if not path.is_file():
            raise OptionError(f"{folder} 里没有审核结果（{DATABASE}）。")
        try:
            self._base = _open(path)
        except sqlite3.Error:
            raise OptionError(f"{path} 不是审核结果，或已损坏，或没有权限读。") from None
        version = self._rows("PRAGMA user_version")[0][0]
        if version == 0 or (version == SCHEMA_VERSION and not self._rows("SELECT 1 FROM about LIMIT 1")):
            self._base.close()
            raise OptionError(f"{folder} 里还没有审核结果：审核刚开始，或没有做成。")
        if version != SCHEMA_VERSION:
            self._base.close()
            raise OptionError(f"{path} 是另一个版本的审核结果（{version}），请用那个版本打开，或重新审核。")

    def __enter__(self) -> Audit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def about(self) -> About:
        """Return what the audit was made with."""
        told = dict(self._rows("SELECT key, value FROM about"))
        files = self._rows("SELECT count(*) FROM file")[0][0]
        roster = self._rows("SELECT count(*) FROM roster")[0][0] or None
        due = told.get("due")
        return About(
            SCHEMA_VERSION,
            told["tool_version"],
            told["pipeline"],
            told["ruleset_version"],
            told["ruleset_digest"],
            told["profile"],
            told["source"],
            told["state"],
            int(due) if due else None,
            files,
            roster,
            msgspec.json.decode(told.get("packs", "[]"), type=tuple[PackUse, ...]),
        )

    def rules(self) -> tuple[RuleInfo, ...]:
        """Return the rules in the order of the checklist."""
        rows = self._rows("SELECT id, title, severity, basis FROM rule ORDER BY position")
        return tuple(RuleInfo(i, t, s, msgspec.json.decode(b, type=tuple[Basis, ...])) for i, t, s, b in rows)

    def files(self, *, year: int | None = None) -> Iterator[FileRow]:
        """Yield the files that were looked at: newest year first, then by region, organ and path."""
        where = _DONE if year is None else f"{_DONE} AND f.year = {int(year)}"
        for row in self._stream(f"SELECT {_FILE} FROM file f WHERE {where} ORDER BY {_ORDER}"):
            yield _file(row)

    def file(self, path: str) -> FileRow | None:
        """Return a file by its path."""
        rows = self._rows(f"SELECT {_FILE} FROM file f WHERE {_DONE} AND f.path = ?", path)
        return _file(rows[0]) if rows else None

    def is_waiting(self, path: str) -> bool:
        """Tell whether a file is in the list, but was not looked at yet, or not again."""
        return bool(self._rows("SELECT 1 FROM file f WHERE f.state = 'waiting' AND f.path = ?", path))

    def years(self) -> tuple[int, ...]:
        """Return the years of the reports, newest first."""
        found = self._rows(
            "SELECT DISTINCT year FROM file WHERE state = 'done' AND year IS NOT NULL ORDER BY year DESC"
        )
        return tuple(y for (y,) in found)

    def outcomes(self, *, year: int | None = None) -> Iterator[tuple[FileRow, dict[str, RuleOutcome]]]:
        """Yield each file with its outcomes by rule, in the order of ``files``."""
        for row in self.files(year=year):
            yield row, self.outcomes_of(row.id)

    def outcomes_of(self, file: int) -> dict[str, RuleOutcome]:
        """Return the outcomes of one file by rule."""
        rows = self._rows("SELECT rule, outcome, decided, findings FROM outcome WHERE file = ?", file)
        return {rule: RuleOutcome(*rest) for rule, *rest in rows}

    def findings(self, *, rule: str | None = None, file: int | None = None) -> Iterator[FindingRow]:
        """Yield findings of a rule, a file, or all; by file in the order of ``files``, then rule and number."""
        wanted = [("n.rule = ?", rule), ("n.file = ?", file)]
        chosen = [(clause, value) for clause, value in wanted if value is not None]
        where = " AND ".join((_DONE, *(clause for clause, _ in chosen)))
        query = (
            "SELECT n.file, f.path, n.rule, n.number, n.outcome, n.message, n.excerpt, n.section, n.place,"
            " n.suggestion, n.fingerprint, coalesce(w.verb, d.verb)"
            " FROM finding n JOIN file f ON f.id = n.file JOIN rule r ON r.id = n.rule"
            " LEFT JOIN decision d ON d.path = f.path AND d.rule = n.rule AND d.fingerprint = n.fingerprint"
            " LEFT JOIN decision w ON w.path = f.path AND w.rule = n.rule AND w.fingerprint = ''"
            f" WHERE {where} ORDER BY {_ORDER}, r.position, n.number"
        )
        for row in self._stream(query, *(value for _, value in chosen)):
            yield FindingRow(*row)

    def result(self, file: int) -> FileResult:
        """Return the whole result of a file, as the tool gave it."""
        data = self._rows("SELECT result FROM content WHERE file = ?", file)[0][0]
        return msgspec.msgpack.decode(zlib.decompress(data), type=FileResult)

    def rates(self, group: str | None = None, *, year: int | None = None) -> tuple[Rate, ...]:
        """Return how often each rule had each outcome, after decisions.

        Args:
            group: ``level``, ``region``, ``year``, or ``None`` for all files together.
            year: only files of this year.

        Raises:
            ValueError: another group.
        """
        if group not in (None, "level", "region", "year"):
            raise ValueError(group)
        column = f"f.{group}" if group else "NULL"
        where = _DONE if year is None else f"{_DONE} AND f.year = {int(year)}"
        rows = self._rows(
            f"SELECT o.rule, {column}, o.decided, count(*) FROM outcome o JOIN file f ON f.id = o.file"
            f" JOIN rule r ON r.id = o.rule WHERE {where} GROUP BY 1, 2, 3 ORDER BY r.position, 2, 3"
        )
        return tuple(Rate(rule, None if g is None else str(g), outcome, n) for rule, g, outcome, n in rows)

    def roster(self) -> tuple[RosterEntry, ...]:
        """Return the roster in its own order."""
        rows = self._rows("SELECT line, organ, level, region, aliases, years, path FROM roster ORDER BY line")
        return tuple(_entry(row) for row in rows)

    def missing(self) -> Iterator[Missing]:
        """Yield who has not submitted: newest year first, then by region and organ."""
        query = (
            "SELECT m.year, m.hint, r.line, r.organ, r.level, r.region, r.aliases, r.years, r.path FROM missing m"
            " JOIN roster r ON r.line = m.line ORDER BY m.year DESC, r.region, r.organ, r.line"
        )
        for year, hint, *entry in self._stream(query):
            yield Missing(year, _entry(entry), hint)

    def doubles(self) -> Iterator[Double]:
        """Yield organs with several files of one year, by year (newest first) and organ."""
        query = (
            f"SELECT d.key, d.year, d.identical, {_FILE} FROM double d JOIN file f ON f.id = d.file"
            " ORDER BY d.year DESC, d.key, f.path"
        )
        group: list[FileRow] = []
        known: tuple[Any, ...] | None = None
        for key, year, identical, *rest in self._stream(query):
            if known is not None and known != (key, year, identical):
                yield _double(group, known)
                group = []
            known = (key, year, identical)
            group.append(_file(rest))
        if known is not None:
            yield _double(group, known)

    def late(self) -> Iterator[Late]:
        """Yield the reports that were published late, in the order of ``files``."""
        query = f"SELECT l.published, l.due, {_FILE} FROM late l JOIN file f ON f.id = l.file ORDER BY {_ORDER}"
        for published, due, *rest in self._stream(query):
            yield Late(_file(rest), published, due)

    def copies(self, *, file: int | None = None) -> Iterator[Copy]:
        """Yield what reports share, the largest first; with ``file`` only what has to do with it."""
        where = "" if file is None else f"WHERE c.here = {int(file)} OR c.there = {int(file)}"
        there = _FILE.replace("f.", "g.")
        query = (
            f"SELECT c.kind, c.characters, c.share_here, c.share_there, c.passages, {_FILE}, {there} FROM copy c"
            f" JOIN file f ON f.id = c.here JOIN file g ON g.id = c.there {where}"
            " ORDER BY c.characters DESC, f.path, g.path"
        )
        for kind, characters, share_here, share_there, passages, *rest in self._stream(query):
            shown = msgspec.json.decode(passages, type=tuple[CopiedPassage, ...])
            first, second = _file(rest[:_FILE_COLUMNS]), _file(rest[_FILE_COLUMNS:])
            yield Copy(kind, first, second, characters, share_here, share_there, shown)

    def common(self) -> Iterator[Common]:
        """Yield sentences that many organs share, the most frequent first."""
        for text, organs, files in self._stream("SELECT text, organs, files FROM common ORDER BY organs DESC, text"):
            ids = json.loads(files)
            marks = ",".join("?" * len(ids))
            rows = self._rows(f"SELECT {_FILE} FROM file f WHERE f.id IN ({marks}) ORDER BY f.path", *ids)
            yield Common(text, organs, tuple(_file(r) for r in rows))

    def echoes(self, *, kind: str | None = None, file: int | None = None) -> Iterator[Echo]:
        """Yield what this year's reports have to do with last year's, in the order of ``files``."""
        wanted = [("e.kind = ?", kind), ("e.file = ?", file)]
        chosen = [(clause, value) for clause, value in wanted if value is not None]
        where = f"WHERE {' AND '.join(c for c, _ in chosen)}" if chosen else ""
        earlier = _FILE.replace("f.", "g.")
        query = (
            "SELECT e.kind, e.message, e.text, e.place, e.earlier_text, e.earlier_place, e.fingerprint,"
            f" {_FILE}, {earlier} FROM echo e JOIN file f ON f.id = e.file JOIN file g ON g.id = e.earlier {where}"
            f" ORDER BY {_ORDER}, e.number"
        )
        for name, message, text, place, old, old_place, mark, *rest in self._stream(query, *(v for _, v in chosen)):
            first, second = _file(rest[:_FILE_COLUMNS]), _file(rest[_FILE_COLUMNS:])
            yield Echo(name, first, second, message, text, place, old, old_place, mark)

    def decisions(self) -> Iterator[Decision]:
        """Yield the decisions by path, rule and fingerprint."""
        query = (
            "SELECT d.path, d.rule, d.fingerprint, d.verb, d.outcome, d.reason, d.reviewer, d.day, CASE"
            " WHEN d.fingerprint = '' THEN o.rule IS NULL ELSE NOT EXISTS (SELECT 1 FROM finding n WHERE n.file = f.id"
            " AND n.rule = d.rule AND n.fingerprint = d.fingerprint) END"
            " FROM decision d LEFT JOIN file f ON f.path = d.path"
            " LEFT JOIN outcome o ON o.file = f.id AND o.rule = d.rule ORDER BY d.path, d.rule, d.fingerprint"
        )
        for row in self._stream(query):
            values: list[Any] = [*row[:8], bool(row[8])]
            yield Decision(*values)

    def agreement(self) -> tuple[Agreement, ...]:
        """Return how often reviewers agreed with the tool, for each rule that they decided on, in rule order."""
        rows = self._rows(
            "SELECT d.rule, sum(d.verb = 'confirm'), sum(d.verb != 'confirm') FROM decision d"
            " LEFT JOIN rule r ON r.id = d.rule GROUP BY d.rule ORDER BY r.position, d.rule"
        )
        return tuple(Agreement(*row) for row in rows)

    def count(self, table: Table, where: str = "1") -> int:
        """Return how many rows a table has; ``where`` is a condition of ours, never of a user."""
        return int(self._rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def _rows(self, query: str, *values: object) -> list[Any]:
        with closing(self._base.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _stream(self, query: str, *values: object) -> Iterator[Any]:
        with closing(self._base.execute(query, values)) as cursor:
            yield from cursor


def _open(path: Path) -> sqlite3.Connection:
    """Open a database as it is now: what an audit writes meanwhile is not seen, so that all rows fit together.

    Raises:
        sqlite3.Error: it cannot be opened, or is no database.
    """
    place = path.absolute().as_uri()
    is_still = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    base = sqlite3.connect(f"{place}?{'immutable=1' if is_still else 'mode=ro'}", uri=True, isolation_level=None)
    try:
        base.execute("BEGIN")
        base.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        base.close()
        raise
    return base


def _file(row: Sequence[Any]) -> FileRow:
    organ, level, region, year, key, origin, entry, notes = row[11:19]
    told = tuple(json.loads(notes)) if notes else ()
    who = Identity(organ, level, region, year, key, origin or "unknown", entry, told)
    values: list[Any] = [*row[:11], who, *row[19:23], bool(row[23])]
    return FileRow(*values)


def _entry(row: Sequence[Any]) -> RosterEntry:
    line, organ, level, region, aliases, years, path = row
    return RosterEntry(line, organ, level, region, tuple(json.loads(aliases)), tuple(json.loads(years)), path)


def _double(files: list[FileRow], known: tuple[Any, ...]) -> Double:
    organ = files[0].who.organ or files[0].path
    return Double(organ, known[1], tuple(files), bool(known[2]))
